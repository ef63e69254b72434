/* The drawing beside a slide, as SVG. Private to slide.c. */
#ifndef EDULAB_MEDIA_SLIDE_ART_H
#define EDULAB_MEDIA_SLIDE_ART_H

#include "base/buf.h"
#include "html/html.h"

/* The light tokens of the site's look. */
struct hue {
    const char *full, *tint, *text;
};
extern const struct hue slide_hues[AREA_COUNT];
#define SLIDE_INK "#1B1E4B"
#define SLIDE_INK_SOFT "#4A4D74"
#define SLIDE_PAPER "#FCFDFB"
#define SLIDE_GROUND "#E6EDF0"
#define SLIDE_GRID "#D6E1E6"
#define SLIDE_LINE_SOFT "#B4C2CB"
#define SLIDE_ACCENT "#FFC72B"
#define SLIDE_ACCENT_TINT "#FFF0C4"
#define SLIDE_SKY "#CFE5EF"

/* The area's shape in a box of 100 × 100, as path data. */
const char *slide_shape(enum area area);
/* Writes a whole SVG document of 416 × 720. The first slide shows a person, the others a pattern. */
void slide_art(struct buf *out, enum area area, struct str seed, size_t number);

#endif
