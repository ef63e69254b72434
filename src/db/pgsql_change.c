/* Changes on PostgreSQL. A change is SERIALIZABLE and runs again when the engine asks for it, or when the connection is
 * lost before the commit. Several changes share one transaction, each behind a savepoint, when they would only meet each
 * other's conflicts otherwise (writer.c says when). */
#include <time.h>

#include "base/rand.h"
#include "db/pgsql.h"

enum { TRIES = 20 };

/* --- one run --------------------------------------------------------------------------------------------- */

/* The change came to nothing: back to its savepoint, or the whole transaction when it is alone in it. False when the
 * transaction is gone. */
static bool change_undo(struct pgsql_db *db)
{
    if (db->mark == MARK_NONE) {
        pgsql_rollback(db);
        return true;
    }
    if (db->mark != MARK_READY) return true; /* it ran no statement */
    enum db_fault why = db->base.fault;
    char words[sizeof db->base.error];
    memcpy(words, db->base.error, sizeof words);
    db_fault_clear(&db->base);
    if (!pgsql_command(db, "rollback", "ROLLBACK TO SAVEPOINT change", "ROLLBACK")) return false;
    db->base.fault = why;
    memcpy(db->base.error, words, sizeof words);
    return true;
}

/* Runs one change and says how it stands before the commit. False when the transaction is doomed with it: db->base.fault
 * says whether to begin again. */
static bool change_run(struct pgsql_db *db, struct db_change *change)
{
    struct db *base = &db->base;
    base->arena = change->arena;
    db_fault_clear(base);
    bool accepted = change->apply(base, change) && base->fault == FAULT_NONE;
    if (base->fault == FAULT_AGAIN || base->fault == FAULT_LOST) return false;
    change->outcome = accepted                    ? DB_COMMITTED
                      : base->fault == FAULT_NONE ? DB_REFUSED
                                                  : db_fault_outcome(base);
    if (!accepted) return change_undo(db);
    if (db->mark == MARK_READY) db->mark = MARK_MOVE;
    return true;
}

static void outcome_set(struct db_change *first, enum db_outcome from, enum db_outcome to)
{
    for (; first; first = first->next)
        if (first->outcome == from) first->outcome = to;
}

enum run {
    RUN_DONE,  /* the outcomes stand */
    RUN_AGAIN, /* nothing was done; db->base.fault says why */
    RUN_APART, /* the commit was refused: a change broke a rule that is looked at only there */
};

static enum run chain_commit(struct pgsql_db *db, struct db_change *first)
{
    struct db *base = &db->base;
    base->begun = false;
    if (pgsql_command(db, "commit", "COMMIT", "COMMIT")) {
        atomic_fetch_add(&base->database->counters.commits, 1);
        return RUN_DONE;
    }
    if (base->fault == FAULT_AGAIN) return RUN_AGAIN;
    if (base->fault != FAULT_LOST && first->next) return RUN_APART;
    /* when the connection is lost nobody can say whether it was committed: to run it again might do it twice */
    if (base->fault == FAULT_LOST) db->stale = true;
    outcome_set(first, DB_COMMITTED, db_fault_outcome(base));
    return RUN_DONE;
}

/* The chain in one transaction. */
static enum run chain_run(struct pgsql_db *db, struct db_change *first)
{
    struct db *base = &db->base;
    bool any = false;
    db->mark = first->next ? MARK_SET : MARK_NONE;
    for (struct db_change *change = first; change; change = change->next) {
        if (!change_run(db, change)) {
            pgsql_rollback(db);
            return RUN_AGAIN;
        }
        any = any || change->outcome == DB_COMMITTED;
    }
    db_fault_clear(base);
    if (any && base->begun) return chain_commit(db, first);
    pgsql_rollback(db);
    return RUN_DONE;
}

/* --- until it stands ------------------------------------------------------------------------------------- */

/* Up to a random part of a span that doubles; a lost server is given two seconds in all. */
static void back_off(enum db_fault fault, int tries)
{
    uint64_t us = fault == FAULT_LOST ? 100000 : 1 + rand_u64() % (200u << (tries < 7 ? tries : 7));
    struct timespec pause = { .tv_sec = 0, .tv_nsec = (long)us * 1000 };
    nanosleep(&pause, NULL);
}

static void finish(struct database *database, struct db_change *first)
{
    for (struct db_change *next; first; first = next) {
        next = first->next; /* done() may free it */
        change_finish(database, first, first->outcome);
    }
}

static void each_apart(struct db *db, struct db_change *first)
{
    for (struct db_change *next; first; first = next) {
        next = first->next;
        first->next = NULL;
        pgsql_apply(db, first, true);
    }
}

struct db_change *pgsql_apply(struct db *base, struct db_change *first, bool alone)
{
    struct pgsql_db *db = (struct pgsql_db *)base;
    struct database *database = base->database;
    enum run run = chain_run(db, first);
    for (int i = 0; i < TRIES && run == RUN_AGAIN; i++) {
        if (base->fault == FAULT_LOST && db->down) break;
        atomic_fetch_add(&database->counters.retries, 1);
        if (base->fault == FAULT_AGAIN && !alone) return first;
        back_off(base->fault, i);
        run = chain_run(db, first);
    }
    if (run == RUN_APART) {
        each_apart(base, first);
        return NULL;
    }
    db->down = run == RUN_AGAIN && base->fault == FAULT_LOST;
    if (run == RUN_AGAIN) {
        if (base->fault == FAULT_AGAIN && database->report)
            database->report(S("commit"), S("given up after many conflicts with other changes"));
        for (struct db_change *change = first; change; change = change->next)
            change->outcome = DB_FAILED;
    }
    finish(database, first);
    return NULL;
}
