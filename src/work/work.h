/* Work that outlives a request: jobs, events, the clock, mail.
 *
 * A job is a row written in the same transaction as what asks for it. A runner takes it by lease (owner + deadline,
 * renewed by heartbeat), so a killed process loses nothing: the lease runs out and another takes it. The effect of a
 * job is written in ONE transaction together with "done" and only by the holder of the lease: it happens once.
 * An event is delivered as one job for each subscriber, written in the emitter's transaction. */
#ifndef EDULAB_WORK_WORK_H
#define EDULAB_WORK_WORK_H

#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "html/lang.h"

struct job {
    int64_t id;
    struct str kind, key;
    json_t *payload; /* borrowed */
    int attempt;     /* 1 for the first */
    struct arena *arena;
    struct database *database;
    struct work *work;
};

enum job_result {
    JOB_DONE,  /* with apply's changes, in one transaction */
    JOB_RETRY, /* later, with back-off; after max_attempts it goes to the dead letters */
    JOB_DEAD,  /* never works (bad input): to the dead letters at once */
};

struct job_kind {
    const char *name; /* "tv.transcode"; NULL ends the table */
    /* The slow part, outside any transaction; NULL for work that is only a change. Says why in job_explain(). */
    enum job_result (*run)(struct job *job);
    /* The effect, in one transaction with "done". May run again after a serialization failure. */
    bool (*apply)(struct db *db, struct job *job);
    int lease_seconds; /* 0 = 60 */
    int max_attempts;  /* 0 = 8 */
    int lane;          /* 0 quick (mail, events), 1 media (one at a time) */
};

/* A subscriber: `apply` runs once for each event, in its own transaction. */
struct subscription {
    const char *event; /* "learning.completed"; NULL ends the table */
    const char *name;  /* "badge.award" */
    bool (*apply)(struct db *db, struct arena *arena, json_t *payload, int64_t event_id);
};

/* Work by the clock: adds a job of `kind` with the key "<kind>@<period>" so that several processes agree. */
struct schedule {
    const char *kind; /* NULL ends the table */
    int every_minutes;
};

/* Adds a job. `key` makes it idempotent: a second add with the same kind and key changes nothing and returns false.
 * STR_NONE: always a new one. payload: takes the reference; NULL for none. run_at: 0 = now. */
bool job_add(struct db *db, const char *kind, struct str key, json_t *payload, int64_t run_at);
/* From run: true progress in thousandths, also the heartbeat. False when the lease is lost: stop at once. */
bool job_progress(struct job *job, int thousandths);
/* Why it failed, for the list a person reads. Last call wins. */
void job_explain(struct job *job, struct str why);

/* Emits an event in this transaction. Takes the reference to payload. */
void event_emit(struct db *db, const char *name, json_t *payload);

/* Queues a text mail in this transaction; sent by a job, once (Message-ID from the mail's id). */
void mail_queue(struct db *db, struct str to, struct str subject, struct str body);

struct work_options {
    struct database *database;
    struct str data;      /* mail goes to <data>/mail/ … */
    struct str smtp_url;  /* … unless this is set: smtp://host:port, smtps://… */
    struct str smtp_user, smtp_password, mail_from;
    const struct job_kind *const *kinds;            /* one table a module, NULL-terminated */
    const struct subscription *const *subscriptions;
    const struct schedule *const *schedules;
    unsigned quick_runners, media_runners;
    bool once; /* run what is due, then return: tests and the demo's loading */
};

struct work;
/* Must be called before any event_emit (it knows the subscribers), also by commands that run no jobs. */
void work_register(const struct subscription *const *subscriptions, const struct job_kind *const *kinds);
struct work *work_start(const struct work_options *options);
/* Wakes the runners: called after commits that added jobs. Cheap. */
void work_wake(void);
void work_stop(struct work *work);
/* Runs jobs in this thread until none is due; returns how many ended well, -1 on a database failure. */
int work_drain(const struct work_options *options);

extern const struct db_part work_db;

#endif
