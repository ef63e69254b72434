/* Asking for a place, answering for one that is kept, leaving, coming back. */
#include "mod/learning/enrol.h"

#include "base/id.h"
#include "learning_html.h"

#define FORM struct enrol_form
#define ANSWER(i)                                                                                  \
    {                                                                                              \
        .name = "r" #i, .kind = PARAM_LONG, .offset = offsetof(FORM, r[i]), .max = 2000            \
    }
#define ANSWERS                                                                                    \
    ANSWER(0), ANSWER(1), ANSWER(2), ANSWER(3), ANSWER(4), ANSWER(5), ANSWER(6), ANSWER(7)
const struct param enrol_ask_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true),
    PARAM(FORM, groupe, PARAM_ID),
    PARAM(FORM, ecole, PARAM_ID),
    PARAM(FORM, sais, PARAM_BOOL),
    ANSWERS,
    { 0 },
};
const struct param enrol_questions_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                ANSWERS,
                                                { 0 } };
const struct param enrol_slug_params[] = { PARAM(FORM, slug, PARAM_SLUG, .required = true), { 0 } };
const struct param enrol_answer_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             PARAM(FORM, acte, PARAM_SLUG, .max = 10),
                                             PARAM(FORM, sais, PARAM_BOOL),
                                             { 0 } };
#undef FORM
_Static_assert(COHORT_QUESTIONS == 8, "as many answers as questions");
static const char *const answer_names[COHORT_QUESTIONS] = { "r0", "r1", "r2", "r3",
                                                            "r4", "r5", "r6", "r7" };

static struct str programme_path(struct request *r, const struct catalogue_programme *p)
{
    return arena_printf(r->arena, "/formations/%.*s", STR(p->slug));
}

/* --- what is asked ---------------------------------------------------------------------------------------------------- */

void enrol_door(struct db *db, int64_t programme_id, int64_t now, bool *ret_closed, bool *ret_asks)
{
    struct cohort *open;
    struct cohort_question *questions;
    size_t n = cohort_enrolling(db, programme_id, now, &open);
    *ret_closed = n == 0 && cohort_is_planned(db, programme_id, now);
    *ret_asks =
        n > 1 || (n == 1 && (open[0].approval || cohort_questions(db, open[0].id, &questions)));
}

static struct enrolment_ask ask_of(struct request *r, const struct enrol_sheet *s)
{
    const struct enrol_form *f = r->form;
    return (struct enrolment_ask){ .person_id = r->who.person_id,
                                   .programme_id = s->p.id,
                                   .cohort_id = f->groupe,
                                   .organisation_id = f->ecole,
                                   .agreed = s->agreed,
                                   .act = { .by = r->who.person_id } };
}

/* False when one cannot enrol: with the answer set, unless they are in already. */
static bool load_sheet(struct request *r, struct enrol_sheet *s)
{
    const struct enrol_form *f = r->form;
    struct enrolment_door *d = &s->door;
    *s = (struct enrol_sheet){ 0 };
    if (!catalogue_programme_find(r->db, f->slug, &s->p)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    const struct enrolment_ask ask = ask_of(r, s);
    enrolment_look(r->db, &ask, s->p.open_enrolment, r->now, d);
    if (d->already) return false;
    if (d->closed) {
        http_fail(r, 409, R_(N_("Enrolment for this programme is not open on line.")));
        return false;
    }
    s->agreed = true;
    if (!d->chosen) return true;
    s->question_count = cohort_questions(r->db, d->chosen->id, &s->questions);
    s->clash_count = enrolment_clashes(r->db, r->who.person_id, d->chosen->id, r->now, &s->clashes);
    s->agreed =
        !d->chosen->approval ||
        (d->organisation_id == DB_NULL
             ? access_holds(r, "enrolment.approve")
             : access_holds_for(r, "enrolment.approve", "organisation", d->organisation_id));
    return true;
}

void enrol_ask_get(struct request *r)
{
    struct enrol_sheet s;
    if (load_sheet(r, &s)) learning_enrol_page(http_page(r), &s, r->form);
    else if (s.door.already) http_redirect(r, programme_path(r, &s.p), "deja-inscrit");
}

/* --- asking --------------------------------------------------------------------------------------------------------------- */

static bool is_choice(struct str choices, struct str answer)
{
    while (choices.n)
        if (str_eq(str_trim(str_cut(&choices, '\n')), answer)) return true;
    return false;
}

static void check_answers(struct request *r, const struct cohort_question *questions, size_t n,
                          const struct enrol_form *f)
{
    for (size_t i = 0; i < n; i++) {
        const struct cohort_question *q = &questions[i];
        if (q->required && !f->r[i].n)
            http_invalid(r, answer_names[i], R_(N_("Please answer this question.")));
        else if (q->choices.n && f->r[i].n && !is_choice(q->choices, f->r[i]))
            http_invalid(r, answer_names[i], R_(N_("Please choose one of the answers.")));
    }
}

static void check(struct request *r, const struct enrol_sheet *s, const struct enrol_form *f)
{
    check_answers(r, s->questions, s->question_count, f);
    if (s->clash_count && !f->sais)
        http_invalid(
            r, "sais",
            R_(N_("You are expected in two places at once. If that is all right, say so.")));
}

static void keep_answers(struct request *r, const struct cohort_question *questions, size_t n,
                         const struct enrol_form *f, int64_t enrolment_id)
{
    for (size_t i = 0; i < n; i++)
        if (f->r[i].n) learning_sql_answer(r->db, enrolment_id, questions[i].id, f->r[i]);
}

/* What became of it; with the answer set when nothing could. */
static enum learning_enrolled ask(struct request *r, struct enrol_sheet *s)
{
    const struct enrol_form *f = r->form;
    int64_t id;
    if (!load_sheet(r, s)) return s->door.already ? LEARNING_ALREADY : LEARNING_CLOSED;
    check(r, s, f);
    if (!http_ok(r)) return LEARNING_CLOSED;
    const struct enrolment_ask in = ask_of(r, s);
    enum learning_enrolled became = enrolment_enter(r->db, &s->door, &in, r->now, &id);
    if (id) keep_answers(r, s->questions, s->question_count, f, id);
    return became;
}

void enrol_ask_apply(struct request *r)
{
    struct enrol_sheet s;
    switch (ask(r, &s)) {
    case LEARNING_CONFIRMED: http_redirect(r, S("/mon-espace"), "inscrit"); break;
    case LEARNING_WAITING: http_redirect(r, programme_path(r, &s.p), "en-attente"); break;
    case LEARNING_ASKED: http_redirect(r, programme_path(r, &s.p), "demande"); break;
    case LEARNING_ALREADY: http_redirect(r, programme_path(r, &s.p), "deja-inscrit"); break;
    case LEARNING_CLOSED: break;
    }
}

/* --- what is mine ----------------------------------------------------------------------------------------------------------- */

static void show_mine(struct request *r, int64_t refused)
{
    struct enrol_mine m = { .refused = refused };
    m.n = learning_sql_my_enrolments(r->db, r->who.person_id, &m.rows);
    m.clashes = arena_array(r->arena, enrolment_clash *, m.n + 1);
    m.clash_counts = arena_array(r->arena, size_t, m.n + 1);
    for (size_t i = 0; i < m.n; i++)
        if (str_is(m.rows[i].state, "approved"))
            m.clash_counts[i] = enrolment_clashes(r->db, r->who.person_id, m.rows[i].cohort_id,
                                                  r->now, &m.clashes[i]);
    learning_enrol_mine(http_page(r), &m);
}

/* Also the form of the answer, with what is wrong. */
void enrol_mine_get(struct request *r)
{
    const struct enrol_form *f = r->form;
    show_mine(r, f ? f->id : 0);
}

/* The enrolment, if it is of who asks; otherwise 404 is set. */
static bool find_mine(struct request *r, enrolment_row *ret)
{
    const struct enrol_form *f = r->form;
    if (learning_sql_enrolment_by_id(r->db, f->id, ret) && ret->person_id == r->who.person_id)
        return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void enrol_answer_apply(struct request *r)
{
    const struct enrol_form *f = r->form;
    enrolment_row e;
    enrolment_clash *clashes;
    const struct enrolment_act act = { .by = r->who.person_id };
    if (!find_mine(r, &e)) return;
    bool yes = str_is(f->acte, "oui");
    if (!yes && !str_is(f->acte, "non")) {
        http_fail(r, 422, R_(N_("Please say yes or no.")));
        return;
    }
    if (yes && !f->sais && enrolment_clashes(r->db, e.person_id, e.cohort_id, r->now, &clashes)) {
        http_invalid(
            r, "sais",
            R_(N_("You are expected in two places at once. If that is all right, say so.")));
        return;
    }
    bool kept = str_is(e.state, "approved");
    bool done = kept && (yes ? enrolment_take(r->db, &e, &act, r->now)
                             : enrolment_cancel(r->db, &e, &act, r->now));
    http_redirect(r, yes && done ? S("/mon-espace") : S("/mon-espace/inscriptions"),
                  !done ? "place-partie"
                  : yes ? "inscrit"
                        : "desinscrit");
}

void enrol_leave_apply(struct request *r)
{
    const struct enrol_form *f = r->form;
    struct catalogue_programme p;
    enrolment_row e;
    if (!catalogue_programme_find(r->db, f->slug, &p) ||
        !learning_sql_enrolment(r->db, r->who.person_id, p.id, &e)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (str_is(e.state, "completed")) {
        http_fail(r, 409, R_(N_("You have completed this programme: there is nothing to leave.")));
        return;
    }
    enrolment_cancel(r->db, &e, &(const struct enrolment_act){ .by = r->who.person_id }, r->now);
    http_redirect(r, S("/mon-espace/inscriptions"), "desinscrit");
}

void enrol_undo_apply(struct request *r)
{
    enrolment_row e;
    if (!find_mine(r, &e)) return;
    if (!enrolment_undo(r->db, &e, r->who.person_id, r->now)) {
        http_fail(r, 409, R_(N_("This can no longer be undone; you can enrol anew.")));
        return;
    }
    http_redirect(r, S("/mon-espace/inscriptions"),
                  enrolment_is_in(e.state) ? "inscrit"
                                           : (str_is(e.state, "asked") ? "demande" : "en-attente"));
}

/* --- the questions of a group, later ------------------------------------------------------------------------------------------ */

/* False, with the answer set, when it is not theirs, is over, or asks nothing. */
static bool load_questions(struct request *r, struct enrol_questions *ret)
{
    enrolment_row e;
    struct cohort c;
    if (!find_mine(r, &e)) return false;
    if (enrolment_is_over(e.state) || e.cohort_id == DB_NULL ||
        !cohort_find(r->db, e.cohort_id, &c)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    *ret = (struct enrol_questions){ .programme = c.programme_title,
                                     .label = c.label,
                                     .enrolment_id = e.id };
    ret->n = cohort_questions(r->db, c.id, &ret->questions);
    if (!ret->n) http_fail(r, 404, STR_NONE);
    return ret->n;
}

void enrol_questions_get(struct request *r)
{
    struct enrol_form *f = r->form;
    struct enrol_questions q;
    struct learning_sql_answers *known;
    bool fresh = http_ok(r);
    if (!load_questions(r, &q)) return;
    size_t n = learning_sql_answers(r->db, q.enrolment_id, &known);
    for (size_t i = 0; i < q.n && fresh; i++)
        for (size_t k = 0; k < n; k++)
            if (known[k].id == q.questions[i].id) f->r[i] = known[k].text;
    learning_enrol_questions(http_page(r), &q, f);
}

void enrol_questions_apply(struct request *r)
{
    const struct enrol_form *f = r->form;
    struct enrol_questions q;
    if (!load_questions(r, &q)) return;
    check_answers(r, q.questions, q.n, f);
    if (!http_ok(r)) return;
    for (size_t i = 0; i < q.n; i++)
        if (!f->r[i].n) learning_sql_drop_answer(r->db, q.enrolment_id, q.questions[i].id);
    keep_answers(r, q.questions, q.n, f, q.enrolment_id);
    http_redirect(r, S("/mon-espace/inscriptions"), "reponses-gardees");
}

/* --- for programs ----------------------------------------------------------------------------------------------------------- */

static const char *const state_codes[] = { "asked",     "approved", "waiting",   "confirmed",
                                           "cancelled", "replaced", "completed", NULL };
#define ROW struct learning_sql_my_enrolments
static const struct shape_field mine_fields[] = {
    SHAPE(ROW, id, SHAPE_ID),
    SHAPE(ROW, slug, SHAPE_TEXT, .help = N_("Of the programme.")),
    SHAPE(ROW, title, SHAPE_TEXT),
    SHAPE(ROW, state, SHAPE_TEXT, .one_of = state_codes),
    SHAPE(ROW, label, SHAPE_TEXT, .nullable = true, .help = N_("Of the group.")),
    SHAPE(ROW, starts_at, SHAPE_TIME, .nullable = true),
    SHAPE(ROW, ends_at, SHAPE_TIME, .nullable = true),
    SHAPE(ROW, line, SHAPE_INT, .help = N_("The place in the waiting list; 0: in none.")),
    SHAPE(ROW, kept_until, SHAPE_TIME, .nullable = true,
          .help = N_("Until when a place is kept for an answer.")),
    SHAPE(ROW, changed_at, SHAPE_TIME),
    { 0 },
};
static const struct shape mine_shape = { .name = "Enrolment",
                                         .help = N_("One person in one programme."),
                                         .fields = mine_fields,
                                         .size = sizeof(ROW) };
#undef ROW
#define ROW struct learning_sql_open_groups
static const struct shape_field group_fields[] = {
    SHAPE(ROW, id, SHAPE_ID, .help = N_("To name as \"groupe\" at enrolment.")),
    SHAPE(ROW, slug, SHAPE_TEXT, .help = N_("Of the programme.")),
    SHAPE(ROW, title, SHAPE_TEXT),
    SHAPE(ROW, label, SHAPE_TEXT, .help = N_("Of the group.")),
    SHAPE(ROW, starts_at, SHAPE_TIME),
    SHAPE(ROW, ends_at, SHAPE_TIME),
    SHAPE(ROW, place, SHAPE_TEXT),
    SHAPE(ROW, places, SHAPE_INT, .help = N_("0: no limit.")),
    SHAPE(ROW, taken, SHAPE_INT),
    { 0 },
};
static const struct shape group_shape = { .name = "OpenGroup",
                                          .help = N_("A group in which one can enrol now."),
                                          .fields = group_fields,
                                          .size = sizeof(ROW) };
#undef ROW
const struct api enrol_groups_answer = { .group = N_("Catalogue"),
                                         .answer = &group_shape,
                                         .page = true };
const struct api enrol_mine_answer = { .group = N_("My learning"),
                                       .answer = &mine_shape,
                                       .page = true };
const struct api enrol_ask_answer = { .group = N_("My learning"), .answer = &mine_shape };

void enrol_groups_api(struct request *r)
{
    struct learning_sql_open_groups *rows;
    size_t n = learning_sql_open_groups(r->db, r->now, &rows);
    http_answer_page(r, rows, n, STR_NONE);
}

void enrol_mine_api(struct request *r)
{
    struct learning_sql_my_enrolments *rows;
    size_t n = learning_sql_my_enrolments(r->db, r->who.person_id, &rows);
    http_answer_page(r, rows, n, STR_NONE);
}

void enrol_ask_api(struct request *r)
{
    struct enrol_sheet s;
    struct learning_sql_my_enrolments *rows;
    ask(r, &s);
    if (!http_ok(r)) return;
    size_t n = learning_sql_my_enrolments(r->db, r->who.person_id, &rows);
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].slug, s.p.slug)) {
            http_answer(r, &rows[i]);
            return;
        }
    http_fail(r, 404, STR_NONE);
}
