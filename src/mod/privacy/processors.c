/* The firms that hold data for the centre (processors, article 28), as staff note them: a page, and a part of the register. */
#include "access/audit.h"
#include "base/id.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

#define FORM struct privacy_processor_form
const struct param privacy_processor_params[] = {
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 120),
    PARAM(FORM, tache, PARAM_TEXT, .required = true, .max = 200),
    PARAM(FORM, donnees, PARAM_TEXT, .required = true, .max = 300),
    PARAM(FORM, pays, PARAM_TEXT, .required = true, .max = 80),
    PARAM(FORM, base, PARAM_TEXT, .max = 200),
    PARAM(FORM, contrat, PARAM_DATE),
    { 0 },
};
#undef FORM

void privacy_processors_get(struct request *r)
{
    struct privacy_sql_processors *rows;
    size_t n = privacy_sql_processors(r->db, &rows);
    privacy_processors(http_page(r), rows, n, r->form);
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

void privacy_processor_apply(struct request *r)
{
    const struct privacy_processor_form *f = r->form;
    int64_t id = id_new();
    privacy_sql_add_processor(
        r->db, &(struct privacy_sql_add_processor_in){ .id = id,
                                                       .name = f->nom,
                                                       .task = f->tache,
                                                       .data = f->donnees,
                                                       .country = f->pays,
                                                       .basis = or_empty(f->base),
                                                       .contract = f->contrat,
                                                       .now = r->now });
    audit_write(r, "processor.added", "processor", id, NULL,
                json_pack("{s:s%, s:s%}", "name", f->nom.p, f->nom.n, "task", f->tache.p,
                          f->tache.n));
    http_redirect(r, S("/gestion/donnees/sous-traitants"), "sous-traitant-note");
}

void privacy_processor_end_apply(struct request *r)
{
    const struct privacy_processor_form *f = r->form;
    struct privacy_sql_processors p;
    if (!privacy_sql_processor(r->db, f->id, &p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (privacy_sql_end_processor(r->db, f->id, r->now) == 1)
        audit_write(r, "processor.ended", "processor", f->id, NULL,
                    json_pack("{s:s%}", "name", p.name.p, p.name.n));
    http_redirect(r, S("/gestion/donnees/sous-traitants"), "sous-traitant-fini");
}
