/* One picture of a sample video, 1280 × 720, in the look of the site: paper on the left with a heading and points, a
 * drawing computed from the name on the right, "Exemple" in a corner, the slides as segments at the foot. */
#ifndef EDULAB_MEDIA_SLIDE_H
#define EDULAB_MEDIA_SLIDE_H

#include "html/html.h"
#include "media/fonts.h"

enum { SLIDE_WIDTH = 1280, SLIDE_HEIGHT = 720, SLIDE_POINTS = 5 };

struct slide {
    struct str heading;
    struct str points[SLIDE_POINTS];
    size_t point_count;
    int current;       /* the point being spoken of, from 0; -1 for none */
    size_t number, of; /* this slide from 0, and how many there are */
    enum area area;
    struct str seed; /* same seed, same drawing */
    struct str mark; /* "Exemple" */
};

/* Draws and writes a PNG file. False when it cannot be written. */
bool slide_draw(struct arena *arena, const struct fonts *fonts, const struct slide *slide,
                struct str path);

#endif
