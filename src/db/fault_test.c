/* When the disk or the process gives out: nothing that was told as committed is lost, nothing that was told as failed
 * stays, and the next change works. run: seconds=300 */
#include "tests/db/fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a disk that fails when asked ------------------------------------------------------------------------ */

static atomic_int write_result, sync_result; /* SQLITE_OK: the disk works */
static sqlite3_vfs disk;
static sqlite3_vfs *real_disk;

/* The Unix driver has a table of functions for files with locks and one for files without: each gets a copy in which
 * two functions are ours. The copy comes first, so that a file's table is also the address of its original. */
struct methods {
    sqlite3_io_methods changed;
    const sqlite3_io_methods *original;
};
static struct methods tables[4];

static const sqlite3_io_methods *original_of(const sqlite3_file *file)
{
    return ((const struct methods *)(const void *)file->pMethods)->original;
}

static int disk_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    int failure = atomic_load(&write_result);
    return failure ? failure : original_of(file)->xWrite(file, p, n, at);
}

static int disk_sync(sqlite3_file *file, int flags)
{
    int failure = atomic_load(&sync_result);
    return failure ? failure : original_of(file)->xSync(file, flags);
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    (void)vfs;
    int rc = real_disk->xOpen(real_disk, name, file, flags, ret_flags);
    if (rc != SQLITE_OK || !file->pMethods) return rc;
    pthread_mutex_lock(&lock);
    struct methods *table = tables;
    while (table->original && table->original != file->pMethods)
        table++;
    if (!table->original) {
        table->changed = *file->pMethods;
        table->changed.xWrite = disk_write;
        table->changed.xSync = disk_sync;
        table->original = file->pMethods;
    }
    file->pMethods = &table->changed;
    pthread_mutex_unlock(&lock);
    return rc;
}

static int disk_begin(void **state)
{
    real_disk = sqlite3_vfs_find(NULL);
    disk = *real_disk;
    disk.zName = "failing";
    disk.xOpen = disk_open;
    sqlite3_vfs_register(&disk, 1);
    return fixture_sqlite(state);
}

static int disk_end(void **state)
{
    sqlite3_vfs_unregister(&disk);
    return fixture_group_end(state);
}

/* --- changes that are sure to be in one batch ------------------------------------------------------------ */

struct step {
    struct db_change change;
    int64_t id;
    size_t blob; /* bytes to write beside */
    enum db_outcome outcome;
    atomic_bool finished;
};

static void step_done(struct db_change *change, enum db_outcome outcome)
{
    struct step *step = change->context;
    step->outcome = outcome;
    atomic_store(&step->finished, true);
}

static bool step_apply(struct db *db, struct db_change *change)
{
    struct step *step = change->context;
    char name[32];
    snprintf(name, sizeof name, "n%d", (int)step->id);
    struct str blob = { arena_alloc(change->arena, step->blob + 1), step->blob };
    sample_sql_add(db, step->id, str_from(name), STR_NONE, 0, 0, blob);
    if (step->blob)
        atomic_store(&write_result, SQLITE_OK); /* the disk failed in the middle, and works again */
    return true;
}

static atomic_bool gate_open;

static bool gate_apply(struct db *db, struct db_change *change)
{
    (void)db, (void)change;
    while (!atomic_load(&gate_open))
        usleep(100);
    return true;
}

/* Runs the steps as one batch of the writer: they queue up while a first change holds it. */
static void run_together(struct fixture *f, struct step *steps, size_t n)
{
    struct step gate = { .change = { gate_apply, step_done, f->arena, &gate, NULL, 0 } };
    atomic_store(&gate_open, false);
    db_change_submit(f->database, &gate.change);
    usleep(20000);
    for (size_t i = 0; i < n; i++) {
        steps[i].change = (struct db_change){
            .apply = step_apply, .done = step_done, .arena = f->arena, .context = &steps[i]
        };
        db_change_submit(f->database, &steps[i].change);
    }
    atomic_store(&gate_open, true);
    while (!atomic_load(&gate.finished))
        usleep(100);
    for (size_t i = 0; i < n; i++)
        while (!atomic_load(&steps[i].finished))
            usleep(100);
    assert_int_equal(gate.outcome, DB_COMMITTED);
}

static void a_full_disk_fails_the_whole_batch(void **state)
{
    struct fixture *f = *state;
    struct step steps[10] = { 0 };
    for (int i = 0; i < 10; i++)
        steps[i].id = i + 2;
    atomic_store(&write_result, SQLITE_FULL);
    run_together(f, steps, 10);
    atomic_store(&write_result, SQLITE_OK);
    for (int i = 0; i < 10; i++)
        assert_int_equal(steps[i].outcome, DB_FULL);
    assert_int_equal(fixture_totals(f).accounts, 0);
    assert_non_null(strstr(fixture_last_report(), "commit: database or disk is full"));

    struct step again[1] = { { .id = 2 } };
    run_together(f, again, 1);
    assert_int_equal(again[0].outcome, DB_COMMITTED);
    assert_int_equal(fixture_totals(f).accounts, 1);
}

static void a_failing_flush_commits_nothing(void **state)
{
    struct fixture *f = *state;
    struct step steps[3] = { { .id = 2 }, { .id = 3 }, { .id = 4 } };
    atomic_store(&sync_result, SQLITE_IOERR_FSYNC);
    run_together(f, steps, 3);
    atomic_store(&sync_result, SQLITE_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(steps[i].outcome, DB_FAILED);
    assert_int_equal(fixture_totals(f).accounts, 0);
    struct step again[1] = { { .id = 3 } };
    run_together(f, again, 1);
    assert_int_equal(again[0].outcome, DB_COMMITTED);
    assert_int_equal(fixture_totals(f).accounts, 1);
}

/* The engine gives the whole transaction up in the middle: who stood before is told so, who comes after works. */
static void a_batch_that_breaks_in_the_middle_goes_on(void **state)
{
    struct fixture *f = *state;
    struct step steps[3] = { { .id = 2 }, { .id = 3, .blob = 20 * 1024 * 1024 }, { .id = 4 } };
    atomic_store(&write_result, SQLITE_IOERR_WRITE);
    run_together(f, steps, 3);
    assert_int_equal(steps[0].outcome, DB_FAILED);
    assert_int_equal(steps[1].outcome, DB_FAILED);
    assert_int_equal(steps[2].outcome, DB_COMMITTED);
    assert_int_equal(fixture_totals(f).accounts, 1);
    assert_int_equal(database_figures(f->database).failed, 2);
}

/* --- kill -9 --------------------------------------------------------------------------------------------- */

struct writer {
    struct fixture *f;
    int64_t first;
    int pipe;
};

struct pair {
    int64_t id;
};

static bool pair_apply(struct db *db, void *context)
{
    struct pair *p = context;
    char name[32];
    snprintf(name, sizeof name, "n%lld", (long long)p->id);
    sample_sql_add_new(db, p->id, str_from(name));
    return sample_sql_enter(db, p->id, p->id, 1) == 1;
}

static void *write_for_ever(void *argument)
{
    struct writer *w = argument;
    struct arena *arena = arena_create();
    for (int64_t id = w->first;; id++) {
        struct pair p = { id };
        if (db_change_run(w->f->database, arena, pair_apply, &p) != DB_COMMITTED) _exit(1);
        if (write(w->pipe, &id, sizeof id) != sizeof id)
            _exit(2); /* one write of 8 bytes is whole or not at all */
        arena_reset(arena);
    }
}

static void child_main(struct fixture *f, int round, int pipe)
{
    struct writer writers[8];
    pthread_t thread;
    fixture_open(f, 0);
    for (int i = 0; i < 8; i++) {
        writers[i] = (struct writer){ f, (round * 8 + i) * INT64_C(1000000) + 2, pipe };
        pthread_create(&thread, NULL, write_for_ever, &writers[i]);
    }
    pause();
    _exit(3);
}

/* Lets a child write until it is killed; returns the number of changes it told as committed, all of which are there. */
static int kill_round(struct fixture *f, int round)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) child_main(f, round, ends[1]);
    close(ends[1]);
    int64_t *told = calloc(1000000, sizeof *told);
    int n = 0;
    /* killed after a number of answers that differs from round to round, in the midst of others */
    while (n < 40 + round * 37 && read(ends[0], &told[n], sizeof told[n]) == sizeof told[n])
        n++;
    kill(child, SIGKILL);
    while (read(ends[0], &told[n], sizeof told[n]) == sizeof told[n])
        n++;
    int status;
    waitpid(child, &status, 0);
    close(ends[0]);
    assert_true(WIFSIGNALED(status));
    fixture_open(f, 0);
    struct sample_sql_account account;
    struct db *db = fixture_read(f);
    for (int i = 0; i < n; i++)
        if (!sample_sql_account(db, told[i], &account))
            fail_msg("%lld is lost", (long long)told[i]);
    fixture_read_end(f);
    struct sample_sql_totals t = fixture_totals(f);
    assert_int_equal(t.accounts, t.entries); /* each change wrote both, or nothing */
    database_close(f->database);
    f->database = NULL;
    free(told);
    return n;
}

static void killed_processes_lose_nothing_told(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, 0);
    fixture_migrate(f);
    database_close(f->database);
    f->database = NULL;
    int told = 0;
    for (int round = 0; round < 8; round++)
        told += kill_round(f, round);
    fixture_open(f, 0);
    /* at most the changes under way at each kill may be there without having been told */
    int64_t there = fixture_totals(f).accounts;
    assert_true(there >= told);
    assert_true(there <= told + 8 * 8);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest faulty_disk[] = {
        T(a_full_disk_fails_the_whole_batch),
        T(a_failing_flush_commits_nothing),
        T(a_batch_that_breaks_in_the_middle_goes_on),
    };
    const struct CMUnitTest killed[] = {
        cmocka_unit_test_setup_teardown(killed_processes_lose_nothing_told, fixture_begin_empty,
                                        fixture_end),
    };
    int bad = cmocka_run_group_tests_name("disk", faulty_disk, disk_begin, disk_end);
    bad += cmocka_run_group_tests_name("sqlite", killed, fixture_sqlite, fixture_group_end);
    bad += cmocka_run_group_tests_name("pgsql", killed, fixture_pgsql, fixture_group_end);
    return bad;
}
