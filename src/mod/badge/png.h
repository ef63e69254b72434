/* Badge pictures: a PNG that carries its assertion in an iTXt chunk ("baking", Open Badges 2.0 and 3.0).
 * Only the container is read here: chunks, lengths, checksums. No picture is ever decoded. */
#ifndef EDULAB_MOD_BADGE_PNG_H
#define EDULAB_MOD_BADGE_PNG_H

#include "base/arena.h"

/* Most bytes of one baked text, also after inflating a compressed one. */
enum { PNG_TEXT_MAX = 64 * 1024 };

#define PNG_KEYWORD_2 "openbadges"          /* Open Badges 2.0 */
#define PNG_KEYWORD_3 "openbadgecredential" /* Open Badges 3.0 */

enum png_result {
    PNG_FINE,
    PNG_FOREIGN,   /* does not begin like a PNG */
    PNG_TOO_LARGE, /* over LIMIT_PNG */
    PNG_CUT,       /* ends inside a chunk, or before IEND */
    PNG_DAMAGED,   /* a checksum, a length or the order of chunks is wrong */
    PNG_PLAIN,     /* a sound PNG without a badge */
    PNG_TWICE,     /* two badges in one picture: which one counts is not ours to guess */
    PNG_BAD_TEXT,  /* the badge's chunk is malformed, too long, or not text */
};

/* A sentence for people (a msgid). */
const char *png_says(enum png_result result);

struct png_badge {
    struct str text; /* the baked text: JSON, an address, or a signed token */
    int version;     /* 2 or 3, by the keyword */
};

/* Checks the whole file and finds its badge. The text is a view into `file`, or lives in the arena when it was
 * compressed. *ret is touched only with PNG_FINE. */
enum png_result png_find(struct arena *a, struct str file, struct png_badge *ret);

/* A copy of `file` (in the arena) with `text` as its only badge, under the keyword of Open Badges 2.0.
 * STR_NONE leaves it without any. Answers PNG_FINE, or what is wrong with `file` or `text`. */
enum png_result png_bake(struct arena *a, struct str file, struct str text, struct str *ret_file);

#endif
