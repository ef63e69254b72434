/* Figures that show quantities: rings, seats, isotypes, bars, the radar. Each says in words, beside it or in its label,
 * what it shows. */
#include "html/draw_inside.h"

#include <assert.h>
#include <math.h>

static void put_point(struct buf *out, double x, double y, int decimals)
{
    buf_num(out, x, decimals);
    buf_putc(out, ' ');
    buf_num(out, y, decimals);
}

/* --- ring --------------------------------------------------------------------------------------------------------- */

enum { RING_MIDDLE = 50, RING_RADIUS = 41, RING_MOST = 60 };

static void put_segment(struct buf *out, int i, int total, const char *cls)
{
    double gap = total > 10 ? 5 : total > 1 ? 7 : 0;
    double from = ((double)i / total * 360 - 90 + gap / 2) * M_PI / 180;
    double to = ((double)(i + 1) / total * 360 - 90 - gap / 2) * M_PI / 180;
    /* A whole circle has no two ends to draw an arc between. */
    if (total == 1) to = from + 1.9999 * M_PI;
    buf_printf(out, "<path class=\"%s\" d=\"M", cls);
    put_point(out, RING_MIDDLE + RING_RADIUS * cos(from), RING_MIDDLE + RING_RADIUS * sin(from), 2);
    buf_printf(out, "A41 41 0 %d 1 ", to - from > M_PI);
    put_point(out, RING_MIDDLE + RING_RADIUS * cos(to), RING_MIDDLE + RING_RADIUS * sin(to), 2);
    buf_lit(out, "\"/>");
}

struct html draw_ring(struct arena *a, int done, int doing, int total, enum area area, int size,
                      struct str label, struct str sub)
{
    struct buf out = BUF_INIT(DRAW_MAX);
    if (total < 1) total = 1;
    buf_printf(&out, "<svg class=\"ring\" data-area=\"%s\" width=\"%d\" height=\"%d\"",
               draw_hue(area), size, size);
    buf_lit(&out, " viewBox=\"0 0 100 100\" role=\"img\" aria-label=\"");
    draw_text(&out, label);
    buf_lit(&out, "\">");
    /* More segments than can be told apart are drawn to scale; the numbers in the middle stay true. */
    int shown = total > RING_MOST ? RING_MOST : total;
    int on = (int)((int64_t)done * shown / total), half = (int)((int64_t)doing * shown / total);
    for (int i = 0; i < shown; i++)
        put_segment(&out, i, shown, i < on ? "on" : i < on + half ? "half" : "off");
    buf_printf(&out, "<text x=\"50\" y=\"%d\" class=\"ring-n\">%d/%d</text>", sub.n ? 50 : 57, done,
               total);
    if (sub.n) {
        buf_lit(&out, "<text x=\"50\" y=\"66\" class=\"ring-s\">");
        draw_text(&out, sub);
        buf_lit(&out, "</text>");
    }
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}

/* --- places ---------------------------------------------------------------------------------------------------- */

enum { SEATS_ROW = 8, SEATS_MOST = 24, SEATS_SCALED = 16 };

struct seats {
    int taken, places;
};

static void put_seats(struct buf *out, const void *what)
{
    const struct seats *s = what;
    int columns = s->places < SEATS_ROW ? s->places : SEATS_ROW;
    int rows = (s->places + SEATS_ROW - 1) / SEATS_ROW;
    buf_printf(out, "<svg class=\"seats\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\"",
               columns * 12 - 3, rows * 12 - 3, columns * 12 - 3, rows * 12 - 3);
    draw_attr_end(out);
    for (int part = 0; part < 2; part++) {
        int from = part ? s->taken : 0, to = part ? s->places : s->taken;
        if (from == to) continue;
        buf_printf(out, "<path class=\"%s\" d=\"", part ? "o" : "t");
        for (int i = from; i < to; i++)
            buf_printf(out, part ? "M%d %dh7v7h-7z" : "M%d %dh9v9h-9z", i % SEATS_ROW * 12 + part,
                       i / SEATS_ROW * 12 + part);
        buf_lit(out, "\"/>");
    }
    buf_lit(out, "</svg>");
}

struct html draw_seats(struct arena *a, int64_t taken, int64_t places)
{
    if (places < 1) return (struct html){ S("") };
    if (taken < 0) taken = 0;
    if (taken > places) taken = places;
    if (places > SEATS_MOST) {
        taken = (taken * SEATS_SCALED + places - 1) / places; /* one taken place is seen */
        places = SEATS_SCALED;
    }
    /* some three hundred drawings in all, asked for twelve times by each page of the catalogue */
    struct seats seats = { (int)taken, (int)places };
    char key[3] = { 's', (char)('A' + seats.taken), (char)('A' + seats.places) };
    return draw_kept(a, (struct str){ key, sizeof key }, put_seats, &seats);
}

/* --- isotype, bar, key ------------------------------------------------------------------------------------------- */

enum { ISO_MOST = 1000 };

static void put_iso(struct buf *out, enum area form, int x, int y)
{
    switch (form) {
    case AREA_TV: buf_printf(out, "M%d %dl18 9.5-18 9.5z", x + 1, y); break;
    case AREA_FORM: buf_printf(out, "M%d %dh19v19h-19z", x, y); break;
    default: buf_printf(out, "M%d %d.5a9.5 9.5 0 1 1 19 0a9.5 9.5 0 1 1-19 0z", x, y + 9);
    }
}

struct html draw_iso(struct arena *a, enum area form, int columns, const struct iso_run *runs,
                     size_t n)
{
    int total = 0;
    for (size_t i = 0; i < n; i++)
        total += runs[i].count;
    assert(columns > 0 && total > 0 && total <= ISO_MOST);
    int rows = (total + columns - 1) / columns;
    struct buf out = BUF_INIT(DRAW_MAX);
    buf_printf(&out, "<svg class=\"iso\" viewBox=\"0 0 %d %d\"", columns * 24 - 5, rows * 24 - 5);
    draw_attr_end(&out);
    int at = 0;
    for (size_t i = 0; i < n; i++) {
        if (runs[i].count < 1) continue;
        buf_printf(&out, "<path class=\"f-%s\" d=\"", runs[i].hue);
        for (int end = at + runs[i].count; at < end; at++)
            put_iso(&out, form, at % columns * 24, at / columns * 24);
        buf_lit(&out, "\"/>");
    }
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}

struct html draw_hours(struct arena *a, const struct iso_run *runs, size_t n)
{
    int total = 0;
    for (size_t i = 0; i < n; i++)
        total += runs[i].count > 0 ? runs[i].count : 0;
    if (total == 0) return (struct html){ S("") };
    struct buf out = BUF_INIT(DRAW_MAX);
    buf_lit(&out, "<svg class=\"hours\" viewBox=\"0 0 1000 34\" preserveAspectRatio=\"none\"");
    draw_attr_end(&out);
    int before = 0;
    for (size_t i = 0; i < n; i++) {
        if (runs[i].count < 1) continue;
        double x = before * 1000.0 / total, width = runs[i].count * 1000.0 / total;
        before += runs[i].count;
        buf_printf(&out, "<rect class=\"f-%s\" x=\"", runs[i].hue);
        buf_num(&out, x, 1);
        buf_lit(&out, "\" width=\"");
        buf_num(&out, before < total ? fmax(1, width - 3) : width, 1);
        buf_lit(&out, "\" height=\"34\"/>");
    }
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}

struct html draw_key(struct arena *a, const char *hue)
{
    struct buf out = BUF_INIT(DRAW_MAX);
    buf_lit(&out, "<svg width=\"14\" height=\"14\" viewBox=\"0 0 14 14\"");
    draw_attr_end(&out);
    buf_printf(&out, "<path class=\"f-%s\" d=\"M0 0h14v14H0z\"/></svg>", hue);
    return draw_done(a, &out);
}

/* --- radar ------------------------------------------------------------------------------------------------------- */

enum { RADAR_X = 330, RADAR_Y = 282, RADAR_RADIUS = 190, RADAR_AXES = 6, RADAR_TOP = 6 };

static double radar_x(int axis, double level)
{
    return RADAR_X + RADAR_RADIUS * level / RADAR_TOP * cos((axis * 60 - 90) * M_PI / 180);
}

static double radar_y(int axis, double level)
{
    return RADAR_Y + RADAR_RADIUS * level / RADAR_TOP * sin((axis * 60 - 90) * M_PI / 180);
}

static void put_polygon(struct buf *out, const char *cls, const int levels[RADAR_AXES])
{
    buf_printf(out, "<polygon class=\"%s\" points=\"", cls);
    for (int i = 0; i < RADAR_AXES; i++) {
        if (i) buf_putc(out, ' ');
        put_point(out, radar_x(i, levels[i]), radar_y(i, levels[i]), 1);
    }
    buf_lit(out, "\"/>");
}

static void put_label(struct buf *out, const char *cls, double x, double y, int axis,
                      struct str text)
{
    const char *anchor = axis == 0 || axis == 3 ? "middle" : axis < 3 ? "start" : "end";
    buf_printf(out, "<text class=\"%s\" text-anchor=\"%s\" x=\"", cls, anchor);
    buf_num(out, x, 1);
    buf_lit(out, "\" y=\"");
    buf_num(out, y, 1);
    buf_lit(out, "\">");
    draw_text(out, text);
    buf_lit(out, "</text>");
}

static void put_axis(struct buf *out, int i, const struct radar_axis *axis)
{
    buf_lit(out, "<circle class=\"dot\" r=\"7\" cx=\"");
    buf_num(out, radar_x(i, axis->now), 1);
    buf_lit(out, "\" cy=\"");
    buf_num(out, radar_y(i, axis->now), 1);
    buf_lit(out, "\"/>");
    if (axis->goal && axis->goal != axis->now) {
        buf_lit(out, "<path class=\"goal\" d=\"M");
        put_point(out, radar_x(i, axis->goal), radar_y(i, axis->goal) - 9, 1);
        buf_lit(out, "l9 9-9 9-9-9z\"/>");
    }
    double x = radar_x(i, 6.45), y = radar_y(i, 6.45);
    int lines = axis->lines[1].n ? 2 : 1;
    double shift = i == 0 ? -(lines - 1) * 18 - 2 : i == 3 ? 18 : 0;
    for (int j = 0; j < lines; j++)
        put_label(out, "ll", x, y + shift + j * 18, i, axis->lines[j]);
    put_label(out, "ls", x, y + (i == 0 ? -4 : i == 3 ? 26 : 10), i, axis->brief);
}

struct html draw_radar(struct arena *a, const struct radar_axis axes[6], struct str label)
{
    static const char *const levels[RADAR_TOP] = { "A1", "A2", "B1", "B2", "C1", "C2" };
    struct buf out = BUF_INIT(DRAW_MAX);
    buf_lit(&out, "<svg class=\"radar\" viewBox=\"0 26 660 506\" role=\"img\" aria-label=\"");
    draw_text(&out, label);
    buf_lit(&out, "\">");
    int now[RADAR_AXES], before[RADAR_AXES], ring[RADAR_AXES];
    bool known = false;
    for (int i = 0; i < RADAR_AXES; i++) {
        assert(axes[i].now >= 0 && axes[i].now <= RADAR_TOP);
        now[i] = axes[i].now;
        before[i] = axes[i].before;
        known |= axes[i].before > 0;
    }
    for (int level = RADAR_TOP; level > 0; level--) {
        for (int i = 0; i < RADAR_AXES; i++)
            ring[i] = level;
        put_polygon(&out, level % 2 ? "web f-paper" : "web f-pale", ring);
    }
    for (int i = 0; i < RADAR_AXES; i++) {
        buf_printf(&out, "<path class=\"web\" d=\"M%d %dL", RADAR_X, RADAR_Y);
        put_point(&out, radar_x(i, RADAR_TOP), radar_y(i, RADAR_TOP), 1);
        buf_lit(&out, "\"/>");
    }
    if (known) put_polygon(&out, "was", before);
    put_polygon(&out, "now", now);
    for (int i = 0; i < RADAR_AXES; i++)
        put_axis(&out, i, &axes[i]);
    for (int i = 0; i < RADAR_TOP; i++) {
        buf_printf(&out, "<text class=\"lv\" x=\"%d\" y=\"", RADAR_X + 5);
        buf_num(&out, RADAR_Y - RADAR_RADIUS * (i + 1) / 6.0 + 15, 1);
        buf_printf(&out, "\">%s</text>", levels[i]);
    }
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}
