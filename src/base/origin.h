/* Where the site stands, for letters that are written without a request. */
#ifndef EDULAB_BASE_ORIGIN_H
#define EDULAB_BASE_ORIGIN_H

#include "base/settings.h"
#include "base/str.h"

enum { ORIGIN_MAX = 256 };

/* "https://edulab.example", without a slash at its end: the setting public_url, or the address we listen on. Written into
 * `room`, which must outlive what is returned; empty when it does not fit. */
struct str origin_of(const struct settings *settings, char room[ORIGIN_MAX]);

#endif
