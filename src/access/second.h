/* The second proof of who signs in: codes of an application (TOTP, RFC 6238: SHA-1, 30 seconds, 6 digits) or a recovery
 * code. Somebody who has one and came in with a password or a mailed link holds half a session until it is given; every
 * way in passes through access_sign_in, so none can forget it. Also: the roles that ask for one. */
#ifndef EDULAB_ACCESS_SECOND_H
#define EDULAB_ACCESS_SECOND_H

#include "access/access.h"

enum { RECOVERY_CODES = 10, TOTP_STEP_MS = 30000 };

struct second_factor {
    bool totp;          /* set up and proved */
    bool begun;         /* set up, to be proved */
    int64_t since;      /* when it was proved */
    int64_t codes_left; /* recovery codes not used yet */
};
struct second_factor access_second_factor(struct db *db, int64_t person_id);

/* The code of a moment: what an application shows. */
void totp_code(const unsigned char *secret, size_t n, int64_t step, char ret[7]);
/* 32 letters of base32, for who types it in. STR_NONE when nothing is begun. */
struct str access_totp_secret(struct db *db, int64_t person_id);

/* --- in a transaction ------------------------------------------------------------------------------------------- */

/* A fresh secret, to be proved by a first code; one that was proved stays. */
void access_totp_begin(struct db *db, int64_t person_id, int64_t now);
/* True: it is proved, the session counts as having both proofs, and ret has fresh recovery codes. */
bool access_totp_confirm(struct request *r, struct str code, struct str ret[RECOVERY_CODES]);
/* Is this a code of the person's application, or a recovery code? Uses it up. */
bool access_second_check(struct db *db, int64_t person_id, struct str code, int64_t now);
/* Fresh codes in the place of the old ones: "abcd-efgh-jkmn". */
void access_recovery_codes(struct db *db, int64_t person_id, struct str ret[RECOVERY_CODES]);
void access_second_drop(struct db *db, int64_t person_id);

/* --- half a session --------------------------------------------------------------------------------------------- */

/* Who this browser says it is with one proof: the person, or 0. Also in GET and prepare. */
int64_t access_half(struct request *r);
/* The second proof was given: a whole session. */
void access_half_complete(struct request *r);
/* Who asks has given a second proof: their session counts as having both. */
void access_session_proved(struct request *r);
/* A wrong code. False: it was the last try, and the first proof has to be given again. */
bool access_half_failed(struct request *r);

/* --- roles that ask for it -------------------------------------------------------------------------------------- */

struct second_rule {
    enum role role;
    int64_t from_at; /* from then on the role counts only with two proofs; DB_NULL: not asked */
};
/* The roles a rule can be made for, each once; returns their number. */
enum { SECOND_ROLES = 3 };
void access_second_rules(struct db *db, struct second_rule ret[SECOND_ROLES]);
/* In a transaction, with its row in the journal. from_at DB_NULL takes the rule away. False: no rule for this role. */
bool access_second_rule_set(struct request *r, enum role role, int64_t from_at);
/* Does a role of the person ask for a second proof that is not set up? From when at the latest; DB_NULL: no. */
int64_t access_second_due(struct db *db, int64_t person_id, int64_t now);

#endif
