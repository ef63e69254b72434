/* The map of a path: a lane for each unit, and one for the modules that stand in none; they meet in the last module when all
 * who finish must do it. Beside it, what each lane asks for: how many are enough, how many are done. */
#include "catalogue_html.h"
#include "html/draw.h"
#include "mod/catalogue/pages.h"

/* What a map is made from. */
struct making {
    struct page *pg;
    const struct catalogue_sheet *s;
    const struct catalogue_sql_modules *last; /* where the lanes meet; NULL */
    bool mine;                                /* stations open the module's room */
    bool next;                                /* one thing comes next, and only one is yellow */
    struct map_lane *lanes;
    size_t *lane_of, *place_of; /* of each module; SIZE_MAX: in no lane */
    size_t lane_count;
};

struct str catalogue_module_code(struct arena *a, const struct catalogue_sheet *s, size_t i)
{
    return s->modules[i].code.n ? s->modules[i].code : arena_int(a, (int64_t)i + 1, 1);
}

struct str catalogue_needs_text(struct arena *a, const struct catalogue_sheet *s, int64_t module_id)
{
    struct str all = S("");
    for (size_t i = 0; i < s->need_count; i++) {
        if (s->needs[i].node_id != module_id) continue;
        for (size_t k = 0; k < s->module_count; k++)
            if (s->modules[k].id == s->needs[i].needs_id)
                all = arena_join(a, all, all.n ? S(", ") : S(""), catalogue_module_code(a, s, k));
    }
    return all;
}

bool catalogue_is_obligatory(const struct catalogue_sheet *s, const struct catalogue_sql_modules *m)
{
    for (size_t i = 0; i < s->part_count; i++)
        if (s->parts[i].node_id == m->parent_id) return m->required && !s->parts[i].whole;
    return false;
}

/* Something must be done before; for conditions that are more than that, the module learning says so. */
static bool is_locked(const struct catalogue_sheet *s, int64_t module_id)
{
    const struct catalogue_viewer *v = &s->viewer;
    for (size_t i = 0; i < v->locked_count; i++)
        if (v->locked_modules[i] == module_id) return true;
    for (size_t i = 0; i < s->need_count; i++)
        if (s->needs[i].node_id == module_id && !catalogue_module_done(v, s->needs[i].needs_id))
            return true;
    return false;
}

static enum map_state state_of(struct making *m, const struct catalogue_sql_modules *module)
{
    const struct catalogue_sheet *s = m->s;
    if (s->viewer.state != VIEWER_ENROLLED) return MAP_OPEN;
    if (catalogue_module_done(&s->viewer, module->id)) return MAP_DONE;
    if (is_locked(s, module->id)) return MAP_LOCKED;
    if (m->next || s->viewer.done) return MAP_OPEN;
    m->next = true;
    return MAP_NEXT;
}

static struct map_node node_of(struct making *m, size_t i)
{
    static const char *const said[] = { N_("Open"), N_("Enrolled"), N_("Next step"), N_("Done"),
                                        N_("Not open yet") };
    const struct catalogue_sheet *s = m->s;
    const struct catalogue_sql_modules *module = &s->modules[i];
    struct page *pg = m->pg;
    int64_t minutes = module->minutes_remote + module->minutes_onsite + module->minutes_own +
                      module->minutes_creation;
    struct str code = catalogue_module_code(pg->arena, s, i),
               needs = catalogue_needs_text(pg->arena, s, module->id);
    struct map_node n = { .code = code,
                          .name = module->brief.n ? module->brief : module->title,
                          .state = state_of(m, module),
                          .required = catalogue_is_obligatory(s, module) };
    if (needs.n) n.note = fmt_plain(pg->arena, _("after {0}"), needs);
    n.href = m->mine ? arena_printf(pg->arena, "/mon-espace/modules/%.*s", STR(module->slug))
                     : arena_printf(pg->arena, "#t-%.*s", STR(code));
    n.description = fmt_plain(pg->arena, S("{0}, {1}, {2}"), module->title,
                              duration_text(pg, minutes), _(said[n.state]));
    if (n.required) n.description = arena_join(pg->arena, n.description, S(", "), _("Obligatory"));
    if (n.note.n) n.description = arena_join(pg->arena, n.description, S(", "), n.note);
    return n;
}

/* The module that all lanes lead to: the last one, when it is obligatory beside a choice. */
static const struct catalogue_sql_modules *last_of(const struct catalogue_sheet *s)
{
    const struct catalogue_sql_modules *m = &s->modules[s->module_count - 1];
    return s->part_count >= 3 && catalogue_is_obligatory(s, m) ? m : NULL;
}

static void count_part(const struct catalogue_sheet *s, const struct catalogue_sql_parts *part,
                       int64_t *ret_all, int64_t *ret_done)
{
    *ret_all = *ret_done = 0;
    for (size_t i = 0; i < s->module_count; i++) {
        if (s->modules[i].parent_id != part->node_id) continue;
        ++*ret_all;
        *ret_done += catalogue_module_done(&s->viewer, s->modules[i].id);
    }
}

static struct str rule_text(struct page *pg, const struct catalogue_sql_parts *part, int64_t all)
{
    if (part->needed < all)
        return fmt_plain(pg->arena, _("{0} of {1}, as you choose"), part->needed, all);
    return fmt_plain(pg->arena, _n("{0} module, to be done", "all {0} modules, to be done", all),
                     all);
}

static void fill_lane(struct making *m, const struct catalogue_sql_parts *part)
{
    static const enum map_shape forms[] = { MAP_SQUARE, MAP_ROUND, MAP_STAIR };
    const struct catalogue_sheet *s = m->s;
    struct page *pg = m->pg;
    int64_t all, done;
    count_part(s, part, &all, &done);
    if (!all) return;
    size_t at = m->lane_count++;
    struct map_lane *lane = &m->lanes[at];
    struct map_node *nodes = arena_array(pg->arena, struct map_node, (size_t)all);
    for (size_t i = 0; i < s->module_count; i++) {
        if (s->modules[i].parent_id != part->node_id || &s->modules[i] == m->last) continue;
        m->lane_of[i] = at;
        m->place_of[i] = lane->count;
        nodes[lane->count++] = node_of(m, i);
    }
    lane->rule = rule_text(pg, part, all);
    lane->form = forms[at % COUNT(forms)];
    lane->nodes = nodes;
    if (!part->level) return; /* the training itself: its badge stands at the end of all */
    lane->title = part->title;
    lane->badge = part->title;
    lane->badge_got = done >= part->needed;
    lane->progress = fmt_plain(pg->arena, _("{0} of {1}"), done, part->needed);
}

static size_t fill_links(const struct making *m, struct map_link *links)
{
    const struct catalogue_sheet *s = m->s;
    size_t n = 0;
    for (size_t i = 0; i < s->need_count; i++) {
        size_t from = SIZE_MAX, to = SIZE_MAX;
        for (size_t k = 0; k < s->module_count; k++) {
            if (m->lane_of[k] == SIZE_MAX) continue;
            if (s->modules[k].id == s->needs[i].needs_id) from = k;
            if (s->modules[k].id == s->needs[i].node_id) to = k;
        }
        if (from == SIZE_MAX || to == SIZE_MAX) continue;
        links[n++] = (struct map_link){ m->lane_of[from], m->place_of[from], m->lane_of[to],
                                        m->place_of[to] };
    }
    return n;
}

static bool has_choice(const struct catalogue_sheet *s)
{
    for (size_t i = 0; i < s->part_count; i++)
        if (!s->parts[i].whole) return true;
    return false;
}

/* Nothing for a training of one module: there is no way to show. */
static struct html map_of(struct page *pg, const struct catalogue_sheet *s, bool mine)
{
    if (s->module_count < 2 || s->module_count > MAP_MOST) return no_html;
    struct making m = { .pg = pg, .s = s, .mine = mine, .last = last_of(s) };
    m.lanes = arena_array(pg->arena, struct map_lane, s->part_count);
    m.lane_of = arena_array(pg->arena, size_t, s->module_count);
    m.place_of = arena_array(pg->arena, size_t, s->module_count);
    memset(m.lane_of, 0xff, s->module_count * sizeof *m.lane_of);
    for (size_t i = 0; i < s->part_count; i++)
        fill_lane(&m, &s->parts[i]);
    if (!m.lane_count) return no_html;
    struct map_link *links = arena_array(pg->arena, struct map_link, s->need_count + 1);
    struct map_node last;
    if (m.last) last = node_of(&m, s->module_count - 1);
    const struct path_map map = {
        .label = _("Map of the path. The list below says the same."),
        .start = _("Start"),
        .start_note = has_choice(s) ? _("where you like") : STR_NONE,
        .lanes = m.lanes,
        .lane_count = m.lane_count,
        .links = links,
        .link_count = fill_links(&m, links),
        .last = m.last ? &last : NULL,
        .last_form = MAP_STAIR,
        .badge = s->p.title,
        .badge_note = _("final badge"),
        .badge_got = s->viewer.done,
        .area = area_from_name(s->p.area),
    };
    return draw_map(pg->arena, &map);
}

void catalogue_map(struct page *pg, const struct catalogue_sheet *s)
{
    struct html map = map_of(pg, s, false);
    if (map.s.n) catalogue_map_section(pg, map, s, last_of(s) != NULL);
}

/* --- for the learner --------------------------------------------------------------------------------------------------- */

void catalogue_path(struct page *pg, struct db *db, const struct catalogue_programme *p,
                    const struct catalogue_viewer *viewer)
{
    struct catalogue_sheet s = { .viewer = *viewer };
    if (!catalogue_sql_programme_by_id(db, p->id, &s.p)) return;
    s.module_count = catalogue_sql_modules(db, viewer->version_id, pg->now, &s.modules);
    s.part_count = catalogue_sql_parts(db, viewer->version_id, &s.parts);
    s.need_count = catalogue_sql_needs(db, viewer->version_id, &s.needs);
    struct catalogue_rule *rules = arena_array(pg->arena, struct catalogue_rule, s.part_count);
    size_t n = 0;
    for (size_t i = 0; i < s.part_count; i++) {
        struct catalogue_rule *rule = &rules[n];
        count_part(&s, &s.parts[i], &rule->all, &rule->done);
        if (!rule->all) continue;
        rule->title = s.parts[i].level ? s.parts[i].title : STR_NONE;
        rule->needed = s.parts[i].needed;
        rule->still = S("");
        for (size_t k = 0; k < s.module_count; k++) {
            const struct catalogue_sql_modules *m = &s.modules[k];
            if (m->parent_id != s.parts[i].node_id || !catalogue_is_obligatory(&s, m) ||
                catalogue_module_done(viewer, m->id))
                continue;
            rule->still = arena_join(pg->arena, rule->still, rule->still.n ? S(", ") : S(""),
                                     catalogue_module_code(pg->arena, &s, k), S(" "), m->title);
        }
        n++;
    }
    catalogue_path_section(pg, map_of(pg, &s, true), rules, n);
}
