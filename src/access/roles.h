/* What access.c takes from roles.c; for everybody else it is access.h. */
#ifndef EDULAB_ACCESS_ROLES_H
#define EDULAB_ACCESS_ROLES_H

#include "access/access.h"

bool roles_permission_known(const char *name);
/* What the person's roles hold that count everywhere at this moment. strong: both proofs were given, which some roles
 * ask for (second.h). */
uint64_t roles_everywhere(struct db *db, int64_t person_id, int64_t now, bool strong);

#endif
