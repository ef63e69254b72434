/* The database: one engine behind one API, SQLite by default, PostgreSQL by address.
 *
 * Statements live in mod/x/x.sql; tools/sqlgen turns each into one typed C function that takes a `struct db`.
 * A `struct db` is a connection inside a transaction, lent to one request, job or command at a time.
 *
 * Errors are sticky: after a failed statement the transaction is doomed, every further statement does nothing and
 * returns "no row", and whoever opened the transaction learns of it from db_failed() or the outcome. So rules read
 * straight on, and only the runner decides what a failure means. A duplicate is not a failure: write
 * ON CONFLICT … DO NOTHING and look at the number of rows. */
#ifndef EDULAB_DB_DB_H
#define EDULAB_DB_DB_H

#include "base/arena.h"

struct database; /* the process' database: pools, writer, prepared tables */
struct db;       /* one connection, inside a transaction */

/* SQL NULL of an integer, both ways. NULL text and blob: .p == NULL. NULL real: NAN. */
#define DB_NULL INT64_MIN

enum db_outcome {
    DB_COMMITTED,
    DB_REFUSED, /* the rule said no (returned false): rolled back, no trace */
    DB_FAILED, /* the engine failed: rolled back; why in db_error_text() and database_options.report */
    DB_FULL,     /* as DB_FAILED, because the disk is full */
    DB_STOPPING, /* the writer no longer takes changes */
};

/* --- what sqlgen's output hands over ------------------------------------------------------------------- */

enum db_type { DB_INT, DB_TEXT, DB_REAL, DB_BLOB };

struct db_value {
    union {
        int64_t integer;
        double real;
        struct str text; /* also blob */
    };
};

struct db_column {
    enum db_type type;
    unsigned offset; /* of the field in the row structure */
};

/* One statement of an .sql file. Static, made by sqlgen. */
struct db_statement {
    const char *name;   /* "learning.enrol" */
    const char *sqlite; /* ?1 ?2 … */
    const char *pgsql;  /* $1 $2 … */
    const enum db_type *params;
    unsigned param_count;
    const struct db_column *columns;
    unsigned column_count;
    unsigned row_size;
    unsigned index; /* in the program-wide table, given by the first database_open(); 0: not yet */
    /* Made at run time, in no part: prepared anew each time. Its text is made of names of our own schema only, never of
     * input: docs/decisions/0030. */
    bool once;
};

struct db_migration {
    const char *module;
    int number;       /* 1, 2, …: the file's prefix */
    const char *name; /* the file's name, for messages */
    const char *sqlite;
    const char
        *pgsql; /* types mapped: INTEGER→BIGINT, REAL→DOUBLE PRECISION, BLOB→BYTEA, no STRICT */
};

/* What one module brings to the database; sqlgen makes one for each: `extern const struct db_part x_db;` */
struct db_part {
    const char *module;
    const struct db_migration *migrations;
    unsigned migration_count;
    struct db_statement *statements; /* not const: `index` is filled in at start */
    unsigned statement_count;
};

/* Runs a statement for its first row; true when there is one (copied to ret_row, texts in the arena). */
bool db_one(struct db *db, const struct db_statement *st, const struct db_value *params,
            void *ret_row);
/* All rows as one array in the arena; returns their number. More than LIMIT_SQL_ROWS is a failure. */
size_t db_many(struct db *db, const struct db_statement *st, const struct db_value *params,
               void **ret_rows);
/* Returns the number of rows changed. */
int64_t db_exec(struct db *db, const struct db_statement *st, const struct db_value *params);

/* --- opening and migrating ------------------------------------------------------------------------------ */

struct database_options {
    struct str url; /* "sqlite:/path/file.db", or "postgres://…" (any libpq address) */
    const struct db_part *const *parts; /* in the order of migration; NULL-terminated */
    unsigned readers; /* connections for reading; 0 = a good number for the engine */
    unsigned writers; /* PostgreSQL only: parallel changes; SQLite has the one writer */
    unsigned batch;   /* SQLite: most changes in one commit; 0 = 64; 1 = one commit each */
    /* Told of every failed statement, commit or connection, once each, from any thread: where the log hangs in.
     * what: the statement's name, or "connect", "begin", "commit". May be NULL. */
    void (*report)(struct str what, struct str why);
};

/* Opens without migrating. On failure NULL, and *ret_error says why (in the arena). */
struct database *database_open(const struct database_options *options, struct arena *arena,
                               struct str *ret_error);
/* Waits for the changes under way, then closes. */
void database_close(struct database *database);
bool database_is_sqlite(const struct database *database);
/* Applies the missing migrations, each in one transaction; returns how many, -1 on error. Two processes at
 * once are safe: one waits for the other. */
int database_migrate(struct database *database, struct arena *arena, struct str *ret_error);
/* How many migrations this program knows that the database does not have; -1 on error. */
int database_pending(struct database *database, struct arena *arena, struct str *ret_error);
/* Prepares every statement of every part; NULL-text when all are well, else a sentence naming the first bad one. */
struct str database_check_statements(struct database *database, struct arena *arena);

/* --- reading -------------------------------------------------------------------------------------------- */

/* A read-only snapshot, taken with the first statement and the same until db_read_end(). Rows live in `arena`. Waits
 * for a free connection: a thread that begins a second one before it has ended the first may wait for ever.
 * NULL when the engine cannot be reached (an error for the caller to turn into 503). */
struct db *db_read_begin(struct database *database, struct arena *arena);
void db_read_end(struct db *db);

/* --- changing ------------------------------------------------------------------------------------------- */

/* One change: a rule run in a transaction. On SQLite many are committed together, each in its savepoint, with one
 * durable write; on PostgreSQL each has its own SERIALIZABLE transaction and is run AGAIN when the engine asks. So
 * `apply` may touch nothing but the database and what hangs on the change; it is never run by two threads at once. */
struct db_change {
    bool (*apply)(struct db *db, struct db_change *change); /* false: refuse, roll back */
    /* Called once, after the commit is durable or everything is rolled back; from a thread of the database. */
    void (*done)(struct db_change *change, enum db_outcome outcome);
    struct arena *arena; /* rows read by apply live here */
    void *context;
    bool in_order;          /* runs after every such change that was submitted before it */
    struct db_change *next; /* the queue's own, like the next */
    enum db_outcome outcome;
};

/* The change must live until done() has run. Does not wait. */
void db_change_submit(struct database *database, struct db_change *change);
/* The same, waiting: for jobs and commands. `apply` gets `context`. Never from apply() or done(). */
enum db_outcome db_change_run(struct database *database, struct arena *arena,
                              bool (*apply)(struct db *db, void *context), void *context);

/* True once a statement in this transaction has failed. */
bool db_failed(const struct db *db);
/* The engine's words for the failure: for logs, never for pages. */
struct str db_error_text(const struct db *db);
bool db_is_sqlite(const struct db *db);
struct arena *db_arena(struct db *db);

/* --- figures for /metrics ------------------------------------------------------------------------------- */

struct database_figures {
    int64_t changes, refused, failed, commits, retries; /* since start */
    int64_t largest_batch;
};
struct database_figures database_figures(struct database *database);

/* SQLite: a consistent copy into the file `path` (online backup API). PostgreSQL: false with a sentence that names
 * pg_dump, which the backup command runs. */
bool database_copy(struct database *database, struct str path, struct arena *arena,
                   struct str *ret_error);

/* A PostgreSQL address as environment variables ("PGHOST=…", NULL at the end) for pg_dump and pg_restore, so that no
 * password stands on a command line. NULL with a sentence when it cannot be read. */
const char *const *database_environment(struct str url, struct arena *arena, struct str *ret_error);

#endif
