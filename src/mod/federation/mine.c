/* The institutions of one's own account, and the buttons on the sign-in page. */
#include "access/audit.h"
#include "federation_html.h"
#include "mod/federation/pages.h"

const struct param federation_mine_params[] = {
    PARAM(struct mine_form, id, PARAM_ID, .required = true),
    { 0 },
};

void federation_mine_get(struct request *r)
{
    struct federation_sql_identities_of *mine;
    struct federation_sql_affiliations_of *affiliations;
    struct federation_sql_doors *doors;
    size_t n = federation_sql_identities_of(r->db, r->who.person_id, &mine);
    size_t m = federation_sql_affiliations_of(r->db, r->who.person_id, &affiliations);
    size_t k = federation_sql_doors(r->db, &doors);
    federation_mine(http_page(r), mine, n, affiliations, m, doors, k);
}

void federation_unlink_apply(struct request *r)
{
    const struct mine_form *f = r->form;
    struct federation_sql_own_identity own;
    if (!federation_sql_own_identity(r->db, f->id, r->who.person_id, &own)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    federation_sql_drop_affiliations(r->db, own.id);
    federation_sql_drop_identity(r->db, own.id, r->who.person_id);
    audit_write(r, "institution.unlinked", "person", r->who.person_id,
                json_pack("{s:s%}", "institution", own.name.p, own.name.n), NULL);
    http_redirect(r, S("/compte/institutions"), "institution-deliee");
}

/* Nothing at all while no institution is on. */
void federation_way_in(struct page *pg, struct request *r, struct str suite)
{
    struct federation_sql_doors *doors;
    size_t n = federation_sql_doors(r->db, &doors);
    if (n) federation_doors(pg, doors, n, suite);
}

void federation_unlink_since(struct db *db, int64_t person_id, int64_t since)
{
    federation_sql_drop_affiliations_since(db, person_id, since);
    federation_sql_drop_identities_since(db, person_id, since);
}
