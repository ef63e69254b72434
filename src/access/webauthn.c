/* Checks of WebAuthn: see webauthn.h, and decision 0012 on why no library does it. */
#include "access/webauthn.h"

#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sodium.h>

enum {
    HEAD = 37, /* hash of the site 32, flags 1, counter 4 */
    FLAGS = 32,
    COUNT_AT = 33,
    PRESENT = 0x01,
    VERIFIED = 0x04,
    MAY_BE_SYNCED = 0x08,
    SYNCED = 0x10,
    HAS_KEY = 0x40,
    HAS_MORE = 0x80,
    ID_AT = HEAD + 16 + 2, /* behind the kind of authenticator, and the length of the id */
    HALF = 32,             /* x, or y, or a key of Ed25519 */
    MODULUS = 256,         /* of RSA with 2048 bits */
    ES256 = -7,
    EDDSA = -8,
    RS256 = -257
};

/* --- the site ------------------------------------------------------------------------------------------------------- */

static bool is_number(struct str host)
{
    for (size_t i = 0; i < host.n; i++)
        if (!(host.p[i] >= '0' && host.p[i] <= '9') && host.p[i] != '.') return false;
    return true;
}

bool webauthn_site(struct str url, struct webauthn_site *ret)
{
    struct str scheme = str_sub(url, 0, str_search(url, S("://")));
    struct str rest = str_sub(url, scheme.n + 3, url.n);
    struct str place = str_sub(rest, 0, str_search(rest, S("/")));
    struct str origin = str_sub(url, 0, scheme.n + 3 + place.n);
    struct str host = str_sub(place, 0, str_search(place, S(":")));
    bool local = str_is(scheme, "http") && str_is(host, "localhost");
    if (!host.n || host.p[0] == '[' || is_number(host) || !(local || str_is(scheme, "https")))
        return false;
    *ret = (struct webauthn_site){ .origin = origin, .id = host };
    return true;
}

/* --- what the browser wrote ------------------------------------------------------------------------------------------ */

static struct str text_of(struct arena *a, json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) return STR_NONE;
    return arena_dup(a, (struct str){ json_string_value(value), json_string_length(value) });
}

const char *webauthn_client(struct arena *a, struct str json, const char *type,
                            const struct webauthn_site *site, struct str *ret_challenge)
{
    if (json.n > WEBAUTHN_CLIENT_MAX) return "client data too long";
    json_t *said = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(said)) {
        json_decref(said);
        return "client data is no JSON object";
    }
    struct str act = text_of(a, said, "type"), origin = text_of(a, said, "origin");
    struct str challenge = text_of(a, said, "challenge");
    /* in a frame of another site we are not shown, and are not used */
    bool foreign =
        json_is_true(json_object_get(said, "crossOrigin")) || json_object_get(said, "topOrigin");
    json_decref(said);
    if (!str_is(act, type)) return "client data of another act";
    if (!origin.p || !str_eq(origin, site->origin)) return "client data of another origin";
    if (foreign) return "client data of a frame";
    if (!challenge.n) return "client data without a challenge";
    *ret_challenge = challenge;
    return NULL;
}

/* --- what the authenticator said ------------------------------------------------------------------------------------- */

/* The part both acts have, read here so that what is decided does not hang on what a library happens to check. */
static const char *read_head(const struct webauthn_site *site, struct str data,
                             struct webauthn_facts *ret)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (data.n < HEAD || data.n > WEBAUTHN_DATA_MAX) return "authenticator data cut or too long";
    crypto_hash_sha256(hash, (const unsigned char *)site->id.p, site->id.n);
    if (memcmp(data.p, hash, sizeof hash) != 0) return "authenticator data of another site";
    const unsigned char *p = (const unsigned char *)data.p;
    unsigned flags = p[FLAGS];
    if (!(flags & PRESENT)) return "nobody was there";
    if (flags & SYNCED && !(flags & MAY_BE_SYNCED)) return "flags contradict each other";
    *ret = (struct webauthn_facts){
        .count = (int64_t)p[COUNT_AT] << 24 | p[COUNT_AT + 1] << 16 | p[COUNT_AT + 2] << 8 |
                 p[COUNT_AT + 3],
        .verified = flags & VERIFIED,
        .synced = flags & SYNCED,
    };
    return NULL;
}

/* --- keys ------------------------------------------------------------------------------------------------------------- */

/* The one form that CTAP allows for each kind of key (canonical CBOR: shortest, in this order). What is written otherwise
 * is refused unread, so that no reader of CBOR is needed. Of RSA, which old Windows Hello makes in the computer's TPM, that
 * is 2048 bits with the exponent 65537. */
#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
static const struct key_form {
    int64_t algorithm;
    struct str begin, between; /* before the first part, and behind it */
    size_t first, second;      /* bytes of the parts */
} forms[] = {
    /* {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} */
    { ES256, BYTES("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), BYTES("\x22\x58\x20"), HALF, HALF },
    /* {1: 1 (OKP), 3: -8 (EdDSA), -1: 6 (Ed25519), -2: x} */
    { EDDSA, BYTES("\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20"), { "", 0 }, HALF, 0 },
    /* {1: 3 (RSA), 3: -257 (RS256), -1: n, -2: e} */
    { RS256, BYTES("\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00"), BYTES("\x21\x43\x01\x00\x01"),
      MODULUS, 0 },
};

/* A key of OpenSSL's from its parameters; NULL when they make none. */
static EVP_PKEY *from_data(const char *type, const OSSL_PARAM *params)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (c && EVP_PKEY_fromdata_init(c) == 1) /* sets key only when all is well */
        EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, (OSSL_PARAM *)params);
    EVP_PKEY_CTX_free(c);
    ERR_clear_error();
    return key;
}

/* NULL when x and y are no point of the curve. */
static EVP_PKEY *p256(struct str xy)
{
    char name[] = "P-256";
    unsigned char point[1 + 2 * HALF] = { 4 /* uncompressed */ };
    memcpy(point + 1, xy.p, 2 * HALF);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    return from_data("EC", params);
}

static EVP_PKEY *rsa(struct str modulus)
{
    unsigned char n[MODULUS]; /* in the machine's order of bytes */
    unsigned e = 65537;
    BIGNUM *number = BN_bin2bn((const unsigned char *)modulus.p, MODULUS, NULL);
    bool turned = number && BN_bn2nativepad(number, n, sizeof n) == sizeof n;
    BN_free(number);
    if (!turned) return NULL;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, sizeof n),
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &e),
        OSSL_PARAM_construct_end(),
    };
    return from_data("RSA", params);
}

/* Is it a key at all: a point of the curve, for Ed25519 of its large subgroup, for RSA of full length and odd? */
static bool is_key(int64_t algorithm, struct str key)
{
    if (algorithm == EDDSA) return crypto_core_ed25519_is_valid_point((const void *)key.p) == 1;
    if (algorithm == RS256) return (key.p[0] & 0x80) && (key.p[MODULUS - 1] & 1);
    EVP_PKEY *k = p256(key);
    EVP_PKEY_free(k);
    return k != NULL;
}

/* Takes the key off the front of `rest`. */
static bool read_key(struct arena *a, const struct key_form *f, struct str *rest,
                     struct webauthn_key *ret)
{
    size_t between = f->begin.n + f->first, second = between + f->between.n,
           length = second + f->second;
    if (rest->n < length || !str_starts(*rest, f->begin) ||
        !str_starts(str_sub(*rest, between, rest->n), f->between))
        return false;
    ret->algorithm = f->algorithm;
    ret->key =
        arena_join(a, str_sub(*rest, f->begin.n, f->first), str_sub(*rest, second, f->second));
    *rest = str_sub(*rest, length, rest->n);
    return is_key(f->algorithm, ret->key);
}

const char *webauthn_new_key(struct arena *a, const struct webauthn_site *site, struct str data,
                             struct webauthn_key *ret, struct webauthn_facts *ret_facts)
{
    const char *why = read_head(site, data, ret_facts);
    if (why) return why;
    const unsigned char *p = (const unsigned char *)data.p;
    if (!(p[FLAGS] & HAS_KEY)) return "no key in the authenticator data";
    if (data.n < ID_AT) return "the key cannot be read";
    size_t id = (size_t)p[ID_AT - 2] << 8 | p[ID_AT - 1];
    struct str rest = str_sub(data, ID_AT + id, data.n);
    if (!id || id > WEBAUTHN_ID_MAX || ID_AT + id > data.n) return "the key cannot be read";
    ret->credential = arena_dup(a, str_sub(data, ID_AT, id));
    bool found = false;
    for (size_t i = 0; i < COUNT(forms) && !found; i++)
        found = read_key(a, &forms[i], &rest, ret);
    /* what authenticators add unasked (credProtect) follows; nobody has signed it, and it is not read */
    if (!found || (rest.n && !(p[FLAGS] & HAS_MORE))) return "the key cannot be read";
    return NULL;
}

/* --- signatures ------------------------------------------------------------------------------------------------------- */

static bool fits(const struct webauthn_key *key, struct str signature, const unsigned char *message,
                 size_t n)
{
    const unsigned char *s = (const unsigned char *)signature.p;
    if (key->algorithm == EDDSA)
        return key->key.n == HALF && signature.n == crypto_sign_BYTES &&
               crypto_sign_verify_detached(s, message, n, (const void *)key->key.p) == 0;
    bool curve = key->algorithm == ES256 && key->key.n == 2 * HALF;
    if (!curve && !(key->algorithm == RS256 && key->key.n == MODULUS)) return false;
    EVP_PKEY *k = curve ? p256(key->key) : rsa(key->key);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = k && c && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, k) == 1 &&
                EVP_DigestVerify(c, s, signature.n, message, n) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(k);
    ERR_clear_error();
    return good;
}

const char *webauthn_signed(const struct webauthn_site *site, const struct webauthn_key *key,
                            struct str data, struct str client, struct str signature,
                            struct webauthn_facts *ret_facts)
{
    unsigned char message[HEAD + crypto_hash_sha256_BYTES];
    const char *why = read_head(site, data, ret_facts);
    if (why) return why;
    /* with no key and nothing that we asked for besides, there is no more */
    if (data.n != HEAD) return "authenticator data cut or too long";
    memcpy(message, data.p, HEAD);
    crypto_hash_sha256(message + HEAD, (const unsigned char *)client.p, client.n);
    return fits(key, signature, message, sizeof message) ? NULL : "the signature does not fit";
}
