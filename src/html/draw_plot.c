/* Plots of figures: bars over time and a curve. A table with the same numbers always stands beside. */
#include "html/draw_inside.h"

#include <math.h>

enum { PLOT_W = 640, PLOT_H = 260, PLOT_TOP = 30, PLOT_LEFT = 4, PLOT_FOOT = 34 };

static void begin(struct buf *out, struct str label)
{
    buf_printf(out, "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", PLOT_W,
               PLOT_H);
    draw_text(out, label);
    buf_lit(out, "\">");
}

static void put_word(struct buf *out, const char *cls, double x, double y, struct str text)
{
    buf_printf(out, "<text class=\"%s\" x=\"", cls);
    buf_num(out, x, 1);
    buf_lit(out, "\" y=\"");
    buf_num(out, y, 1);
    buf_lit(out, "\">");
    draw_text(out, text);
    buf_lit(out, "</text>");
}

static void put_base(struct buf *out)
{
    buf_printf(out, "<path class=\"axis\" d=\"M0 %dH%d\"/>", PLOT_H - PLOT_FOOT, PLOT_W);
}

struct html draw_bars(struct arena *a, const struct plot_bar *bars, size_t n, struct str label)
{
    struct buf out = BUF_INIT(DRAW_MAX);
    double most = 0, room = PLOT_H - PLOT_FOOT - PLOT_TOP;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, bars[i].value);
    begin(&out, label);
    double step = n ? (double)(PLOT_W - 2 * PLOT_LEFT) / (double)n : 0;
    bool said = false;
    for (size_t i = 0; i < n; i++) {
        double height = most > 0 ? fmax(bars[i].value, 0) / most * room : 0;
        double x = PLOT_LEFT + (double)i * step, y = PLOT_H - PLOT_FOOT - height;
        if (height > 0) {
            buf_lit(&out, "<rect class=\"col\" x=\"");
            buf_num(&out, x + step * 0.12, 1);
            buf_lit(&out, "\" y=\"");
            buf_num(&out, y, 1);
            buf_lit(&out, "\" width=\"");
            buf_num(&out, step * 0.76, 1);
            buf_lit(&out, "\" height=\"");
            buf_num(&out, height, 1);
            buf_lit(&out, "\"/>");
        }
        if (!said && most > 0 && bars[i].value == most) {
            double middle = fmin(fmax(x + step / 2, 60), PLOT_W - 60);
            put_word(&out, "top", middle, y - 9, bars[i].text);
            said = true;
        }
        put_word(&out, i % 2 ? "opt" : "lab", x + step / 2, PLOT_H - 8, bars[i].label);
    }
    put_base(&out);
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}

struct html draw_curve(struct arena *a, const double *shares, size_t n, struct str first,
                       struct str last, struct str label)
{
    struct buf out = BUF_INIT(DRAW_MAX);
    double room = PLOT_H - PLOT_FOOT - PLOT_TOP, foot = PLOT_H - PLOT_FOOT;
    begin(&out, label);
    for (int quarter = 1; quarter <= 4; quarter++) {
        double y = foot - room * quarter / 4;
        buf_lit(&out, "<path class=\"web\" d=\"M0 ");
        buf_num(&out, y, 1);
        buf_printf(&out, "H%d\"/>", PLOT_W);
    }
    put_word(&out, "lab start", 2, PLOT_TOP - 8, S("100\u00a0%"));
    if (n > 1) {
        buf_printf(&out, "<path class=\"area\" d=\"M0 %d", PLOT_H - PLOT_FOOT);
        for (size_t i = 0; i < n; i++) {
            double share = fmin(fmax(shares[i], 0), 1);
            buf_putc(&out, 'L');
            buf_num(&out, (double)i / (double)(n - 1) * PLOT_W, 1);
            buf_putc(&out, ' ');
            buf_num(&out, foot - share * room, 1);
        }
        buf_printf(&out, "V%dz\"/>", PLOT_H - PLOT_FOOT);
    }
    put_base(&out);
    put_word(&out, "lab start", 2, PLOT_H - 8, first);
    put_word(&out, "lab end", PLOT_W - 2, PLOT_H - 8, last);
    buf_lit(&out, "</svg>");
    return draw_done(a, &out);
}
