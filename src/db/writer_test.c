/* The queue of changes: many in one commit, none touching another, in order where it counts, none lost at the end; the same
 * on both engines. run: seconds=300 */
#include "tests/db/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static bool add_counter_apply(struct db *db, void *context)
{
    (void)context;
    return sample_sql_add(db, 2, S("counter"), STR_NONE, 0, 0, STR_NONE) == 1;
}

static void add_counter(struct fixture *f)
{
    assert_int_equal(db_change_run(f->database, f->arena, add_counter_apply, NULL), DB_COMMITTED);
}

static int64_t counter(struct fixture *f)
{
    struct sample_sql_account a = { 0 };
    assert_true(sample_sql_account(fixture_read(f), 2, &a));
    fixture_read_end(f);
    return a.balance;
}

/* A change on the heap that remembers how it ended. */
struct numbered {
    struct db_change change;
    int64_t id;
    atomic_int *left, *gate;
    enum db_outcome outcome;
    int runs;
};

static void numbered_done(struct db_change *change, enum db_outcome outcome)
{
    struct numbered *n = change->context;
    n->outcome = outcome;
    atomic_fetch_sub(n->left, 1);
}

static void submit(struct fixture *f, struct numbered *n,
                   bool (*apply)(struct db *db, struct db_change *change), bool in_order)
{
    n->change = (struct db_change){ .apply = apply,
                                    .done = numbered_done,
                                    .arena = arena_create(),
                                    .context = n,
                                    .in_order = in_order };
    db_change_submit(f->database, &n->change);
}

/* Every third is refused after writing, every fifth breaks a rule of the table, every seventh a deferred key. */
static bool numbered_apply(struct db *db, struct db_change *change)
{
    struct numbered *n = change->context;
    n->runs++;
    char name[32];
    snprintf(name, sizeof name, "n%d", (int)n->id);
    sample_sql_add_new(db, n->id, str_from(name));
    sample_sql_enter(db, n->id, n->id % 7 == 0 ? 99999 : n->id, 1);
    if (n->id % 5 == 0) sample_sql_set_balance(db, n->id, -1);
    return n->id % 3 != 0;
}

static enum db_outcome numbered_expected(int64_t id)
{
    if (id % 5 == 0) return DB_FAILED;
    if (id % 3 == 0) return DB_REFUSED;
    return id % 7 == 0 ? DB_FAILED : DB_COMMITTED;
}

static void wait_for(atomic_int *left)
{
    while (atomic_load(left) > 0)
        usleep(200);
}

static void changes_of_one_batch_do_not_touch_each_other(void **state)
{
    struct fixture *f = *state;
    enum { COUNT_OF = 500 };
    atomic_int left = COUNT_OF;
    struct numbered *all = arena_array(f->arena, struct numbered, COUNT_OF);
    for (int i = 0; i < COUNT_OF; i++) {
        struct numbered *n = &all[i];
        *n = (struct numbered){ .id = i + 2, .left = &left };
        submit(f, n, numbered_apply, false);
    }
    wait_for(&left);
    int good = 0;
    for (int i = 0; i < COUNT_OF; i++) {
        assert_int_equal(all[i].outcome, numbered_expected(all[i].id));
        good += all[i].outcome == DB_COMMITTED;
        arena_destroy(all[i].change.arena);
    }
    struct sample_sql_totals t = fixture_totals(f);
    assert_int_equal(t.accounts, good);
    assert_int_equal(t.entries, good);
    struct sample_sql_account *rows;
    struct db *db = fixture_read(f);
    assert_int_equal(sample_sql_accounts(db, &rows), good);
    for (int i = 0; i < good; i++)
        assert_int_equal(numbered_expected(rows[i].id), DB_COMMITTED);
    fixture_read_end(f);
    struct database_figures figures = database_figures(f->database);
    assert_int_equal(figures.changes, COUNT_OF);
    assert_true(f->sqlite ? figures.largest_batch > 1 && figures.largest_batch <= 64 &&
                                figures.commits < COUNT_OF / 2
                          : figures.commits > 0 && figures.commits <= good);
}

static void batch_1_commits_each_change(void **state)
{
    struct fixture *f = *state;
    fixture_open(f, 1);
    fixture_migrate(f);
    atomic_int left = 30;
    struct numbered all[30];
    for (int i = 0; i < 30; i++) {
        all[i] = (struct numbered){ .id = 1 + (i + 1) * 210, .left = &left };
        submit(f, &all[i], numbered_apply, false);
    }
    wait_for(&left);
    for (int i = 0; i < 30; i++)
        arena_destroy(all[i].change.arena);
    struct database_figures figures = database_figures(f->database);
    assert_int_equal(figures.commits, 30);
    assert_int_equal(figures.largest_batch, 1);
}

/* Reads, then writes one more: lost updates show at once. */
static bool add_one(struct db *db, void *context)
{
    (void)context;
    struct sample_sql_account a;
    return sample_sql_account(db, 2, &a) && sample_sql_set_balance(db, 2, a.balance + 1) == 1;
}

static void *add_one_often(void *argument)
{
    struct fixture *f = argument;
    struct arena *arena = arena_create();
    for (int i = 0; i < 40; i++) {
        assert_int_equal(db_change_run(f->database, arena, add_one, NULL), DB_COMMITTED);
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static void no_update_is_lost_under_contention(void **state)
{
    struct fixture *f = *state;
    add_counter(f);
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, add_one_often, f);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(counter(f), 8 * 40);
    if (!f->sqlite) assert_true(database_figures(f->database).retries > 0);
}

/* Adds one to the counter, and remembers what it found there. */
static bool ordered_apply(struct db *db, struct db_change *change)
{
    struct numbered *n = change->context;
    struct sample_sql_account a;
    if (!sample_sql_account(db, 2, &a)) return false;
    n->runs = (int)a.balance;
    return sample_sql_set_balance(db, 2, a.balance + 1) == 1;
}

static void changes_in_order_run_as_they_came(void **state)
{
    struct fixture *f = *state;
    enum { COUNT_OF = 600 };
    atomic_int left = COUNT_OF;
    struct numbered *all = arena_array(f->arena, struct numbered, COUNT_OF);
    add_counter(f);
    for (int i = 0; i < COUNT_OF; i++) {
        /* every third is another change, that wants no order */
        bool other = i % 3 == 2;
        struct numbered *n = &all[i];
        *n = (struct numbered){ .id = other ? 7 * i + 1 : 0, .left = &left };
        submit(f, n, other ? numbered_apply : ordered_apply, !other);
    }
    wait_for(&left);
    for (int i = 0, seen = 0; i < COUNT_OF; i++) {
        arena_destroy(all[i].change.arena);
        if (i % 3 == 2) continue;
        assert_int_equal(all[i].outcome, DB_COMMITTED);
        assert_int_equal(all[i].runs, seen++);
    }
}

enum gate { GATE_OPEN, GATE_SHUT, GATE_REACHED };

/* Holds the one thread until what is to make up its next batch has come. */
static bool gate_apply(struct db *db, struct db_change *change)
{
    atomic_int *gate = ((struct numbered *)change->context)->gate;
    atomic_store(gate, GATE_REACHED);
    wait_for(gate);
    return sample_sql_set_balance(db, 2, 1) == 1;
}

/* On PostgreSQL too: what wants no order costs no commit of its own, before or among changes that want one. */
static void what_stands_among_changes_in_order_shares_their_commit(void **state)
{
    struct fixture *f = *state;
    enum { COUNT_OF = 40 };
    atomic_int left = COUNT_OF + 1, gate = GATE_SHUT;
    struct numbered first = { .left = &left, .gate = &gate }, all[COUNT_OF];
    add_counter(f);
    int64_t commits = database_figures(f->database).commits;
    submit(f, &first, gate_apply, true);
    while (atomic_load(&gate) != GATE_REACHED)
        usleep(200);
    for (int i = 0; i < COUNT_OF; i++) {
        all[i] = (struct numbered){ .id = 1 + (i + 1) * 210, .left = &left };
        submit(f, &all[i], numbered_apply, i % 2 == 1);
    }
    atomic_store(&gate, GATE_OPEN);
    wait_for(&left);
    arena_destroy(first.change.arena);
    for (int i = 0; i < COUNT_OF; i++) {
        arena_destroy(all[i].change.arena);
        assert_int_equal(all[i].outcome, DB_COMMITTED);
    }
    struct database_figures figures = database_figures(f->database);
    assert_int_equal(figures.commits, commits + 2);
    assert_int_equal(figures.largest_batch, COUNT_OF);
}

/* --- closing --------------------------------------------------------------------------------------------- */

struct late {
    struct db_change change, second;
    struct database *database;
    enum db_outcome first_outcome, second_outcome;
};

static bool nothing(struct db *db, struct db_change *change)
{
    (void)db, (void)change;
    return true;
}

static void second_done(struct db_change *change, enum db_outcome outcome)
{
    ((struct late *)change->context)->second_outcome = outcome;
}

/* The database closes meanwhile: what comes now is sent back. */
static void first_done(struct db_change *change, enum db_outcome outcome)
{
    struct late *late = change->context;
    usleep(300000);
    late->first_outcome = outcome;
    db_change_submit(late->database, &late->second);
}

static void closing_finishes_what_is_queued_and_refuses_more(void **state)
{
    struct fixture *f = *state;
    struct late late = { .database = f->database,
                         .first_outcome = DB_FAILED,
                         .second_outcome = DB_FAILED };
    late.change = (struct db_change){
        .apply = nothing, .done = first_done, .arena = f->arena, .context = &late
    };
    late.second = (struct db_change){
        .apply = nothing, .done = second_done, .arena = f->arena, .context = &late
    };
    atomic_int left = 100;
    struct numbered all[100];
    db_change_submit(f->database, &late.change);
    for (int i = 0; i < 100; i++) {
        all[i] = (struct numbered){ .id = i + 2, .left = &left, .outcome = DB_STOPPING };
        submit(f, &all[i], numbered_apply, false);
    }
    usleep(50000);
    database_close(f->database);
    f->database = NULL;
    assert_int_equal(late.first_outcome, DB_COMMITTED);
    assert_int_equal(late.second_outcome, DB_STOPPING);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(all[i].outcome, numbered_expected(all[i].id));
        arena_destroy(all[i].change.arena);
    }
}

/* --------------------------------------------------------------------------------------------------------- */

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(changes_of_one_batch_do_not_touch_each_other),
        cmocka_unit_test_setup_teardown(batch_1_commits_each_change, fixture_begin_empty,
                                        fixture_end),
        T(no_update_is_lost_under_contention),
        T(changes_in_order_run_as_they_came),
        T(what_stands_among_changes_in_order_shares_their_commit),
        T(closing_finishes_what_is_queued_and_refuses_more),
    };
    int bad = cmocka_run_group_tests_name("sqlite", tests, fixture_sqlite, fixture_group_end);
    return bad + cmocka_run_group_tests_name("pgsql", tests, fixture_pgsql, fixture_group_end);
}
