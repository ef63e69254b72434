/* Mon espace, a module's room, a whole programme. */
#include "base/id.h"
#include "learning_html.h"
#include "mod/learning/condition.h"
#include "mod/learning/enrol.h"
#include "mod/learning/space.h"

const struct param learning_module_params[] = {
    PARAM(struct learning_module_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct learning_module_form, etape, PARAM_INT, .min = 1, .max = 200),
    PARAM(struct learning_module_form, montrer, PARAM_BOOL),
    { 0 },
};
#define ROOM struct learning_preview_form
const struct param learning_preview_params[] = {
    PARAM(ROOM, id, PARAM_ID, .required = true),
    { .name = "slug", .kind = PARAM_SLUG, .offset = offsetof(ROOM, room.slug), .required = true },
    { .name = "etape",
      .kind = PARAM_INT,
      .offset = offsetof(ROOM, room.etape),
      .min = 1,
      .max = 200 },
    { .name = "montrer", .kind = PARAM_BOOL, .offset = offsetof(ROOM, room.montrer) },
    { 0 },
};
#undef ROOM
const struct param learning_path_params[] = {
    PARAM(struct learning_path_form, slug, PARAM_SLUG, .required = true), { 0 }
};
const struct param learning_done_params[] = {
    PARAM(struct learning_done_form, id, PARAM_ID, .required = true), { 0 }
};

static struct str programme_path(struct request *r, const struct catalogue_programme *p)
{
    return arena_printf(r->arena, "/formations/%.*s", STR(p->slug));
}

/* --- Mon espace ---------------------------------------------------------------------------------------------------- */

void learning_home_get(struct request *r)
{
    struct learning_home home;
    int64_t me = r->who.person_id;
    home.programme_count = learning_sql_my_programmes(r->db, me, &home.programmes);
    home.step_count = learning_sql_my_steps(r->db, me, &home.steps);
    home.agenda_count = learning_sql_my_agenda(r->db, me, r->now, &home.agenda);
    home.deadline_count = learning_deadlines(r, &home.deadlines);
    struct learning_sql_to_approve *requests;
    int64_t *organisations;
    home.follows = access_holds(r, "learning.follow");
    home.team = access_scopes(r, "enrolment.group", "organisation", &organisations) > 0;
    home.to_approve = enrol_to_approve(r, &requests);
    struct learning_sql_to_complete open;
    home.to_complete = learning_sql_to_complete(r->db, me, &open) ? (size_t)open.n : 0;
    learning_home(http_page(r), r, &home);
}

/* --- a module's room ------------------------------------------------------------------------------------------------- */

static bool is_enrolled(struct request *r, int64_t programme_id)
{
    struct learning_sql_enrolment e;
    return learning_sql_enrolment(r->db, r->who.person_id, programme_id, &e) &&
           enrolment_is_in(e.state);
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

/* What was done once stays open to read again. Most modules have no condition, and cost one query here. */
static void load_missing(struct request *r, struct learning_room *room)
{
    struct learning_sql_needs_left *needs;
    if (room->follows || room->count == 0 || room->done[room->current]) return;
    const struct catalogue_activity *a = &room->activities[room->current];
    if (!room->module.rule.n && !a->rule.n &&
        !learning_sql_needs_left(r->db, r->who.person_id, room->module.version_id, room->module.id,
                                 &needs))
        return;
    room->set = arena_new(r->arena, struct condition_set);
    condition_load(r->db, r->who.person_id, room->programme.id, room->module.version_id, r->now,
                   room->set);
    room->missing = condition_missing(r->arena, room->set, a->id, true);
}

static void show_room(struct request *r, struct str slug, int64_t step, bool shown,
                      struct str typed)
{
    struct learning_room room = { .shown = shown, .typed = typed };
    struct learning_sql_version follows;
    int64_t programme = catalogue_programme_of(r->db, slug);
    if (!programme || !learning_sql_version(r->db, r->who.person_id, programme, &follows) ||
        !catalogue_module_find(r->db, slug, follows.version_id, &room.module) ||
        !catalogue_programme_load(r->db, programme, &room.programme)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool enrolled = is_enrolled(r, programme);
    room.follows = !enrolled && access_holds(r, "learning.follow");
    if (!enrolled && !room.follows) {
        http_redirect(r, programme_path(r, &room.programme), "inscrivez-vous");
        return;
    }
    load_room(r, &room, step);
    load_missing(r, &room);
    if (enrolled)
        room.date_count = learning_sql_dates(r->db, r->who.person_id, programme, room.module.id,
                                             r->now, &room.dates);
    room.base = arena_printf(r->arena, "/mon-espace/modules/%.*s", STR(room.module.slug));
    learning_room(http_page(r), r, &room);
}

/* --- the same for who writes it ------------------------------------------------------------------------------------------ */

bool learning_preview_may(struct request *r)
{
    const struct learning_preview_form *f = r->form;
    return access_holds_for(r, "catalogue.edit", "programme", f->id);
}

/* What stands before somebody who has just enrolled and done nothing yet. */
void learning_preview_get(struct request *r)
{
    const struct learning_preview_form *f = r->form;
    struct learning_room room = { .preview = true, .shown = f->room.montrer };
    int64_t version = catalogue_edited_version(r->db, f->id);
    if (!version || catalogue_programme_of(r->db, f->room.slug) != f->id ||
        !catalogue_module_find(r->db, f->room.slug, version, &room.module) ||
        !catalogue_programme_load(r->db, f->id, &room.programme)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    room.count = catalogue_activities(r->db, version, room.module.id, &room.activities);
    room.done = arena_array(r->arena, bool, room.count + 1);
    if (f->room.etape >= 1 && (size_t)f->room.etape <= room.count)
        room.current = (size_t)f->room.etape - 1;
    room.set = arena_new(r->arena, struct condition_set);
    condition_load(r->db, 0, f->id, version, r->now, room.set);
    if (room.count)
        room.missing =
            condition_missing(r->arena, room.set, room.activities[room.current].id, true);
    room.base = arena_printf(r->arena, "/gestion/formations/%.*s/apercu/%.*s",
                             STR(id_lower(r->arena, f->id)), STR(room.module.slug));
    learning_room(http_page(r), r, &room);
}

void learning_module_get(struct request *r)
{
    const struct learning_module_form *f = r->form;
    show_room(r, f->slug, f->etape, f->montrer, STR_NONE);
}

void learning_room_show(struct request *r, int64_t activity_id, struct str typed)
{
    struct learning_sql_activity a;
    if (!learning_sql_activity(r->db, r->who.person_id, activity_id, &a))
        http_fail(r, 404, STR_NONE);
    else show_room(r, a.slug, a.place, false, typed);
}

/* --- a whole programme ---------------------------------------------------------------------------------------------------- */

/* Done and locked modules, as the map of the catalogue reads them. */
static void fill_viewer(struct request *r, struct learning_path_sheet *s, int64_t version_id)
{
    struct learning_sql_enrolment e;
    int64_t *done = arena_array(r->arena, int64_t, s->set.n + 1),
            *locked = arena_array(r->arena, int64_t, s->set.n + 1);
    struct catalogue_viewer *v = &s->viewer;
    *v = (struct catalogue_viewer){ .state = VIEWER_ENROLLED,
                                    .version_id = version_id,
                                    .done_modules = done,
                                    .locked_modules = locked };
    v->done = learning_sql_enrolment(r->db, r->who.person_id, s->programme.id, &e) &&
              str_is(e.state, "completed");
    for (size_t i = 0; i < s->set.n; i++) {
        if (s->set.rows[i].level != 2) continue;
        s->modules++;
        if (s->set.rows[i].done) done[v->done_count++] = s->set.rows[i].node_id;
        else if (s->missing[i]) locked[v->locked_count++] = s->set.rows[i].node_id;
    }
    s->done = (int64_t)v->done_count;
}

void learning_path_get(struct request *r)
{
    const struct learning_path_form *f = r->form;
    struct learning_path_sheet s = { 0 };
    struct learning_sql_version follows;
    if (!catalogue_programme_find(r->db, f->slug, &s.programme) ||
        !learning_sql_version(r->db, r->who.person_id, s.programme.id, &follows) ||
        follows.version_id == DB_NULL) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!is_enrolled(r, s.programme.id) && !access_holds(r, "learning.follow")) {
        http_redirect(r, programme_path(r, &s.programme), "inscrivez-vous");
        return;
    }
    condition_load(r->db, r->who.person_id, s.programme.id, follows.version_id, r->now, &s.set);
    s.missing = arena_array(r->arena, const struct rule *, s.set.n + 1);
    for (size_t i = 0; i < s.set.n; i++)
        s.missing[i] = condition_missing(r->arena, &s.set, s.set.rows[i].node_id, false);
    fill_viewer(r, &s, follows.version_id);
    learning_path(http_page(r), r, &s);
}

/* --- done ---------------------------------------------------------------------------------------------------------------- */

/* False, with the answer set, when something must be met first. */
static bool is_open(struct request *r, const struct learning_sql_activity *a)
{
    struct learning_sql_needs_left *needs;
    struct condition_set set;
    int64_t me = r->who.person_id;
    if (!a->rule.n && !a->module_rule.n &&
        !learning_sql_needs_left(r->db, me, a->version_id, a->module_id, &needs))
        return true;
    condition_load(r->db, me, a->programme_id, a->version_id, r->now, &set);
    if (!condition_missing(r->arena, &set, a->id, true)) return true;
    http_fail(r, 409, R_(N_("This step is not open yet: its page says what is missing.")));
    return false;
}

bool learning_may_work(struct request *r, int64_t activity_id, struct learning_sql_activity *ret)
{
    if (!learning_sql_activity(r->db, r->who.person_id, activity_id, ret)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    if (!is_enrolled(r, ret->programme_id)) {
        http_fail(r, 403, R_(N_("This module opens when you are enrolled in its programme.")));
        return false;
    }
    return is_open(r, ret);
}

bool learning_work_find(struct request *r, int64_t activity_id, struct learning_work *ret)
{
    struct learning_sql_activity a;
    if (!learning_may_work(r, activity_id, &a)) return false;
    *ret = (struct learning_work){ .id = a.id,
                                   .module_id = a.module_id,
                                   .programme_id = a.programme_id,
                                   .version_id = a.version_id,
                                   .kind = a.kind,
                                   .title = a.activity_title,
                                   .slug = a.slug,
                                   .place = a.place,
                                   .settings = a.settings };
    return true;
}

/* The activity, if the person may say that it is done; otherwise the answer is set. */
static bool find_mine(struct request *r, struct learning_sql_activity *ret)
{
    const struct learning_done_form *f = r->form;
    if (!learning_may_work(r, f->id, ret)) return false;
    const struct activity_kind *kind = activity_kind_find(ret->kind);
    if (!kind || kind->done == ACTIVITY_DONE_BY_ACT)
        http_fail(r, 409, R_(N_("This step is done by doing it: its page says how.")));
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
