/* The staff's list of a group: who stands where, with what they answered; as a table to take along. */
#include "base/csv.h"
#include "base/id.h"
#include "learning_html.h"
#include "mod/learning/group.h"

#define FORM struct group_form
const struct param group_list_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                           PARAM(FORM, etat, PARAM_SLUG, .max = 20),
                                           { 0 } };
const struct param group_act_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                          PARAM(FORM, acte, PARAM_SLUG, .max = 20),
                                          { 0 } };
#undef FORM

bool group_may_plan(struct request *r)
{
    const struct group_form *f = r->form;
    return cohort_may_plan(r, f->id);
}

static bool load(struct request *r, struct group_list *l)
{
    const struct group_form *f = r->form;
    *l = (struct group_list){ .shown = enrolment_state_of(f->etat) };
    if (!cohort_find(r->db, f->id, &l->cohort)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    struct learning_sql_listed *all;
    size_t n = l->cohort.module_id == DB_NULL ? learning_sql_listed(r->db, f->id, &all)
                                              : learning_sql_date_listed(r->db, f->id, &all);
    l->rows = arena_array(r->arena, struct learning_sql_listed, n + 1);
    for (size_t i = 0; i < n; i++) {
        enum enrolment_state state = enrolment_state_of(all[i].state);
        l->counts[state]++;
        if (!l->shown || l->shown == state) l->rows[l->n++] = all[i];
    }
    l->question_count = cohort_questions(r->db, f->id, &l->questions);
    l->answer_count = learning_sql_list_answers(r->db, f->id, &l->answers);
    return true;
}

struct str group_answer(const struct group_list *l, int64_t enrolment_id, int64_t question_id)
{
    for (size_t i = 0; i < l->answer_count; i++)
        if (l->answers[i].enrolment_id == enrolment_id && l->answers[i].question_id == question_id)
            return l->answers[i].text;
    return STR_NONE;
}

bool group_to_complete(const struct group_list *l, const struct learning_sql_listed *e)
{
    if (enrolment_is_over(e->state) || str_is(e->state, "completed")) return false;
    for (size_t i = 0; i < l->question_count; i++)
        if (l->questions[i].required && !group_answer(l, e->id, l->questions[i].id).n) return true;
    return false;
}

void group_list_get(struct request *r)
{
    struct group_list l;
    if (load(r, &l)) learning_group_list(http_page(r), &l);
}

static void put_row(struct request *r, const struct group_list *l,
                    const struct learning_sql_listed *e, struct buf *out)
{
    char at[TIME_RFC3339 + 1];
    time_rfc3339(e->changed_at, at);
    csv_put(out, e->name, ';');
    csv_put(out, e->email, ';');
    csv_put(out, e->organisation.p ? e->organisation : S(""), ';');
    csv_put(out, R_(enrolment_label(enrolment_state_of(e->state))), ';');
    csv_put(out, e->line ? arena_printf(r->arena, "%lld", (long long)e->line) : S(""), ';');
    csv_put(out, str_from(at), l->question_count ? ';' : '\n');
    for (size_t i = 0; i < l->question_count; i++) {
        struct str answer = group_answer(l, e->id, l->questions[i].id);
        csv_put(out, answer.p ? answer : S(""), i + 1 < l->question_count ? ';' : '\n');
    }
}

void group_csv_get(struct request *r)
{
    struct group_list l;
    if (!load(r, &l)) return;
    struct buf out = BUF_INIT(LIMIT_PAGE);
    buf_lit(&out, CSV_MARK);
    csv_put(&out, R_(N_("Name")), ';');
    csv_put(&out, R_(N_("E-mail")), ';');
    csv_put(&out, R_(N_("Organisation")), ';');
    csv_put(&out, R_(N_("State")), ';');
    csv_put(&out, R_(N_("Place in line")), ';');
    csv_put(&out, R_(N_("Changed on")), l.question_count ? ';' : '\n');
    for (size_t i = 0; i < l.question_count; i++)
        csv_put(&out, l.questions[i].label, i + 1 < l.question_count ? ';' : '\n');
    for (size_t i = 0; i < l.n; i++)
        put_row(r, &l, &l.rows[i], &out);
    struct str text = arena_dup(r->arena, buf_view(&out));
    buf_finish(&out);
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"inscriptions.csv\""));
    http_bytes(r, 200, "text/csv; charset=utf-8", text);
}

/* Beyond the line: staff give a place by hand, or agree in the head's stead. */
void group_act_apply(struct request *r)
{
    const struct group_form *f = r->form;
    enrolment_row e;
    if (!learning_sql_enrolment_by_id(r->db, f->id, &e) || e.cohort_id == DB_NULL ||
        !cohort_may_plan(r, e.cohort_id)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    const struct enrolment_act act = { .way = BY_HEAD, .by = r->who.person_id };
    bool done = str_is(f->acte, "accord")  ? enrolment_agree(r->db, &e, &act, r->now)
                : str_is(f->acte, "place") ? enrolment_seat(r->db, &e, &act, r->now)
                                           : false;
    if (!done) {
        http_fail(r, 409, R_(N_("No place is free, or this enrolment has moved on meanwhile.")));
        return;
    }
    http_redirect(r,
                  arena_printf(r->arena, "/gestion/cohortes/%.*s/inscriptions",
                               STR(id_lower(r->arena, e.cohort_id))),
                  "place-donnee");
}
