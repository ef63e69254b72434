/* Between the files of this module, and what its templates show. */
#ifndef EDULAB_MOD_SUBSCRIPTION_PAGES_H
#define EDULAB_MOD_SUBSCRIPTION_PAGES_H

#include "mod/subscription/subscription.h"
#include "mod/tv/tv.h"
#include "subscription_sql.h"

struct subscription_form {
    int64_t id;                    /* of the video or channel */
    bool dans;                     /* wanted, or no longer */
    struct str retour, envoi, cle; /* envoi: none, now, daily */
};
extern const struct param subscription_toggle_params[], subscription_choice_params[],
    subscription_stop_params[];

/* --- subscription.c: pages and changes ------------------------------------------------------------------------------------- */

void subscription_like_apply(struct request *r);
void subscription_channel_apply(struct request *r);
void subscription_own_get(struct request *r);
void subscription_choice_apply(struct request *r);

/* --- news.c: who is told of what -------------------------------------------------------------------------------------------- */

void subscription_news_start(struct settings *settings);
extern const struct job_kind subscription_jobs[];
extern const struct schedule subscription_schedules[];
extern const struct subscription subscription_events[];
/* The link at the end of a letter: no session, no secret stored; it does nothing but end the letters. */
bool subscription_stop_rule(struct request *r);
void subscription_stop_get(struct request *r);
void subscription_stop_apply(struct request *r);

extern const struct privacy_source subscription_privacy[];
bool subscription_demo(struct demo *demo);

#endif
