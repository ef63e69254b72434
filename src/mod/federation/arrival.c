/* Somebody whom an institution has proved: who is that here? */
#include "access/access.h"
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "federation_html.h"
#include "mod/federation/pages.h"
#include "mod/people/people.h"

#define ARRIVAL_LIFE (15 * MINUTE_MS)

const struct param federation_door_params[] = {
    PARAM(struct door_form, id, PARAM_ID, .required = true),
    PARAM(struct door_form, suite, PARAM_TEXT, .max = FLOW_SUITE_MAX),
    { 0 },
};
const struct param federation_arrival_link[] = {
    PARAM(struct arrival_form, jeton, PARAM_TEXT, .required = true, .max = 64),
    { 0 },
};
const struct param federation_arrival_params[] = {
    PARAM(struct arrival_form, jeton, PARAM_TEXT, .required = true, .max = 64),
    PARAM(struct arrival_form, name, PARAM_TEXT, .min = 2, .max = 80),
    PARAM(struct arrival_form, terms, PARAM_BOOL),
    { 0 },
};

bool use_once(struct request *r, struct str what, int64_t expires_at)
{
    federation_sql_forget_used(r->db, r->now);
    federation_sql_forget_arrivals(r->db, r->now);
    return federation_sql_use(r->db, what, expires_at) == 1;
}

/* --- leaving ------------------------------------------------------------------------------------------------ */

void federation_door_get(struct request *r)
{
    const struct door_form *f = r->form;
    provider_row p;
    if (!federation_sql_provider(r->db, f->id, &p) || !str_is(p.state, "on")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (str_is(p.kind, "saml")) saml_leave(r, &p, f->suite);
    else oidc_leave(r, &p, f->suite);
}

/* --- what becomes of an arrival -------------------------------------------------------------------------------- */

/* The last word on organisation and role is the institution's of today. */
static void affiliate(struct request *r, int64_t identity, int64_t person, const struct arrival *x)
{
    json_t *list = json_loadb(x->affiliations.p, x->affiliations.n, 0, NULL);
    federation_sql_drop_affiliations(r->db, identity);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        federation_sql_add_affiliation(r->db, identity, jwt_text(one, "organisation"),
                                       jwt_text(one, "role"));
    }
    if (json_array_size(list))
        event_emit(r->db, "federation.affiliated",
                   json_pack("{s:I, s:I, s:O}", "person", (json_int_t)person, "provider",
                             (json_int_t)x->provider, "affiliations", list));
    json_decref(list);
}

static struct str where_to(const struct arrival *x)
{
    return x->suite.n ? x->suite : S("/mon-espace");
}

static struct str label_of(const struct arrival *x)
{
    return x->email.n ? x->email : x->name.n ? x->name : x->subject;
}

/* For the journal: which institution. */
static json_t *named(const struct arrival *x)
{
    return json_pack("{s:s%}", "institution", x->provider_name.p, x->provider_name.n);
}

static bool link_identity(struct request *r, int64_t person, const struct arrival *x)
{
    int64_t id = id_new();
    if (!federation_sql_add_identity(r->db, id, x->provider, x->subject, person, label_of(x),
                                     r->now))
        return false;
    affiliate(r, id, person, x);
    audit_write(r, "institution.linked", "person", person, NULL, named(x));
    return true;
}

static void sign_in(struct request *r, int64_t person, const struct arrival *x, const char *notice)
{
    audit_write(r, "institution.entered", "person", person, NULL, named(x));
    people_arrive(r, person, WAY_INSTITUTION, where_to(x), notice);
}

static void mail_linked(struct request *r, const struct account *account, const struct arrival *x)
{
    struct str body =
        lang_text(account->lang,
                  N_("Hello {0},\n\nfrom now on you can also sign in to eduLAB through {1}. Your "
                     "password keeps working.\n\nThat was not you? Write to us at once, and take "
                     "the link away under “My institutions”:\n{2}\n"));
    struct str link = arena_printf(r->arena, "%.*s/compte/institutions", STR(http_public_url(r)));
    mail_queue(r->db, account->email,
               lang_text(account->lang, N_("Your account is now linked to an institution")),
               fmt_plain(r->arena, body, account->name, x->provider_name, link));
}

/* Already known here. */
static void conclude_known(struct request *r, const struct federation_sql_identity *known,
                           const struct arrival *x)
{
    if (known->closed_at != DB_NULL) {
        http_explain(r, "federation: account closed");
        http_fail(r, 403, R_(N_("The eduLAB account that belongs to this one is closed.")));
        return;
    }
    if (r->who.person_id && r->who.person_id != known->person_id) {
        http_explain(r, "federation: linked to another person");
        http_fail(r, 403,
                  R_(N_("This institution account belongs to another eduLAB account. Sign "
                        "out here first if you want to use that one.")));
        return;
    }
    federation_sql_use_identity(r->db, known->id, label_of(x), r->now);
    affiliate(r, known->id, known->person_id, x);
    if (r->who.person_id) http_redirect(r, where_to(x), "institution-deja");
    else sign_in(r, known->person_id, x, "connecte");
}

/* A ticket of SAML carries only this much of the browser's hash. */
static struct str short_browser(struct str browser)
{
    return str_sub(browser, 0, FLOW_BROWSER);
}

struct str arrival_keep(struct request *r, const struct arrival *x, struct str browser)
{
    struct str hash, token = access_new_token(r->arena, &hash);
    federation_sql_add_arrival(
        r->db, &(struct federation_sql_add_arrival_in){ .token = hash,
                                                        .browser = short_browser(browser),
                                                        .provider = x->provider,
                                                        .subject = x->subject,
                                                        .name = x->name,
                                                        .email = x->email,
                                                        .proved = x->proved,
                                                        .affiliations = x->affiliations,
                                                        .suite = x->suite,
                                                        .expires = r->now + ARRIVAL_LIFE });
    return arena_printf(r->arena, "/connexion/institution/arrivee?jeton=%.*s", STR(token));
}

void arrival_conclude(struct request *r, const struct arrival *x)
{
    struct federation_sql_identity known;
    struct account account;
    if (federation_sql_identity(r->db, x->provider, x->subject, &known)) {
        conclude_known(r, &known, x);
        return;
    }
    if (r->who.person_id) { /* a link is made by a yes to a page that names both */
        http_redirect(r, arrival_keep(r, x, access_browser(r)), NULL);
        return;
    }
    if (!x->proved) {
        http_redirect(r,
                      arena_printf(r->arena, "/connexion/institution/%.*s/inconnu",
                                   STR(id_lower(r->arena, x->provider))),
                      NULL);
        return;
    }
    if (!people_find_by_email(r->db, x->email, &account) || !account.confirmed) {
        http_redirect(r, arrival_keep(r, x, access_browser(r)), NULL);
        return;
    }
    link_identity(r, account.id, x);
    mail_linked(r, &account, x);
    sign_in(r, account.id, x, "institution-liee");
}

/* --- the page that asks for what is missing ---------------------------------------------------------------------- */

static bool find(struct request *r, struct str token, struct arrival *ret)
{
    struct federation_sql_arrival a;
    struct str browser = access_browser(r);
    if (!browser.p || !federation_sql_arrival(r->db, access_hash_token(r->arena, token),
                                              short_browser(browser), r->now, &a))
        return false;
    *ret = (struct arrival){ .provider = a.provider_id,
                             .provider_name = a.provider_name,
                             .subject = a.subject,
                             .name = a.name,
                             .email = a.email,
                             .proved = a.proved,
                             .affiliations = a.affiliations,
                             .suite = a.suite };
    return true;
}

static void stale(struct request *r)
{
    http_explain(r, "federation: arrival unknown");
    http_fail(r, 410,
              R_(N_("This page has been used, or was open for more than a quarter of an "
                    "hour. Please begin again from the sign-in page.")));
}

/* Nothing is to be asked: the account is known, or nobody can be told from this alone. */
static bool needs_no_word(struct request *r, const struct arrival *x)
{
    struct federation_sql_identity known;
    struct account account;
    if (federation_sql_identity(r->db, x->provider, x->subject, &known)) return true;
    if (r->who.person_id) return false;
    return !x->proved || (people_find_by_email(r->db, x->email, &account) && account.confirmed);
}

void federation_arrival_get(struct request *r)
{
    struct arrival_form *f = r->form;
    struct arrival x;
    if (!find(r, f->jeton, &x)) {
        stale(r);
        return;
    }
    if (str_is(r->method, "GET")) f->name = x.name;
    if (needs_no_word(r, &x)) federation_go_on(http_page(r), f, x.provider_name);
    else if (r->who.person_id) federation_link(http_page(r), f, &x, r->who.name, r->who.email);
    else federation_join(http_page(r), f, &x);
}

static void join(struct request *r, const struct arrival_form *f, const struct arrival *x)
{
    if (!f->name.n) http_invalid(r, "name", R_(N_("Please fill this in.")));
    if (!f->terms) http_invalid(r, "terms", R_(N_("Please tick this box to go on.")));
    if (!http_ok(r)) return;
    int64_t person = people_admit(r->db, f->name, x->email, r->lang, r->now);
    if (!person || !link_identity(r, person, x)) {
        stale(r); /* the address found its account meanwhile */
        return;
    }
    sign_in(r, person, x, "institution-bienvenue");
}

void federation_arrival_apply(struct request *r)
{
    const struct arrival_form *f = r->form;
    struct arrival x;
    if (!find(r, f->jeton, &x)) {
        stale(r);
        return;
    }
    federation_sql_drop_arrival(r->db, access_hash_token(r->arena, f->jeton));
    if (needs_no_word(r, &x)) {
        arrival_conclude(r, &x);
    } else if (r->who.person_id) {
        struct account me;
        if (link_identity(r, r->who.person_id, &x) && people_find(r->db, r->who.person_id, &me))
            mail_linked(r, &me, &x); /* it may be somebody else who sits there */
        http_redirect(r, S("/compte/institutions"), "institution-liee");
    } else {
        join(r, f, &x);
    }
}

/* --- nobody here has this account ---------------------------------------------------------------------------------- */

void federation_unknown_get(struct request *r)
{
    const struct door_form *f = r->form;
    provider_row p;
    if (!federation_sql_provider(r->db, f->id, &p) || !str_is(p.state, "on")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    federation_unknown(http_page(r), p.name);
}
