/* ID tokens (RFC 7519, OpenID Connect Core 3.1.3.7): reading, signature, claims. Pure: no network, no database. */
#ifndef EDULAB_MOD_FEDERATION_JWT_H
#define EDULAB_MOD_FEDERATION_JWT_H

#include <jansson.h>

#include "base/arena.h"

enum {
    JWT_MAX = 16 * 1024,      /* bytes of a token */
    JWKS_MAX_KEYS = 32,       /* keys of an institution that are looked at */
    JWT_SKEW_SECONDS = 90,    /* how far two clocks may be apart */
    JWT_AGE_SECONDS = 15 * 60 /* a token older than that was not made for this sign-in */
};

struct jwt {
    json_t *head, *claims; /* objects; live as long as the arena */
    struct str alg, kid;   /* kid: STR_NONE without one */
    struct str parts[3];   /* as they came */
};

/* Reads a compact token; false when it is not one, is too long, or its algorithm is not accepted. Nothing in it is proved yet. */
bool jwt_read(struct arena *a, struct str token, struct jwt *ret);

enum jwt_proof { JWT_PROVED, JWT_UNKNOWN_KEY, JWT_FORGED };
/* Looks for the key and checks the signature. UNKNOWN_KEY: newer keys may help. */
enum jwt_proof jwt_prove(const struct jwt *jwt, const json_t *jwks);

struct jwt_expected {
    struct str issuer, client_id, nonce;
    int64_t now; /* ms */
};
/* NULL when the claims are what this sign-in expects, else the reason in a few words. */
const char *jwt_objection(const json_t *claims, const struct jwt_expected *expected);

/* A claim as text; STR_NONE when absent or no text. */
struct str jwt_text(const json_t *claims, const char *name);
/* JSON of at most `max` bytes as a value that lives as long as the arena; NULL when it is none. */
json_t *jwt_json(struct arena *a, struct str text, size_t max);

#endif
