/* What people ask of us about their data, obstacles they report, and legal holds: each with the day an answer is due. */
#include "access/access.h"
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/people/people.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

#define MONTH (30 * DAY_MS)     /* to answer about data */
#define TWO_WEEKS (14 * DAY_MS) /* ten working days: to answer about access */

const struct privacy_request_kind privacy_request_kinds[] = {
    { "see", N_("See what you hold about me") },
    { "correct", N_("Correct something I cannot correct myself") },
    { "limit", N_("Limit what is done with my data") },
    { "object", N_("Object to a use of my data") },
    { "erase", N_("Erase something") },
    { "other", N_("Something else about my data") },
    { 0 },
};

#define FORM struct privacy_request_form
const struct param privacy_request_params[] = {
    PARAM(FORM, sorte, PARAM_SLUG, .required = true, .max = 20),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .min = 5, .max = 4000),
    { 0 },
};
const struct param privacy_obstacle_params[] = {
    PARAM(FORM, nom, PARAM_TEXT, .max = 80),
    PARAM(FORM, email, PARAM_EMAIL, .required = true),
    PARAM(FORM, page, PARAM_TEXT, .max = 300),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .min = 5, .max = 4000),
    PARAM(FORM, website, PARAM_TEXT),
    { 0 },
};
const struct param privacy_answer_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .min = 2, .max = 4000),
    { 0 },
};
#undef FORM
const struct param privacy_hold_params[] = {
    PARAM(struct privacy_hold_form, email, PARAM_EMAIL, .required = true),
    PARAM(struct privacy_hold_form, motif, PARAM_TEXT, .required = true, .min = 3, .max = 200),
    { 0 },
};

const char *privacy_request_label(struct str kind)
{
    for (size_t i = 0; privacy_request_kinds[i].code; i++)
        if (str_is(kind, privacy_request_kinds[i].code)) return privacy_request_kinds[i].label;
    return N_("Something stands in the way on the site");
}

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

void privacy_request_get(struct request *r)
{
    struct privacy_sql_held_requests *mine;
    size_t n = privacy_sql_held_requests(r->db, r->who.person_id, &mine);
    privacy_ask(http_page(r), r->form, mine, n);
}

void privacy_request_apply(struct request *r)
{
    const struct privacy_request_form *f = r->form;
    bool known = false;
    for (size_t i = 0; privacy_request_kinds[i].code; i++)
        known = known || str_is(f->sorte, privacy_request_kinds[i].code);
    if (!known) {
        http_invalid(r, "sorte", R_(N_("This choice is not one of ours.")));
        return;
    }
    privacy_sql_add_request(
        r->db, &(struct privacy_sql_add_request_in){ .id = id_new(),
                                                     .person = r->who.person_id,
                                                     .name = r->who.name,
                                                     .email = r->who.email,
                                                     .kind = f->sorte,
                                                     .text = f->texte,
                                                     .page = S(""),
                                                     .lang = str_from(lang_code(r->lang)),
                                                     .now = r->now,
                                                     .due = r->now + MONTH });
    http_redirect(r, S("/compte/donnees/demande"), "demande-notee");
}

void privacy_obstacle_get(struct request *r)
{
    privacy_obstacle(http_page(r), r->form);
}

void privacy_obstacle_apply(struct request *r)
{
    const struct privacy_request_form *f = r->form;
    http_redirect(r, S("/accessibilite/signaler"), "obstacle-note");
    if (f->website.n) return; /* people do not see that field */
    privacy_sql_add_request(r->db, &(struct privacy_sql_add_request_in){
                                       .id = id_new(),
                                       .person = r->who.person_id ? r->who.person_id : DB_NULL,
                                       .name = f->nom.n ? f->nom : S(""),
                                       .email = f->email,
                                       .kind = S("obstacle"),
                                       .text = f->texte,
                                       .page = f->page.n ? f->page : S(""),
                                       .lang = str_from(lang_code(r->lang)),
                                       .now = r->now,
                                       .due = r->now + TWO_WEEKS });
}

/* --- answering --------------------------------------------------------------------------------------------------------------- */

void privacy_requests_get(struct request *r)
{
    struct privacy_requests_page p = { .form = r->form };
    p.open_count = privacy_sql_open_requests(r->db, &p.open);
    p.answered_count = privacy_sql_answered_requests(r->db, &p.answered);
    privacy_requests(http_page(r), &p);
}

static bool find(struct request *r, struct privacy_sql_open_requests *ret)
{
    const struct privacy_request_form *f = r->form;
    if (!privacy_sql_request(r->db, f->id, ret)) http_fail(r, 404, STR_NONE);
    else if (ret->answered_at != DB_NULL) http_fail(r, 409, R_(N_("This was answered already.")));
    return http_ok(r);
}

static void tell(struct request *r, const struct privacy_sql_open_requests *q, const char *subject,
                 struct str body)
{
    enum lang lang = LANG_FR;
    lang_from_code(q->lang, &lang);
    if (q->email.n) mail_queue(r->db, q->email, lang_text(lang, subject), body);
}

void privacy_answer_apply(struct request *r)
{
    const struct privacy_request_form *f = r->form;
    struct privacy_sql_open_requests q;
    if (!find(r, &q)) return;
    enum lang lang = LANG_FR;
    lang_from_code(q.lang, &lang);
    privacy_sql_answer_request(r->db, q.id, f->texte, r->who.person_id, r->now);
    tell(r, &q, N_("Our answer"),
         fmt_plain(r->arena,
                   lang_text(lang, N_("Hello {0},\n\nYou wrote to us on {1}:\n\n{2}\n\nOur "
                                      "answer:\n\n{3}\n\nIf it does not help, you can turn to the "
                                      "authority named on our pages.\n\nThe eduLAB team")),
                   q.name, privacy_when(r->arena, lang, q.asked_at), q.text, f->texte));
    audit_write(r, "request.answered", "request", q.id, NULL,
                json_pack("{s:s%}", "kind", q.kind.p, q.kind.n));
    http_redirect(r, S("/gestion/donnees/demandes"), "demande-repondue");
}

void privacy_extend_apply(struct request *r)
{
    struct privacy_sql_open_requests q;
    if (!find(r, &q)) return;
    int64_t due = q.due_at + 2 * MONTH;
    if (privacy_sql_extend_request(r->db, q.id, due, r->now) != 1) {
        http_fail(r, 409, R_(N_("The term was made longer already; the law lets us do it once.")));
        return;
    }
    enum lang lang = LANG_FR;
    lang_from_code(q.lang, &lang);
    tell(r, &q, N_("Our answer takes longer"),
         fmt_plain(r->arena,
                   lang_text(lang, N_("Hello {0},\n\nWhat you asked us on {1} takes more work than "
                                      "we thought. You will have our answer by {2} at the "
                                      "latest.\n\nThe eduLAB team")),
                   q.name, privacy_when(r->arena, lang, q.asked_at),
                   privacy_when(r->arena, lang, due)));
    audit_write(r, "request.extended", "request", q.id, NULL,
                json_pack("{s:s%}", "kind", q.kind.p, q.kind.n));
    http_redirect(r, S("/gestion/donnees/demandes"), "demande-prolongee");
}

/* --- holds ------------------------------------------------------------------------------------------------------------------------ */

void privacy_holds_get(struct request *r)
{
    struct access_held_person *held;
    size_t n = access_holds_in_force(r->db, &held);
    privacy_holds(http_page(r), r->form, held, n);
}

void privacy_hold_apply(struct request *r)
{
    const struct privacy_hold_form *f = r->form;
    struct account p;
    if (!people_find_by_email(r->db, f->email, &p)) {
        http_invalid(r, "email", R_(N_("Nobody has an account with this address.")));
        return;
    }
    if (access_is_held(r->db, p.id)) {
        http_invalid(r, "email", R_(N_("This person's data is held already.")));
        return;
    }
    access_hold(r->db, p.id, f->motif, r->who.person_id, r->now);
    audit_write(r, "hold.set", "person", p.id, NULL,
                json_pack("{s:s%}", "reason", f->motif.p, f->motif.n));
    http_redirect(r, S("/gestion/donnees/gels"), "gel-pose");
}

void privacy_lift_apply(struct request *r)
{
    const struct privacy_id_form *f = r->form;
    struct access_held_person *held;
    size_t n = access_holds_in_force(r->db, &held), i = 0;
    while (i < n && held[i].id != f->id)
        i++;
    if (i == n || !access_lift_hold(r->db, f->id, r->who.person_id, r->now)) {
        http_fail(r, 409, R_(N_("This hold is not in force any more.")));
        return;
    }
    audit_write(r, "hold.lifted", "person", held[i].person_id,
                json_pack("{s:s%}", "reason", held[i].reason.p, held[i].reason.n), NULL);
    http_redirect(r, S("/gestion/donnees/gels"), "gel-leve");
}
