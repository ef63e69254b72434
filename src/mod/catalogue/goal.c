/* Competences with their target levels, read from a version. */
#include "mod/catalogue/goal.h"

#include "base/id.h"
#include "catalogue_html.h"
#include "mod/catalogue/pages.h"

void goals_load(struct db *db, int64_t version, struct goals *ret)
{
    ret->n = catalogue_sql_targets(db, version, &ret->rows);
}

int64_t goal_level(const struct goals *g, int64_t node, int competence)
{
    int64_t level = 0;
    for (size_t i = 0; i < g->n; i++)
        if ((node == GOALS_OF_ALL || g->rows[i].node_id == node) && g->rows[i].level > level &&
            str_is(g->rows[i].framework, DIGCOMPEDU) &&
            str_is(g->rows[i].code, competences[competence].code))
            level = g->rows[i].level;
    return level <= COMPETENCE_LEVELS ? level : 0;
}

struct str goal_codes(struct arena *a, const struct goals *g, int64_t node, int64_t mask)
{
    struct str all = S("");
    for (int i = 0; i < COMPETENCES; i++) {
        if (!(mask >> i & 1)) continue;
        int64_t level = goal_level(g, node, i);
        all = arena_join(a, all, all.n ? S(" · ") : S(""), str_from(competences[i].code),
                         level ? S("\u00a0") : S(""),
                         level ? str_from(competence_levels[level - 1].code) : S(""));
    }
    return all;
}

size_t goal_others(struct arena *a, const struct goals *g, int64_t node,
                   struct catalogue_sql_targets **ret)
{
    struct catalogue_sql_targets *all = arena_array(a, struct catalogue_sql_targets, g->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct catalogue_sql_targets *t = &g->rows[i];
        if ((node != GOALS_OF_ALL && t->node_id != node) || str_is(t->framework, DIGCOMPEDU))
            continue;
        /* rows of one competence stand beside each other */
        bool again =
            n && str_eq(all[n - 1].framework, t->framework) && str_eq(all[n - 1].code, t->code);
        if (!again) all[n++] = *t;
        else if (t->level > all[n - 1].level) all[n - 1].level = t->level;
    }
    *ret = all;
    return n;
}

struct str goal_text(struct arena *a, const struct goals *g, int64_t node, int64_t mask)
{
    struct catalogue_sql_targets *others;
    struct str all = goal_codes(a, g, node, mask);
    size_t n = goal_others(a, g, node, &others);
    for (size_t i = 0; i < n; i++) {
        const struct catalogue_sql_targets *t = &others[i];
        struct str level = t->levels.p ? framework_level(t->levels, t->level) : STR_NONE;
        bool first = i == 0 || !str_eq(t->framework, others[i - 1].framework);
        if (first)
            all = arena_join(a, all, all.n ? S("\n") : S(""), t->title.p ? t->title : t->framework,
                             S(": "));
        all = arena_join(a, all, first ? S("") : S(" · "), t->code, level.n ? S(" ") : S(""),
                         level.n ? level : S(""));
    }
    return all;
}

/* --- in the editor's form --------------------------------------------------------------------------------------------- */

struct str goal_value(struct arena *a, struct str framework, struct str code, int64_t level)
{
    return arena_printf(a, "%.*s/%.*s/%d", STR(framework), STR(code), (int)level);
}

bool goal_parse(struct str value, struct str *ret_framework, struct str *ret_code,
                int64_t *ret_level)
{
    struct str rest = value;
    *ret_framework = str_cut(&rest, '/');
    size_t at = rest.n;
    while (at && rest.p[at - 1] != '/')
        at--;
    if (!at) return false;
    *ret_code = str_sub(rest, 0, at - 1);
    return ret_framework->n && ret_code->n &&
           str_to_int(str_sub(rest, at, rest.n - at), ret_level) && *ret_level >= 0;
}

/* --- for the room --------------------------------------------------------------------------------------------------------- */

void catalogue_goals_show(struct page *pg, struct db *db, const struct catalogue_module *m)
{
    struct goals all, mine = { NULL, 0 };
    goals_load(db, m->version_id, &all);
    mine.rows = arena_array(pg->arena, struct catalogue_sql_targets, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i].node_id == m->id) mine.rows[mine.n++] = all.rows[i];
    catalogue_aims(pg, m->objectives, m->requirements, 4);
    catalogue_goals(pg, &mine, m->id, m->competences, false);
}
