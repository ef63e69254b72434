/* Programs of others: the record. */
#include "mod/interop/interop.h"

#include "mod/interop/docs.h"

#define TOKEN_FORM .params = interop_token_params, .form_size = sizeof(struct interop_token_form)
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
    { "POST", "/compte/jetons", MEMBER, .apply = interop_token_apply, .form = interop_tokens_get,
      TOKEN_FORM, .help = "Makes an access token and shows it once." },
    { "POST", "/compte/jetons/:id/revoquer", MEMBER, .apply = interop_token_revoke_apply, ID_FORM,
      .help = "Revokes one of my access tokens." },
    { "GET", "/api", PUBLIC, .get = interop_docs_get, .help = "The API, described for people." },
    { "GET", "/api/openapi.json", PUBLIC, .get = interop_openapi_get, .flags = ROUTE_API,
      .api = &document_api, .help = N_("Describes the API in OpenAPI 3.1.") },
    { 0 },
};

static const struct notice notices[] = {
    { "jeton-revoque", N_("Revoked. Programs that used it are now kept out."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
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
