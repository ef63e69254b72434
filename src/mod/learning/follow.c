/* Groups and the people in them. What is shown of each stands beside the enrolment: one query for a group. */
#include "mod/learning/follow.h"

#include "access/audit.h"

#include "base/csv.h"
#include "base/id.h"
#include "learning_html.h"
#include "mod/cohort/cohort.h"
#include "mod/people/people.h"

const struct param follow_list_params[] = {
    PARAM(struct follow_list_form, page, PARAM_INT, .min = 1, .max = 10000),
    PARAM(struct follow_list_form, q, PARAM_TEXT, .max = 80),
    { 0 },
};
#define FORM struct follow_form
const struct param follow_group_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             PARAM(FORM, personne, PARAM_ID),
                                             PARAM(FORM, bloques, PARAM_BOOL),
                                             { 0 } };
const struct param follow_write_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, personne, PARAM_ID),
    PARAM(FORM, bloques, PARAM_BOOL),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .min = 10, .max = 5000),
    { 0 },
};
#undef FORM

/* --- who may ---------------------------------------------------------------------------------------------------------- */

#define FOLLOW "learning.follow"

static bool may(struct request *r, int64_t cohort_id, int64_t programme_id)
{
    return access_holds_for(r, FOLLOW, "cohort", cohort_id) ||
           access_holds_for(r, FOLLOW, "programme", programme_id) ||
           (r->who.person_id && cohort_has_trainer(r->db, cohort_id, r->who.person_id));
}

bool follow_may(struct request *r)
{
    const struct follow_form *f =
        r->form; /* the id of a group, or of a programme that is followed without one */
    return may(r, f->id, f->id);
}

bool follow_may_person(struct request *r, int64_t person_id)
{
    struct learning_sql_places_of *at;
    if (access_holds(r, FOLLOW)) return true;
    size_t n = learning_sql_places_of(r->db, person_id, &at);
    for (size_t i = 0; i < n; i++)
        if (may(r, at[i].cohort_id == DB_NULL ? 0 : at[i].cohort_id, at[i].programme_id))
            return true;
    return false;
}

static int by_start(const void *pa, const void *pb)
{
    const struct learning_sql_own_groups *a = pa, *b = pb;
    if (a->starts_at != b->starts_at) return a->starts_at < b->starts_at ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

/* Of who does not follow all. Roles for one thing are few, so that a statement for each is. */
static size_t own_groups(struct request *r, struct learning_sql_own_groups **ret)
{
    int64_t *scopes[2];
    size_t counts[] = { access_scopes(r, FOLLOW, "cohort", &scopes[0]),
                        access_scopes(r, FOLLOW, "programme", &scopes[1]) };
    size_t n = 0, room = (counts[0] + counts[1] + 1) * FOLLOW_ROWS;
    *ret = arena_array(r->arena, struct learning_sql_own_groups, room);
    for (size_t i = 0; i <= counts[0] + counts[1]; i++) {
        struct learning_sql_own_groups *rows;
        int64_t cohort = i < counts[0] ? scopes[0][i] : 0;
        int64_t programme =
            i >= counts[0] && i < counts[0] + counts[1] ? scopes[1][i - counts[0]] : 0;
        int64_t trainer = cohort || programme ? 0 : r->who.person_id;
        size_t found =
            learning_sql_own_groups(r->db, trainer, cohort, programme, r->now - FOLLOW_STUCK_MS,
                                    r->now, FOLLOW_ROWS, &rows);
        for (size_t k = 0; k < found; k++) {
            size_t at = 0;
            while (at < n && (*ret)[at].id != rows[k].id)
                at++;
            if (at == n) (*ret)[n++] = rows[k];
        }
    }
    qsort(*ret, n, sizeof **ret, by_start);
    return n;
}

/* Who follows all finds those where they train; who may look at nothing else, all that they may. */
void follow_in_my_space(struct page *pg, struct request *r)
{
    struct learning_sql_own_groups *own;
    bool all = access_holds(r, FOLLOW);
    size_t n = all ? learning_sql_own_groups(r->db, r->who.person_id, 0, 0,
                                             r->now - FOLLOW_STUCK_MS, r->now, FOLLOW_OWN, &own)
                   : own_groups(r, &own);
    if (n) learning_follow_own(pg, own, n, all);
}

/* --- groups ----------------------------------------------------------------------------------------------------------- */

void follow_list_get(struct request *r)
{
    const struct follow_list_form *f = r->form;
    struct follow_list list = { .q = f->q };
    struct learning_sql_count_groups count = { 0 };
    struct str like = arena_printf(r->arena, "%%%.*s%%", STR(f->q));
    list.alone_count = learning_sql_alone(r->db, like, &list.alone);
    int64_t page = f->page > 1 ? f->page : 1;
    learning_sql_count_groups(r->db, like, &count);
    list.n = learning_sql_groups(r->db, like, FOLLOW_ROWS, (page - 1) * FOLLOW_ROWS, &list.groups);
    list.pager = (struct ui_pager){ .page = page,
                                    .pages = (count.n + FOLLOW_ROWS - 1) / FOLLOW_ROWS,
                                    .base = f->q.n ? arena_printf(r->arena, "/gestion/suivi?q=%.*s",
                                                                  STR(f->q))
                                                   : S("/gestion/suivi") };
    learning_follow_list(http_page(r), &list);
}

bool follow_is_stuck(const struct learning_sql_members *m, int64_t steps, int64_t now)
{
    int64_t last = m->active_at != DB_NULL ? m->active_at : m->created_at;
    return m->steps_done < steps && last < now - FOLLOW_STUCK_MS;
}

static bool load(struct request *r, int64_t id, struct follow_group *g)
{
    *g = (struct follow_group){ .all = access_holds(r, FOLLOW) };
    struct learning_sql_group_alone alone; /* of a programme without dates */
    if (learning_sql_group(r->db, id, &g->group)) {
        g->n = learning_sql_members(r->db, id, FOLLOW_PEOPLE, &g->members);
    } else if (learning_sql_group_alone(r->db, id, &alone)) {
        g->group = (struct learning_sql_group){ .id = alone.id,
                                                .label = alone.label,
                                                .place = alone.place,
                                                .programme_id = alone.programme_id,
                                                .title = alone.title,
                                                .slug = alone.slug,
                                                .area = alone.area,
                                                .steps = alone.steps };
        g->n = learning_sql_members_alone(r->db, id, FOLLOW_PEOPLE, &g->members);
    } else {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    g->steps = g->group.steps;
    bool begun = g->group.starts_at <= r->now;
    for (size_t i = 0; i < g->n; i++) {
        g->begun += g->members[i].steps_done > 0;
        g->done += g->steps && g->members[i].steps_done >= g->steps;
        g->stuck += begun && follow_is_stuck(&g->members[i], g->steps, r->now);
    }
    return true;
}

void follow_group_get(struct request *r)
{
    const struct follow_form *f = r->form;
    struct follow_group g;
    if (load(r, f->id, &g)) learning_follow_group(http_page(r), &g);
}

void follow_csv_get(struct request *r)
{
    const struct follow_form *f = r->form;
    struct follow_group g;
    if (!load(r, f->id, &g)) return;
    struct buf out = BUF_INIT(LIMIT_PAGE);
    buf_lit(&out, CSV_MARK);
    csv_put(&out, R_(N_("Name")), ';');
    csv_put(&out, R_(N_("E-mail")), ';');
    csv_put(&out, R_(N_("Steps done")), ';');
    csv_put(&out, R_(N_("Steps in all")), ';');
    csv_put(&out, R_(N_("Modules done")), ';');
    csv_put(&out, R_(N_("Last active")), '\n');
    for (size_t i = 0; i < g.n; i++) {
        const struct learning_sql_members *m = &g.members[i];
        char at[TIME_RFC3339 + 1] = "";
        if (m->active_at != DB_NULL) time_rfc3339(m->active_at, at);
        csv_put(&out, m->name, ';');
        csv_put(&out, m->email, ';');
        csv_put(&out, arena_printf(r->arena, "%lld", (long long)m->steps_done), ';');
        csv_put(&out, arena_printf(r->arena, "%lld", (long long)g.steps), ';');
        csv_put(&out, arena_printf(r->arena, "%lld", (long long)m->modules_done), ';');
        csv_put(&out, str_from(at), '\n');
    }
    struct str text = arena_dup(r->arena, buf_view(&out));
    buf_finish(&out);
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"groupe.csv\""));
    if (audit_taken(r, "group.exported", "cohort", f->id,
                    json_pack("{s:I}", "rows", (json_int_t)g.n)))
        http_bytes(r, 200, "text/csv; charset=utf-8", text);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

/* Those whom the letter goes to: one, those who are stuck, or all. */
static size_t addressees(struct request *r, const struct follow_form *f, struct follow_group *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        bool chosen = f->personne  ? g->members[i].person_id == f->personne
                      : f->bloques ? follow_is_stuck(&g->members[i], g->steps, r->now)
                                   : true;
        if (chosen) g->members[n++] = g->members[i];
    }
    return g->n = n;
}

void follow_write_get(struct request *r)
{
    struct follow_form *f = r->form;
    struct follow_group g;
    if (!load(r, f->id, &g)) return;
    if (addressees(r, f, &g) == 0) {
        http_fail(r, 404, R_(N_("There is nobody to write to here.")));
        return;
    }
    if (!f->texte.p)
        f->texte = f->personne || f->bloques
                       ? R_(N_("How are you getting on? The next step is waiting for you, and I am "
                               "glad to help if something does not work."))
                       : STR_NONE;
    learning_follow_write(http_page(r), &g, f);
}

void follow_write_apply(struct request *r)
{
    const struct follow_form *f = r->form;
    struct follow_group g;
    if (!load(r, f->id, &g)) return;
    size_t n = addressees(r, f, &g);
    if (n == 0 || n > FOLLOW_LETTERS) {
        http_fail(r, 422, R_(N_("There is nobody to write to here.")));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        enum lang lang = r->lang;
        lang_from_code(g.members[i].lang, &lang);
        struct str body =
            fmt_plain(r->arena, lang_text(lang, N_("Hello {0},\n\n{1}\n\n{2}\n{3}")),
                      g.members[i].name, f->texte, r->who.name,
                      arena_printf(r->arena, "%.*s\n\n%.*s/mon-espace/parcours/%.*s",
                                   STR(r->who.email), STR(learning_origin), STR(g.group.slug)));
        mail_queue(r->db, g.members[i].email,
                   fmt_plain(r->arena, lang_text(lang, N_("About {0}")), g.group.title), body);
    }
    http_redirect(
        r, arena_printf(r->arena, "/gestion/suivi/%.*s", STR(id_lower(r->arena, g.group.id))),
        n == 1 ? "lettre-partie" : "lettres-parties");
}
