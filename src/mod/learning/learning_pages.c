/* Enrolling, Mon espace, a module's room. */
#include "learning_html.h"
#include "mod/learning/pages.h"
#include "mod/people/people.h"

const struct param learning_enrol_params[] = {
    PARAM(struct learning_enrol_form, slug, PARAM_SLUG, .required = true), { 0 }
};
const struct param learning_module_params[] = {
    PARAM(struct learning_module_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct learning_module_form, etape, PARAM_INT, .min = 1, .max = 200),
    { 0 },
};
const struct param learning_done_params[] = {
    PARAM(struct learning_done_form, id, PARAM_ID, .required = true), { 0 }
};

/* --- enrolling --------------------------------------------------------------------------------------------------- */

static struct str programme_path(struct request *r, const struct catalogue_programme *p)
{
    return arena_printf(r->arena, "/formations/%.*s", STR(p->slug));
}

void learning_enrol_apply(struct request *r)
{
    const struct learning_enrol_form *f = r->form;
    struct catalogue_programme p;
    if (!catalogue_programme_find(r->db, f->slug, &p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    switch (learning_enrol(r->db, r->who.person_id, p.id, r->now)) {
    case LEARNING_CONFIRMED: http_redirect(r, S("/mon-espace"), "inscrit"); break;
    case LEARNING_WAITING: http_redirect(r, programme_path(r, &p), "en-attente"); break;
    case LEARNING_ALREADY: http_redirect(r, programme_path(r, &p), "deja-inscrit"); break;
    case LEARNING_CLOSED:
        http_fail(r, 409, R_(N_("Enrolment for this programme is not open on line.")));
        break;
    }
}

void learning_promote(struct db *db, int64_t cohort_id, struct str title, int64_t now)
{
    struct arena *a = db_arena(db);
    struct learning_sql_first_waiting next;
    catalogue_free_place(db, cohort_id);
    if (!learning_sql_first_waiting(db, cohort_id, &next) || !catalogue_take_place(db, cohort_id))
        return;
    learning_sql_confirm_enrolment(db, next.id, now);
    struct account them;
    if (!people_find(db, next.person_id, &them)) return;
    struct str link = arena_printf(a, "%.*s/mon-espace", STR(learning_origin));
    struct str text = fmt_plain(
        a,
        lang_text(
            them.lang,
            N_("Hello {0},\n\nA place is free: you are now enrolled in {1}.\n\n{2}\n\nIf you no "
               "longer can or want to, please leave the programme there, so that the next "
               "person can come.\n\nThe eduLAB team")),
        them.name, title, link);
    mail_queue(db, them.email, lang_text(them.lang, N_("A place is free for you")), text);
}

void learning_leave_apply(struct request *r)
{
    const struct learning_enrol_form *f = r->form;
    struct catalogue_programme p;
    struct learning_sql_enrolment e;
    if (!catalogue_programme_find(r->db, f->slug, &p) ||
        !learning_sql_enrolment(r->db, r->who.person_id, p.id, &e)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool held = str_is(e.state, "confirmed") && e.cohort_id != DB_NULL;
    if (learning_sql_cancel_enrolment(r->db, r->who.person_id, p.id, r->now) == 1 && held)
        learning_promote(r->db, e.cohort_id, p.title, r->now);
    http_redirect(r, programme_path(r, &p), "desinscrit");
}

/* --- Mon espace ---------------------------------------------------------------------------------------------------- */

void learning_home_get(struct request *r)
{
    struct learning_home home;
    int64_t me = r->who.person_id;
    home.programme_count = learning_sql_my_programmes(r->db, me, &home.programmes);
    home.step_count = learning_sql_my_steps(r->db, me, &home.steps);
    home.agenda_count = learning_sql_my_agenda(r->db, me, r->now, &home.agenda);
    learning_home(http_page(r), r, &home);
}

/* --- a module's room ------------------------------------------------------------------------------------------------- */

static bool may_enter(struct request *r, const struct learning_room *room)
{
    struct learning_sql_enrolment e;
    if (access_holds(r, "learning.follow")) return true;
    return learning_sql_enrolment(r->db, r->who.person_id, room->programme.id, &e) &&
           str_is(e.state, "confirmed");
}

static void load_room(struct request *r, struct learning_room *room, int64_t wanted)
{
    room->count =
        catalogue_activities(r->db, room->module.version_id, room->module.id, &room->activities);
    room->done = arena_array(r->arena, bool, room->count + 1);
    struct learning_sql_done_activities *done;
    size_t n = learning_sql_done_activities(r->db, r->who.person_id, room->module.id, &done);
    for (size_t i = 0; i < room->count; i++)
        for (size_t k = 0; k < n; k++)
            if (done[k].activity_id == room->activities[i].id) room->done[i] = true;
    room->current = room->count;
    for (size_t i = room->count; i > 0; i--) {
        room->done_count += room->done[i - 1];
        if (!room->done[i - 1]) room->current = i - 1;
    }
    room->completed = room->count && room->done_count == room->count;
    if (wanted >= 1 && (size_t)wanted <= room->count) room->current = (size_t)wanted - 1;
    else if (room->current == room->count) room->current = 0;
}

void learning_module_get(struct request *r)
{
    const struct learning_module_form *f = r->form;
    struct learning_room room = { 0 };
    struct learning_sql_version follows;
    int64_t programme = catalogue_programme_of(r->db, f->slug);
    if (!programme || !learning_sql_version(r->db, r->who.person_id, programme, &follows) ||
        !catalogue_module_find(r->db, f->slug, follows.version_id, &room.module) ||
        !catalogue_programme_load(r->db, programme, &room.programme)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!may_enter(r, &room)) {
        http_redirect(r, programme_path(r, &room.programme), "inscrivez-vous");
        return;
    }
    load_room(r, &room, f->etape);
    learning_room(http_page(r), r, &room);
}

/* --- done ---------------------------------------------------------------------------------------------------------------- */

/* The activity, if the person may work on it; otherwise the answer is set. */
static bool find_mine(struct request *r, struct learning_sql_activity *ret)
{
    const struct learning_done_form *f = r->form;
    struct learning_sql_enrolment e;
    if (!learning_sql_activity(r->db, r->who.person_id, f->id, ret)) http_fail(r, 404, STR_NONE);
    else if (!learning_sql_enrolment(r->db, r->who.person_id, ret->programme_id, &e) ||
             !str_is(e.state, "confirmed"))
        http_fail(r, 403, R_(N_("This module opens when you are enrolled in its programme.")));
    return http_ok(r);
}

void learning_done_apply(struct request *r)
{
    struct learning_sql_activity a;
    struct learning_sql_left_in_module left = { 0 };
    if (!find_mine(r, &a)) return;
    learning_complete(r->db, r->who.person_id, a.id, r->now);
    learning_sql_left_in_module(r->db, r->who.person_id, a.version_id, a.module_id, &left);
    http_redirect(r, arena_printf(r->arena, "/mon-espace/modules/%.*s", STR(a.slug)),
                  left.n ? "etape-faite" : "module-fait");
}

void learning_done_api(struct request *r)
{
    struct learning_sql_activity a;
    struct learning_sql_left_in_module left = { 0 };
    if (!find_mine(r, &a)) return;
    learning_complete(r->db, r->who.person_id, a.id, r->now);
    learning_sql_left_in_module(r->db, r->who.person_id, a.version_id, a.module_id, &left);
    http_json(r, 200, json_pack("{s:b, s:I}", "done", 1, "left", (json_int_t)left.n));
}
