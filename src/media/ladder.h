/* Which renditions a video gets: pure arithmetic on its size as seen. */
#ifndef EDULAB_MEDIA_LADDER_H
#define EDULAB_MEDIA_LADDER_H

#include "base/str.h"

enum { LADDER_MAX = 4, LADDER_NAME = 8 };

struct rendition {
    char name[LADDER_NAME]; /* "720p": the shorter side */
    int width, height;      /* even */
    int crf;                /* x264's constant quality */
    int max_kbit;           /* most kilobits a second of picture */
};

/* The renditions for a picture of width × height, best first; their number (1 to LADDER_MAX). Never larger than the source
 * (but for what even sizes and the encoder's least need), same proportions, upright ones counted by their width. */
size_t ladder_plan(int width, int height, struct rendition *ret);
/* Which of them is made first when nothing can be played yet: a phone's, quick to make. */
size_t ladder_first(const struct rendition *ladder, size_t count);
/* The constant frame rate to encode at: the source's own up to 30, a whole divisor of faster ones, 30 for what varies. */
double ladder_rate(double fps, bool variable);

#endif
