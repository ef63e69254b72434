/* A fresh database for each test, on SQLite or on a private PostgreSQL cluster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "work/work.h"
#include "work/work_fixture.h"

bool fixture_on_pgsql;

static char cluster[64]; /* the folder of the cluster we started */
static char cluster_url[512];

/* --- a part with a table to see effects in ----------------------------------------------------------------------------- */

static const struct db_migration migrations[] = {
    { .module = "effect",
      .number = 1,
      .name = "0001_effect",
      .sqlite = "CREATE TABLE effect (job INTEGER NOT NULL, note TEXT NOT NULL) STRICT",
      .pgsql = "CREATE TABLE effect (job BIGINT NOT NULL, note TEXT NOT NULL)" },
};

static const enum db_type add_params[] = { DB_INT, DB_TEXT };
static const enum db_type int_params[] = { DB_INT };
static const struct db_column count_columns[] = { { DB_INT, offsetof(struct effects, all) },
                                                  { DB_INT, offsetof(struct effects, distinct) } };

enum { ADD, COUNTS, ALL_DUE, STEAL };

static struct db_statement statements[] = {
    [ADD] = { .name = "effect.add",
              .sqlite = "INSERT INTO effect (job, note) VALUES (?1, ?2)",
              .pgsql = "INSERT INTO effect (job, note) VALUES ($1, $2)",
              .params = add_params,
              .param_count = 2 },
    [COUNTS] = { .name = "effect.counts",
                 .sqlite = "SELECT count(*), count(DISTINCT job || note) FROM effect",
                 .pgsql = "SELECT count(*), count(DISTINCT job || note) FROM effect",
                 .columns = count_columns,
                 .column_count = 2,
                 .row_size = sizeof(struct effects) },
    [ALL_DUE] = { .name = "effect.all_due",
                  .sqlite = "UPDATE work_job SET due_at = 1 WHERE state < 2",
                  .pgsql = "UPDATE work_job SET due_at = 1 WHERE state < 2" },
    [STEAL] = { .name = "effect.steal",
                .sqlite = "UPDATE work_job SET owner = 1, due_at = ?1 WHERE state = 1",
                .pgsql = "UPDATE work_job SET owner = 1, due_at = $1 WHERE state = 1",
                .params = int_params,
                .param_count = 1 },
};

static const struct db_part effect_part = { "effect", migrations, COUNT(migrations), statements,
                                            COUNT(statements) };

static const struct db_part *const own_parts[] = { &work_db, &effect_part, NULL };
const struct db_part *const *fixture_parts = own_parts;

void effect_add(struct db *db, int64_t job, const char *note)
{
    db_exec(db, &statements[ADD],
            (const struct db_value[]){ { .integer = job }, { .text = str_from(note) } });
}

struct effects effects_count(struct fixture *f)
{
    struct effects e = { -1, -1 };
    struct db *db = db_read_begin(f->database, f->arena);
    assert_non_null(db);
    assert_true(db_one(db, &statements[COUNTS], NULL, &e));
    db_read_end(db);
    return e;
}

void everything_due(struct db *db)
{
    db_exec(db, &statements[ALL_DUE], NULL);
}

void steal_leases(struct db *db, int64_t until)
{
    db_exec(db, &statements[STEAL], (const struct db_value[]){ { .integer = until } });
}

/* --- databases --------------------------------------------------------------------------------------------------------- */

/* Runs tests/pg.sh and keeps the first line it prints. */
static bool pg_script(const char *arguments, char *line, size_t size)
{
    const char *script = access("tests/pg.sh", X_OK) == 0 ? "tests/pg.sh" : "../tests/pg.sh";
    char command[256];
    snprintf(command, sizeof command, "%s %s", script, arguments);
    FILE *out = popen(command, "r");
    if (!out) return false;
    if (!fgets(line, (int)size, out)) line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return pclose(out) == 0;
}

bool fixture_use_pgsql(void)
{
    char arguments[128];
    snprintf(cluster, sizeof cluster, "/tmp/edulab-work-pg-%ld", (long)getpid());
    snprintf(arguments, sizeof arguments, "start %s", cluster);
    fixture_on_pgsql = pg_script(arguments, cluster_url, sizeof cluster_url);
    return fixture_on_pgsql;
}

void fixture_stop_pgsql(void)
{
    char arguments[128], line[8];
    snprintf(arguments, sizeof arguments, "stop %s", cluster);
    pg_script(arguments, line, sizeof line);
    fixture_on_pgsql = false;
}

struct database *fixture_open(struct fixture *f)
{
    struct str error = STR_NONE;
    struct database_options options = { .url = f->url, .parts = fixture_parts, .writers = 4 };
    struct database *database = database_open(&options, f->arena, &error);
    if (!database) print_error("%.*s\n", STR(error));
    assert_non_null(database);
    return database;
}

static void fresh_url(struct fixture *f)
{
    if (!fixture_on_pgsql) {
        f->url = arena_printf(f->arena, "sqlite:%.*s/test.db", STR(f->folder));
        return;
    }
    char arguments[128], line[512];
    snprintf(arguments, sizeof arguments, "url %s work", cluster);
    assert_true(pg_script(arguments, line, sizeof line));
    f->url = arena_dup(f->arena, str_from(line));
}

int fixture_setup(void **state)
{
    struct arena *a = arena_create();
    struct fixture *f = arena_new(a, struct fixture);
    char folder[] = "/tmp/edulab-work-XXXXXX";
    if (!mkdtemp(folder)) return -1;
    f->arena = a;
    f->folder = arena_dup(a, str_from(folder));
    fresh_url(f);
    f->database = fixture_open(f);
    struct str error = STR_NONE;
    int applied = database_migrate(f->database, a, &error);
    if (applied < 1) print_error("migrations: %d %.*s\n", applied, STR(error));
    *state = f;
    return applied < 1 ? -1 : 0;
}

void fixture_work_stop(struct fixture *f)
{
    work_stop(f->work);
    f->work = NULL;
}

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    fixture_work_stop(f);
    if (f->database) database_close(f->database);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %.*s", STR(f->folder));
    int failed = system(command);
    arena_destroy(f->arena);
    return failed;
}

void fixture_change(struct fixture *f, bool (*apply)(struct db *db, void *context), void *context)
{
    assert_int_equal(db_change_run(f->database, f->arena, apply, context), DB_COMMITTED);
}
