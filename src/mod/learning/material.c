/* Files that trainers put into their pages: pictures, documents, small applications of their own. */
#include "base/id.h"
#include "learning_html.h"
#include "media/give.h"
#include "media/media.h"
#include "mod/learning/kinds.h"

const struct param material_show_params[] = {
    PARAM(struct material_form, id, PARAM_ID, .required = true), { 0 }
};
const struct param material_add_params[] = {
    PARAM(struct material_form, fichier, PARAM_FILE, .required = true), { 0 }
};

bool material_find(struct db *db, struct str id, struct learning_sql_materials *ret)
{
    int64_t number;
    return id_parse(id, &number) && learning_sql_material(db, number, ret);
}

struct str material_href(struct arena *a, const struct learning_sql_materials *m)
{
    return arena_printf(a, "/supports/%.*s", STR(id_lower(a, m->id)));
}

void material_list_get(struct request *r)
{
    struct learning_sql_materials *rows;
    size_t n = learning_sql_materials(r->db, MATERIALS_SHOWN, &rows);
    learning_materials(http_page(r), rows, n);
}

void material_show_get(struct request *r)
{
    const struct material_form *f = r->form;
    struct learning_sql_materials m;
    if (!learning_sql_material(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    give_file(r, &(const struct given_file){ m.blob, m.name, m.type }, true);
}

void material_add_prepare(struct request *r)
{
    const struct material_form *f = r->form;
    struct taken_file *new = r->state = arena_new(r->arena, struct taken_file);
    take_file(r, "fichier", &f->fichier, new);
}

void material_add_apply(struct request *r)
{
    const struct taken_file *new = r->state;
    learning_sql_add_material(r->db, id_new(), new->blob, new->name, new->type, new->size,
                              r->who.person_id, r->now);
    http_redirect(r, S("/gestion/supports"), "support-ajoute");
}

static bool needs(struct db *db, struct str blob)
{
    struct learning_sql_needs_blob m;
    return learning_sql_needs_blob(db, blob, &m);
}

void material_start(void)
{
    media_keep(needs);
}
