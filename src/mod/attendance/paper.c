/* On paper: the sheet of a group with its signatures, and attestations of participation, as PDF. Cairo draws, pango sets the words; in
 * `prepare`, on a worker, since setting many names takes its time. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/id.h"
#include "base/time.h"
#include "mod/attendance/pages.h"

/* Points of an A4 page; 1 pt is 1/72 inch. */
#define A4_SHORT 595.0
#define A4_LONG 842.0
#define MARGIN 48.0
enum { SHEET_ROWS = 18, SHEET_HALVES = 8, PROOF_HALVES = 24 };

struct paper {
    struct request *r;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct buf out;
    double width, height;
};

static cairo_status_t keep(void *out, const unsigned char *data, unsigned n)
{
    buf_put(out, data, n);
    return ((struct buf *)out)->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void begin(struct paper *p, struct request *r, double width, double height, struct str title)
{
    *p = (struct paper){ .r = r, .width = width, .height = height };
    p->out = (struct buf)BUF_INIT(32 * MIB);
    p->surface = cairo_pdf_surface_create_for_stream(keep, &p->out, width, height);
    p->cr = cairo_create(p->surface);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE,
                                   arena_cstr(r->arena, title));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, "eduLAB");
}

static void end(struct paper *p, const char *name)
{
    struct request *r = p->r;
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    bool good = cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(p->surface);
    struct str data = arena_dup(r->arena, buf_view(&p->out));
    buf_finish(&p->out);
    if (!good) {
        http_fail(r, 500, STR_NONE);
        return;
    }
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"%s.pdf\"", name));
    http_header_set(r, "Cache-Control", S("private, no-store"));
    http_bytes(r, 200, "application/pdf", data);
}

/* Words in a box; returns their height. bold, and centred when asked for. */
enum { BOLD = 1, CENTRED = 2 };
static double words(struct paper *p, double x, double y, double width, double size, int how,
                    struct str text)
{
    PangoLayout *layout = pango_cairo_create_layout(p->cr);
    PangoFontDescription *font = pango_font_description_new();
    int height;
    pango_font_description_set_family(font, "DejaVu Sans");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (how & BOLD) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (how & CENTRED) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_text(layout, text.p ? text.p : "", (int)text.n);
    pango_layout_get_pixel_size(layout, NULL, &height);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    g_object_unref(layout);
    return height;
}

static void rule(struct paper *p, double x, double y, double width, double height)
{
    cairo_set_line_width(p->cr, 0.8);
    cairo_rectangle(p->cr, x, y, width, height);
    cairo_stroke(p->cr);
}

/* The page that dates need. */
static struct page page_of(struct request *r)
{
    return (struct page){ .arena = r->arena, .lang = r->lang, .now = r->now };
}

static struct str span_of(struct request *r, const struct cohort_half *h)
{
    struct page pg = page_of(r);
    return arena_printf(r->arena, "%.*s\n%.*s–%.*s", STR(date_short(&pg, h->starts_at)),
                        STR(time_of_day(&pg, h->starts_at)), STR(time_of_day(&pg, h->ends_at)));
}

/* --- the sheet ---------------------------------------------------------------------------------------------------------- */

static struct str cell_of(struct request *r, const attendance_mark *m)
{
    if (!m) return S("");
    struct page pg = page_of(r);
    struct str label = R_(attendance_label(attendance_state_of(m->state)));
    if (!str_is(m->way, "code")) return label;
    return arena_printf(r->arena, "%.*s\n%.*s", STR(label),
                        STR(fmt_plain(r->arena, R_(N_("signed at {0}")), time_of_day(&pg, m->at))));
}

static void sheet_page(struct paper *p, const struct attendance_group *g, size_t first_person,
                       size_t first_half)
{
    struct request *r = p->r;
    const double name = 170, row = 22, top = 118;
    size_t halves = g->half_count - first_half, people = g->n - first_person;
    if (halves > SHEET_HALVES) halves = SHEET_HALVES;
    if (people > SHEET_ROWS) people = SHEET_ROWS;
    double column = (p->width - 2 * MARGIN - name) / (double)(halves ? halves : 1);
    if (column > 140) column = 140;
    words(p, MARGIN, MARGIN - 10, p->width - 2 * MARGIN, 18, BOLD, R_(N_("Attendance sheet")));
    words(
        p, MARGIN, MARGIN + 16, p->width - 2 * MARGIN, 11, 0,
        arena_printf(r->arena, "%.*s, %.*s", STR(g->cohort.programme_title), STR(g->cohort.label)));
    for (size_t h = 0; h < halves; h++) {
        double x = MARGIN + name + (double)h * column;
        rule(p, x, top - 34, column, 34);
        words(p, x + 2, top - 30, column - 4, 9, CENTRED, span_of(r, &g->halves[first_half + h]));
    }
    for (size_t i = 0; i < people; i++) {
        double y = top + (double)i * row;
        size_t who = first_person + i;
        rule(p, MARGIN, y, name, row);
        words(p, MARGIN + 5, y + 5, name - 10, 10, BOLD, g->people[who].name);
        for (size_t h = 0; h < halves; h++) {
            double x = MARGIN + name + (double)h * column;
            rule(p, x, y, column, row);
            words(p, x + 2, y + 2, column - 4, 7.5, CENTRED,
                  cell_of(r, g->cells[who * g->half_count + first_half + h]));
        }
    }
    words(p, MARGIN, p->height - MARGIN - 4, p->width - 2 * MARGIN, 9, 0,
          R_(N_("Signed at: by the person, with the code in the room. Without an hour: by who "
                "trained. Empty boxes are for signatures by hand.")));
    cairo_show_page(p->cr);
}

static bool load(struct request *r, struct attendance_group *g)
{
    const struct attendance_form *f = r->form;
    if (attendance_load_group(r, f->id, g)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void attendance_sheet_prepare(struct request *r)
{
    struct attendance_group g;
    struct paper p;
    if (!load(r, &g)) return;
    begin(&p, r, A4_LONG, A4_SHORT, R_(N_("Attendance sheet")));
    for (size_t h = 0; h == 0 || h < g.half_count; h += SHEET_HALVES)
        for (size_t i = 0; i == 0 || i < g.n; i += SHEET_ROWS)
            sheet_page(&p, &g, i, h);
    end(&p, "presences");
}

/* --- attestations --------------------------------------------------------------------------------------------------------- */

static double proof_half(struct paper *p, const struct attendance_group *g, size_t who, size_t half,
                         double y)
{
    struct request *r = p->r;
    const attendance_mark *m = g->cells[who * g->half_count + half];
    struct page pg = page_of(r);
    if (!m || m->minutes <= 0) return y;
    words(p, MARGIN + 20, y, 300, 10, 0, date_time(&pg, g->halves[half].starts_at));
    words(p, MARGIN + 330, y, 160, 10, 0, duration_text(&pg, m->minutes));
    return y + 15;
}

static void proof_page(struct paper *p, const struct attendance_group *g, size_t who)
{
    struct request *r = p->r;
    struct page pg = page_of(r);
    const double wide = p->width - 2 * MARGIN;
    double y = 110;
    cairo_set_line_width(p->cr, 2);
    cairo_rectangle(p->cr, MARGIN / 2, MARGIN / 2, p->width - MARGIN, p->height - MARGIN);
    cairo_stroke(p->cr);
    words(p, MARGIN, MARGIN + 6, wide, 12, BOLD, S("eduLAB, TechnofuturTIC"));
    y += words(p, MARGIN, y, wide, 26, BOLD, R_(N_("Attestation of participation"))) + 28;
    y += words(p, MARGIN, y, wide, 20, BOLD, g->people[who].name) + 16;
    y += words(p, MARGIN, y, wide, 12, 0,
               fmt_plain(r->arena, R_(N_("took part in {0} ({1}), from {2} to {3}.")),
                         g->cohort.programme_title, g->cohort.label,
                         date_long(&pg, g->cohort.starts_at), date_long(&pg, g->cohort.ends_at))) +
         14;
    y += words(p, MARGIN, y, wide, 14, BOLD,
               fmt_plain(r->arena, R_(N_("{0} half-days of {1}, {2}")), g->attended[who],
                         g->half_count, duration_text(&pg, g->minutes[who]))) +
         20;
    for (size_t h = 0, shown = 0; h < g->half_count && shown < PROOF_HALVES; h++) {
        double after = proof_half(p, g, who, h, y);
        shown += after > y;
        y = after;
    }
    words(p, MARGIN, p->height - 150, wide, 11, 0,
          fmt_plain(r->arena, R_(N_("Made on {0} from the attendance that was signed.")),
                    date_long(&pg, r->now)));
    words(p, MARGIN, p->height - 110, wide, 11, 0, R_(N_("For the centre:")));
    cairo_show_page(p->cr);
}

void attendance_proofs_prepare(struct request *r)
{
    struct attendance_group g;
    struct paper p;
    size_t n = 0;
    if (!load(r, &g)) return;
    for (size_t i = 0; i < g.n; i++)
        n += g.attended[i] > 0;
    if (!n) {
        http_fail(r, 409, R_(N_("Nobody has signed a half-day of this group yet.")));
        return;
    }
    begin(&p, r, A4_SHORT, A4_LONG, R_(N_("Attestation of participation")));
    for (size_t i = 0; i < g.n; i++)
        if (g.attended[i]) proof_page(&p, &g, i);
    end(&p, "attestations");
}

/* One's own. */
void attendance_proof_prepare(struct request *r)
{
    struct attendance_group g;
    struct paper p;
    if (!load(r, &g)) return;
    for (size_t i = 0; i < g.n; i++)
        if (g.people[i].person_id == r->who.person_id && g.attended[i]) {
            begin(&p, r, A4_SHORT, A4_LONG, R_(N_("Attestation of participation")));
            proof_page(&p, &g, i);
            end(&p, "attestation");
            return;
        }
    http_fail(r, 404, STR_NONE);
}
