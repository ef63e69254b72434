/* What heartbeats leave in memory: between beats.c, which takes them, and flush.c, which writes them. */
#ifndef EDULAB_MOD_WATCH_BEATS_H
#define EDULAB_MOD_WATCH_BEATS_H

#include <pthread.h>

#include "mod/watch/inside.h"

struct watch_view {
    int64_t id, video, person, duration_ms;
    int64_t seq;       /* of the last heartbeat that counted */
    int64_t played_ms; /* written */
    int64_t last_at, position_ms;
    bool counted, finished; /* written */
    bool dirty;
    struct spans seen;  /* written; empty when a person's history says it */
    struct spans fresh; /* since the last writing */
    int64_t fresh_ms;   /* the same with repetitions */
    struct watch_view *next;
};

/* A view on its way to the database: as it was, and what it is once that is written. */
struct watch_entry {
    struct watch_view before;
    struct spans seen;
    bool counted, finished;
};

/* Takes what is fresh out of memory; returns how many. Each must be given back, written or not. */
size_t watch_take_fresh(struct arena *a, struct watch_entry **ret);
void watch_give_back(const struct watch_entry *entries, size_t n, bool written);
/* Forgets views and clocks that have been quiet for ten minutes and are written. */
void watch_forget_idle(int64_t now);
void watch_forget_all(void);

#endif
