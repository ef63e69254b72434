/* SAML 2.0: our metadata, leaving with a request, and what comes back. The answer is posted by the institution's page, so no
 * cookie of ours comes with it: it is verified, kept for the browser that left, and that browser is sent on to fetch it. */
#include "access/access.h"
#include "base/time.h"
#include "mod/federation/pages.h"
#include "mod/federation/saml.h"

enum { RELAY_MAX = 80 /* what SAML allows */ };

const struct param federation_acs_params[] = {
    PARAM(struct acs_form, SAMLResponse, PARAM_SECRET, .required = true,
          .max = SAML_RESPONSE_MAX * 3 / 2),
    PARAM(struct acs_form, RelayState, PARAM_SECRET, .max = FLOW_SUITE_MAX),
    { 0 },
};

struct str saml_us(const struct request *r)
{
    return arena_printf(r->arena, "%.*s/saml/metadata", STR(http_public_url(r)));
}

static struct str here(const struct request *r)
{
    return arena_printf(r->arena, "%.*s/saml/acs", STR(http_public_url(r)));
}

static struct str ours(const struct request *r)
{
    return saml_our_metadata(r->arena, saml_us(r), here(r));
}

void federation_metadata_get(struct request *r)
{
    http_bytes(r, 200, "application/samlmetadata+xml", ours(r));
    http_header_set(r, "Cache-Control", S("public, max-age=3600"));
}

/* --- leaving ---------------------------------------------------------------------------------------------------- */

void saml_leave(struct request *r, const provider_row *p, struct str suite)
{
    struct str id = flow_begin_id(r->arena, p->id, access_begin_visit(r), r->now);
    struct str to =
        saml_request(r->arena, p->document, ours(r), id, suite.n <= RELAY_MAX ? suite : STR_NONE);
    if (!to.p) {
        http_explain(r, "saml: metadata unusable");
        http_fail(r, 503,
                  R_(N_("We cannot reach this institution just now. Please try again in a "
                        "few minutes, or sign in another way.")));
        return;
    }
    http_leave(r, to);
}

/* --- coming back ------------------------------------------------------------------------------------------------ */

struct answered {
    struct arrival arrival;
    struct flow flow;
    struct str assertion; /* its hash, for replays */
};

static void refuse(struct request *r, const char *why, const char *says)
{
    http_explain(r, arena_printf(r->arena, "saml: %s", why).p);
    http_fail(r, 403, lang_text(r->lang, says));
}

static const char again[] =
    N_("This sign-in was begun elsewhere, has been used, or took more than a quarter of an hour. "
       "Nothing has changed; please begin again from the sign-in page.");
static const char unbelieved[] =
    N_("What the institution sent us could not be verified, so nobody was signed in. Please begin "
       "again; if it happens twice, tell us, and use another way in meanwhile.");

/* Reads the answer and finds the sign-in it belongs to. */
static bool find_flow(struct request *r, struct saml_response *answer, struct flow *flow,
                      provider_row *p)
{
    const struct acs_form *f = r->form;
    struct federation_sql_used used;
    const char *why = saml_response_read(r->arena, f->SAMLResponse, answer);
    if (why) {
        refuse(r, why, unbelieved);
        return false;
    }
    if (!answer->success) {
        refuse(r, "provider refused",
               N_("The institution did not sign you in, or you chose not to go on. Nothing has "
                  "changed."));
        return false;
    }
    if (!flow_read(r->arena, answer->in_response_to, r->now, flow)) why = "request";
    else if (federation_sql_used(r->db, flow->hash, &used)) why = "request used";
    else if (!federation_sql_provider(r->db, flow->provider, p) || !str_is(p->state, "on") ||
             !str_is(p->kind, "saml"))
        why = "no such institution";
    if (why) refuse(r, why, again);
    return !why;
}

static struct str first(struct request *r, const json_t *claims, const char *name)
{
    struct str value;
    return claim_values(r->arena, claims, str_from(name), &value, 1) ? value : S("");
}

static struct str name_of(struct request *r, const json_t *claims)
{
    struct str name = clean_name(r->arena, first(r, claims, "displayName"));
    if (name.n) return name;
    struct str given = first(r, claims, "givenName"), family = first(r, claims, "sn");
    if (given.n && family.n)
        return clean_name(r->arena, arena_printf(r->arena, "%.*s %.*s", STR(given), STR(family)));
    return clean_name(r->arena, first(r, claims, "cn"));
}

static void read_claims(struct request *r, const provider_row *p,
                        const struct saml_response *answer, struct arrival *ret)
{
    const struct acs_form *f = r->form;
    struct federation_sql_mappings *rules;
    size_t n = federation_sql_mappings(r->db, p->id, &rules);
    struct str email = clean_email(r->arena, first(r, answer->claims, "mail"));
    *ret = (struct arrival){
        .provider = p->id,
        .provider_name = p->name,
        .subject = answer->subject,
        .name = name_of(r, answer->claims),
        .email = email,
        .proved = email.n && domain_trusted(p->domains, email),
        .affiliations = mapping_apply(r->arena, rules, n, answer->claims),
        .suite = f->RelayState.p ? f->RelayState : S(""),
    };
}

void federation_acs_prepare(struct request *r)
{
    struct answered *back = r->state = arena_new(r->arena, struct answered);
    struct saml_response answer;
    provider_row p;
    if (!find_flow(r, &answer, &back->flow, &p)) return;
    const struct saml_expected expected = {
        .entity_id = p.issuer, .us = saml_us(r), .here = here(r), .now = r->now
    };
    const char *objection = saml_objection(&answer, &expected);
    if (!objection && !saml_prove(r->arena, p.document, ours(r), &answer)) objection = "signature";
    if (objection) {
        refuse(r, objection, unbelieved);
        return;
    }
    read_claims(r, &p, &answer, &back->arrival);
    back->assertion =
        access_hash_token(r->arena, arena_printf(r->arena, "saml %lld %.*s", (long long)p.id,
                                                 STR(answer.assertion_id)));
}

void federation_acs_apply(struct request *r)
{
    const struct answered *back = r->state;
    /* longer than a ticket lives: then it refuses the answer by itself */
    int64_t until = r->now + 2 * FLOW_LIFE_MINUTES * MINUTE_MS;
    if (!use_once(r, back->flow.hash, until) || !use_once(r, back->assertion, until)) {
        refuse(r, "replayed", again);
        return;
    }
    http_redirect(r, arrival_keep(r, &back->arrival, back->flow.browser), NULL);
}
