/* Heartbeats in memory: taken under one lock, each view and each viewer's clock in a table. flush.c writes them out. */
#include "mod/watch/beats.h"

#include <assert.h>

#include "base/time.h"

enum { BUCKETS = 16384, VIEWS_MOST = 30000, IDLE_MS = 10 * 60 * 1000 };
/* Nobody plays faster than the player can; what a line held back for ten minutes still counts. */
enum { SPEED_MOST = 2, CREDIT_MOST_MS = 10 * 60 * 1000 * SPEED_MOST };

static struct {
    pthread_mutex_t lock;
    struct watch_view *views[BUCKETS];
    struct clock *clocks[BUCKETS];
    size_t view_count;
} memory = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* How much a viewer may still have played: it fills as time goes by. One for a person, whatever the number of pages. */
struct clock {
    int64_t key; /* person, or the view of a visitor */
    int64_t at, credit;
    struct clock *next;
};

static size_t bucket_of(int64_t id)
{
    return (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 50);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct clock *clock_of(const struct watch_ticket *t, int64_t now)
{
    int64_t key = t->person ? t->person : t->view;
    struct clock **head = &memory.clocks[bucket_of(key)];
    for (struct clock *c = *head; c; c = c->next)
        if (c->key == key) return c;
    struct clock *c = calloc(1, sizeof *c);
    if (!c) abort();
    *c = (struct clock){ .key = key,
                         .at = now,
                         .credit = least((now - t->issued) * SPEED_MOST, CREDIT_MOST_MS),
                         .next = *head };
    return *head = c;
}

/* Takes at most `want` from the clock. */
static int64_t take_time(struct clock *c, int64_t want, int64_t now)
{
    if (now > c->at) {
        c->credit = least(c->credit + (now - c->at) * SPEED_MOST, CREDIT_MOST_MS);
        c->at = now;
    }
    int64_t got = least(want, c->credit);
    c->credit -= got;
    return got;
}

static struct watch_view *find(int64_t id)
{
    for (struct watch_view *v = memory.views[bucket_of(id)]; v; v = v->next)
        if (v->id == id) return v;
    return NULL;
}

/* What an earlier process wrote of it. */
static bool load(struct database *database, struct arena *a, int64_t id, struct watch_view *ret)
{
    struct watch_sql_view row;
    struct db *db = db_read_begin(database, a);
    if (!db) return false;
    if (watch_sql_view(db, id, &row)) {
        ret->seq = row.seq;
        ret->played_ms = row.played_ms;
        ret->counted = row.counted;
        ret->finished = row.finished;
        spans_parse(row.spans, &ret->seen);
    }
    bool failed = db_failed(db);
    db_read_end(db);
    return !failed;
}

/* Under the lock. NULL when there are too many. */
static struct watch_view *add(const struct watch_ticket *t, const struct watch_view *loaded)
{
    struct watch_view *v = find(t->view);
    if (v || memory.view_count == VIEWS_MOST) return v;
    v = malloc(sizeof *v);
    if (!v) abort();
    *v = *loaded;
    v->id = t->view;
    v->video = t->video;
    v->person = t->person;
    v->duration_ms = t->duration_ms;
    struct watch_view **head = &memory.views[bucket_of(v->id)];
    v->next = *head;
    memory.view_count++;
    return *head = v;
}

static void count(struct watch_view *v, struct clock *c, const struct spans *played, int64_t now)
{
    for (size_t i = 0; i < played->n; i++) {
        struct span s = played->of[i];
        s.to = least(s.to, v->duration_ms);
        int64_t got = s.from < s.to ? take_time(c, s.to - s.from, now) : 0;
        if (got == 0) continue;
        s.to = s.from + got;
        spans_add(&v->fresh, s);
        v->fresh_ms += got;
        v->position_ms = s.to;
    }
    v->last_at = now;
    v->dirty = true;
}

enum watch_answer watch_beat(struct database *database, struct arena *arena,
                             const struct watch_ticket *t, int64_t seq, const struct spans *played,
                             int64_t now)
{
    struct watch_view loaded = { 0 };
    pthread_mutex_lock(&memory.lock);
    struct watch_view *v = find(t->view);
    if (!v) {
        pthread_mutex_unlock(&memory.lock);
        if (!load(database, arena, t->view, &loaded)) return WATCH_NO_DATABASE;
        pthread_mutex_lock(&memory.lock);
        v = add(t, &loaded);
    }
    if (v && seq > v->seq) {
        v->seq = seq;
        count(v, clock_of(t, now), played, now);
    }
    pthread_mutex_unlock(&memory.lock);
    return v ? WATCH_TAKEN : WATCH_FULL;
}

/* --- for flush.c --------------------------------------------------------------------------------------------------------- */

/* Where a person left is where they were last, on whichever page. */
static int by_time(const void *a, const void *b)
{
    const struct watch_entry *one = a, *two = b;
    return (one->before.last_at > two->before.last_at) -
           (one->before.last_at < two->before.last_at);
}

size_t watch_take_fresh(struct arena *a, struct watch_entry **ret)
{
    size_t n = 0;
    pthread_mutex_lock(&memory.lock);
    *ret = arena_array(a, struct watch_entry, memory.view_count + 1);
    for (size_t b = 0; b < BUCKETS; b++)
        for (struct watch_view *v = memory.views[b]; v; v = v->next) {
            if (!v->dirty) continue;
            (*ret)[n++] = (struct watch_entry){ .before = *v };
            v->fresh.n = 0;
            v->fresh_ms = 0;
            v->dirty = false;
        }
    pthread_mutex_unlock(&memory.lock);
    qsort(*ret, n, sizeof **ret, by_time);
    return n;
}

void watch_give_back(const struct watch_entry *entries, size_t n, bool written)
{
    pthread_mutex_lock(&memory.lock);
    for (size_t i = 0; i < n; i++) {
        const struct watch_entry *e = &entries[i];
        struct watch_view *v = find(e->before.id);
        assert(v); /* only flush.c removes, and it is here */
        if (written) {
            v->played_ms += e->before.fresh_ms;
            v->seen = e->seen;
            v->counted = e->counted;
            v->finished = e->finished;
        } else {
            spans_join(&v->fresh, &e->before.fresh);
            v->fresh_ms += e->before.fresh_ms;
            v->dirty = true;
        }
    }
    pthread_mutex_unlock(&memory.lock);
}

void watch_forget_idle(int64_t now)
{
    pthread_mutex_lock(&memory.lock);
    for (size_t b = 0; b < BUCKETS; b++) {
        for (struct watch_view **at = &memory.views[b]; *at;) {
            struct watch_view *v = *at;
            if (v->dirty || now - v->last_at < IDLE_MS) {
                at = &v->next;
                continue;
            }
            *at = v->next;
            free(v);
            memory.view_count--;
        }
        for (struct clock **at = &memory.clocks[b]; *at;) {
            struct clock *c = *at;
            if (now - c->at < IDLE_MS) {
                at = &c->next;
                continue;
            }
            *at = c->next;
            free(c);
        }
    }
    pthread_mutex_unlock(&memory.lock);
}

void watch_forget_all(void)
{
    watch_forget_idle(INT64_MAX / 2);
}

/* --- the route ------------------------------------------------------------------------------------------------------------ */

#define FORM struct watch_beat_form
const struct param watch_beat_params[] = {
    PARAM(FORM, page, PARAM_TEXT, .max = WATCH_TICKET_TEXT),
    PARAM(FORM, n, PARAM_INT, .min = 1, .max = 1000000),
    PARAM(FORM, played, PARAM_TEXT, .max = 1000),
    { 0 },
};
#undef FORM

void watch_beat_post(struct request *r)
{
    const struct watch_beat_form *f = r->form;
    struct watch_ticket ticket;
    struct spans played;
    if (!watch_ticket_read(f->page, r->now, &ticket)) {
        http_fail(r, 403,
                  R_(N_("This page is too old to count what is watched. Please open it again.")));
        return;
    }
    if (f->n < 1 || !spans_parse(f->played, &played)) {
        http_fail(r, 422, R_(N_("These times cannot be read.")));
        return;
    }
    switch (watch_beat(http_database(r), r->arena, &ticket, f->n, &played, r->now)) {
    case WATCH_TAKEN: http_bytes(r, 204, NULL, S("")); break;
    case WATCH_FULL:
    case WATCH_NO_DATABASE:
        http_fail(r, 503, STR_NONE);
        http_header_set(r, "Retry-After", S("20"));
        break;
    }
}
