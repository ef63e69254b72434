/* PostgreSQL addresses taken apart, for the tools that come with PostgreSQL. */
#include <libpq-fe.h>

#include "db/db.h"

static const char *const *variables(const PQconninfoOption *options, struct arena *arena)
{
    size_t n = 0;
    while (options[n].keyword)
        n++;
    const char **list = arena_array(arena, const char *, n + 1);
    n = 0;
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && o->envvar) list[n++] = arena_printf(arena, "%s=%s", o->envvar, o->val).p;
    return list;
}

const char *const *database_environment(struct str url, struct arena *arena, struct str *ret_error)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(arena_cstr(arena, url), &why);
    if (!options) {
        *ret_error = arena_printf(arena, "the database address cannot be read: %s",
                                  why ? why : "out of memory");
        PQfreemem(why);
        return NULL;
    }
    const char *const *list = variables(options, arena);
    PQconninfoFree(options);
    return list;
}
