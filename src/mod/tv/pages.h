/* What the rows of tv.c point to, and what its templates show. */
#ifndef EDULAB_MOD_TV_PAGES_H
#define EDULAB_MOD_TV_PAGES_H

#include "mod/tv/tv.h"
#include "tv_sql.h"

/* What this person may watch, newest first, as tv_newest gives them. */
size_t tv_some(struct request *r, const struct tv_viewer *who, int64_t most, int64_t skip,
               struct tv_video **ret);
/* What later modules add to the page of a video. */
void tv_spot(struct page *pg, struct request *r, enum tv_spot spot, const struct tv_video *video);
void tv_channel_spot(struct page *pg, struct request *r, int64_t channel_id);
void tv_home_spot(struct page *pg, struct request *r);
/* Rows of a list as their cards show them. */
struct tv_video *tv_cards(struct request *r, const struct tv_sql_video_by_slug *rows, size_t n);
/* Everything around a video that the person was found to be allowed to watch. href: STR_NONE for its usual page. */
void tv_open(struct request *r, const struct tv_sql_video_by_slug *v, struct str href, bool staff,
             struct tv_video *ret);

/* --- see.c, address.c ------------------------------------------------------------------------------------------------------ */

void tv_see_start(void);
/* Within these dates? DB_NULL: at once; no end. */
static inline bool tv_open_at(int64_t opens_at, int64_t closes_at, int64_t now)
{
    return (opens_at == DB_NULL || opens_at <= now) && (closes_at == DB_NULL || closes_at > now);
}
bool tv_is_open(const struct tv_rule *rule, int64_t now);
/* The private link's last part; another one once the turn has risen. */
struct str tv_link_key(struct arena *a, int64_t id, int64_t turn);
bool tv_link_opens(struct arena *a, int64_t id, int64_t turn, struct str given);

#define TV_ADDRESS_STEP_MS (6 * HOUR_MS)
/* What an address is made of. */
struct tv_grant {
    int64_t id, edition, turn;
    int64_t closes_at; /* addresses end with it; DB_NULL: no end */
};
void tv_address_start(void);
void tv_address_begin(struct database *database);
/* "/media/v/<token>/<folder>", good for one to two steps from now. */
struct str tv_address(struct arena *a, const struct tv_grant *grant, int64_t now);
/* False when the token was not made by us for this folder, or is over. Pure. */
bool tv_address_read(struct str token, int64_t id, int64_t edition, int64_t now, int64_t *ret_turn);
/* Was nothing taken back since a token of this turn was made? Known within two seconds; reads the database at most that
 * often. */
bool tv_turn_counts(struct database *database, struct arena *a, int64_t id, int64_t turn);

struct tv_watch_form {
    struct str slug, cle, fichier; /* fichier: "fr.vtt" */
    struct str liste;              /* a playlist they are watching */
    int64_t debut;                 /* a second for the code to embed */
    int64_t ressource;
    struct str jeton; /* of a signed address */
};
extern const struct param tv_watch_params[], tv_link_params[], tv_track_params[];
/* A video that somebody asked for at its address. */
struct tv_opened {
    struct tv_sql_video_by_slug video;
    struct tv_viewer who;
    struct str href; /* by its private link; STR_NONE: its usual page */
};
/* May they see it? key: of the private link, STR_NONE for the usual page. Fills *ret unless there is no such video. */
enum tv_sight tv_look(struct request *r, struct str slug, struct str key, struct tv_opened *ret);
bool tv_watch_rule(struct request *r);
void tv_watch_get(struct request *r);

struct tv_media_form {
    struct str path;
};
extern const struct param tv_media_params[];
void tv_media_get(struct request *r);
void tv_text_get(struct request *r);
/* At addresses that stay, for feeds and search engines: the file and the poster (where they are now), subtitles, chapters. */
void tv_file_get(struct request *r);
void tv_poster_get(struct request *r);
void tv_track_get(struct request *r);
void tv_chapters_get(struct request *r);

/* One line of the staff's list. */
struct tv_row {
    struct tv_sql_video_by_slug video;
    int progress; /* thousandths of all the work on the file that is being prepared, -1 when none is */
    bool replaces; /* that file takes the place of one people watch */
    struct str error;
    struct str reason; /* why the last file was refused: a msgid; STR_NONE */
};
void tv_studio_get(struct request *r);

struct tv_edit_form {
    int64_t id;
    struct str title, description, speaker, licence, kind;
};
extern const struct param tv_edit_params[], tv_id_params[];
void tv_edit_get(struct request *r);
void tv_edit_apply(struct request *r);
void tv_retry_apply(struct request *r);
void tv_replace_get(struct request *r);
void tv_withdraw_apply(struct request *r);
/* visibility.c: who sees it, on the page of a video. */
struct tv_visibility_form {
    int64_t id;
    struct str audience, sur, ouvre,
        ferme; /* ouvre, ferme: "2026-12-03T09:30", as browsers send it */
    bool annonce;
};
struct tv_visibility {
    const struct tv_visibility_form *form;
    struct str name; /* of the organisation, programme or cohort; STR_NONE */
    struct str link; /* the whole address; STR_NONE unless the audience is "link" */
};
extern const struct param tv_visibility_params[];
void tv_visibility_of(struct request *r, const struct tv_sql_video_by_slug *v,
                      struct tv_visibility *ret);
void tv_visibility_get(struct request *r); /* the page again, with what was typed */
void tv_visibility_apply(struct request *r);
void tv_link_apply(struct request *r);
/* One of those that a form of a video's page begins with; fails the request otherwise. */
bool tv_studio_find(struct request *r, struct tv_sql_video_by_slug *ret);

/* subtitles.c */
enum { TV_SUBTITLES_MOST = 1000000 }; /* characters; an hour has about 60,000 */
struct tv_subtitles_form {
    int64_t id;
    struct str lang, texte, avant, forme; /* avant: the print of the text that was loaded */
    struct upload fichier;
};
/* What should be better about a line: a sentence, with a number in it when it has a place for one. */
struct tv_remark {
    int64_t at_ms;
    size_t line; /* from 1 */
    const char *what;
    int64_t number;
};
struct tv_subtitles_row {
    struct str lang, label;
    size_t lines, remarks;
};
struct tv_editor {
    struct str lang, label, text, before;
    struct tv_video video; /* id 0: not ready yet */
    struct tv_remark *remarks;
    size_t remark_count;
};
struct cue;
extern const struct param tv_subtitles_params[], tv_subtitles_id_params[],
    tv_subtitles_lang_params[], tv_subtitles_save_params[];
/* In the order of lines, at most 200. Pure. */
size_t tv_subtitles_check(struct arena *a, const struct cue *cues, size_t n, int64_t duration,
                          struct tv_remark **ret);
void tv_subtitles_get(struct request *r);
void tv_subtitles_edit_get(struct request *r);
void tv_subtitles_file_get(struct request *r);
void tv_subtitles_import_apply(struct request *r);
void tv_subtitles_save_apply(struct request *r);
void tv_subtitles_drop_apply(struct request *r);

/* tv_recognition.c: subtitles that a machine writes. */
extern const struct param tv_recognition_params[];
struct tv_recognition {
    struct str lang, label; /* "es", "Español" */
    int progress;           /* thousandths; -1: it is over */
    struct str reason;      /* a msgid: why it came to nothing; STR_NONE */
};
/* What is under way or came to nothing, for a video. */
size_t tv_recognitions(struct request *r, int64_t video_id, struct tv_recognition **ret);
/* Nobody has read it yet. */
bool tv_is_automatic(const struct tv_sql_text *text);
void tv_recognition_apply(struct request *r);
void tv_recognition_api(struct request *r);
enum job_result tv_recognise_run(struct job *job);
bool tv_recognise_apply(struct db *db, struct job *job);

struct tv_progress_form {
    int64_t id;
    struct str depuis; /* "attente": the page showed a video that nobody could watch yet */
};
extern const struct param tv_progress_params[];
void tv_progress_api(struct request *r);

/* --- bringing in: tv_jobs.c ------------------------------------------------------------------------------------------ */

/* "<id>", or "<id>-<edition>" from the second file on: below hls/. */
struct str tv_folder_name(struct arena *a, int64_t id, int64_t edition);
struct str tv_step_key(struct arena *a, int64_t id, int64_t edition, int64_t step);
/* The job of the step under way. */
bool tv_step_job(struct db *db, const struct tv_sql_source *source, struct work_row *ret);
/* In a transaction: another file takes the place of a video's once it can be played; address and figures stay. */
void tv_replace(struct db *db, int64_t id, struct str blob);
/* In a transaction: puts the subtitles where players fetch them, after run_at (0: at once). */
void tv_texts_later(struct db *db, int64_t id, int64_t edition, int64_t run_at);
/* In a transaction: gives what failed another chance. */
void tv_try_again(struct db *db, const struct tv_sql_source *source);
/* In a transaction: a video named after its file. uploaded_by: a person or DB_NULL. Returns its id. */
int64_t tv_add_file(struct db *db, struct str file, struct str blob, int64_t uploaded_by);
/* bring.c */
void tv_bring_start(struct settings *settings);
void tv_demo_start(struct settings *settings);
extern const struct command tv_commands[];
enum job_result tv_inbox_run(struct job *job);
bool tv_inbox_apply(struct db *db, struct job *job);
extern const struct schedule tv_schedules[];
extern const struct job_kind tv_jobs[];
extern const struct privacy_source tv_privacy[]; /* privacy.c */
extern const struct subscription tv_subscriptions[];
/* Before serving and working. */
void tv_jobs_start(struct settings *settings);
/* In a transaction: a video from a stored blob, and the job that makes it playable. Returns its id. */
int64_t tv_add(struct db *db, const struct tv_sql_add_video_in *in);
bool tv_demo(struct demo *demo);

#endif
