/* Covers: a name becomes a composition of modules (quarter circles, stairs, dots…) on a grid. The grammar has five
 * layouts; the area gives the family of modules and the hues. The order in which chance is asked is part of the design:
 * asking in another order changes every cover. */
#include "html/draw_inside.h"

#include <assert.h>
#include <math.h>

enum module { SQ, TR, TI, PL, QC, HC, CI, RI, AR, AN, DR, PE, ST, SR, AC, LE, DO, FR, MODULES };

#define DOT "a8 8 0 1 1 16 0a8 8 0 1 1-16 0z"
#define DOTS(y) "M8.7 " y DOT "M42 " y DOT "M75.3 " y DOT

/* Path data in a square of 100. */
static const char *const modules[MODULES] = {
    [SQ] = "M0 0h100v100H0z",
    [TR] = "M0 0v100h100z",
    [TI] = "M0 100 50 0l50 100z",
    [PL] = "M0 0 100 50 0 100z",
    [QC] = "M0 0a100 100 0 0 1 100 100H0z",
    [HC] = "M0 100a50 50 0 0 1 100 0z",
    [CI] = "M50 0a50 50 0 1 1 0 100a50 50 0 0 1 0-100z",
    [RI] = "M50 0a50 50 0 1 1 0 100a50 50 0 0 1 0-100zm0 25a25 25 0 1 0 0 50a25 25 0 0 0 0-50z",
    [AR] = "M0 100V50a50 50 0 0 1 100 0v50z",
    [AN] = "M0 100V50a50 50 0 0 1 100 0v50H75V50a25 25 0 0 0-50 0v50z",
    [DR] = "M100 0v50A50 50 0 1 1 50 0z",
    [PE] = "M50 0 100 38 81 100H19L0 38z",
    [ST] = "M0 0h100v12.5H0zm0 25h100v12.5H0zm0 25h100v12.5H0zm0 25h100v12.5H0z",
    [SR] = "M0 100V66.7h33.3V33.3h33.4V0H100v100z",
    [AC] =
        "M0 0a100 100 0 0 1 100 100H80A80 80 0 0 0 0 20zm0 40a60 60 0 0 1 60 60H40A40 40 0 0 0 0 "
        "60zm0 40a20 20 0 0 1 20 20H0z",
    [LE] = "M0 0h50a50 50 0 0 1 50 50v50H50A50 50 0 0 1 0 50z",
    [DO] = DOTS("16.7") DOTS("50") DOTS("83.3"),
    [FR] = "M0 0h100v100H0zm25 25v50h50V25z",
};

/* The big module of an area comes first. */
enum { FAMILY = 5 };
static const enum module families[AREA_COUNT][FAMILY] = {
    [AREA_TV] = { PL, AC, ST, TR, HC },   [AREA_FORM] = { SQ, SR, ST, QC, FR },
    [AREA_CERT] = { PE, TI, DO, HC, QC }, [AREA_COM] = { CI, RI, HC, LE, DO },
    [AREA_EV] = { AR, AN, HC, ST, QC },   [AREA_LAB] = { DR, DO, AC, QC, LE },
};

/* Hues that may lie over the area's own without turning to mud. */
static const enum hue partners[AREA_COUNT][2] = {
    [AREA_TV] = { HUE_ACCENT, HUE_COM }, [AREA_FORM] = { HUE_LAB, HUE_COM },
    [AREA_CERT] = { HUE_COM, HUE_LAB },  [AREA_COM] = { HUE_ACCENT, HUE_LAB },
    [AREA_EV] = { HUE_ACCENT, HUE_LAB }, [AREA_LAB] = { HUE_ACCENT, HUE_EV },
};

/* Inks: the hue, its tint, the second and third hue, ink, paper. */
enum ink { INK_H, INK_T, INK_2, INK_3, INK_I, INK_P, INKS };
static const char ink_letters[INKS] = { 'h', 't', '2', '3', 'i', 'p' };

struct cover {
    struct buf *out;
    struct chance chance;
    enum area area;
    const enum module *family;
    int w, h;             /* in modules */
    double width, height; /* in units: 100 a module */
    enum ink back, fore, second;
    bool overprint; /* the floating module mixes with what lies below */
    int big_turn;   /* degrees the big module is turned by */
};

static unsigned below(struct cover *c, unsigned n)
{
    return chance_below(&c->chance, n);
}

/* One module: its corner, its scale, its turn around its own middle. */
static void put(struct cover *c, enum module m, double x, double y, double scale, int turn,
                enum ink ink, bool over)
{
    struct buf *b = c->out;
    buf_lit(b, "<path class=\"c-");
    buf_putc(b, ink_letters[ink]);
    if (over) buf_lit(b, " ov");
    buf_lit(b, "\" transform=\"translate(");
    buf_num(b, x, 3);
    buf_putc(b, ' ');
    buf_num(b, y, 3);
    buf_putc(b, ')');
    if (scale != 1) {
        buf_lit(b, " scale(");
        buf_num(b, scale, 3);
        buf_putc(b, ')');
    }
    if (turn) {
        buf_lit(b, " rotate(");
        buf_int(b, turn);
        buf_lit(b, " 50 50)");
    }
    buf_lit(b, "\" d=\"");
    buf_str(b, str_from(modules[m]));
    buf_lit(b, "\"/>");
}

static void put_rect(struct cover *c, enum ink ink, double y, double height)
{
    buf_lit(c->out, "<rect class=\"c-");
    buf_putc(c->out, ink_letters[ink]);
    buf_putc(c->out, '"');
    if (y > 0) {
        buf_lit(c->out, " y=\"");
        buf_num(c->out, y, 0);
        buf_putc(c->out, '"');
    }
    buf_lit(c->out, " width=\"");
    buf_num(c->out, c->width, 0);
    buf_lit(c->out, "\" height=\"");
    buf_num(c->out, height, 0);
    buf_lit(c->out, "\"/>");
}

static int turn(struct cover *c)
{
    return (int)below(c, 4) * 90;
}

/* A small module of the family. */
static enum module small(struct cover *c)
{
    return c->family[1 + below(c, FAMILY - 1)];
}

static enum module one_of(struct cover *c, const enum module *list, unsigned n)
{
    return list[below(c, n)];
}
#define ONE_OF(c, ...)                                                                             \
    one_of((c), (const enum module[]){ __VA_ARGS__ }, COUNT(((const enum module[]){ __VA_ARGS__ })))

/* --- the big module, with something inside: it is never bare ------------------------------------------------------- */

struct hero {
    struct cover *c;
    double x, y, s;
    enum ink inner; /* of what lies inside */
};

/* A module inside the big one; f, ox and oy are parts of its side. */
static void inside(const struct hero *h, enum module m, double f, double ox, double oy,
                   enum ink ink, int turned)
{
    double side = h->s * 100;
    put(h->c, m, h->x + side * ox, h->y + side * oy, round(h->s * f * 1000) / 1000, turned, ink,
        false);
}

static void hero_form(const struct hero *h, unsigned v)
{
    int turned;
    switch (v) {
    case 0:
        for (int i = 0; i < 9; i += 2)
            inside(h, SQ, .2, .12 + .28 * (i % 3), .12 + .28 * (i / 3), i == 4 ? INK_3 : h->inner,
                   0);
        break;
    case 1:
        inside(h, SQ, .64, .18, .18, h->inner, 0);
        inside(h, SQ, .3, .35, .35, INK_3, 0);
        break;
    case 2:
        turned = turn(h->c);
        inside(h, TR, 1, 0, 0, h->inner, turned);
        inside(h, CI, .3, .35, .35, INK_3, 0);
        break;
    default:
        turned = turn(h->c);
        inside(h, ST, .5, 0, .5, h->inner, 0);
        inside(h, QC, .5, .5, 0, INK_3, turned);
    }
}

static void hero_tv(const struct hero *h, unsigned v)
{
    int t = h->c->big_turn;
    if (v < 2) inside(h, PL, .5, t ? .25 : .14, t == 270 ? .36 : t == 90 ? .14 : .25, h->inner, t);
    else inside(h, CI, .22, t ? .39 : .2, t == 270 ? .58 : t == 90 ? .2 : .39, INK_3, 0);
}

static void put_hero(struct cover *c, double x, double y, double s, enum ink ink)
{
    put(c, c->family[0], x, y, s, c->big_turn, ink, false);
    struct hero h = { c, x, y, s, ink == INK_H ? INK_T : ink == INK_P ? INK_H : INK_P };
    unsigned v = below(c, 4);
    switch (c->area) {
    case AREA_FORM: hero_form(&h, v); break;
    case AREA_TV: hero_tv(&h, v); break;
    case AREA_CERT:
        if (v < 2) {
            inside(&h, PE, .5, .25, .28, h.inner, 0);
            inside(&h, CI, .16, .42, .46, INK_3, 0);
        } else {
            inside(&h, CI, .44, .28, .32, h.inner, 0);
            inside(&h, PE, .2, .4, .43, INK_I, 0);
        }
        break;
    case AREA_COM:
        if (v < 2) inside(&h, HC, .7, .15, .15, h.inner, turn(c));
        else inside(&h, RI, .6, .2, .2, h.inner, 0);
        break;
    case AREA_EV:
        inside(&h, AR, .62, .19, .38, h.inner, 0);
        inside(&h, AR, .28, .36, .72, v % 2 ? INK_3 : INK_I, 0);
        break;
    default:
        inside(&h, CI, .44, .28, .28, h.inner, 0);
        if (v % 2) inside(&h, CI, .16, .42, .42, INK_3, 0);
    }
}

/* --- layouts --------------------------------------------------------------------------------------------------- */

/* Large formats: blocks of four that divide. */
struct mosaic {
    struct cover *c;
    int last; /* colour of the block before; -1 at first */
};

static void put_block(struct mosaic *m, double x, double y, int s)
{
    static const enum ink colours[] = { INK_H, INK_H, INK_2, INK_3, INK_I, INK_T };
    static const enum ink pairs[INKS][3] = {
        [INK_H] = { INK_T, INK_3, INK_P }, [INK_2] = { INK_H, INK_I, INK_P },
        [INK_3] = { INK_I, INK_H, INK_P }, [INK_I] = { INK_P, INK_2, INK_3 },
        [INK_T] = { INK_H, INK_H, INK_I },
    };
    struct cover *c = m->c;
    if (s > 1 && chance_next(&c->chance) < (s == 4 ? .62 : s == 2 ? .34 : 0)) {
        int q = s / 2;
        put_block(m, x, y, q);
        put_block(m, x + q, y, q);
        put_block(m, x, y + q, q);
        put_block(m, x + q, y + q, q);
        return;
    }
    enum ink ink = colours[below(c, COUNT(colours))];
    if ((int)ink == m->last) ink = colours[below(c, COUNT(colours))];
    m->last = (int)ink;
    enum ink over = pairs[ink][below(c, 3)];
    enum ink hero = ink == INK_H ? INK_P : INK_H;
    double px = x * 100, py = y * 100;
    const enum module *f = c->family;
    put(c, SQ, px, py, s, 0, ink, false);
    if (s >= 4) {
        put_hero(c, px, py, s, over == INK_H || over == INK_P ? over : hero);
    } else if (s == 2) {
        double v = chance_next(&c->chance);
        if (v < .34) {
            put_hero(c, px, py, 2, hero);
        } else if (v < .86) {
            enum module k = ONE_OF(c, f[1], f[2], f[3], f[4], QC, AC, HC);
            put(c, k, px, py, 2, turn(c), over, false);
        } else {
            put(c, CI, px + 50, py + 50, 1, 0, over, false);
        }
    } else if (chance_next(&c->chance) < .8) {
        enum module k = ONE_OF(c, f[1], f[2], f[3], f[4], CI, QC, DO);
        put(c, k, px, py, 1, turn(c), over, false);
    }
}

static void lay_mosaic(struct cover *c)
{
    struct mosaic m = { c, -1 };
    for (int y = 0; y < c->h; y += 4)
        for (int x = 0; x < c->w; x += 4)
            put_block(&m, x, y, 4);
}

/* A poster: one big module as high as the picture, columns of small ones beside it. */
static void lay_poster(struct cover *c)
{
    bool left = chance_next(&c->chance) < .5;
    double beside = left ? c->height : 0;
    put_hero(c, left ? 0 : c->width - c->height, 0, c->h, c->fore);
    enum module a = small(c), b = small(c);
    int base = turn(c);
    for (int i = 0; i < c->h; i++) {
        for (int j = 0; j < c->w - c->h; j++) {
            bool odd = (i + j) % 2;
            if (chance_next(&c->chance) < .14) continue;
            enum ink ink = ((enum ink[]){ INK_I, c->fore, c->second, INK_3 })[below(c, 4)];
            put(c, odd ? a : b, beside + j * 100, i * 100, 1, (base + (odd ? 90 : 0)) % 360, ink,
                false);
        }
    }
    enum module floating = ONE_OF(c, CI, HC);
    double y = below(c, 2) ? c->height - 200 : 0;
    put(c, floating, left ? c->height - 100 : fmax(0, c->width - c->height - 100), y, 2, turn(c),
        c->second, c->overprint);
}

/* A frieze: a row that beats time, a big module on it. */
static void lay_frieze(struct cover *c)
{
    bool top = chance_next(&c->chance) < .5;
    double row = top ? 0 : c->height - 100, y = top ? 100 : 0;
    enum module k = small(c);
    int base = turn(c);
    for (int i = 0; i < c->w; i++) {
        enum ink ink = i % 3 == 2 ? INK_I : i % 3 == 1 ? c->second : c->fore;
        put(c, k, i * 100, row, 1, (base + i % 2 * 90) % 360, ink, false);
    }
    int s = c->h - 1;
    double x = floor(chance_next(&c->chance) * (c->w - s + 1)) * 100;
    bool right = x >= c->width / 2 - 100;
    double beside = right ? x - 150 : x + s * 100 - 50;
    put_hero(c, x, y, s, c->fore);
    enum module floating = ONE_OF(c, CI, RI, HC);
    put(c, floating, fmax(0, fmin(c->width - 200, beside)), y + (s - 2) * 100, 2, 0, c->second,
        c->overprint);
    enum module corner = ONE_OF(c, DO, ST, AC);
    put(c, corner, right ? 0 : c->width - 100, y, 1, turn(c), INK_I, false);
}

enum role { BIG, MIDDLE, ARC, SPLIT, FLAT, BARE, ROLES_OF_A_CELL };

static void put_cell(struct cover *c, enum role role, double x, double y)
{
    enum ink fore = c->fore;
    if (role == BIG) {
        put_hero(c, x, y, 2, fore);
    } else if (role == MIDDLE) {
        put(c, c->family[0], x, y, 2, c->big_turn, INK_I, false);
        bool low = c->area == AREA_EV || c->area == AREA_CERT;
        enum module k = ONE_OF(c, CI, DO);
        put(c, k, x + (c->area == AREA_TV ? 20 : 50), y + (low ? 65 : 50), 1, 0, INK_3, false);
    } else if (role == ARC) {
        put(c, SQ, x, y, 2, 0, c->second, false);
        enum module k = small(c);
        put(c, k, x, y, 2, turn(c), fore == INK_P ? INK_P : INK_I, false);
    } else if (role == SPLIT) {
        enum module k = small(c);
        int base = turn(c);
        for (int i = 0; i < 4; i++)
            put(c, k, x + i % 2 * 100, y + i / 2 * 100, 1, (base + i * 90) % 360,
                i % 3 ? c->second : fore, false);
    } else if (role == FLAT) {
        put(c, SQ, x, y, 2, 0, fore, false);
        enum module k = ONE_OF(c, CI, DO, HC);
        put(c, k, x + 50, y + 50, 1, 0, fore == INK_P ? INK_H : INK_P, false);
    }
}

/* A chequerboard of 2 × 2 cells that play different parts. */
static void lay_chequer(struct cover *c)
{
    enum role roles[ROLES_OF_A_CELL] = { BIG, MIDDLE, ARC, SPLIT, FLAT, BARE };
    for (unsigned i = ROLES_OF_A_CELL - 1; i > 0; i--) {
        unsigned j = below(c, i + 1);
        enum role held = roles[i];
        roles[i] = roles[j];
        roles[j] = held;
    }
    int i = 0;
    for (int y = 0; y < c->h; y += 2)
        for (int x = 0; x < c->w; x += 2)
            put_cell(c, roles[i++ % ROLES_OF_A_CELL], x * 100, y * 100);
}

/* A sequence: the same module growing above a horizon. */
static void lay_sequence(struct cover *c)
{
    static const int orders[4][3] = { { 3, 2, 1 }, { 1, 2, 3 }, { 2, 3, 1 }, { 1, 3, 2 } };
    double horizon = c->height - 100;
    put_rect(c, INK_I, horizon, 100);
    const int *order = orders[below(c, 4)];
    double x = 0;
    for (int i = 0; i < 3; i++) {
        int s = order[i] * (c->h - 1) / 3;
        if (s == 0) s = 1;
        double px = x * 100, py = horizon - s * 100;
        if (s == 1) {
            put(c, c->family[0], px, horizon - 100, 1, c->big_turn, INK_3, false);
        } else if (i == 1) {
            put(c, c->family[0], px, py, s, c->big_turn, c->second, false);
            enum module k = ONE_OF(c, DO, ST);
            put(c, k, px + s * 25, horizon - s * 75, s / 2.0, 0, INK_I, false);
        } else {
            put_hero(c, px, py, s, c->fore);
        }
        x += s;
    }
    int n = c->w > 6 ? c->w - 4 : 2;
    for (int i = 0; i < n; i++) {
        enum ink ink = ((enum ink[]){ INK_P, c->second, INK_3 })[i % 3];
        put(c, c->family[1 + i % 2], c->width - n * 100 + i * 100, horizon, 1, turn(c), ink, false);
    }
    put(c, ST, 0, horizon, 1, 0, INK_P, false);
}

/* --- a whole cover ----------------------------------------------------------------------------------------------- */

enum layout { LAY_POSTER, LAY_FRIEZE, LAY_CHEQUER, LAY_SEQUENCE, LAY_MOSAIC };

static void put_layout(struct cover *c, enum layout layout)
{
    size_t start = c->out->n;
    put_rect(c, c->back, 0, c->height);
    switch (layout) {
    case LAY_POSTER: lay_poster(c); break;
    case LAY_FRIEZE: lay_frieze(c); break;
    case LAY_CHEQUER: lay_chequer(c); break;
    case LAY_SEQUENCE: lay_sequence(c); break;
    case LAY_MOSAIC: lay_mosaic(c); break;
    }
    /* The triangle of TV points to the right and is never mirrored. */
    bool mirror = (layout == LAY_SEQUENCE || layout == LAY_FRIEZE) && c->area != AREA_TV &&
                  chance_next(&c->chance) < .5;
    if (!mirror) return;
    char head[64];
    int n = snprintf(head, sizeof head, "<g transform=\"translate(%d) scale(-1 1)\">", c->w * 100);
    if (!buf_reserve(c->out, (size_t)n)) return;
    memmove(c->out->p + start + n, c->out->p + start, c->out->n - start);
    memcpy(c->out->p + start, head, (size_t)n);
    c->out->n += (size_t)n;
    buf_lit(c->out, "</g>");
}

struct wish {
    struct str name;
    enum area area;
    int w, h;
    const char *cls;
};

static void draw(struct buf *out, const void *what)
{
    const struct wish *wish = what;
    enum area area = wish->area;
    char more[16];
    snprintf(more, sizeof more, "|%s", area_name(area));
    struct cover c = { .out = out,
                       .chance = chance_from(wish->name, more),
                       .area = area,
                       .family = families[area],
                       .w = wish->w,
                       .h = wish->h,
                       .width = wish->w * 100,
                       .height = wish->h * 100 };

    enum hue second = partners[area][below(&c, 2)], left[3];
    unsigned n = 0;
    for (unsigned i = 0; i < 3; i++)
        if (pop_hues[area][i] != second) left[n++] = pop_hues[area][i];
    enum hue third = left[below(&c, n)];

    static const enum ink backs[] = { INK_T, INK_T, INK_H, INK_2, INK_P };
    c.back = backs[below(&c, COUNT(backs))];
    c.fore = c.back == INK_H ? INK_P : INK_H;
    c.second = c.back == INK_2 ? INK_3 : INK_2;
    c.overprint = c.back != INK_2 && c.back != INK_H;
    if (area == AREA_TV) c.big_turn = ((int[]){ 0, 0, 270, 90 })[below(&c, 4)];
    else if (area != AREA_EV && area != AREA_CERT) c.big_turn = turn(&c);

    buf_printf(out, "<svg class=\"cover k2-%s k3-%s", hue_names[second], hue_names[third]);
    if (wish->cls) buf_printf(out, " %s", wish->cls);
    buf_printf(out,
               "\" data-area=\"%s\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"xMidYMid slice\"",
               area_name(area), wish->w * 100, wish->h * 100);
    draw_attr_end(out);
    put_layout(&c, wish->w >= 8 ? LAY_MOSAIC : (enum layout)below(&c, 4));
    buf_lit(out, "</svg>");
}

struct html draw_cover(struct arena *a, struct str name, enum area area, int w, int h,
                       const char *cls)
{
    assert(w >= 2 && w <= 16 && h >= 2 && h <= 16);
    struct wish wish = { name, draw_area(area), w, h, cls };
    const char size[] = { 'c', (char)('a' + (int)wish.area), (char)('a' + w), (char)('a' + h),
                          ',' };
    struct str key =
        arena_join(a, ((struct str){ size, sizeof size }), str_from(cls), S(","), name);
    return draw_kept(a, key, draw, &wish);
}
