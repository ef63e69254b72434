/* Work by the clock: the first process to enter a period adds its job, in one transaction with the note of it. */
#include <assert.h>

#include "base/log.h"
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

struct period {
    const char *kind;
    int64_t number;
};

static bool period_apply(struct db *db, void *context)
{
    const struct period *p = context;
    struct str kind = str_from(p->kind);
    if (work_sql_period_begins(db, kind, p->number) == 0)
        return true; /* another process was first */
    struct str key = arena_printf(db_arena(db), "%s@%lld", p->kind, (long long)p->number);
    job_add(db, p->kind, key, NULL, 0);
    return true;
}

static void tick(struct work *work, const struct schedule *s, int64_t *tried)
{
    assert(s->every_minutes > 0);
    struct period p = { s->kind, time_now() / (s->every_minutes * MINUTE_MS) };
    if (*tried == p.number) return;
    struct arena *a = arena_create();
    if (db_change_run(work->options.database, a, period_apply, &p) == DB_COMMITTED)
        *tried = p.number;
    else log_event(LOG_ERROR, "work.schedule", LT("kind", str_from(s->kind)));
    arena_destroy(a);
}

void schedule_tick(struct work *work, struct clock_state *state)
{
    size_t n = 0;
    for (const struct schedule *s = tidy_schedules; s->kind; s++)
        tick(work, s, &state->periods[n++]);
    for (const struct schedule *const *t = work->options.schedules; t && *t; t++)
        for (const struct schedule *s = *t; s->kind; s++) {
            assert(n < SCHEDULES_MAX);
            tick(work, s, &state->periods[n++]);
        }
}
