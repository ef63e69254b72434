/* What the rows of learning.c point to, and what its templates show. */
#ifndef EDULAB_MOD_LEARNING_PAGES_H
#define EDULAB_MOD_LEARNING_PAGES_H

#include "learning_sql.h"
#include "mod/catalogue/catalogue.h"
#include "mod/learning/learning.h"

struct rule;
struct condition_set;
struct learning_path_sheet;

struct learning_home {
    struct learning_sql_my_programmes *programmes;
    size_t programme_count;
    struct learning_sql_my_steps *steps;
    size_t step_count;
    struct learning_sql_my_agenda *agenda;
    size_t agenda_count;
    struct learning_deadline *deadlines; /* the nearest, those that are over first */
    size_t deadline_count;
    bool follows;       /* follows learners: a day's work is with groups */
    bool team;          /* enrols people of an organisation */
    size_t to_approve;  /* requests that wait for the person's word */
    size_t to_complete; /* questions of their groups that wait for an answer */
};
void learning_home_get(struct request *r);

struct learning_module_form {
    struct str slug;
    int64_t etape;
    bool montrer;
};
extern const struct param learning_module_params[];

/* A module as the learner sees it: its activities, which are done, and the one shown. */
struct learning_room {
    struct catalogue_module module;
    struct catalogue_programme programme;
    struct catalogue_activity *activities;
    bool *done;
    size_t count, current, done_count;
    bool completed;
    bool follows;                     /* a trainer looks */
    bool preview;                     /* who writes it tries it out: nothing is kept */
    struct str base;                  /* its address without the step */
    bool shown;                       /* load what comes from elsewhere */
    struct str typed;                 /* what was refused */
    const struct rule *missing;       /* why the current activity is not open; NULL: it is */
    struct condition_set *set;        /* when something is missing */
    struct learning_sql_dates *dates; /* of the module, to choose from; none for a trainer */
    size_t date_count;
};
struct learning_preview_form {
    int64_t id;
    struct learning_module_form room;
};
extern const struct param learning_preview_params[];
bool learning_preview_may(struct request *r);
void learning_preview_get(struct request *r);

struct learning_path_form {
    struct str slug;
};
extern const struct param learning_path_params[];
void learning_path_get(struct request *r);
void learning_module_get(struct request *r);

struct learning_done_form {
    int64_t id;
};
extern const struct param learning_done_params[];
void learning_done_apply(struct request *r);
void learning_done_api(struct request *r);

/* The activity, if the person may work on it; otherwise the answer is set. */
bool learning_may_work(struct request *r, int64_t activity_id, struct learning_sql_activity *ret);

/* Subscribed to watch.finished: replay.c. */
bool learning_recording_watched(struct db *db, struct arena *arena, json_t *payload,
                                int64_t event_id);

/* "https://…", for links in mail. */
extern struct str learning_origin;
/* Who writes: "eduLAB <edulab@…>". */
extern struct str learning_mail_from;

extern const struct privacy_source learning_privacy[]; /* privacy.c */
bool learning_demo(struct demo *demo);
bool learning_year(struct demo *demo); /* year.c */

#endif
