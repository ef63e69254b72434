/* People: portraits of roles, and whole figures for scenes. Round, thick strokes, two points for the eyes. */
#include "html/draw_inside.h"

#include <assert.h>

/* --- portraits -------------------------------------------------------------------------------------------------- */

/* Not kept like covers are: there are as many names as people, and a portrait is quickly drawn. */
struct html draw_avatar(struct arena *a, struct str name, int size)
{
    static const enum hue grounds[] = { HUE_FORM, HUE_TV,   HUE_COM,   HUE_EV,
                                        HUE_LAB,  HUE_CERT, HUE_ACCENT };
    static const char *const hairs[] = {
        "M14 30a18 18 0 0 1 36 0h-36z",
        "M14 40V28a18 18 0 0 1 36 0v4H14z",
        "M12 44V30a20 20 0 0 1 40 0v14h-6V28H18v16z",
        "M14 29a18 18 0 0 1 30-12q6 4 6 12-14 0-18-8-4 8-18 8z",
        "M32 8a9 9 0 0 1 8 6a18 18 0 0 1 10 16H14a18 18 0 0 1 10-16a9 9 0 0 1 8-6z",
    };
    assert(size > 0 && size <= 2048);
    struct chance chance = chance_from(name, "");
    enum hue ground = grounds[chance_below(&chance, COUNT(grounds))];
    unsigned skin = 1 + chance_below(&chance, 3);
    enum hue others[COUNT(grounds)];
    unsigned n = 0;
    for (size_t i = 0; i < COUNT(grounds); i++)
        if (grounds[i] != ground) others[n++] = grounds[i];
    enum hue body = others[chance_below(&chance, n)];
    const char *hair = hairs[chance_below(&chance, COUNT(hairs))];

    struct buf out = BUF_INIT(DRAW_MAX);
    buf_printf(&out, "<svg class=\"avatar\" width=\"%d\" height=\"%d\" viewBox=\"0 0 64 64\"", size,
               size);
    draw_attr_end(&out);
    buf_printf(&out, "<rect width=\"64\" height=\"64\" class=\"f-%s\"/>", hue_names[ground]);
    buf_printf(&out,
               "<path d=\"M8 64a24 18 0 0 1 48 0z\" class=\"f-%s s-fig\" stroke-width=\"2\"/>",
               hue_names[body]);
    buf_printf(&out,
               "<circle cx=\"32\" cy=\"32\" r=\"17\" class=\"f-skin%u s-fig\" stroke-width=\"2\"/>",
               skin);
    buf_printf(&out, "<path d=\"%s\" class=\"f-fig\"/>", hair);
    buf_lit(&out, "<circle cx=\"26\" cy=\"35\" r=\"1.8\" class=\"f-eye\"/>"
                  "<circle cx=\"38\" cy=\"35\" r=\"1.8\" class=\"f-eye\"/>"
                  "<path d=\"M28 41q4 3 8 0\" class=\"s-eye\" stroke-width=\"1.8\"/></svg>");
    return draw_done(a, &out);
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

/* A limb: the outline, and on it the colour. */
static void put_limb(struct buf *out, const char *path, const char *hue, int width)
{
    buf_printf(out, "<path d=\"%s\" class=\"limb s-fig\" stroke-width=\"%d\"/>", path, width + 6);
    buf_printf(out, "<path d=\"%s\" class=\"limb s-%s\" stroke-width=\"%d\"/>", path, hue, width);
}

static void put_head(struct buf *out, const struct person *p)
{
    static const char *const hairs[] = {
        "M-21-136a21 21 0 0 1 42 0q-12 2-20-8-8 8-22 8z",
        "M-22-137a22 22 0 0 1 44 0q-8-5-14-4h-16q-8 0-14 4z",
        "M-25-108v-28a25 25 0 0 1 50 0v28h-7v-31q-8 1-18-4-8 4-18 4v31z",
        "M0-170a10 10 0 0 1 9 14a21 21 0 0 1 12 20h-42a21 21 0 0 1 12-20a10 10 0 0 1 9-14z",
    };
    assert(p->hair >= 0 && p->hair < (int)COUNT(hairs) && p->skin >= 1 && p->skin <= 3);
    buf_printf(out, "<circle cy=\"-134\" r=\"21\" class=\"f-skin%d s-fig\" stroke-width=\"3\"/>",
               p->skin);
    buf_printf(out, "<path d=\"%s\" class=\"f-fig\"/>", hairs[p->hair]);
    buf_lit(out, "<circle cx=\"5\" cy=\"-131\" r=\"2.2\" class=\"f-eye\"/>"
                 "<circle cx=\"15\" cy=\"-131\" r=\"2.2\" class=\"f-eye\"/>"
                 "<path d=\"M6-123q5 3 9 0\" class=\"s-eye\" stroke-width=\"2\"/>");
}

struct html draw_person(struct arena *a, const struct person *p)
{
    struct buf out = BUF_INIT(DRAW_MAX);
    buf_lit(&out, "<g transform=\"translate(");
    buf_num(&out, p->x, 2);
    buf_putc(&out, ' ');
    buf_num(&out, p->y, 2);
    buf_lit(&out, ") scale(");
    buf_num(&out, p->flip ? -p->scale : p->scale, 3);
    buf_putc(&out, ' ');
    buf_num(&out, p->scale, 3);
    buf_lit(&out, ")\">");
    bool standing = !p->legs[0];
    put_limb(&out, p->arms[0] ? p->arms[0] : "M-20-96 -34-62 -28-40", p->top, 11);
    put_limb(&out, standing ? "M-10-46 -12-4" : p->legs[0], "form", 13);
    put_limb(&out, standing ? "M10-46 12-4" : p->legs[1], "form", 13);
    if (standing)
        buf_lit(&out, "<path d=\"M-14-2h-8a6 6 0 0 0-6 6h18v-6z M10-2h8a6 6 0 0 1 6 6H8z\" "
                      "class=\"f-fig\"/>");
    buf_printf(
        &out,
        "<path d=\"M-24-44v-48a24 20 0 0 1 48 0v48z\" class=\"f-%s s-fig\" stroke-width=\"3\"/>",
        p->top);
    if (p->stripes)
        buf_printf(&out, "<path d=\"M-22-72h44M-22-58h44\" class=\"s-%s\" stroke-width=\"7\"/>",
                   p->stripes);
    put_head(&out, p);
    put_limb(&out, p->arms[1] ? p->arms[1] : "M20-96 34-62 28-40", p->top, 11);
    buf_lit(&out, "</g>");
    return draw_done(a, &out);
}
