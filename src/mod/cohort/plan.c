/* Groups as staff plan them: list, new, changed, cancelled; rooms. */
#include "mod/cohort/plan.h"

#include "base/id.h"
#include "base/time.h"
#include "cohort_html.h"

#define AT "/gestion/cohortes"
#define FORM struct plan_form
#define QUOTA(i)                                                                                   \
    {                                                                                              \
        .name = "quota" #i, .kind = PARAM_INT, .offset = offsetof(FORM, quota[i]), .max = 10000    \
    }
#define PLAN                                                                                       \
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 80),                                     \
        PARAM(FORM, lieu, PARAM_TEXT, .max = 120), PARAM(FORM, places, PARAM_INT, .max = 10000),   \
        PARAM(FORM, ouvre, PARAM_DATE), PARAM(FORM, ferme, PARAM_DATE),                            \
        PARAM(FORM, accord, PARAM_BOOL), PARAM(FORM, heures, PARAM_INT, .max = 720),               \
        PARAM(FORM, note, PARAM_LONG, .max = 5000),                                                \
        PARAM(FORM, questions, PARAM_LONG, .max = 4000), QUOTA(0), QUOTA(1), QUOTA(2), QUOTA(3),   \
        QUOTA(4), QUOTA(5), QUOTA(6), QUOTA(7), QUOTA(8), QUOTA(9)
const struct param plan_list_params[] = { PARAM(FORM, q, PARAM_TEXT, .max = 80),
                                          PARAM(FORM, page, PARAM_INT, .min = 1, .max = 10000),
                                          { 0 } };
const struct param plan_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param plan_choose_params[] = {
    { .name = "choix", .kind = PARAM_SLUG, .offset = offsetof(FORM, programme) }, { 0 }
};
const struct param plan_new_params[] = {
    PARAM(FORM, programme, PARAM_SLUG, .required = true),
    PARAM(FORM, module, PARAM_ID),
    PARAM(FORM, du, PARAM_DATE, .required = true),
    PARAM(FORM, au, PARAM_DATE, .required = true),
    PLAN,
    { 0 },
};
const struct param plan_change_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                            PLAN,
                                            { 0 } };
const struct param plan_room_params[] = { PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 80),
                                          PARAM(FORM, lieu, PARAM_TEXT, .max = 120),
                                          PARAM(FORM, places, PARAM_INT, .max = 2000),
                                          { 0 } };
#undef FORM

static struct str group_path(struct request *r, int64_t id)
{
    return arena_printf(r->arena, AT "/%.*s", STR(id_lower(r->arena, id)));
}

struct str plan_day(struct arena *a, int64_t day)
{
    if (day == DB_NULL) return S("");
    struct civil c = time_civil(day);
    return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

bool plan_may(struct request *r)
{
    const struct plan_form *f = r->form;
    return cohort_may_plan(r, f->id);
}

/* --- the list ------------------------------------------------------------------------------------------------------------- */

void plan_list_get(struct request *r)
{
    const struct plan_form *f = r->form;
    struct plan_list l = { .q = f->q };
    struct cohort_sql_count_planned count = { 0 };
    struct str like = arena_printf(r->arena, "%%%.*s%%", STR(f->q));
    int64_t page = f->page > 1 ? f->page : 1;
    cohort_sql_count_planned(r->db, like, &count);
    l.n = cohort_sql_planned_list(r->db, like, r->now, PLAN_ROWS, (page - 1) * PLAN_ROWS, &l.rows);
    l.pager = (struct ui_pager){ .page = page,
                                 .pages = (count.n + PLAN_ROWS - 1) / PLAN_ROWS,
                                 .base = f->q.n ? arena_printf(r->arena, AT "?q=%.*s", STR(f->q))
                                                : S(AT) };
    cohort_plan_list(http_page(r), &l);
}

/* --- questions ------------------------------------------------------------------------------------------------------------ */

struct str plan_questions_text(struct db *db, int64_t cohort_id)
{
    struct cohort_question *questions;
    size_t n = cohort_questions(db, cohort_id, &questions);
    struct buf b = BUF_INIT(LIMIT_TEXT);
    for (size_t i = 0; i < n; i++) {
        struct str rest = questions[i].choices;
        if (questions[i].required) buf_lit(&b, "* ");
        buf_str(&b, questions[i].label);
        for (const char *mark = " : "; rest.n; mark = " ; ") {
            buf_str(&b, str_from(mark));
            buf_str(&b, str_trim(str_cut(&rest, '\n')));
        }
        buf_putc(&b, '\n');
    }
    struct str text = arena_dup(db_arena(db), buf_view(&b));
    buf_finish(&b);
    return text;
}

/* "a ; b ; c" as lines. */
static struct str lines_of(struct arena *a, struct str choices)
{
    struct str out = S("");
    while (choices.n) {
        struct str one = str_trim(str_cut(&choices, ';'));
        if (one.n) out = out.n ? arena_join(a, out, S("\n"), one) : one;
    }
    return out;
}

void plan_set_questions(struct db *db, int64_t cohort_id, struct str text, int64_t now)
{
    struct cohort_question *old;
    size_t n = cohort_questions(db, cohort_id, &old);
    bool *kept = arena_array(db_arena(db), bool, n + 1);
    for (int64_t position = 0; text.n && position < COHORT_QUESTIONS;) {
        struct str line = str_trim(str_cut(&text, '\n'));
        bool required = str_starts(line, S("*")), known = false;
        if (required) line = str_trim(str_sub(line, 1, line.n));
        size_t mark = str_search(line, S(" : "));
        struct str label = str_trim(str_sub(line, 0, mark));
        struct str choices =
            mark < line.n ? lines_of(db_arena(db), str_sub(line, mark + 3, line.n)) : S("");
        if (!label.n) continue;
        for (size_t i = 0; i < n && !known; i++)
            if (!kept[i] && str_eq(old[i].label, label) && str_eq(old[i].choices, choices)) {
                kept[i] = known = true; /* what was answered stays its answer */
                cohort_sql_place_question(db, old[i].id, position, required);
            }
        if (!known)
            cohort_sql_add_question(db, id_new(), cohort_id, position, label, choices, required);
        position++;
    }
    for (size_t i = 0; i < n; i++)
        if (!kept[i]) cohort_sql_remove_question(db, old[i].id, now);
}

/* --- one group ------------------------------------------------------------------------------------------------------------ */

static void set_plan(struct request *r, int64_t cohort_id)
{
    const struct plan_form *f = r->form;
    struct cohort_sql_networks *networks;
    cohort_sql_set_plan(r->db, &(struct cohort_sql_set_plan_in){
                                   .cohort = cohort_id,
                                   .opens = f->ouvre,
                                   .closes = f->ferme == DB_NULL ? DB_NULL : f->ferme + DAY_MS,
                                   .approval = f->accord,
                                   .answer_hours = f->heures,
                                   .note = f->note.p ? f->note : S(""),
                                   .by = r->who.person_id,
                                   .now = r->now });
    size_t n = cohort_sql_networks(r->db, &networks);
    cohort_sql_drop_quotas(r->db, cohort_id);
    for (size_t i = 0; i < n && i < PLAN_NETWORKS; i++)
        if (f->quota[i]) cohort_sql_set_quota(r->db, cohort_id, networks[i].id, f->quota[i]);
    plan_set_questions(r->db, cohort_id, f->questions, r->now);
}

void plan_new_get(struct request *r)
{
    struct plan_form *f = r->form;
    struct plan_new s = { .form = f };
    s.programme_count = cohort_sql_plannable(r->db, &s.programmes);
    s.network_count = cohort_sql_networks(r->db, &s.networks);
    if (f->programme.n && (f->module || !r->error_count))
        s.module_count = cohort_sql_modules_published(r->db, f->programme, &s.modules);
    if (!r->error_count && !f->nom.p) f->du = f->au = f->ouvre = f->ferme = DB_NULL;
    cohort_plan_new(http_page(r), &s);
}

static bool has_module(struct request *r, struct str programme, int64_t module_id)
{
    struct cohort_sql_modules_of *list;
    size_t n = cohort_sql_modules_published(r->db, programme, &list), i = 0;
    while (i < n && list[i].id != module_id)
        i++;
    return i < n;
}

void plan_new_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    struct catalogue_programme p;
    if (f->au < f->du) http_invalid(r, "au", R_(N_("The last day is before the first.")));
    if (!catalogue_programme_find(r->db, f->programme, &p))
        http_invalid(r, "programme", R_(N_("Please choose a programme.")));
    if (f->module && !has_module(r, f->programme, f->module))
        http_invalid(r, "module", R_(N_("This programme has no such module.")));
    if (!http_ok(r)) return;
    int64_t id = catalogue_cohort_write(
        r->db, &(struct catalogue_cohort_in){ .programme_id = p.id,
                                              .module_id = f->module ? f->module : DB_NULL,
                                              .label = f->nom,
                                              .place = f->lieu.p ? f->lieu : S(""),
                                              .starts_at = f->du + 9 * HOUR_MS,
                                              .ends_at = f->au + 17 * HOUR_MS,
                                              .places = f->places });
    if (!id) {
        http_invalid(r, "programme", R_(N_("This programme was never published.")));
        return;
    }
    set_plan(r, id);
    catalogue_index_programme(r->db, p.id, r->now);
    http_redirect(r, group_path(r, id), "groupe-planifie");
}

static void find_clashes(struct request *r, struct plan_sheet *s)
{
    s->clashes = arena_array(r->arena, struct cohort_clash *, s->meeting_count + 1);
    s->clash_counts = arena_array(r->arena, size_t, s->meeting_count + 1);
    for (size_t i = 0; i < s->meeting_count; i++) {
        const struct cohort_meeting *m = &s->meetings[i];
        int64_t trainers[PLAN_TRAINERS];
        size_t n = 0;
        for (size_t k = 0; k < s->trainer_count && n < PLAN_TRAINERS; k++)
            if (s->trainers[k].meeting_id == m->id) trainers[n++] = s->trainers[k].person_id;
        struct cohort_meeting_in in = { .cohort_id = m->cohort_id,
                                        .room_id = m->room_id,
                                        .starts_at = m->starts_at,
                                        .ends_at = m->ends_at,
                                        .trainers = trainers,
                                        .trainer_count = n };
        if (m->cancelled_at == DB_NULL && m->ends_at > r->now)
            s->clash_counts[i] = cohort_clashes(r->db, &in, m->id, &s->clashes[i]);
    }
}

void plan_show_get(struct request *r)
{
    const struct plan_form *f = r->form;
    struct plan_sheet s = { .form = r->error_count ? f : NULL };
    if (!cohort_find(r->db, f->id, &s.cohort)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    s.meeting_count = cohort_meetings(r->db, f->id, &s.meetings);
    s.trainer_count = cohort_trainers(r->db, f->id, &s.trainers);
    s.network_count = cohort_sql_networks(r->db, &s.networks);
    if (s.network_count > PLAN_NETWORKS) s.network_count = PLAN_NETWORKS;
    struct cohort_sql_quotas *quotas;
    size_t n = cohort_sql_quotas(r->db, f->id, &quotas);
    for (size_t i = 0; i < s.network_count; i++)
        for (size_t k = 0; k < n; k++)
            if (quotas[k].organisation_id == s.networks[i].id) s.quotas[i] = quotas[k].places;
    s.questions = s.form ? f->questions : plan_questions_text(r->db, f->id);
    find_clashes(r, &s);
    cohort_plan_show(http_page(r), &s);
}

void plan_change_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    struct cohort c;
    if (!cohort_find(r->db, f->id, &c)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    catalogue_cohort_write(r->db,
                           &(struct catalogue_cohort_in){ .id = c.id,
                                                          .label = f->nom,
                                                          .place = f->lieu.p ? f->lieu : S(""),
                                                          .starts_at = c.starts_at,
                                                          .ends_at = c.ends_at,
                                                          .places = f->places });
    set_plan(r, c.id);
    catalogue_index_programme(r->db, c.programme_id, r->now);
    http_redirect(r, group_path(r, c.id), "groupe-note");
}

/* All its meetings are cancelled with it; who is in is told by the module that knows them. */
void plan_cancel_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    struct cohort c;
    struct cohort_meeting *meetings;
    if (!cohort_find(r->db, f->id, &c)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (c.cancelled_at == DB_NULL) {
        cohort_sql_cancel_plan(r->db, c.id, r->who.person_id, r->now);
        size_t n = cohort_meetings(r->db, c.id, &meetings);
        for (size_t i = 0; i < n; i++)
            if (meetings[i].ends_at > r->now)
                cohort_sql_cancel_meeting(r->db, meetings[i].id, r->now);
        event_emit(r->db, "cohort.cancelled",
                   json_pack("{s:I, s:I}", "cohort", (json_int_t)c.id, "by",
                             (json_int_t)r->who.person_id));
        catalogue_index_programme(r->db, c.programme_id, r->now);
    }
    http_redirect(r, group_path(r, c.id), "groupe-annule");
}

/* --- rooms ------------------------------------------------------------------------------------------------------------------ */

void plan_rooms_get(struct request *r)
{
    struct cohort_sql_rooms *rooms;
    size_t n = cohort_sql_rooms(r->db, &rooms);
    cohort_plan_rooms(http_page(r), rooms, n, r->form);
}

void plan_room_apply(struct request *r)
{
    const struct plan_form *f = r->form;
    if (cohort_sql_add_room(r->db, id_new(), f->nom, f->lieu.p ? f->lieu : S(""), f->places, 0) ==
        1)
        http_redirect(r, S("/gestion/salles"), "salle-ajoutee");
    else http_invalid(r, "nom", R_(N_("There is a room of this name already.")));
}

/* --- the record's tables ---------------------------------------------------------------------------------------------------- */

#define FORM_SIZE .form_size = sizeof(struct plan_form)
const struct route cohort_routes[] = {
    { "GET", AT, MAY("cohort.plan"), .get = plan_list_get, .params = plan_list_params, FORM_SIZE,
      .help = "The groups, for those who plan them." },
    { "GET", AT "/ajouter", MAY("cohort.plan"), .get = plan_new_get, .params = plan_choose_params,
      FORM_SIZE, .help = "The form for a new group." },
    { "POST", AT "/ajouter", MAY("cohort.plan"), .apply = plan_new_apply, .form = plan_new_get,
      .params = plan_new_params, FORM_SIZE, .help = "Plans a group of a programme." },
    { "GET", AT "/:id", OBJECT(plan_may), .get = plan_show_get, .params = plan_id_params, FORM_SIZE,
      .help = "A group: how people get in, its meetings, what stands against them." },
    { "POST", AT "/:id", OBJECT(plan_may), .apply = plan_change_apply, .form = plan_show_get,
      .params = plan_change_params, FORM_SIZE, .help = "Changes how people get into a group." },
    { "POST", AT "/:id/annuler", OBJECT(plan_may), .apply = plan_cancel_apply,
      .params = plan_id_params, FORM_SIZE, .help = "Cancels a group with its meetings." },
    { "GET", AT "/:id/seances", OBJECT(plan_may), .get = plan_add_get, .params = plan_id_params,
      FORM_SIZE, .help = "The form for a meeting or a series." },
    { "POST", AT "/:id/seances", OBJECT(plan_may), .apply = plan_add_apply, .form = plan_add_get,
      .params = plan_meeting_params, FORM_SIZE,
      .help = "Plans meetings; says what stands against them first." },
    { "GET", "/gestion/seances/:id", OBJECT(plan_may_meeting), .get = plan_meeting_get,
      .params = plan_id_params, FORM_SIZE, .help = "The form to change a meeting." },
    { "POST", "/gestion/seances/:id", OBJECT(plan_may_meeting), .apply = plan_meeting_apply,
      .form = plan_meeting_get, .params = plan_meeting_params, FORM_SIZE,
      .help = "Changes a meeting; who is in the group is told." },
    { "POST", "/gestion/seances/:id/annuler", OBJECT(plan_may_meeting),
      .apply = plan_meeting_cancel_apply, .params = plan_id_params, FORM_SIZE,
      .help = "Cancels a meeting; who is in the group is told." },
    { "GET", "/gestion/salles", MAY("cohort.plan"), .get = plan_rooms_get, FORM_SIZE,
      .help = "The rooms." },
    { "POST", "/gestion/salles", MAY("cohort.plan"), .apply = plan_room_apply,
      .form = plan_rooms_get, .params = plan_room_params, FORM_SIZE, .help = "Adds a room." },
    { 0 },
};
const struct notice cohort_notices[] = {
    { "groupe-planifie", N_("The group is planned. Now its meetings."), false },
    { "groupe-note", N_("Saved."), false },
    { "groupe-annule", N_("The group is cancelled. Everyone is told."), false },
    { "seance-planifiee", N_("Planned."), false },
    { "seance-changee", N_("Changed. In two minutes everyone in the group is told."), false },
    { "seance-annulee",
      N_("The meeting is cancelled. In two minutes everyone in the group is told."), false },
    { "salle-ajoutee", N_("The room is there."), false },
    { 0 },
};
const struct menu_entry cohort_menu[] = {
    { AT, N_("Planning"), AREA_FORM, MENU_STAFF_TRAINING, 11 },
    { 0 },
};
