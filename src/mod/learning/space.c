/* Steps as lists, and room in Mon espace for later modules. */
#include "mod/learning/space.h"

#include <assert.h>

struct ui_step learning_step_of(struct page *pg, const struct learning_sql_my_steps *s, bool now)
{
    return (struct ui_step){ .title = s->title,
                             .note = s->module_title,
                             .state = now ? UI_STEP_NOW : UI_STEP_TODO,
                             .href = arena_printf(pg->arena, "/mon-espace/modules/%.*s",
                                                  STR(s->module_slug)) };
}

/* --- what other modules add ------------------------------------------------------------------------------------------------- */

static void (*extras[8])(struct page *pg, struct request *r);
static size_t extra_count;

void learning_add_extra(void (*fn)(struct page *pg, struct request *r))
{
    assert(extra_count < COUNT(extras)); /* a program that would leave a part out does not start */
    extras[extra_count++] = fn;
}

void learning_extras(struct page *pg, struct request *r)
{
    for (size_t i = 0; i < extra_count; i++)
        extras[i](pg, r);
}

/* --- deadlines -------------------------------------------------------------------------------------------------------------- */

enum { SOURCES = 4, MOST = 200 };
static size_t (*sources[SOURCES])(struct request *r, struct learning_deadline **ret);
static size_t source_count;

void learning_add_deadlines(size_t (*fn)(struct request *r, struct learning_deadline **ret))
{
    assert(source_count < SOURCES);
    sources[source_count++] = fn;
}

static int by_moment(const void *a, const void *b)
{
    int64_t x = ((const struct learning_deadline *)a)->at,
            y = ((const struct learning_deadline *)b)->at;
    return (x > y) - (x < y);
}

size_t learning_deadlines(struct request *r, struct learning_deadline **ret)
{
    struct learning_sql_my_kept *kept;
    struct learning_deadline *more;
    size_t n = 0, count = learning_sql_my_kept(r->db, r->who.person_id, &kept);
    *ret = arena_array(r->arena, struct learning_deadline, MOST);
    for (size_t i = 0; i < count && n < MOST; i++)
        (*ret)[n++] = (struct learning_deadline){ .at = kept[i].kept_until,
                                                  .title = kept[i].title,
                                                  .note = R_(N_("A place is kept: say yes or no")),
                                                  .href = S("/mon-espace/inscriptions") };
    for (size_t s = 0; s < source_count; s++) {
        count = sources[s](r, &more);
        for (size_t i = 0; i < count && n < MOST; i++)
            (*ret)[n++] = more[i];
    }
    qsort(*ret, n, sizeof **ret, by_moment);
    return n < LEARNING_DEADLINES ? n : LEARNING_DEADLINES;
}
