/* QR codes: libqrencode says which modules are dark, one path draws them. Black on white in both themes: cameras want it. */
#include <qrencode.h>

#include "base/limits.h"
#include "html/draw.h"

enum { QUIET = 4 }; /* modules of white around, as the standard asks */

struct html draw_qr(struct arena *a, struct str text, struct str label)
{
    struct buf out = BUF_INIT(256 * KIB);
    struct page pg = { .out = &out, .arena = a };
    QRcode *code = QRcode_encodeString8bit(arena_printf(a, "%.*s", STR(text)).p, 0, QR_ECLEVEL_M);
    if (!code) return (struct html){ S("") };
    int side = code->width + 2 * QUIET;
    buf_printf(&out, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", side,
               side);
    page_put_text(&pg, label);
    buf_printf(&out,
               "\"><path class=\"qr-light\" d=\"M0 0h%dv%dH0z\"/><path class=\"qr-dark\" d=\"",
               side, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0, run; x < code->width; x += run) {
            const unsigned char *row = code->data + y * code->width;
            for (run = 1; x + run < code->width && (row[x + run] & 1) == (row[x] & 1);)
                run++;
            if (row[x] & 1) buf_printf(&out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        }
    buf_printf(&out, "\"/></svg>");
    QRcode_free(code);
    struct html ret = { arena_dup(a, buf_view(&out)) };
    buf_finish(&out);
    return ret;
}
