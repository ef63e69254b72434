/* The SQLite driver. One writer connection, whose batches end in one durable commit (WAL, synchronous FULL); readers
 * beside it see snapshots and are never held up. Statements are prepared once for each connection. */
#include "db/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <unistd.h>

enum { BUSY_MS = 20000, MMAP_BYTES = 256 * 1024 * 1024 };

enum fixed {
    BEGIN_READ,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    ROLLBACK_TO,
    FIXED_COUNT
};

static const char *const fixed_text[FIXED_COUNT] = {
    [BEGIN_READ] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SAVEPOINT] = "SAVEPOINT change",
    [RELEASE] = "RELEASE change",
    [ROLLBACK_TO] = "ROLLBACK TO change",
};

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    sqlite3_stmt *fixed[FIXED_COUNT];
    sqlite3_stmt **cache; /* by db_statement.index */
    unsigned slots;
    unsigned busy_us; /* waited so far for another process */
};

static struct sqlite_db *own(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* Dooms the transaction for what SQLite just said. */
static void fail(struct db *db, const char *what)
{
    sqlite3 *handle = own(db)->handle;
    int code = sqlite3_errcode(handle) & 0xff;
    bool full =
        code == SQLITE_FULL || (code == SQLITE_IOERR && sqlite3_system_errno(handle) == ENOSPC);
    db_fail(db, full ? FAULT_FULL : FAULT_FAILED, what, "%s (%d)", sqlite3_errmsg(handle),
            sqlite3_extended_errcode(handle));
}

/* --- connections ----------------------------------------------------------------------------------------- */

/* Short sleeps while another process writes: SQLite's own handler grows to a tenth of a second. */
static int busy(void *argument, int count)
{
    struct sqlite_db *db = argument;
    if (count == 0) db->busy_us = 0;
    if (db->busy_us >= BUSY_MS * 1000) return 0;
    unsigned us = count < 8 ? 250 : 2000;
    usleep(us);
    db->busy_us += us;
    return 1;
}

static void library_prepare(void)
{
    /* each connection is used by one thread at a time, and nobody reads the memory figures; refused without harm
     * when something in the process has used SQLite already */
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
}

/* The file holds personal data: when it is new, only its owner may read it. One that is there is never opened here: a
 * close would drop the POSIX locks of this process' other connections, and the next process to leave would delete the WAL
 * under them, with every change to come. */
static bool file_create(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return errno == EEXIST;
    close(fd);
    return true;
}

static const char *pragmas(enum connection_use use)
{
    switch (use) {
    case USE_READ: return "PRAGMA query_only=ON; PRAGMA cache_size=-1024;";
    case USE_WRITE: return "PRAGMA foreign_keys=ON; PRAGMA cache_size=-8192;";
    case USE_MIGRATE: /* a table may be made anew under its old name; checked before the commit */
        return "PRAGMA foreign_keys=OFF;";
    }
    return "";
}

static bool handle_prepare(struct sqlite_db *db, enum connection_use use)
{
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_handler(db->handle, busy, db);
    char common[200];
    snprintf(common, sizeof common,
             "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=%d; "
             "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
             MMAP_BYTES);
    if (sqlite3_exec(db->handle, common, NULL, NULL, NULL) ||
        sqlite3_exec(db->handle, pragmas(use), NULL, NULL, NULL))
        return false;
    for (int i = 0; i < FIXED_COUNT; i++)
        if (sqlite3_prepare_v3(db->handle, fixed_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &db->fixed[i], NULL))
            return false;
    return true;
}

static void sqlite_disconnect(struct db *base)
{
    struct sqlite_db *db = own(base);
    for (unsigned i = 0; i < db->slots; i++)
        sqlite3_finalize(db->cache[i]);
    for (int i = 0; i < FIXED_COUNT; i++)
        sqlite3_finalize(db->fixed[i]);
    if (base->use == USE_WRITE &&
        db->handle) /* keeps the planner's figures fresh; may do nothing */
        sqlite3_exec(db->handle, "PRAGMA analysis_limit=400; PRAGMA optimize;", NULL, NULL, NULL);
    sqlite3_close(db->handle);
    free(db->cache);
    free(db);
}

static struct db *sqlite_connect(struct database *database, enum connection_use use,
                                 struct arena *arena, struct str *ret_error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_prepare);
    struct sqlite_db *db = calloc(1, sizeof *db);
    if (!db) abort();
    db->base = (struct db){ .driver = &sqlite_driver, .database = database, .use = use };
    db->slots = database->slots;
    db->cache = calloc(db->slots, sizeof *db->cache);
    if (!db->cache) abort();
    if (!file_create(database->url)) {
        *ret_error = arena_printf(arena, "%s cannot be opened: %s", database->url, strerror(errno));
        sqlite_disconnect(&db->base);
        return NULL;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(database->url, &db->handle, flags, NULL) || !handle_prepare(db, use)) {
        *ret_error = arena_printf(arena, "%s cannot be opened: %s", database->url,
                                  sqlite3_errmsg(db->handle));
        sqlite_disconnect(&db->base);
        return NULL;
    }
    return &db->base;
}

static bool run_fixed(struct db *db, enum fixed which)
{
    sqlite3_stmt *st = own(db)->fixed[which];
    bool good = sqlite3_step(st) == SQLITE_DONE;
    if (!good) fail(db, which == BEGIN_WRITE || which == BEGIN_READ ? "begin" : "commit");
    sqlite3_reset(st);
    return good;
}

/* Is the engine's transaction gone, as after a full disk? */
static bool is_undone(struct db *db)
{
    return sqlite3_get_autocommit(own(db)->handle) != 0;
}

/* --- statements ------------------------------------------------------------------------------------------ */

static bool bind_all(sqlite3_stmt *handle, const struct db_statement *st,
                     const struct db_value *params)
{
    int bad = 0;
    for (unsigned i = 0; i < st->param_count; i++) {
        const struct db_value *v = &params[i];
        int at = (int)i + 1;
        switch (st->params[i]) {
        case DB_INT:
            bad |= v->integer == DB_NULL ? sqlite3_bind_null(handle, at)
                                         : sqlite3_bind_int64(handle, at, v->integer);
            break;
        case DB_REAL: /* SQLite itself stores NAN as NULL */
            bad |= sqlite3_bind_double(handle, at, v->real);
            break;
        case DB_TEXT:
            bad |=
                sqlite3_bind_text64(handle, at, v->text.p, v->text.n, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BLOB:
            bad |= sqlite3_bind_blob64(handle, at, v->text.p, v->text.n, SQLITE_STATIC);
            break;
        }
    }
    return bad == 0;
}

/* The statement prepared and bound, inside a transaction; NULL (and a fault) when that fails. */
static sqlite3_stmt *ready(struct db *base, const struct db_statement *st,
                           const struct db_value *params)
{
    struct sqlite_db *db = own(base);
    if (!db_knows(base, st)) return NULL;
    if (!base->begun) {
        if (!run_fixed(base, BEGIN_READ)) return NULL;
        base->begun = true;
    }
    sqlite3_stmt **slot = &db->cache[st->once ? 0 : st->index];
    if (st->once) { /* nothing else has the place 0: it keeps the last of these until the next */
        sqlite3_finalize(*slot);
        *slot = NULL;
    }
    if (!*slot &&
        sqlite3_prepare_v3(db->handle, st->sqlite, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL)) {
        fail(base, st->name);
        return NULL;
    }
    if (!bind_all(*slot, st, params)) {
        fail(base, st->name);
        return NULL;
    }
    return *slot;
}

static struct str value_bytes(struct arena *a, sqlite3_value *value)
{
    const char *p = sqlite3_value_blob(value);
    size_t n = (size_t)sqlite3_value_bytes(value);
    return arena_dup(a, (struct str){ p ? p : "", n });
}

/* Values are read where they stand: in SQLite's multi-thread mode (library_prepare) every value is a protected one. */
static bool row_read(struct db *db, const struct db_statement *st, sqlite3_stmt *handle,
                     char *ret_row)
{
    for (unsigned i = 0; i < st->column_count; i++) {
        void *field = ret_row + st->columns[i].offset;
        sqlite3_value *value = sqlite3_column_value(handle, (int)i);
        int type = sqlite3_value_type(value);
        switch (st->columns[i].type) {
        case DB_INT:
            if (type != SQLITE_INTEGER && type != SQLITE_NULL) {
                db_fail(db, FAULT_FAILED, st->name, "column %u is not an integer", i + 1);
                return false;
            }
            *(int64_t *)field = type == SQLITE_NULL ? DB_NULL : sqlite3_value_int64(value);
            break;
        case DB_REAL:
            *(double *)field = type == SQLITE_NULL ? NAN : sqlite3_value_double(value);
            break;
        case DB_TEXT:
        case DB_BLOB:
            *(struct str *)field = type == SQLITE_NULL ? STR_NONE : value_bytes(db->arena, value);
            break;
        }
    }
    return true;
}

static bool sqlite_one(struct db *db, const struct db_statement *st, const struct db_value *params,
                       void *ret_row)
{
    sqlite3_stmt *handle = ready(db, st, params);
    if (!handle) return false;
    int rc = sqlite3_step(handle);
    bool found = rc == SQLITE_ROW && row_read(db, st, handle, ret_row);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) fail(db, st->name);
    sqlite3_reset(handle);
    return found;
}

static size_t sqlite_many(struct db *db, const struct db_statement *st,
                          const struct db_value *params, void **ret_rows)
{
    sqlite3_stmt *handle = ready(db, st, params);
    if (!handle) return 0;
    struct rows rows = { 0 };
    int rc;
    while ((rc = sqlite3_step(handle)) == SQLITE_ROW) {
        char *row = rows_add(db, st, &rows);
        if (!row || !row_read(db, st, handle, row)) break;
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) fail(db, st->name);
    sqlite3_reset(handle);
    if (db->fault != FAULT_NONE) return 0;
    *ret_rows = rows.v;
    return rows.n;
}

static int64_t sqlite_exec(struct db *db, const struct db_statement *st,
                           const struct db_value *params)
{
    sqlite3_stmt *handle = ready(db, st, params);
    if (!handle) return 0;
    bool good = sqlite3_step(handle) == SQLITE_DONE;
    if (!good) fail(db, st->name);
    sqlite3_reset(handle);
    return good ? sqlite3_changes64(own(db)->handle) : 0;
}

static void sqlite_read_end(struct db *db)
{
    run_fixed(db, COMMIT);
    if (!is_undone(db)) run_fixed(db, ROLLBACK);
    db->begun = false;
}

/* --- changes --------------------------------------------------------------------------------------------- */

/* A foreign key that is checked at the commit would take the whole batch down with it: found here, it is the fault
 * of the change that broke it. */
static bool has_broken_key(struct db *db)
{
    int current = 0, highest;
    sqlite3_db_status(own(db)->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
    return current != 0;
}

/* Runs one change in its savepoint and says how it stands before the commit. */
static enum db_outcome change_run(struct db *db, struct db_change *change)
{
    db->arena = change->arena;
    db_fault_clear(db);
    if (!run_fixed(db, SAVEPOINT)) return db_fault_outcome(db);
    bool accepted = change->apply(db, change);
    if (accepted && db->fault == FAULT_NONE && has_broken_key(db))
        db_fail(db, FAULT_FAILED, "commit",
                "FOREIGN KEY constraint failed at the end of the change");
    if (accepted && db->fault == FAULT_NONE && run_fixed(db, RELEASE)) return DB_COMMITTED;
    bool failed = db->fault != FAULT_NONE;
    enum db_outcome outcome = failed ? db_fault_outcome(db) : DB_REFUSED;
    if (is_undone(db)) return outcome;
    db_fault_clear(db);
    run_fixed(db, ROLLBACK_TO);
    run_fixed(db, RELEASE);
    return db->fault != FAULT_NONE ? db_fault_outcome(db) : outcome;
}

/* Tells the changes from `first` up to `end` (not included) how it ended. */
static void finish(struct db *db, struct db_change *first, struct db_change *end)
{
    for (struct db_change *next; first != end; first = next) {
        next = first->next; /* done() may free it */
        change_finish(db->database, first, first->outcome);
    }
}

/* What was to be committed is not. */
static void undo(struct db_change *first, struct db_change *end, enum db_outcome outcome)
{
    for (; first != end; first = first->next)
        if (first->outcome == DB_COMMITTED) first->outcome = outcome;
}

/* Runs changes in one transaction until the end of the chain, or until the engine gives the transaction up. Returns
 * where the next transaction begins. */
static struct db_change *batch_run(struct db *db, struct db_change *first)
{
    struct db_change *end = first;
    db_fault_clear(db);
    if (!run_fixed(db, BEGIN_WRITE)) {
        for (; end; end = end->next)
            end->outcome = db_fault_outcome(db);
        finish(db, first, NULL);
        return NULL;
    }
    db->begun = true;
    while (end && !is_undone(db)) {
        end->outcome = change_run(db, end);
        end = end->next;
    }
    if (is_undone(db)) {
        undo(first, end, db_fault_outcome(db));
    } else {
        db_fault_clear(db);
        if (!run_fixed(db, COMMIT)) {
            undo(first, end, db_fault_outcome(db));
            if (!is_undone(db)) run_fixed(db, ROLLBACK);
        } else {
            atomic_fetch_add(&db->database->counters.commits, 1);
        }
    }
    db->begun = false;
    finish(db, first, end);
    return end;
}

static struct db_change *sqlite_apply(struct db *db, struct db_change *first, bool alone)
{
    (void)alone; /* there is one writer */
    while (first)
        first = batch_run(db, first);
    return NULL;
}

/* --- migrations and the rest ----------------------------------------------------------------------------- */

static void sqlite_migration_begin(struct db *db)
{
    if (db->fault == FAULT_NONE && run_fixed(db, BEGIN_WRITE)) db->begun = true;
}

static int note_row(void *argument, int n, char **values, char **names)
{
    (void)names;
    struct db *db = argument;
    db_fail(db, FAULT_FAILED, "migrate", "a row of %s refers to a row of %s that does not exist",
            n > 0 && values[0] ? values[0] : "a table", n > 2 && values[2] ? values[2] : "another");
    return 0;
}

static void sqlite_migration_end(struct db *db)
{
    if (!db->begun) return;
    sqlite3 *handle = own(db)->handle;
    if (db->fault == FAULT_NONE &&
        sqlite3_exec(handle, "PRAGMA foreign_key_check", note_row, db, NULL))
        fail(db, "migrate");
    if (db->fault == FAULT_NONE) run_fixed(db, COMMIT);
    if (!is_undone(db)) run_fixed(db, ROLLBACK);
    db->begun = false;
}

static void sqlite_script(struct db *db, const char *sql)
{
    if (db->fault == FAULT_NONE && sqlite3_exec(own(db)->handle, sql, NULL, NULL, NULL))
        fail(db, "migrate");
}

static bool sqlite_table_exists(struct db *db, const char *name)
{
    return sqlite3_table_column_metadata(own(db)->handle, "main", name, NULL, NULL, NULL, NULL,
                                         NULL, NULL) == SQLITE_OK;
}

static struct str sqlite_check(struct db *db, const struct db_statement *st, struct arena *arena)
{
    sqlite3_stmt *handle;
    sqlite3 *own_handle = own(db)->handle;
    if (sqlite3_prepare_v2(own_handle, st->sqlite, -1, &handle, NULL))
        return arena_printf(arena, "%s: %s", st->name, sqlite3_errmsg(own_handle));
    int columns = sqlite3_column_count(handle), params = sqlite3_bind_parameter_count(handle);
    sqlite3_finalize(handle);
    if (columns == (int)st->column_count && params <= (int)st->param_count) return STR_NONE;
    return arena_printf(arena, "%s: %d columns and %d parameters, where %u and %u were expected",
                        st->name, columns, params, st->column_count, st->param_count);
}

static const char *sqlite_migration_text(const struct db_migration *migration)
{
    return migration->sqlite;
}

/* Pages are copied from one snapshot of a connection of its own, so writers go on meanwhile. */
static bool sqlite_copy(struct database *database, struct str path, struct arena *arena,
                        struct str *ret_error)
{
    struct db *db = sqlite_connect(database, USE_READ, arena, ret_error);
    if (!db) return false;
    const char *target = arena_cstr(arena, path);
    sqlite3 *to = NULL;
    bool good = file_create(target) &&
                sqlite3_open_v2(target, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    sqlite3_backup *backup = good ? sqlite3_backup_init(to, "main", own(db)->handle, "main") : NULL;
    if (backup) {
        sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
    }
    good = backup && sqlite3_errcode(to) == SQLITE_OK;
    /* one file, without a log beside it; the program turns WAL on again when it opens it */
    if (good) good = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK;
    if (!good)
        *ret_error = arena_printf(arena, "the copy to %s failed: %s", target,
                                  to ? sqlite3_errmsg(to) : strerror(errno));
    sqlite3_close(to);
    sqlite_disconnect(db);
    return good;
}

const struct driver sqlite_driver = {
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .one = sqlite_one,
    .many = sqlite_many,
    .exec = sqlite_exec,
    .read_end = sqlite_read_end,
    .apply = sqlite_apply,
    .migration_begin = sqlite_migration_begin,
    .migration_end = sqlite_migration_end,
    .script = sqlite_script,
    .table_exists = sqlite_table_exists,
    .check = sqlite_check,
    .copy = sqlite_copy,
    .migration_text = sqlite_migration_text,
};
