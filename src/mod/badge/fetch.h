/* Asking another site for a document, without letting a stranger's address lead us into our own network. */
#ifndef EDULAB_MOD_BADGE_FETCH_H
#define EDULAB_MOD_BADGE_FETCH_H

#include "mod/badge/verify.h"

enum { FETCH_MAX = 64 * 1024, FETCH_SECONDS = 6 };

/* GET. 200: found, 410: gone, 404: absent, all else: unreachable. No redirects. Unless `anywhere`, only https and only
 * public addresses. Takes up to FETCH_SECONDS: never on a server thread. */
enum source_answer badge_fetch(struct arena *a, struct str address, bool anywhere,
                               struct str *ret_body);

#endif
