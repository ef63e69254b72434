/* For the tests of the database layer: a fresh, migrated database on either engine. PostgreSQL is a private cluster of
 * this executable (tests/pg.sh), started with the first test that needs it and stopped at the end. */
#ifndef EDULAB_TESTS_DB_FIXTURE_H
#define EDULAB_TESTS_DB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "db/db.h"
#include "sample_sql.h"

struct fixture {
    struct arena *arena;
    char url[256];  /* of this test's own database, empty at first */
    char path[128]; /* SQLite: the file */
    bool sqlite;
    struct database *database; /* opened by fixture_open() */
    struct db *reader;         /* open between fixture_read() and fixture_read_end() */
};

/* cmocka group setups: which engine the tests of the group meet. */
int fixture_sqlite(void **state);
int fixture_pgsql(void **state);
int fixture_group_end(void **state);
/* For a group that began with fixture_pgsql: which engine the next database is on. */
void fixture_use(bool sqlite);
/* cmocka test setup and teardown: *state is a struct fixture with an open, migrated database. */
int fixture_begin(void **state);
int fixture_end(void **state);
/* The same without opening: an address and an empty database. */
int fixture_begin_empty(void **state);

/* Opens the test's database with the sample part; fails the test when that fails. */
struct database *fixture_open(struct fixture *f, unsigned batch);
void fixture_migrate(struct fixture *f);
/* A reader, ended with the test when the test fails before. */
struct db *fixture_read(struct fixture *f);
void fixture_read_end(struct fixture *f);
/* The failures reported since fixture_begin(), and the last one's "what: why". */
int fixture_reports(void);
const char *fixture_last_report(void);
/* A folder of this executable, removed at the end. */
const char *fixture_folder(void);
/* PostgreSQL: runs SQL over a connection of its own, outside the layer that is tested. */
void fixture_pgsql_command(const struct fixture *f, const char *sql);

/* How many accounts (beside the one that a migration makes) and entries there are now. */
struct sample_sql_totals fixture_totals(struct fixture *f);

#endif
