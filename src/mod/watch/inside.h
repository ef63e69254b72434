/* Between the files of this module. */
#ifndef EDULAB_MOD_WATCH_INSIDE_H
#define EDULAB_MOD_WATCH_INSIDE_H

#include "mod/tv/tv.h"
#include "mod/watch/spans.h"
#include "mod/watch/watch.h"
#include "watch_sql.h"

/* --- token.c: what a page with a player may tell ------------------------------------------------------------------------- */

/* Signed by us, so that a heartbeat needs no session and no query. */
struct watch_ticket {
    int64_t view, video, person; /* person 0: a visitor */
    int64_t issued, duration_ms;
};
enum { WATCH_TICKET_TEXT = 76 }; /* characters */
void watch_ticket_start(void);
struct str watch_ticket_text(struct arena *a, const struct watch_ticket *ticket);
bool watch_ticket_read(struct str text, int64_t now, struct watch_ticket *ret);

/* --- beats.c: heartbeats, merged in memory, written in batches ------------------------------------------------------------- */

enum watch_answer { WATCH_TAKEN, WATCH_FULL, WATCH_NO_DATABASE };
/* Takes one: stretches within the video, as much as the clock allows, once for each number. Reads the database only with the first
 * of a view. Any thread. */
enum watch_answer watch_beat(struct database *database, struct arena *arena,
                             const struct watch_ticket *ticket, int64_t seq,
                             const struct spans *played, int64_t now);
void watch_begin(struct database *database);
/* Writes what is still in memory. */
void watch_end(void);

struct watch_beat_form {
    struct str page, played;
    int64_t n;
};
extern const struct param watch_beat_params[];
void watch_beat_post(struct request *r);

/* --- history.c: a person's own ------------------------------------------------------------------------------------------------ */

struct watch_history_form {
    int64_t video;
};
extern const struct param watch_history_params[], watch_forget_params[];
void watch_history_get(struct request *r);
void watch_forget_apply(struct request *r);
void watch_forget_all_apply(struct request *r);
void watch_private_apply(struct request *r);
void watch_public_apply(struct request *r);

/* --- reading.c: how a person reads subtitles --------------------------------------------------------------------------------- */

struct watch_reading_form {
    struct str taille, couleurs;
};
extern const struct param watch_reading_params[];
void watch_reading_of(struct db *db, int64_t person_id, struct tv_reading *ret);
void watch_reading_apply(struct request *r);

bool watch_demo(struct demo *demo);                 /* demo.c */
extern const struct privacy_source watch_privacy[]; /* privacy.c */

#endif
