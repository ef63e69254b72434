/* The threads: a dispatcher claims due jobs for all lanes, runners carry them out, the keeper renews leases. */
#include <assert.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "work/internal.h"

enum {
    POLL_MS = 1000,     /* jobs of other processes and back-offs are found within this */
    PAUSE_MS = 10,      /* at least this between two looks that found nothing */
    SCHEDULE_MS = 5000, /* how often the clock is looked at */
    AHEAD = 4,          /* quick jobs claimed ahead for each runner */
    DRAIN_CLAIM = 8,
};

static pthread_mutex_t works_lock = PTHREAD_MUTEX_INITIALIZER;
static struct work *works; /* those with a dispatcher */

/* --- conditions ---------------------------------------------------------------------------------------------------- */

static void condition_init(pthread_cond_t *c)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(c, &attributes);
    pthread_condattr_destroy(&attributes);
}

void wait_ms(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(condition, lock, &until);
}

static void start_thread(pthread_t *ret, void *(*fn)(void *), void *context)
{
    if (pthread_create(ret, NULL, fn, context) != 0) abort(); /* no thread, no service */
}

/* --- runners ------------------------------------------------------------------------------------------------------- */

struct runner {
    struct work *work;
    struct lane *lane;
};

static void *run(void *context)
{
    struct runner r = *(struct runner *)context;
    free(context);
    struct work *work = r.work;
    pthread_mutex_lock(&work->lock);
    while (!atomic_load(&work->stopping)) {
        struct task *task = r.lane->first;
        if (!task) {
            pthread_cond_wait(&r.lane->fed, &work->lock);
            continue;
        }
        r.lane->first = task->next;
        if (!r.lane->first) r.lane->last = &r.lane->first;
        r.lane->waiting--;
        r.lane->busy++;
        pthread_mutex_unlock(&work->lock);
        task_carry_out(task);
        pthread_mutex_lock(&work->lock);
        r.lane->busy--;
        if (r.lane->waiting >= r.lane->runners) continue;
        work->rung = true; /* there may be more where these came from */
        pthread_cond_signal(&work->bell);
    }
    pthread_mutex_unlock(&work->lock);
    return NULL;
}

/* --- dispatcher ---------------------------------------------------------------------------------------------------- */

static void feed(struct work *work, struct lane *lane, struct task *first, unsigned count)
{
    pthread_mutex_lock(&work->lock);
    *lane->last = first;
    while (*lane->last)
        lane->last = &(*lane->last)->next;
    lane->waiting += count;
    pthread_cond_broadcast(&lane->fed);
    pthread_mutex_unlock(&work->lock);
}

/* True when something was claimed for the lane. *failed is set when the database did not answer. */
static bool dispatch(struct work *work, int number, bool *failed)
{
    struct lane *lane = &work->lanes[number];
    /* media jobs are long: one more than can run now would only keep others from taking it */
    unsigned room = number == 0 ? lane->runners * AHEAD : lane->runners;
    pthread_mutex_lock(&work->lock);
    unsigned waiting = lane->waiting + (number == 0 ? 0 : lane->busy);
    pthread_mutex_unlock(&work->lock);
    if (waiting >= room) return false;
    struct task *first;
    unsigned count;
    if (!tasks_claim(work, number, room - waiting, &first, &count)) *failed = true;
    if (count) feed(work, lane, first, count);
    return count > 0;
}

static void *dispatch_all(void *context)
{
    struct work *work = context;
    struct clock_state clock = { { 0 } };
    int64_t looked_at_clock = INT64_MIN;
    bool was_down = false;
    while (!atomic_load(&work->stopping)) {
        if (looked_at_clock == INT64_MIN || time_monotonic() - looked_at_clock >= SCHEDULE_MS) {
            schedule_tick(work, &clock);
            looked_at_clock = time_monotonic();
        }
        bool found = false, failed = false;
        for (int lane = 0; lane < LANES; lane++)
            found |= dispatch(work, lane, &failed);
        if (failed && !was_down)
            log_event(LOG_ERROR, "work.database", LT("why", S("no jobs can be claimed")));
        was_down = failed;
        if (found) continue;
        /* a busy site rings after each commit: that must not make us look thousands of times a second */
        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_MS * 1000000L }, NULL);
        pthread_mutex_lock(&work->lock);
        if (!work->rung && !atomic_load(&work->stopping))
            wait_ms(&work->bell, &work->lock, POLL_MS);
        work->rung = false;
        pthread_mutex_unlock(&work->lock);
    }
    return NULL;
}

/* --- from outside -------------------------------------------------------------------------------------------------- */

static struct work *work_create(const struct work_options *options)
{
    assert(options->database);
    work_register(options->subscriptions, options->kinds);
    struct work *work = calloc(1, sizeof *work);
    if (!work) abort();
    work->options = *options;
    pthread_mutex_init(&work->lock, NULL);
    condition_init(&work->keeper_bell);
    condition_init(&work->bell);
    for (int i = 0; i < LANES; i++) {
        condition_init(&work->lanes[i].fed);
        work->lanes[i].last = &work->lanes[i].first;
    }
    keeper_start(work);
    return work;
}

static void work_destroy(struct work *work)
{
    keeper_stop(work);
    for (int i = 0; i < LANES; i++)
        pthread_cond_destroy(&work->lanes[i].fed);
    pthread_cond_destroy(&work->keeper_bell);
    pthread_cond_destroy(&work->bell);
    pthread_mutex_destroy(&work->lock);
    free(work->runners);
    free(work);
}

struct work *work_start(const struct work_options *options)
{
    struct work *work = work_create(options);
    work->lanes[0].runners = options->quick_runners;
    work->lanes[1].runners = options->media_runners;
    work->lanes[2].runners = options->media_runners > 0;
    work->runner_count = 0;
    for (int i = 0; i < LANES; i++)
        work->runner_count += work->lanes[i].runners;
    work->runners = calloc(work->runner_count + 1, sizeof *work->runners);
    if (!work->runners) abort();
    unsigned started = 0;
    for (int lane = 0; lane < LANES; lane++)
        for (unsigned i = 0; i < work->lanes[lane].runners; i++) {
            struct runner *r = malloc(sizeof *r);
            if (!r) abort();
            *r = (struct runner){ work, &work->lanes[lane] };
            start_thread(&work->runners[started++], run, r);
        }
    start_thread(&work->dispatcher, dispatch_all, work);
    pthread_mutex_lock(&works_lock);
    work->next = works;
    works = work;
    pthread_mutex_unlock(&works_lock);
    return work;
}

void work_wake(void)
{
    pthread_mutex_lock(&works_lock);
    for (struct work *w = works; w; w = w->next) {
        pthread_mutex_lock(&w->lock);
        w->rung = true;
        pthread_cond_signal(&w->bell);
        pthread_mutex_unlock(&w->lock);
    }
    pthread_mutex_unlock(&works_lock);
}

void work_stop(struct work *work)
{
    if (!work) return;
    pthread_mutex_lock(&works_lock);
    struct work **at = &works;
    while (*at != work)
        at = &(*at)->next;
    *at = work->next;
    pthread_mutex_unlock(&works_lock);

    pthread_mutex_lock(&work->lock);
    atomic_store(&work->stopping, true);
    pthread_cond_broadcast(&work->bell);
    for (int i = 0; i < LANES; i++)
        pthread_cond_broadcast(&work->lanes[i].fed);
    pthread_mutex_unlock(&work->lock);
    pthread_join(work->dispatcher, NULL);
    for (unsigned i = 0; i < work->runner_count; i++)
        pthread_join(work->runners[i], NULL);
    for (int i = 0; i < LANES; i++)
        for (struct task *task = work->lanes[i].first, *next; task; task = next) {
            next = task->next;
            task_release(task);
        }
    work_destroy(work);
}

int work_drain(const struct work_options *options)
{
    struct work *work = work_create(options);
    int ended = 0;
    bool more = true, well = true;
    while (more && well) {
        more = false;
        for (int lane = 0; lane < LANES && well; lane++) {
            struct task *task;
            unsigned count;
            well = tasks_claim(work, lane, DRAIN_CLAIM, &task, &count);
            more |= count > 0;
            for (struct task *next; task; task = next) {
                next = task->next;
                ended += task_carry_out(task);
            }
        }
    }
    work_destroy(work);
    return well ? ended : -1;
}
