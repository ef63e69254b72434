/* Jobs, events and the clock, on both engines: nothing lost, nothing twice, whatever dies in between. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "base/rand.h"
#include "base/time.h"
#include "work/work.h"
#include "work/work_fixture.h"

/* --- the kinds of these tests -------------------------------------------------------------------------------------------- */

static atomic_int runs, seen_lost;

static bool note_effect(struct db *db, struct job *job)
{
    effect_add(db, job->id, "job");
    return true;
}

static enum job_result run_slowly(struct job *job)
{
    (void)job;
    usleep((useconds_t)(rand_u64() % 4000));
    return JOB_DONE;
}

static bool note_and_emit(struct db *db, struct job *job)
{
    effect_add(db, job->id, "job");
    event_emit(db, "test.happened", json_pack("{s:I}", "job", (json_int_t)job->id));
    return true;
}

static enum job_result run_fails(struct job *job)
{
    atomic_fetch_add(&runs, 1);
    job_explain(job, S("Il pleut à l’école."));
    return JOB_RETRY;
}

static enum job_result run_hopeless(struct job *job)
{
    job_explain(job, S("It can never work."));
    return JOB_DEAD;
}

static bool refuse(struct db *db, struct job *job)
{
    effect_add(db, job->id, "refused");
    return false;
}

static bool steal(struct db *db, void *context)
{
    (void)context;
    steal_leases(db, time_now() + 1500);
    return true;
}

/* Another process takes the job over while it runs, the first time. */
static enum job_result run_robbed(struct job *job)
{
    if (atomic_fetch_add(&runs, 1) > 0) return JOB_DONE;
    struct arena *a = arena_create();
    assert_int_equal(db_change_run(job->database, a, steal, NULL), DB_COMMITTED);
    arena_destroy(a);
    for (int i = 0; i < 100 && job_progress(job, i); i++)
        usleep(50000);
    atomic_store(&seen_lost, !job_progress(job, 500));
    return JOB_DONE;
}

static enum job_result run_until_told(struct job *job)
{
    atomic_fetch_add(&runs, 1);
    while (job_progress(job, 420))
        usleep(2000);
    return JOB_RETRY;
}

static const struct job_kind kinds[] = {
    { .name = "test.effect", .apply = note_effect },
    { .name = "test.slow",
      .run = run_slowly,
      .apply = note_and_emit,
      .lease_seconds = 1,
      .max_attempts = 1000 },
    { .name = "test.fails", .run = run_fails, .apply = note_effect, .max_attempts = 3 },
    { .name = "test.hopeless", .run = run_hopeless, .apply = note_effect },
    { .name = "test.refused", .apply = refuse, .max_attempts = 2 },
    { .name = "test.robbed", .run = run_robbed, .apply = note_effect, .lease_seconds = 1 },
    { .name = "test.long", .run = run_until_told, .apply = note_effect, .lane = 1 },
    { .name = "test.tick", .apply = note_effect },
    { .name = NULL },
};

static bool hear(struct db *db, const char *who, json_t *payload)
{
    effect_add(db, json_integer_value(json_object_get(payload, "job")), who);
    return true;
}

static bool hear_first(struct db *db, struct arena *a, json_t *payload, int64_t event)
{
    (void)a, (void)event;
    return hear(db, "first", payload);
}

static bool hear_second(struct db *db, struct arena *a, json_t *payload, int64_t event)
{
    (void)a, (void)event;
    return hear(db, "second", payload);
}

static const struct subscription subscriptions[] = {
    { "test.happened", "test.first", hear_first },
    { "test.happened", "test.second", hear_second },
    { "test.other", "test.silent", hear_first },
    { NULL, NULL, NULL },
};

static const struct schedule schedules[] = {
    { "test.tick", 60 * 24 * 365 },
    { NULL, 0 },
};

static const struct job_kind *const kind_tables[] = { kinds, NULL };
static const struct subscription *const subscription_tables[] = { subscriptions, NULL };
static const struct schedule *const schedule_tables[] = { schedules, NULL };

static struct work_options options_for(struct fixture *f)
{
    return (struct work_options){
        .database = f->database,
        .data = f->folder,
        .kinds = kind_tables,
        .subscriptions = subscription_tables,
        .quick_runners = 4,
        .media_runners = 1,
    };
}

static int drain(struct fixture *f)
{
    struct work_options options = options_for(f);
    return work_drain(&options);
}

/* --- helpers --------------------------------------------------------------------------------------------------------------- */

struct adding {
    const char *kind, *key;
    int count;
    int added;
};

static bool add_apply(struct db *db, void *context)
{
    struct adding *a = context;
    a->added = 0;
    for (int i = 0; i < a->count; i++)
        a->added += job_add(db, a->kind, str_from(a->key), json_pack("{s:i}", "n", i), 0);
    return true;
}

static int add(struct fixture *f, const char *kind, const char *key, int count)
{
    struct adding a = { kind, key, count, 0 };
    fixture_change(f, add_apply, &a);
    return a.added;
}

static bool due_apply(struct db *db, void *context)
{
    (void)context;
    everything_due(db);
    return true;
}

static struct work_counts counts(struct fixture *f)
{
    struct db *db = db_read_begin(f->database, f->arena);
    assert_non_null(db);
    struct work_counts c = work_count(db);
    db_read_end(db);
    return c;
}

/* Those of this state and kind, at most ten: a started layer has jobs of its own, such as tidying. */
static size_t list(struct fixture *f, enum job_state state, const char *kind,
                   struct work_row ret[10])
{
    struct work_row *rows;
    struct db *db = db_read_begin(f->database, f->arena);
    assert_non_null(db);
    size_t all = work_list(db, state, 10, &rows), n = 0;
    db_read_end(db);
    for (size_t i = 0; i < all; i++)
        if (str_is(rows[i].kind, kind)) ret[n++] = rows[i];
    return n;
}

/* The only one of this state and kind. */
static struct work_row the_one(struct fixture *f, enum job_state state, const char *kind)
{
    struct work_row rows[10];
    assert_int_equal(list(f, state, kind, rows), 1);
    return rows[0];
}

static void assert_effects(struct fixture *f, int64_t expected)
{
    struct effects e = effects_count(f);
    assert_int_equal(e.all, expected);
    assert_int_equal(e.distinct, expected);
}

static bool wait_for(struct fixture *f, enum job_state state, int64_t n)
{
    for (int i = 0; i < 1000; i++) {
        if (counts(f).in[state] == n) return true;
        usleep(10000);
    }
    return false;
}

/* --- jobs ------------------------------------------------------------------------------------------------------------------- */

static void jobs_run_once(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "test.effect", NULL, 50), 50);
    assert_int_equal(drain(f), 50);
    assert_int_equal(drain(f), 0);
    assert_effects(f, 50);
    assert_int_equal(counts(f).in[JOB_ENDED], 50);
}

static void a_key_makes_it_one(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "test.effect", "same", 3), 1);
    assert_int_equal(add(f, "test.effect", "same", 1), 0);
    assert_int_equal(add(f, "test.tick", "same", 1), 1);
    assert_int_equal(drain(f), 2);
    assert_int_equal(add(f, "test.effect", "same", 1), 0);
    assert_int_equal(drain(f), 0);
    assert_effects(f, 2);
}

static bool later_apply(struct db *db, void *context)
{
    (void)context;
    return job_add(db, "test.effect", STR_NONE, NULL, time_now() + HOUR_MS);
}

static void later_is_later(void **state)
{
    struct fixture *f = *state;
    fixture_change(f, later_apply, NULL);
    assert_int_equal(drain(f), 0);
    fixture_change(f, due_apply, NULL);
    assert_int_equal(drain(f), 1);
}

static void failures_back_off_and_die(void **state)
{
    struct fixture *f = *state;
    atomic_store(&runs, 0);
    add(f, "test.fails", NULL, 1);
    for (int attempt = 1; attempt < 3; attempt++) {
        assert_int_equal(drain(f), 0);
        int64_t now = time_now(), pause = ((int64_t)1 << attempt) * SECOND_MS;
        struct work_row row = the_one(f, JOB_WAITING, "test.fails");
        assert_int_equal(row.attempt, attempt);
        assert_true(row.due_at > now + pause * 3 / 4 - 500 && row.due_at <= now + pause * 5 / 4);
        assert_true(str_is(row.error, "Il pleut à l’école."));
        fixture_change(f, due_apply, NULL);
    }
    assert_int_equal(drain(f), 0);
    struct work_row dead = the_one(f, JOB_BURIED, "test.fails");
    assert_int_equal(dead.attempt, 3);
    assert_int_equal(dead.due_at, DB_NULL);
    assert_int_equal(atomic_load(&runs), 3);
    struct work_failure *failures;
    struct db *db = db_read_begin(f->database, f->arena);
    assert_int_equal(work_failures(db, dead.id, &failures), 3);
    assert_int_equal(failures[2].attempt, 3);
    db_read_end(db);
    assert_effects(f, 0);
}

static bool retry_apply(struct db *db, void *context)
{
    return work_retry(db, *(int64_t *)context);
}

static void the_dead_can_be_retried(void **state)
{
    struct fixture *f = *state;
    add(f, "test.hopeless", NULL, 1);
    assert_int_equal(drain(f), 0);
    struct work_row dead = the_one(f, JOB_BURIED, "test.hopeless");
    assert_int_equal(dead.attempt, 1);
    assert_true(str_is(dead.error, "It can never work."));
    fixture_change(f, retry_apply, &dead.id);
    struct work_row again = the_one(f, JOB_WAITING, "test.hopeless");
    assert_int_equal(again.id, dead.id);
    assert_int_equal(again.attempt, 0);
    assert_int_equal(db_change_run(f->database, f->arena, retry_apply, &dead.id), DB_REFUSED);
}

static void a_refused_effect_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    add(f, "test.refused", NULL, 1);
    assert_int_equal(drain(f), 0);
    assert_int_equal(counts(f).in[JOB_WAITING], 1);
    fixture_change(f, due_apply, NULL);
    assert_int_equal(drain(f), 0);
    assert_int_equal(counts(f).in[JOB_BURIED], 1);
    assert_effects(f, 0);
}

static void a_lost_lease_is_noticed_and_retaken(void **state)
{
    struct fixture *f = *state;
    atomic_store(&runs, 0);
    atomic_store(&seen_lost, 0);
    add(f, "test.robbed", NULL, 1);
    assert_int_equal(drain(f), 0); /* the robbed run must not write its effect */
    assert_true(atomic_load(&seen_lost));
    assert_effects(f, 0);
    usleep(1600000);
    assert_int_equal(drain(f), 1);
    assert_int_equal(atomic_load(&runs), 2);
    assert_effects(f, 1);
}

static void stopping_gives_work_back(void **state)
{
    struct fixture *f = *state;
    atomic_store(&runs, 0);
    add(f, "test.long", NULL, 3);
    struct work_options options = options_for(f);
    f->work = work_start(&options);
    struct work_row rows[10];
    size_t running = 0; /* the keeper writes the progress when it is a second old */
    for (int i = 0; i < 3000; i++) {
        running = list(f, JOB_RUNNING, "test.long", rows);
        if (running > 0 && rows[0].progress == 420) break;
        usleep(10000);
    }
    assert_int_equal(running, 1);
    assert_int_equal(rows[0].progress, 420);
    fixture_work_stop(f);
    assert_int_equal(list(f, JOB_WAITING, "test.long", rows), 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rows[i].attempt, 0);
    assert_int_equal(counts(f).in[JOB_RUNNING], 0);
    assert_int_equal(atomic_load(&runs), 1);
}

static void threads_run_everything_once(void **state)
{
    struct fixture *f = *state;
    struct work_options options = options_for(f);
    f->work = work_start(&options);
    for (int i = 0; i < 10; i++) {
        add(f, "test.slow", NULL, 20);
        work_wake();
    }
    assert_true(wait_for(f, JOB_ENDED, 200 * 3 + 1)); /* and the tidying of the hour */
    fixture_work_stop(f);
    assert_effects(f, 200 * 3);
}

static void people_find_their_job(void **state)
{
    struct fixture *f = *state;
    add(f, "test.effect", "mine", 1);
    struct work_row row, same;
    struct db *db = db_read_begin(f->database, f->arena);
    assert_true(work_find_key(db, "test.effect", S("mine"), &row));
    assert_true(work_find(db, row.id, &same));
    assert_true(str_is(same.key, "mine"));
    assert_false(work_find_key(db, "test.effect", S("other"), &row));
    assert_true(work_count(db).oldest_wait_ms >= 0);
    db_read_end(db);
}

/* --- events ----------------------------------------------------------------------------------------------------------------- */

static bool emit_apply(struct db *db, void *context)
{
    event_emit(db, context, json_pack("{s:i}", "job", 7));
    return true;
}

static bool emit_and_refuse(struct db *db, void *context)
{
    emit_apply(db, context);
    return false;
}

static void each_subscriber_hears_once(void **state)
{
    struct fixture *f = *state;
    fixture_change(f, emit_apply, "test.happened");
    fixture_change(f, emit_apply, "test.unheard");
    assert_int_equal(db_change_run(f->database, f->arena, emit_and_refuse, "test.happened"),
                     DB_REFUSED);
    assert_int_equal(drain(f), 2);
    assert_effects(f, 2);
}

/* --- other processes ---------------------------------------------------------------------------------------------------------- */

/* Forks; the child opens its own connections, works until it is killed or for `ms`. */
static pid_t fork_worker(struct fixture *f, const struct schedule *const *tables, int ms)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) return pid;
    f->database = fixture_open(f);
    struct work_options options = options_for(f);
    options.schedules = tables;
    struct work *work = work_start(&options);
    usleep((useconds_t)ms * 1000);
    work_stop(work);
    database_close(f->database);
    _exit(0);
}

/* `rounds` workers in turn, each killed a moment after it began; with no threads of ours while forking. */
static struct work_counts kill_workers(struct fixture *f, int rounds, unsigned patience)
{
    database_close(f->database);
    f->database = NULL;
    for (int round = 0; round < rounds; round++) {
        pid_t pid = fork_worker(f, NULL, 60000);
        usleep((useconds_t)(20000 + rand_u64() % 80000) * patience);
        kill(pid, SIGKILL);
        int status;
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status));
    }
    f->database = fixture_open(f);
    return counts(f);
}

static void kill_loses_nothing_and_doubles_nothing(void **state)
{
    enum { JOBS = 1200, ROUNDS = 30 };
    struct fixture *f = *state;
    add(f, "test.slow", NULL, JOBS);
    struct work_counts before = kill_workers(f, ROUNDS, 1);
    /* on a machine that is busy a worker may not come to its first job before it is killed */
    for (unsigned patience = 2; before.in[JOB_RUNNING] == 0 && patience < 20; patience *= 2)
        before = kill_workers(f, ROUNDS / 6, patience);
    print_message("after the kills: %lld done, %lld held by the dead\n",
                  (long long)before.in[JOB_ENDED], (long long)before.in[JOB_RUNNING]);
    assert_true(before.in[JOB_RUNNING] > 0);
    fixture_change(f, due_apply,
                   NULL); /* those who held a lease are dead: no need to wait for its end */
    for (int i = 0; i < 60 && counts(f).in[JOB_WAITING] + counts(f).in[JOB_RUNNING] > 0; i++) {
        assert_true(drain(f) >= 0);
        usleep(200000);
    }
    struct work_counts after = counts(f);
    assert_int_equal(after.in[JOB_WAITING] + after.in[JOB_RUNNING] + after.in[JOB_BURIED], 0);
    assert_effects(f, JOBS * 3);
}

/* Two processes at once, each with the schedules; with no threads of ours while forking. */
static void two_processes(struct fixture *f)
{
    pid_t pids[2];
    database_close(f->database);
    f->database = NULL;
    for (int i = 0; i < 2; i++)
        pids[i] = fork_worker(f, schedule_tables, 700);
    for (int i = 0; i < 2; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    f->database = fixture_open(f);
    assert_true(drain(f) >= 0);
}

static void two_processes_share_one_clock(void **state)
{
    struct fixture *f = *state;
    two_processes(f);
    assert_effects(f, 1);
    two_processes(f); /* the same period: nothing more */
    assert_effects(f, 1);
}

static int run_group(const char *name)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(jobs_run_once),
        TEST(a_key_makes_it_one),
        TEST(later_is_later),
        TEST(failures_back_off_and_die),
        TEST(the_dead_can_be_retried),
        TEST(a_refused_effect_leaves_no_trace),
        TEST(a_lost_lease_is_noticed_and_retaken),
        TEST(stopping_gives_work_back),
        TEST(threads_run_everything_once),
        TEST(people_find_their_job),
        TEST(each_subscriber_hears_once),
        TEST(kill_loses_nothing_and_doubles_nothing),
        TEST(two_processes_share_one_clock),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1); /* failures are wanted here */
    work_register(subscription_tables, kind_tables);
    int failed = run_group("sqlite");
    if (fixture_use_pgsql()) failed += run_group("pgsql");
    else failed += 1;
    fixture_stop_pgsql();
    return failed;
}
