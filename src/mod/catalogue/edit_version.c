/* Versions: what differs between two, publishing a draft, giving it up, taking an older one up again. */
#include "mod/catalogue/edit.h"

#include "base/id.h"
#include "catalogue_html.h"

#define AT "/gestion/formations"
#define FORM struct edit_form
const struct param edit_version_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, numero, PARAM_INT, .required = true, .min = 1, .max = 100000),
    { 0 },
};
const struct param edit_publish_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, note, PARAM_TEXT, .max = EDIT_NOTE),
    { 0 },
};
#undef FORM

/* --- what differs ------------------------------------------------------------------------------------------------------- */

enum shown_as { AS_TEXT, AS_MINUTES, AS_NUMBER, AS_YES, AS_FORMAT };
static const struct {
    const char *label;
    enum shown_as as;
    size_t at;
} fields[] = {
#define FIELD(label, as, name)                                                                     \
    {                                                                                              \
        label, as, offsetof(struct catalogue_sql_nodes, name)                                      \
    }
    FIELD(N_("Title"), AS_TEXT, title),
    FIELD(N_("Code"), AS_TEXT, code),
    FIELD(N_("Short title"), AS_TEXT, brief),
    FIELD(N_("What one has made at the end"), AS_TEXT, outcome),
    FIELD(N_("Objectives"), AS_TEXT, objectives),
    FIELD(N_("What one should know or bring"), AS_TEXT, requirements),
    FIELD(N_("Text"), AS_TEXT, body),
    FIELD(N_("Video"), AS_TEXT, video),
    FIELD(N_("Settings"), AS_TEXT, settings),
    FIELD(N_("Condition"), AS_TEXT, rule),
    FIELD(N_("Format"), AS_FORMAT, modality),
    FIELD(N_("Videoconference"), AS_MINUTES, minutes_remote),
    FIELD(N_("In person"), AS_MINUTES, minutes_onsite),
    FIELD(N_("Own work"), AS_MINUTES, minutes_own),
    FIELD(N_("Creation"), AS_MINUTES, minutes_creation),
    FIELD(N_("Places"), AS_NUMBER, places),
    FIELD(N_("Obligatory"), AS_YES, required),
    FIELD(N_("Stands in the catalogue by itself"), AS_YES, listed),
    FIELD(N_("Modules to be done"), AS_NUMBER, needed),
    FIELD("SAMR", AS_TEXT, samr),
    FIELD("ASPID", AS_TEXT, aspid),
    FIELD("TPACK", AS_TEXT, tpack),
#undef FIELD
};

static struct str text_of(const struct catalogue_sql_nodes *n, size_t at)
{
    return *(const struct str *)((const char *)n + at);
}

static int64_t number_of(const struct catalogue_sql_nodes *n, size_t at)
{
    return *(const int64_t *)((const char *)n + at);
}

static bool is_text(enum shown_as as)
{
    return as == AS_TEXT || as == AS_FORMAT;
}

static struct str shown(struct page *pg, const struct catalogue_sql_nodes *n, size_t field)
{
    size_t at = fields[field].at;
    switch (fields[field].as) {
    case AS_TEXT: return text_of(n, at);
    case AS_FORMAT: return text_of(n, at).n ? _(catalogue_modality_label(text_of(n, at))) : S("");
    case AS_MINUTES: return duration_text(pg, number_of(n, at));
    case AS_YES: return number_of(n, at) ? _("yes") : _("no");
    case AS_NUMBER: break;
    }
    return arena_int(pg->arena, number_of(n, at), 1);
}

static bool same(const struct catalogue_sql_nodes *a, const struct catalogue_sql_nodes *b,
                 size_t field)
{
    size_t at = fields[field].at;
    return is_text(fields[field].as) ? str_eq(text_of(a, at), text_of(b, at))
                                     : number_of(a, at) == number_of(b, at);
}

/* The node before `i` at its height, that is, which one it follows; 0 the first. */
static int64_t follows(const struct outline *o, size_t i)
{
    for (size_t k = i; k-- > 0;)
        if (o->nodes[k].parent_id == o->nodes[i].parent_id && !o->nodes[k].removed_at)
            return o->nodes[k].node_id;
    return 0;
}

static void compare(struct page *pg, const struct outline *old, const struct outline *new, size_t i,
                    struct edit_difference *d)
{
    d->changes = arena_array(pg->arena, struct edit_change, COUNT(fields) + 2);
    for (size_t k = 0; k < COUNT(fields); k++)
        if (!same(d->before, d->after, k))
            d->changes[d->n++] = (struct edit_change){ .label = fields[k].label,
                                                       .before = shown(pg, d->before, k),
                                                       .after = shown(pg, d->after, k) };
    struct str aimed =
                   goal_text(pg->arena, &old->goals, d->before->node_id, d->before->competences),
               aims = goal_text(pg->arena, &new->goals, d->after->node_id, d->after->competences);
    if (!str_eq(aimed, aims))
        d->changes[d->n++] =
            (struct edit_change){ .label = N_("Competences"), .before = aimed, .after = aims };
    const struct catalogue_sql_nodes *was = outline_find(old, d->after->parent_id),
                                     *is = outline_find(new, d->after->parent_id),
                                     *stood = outline_find(old, d->before->parent_id);
    if (d->before->parent_id != d->after->parent_id)
        d->changes[d->n++] = (struct edit_change){ .label = N_("Stands in"),
                                                   .before = stood ? stood->title : S(""),
                                                   .after = is ? is->title : S("") };
    else if (was && follows(old, (size_t)(d->before - old->nodes)) != follows(new, i)) {
        const struct catalogue_sql_nodes *a = outline_find(
                                             old, follows(old, (size_t)(d->before - old->nodes))),
                                         *b = outline_find(new, follows(new, i));
        /* what only moved up because another went is no difference of its own */
        if (b && outline_find(old, b->node_id) && (!a || outline_find(new, a->node_id)))
            d->changes[d->n++] = (struct edit_change){ .label = N_("Comes after"),
                                                       .before = a ? a->title : S(""),
                                                       .after = b->title };
    }
}

size_t edit_differences(struct page *pg, const struct outline *old, const struct outline *new,
                        struct edit_difference **ret)
{
    struct edit_difference *all =
        arena_array(pg->arena, struct edit_difference, old->n + new->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < new->n; i++) {
        struct edit_difference d = { .after = &new->nodes[i],
                                     .before = outline_find(old, new->nodes[i].node_id) };
        if (d.after->removed_at) continue;
        d.what = d.before ? NODE_OTHER : NODE_NEW;
        if (d.before) compare(pg, old, new, i, &d);
        if (!d.before || d.n) all[n++] = d;
    }
    for (size_t i = 0; i < old->n; i++) {
        const struct catalogue_sql_nodes *still = outline_find(new, old->nodes[i].node_id);
        if (!still || still->removed_at)
            all[n++] = (struct edit_difference){ .what = NODE_GONE, .before = &old->nodes[i] };
    }
    *ret = all;
    return n;
}

/* --- pages -------------------------------------------------------------------------------------------------------------- */

/* Version `numero` beside the one it began from; one beyond the last is the draft. */
void edit_version_get(struct request *r)
{
    const struct edit_form *f = r->form;
    struct edit_sheet s;
    struct catalogue_sql_version v, base;
    struct outline old = { 0 }, new;
    if (!edit_load(r, &s)) return;
    bool draft = s.draft && s.version_count + 1 == (size_t)f->numero;
    if (draft) v = s.v;
    else if (!catalogue_sql_version_by_number(r->db, f->id, f->numero, &v)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    outline_load(r->db, v.id, &new);
    goals_load(r->db, v.id, &new.goals);
    if (v.base != DB_NULL && catalogue_sql_version_by_number(r->db, f->id, v.base, &base)) {
        outline_load(r->db, base.id, &old);
        goals_load(r->db, base.id, &old.goals);
    }
    struct page *pg = http_page(r);
    struct edit_difference *differences;
    size_t n = edit_differences(pg, &old, &new, &differences);
    catalogue_edit_version(pg, &s, &v, differences, n);
}

static void to_programme(struct request *r, const char *notice)
{
    const struct edit_form *f = r->form;
    http_redirect(r, arena_printf(r->arena, AT "/%.*s", STR(id_lower(r->arena, f->id))), notice);
}

/* What would make a training that nobody can follow. */
static const char *not_ready(const struct outline *o)
{
    if (!o->nodes[0].outcome.n)
        return N_("Say in one sentence what the training is for: it stands on its card.");
    for (size_t i = 1; i < o->n; i++) {
        const struct catalogue_sql_nodes *n = &o->nodes[i];
        if (n->removed_at || n->level > LEVEL_UNIT || n->whole) continue;
        int64_t there = 0;
        for (size_t k = i + 1; k < outline_end(o, i); k++)
            there += o->nodes[k].level == LEVEL_MODULE && !o->nodes[k].removed_at;
        if (n->needed > there) return N_("A unit asks for more modules than it has.");
    }
    return NULL;
}

void edit_publish_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct edit_sheet s;
    if (!edit_load(r, &s)) return;
    if (!s.draft) { /* published by somebody else meanwhile */
        to_programme(r, "deja-publie");
        return;
    }
    const char *problem = not_ready(&s.o);
    if (problem) {
        http_invalid(r, NULL, R_(problem));
        return;
    }
    if (draft_publish(r->db, s.v.id, f->note.p ? f->note : S(""), r->who.person_id, r->now))
        to_programme(r, "version-publiee");
    else http_fail(r, 409, STR_NONE);
}

/* What was never published has no group and nobody in it: it goes altogether. */
void edit_drop_apply(struct request *r)
{
    struct edit_sheet s;
    if (!edit_load(r, &s)) return;
    if (s.draft) draft_drop(r->db, s.v.id);
    if (s.p.version_id != DB_NULL) {
        to_programme(r, "brouillon-abandonne");
        return;
    }
    catalogue_sql_forget_activities(r->db, s.p.id);
    catalogue_sql_forget_modules(r->db, s.p.id);
    catalogue_sql_forget_programme(r->db, s.p.id);
    http_redirect(r, S(AT), "formation-retiree");
}

void edit_restore_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_version v;
    if (!catalogue_sql_version_by_number(r->db, f->id, f->numero, &v)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    draft_restore(r->db, f->id, &v, r->who.person_id, r->now);
    to_programme(r, "version-reprise");
}
