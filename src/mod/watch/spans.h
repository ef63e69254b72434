/* Stretches of a video that were played, as a set: in order, apart from each other, bounded. Pure: no clock, no database. */
#ifndef EDULAB_MOD_WATCH_SPANS_H
#define EDULAB_MOD_WATCH_SPANS_H

#include "base/arena.h"

enum { SPANS_MOST = 64, SPANS_PARTS = 100 };

struct span {
    int64_t from, to; /* milliseconds of the video; from < to */
};

struct spans {
    size_t n;
    struct span of[SPANS_MOST];
};

/* Reads "0-9500,12000-20000"; "" is the empty set. False for anything else, stretches that are no stretches, or too many. They
 * are kept as they stand, not merged. */
bool spans_parse(struct str text, struct spans *ret);
/* Joins a stretch to a set. When the set is full, a stretch that touches none of it is left out. */
void spans_add(struct spans *set, struct span one);
void spans_join(struct spans *set, const struct spans *more);
int64_t spans_length(const struct spans *set);
struct str spans_text(struct arena *a, const struct spans *set);
/* Which hundredths of the video were seen to at least half: a bit each. */
struct spans_parts {
    uint64_t bits[2];
};
struct spans_parts spans_parts(const struct spans *set, int64_t duration_ms);
static inline bool spans_has(const struct spans_parts *parts, int part)
{
    return parts->bits[part / 64] >> (part % 64) & 1;
}

#endif
