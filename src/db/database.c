/* Opening and closing, the pool of readers, and the calls that every driver answers. */
#include "db/driver.h"

#include <stdarg.h>

#include "base/limits.h"

enum { READERS = 8, READERS_MOST = 256, WRITERS = 8, BATCH = 64, BATCH_MOST = 4096 };

/* --- faults ---------------------------------------------------------------------------------------------- */

void db_fail(struct db *db, enum db_fault fault, const char *what, const char *format, ...)
{
    if (db->fault != FAULT_NONE) return;
    db->fault = fault;
    va_list args;
    va_start(args, format);
    vsnprintf(db->error, sizeof db->error, format, args);
    va_end(args);
    /* a conflict is not worth a word before the last try: the driver reports then */
    if (fault != FAULT_AGAIN && db->database->report)
        db->database->report(str_from(what), str_from(db->error));
}

void db_fault_clear(struct db *db)
{
    db->fault = FAULT_NONE;
    db->error[0] = '\0';
}

enum db_outcome db_fault_outcome(const struct db *db)
{
    return db->fault == FAULT_FULL ? DB_FULL : DB_FAILED;
}

bool db_failed(const struct db *db)
{
    return db->fault != FAULT_NONE;
}

struct str db_error_text(const struct db *db)
{
    return str_from(db->error);
}

bool db_is_sqlite(const struct db *db)
{
    return db->driver == &sqlite_driver;
}

struct arena *db_arena(struct db *db)
{
    return db->arena;
}

/* --- statements ------------------------------------------------------------------------------------------ */

bool db_one(struct db *db, const struct db_statement *st, const struct db_value *params,
            void *ret_row)
{
    return db->fault == FAULT_NONE && db->driver->one(db, st, params, ret_row);
}

size_t db_many(struct db *db, const struct db_statement *st, const struct db_value *params,
               void **ret_rows)
{
    *ret_rows = NULL;
    return db->fault == FAULT_NONE ? db->driver->many(db, st, params, ret_rows) : 0;
}

int64_t db_exec(struct db *db, const struct db_statement *st, const struct db_value *params)
{
    return db->fault == FAULT_NONE ? db->driver->exec(db, st, params) : 0;
}

void *rows_add(struct db *db, const struct db_statement *st, struct rows *rows)
{
    if (rows->n >= LIMIT_SQL_ROWS) {
        db_fail(db, FAULT_FAILED, st->name, "more than %d rows", LIMIT_SQL_ROWS);
        return NULL;
    }
    if (rows->n == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : 8;
        char *v = arena_alloc(db->arena, arena_bytes(st->row_size, cap));
        if (rows->n) memcpy(v, rows->v, rows->n * st->row_size);
        rows->v = v;
        rows->cap = cap;
    }
    return rows->v + rows->n++ * st->row_size;
}

bool db_knows(struct db *db, const struct db_statement *st)
{
    if (st->once || (st->index > 0 && st->index < db->database->slots)) return true;
    db_fail(db, FAULT_FAILED, st->name, "belongs to no part this database was opened with");
    return false;
}

/* Gives every statement its place in the program-wide table, once; connections cache by it. */
static unsigned statements_register(const struct db_part *const *parts)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static unsigned count;
    pthread_mutex_lock(&lock);
    for (; *parts; parts++)
        for (unsigned i = 0; i < (*parts)->statement_count; i++)
            if (!(*parts)->statements[i].index) (*parts)->statements[i].index = ++count;
    unsigned slots = count + 1;
    pthread_mutex_unlock(&lock);
    return slots;
}

/* --- readers --------------------------------------------------------------------------------------------- */

static void reader_put(struct pool *pool, struct db *db)
{
    pthread_mutex_lock(&pool->lock);
    pool->out--;
    if (db) {
        db->next = pool->free;
        pool->free = db;
    } else {
        pool->made--;
    }
    pthread_cond_signal(&pool->back);
    pthread_mutex_unlock(&pool->lock);
}

struct db *db_read_begin(struct database *database, struct arena *arena)
{
    struct pool *pool = &database->readers;
    pthread_mutex_lock(&pool->lock);
    while (!pool->free && pool->made == pool->max)
        pthread_cond_wait(&pool->back, &pool->lock);
    struct db *db = pool->free; /* the one used last: its cache is the warmest */
    if (db) pool->free = db->next;
    else pool->made++;
    pool->out++;
    pthread_mutex_unlock(&pool->lock);
    if (!db) {
        struct str why = STR_NONE;
        db = database->driver->connect(database, USE_READ, arena, &why);
        if (!db) {
            if (database->report) database->report(S("connect"), why);
            reader_put(pool, NULL);
            return NULL;
        }
    }
    db->arena = arena;
    db_fault_clear(db);
    return db;
}

void db_read_end(struct db *db)
{
    if (db->begun) db->driver->read_end(db);
    db->arena = NULL;
    reader_put(&db->database->readers, db);
}

static void readers_close(struct database *database)
{
    struct pool *pool = &database->readers;
    pthread_mutex_lock(&pool->lock);
    while (pool->out > 0)
        pthread_cond_wait(&pool->back, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    while (pool->free) {
        struct db *db = pool->free;
        pool->free = db->next;
        database->driver->disconnect(db);
    }
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->back);
}

/* --- opening --------------------------------------------------------------------------------------------- */

static unsigned between(unsigned value, unsigned normal, unsigned most)
{
    return value == 0 ? normal : value > most ? most : value;
}

/* Which driver answers for the address, and what it connects to. */
static bool address_read(struct database *database, struct str url)
{
    if (str_starts(url, S("sqlite:")) && url.n > 7) {
        database->driver = &sqlite_driver;
        database->url = arena_cstr(database->arena, str_sub(url, 7, url.n));
        return true;
    }
    if (str_starts(url, S("postgres://")) || str_starts(url, S("postgresql://"))) {
        database->driver = &pgsql_driver;
        database->url = arena_cstr(database->arena, url);
        return true;
    }
    return false;
}

/* The migrations' own statements first, then the caller's parts. */
static const struct db_part *const *parts_all(struct arena *a, const struct db_part *const *parts)
{
    unsigned n = 0;
    while (parts && parts[n])
        n++;
    const struct db_part **all = arena_array(a, const struct db_part *, n + 2);
    all[0] = &migration_part;
    for (unsigned i = 0; i < n; i++)
        all[i + 1] = parts[i];
    return all;
}

static void database_free(struct database *database)
{
    readers_close(database);
    pthread_mutex_destroy(&database->queue.lock);
    pthread_cond_destroy(&database->queue.filled);
    arena_destroy(database->arena);
    free(database);
}

struct database *database_open(const struct database_options *options, struct arena *arena,
                               struct str *ret_error)
{
    struct database *database = calloc(1, sizeof *database);
    if (!database) abort();
    database->arena = arena_create();
    pthread_mutex_init(&database->readers.lock, NULL);
    pthread_cond_init(&database->readers.back, NULL);
    pthread_mutex_init(&database->queue.lock, NULL);
    pthread_cond_init(&database->queue.filled, NULL);
    if (!address_read(database, options->url)) {
        *ret_error = S("the database address must begin with sqlite: or postgres://");
        database_free(database);
        return NULL;
    }
    bool sqlite = database->driver == &sqlite_driver;
    database->parts = parts_all(database->arena, options->parts);
    database->slots = statements_register(database->parts);
    database->report = options->report;
    database->readers.max = between(options->readers, READERS, READERS_MOST);
    database->batch = between(options->batch, BATCH, BATCH_MOST);
    database->writers = sqlite ? 1 : between(options->writers, WRITERS, COUNT(database->threads));
    if (!writers_start(database, arena, ret_error)) {
        database_free(database);
        return NULL;
    }
    return database;
}

void database_close(struct database *database)
{
    if (!database) return;
    writers_stop(database);
    database_free(database);
}

bool database_is_sqlite(const struct database *database)
{
    return database->driver == &sqlite_driver;
}

struct database_figures database_figures(struct database *database)
{
    const struct counters *c = &database->counters;
    return (struct database_figures){
        .changes = atomic_load(&c->changes),
        .refused = atomic_load(&c->refused),
        .failed = atomic_load(&c->failed),
        .commits = atomic_load(&c->commits),
        .retries = atomic_load(&c->retries),
        .largest_batch = atomic_load(&c->largest_batch),
    };
}

bool database_copy(struct database *database, struct str path, struct arena *arena,
                   struct str *ret_error)
{
    return database->driver->copy(database, path, arena, ret_error);
}

struct str database_check_statements(struct database *database, struct arena *arena)
{
    struct str why = STR_NONE;
    struct db *db = database->driver->connect(database, USE_READ, arena, &why);
    if (!db) return why;
    for (const struct db_part *const *part = database->parts; *part && !why.p; part++)
        for (unsigned i = 0; i < (*part)->statement_count && !why.p; i++)
            why = database->driver->check(db, &(*part)->statements[i], arena);
    database->driver->disconnect(db);
    return why;
}
