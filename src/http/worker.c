/* A few threads that do what may take time: password hashing, checking files, forms shown again. The queue is by
 * time, so that a request that comes too often is served later instead of being refused. */
#include "base/time.h"
#include "http/private.h"

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct http_exchange *first; /* by not_before, then arrival */
    bool stopping, hurrying;
    unsigned count;
    pthread_t threads[];
};

static struct http_exchange *take(struct workers *w)
{
    for (;;) {
        if (!w->first) {
            if (w->stopping) return NULL;
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        int64_t wait = w->first->not_before - time_monotonic();
        if (wait > 0 && !w->stopping && !w->hurrying) {
            struct timespec until;
            clock_gettime(CLOCK_MONOTONIC, &until);
            until.tv_sec += wait / 1000;
            until.tv_nsec += wait % 1000 * 1000000;
            if (until.tv_nsec >= 1000000000) {
                until.tv_sec++;
                until.tv_nsec -= 1000000000;
            }
            pthread_cond_timedwait(&w->wake, &w->lock, &until);
            continue;
        }
        struct http_exchange *x = w->first;
        w->first = x->next;
        return x;
    }
}

static void *worker_main(void *arg)
{
    struct workers *w = arg;
    pthread_mutex_lock(&w->lock);
    for (struct http_exchange *x; (x = take(w));) {
        pthread_mutex_unlock(&w->lock);
        x->task(x);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct workers *workers_create(unsigned threads)
{
    struct workers *w = calloc(1, sizeof *w + threads * sizeof w->threads[0]);
    if (!w) abort();
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (w->count = 0; w->count < threads; w->count++)
        if (pthread_create(&w->threads[w->count], NULL, worker_main, w) != 0) abort();
    return w;
}

void workers_add(struct workers *w, struct http_exchange *x, void (*task)(struct http_exchange *),
                 int64_t delay_ms)
{
    x->task = task;
    x->not_before = time_monotonic() + delay_ms;
    pthread_mutex_lock(&w->lock);
    struct http_exchange **at = &w->first;
    while (*at && (*at)->not_before <= x->not_before)
        at = &(*at)->next;
    x->next = *at;
    *at = x;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void workers_hurry(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->hurrying = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void workers_destroy(struct workers *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
