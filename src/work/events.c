/* Events: one row in the outbox and one job for each subscriber, all in the emitter's transaction. */
#include <assert.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

#define DELIVER "work.deliver"

struct emission {
    struct db *db;
    int64_t id;
    char id_text[ID_TEXT + 1];
};

static void post(void *context, const struct subscription *s)
{
    struct emission *e = context;
    struct str key = arena_printf(db_arena(e->db), "%s/%s", e->id_text, s->name);
    json_t *payload = json_pack("{s:I,s:s}", "event", (json_int_t)e->id, "to", s->name);
    if (!payload) abort(); /* only without memory */
    job_add(e->db, DELIVER, key, payload, 0);
}

void event_emit(struct db *db, const char *name, json_t *payload)
{
    struct emission e = { .db = db, .id = id_new() };
    id_format(e.id, e.id_text);
    char *dump = json_dumps(payload, JSON_COMPACT);
    json_decref(payload);
    if (!dump) abort(); /* only without memory */
    assert(strlen(dump) <= LIMIT_JOB_PAYLOAD);
    work_sql_emit(db, e.id, str_from(name), str_from(dump), time_now());
    free(dump);
    subscribers_each(name, post, &e);
}

static enum job_result addressed(struct job *job)
{
    json_t *to = json_object_get(job->payload, "to");
    if (json_is_string(to) && subscription_find(str_from(json_string_value(to)))) return JOB_DONE;
    job_explain(job, S("Nobody subscribes under this name any more."));
    return JOB_DEAD;
}

static bool deliver(struct db *db, struct job *job)
{
    int64_t id = job_number(job, "event");
    const char *to = json_string_value(json_object_get(job->payload, "to"));
    const struct subscription *s = subscription_find(str_from(to));
    struct work_sql_event event;
    if (!work_sql_event(db, id, &event)) {
        job_explain(job, S("The event is no longer there."));
        return false;
    }
    json_t *payload = json_loadb(event.payload.p, event.payload.n, 0, NULL);
    bool well = payload && s->apply(db, job->arena, payload, id);
    json_decref(payload);
    if (!well)
        job_explain(job,
                    arena_printf(job->arena, "%s refused the event %.*s.", to, STR(event.name)));
    return well;
}

const struct job_kind event_kinds[] = {
    { .name = DELIVER, .run = addressed, .apply = deliver, .lease_seconds = 10 },
    { .name = NULL },
};
