/* A whole group: person by person, half-day by half-day, with its hours. */
#include "attendance_html.h"
#include "access/audit.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/attendance/pages.h"

static void add_person(struct attendance_group *g, int64_t id, struct str name)
{
    g->people[g->n++] = (struct attendance_line){ .person_id = id, .name = name };
}

static size_t person_at(const struct attendance_group *g, int64_t id)
{
    size_t i = 0;
    while (i < g->n && g->people[i].person_id != id)
        i++;
    return i;
}

static size_t half_at(const struct attendance_group *g, int64_t id)
{
    size_t i = 0;
    while (i < g->half_count && g->halves[i].id != id)
        i++;
    return i;
}

/* Who is expected, and who came without. The marks stand person by person. */
static void load_people(struct request *r, struct attendance_group *g, const attendance_mark *marks,
                        size_t n)
{
    struct attendance_sql_expected *people;
    struct attendance_sql_person_name name;
    size_t count = attendance_expected(r->db, g->cohort.id, &people);
    g->people = arena_array(r->arena, struct attendance_line, count + n + 1);
    for (size_t i = 0; i < count; i++)
        add_person(g, people[i].person_id, people[i].name);
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || marks[i].person_id != marks[i - 1].person_id) &&
            person_at(g, marks[i].person_id) == g->n &&
            attendance_sql_person_name(r->db, marks[i].person_id, &name))
            add_person(g, marks[i].person_id, name.name);
}

/* A later word about the same half-day takes the place of the one before. */
static void fill_cells(struct attendance_group *g, const attendance_mark *marks, size_t n)
{
    size_t who = g->n;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || marks[i].person_id != marks[i - 1].person_id)
            who = person_at(g, marks[i].person_id);
        size_t half = half_at(g, marks[i].half_id);
        if (who < g->n && half < g->half_count) g->cells[who * g->half_count + half] = &marks[i];
    }
    for (size_t cell = 0; cell < g->n * g->half_count; cell++) {
        if (!g->cells[cell]) continue;
        g->minutes[cell / g->half_count] += g->cells[cell]->minutes;
        g->attended[cell / g->half_count] += g->cells[cell]->minutes > 0;
    }
}

bool attendance_load_group(struct request *r, int64_t cohort_id, struct attendance_group *g)
{
    attendance_mark *marks;
    *g = (struct attendance_group){ 0 };
    if (!cohort_find(r->db, cohort_id, &g->cohort)) return false;
    g->half_count = cohort_halves(r->db, cohort_id, &g->halves);
    size_t n = attendance_sql_group_marks(r->db, cohort_id, &marks);
    load_people(r, g, marks, n);
    g->cells = arena_array(r->arena, const attendance_mark *, g->n * g->half_count + 1);
    g->minutes = arena_array(r->arena, int64_t, g->n + 1);
    g->attended = arena_array(r->arena, size_t, g->n + 1);
    fill_cells(g, marks, n);
    return true;
}

void attendance_group_get(struct request *r)
{
    const struct attendance_form *f = r->form;
    struct attendance_group g;
    if (attendance_load_group(r, f->id, &g)) attendance_group(http_page(r), &g);
    else http_fail(r, 404, STR_NONE);
}

static struct str day_and_time(struct arena *a, int64_t at)
{
    struct civil c = time_civil(at);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

void attendance_csv_get(struct request *r)
{
    const struct attendance_form *f = r->form;
    struct attendance_group g;
    if (!attendance_load_group(r, f->id, &g)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct buf out = BUF_INIT(LIMIT_PAGE);
    buf_lit(&out, CSV_MARK);
    csv_put(&out, R_(N_("Name")), ';');
    for (size_t h = 0; h < g.half_count; h++)
        csv_put(&out, day_and_time(r->arena, g.halves[h].starts_at), ';');
    csv_put(&out, R_(N_("Half-days")), ';');
    csv_put(&out, R_(N_("Minutes")), '\n');
    for (size_t i = 0; i < g.n; i++) {
        csv_put(&out, g.people[i].name, ';');
        for (size_t h = 0; h < g.half_count; h++) {
            const attendance_mark *m = g.cells[i * g.half_count + h];
            csv_put(&out, m ? R_(attendance_label(attendance_state_of(m->state))) : S(""), ';');
        }
        csv_put(&out, arena_int(r->arena, (int64_t)g.attended[i], 1), ';');
        csv_put(&out, arena_int(r->arena, g.minutes[i], 1), '\n');
    }
    struct str text = arena_dup(r->arena, buf_view(&out));
    buf_finish(&out);
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"presences.csv\""));
    if (audit_taken(r, "group.exported", "cohort", f->id,
                    json_pack("{s:I}", "rows", (json_int_t)g.n)))
        http_bytes(r, 200, "text/csv; charset=utf-8", text);
}
