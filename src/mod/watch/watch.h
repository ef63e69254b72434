/* Who watched how much, for other modules. */
#ifndef EDULAB_MOD_WATCH_H
#define EDULAB_MOD_WATCH_H

#include "module.h"

/* What a person has seen of a video; false when nothing, or they keep no history. */
struct watch_seen {
    int64_t seen_ms;     /* each moment once */
    int64_t played_ms;   /* all that was played */
    int64_t position_ms; /* where they left */
    int64_t finished_at; /* nine tenths seen; DB_NULL: not yet */
};
bool watch_seen(struct db *db, int64_t person_id, int64_t video_id, struct watch_seen *ret);

/* The figures of the centre from one day to another, both included; days are 20261128, in Europe/Brussels. */
struct watch_figures {
    int64_t views, played_ms, unique_ms, finished;
    int64_t videos;       /* how many were watched */
    int64_t peak_hour_at; /* the hour in which most was watched; DB_NULL: none */
    int64_t peak_hour_ms;
    int64_t at_once, at_once_at; /* the most players at the same time, in which hour; 0: unknown */
    int64_t followers,
        new_followers;             /* people who follow a channel today; of them since from_day */
    int64_t peak_day, peak_day_ms; /* peak_day 0: none */
};
void watch_figures(struct db *db, int64_t from_day, int64_t to_day, struct watch_figures *ret);
int64_t watch_day_of(int64_t ms);
/* How often a video was watched: anonymous. */
int64_t watch_views(struct db *db, int64_t video_id);

/* Event sent: watch.finished {person, video, seen_ms, duration_ms}, once for a person and a video, when nine tenths were really
 * played. Only for people who keep a history. */

extern const struct module watch_module;

#endif
