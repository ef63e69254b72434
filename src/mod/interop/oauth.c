/* OAuth 2.0 for partners' programs: client credentials only (RFC 6749 4.4), errors in its form (5.2). A secret is 256
 * random bits, so its hash is compared without slow hashing; how often an address may ask is bounded by the row. */
#include <sodium.h>

#include "base/id.h"
#include "base/time.h"
#include "mod/interop/pages.h"

enum { GRANT_SECONDS = 3600 };

#define FORM struct interop_grant_form
const struct param interop_grant_params[] = {
    PARAM(FORM, grant_type, PARAM_SECRET, .max = 100, .help = N_("Always client_credentials.")),
    PARAM(FORM, scope, PARAM_SECRET, .max = 1000,
          .help = N_("Words with spaces between: less than all that the program may.")),
    PARAM(FORM, client_id, PARAM_SECRET, .max = 100,
          .help = N_("Here or, better, as the user of HTTP Basic.")),
    PARAM(FORM, client_secret, PARAM_SECRET, .max = 100,
          .help = N_("Here or, better, as the password of HTTP Basic.")),
    { 0 },
};
#undef FORM

/* --- what is answered ------------------------------------------------------------------------------------------ */

struct grant {
    struct str access_token, token_type, scope;
    int64_t expires_in;
};
static const struct shape_field grant_fields[] = {
    SHAPE(struct grant, access_token, SHAPE_TEXT, .help = N_("For the header Authorization.")),
    SHAPE(struct grant, token_type, SHAPE_TEXT, .help = N_("Always Bearer.")),
    SHAPE(struct grant, expires_in, SHAPE_INT, .help = N_("Seconds until it ends.")),
    SHAPE(struct grant, scope, SHAPE_TEXT, .help = N_("What the token may do.")),
    { 0 },
};
static const struct shape grant_shape = { .name = "PartnerToken",
                                          .help = N_("A token for a partner's program."),
                                          .fields = grant_fields,
                                          .size = sizeof(struct grant) };

static const struct shape error_shape = {
    .name = "OAuthError",
    .help = N_("What went wrong, as OAuth 2.0 says it (RFC 6749 5.2)."),
    .schema = "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":"
              "\"string\"},\"error_description\":{\"type\":\"string\"}}}"
};

static json_t *error_json(int status, struct str message)
{
    const char *code = status == 401   ? "invalid_client"
                       : status == 429 ? "slow_down"
                       : status >= 500 ? "server_error"
                                       : "invalid_request";
    return json_pack("{s:s, s:s%}", "error", code, "error_description", message.p, message.n);
}
static const struct api_errors oauth_errors = { .type = "application/json",
                                                .shape = &error_shape,
                                                .make = error_json };
const struct api interop_grant_api = { .group = N_("Partners"),
                                       .answer = &grant_shape,
                                       .errors = &oauth_errors };

static const struct shape metadata_shape = {
    .name = "OAuthServer",
    .help = N_("Where and how a partner's program gets a token."),
    .schema = "{\"type\":\"object\",\"required\":[\"issuer\",\"token_endpoint\"],\"properties\":{"
              "\"issuer\":{\"type\":\"string\"},\"token_endpoint\":{\"type\":\"string\"}}}"
};
const struct api interop_oauth_api = { .group = N_("Partners"), .answer = &metadata_shape };

void interop_oauth_get(struct request *r)
{
    struct str us = http_public_url(r);
    struct str token = arena_printf(r->arena, "%.*s/oauth/token", STR(us));
    struct str docs = arena_printf(r->arena, "%.*s/api", STR(us));
    struct access_permission p;
    json_t *scopes = json_pack("[s, s]", "read", "write");
    uint64_t open = interop_partner_rights(r);
    for (size_t i = 0; access_permission(i, &p); i++)
        if (open & p.bit) json_array_append_new(scopes, json_string(p.name));
    http_json(r, 200,
              json_pack("{s:s%, s:s%, s:s%, s:[s], s:[s, s], s:[], s:o}", "issuer", us.p, us.n,
                        "token_endpoint", token.p, token.n, "service_documentation", docs.p, docs.n,
                        "grant_types_supported", "client_credentials",
                        "token_endpoint_auth_methods_supported", "client_secret_basic",
                        "client_secret_post", "response_types_supported", "scopes_supported",
                        scopes));
}

/* --- who asks -------------------------------------------------------------------------------------------------- */

static void deny(struct request *r, int status, const char *error, struct str words)
{
    http_json(r, status,
              json_pack("{s:s, s:s%}", "error", error, "error_description", words.p, words.n));
    http_header_set(r, "Cache-Control", S("no-store"));
    if (status == 401 && http_header(r, "Authorization").p)
        http_header_set(r, "WWW-Authenticate", S("Basic realm=\"edulab\""));
}

/* "Basic base64(id:secret)". Both are letters, digits, '-' and '_', so percent-decoding changes nothing. */
static bool basic(struct request *r, struct str *ret_id, struct str *ret_secret)
{
    struct str header = http_header(r, "Authorization"), scheme = str_cut(&header, ' ');
    if (!str_eq_nocase(scheme, S("Basic"))) return false;
    header = str_trim(header);
    unsigned char *text = arena_alloc(r->arena, header.n + 1);
    size_t n;
    *ret_id = *ret_secret = S("");
    if (sodium_base642bin(text, header.n, header.p, header.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return true;
    struct str rest = { (char *)text, n };
    *ret_id = str_cut(&rest, ':');
    *ret_secret = rest;
    return true;
}

/* The program that proved itself, in one way only; false: the answer says why not. */
static bool authenticate(struct request *r, struct interop_sql_clients *ret)
{
    const struct interop_grant_form *f = r->form;
    struct str id, secret;
    int64_t number;
    if (!basic(r, &id, &secret)) {
        id = f->client_id;
        secret = f->client_secret;
    } else if (f->client_secret.n || (f->client_id.n && !str_eq_nocase(f->client_id, id))) {
        deny(r, 400, "invalid_request",
             R_(N_("Give identifier and secret once: as HTTP Basic or in the body.")));
        return false;
    }
    if (id_parse(id, &number) && interop_sql_client(r->db, number, ret) &&
        ret->closed_at == DB_NULL && secret.n &&
        str_eq_secret(access_hash_token(r->arena, secret), ret->secret_hash))
        return true;
    http_explain(r, "oauth: client unknown, withdrawn or wrong secret");
    deny(r, 401, "invalid_client",
         R_(N_("No program has this identifier and secret. The secret may have been changed.")));
    return false;
}

/* Every word asked for must be one that the program has; nothing asked: all of them. */
static bool narrow(struct token_rights all, struct str asked, struct token_rights *ret)
{
    *ret = all;
    if (!str_trim(asked).n) return true;
    *ret = (struct token_rights){ 0 };
    while (asked.n) {
        struct str word = str_cut(&asked, ' ');
        if (!word.n) continue;
        struct token_rights one = rights_parse(word);
        bool known = one.read || one.write || one.permissions;
        if (!known || (one.read && !all.read) || (one.write && !all.write) ||
            (one.permissions & ~all.permissions))
            return false;
        ret->read |= one.read;
        ret->write |= one.write;
        ret->permissions |= one.permissions;
    }
    return true;
}

void interop_grant_apply(struct request *r)
{
    const struct interop_grant_form *f = r->form;
    struct interop_sql_clients client;
    struct token_rights rights;
    if (!f->grant_type.n) {
        deny(r, 400, "invalid_request", R_(N_("grant_type is missing.")));
        return;
    }
    if (!authenticate(r, &client)) return;
    if (!str_is(f->grant_type, "client_credentials")) {
        deny(r, 400, "unsupported_grant_type", R_(N_("Only client_credentials is offered here.")));
        return;
    }
    if (!narrow(rights_parse(client.scopes), f->scope, &rights)) {
        deny(r, 400, "invalid_scope", R_(N_("The program may not have all of this scope.")));
        return;
    }
    struct str hash, token = access_new_key(r->arena, KEY_PARTNER, &hash);
    struct str words = rights_text(r->arena, rights);
    interop_sql_drop_client_tokens(r->db, client.id, r->now, LIMIT_TOKENS - 1);
    interop_sql_add_token(
        r->db, &(struct interop_sql_add_token_in){ .id = id_new(),
                                                   .hash = hash,
                                                   .person = DB_NULL,
                                                   .client = client.id,
                                                   .name = S(""),
                                                   .scopes = words,
                                                   .now = r->now,
                                                   .expires = r->now + GRANT_SECONDS * SECOND_MS });
    http_answer(r, &(struct grant){ .access_token = token,
                                    .token_type = S("Bearer"),
                                    .scope = words,
                                    .expires_in = GRANT_SECONDS });
    http_header_set(r, "Cache-Control", S("no-store"));
}
