/* Staff connect identity providers that speak SAML: their metadata are pasted, handed in as a file, or fetched from an
 * address and then again every hour. */
#include "access/audit.h"
#include "base/id.h"
#include "federation_html.h"
#include "http/client.h"
#include "mod/federation/pages.h"
#include "mod/federation/saml.h"

#define FORM struct saml_form
#define FIELDS                                                                                     \
    PARAM(FORM, name, PARAM_TEXT, .required = true, .max = 60),                                    \
        PARAM(FORM, metadata, PARAM_LONG, .max = SAML_METADATA_MAX),                               \
        PARAM(FORM, fichier, PARAM_FILE), PARAM(FORM, address, PARAM_TEXT, .max = 500),            \
        PARAM(FORM, domains, PARAM_TEXT, .max = 1000), PARAM(FORM, inside, PARAM_BOOL)
const struct param federation_saml_new_params[] = { FIELDS, { 0 } };
const struct param federation_saml_edit_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                     FIELDS,
                                                     { 0 } };
#undef FIELDS
#undef FORM

const char *saml_look(struct arena *a, struct str address, bool inside, struct str *ret_metadata)
{
    int status;
    const struct http_call call = { .address = address,
                                    .accept = "application/samlmetadata+xml, application/xml",
                                    .anywhere = inside,
                                    .max = SAML_METADATA_MAX,
                                    .seconds = 6 };
    if (!discovery_address(address, inside))
        return N_("Give the whole address, beginning with https://.");
    if (!http_call(a, &call, &status, ret_metadata))
        return N_("Nobody answered there within a few seconds, or the answer was far too long.");
    return status == 200 ? NULL : N_("There are no metadata at this address.");
}

/* What was looked up, for apply. */
struct given {
    struct str metadata; /* STR_NONE: none were given */
    struct saml_metadata read;
};

/* Which field the metadata came from, for the words beside it. */
static const char *source(const struct saml_form *f)
{
    return f->address.n ? "address" : f->fichier.data.n ? "fichier" : "metadata";
}

static void take(struct request *r, struct saml_form *f, struct given *ret)
{
    const char *problem = NULL;
    if (!f->domains.p) f->domains = S("");
    if (!f->address.p) f->address = S("");
    struct str domains = clean_domains(r->arena, f->domains);
    if (domains.p) f->domains = domains;
    else
        http_invalid(r, "domains",
                     R_(N_("One of these is not a domain. Example: umons.be helha.be")));
    if ((f->metadata.n > 0) + (f->fichier.data.n > 0) + (f->address.n > 0) > 1) {
        http_invalid(
            r, "metadata",
            R_(N_("Give the metadata in one way only: pasted, as a file, or by address.")));
        return;
    }
    if (f->address.n) problem = saml_look(r->arena, f->address, f->inside, &ret->metadata);
    else if (f->fichier.data.n) ret->metadata = f->fichier.data;
    else if (f->metadata.n) ret->metadata = f->metadata;
    if (!problem && ret->metadata.p)
        problem = saml_metadata_read(r->arena, ret->metadata, f->inside, &ret->read);
    if (problem) http_invalid(r, source(f), lang_text(r->lang, problem));
}

/* --- a new one -------------------------------------------------------------------------------------------------- */

void federation_saml_new_get(struct request *r)
{
    federation_saml_new(http_page(r), r->form, saml_us(r));
}

void federation_saml_new_prepare(struct request *r)
{
    struct saml_form *f = r->form;
    struct given *given = r->state = arena_new(r->arena, struct given);
    take(r, f, given);
    if (http_ok(r) && !given->metadata.p)
        http_invalid(r, "metadata",
                     R_(N_("Give the metadata: pasted here, as a file, or by address.")));
}

/* For the journal. */
static json_t *settings_of(struct str name, struct str issuer, struct str address,
                           struct str domains, bool inside)
{
    return json_pack("{s:s%, s:s%, s:s%, s:s%, s:b}", "name", name.p, name.n, "issuer", issuer.p,
                     issuer.n, "address", address.p, address.n, "domains", domains.p, domains.n,
                     "inside", inside);
}

void federation_saml_new_apply(struct request *r)
{
    const struct saml_form *f = r->form;
    const struct given *given = r->state;
    int64_t id = id_new();
    if (!federation_sql_add_provider(
            r->db, &(struct federation_sql_add_provider_in){ .id = id,
                                                             .kind = S("saml"),
                                                             .name = f->name,
                                                             .issuer = given->read.entity_id,
                                                             .client_id = S(""),
                                                             .secret = STR_NONE,
                                                             .scopes = S(""),
                                                             .domains = f->domains,
                                                             .inside = f->inside,
                                                             .document = given->metadata,
                                                             .address = f->address,
                                                             .person = r->who.person_id,
                                                             .now = r->now })) {
        http_invalid(r, source(f), R_(N_("This institution is in the list already.")));
        return;
    }
    federation_sql_set_published(r->db, id, given->metadata, S(""), r->now);
    audit_write(r, "institution.added", "institution", id, NULL,
                settings_of(f->name, given->read.entity_id, f->address, f->domains, f->inside));
    http_redirect(r, provider_page(r, id), "connexion-ajoutee");
}

/* --- an existing one -------------------------------------------------------------------------------------------- */

struct saml_form saml_form_of(const provider_row *p)
{
    return (struct saml_form){ .id = p->id,
                               .name = p->name,
                               .address = p->address,
                               .domains = p->domains,
                               .inside = p->inside };
}

/* Shown again after something was wrong. */
void federation_saml_edit_form(struct request *r)
{
    struct saml_form *f = r->form;
    static const struct mapping_form no_rule;
    provider_row p;
    if (provider_find(r, f->id, &p)) provider_show(r, &p, f, &no_rule);
}

void federation_saml_edit_prepare(struct request *r)
{
    struct saml_form *f = r->form;
    struct given *given = r->state = arena_new(r->arena, struct given);
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    if (!str_is(p.kind, "saml")) http_fail(r, 404, STR_NONE);
    else take(r, f, given);
}

void federation_saml_edit_apply(struct request *r)
{
    const struct saml_form *f = r->form;
    const struct given *given = r->state;
    struct federation_sql_anyone anyone;
    struct federation_sql_twin twin;
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    bool fresh = given->metadata.p != NULL;
    struct str issuer = fresh ? given->read.entity_id : p.issuer;
    if (federation_sql_twin(r->db, p.kind, issuer, S(""), p.id, &twin)) {
        http_invalid(r, source(f), R_(N_("This institution is in the list already.")));
        return;
    }
    if (!str_eq(issuer, p.issuer) && federation_sql_anyone(r->db, p.id, &anyone)) {
        http_invalid(r, source(f),
                     R_(N_("People sign in through this one already, and another issuer would "
                           "be other people. Add it as a new institution.")));
        return;
    }
    federation_sql_change_provider(r->db, &(struct federation_sql_change_provider_in){
                                              .id = p.id,
                                              .name = f->name,
                                              .issuer = issuer,
                                              .client_id = S(""),
                                              .secret = STR_NONE,
                                              .scopes = S(""),
                                              .domains = f->domains,
                                              .inside = f->inside,
                                              .state = p.state,
                                              .document = fresh ? given->metadata : p.document,
                                              .address = f->address,
                                              .keys = S("") });
    if (fresh) federation_sql_set_published(r->db, p.id, given->metadata, S(""), r->now);
    audit_write(r, "institution.changed", "institution", p.id,
                settings_of(p.name, p.issuer, p.address, p.domains, p.inside),
                settings_of(f->name, issuer, f->address, f->domains, f->inside));
    http_redirect(r, provider_page(r, p.id), "connexion-enregistree");
}

/* --- looking again ------------------------------------------------------------------------------------------------ */

const char *saml_look_again(struct arena *a, const provider_row *p, struct str *ret_metadata)
{
    struct saml_metadata m;
    const char *problem = NULL;
    if (p->address.n) problem = saml_look(a, p->address, p->inside, ret_metadata);
    else *ret_metadata = p->document;
    if (!problem) problem = saml_metadata_read(a, *ret_metadata, p->inside, &m);
    if (!problem && !str_eq(m.entity_id, p->issuer))
        problem = N_("The metadata at this address are those of another identity provider now.");
    return problem;
}
