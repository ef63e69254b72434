/* Meetings as staff plan them: one or a series, with what stands against them shown before anything is written. */
#include "base/id.h"
#include "base/time.h"
#include "cohort_html.h"
#include "mod/cohort/plan.h"

#define FORM struct plan_form
const struct param plan_meeting_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, module, PARAM_ID),
    PARAM(FORM, titre, PARAM_TEXT, .max = 120),
    PARAM(FORM, mode, PARAM_SLUG, .required = true, .max = 10),
    PARAM(FORM, jour, PARAM_DATE, .required = true),
    PARAM(FORM, de, PARAM_TEXT, .required = true, .max = 8),
    PARAM(FORM, a, PARAM_TEXT, .required = true, .max = 8),
    PARAM(FORM, salle, PARAM_ID),
    PARAM(FORM, endroit, PARAM_TEXT, .max = 120),
    PARAM(FORM, lien, PARAM_TEXT, .max = 300),
    PARAM(FORM, formateurs, PARAM_LIST),
    PARAM(FORM, fois, PARAM_INT, .min = 1, .max = PLAN_SERIES),
    PARAM(FORM, tous, PARAM_INT, .min = 1, .max = 60),
    PARAM(FORM, malgre, PARAM_BOOL),
    { 0 },
};
#undef FORM

bool plan_may_meeting(struct request *r)
{
    const struct plan_form *f = r->form;
    struct cohort_meeting m;
    return cohort_meeting_find(r->db, f->id, &m) ? cohort_may_plan(r, m.cohort_id)
                                                 : access_holds(r, "cohort.plan");
}

/* "9:05" or "09:05" as minutes of the day; -1: none. */
static int minutes_of(struct str text)
{
    int64_t hour, minute;
    struct str rest = text, first = str_cut(&rest, ':');
    rest = str_sub(rest, 0, 2);
    if (!str_to_int(first, &hour) || !str_to_int(rest, &minute)) return -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return -1;
    return (int)(hour * 60 + minute);
}

/* What was typed, as spans and the rest of a meeting; says beside the fields what is wrong. */
struct typed {
    struct cohort_meeting_in in;
    struct cohort_span spans[PLAN_SERIES];
    size_t n;
};

static void read_people(struct request *r, struct typed *t)
{
    const struct plan_form *f = r->form;
    struct account p;
    int64_t *ids = arena_array(r->arena, int64_t, PLAN_TRAINERS), id;
    for (size_t i = 0; i < f->formateurs.n && t->in.trainer_count < PLAN_TRAINERS; i++)
        if (id_parse(f->formateurs.items[i], &id) && people_find(r->db, id, &p))
            ids[t->in.trainer_count++] = id;
    t->in.trainers = ids;
}

static bool read_typed(struct request *r, int64_t cohort_id, struct typed *t)
{
    const struct plan_form *f = r->form;
    size_t errors = r->error_count;
    int from = minutes_of(f->de), until = minutes_of(f->a);
    struct cohort c = { .module_id = DB_NULL };
    cohort_find(r->db, cohort_id, &c); /* a date of one module is about that module */
    *t = (struct typed){ .in = { .cohort_id = cohort_id,
                                 .module_id = f->module ? f->module : c.module_id,
                                 .title = f->titre,
                                 .mode = f->mode,
                                 .place = f->endroit,
                                 .link = f->lien,
                                 .room_id = f->salle ? f->salle : DB_NULL } };
    if (from < 0) http_invalid(r, "de", R_(N_("A time is expected here, such as 13:30.")));
    if (until < 0) http_invalid(r, "a", R_(N_("A time is expected here, such as 13:30.")));
    if (from >= 0 && until >= 0 && until <= from)
        http_invalid(r, "a", R_(N_("The end is before the beginning.")));
    if (!str_is(f->mode, "onsite") && !str_is(f->mode, "remote") && !str_is(f->mode, "both"))
        http_invalid(r, "mode", R_(N_("Please choose one of the answers.")));
    if (f->lien.n && !str_starts(f->lien, S("https://")))
        http_invalid(r, "lien", R_(N_("A link begins with https://.")));
    if (r->error_count > errors) return false;
    read_people(r, t);
    t->n = f->fois > 1 ? (size_t)f->fois : 1;
    cohort_series(f->jour + 12 * HOUR_MS, from / 60, from % 60, until - from,
                  f->tous ? (int)f->tous : 7, t->n, t->spans);
    for (size_t i = 0; i < t->n; i++) { /* both ends were typed off the wall clock */
        struct civil day = time_civil(t->spans[i].starts_at);
        t->spans[i].ends_at = time_from_civil(day.year, day.month, day.day, until / 60, until % 60);
    }
    return true;
}

static void load_choices(struct request *r, struct plan_meeting *m)
{
    m->module_count = cohort_sql_modules_of(r->db, m->cohort.version_id, &m->modules);
    m->room_count = cohort_sql_rooms(r->db, &m->rooms);
    m->people_count = cohort_sql_can_train(r->db, &m->people);
}

/* All that stands against what was typed: of each meeting of a series. */
static size_t all_clashes(struct request *r, struct typed *t, int64_t except,
                          struct cohort_clash **ret)
{
    enum { MOST = 40 };
    size_t n = 0;
    *ret = arena_array(r->arena, struct cohort_clash, MOST);
    for (size_t i = 0; i < t->n; i++) {
        struct cohort_clash *list;
        t->in.starts_at = t->spans[i].starts_at;
        t->in.ends_at = t->spans[i].ends_at;
        size_t more = cohort_clashes(r->db, &t->in, except, &list);
        for (size_t k = 0; k < more && n < MOST; k++)
            (*ret)[n++] = list[k];
    }
    return n;
}

static bool warned(struct request *r, struct typed *t, int64_t except)
{
    const struct plan_form *f = r->form;
    struct cohort_clash *clashes;
    if (f->malgre || !all_clashes(r, t, except, &clashes)) return false;
    http_invalid(r, "malgre", R_(N_("Something stands against it. If that is all right, say so.")));
    return true;
}

/* The form, with what stands against what was typed when it comes back. */
static void show(struct request *r, int64_t cohort_id, int64_t meeting_id)
{
    struct plan_meeting m = { .meeting_id = meeting_id, .form = r->form };
    struct typed t;
    if (!cohort_find(r->db, cohort_id, &m.cohort)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    load_choices(r, &m);
    /* nothing is wrong with what was typed but what stands against it */
    if (r->error_count == 1 && str_is(str_from(r->errors[0].field), "malgre") &&
        read_typed(r, cohort_id, &t))
        m.clash_count = all_clashes(r, &t, meeting_id, &m.clashes);
    cohort_plan_meeting(http_page(r), &m);
}

void plan_add_get(struct request *r)
{
    struct plan_form *f = r->form;
    if (!r->error_count) f->jour = DB_NULL;
    show(r, f->id, 0);
}

static struct str group_of(struct request *r, int64_t cohort_id)
{
    return arena_printf(r->arena, "/gestion/cohortes/%.*s", STR(id_lower(r->arena, cohort_id)));
}

void plan_add_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    struct cohort c;
    struct typed t;
    if (!cohort_find(r->db, f->id, &c)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!read_typed(r, c.id, &t) || warned(r, &t, 0)) return;
    for (size_t i = 0; i < t.n; i++) {
        t.in.starts_at = t.spans[i].starts_at;
        t.in.ends_at = t.spans[i].ends_at;
        cohort_meeting_add(r->db, &t.in, r->now);
    }
    catalogue_index_programme(r->db, c.programme_id, r->now);
    http_redirect(r, group_of(r, c.id), "seance-planifiee");
}

static struct str clock_of(struct arena *a, int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_printf(a, "%02d:%02d", c.hour, c.minute);
}

/* What stands there now, as if it were typed. */
static void fill(struct request *r, const struct cohort_sql_raw_meeting *m)
{
    struct plan_form *f = r->form;
    struct cohort_sql_meeting_trainers *rows;
    struct civil c = time_civil(m->starts_at);
    size_t n = cohort_sql_meeting_trainers(r->db, m->id, &rows);
    f->module = m->module_id == DB_NULL ? 0 : m->module_id;
    f->titre = m->title;
    f->mode = m->mode;
    f->jour = time_from_civil(c.year, c.month, c.day, 0, 0);
    f->de = clock_of(r->arena, m->starts_at);
    f->a = clock_of(r->arena, m->ends_at);
    f->salle = m->room_id == DB_NULL ? 0 : m->room_id;
    f->endroit = m->place;
    f->lien = m->link;
    f->formateurs = (struct str_list){ arena_array(r->arena, struct str, n + 1), n };
    for (size_t i = 0; i < n; i++)
        f->formateurs.items[i] = id_lower(r->arena, rows[i].person_id);
}

void plan_meeting_get(struct request *r)
{
    struct plan_form *f = r->form;
    struct cohort_sql_raw_meeting m;
    if (!cohort_sql_raw_meeting(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!r->error_count) fill(r, &m);
    show(r, m.cohort_id, m.id);
}

void plan_meeting_apply(struct request *r)
{
    struct plan_form *f = r->form;
    struct cohort_sql_raw_meeting m;
    struct typed t;
    if (!cohort_sql_raw_meeting(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    f->fois = 1;
    if (!read_typed(r, m.cohort_id, &t) || warned(r, &t, m.id)) return;
    t.in.starts_at = t.spans[0].starts_at;
    t.in.ends_at = t.spans[0].ends_at;
    bool changed = cohort_meeting_change(r->db, m.id, &t.in, r->now);
    http_redirect(r, group_of(r, m.cohort_id), changed ? "seance-changee" : NULL);
}

void plan_meeting_cancel_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    struct cohort_meeting m;
    if (!cohort_meeting_find(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    cohort_meeting_cancel(r->db, m.id, r->now);
    http_redirect(r, group_of(r, m.cohort_id), "seance-annulee");
}
