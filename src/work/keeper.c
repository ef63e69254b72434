/* One thread renews the leases of every claimed job, so that a long run needs no care, and a lost lease is known. */
#include <errno.h>

#include "base/log.h"
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

enum { TICK_MS = 200, PROGRESS_MS = 1000, BATCH = 64 };

struct beat {
    int64_t id, owner, lease_ms;
    int progress;
    bool lost;
};

struct beats {
    struct beat items[BATCH];
    size_t count;
};

void keeper_hold(struct task *task)
{
    struct work *work = task->job.work;
    pthread_mutex_lock(&work->lock);
    task->next_held = work->held;
    task->at_held = &work->held;
    if (work->held) work->held->at_held = &task->next_held;
    work->held = task;
    if (work->held_count++ == 0) pthread_cond_signal(&work->keeper_bell);
    pthread_mutex_unlock(&work->lock);
}

void keeper_drop(struct task *task)
{
    struct work *work = task->job.work;
    pthread_mutex_lock(&work->lock);
    *task->at_held = task->next_held;
    if (task->next_held) task->next_held->at_held = task->at_held;
    work->held_count--;
    pthread_mutex_unlock(&work->lock);
}

/* Under the lock: those whose lease is a third gone, or whose progress people wait to see. */
static void collect(struct work *work, struct beats *beats)
{
    int64_t now = time_monotonic();
    for (struct task *t = work->held; t && beats->count < BATCH; t = t->next_held) {
        int progress = atomic_load(&t->progress);
        int64_t since = now - t->renewed_at;
        bool moved = progress != t->written_progress && since >= PROGRESS_MS;
        if (atomic_load(&t->lost) || (since < t->lease_ms / 3 && !moved)) continue;
        beats->items[beats->count++] = (struct beat){
            .id = t->job.id, .owner = t->owner, .lease_ms = t->lease_ms, .progress = progress
        };
    }
}

static bool beats_apply(struct db *db, void *context)
{
    struct beats *beats = context;
    int64_t now = time_now();
    for (size_t i = 0; i < beats->count; i++) {
        struct beat *b = &beats->items[i];
        b->lost = work_sql_beat(db, b->id, b->owner, now + b->lease_ms, b->progress) == 0;
    }
    return true;
}

/* Under the lock. `started`: the leases renewed now run at least from there. */
static void note(struct work *work, const struct beats *beats, int64_t started, bool well)
{
    for (struct task *t = work->held; t; t = t->next_held) {
        for (size_t i = 0; i < beats->count; i++) {
            const struct beat *b = &beats->items[i];
            if (b->owner != t->owner) continue;
            if (well && b->lost) atomic_store(&t->lost, true);
            if (!well) continue;
            t->renewed_at = started;
            t->written_progress = b->progress;
        }
        /* nobody could be asked for a whole lease: somebody else may have it by now */
        if (time_monotonic() - t->renewed_at > t->lease_ms) atomic_store(&t->lost, true);
    }
}

static void *keep(void *context)
{
    struct work *work = context;
    struct arena *a = arena_create();
    pthread_mutex_lock(&work->lock);
    while (work->keeping) {
        if (!work->held) {
            pthread_cond_wait(&work->keeper_bell, &work->lock);
            continue;
        }
        struct beats beats = { .count = 0 };
        collect(work, &beats);
        if (beats.count) {
            int64_t started = time_monotonic();
            pthread_mutex_unlock(&work->lock);
            bool well =
                db_change_run(work->options.database, a, beats_apply, &beats) == DB_COMMITTED;
            arena_reset(a);
            pthread_mutex_lock(&work->lock);
            note(work, &beats, started, well);
            if (!well) log_event(LOG_ERROR, "job.heartbeat", LN("jobs", beats.count));
        }
        if (work->keeping) wait_ms(&work->keeper_bell, &work->lock, TICK_MS);
    }
    pthread_mutex_unlock(&work->lock);
    arena_destroy(a);
    return NULL;
}

void keeper_start(struct work *work)
{
    work->keeping = true;
    if (pthread_create(&work->keeper, NULL, keep, work) != 0) abort(); /* no thread, no service */
}

void keeper_stop(struct work *work)
{
    pthread_mutex_lock(&work->lock);
    work->keeping = false;
    pthread_cond_signal(&work->keeper_bell);
    pthread_mutex_unlock(&work->lock);
    pthread_join(work->keeper, NULL);
}
