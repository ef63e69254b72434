/* Between the files of this module, and what its templates show. */
#ifndef EDULAB_MOD_COMMENT_PAGES_H
#define EDULAB_MOD_COMMENT_PAGES_H

#include "base/time.h"
#include "comment_sql.h"
#include "mod/comment/comment.h"
#include "mod/tv/tv.h"

enum {
    COMMENT_PAGE = 20,    /* threads on a page */
    COMMENT_ANSWERS = 10, /* answers shown of each, the others on a page of the thread alone */
    COMMENT_QUEUE = 30,
    COMMENT_OWN = 200,
};
/* How long its author can bring a comment back. */
#define COMMENT_UNDO_MS DAY_MS

/* --- see.c: what stands below a video -------------------------------------------------------------------------------------- */

typedef struct comment_sql_newest comment_row;

/* Everything about the comments of one video for who looks. */
struct comment_list {
    const struct tv_video *video;
    struct comment_sql_place place;
    comment_row *rows;
    size_t n;
    bool team;           /* may decide about comments */
    bool oldest;         /* the order */
    int64_t page, pages; /* from 1 */
    int64_t thread;      /* the only one shown; 0: all of them */
    struct str key;      /* of the private link they came by; STR_NONE */
    int64_t me;
};
void comment_on_page(struct page *pg, struct request *r, const struct tv_video *v);
void comment_list_of(struct request *r, const struct tv_video *v, struct comment_list *ret);
/* The parameters of a statement that says what this person sees. */
int64_t comment_undo_since(const struct request *r);
bool comment_is_team(const struct request *r);
/* "/tv/x?tri=anciens&page=2#commentaires"; page 1 and thread 0 are left out. */
struct str comment_list_address(struct arena *a, const struct comment_list *list, bool oldest,
                                int64_t page);
/* Of one comment: its thread alone, at its place. */
struct str comment_address(struct arena *a, struct str href, int64_t thread, int64_t id);
/* "commentaire-<id>" */
struct str comment_anchor(struct arena *a, int64_t id);
/* "?cle=…" for addresses of a comment whose video they see by its link, else "". */
struct str comment_key_query(struct arena *a, struct str key);
bool comment_is_muted(const struct comment_sql_place *place);
/* May this person add to it? */
bool comment_may_write(const struct comment_list *list);
/* A msgid. */
const char *comment_mode_label(struct str mode);
bool comment_mode_known(struct str mode);

/* --- write.c: one's own ---------------------------------------------------------------------------------------------------- */

struct comment_form {
    int64_t id, fil, page; /* fil: the thread that is answered; page, tri: where the form stood */
    struct str slug, cle, texte, tri, liste;
    bool prevenir, reponses;
    struct str arret; /* of the link that ends letters */
};
/* The page of one text to write: new, corrected, a report. */
struct comment_sheet {
    const char *title, *label, *button;
    struct str hint, action, back, about,
        quote; /* about: the video's title; quote: what it is about */
    const struct comment_form *form;
    const char *field; /* the parameter's name */
    struct str value, key;
    int max;
};
extern const struct param comment_write_params[], comment_link_write_params[],
    comment_api_write_params[], comment_id_params[], comment_text_params[], comment_report_params[],
    comment_choice_params[], comment_stop_params[];
/* In prepare: nobody writes without end. */
void comment_write_prepare(struct request *r);
void comment_report_prepare(struct request *r);
/* In apply: writes what r->form holds. Returns its id, 0 when the request has failed. */
int64_t comment_write(struct request *r);
void comment_write_apply(struct request *r);
void comment_write_form(struct request *r);
void comment_correct_get(struct request *r);
void comment_correct_apply(struct request *r);
void comment_remove_apply(struct request *r);
void comment_restore_apply(struct request *r);
void comment_report_get(struct request *r);
void comment_report_apply(struct request *r);
void comment_own_get(struct request *r);
void comment_choice_apply(struct request *r);

/* --- api.c --------------------------------------------------------------------------------------------------------------------- */

struct comment_api_form {
    struct str slug, cle, cursor;
};
extern const struct param comment_api_params[];
extern const struct api comment_list_answer, comment_write_answer;
bool comment_api_rule(struct request *r);
void comment_api_get(struct request *r);
void comment_api_apply(struct request *r);

/* --- staff.c: the team ------------------------------------------------------------------------------------------------------------ */

struct comment_queue_form {
    struct str file, q; /* file: attente, signales, tous, retires */
    int64_t avant;      /* the last id of the page before */
};
struct comment_judge_form {
    int64_t id;
    struct str raison, mode;
    int64_t jours; /* 0: for good */
    struct str retour;
};
struct comment_queue {
    struct str file, q;
    struct comment_sql_waiting waiting;
    struct comment_sql_queue_held *rows;
    size_t n;
    bool more;
};
struct comment_case {
    struct comment_sql_comment comment;
    struct comment_sql_record record; /* of its author */
    struct comment_sql_reports *reports;
    size_t report_count;
    comment_row *thread; /* around it */
    size_t thread_count;
    const struct comment_judge_form *form;
    bool hiding; /* the form to hide it comes back with what was typed */
};
extern const struct param comment_queue_params[], comment_judge_id_params[], comment_keep_params[],
    comment_hide_params[], comment_mute_params[], comment_mode_params[];
void comment_queue_get(struct request *r);
void comment_case_get(struct request *r);
void comment_keep_apply(struct request *r);
void comment_hide_apply(struct request *r);
void comment_mute_apply(struct request *r);
void comment_unmute_apply(struct request *r);
void comment_settings_get(struct request *r);
void comment_channel_mode_apply(struct request *r);
void comment_video_mode_apply(struct request *r);
struct str comment_queue_address(struct arena *a, const struct comment_queue *q, const char *file,
                                 int64_t before);

/* --- tell.c: letters ----------------------------------------------------------------------------------------------------------- */

void comment_tell_start(struct settings *settings);
extern const struct job_kind comment_jobs[];
/* In a transaction: an answer that is shown from now on is told of, once. */
void comment_tell_later(struct db *db, int64_t id, int64_t now);
/* In a transaction: that a comment is shown from now on, why it was hidden, why somebody may not write. */
void comment_tell_shown(struct db *db, const struct comment_sql_comment *c);
void comment_tell_hidden(struct db *db, const struct comment_sql_comment *c, struct str reason);
void comment_tell_muted(struct db *db, const struct comment_sql_comment *c, struct str reason,
                        int64_t until);
bool comment_stop_rule(struct request *r);
void comment_stop_get(struct request *r);
void comment_stop_apply(struct request *r);

extern const struct privacy_source comment_privacy[]; /* privacy.c */
bool comment_demo(struct demo *demo);                 /* demo.c */

#endif
