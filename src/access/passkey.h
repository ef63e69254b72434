/* Passkeys of people: challenges, which key is whose, what an answer is worth. One of them opens the account without
 * anything else, when the authenticator has recognised the person, and is both proofs at once; beside a password it may
 * be the second. What the browser hands over is checked by webauthn.h. */
#ifndef EDULAB_ACCESS_PASSKEY_H
#define EDULAB_ACCESS_PASSKEY_H

#include "access/access.h"

enum { PASSKEYS_MAX = 20, PASSKEY_NAME_MAX = 60 };

enum passkey_purpose {
    PASSKEY_ENTER,  /* by somebody who has not said who they are */
    PASSKEY_SECOND, /* after a password, by a person we know */
    PASSKEY_ADD,    /* a new one */
};

struct passkey {
    int64_t id, made_at, used_at; /* used_at: DB_NULL for never */
    struct str name;
    bool synced; /* kept outside of one device as well */
};

/* Do browsers know passkeys at the public address? Then they can be offered. */
bool access_passkeys_possible(const struct request *r);
/* Those of a person, the oldest first; returns their number. */
size_t access_passkeys(struct db *db, int64_t person_id, struct passkey **ret);
int64_t access_passkey_count(struct db *db, int64_t person_id);

/* --- in a transaction ------------------------------------------------------------------------------------------------- */

/* A fresh challenge for this browser, for five minutes, as the options of navigator.credentials ("publicKey" left out, bytes
 * as base64url). person_id: 0 for PASSKEY_ENTER. label: what a new key is called for, the address. */
json_t *access_passkey_begin(struct request *r, enum passkey_purpose purpose, int64_t person_id,
                             struct str label);

/* What the script sends, each as base64url. */
struct passkey_answer {
    struct str cle;       /* the credential's id; not for a new one */
    struct str client;    /* clientDataJSON */
    struct str donnees;   /* authenticatorData */
    struct str signature; /* not for a new one */
    struct str personne;  /* userHandle; may be empty for PASSKEY_SECOND */
};
#define PASSKEY_ANSWER_PARAMS(type, member)                                                        \
    { .name = "cle", .kind = PARAM_TEXT, .offset = offsetof(type, member.cle), .max = 1400 },      \
        { .name = "client",                                                                        \
          .kind = PARAM_TEXT,                                                                      \
          .offset = offsetof(type, member.client),                                                 \
          .max = 2800 },                                                                           \
        { .name = "donnees",                                                                       \
          .kind = PARAM_TEXT,                                                                      \
          .offset = offsetof(type, member.donnees),                                                \
          .max = 2800 },                                                                           \
        { .name = "signature",                                                                     \
          .kind = PARAM_TEXT,                                                                      \
          .offset = offsetof(type, member.signature),                                              \
          .max = 400 },                                                                            \
    {                                                                                              \
        .name = "personne", .kind = PARAM_TEXT, .offset = offsetof(type, member.personne),         \
        .max = 100                                                                                 \
    }

/* Each uses the challenge up, whatever comes, so the caller must let the transaction commit (a redirect, not a 422). The
 * log says why something was refused; people are told no more than that it was. */

/* Whose key this is, when the answer is right; 0: refused. With `person_id`, only that person's, and the authenticator
 * need not have recognised them. */
int64_t access_passkey_check(struct request *r, const struct passkey_answer *answer,
                             int64_t person_id);
/* A new key of who asks. The session, whose owner the authenticator has just recognised, now counts as having both proofs. */
bool access_passkey_add(struct request *r, const struct passkey_answer *answer, struct str name);

/* False: they have no such key. The journal learns of adding and dropping, not of names: what somebody typed would outlive
 * the account there. */
bool access_passkey_rename(struct db *db, int64_t person_id, int64_t id, struct str name);
bool access_passkey_drop(struct request *r, int64_t id, struct str *ret_name);
/* Those made at this time or later; 0: all, with what authenticators knew the person by. */
void access_passkeys_drop(struct db *db, int64_t person_id, int64_t since);

#endif
