/* What the rows of tv.c point to, and what its templates show. */
#ifndef EDULAB_MOD_TV_PAGES_H
#define EDULAB_MOD_TV_PAGES_H

#include "mod/tv/tv.h"
#include "tv_sql.h"

enum { TV_PAGE = 24 };

/* Public videos, newest first, as tv_newest gives them. */
size_t tv_some(struct db *db, int64_t most, int64_t skip, struct tv_video **ret);

struct tv_list_form {
    int64_t page;
};
extern const struct param tv_list_params[];
void tv_list_get(struct request *r);

struct tv_watch_form {
    struct str slug;
};
extern const struct param tv_watch_params[];
void tv_watch_get(struct request *r);

struct tv_media_form {
    struct str path;
};
extern const struct param tv_media_params[];
void tv_media_get(struct request *r);
struct tv_text_form {
    struct str slug, langue;
};
extern const struct param tv_text_params[];
void tv_text_get(struct request *r);

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
void tv_withdraw_apply(struct request *r);
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
