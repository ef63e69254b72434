/* Cairo for the panels, librsvg for the drawing, pango for the words. */
#include "media/slide.h"

#include <cairo.h>
#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>

#include "base/limits.h"
#include "media/slide_art.h"

enum {
    PANEL = 864, /* 27 squares of paper */
    SQUARE = 32,
    LEFT = 64,
    TEXT = PANEL - 2 * LEFT,
    FOOT = 672,
};

static void colour(cairo_t *cr, const char *hex)
{
    unsigned rgb = (unsigned)strtoul(hex + 1, NULL, 16);
    cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0);
}

static void fill(cairo_t *cr, double x, double y, double w, double h, const char *hex)
{
    colour(cr, hex);
    cairo_rectangle(cr, x, y, w, h);
    cairo_fill(cr);
}

/* --- words ------------------------------------------------------------------------------------------------ */

struct pen {
    cairo_t *cr;
    const struct fonts *fonts;
};

/* A layout in one of the two fonts; `axes` sets a variable font, `bold` any other. */
static PangoLayout *lay(const struct pen *pen, struct str family, int size, const char *axes,
                        bool bold, int width, struct str text)
{
    PangoContext *context = pango_font_map_create_context(pen->fonts->map);
    PangoLayout *layout = pango_layout_new(context);
    g_object_unref(context);
    PangoFontDescription *font = pango_font_description_new();
    char name[128];
    snprintf(name, sizeof name, "%.*s", STR(family));
    pango_font_description_set_family(font, name);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold && str_is(family, "DejaVu Sans"))
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_font_description_set_variations(font, axes);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, width * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text.p ? text.p : "", (int)text.n);
    return layout;
}

static int height_of(PangoLayout *layout)
{
    int height;
    pango_layout_get_pixel_size(layout, NULL, &height);
    return height;
}

/* Shows and releases the layout; returns its height. */
static int show(const struct pen *pen, PangoLayout *layout, double x, double y, const char *hex)
{
    colour(pen->cr, hex);
    cairo_move_to(pen->cr, x, y);
    pango_cairo_show_layout(pen->cr, layout);
    int height = height_of(layout);
    g_object_unref(layout);
    return height;
}

static int show_heading(const struct pen *pen, const struct slide *s, double y)
{
    int size = s->point_count ? 62 : 84;
    PangoLayout *layout = lay(pen, pen->fonts->display, size, "wght=800", true, TEXT, s->heading);
    pango_layout_set_line_spacing(layout, 0.94f);
    return show(pen, layout, LEFT, y, SLIDE_INK);
}

static void show_shape(cairo_t *cr, double x, double y, double size, enum area area,
                       const char *hex);

static int show_point(const struct pen *pen, const struct slide *s, int i, double y)
{
    bool now = i == s->current, later = s->current >= 0 && i > s->current;
    PangoLayout *layout =
        lay(pen, pen->fonts->body, 36, now ? "wght=700" : "wght=400", now, TEXT - 76, s->points[i]);
    int height = height_of(layout);
    if (now) fill(pen->cr, LEFT - 24, y - 14, TEXT + 48, height + 28, SLIDE_ACCENT_TINT);
    show_shape(pen->cr, LEFT + 6, y + 6, 34, s->area,
               later ? SLIDE_LINE_SOFT : slide_hues[s->area].full);
    return show(pen, layout, LEFT + 64, y, later ? SLIDE_INK_SOFT : SLIDE_INK);
}

/* --- shapes ----------------------------------------------------------------------------------------------- */

static void show_svg(cairo_t *cr, struct str svg, double x, double y, double w, double h)
{
    RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg.p, svg.n, NULL);
    if (!handle) abort(); /* our own text */
    RsvgRectangle box = { x, y, w, h };
    rsvg_handle_render_document(handle, cr, &box, NULL);
    g_object_unref(handle);
}

static void show_shape(cairo_t *cr, double x, double y, double size, enum area area,
                       const char *hex)
{
    struct buf b = BUF_INIT(1 * KIB);
    buf_printf(&b,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><path d=\"%s\" "
               "fill=\"%s\"/></svg>",
               slide_shape(area), hex);
    show_svg(cr, buf_view(&b), x, y, size, size);
    buf_finish(&b);
}

static void show_art(cairo_t *cr, const struct slide *s)
{
    struct buf b = BUF_INIT(64 * KIB);
    slide_art(&b, s->area, s->seed, s->number);
    show_svg(cr, buf_view(&b), PANEL, 0, SLIDE_WIDTH - PANEL, SLIDE_HEIGHT);
    buf_finish(&b);
    fill(cr, PANEL - 2, 0, 4, SLIDE_HEIGHT, SLIDE_INK);
}

/* --- the picture ------------------------------------------------------------------------------------------ */

static void show_paper(cairo_t *cr)
{
    fill(cr, 0, 0, PANEL, SLIDE_HEIGHT, SLIDE_PAPER);
    for (int x = SQUARE; x < PANEL; x += SQUARE)
        fill(cr, x, FOOT - SQUARE, 1, SLIDE_HEIGHT - FOOT + SQUARE, SLIDE_GRID);
    for (int y = FOOT - SQUARE; y < SLIDE_HEIGHT; y += SQUARE)
        fill(cr, 0, y, PANEL, 1, SLIDE_GRID);
}

/* The slides as segments: done, here (yellow), to come. */
static void show_foot(cairo_t *cr, const struct slide *s)
{
    double width = (double)TEXT / (double)s->of;
    for (size_t i = 0; i < s->of; i++) {
        const char *hex = i < s->number    ? slide_hues[s->area].full
                          : i == s->number ? SLIDE_ACCENT
                                           : SLIDE_GROUND;
        double x = LEFT + width * (double)i;
        fill(cr, x, FOOT, width - 8, 16, SLIDE_INK);
        fill(cr, x + 2, FOOT + 2, width - 12, 12, hex);
    }
}

static void show_mark(const struct pen *pen, const struct slide *s)
{
    PangoLayout *layout = lay(pen, pen->fonts->display, 30, "wght=700", true, 400, s->mark);
    int width;
    pango_layout_get_pixel_size(layout, &width, NULL);
    double x = SLIDE_WIDTH - width - 60;
    fill(pen->cr, x, 24, width + 36, 52, SLIDE_INK);
    fill(pen->cr, x + 3, 27, width + 30, 46, SLIDE_ACCENT_TINT);
    show(pen, layout, x + 18, 50 - height_of(layout) / 2.0, SLIDE_INK);
}

static void draw(const struct pen *pen, const struct slide *s)
{
    show_paper(pen->cr);
    show_foot(pen->cr, s);
    show_art(pen->cr, s);
    show_mark(pen, s);
    if (s->point_count == 0) {
        show_shape(pen->cr, LEFT, 88, 96, s->area, slide_hues[s->area].full);
        show_heading(pen, s, 224);
        return;
    }
    double y = 72 + show_heading(pen, s, 64) + 52;
    for (size_t i = 0; i < s->point_count; i++)
        y += show_point(pen, s, (int)i, y) + 34;
}

bool slide_draw(struct arena *arena, const struct fonts *fonts, const struct slide *slide,
                struct str path)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, SLIDE_WIDTH, SLIDE_HEIGHT);
    struct pen pen = { .cr = cairo_create(surface), .fonts = fonts };
    draw(&pen, slide);
    cairo_destroy(pen.cr);
    bool ok = cairo_surface_write_to_png(surface, arena_cstr(arena, path)) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return ok;
}
