/* Private to src/db: what a driver (sqlite.c, pgsql.c) gives, and what the files of this layer share. */
#ifndef EDULAB_DB_DRIVER_H
#define EDULAB_DB_DRIVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"

/* Why a transaction is doomed. */
enum db_fault {
    FAULT_NONE,
    FAULT_FAILED,
    FAULT_FULL,  /* the disk */
    FAULT_AGAIN, /* a conflict with another transaction: run the change again */
    FAULT_LOST,  /* the connection */
};

enum connection_use { USE_READ, USE_WRITE, USE_MIGRATE };

struct db {
    const struct driver *driver;
    struct database *database;
    struct arena *arena; /* of the transaction's owner */
    struct db *next;     /* in the pool's free list */
    enum connection_use use;
    bool begun; /* the engine's transaction is open; readers open it with the first statement */
    enum db_fault fault;
    char error[512];
};

struct driver {
    /* A connection on the heap; NULL with the reason in ret_error. */
    struct db *(*connect)(struct database *database, enum connection_use use, struct arena *arena,
                          struct str *ret_error);
    void (*disconnect)(struct db *db);
    /* The three forms of a statement; called only while db->fault is FAULT_NONE. */
    bool (*one)(struct db *db, const struct db_statement *st, const struct db_value *params,
                void *ret_row);
    size_t (*many)(struct db *db, const struct db_statement *st, const struct db_value *params,
                   void **ret_rows);
    int64_t (*exec)(struct db *db, const struct db_statement *st, const struct db_value *params);
    void (*read_end)(struct db *db);
    /* Runs a chain of changes taken from the queue and calls done() of each. `alone`: no other thread of this program
     * is beginning one meanwhile. Returns those that met a conflict and are to be run alone; NULL when alone. */
    struct db_change *(*apply)(struct db *db, struct db_change *first, bool alone);
    /* A migration's transaction: alone among all processes. Failures leave db->fault. */
    void (*migration_begin)(struct db *db);
    void (*migration_end)(struct db *db); /* commits; rolls back when db->fault is set */
    void (*script)(struct db *db, const char *sql);
    bool (*table_exists)(struct db *db, const char *name);
    /* Prepares and compares the columns; STR_NONE when well. */
    struct str (*check)(struct db *db, const struct db_statement *st, struct arena *arena);
    bool (*copy)(struct database *database, struct str path, struct arena *arena,
                 struct str *ret_error);
    const char *(*migration_text)(const struct db_migration *migration);
};

extern const struct driver sqlite_driver, pgsql_driver;

struct counters {
    atomic_llong changes, refused, failed, commits, retries, largest_batch;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct db_change *first, *last;
    bool alone;       /* PostgreSQL: one thread has taken a batch, the others wait for it */
    unsigned ordered; /* so many of those waiting want their order */
    unsigned crowded; /* so many batches more are to be taken alone, after a conflict */
    bool stopping;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t back;
    struct db *free;
    unsigned made, out, max;
};

struct database {
    const struct driver *driver;
    struct arena *arena; /* lives as long as the database; filled only by database_open() */
    const char *url;     /* what the driver connects to: a file path or a libpq address */
    const struct db_part *const *parts;
    unsigned slots; /* statements in the program-wide table, plus one */
    unsigned batch, writers;
    void (*report)(struct str what, struct str why);
    struct pool readers;
    struct queue queue;
    pthread_t threads[64];
    unsigned thread_count;
    struct counters counters;
};

/* database.c */
/* Dooms the transaction (the first reason stays) and tells the report. */
void db_fail(struct db *db, enum db_fault fault, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void db_fault_clear(struct db *db);
enum db_outcome db_fault_outcome(const struct db *db);
/* Where a row array goes on: room for one more row, doubled in the arena when full. NULL (and a fault) past the limit. */
struct rows {
    char *v;
    size_t n, cap;
};
void *rows_add(struct db *db, const struct db_statement *st, struct rows *rows);
/* Is the statement in a part this database was opened with? Dooms the transaction when not. */
bool db_knows(struct db *db, const struct db_statement *st);

/* writer.c */
bool writers_start(struct database *database, struct arena *arena, struct str *ret_error);
void writers_stop(struct database *database);
/* Counts and calls done(). */
void change_finish(struct database *database, struct db_change *change, enum db_outcome outcome);

/* migrate.c: the part that holds the table of applied migrations. */
extern const struct db_part migration_part;

#endif
