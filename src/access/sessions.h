/* What second.c and access.c take from each other. */
#ifndef EDULAB_ACCESS_SESSIONS_H
#define EDULAB_ACCESS_SESSIONS_H

#include "access/access.h"

/* In a transaction: opens a whole session and sets its cookie. */
void session_open(struct request *r, int64_t person_id, struct str way, bool strong);
/* Does the person owe a second proof after a password or a mailed link? */
bool half_needed(struct db *db, int64_t person_id);
void half_open(struct request *r, struct str token_hash, int64_t person_id, const char *way);

#endif
