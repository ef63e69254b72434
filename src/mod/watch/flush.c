/* Writing heartbeats: every few seconds, many in one transaction. A view's row and what it adds to the counters are one change, so
 * that nothing counts twice after a kill. */
#include <assert.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "mod/watch/beats.h"

enum {
    EVERY_MS = 5000,
    CHUNK = 500,
    VIEW_LEAST_MS = 5000,
    AT_ONCE_MS = 15000, /* between two heartbeats, and until they are written */
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    struct database *database;
    bool running, stopping;
} flusher = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* What a chunk adds for one video. */
struct sum {
    int64_t video, views, played, uniquely, finished;
    int64_t parts[SPANS_PARTS];
};

struct chunk {
    struct watch_entry *entries;
    size_t n;
    int64_t now;
};

static struct sum *sum_of(struct sum *sums, size_t *n, int64_t video)
{
    for (size_t i = 0; i < *n; i++)
        if (sums[i].video == video) return &sums[i];
    sums[*n] = (struct sum){ .video = video };
    return &sums[(*n)++];
}

int64_t watch_day_of(int64_t ms)
{
    struct civil c = time_civil(ms);
    return c.year * 10000 + c.month * 100 + c.day;
}

static void count_parts(struct sum *sum, const struct spans *before, const struct spans *after,
                        int64_t duration)
{
    struct spans_parts old = spans_parts(before, duration), now = spans_parts(after, duration);
    for (int i = 0; i < SPANS_PARTS; i++)
        sum->parts[i] += spans_has(&now, i) && !spans_has(&old, i);
}

/* A person's history joins what was seen on all their pages. */
static void put_history(struct db *db, const struct watch_view *v, const struct spans *seen,
                        bool over, int64_t now)
{
    watch_sql_put_history(
        db, &(struct watch_sql_put_history_in){ .person = v->person,
                                                .video = v->video,
                                                .spans = spans_text(db_arena(db), seen),
                                                .seen = spans_length(seen),
                                                .played = v->fresh_ms,
                                                .position = v->position_ms,
                                                .now = now,
                                                .finished = over ? now : DB_NULL });
    watch_sql_add_month(db, v->person, v->video, watch_day_of(now) / 100, v->fresh_ms);
}

static void tell_finished(struct db *db, const struct watch_view *v, int64_t seen)
{
    event_emit(db, "watch.finished",
               json_pack("{s:I, s:I, s:I, s:I}", "person", (json_int_t)v->person, "video",
                         (json_int_t)v->video, "seen_ms", (json_int_t)seen, "duration_ms",
                         (json_int_t)v->duration_ms));
}

/* May run again: what it finds out goes into the entry, which is written anew each time. */
static void put_one(struct db *db, struct watch_entry *e, struct sum *sum, int64_t now)
{
    const struct watch_view *v = &e->before;
    struct watch_sql_keeps_history person;
    struct watch_sql_history history = { .finished_at = DB_NULL };
    bool keeps = v->person && watch_sql_keeps_history(db, v->person, &person);
    bool known = keeps && watch_sql_history(db, v->person, v->video, &history);
    struct spans before = v->seen;
    if (keeps) {
        before.n = 0;
        if (known) spans_parse(history.spans, &before);
    }
    struct spans seen = before;
    spans_join(&seen, &v->fresh);
    int64_t length = spans_length(&seen), played = v->played_ms + v->fresh_ms;
    bool over = length * 10 >= v->duration_ms * 9;
    bool was_over = known ? history.finished_at != DB_NULL : v->finished;
    int64_t enough = v->duration_ms < 2 * VIEW_LEAST_MS ? v->duration_ms / 2 : VIEW_LEAST_MS;
    e->counted = v->counted || played >= enough;
    e->finished = v->finished || over;
    e->seen = seen;
    if (keeps) e->seen.n = 0;
    sum->views += e->counted && !v->counted;
    sum->played += v->fresh_ms;
    sum->uniquely += length - spans_length(&before);
    sum->finished += over && !was_over;
    count_parts(sum, &before, &seen, v->duration_ms);
    if (keeps) put_history(db, v, &seen, over, now);
    if (keeps && over && !was_over) tell_finished(db, v, length);
    watch_sql_put_view(db,
                       &(struct watch_sql_put_view_in){ .id = v->id,
                                                        .video = v->video,
                                                        .seq = v->seq,
                                                        .played = played,
                                                        .spans = spans_text(db_arena(db), &e->seen),
                                                        .counted = e->counted,
                                                        .finished = e->finished,
                                                        .now = now });
}

static bool put_chunk(struct db *db, void *context)
{
    struct chunk *c = context;
    struct sum *sums = arena_array(db_arena(db), struct sum, c->n);
    size_t n = 0;
    int64_t day = watch_day_of(c->now), views = 0, played = 0;
    int64_t *videos = arena_array(db_arena(db), int64_t, c->n);
    for (size_t i = 0; i < c->n; i++)
        put_one(db, &c->entries[i], sum_of(sums, &n, c->entries[i].before.video), c->now);
    for (size_t i = 0; i < n; i++) {
        const struct sum *s = &sums[i];
        videos[i] = s->video;
        watch_sql_add_day(db, s->video, day, s->views, s->played, s->uniquely, s->finished);
        views += s->views;
        played += s->played;
        for (int part = 0; part < SPANS_PARTS; part++)
            if (s->parts[part]) watch_sql_add_curve(db, s->video, part, s->parts[part]);
    }
    watch_sql_add_hour(db, c->now / HOUR_MS, views, played, c->now - AT_ONCE_MS);
    tv_wanted(db, videos, n);
    return true;
}

static void write_all(void)
{
    struct arena *a = arena_create();
    struct watch_entry *entries;
    size_t n = watch_take_fresh(a, &entries);
    for (size_t at = 0; at < n; at += CHUNK) {
        struct chunk c = { entries + at, n - at < CHUNK ? n - at : CHUNK, time_now() };
        struct arena *rows = arena_create();
        bool written = db_change_run(flusher.database, rows, put_chunk, &c) == DB_COMMITTED;
        watch_give_back(c.entries, c.n, written);
        if (!written) log_event(LOG_ERROR, "watch.write", LN("views", (int64_t)c.n));
        arena_destroy(rows);
    }
    arena_destroy(a);
    watch_forget_idle(time_now());
    if (n) work_wake(); /* an event may have been sent */
}

static void *flush_main(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&flusher.lock);
    while (!flusher.stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_MS / 1000;
        pthread_cond_timedwait(&flusher.wake, &flusher.lock, &until);
        pthread_mutex_unlock(&flusher.lock);
        write_all();
        pthread_mutex_lock(&flusher.lock);
    }
    pthread_mutex_unlock(&flusher.lock);
    return NULL;
}

void watch_begin(struct database *database)
{
    pthread_condattr_t monotonic;
    assert(!flusher.running);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&flusher.wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    flusher.database = database;
    flusher.stopping = false;
    if (pthread_create(&flusher.thread, NULL, flush_main, NULL) != 0) abort();
    flusher.running = true;
}

void watch_end(void)
{
    if (!flusher.running) return;
    pthread_mutex_lock(&flusher.lock);
    flusher.stopping = true;
    pthread_cond_signal(&flusher.wake);
    pthread_mutex_unlock(&flusher.lock);
    pthread_join(flusher.thread, NULL);
    write_all();
    pthread_cond_destroy(&flusher.wake);
    flusher.running = false;
    watch_forget_all();
}
