/* Which kinds of jobs and which subscribers this program has: the tables of all modules, looked up by name. */
#include <assert.h>

#include "work/internal.h"

static const struct job_kind *const *kinds;
static const struct subscription *const *subscriptions;

static const struct job_kind *const own_kinds[] = { event_kinds, mail_kinds, tidy_kinds, NULL };

void work_register(const struct subscription *const *subscription_tables,
                   const struct job_kind *const *kind_tables)
{
    subscriptions = subscription_tables;
    kinds = kind_tables;
}

static const struct job_kind *kind_in(const struct job_kind *const *tables, struct str name)
{
    for (; tables && *tables; tables++)
        for (const struct job_kind *k = *tables; k->name; k++)
            if (str_is(name, k->name)) return k;
    return NULL;
}

const struct job_kind *kind_find(struct str name)
{
    const struct job_kind *k = kind_in(own_kinds, name);
    return k ? k : kind_in(kinds, name);
}

const struct subscription *subscription_find(struct str name)
{
    for (const struct subscription *const *t = subscriptions; t && *t; t++)
        for (const struct subscription *s = *t; s->event; s++)
            if (str_is(name, s->name)) return s;
    return NULL;
}

void subscribers_each(const char *event, void (*fn)(void *context, const struct subscription *s),
                      void *context)
{
    assert(subscriptions); /* an event emitted before work_register() would silently reach nobody */
    for (const struct subscription *const *t = subscriptions; *t; t++)
        for (const struct subscription *s = *t; s->event; s++)
            if (strcmp(s->event, event) == 0) fn(context, s);
}
