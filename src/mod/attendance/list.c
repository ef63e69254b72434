/* The list of who trains: one half-day, its code on the screen, and the whole group. */
#include "attendance_html.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/attendance/pages.h"

#define FORM struct attendance_form
const struct param attendance_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param attendance_list_params[] = { PARAM(FORM, seance, PARAM_ID, .required = true),
                                                { 0 } };
const struct param attendance_meetings_params[] = { PARAM(FORM, tous, PARAM_BOOL), { 0 } };
const struct param attendance_save_params[] = {
    PARAM(FORM, seance, PARAM_ID, .required = true),
    PARAM(FORM, marques, PARAM_LIST),
    PARAM(FORM, vus, PARAM_ID),
    PARAM(FORM, reste, PARAM_BOOL),
    PARAM(FORM, motif, PARAM_TEXT, .max = ATTENDANCE_REASON),
    { 0 },
};
#undef FORM

/* --- who may ---------------------------------------------------------------------------------------------------------------- */

static bool may(struct request *r, int64_t cohort_id)
{
    return access_holds_for(r, "learning.follow", "cohort", cohort_id) ||
           cohort_may_plan(r, cohort_id) ||
           (r->who.person_id && cohort_has_trainer(r->db, cohort_id, r->who.person_id));
}

bool attendance_may_half(struct request *r)
{
    const struct attendance_form *f = r->form;
    attendance_half half;
    return attendance_sql_half(r->db, f->seance, &half) ? may(r, half.cohort_id)
                                                        : access_holds(r, "learning.follow");
}

bool attendance_may_group(struct request *r)
{
    const struct attendance_form *f = r->form;
    return may(r, f->id);
}

/* --- meetings ----------------------------------------------------------------------------------------------------------------- */

static int64_t midnight(int64_t at, int days)
{
    struct civil c = time_civil(at);
    return time_from_civil(c.year, c.month, c.day + days, 0, 0);
}

void attendance_meetings_get(struct request *r)
{
    const struct attendance_form *f = r->form;
    struct attendance_meetings m = { .all = f->tous };
    int64_t whose = m.all ? 0 : r->who.person_id, today = midnight(r->now, 0),
            tomorrow = midnight(r->now, 1);
    m.today_count =
        attendance_sql_meetings(r->db, whose, today, tomorrow, ATTENDANCE_MEETINGS, &m.today);
    m.past_count = attendance_sql_meetings(r->db, whose, midnight(r->now, -21), today,
                                           ATTENDANCE_MEETINGS, &m.past);
    m.coming_count = attendance_sql_meetings(r->db, whose, tomorrow, midnight(r->now, 60),
                                             ATTENDANCE_MEETINGS, &m.coming);
    attendance_meetings(http_page(r), &m);
}

/* A meeting's list is that of the half-day which is now, or comes next, or was last. */
void attendance_meeting_get(struct request *r)
{
    const struct attendance_form *f = r->form;
    attendance_half *halves;
    size_t n = attendance_sql_halves_of(r->db, f->id, &halves), i = 0;
    if (!n || !may(r, halves[0].cohort_id)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    while (i + 1 < n && halves[i].ends_at <= r->now)
        i++;
    http_redirect(
        r, arena_printf(r->arena, "/gestion/presences/%.*s", STR(id_lower(r->arena, halves[i].id))),
        NULL);
}

/* --- one half-day --------------------------------------------------------------------------------------------------------------- */

static struct attendance_line *line_of(struct attendance_list *l, int64_t person_id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->lines[i].person_id == person_id) return &l->lines[i];
    return NULL;
}

size_t attendance_expected(struct db *db, int64_t cohort_id, struct attendance_sql_expected **ret)
{
    struct cohort c;
    bool date = cohort_find(db, cohort_id, &c) && c.module_id != DB_NULL;
    return date ? attendance_sql_expected_there(db, cohort_id, ATTENDANCE_PEOPLE, ret)
                : attendance_sql_expected(db, cohort_id, ATTENDANCE_PEOPLE, ret);
}

/* Who is expected, and who has a word although they are not (any more). */
static void load_people(struct request *r, struct attendance_list *l, const attendance_mark *marks,
                        size_t n)
{
    struct attendance_sql_expected *people;
    struct attendance_sql_person_name name;
    size_t count = attendance_expected(r->db, l->half.cohort_id, &people);
    l->lines = arena_array(r->arena, struct attendance_line, count + n + 1);
    for (size_t i = 0; i < count; i++)
        l->lines[l->n++] = (struct attendance_line){ .person_id = people[i].person_id,
                                                     .name = people[i].name,
                                                     .mark = { .state = S("") } };
    for (size_t i = 0; i < n; i++) {
        struct attendance_line *line = line_of(l, marks[i].person_id);
        if (!line && attendance_sql_person_name(r->db, marks[i].person_id, &name)) {
            line = &l->lines[l->n++];
            *line = (struct attendance_line){ .person_id = marks[i].person_id, .name = name.name };
        }
        if (line) line->mark = marks[i];
        if (marks[i].id > l->last) l->last = marks[i].id;
    }
}

static bool load(struct request *r, struct attendance_list *l)
{
    const struct attendance_form *f = r->form;
    attendance_half *halves;
    attendance_mark *marks;
    *l = (struct attendance_list){ 0 };
    if (!attendance_sql_half(r->db, f->seance, &l->half)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    l->half_count = attendance_sql_halves_of(r->db, l->half.meeting_id, &halves);
    l->halves = halves;
    size_t n = attendance_sql_marks(r->db, l->half.id, &marks);
    load_people(r, l, marks, n);
    for (size_t i = 0; i < l->n; i++)
        l->counts[attendance_state_of(l->lines[i].mark.state)]++;
    return true;
}

void attendance_list_get(struct request *r)
{
    struct attendance_list l;
    if (!load(r, &l)) return;
    l.history_count = attendance_sql_history(r->db, l.half.id, &l.history);
    attendance_list(http_page(r), &l, r->form);
}

void attendance_code_get(struct request *r)
{
    struct attendance_list l;
    char code[ATTENDANCE_DIGITS + 1];
    if (!load(r, &l)) return;
    attendance_code(l.half.id, r->now, code);
    l.code = arena_printf(r->arena, "%.3s %s", code, code + 3);
    l.address = arena_printf(r->arena, "%.*s/presence?seance=%.*s&code=%s", STR(http_public_url(r)),
                             STR(id_lower(r->arena, l.half.id)), code);
    http_header_set(r, "Cache-Control", S("no-store"));
    attendance_screen(http_page(r), &l);
}

/* --- writing the list ------------------------------------------------------------------------------------------------------------- */

/* "<person>.<state>", and behind "late" the minutes missed, behind "present" "live". */
static bool read_mark(struct str text, const attendance_half *half, struct attendance_word *ret)
{
    struct str rest = text, who = str_cut(&rest, '.'), state = str_cut(&rest, '.');
    *ret = (struct attendance_word){ .half = half,
                                     .way = "list",
                                     .state = attendance_state_of(state) };
    if (!id_parse(who, &ret->person_id) || ret->state == ATTENDANCE_NONE) return false;
    if (ret->state == ATTENDANCE_LATE)
        return str_to_int(rest, &ret->missed) && ret->missed > 0 && ret->missed < 24 * 60;
    ret->live = str_is(rest, "live") && str_is(half->mode, "both");
    return true;
}

static bool says_the_same(const struct attendance_word *w, const attendance_mark *mark)
{
    int64_t whole = (w->half->ends_at - w->half->starts_at) / MINUTE_MS;
    if (!str_eq(mark->state, attendance_code_of(w->state))) return false;
    if (w->state == ATTENDANCE_LATE) return whole - mark->minutes == w->missed;
    return (mark->live != 0) == w->live;
}

/* What was chosen and is not what the list showed: somebody may have signed since it was opened, and is left in peace. */
static size_t changes_of(struct request *r, struct attendance_list *l, struct attendance_word **ret)
{
    const struct attendance_form *f = r->form;
    attendance_mark *shown;
    size_t known = attendance_sql_marks_until(r->db, l->half.id, f->vus, &shown), n = 0;
    *ret = arena_array(r->arena, struct attendance_word, f->marques.n + 1);
    for (size_t i = 0; i < f->marques.n; i++) {
        struct attendance_word w;
        if (!read_mark(f->marques.items[i], &l->half, &w) || !line_of(l, w.person_id)) continue;
        bool same = says_the_same(&w, &line_of(l, w.person_id)->mark); /* sent twice */
        for (size_t k = 0; k < known; k++)
            same = same || (shown[k].person_id == w.person_id && says_the_same(&w, &shown[k]));
        if (!same) (*ret)[n++] = w;
    }
    return n;
}

static size_t the_rest(struct request *r, struct attendance_list *l, struct attendance_word *words,
                       size_t n, struct attendance_word **ret)
{
    *ret = arena_array(r->arena, struct attendance_word, n + l->n + 1);
    memcpy(*ret, words, n * sizeof *words);
    for (size_t i = 0; i < l->n; i++) {
        bool said = l->lines[i].mark.state.n > 0;
        for (size_t k = 0; k < n; k++)
            said = said || words[k].person_id == l->lines[i].person_id;
        if (!said)
            (*ret)[n++] = (struct attendance_word){ .half = &l->half,
                                                    .way = "list",
                                                    .state = ATTENDANCE_PRESENT,
                                                    .person_id = l->lines[i].person_id };
    }
    return n;
}

void attendance_save_apply(struct request *r)
{
    const struct attendance_form *f = r->form;
    struct attendance_list l;
    struct attendance_word *words;
    bool corrects = false;
    if (!load(r, &l)) return;
    if (r->now < l.half.starts_at - ATTENDANCE_BEFORE_MS) {
        http_invalid(r, NULL,
                     R_(N_("This half-day has not begun: its list opens half an hour before.")));
        return;
    }
    size_t n = changes_of(r, &l, &words);
    for (size_t i = 0; i < n; i++)
        corrects = corrects || line_of(&l, words[i].person_id)->mark.state.n;
    if (corrects && f->motif.n < 3)
        http_invalid(r, "motif", R_(N_("Something that stood there changes. Please say why.")));
    if (!http_ok(r)) return;
    if (f->reste) n = the_rest(r, &l, words, n, &words);
    for (size_t i = 0; i < n; i++) {
        words[i].by = r->who.person_id;
        words[i].reason =
            line_of(&l, words[i].person_id)->mark.state.n || words[i].state == ATTENDANCE_EXCUSED
                ? f->motif
                : S("");
        attendance_say(r->db, &words[i], r->now);
    }
    http_redirect(
        r, arena_printf(r->arena, "/gestion/presences/%.*s", STR(id_lower(r->arena, l.half.id))),
        n ? "liste-gardee" : "liste-pareille");
}
