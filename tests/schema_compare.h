/* For tests: are the schemas of both engines the same, from empty and from every older version? */
#ifndef EDULAB_TESTS_SCHEMA_COMPARE_H
#define EDULAB_TESTS_SCHEMA_COMPARE_H

#include "db/db.h"

/* Tables, columns (type, NOT NULL, DEFAULT or none), keys, foreign keys and indexes, one a line, sorted. SQLite's
 * virtual tables, PostgreSQL's tsvector columns and gin indexes are each engine's own and left out; `ret_own`
 * (may be NULL) gets the names of the virtual tables, for schema_of_pgsql() to leave out as well. */
struct str schema_of_sqlite(struct arena *a, const char *path, struct str *ret_own);
struct str schema_of_pgsql(struct arena *a, const char *url, struct str own);
/* The lines that stand in one text only, with - or + in front; STR_NONE when there is none. */
struct str lines_difference(struct arena *a, struct str left, struct str right);

/* Gives the address of a new, empty database on the engine; `context` is the caller's. */
typedef const char *make_database(void *context, bool sqlite);

/* The whole check of a set of parts: migrates from empty on both engines and compares; prepares every statement on
 * both; then for k = 0, 1, … migrates to "at most k migrations of each part" and from there to the end, and compares
 * with the schema from empty. STR_NONE, or a text that says what is wrong. */
struct str schema_check(struct arena *a, const struct db_part *const *parts, make_database *make,
                        void *context);

#endif
