/* The head's word: what waits for it, yes or no. */
#include "base/id.h"
#include "learning_html.h"
#include "mod/learning/enrol.h"

enum { REQUESTS = 200 };

#define FORM struct enrol_form
const struct param enrol_agree_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                            PARAM(FORM, acte, PARAM_SLUG, .max = 10),
                                            PARAM(FORM, mot, PARAM_LONG, .max = 1000),
                                            { 0 } };
#undef FORM

/* Of the organisations that the person heads, with all below them; all for who may everywhere. */
size_t enrol_to_approve(struct request *r, struct learning_sql_to_approve **ret)
{
    int64_t *scopes;
    if (access_holds(r, "enrolment.approve"))
        return learning_sql_to_approve(r->db, 0, REQUESTS, ret);
    size_t n = access_scopes(r, "enrolment.approve", "organisation", &scopes), count = 0;
    *ret = arena_array(r->arena, struct learning_sql_to_approve, REQUESTS);
    for (size_t i = 0; i < n; i++) {
        struct learning_sql_to_approve *rows;
        size_t more = learning_sql_to_approve(r->db, scopes[i], REQUESTS, &rows);
        for (size_t k = 0; k < more && count < REQUESTS; k++) {
            bool known = false; /* through the school and what it lies below */
            for (size_t j = 0; j < count; j++)
                known = known || (*ret)[j].id == rows[k].id;
            if (!known) (*ret)[count++] = rows[k];
        }
    }
    return count;
}

void enrol_requests_get(struct request *r)
{
    struct enrol_requests q;
    q.n = enrol_to_approve(r, &q.rows);
    q.answers = arena_array(r->arena, struct learning_sql_answers *, q.n + 1);
    q.answer_counts = arena_array(r->arena, size_t, q.n + 1);
    for (size_t i = 0; i < q.n; i++)
        q.answer_counts[i] = learning_sql_answers(r->db, q.rows[i].id, &q.answers[i]);
    learning_enrol_requests(http_page(r), &q);
}

void enrol_agree_apply(struct request *r)
{
    const struct enrol_form *f = r->form;
    enrolment_row e;
    bool found = learning_sql_enrolment_by_id(r->db, f->id, &e);
    if (!found ||
        !(e.organisation_id == DB_NULL
              ? access_holds(r, "enrolment.approve")
              : access_holds_for(r, "enrolment.approve", "organisation", e.organisation_id))) {
        http_fail(r, 404, STR_NONE); /* what others ask is nobody else's business */
        return;
    }
    bool yes = str_is(f->acte, "oui");
    if (!yes && !str_is(f->acte, "non")) {
        http_fail(r, 422, R_(N_("Please say yes or no.")));
        return;
    }
    const struct enrolment_act act = { .way = BY_HEAD, .by = r->who.person_id, .reason = f->mot };
    bool done = str_is(e.state, "asked") && (yes ? enrolment_agree(r->db, &e, &act, r->now)
                                                 : enrolment_cancel(r->db, &e, &act, r->now));
    http_redirect(r, S("/mon-espace/accords"),
                  !done ? "accord-trop-tard"
                  : yes ? "accord-donne"
                        : "accord-refuse");
}
