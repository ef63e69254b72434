/* What an OpenID provider publishes about itself: its discovery document, read and bounded. Pure. */
#ifndef EDULAB_MOD_FEDERATION_DISCOVERY_H
#define EDULAB_MOD_FEDERATION_DISCOVERY_H

#include "base/arena.h"

enum { DISCOVERY_MAX = 64 * 1024 };

struct discovery {
    struct str issuer, authorize, token, jwks;
    struct str userinfo, end_session; /* STR_NONE: none */
    bool says_iss;                    /* answers always name their issuer (RFC 9207) */
    bool secret_in_form;              /* client_secret_post is all it takes */
};

/* An address we may send people or requests to: https, or http when `inside`; no user name, no fragment. */
bool discovery_address(struct str address, bool inside);
/* Where the document of an issuer stands. */
struct str discovery_of(struct arena *a, struct str issuer);
/* NULL and *ret filled, else a msgid that says what is wrong. `issuer` must be the one configured, to the letter. */
const char *discovery_read(struct arena *a, struct str text, struct str issuer, bool inside,
                           struct discovery *ret);

#endif
