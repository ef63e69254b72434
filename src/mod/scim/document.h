/* A user as a structure and as a SCIM document (RFC 7643 4.1). We keep what is needed to know whom it is about and to call
 * them by their name; everything else that SCIM knows is left aside, not stored: see README.md. */
#ifndef EDULAB_MOD_SCIM_DOCUMENT_H
#define EDULAB_MOD_SCIM_DOCUMENT_H

#include <jansson.h>

#include "base/arena.h"

#define SCIM_USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define SCIM_GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"
#define SCIM_LIST "urn:ietf:params:scim:api:messages:2.0:ListResponse"
#define SCIM_ERROR "urn:ietf:params:scim:api:messages:2.0:Error"

enum { SCIM_EMAILS = 8 };

struct scim_email {
    struct str value, type; /* small letters; type may be empty */
    bool primary;
};

struct scim_user {
    int64_t id, person_id, version, created_at, changed_at;
    struct str user_name, external_id; /* external_id: STR_NONE when there is none */
    struct str display_name, formatted, given_name, family_name, lang; /* "" when not said */
    bool active;
    struct scim_email emails[SCIM_EMAILS];
    size_t email_count;
};

/* What is wrong with what was sent. */
struct scim_problem {
    const char *type;   /* a scimType: "invalidValue", "invalidPath", "noTarget", … */
    const char *detail; /* a msgid; NULL: nothing is wrong */
};

/* The member of an object, its name in any case; NULL for none and for null. */
json_t *scim_member(const json_t *object, const char *name);
/* A text within `most` characters and without control characters, NFC; STR_NONE and a problem otherwise. */
struct str scim_text(struct arena *a, const json_t *value, size_t most, struct scim_problem *p);
/* A boolean, also as the texts "True" and "False" that Entra ID sends. */
bool scim_bool(const json_t *value, bool *ret, struct scim_problem *p);

/* The document. `location`: its whole address; STR_NONE: none (for a PATCH to work on). A new reference. */
json_t *scim_user_json(struct arena *a, const struct scim_user *u, struct str location);
/* Fills what the document says, leaving id, person, version and times alone. False with a problem. */
bool scim_user_read(struct arena *a, const json_t *document, struct scim_user *u,
                    struct scim_problem *p);
/* The address that says who it is: the primary one, that of work, the first, or a userName that is one. STR_NONE: none. */
struct str scim_user_address(struct arena *a, const struct scim_user *u);
/* How the directory calls the person. */
struct str scim_user_title(struct arena *a, const struct scim_user *u);

/* Only what was asked for (attributes), or all but what was not wanted (excludedAttributes): lists with commas between. */
void scim_select(json_t *resource, struct str wanted, struct str unwanted);
/* Is the attribute part of such an answer? */
bool scim_selects(struct str wanted, struct str unwanted, const char *name);

/* Applies the operations of a PATCH to a user's document (patch.c). */
bool scim_patch(struct arena *a, json_t *document, const json_t *body, struct scim_problem *p);
/* The operations of a PATCH body; NULL with a problem. */
const json_t *scim_operations(const json_t *body, struct scim_problem *p);
enum scim_verb { SCIM_ADD, SCIM_REMOVE, SCIM_REPLACE };
/* What one is, in any case. */
bool scim_verb(const json_t *operation, enum scim_verb *ret, struct scim_problem *p);

#endif
