/* The editor of programmes: the list, the outline of a draft, and what is done to its nodes. Every act opens the draft when
 * there is none, so what is published never changes under anybody's hands. */
#include "mod/catalogue/edit.h"

#include "base/id.h"
#include "base/utf8.h"
#include "catalogue_html.h"

#define AT "/gestion/formations"
#define FORM struct edit_form
#define OF_PROGRAMME PARAM(FORM, id, PARAM_ID, .required = true)
#define OF_NODE OF_PROGRAMME, PARAM(FORM, noeud, PARAM_ID, .required = true)
const struct param edit_list_params[] = { PARAM(FORM, q, PARAM_TEXT, .max = 80), { 0 } };
const struct param edit_new_params[] = { PARAM(FORM, titre, PARAM_TEXT, .required = true, .min = 3,
                                               .max = 140),
                                         PARAM(FORM, genre, PARAM_TEXT, .max = 20),
                                         PARAM(FORM, modele, PARAM_SLUG),
                                         { 0 } };
const struct param edit_id_params[] = { OF_PROGRAMME, PARAM(FORM, la, PARAM_ID), { 0 } };
const struct param edit_add_params[] = {
    OF_PROGRAMME,
    PARAM(FORM, parent, PARAM_ID, .required = true),
    PARAM(FORM, niveau, PARAM_INT, .required = true, .min = LEVEL_UNIT, .max = LEVEL_ACTIVITY),
    PARAM(FORM, titre, PARAM_TEXT, .required = true, .min = 2, .max = 140),
    PARAM(FORM, genre, PARAM_TEXT, .max = 20),
    { 0 },
};
const struct param edit_node_id_params[] = { OF_NODE, { 0 } };
#undef FORM

/* The kinds of programmes and where in the site's colours they stand. */
static const struct {
    const char *kind, *area;
} areas[] = { { "path", "form" },  { "certificate", "cert" }, { "project", "lab" },
              { "webinar", "tv" }, { "event", "ev" },         { "kit", "lab" } };

static struct str area_of(struct str kind)
{
    for (size_t i = 0; i < COUNT(areas); i++)
        if (str_is(kind, areas[i].kind)) return str_from(areas[i].area);
    return STR_NONE;
}

bool edit_may(struct request *r)
{
    const struct edit_form *f = r->form;
    return access_holds_for(r, "catalogue.edit", "programme", f->id);
}

/* --- the list --------------------------------------------------------------------------------------------------------- */

void edit_list_get(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_edited *rows;
    struct str wanted = utf8_fold(r->arena, f->q);
    size_t all = catalogue_sql_edited(r->db, &rows), n = 0;
    for (size_t i = 0; i < all; i++) {
        struct str title = utf8_fold(r->arena, rows[i].title);
        if (!wanted.n || str_search(title, wanted) < title.n) rows[n++] = rows[i];
    }
    catalogue_edit_list(http_page(r), rows, n, f);
}

static struct str fresh_slug(struct arena *a, struct str title, int i)
{
    struct str base = str_sub(utf8_slug(a, title), 0, 60);
    return i == 1 ? base : arena_printf(a, "%.*s-%d", STR(base), i);
}

/* A copy takes everything of the other's published version but who was in it. */
void edit_new_apply(struct request *r)
{
    enum { TRIES = 20 };
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme like;
    bool copies = f->modele.n && catalogue_sql_programme(r->db, f->modele, &like);
    struct str kind = copies ? like.kind : f->genre, area = area_of(kind);
    int64_t id = 0, draft = 0;
    if (!area.n) {
        http_invalid(r, "genre", R_(N_("Please choose one.")));
        return;
    }
    if (!utf8_slug(r->arena, f->titre).n) {
        http_invalid(r, "titre", R_(N_("The title needs a letter or a digit.")));
        return;
    }
    struct str slug = STR_NONE;
    for (int i = 1; i <= TRIES && !id; i++) {
        slug = fresh_slug(r->arena, f->titre, i);
        id = programme_create(r->db, slug, kind, area, f->titre, false, r->who.person_id, r->now,
                              &draft);
    }
    if (!id) {
        http_invalid(r, "titre", R_(N_("There are many trainings of this name already.")));
        return;
    }
    if (copies && like.version_id != DB_NULL)
        draft_fill(r->db, draft, like.version_id, slug, r->now);
    http_redirect(r, arena_printf(r->arena, AT "/%.*s", STR(id_lower(r->arena, id))),
                  "formation-creee");
}

/* --- one programme --------------------------------------------------------------------------------------------------- */

bool edit_load(struct request *r, struct edit_sheet *ret)
{
    const struct edit_form *f = r->form;
    *ret = (struct edit_sheet){ 0 };
    if (!catalogue_sql_programme_by_id(r->db, f->id, &ret->p)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    ret->draft = catalogue_sql_draft(r->db, f->id, &ret->v);
    if (!ret->draft && !catalogue_sql_version(r->db, ret->p.version_id, &ret->v)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    outline_load(r->db, ret->v.id, &ret->o);
    ret->version_count = catalogue_sql_versions(r->db, f->id, &ret->versions);
    for (size_t i = 0; ret->draft && i < ret->o.n; i++)
        ret->changes += ret->o.nodes[i].changed_at != 0 || ret->o.nodes[i].removed_at != 0;
    return true;
}

int64_t edit_draft(struct request *r, struct catalogue_sql_programme *ret)
{
    const struct edit_form *f = r->form;
    int64_t draft = catalogue_sql_programme_by_id(r->db, f->id, ret)
                        ? draft_open(r->db, f->id, r->who.person_id, r->now)
                        : 0;
    if (!draft) http_fail(r, 404, STR_NONE);
    else catalogue_sql_touch_version(r->db, draft, r->now);
    return draft;
}

void edit_show_get(struct request *r)
{
    struct edit_sheet s;
    if (edit_load(r, &s)) catalogue_edit_show(http_page(r), &s, r->form);
}

int64_t edit_minutes(const struct catalogue_sql_nodes *n)
{
    return n->minutes_remote + n->minutes_onsite + n->minutes_own + n->minutes_creation;
}

/* --- acts on nodes ----------------------------------------------------------------------------------------------------- */

struct str edit_place(struct arena *a, int64_t programme, int64_t node)
{
    return arena_printf(a, AT "/%.*s?la=%.*s", STR(id_lower(a, programme)), STR(id_lower(a, node)));
}

static void back(struct request *r, const char *notice)
{
    const struct edit_form *f = r->form;
    http_redirect(r, edit_place(r->arena, f->id, f->noeud), notice);
}

void edit_add_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    int64_t draft = edit_draft(r, &p);
    if (!draft) return;
    struct catalogue_sql_add_node_in node =
        node_blank(draft, (enum level)f->niveau, f->parent, f->titre, r->now);
    if (f->niveau == LEVEL_ACTIVITY) {
        if (!activity_kind_find(f->genre)) {
            http_invalid(r, "genre", R_(N_("Please choose one.")));
            return;
        }
        node.kind = f->genre;
    }
    int64_t id = draft_add(r->db, draft, p.slug, &node);
    if (!id) {
        http_fail(r, 409, R_(N_("It cannot stand there, or the training has become too large.")));
        return;
    }
    http_redirect(r,
                  arena_printf(r->arena, AT "/%.*s/elements/%.*s", STR(id_lower(r->arena, f->id)),
                               STR(id_lower(r->arena, id))),
                  "element-ajoute");
}

static void step(struct request *r, int by)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    int64_t draft = edit_draft(r, &p);
    if (!draft) return;
    /* at the end there is no further: nothing happens, and that is what one sees */
    draft_step(r->db, draft, f->noeud, by);
    back(r, NULL);
}

void edit_up_apply(struct request *r)
{
    step(r, -1);
}

void edit_down_apply(struct request *r)
{
    step(r, 1);
}

void edit_remove_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    int64_t draft = edit_draft(r, &p);
    if (!draft) return;
    if (draft_remove(r->db, draft, f->noeud, r->now)) back(r, "element-retire");
    else http_fail(r, 404, STR_NONE);
}

void edit_back_apply(struct request *r)
{
    const struct edit_form *f = r->form;
    struct catalogue_sql_programme p;
    int64_t draft = edit_draft(r, &p);
    if (!draft) return;
    if (draft_put_back(r->db, draft, f->noeud)) back(r, "element-remis");
    else http_fail(r, 409, R_(N_("Put back first what it stood in.")));
}
