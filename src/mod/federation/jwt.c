/* What libjose leaves to its caller is decided here: algorithms, choice and size of keys, critical headers, claims. */
#include "mod/federation/jwt.h"

#include <jose/b64.h>
#include <jose/jws.h>
#include <math.h>
#include <sodium.h>

#include "base/time.h"
#include "base/utf8.h"

/* Asymmetric signatures only: "none" and HMAC would let anybody sign who knows the public key. */
static const struct {
    const char *alg, *kty, *crv;
} algorithms[] = {
    { "RS256", "RSA", NULL },   { "RS384", "RSA", NULL },   { "RS512", "RSA", NULL },
    { "PS256", "RSA", NULL },   { "PS384", "RSA", NULL },   { "PS512", "RSA", NULL },
    { "ES256", "EC", "P-256" }, { "ES384", "EC", "P-384" },
};
enum { RSA_LEAST_BYTES = 256, RSA_MOST_BYTES = 1024 };

static void drop_json(void *value)
{
    json_decref(value);
}

json_t *jwt_json(struct arena *a, struct str text, size_t max)
{
    if (!text.p || text.n > max) return NULL;
    json_t *value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    if (value) arena_cleanup(a, drop_json, value);
    return value;
}

struct str jwt_text(const json_t *claims, const char *name)
{
    const json_t *value = json_object_get(claims, name);
    if (!json_is_string(value)) return STR_NONE;
    return (struct str){ json_string_value(value), json_string_length(value) };
}

static struct str decode(struct arena *a, struct str text)
{
    size_t n;
    unsigned char *out = arena_alloc(a, text.n + 1);
    if (sodium_base642bin(out, text.n + 1, text.p, text.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return STR_NONE;
    return (struct str){ (char *)out, n };
}

static bool accepted(struct str alg)
{
    for (size_t i = 0; i < COUNT(algorithms); i++)
        if (str_is(alg, algorithms[i].alg)) return true;
    return false;
}

bool jwt_read(struct arena *a, struct str token, struct jwt *ret)
{
    if (!token.p || token.n == 0 || token.n > JWT_MAX) return false;
    struct str rest = token;
    for (int i = 0; i < 3; i++)
        ret->parts[i] = i < 2 ? str_cut(&rest, '.') : rest;
    if (str_find(rest, '.') != rest.n || rest.n == 0) return false;
    ret->head = jwt_json(a, decode(a, ret->parts[0]), JWT_MAX);
    ret->claims = jwt_json(a, decode(a, ret->parts[1]), JWT_MAX);
    if (!json_is_object(ret->head) || !json_is_object(ret->claims)) return false;
    ret->alg = jwt_text(ret->head, "alg");
    ret->kid = jwt_text(ret->head, "kid");
    /* a header that says "you must understand this" names what we do not know */
    return accepted(ret->alg) && !json_object_get(ret->head, "crit");
}

/* --- keys --------------------------------------------------------------------------------------------------- */

/* Is this a key for the algorithm, public, for signatures, and large enough? */
static bool fits(const json_t *key, struct str alg)
{
    size_t i = 0;
    while (!str_is(alg, algorithms[i].alg))
        i++;
    struct str use = jwt_text(key, "use"), own = jwt_text(key, "alg");
    if (!str_is(jwt_text(key, "kty"), algorithms[i].kty)) return false;
    if ((use.p && !str_is(use, "sig")) || (own.p && !str_eq(own, alg))) return false;
    if (algorithms[i].crv) return str_is(jwt_text(key, "crv"), algorithms[i].crv);
    size_t bytes = jwt_text(key, "n").n * 3 / 4;
    /* a huge exponent makes each check slow */
    return bytes >= RSA_LEAST_BYTES && bytes <= RSA_MOST_BYTES && jwt_text(key, "e").n <= 8;
}

/* The only key that can have signed: the one named, or the only one that fits when none is named. */
static const json_t *choose_key(const struct jwt *jwt, const json_t *jwks)
{
    const json_t *keys = json_object_get(jwks, "keys"), *found = NULL;
    for (size_t i = 0; i < json_array_size(keys) && i < JWKS_MAX_KEYS; i++) {
        const json_t *key = json_array_get(keys, i);
        if (!fits(key, jwt->alg)) continue;
        if (jwt->kid.p) {
            if (str_eq(jwt_text(key, "kid"), jwt->kid)) return key;
        } else {
            if (found) return NULL;
            found = key;
        }
    }
    return found;
}

static void say_nothing(void *misc, const char *file, int line, uint64_t error, const char *format,
                        va_list values)
{
    (void)misc, (void)file, (void)line, (void)error, (void)format, (void)values;
}

static json_t *text_of(struct str s)
{
    return json_stringn(s.p, s.n);
}

enum jwt_proof jwt_prove(const struct jwt *jwt, const json_t *jwks)
{
    static const char *const members[] = { "kty", "n", "e", "crv", "x", "y" };
    const json_t *key = choose_key(jwt, jwks);
    if (!key) return JWT_UNKNOWN_KEY;
    json_t *clean = json_object();
    for (size_t i = 0; i < COUNT(members); i++)
        if (jwt_text(key, members[i]).p)
            json_object_set(clean, members[i], json_object_get(key, members[i]));
    json_t *jws = json_object();
    json_object_set_new(jws, "protected", text_of(jwt->parts[0]));
    json_object_set_new(jws, "payload", text_of(jwt->parts[1]));
    json_object_set_new(jws, "signature", text_of(jwt->parts[2]));
    jose_cfg_t *cfg = jose_cfg();
    if (!cfg) abort(); /* only without memory */
    jose_cfg_set_err_func(cfg, say_nothing, NULL);
    bool good = jose_jws_ver(cfg, jws, NULL, clean, false);
    jose_cfg_decref(cfg);
    json_decref(jws);
    json_decref(clean);
    return good ? JWT_PROVED : JWT_FORGED;
}

/* --- claims --------------------------------------------------------------------------------------------------- */

static bool seconds_of(const json_t *claims, const char *name, double *ret)
{
    const json_t *value = json_object_get(claims, name);
    if (!json_is_number(value)) return false;
    *ret = json_number_value(value);
    return isfinite(*ret);
}

/* The audience is a text or a list of them. *ret_more: there are others besides us. */
static bool for_us(const json_t *aud, struct str client_id, bool *ret_more)
{
    *ret_more = false;
    if (json_is_string(aud))
        return str_eq((struct str){ json_string_value(aud), json_string_length(aud) }, client_id);
    bool found = false;
    for (size_t i = 0; i < json_array_size(aud); i++) {
        const json_t *one = json_array_get(aud, i);
        struct str text = { json_string_value(one), json_string_length(one) };
        if (str_eq(text, client_id)) found = true;
        else *ret_more = true;
    }
    return found;
}

const char *jwt_objection(const json_t *claims, const struct jwt_expected *e)
{
    double exp, iat, nbf, now = (double)(e->now / SECOND_MS);
    bool more;
    struct str sub = jwt_text(claims, "sub");
    const json_t *azp = json_object_get(claims, "azp");
    if (!str_eq(jwt_text(claims, "iss"), e->issuer)) return "issuer";
    if (!for_us(json_object_get(claims, "aud"), e->client_id, &more)) return "audience";
    if (more && !azp) return "azp missing";
    if (azp && !str_eq(jwt_text(claims, "azp"), e->client_id)) return "azp";
    if (!seconds_of(claims, "exp", &exp) || exp <= now - JWT_SKEW_SECONDS) return "expired";
    if (!seconds_of(claims, "iat", &iat)) return "iat missing";
    if (iat > now + JWT_SKEW_SECONDS) return "issued in the future";
    if (iat < now - JWT_AGE_SECONDS - JWT_SKEW_SECONDS) return "too old";
    if (json_object_get(claims, "nbf") &&
        (!seconds_of(claims, "nbf", &nbf) || nbf > now + JWT_SKEW_SECONDS))
        return "not yet valid";
    if (!e->nonce.n || !str_eq_secret(jwt_text(claims, "nonce"), e->nonce)) return "nonce";
    if (sub.n == 0 || sub.n > 255 || !utf8_valid(sub)) return "subject";
    return NULL;
}
