/* Medallions of open badges: a rosette from the name, an edge from the kind. Drawn with class names for pages and with
 * plain colours for files. */
#include "html/draw_inside.h"

#include <assert.h>
#include <math.h>

/* The light theme's colours, for drawings outside of our pages (web/css/tokens.css has the same). */
static const char *const light_hue[HUE_COUNT] = { "#f2543d", "#3059e3", "#7b4fcb", "#f48fb8",
                                                  "#23a06d", "#5cc6c9", "#ffc72b" };
static const char *const light_tint[AREA_COUNT] = {
    [AREA_TV] = "#ffe0d8",  [AREA_FORM] = "#dce5ff", [AREA_CERT] = "#e9e0fa",
    [AREA_COM] = "#fde1ed", [AREA_EV] = "#d3efe1",   [AREA_LAB] = "#d5f0f0"
};
#define LIGHT_INK "#1b1e4b"
#define LIGHT_PAPER "#fcfdfb"

/* Parts of a medallion, each with its class. */
enum part { EDGE, FACE, PETAL, PETAL_ALT, DOT, HUB, CORE, PARTS };
static const char *const part_classes[PARTS] = { "b-edge", "b-face", "b-1",   "b-1 alt",
                                                 "b-2",    "b-hub",  "b-core" };

/* What the name decides. */
struct rosette {
    unsigned petals, form; /* how many; one of five forms */
    bool alternate;        /* every other petal in the third hue */
    unsigned dot;          /* between the petals: circle, square, triangle */
    enum hue third;
};

struct medal {
    struct buf *out;
    enum area area;
    enum draw_kind kind;
    struct rosette rosette;
    bool plain; /* colours written out */
};

static struct rosette rosette_of(struct str name, enum area area)
{
    static const unsigned counts[] = { 5, 6, 8, 10 };
    struct chance chance = chance_from(name, "/badge");
    struct rosette r = { .petals = counts[chance_below(&chance, 4)] };
    r.form = chance_below(&chance, 5);
    r.alternate = r.petals % 2 == 0 && chance_next(&chance) < .6;
    r.dot = chance_below(&chance, 3);
    r.third = pop_hues[area][chance_below(&chance, 3)];
    return r;
}

/* An area's hue has the same place in the list of hues. */
static enum hue hue_of(enum area area)
{
    return (enum hue)(area - AREA_TV);
}

static const char *colour_of(const struct medal *m, enum part part)
{
    const char *hue = light_hue[hue_of(m->area)];
    bool final = m->kind == DRAW_FINAL;
    switch (part) {
    case EDGE: return final ? LIGHT_INK : hue;
    case FACE: return final ? light_hue[HUE_ACCENT] : light_tint[m->area];
    case PETAL_ALT: return final ? hue : light_hue[m->rosette.third];
    case HUB: return LIGHT_PAPER;
    case DOT:
    case CORE: return LIGHT_INK;
    default: return hue;
    }
}

/* Opens an element of a part: "<path class=…", to be followed by its geometry. */
static void open_part(struct medal *m, const char *element, enum part part)
{
    if (!m->plain) {
        buf_printf(m->out, "<%s class=\"%s\"", element, part_classes[part]);
        return;
    }
    buf_printf(m->out, "<%s fill=\"%s\"", element, colour_of(m, part));
    if (part == PETAL || part == PETAL_ALT)
        buf_printf(m->out, " stroke=\"%s\" stroke-width=\"3\"", colour_of(m, FACE));
}

static void put_edge(struct medal *m)
{
    if (m->kind == DRAW_PARTICIPATION) {
        open_part(m, "path", EDGE);
        buf_lit(m->out, " d=\"M8 100a92 92 0 0 1 184 0v92H8z\"/>");
    } else if (m->kind == DRAW_COMPETENCE) {
        open_part(m, "circle", EDGE);
        buf_lit(m->out, " cx=\"100\" cy=\"100\" r=\"97\"/>");
    } else {
        open_part(m, "path", EDGE);
        buf_lit(m->out, " d=\"");
        for (int i = 0; i < 40; i++) {
            double angle = i / 40.0 * M_PI * 2 - M_PI / 2, radius = i % 2 ? 89 : 99;
            buf_putc(m->out, i ? 'L' : 'M');
            buf_num(m->out, 100 + radius * cos(angle), 1);
            buf_putc(m->out, ' ');
            buf_num(m->out, 100 + radius * sin(angle), 1);
        }
        buf_lit(m->out, "z\"/>");
    }
}

/* Numbers and letters of a path: 'x' stands for the next number. */
static void put_path(struct buf *out, const char *pattern, const double *numbers)
{
    for (; *pattern; pattern++)
        if (*pattern == 'x') buf_num(out, *numbers++, 3);
        else buf_putc(out, *pattern);
}

/* One petal at the top, w wide; p chooses among five forms. */
static void put_petal(struct buf *out, unsigned p, double w)
{
    switch (p) {
    case 0:
        put_path(out, "M100 100Cx 78 x 30 100 24Cx 30 x 78 100 100z",
                 (double[]){ 100 - 34 * w, 100 - 30 * w, 100 + 30 * w, 100 + 34 * w });
        break;
    case 1: put_path(out, "M100 100 x 30Hxz", (double[]){ 100 - 27 * w, 100 + 27 * w }); break;
    case 2:
        put_path(out, "Mx 84V46ax x 0 0 1 x 0v38z",
                 (double[]){ 100 - 20 * w, 20 * w, 20 * w, 40 * w });
        break;
    case 3:
        put_path(out, "M100 xax x 0 1 1 0 xax x 0 1 1 0-xz",
                 (double[]){ 52 - 24 * w, 24 * w, 24 * w, 48 * w, 24 * w, 24 * w, 48 * w });
        break;
    default:
        put_path(out, "Mx 26hxvxl-x 30-x-30z",
                 (double[]){ 100 - 24 * w, 48 * w, 44 * w, 24 * w, 24 * w });
    }
}

static void put_turn(struct buf *out, double degrees)
{
    buf_lit(out, " transform=\"rotate(");
    buf_num(out, degrees, 1);
    buf_lit(out, " 100 100)\"/>");
}

static void put_dot(struct medal *m, unsigned form, bool small)
{
    switch (form) {
    case 0:
        open_part(m, "circle", DOT);
        buf_printf(m->out, " cx=\"100\" cy=\"27\" r=\"%d\"", small ? 5 : 7);
        break;
    case 1:
        open_part(m, "rect", DOT);
        buf_printf(m->out, " x=\"%d\" y=\"20\" width=\"%d\" height=\"%d\"", small ? 95 : 93,
                   small ? 10 : 14, small ? 10 : 14);
        break;
    default:
        open_part(m, "path", DOT);
        buf_printf(m->out, " d=\"M100 18l%d 14h-%dz\"", small ? 6 : 8, small ? 12 : 16);
    }
}

/* All that lies inside the <svg>, and its end. */
static void put_medal(struct medal *m)
{
    const struct rosette *r = &m->rosette;
    put_edge(m);
    open_part(m, "circle", FACE);
    buf_lit(m->out, " cx=\"100\" cy=\"100\" r=\"82\"/>");
    double width = r->petals == 10 ? .64 : r->petals == 8 ? .8 : r->petals == 6 ? 1 : 1.12;
    for (unsigned i = 0; i < r->petals; i++) {
        open_part(m, "path", r->alternate && i % 2 ? PETAL_ALT : PETAL);
        buf_lit(m->out, " d=\"");
        put_petal(m->out, r->form, width);
        buf_putc(m->out, '"');
        put_turn(m->out, 360.0 / r->petals * i);
    }
    for (unsigned i = 0; i < r->petals; i++) {
        put_dot(m, r->dot, r->petals > 6);
        put_turn(m->out, 360.0 / r->petals * (i + .5));
    }
    open_part(m, "circle", HUB);
    buf_lit(m->out, " cx=\"100\" cy=\"100\" r=\"33\"/>");
    buf_printf(m->out, "<g transform=\"translate(%d 81) scale(.38)\">",
               m->area == AREA_TV ? 83 : 81);
    open_part(m, "path", CORE);
    buf_printf(m->out, " d=\"%s\"/></g></svg>", shape_path(m->area));
}

struct wish {
    struct str name;
    enum area area;
    enum draw_kind kind;
    enum draw_state state;
    int size;
};

static void draw(struct buf *out, const void *what)
{
    static const char *const kinds[] = { "competence", "participation", "final" };
    static const char *const states[] = { "got", "todo", "revoked" };
    const struct wish *w = what;
    struct medal m = {
        .out = out, .area = w->area, .kind = w->kind, .rosette = rosette_of(w->name, w->area)
    };
    buf_printf(out,
               "<svg class=\"medal is-%s k-%s k3-%s\" data-area=\"%s\" width=\"%d\" height=\"%d\"",
               states[w->state], kinds[w->kind], hue_names[m.rosette.third], area_name(w->area),
               w->size, w->size);
    buf_lit(out, " viewBox=\"0 0 200 200\"");
    draw_attr_end(out);
    put_medal(&m);
}

struct html draw_badge(struct arena *a, struct str name, enum area area, enum draw_kind kind,
                       enum draw_state state, int size)
{
    assert(kind <= DRAW_FINAL && state <= DRAW_REVOKED && size > 0 && size <= 2048);
    struct wish w = { name, draw_area(area), kind, state, size };
    struct str key =
        arena_printf(a, "b%d,%d,%d,%d,%.*s", (int)w.area, (int)kind, (int)state, size, STR(name));
    return draw_kept(a, key, draw, &w);
}

struct str draw_badge_file(struct arena *a, struct str name, enum area area, enum draw_kind kind)
{
    assert(kind <= DRAW_FINAL);
    struct buf out = BUF_INIT(DRAW_MAX);
    struct medal m = { .out = &out, .area = draw_area(area), .kind = kind, .plain = true };
    m.rosette = rosette_of(name, m.area);
    buf_lit(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"400\" "
                  "viewBox=\"0 0 200 200\">");
    put_medal(&m);
    return draw_done(a, &out).s;
}
