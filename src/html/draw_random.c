/* The seeded chance behind every drawing, the hues, and the small things all drawings need. */
#include "html/draw_inside.h"

#include <assert.h>

#include "base/utf8.h"

const char *const hue_names[HUE_COUNT] = { "tv", "form", "cert", "com", "ev", "lab", "accent" };

const enum hue pop_hues[AREA_COUNT][3] = {
    [AREA_TV] = { HUE_FORM, HUE_LAB, HUE_ACCENT }, [AREA_FORM] = { HUE_ACCENT, HUE_TV, HUE_COM },
    [AREA_CERT] = { HUE_ACCENT, HUE_EV, HUE_TV },  [AREA_COM] = { HUE_FORM, HUE_TV, HUE_ACCENT },
    [AREA_EV] = { HUE_COM, HUE_TV, HUE_ACCENT },   [AREA_LAB] = { HUE_TV, HUE_CERT, HUE_ACCENT },
};

static uint32_t hash_more(uint32_t h, struct str s)
{
    for (size_t at = 0; at < s.n;)
        h = (h ^ utf8_next(s, &at)) * 16777619u;
    return h;
}

struct chance chance_from(struct str name, const char *more)
{
    return (struct chance){ hash_more(hash_more(2166136261u, name), str_from(more)) };
}

double chance_next(struct chance *c)
{
    c->state += 0x6D2B79F5u;
    uint32_t a = c->state;
    uint32_t t = (a ^ a >> 15) * (1 | a);
    t = (t + (t ^ t >> 7) * (61 | t)) ^ t;
    return (double)(t ^ t >> 14) / 4294967296.0;
}

unsigned chance_below(struct chance *c, unsigned n)
{
    return (unsigned)(chance_next(c) * n);
}

enum area draw_area(enum area area)
{
    return area > AREA_NONE && area < AREA_COUNT ? area : AREA_FORM;
}

const char *draw_hue(enum area area)
{
    return area_name(draw_area(area));
}

struct html draw_done(struct arena *a, struct buf *out)
{
    assert(!out->full);
    struct html h = { arena_dup(a, buf_view(out)) };
    buf_finish(out);
    return h;
}

void draw_text(struct buf *out, struct str s)
{
    page_put_text(&(struct page){ .out = out }, s);
}

void draw_attr_end(struct buf *out)
{
    buf_lit(out, " aria-hidden=\"true\" focusable=\"false\">");
}
