/* The page where the hours are proved: by modality and by competence, with every entry behind them. */
#include "access/audit.h"
#include "base/csv.h"
#include "base/id.h"
#include "learning_html.h"
#include "mod/learning/follow.h"
#include "mod/learning/hours.h"

enum { ROWS_SHOWN = 200, DECLARED_MOST = 12 * 60, YEAR_DAYS = 366 };

const struct param hours_list_params[] = {
    PARAM(struct hours_form, id, PARAM_ID),
    PARAM(struct hours_form, slug, PARAM_SLUG),
    { 0 },
};
const struct param hours_slug_params[] = {
    PARAM(struct hours_form, slug, PARAM_SLUG, .required = true), { 0 }
};
#define FORM struct hours_form
const struct param hours_declare_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true),
    PARAM(FORM, module, PARAM_ID, .required = true),
    PARAM(FORM, sorte, PARAM_SLUG, .required = true),
    PARAM(FORM, minutes, PARAM_INT, .required = true, .min = 5, .max = DECLARED_MOST),
    PARAM(FORM, date, PARAM_DATE, .required = true),
    PARAM(FORM, note, PARAM_TEXT, .required = true, .min = 3, .max = 200),
    PARAM(FORM, cle, PARAM_SLUG, .required = true, .max = ID_TEXT),
    { 0 },
};
#undef FORM
const struct param hours_back_params[] = {
    PARAM(struct hours_back_form, id, PARAM_ID, .required = true),
    PARAM(struct hours_back_form, slug, PARAM_SLUG),
    { 0 },
};

static enum hours_kind kind_of(struct str name)
{
    for (int i = 0; i < HOURS_KINDS; i++)
        if (str_is(name, hours_kind_name((enum hours_kind)i))) return (enum hours_kind)i;
    return HOURS_OWN;
}

static void add_sums(struct request *r, struct hours_sheet *s)
{
    struct learning_sql_hours_sums *sums;
    size_t n = learning_sql_hours_sums(r->db, s->person_id, s->programme->id, &sums);
    for (size_t i = 0; i < n; i++) {
        unsigned areas = competence_areas_of(sums[i].competences);
        s->by_kind[kind_of(sums[i].kind)] += sums[i].minutes;
        s->total += sums[i].minutes;
        for (int k = 0; k < COMPETENCE_AREAS; k++)
            if (areas >> k & 1) s->by_area[k] += sums[i].minutes;
    }
}

/* The learner's own, or with an id that of somebody whom the trainer follows; otherwise the answer is set. */
static bool load(struct request *r, int64_t id, struct str slug, struct hours_sheet *s)
{
    *s = (struct hours_sheet){ .person_id = id ? id : r->who.person_id };
    s->own = s->person_id == r->who.person_id;
    struct learning_sql_person_name name;
    if ((!s->own && !access_holds(r, "learning.follow")) ||
        !learning_sql_person_name(r->db, s->person_id, &name)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    s->person_name = name.name;
    s->programme_count = learning_sql_hours_programmes(r->db, s->person_id, &s->programmes);
    for (size_t i = 0; i < s->programme_count; i++)
        if (slug.n ? str_eq(s->programmes[i].slug, slug)
                   : !s->programme || s->programmes[i].minutes > s->programme->minutes)
            s->programme = &s->programmes[i];
    if (slug.n && !s->programme) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    if (!s->programme) return true;
    s->planned = s->programme->planned;
    add_sums(r, s);
    s->row_count =
        learning_sql_hours_rows(r->db, s->person_id, s->programme->id, ROWS_SHOWN, &s->rows);
    s->module_count = learning_sql_hours_modules(r->db, s->programme->version_id, &s->modules);
    return true;
}

bool hours_may(struct request *r)
{
    const struct hours_form *f = r->form;
    return follow_may_person(r, f->id);
}

void hours_list_get(struct request *r)
{
    const struct hours_form *f = r->form;
    struct hours_sheet sheet;
    struct hours_form blank = { .slug = f->slug, .date = r->now };
    if (load(r, f->id, f->slug, &sheet)) learning_hours(http_page(r), &sheet, &blank);
}

void hours_declare_form(struct request *r)
{
    const struct hours_form *f = r->form;
    struct hours_sheet sheet;
    if (load(r, 0, f->slug, &sheet)) learning_hours(http_page(r), &sheet, f);
}

static void csv_line(struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_put(out, cells[i], i + 1 < n ? ';' : '\n');
}

void hours_csv_get(struct request *r)
{
    const struct hours_form *f = r->form;
    struct hours_sheet s;
    if (!load(r, f->id, f->slug, &s)) return;
    if (!s.programme) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct learning_sql_hours_rows *rows;
    size_t n = learning_sql_hours_rows(r->db, s.person_id, s.programme->id, LIMIT_SQL_ROWS, &rows);
    struct buf out = BUF_INIT(LIMIT_PAGE);
    const struct str head[] = { R_(N_("Date")),  R_(N_("Module")),  R_(N_("How")),
                                R_(N_("Proof")), R_(N_("Minutes")), R_(N_("DigCompEdu")),
                                R_(N_("Remark")) };
    buf_lit(&out, CSV_MARK);
    csv_line(&out, head, COUNT(head));
    for (size_t i = 0; i < n; i++) {
        const struct learning_sql_hours_rows *e = &rows[i];
        const struct str cells[] = { date_value(r->arena, e->done_at),
                                     e->code.p ? e->code : S(""),
                                     R_(hours_kind_label(kind_of(e->kind))),
                                     R_(hours_origin_label(e->origin)),
                                     arena_printf(r->arena, "%lld", (long long)e->minutes),
                                     competence_codes(r->arena, e->competences),
                                     e->note };
        csv_line(&out, cells, COUNT(cells));
    }
    struct str text = arena_dup(r->arena, buf_view(&out));
    buf_finish(&out);
    http_header_set(
        r, "Content-Disposition",
        arena_printf(r->arena, "attachment; filename=\"heures-%.*s.csv\"", STR(s.programme->slug)));
    if (s.own || audit_taken(r, "hours.exported", "person", s.person_id,
                             json_pack("{s:I}", "rows", (json_int_t)n)))
        http_bytes(r, 200, "text/csv; charset=utf-8", text);
}

/* --- declaring ------------------------------------------------------------------------------------------------------ */

void hours_declare_apply(struct request *r)
{
    const struct hours_form *f = r->form;
    struct hours_sheet s;
    if (!load(r, 0, f->slug, &s)) return;
    struct learning_sql_hours_by_key sent;
    struct str key = arena_printf(r->arena, "declared/%.*s", STR(f->cle));
    struct str back = arena_printf(r->arena, "/mon-espace/heures/%.*s", STR(f->slug));
    if (learning_sql_hours_by_key(r->db, r->who.person_id, key,
                                  &sent)) { /* the button pressed twice */
        http_redirect(r, back, "heures-notees");
        return;
    }
    bool known = false;
    for (size_t i = 0; i < s.module_count; i++)
        known = known || s.modules[i].id == f->module;
    if (!known) http_invalid(r, "module", R_(N_("This choice is not one of ours.")));
    if (!str_is(f->sorte, "own") && !str_is(f->sorte, "creation"))
        http_invalid(r, "sorte", R_(N_("This choice is not one of ours.")));
    if (f->date > r->now || f->date < r->now - YEAR_DAYS * DAY_MS)
        http_invalid(r, "date", R_(N_("Choose a day of the last twelve months.")));
    struct learning_sql_declared_on day = { 0 };
    learning_sql_declared_on(r->db, r->who.person_id, f->date, f->date + DAY_MS, &day);
    if (day.minutes + f->minutes > DECLARED_MOST)
        http_invalid(r, "minutes", R_(N_("That makes more than twelve hours on this day.")));
    if (!http_ok(r)) return;
    hours_add(r->db,
              &(struct hours){ .person_id = r->who.person_id,
                               .programme_id = s.programme->id,
                               .module_id = f->module,
                               .kind = kind_of(f->sorte),
                               .origin = "declared",
                               .key = key,
                               .minutes = f->minutes,
                               .done_at = f->date,
                               .note = f->note,
                               .by = r->who.person_id },
              r->now);
    http_redirect(r, back, "heures-notees");
}

/* Only what one declared oneself; the rest is taken back where it came from. */
void hours_back_apply(struct request *r)
{
    const struct hours_back_form *f = r->form;
    struct learning_sql_hours_entry e;
    if (!learning_sql_hours_entry(r->db, f->id, &e) || e.person_id != r->who.person_id ||
        !str_is(e.origin, "declared")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    hours_take_back(r->db, e.person_id, e.key, S(""), r->who.person_id, r->now);
    http_redirect(r, arena_printf(r->arena, "/mon-espace/heures/%.*s", STR(e.slug)),
                  "heures-reprises");
}
