/* Steps as lists, and room in Mon espace for later modules. */
#include "mod/learning/space.h"

struct ui_step learning_step_of(struct page *pg, const struct learning_sql_my_steps *s, bool now)
{
    return (struct ui_step){ .title = s->title,
                             .note = s->module_title,
                             .state = now ? UI_STEP_NOW : UI_STEP_TODO,
                             .href = arena_printf(pg->arena, "/mon-espace/modules/%.*s",
                                                  STR(s->module_slug)) };
}

static void (*extras[4])(struct page *pg, struct request *r);
static size_t extra_count;

void learning_add_extra(void (*fn)(struct page *pg, struct request *r))
{
    if (extra_count < COUNT(extras)) extras[extra_count++] = fn;
}

void learning_extras(struct page *pg, struct request *r)
{
    for (size_t i = 0; i < extra_count; i++)
        extras[i](pg, r);
}
