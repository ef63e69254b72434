/* Bearer tokens: programs that act for a person (personal tokens) or for a partner (OAuth 2.0 clients). What a token may
 * do is a list of words, its scopes: "read", "write" and names of permissions.h. It never exceeds what its person or
 * partner may do at that moment. Pages and OAuth are the module interop's. */
#ifndef EDULAB_ACCESS_TOKEN_H
#define EDULAB_ACCESS_TOKEN_H

#include "access/access.h"

/* The kinds of secrets, told apart by their first letters so that scanners of leaked secrets know them. */
#define KEY_PERSONAL "edp_" /* a person's token */
#define KEY_PARTNER "eda_"  /* a partner's token */
#define KEY_SECRET "eds_"   /* a partner's client secret */

struct token_rights {
    bool read, write;
    uint64_t permissions; /* as who.permissions */
};
/* Unknown words are left out: a permission may have gone. */
struct token_rights rights_parse(struct str words);
/* The words, in a fixed order. */
struct str rights_text(struct arena *a, struct token_rights scopes);
struct token_rights rights_both(struct token_rights a, struct token_rights b);

/* A fresh secret with its kind in front, and the hash under which it is stored. */
struct str access_new_key(struct arena *a, const char *kind, struct str *ret_hash);

/* The request's bearer token; STR_NONE when it brings none. */
struct str access_bearer(const struct request *r);
/* Fills r->who from the bearer token; otherwise the answer becomes 401. */
void access_identify_bearer(struct request *r, struct str bearer);
/* In a transaction: ends the personal tokens made since then. */
void access_tokens_drop(struct db *db, int64_t person_id, int64_t since);
/* Runs fn in a change of its own, apart from the request: a GET has no transaction to write in. What is lost in a crash
 * is noted at the next use. */
void access_note(struct request *r, void (*fn)(struct db *db, int64_t id, int64_t now), int64_t id);
#endif
