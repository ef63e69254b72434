/* For this layer's tests: a database of their own on each engine, with a table of effects to count. */
#ifndef EDULAB_WORK_WORK_FIXTURE_H
#define EDULAB_WORK_WORK_FIXTURE_H

#include "db/db.h"

struct fixture {
    struct arena *arena;
    struct database *database;
    struct str folder; /* temporary, removed at the end */
    struct str url;
    struct work *work; /* what a test started: stopped at the end, also of one that failed */
};

/* Engines to test on, SQLite, and PostgreSQL through tests/pg.sh. */
bool fixture_use_pgsql(void);
void fixture_stop_pgsql(void);
extern bool fixture_on_pgsql;

/* The parts to migrate; without it work and the effects. NULL-terminated. */
extern const struct db_part *const *fixture_parts;

int fixture_setup(void **state);
int fixture_teardown(void **state);
void fixture_work_stop(struct fixture *f);
/* Opens the fixture's database once more: in a forked process, or after closing it. */
struct database *fixture_open(struct fixture *f);
/* Runs apply in a transaction that must commit. */
void fixture_change(struct fixture *f, bool (*apply)(struct db *db, void *context), void *context);

/* In a transaction: notes an effect; counts all and the distinct ones; makes every waiting job due. */
void effect_add(struct db *db, int64_t job, const char *note);
struct effects {
    int64_t all, distinct;
};
struct effects effects_count(struct fixture *f);
void everything_due(struct db *db);
/* Takes every lease away, as if another process had it. */
void steal_leases(struct db *db, int64_t until);

#endif
