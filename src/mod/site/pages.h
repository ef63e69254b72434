/* What the rows of site.c point to, and what its templates show. */
#ifndef EDULAB_MOD_SITE_PAGES_H
#define EDULAB_MOD_SITE_PAGES_H

#include "mod/catalogue/catalogue.h"
#include "mod/privacy/privacy.h"
#include "mod/site/site.h"
#include "mod/tv/tv.h"

struct site_home {
    struct catalogue_entry *next; /* the coming dates */
    size_t next_count;
    struct tv_video *videos;
    size_t video_count;
};
void site_home_get(struct request *r);
void site_privacy_get(struct request *r);
void site_accessibility_get(struct request *r);
void site_legal_get(struct request *r);

struct site_asset_form {
    struct str path;
};
extern const struct param site_asset_params[];
void site_asset_get(struct request *r);
void site_robots_get(struct request *r);

void site_health_get(struct request *r);
void site_metrics_get(struct request *r);

struct site_jobs_form {
    struct str etat;
    int64_t id;
};
extern const struct param site_jobs_params[], site_job_params[];
void site_jobs_get(struct request *r);
void site_job_retry(struct request *r);
void site_components_get(struct request *r);
void site_staff_get(struct request *r);

#endif
