/* What the drawing files share and nobody else needs. */
#ifndef EDULAB_HTML_DRAW_INSIDE_H
#define EDULAB_HTML_DRAW_INSIDE_H

#include "html/draw.h"

/* A drawing is at most this long; longer ones are a mistake in our own code. */
enum { DRAW_MAX = 256 * 1024 };

/* mulberry32: a short generator whose sequence is part of the design: changing it changes every picture. */
struct chance {
    uint32_t state;
};

/* Seeded with FNV-1a over the code points of the pieces, one after the other. */
struct chance chance_from(struct str name, const char *more);
/* 0 ≤ x < 1 */
double chance_next(struct chance *c);
/* 0 … n-1 */
unsigned chance_below(struct chance *c, unsigned n);

enum hue { HUE_TV, HUE_FORM, HUE_CERT, HUE_COM, HUE_EV, HUE_LAB, HUE_ACCENT, HUE_COUNT };
extern const char *const hue_names[HUE_COUNT];
/* AREA_NONE is drawn like AREA_FORM. */
enum area draw_area(enum area area);
/* Path data of an area's shape in a square of 100. */
const char *shape_path(enum area area);
/* The popping colours that go with an area: three of them. */
extern const enum hue pop_hues[AREA_COUNT][3];

/* The drawing kept for `key`, or made by `draw` and kept. When the store is full, it is made for the arena. */
struct html draw_kept(struct arena *a, struct str key,
                      void (*draw)(struct buf *out, const void *what), const void *what);
/* A finished buffer into the arena; releases it. Asserts that it is not full. */
struct html draw_done(struct arena *a, struct buf *out);
/* Escaped text. */
void draw_text(struct buf *out, struct str s);
void draw_attr_end(struct buf *out); /* the common end of a decorative <svg …> start tag */

#endif
