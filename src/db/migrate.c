/* Migrations: each part's numbered files, applied once, each in one transaction that only one process can hold. */
#include "db/driver.h"

#include "base/time.h"

/* The one table that is not in a schema file, for it says which of them are applied. */
static const char sqlite_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration (module TEXT NOT NULL, number INTEGER NOT NULL, "
    "name TEXT NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (module, number)) STRICT";
static const char pgsql_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration (module TEXT NOT NULL, number BIGINT NOT NULL, "
    "name TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (module, number))";

struct last_row {
    int64_t number; /* DB_NULL: none yet */
};

static const enum db_type last_params[] = { DB_TEXT };
static const struct db_column last_columns[] = { { DB_INT, offsetof(struct last_row, number) } };
static const enum db_type add_params[] = { DB_TEXT, DB_INT, DB_TEXT, DB_INT };

enum { LAST, ADD };

static struct db_statement statements[] = {
    [LAST] = { .name = "schema_migration.last",
               .sqlite = "SELECT max(number) AS number FROM schema_migration WHERE module = ?1",
               .pgsql = "SELECT max(number) AS number FROM schema_migration WHERE module = $1",
               .params = last_params,
               .param_count = 1,
               .columns = last_columns,
               .column_count = 1,
               .row_size = sizeof(struct last_row) },
    [ADD] = { .name = "schema_migration.add",
              .sqlite = "INSERT INTO schema_migration (module, number, name, applied_at) "
                        "VALUES (?1, ?2, ?3, ?4)",
              .pgsql = "INSERT INTO schema_migration (module, number, name, applied_at) "
                       "VALUES ($1, $2, $3, $4)",
              .params = add_params,
              .param_count = 4 },
};

const struct db_part migration_part = { .module = "schema_migration",
                                        .statements = statements,
                                        .statement_count = COUNT(statements) };

/* The number of the last applied migration of a part; 0 for none. */
static int64_t last_applied(struct db *db, const struct db_part *part)
{
    struct last_row row = { 0 };
    const struct db_value values[] = { { .text = str_from(part->module) } };
    db_one(db, &statements[LAST], values, &row);
    return row.number == DB_NULL ? 0 : row.number;
}

/* A database that a newer program has changed is left alone. */
static bool is_newer(struct db *db, const struct db_part *part, int64_t last)
{
    if (last <= part->migration_count) return false;
    db_fail(db, FAULT_FAILED, "migrate",
            "the database is newer than this program: %s has migration %lld, the program knows %u",
            part->module, (long long)last, part->migration_count);
    return true;
}

/* Applies the next missing migration of the part, if any; false when there is none, or a failure. Leaves the name of
 * what it worked on. */
static bool apply_next(struct db *db, const struct db_part *part, const char **ret_name)
{
    *ret_name = part->module;
    db->driver->migration_begin(db);
    int64_t last = last_applied(db, part);
    if (db_failed(db) || is_newer(db, part, last) || last == part->migration_count) {
        db->driver->migration_end(db);
        return false;
    }
    const struct db_migration *m = &part->migrations[last];
    *ret_name = arena_printf(db->arena, "%s/%s", m->module, m->name).p;
    db->driver->script(db, db->driver->migration_text(m));
    const struct db_value values[] = { { .text = str_from(m->module) },
                                       { .integer = m->number },
                                       { .text = str_from(m->name) },
                                       { .integer = time_now() } };
    db_exec(db, &statements[ADD], values);
    db->driver->migration_end(db);
    return !db_failed(db);
}

int database_migrate(struct database *database, struct arena *arena, struct str *ret_error)
{
    struct db *db = database->driver->connect(database, USE_MIGRATE, arena, ret_error);
    if (!db) return -1;
    db->arena = arena;
    db->driver->migration_begin(db);
    db->driver->script(db, database_is_sqlite(database) ? sqlite_table : pgsql_table);
    db->driver->migration_end(db);
    int count = 0;
    const char *name = "schema_migration";
    for (const struct db_part *const *part = database->parts; *part && !db_failed(db); part++)
        while (apply_next(db, *part, &name))
            count++;
    if (db_failed(db)) {
        *ret_error = arena_printf(arena, "%s: %s", name, db->error);
        count = -1;
    }
    database->driver->disconnect(db);
    return count;
}

int database_pending(struct database *database, struct arena *arena, struct str *ret_error)
{
    struct db *db = database->driver->connect(database, USE_READ, arena, ret_error);
    if (!db) return -1;
    db->arena = arena;
    bool exists = db->driver->table_exists(db, "schema_migration");
    int64_t count = 0;
    for (const struct db_part *const *part = database->parts; *part; part++) {
        int64_t last = exists ? last_applied(db, *part) : 0;
        if (!is_newer(db, *part, last)) count += (*part)->migration_count - last;
    }
    if (db_failed(db)) {
        *ret_error = arena_dup(arena, str_from(db->error));
        count = -1;
    }
    if (db->begun) db->driver->read_end(db);
    database->driver->disconnect(db);
    return (int)count;
}
