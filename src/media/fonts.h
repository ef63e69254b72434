/* The site's fonts for drawing with pango: WOFF2 (or TTF, OTF) bytes unpacked into a folder and known only here, so that
 * nothing is installed on the machine. */
#ifndef EDULAB_MEDIA_FONTS_H
#define EDULAB_MEDIA_FONTS_H

#include <pango/pango.h>

#include "base/arena.h"

struct fonts {
    PangoFontMap *map;
    struct str display, body; /* family names; DejaVu Sans for one that could not be read */
};

/* `display` and `body` are font files as bytes, or STR_NONE. Unpacks into `folder`, which must live as long as the fonts;
 * they go with the arena. NULL when the machine has no fontconfig at all. */
struct fonts *fonts_open(struct arena *arena, struct str folder, struct str display,
                         struct str body);

#endif
