/* Patterns from a name: modules on a grid, in colours that go together, always the same for the same name. */
#include "media/slide_art.h"

enum { CELL = 208, WIDTH = 2 * CELL, HEIGHT = 720 };

const struct hue slide_hues[AREA_COUNT] = {
    [AREA_NONE] = { "#3059E3", "#DCE5FF", "#2447C2" },
    [AREA_TV] = { "#F2543D", "#FFE0D8", "#B32B17" },
    [AREA_FORM] = { "#3059E3", "#DCE5FF", "#2447C2" },
    [AREA_CERT] = { "#7B4FCB", "#E9E0FA", "#6539B4" },
    [AREA_COM] = { "#F48FB8", "#FDE1ED", "#A3285F" },
    [AREA_EV] = { "#23A06D", "#D3EFE1", "#0B6541" },
    [AREA_LAB] = { "#5CC6C9", "#D5F0F0", "#0B636C" },
};

/* Two colours that stand well beside each area's own. */
static const char *const partners[AREA_COUNT][2] = {
    [AREA_NONE] = { "#5CC6C9", "#F48FB8" },   [AREA_TV] = { SLIDE_ACCENT, "#F48FB8" },
    [AREA_FORM] = { "#5CC6C9", "#F48FB8" },   [AREA_CERT] = { "#F48FB8", "#5CC6C9" },
    [AREA_COM] = { SLIDE_ACCENT, "#5CC6C9" }, [AREA_EV] = { SLIDE_ACCENT, "#5CC6C9" },
    [AREA_LAB] = { SLIDE_ACCENT, "#23A06D" },
};

const char *slide_shape(enum area area)
{
    switch (area) {
    case AREA_TV: return "M10 3 97 50 10 97z";
    case AREA_CERT: return "M50 3 98 39 80 96H20L2 39z";
    case AREA_COM: return "M50 3a47 47 0 1 1 0 94a47 47 0 1 1 0-94z";
    case AREA_EV: return "M8 97V45a42 42 0 0 1 84 0v52z";
    case AREA_LAB: return "M5 50A45 45 0 0 1 50 5h45v45a45 45 0 1 1-90 0z";
    case AREA_NONE:
    case AREA_FORM:
    case AREA_COUNT: break;
    }
    return "M6 6h88v88H6z";
}

/* --- chance from a name ----------------------------------------------------------------------------------- */

static uint32_t next(uint32_t *state)
{
    *state += 0x6D2B79F5u;
    uint32_t t = (*state ^ *state >> 15) * (*state | 1);
    t ^= t + (t ^ t >> 7) * (t | 61);
    return t ^ t >> 14;
}

static unsigned pick(uint32_t *state, unsigned n)
{
    return (unsigned)((uint64_t)next(state) * n >> 32);
}

/* --- modules ---------------------------------------------------------------------------------------------- */

static void rect(struct buf *b, double x, double y, double w, double h, const char *fill)
{
    buf_printf(b, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\"/>", x, y, w, h,
               fill);
}

static void path(struct buf *b, double x, double y, double size, unsigned quarter, const char *d,
                 const char *fill)
{
    buf_printf(
        b, "<path transform=\"translate(%g %g) scale(%g) rotate(%u 50 50)\" d=\"%s\" fill=\"%s\"/>",
        x, y, size / 100, quarter * 90, d, fill);
}

static void dots(struct buf *b, double x, double y, const char *fill)
{
    for (int i = 0; i < 16; i++) {
        double cx = x + CELL * (0.17 + 0.22 * (i % 4)), cy = y + CELL * (0.17 + 0.22 * (i / 4));
        buf_printf(b, "<circle cx=\"%g\" cy=\"%g\" r=\"11\" fill=\"%s\"/>", cx, cy, fill);
    }
}

static void stripes(struct buf *b, double x, double y, const char *fill)
{
    for (int i = 0; i < 4; i++)
        rect(b, x, y + CELL * (0.06 + 0.25 * i), CELL, CELL * 0.125, fill);
}

static void module(struct buf *b, uint32_t *chance, double x, double y, const char *ground,
                   const char *fill)
{
    static const char *const plain[] = {
        "M0 0h100a100 100 0 0 1-100 100z",                                 /* quarter */
        "M0 100a50 50 0 0 1 100 0z",                                       /* half */
        "M0 0 100 100H0z",                                                 /* triangle */
        "M0 0h50v50h50v50H50V50H0z",                                       /* two squares */
        "M0 100A100 100 0 0 1 100 0v40a60 60 0 0 0-60 60z",                /* arc */
        "M0 0a50 50 0 0 0 50 50A50 50 0 0 0 100 100V50A50 50 0 0 0 50 0z", /* petals */
    };
    rect(b, x, y, CELL, CELL, ground);
    unsigned kind = pick(chance, COUNT(plain) + 2), quarter = pick(chance, 4);
    if (kind < COUNT(plain)) path(b, x, y, CELL, quarter, plain[kind], fill);
    else if (kind == COUNT(plain)) dots(b, x, y, fill);
    else stripes(b, x, y, fill);
}

/* The area's shape over four cells, never bare. */
static void hero(struct buf *b, uint32_t *chance, double y, enum area area, const char *ground)
{
    const struct hue *h = &slide_hues[area];
    const char *partner = partners[area][pick(chance, 2)];
    rect(b, 0, y, WIDTH, WIDTH, ground);
    path(b, 26, y + 26, WIDTH - 52, 0, slide_shape(area), h->full);
    double inner = area == AREA_TV ? 0.3 : 0.34;
    path(b, WIDTH * inner, y + WIDTH * 0.33, WIDTH * 0.34, 0, slide_shape(area), SLIDE_PAPER);
    path(b, WIDTH * (inner + 0.1), y + WIDTH * 0.43, WIDTH * 0.14, 0, slide_shape(AREA_COM),
         partner);
}

static void pattern(struct buf *b, enum area area, uint32_t *chance, bool hero_first)
{
    const struct hue *h = &slide_hues[area];
    const char *one = partners[area][0], *two = partners[area][1];
    const struct {
        const char *ground, *fill;
    } pairs[] = {
        { h->tint, h->full },       { h->full, SLIDE_PAPER }, { one, SLIDE_INK },
        { SLIDE_INK, one },         { two, SLIDE_INK },       { SLIDE_PAPER, h->full },
        { SLIDE_INK, SLIDE_PAPER }, { h->tint, two },
    };
    double at = hero_first ? WIDTH : 0;
    unsigned before = COUNT(pairs);
    for (int row = 0; row < 2; row++) {
        for (int column = 0; column < 2; column++) {
            unsigned now = pick(chance, COUNT(pairs));
            if (now == before) now = (now + 3) % COUNT(pairs);
            before = now;
            module(b, chance, column * CELL, at + row * CELL, pairs[now].ground, pairs[now].fill);
        }
    }
    hero(b, chance, hero_first ? 0 : HEIGHT - WIDTH, area, h->tint);
}

/* --- a person ----------------------------------------------------------------------------------------------- */

static void limb(struct buf *b, const char *d, const char *fill)
{
    buf_printf(
        b,
        "<path d=\"%s\" fill=\"none\" stroke=\"" SLIDE_INK
        "\" stroke-width=\"17\" stroke-linecap=\"round\" "
        "stroke-linejoin=\"round\"/><path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"11\" "
        "stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
        d, d, fill);
}

/* Somebody who waves from the foot of the picture. */
static void person(struct buf *b, uint32_t *chance, const char *top)
{
    static const char *const skins[] = { "#F6D8C0", "#C98D63", "#7D4E33" };
    static const char *const hairs[] = {
        "M-21-136a21 21 0 0 1 42 0q-12 2-20-8-8 8-22 8z",
        "M-22-137a22 22 0 0 1 44 0q-8-5-14-4h-16q-8 0-14 4z",
        "M-25-108v-28a25 25 0 0 1 50 0v28h-7v-31q-8 1-18-4-8 4-18 4v31z",
        "M0-170a10 10 0 0 1 9 14a21 21 0 0 1 12 20h-42a21 21 0 0 1 12-20a10 10 0 0 1 9-14z",
    };
    const char *skin = skins[pick(chance, COUNT(skins))], *hair = hairs[pick(chance, COUNT(hairs))];
    buf_lit(b, "<g transform=\"translate(196 872) scale(3.3)\">");
    limb(b, "M-20-94-38-62-30-34", top);
    buf_printf(b,
               "<path d=\"M-24-44v-48a24 20 0 0 1 48 0v48z\" fill=\"%s\" stroke=\"" SLIDE_INK
               "\" stroke-width=\"3\"/><circle cy=\"-134\" r=\"21\" fill=\"%s\" stroke=\"" SLIDE_INK
               "\" stroke-width=\"3\"/><path d=\"%s\" fill=\"" SLIDE_INK "\"/>",
               top, skin, hair);
    buf_lit(b, "<circle cx=\"5\" cy=\"-131\" r=\"2.2\" fill=\"" SLIDE_INK "\"/>"
               "<circle cx=\"15\" cy=\"-131\" r=\"2.2\" fill=\"" SLIDE_INK "\"/>"
               "<path d=\"M6-123q5 3 9 0\" fill=\"none\" stroke=\"" SLIDE_INK
               "\" stroke-width=\"2\" stroke-linecap=\"round\"/>");
    limb(b, "M20-94 40-104 44-136", top);
    buf_lit(b, "</g>");
}

static void scene(struct buf *b, enum area area, uint32_t *chance)
{
    const struct hue *h = &slide_hues[area];
    rect(b, 0, 0, WIDTH, HEIGHT, SLIDE_SKY);
    path(b, 52, 60, 312, 0, slide_shape(area), SLIDE_PAPER);
    path(b, 104, 112, 208, 0, slide_shape(area), h->full);
    rect(b, 0, 560, WIDTH, HEIGHT - 560, partners[area][pick(chance, 2)]);
    person(b, chance, area == AREA_LAB ? "#3059E3" : h->full);
}

void slide_art(struct buf *out, enum area area, struct str seed, size_t number)
{
    uint32_t chance = str_hash(seed) ^ (uint32_t)(number * 0x9E3779B9u);
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 "
               "%d %d\">",
               WIDTH, HEIGHT, WIDTH, HEIGHT);
    if (number == 0) scene(out, area, &chance);
    else pattern(out, area, &chance, number % 2 == 0);
    buf_lit(out, "</svg>");
}
