/* The three documents of Open Badges 2.0 (issuer, class, assertion) as JSON. No database, no HTTP. */
#ifndef EDULAB_MOD_BADGE_ASSERTION_H
#define EDULAB_MOD_BADGE_ASSERTION_H

#include <jansson.h>

#include "base/arena.h"
#include "html/lang.h"

#define OB_CONTEXT "https://w3id.org/openbadges/v2"
#define OB_ISSUER_PATH "/api/v1/badges/issuer"
#define OB_CLASS_PATH "/api/v1/badges/classes/"
#define OB_ASSERTION_PATH "/api/v1/badges/assertions/"
#define OB_REVOCATION_PATH "/api/v1/badges/revocations"

enum { BADGE_SALT = 16 }; /* characters */

struct ob_issuer {
    struct str origin; /* https://edulab.example, without a slash at the end */
    struct str name, email;
};

struct ob_class {
    struct str slug, name, criteria, programme;
    int64_t competences; /* of DigCompEdu, a mask as in mod/competence/competence.h */
    enum lang lang;      /* of name and criteria */
};

struct ob_assertion {
    int64_t id, issued_at;
    struct str email; /* goes in as a salted hash only */
    struct str salt;
    struct str evidence; /* STR_NONE for none */
};

/* Each returns a new reference. */
json_t *ob_issuer_json(struct arena *a, const struct ob_issuer *issuer);
json_t *ob_class_json(struct arena *a, const struct ob_issuer *issuer, const struct ob_class *c);
json_t *ob_assertion_json(struct arena *a, const struct ob_issuer *issuer, struct str class_slug,
                          const struct ob_assertion *assertion);
/* What stands at the address of a revoked assertion (with status 410). */
json_t *ob_revoked_json(struct str id, struct str reason);

/* Compact and in ASCII only (\uXXXX): wallets have broken badges by reading UTF-8 as Latin-1. Releases the
 * reference. */
struct str ob_text(struct arena *a, json_t *value);

/* BADGE_SALT random characters. */
struct str ob_salt(struct arena *a);
/* "sha256$" and the hash of e-mail and salt in hexadecimal. */
struct str ob_identity(struct arena *a, struct str email, struct str salt);
/* ASCII lower case without white space around: the form that is hashed. */
struct str ob_email(struct arena *a, struct str email);

#endif
