/* The published documents of Open Badges 2.0. Anyone may read them from anywhere (CORS): that is their purpose. */
#include "mod/badge/pages.h"

static void answer(struct request *r, int status, struct str body)
{
    http_header_set(r, "Access-Control-Allow-Origin", S("*"));
    http_bytes(r, status, "application/ld+json", body);
}

/* The exact bytes that were issued; 410 with the reason once revoked. */
void badge_assertion_api(struct request *r)
{
    const struct badge_id_form *f = r->form;
    struct badge_sql_published row;
    if (!badge_sql_published(r->db, f->id, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (row.reason.p) answer(r, 410, ob_text(r->arena, ob_revoked_json(row.address, row.reason)));
    else answer(r, 200, row.body);
}

void badge_class_api(struct request *r)
{
    const struct badge_slug_form *f = r->form;
    struct badge_sql_class row;
    if (!badge_sql_class(r->db, f->slug, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct ob_class class = badge_ob_class(&row);
    answer(r, 200, ob_text(r->arena, ob_class_json(r->arena, &badge_issuer, &class)));
}

void badge_issuer_api(struct request *r)
{
    answer(r, 200, ob_text(r->arena, ob_issuer_json(r->arena, &badge_issuer)));
}

void badge_revocations_api(struct request *r)
{
    struct badge_sql_revoked *rows;
    size_t n = badge_sql_revoked(r->db, &rows);
    json_t *list = json_array(), *o = json_object();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list,
                              json_pack("{s:s%, s:s%}", "id", rows[i].address.p, rows[i].address.n,
                                        "revocationReason", rows[i].reason.p, rows[i].reason.n));
    json_object_set_new(o, "@context", json_string(OB_CONTEXT));
    json_object_set_new(o, "type", json_string("RevocationList"));
    json_object_set_new(
        o, "id",
        json_string(arena_printf(r->arena, "%.*s" OB_REVOCATION_PATH, STR(badge_issuer.origin)).p));
    json_object_set_new(
        o, "issuer",
        json_string(arena_printf(r->arena, "%.*s" OB_ISSUER_PATH, STR(badge_issuer.origin)).p));
    json_object_set_new(o, "revokedAssertions", list);
    answer(r, 200, ob_text(r->arena, o));
}
