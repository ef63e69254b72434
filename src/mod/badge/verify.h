/* Is this badge true? The checks, one after the other, as a list that the page and the command show alike.
 * Where documents come from (our database, the network) is the caller's: see struct badge_source. */
#ifndef EDULAB_MOD_BADGE_VERIFY_H
#define EDULAB_MOD_BADGE_VERIFY_H

#include "base/arena.h"

enum source_answer {
    SOURCE_FOUND,       /* *ret_body is the document */
    SOURCE_GONE,        /* revoked: *ret_body says why, when it can */
    SOURCE_ABSENT,      /* whoever answers for the address does not know it */
    SOURCE_UNREACHABLE, /* nobody could be asked */
};

/* Finds the document published at an address. `ours` becomes true when it is this site that answers. */
struct badge_source {
    enum source_answer (*find)(void *context, struct arena *a, struct str address,
                               struct str *ret_body, bool *ret_ours);
    void *context;
};

enum check_state { CHECK_PASSED, CHECK_FAILED, CHECK_SKIPPED };

struct badge_check {
    const char *what; /* msgid: the question */
    enum check_state state;
    const char *says; /* msgid: the answer, a sentence */
};

enum badge_verdict {
    BADGE_TRUE,
    BADGE_FALSE, /* unreadable, altered, unknown to its issuer, or somebody else's */
    BADGE_REVOKED,
    BADGE_EXPIRED,
    BADGE_UNCERTAIN, /* nothing speaks against it, but the issuer could not be asked */
};

/* A msgid for each verdict: the headline. */
const char *badge_verdict_says(enum badge_verdict verdict);

enum { BADGE_CHECKS = 8 };

struct badge_verification {
    enum badge_verdict verdict;
    struct badge_check checks[BADGE_CHECKS];
    size_t check_count;
    /* as far as known, else STR_NONE; from the issuer's own documents, never from the file handed in */
    struct str id, class_name, class_id, issuer_name, issuer_host, revocation_reason;
    int64_t issued_at, expires_at; /* DB_NULL when unknown or never */
    bool ours;                     /* published by this site */
};

/* `file`: a baked PNG, an assertion as JSON, or its address. `email` (or STR_NONE) is compared with the recipient's
 * hash. `now` in milliseconds. Everything returned lives in the arena or the program. */
struct badge_verification badge_verify(struct arena *a, struct str file, struct str email,
                                       int64_t now, const struct badge_source *source);

/* scheme://host:port of an http(s) address, STR_NONE for anything else. */
struct str badge_origin_of(struct str address);

#endif
