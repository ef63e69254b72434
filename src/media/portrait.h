/* A picture of a person, made anew from what they gave: square, small, without what the camera wrote into it. */
#ifndef EDULAB_MEDIA_PORTRAIT_H
#define EDULAB_MEDIA_PORTRAIT_H

#include "base/arena.h"

enum { PORTRAIT_SMALL = 96, PORTRAIT_LARGE = 384 }; /* pixels of a side */

/* PNG, JPEG or WebP in, WebP out, cut around the middle. Runs ffmpeg in the sandbox (a tenth of a second), so in prepare only.
 * False: it is no such picture, or too large to unpack. */
bool portrait_make(struct arena *a, struct str picture, struct str *ret_small,
                   struct str *ret_large);

#endif
