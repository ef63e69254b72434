/* What the layers above rely on, the same on both engines. run: seconds=300 */
#include "tests/db/fixture.h"

#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"

/* --- one statement after another ------------------------------------------------------------------------- */

static bool add_account(struct db *db, void *context)
{
    const struct sample_sql_account *a = context;
    return sample_sql_add(db, a->id, a->name, a->note, a->balance, a->rate, a->blob) == 1;
}

static enum db_outcome add(struct fixture *f, struct sample_sql_account a)
{
    return db_change_run(f->database, f->arena, add_account, &a);
}

static struct sample_sql_account get(struct fixture *f, int64_t id)
{
    struct sample_sql_account a = { 0 };
    struct db *db = fixture_read(f);
    assert_true(sample_sql_account(db, id, &a));
    fixture_read_end(f);
    return a;
}

static void values_come_back_as_they_went(void **state)
{
    struct fixture *f = *state;
    static const char zeros[] = "\0a\\x\0\xff\0";
    struct sample_sql_account given = {
        .id = INT64_MAX,
        .name = S("O'Brien \"L'été\" 🎉 \\ % :name ?1 $1; -- "),
        .note = S(""),
        .balance = 0,
        .rate = 0.1 + 0.2,
        .blob = { zeros, sizeof zeros - 1 },
    };
    assert_int_equal(add(f, given), DB_COMMITTED);
    struct sample_sql_account a = get(f, INT64_MAX);
    assert_true(str_eq(a.name, given.name));
    assert_non_null(a.note.p);
    assert_int_equal(a.note.n, 0);
    assert_true(a.rate == given.rate);
    assert_true(str_eq(a.blob, given.blob));
    assert_int_equal(a.name.p[a.name.n], '\0');
}

static void null_goes_and_comes(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, (struct sample_sql_account){ .id = 2, .name = S("a"), .rate = NAN }),
                     DB_COMMITTED);
    assert_int_equal(
        add(f,
            (struct sample_sql_account){
                .id = 3, .name = S("b"), .note = S("x"), .rate = -1e300, .blob = S("") }),
        DB_COMMITTED);
    struct sample_sql_account a = get(f, 2), b = get(f, 3);
    assert_null(a.note.p);
    assert_true(isnan(a.rate));
    assert_null(a.blob.p);
    assert_true(b.rate == -1e300);
    assert_non_null(b.blob.p);
    assert_int_equal(b.blob.n, 0);
    struct sample_sql_by_note *rows;
    struct db *db = fixture_read(f);
    assert_int_equal(sample_sql_by_note(db, STR_NONE, &rows), 1);
    assert_int_equal(rows[0].n, 1);
    assert_int_equal(sample_sql_by_note(db, S("x"), &rows), 1);
    assert_int_equal(rows[0].n, 1);
    struct sample_sql_without_rate without;
    assert_true(sample_sql_without_rate(db, &without));
    assert_int_equal(without.n, 1); /* NAN went as NULL */
    fixture_read_end(f);
    assert_true(fixture_totals(f).balance == 0);
}

static void sums_and_big_numbers_are_64_bits(void **state)
{
    struct fixture *f = *state;
    assert_true(fixture_totals(f).balance == DB_NULL); /* no row to sum */
    for (int64_t id = 2; id < 5; id++) {
        struct sample_sql_account a = { .id = id, .name = arena_printf(f->arena, "n%d", (int)id) };
        a.balance = INT64_C(1) << 60;
        a.rate = 1;
        assert_int_equal(add(f, a), DB_COMMITTED);
    }
    struct sample_sql_totals t = fixture_totals(f);
    assert_true(t.balance == 3 * (INT64_C(1) << 60));
    assert_true(t.later == INT64_C(4102444799999));
    assert_int_equal(t.is_any, 1);
}

static void many_gives_all_rows_in_order(void **state)
{
    struct fixture *f = *state;
    struct sample_sql_many_rows *rows;
    struct sample_sql_account *none;
    struct db *db = fixture_read(f);
    assert_int_equal(sample_sql_many_rows(db, 1000, &rows), 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rows[i].i, i + 1);
    assert_int_equal(sample_sql_accounts(db, &none), 0);
    assert_null(none);
    assert_false(db_failed(db));
    assert_int_equal(sample_sql_many_rows(db, LIMIT_SQL_ROWS + 1, &rows), 0);
    assert_true(db_failed(db));
    fixture_read_end(f);
}

static void a_wrong_type_is_a_failure_not_a_number(void **state)
{
    struct fixture *f = *state;
    struct sample_sql_average a;
    struct db *db = fixture_read(f);
    assert_false(sample_sql_average(db, &a));
    assert_true(db_failed(db));
    fixture_read_end(f);
}

static bool add_with_answer(struct db *db, void *context)
{
    struct sample_sql_add_returning *row = context;
    return sample_sql_add_returning(db, 7, S("seven"), row);
}

static void a_change_can_return_a_row(void **state)
{
    struct fixture *f = *state;
    struct sample_sql_add_returning row = { 0 };
    assert_int_equal(db_change_run(f->database, f->arena, add_with_answer, &row), DB_COMMITTED);
    assert_int_equal(row.id, 7);
    assert_int_equal(fixture_totals(f).accounts, 1);
}

static bool make_searchable(struct db *db, void *context)
{
    (void)context;
    sample_sql_make_searchable(db, 5, S("compétence numérique"));
    return sample_sql_make_searchable(db, 6, S("robotique")) == 1;
}

static void two_bodies_answer_alike(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_change_run(f->database, f->arena, make_searchable, NULL), DB_COMMITTED);
    struct sample_sql_search *rows;
    struct db *db = fixture_read(f);
    assert_int_equal(sample_sql_search(db, S("robotique"), &rows), 1);
    assert_int_equal(rows[0].rowid, 6);
    fixture_read_end(f);
}

/* --- snapshots ------------------------------------------------------------------------------------------- */

static void a_reader_sees_one_state(void **state)
{
    struct fixture *f = *state;
    struct sample_sql_totals before, after;
    struct db *db = fixture_read(f);
    sample_sql_totals(db, &before);
    assert_int_equal(add(f, (struct sample_sql_account){ .id = 2, .name = S("new") }),
                     DB_COMMITTED);
    assert_true(sample_sql_totals(db, &after));
    assert_int_equal(after.accounts, before.accounts);
    fixture_read_end(f);
    assert_int_equal(fixture_totals(f).accounts, before.accounts + 1);
}

static void a_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct db *db = fixture_read(f);
    assert_int_equal(sample_sql_add_new(db, 9, S("x")), 0);
    assert_true(db_failed(db));
    fixture_read_end(f);
    assert_int_equal(fixture_totals(f).accounts, 0);
    assert_non_null(strstr(fixture_last_report(), "sample.add_new: "));
}

static void *read_often(void *argument)
{
    struct fixture *f = argument;
    struct arena *arena = arena_create();
    for (int i = 0; i < 100; i++) {
        struct sample_sql_totals t = { 0 };
        struct db *db = db_read_begin(f->database, arena);
        if (!sample_sql_totals(db, &t) || t.accounts != 0) abort();
        db_read_end(db);
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static void more_threads_than_readers_take_turns(void **state)
{
    pthread_t threads[24];
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, read_often, *state);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
}

/* --- changes --------------------------------------------------------------------------------------------- */

static bool write_then_refuse(struct db *db, void *context)
{
    (void)context;
    if (sample_sql_add_new(db, 2, S("refused")) != 1) abort();
    sample_sql_enter(db, 1, 2, 10);
    return false;
}

static void a_refusal_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_change_run(f->database, f->arena, write_then_refuse, NULL), DB_REFUSED);
    struct sample_sql_totals t = fixture_totals(f);
    assert_int_equal(t.accounts, 0);
    assert_int_equal(t.entries, 0);
    assert_int_equal(database_figures(f->database).refused, 1);
    assert_int_equal(fixture_reports(), 0);
}

static bool add_twice(struct db *db, void *context)
{
    int64_t *second = context;
    sample_sql_add_new(db, 2, S("one"));
    *second = sample_sql_add_new(db, 3, S("one"));
    return true;
}

static void a_duplicate_is_no_failure_with_on_conflict(void **state)
{
    struct fixture *f = *state;
    int64_t second = -1;
    assert_int_equal(db_change_run(f->database, f->arena, add_twice, &second), DB_COMMITTED);
    assert_int_equal(second, 0);
    assert_int_equal(fixture_totals(f).accounts, 1);
}

static bool fail_then_go_on(struct db *db, void *context)
{
    (void)context;
    struct sample_sql_account a;
    sample_sql_add_new(db, 2, S("good"));
    if (sample_sql_set_balance(db, 2, -1) != 0) return false; /* CHECK says no */
    if (!db_failed(db) || db_error_text(db).n == 0) return false;
    if (sample_sql_account(db, 2, &a)) return false; /* doomed: no row any more */
    if (sample_sql_add_new(db, 4, S("later")) != 0) return false;
    return true; /* a rule that does not look is stopped all the same */
}

static void a_failure_is_sticky(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_change_run(f->database, f->arena, fail_then_go_on, NULL), DB_FAILED);
    assert_int_equal(fixture_totals(f).accounts, 0);
    assert_int_equal(fixture_reports(), 1);
    assert_non_null(strstr(fixture_last_report(), "sample.set_balance: "));
    assert_int_equal(database_figures(f->database).failed, 1);
}

static bool enter_for_nobody(struct db *db, void *context)
{
    (void)context;
    return sample_sql_enter(db, 1, 999, 5) == 1; /* the key is checked at the end */
}

static void a_deferred_key_is_the_fault_of_its_change(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_change_run(f->database, f->arena, enter_for_nobody, NULL), DB_FAILED);
    assert_int_equal(fixture_totals(f).entries, 0);
}

/* --- opening and looking after --------------------------------------------------------------------------- */

static void cannot_open(struct fixture *f, const char *url, const char *word)
{
    static const struct db_part *const parts[] = { &sample_db, NULL };
    struct str why = STR_NONE;
    struct database_options options = { .url = str_from(url), .parts = parts };
    assert_null(database_open(&options, f->arena, &why));
    if (str_search(why, str_from(word)) == why.n) fail_msg("%s: said '%.*s'", url, STR(why));
}

static void what_cannot_be_opened_says_why(void **state)
{
    struct fixture *f = *state;
    char path[200];
    cannot_open(f, "mysql://x", "sqlite:");
    cannot_open(f, "sqlite:", "sqlite:");
    cannot_open(f, "sqlite:/nowhere/at/all.db", "No such file");
    cannot_open(f, "postgres://nobody@%2Fnowhere/none", "cannot be reached");
    snprintf(path, sizeof path, "sqlite:%s/text", fixture_folder());
    FILE *file = fopen(path + 7, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        fputs("this is no database\n", file);
    fclose(file);
    cannot_open(f, path, "not a database");
}

static void every_statement_is_well(void **state)
{
    struct fixture *f = *state;
    struct str why = database_check_statements(f->database, f->arena);
    if (why.p) fail_msg("%.*s", STR(why));
}

static void a_bad_statement_is_named(void **state)
{
    struct fixture *f = *state;
    static const struct db_column column = { DB_TEXT, 0 };
    /* one for each engine: a statement once registered is known to every database opened later */
    static struct db_statement statements[2][2] = {
        { { .name = "bad.good",
            .sqlite = "SELECT name FROM account",
            .columns = &column,
            .column_count = 1,
            .row_size = sizeof(struct str) },
          { .name = "bad.column",
            .sqlite = "SELECT nix FROM account",
            .columns = &column,
            .column_count = 1,
            .row_size = sizeof(struct str) } },
        { { .name = "bad.good",
            .pgsql = "SELECT name FROM account",
            .columns = &column,
            .column_count = 1,
            .row_size = sizeof(struct str) },
          { .name = "bad.column",
            .pgsql = "SELECT nix FROM account",
            .columns = &column,
            .column_count = 1,
            .row_size = sizeof(struct str) } },
    };
    struct db_statement *bad = statements[f->sqlite ? 0 : 1];
    struct db_part part = { .module = "bad", .statements = bad, .statement_count = 2 };
    const struct db_part *const parts[] = { &sample_db, &part, NULL };
    struct str why = STR_NONE;
    struct database_options options = { .url = str_from(f->url), .parts = parts };
    struct database *database = database_open(&options, f->arena, &why);
    assert_non_null(database);
    why = database_check_statements(database, f->arena);
    assert_true(str_starts(why, S("bad.column: ")));
    assert_true(str_search(why, S("nix")) < why.n);
    database_close(database);

    /* and the first database does not know the part at all */
    struct str row;
    struct db *db = fixture_read(f);
    assert_false(db_one(db, &bad[0], NULL, &row));
    assert_true(db_failed(db));
    fixture_read_end(f);
}

static void a_copy_is_whole(void **state)
{
    struct fixture *f = *state;
    char path[160];
    struct str why = STR_NONE;
    snprintf(path, sizeof path, "%s/copy.db", fixture_folder());
    unlink(path);
    for (int64_t id = 2; id < 200; id++) {
        struct sample_sql_account a = { .id = id, .name = arena_printf(f->arena, "n%d", (int)id) };
        add(f, a);
    }
    bool copied = database_copy(f->database, str_from(path), f->arena, &why);
    if (!f->sqlite) {
        assert_false(copied);
        assert_true(str_search(why, S("pg_dump")) < why.n);
        return;
    }
    assert_true(copied);
    struct fixture copy = { .arena = f->arena };
    snprintf(copy.url, sizeof copy.url, "sqlite:%s", path);
    fixture_open(&copy, 0);
    assert_int_equal(fixture_totals(&copy).accounts, 198);
    assert_int_equal(database_pending(copy.database, f->arena, &why), 0);
    database_close(copy.database);
    assert_false(database_copy(f->database, S("/nowhere/copy.db"), f->arena, &why));
    assert_true(str_search(why, S("/nowhere/copy.db")) < why.n);
}

/* --- a server that goes away (PostgreSQL) ---------------------------------------------------------------- */

static const char kill_others[] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                  "WHERE datname = current_database() AND pid <> pg_backend_pid()";

struct interrupted {
    struct fixture *fixture;
    int runs;
};

static bool interrupted_apply(struct db *db, void *context)
{
    struct interrupted *i = context;
    sample_sql_add_new(db, 5, S("once"));
    if (i->runs++ == 0) fixture_pgsql_command(i->fixture, kill_others);
    sample_sql_enter(db, 1, 5, 1);
    return true;
}

static void a_lost_connection_is_replaced(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fixture_totals(f).accounts, 0);
    fixture_pgsql_command(f, kill_others);
    assert_int_equal(fixture_totals(f).accounts, 0);
    assert_int_equal(fixture_reports(), 0);
    struct interrupted i = { .fixture = f };
    assert_int_equal(db_change_run(f->database, f->arena, interrupted_apply, &i), DB_COMMITTED);
    assert_int_equal(i.runs, 2);
    struct sample_sql_totals t = fixture_totals(f);
    assert_int_equal(t.accounts, 1);
    assert_int_equal(t.entries, 1);

    struct db *db = fixture_read(f);
    sample_sql_totals(db, &t);
    fixture_pgsql_command(f, kill_others);
    assert_false(
        sample_sql_totals(db, &t)); /* this snapshot is gone: to go on would mix two states */
    assert_true(db_failed(db));
    fixture_read_end(f);
    assert_int_equal(fixture_totals(f).accounts, 1);
}

/* --- only SQLite ------------------------------------------------------------------------------------------ */

/* What this executable does as another process: opens the file, reads, leaves. */
static int visit(const char *path)
{
    sqlite3 *handle;
    int bad = sqlite3_open(path, &handle) ||
              sqlite3_exec(handle, "SELECT count(*) FROM schema_migration", NULL, NULL, NULL);
    return sqlite3_close(handle) || bad;
}

/* The last to leave deletes the log of changes: it must see that we are still there. Our locks on the file vanish as soon
 * as anything in this process opens and closes it beside SQLite. */
static void a_visitor_leaves_the_log_in_place(void **state)
{
    struct fixture *f = *state;
    char log[sizeof f->path + 4];
    int status;
    snprintf(log, sizeof log, "%s-wal", f->path);
    database_close(
        f->database); /* as after a restart: nothing to migrate, which would take the locks anew */
    f->database = fixture_open(f, 0);
    fixture_totals(f); /* a reader and the writer are open */
    assert_int_equal(access(log, F_OK), 0);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "db_test", "--visit", f->path, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(access(log, F_OK), 0);
}

/* --------------------------------------------------------------------------------------------------------- */

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--visit") == 0) return visit(argv[2]);
    const struct CMUnitTest both[] = {
        T(values_come_back_as_they_went),
        T(null_goes_and_comes),
        T(sums_and_big_numbers_are_64_bits),
        T(many_gives_all_rows_in_order),
        T(a_wrong_type_is_a_failure_not_a_number),
        T(a_change_can_return_a_row),
        T(two_bodies_answer_alike),
        T(a_reader_sees_one_state),
        T(a_reader_cannot_write),
        T(more_threads_than_readers_take_turns),
        T(a_refusal_leaves_no_trace),
        T(a_duplicate_is_no_failure_with_on_conflict),
        T(a_failure_is_sticky),
        T(a_deferred_key_is_the_fault_of_its_change),
        T(what_cannot_be_opened_says_why),
        T(every_statement_is_well),
        T(a_bad_statement_is_named),
        T(a_copy_is_whole),
        T(a_lost_connection_is_replaced),
    };
    const struct CMUnitTest sqlite_only[] = { T(a_visitor_leaves_the_log_in_place) };
    /* SQLite has no connection to lose: it is spared the last one */
    int bad =
        _cmocka_run_group_tests("sqlite", both, COUNT(both) - 1, fixture_sqlite, fixture_group_end);
    bad +=
        cmocka_run_group_tests_name("sqlite only", sqlite_only, fixture_sqlite, fixture_group_end);
    bad += cmocka_run_group_tests_name("pgsql", both, fixture_pgsql, fixture_group_end);
    return bad;
}
