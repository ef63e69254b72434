/* Migrations, and the tool that compares the schemas of both engines. */
#include "tests/db/fixture.h"

#include <pthread.h>

#include "tests/schema_compare.h"

/* The sample part with other migrations. */
static struct db_part part_with(const struct db_migration *migrations, unsigned n)
{
    return (struct db_part){ .module = "sample", .migrations = migrations, .migration_count = n };
}

/* Opens the test's database with this part only, and migrates. */
static int migrate_with(struct fixture *f, const struct db_part *part, struct str *ret_why)
{
    const struct db_part *const parts[] = { part, NULL };
    struct database_options options = { .url = str_from(f->url), .parts = parts };
    struct database *database = database_open(&options, f->arena, ret_why);
    if (!database) return -2;
    int n = database_migrate(database, f->arena, ret_why);
    database_close(database);
    return n;
}

static void migrating_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct str why = STR_NONE;
    fixture_open(f, 0);
    assert_int_equal(database_pending(f->database, f->arena, &why), 5);
    assert_int_equal(database_migrate(f->database, f->arena, &why), 5);
    assert_int_equal(database_pending(f->database, f->arena, &why), 0);
    assert_int_equal(database_migrate(f->database, f->arena, &why), 0);
    struct sample_sql_account a;
    assert_true(sample_sql_account(fixture_read(f), 1, &a));
    assert_true(str_is(a.note, "the first"));
    fixture_read_end(f);
}

static void a_failing_migration_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    struct str why = STR_NONE;
    static const char sql[] = "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1);";
    const struct db_migration bad[] = {
        sample_db.migrations[0],
        { .module = "sample", .number = 2, .name = "0002_bad.sql", .sqlite = sql, .pgsql = sql },
    };
    struct db_part part = part_with(bad, 2);
    assert_int_equal(migrate_with(f, &part, &why), -1);
    assert_true(str_search(why, S("0002_bad.sql")) < why.n);
    assert_true(str_search(why, S("nowhere")) < why.n);
    /* the first stays, the second is undone whole: its number is free for the good file */
    fixture_open(f, 0);
    assert_int_equal(database_migrate(f->database, f->arena, &why), 4);
    struct str schema = f->sqlite ? schema_of_sqlite(f->arena, f->path, NULL)
                                  : schema_of_pgsql(f->arena, f->url, STR_NONE);
    assert_true(str_search(schema, S("half")) == schema.n);
}

static void a_migration_cannot_break_foreign_keys(void **state)
{
    struct fixture *f = *state;
    struct str why = STR_NONE;
    static const char sql[] = "INSERT INTO entry (id, account, amount) VALUES (1, 77, 1);";
    const struct db_migration bad[] = {
        sample_db.migrations[0],
        { .module = "sample", .number = 2, .name = "0002_orphan.sql", .sqlite = sql, .pgsql = sql },
    };
    struct db_part part = part_with(bad, 2);
    assert_int_equal(migrate_with(f, &part, &why), -1);
    assert_true(str_search(why, S("entry")) < why.n);
}

static void a_newer_database_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct str why = STR_NONE;
    fixture_open(f, 0);
    fixture_migrate(f);
    struct db_part older = part_with(sample_db.migrations, 2);
    assert_int_equal(migrate_with(f, &older, &why), -1);
    assert_true(str_search(why, S("newer than this program")) < why.n);
}

struct racer {
    struct fixture *f;
    int applied;
};

static void *race(void *argument)
{
    struct racer *r = argument;
    struct arena *arena = arena_create();
    struct fixture own = { .arena = arena };
    struct str why = STR_NONE;
    memcpy(own.url, r->f->url, sizeof own.url);
    r->applied = migrate_with(&own, &sample_db, &why);
    if (why.p) fprintf(stderr, "%.*s\n", STR(why));
    arena_destroy(arena);
    return NULL;
}

static void several_may_migrate_at_once(void **state)
{
    enum { RACERS = 4 };
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    int sum = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){ .f = *state };
        pthread_create(&threads[i], NULL, race, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(racers[i].applied >= 0);
        sum += racers[i].applied;
    }
    assert_int_equal(sum, 5);
}

/* --- both engines ---------------------------------------------------------------------------------------- */

/* Makes databases as the fixtures do; they live until the end of the group. */
static const char *make(void *context, bool sqlite)
{
    struct arena *arena = context;
    void *state;
    fixture_use(sqlite);
    fixture_begin_empty(&state);
    struct fixture *f = state;
    const char *url = arena_cstr(arena, str_from(f->url));
    fixture_end(&state);
    return url;
}

static void both_engines_agree(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    static const struct db_part *const parts[] = { &sample_db, NULL };
    struct str why = schema_check(arena, parts, make, arena);
    if (why.p) fail_msg("%.*s", STR(why));
    arena_destroy(arena);
}

/* The comparison must be able to fail: each of these differs in one thing. */
static void a_difference_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *pgsql, *found;
    } cases[] = {
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a, id DESC)", "" },
        { "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a, id DESC)",
          "t column id integer" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT NOT NULL); CREATE INDEX i ON t (a, id "
          "DESC)",
          "t column a" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, b TEXT); CREATE INDEX i ON t (b, id DESC)",
          "t column b" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a, id)",
          "t index i (a, id)" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT UNIQUE); CREATE INDEX i ON t (a, id DESC)",
          "t unique (a)" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT DEFAULT ''); CREATE INDEX i ON t (a, id "
          "DESC)",
          "default" },
        { "CREATE TABLE t (id BIGINT, a TEXT); CREATE INDEX i ON t (a, id DESC)", "t key (id)" },
        { "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a, id DESC) WHERE "
          "a > ''",
          "partial" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_create();
        const struct db_migration migration = {
            .module = "differ",
            .number = 1,
            .name = "0001_differ.sql",
            .sqlite = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT; CREATE INDEX i ON t "
                      "(a, id DESC)",
            .pgsql = cases[i].pgsql,
        };
        const struct db_part part = { .module = "differ",
                                      .migrations = &migration,
                                      .migration_count = 1 };
        const struct db_part *const parts[] = { &part, NULL };
        struct str why = schema_check(arena, parts, make, arena);
        bool found =
            cases[i].found[0] ? why.p && str_search(why, str_from(cases[i].found)) < why.n : !why.p;
        if (!found) fail_msg("%s: found '%.*s'", cases[i].pgsql, STR(why));
        arena_destroy(arena);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin_empty, fixture_end)

int main(void)
{
    const struct CMUnitTest each[] = {
        T(migrating_twice_changes_nothing),       T(a_failing_migration_leaves_no_trace),
        T(a_migration_cannot_break_foreign_keys), T(a_newer_database_is_left_alone),
        T(several_may_migrate_at_once),
    };
    const struct CMUnitTest both[] = {
        cmocka_unit_test(both_engines_agree),
        cmocka_unit_test(a_difference_is_found),
    };
    int bad = cmocka_run_group_tests_name("sqlite", each, fixture_sqlite, fixture_group_end);
    bad += cmocka_run_group_tests_name("pgsql", each, fixture_pgsql, fixture_group_end);
    bad += cmocka_run_group_tests_name("both", both, fixture_pgsql, fixture_group_end);
    return bad;
}
