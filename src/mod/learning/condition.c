/* From a version and a person to what is missing. Three queries, whatever the size of the programme. */
#include "mod/learning/condition.h"

void condition_load(struct db *db, int64_t person_id, int64_t programme_id, int64_t version_id,
                    int64_t now, struct condition_set *ret)
{
    struct learning_sql_my_group group = { 0 };
    *ret = (struct condition_set){ .facts.now = now };
    learning_sql_my_group(db, person_id, programme_id, &group);
    ret->facts.group = group.label;
    ret->n = learning_sql_rule_facts(db, person_id, version_id, &ret->rows);
    ret->need_count = learning_sql_all_needs(db, version_id, &ret->needs);
    struct rule_node *nodes = arena_array(db_arena(db), struct rule_node, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        nodes[i] =
            (struct rule_node){ .id = ret->rows[i].node_id,
                                .code = ret->rows[i].code,
                                .title = ret->rows[i].title,
                                .slug = ret->rows[i].slug,
                                .done = ret->rows[i].done > 0,
                                .percent =
                                    ret->rows[i].percent == DB_NULL ? -1 : ret->rows[i].percent };
    ret->facts.nodes = nodes;
    ret->facts.n = ret->n;
}

static void add_part(struct rule *all, struct rule *part)
{
    all->parts[all->n++] = part;
}

/* A prerequisite reads like a condition that somebody wrote. */
static struct rule *need_as_rule(struct arena *a, const struct learning_sql_all_needs *need)
{
    struct rule *rule = arena_new(a, struct rule);
    rule->op = RULE_DONE;
    rule->name = need->code.n ? need->code : need->title;
    return rule;
}

struct rule *condition_of(struct arena *a, const struct condition_set *set, size_t i)
{
    struct rule *written = NULL, *all = arena_new(a, struct rule);
    const char *problem;
    size_t at;
    all->op = RULE_ALL;
    all->parts = arena_array(a, struct rule *, set->need_count + 1);
    for (size_t k = 0; k < set->need_count; k++)
        if (set->needs[k].node_id == set->rows[i].node_id)
            add_part(all, need_as_rule(a, &set->needs[k]));
    /* what cannot be read locks nobody out: it was refused when it was typed */
    if (set->rows[i].rule.n && rule_parse(a, set->rows[i].rule, &written, &problem, &at))
        add_part(all, written);
    return all->n == 0 ? NULL : all->n == 1 ? all->parts[0] : all;
}

/* Of several that are all asked for, those that are not met; one that is not met stands whole. */
static struct rule *unmet(struct arena *a, struct rule *rule, const struct rule_facts *f)
{
    if (!rule || rule_met(rule, f)) return NULL;
    if (rule->op != RULE_ALL) return rule;
    struct rule *left = arena_new(a, struct rule);
    left->op = RULE_ALL;
    left->parts = arena_array(a, struct rule *, rule->n + 1);
    for (size_t i = 0; i < rule->n; i++) {
        struct rule *part = unmet(a, rule->parts[i], f);
        if (part) add_part(left, part);
    }
    return left->n == 1 ? left->parts[0] : left;
}

struct rule *condition_missing(struct arena *a, const struct condition_set *set, int64_t node_id,
                               bool module)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->rows[i].node_id != node_id) continue;
        struct rule *own = unmet(a, condition_of(a, set, i), &set->facts);
        struct rule *above = module && set->rows[i].level > 2
                                 ? condition_missing(a, set, set->rows[i].parent_id, false)
                                 : NULL;
        if (!own || !above) return own ? own : above;
        struct rule *both = arena_new(a, struct rule);
        both->op = RULE_ALL;
        both->parts = arena_array(a, struct rule *, 2);
        add_part(both, above);
        add_part(both, own);
        return both;
    }
    return NULL;
}
