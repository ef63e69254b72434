/* The trainer's side: what waits, the rubric, remarks, the return. */
#include "base/id.h"
#include "deposit_html.h"
#include "mod/deposit/pages.h"

#define FORM struct deposit_mark_form
#define POINTS(i)                                                                                  \
    { .name = "points" #i,                                                                         \
      .kind = PARAM_INT,                                                                           \
      .offset = offsetof(FORM, points[i]),                                                         \
      .min = 0,                                                                                    \
      .max = RUBRIC_POINTS },                                                                      \
    {                                                                                              \
        .name = "mots" #i, .kind = PARAM_TEXT, .offset = offsetof(FORM, words[i]), .max = 500      \
    }
const struct param deposit_mark_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, acte, PARAM_SLUG, .max = 20),
    PARAM(FORM, comment, PARAM_LONG, .max = 5000),
    PARAM(FORM, passage, PARAM_TEXT, .max = 200),
    PARAM(FORM, remarque, PARAM_TEXT, .max = 1000),
    PARAM(FORM, note, PARAM_ID),
    POINTS(0),
    POINTS(1),
    POINTS(2),
    POINTS(3),
    POINTS(4),
    POINTS(5),
    POINTS(6),
    POINTS(7),
    POINTS(8),
    POINTS(9),
    POINTS(10),
    POINTS(11),
    { 0 },
};
#undef FORM

void deposit_list_get(struct request *r)
{
    struct deposit_sql_to_mark *waiting, *returned;
    size_t n = deposit_sql_to_mark(r->db, S("handed"), DEPOSIT_LISTED, &waiting);
    size_t m = deposit_sql_to_mark(r->db, S("returned"), DEPOSIT_LISTED, &returned);
    deposit_list(http_page(r), waiting, n, returned, m);
}

static bool load(struct request *r, int64_t id, struct deposit_marking *m)
{
    struct deposit_sql_latest d;
    if (!deposit_sql_deposit(r->db, id, &d) || str_is(d.state, "draft") ||
        !deposit_sql_task(r->db, d.version_id, d.activity_id, &m->task) ||
        !deposit_sql_person(r->db, d.person_id, &m->person)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    deposit_sheet_load(r->db, &d, m->task.settings, &m->sheet);
    return true;
}

void deposit_mark_get(struct request *r)
{
    const struct deposit_mark_form *f = r->form;
    struct deposit_marking m;
    if (load(r, f->id, &m)) deposit_mark_page(http_page(r), &m, r->error_count ? f : NULL);
}

static void keep(struct request *r, const struct deposit_marking *m)
{
    const struct deposit_mark_form *f = r->form;
    const struct rubric *rubric = &m->sheet.rubric;
    for (size_t i = 0; i < rubric->n; i++) {
        if (f->points[i] > rubric->criteria[i].points)
            http_invalid(r, NULL,
                         fmt_plain(r->arena, R_(N_("“{0}” has at most {1} points.")),
                                   rubric->criteria[i].title, rubric->criteria[i].points));
        deposit_sql_set_mark(r->db, m->sheet.d.id, (int64_t)i, f->points[i],
                             f->words[i].p ? f->words[i] : S(""));
    }
    deposit_sql_set_comment(r->db, m->sheet.d.id, f->comment.p ? f->comment : S(""));
    if (f->remarque.n)
        deposit_sql_add_note(r->db, id_new(), m->sheet.d.id, f->passage.p ? f->passage : S(""),
                             f->remarque, r->now);
    if (f->note) deposit_sql_drop_note(r->db, f->note, m->sheet.d.id);
}

static void tell(struct request *r, const struct deposit_marking *m)
{
    enum lang lang = r->lang;
    lang_from_code(m->person.lang, &lang);
    mail_queue(r->db, m->person.email, lang_text(lang, N_("Your work is returned")),
               fmt_plain(r->arena,
                         lang_text(lang, N_("Hello {0},\n\nYour work “{1}” is returned, with "
                                            "remarks. You can read them here, and do it again as "
                                            "often as you like:\n\n{2}")),
                         m->person.name, m->task.title,
                         arena_printf(r->arena, "%.*s/mon-espace/modules/%.*s",
                                      STR(http_public_url(r)), STR(m->task.slug))));
}

static void give_back(struct request *r, const struct deposit_marking *m)
{
    const struct deposit_mark_form *f = r->form;
    const struct catalogue_activity activity = { .settings = m->task.settings };
    const struct rubric *rubric = &m->sheet.rubric;
    int64_t sum = 0, pass = 0, me = r->who.person_id;
    for (size_t i = 0; i < rubric->n; i++)
        sum += f->points[i];
    int64_t percent = rubric->n ? (sum * 100 + rubric->points / 2) / rubric->points : DB_NULL;
    deposit_sql_give_back(r->db, m->sheet.d.id, f->comment.p ? f->comment : S(""), percent, me,
                          r->now);
    if (percent != DB_NULL)
        learning_mark(r->db, m->person.id, m->sheet.d.activity_id, percent, me, r->now);
    if (str_to_int(activity_setting(r->arena, &activity, "pass"), &pass) && percent != DB_NULL &&
        percent >= pass)
        learning_complete(r->db, m->person.id, m->sheet.d.activity_id, r->now);
    event_emit(r->db, "deposit.returned",
               json_pack("{s:I, s:I, s:I}", "person", (json_int_t)m->person.id, "deposit",
                         (json_int_t)m->sheet.d.id, "percent",
                         (json_int_t)(percent == DB_NULL ? -1 : percent)));
    tell(r, m);
}

void deposit_mark_apply(struct request *r)
{
    const struct deposit_mark_form *f = r->form;
    struct deposit_marking m;
    if (!load(r, f->id, &m)) return;
    if (!str_is(m.sheet.d.state, "handed")) {
        http_fail(r, 409,
                  R_(N_("The learner has taken this work back, or it is returned already.")));
        return;
    }
    keep(r, &m);
    if (!http_ok(r)) return;
    bool last = str_is(f->acte, "rendre");
    if (last) give_back(r, &m);
    http_redirect(
        r,
        last ? S("/gestion/depots")
             : arena_printf(r->arena, "/gestion/depots/%.*s", STR(id_lower(r->arena, f->id))),
        last ? "depot-rendu" : "depot-marque");
}
