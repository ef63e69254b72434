/* Programs of others: the record. */
#include "mod/interop/interop.h"

#include "mod/interop/docs.h"
#include "mod/people/people.h"

#define TOKEN_FORM .params = interop_token_params, .form_size = sizeof(struct interop_token_form)
#define PARTNERS "/gestion/partenaires"
#define PARTNER_FORM                                                                               \
    .params = interop_partner_params, .form_size = sizeof(struct interop_partner_form)
#define ONE_PARTNER .params = interop_partner_link, .form_size = sizeof(struct interop_partner_form)
#define ID_FORM .params = interop_id_params, .form_size = sizeof(struct interop_id_form)

static const struct shape document_shape = {
    .name = "OpenApi",
    .help = N_("This description, in OpenAPI 3.1."),
    .schema =
        "{\"type\":\"object\",\"required\":[\"openapi\",\"info\",\"paths\"],\"properties\":{"
        "\"openapi\":"
        "{\"const\":\"3.1.0\"},\"info\":{\"type\":\"object\"},\"paths\":{\"type\":\"object\"}}}"
};
static const struct api document_api = { .group = N_("About the API"), .answer = &document_shape };

static const struct route routes[] = {
    { "GET", "/compte/jetons", MEMBER, .get = interop_tokens_get,
      .help = "My access tokens for programs, and the form for a new one." },
    { "POST", "/compte/jetons", MEMBER, .prepare = interop_token_prepare,
      .apply = interop_token_apply, .form = interop_tokens_get, .wait = people_proof_wait,
      TOKEN_FORM, .help = "Makes an access token and shows it once." },
    { "POST", "/compte/jetons/:id/revoquer", MEMBER, .apply = interop_token_revoke_apply, ID_FORM,
      .help = "Revokes one of my access tokens." },
    { "GET", PARTNERS, MAY("partner.manage"), .get = interop_partners_get,
      .help = "The partners' programs that may use the API, and the form for a new one." },
    { "POST", PARTNERS, MAY("partner.manage"), .apply = interop_partner_add_apply,
      .form = interop_partners_get, PARTNER_FORM,
      .help = "Admits a partner's program and shows its secret once." },
    { "GET", PARTNERS "/:id", MAY("partner.manage"), .get = interop_partner_get, ONE_PARTNER,
      .help = "One partner's program: what it may do and when it last came." },
    { "POST", PARTNERS "/:id", MAY("partner.manage"), .apply = interop_partner_edit_apply,
      .form = interop_partner_get, .params = interop_partner_edit_params,
      .form_size = sizeof(struct interop_partner_form),
      .help = "Changes what a partner's program may do." },
    { "POST", PARTNERS "/:id/secret", MAY("partner.manage"), .apply = interop_partner_rotate_apply,
      ONE_PARTNER,
      .help = "Gives a partner's program a new secret; the old one and its tokens end." },
    { "POST", PARTNERS "/:id/retirer", MAY("partner.manage"),
      .apply = interop_partner_withdraw_apply, ONE_PARTNER,
      .help = "Withdraws a partner's program at once." },
    { "POST", PARTNERS "/:id/jeton", MAY("partner.manage"), .apply = interop_partner_token_apply,
      ONE_PARTNER, .help = "Makes a token for a year for a partner's program and shows it once." },
    { "POST", PARTNERS "/:id/jetons/:jeton/revoquer", MAY("partner.manage"),
      .apply = interop_partner_revoke_apply, .params = interop_partner_token_params,
      .form_size = sizeof(struct interop_partner_form),
      .help = "Revokes a token of a partner's program." },
    /* no CSRF token: the client's secret in the request is the proof, no cookie counts */
    { "POST", "/oauth/token", PUBLIC, .apply = interop_grant_apply, .params = interop_grant_params,
      .form_size = sizeof(struct interop_grant_form),
      .flags = ROUTE_API | ROUTE_NO_CSRF | ROUTE_SLOW_FORM, .api = &interop_grant_api,
      .help =
          N_("Gives a partner's program a token for an hour (OAuth 2.0, client credentials).") },
    { "GET", "/.well-known/oauth-authorization-server", PUBLIC, .get = interop_oauth_get,
      .flags = ROUTE_API, .api = &interop_oauth_api,
      .help = N_("Says where and how a partner's program gets a token (RFC 8414).") },
    { "GET", "/api", PUBLIC, .get = interop_docs_get, .help = "The API, described for people." },
    { "GET", "/api/openapi.json", PUBLIC, .get = interop_openapi_get, .flags = ROUTE_API,
      .api = &document_api, .help = N_("Describes the API in OpenAPI 3.1.") },
    { 0 },
};

static const struct notice notices[] = {
    { "jeton-revoque", N_("Revoked. Programs that used it are now kept out."), false },
    { "partenaire-note", N_("Saved. It counts from the next request on."), false },
    { "partenaire-retire", N_("Withdrawn: its secret and its tokens open nothing any more."),
      false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { PARTNERS, N_("Partners' programs"), AREA_NONE, MENU_STAFF_RIGHTS, 75 },
    { "/compte/jetons", N_("Access tokens"), AREA_NONE, MENU_ACCOUNT, 60 },
    { "/api", N_("API"), AREA_NONE, MENU_FOOT, 40 },
    { 0 },
};

const struct module interop_module = {
    .name = "interop",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &interop_db,
};
