/* What a browser hands over about a passkey (WebAuthn level 2), checked: bytes in, facts out, no database.
 * Attestation is not asked for, so nothing says, or proves, who built the authenticator. */
#ifndef EDULAB_ACCESS_WEBAUTHN_H
#define EDULAB_ACCESS_WEBAUTHN_H

#include "base/arena.h"

enum {
    WEBAUTHN_ID_MAX = 1023,     /* bytes, as the standard says */
    WEBAUTHN_DATA_MAX = 2048,   /* of an authenticator's data */
    WEBAUTHN_CLIENT_MAX = 2048, /* of what the browser writes */
    WEBAUTHN_CHALLENGE = 32
};

/* The site as browsers name it. */
struct webauthn_site {
    struct str origin; /* "https://edulab.example" */
    struct str id;     /* "edulab.example" */
};
/* From the public address; false where browsers know no passkeys: an address of numbers, or http on another host than
 * localhost. Points into url. */
bool webauthn_site(struct str url, struct webauthn_site *ret);

struct webauthn_key {
    int64_t algorithm;     /* COSE */
    struct str credential; /* the authenticator's name for it */
    struct str key;        /* 64 bytes (x and y), 32 (Ed25519) or 256 (the modulus of RSA) */
};

/* What the authenticator said beside it. */
struct webauthn_facts {
    int64_t count;
    bool verified; /* it knew the person: by finger, face or PIN */
    bool synced;
};

/* Each returns NULL when all is right, or a few words for the log. */

/* What the browser wrote: the challenge it answers, as base64url. type: "webauthn.create" or "webauthn.get". */
const char *webauthn_client(struct arena *a, struct str json, const char *type,
                            const struct webauthn_site *site, struct str *ret_challenge);
/* The data of a new key. */
const char *webauthn_new_key(struct arena *a, const struct webauthn_site *site, struct str data,
                             struct webauthn_key *ret, struct webauthn_facts *ret_facts);
/* Did the key sign this data and what the browser wrote? */
const char *webauthn_signed(const struct webauthn_site *site, const struct webauthn_key *key,
                            struct str data, struct str client, struct str signature,
                            struct webauthn_facts *ret_facts);

#endif
