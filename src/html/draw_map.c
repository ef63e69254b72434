/* The map of a path: lanes leave the same start, each as long as it needs, and lead to the final badge, through the module in
 * which they all meet when there is one. Drawn twice, wide and tall, as links: each station leads to its line in the table that
 * says the same. */
#include "base/utf8.h"
#include "html/draw_inside.h"

#include <assert.h>

/* Geometry of the wide drawing. */
enum {
    FIRST_X = 194, /* of the first station of a row */
    LAST_X = 978,  /* of the last one, at most */
    FIRST_Y = 118,
    END_X = 1066, /* where the lanes turn towards each other */
    MEET_X = 1178,
    BADGE_X = 1290,
    WIDE_STEP = 168,
    WIDE_RADIUS = 30,
    LAST_RADIUS = 38,
    ROW_SHORT = 8, /* stations in a row when their names are short */
    ROW_LONG = 6,
    SHORT = 34, /* bytes of a short name */
};

/* Geometry of the tall one. */
enum { TALL_X = 40, TALL_TEXT = 90, TALL_RADIUS = 25, TALL_STEP = 72, TALL_COLUMNS = 28 };

enum { LINE = 19, MOST_LINES = 4 };

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

/* Up to `most` lines of about `columns` letters; "|" says where to break. What does not fit ends in "…". */
static size_t break_name(struct arena *a, struct str name, size_t columns, size_t most,
                         struct str lines[MOST_LINES])
{
    size_t bar = str_find(name, '|'), n = 0;
    if (bar < name.n && most > 1) {
        lines[0] = str_sub(name, 0, bar);
        lines[1] = str_sub(name, bar + 1, name.n);
        return 2;
    }
    if (utf8_count(name) <= 16) {
        lines[0] = name;
        return 1;
    }
    /* lines of about the same length look better than a full one and a word */
    size_t letters = utf8_count(name), wanted = (letters + columns - 1) / columns;
    if (wanted < 2 && letters > columns * 2 / 3) wanted = 2;
    size_t goal = wanted > 1 ? letters / wanted + 3 : columns;
    if (goal > columns || wanted >= most) goal = columns;
    while (name.n && n < most) {
        struct str line = name, word, rest = name;
        size_t end = 0;
        while (rest.n) {
            word = str_cut(&rest, ' ');
            size_t upto = (size_t)(word.p + word.n - name.p);
            if (end && utf8_count(str_sub(name, 0, upto)) > (n + 1 == most ? columns : goal)) break;
            end = upto;
        }
        line = str_sub(name, 0, end);
        name = end < name.n ? str_sub(name, end + 1, name.n) : S("");
        if (n + 1 == most && name.n) line = arena_join(a, line, S(" …"));
        lines[n++] = line;
    }
    return n;
}

static void put_tick(struct buf *out, double x, double y)
{
    buf_printf(out, "<g transform=\"translate(%d %d)\">", (int)x, (int)y);
    buf_lit(out,
            "<circle class=\"tickb\" r=\"12\"/><path class=\"tick\" d=\"m-5 0 4 4 7-8\"/></g>");
}

static void put_lock(struct buf *out, double x, double y)
{
    buf_printf(out, "<g transform=\"translate(%d %d)\">", (int)x, (int)y);
    buf_lit(out, "<circle class=\"lockb\" r=\"12\"/><path class=\"lock\" "
                 "d=\"M-5-1H5V6H-5zM-3-1V-4a3 3 0 0 1 6 0V-1\"/></g>");
}

struct station {
    const struct map_node *node;
    enum map_shape form;
    int x, y, radius;
    size_t columns; /* letters in a line of the name */
    bool beside;    /* the name stands beside, not below */
};

static size_t name_lines(struct arena *a, const struct map_node *n, size_t columns)
{
    struct str lines[MOST_LINES];
    return break_name(a, n->name, columns, MOST_LINES, lines) + (n->note.n > 0);
}

static void put_name(struct arena *a, struct buf *out, const struct station *s)
{
    struct str lines[MOST_LINES + 1];
    size_t names = break_name(a, s->node->name, s->columns, MOST_LINES, lines), count = names;
    if (s->node->note.n) lines[count++] = s->node->note;
    for (size_t i = 0; i < count; i++) {
        double down = (double)i * LINE;
        if (s->beside)
            put_words(out, i < names ? "ti" : "sub", s->x + s->radius + 20,
                      s->y + 5 + down - (double)(count - 1) * LINE / 2, lines[i]);
        else
            put_words(out, i < names ? "ti mid" : "sub mid", s->x, s->y + s->radius + 26 + down,
                      lines[i]);
    }
}

static void put_code(struct buf *out, const struct station *s)
{
    double r = s->radius;
    double x = s->form == MAP_STAIR ? -r * .12 : s->form == MAP_ROUND ? -r * .08 : 0;
    struct str code = s->node->code;
    size_t most = 9;
    while (most < code.n && ((unsigned char)code.p[most] & 0xc0) == 0x80)
        most++; /* between letters */
    put_words(out, code.n > 4 ? "code long" : "code", x, s->form == MAP_STAIR ? r * .62 : 8,
              str_sub(code, 0, most));
}

static void put_station(struct arena *a, struct buf *out, const struct station *s)
{
    static const char *const states[] = { "", "book", "next", "done", "shut" };
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
    put_code(out, s);
    buf_lit(out, "</g>");
    if (n->state == MAP_DONE) put_tick(out, s->x + r - 2, s->y - r + 2);
    if (n->state == MAP_LOCKED) put_lock(out, s->x + r - 2, s->y - r + 2);
    put_name(a, out, s);
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

/* How a lane lies in the wide drawing: rows of so many, one below the other. */
struct lay {
    size_t row; /* stations in a row */
    size_t rows;
    size_t columns; /* letters in a line of a name */
    int step, pitch, y;
};

static int wide_x(const struct lay *l, size_t i)
{
    return FIRST_X + (int)(i % l->row) * l->step;
}

static int wide_y(const struct lay *l, size_t i)
{
    return l->y + (int)(i / l->row) * l->pitch;
}

static int wide_end(const struct lay *l)
{
    return l->y + (int)(l->rows - 1) * l->pitch;
}

static void lay_lane(struct arena *a, const struct map_lane *lane, struct lay *l)
{
    size_t most = ROW_SHORT, lines = 2;
    for (size_t i = 0; i < lane->count; i++)
        if (lane->nodes[i].name.n > SHORT) most = ROW_LONG;
    l->rows = lane->count ? (lane->count + most - 1) / most : 1;
    l->row = lane->count ? (lane->count + l->rows - 1) / l->rows : 1;
    l->step = l->row > 1 ? (LAST_X - FIRST_X) / (int)(l->row - 1) : 0;
    if (l->step > WIDE_STEP || !l->step) l->step = WIDE_STEP;
    l->columns = (size_t)l->step / 8;
    for (size_t i = 0; i < lane->count; i++) {
        size_t n = name_lines(a, &lane->nodes[i], l->columns);
        if (n > lines) lines = n;
    }
    l->pitch = 132 + LINE * (int)lines;
}

/* Returns where the drawing ends. */
static int lay_lanes(struct arena *a, const struct path_map *map, struct lay *lays)
{
    int y = FIRST_Y;
    for (size_t i = 0; i < map->lane_count; i++) {
        lay_lane(a, &map->lanes[i], &lays[i]);
        lays[i].y = y;
        y = wide_end(&lays[i]) + lays[i].pitch + 34;
    }
    return y - 108;
}

/* From x1 y1 to x2 y2, both times level, round a corner when there is room for one. */
static void put_bend(struct buf *out, int x1, int y1, int x2, int y2)
{
    int half = (x2 - x1) / 2, down = y2 > y1 ? 1 : -1;
    if ((y2 - y1) * down < 2 * half)
        buf_printf(out, "C%d %d %d %d %d %d", x1 + half, y1, x1 + half, y2, x2, y2);
    else
        buf_printf(out, "q%d 0 %d %dV%dq0 %d %d %d", half, half, half * down, y2 - half * down,
                   half * down, half, half * down);
}

/* The way from the start along a lane to one of its stations. */
static void put_way(struct buf *out, const struct lay *l, int middle, size_t to)
{
    buf_printf(out, "M84 %dh12", middle);
    if (l->y == middle) buf_lit(out, "h68");
    else put_bend(out, 96, middle, 164, l->y);
    for (size_t row = 0; row < to / l->row; row++) {
        int y = wide_y(l, row * l->row), back = y + l->pitch - 68;
        buf_printf(out, "H%dq22 0 22 22V%dq0 22-22 22H150q-22 0-22 22V%dq0 22 22 22", LAST_X + 64,
                   back - 22, y + l->pitch - 22);
    }
    buf_printf(out, "H%d", wide_x(l, to));
}

static void put_wide_rails(struct buf *out, const struct path_map *map, const struct lay *lays,
                           int middle)
{
    for (size_t i = 0; i < map->lane_count; i++) {
        const struct map_lane *lane = &map->lanes[i];
        int y = wide_end(&lays[i]);
        buf_lit(out, "<path class=\"rail\" d=\"");
        put_way(out, &lays[i], middle, lane->count ? lane->count - 1 : 0);
        buf_printf(out, "H%d", END_X);
        if (y == middle) buf_printf(out, "H%d", MEET_X);
        else if (y - middle > 116 || middle - y > 116)
            buf_printf(out, "h54q58 0 58 %dV%d", y < middle ? 58 : -58, middle);
        else put_bend(out, END_X, y, MEET_X, middle);
        buf_lit(out, "\"/>");
    }
    buf_printf(out, "<path class=\"rail\" d=\"M%d %dH%d\"/>", MEET_X - 6, middle, BADGE_X);
    for (size_t i = 0; i < map->lane_count; i++) {
        const struct map_lane *lane = &map->lanes[i];
        size_t done = 0;
        while (done < lane->count && lane->nodes[done].state == MAP_DONE)
            done++;
        if (!done) continue;
        buf_lit(out, "<path class=\"rail go\" d=\"");
        put_way(out, &lays[i], middle, done - 1);
        buf_lit(out, "\"/>");
    }
}

/* An arrow from what must be done before: above the stations of a row, otherwise across. */
static void put_need(struct buf *out, const struct map_link *l, const struct lay *lays)
{
    int x1 = wide_x(&lays[l->from_lane], l->from), y1 = wide_y(&lays[l->from_lane], l->from);
    int x2 = wide_x(&lays[l->to_lane], l->to), y2 = wide_y(&lays[l->to_lane], l->to);
    if (y1 == y2) {
        int y = y1 - WIDE_RADIUS - 10;
        buf_printf(out, "<path class=\"need\" d=\"M%d %dQ%d %d %d %dm-6-8 6 8 7-7\"/>", x1, y,
                   (x1 + x2) / 2, y - 28, x2, y);
        return;
    }
    x1 += WIDE_RADIUS + 10;
    x2 -= WIDE_RADIUS + 10;
    buf_printf(out, "<path class=\"need\" d=\"M%d %dC%d %d %d %d %d %dm-8-6 8 6-8 6\"/>", x1, y1,
               x1 + 40, y1, x2 - 40, y2, x2, y2);
}

static void put_wide_start(struct arena *a, struct buf *out, const struct path_map *map, int middle)
{
    struct str lines[MOST_LINES];
    size_t n = break_name(a, map->start_note, 12, 2, lines);
    buf_printf(out, "<g transform=\"translate(44 %d)\">", middle);
    buf_lit(
        out,
        "<path d=\"M-46-38H22L46 0 22 38H-46z\" class=\"f-accent s-fig\" stroke-width=\"2.5\"/>");
    put_words(out, "start", -4, 8, map->start);
    for (size_t i = 0; i < n; i++)
        put_words(out, "sub mid", 0, 64 + (double)i * LINE, lines[i]);
    buf_lit(out, "</g>");
}

static void put_wide_end(struct arena *a, struct buf *out, const struct path_map *map, int middle)
{
    struct str lines[MOST_LINES];
    size_t n = break_name(a, map->badge, 16, MOST_LINES, lines);
    if (map->last)
        put_station(a, out,
                    &(struct station){ map->last, map->last_form, MEET_X + 6, middle, LAST_RADIUS,
                                       15, false });
    put_badge(a, out, map, map->badge, map->badge_got, DRAW_FINAL, BADGE_X, middle, 112);
    for (size_t i = 0; i < n; i++)
        put_words(out, "ti mid", BADGE_X, middle + 82 + (double)i * LINE, lines[i]);
    put_words(out, "sub mid", BADGE_X, middle + 83 + (double)n * LINE, map->badge_note);
}

static void put_wide(struct arena *a, struct buf *out, const struct path_map *map)
{
    struct lay *lays = arena_array(a, struct lay, map->lane_count);
    int end = lay_lanes(a, map, lays);
    int middle = (lays[0].y + wide_end(&lays[map->lane_count - 1])) / 2;
    if (end < middle + 160) end = middle + 160;
    open_map(out, "map-wide", -8, 4, 1366, end, map->label);
    put_wide_rails(out, map, lays, middle);
    for (size_t i = 0; i < map->link_count; i++)
        put_need(out, &map->links[i], lays);
    put_wide_start(a, out, map, middle);
    for (size_t i = 0; i < map->lane_count; i++) {
        const struct map_lane *lane = &map->lanes[i];
        const struct lay *l = &lays[i];
        put_words(out, "lane", FIRST_X - 30, l->y - 84, lane->title);
        put_words(out, "sub", FIRST_X - 30, l->y - 60, lane->rule);
        for (size_t j = 0; j < lane->count; j++)
            put_station(a, out,
                        &(struct station){ &lane->nodes[j], lane->form, wide_x(l, j), wide_y(l, j),
                                           WIDE_RADIUS, l->columns, false });
        if (!lane->badge.n) continue;
        put_badge(a, out, map, lane->badge, lane->badge_got, DRAW_COMPETENCE, END_X + 14,
                  wide_end(l), 84);
        put_words(out, "sub mid", END_X + 14, wide_end(l) + 62, lane->progress);
    }
    put_wide_end(a, out, map, middle);
    buf_lit(out, "</svg>");
}

/* --- tall ------------------------------------------------------------------------------------------------------ */

static int tall_step(struct arena *a, const struct map_node *n)
{
    int lines = (int)name_lines(a, n, TALL_COLUMNS) * LINE + 24;
    return lines > TALL_STEP ? lines : TALL_STEP;
}

/* Draws a lane from y on; with out NULL it only measures. Returns where the next begins. */
static int put_tall_lane(struct arena *a, struct buf *out, const struct path_map *map,
                         const struct map_lane *lane, int y)
{
    if (lane->title.n || lane->rule.n) {
        y += 64;
        if (out) put_words(out, "lane", TALL_TEXT, y - 4, lane->title);
        if (out) put_words(out, "sub", TALL_TEXT, y + (lane->title.n ? 18 : 0), lane->rule);
    }
    y += 30;
    for (size_t j = 0; j < lane->count; j++) {
        int step = tall_step(a, &lane->nodes[j]);
        y += step / 2;
        if (out)
            put_station(a, out,
                        &(struct station){ &lane->nodes[j], lane->form, TALL_X, y, TALL_RADIUS,
                                           TALL_COLUMNS, true });
        y += step - step / 2;
    }
    if (!lane->badge.n) return y;
    y += 38;
    if (out) {
        put_badge(a, out, map, lane->badge, lane->badge_got, DRAW_COMPETENCE, TALL_X, y, 64);
        put_words(out, "sub", TALL_TEXT, y + 5, lane->progress);
    }
    return y + 38;
}

static void put_tall(struct arena *a, struct buf *out, const struct path_map *map)
{
    struct str lines[MOST_LINES];
    int height = 80, y = 80;
    for (size_t i = 0; i < map->lane_count; i++)
        height = put_tall_lane(a, NULL, map, &map->lanes[i], height);
    height += (map->last ? tall_step(a, map->last) + 16 : 0) + 100;
    open_map(out, "map-tall", 0, 0, 320, height, map->label);
    buf_printf(out, "<path class=\"rail\" d=\"M%d 70V%d\"/>", TALL_X, height - 80);
    buf_printf(out, "<g transform=\"translate(%d 40)\">", TALL_X);
    buf_lit(out, "<path d=\"M-26-26H26V10L0 30-26 10z\" class=\"f-accent s-fig\" "
                 "stroke-width=\"2.5\"/></g>");
    put_words(out, "lane", TALL_TEXT, 42, map->start);
    put_words(out, "sub", TALL_TEXT, 64, map->start_note);
    for (size_t i = 0; i < map->lane_count; i++)
        y = put_tall_lane(a, out, map, &map->lanes[i], y);
    if (map->last) {
        int step = tall_step(a, map->last);
        y += 16 + step / 2;
        put_station(a, out,
                    &(struct station){ map->last, map->last_form, TALL_X, y, TALL_RADIUS,
                                       TALL_COLUMNS, true });
        y += step - step / 2;
    }
    put_badge(a, out, map, map->badge, map->badge_got, DRAW_FINAL, TALL_X, height - 50, 76);
    size_t n = break_name(a, map->badge, TALL_COLUMNS, 2, lines);
    for (size_t i = 0; i < n; i++)
        put_words(out, "ti", TALL_TEXT, height - 44 + ((double)i - (double)(n - 1) / 2) * LINE,
                  lines[i]);
    buf_lit(out, "</svg>");
}

struct html draw_map(struct arena *a, const struct path_map *map)
{
    assert(map->lane_count >= 1);
    struct buf out = BUF_INIT(DRAW_MAX);
    put_wide(a, &out, map);
    put_tall(a, &out, map);
    return draw_done(a, &out);
}
