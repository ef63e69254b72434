/* OpenID Connect, authorization code with PKCE: leaving, and what comes back. */
#include <sodium.h>

#include "access/access.h"
#include "base/id.h"
#include "base/time.h"
#include "federation_html.h"
#include "mod/federation/pages.h"

const struct param federation_return_params[] = {
    PARAM(struct return_form, id, PARAM_ID, .required = true),
    PARAM(struct return_form, code, PARAM_SECRET, .max = 2000),
    PARAM(struct return_form, state, PARAM_SECRET, .max = 1000),
    PARAM(struct return_form, iss, PARAM_SECRET, .max = 2000),
    PARAM(struct return_form, error, PARAM_SECRET, .max = 200),
    { 0 },
};

static struct str return_address(const struct request *r, int64_t provider)
{
    return arena_printf(r->arena, "%.*s/connexion/institution/%.*s/retour", STR(http_public_url(r)),
                        STR(id_lower(r->arena, provider)));
}

/* --- leaving ------------------------------------------------------------------------------------------------ */

void oidc_leave(struct request *r, const provider_row *p, struct str suite)
{
    struct discovery d;
    if (discovery_read(r->arena, p->document, p->issuer, p->inside, &d)) {
        http_explain(r, "oidc: document unusable");
        http_fail(r, 503,
                  R_(N_("We cannot reach this institution just now. Please try again in a "
                        "few minutes, or sign in another way.")));
        return;
    }
    struct str ticket = flow_begin(r->arena, p->id, access_begin_visit(r), suite, r->now);
    struct str verifier = flow_verifier(r->arena, ticket);
    struct buf b = BUF_INIT(LIMIT_HEAD);
    buf_str(&b, d.authorize);
    buf_putc(&b, str_find(d.authorize, '?') < d.authorize.n ? '&' : '?');
    query_add(&b, "response_type", S("code"));
    query_add(&b, "client_id", p->client_id);
    query_add(&b, "redirect_uri", return_address(r, p->id));
    query_add(&b, "scope", arena_printf(r->arena, "openid %.*s", STR(p->scopes)));
    query_add(&b, "state", ticket);
    query_add(&b, "nonce", flow_nonce(r->arena, ticket));
    query_add(&b, "code_challenge", flow_challenge(r->arena, verifier));
    query_add(&b, "code_challenge_method", S("S256"));
    query_add(&b, "ui_locales", str_from(lang_code(r->lang)));
    http_leave(r, arena_dup(r->arena, buf_view(&b)));
    buf_finish(&b);
}

/* --- coming back -------------------------------------------------------------------------------------------------- */

/* A GET changes nothing: the page sends itself on as a form. */
void federation_return_get(struct request *r)
{
    const struct return_form *f = r->form;
    provider_row p;
    if (!federation_sql_provider(r->db, f->id, &p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (f->error.n) {
        http_explain(r, "oidc: provider refused");
        http_status(r, 403);
    }
    federation_return(http_page(r), f, p.name);
}

/* What prepare hands to apply. */
struct returned {
    struct arrival arrival;
    struct flow flow;
    struct str fresh_keys; /* STR_NONE: those we have will do */
};

static void refuse(struct request *r, const char *why, const char *says)
{
    http_explain(r, why);
    http_fail(r, 403, lang_text(r->lang, says));
}

static const char again[] =
    N_("This sign-in was begun elsewhere, has been used, or took more than a quarter of an hour. "
       "Nothing has changed; please begin again from the sign-in page.");
static const char unbelieved[] =
    N_("What the institution sent us could not be verified, so nobody was signed in. Please begin "
       "again; if it happens twice, tell us, and use another way in meanwhile.");
static const char away[] =
    N_("We cannot reach this institution just now. Please try again in a few "
       "minutes, or sign in another way.");

static bool check_ticket(struct request *r, const provider_row *p, const struct discovery *d,
                         struct flow *ret)
{
    const struct return_form *f = r->form;
    struct federation_sql_used used;
    const char *why = NULL;
    if (!flow_read(r->arena, f->state, r->now, ret)) why = "oidc: state";
    else if (ret->provider != p->id) why = "oidc: state of another provider";
    else if (!flow_same_browser(ret, access_browser(r))) why = "oidc: another browser";
    else if (federation_sql_used(r->db, ret->hash, &used)) why = "oidc: state used";
    else if (f->iss.n ? !str_eq(f->iss, p->issuer) : d->says_iss) why = "oidc: iss of the answer";
    if (why) refuse(r, why, again);
    return !why;
}

/* RFC 6749 2.3.1: each half urlencoded first. */
static struct str basic(struct arena *a, struct str user, struct str password)
{
    struct buf b = BUF_INIT(8 * KIB);
    query_add(&b, "", user);
    size_t colon = b.n;
    query_add(&b, "", password);
    b.p[colon] = ':';
    /* "=user:=password" without the two signs */
    memmove(b.p + colon + 1, b.p + colon + 2, b.n - colon - 2);
    size_t n = b.n - 2, room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, (unsigned char *)b.p + 1, n, sodium_base64_VARIANT_ORIGINAL);
    buf_finish(&b);
    return arena_printf(a, "Basic %s", out);
}

/* Trades the code for tokens. */
static const json_t *redeem(struct request *r, const provider_row *p, const struct discovery *d)
{
    const struct return_form *f = r->form;
    struct str secret = unseal(r->arena, p->secret), authorization = STR_NONE, body;
    struct buf form = BUF_INIT(16 * KIB);
    int status;
    query_add(&form, "grant_type", S("authorization_code"));
    query_add(&form, "code", f->code);
    query_add(&form, "redirect_uri", return_address(r, p->id));
    query_add(&form, "code_verifier", flow_verifier(r->arena, f->state));
    if (secret.n && !d->secret_in_form) {
        authorization = basic(r->arena, p->client_id, secret);
    } else {
        query_add(&form, "client_id", p->client_id);
        if (secret.n) query_add(&form, "client_secret", secret);
    }
    bool answered = oidc_ask(r->arena, p, d->token, arena_dup(r->arena, buf_view(&form)),
                             authorization, &status, &body);
    buf_finish(&form);
    if (!answered || status >= 500) {
        http_explain(r, "oidc: token endpoint unreachable");
        http_fail(r, 503, lang_text(r->lang, away));
        return NULL;
    }
    const json_t *tokens = status == 200 ? jwt_json(r->arena, body, PUBLISHED_MAX) : NULL;
    if (!json_is_object(tokens)) {
        refuse(r, status == 200 ? "oidc: token answer" : "oidc: code refused", unbelieved);
        return NULL;
    }
    return tokens;
}

/* With the keys we have; when none fits, with theirs of now, once a minute at most. */
static enum jwt_proof prove(struct request *r, const provider_row *p, const struct discovery *d,
                            const struct jwt *jwt, struct str *ret_fresh)
{
    int status;
    struct str keys;
    enum jwt_proof proof = jwt_prove(jwt, jwt_json(r->arena, p->keys, PUBLISHED_MAX));
    if (proof != JWT_UNKNOWN_KEY || !pulse_take_keys(p->id)) return proof;
    if (!oidc_ask(r->arena, p, d->jwks, STR_NONE, STR_NONE, &status, &keys) || status != 200)
        return proof;
    proof = jwt_prove(jwt, jwt_json(r->arena, keys, PUBLISHED_MAX));
    if (proof == JWT_PROVED) *ret_fresh = keys;
    return proof;
}

static const json_t *verified_claims(struct request *r, const provider_row *p,
                                     const struct discovery *d, const json_t *tokens,
                                     struct str *ret_fresh)
{
    const struct return_form *f = r->form;
    const struct jwt_expected expected = { .issuer = p->issuer,
                                           .client_id = p->client_id,
                                           .nonce = flow_nonce(r->arena, f->state),
                                           .now = r->now };
    struct jwt jwt;
    if (!jwt_read(r->arena, jwt_text(tokens, "id_token"), &jwt)) {
        refuse(r, "oidc: no acceptable id_token", unbelieved);
        return NULL;
    }
    enum jwt_proof proof = prove(r, p, d, &jwt, ret_fresh);
    if (proof != JWT_PROVED) {
        refuse(r, proof == JWT_FORGED ? "oidc: signature" : "oidc: unknown key", unbelieved);
        return NULL;
    }
    const char *objection = jwt_objection(jwt.claims, &expected);
    if (!objection) return jwt.claims;
    refuse(r, arena_printf(r->arena, "oidc: %s", objection).p, unbelieved);
    return NULL;
}

/* Many providers tell the name only there. What it says counts only for the same subject, and never over the token. */
static const json_t *with_userinfo(struct request *r, const provider_row *p,
                                   const struct discovery *d, const json_t *tokens,
                                   const json_t *claims)
{
    int status;
    struct str body, bearer = jwt_text(tokens, "access_token");
    if (!d->userinfo.p || !bearer.n || bearer.n > JWT_MAX) return claims;
    for (size_t i = 0; i < bearer.n; i++)
        if (bearer.p[i] <= ' ' || bearer.p[i] > '~') return claims;
    struct str authorization = arena_printf(r->arena, "Bearer %.*s", STR(bearer));
    if (!oidc_ask(r->arena, p, d->userinfo, STR_NONE, authorization, &status, &body) ||
        status != 200)
        return claims;
    json_t *more = jwt_json(r->arena, body, PUBLISHED_MAX);
    if (!json_is_object(more) || !str_eq(jwt_text(more, "sub"), jwt_text(claims, "sub")))
        return claims;
    json_object_update(more, (json_t *)(uintptr_t)claims);
    return more;
}

static struct str name_of(struct arena *a, const json_t *claims)
{
    struct str name = clean_name(a, jwt_text(claims, "name"));
    if (name.n) return name;
    struct str given = jwt_text(claims, "given_name"), family = jwt_text(claims, "family_name");
    if (!given.p || !family.p) return S("");
    return clean_name(a, arena_printf(a, "%.*s %.*s", STR(given), STR(family)));
}

static void read_claims(struct request *r, const provider_row *p, const json_t *claims,
                        struct arrival *ret)
{
    struct federation_sql_mappings *rules;
    size_t n = federation_sql_mappings(r->db, p->id, &rules);
    struct str email = clean_email(r->arena, jwt_text(claims, "email"));
    *ret = (struct arrival){
        .provider = p->id,
        .provider_name = p->name,
        .subject = jwt_text(claims, "sub"),
        .name = name_of(r->arena, claims),
        .email = email,
        .proved = email.n && json_is_true(json_object_get(claims, "email_verified")) &&
                  domain_trusted(p->domains, email),
        .affiliations = mapping_apply(r->arena, rules, n, claims),
    };
}

void federation_return_prepare(struct request *r)
{
    const struct return_form *f = r->form;
    struct returned *back = r->state = arena_new(r->arena, struct returned);
    struct discovery d;
    provider_row p;
    if (!federation_sql_provider(r->db, f->id, &p) || !str_is(p.state, "on") ||
        !str_is(p.kind, "oidc")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (discovery_read(r->arena, p.document, p.issuer, p.inside, &d) || pulse_resting(p.id)) {
        http_explain(r, "oidc: provider resting");
        http_fail(r, 503, lang_text(r->lang, away));
        return;
    }
    if (!check_ticket(r, &p, &d, &back->flow)) return;
    const json_t *tokens = redeem(r, &p, &d);
    const json_t *claims = tokens ? verified_claims(r, &p, &d, tokens, &back->fresh_keys) : NULL;
    if (!claims) return;
    read_claims(r, &p, with_userinfo(r, &p, &d, tokens, claims), &back->arrival);
    back->arrival.suite = back->flow.suite;
}

void federation_return_apply(struct request *r)
{
    const struct returned *back = r->state;
    if (!use_once(r, back->flow.hash, r->now + FLOW_LIFE_MINUTES * MINUTE_MS)) {
        refuse(r, "oidc: state used", again);
        return;
    }
    if (back->fresh_keys.p)
        federation_sql_set_keys(r->db, back->arrival.provider, back->fresh_keys);
    arrival_conclude(r, &back->arrival);
}
