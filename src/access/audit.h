/* The journal of privileged acts: who did what, on what, before, after, from where. Append-only.
 *
 * Call it in the transaction of the act itself, so that there is no act without its row and no row without its act:
 *
 *     audit_write(r, "badge.revoked", "person", person_id, NULL, json_pack("{s:s}", "badge", slug));
 *
 * When the act is on a person, the object is that person: the journal is searched by it. `before` and `after` hold
 * the few values that changed, never a secret and no letters: values under names like "password", "token" or "secret"
 * are left out, and long texts are cut. */
#ifndef EDULAB_ACCESS_AUDIT_H
#define EDULAB_ACCESS_AUDIT_H

#include "http/http.h"

/* In apply. `act` is a row of acts.h. Takes the references to before and after; NULL: nothing to say. */
void audit_write(struct request *r, const char *act, const char *kind, int64_t id, json_t *before,
                 json_t *after);
/* The same in a GET, before a file of people's data is handed over: a change of its own, durable when this returns. False:
 * the row could not be written, and the answer says so (503). */
bool audit_taken(struct request *r, const char *act, const char *kind, int64_t id, json_t *after);
/* The same outside of a request. actor: 0 for the command line or the program itself. */
void audit_write_as(struct db *db, int64_t actor, const char *act, const char *kind, int64_t id,
                    json_t *before, json_t *after);

/* What people read for an act (a msgid); NULL for one that is not in acts.h. */
const char *audit_label(struct str act);
/* The acts one by one, for a list to choose from: NULL behind the last. */
const char *audit_act(size_t i);

#endif
