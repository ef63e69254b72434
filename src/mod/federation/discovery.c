/* OpenID Connect Discovery 1.0. The document is believed about addresses only: keys prove the rest. */
#include "mod/federation/discovery.h"

#include "html/lang.h"
#include "mod/federation/jwt.h"

bool discovery_address(struct str s, bool inside)
{
    if (!s.p || s.n > 2000) return false;
    size_t from = str_starts(s, S("https://")) ? 8 : inside && str_starts(s, S("http://")) ? 7 : 0;
    if (!from) return false;
    struct str rest = str_sub(s, from, s.n);
    size_t host = str_find(rest, '/');
    if (host == 0 || str_find(str_sub(rest, 0, host), '@') < host) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("#\"<>\\^`{|}", s.p[i])) return false;
    return rest.n > 0;
}

struct str discovery_of(struct arena *a, struct str issuer)
{
    if (issuer.n && issuer.p[issuer.n - 1] == '/') issuer.n--;
    return arena_printf(a, "%.*s/.well-known/openid-configuration", STR(issuer));
}

/* An optional list of texts: is `value` in it? Without the list, `otherwise`. */
static bool lists(const json_t *document, const char *name, const char *value, bool otherwise)
{
    const json_t *list = json_object_get(document, name);
    if (!json_is_array(list)) return otherwise;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));
        if (one && strcmp(one, value) == 0) return true;
    }
    return false;
}

static bool address(const json_t *document, const char *name, bool inside, struct str *ret)
{
    *ret = jwt_text(document, name);
    return discovery_address(*ret, inside);
}

const char *discovery_read(struct arena *a, struct str text, struct str issuer, bool inside,
                           struct discovery *ret)
{
    *ret = (struct discovery){ 0 };
    const json_t *d = jwt_json(a, text, DISCOVERY_MAX);
    if (!json_is_object(d))
        return N_("What stands there is not a description of an OpenID sign-in.");
    ret->issuer = jwt_text(d, "issuer");
    if (!str_eq(ret->issuer, issuer))
        return N_("The description names another issuer than the address you gave.");
    if (!address(d, "authorization_endpoint", inside, &ret->authorize) ||
        !address(d, "token_endpoint", inside, &ret->token) ||
        !address(d, "jwks_uri", inside, &ret->jwks))
        return N_("The description lacks one of the addresses that are needed, or gives one "
                  "without https.");
    if (!address(d, "userinfo_endpoint", inside, &ret->userinfo)) ret->userinfo = STR_NONE;
    if (!address(d, "end_session_endpoint", inside, &ret->end_session)) ret->end_session = STR_NONE;
    if (!lists(d, "response_types_supported", "code", true))
        return N_("This sign-in does not offer the authorization code flow.");
    if (!lists(d, "code_challenge_methods_supported", "S256", true))
        return N_("This sign-in does not offer PKCE with S256.");
    static const char methods[] = "token_endpoint_auth_methods_supported";
    ret->secret_in_form = !lists(d, methods, "client_secret_basic", true) &&
                          lists(d, methods, "client_secret_post", false);
    ret->says_iss =
        json_is_true(json_object_get(d, "authorization_response_iss_parameter_supported"));
    return NULL;
}
