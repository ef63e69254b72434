/* The map of a path: three lanes that meet in the last obligatory module. */
#include "catalogue_html.h"
#include "html/draw.h"
#include "mod/catalogue/pages.h"

enum { LANES = 3, LANE_NODES = 12 };

static enum map_state state_of(const struct catalogue_sheet *s,
                               const struct catalogue_sql_modules *m, bool *ret_next)
{
    if (s->viewer.state != VIEWER_ENROLLED) return MAP_OPEN;
    if (catalogue_module_done(&s->viewer, m->id)) return MAP_DONE;
    if (*ret_next) return MAP_OPEN;
    *ret_next = true; /* one thing comes next, and only one is yellow */
    return MAP_NEXT;
}

static struct map_node node_of(struct page *pg, const struct catalogue_sheet *s,
                               const struct catalogue_sql_modules *m, bool *next)
{
    enum map_state state = state_of(s, m, next);
    int64_t minutes = m->minutes_remote + m->minutes_onsite + m->minutes_own + m->minutes_creation;
    struct str said = state == MAP_DONE   ? _("Done")
                      : state == MAP_NEXT ? _("Next step")
                                          : _("Open");
    return (struct map_node){ .code = m->code,
                              .name = m->brief.n ? m->brief : m->title,
                              .state = state,
                              .required = m->required,
                              .href = arena_printf(pg->arena, "#t-%.*s", STR(m->code)),
                              .description = fmt_plain(pg->arena, S("{0}, {1}, {2}"), m->title,
                                                       duration_text(pg, minutes), said) };
}

/* The module that all lanes lead to: the last one, if it is obligatory. */
static const struct catalogue_sql_modules *last_of(const struct catalogue_sheet *s)
{
    const struct catalogue_sql_modules *m =
        s->module_count ? &s->modules[s->module_count - 1] : NULL;
    return m && m->required ? m : NULL;
}

static void fill_lane(struct page *pg, const struct catalogue_sheet *s, size_t i,
                      struct map_lane *lane, bool *next)
{
    static const enum map_shape forms[LANES] = { MAP_SQUARE, MAP_ROUND, MAP_STAIR };
    const struct catalogue_sql_parts *part = &s->parts[i + 1];
    const struct catalogue_sql_modules *last = last_of(s);
    struct map_node *nodes = arena_array(pg->arena, struct map_node, LANE_NODES);
    int64_t all = 0, done = 0;
    for (size_t k = 0; k < s->module_count; k++) {
        const struct catalogue_sql_modules *m = &s->modules[k];
        if (m->parent_id != part->node_id) continue;
        all++;
        done += catalogue_module_done(&s->viewer, m->id);
        if (m != last && lane->count < LANE_NODES) nodes[lane->count++] = node_of(pg, s, m, next);
    }
    lane->title = part->title;
    lane->rule = fmt_plain(pg->arena, _("{0} of {1}, as you choose"), part->needed, all);
    lane->form = forms[i];
    lane->nodes = nodes;
    lane->badge = lane->title;
    lane->badge_got = done >= part->needed;
    lane->progress = fmt_plain(pg->arena, _("{0} of {1}"), done, part->needed);
}

void catalogue_map(struct page *pg, const struct catalogue_sheet *s)
{
    const struct catalogue_sql_modules *last = last_of(s);
    if (s->part_count != LANES + 1 || !last) return;
    struct map_lane lanes[LANES] = { 0 };
    bool next = false;
    for (size_t i = 0; i < LANES; i++)
        fill_lane(pg, s, i, &lanes[i], &next);
    const struct path_map map = {
        .label = _(
            "Map of the path: three lanes meet in the last module. The table below says the same."),
        .start = _("Start"),
        .start_note = _("where you like"),
        .lanes = lanes,
        .last = node_of(pg, s, last, &next),
        .last_form = MAP_STAIR,
        .badge = s->p.title,
        .badge_note = _("final badge"),
        .area = area_from_name(s->p.area),
    };
    catalogue_map_section(pg, draw_map(pg->arena, &map));
}
