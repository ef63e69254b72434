/* Who is asking and what they may do: sessions, roles, CSRF tokens. Pages about accounts are the module people's. */
#ifndef EDULAB_ACCESS_ACCESS_H
#define EDULAB_ACCESS_ACCESS_H

#include "access/permissions.h"
#include "http/http.h"

enum role {
#define X(symbol, name, label) ROLE_##symbol,
    ROLES(X)
#undef X
        ROLE_COUNT
};

/* "learner", …; ROLE_COUNT for an unknown name. */
enum role role_from_name(struct str name);
const char *role_name(enum role role);
const char *role_label(enum role role); /* a msgid */
/* What a role holds, as bits of who.permissions: bit i is row i of permissions.h. */
uint64_t access_permissions(enum role role);

/* The hooks for http_options. `secret` (32 bytes) keys the CSRF tokens; it lives as long as the program. */
struct http_gate access_gate(struct str secret, bool secure_cookies);

/* Does the person who asks hold this row of permissions.h? */
bool access_holds(const struct request *r, const char *permission);

/* --- in a transaction ---------------------------------------------------------------------------------------- */

/* Opens a session for the person and sets its cookie on the answer. Any session the request came with is closed
 * first: a session never changes hands (fixation). */
void access_sign_in(struct request *r, int64_t person_id);
/* Closes the request's session and clears the cookie. */
void access_sign_out(struct request *r);
/* Closes every session of the person, but `except` (0 for none). */
void access_close_sessions(struct db *db, int64_t person_id, int64_t except);
void access_grant(struct db *db, int64_t person_id, enum role role, int64_t granted_by);

/* --- secrets -------------------------------------------------------------------------------------------------- */

/* Argon2id (libsodium, interactive limits), some 50 ms: only in prepare or jobs. STR_NONE when memory is lacking. */
struct str access_hash_password(struct arena *a, struct str password);
bool access_verify_password(struct str hash, struct str password);
/* A fresh secret of 32 random bytes as 43 characters of base64url, and the hash under which it is stored. */
struct str access_new_token(struct arena *a, struct str *ret_hash);
struct str access_hash_token(struct arena *a, struct str token);

extern const struct db_part access_db;

#endif
