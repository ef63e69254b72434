/* SVG documents of our own making to PNG pictures, for badges that travel as files. */
#include "html/draw_inside.h"

#include <cairo.h>
#include <librsvg/rsvg.h>

static cairo_status_t write_to_buf(void *out, const unsigned char *data, unsigned n)
{
    buf_put(out, data, n);
    return ((struct buf *)out)->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool render(RsvgHandle *handle, int px, struct buf *out)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, px, px);
    cairo_t *cairo = cairo_create(surface);
    RsvgRectangle frame = { 0, 0, px, px };
    bool good =
        rsvg_handle_render_document(handle, cairo, &frame, NULL) &&
        cairo_surface_write_to_png_stream(surface, write_to_buf, out) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return good;
}

bool draw_png(struct str svg, int px, struct buf *out)
{
    if (px < 16 || px > 2048 || svg.n == 0) return false;
    RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg.p, svg.n, NULL);
    if (!handle) return false;
    bool good = render(handle, px, out);
    g_object_unref(handle);
    return good;
}
