/* One job's way: added, claimed by lease, run, and ended in one transaction with its effect. */
#include <assert.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

enum { BACKOFF_MAX_SECONDS = 3600, CLAIM_MAX = 64 };

/* --- adding ------------------------------------------------------------------------------------------------------ */

static struct str payload_text(struct arena *a, json_t *payload)
{
    if (!payload) return S("{}");
    char *dump = json_dumps(payload, JSON_COMPACT);
    json_decref(payload);
    if (!dump) abort(); /* only without memory */
    arena_cleanup(a, free, dump);
    struct str text = str_from(dump);
    assert(text.n <= LIMIT_JOB_PAYLOAD); /* payloads name rows, they do not carry them */
    return text;
}

bool job_add(struct db *db, const char *kind, struct str key, json_t *payload, int64_t run_at)
{
    const struct job_kind *k = kind_find(str_from(kind));
    assert(k); /* a kind nobody registered would wait for ever */
    struct arena *a = db_arena(db);
    int64_t id = id_new(), now = time_now();
    char id_as_text[ID_TEXT + 1];
    id_format(id, id_as_text);
    if (!key.p) key = arena_dup(a, str_from(id_as_text));
    return work_sql_add(db, id, str_from(kind), key, k->lane, payload_text(a, payload),
                        run_at ? run_at : now, now) == 1;
}

/* --- what a job may say while it runs ---------------------------------------------------------------------------- */

bool job_progress(struct job *job, int thousandths)
{
    struct task *task = (struct task *)job;
    atomic_store(&task->progress, thousandths < 0 ? 0 : thousandths > 1000 ? 1000 : thousandths);
    return !atomic_load(&task->lost) && !atomic_load(&job->work->stopping);
}

int64_t job_number(const struct job *job, const char *key)
{
    return json_integer_value(json_object_get(job->payload, key));
}

void job_explain(struct job *job, struct str why)
{
    struct task *task = (struct task *)job;
    size_t n = why.n < EXPLANATION_MAX ? why.n : EXPLANATION_MAX;
    while (n < why.n && n > 0 && ((unsigned char)why.p[n] & 0xC0) == 0x80)
        n--; /* not through the middle of a character */
    task->why = arena_dup(job->arena, str_sub(why, 0, n));
}

/* --- claiming ------------------------------------------------------------------------------------------------------ */

struct claim {
    int lane;
    unsigned most;
    struct work_sql_due *rows; /* those we got */
    int64_t *owners;
    size_t count;
};

static int64_t lease_ms(const struct job_kind *kind)
{
    return (kind && kind->lease_seconds ? kind->lease_seconds : LEASE_SECONDS) * SECOND_MS;
}

static bool claim_apply(struct db *db, void *context)
{
    struct claim *c = context;
    int64_t now = time_now();
    struct work_sql_due *due;
    size_t n = work_sql_due(db, c->lane, now, c->most, &due);
    c->owners = arena_array(db_arena(db), int64_t, n ? n : 1);
    c->rows = due;
    c->count = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t owner = id_new(), until = now + lease_ms(kind_find(due[i].kind));
        if (work_sql_claim(db, due[i].id, due[i].due_at, owner, until, now) != 1) continue;
        if (due[i].state == JOB_RUNNING)
            work_sql_attempt_failed(db, id_new(), due[i].id, due[i].attempt, now,
                                    S("The process that ran it was lost."));
        due[c->count] = due[i];
        c->owners[c->count++] = owner;
    }
    return true;
}

static struct task *task_create(struct work *work, const struct work_sql_due *row, int64_t owner)
{
    struct arena *a = arena_create();
    struct task *task = arena_new(a, struct task);
    task->job = (struct job){
        .id = row->id,
        .kind = arena_dup(a, row->kind),
        .key = arena_dup(a, row->key),
        .payload = json_loadb(row->payload.p, row->payload.n, 0, NULL),
        .attempt = (int)row->attempt + 1,
        .arena = a,
        .database = work->options.database,
        .work = work,
    };
    task->kind = kind_find(row->kind);
    task->owner = owner;
    task->lease_ms = lease_ms(task->kind);
    task->abandoned = row->state == JOB_RUNNING;
    task->renewed_at = time_monotonic();
    return task;
}

static void task_destroy(struct task *task)
{
    keeper_drop(task);
    json_decref(task->job.payload);
    arena_destroy(task->job.arena);
}

bool tasks_claim(struct work *work, int lane, unsigned most, struct task **ret_first,
                 unsigned *ret_count)
{
    *ret_first = NULL;
    *ret_count = 0;
    struct arena *a = arena_create();
    struct claim c = { .lane = lane, .most = most < CLAIM_MAX ? most : CLAIM_MAX };
    struct db *db = db_read_begin(work->options.database, a);
    struct work_sql_any_due first;
    bool any = db && work_sql_any_due(db, lane, time_now(), &first), well = db && !db_failed(db);
    if (db) db_read_end(db);
    if (any && well)
        well = db_change_run(work->options.database, a, claim_apply, &c) == DB_COMMITTED;
    struct task **last = ret_first;
    for (size_t i = 0; any && well && i < c.count; i++) {
        *last = task_create(work, &c.rows[i], c.owners[i]);
        keeper_hold(*last);
        last = &(*last)->next;
        (*ret_count)++;
    }
    arena_destroy(a);
    return well;
}

/* --- ending -------------------------------------------------------------------------------------------------------- */

struct ending {
    struct task *task;
    bool lost;        /* out: the lease is not ours */
    int64_t retry_at; /* 0: to the dead letters */
    struct str why;
};

static bool done_apply(struct db *db, void *context)
{
    struct ending *e = context;
    struct job *job = &e->task->job;
    e->lost = work_sql_finish(db, job->id, e->task->owner, time_now()) == 0 && !db_failed(db);
    if (e->lost || db_failed(db)) return false;
    const struct job_kind *kind = e->task->kind;
    return !kind->apply || kind->apply(db, job);
}

static bool failed_apply(struct db *db, void *context)
{
    struct ending *e = context;
    struct job *job = &e->task->job;
    int64_t now = time_now();
    int64_t n = e->retry_at ? work_sql_put_back(db, job->id, e->task->owner, e->retry_at, e->why)
                            : work_sql_bury(db, job->id, e->task->owner, now, e->why);
    if (n == 0) return false;
    work_sql_attempt_failed(db, id_new(), job->id, job->attempt, now, e->why);
    return true;
}

static bool release_apply(struct db *db, void *context)
{
    struct task *task = context;
    return work_sql_release(db, task->job.id, task->owner, time_now()) == 1;
}

/* 2, 4, 8 … seconds up to an hour, a quarter more or less so that a crowd does not return at once. */
static int64_t backoff_ms(int attempt)
{
    int64_t seconds = attempt < 12 ? (int64_t)1 << attempt : BACKOFF_MAX_SECONDS;
    if (seconds > BACKOFF_MAX_SECONDS) seconds = BACKOFF_MAX_SECONDS;
    int64_t ms = seconds * SECOND_MS;
    return ms * 3 / 4 + (int64_t)(rand_u64() % (uint64_t)(ms / 2 + 1));
}

/* The failure is written down; should that fail too, the lease runs out and the job returns by itself. */
static void task_fail(struct task *task, bool final)
{
    int most = task->kind && task->kind->max_attempts ? task->kind->max_attempts : MAX_ATTEMPTS;
    struct ending e = { .task = task, .why = task->why.p ? task->why : S("No reason was given.") };
    if (!final && task->job.attempt < most) e.retry_at = time_now() + backoff_ms(task->job.attempt);
    enum db_outcome outcome = db_change_run(task->job.database, task->job.arena, failed_apply, &e);
    log_event(e.retry_at ? LOG_WARN : LOG_ERROR, e.retry_at ? "job.retry" : "job.dead",
              LN("job", task->job.id), LT("kind", task->job.kind), LN("attempt", task->job.attempt),
              LT("why", e.why), LN("written", outcome == DB_COMMITTED));
}

/* Ends the job together with its effect. */
static bool task_finish(struct task *task)
{
    struct ending e = { .task = task };
    switch (db_change_run(task->job.database, task->job.arena, done_apply, &e)) {
    case DB_COMMITTED:
        work_wake(); /* the effect may have added jobs */
        return true;
    case DB_REFUSED:
        if (e.lost) {
            log_event(LOG_WARN, "job.lost", LN("job", task->job.id), LT("kind", task->job.kind));
            return false;
        }
        if (!task->why.p) job_explain(&task->job, S("Its effect was refused."));
        break;
    case DB_FAILED:
        job_explain(&task->job, S("The database failed while the effect was written."));
        break;
    case DB_FULL: job_explain(&task->job, S("The disk is full.")); break;
    case DB_STOPPING: return false;
    }
    task_fail(task, false);
    return false;
}

/* What speaks against running it at all; NULL when nothing does. */
static const char *obstacle(const struct task *task)
{
    if (!task->kind) return "This version of the program does not know this kind of job.";
    if (!json_is_object(task->job.payload)) return "Its payload cannot be read.";
    int most = task->kind->max_attempts ? task->kind->max_attempts : MAX_ATTEMPTS;
    /* a job that takes its process down each time must not do so for ever */
    if (task->abandoned && task->job.attempt > most)
        return "The process that ran it was lost, again and again.";
    return NULL;
}

bool task_carry_out(struct task *task)
{
    bool well = false;
    const char *stop = obstacle(task);
    if (stop) {
        job_explain(&task->job, str_from(stop));
        task_fail(task, true);
        task_destroy(task);
        return false;
    }
    enum job_result result = task->kind->run ? task->kind->run(&task->job) : JOB_DONE;
    if (result == JOB_DONE) well = task_finish(task);
    else if (result == JOB_RETRY && atomic_load(&task->job.work->stopping))
        db_change_run(task->job.database, task->job.arena, release_apply, task);
    else if (!atomic_load(&task->lost)) task_fail(task, result == JOB_DEAD);
    task_destroy(task);
    return well;
}

void task_release(struct task *task)
{
    db_change_run(task->job.database, task->job.arena, release_apply, task);
    task_destroy(task);
}
