/* Enrolment and completion: the record and the rules. */
#include "mod/learning/learning.h"

#include "base/id.h"
#include "base/origin.h"
#include "base/settings.h"
#include "mod/catalogue/catalogue.h"
#include "mod/learning/dates.h"
#include "mod/learning/enrol.h"
#include "mod/learning/follow.h"
#include "mod/learning/group.h"
#include "mod/learning/hours.h"
#include "mod/learning/kinds.h"
#include "mod/learning/pages.h"
#include "mod/learning/rule.h"
#include "mod/people/people.h"
#include "mod/tv/tv.h"

static const struct shape done_shape = {
    .name = "ActivityDone",
    .help = N_("An activity that was done, and how many are left in its module."),
    .schema =
        "{\"type\":\"object\",\"required\":[\"done\",\"left\"],\"properties\":{\"done\":{\"type\":"
        "\"boolean\"},\"left\":{\"type\":\"integer\",\"minimum\":0}}}"
};
static const struct api done_api = { .group = N_("My learning"), .answer = &done_shape };

#define GROUP_FORM .form_size = sizeof(struct group_form)
#define ENROL_FORM .form_size = sizeof(struct enrol_form)
static const struct route routes[] = {
    { "GET", "/formations/:slug/inscription", MAY("learning.enrol"), .get = enrol_ask_get,
      .params = enrol_ask_params, ENROL_FORM,
      .help = "Groups to choose from, and what is asked at enrolment." },
    { "POST", "/formations/:slug/inscription", MAY("learning.enrol"), .apply = enrol_ask_apply,
      .form = enrol_ask_get, .params = enrol_ask_params, ENROL_FORM, .flags = ROUTE_IN_ORDER,
      .help = "Enrols in a programme, asks the head, or joins the waiting list." },
    { "POST", "/formations/:slug/desinscription", MEMBER, .apply = enrol_leave_apply,
      .params = enrol_slug_params, ENROL_FORM,
      .help = "Leaves a programme; the place goes to the next in line." },
    { "GET", "/mon-espace/inscriptions", MEMBER, .get = enrol_mine_get, ENROL_FORM,
      .help = "One's enrolments, with what is to be answered." },
    { "POST", "/mon-espace/inscriptions/:id/repondre", MEMBER, .apply = enrol_answer_apply,
      .form = enrol_mine_get, .params = enrol_answer_params, ENROL_FORM,
      .help = "Takes a place that is kept, or lets it go." },
    { "POST", "/mon-espace/inscriptions/:id/reprendre", MEMBER, .apply = enrol_undo_apply,
      .params = enrol_answer_params, ENROL_FORM, .help = "Takes back that one has just left." },
    { "GET", "/mon-espace/inscriptions/:id/reponses", MEMBER, .get = enrol_questions_get,
      .params = enrol_questions_params, ENROL_FORM,
      .help = "The questions of a group to who is enrolled already." },
    { "POST", "/mon-espace/inscriptions/:id/reponses", MEMBER, .apply = enrol_questions_apply,
      .form = enrol_questions_get, .params = enrol_questions_params, ENROL_FORM,
      .help = "Keeps the answers to the questions of a group." },
    { "GET", "/mon-espace/dates/:id", MEMBER, .get = date_get, .params = date_id_params,
      .form_size = sizeof(struct date_form), .help = "A date of a module of one's path." },
    { "POST", "/mon-espace/dates/:id", MEMBER, .apply = date_apply, .form = date_get,
      .params = date_act_params, .form_size = sizeof(struct date_form), .flags = ROUTE_IN_ORDER,
      .help = "Takes a place on a date, or gives it back." },
    { "GET", "/mon-espace/accords", MEMBER, .get = enrol_requests_get, ENROL_FORM,
      .help = "Requests that wait for the agreement of a head." },
    { "POST", "/mon-espace/accords/:id", MEMBER, .apply = enrol_agree_apply,
      .params = enrol_agree_params, ENROL_FORM, .help = "Agrees to a request, or does not." },
    { "GET", "/mon-espace/equipe", MEMBER, .get = group_team_get, .params = group_team_params,
      GROUP_FORM,
      .help = "The contact of a school: enrols people of theirs, sees where they stand." },
    { "POST", "/mon-espace/equipe", MEMBER, .apply = group_enrol_apply, .form = group_team_get,
      .params = group_enrol_params, GROUP_FORM, .flags = ROUTE_IN_ORDER,
      .help = "Enrols people of an organisation, with an answer for each line." },
    { "GET", "/mon-espace/equipe/:id/remplacer", MEMBER, .get = group_replace_get,
      .params = group_replace_params, GROUP_FORM, .help = "Who comes in somebody's place." },
    { "POST", "/mon-espace/equipe/:id/remplacer", MEMBER, .apply = group_replace_apply,
      .form = group_replace_get, .params = group_replace_params, GROUP_FORM,
      .help = "Gives the place of one person to another." },
    { "POST", "/mon-espace/equipe/:id/annuler", MEMBER, .apply = group_cancel_apply,
      .params = group_id_params, GROUP_FORM, .help = "Cancels the enrolment of somebody else." },
    { "GET", "/gestion/cohortes/:id/inscriptions", OBJECT(group_may_plan), .get = group_list_get,
      .params = group_list_params, GROUP_FORM, .help = "Who is in a group, waits or has asked." },
    { "GET", "/gestion/cohortes/:id/inscriptions.csv", OBJECT(group_may_plan), .get = group_csv_get,
      .params = group_list_params, GROUP_FORM, .help = "The same as a table." },
    { "POST", "/gestion/inscriptions/:id", MEMBER, .apply = group_act_apply,
      .params = group_act_params, GROUP_FORM,
      .help = "Agrees to a request, or gives a place past the line." },
    { "GET", "/api/v1/groupes", PUBLIC, .get = enrol_groups_api, ENROL_FORM, .flags = ROUTE_API,
      .api = &enrol_groups_answer, .help = N_("The groups in which one can enrol now.") },
    { "GET", "/api/v1/inscriptions", MEMBER, .get = enrol_mine_api, ENROL_FORM, .flags = ROUTE_API,
      .api = &enrol_mine_answer, .help = N_("My enrolments.") },
    { "POST", "/api/v1/formations/:slug/inscription", MAY("learning.enrol"), .apply = enrol_ask_api,
      .params = enrol_ask_params, ENROL_FORM, .flags = ROUTE_API | ROUTE_IN_ORDER,
      .api = &enrol_ask_answer, .help = N_("Enrols me in a programme.") },
    { "GET", "/mon-espace", MEMBER, .get = learning_home_get,
      .help = "The next step, progress and agenda of the person." },
    { "GET", "/mon-espace/modules/:slug", MEMBER, .get = learning_module_get,
      .params = learning_module_params, .form_size = sizeof(struct learning_module_form),
      .help = "A module with its activities, one at a time." },
    { "GET", "/mon-espace/parcours/:slug", MEMBER, .get = learning_path_get,
      .params = learning_path_params, .form_size = sizeof(struct learning_path_form),
      .help = "A whole programme as the person stands in it: what is done, what is missing." },
    { "GET", "/mon-espace/heures", MEMBER, .get = hours_list_get,
      .form_size = sizeof(struct hours_form), .help = "The hours that a person has proved." },
    { "GET", "/mon-espace/heures/:slug", MEMBER, .get = hours_list_get, .params = hours_slug_params,
      .form_size = sizeof(struct hours_form), .help = "The hours proved in one programme." },
    { "POST", "/mon-espace/heures/:slug", MEMBER, .apply = hours_declare_apply,
      .form = hours_declare_form, .params = hours_declare_params,
      .form_size = sizeof(struct hours_form), .help = "Declares hours of one's own work." },
    { "GET", "/mon-espace/heures/:slug/tableau.csv", MEMBER, .get = hours_csv_get,
      .params = hours_slug_params, .form_size = sizeof(struct hours_form),
      .help = "One's hours in a programme as a table." },
    { "POST", "/mon-espace/heures/entrees/:id/reprendre", MEMBER, .apply = hours_back_apply,
      .params = hours_back_params, .form_size = sizeof(struct hours_back_form),
      .help = "Takes back hours that one declared." },
    { "GET", "/gestion/suivi", MAY("learning.follow"), .get = follow_list_get,
      .params = follow_list_params, .form_size = sizeof(struct follow_list_form),
      .help = "The groups, for trainers." },
    { "GET", "/gestion/suivi/:id", OBJECT(follow_may), .get = follow_group_get,
      .params = follow_group_params, .form_size = sizeof(struct follow_form),
      .help = "Who is where in a group, and who is stuck." },
    { "GET", "/gestion/suivi/:id/tableau.csv", OBJECT(follow_may), .get = follow_csv_get,
      .params = follow_group_params, .form_size = sizeof(struct follow_form),
      .help = "The same as a table." },
    { "GET", "/gestion/suivi/:id/ecrire", OBJECT(follow_may), .get = follow_write_get,
      .params = follow_group_params, .form_size = sizeof(struct follow_form),
      .help = "A letter to one, to those who are stuck, or to all of a group." },
    { "POST", "/gestion/suivi/:id/ecrire", OBJECT(follow_may), .apply = follow_write_apply,
      .form = follow_write_get, .params = follow_write_params,
      .form_size = sizeof(struct follow_form),
      .help = "Sends the letter, to each person by themselves." },
    { "GET", "/gestion/suivi/personnes/:id/heures", OBJECT(hours_may), .get = hours_list_get,
      .params = hours_list_params, .form_size = sizeof(struct hours_form),
      .help = "The hours that a learner has proved." },
    { "GET", "/gestion/suivi/personnes/:id/heures/:slug/tableau.csv", OBJECT(hours_may),
      .get = hours_csv_get, .params = hours_list_params, .form_size = sizeof(struct hours_form),
      .help = "The hours of a learner in a programme as a table." },
    { "POST", "/mon-espace/discussions/:id", MEMBER, .apply = post_add_apply, .form = post_add_form,
      .params = post_add_params, .form_size = sizeof(struct post_form),
      .help = "Answers the question of an activity." },
    { "POST", "/mon-espace/reponses/:id/retirer", MEMBER, .apply = post_remove_apply,
      .params = post_id_params, .form_size = sizeof(struct post_form),
      .help = "Takes an answer off." },
    { "GET", "/gestion/formations/:id/apercu/:slug", OBJECT(learning_preview_may),
      .get = learning_preview_get, .params = learning_preview_params,
      .form_size = sizeof(struct learning_preview_form),
      .help = "A module's room as a learner would see the draft." },
    { "GET", "/gestion/supports", MAY("material.upload"), .get = material_list_get,
      .form_size = sizeof(struct material_form), .help = "Files for pages and activities." },
    { "POST", "/gestion/supports", MAY("material.upload"), .prepare = material_add_prepare,
      .apply = material_add_apply, .form = material_list_get, .params = material_add_params,
      .form_size = sizeof(struct material_form), .max_body = MATERIAL_MOST,
      .help = "Adds a file for pages and activities." },
    { "GET", "/supports/:id", MEMBER, .get = material_show_get, .params = material_show_params,
      .form_size = sizeof(struct material_form), .help = "A file of a page or an activity." },
    { "POST", "/mon-espace/activites/:id/terminer", MEMBER, .apply = learning_done_apply,
      .params = learning_done_params, .form_size = sizeof(struct learning_done_form),
      .help = "Marks an activity as done and goes on to the next." },
    { "POST", "/api/v1/activites/:id/terminer", MEMBER, .apply = learning_done_api,
      .params = learning_done_params, .form_size = sizeof(struct learning_done_form),
      .flags = ROUTE_API, .api = &done_api, .help = N_("Marks one of my activities as done.") },
    { 0 },
};

static const struct notice notices[] = {
    { "inscrit", N_("You are in! Your next step is waiting in your space."), false },
    { "en-attente", N_("You are on the waiting list. We write as soon as a place is free."),
      false },
    { "demande",
      N_("Your request is with the head of your school. We write as soon as they answer."), false },
    { "reponses-gardees", N_("Your answers are kept."), false },
    { "place-partie", N_("This place is no longer kept: it has gone to the next in line."), true },
    { "remplace", N_("The place has changed hands. Both have been told."), false },
    { "inscription-annulee", N_("The enrolment is cancelled. The person has been told."), false },
    { "place-donnee", N_("Done. The person has been told."), false },
    { "accord-donne", N_("Agreed. The person has been told."), false },
    { "accord-refuse", N_("Not agreed. The person has been told."), false },
    { "accord-trop-tard", N_("This request is no longer open."), true },
    { "deja-inscrit", N_("You were enrolled already: nothing has changed."), false },
    { "desinscrit",
      N_("You have left this programme. What you did stays yours, and you can come back."), false },
    { "date-prise", N_("You have a place. A letter with a file for your calendar is on its way."),
      false },
    { "date-attente",
      N_("All places are taken: you stand in line, and we write as soon as one is free."), false },
    { "date-rendue", N_("Your place is given back. You can choose a date whenever you like."),
      false },
    { "etape-faite", N_("Done. On to the next step!"), false },
    { "module-fait", N_("Module completed. Well done!"), false },
    { "lettre-partie", N_("Your letter is on its way."), false },
    { "lettres-parties", N_("Your letters are on their way."), false },
    { "heures-notees", N_("Written down. Your sum has grown."), false },
    { "heures-reprises", N_("Taken back: the entry stands there still, with its counterpart."),
      false },
    { "reponse-publiee", N_("Your answer is published."), false },
    { "reponse-retiree", N_("The answer was taken off."), false },
    { "support-ajoute", N_("The file is here."), false },
    { "inscrivez-vous", N_("This module opens when you are enrolled in its programme."), true },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/mon-espace", N_("Today"), AREA_NONE, MENU_MINE, 10 },
    { "/mon-espace/inscriptions", N_("My enrolments"), AREA_NONE, MENU_MINE, 25 },
    { "/mon-espace/heures", N_("My hours"), AREA_NONE, MENU_MINE, 30 },
    { "/gestion/suivi", N_("Groups"), AREA_FORM, MENU_STAFF_TRAINING, 12 },
    { "/gestion/supports", N_("Materials"), AREA_FORM, MENU_STAFF_TRAINING, 25 },
    { 0 },
};

/* --- completing ---------------------------------------------------------------------------------------------------- */

static void emit_completed(struct db *db, int64_t person_id, const char *kind, struct str code,
                           struct str name)
{
    event_emit(db, "learning.completed",
               json_pack("{s:I, s:s, s:s%, s:s%}", "person", (json_int_t)person_id, "kind", kind,
                         "code", code.p, code.n, "name", name.p, name.n));
}

static void maybe_complete_programme(struct db *db, int64_t person_id,
                                     const struct learning_sql_activity *a, int64_t now)
{
    struct learning_sql_rules_left rules;
    struct learning_sql_required_left required;
    if (!learning_sql_rules_left(db, person_id, a->version_id, &rules) || rules.n) return;
    if (!learning_sql_required_left(db, person_id, a->version_id, &required) || required.n) return;
    if (learning_sql_complete_programme(db, person_id, a->programme_id, now) != 1) return;
    enrolment_row e;
    if (learning_sql_enrolment(db, person_id, a->programme_id, &e)) enrolment_complete(db, &e, now);
    emit_completed(db, person_id, "programme", a->programme_slug, a->programme_title);
}

/* An activity that was done counts with the minutes planned for it. Meetings count by the list that was signed. */
static void measure(struct db *db, int64_t person_id, const struct learning_sql_activity *a,
                    int64_t now)
{
    struct arena *arena = db_arena(db);
    if (str_is(a->kind, "meeting")) return;
    const struct {
        enum hours_kind kind;
        int64_t minutes;
    } parts[] = {
        { str_is(a->kind, "video") ? HOURS_REPLAY : HOURS_OWN,
          a->minutes_own + a->minutes_remote + a->minutes_onsite },
        { HOURS_CREATION, a->minutes_creation },
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].minutes <= 0) continue;
        struct str key = arena_printf(arena, "activity/%.*s/%s", STR(id_lower(arena, a->id)),
                                      hours_kind_name(parts[i].kind));
        hours_add(db,
                  &(struct hours){ .person_id = person_id,
                                   .programme_id = a->programme_id,
                                   .module_id = a->module_id,
                                   .kind = parts[i].kind,
                                   .origin = "measured",
                                   .key = key,
                                   .minutes = parts[i].minutes },
                  now);
    }
}

void learning_mark(struct db *db, int64_t person_id, int64_t activity_id, int64_t percent,
                   int64_t by, int64_t now)
{
    learning_sql_set_mark(db, person_id, activity_id, percent, now, by ? by : DB_NULL);
}

bool learning_complete(struct db *db, int64_t person_id, int64_t activity_id, int64_t now)
{
    struct learning_sql_activity a;
    struct learning_sql_left_in_module left;
    if (!learning_sql_activity(db, person_id, activity_id, &a)) return false;
    if (learning_sql_complete_activity(db, person_id, activity_id, a.module_id, now) != 1)
        return true;
    learning_sql_progressed(db, person_id, a.programme_id, a.module_id, now);
    measure(db, person_id, &a, now);
    if (!learning_sql_left_in_module(db, person_id, a.version_id, a.module_id, &left) || left.n)
        return true;
    if (learning_sql_complete_module(db, person_id, a.module_id, a.programme_id, now) != 1)
        return true;
    learning_sql_module_progressed(db, person_id, a.programme_id);
    struct str code = arena_printf(db_arena(db), "%.*s/%.*s", STR(a.programme_slug), STR(a.code));
    emit_completed(db, person_id, "module", code, a.title);
    maybe_complete_programme(db, person_id, &a, now);
    return true;
}

/* --- what the catalogue asks ---------------------------------------------------------------------------------------- */

static void viewer(struct request *r, int64_t programme_id, struct catalogue_viewer *ret)
{
    enrolment_row e;
    if (!r->who.person_id || !learning_sql_enrolment(r->db, r->who.person_id, programme_id, &e) ||
        enrolment_is_over(e.state)) {
        enrol_door(r->db, programme_id, r->now, &ret->closed, &ret->asks);
        return;
    }
    struct learning_sql_waiting_rank w;
    ret->kept_until = e.kept_until;
    ret->state = str_is(e.state, "asked")      ? VIEWER_ASKED
                 : str_is(e.state, "approved") ? VIEWER_OFFERED
                 : str_is(e.state, "waiting")  ? VIEWER_WAITING
                                               : VIEWER_ENROLLED;
    if (ret->state == VIEWER_WAITING)
        ret->waiting_rank = learning_sql_waiting_rank(r->db, e.cohort_id, e.rank, &w) ? w.rank : 0;
    if (ret->state != VIEWER_ENROLLED) return;
    struct learning_sql_done_modules *rows;
    size_t n = learning_sql_done_modules(r->db, r->who.person_id, programme_id, &rows);
    int64_t *ids = arena_array(r->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].module_id;
    struct learning_sql_version follows;
    if (learning_sql_version(r->db, r->who.person_id, programme_id, &follows) &&
        follows.version_id != DB_NULL)
        ret->version_id = follows.version_id;
    ret->done_modules = ids;
    ret->done_count = n;
    ret->done = str_is(e.state, "completed");
}

/* --- by the clock ---------------------------------------------------------------------------------------------------- */

static const struct schedule schedules[] = { { "learning.places", 5 }, { 0 } };

struct str learning_origin, learning_mail_from;

static size_t circles(struct db *db, int64_t person_id, struct tv_circle **ret)
{
    struct learning_sql_circles *rows;
    size_t n = learning_sql_circles(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct tv_circle, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct tv_circle){ rows[i].programme_id, rows[i].cohort_id };
    return n;
}

/* Trainings that a person may put on their page. */
static size_t to_show(struct db *db, int64_t person_id, enum lang lang,
                      struct people_showable **ret)
{
    struct learning_sql_finished *rows;
    size_t n = learning_sql_finished(db, person_id, &rows);
    (void)lang;
    *ret = arena_array(db_arena(db), struct people_showable, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct people_showable){
            .id = rows[i].id,
            .at = rows[i].completed_at,
            .title = rows[i].title,
            .lang = "fr",
            .path = arena_printf(db_arena(db), "/formations/%.*s", STR(rows[i].slug)),
        };
    return n;
}

static bool rule_stored(struct arena *a, struct str text, struct str *ret_stored,
                        const char **ret_problem)
{
    struct rule *rule;
    size_t at;
    if (!rule_parse(a, text, &rule, ret_problem, &at)) return false;
    *ret_stored = rule_write(a, rule);
    return true;
}

static void start(struct settings *settings)
{
    static char origin[ORIGIN_MAX];
    learning_origin = origin_of(settings, origin);
    static char from[320];
    struct str sender = settings_text(settings, "mail_from");
    int n = snprintf(from, sizeof from, "%.*s",
                     STR(sender.n ? sender : S("eduLAB <edulab@localhost>")));
    learning_mail_from = (struct str){ from, n < (int)sizeof from ? (size_t)n : 0 };
    learning_add_extra(follow_in_my_space);
    catalogue_set_viewer(viewer);
    catalogue_set_rule_check(rule_stored);
    tv_set_circles(circles);
    kinds_start();
    people_add_showables("training", N_("Trainings"), to_show);
    material_start();
}

const struct module learning_module = {
    .name = "learning",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = enrolment_jobs,
    .subscriptions = enrolment_subscriptions,
    .schedules = schedules,
    .db = &learning_db,
    .demo = learning_demo,
    .year = learning_year,
    .privacy = learning_privacy,
    .start = start,
};
