/* The contact of a school enrols people of theirs, line by line; one person in another's place. */
#include "mod/learning/group.h"

#include "base/id.h"
#include "base/utf8.h"
#include "learning_html.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"

#define FORM struct group_form
const struct param group_team_params[] = { PARAM(FORM, organisation, PARAM_ID), { 0 } };
const struct param group_enrol_params[] = {
    PARAM(FORM, organisation, PARAM_ID, .required = true),
    PARAM(FORM, groupe, PARAM_ID, .required = true),
    PARAM(FORM, personnes, PARAM_LIST),
    PARAM(FORM, adresses, PARAM_LONG, .max = 20000),
    PARAM(FORM, malgre, PARAM_BOOL),
    { 0 },
};
const struct param group_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                         PARAM(FORM, mot, PARAM_LONG, .max = 1000),
                                         { 0 } };
const struct param group_replace_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                              PARAM(FORM, par, PARAM_ID),
                                              PARAM(FORM, adresse, PARAM_EMAIL),
                                              { 0 } };
#undef FORM

/* --- the contact's page ------------------------------------------------------------------------------------------------- */

/* Organisations of which the person may enrol people. */
static size_t my_organisations(struct request *r, struct organisation **ret)
{
    int64_t *scopes;
    size_t n = access_scopes(r, "enrolment.group", "organisation", &scopes), kept = 0;
    *ret = arena_array(r->arena, struct organisation, n + 1);
    for (size_t i = 0; i < n; i++)
        kept += organisation_find(r->db, scopes[i], &(*ret)[kept]);
    return kept;
}

static void load_team(struct request *r, int64_t organisation, struct group_team *t)
{
    *t = (struct group_team){ 0 };
    t->mine_count = my_organisations(r, &t->mine);
    for (size_t i = 0; i < t->mine_count && !t->chosen; i++)
        if (!organisation || t->mine[i].id == organisation) t->chosen = &t->mine[i];
    if (!t->chosen) return;
    t->people_count = learning_sql_team(r->db, t->chosen->id, r->now, TEAM_SHOWN + 1, &t->people);
    t->group_count = learning_sql_open_groups(r->db, r->now, &t->groups);
    t->n = learning_sql_team_enrolments(r->db, t->chosen->id, &t->rows);
}

/* Also the form again, when a line is wrong. */
void group_team_get(struct request *r)
{
    const struct group_form *f = r->form;
    struct group_team t;
    load_team(r, f->organisation, &t);
    if (f->organisation && !t.chosen) http_fail(r, 404, STR_NONE);
    else learning_group_team(http_page(r), &t, f);
}

struct enrolling {
    struct request *r;
    struct group_result *result;
    int64_t organisation;
    bool agreed;
};

static struct group_line *add_line(struct enrolling *e, struct str who)
{
    struct group_line *line = &e->result->lines[e->result->n++];
    *line = (struct group_line){ .who = who };
    return line;
}

static void enrol_one(struct enrolling *e, int64_t person_id, struct str name)
{
    struct request *r = e->r;
    const struct cohort *c = &e->result->cohort;
    struct group_line *line = add_line(e, name);
    enrolment_clash *clashes;
    enrolment_row known;
    int64_t id;
    bool already = learning_sql_enrolment(r->db, person_id, c->programme_id, &known) &&
                   !enrolment_is_over(known.state);
    if (!already && !e->result->form->malgre &&
        enrolment_clashes(r->db, person_id, c->id, r->now, &clashes)) {
        line->kind = GROUP_CLASH;
        line->clash = clashes[0];
        e->result->clashes++;
        return;
    }
    line->became = enrolment_ask(
        r->db,
        &(const struct enrolment_ask){
            .person_id = person_id,
            .programme_id = c->programme_id,
            .cohort_id = c->id,
            .organisation_id = e->organisation,
            .agreed = e->agreed,
            .act = { .way = BY_SCHOOL, .by = r->who.person_id, .reason = r->who.name } },
        r->now, &id);
    e->result->in += line->became == LEARNING_CONFIRMED;
}

/* A line of addresses as people paste them: "Name <a@b>", "a@b;". */
static struct str address_in(struct str line)
{
    size_t open = str_find(line, '<');
    if (open < line.n) {
        line = str_sub(line, open + 1, line.n);
        line = str_sub(line, 0, str_find(line, '>'));
    }
    while (line.n && strchr(" \t\r;,", line.p[line.n - 1]))
        line.n--;
    return str_trim(line);
}

static void enrol_address(struct enrolling *e, struct str line)
{
    struct account p;
    struct learning_sql_in_team in;
    struct str address = utf8_fold(e->r->arena, address_in(line));
    if (!address.n) return;
    bool known = people_find_by_email(e->r->db, address, &p) &&
                 learning_sql_in_team(e->r->db, e->organisation, p.id, e->r->now, &in) && in.n;
    if (known) enrol_one(e, p.id, p.name);
    else add_line(e, address)->kind = GROUP_STRANGER;
}

static size_t count_lines(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

void group_enrol_apply(struct request *r)
{
    const struct group_form *f = r->form;
    struct group_result result = { .form = f };
    size_t most = f->personnes.n + count_lines(f->adresses);
    if (!access_holds_for(r, "enrolment.group", "organisation", f->organisation) ||
        !cohort_find(r->db, f->groupe, &result.cohort)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!cohort_is_open(&result.cohort, r->now))
        http_invalid(r, "groupe", R_(N_("This group takes nobody at the moment.")));
    if (!f->personnes.n && !f->adresses.n)
        http_invalid(r, "personnes", R_(N_("Please choose somebody, or paste addresses.")));
    if (most > TEAM_AT_ONCE) http_invalid(r, "adresses", R_(N_("At most 200 people at once.")));
    if (!http_ok(r)) return;
    result.lines = arena_array(r->arena, struct group_line, most + 1);
    struct enrolling e = { r, &result, f->organisation,
                           access_holds_for(r, "enrolment.approve", "organisation",
                                            f->organisation) };
    for (size_t i = 0; i < f->personnes.n; i++) {
        int64_t id;
        struct account p;
        struct learning_sql_in_team in;
        if (id_parse(f->personnes.items[i], &id) && people_find(r->db, id, &p) &&
            learning_sql_in_team(r->db, f->organisation, id, r->now, &in) && in.n)
            enrol_one(&e, p.id, p.name);
    }
    for (struct str rest = f->adresses; rest.n;)
        enrol_address(&e, str_cut(&rest, '\n'));
    learning_group_result(http_page(r), &result);
}

/* --- one in another's place ----------------------------------------------------------------------------------------------- */

/* The enrolment, for who looks after the person's school or after the group; otherwise 404 is set. */
static bool find_theirs(struct request *r, int64_t id, enrolment_row *ret)
{
    bool found = learning_sql_enrolment_by_id(r->db, id, ret);
    bool school = found && ret->organisation_id != DB_NULL &&
                  access_holds_for(r, "enrolment.group", "organisation", ret->organisation_id);
    bool staff = found && ret->cohort_id != DB_NULL && cohort_may_plan(r, ret->cohort_id);
    if (school || staff) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

static struct str back_of(struct request *r, const enrolment_row *e)
{
    if (e->cohort_id != DB_NULL && cohort_may_plan(r, e->cohort_id))
        return arena_printf(r->arena, "/gestion/cohortes/%.*s/inscriptions",
                            STR(id_lower(r->arena, e->cohort_id)));
    return S("/mon-espace/equipe");
}

void group_replace_get(struct request *r)
{
    const struct group_form *f = r->form;
    struct group_replacement s = { 0 };
    struct account them;
    struct catalogue_programme p;
    struct cohort c;
    if (!find_theirs(r, f->id, &s.e)) return;
    if (!enrolment_may_become(enrolment_state_of(s.e.state), ENROLMENT_REPLACED) ||
        !people_find(r->db, s.e.person_id, &them) ||
        !catalogue_programme_load(r->db, s.e.programme_id, &p)) {
        http_fail(r, 409, R_(N_("Nobody can take this place over.")));
        return;
    }
    s.name = them.name;
    s.title = p.title;
    s.label = s.e.cohort_id != DB_NULL && cohort_find(r->db, s.e.cohort_id, &c) ? c.label : S("");
    s.back = back_of(r, &s.e);
    if (s.e.organisation_id != DB_NULL)
        s.people_count =
            learning_sql_team(r->db, s.e.organisation_id, r->now, TEAM_SHOWN, &s.people);
    learning_group_replace(http_page(r), &s, f);
}

/* Who comes instead; 0 with what is wrong said beside the field. */
static int64_t replacing(struct request *r, const enrolment_row *e)
{
    const struct group_form *f = r->form;
    struct account p;
    struct learning_sql_in_team in;
    enrolment_row theirs;
    bool found = f->par ? people_find(r->db, f->par, &p)
                        : f->adresse.n && people_find_by_email(r->db, f->adresse, &p);
    bool staff = e->cohort_id != DB_NULL && cohort_may_plan(r, e->cohort_id);
    bool team = found && e->organisation_id != DB_NULL &&
                learning_sql_in_team(r->db, e->organisation_id, p.id, r->now, &in) && in.n;
    if (!team && !(staff && found))
        http_invalid(r, "par", R_(N_("Please choose somebody of the same organisation.")));
    else if (p.id == e->person_id ||
             (learning_sql_enrolment(r->db, p.id, e->programme_id, &theirs) &&
              !enrolment_is_over(theirs.state)))
        http_invalid(r, "par", R_(N_("This person is enrolled already.")));
    return http_ok(r) ? p.id : 0;
}

void group_replace_apply(struct request *r)
{
    const struct group_form *f = r->form;
    enrolment_row e;
    if (!find_theirs(r, f->id, &e)) return;
    int64_t person = replacing(r, &e);
    if (!person) return;
    const struct enrolment_act act = { .way = BY_SCHOOL,
                                       .by = r->who.person_id,
                                       .reason = r->who.name };
    struct str back = back_of(r, &e);
    if (enrolment_replace(r->db, &e, person, &act, r->now)) http_redirect(r, back, "remplace");
    else http_fail(r, 409, R_(N_("Nobody can take this place over.")));
}

void group_cancel_apply(struct request *r)
{
    const struct group_form *f = r->form;
    enrolment_row e;
    if (!find_theirs(r, f->id, &e)) return;
    const struct enrolment_act act = { .way = BY_STAFF, .by = r->who.person_id, .reason = f->mot };
    struct str back = back_of(r, &e);
    if (enrolment_cancel(r->db, &e, &act, r->now)) http_redirect(r, back, "inscription-annulee");
    else http_fail(r, 409, R_(N_("This enrolment is over already.")));
}
