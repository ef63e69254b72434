/* Private to pgsql.c and pgsql_change.c: a connection to PostgreSQL. */
#ifndef EDULAB_DB_PGSQL_H
#define EDULAB_DB_PGSQL_H

#include <libpq-fe.h>

#include "db/driver.h"

/* Where a change of a batch stands. Its savepoint travels with its first statement. */
enum pgsql_mark {
    MARK_NONE,  /* no savepoint: the change is alone in its transaction */
    MARK_SET,   /* the next statement belongs behind a first savepoint */
    MARK_MOVE,  /* the same, and the one before is released: its change was accepted */
    MARK_READY, /* there is a savepoint that this change may go back to */
};

struct pgsql_db {
    struct db base;
    PGconn *link;
    bool *prepared; /* by db_statement.index */
    unsigned slots;
    enum pgsql_mark mark;
    bool owed;  /* the answer to a reader's COMMIT has not been read yet */
    bool stale; /* a plan is out of date: take a new connection for the next transaction */
    bool down;  /* the last change found no server: do not make the next one wait as long */
    char sqlstate[6];
};

/* One command by itself, waiting for it and its `expected` tag. False (and a fault) when it failed. */
bool pgsql_command(struct pgsql_db *db, const char *what, const char *sql, const char *expected);
/* Ends the open transaction, if any, without a trace. Leaves db->base.fault. */
void pgsql_rollback(struct pgsql_db *db);

struct db_change *pgsql_apply(struct db *db, struct db_change *first, bool alone);

#endif
