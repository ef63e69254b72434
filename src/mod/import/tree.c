/* The lines of a file of organisations: parents may stand in the file itself, before or behind what lies below them. */
#include "mod/import/plan.h"

struct tree {
    struct import_planner *p;
    struct import_index by_code, by_name; /* steps of the file */
};

static int rank(const struct import_step *s)
{
    return str_is(s->organisation.kind, "authority") ? 1
           : str_is(s->organisation.kind, "school")  ? 2
                                                     : 0;
}

static int by_rank(const void *a, const void *b)
{
    const struct import_step *x = a, *y = b;
    int c = rank(x) - rank(y);
    return c ? c : x->index < y->index ? -1 : 1;
}

static struct str kind_of(struct arena *a, struct str typed)
{
    struct str letters = import_letters(a, typed);
    for (size_t i = 0; organisation_kind(i); i++) {
        struct str code = str_from(organisation_kind(i));
        if (import_means(a, letters, organisation_kind(i), organisation_kind_label(code)))
            return code;
    }
    return STR_NONE;
}

static void read_words(struct import_planner *p, struct import_step *s)
{
    struct organisation *o = &s->organisation;
    struct str site = import_cell(p, s, ORG_SITE);
    o->kind = S("");
    if (!import_filled(p, s)) return;
    *o = (struct organisation){ .parent_id = DB_NULL,
                                .kind = kind_of(p->arena, import_cell(p, s, ORG_KIND)),
                                .name = import_cell(p, s, ORG_NAME),
                                .code = import_cell(p, s, ORG_CODE),
                                .place = import_cell(p, s, ORG_PLACE),
                                .website = site };
    s->parent = import_cell(p, s, ORG_PARENT);
    if (!o->kind.p) import_wrong(p, s, ORG_KIND, "kind");
    if (!o->kind.p) o->kind = S("");
    if (site.n && !str_starts(site, S("https://")) && !str_starts(site, S("http://")))
        import_wrong(p, s, ORG_SITE, "site");
}

/* The step of the file that is called so, or NULL with the code of the problem. */
static struct import_step *step_called(const struct tree *t, struct str typed,
                                       const char **ret_problem)
{
    size_t n;
    const struct import_entry *e = import_index_find(&t->by_code, typed, &n);
    if (!e) e = import_index_find(&t->by_name, import_letters(t->p->arena, typed), &n);
    *ret_problem = !e ? "parent" : n > 1 ? "several" : NULL;
    return *ret_problem ? NULL : &t->p->plan->steps[e->at];
}

/* Finds what it shall lie below; false when that was told to be wrong. */
static bool find_parent(const struct tree *t, struct import_step *s)
{
    struct import_planner *p = t->p;
    const char *problem;
    struct str kind = STR_NONE;
    if (!s->parent.n) return true;
    size_t known = import_organisation_called(p, s->parent, "parent", &problem);
    if (!problem) {
        s->organisation.parent_id = p->organisations[known].id;
        kind = p->organisations[known].kind;
    } else if (!strcmp(problem, "parent")) {
        struct import_step *other = step_called(t, s->parent, &problem);
        if (other && (other->fate == FATE_WRONG || other >= s)) problem = "parent";
        if (!problem) {
            s->same_file_parent = other;
            kind = other->organisation.kind;
        }
    }
    if (!problem && !organisation_suits(s->organisation.kind, kind)) problem = "suits";
    if (problem) import_wrong(p, s, ORG_PARENT, problem);
    return !problem;
}

/* The known one that a line means: by its code; without a code by kind, name and place in the tree. */
static size_t known_one(struct import_planner *p, const struct import_step *s)
{
    const struct organisation *o = &s->organisation;
    size_t n;
    const struct import_entry *e = import_index_find(&p->by_code, o->code, &n);
    if (e) return e->at;
    e = o->code.n ? NULL : import_index_find(&p->by_name, import_letters(p->arena, o->name), &n);
    for (size_t i = 0; e && i < n; i++) {
        const struct import_sql_known_organisations *k = &p->organisations[e[i].at];
        bool place = !s->parent.n || (!s->same_file_parent && k->parent_id == o->parent_id);
        if (place && str_eq(k->kind, o->kind)) return e[i].at;
    }
    return SIZE_MAX;
}

static struct str or_known(struct str cell, struct str known)
{
    return cell.n ? cell : known;
}

static void compare(struct import_planner *p, struct import_step *s,
                    const struct import_sql_known_organisations *k)
{
    struct organisation *o = &s->organisation;
    if (!str_eq(k->kind, o->kind)) {
        import_wrong(p, s, ORG_KIND, "other-kind");
        return;
    }
    s->id = o->id = k->id;
    o->code = or_known(o->code, k->code);
    o->place = or_known(o->place, k->place);
    o->website = or_known(o->website, k->website);
    if (!s->parent.n) o->parent_id = k->parent_id;
    bool same = str_eq(o->name, k->name) && str_eq(o->place, k->place) &&
                str_eq(o->website, k->website) && o->parent_id == k->parent_id &&
                !s->same_file_parent;
    s->fate = same ? FATE_SAME : FATE_CHANGE;
}

static void find_twins(const struct tree *t)
{
    for (size_t i = 1; i < t->by_code.n; i++)
        if (str_eq(t->by_code.v[i].key, t->by_code.v[i - 1].key))
            import_wrong(t->p, &t->p->plan->steps[t->by_code.v[i].at], ORG_CODE, "twice");
    for (size_t i = 1; i < t->by_name.n; i++) {
        const struct import_step *x = &t->p->plan->steps[t->by_name.v[i - 1].at];
        struct import_step *y = &t->p->plan->steps[t->by_name.v[i].at];
        if (str_eq(t->by_name.v[i].key, t->by_name.v[i - 1].key) && !x->organisation.code.n &&
            !y->organisation.code.n && str_eq(x->organisation.kind, y->organisation.kind) &&
            str_eq(x->parent, y->parent) && y->fate != FATE_WRONG)
            import_wrong(t->p, y, ORG_NAME, "twice");
    }
}

void import_plan_organisations(struct import_planner *p)
{
    struct import_plan *plan = p->plan;
    struct tree t = { .p = p };
    for (size_t i = 0; i < plan->n; i++) {
        if (plan->steps[i].fate == FATE_WRONG) plan->steps[i].organisation.kind = S("");
        else read_words(p, &plan->steps[i]);
    }
    if (plan->n) qsort(plan->steps, plan->n, sizeof *plan->steps, by_rank);
    t.by_code.v = arena_array(p->arena, struct import_entry, plan->n + 1);
    t.by_name.v = arena_array(p->arena, struct import_entry, plan->n + 1);
    for (size_t i = 0; i < plan->n; i++) {
        import_index_add(&t.by_code, plan->steps[i].organisation.code, i);
        import_index_add(&t.by_name, import_letters(p->arena, plan->steps[i].organisation.name), i);
    }
    import_index_sort(&t.by_code);
    import_index_sort(&t.by_name);
    find_twins(&t);
    for (size_t i = 0; i < plan->n; i++) {
        struct import_step *s = &plan->steps[i];
        if (s->fate == FATE_WRONG || !find_parent(&t, s)) continue;
        size_t known = known_one(p, s);
        if (known != SIZE_MAX) compare(p, s, &p->organisations[known]);
    }
}
