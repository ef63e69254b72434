/* A picture of a person, made anew from what they gave: square, small, without what the camera wrote into it. */
#ifndef EDULAB_MEDIA_PORTRAIT_H
#define EDULAB_MEDIA_PORTRAIT_H

#include "base/arena.h"

enum { PORTRAIT_SMALL = 96, PORTRAIT_LARGE = 384 }; /* pixels of a side */

/* Which square is kept. */
struct portrait_square {
    int64_t zoom; /* percent: 100 is as much as fits, 200 half of its side */
    int64_t x,
        y; /* percent of the way from the middle to the edge: -100 left or top, 100 right or bottom */
};

/* PNG, JPEG or WebP in, WebP out. Runs ffmpeg in the sandbox (a tenth of a second), so in prepare only.
 * False: it is no such picture, or too large to unpack. */
bool portrait_make(struct arena *a, struct str picture, struct portrait_square square,
                   struct str *ret_small, struct str *ret_large);

#endif
