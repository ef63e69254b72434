/* Who is asking and what they may do: sessions, roles, CSRF tokens. Pages about accounts are the module people's. */
#ifndef EDULAB_ACCESS_ACCESS_H
#define EDULAB_ACCESS_ACCESS_H

#include "access/permissions.h"
#include "http/http.h"
#include "work/privacy_source.h"

enum role {
#define X(symbol, name, letter, label) ROLE_##symbol,
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

/* The rows of permissions.h one by one: false behind the last. label is a msgid. */
struct access_permission {
    const char *name, *label;
    uint64_t bit;
};
bool access_permission(size_t i, struct access_permission *ret);

/* The hooks for http_options. `secret` (32 bytes) keys the CSRF tokens; it lives as long as the program. */
struct http_gate access_gate(struct str secret, bool secure_cookies);

/* Does the person who asks hold this row of permissions.h, everywhere? Costs no query. */
bool access_holds(const struct request *r, const char *permission);

/* --- where a role counts ---------------------------------------------------------------------------------------- */

/* Everywhere (kind "", id 0), or for one thing and what lies below it: an organisation and its schools, a programme and
 * its cohorts. */
struct access_scope {
    struct str kind;
    int64_t id;
};
#define EVERYWHERE ((struct access_scope){ { "", 0 }, 0 })

/* A kind of things that a role can be given for. The module that owns them tells of it at start. */
struct access_scope_kind {
    const char *name;  /* "organisation" */
    const char *label; /* msgid: "An organisation, with all below it" */
    /* The things that this one lies below, itself left out; returns their number. NULL: none ever. */
    size_t (*above)(struct db *db, int64_t id, struct access_scope **ret);
    /* How people call it; STR_NONE when there is no such thing. */
    struct str (*title)(struct db *db, int64_t id);
    /* Those whose name holds `text`, at most `most`; returns their number. */
    size_t (*find)(struct db *db, struct str text, size_t most, int64_t **ret);
};
void access_add_scope_kind(const struct access_scope_kind *kind);
/* One by one: NULL behind the last. */
const struct access_scope_kind *access_scope_kind(size_t i);
const struct access_scope_kind *access_scope_kind_find(struct str name);

/* A role that follows from something else, such as being the head of a school: told by the module that knows. */
struct access_derived {
    enum role role;
    struct access_scope scope;
};
void access_add_derived(size_t (*fn)(struct db *db, int64_t person_id, int64_t now,
                                     struct access_derived **ret));

/* Does the person who asks hold the permission everywhere, or for this thing or one above it? Roles with a scope are
 * read once for each request, and only when this or the next is called. */
bool access_holds_for(struct request *r, const char *permission, const char *kind, int64_t id);
/* The things of a kind for which the person holds the permission by a scope of their own (not those below, and not those
 * of who holds it everywhere); returns their number. */
size_t access_scopes(struct request *r, const char *permission, const char *kind, int64_t **ret);

/* --- this browser ---------------------------------------------------------------------------------------------- */

/* Gives a visitor's browser a fresh secret in the place of the session's cookie, for a quarter of an hour, so that what
 * is begun here cannot be ended elsewhere; nothing is stored. Returns its hash. With a session it is that one's. */
struct str access_begin_visit(struct request *r);
/* The hash of the secret this request came with (a session's, or access_begin_visit's); STR_NONE without one. */
struct str access_browser(const struct request *r);

/* --- in a transaction ---------------------------------------------------------------------------------------- */

/* How people come in: what stands in session.way. */
#define WAY_PASSWORD "password"
#define WAY_LINK "link" /* sent by mail */
#define WAY_INSTITUTION "institution"
#define WAY_PASSKEY "passkey"

/* Opens a session for the person and sets its cookie on the answer. Any session the request came with is closed
 * first: a session never changes hands (fixation). False: the person still owes a second proof (second.h), and is a
 * visitor until it is given; only a passkey is both proofs at once. */
bool access_sign_in(struct request *r, int64_t person_id, const char *way);
/* Closes the request's session and clears the cookie. */
void access_sign_out(struct request *r);
/* Closes every session of the person, but `except` (0 for none), and what was opened with a first proof only. */
void access_close_sessions(struct db *db, int64_t person_id, int64_t except);
/* The open sessions of a person, the latest used first; returns their number. */
struct access_session {
    int64_t id, created_at, seen_at; /* seen_at: to a quarter of an hour */
    struct str peer, agent, way;
};
size_t access_sessions(struct db *db, int64_t person_id, int64_t now, struct access_session **ret);
/* Closes one of the person's; false when they have no such session. */
bool access_close_session(struct db *db, int64_t person_id, int64_t session_id);
/* Gives a role everywhere, from now on, without end. In the journal, unless the person has it so already. */
void access_grant(struct db *db, int64_t person_id, enum role role, int64_t granted_by);

struct access_grant {
    enum role role;
    struct access_scope scope;
    int64_t starts_at, ends_at; /* ends_at: the first moment without it, DB_NULL: no end */
    int64_t granted_by;         /* DB_NULL: the command line */
    int64_t granted_at;
    bool derived; /* follows from something else: cannot be withdrawn here */
};
/* Gives a role, or changes the dates of one that is given. The journal is written by the caller, who knows the request. */
void access_give(struct db *db, int64_t person_id, const struct access_grant *grant);
/* False when the person has no such role. Also for the caller to tell the journal. */
bool access_withdraw(struct db *db, int64_t person_id, enum role role, struct access_scope scope);
/* Who alone is staff everywhere and without end, so that without them nobody could give a role any more; 0: several are. */
int64_t access_only_staff(struct db *db);
/* All that was given to a person, also what is over or to come, and what follows now from something else. */
size_t access_grants(struct db *db, int64_t person_id, int64_t now, struct access_grant **ret);
/* What a person is found by in lists: folded name and address. */
struct str access_person_search(struct arena *a, struct str name, struct str email);
/* In a transaction: fills it in for at most `most` people whose name or address is new; how many there were. */
int64_t access_index_people(struct db *db, int64_t most);

/* A link sent by mail for one purpose; the caller has the token of access_new_token. Older ones of the purpose end. */
void access_link_add(struct db *db, struct str token_hash, int64_t person_id, struct str purpose,
                     int64_t now, int64_t expires_at);
/* Whose it is, without using it up; 0 when it is not in force. */
int64_t access_link_owner(struct db *db, struct str token_hash, struct str purpose, int64_t now);
/* Uses it up: the person, or 0 when it is not in force. */
int64_t access_link_use(struct db *db, struct str token_hash, struct str purpose, int64_t now);
/* Ends those of one purpose. */
void access_links_end(struct db *db, int64_t person_id, struct str purpose);

/* A court or an authority wants the person's data kept: nothing of it is erased meanwhile. */
bool access_is_held(struct db *db, int64_t person_id);
void access_hold(struct db *db, int64_t person_id, struct str reason, int64_t by, int64_t now);
/* False when it is not in force. */
bool access_lift_hold(struct db *db, int64_t hold_id, int64_t by, int64_t now);
struct access_held_person {
    int64_t id, person_id, set_at;
    struct str reason, name, email;
};
size_t access_holds_in_force(struct db *db, struct access_held_person **ret);

extern const struct privacy_source access_privacy[]; /* privacy.c */

/* --- secrets -------------------------------------------------------------------------------------------------- */

/* Argon2id (libsodium, interactive limits), some 50 ms: only in prepare or jobs. STR_NONE when memory is lacking. */
struct str access_hash_password(struct arena *a, struct str password);
bool access_verify_password(struct str hash, struct str password);
/* A fresh secret of 32 random bytes as 43 characters of base64url, and the hash under which it is stored. */
struct str access_new_token(struct arena *a, struct str *ret_hash);
struct str access_hash_token(struct arena *a, struct str token);

/* A key of 32 bytes for one purpose ("federation seal"), from the secret of the data folder. */
void access_key(const char *purpose, unsigned char ret_key[32]);
/* A code for links that open or end something without a session: 20 letters of base64url, made of what it is about and such a
 * key, so that nothing is stored. */
struct str access_code(struct arena *a, const unsigned char key[32], const void *about, size_t n);
/* The same about a person, with who it is: "<person>.<code>"; and who that is, 0 when it is no such code. */
struct str access_person_code(struct arena *a, const unsigned char key[32], int64_t person_id);
int64_t access_person_of_code(struct arena *a, const unsigned char key[32], struct str code);

extern const struct db_part access_db;

#endif
