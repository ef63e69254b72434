/* The queue of changes and the threads that empty it. SQLite has one thread and takes many changes at a time, all for
 * one commit. PostgreSQL has several threads, each with its connection and one change at a time, as long as the changes
 * do not meet: after a conflict, and for changes that want their order, one thread takes a batch as SQLite's does while
 * the others wait. So a crowd before one course costs no repeated work and nobody is given up. */
#include "db/driver.h"

#include <assert.h>
#include <signal.h>

/* How many batches are taken alone after a conflict. The next try in parallel costs one lost run for each thread, little
 * beside that many batches; and it comes soon enough when the crowd is gone. */
enum { CROWDED = 8 };

struct writer {
    struct database *database;
    struct db *db;
};

/* Off the front of the queue, at most `most`; the lock is held. */
static struct db_change *queue_cut(struct queue *q, unsigned most, long long *ret_n)
{
    struct db_change *first = q->first, *last = first;
    *ret_n = 0;
    for (struct db_change *next = first; next && *ret_n < most; next = next->next) {
        last = next;
        q->ordered -= next->in_order;
        ++*ret_n;
    }
    if (last) {
        q->first = last->next;
        last->next = NULL;
    }
    return first;
}

/* Is what waits for one thread alone? As soon as one of them wants its order, what stands before it goes along: apart it would
 * cost a commit for each. The lock is held. */
static bool queue_wants_alone(const struct database *database)
{
    const struct queue *q = &database->queue;
    return q->first && (database->writers == 1 || q->crowded > 0 || q->ordered > 0);
}

/* The next changes, in their order; NULL when the queue is empty and the database closes. *alone: whether this thread
 * had taken a batch alone, and whether it does now. It goes on if it can: its connection is the warm one. */
static struct db_change *queue_take(struct database *database, bool *alone)
{
    struct queue *q = &database->queue;
    long long n;
    pthread_mutex_lock(&q->lock);
    if (*alone) {
        q->alone = false;
        if (!queue_wants_alone(database)) pthread_cond_broadcast(&q->filled);
    }
    while (q->alone || (!q->first && !q->stopping))
        pthread_cond_wait(&q->filled, &q->lock);
    *alone = q->alone = queue_wants_alone(database);
    if (*alone && q->crowded > 0) q->crowded--;
    struct db_change *first = queue_cut(q, *alone ? database->batch : 1, &n);
    /* under the lock: nobody else raises it meanwhile */
    if (n > atomic_load(&database->counters.largest_batch))
        atomic_store(&database->counters.largest_batch, n);
    pthread_mutex_unlock(&q->lock);
    return first;
}

/* Back to the front: what met a conflict has waited longest. */
static void queue_put_back(struct queue *q, struct db_change *change)
{
    pthread_mutex_lock(&q->lock);
    change->next = q->first;
    if (!q->first) q->last = change;
    q->first = change;
    q->ordered += change->in_order;
    q->crowded = CROWDED;
    pthread_mutex_unlock(&q->lock);
}

static void *writer_main(void *argument)
{
    struct writer *writer = argument;
    bool alone = false;
    for (struct db_change *first; (first = queue_take(writer->database, &alone));) {
        struct db_change *met = writer->db->driver->apply(writer->db, first, alone);
        if (met) queue_put_back(&writer->database->queue, met);
    }
    writer->db->driver->disconnect(writer->db);
    free(writer);
    return NULL;
}

void change_finish(struct database *database, struct db_change *change, enum db_outcome outcome)
{
    struct counters *c = &database->counters;
    atomic_fetch_add(&c->changes, 1);
    if (outcome == DB_REFUSED) atomic_fetch_add(&c->refused, 1);
    if (outcome == DB_FAILED || outcome == DB_FULL) atomic_fetch_add(&c->failed, 1);
    change->done(change, outcome);
}

/* Signals are for the main thread. */
static bool thread_start(pthread_t *ret, void *(*main)(void *), void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(ret, NULL, main, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

bool writers_start(struct database *database, struct arena *arena, struct str *ret_error)
{
    while (database->thread_count < database->writers) {
        struct writer *writer = calloc(1, sizeof *writer);
        if (!writer) abort();
        writer->database = database;
        writer->db = database->driver->connect(database, USE_WRITE, arena, ret_error);
        if (writer->db &&
            thread_start(&database->threads[database->thread_count], writer_main, writer)) {
            database->thread_count++;
            continue;
        }
        if (writer->db) {
            *ret_error = S("no thread could be started for the database");
            database->driver->disconnect(writer->db);
        }
        free(writer);
        writers_stop(database);
        return false;
    }
    return true;
}

void writers_stop(struct database *database)
{
    pthread_mutex_lock(&database->queue.lock);
    database->queue.stopping = true;
    pthread_cond_broadcast(&database->queue.filled);
    pthread_mutex_unlock(&database->queue.lock);
    while (database->thread_count > 0)
        pthread_join(database->threads[--database->thread_count], NULL);
}

void db_change_submit(struct database *database, struct db_change *change)
{
    assert(change->apply && change->done && change->arena);
    struct queue *q = &database->queue;
    change->next = NULL;
    pthread_mutex_lock(&q->lock);
    bool stopping = q->stopping;
    if (!stopping) {
        if (q->first) q->last->next = change;
        else q->first = change;
        q->last = change;
        q->ordered += change->in_order;
        pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    if (stopping) change->done(change, DB_STOPPING);
}

/* --- waiting for one change ------------------------------------------------------------------------------ */

struct waiting {
    struct db_change change;
    bool (*apply)(struct db *db, void *context);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool is_finished;
    enum db_outcome outcome;
};

static bool waiting_apply(struct db *db, struct db_change *change)
{
    struct waiting *w = change->context;
    return w->apply(db, w->context);
}

static void waiting_done(struct db_change *change, enum db_outcome outcome)
{
    struct waiting *w = change->context;
    pthread_mutex_lock(&w->lock);
    w->outcome = outcome;
    w->is_finished = true;
    pthread_cond_signal(&w->finished);
    pthread_mutex_unlock(&w->lock);
}

enum db_outcome db_change_run(struct database *database, struct arena *arena,
                              bool (*apply)(struct db *db, void *context), void *context)
{
    struct waiting w = {
        .change = { .apply = waiting_apply, .done = waiting_done, .arena = arena, .context = &w },
        .apply = apply,
        .context = context,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .finished = PTHREAD_COND_INITIALIZER,
    };
    db_change_submit(database, &w.change);
    pthread_mutex_lock(&w.lock);
    while (!w.is_finished)
        pthread_cond_wait(&w.finished, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_mutex_destroy(&w.lock);
    pthread_cond_destroy(&w.finished);
    return w.outcome;
}
