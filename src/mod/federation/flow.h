/* A sign-in that has left for an institution and is expected back. Nothing is stored: the ticket that travels along says
 * when, where to and from which browser, under a keyed hash; nonce and PKCE verifier are made of it with the same key. */
#ifndef EDULAB_MOD_FEDERATION_FLOW_H
#define EDULAB_MOD_FEDERATION_FLOW_H

#include "base/arena.h"

enum { FLOW_LIFE_MINUTES = 15, FLOW_SUITE_MAX = 500, FLOW_BROWSER = 16 };

struct flow {
    int64_t at; /* ms */
    int64_t provider;
    struct str browser; /* the hash of access_browser(), shortened */
    struct str suite;   /* where the person wants to go */
    struct str hash;    /* under which it is remembered as used */
};

/* A new ticket: ASCII letters, digits, '-', '_', '.'. `browser` is what access_begin_visit() returned. */
struct str flow_begin(struct arena *a, int64_t provider, struct str browser, struct str suite,
                      int64_t now);
/* The same for SAML, as an xs:ID; without the suite, which travels beside it. */
struct str flow_begin_id(struct arena *a, int64_t provider, struct str browser, int64_t now);
/* False when it is not ours or too old. Whether the browser and the institution are the right ones is the caller's. */
bool flow_read(struct arena *a, struct str ticket, int64_t now, struct flow *ret);
bool flow_same_browser(const struct flow *flow, struct str browser);

struct str flow_nonce(struct arena *a, struct str ticket);
struct str flow_verifier(struct arena *a, struct str ticket);
/* S256 of the verifier. */
struct str flow_challenge(struct arena *a, struct str verifier);

/* --- secrets at rest --------------------------------------------------------------------------------------------- */

struct str seal(struct arena *a, struct str plain);
/* STR_NONE when it was sealed with another data folder's secret. */
struct str unseal(struct arena *a, struct str sealed);

#endif
