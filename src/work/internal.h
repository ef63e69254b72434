/* What the files of this layer share. Nobody else includes it. */
#ifndef EDULAB_WORK_INTERNAL_H
#define EDULAB_WORK_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "work/work.h"

enum {
    LEASE_SECONDS = 20,
    MAX_ATTEMPTS = 8,
    LANES = 3,
    EXPLANATION_MAX = 500, /* bytes of a stored reason */
};

/* A claimed job: from the claim to the end of its attempt. */
struct task {
    struct job job;              /* first: what the module sees */
    const struct job_kind *kind; /* NULL: this program does not know it */
    int64_t owner;
    int64_t lease_ms;
    struct str why;
    bool abandoned; /* the holder before was lost: its lease ran out */
    atomic_int progress;
    atomic_bool lost;                  /* the lease is no longer ours */
    int written_progress;              /* by the keeper only, as the next two */
    int64_t renewed_at;                /* time_monotonic() */
    struct task *next;                 /* in its lane's queue */
    struct task *next_held, **at_held; /* in the keeper's list */
};

struct lane {
    struct task *first, **last;
    unsigned waiting, busy, runners; /* tasks queued, tasks under way, threads */
    pthread_cond_t fed;
};

struct work {
    struct work_options options;
    pthread_mutex_t lock;
    struct lane lanes[LANES];
    struct task *held; /* every claimed job, for the keeper */
    unsigned held_count;
    pthread_cond_t keeper_bell;
    pthread_t dispatcher, keeper;
    pthread_t *runners;
    unsigned runner_count;
    atomic_bool stopping;
    bool keeping;      /* the keeper may still have work */
    struct work *next; /* in the list that work_wake() walks */
    pthread_cond_t bell;
    bool rung; /* work_wake() was called since the dispatcher last looked */
};

/* registry.c */
const struct job_kind *kind_find(struct str name);
const struct subscription *subscription_find(struct str name);
/* Calls fn for each subscriber of the event. */
void subscribers_each(const char *event, void (*fn)(void *context, const struct subscription *s),
                      void *context);

/* jobs.c: one job's way */
/* Claims up to `most` due jobs of the lane; false on a database failure. The tasks form a list by `next`. */
bool tasks_claim(struct work *work, int lane, unsigned most, struct task **ret_first,
                 unsigned *ret_count);
/* Runs, ends and frees a claimed job; true when it ended well. */
bool task_carry_out(struct task *task);
/* Gives a claimed job back untouched, and frees it. */
void task_release(struct task *task);

/* keeper.c: leases are renewed while their jobs are held */
void keeper_hold(struct task *task);
void keeper_drop(struct task *task);
void keeper_start(struct work *work);
void keeper_stop(struct work *work);

/* runners.c: waits at most ms (conditions made by condition_init use the monotonic clock) */
void wait_ms(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t ms);

/* schedule.c */
enum { SCHEDULES_MAX = 64 };
struct clock_state {
    int64_t periods[SCHEDULES_MAX]; /* the last period tried here, by position */
};
/* Adds the jobs of periods that have begun. */
void schedule_tick(struct work *work, struct clock_state *state);

/* events.c, mail.c, tidy.c: the kinds this layer brings itself */
extern const struct job_kind event_kinds[], mail_kinds[], tidy_kinds[];
extern const struct schedule tidy_schedules[];

/* mail_text.c: pure. `from` may be "Name <address>". STR_NONE when an address is not one. */
struct mail_text {
    int64_t id, created_at;
    struct str from, to, subject, body;
    struct mail_part part;  /* without a name: none */
    struct str unsubscribe; /* "" none */
};
struct str mail_format(struct arena *a, const struct mail_text *mail);
/* The bare address in `s` ("Name <a@b>" or "a@b"), ASCII; STR_NONE when it is not one. */
struct str mail_address(struct str s);

#endif
