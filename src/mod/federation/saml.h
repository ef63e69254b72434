/* SAML 2.0: what an institution publishes and says, read within bounds, and what must be right about it. Pure: no network,
 * no database. Signatures are saml_proof.c's. */
#ifndef EDULAB_MOD_FEDERATION_SAML_H
#define EDULAB_MOD_FEDERATION_SAML_H

#include <jansson.h>

#include "base/arena.h"

enum {
    SAML_RESPONSE_MAX = 128 * 1024, /* bytes of an answer, before base64 */
    SAML_METADATA_MAX = 256 * 1024,
    SAML_DEPTH = 24,        /* elements within elements */
    SAML_IDS = 32,          /* elements with an id in one answer */
    SAML_SKEW_SECONDS = 90, /* how far two clocks may be apart */
    SAML_AUDIENCES = 16,
};

struct saml_metadata {
    struct str entity_id;
    struct str sign_in; /* its address for the redirect binding */
    size_t keys;        /* certificates it signs with */
};
/* Reads the metadata of one identity provider. NULL when it will do, else a msgid with what is wrong. `inside`: its sign-in
 * may be without TLS. */
const char *saml_metadata_read(struct arena *a, struct str text, bool inside,
                               struct saml_metadata *ret);

struct saml_response {
    struct str xml; /* as text, without XML declaration: what saml_prove() is given */
    struct str destination, in_response_to, issuer; /* of the answer; issuer STR_NONE: not said */
    bool success;
    /* of its one assertion */
    struct str assertion_id, assertion_issuer;
    struct str subject; /* lasting name of the person there */
    struct str recipient, confirmed_request;
    int64_t issued_at, confirmed_until, confirmed_from; /* ms; 0: not said */
    int64_t valid_from, valid_until, session_until;
    struct str audiences[SAML_AUDIENCES];
    size_t audience_count;
    bool audience_restricted;
    json_t *
        claims; /* attributes by name and by their usual short name: lists of texts; lives as long as the arena */
};
/* Reads an answer. Refused, with the reason in a few words: a document type, entities, comments or processing instructions,
 * other bytes than UTF-8; too long or too deep; ids that stand twice; any other number than one of assertions; an assertion
 * without a signature of its own, or a signature that is about another element, transforms it or uses a weak algorithm. So the
 * assertion that is read is the one whose signature is checked. NULL when all is well; for an answer that is no success nothing
 * but `success` counts. */
const char *saml_response_read(struct arena *a, struct str base64, struct saml_response *ret);
/* The same from its text. */
const char *saml_response_parse(struct arena *a, struct str xml, struct saml_response *ret);

struct saml_expected {
    struct str entity_id; /* theirs */
    struct str us;        /* our entity id */
    struct str here;      /* the address it was sent to */
    int64_t now;          /* ms */
};
/* NULL when the answer is what this sign-in expects, else the reason in a few words. Whether in_response_to is a ticket of
 * ours is the caller's. */
const char *saml_objection(const struct saml_response *r, const struct saml_expected *expected);

/* --- saml_proof.c: lasso ------------------------------------------------------------------------------------------ */

/* Is the assertion signed with a key of the metadata? False also when they cannot be used. */
bool saml_prove(struct arena *a, struct str metadata, struct str our_metadata,
                const struct saml_response *r);
/* The address of the institution's sign-in with our request (redirect binding); STR_NONE when the metadata cannot be used. */
struct str saml_request(struct arena *a, struct str metadata, struct str our_metadata,
                        struct str id, struct str relay);
/* What we publish. */
struct str saml_our_metadata(struct arena *a, struct str us, struct str here);

#endif
