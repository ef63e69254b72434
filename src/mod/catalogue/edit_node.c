/* The form of one node: the programme itself, a unit, a module or an activity; and the guided choice of the models. */
#include "mod/catalogue/edit.h"

#include "base/id.h"
#include "catalogue_html.h"
#include "mod/catalogue/models.h"

#define AT "/gestion/formations"
enum { MINUTES_MOST = 60 * 1000, LONG_TEXT = 20000, NEEDS_MOST = 12 };

#define FORM struct edit_form
#define CHAMP(i)                                                                                   \
    {                                                                                              \
        .name = "champ" #i, .kind = PARAM_LONG, .offset = offsetof(FORM, champ[i]),                \
        .max = LONG_TEXT                                                                           \
    }
#define MINUTES(name) PARAM(FORM, name, PARAM_INT, .max = MINUTES_MOST)
const struct param edit_node_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, noeud, PARAM_ID, .required = true),
    PARAM(FORM, vu, PARAM_INT, .max = INT64_MAX),
    PARAM(FORM, titre, PARAM_TEXT, .required = true, .min = 2, .max = 140),
    PARAM(FORM, code, PARAM_TEXT, .max = 12),
    PARAM(FORM, bref, PARAM_TEXT, .max = 140),
    PARAM(FORM, resultat, PARAM_TEXT, .max = 300),
    PARAM(FORM, objectifs, PARAM_LONG, .max = 5000),
    PARAM(FORM, prerequis, PARAM_LONG, .max = 2000),
    PARAM(FORM, texte, PARAM_LONG, .max = LONG_TEXT),
    PARAM(FORM, modalite, PARAM_TEXT, .max = 20),
    PARAM(FORM, regle, PARAM_TEXT, .max = 1000),
    PARAM(FORM, partenaires, PARAM_TEXT, .max = 300),
    MINUTES(distance),
    MINUTES(presence),
    MINUTES(seul),
    MINUTES(creation),
    PARAM(FORM, places, PARAM_INT, .max = 10000),
    PARAM(FORM, exiges, PARAM_INT, .max = OUTLINE_NODES),
    PARAM(FORM, annee, PARAM_INT, .min = 0, .max = 2100),
    PARAM(FORM, obligatoire, PARAM_BOOL),
    PARAM(FORM, catalogue, PARAM_BOOL),
    PARAM(FORM, tous, PARAM_BOOL),
    PARAM(FORM, ouvert, PARAM_BOOL),
    { .name = "cibles[]", .kind = PARAM_LIST, .offset = offsetof(FORM, cibles) },
    PARAM(FORM, matieres, PARAM_LIST),
    PARAM(FORM, besoins, PARAM_LIST),
    PARAM(FORM, public, PARAM_LIST),
    PARAM(FORM, reseaux, PARAM_LIST),
    PARAM(FORM, langues, PARAM_LIST),
    PARAM(FORM, cherche, PARAM_TEXT, .max = 100),
    PARAM(FORM, chercher, PARAM_BOOL),
    CHAMP(0),
    CHAMP(1),
    CHAMP(2),
    CHAMP(3),
    CHAMP(4),
    CHAMP(5),
    CHAMP(6),
    CHAMP(7),
    { 0 },
};
const struct param edit_models_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, noeud, PARAM_ID, .required = true),
    PARAM(FORM, samr, PARAM_TEXT, .max = 1),
    PARAM(FORM, aspid, PARAM_TEXT, .max = 1),
    PARAM(FORM, technologie, PARAM_BOOL),
    PARAM(FORM, pedagogie, PARAM_BOOL),
    PARAM(FORM, contenu, PARAM_BOOL),
    { 0 },
};
#undef FORM

static bool (*rule_check)(struct arena *a, struct str text, struct str *ret_stored,
                          const char **ret_problem);

void catalogue_set_rule_check(bool (*fn)(struct arena *a, struct str text, struct str *ret_stored,
                                         const char **ret_problem))
{
    rule_check = fn;
}

/* --- what the form shows ------------------------------------------------------------------------------------------------ */

static struct str_list codes_of(struct arena *a, enum facet_group group, int64_t bits)
{
    const struct facet_option *options;
    struct str_list list = { arena_array(a, struct str, 64), 0 };
    size_t n = facet_fixed(group, &options);
    for (size_t i = 0; i < n; i++)
        if (bits >> (options[i].bit - facet_first(group)) & 1)
            list.items[list.n++] = options[i].code;
    return list;
}

static struct str_list goal_list(struct request *r, const struct edit_node *e)
{
    struct goals g;
    struct catalogue_sql_targets *others;
    const struct catalogue_sql_nodes *n = e->node;
    goals_load(r->db, e->s.v.id, &g);
    size_t count = goal_others(r->arena, &g, n->node_id, &others);
    struct str_list list = { arena_array(r->arena, struct str, COMPETENCES + count), 0 };
    for (int i = 0; i < COMPETENCES; i++)
        if (n->competences >> i & 1)
            list.items[list.n++] =
                goal_value(r->arena, S(DIGCOMPEDU), str_from(competences[i].code),
                           goal_level(&g, n->node_id, i));
    for (size_t i = 0; i < count; i++)
        list.items[list.n++] =
            goal_value(r->arena, others[i].framework, others[i].code, others[i].level);
    return list;
}

static struct str_list needs_list(struct arena *a, const struct edit_node *e)
{
    struct str_list list = { arena_array(a, struct str, e->need_count + 1), 0 };
    for (size_t i = 0; i < e->need_count; i++)
        if (e->needs[i].node_id == e->node->node_id)
            list.items[list.n++] = id_lower(a, e->needs[i].needs_id);
    return list;
}

/* The row, as the form's fields. */
static void show_stored(struct request *r, struct edit_node *e)
{
    struct edit_form *f = e->f;
    const struct catalogue_sql_nodes *n = e->node;
    const struct catalogue_sql_version *v = &e->s.v;
    f->vu = n->changed_at;
    f->titre = n->title;
    f->code = n->code;
    f->bref = n->brief;
    f->resultat = n->outcome;
    f->objectifs = n->objectives;
    f->prerequis = n->requirements;
    f->texte = n->body;
    f->modalite = n->modality;
    f->regle = n->rule;
    f->distance = n->minutes_remote;
    f->presence = n->minutes_onsite;
    f->seul = n->minutes_own;
    f->creation = n->minutes_creation;
    f->places = n->places;
    f->exiges = n->needed;
    f->obligatoire = n->required;
    f->catalogue = n->listed;
    f->tous = n->whole;
    f->cibles = goal_list(r, e);
    f->matieres = codes_of(r->arena, GROUP_SUBJECT, n->subjects);
    f->besoins = needs_list(r->arena, e);
    f->partenaires = v->partners;
    f->annee = v->year == DB_NULL ? 0 : v->year;
    f->ouvert = v->open_enrolment;
    f->public = codes_of(r->arena, GROUP_AUDIENCE, v->audience);
    f->reseaux = codes_of(r->arena, GROUP_NETWORK, v->networks);
    f->langues = codes_of(r->arena, GROUP_LANGUAGE, v->languages);
}

static struct catalogue_activity as_activity(const struct catalogue_sql_nodes *n)
{
    return (struct catalogue_activity){ .id = n->node_id,
                                        .kind = n->kind,
                                        .title = n->title,
                                        .body = n->body,
                                        .video = n->video,
                                        .settings = n->settings };
}

static void load_values(struct request *r, struct edit_node *e, bool typed)
{
    struct catalogue_activity activity = as_activity(e->node);
    e->kind = activity_kind_find(e->node->kind);
    for (size_t i = 0; e->kind && e->kind->fields && e->kind->fields[i].name && i < EDIT_FIELDS;
         i++) {
        const struct activity_field *field = &e->kind->fields[i];
        e->values[i] = typed ? e->f->champ[i] : activity_setting(r->arena, &activity, field->name);
        if (field->options)
            e->option_counts[i] =
                field->options(r, e->f->cherche, e->values[i], EDIT_OPTIONS, &e->options[i]);
    }
}

bool edit_node_load(struct request *r, struct edit_node *ret)
{
    struct edit_form *f = r->form;
    *ret = (struct edit_node){ .f = f };
    if (!edit_load(r, &ret->s)) return false;
    ret->node = outline_find(&ret->s.o, f->noeud);
    if (!ret->node || ret->node->removed_at) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    ret->need_count = catalogue_sql_needs(r->db, ret->s.v.id, &ret->needs);
    ret->other_count = framework_competences(r->db, &ret->others);
    return true;
}

void edit_node_get(struct request *r)
{
    struct edit_node e;
    if (!edit_node_load(r, &e)) return;
    bool typed = r->error_count > 0;
    if (!typed) show_stored(r, &e);
    load_values(r, &e, typed);
    catalogue_edit_node(http_page(r), &e);
}

/* --- writing it ------------------------------------------------------------------------------------------------------------ */

static int64_t bits_of(const struct str_list *codes, int64_t (*bit)(struct str code))
{
    int64_t bits = 0;
    for (size_t i = 0; i < codes->n; i++)
        bits |= bit(codes->items[i]);
    return bits;
}

/* What can be aimed at, and how far: its levels, -1 when there is no such competence. */
static int64_t levels_of(const struct edit_node *e, struct str framework, struct str code)
{
    if (str_is(framework, DIGCOMPEDU)) return competence_find(code) >= 0 ? COMPETENCE_LEVELS : -1;
    for (size_t i = 0; i < e->other_count; i++)
        if (str_eq(e->others[i].slug, framework) && str_eq(e->others[i].code, code))
            return framework_level_count(e->others[i].levels);
    return -1;
}

/* The bits of those of DigCompEdu; says so when something that was sent is not to be chosen. */
static int64_t check_goals(struct request *r, const struct edit_node *e)
{
    int64_t bits = 0, level;
    struct str framework, code;
    for (size_t i = 0; i < e->f->cibles.n; i++) {
        if (!goal_parse(e->f->cibles.items[i], &framework, &code, &level) ||
            level > levels_of(e, framework, code)) {
            http_invalid(r, "cibles", R_(N_("This choice is not one of ours.")));
            return 0;
        }
        if (str_is(framework, DIGCOMPEDU)) bits |= INT64_C(1) << competence_find(code);
    }
    return bits;
}

static void write_goals(struct request *r, int64_t draft, const struct edit_node *e)
{
    int64_t level;
    struct str framework, code;
    catalogue_sql_drop_target(r->db, draft, e->node->node_id);
    for (size_t i = 0; i < e->f->cibles.n; i++)
        if (goal_parse(e->f->cibles.items[i], &framework, &code, &level) &&
            (level || !str_is(framework, DIGCOMPEDU)))
            catalogue_sql_add_target(r->db, draft, e->node->node_id, framework, code, level);
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static struct str stored_rule(struct request *r, const struct edit_form *f)
{
    struct str stored = S("");
    const char *problem = NULL;
    if (f->regle.n && rule_check && !rule_check(r->arena, f->regle, &stored, &problem))
        http_invalid(r, "regle", R_(problem));
    return stored;
}

/* What stands there already may stay, also when somebody else chose it. */
static bool may_choose(struct request *r, const struct activity_field *field, struct str value,
                       const struct catalogue_activity *stored)
{
    struct activity_option *first;
    if (!field->options || !value.n ||
        str_eq(value, activity_setting(r->arena, stored, field->name)))
        return true;
    return field->options(r, S(""), value, 1, &first) && str_eq(first[0].value, value);
}

/* The fields of an activity's kind, each within its own bounds, then as a whole. */
static void check_fields(struct request *r, const struct activity_kind *kind,
                         const struct edit_form *f, struct catalogue_activity *activity)
{
    const struct catalogue_activity stored = *activity;
    for (size_t i = 0; kind->fields && kind->fields[i].name && i < EDIT_FIELDS; i++) {
        const struct activity_field *field = &kind->fields[i];
        const char *name = arena_printf(r->arena, "champ%zu", i).p;
        int64_t number;
        if (field->required && !f->champ[i].n)
            http_invalid(r, name, R_(N_("Please fill this in.")));
        else if (field->kind == ACTIVITY_NUMBER && f->champ[i].n &&
                 (!str_to_int(f->champ[i], &number) || number < field->min || number > field->max))
            http_invalid(r, name,
                         fmt_plain(r->arena, R_(N_("A number from {0} to {1}, please.")),
                                   field->min, field->max));
        else if (!may_choose(r, field, f->champ[i], &stored))
            http_invalid(r, name, R_(N_("Please choose one from the list.")));
        else if (strcmp(field->name, "body") == 0) activity->body = or_empty(f->champ[i]);
        else if (strcmp(field->name, "video") == 0) activity->video = or_empty(f->champ[i]);
    }
    if (!http_ok(r)) return;
    activity->settings = activity_settings_of(r->arena, kind, f->champ);
    const char *problem = kind->check ? kind->check(r->db, activity) : NULL;
    if (problem) http_invalid(r, NULL, R_(problem));
}

static void write_needs(struct request *r, int64_t draft, const struct outline *o, int64_t node)
{
    const struct edit_form *f = r->form;
    int64_t id;
    catalogue_sql_drop_need(r->db, draft, node);
    for (size_t i = 0; i < f->besoins.n && i < NEEDS_MOST; i++) {
        const struct catalogue_sql_nodes *other =
            id_parse(f->besoins.items[i], &id) ? outline_find(o, id) : NULL;
        if (other && other->level == LEVEL_MODULE && !other->removed_at && id != node)
            catalogue_sql_add_need(r->db, draft, node, id);
    }
}

/* Does `node` come back to itself when one follows what is needed? */
static bool goes_round(struct request *r, const struct edit_node *e)
{
    const struct outline *o = &e->s.o;
    bool *seen = arena_array(r->arena, bool, o->n + 1);
    int64_t *todo = arena_array(r->arena, int64_t, o->n + e->f->besoins.n + 1), id;
    size_t n = 0;
    for (size_t i = 0; i < e->f->besoins.n && i < NEEDS_MOST; i++)
        if (id_parse(e->f->besoins.items[i], &id)) todo[n++] = id;
    while (n) {
        id = todo[--n];
        if (id == e->node->node_id) return true;
        const struct catalogue_sql_nodes *at = outline_find(o, id);
        if (!at || seen[at - o->nodes]) continue;
        seen[at - o->nodes] = true;
        for (size_t i = 0; i < e->need_count && n < o->n; i++)
            if (e->needs[i].node_id == id) todo[n++] = e->needs[i].needs_id;
    }
    return false;
}

static void write_head(struct request *r, int64_t draft, const struct catalogue_sql_version *v)
{
    const struct edit_form *f = r->form;
    catalogue_sql_set_head(
        r->db, &(struct catalogue_sql_set_head_in){ .id = draft,
                                                    .kind = v->kind,
                                                    .area = v->area,
                                                    .audience = bits_of(&f->public, audience_bit),
                                                    .networks = bits_of(&f->reseaux, network_bit),
                                                    .languages = bits_of(&f->langues, language_bit),
                                                    .partners = or_empty(f->partenaires),
                                                    .year = f->annee ? f->annee : DB_NULL,
                                                    .open = f->ouvert,
                                                    .now = r->now });
}

static void write_node(struct request *r, int64_t draft, const struct edit_node *e,
                       const struct catalogue_activity *activity, int64_t aimed)
{
    const struct edit_form *f = r->form;
    const struct catalogue_sql_nodes *n = e->node;
    bool step = n->level == LEVEL_ACTIVITY;
    catalogue_sql_set_node(r->db,
                           &(struct catalogue_sql_set_node_in){
                               .version = draft,
                               .node_id = n->node_id,
                               .changed_at = r->now,
                               .code = or_empty(f->code),
                               .lane = n->lane,
                               .kind = n->kind,
                               .title = f->titre,
                               .brief = or_empty(f->bref),
                               .outcome = or_empty(f->resultat),
                               .objectives = or_empty(f->objectifs),
                               .requirements = or_empty(f->prerequis),
                               .body = step ? activity->body : or_empty(f->texte),
                               .video = step ? activity->video : n->video,
                               .modality = n->level == LEVEL_UNIT || step ? S("") : f->modalite,
                               .minutes_remote = f->distance,
                               .minutes_onsite = f->presence,
                               .minutes_own = f->seul,
                               .minutes_creation = f->creation,
                               .competences = aimed,
                               .subjects = bits_of(&f->matieres, subject_bit),
                               .places = f->places,
                               .required = f->obligatoire,
                               .listed = f->catalogue,
                               .needed = f->exiges,
                               .whole = f->tous,
                           });
}

/* Somebody else may have saved this node since the form was opened: their words are not written over. */
static bool is_stale(const struct edit_node *e, const struct edit_form *f)
{
    return e->node->changed_at > f->vu;
}

/* The form once more as it was typed, with what the word finds; no draft is begun for that. */
static void look_through(struct request *r)
{
    struct edit_node e;
    if (!edit_node_load(r, &e)) return;
    load_values(r, &e, true);
    catalogue_edit_node(http_page(r), &e);
}

void edit_node_apply(struct request *r)
{
    struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    struct edit_node e;
    if (f->chercher) {
        look_through(r);
        return;
    }
    int64_t draft = edit_draft(r, &p);
    if (!draft || !edit_node_load(r, &e)) return;
    struct catalogue_activity activity = as_activity(e.node);
    const struct activity_kind *kind = activity_kind_find(e.node->kind);
    if (is_stale(&e, f)) {
        f->vu = e.node->changed_at;
        http_invalid(
            r, NULL,
            R_(N_("Somebody saved this meanwhile. Your words stand here: look at theirs in "
                  "another window, then save again.")));
        return;
    }
    bool dated = e.node->level == LEVEL_PROGRAMME || e.node->level == LEVEL_MODULE;
    if (dated && !facet_label(GROUP_FORMAT, f->modalite, NULL))
        http_invalid(r, "modalite", R_(N_("Please choose one.")));
    struct str rule = stored_rule(r, f);
    if (e.node->level == LEVEL_ACTIVITY && kind) check_fields(r, kind, f, &activity);
    if (e.node->level == LEVEL_MODULE && goes_round(r, &e))
        http_invalid(r, "besoins",
                     R_(N_("In the end this module would need itself: nobody could begin it.")));
    int64_t bits = check_goals(r, &e);
    if (!http_ok(r)) return;
    write_node(r, draft, &e, &activity, bits);
    write_goals(r, draft, &e);
    catalogue_sql_set_settings(r->db, draft, e.node->node_id, activity.settings, rule, r->now);
    if (e.node->level == LEVEL_MODULE) write_needs(r, draft, &e.s.o, e.node->node_id);
    if (e.node->level == LEVEL_PROGRAMME) write_head(r, draft, &e.s.v);
    catalogue_sql_settle_whole(r->db, draft);
    http_redirect(r, edit_place(r->arena, f->id, f->noeud), "element-garde");
}

/* --- the models ------------------------------------------------------------------------------------------------------------ */

void edit_models_get(struct request *r)
{
    struct edit_node e;
    struct edit_form *f = r->form;
    if (!edit_node_load(r, &e)) return;
    if (!r->error_count) {
        f->samr = e.node->samr;
        f->aspid = e.node->aspid;
        f->technologie = tpack_holds(e.node->tpack, 'T');
        f->pedagogie = tpack_holds(e.node->tpack, 'P');
        f->contenu = tpack_holds(e.node->tpack, 'C');
    }
    catalogue_edit_models(http_page(r), &e);
}

void edit_models_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    struct edit_node e;
    int64_t draft = edit_draft(r, &p);
    if (!draft || !edit_node_load(r, &e)) return;
    if (f->samr.n && !model_level(samr_levels, SAMR_LEVELS, f->samr))
        http_invalid(r, "samr", R_(N_("Please choose one.")));
    if (f->aspid.n && !model_level(aspid_levels, ASPID_LEVELS, f->aspid))
        http_invalid(r, "aspid", R_(N_("Please choose one.")));
    if (!http_ok(r)) return;
    catalogue_sql_set_models(r->db, draft, e.node->node_id, or_empty(f->samr), or_empty(f->aspid),
                             tpack_code(f->technologie, f->pedagogie, f->contenu), r->now);
    http_redirect(r,
                  arena_printf(r->arena, AT "/%.*s/elements/%.*s", STR(id_lower(r->arena, f->id)),
                               STR(id_lower(r->arena, f->noeud))),
                  "element-garde");
}
