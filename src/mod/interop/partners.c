/* Partners' programs: staff admit them, say what they may and for which part of the tree, change their secret, and
 * withdraw them. A program acts for no person; what it may is a list of words, as for personal tokens. */
#include "access/audit.h"

#include <assert.h>
#include "base/id.h"
#include "base/time.h"
#include "interop_html.h"
#include "mod/interop/pages.h"
#include "mod/organisation/organisation.h"

#define FORM struct interop_partner_form
#define FIELDS                                                                                     \
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 80),                                     \
        PARAM(FORM, acces, PARAM_SLUG, .required = true), PARAM(FORM, droits, PARAM_LIST),         \
        PARAM(FORM, organisation, PARAM_TEXT, .max = 200)
const struct param interop_partner_params[] = { FIELDS, { 0 } };
const struct param interop_partner_edit_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                     FIELDS,
                                                     { 0 } };
const struct param interop_partner_token_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                      PARAM(FORM, jeton, PARAM_ID,
                                                            .required = true),
                                                      { 0 } };
const struct param interop_partner_link[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
#undef FORM

uint64_t interop_partner_rights(struct request *r)
{
    uint64_t all = 0;
    const struct route *const *tables = http_routes(r);
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++)
            if (row->flags & ROUTE_PARTNER && row->access.kind == ACCESS_PERMISSION)
                all |= rights_parse(str_from(row->access.permission)).permissions;
    return all;
}

/* --- the pages ------------------------------------------------------------------------------------------------- */

static void offer_rights(struct request *r, struct interop_partners *page)
{
    uint64_t chosen = 0;
    for (size_t i = 0; i < page->form->droits.n; i++)
        chosen |= rights_parse(page->form->droits.items[i]).permissions;
    page->permission_count =
        interop_permission_options(r, interop_partner_rights(r), chosen, &page->permissions);
}

void interop_partners_get(struct request *r)
{
    static const struct interop_partner_form empty = { .acces = { "lire", 4 } };
    const struct interop_partner_form *typed = r->form;
    struct interop_partners page = { .form = typed && typed->acces.n ? typed : &empty };
    page.n = interop_sql_clients(r->db, &page.rows);
    offer_rights(r, &page);
    interop_partners(http_page(r), &page);
}

static void (*parts[4])(struct page *pg, struct request *r, int64_t client_id,
                        int64_t organisation_id, uint64_t permissions);
static size_t part_count;

void interop_add_partner_part(void (*fn)(struct page *pg, struct request *r, int64_t client_id,
                                         int64_t organisation_id, uint64_t permissions))
{
    assert(part_count < COUNT(parts));
    parts[part_count++] = fn;
}

void interop_partner_parts(struct page *pg, struct request *r, const struct interop_sql_clients *c)
{
    int64_t organisation = c->organisation_id == DB_NULL ? 0 : c->organisation_id;
    for (size_t i = 0; i < part_count; i++)
        parts[i](pg, r, c->id, organisation, rights_parse(c->scopes).permissions);
}

/* 404 when there is none. */
static bool find(struct request *r, int64_t id, struct interop_sql_clients *ret)
{
    if (interop_sql_client(r->db, id, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

/* What is stored, as the form shows it. */
static struct interop_partner_form form_of(struct request *r, const struct interop_sql_clients *c)
{
    struct token_rights rights = rights_parse(c->scopes);
    struct access_permission p;
    struct interop_partner_form f = { .id = c->id,
                                      .nom = c->name,
                                      .acces = rights.write ? S("ecrire") : S("lire"),
                                      .organisation = c->organisation.p ? c->organisation : S("") };
    f.droits.items = arena_array(r->arena, struct str, 64);
    for (size_t i = 0; access_permission(i, &p); i++)
        if (rights.permissions & p.bit) f.droits.items[f.droits.n++] = str_from(p.name);
    return f;
}

void interop_partner_get(struct request *r)
{
    struct interop_partner_form *f = r->form;
    struct interop_sql_clients one;
    struct interop_partners page = { .form = f, .one = &one, .request = r };
    if (!find(r, f->id, &one)) return;
    if (str_is(r->method, "GET")) *f = form_of(r, &one);
    interop_sql_client_use(r->db, one.id, r->now, &page.in_use);
    page.token_count = interop_sql_lasting_tokens(r->db, one.id, &page.tokens);
    offer_rights(r, &page);
    interop_partner(http_page(r), &page);
}

/* --- what was typed -------------------------------------------------------------------------------------------- */

/* A code, a whole name, or a part of a name that fits no other. DB_NULL: none was typed. */
static int64_t organisation_of(struct request *r, struct str typed)
{
    enum { LOOKED_AT = 10 };
    const struct access_scope_kind *kind = access_scope_kind_find(S("organisation"));
    struct organisation o;
    int64_t *found;
    if (!typed.n) return DB_NULL;
    if (organisation_find_by_code(r->db, typed, &o)) return o.id;
    size_t n = kind->find(r->db, typed, LOOKED_AT, &found);
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(kind->title(r->db, found[i]), typed)) return found[i];
    if (n == 1) return found[0];
    http_invalid(r, "organisation",
                 n ? R_(N_("Several organisations fit. Please give the whole name or the code."))
                   : R_(N_("No organisation fits. Accents and capitals do not matter.")));
    return DB_NULL;
}

/* A directory without an organisation would have no people. */
static void check_tied(struct request *r, struct str words, int64_t organisation)
{
    if (rights_parse(words).permissions & rights_parse(S("people.provision")).permissions &&
        organisation == DB_NULL && http_ok(r))
        http_invalid(r, "organisation",
                     R_(N_("Please say for which organisation this program brings people in.")));
}

/* For the journal. */
static json_t *said(struct str name, struct str may, int64_t organisation, struct request *r)
{
    struct organisation o;
    json_t *all = json_pack("{s:s%, s:s%}", "name", name.p, name.n, "may", may.p, may.n);
    if (organisation != DB_NULL && organisation_find(r->db, organisation, &o))
        json_object_set_new(all, "organisation", json_stringn(o.name.p, o.name.n));
    return all;
}

static struct str page_of(struct request *r, int64_t id)
{
    return arena_printf(r->arena, "/gestion/partenaires/%.*s", STR(id_lower(r->arena, id)));
}

void interop_partner_add_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct str words = rights_text(
        r->arena, interop_scopes_of(r, f->acces, &f->droits, interop_partner_rights(r)));
    int64_t id = id_new(), organisation = organisation_of(r, f->organisation);
    check_tied(r, words, organisation);
    if (!http_ok(r)) return;
    struct str hash, key = access_new_key(r->arena, KEY_SECRET, &hash);
    interop_sql_add_client(r->db, id, f->nom, words, organisation, hash, r->who.person_id, r->now);
    audit_write(r, "partner.added", "partner", id, NULL, said(f->nom, words, organisation, r));
    interop_key_shown(http_page(r), "staff", f->nom, key, id_lower(r->arena, id), page_of(r, id));
}

void interop_partner_edit_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct interop_sql_clients c;
    if (!find(r, f->id, &c)) return;
    struct str words = rights_text(
        r->arena, interop_scopes_of(r, f->acces, &f->droits, interop_partner_rights(r)));
    int64_t organisation = organisation_of(r, f->organisation);
    check_tied(r, words, organisation);
    if (!http_ok(r)) return;
    if (interop_sql_change_client(r->db, c.id, f->nom, words, organisation) != 1) {
        http_fail(r, 409, R_(N_("This program has been withdrawn: it cannot be changed.")));
        return;
    }
    audit_write(r, "partner.changed", "partner", c.id, said(c.name, c.scopes, c.organisation_id, r),
                said(f->nom, words, organisation, r));
    http_redirect(r, page_of(r, c.id), "partenaire-note");
}

void interop_partner_rotate_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct interop_sql_clients c;
    if (!find(r, f->id, &c)) return;
    struct str hash, key = access_new_key(r->arena, KEY_SECRET, &hash);
    if (interop_sql_set_secret(r->db, c.id, hash) != 1) {
        http_fail(r, 409, R_(N_("This program has been withdrawn: it cannot be changed.")));
        return;
    }
    interop_sql_end_client_tokens(r->db, c.id); /* whoever has the old secret may have tokens */
    audit_write(r, "partner.rotated", "partner", c.id, NULL,
                json_pack("{s:s%}", "name", c.name.p, c.name.n));
    interop_key_shown(http_page(r), "staff", c.name, key, id_lower(r->arena, c.id),
                      page_of(r, c.id));
}

void interop_partner_withdraw_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct interop_sql_clients c;
    if (!find(r, f->id, &c)) return;
    if (interop_sql_close_client(r->db, c.id, r->now) == 1) {
        interop_sql_end_client_tokens(r->db, c.id);
        audit_write(r, "partner.withdrawn", "partner", c.id, NULL,
                    json_pack("{s:s%}", "name", c.name.p, c.name.n));
    }
    http_redirect(r, page_of(r, c.id), "partenaire-retire");
}

/* --- tokens that last: for directories that cannot ask for one each hour --------------------------------------- */

enum { LASTING_DAYS = 365, LASTING_MOST = 5 };

void interop_partner_token_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct interop_sql_clients c;
    struct interop_sql_lasting_tokens *known;
    if (!find(r, f->id, &c)) return;
    if (c.closed_at != DB_NULL || interop_sql_lasting_tokens(r->db, c.id, &known) >= LASTING_MOST) {
        http_fail(r, 409,
                  R_(N_("A program has at most five tokens that last, and none once it is "
                        "withdrawn. Please revoke one first.")));
        return;
    }
    struct str hash, key = access_new_key(r->arena, KEY_PARTNER, &hash);
    interop_sql_add_token(
        r->db, &(struct interop_sql_add_token_in){ .id = id_new(),
                                                   .hash = hash,
                                                   .person = DB_NULL,
                                                   .client = c.id,
                                                   .name = c.name,
                                                   .scopes = c.scopes,
                                                   .now = r->now,
                                                   .expires = r->now + LASTING_DAYS * DAY_MS });
    audit_write(r, "partner.token_made", "partner", c.id, NULL,
                json_pack("{s:s%}", "name", c.name.p, c.name.n));
    interop_key_shown(http_page(r), "staff", c.name, key, STR_NONE, page_of(r, c.id));
}

void interop_partner_revoke_apply(struct request *r)
{
    const struct interop_partner_form *f = r->form;
    struct interop_sql_clients c;
    if (!find(r, f->id, &c)) return;
    if (interop_sql_revoke_client_token(r->db, f->jeton, c.id) == 1)
        audit_write(r, "partner.token_revoked", "partner", c.id, NULL,
                    json_pack("{s:s%}", "name", c.name.p, c.name.n));
    http_redirect(r, page_of(r, c.id), "jeton-revoque");
}
