/* The map of a path: three lanes leave the same start, meet at the last step and lead to the final badge. Drawn twice,
 * wide and tall, as links: each station leads to its line in the table that says the same. */
#include "html/draw_inside.h"

#include <assert.h>

enum { LANES = 3, MOST_NODES = 12 };

/* Geometry of the wide drawing. */
enum {
    FIRST_X = 194, /* of the first station */
    END_X = 1066,  /* where the lanes turn towards each other */
    BADGE_X = 1290,
    MIDDLE_Y = 322,
    LANE_GAP = 204,
    WIDE_RADIUS = 30,
    LAST_RADIUS = 38,
};
static const int lane_y[LANES] = { MIDDLE_Y - LANE_GAP, MIDDLE_Y, MIDDLE_Y + LANE_GAP };

/* Geometry of the tall one. */
enum { TALL_X = 40, TALL_TEXT = 90, TALL_RADIUS = 25, TALL_STEP = 72 };

/* --- pieces ------------------------------------------------------------------------------------------------------ */

/* A station's outline around 0 0, with half its side: where 's' stands in the pattern. */
static void put_outline(struct buf *out, enum map_shape form, double s)
{
    buf_lit(out, " d=\"");
    struct {
        const char *pattern;
        double numbers[12];
    } o;
    switch (form) {
    case MAP_SQUARE:
        o.pattern = "Mx xHxVxHxz";
        memcpy(o.numbers, (double[]){ -s, -s, s, s, -s }, 5 * sizeof(double));
        break;
    case MAP_ROUND:
        o.pattern = "Mx xH0Ax x 0 0 1 x 0VxHxz";
        memcpy(o.numbers, (double[]){ -s, -s, s, s, s, s, -s }, 7 * sizeof(double));
        break;
    default:
        o.pattern = "Mx xVxHxVxHxV0HxVxz";
        memcpy(o.numbers, (double[]){ -s, s, -s, -s / 6, -s * .5, s * .42, s, s },
               8 * sizeof(double));
    }
    const double *number = o.numbers;
    for (const char *c = o.pattern; *c; c++)
        if (*c == 'x') buf_num(out, *number++, 1);
        else buf_putc(out, *c);
    buf_putc(out, '"');
}

static void put_words(struct buf *out, const char *cls, double x, double y, struct str words)
{
    if (!words.n) return;
    buf_printf(out, "<text class=\"%s\" x=\"", cls);
    buf_num(out, x, 1);
    buf_lit(out, "\" y=\"");
    buf_num(out, y, 1);
    buf_lit(out, "\">");
    draw_text(out, words);
    buf_lit(out, "</text>");
}

/* Two lines of about the same length, unless a "|" says where to break; the second may be empty. */
static void break_name(struct str name, struct str lines[2])
{
    lines[1] = S("");
    size_t bar = str_find(name, '|');
    if (bar < name.n) {
        lines[0] = str_sub(name, 0, bar);
        lines[1] = str_sub(name, bar + 1, name.n);
        return;
    }
    size_t best = name.n;
    for (size_t i = 0; name.n > 16 && i < name.n; i++) {
        if (name.p[i] != ' ') continue;
        size_t off = i > name.n / 2 ? i - name.n / 2 : name.n / 2 - i;
        size_t best_off = best == name.n      ? name.n
                          : best > name.n / 2 ? best - name.n / 2
                                              : name.n / 2 - best;
        if (off < best_off) best = i;
    }
    lines[0] = str_sub(name, 0, best);
    if (best < name.n) lines[1] = str_sub(name, best + 1, name.n);
}

static void put_tick(struct buf *out, double x, double y)
{
    buf_printf(out, "<g transform=\"translate(%d %d)\">", (int)x, (int)y);
    buf_lit(out,
            "<circle class=\"tickb\" r=\"12\"/><path class=\"tick\" d=\"m-5 0 4 4 7-8\"/></g>");
}

struct station {
    const struct map_node *node;
    enum map_shape form;
    int x, y, radius;
    bool beside; /* the name stands beside, not below */
};

static void put_name(struct buf *out, const struct station *s)
{
    struct str lines[2];
    break_name(s->node->name, lines);
    int count = lines[1].n ? 2 : 1;
    for (int i = 0; i < count; i++) {
        if (s->beside)
            put_words(out, "ti", s->x + s->radius + 20, s->y - 2 + (i - (count - 1) / 2.0) * 19 + 7,
                      lines[i]);
        else put_words(out, "ti mid", s->x, s->y + s->radius + 26 + i * 19, lines[i]);
    }
}

static void put_station(struct buf *out, const struct station *s)
{
    static const char *const states[] = { "", "book", "next", "done" };
    const struct map_node *n = s->node;
    double r = s->radius;
    buf_lit(out, "<a href=\"");
    draw_text(out, url(n->href).s);
    buf_putc(out, '"');
    if (n->state != MAP_OPEN) buf_printf(out, " class=\"%s\"", states[n->state]);
    buf_lit(out, " aria-description=\"");
    draw_text(out, n->description);
    buf_printf(out, "\"><rect class=\"halo\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
               s->x - s->radius - 8, s->y - s->radius - 8, 2 * s->radius + 16, 2 * s->radius + 16);
    buf_printf(out, "<g transform=\"translate(%d %d)\">", s->x, s->y);
    if (n->required) {
        buf_lit(out, "<path class=\"req\"");
        put_outline(out, s->form, r + 6);
        buf_lit(out, "/>");
    }
    buf_lit(out, "<path class=\"node\"");
    put_outline(out, s->form, r);
    buf_lit(out, "/>");
    put_words(out, "code",
              s->form == MAP_STAIR   ? -r * .12
              : s->form == MAP_ROUND ? -r * .08
                                     : 0,
              s->form == MAP_STAIR ? r * .62 : 8, n->code);
    buf_lit(out, "</g>");
    if (n->state == MAP_DONE) put_tick(out, s->x + r - 2, s->y - r + 2);
    put_name(out, s);
    buf_lit(out, "</a>");
}

/* A medallion inside the drawing, its middle at x y. */
static void put_badge(struct arena *a, struct buf *out, const struct path_map *map, struct str name,
                      bool got, enum draw_kind kind, int x, int y, int size)
{
    struct str svg = draw_badge(a, name, map->area, kind, got ? DRAW_GOT : DRAW_TODO, size).s;
    buf_printf(out, "<svg x=\"%d\" y=\"%d\"", x - size / 2, y - size / 2);
    buf_str(out, str_sub(svg, sizeof "<svg" - 1, svg.n));
}

static void open_map(struct buf *out, const char *cls, int x, int y, int width, int height,
                     struct str label)
{
    buf_printf(out, "<svg class=\"map %s\" viewBox=\"%d %d %d %d\" role=\"group\" aria-label=\"",
               cls, x, y, width, height);
    draw_text(out, label);
    buf_lit(out, "\">");
}

/* --- wide -------------------------------------------------------------------------------------------------------- */

static int wide_step(const struct map_lane *lane)
{
    int room = END_X - 88 - FIRST_X;
    int step = lane->count > 1 ? room / (int)(lane->count - 1) : 0;
    return step > 168 ? 168 : step;
}

/* X of the last station that was done, counting from the left without a gap; 0 for none. */
static int wide_reached(const struct map_lane *lane)
{
    int reached = 0;
    for (size_t i = 0; i < lane->count && lane->nodes[i].state == MAP_DONE; i++)
        reached = FIRST_X + (int)i * wide_step(lane);
    return reached;
}

static void put_wide_rails(struct buf *out, const struct path_map *map)
{
    int up = lane_y[0], down = lane_y[2], turn = END_X + 54;
    buf_printf(
        out,
        "<path class=\"rail\" d=\"M84 %dh12q34 0 34-34V%dq0-34 34-34H%dq58 0 58 58V%dM84 %dH%d"
        "M84 %dh12q34 0 34 34V%dq0 34 34 34H%dq58 0 58-58V%d\"/>",
        MIDDLE_Y, up + 34, turn, MIDDLE_Y, MIDDLE_Y, BADGE_X, MIDDLE_Y, down - 34, turn, MIDDLE_Y);
    for (int i = 0; i < LANES; i++) {
        int x = wide_reached(&map->lanes[i]);
        if (!x) continue;
        if (i == 1) buf_printf(out, "<path class=\"rail go\" d=\"M84 %dH%d\"/>", MIDDLE_Y, x);
        else if (i == 0)
            buf_printf(out, "<path class=\"rail go\" d=\"M84 %dh12q34 0 34-34V%dq0-34 34-34H%d\"/>",
                       MIDDLE_Y, up + 34, x);
        else
            buf_printf(out, "<path class=\"rail go\" d=\"M84 %dh12q34 0 34 34V%dq0 34 34 34H%d\"/>",
                       MIDDLE_Y, down - 34, x);
    }
}

static void put_wide_start(struct buf *out, const struct path_map *map)
{
    buf_printf(out, "<g transform=\"translate(44 %d)\">", MIDDLE_Y);
    buf_lit(
        out,
        "<path d=\"M-46-38H22L46 0 22 38H-46z\" class=\"f-accent s-fig\" stroke-width=\"2.5\"/>");
    put_words(out, "start", -4, 8, map->start);
    struct str lines[2];
    break_name(map->start_note, lines);
    put_words(out, "sub mid", 0, 64, lines[0]);
    put_words(out, "sub mid", 0, 83, lines[1]);
    buf_lit(out, "</g>");
}

static void put_wide(struct arena *a, struct buf *out, const struct path_map *map)
{
    open_map(out, "map-wide", -8, 10, 1362, 612, map->label);
    put_wide_rails(out, map);
    put_wide_start(out, map);
    int x = END_X + 14;
    for (int i = 0; i < LANES; i++) {
        const struct map_lane *lane = &map->lanes[i];
        int y = lane_y[i];
        put_words(out, "lane", FIRST_X - 30, y - 78, lane->title);
        put_words(out, "sub", FIRST_X - 30, y - 54, lane->rule);
        for (size_t j = 0; j < lane->count; j++)
            put_station(out, &(struct station){ &lane->nodes[j], lane->form,
                                                FIRST_X + (int)j * wide_step(lane), y, WIDE_RADIUS,
                                                false });
        put_badge(a, out, map, lane->badge, lane->badge_got, DRAW_COMPETENCE, x, y, 84);
        put_words(out, "sub mid", x, y + 62, lane->progress);
    }
    put_station(out, &(struct station){ &map->last, map->last_form, x + 104, MIDDLE_Y, LAST_RADIUS,
                                        false });
    put_badge(a, out, map, map->badge, map->badge_got, DRAW_FINAL, BADGE_X, MIDDLE_Y, 112);
    put_words(out, "ti mid", BADGE_X, MIDDLE_Y + 82, map->badge);
    put_words(out, "sub mid", BADGE_X, MIDDLE_Y + 102, map->badge_note);
    buf_lit(out, "</svg>");
}

/* --- tall ------------------------------------------------------------------------------------------------------ */

static int tall_height(const struct path_map *map)
{
    int y = 64 + 36 + 86 + 46;
    for (int i = 0; i < LANES; i++)
        y += 64 + 66 + 40 + TALL_STEP * (int)map->lanes[i].count;
    return y;
}

static void put_tall(struct arena *a, struct buf *out, const struct path_map *map)
{
    int height = tall_height(map), y = 64;
    open_map(out, "map-tall", 0, 0, 320, height, map->label);
    buf_printf(out, "<path class=\"rail\" d=\"M%d 70V%d\"/>", TALL_X, height - 46 - 86 - 30);
    buf_printf(out, "<g transform=\"translate(%d 40)\">", TALL_X);
    buf_lit(out, "<path d=\"M-26-26H26V10L0 30-26 10z\" class=\"f-accent s-fig\" "
                 "stroke-width=\"2.5\"/></g>");
    put_words(out, "lane", TALL_TEXT, 42, map->start);
    struct str note[2];
    break_name(map->start_note, note);
    put_words(out, "sub", TALL_TEXT, 64, note[0]);
    put_words(out, "sub", TALL_TEXT, 83, note[1]);
    for (int i = 0; i < LANES; i++) {
        const struct map_lane *lane = &map->lanes[i];
        y += 64;
        put_words(out, "lane", TALL_TEXT, y - 4, lane->title);
        put_words(out, "sub", TALL_TEXT, y + 18, lane->rule);
        y += 66;
        for (size_t j = 0; j < lane->count; j++, y += TALL_STEP)
            put_station(out, &(struct station){ &lane->nodes[j], lane->form, TALL_X, y, TALL_RADIUS,
                                                true });
        put_badge(a, out, map, lane->badge, lane->badge_got, DRAW_COMPETENCE, TALL_X, y + 2, 64);
        put_words(out, "sub", TALL_TEXT, y + 7, lane->badge);
        y += 40;
    }
    y += 36;
    put_station(out, &(struct station){ &map->last, map->last_form, TALL_X, y, TALL_RADIUS, true });
    y += 86;
    put_badge(a, out, map, map->badge, map->badge_got, DRAW_FINAL, TALL_X, y, 76);
    put_words(out, "lane", TALL_TEXT, y + 9, map->badge);
    buf_lit(out, "</svg>");
}

struct html draw_map(struct arena *a, const struct path_map *map)
{
    for (int i = 0; i < LANES; i++)
        assert(map->lanes[i].count <= MOST_NODES);
    struct buf out = BUF_INIT(DRAW_MAX);
    put_wide(a, &out, map);
    put_tall(a, &out, map);
    return draw_done(a, &out);
}
