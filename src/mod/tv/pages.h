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
    int progress; /* thousandths of the job under way, -1 without one */
    struct str error;
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
void tv_progress_api(struct request *r);

extern const struct job_kind tv_jobs[];
extern const struct subscription tv_subscriptions[];
/* Before serving: where the data folder is. */
void tv_jobs_start(struct settings *settings);
/* In a transaction: a video from a stored blob, and the job that makes it playable. Returns its id. */
int64_t tv_add(struct db *db, const struct tv_sql_add_video_in *in);
bool tv_demo(struct demo *demo);

#endif
