/* Slowing down who guesses, without shutting out who is guessed about. In memory, keyed by what is tried and by whom. */
#ifndef EDULAB_ACCESS_SLOW_H
#define EDULAB_ACCESS_SLOW_H

#include "http/http.h"

/* May this happen to `key` once more? At most `burst` at once, then one each `every_ms`. */
bool slow_allow(struct str what, struct str key, int burst, int64_t every_ms);

/* A guess at the secret of `key` (an address, an account) made from `peer`: counts as failed until slow_succeeded. Returns
 * how long it has to wait, in ms: nothing for the first few; then what comes from one network address stands in line,
 * each further behind the one before, and the others wait a moment. -1: that line is a minute long already. */
int64_t slow_try(struct str what, struct str key, struct str peer);
void slow_succeeded(struct str what, struct str key, struct str peer);

#endif
