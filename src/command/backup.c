/* edulab backup: one consistent moment of database and files, taken while the site is open.
 *
 * The database is copied as of one moment. The files are held before it and again after it, so that none which that moment
 * names can be missing; they never change once they have their name. A file made later may be in the archive without a
 * row: nothing refers to it. */
#include <errno.h>
#include <unistd.h>

#include "base/time.h"
#include "command/app.h"
#include "command/archive.h"
#include "media/blob.h"

/* --- what is asked of the database ------------------------------------------------------------------------- */

struct part_row {
    struct str module;
    int64_t number;
};
struct count_row {
    int64_t n;
};
static const struct db_column part_columns[] = { { DB_TEXT, offsetof(struct part_row, module) },
                                                 { DB_INT, offsetof(struct part_row, number) } };
static const struct db_column count_columns[] = { { DB_INT, offsetof(struct count_row, n) } };

#define PARTS                                                                                      \
    "SELECT module, max(number) AS number FROM schema_migration GROUP BY module ORDER BY module"
enum { APPLIED, TABLES };

static struct db_statement statements[] = {
    [APPLIED] = { .name = "backup.applied",
                  .sqlite = PARTS,
                  .pgsql = PARTS,
                  .columns = part_columns,
                  .column_count = COUNT(part_columns),
                  .row_size = sizeof(struct part_row) },
    [TABLES] = { .name = "backup.tables",
                 .sqlite = "SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'",
                 .pgsql = "SELECT count(*) AS n FROM pg_class c JOIN pg_namespace s ON s.oid = "
                          "c.relnamespace "
                          "WHERE s.nspname NOT LIKE 'pg\\_%' AND s.nspname <> 'information_schema'",
                 .columns = count_columns,
                 .column_count = COUNT(count_columns),
                 .row_size = sizeof(struct count_row) },
};

const struct db_part backup_db = { .module = "backup",
                                   .statements = statements,
                                   .statement_count = COUNT(statements) };

int64_t backup_count_tables(struct app *app)
{
    struct count_row row = { 0 };
    struct db *db = db_read_begin(app->database, app->arena);
    if (!db) return -1;
    bool well = db_one(db, &statements[TABLES], NULL, &row);
    db_read_end(db);
    return well ? row.n : -1;
}

/* The migrations the database has: for people, and so that an older program refuses the backup at once. */
static bool list_parts(struct app *app, struct manifest *m)
{
    void *rows;
    struct db *db = db_read_begin(app->database, app->arena);
    if (!db) {
        app_say("the database cannot be reached");
        return false;
    }
    size_t n = db_many(db, &statements[APPLIED], NULL, &rows);
    bool failed = db_failed(db);
    if (failed) app_say("the database cannot be read: %.*s", STR(db_error_text(db)));
    db_read_end(db);
    m->parts = arena_array(app->arena, struct kept_part, n + 1);
    for (size_t i = 0; i < n; i++)
        m->parts[m->part_count++] = (struct kept_part){ ((struct part_row *)rows)[i].module,
                                                        ((struct part_row *)rows)[i].number };
    return !failed;
}

/* --- the copy -------------------------------------------------------------------------------------------------- */

static bool copy_database(struct app *app, struct str to, struct str *ret_error)
{
    if (database_is_sqlite(app->database))
        return database_copy(app->database, to, app->arena, ret_error);
    const char *const *environment = database_environment(app->db_url, app->arena, ret_error);
    const char *argv[] = { "pg_dump",       "--format=custom", "--no-owner", "--no-privileges",
                           "--no-password", "--file",          to.p,         NULL };
    return environment && run_tool(app->arena, argv, environment, ret_error);
}

/* The last part of a path. */
static struct str base_of(struct str path)
{
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_sub(path, at, path.n);
}

/* A blob's name is its sum: one that differs was damaged on the disk. It is kept as it is, and told. */
static void tell_damaged(const struct manifest *m)
{
    for (size_t i = 0; i < m->count; i++) {
        struct str name = m->files[i].name, base = base_of(name);
        if (str_starts(name, S("data/blobs/")) && blob_key_valid(base) &&
            !str_is(base, m->files[i].sha256))
            app_say("warning: %.*s is damaged on the disk: its content is not what its name says",
                    STR(name));
    }
}

static bool gather(struct app *app, struct hold *hold, struct manifest *m, struct str *ret_error)
{
    struct str skip[] = { S("edulab.db"), base_of(app->db_url) };
    size_t skip_count = m->sqlite ? 2 : 1;
    struct str copy = hold_path(hold, "database");
    char now[TIME_RFC3339 + 1];
    if (!hold_all(hold, skip, skip_count, ret_error)) return false;
    time_rfc3339(time_now(), now);
    m->created_at = arena_dup(app->arena, str_from(now));
    if (!copy_database(app, copy, ret_error)) return false;
    app_say("the database is copied; now its files");
    manifest_add(app->arena, m, m->sqlite ? S(DATABASE_SQLITE) : S(DATABASE_PGSQL), copy)->mode =
        0600;
    if (!hold_all(hold, skip, skip_count, ret_error) || !hold_list(hold, m, ret_error))
        return false;
    manifest_order(m);
    return archive_measure(app->arena, m, ret_error);
}

static bool run(struct app *app, struct str file)
{
    struct str error = STR_NONE;
    struct manifest m = { .sqlite = database_is_sqlite(app->database) };
    if (!list_parts(app, &m)) return false;
    struct hold *hold = hold_create(app->arena, app->data, &error);
    bool ok = hold && gather(app, hold, &m, &error);
    if (ok) tell_damaged(&m);
    ok = ok && archive_write_all(app->arena, &m, file, &error);
    if (hold) hold_release(hold);
    if (ok)
        app_say("%.*s holds the database and %zu files, %s", STR(file), m.count - 1,
                bytes_text(app->arena, m.bytes).p);
    else app_say("no backup was made: %.*s", STR(error));
    return ok;
}

/* Refusals that need not wait for the work. */
static bool may_write(struct app *app, struct str file)
{
    struct str loading = arena_printf(app->arena, "%.*s/demo.loading", STR(app->data));
    if (access(arena_cstr(app->arena, file), F_OK) == 0) {
        app_say("%.*s exists already: a backup never overwrites", STR(file));
        return false;
    }
    if (access(loading.p, F_OK) != 0) return true;
    app_say("the sample data is being loaded, or was cut short: there is nothing to back up yet");
    return false;
}

int command_backup(struct app *app, int argc, char **argv)
{
    if (argc != 1 || !*argv[0]) {
        app_say("backup wants the name of one new file: edulab backup --data DIR FILE.tar");
        return 2;
    }
    struct str file = str_from(argv[0]);
    if (!app_open_existing(app) || !may_write(app, file)) return 1;
    interruptible();
    return run(app, file) ? 0 : 1;
}
