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
    void *state; /* what run hands to apply */
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
    int lease_seconds; /* 0 = 20; after a crash the job waits this long */
    int max_attempts;  /* 0 = 8 */
    int lane; /* 0 quick (mail, events), 1 media (long), 2 media that people wait for (short) */
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
/* From run: true progress in thousandths (stored within a second). The lease is renewed by a thread of the layer, also
 * without this. False when the lease is lost or the program is stopping: give up at once, JOB_RETRY counts as nothing. */
bool job_progress(struct job *job, int thousandths);
/* A whole number of its payload; 0: none. */
int64_t job_number(const struct job *job, const char *key);
/* Why it failed, for the list a person reads. Last call wins. */
void job_explain(struct job *job, struct str why);

/* Emits an event in this transaction. Takes the reference to payload. */
void event_emit(struct db *db, const char *name, json_t *payload);

/* Queues a text mail in this transaction; sent by a job. A crash between the mail server's yes and our commit sends it
 * again with the same Message-ID. An address that cannot be one goes to the dead letters. */
void mail_queue(struct db *db, struct str to, struct str subject, struct str body);
/* The same with a file of ours beside the text. type: as in a header, written by us; name: ASCII. */
struct mail_part {
    struct str name, type, data;
};
void mail_queue_with(struct db *db, struct str to, struct str subject, struct str body,
                     const struct mail_part *part);

/* The same for one of many: an address of ours where one POST, without a session, ends such letters (RFC 8058). */
void mail_queue_list(struct db *db, struct str to, struct str subject, struct str body,
                     struct str unsubscribe);

/* In a transaction: forgets the letters to this address that were sent. */
void mail_forget(struct db *db, struct str address);

struct work_options {
    struct database *database;
    struct str data;     /* mail goes to <data>/mail/ … */
    struct str smtp_url; /* … unless this is set: smtp://host:port, smtps://… */
    struct str smtp_user, smtp_password, mail_from;
    const struct job_kind *const *kinds; /* one table a module, NULL-terminated */
    const struct subscription *const *subscriptions;
    const struct schedule *const *schedules;
    unsigned quick_runners, media_runners; /* lane 2 has one runner when there is one for media */
};

/* --- running ------------------------------------------------------------------------------------------------ */

struct work;
/* Must be called before any event_emit (it knows the subscribers), also by commands that run no jobs. */
void work_register(const struct subscription *const *subscriptions,
                   const struct job_kind *const *kinds);
/* Starts the runners' threads; options are copied, but what they point to must outlive it. */
struct work *work_start(const struct work_options *options);
/* Wakes the runners: called after commits that added jobs. Cheap. */
void work_wake(void);
/* Waits for the jobs under way (job_progress tells them to give up), gives back those not begun, frees. */
void work_stop(struct work *work);
/* Runs jobs in this thread until none is due; returns how many ended well, -1 on a database failure. For tests, commands
 * and the demo's loading; schedules are left alone. */
int work_drain(const struct work_options *options);

/* --- for people who look after it (in a transaction; rows live in its arena) -------------------------------------- */

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_ENDED, JOB_BURIED, JOB_STATES };

struct work_row {
    int64_t id;
    struct str kind, key;
    enum job_state state;
    int attempt;
    int progress;     /* thousandths */
    struct str error; /* of the last failed attempt; STR_NONE */
    int64_t created_at;
    int64_t due_at, started_at, ended_at; /* or DB_NULL */
};

struct work_failure {
    int attempt;
    int64_t at;
    struct str error;
};

/* The latest `most` jobs in one state. */
size_t work_list(struct db *db, enum job_state state, size_t most, struct work_row **ret);
bool work_find(struct db *db, int64_t id, struct work_row *ret);
/* By what it was added with: for pages that show the progress of their own job. */
bool work_find_key(struct db *db, const char *kind, struct str key, struct work_row *ret);
/* The failed attempts of one job, first to last. */
size_t work_failures(struct db *db, int64_t id, struct work_failure **ret);
/* Gives a dead job a new life, all attempts before it; false when it is not dead. */
bool work_retry(struct db *db, int64_t id);

/* A job that waits and is due goes in front of those of its lane: somebody is waiting for it. */
void work_hurry(struct db *db, const char *kind, struct str key);

struct work_counts {
    int64_t in[JOB_STATES];
    int64_t oldest_wait_ms; /* how long the longest waiting due job has waited; 0 when none does */
};
struct work_counts work_count(struct db *db);

extern const struct db_part work_db;

#endif
