/* Attendance: the record. */
#include "mod/attendance/attendance.h"

#include "mod/attendance/pages.h"

#define FORM .form_size = sizeof(struct attendance_form)
static const struct route routes[] = {
    { "GET", "/presence", MEMBER, .get = attendance_sign_get, .params = attendance_sign_params,
      FORM, .help = "The half-days that one can sign now." },
    { "POST", "/presence", MEMBER, .prepare = attendance_sign_prepare,
      .apply = attendance_sign_apply, .form = attendance_sign_get, .params = attendance_sign_params,
      FORM, .help = "Signs that one is there, by the code on the screen." },
    { "GET", "/mon-espace/presences", MEMBER, .get = attendance_mine_get, FORM,
      .help = "Where one was, and how many hours that makes." },
    { "GET", "/gestion/presences", MAY("learning.follow"), .get = attendance_meetings_get,
      .params = attendance_meetings_params, FORM,
      .help = "The meetings where one trains, with their lists." },
    { "GET", "/gestion/presences/seances/:id", MAY("learning.follow"),
      .get = attendance_meeting_get, .params = attendance_id_params, FORM,
      .help = "Leads to the list of the half-day that is now." },
    { "GET", "/gestion/presences/:seance", OBJECT(attendance_may_half), .get = attendance_list_get,
      .params = attendance_list_params, FORM, .help = "Who is expected, and who was there." },
    { "POST", "/gestion/presences/:seance", OBJECT(attendance_may_half),
      .apply = attendance_save_apply, .form = attendance_list_get, .params = attendance_save_params,
      FORM, .help = "Writes down who was there; a correction says why." },
    { "GET", "/gestion/presences/:seance/code", OBJECT(attendance_may_half),
      .get = attendance_code_get, .params = attendance_list_params, FORM,
      .help = "The code for the screen of the room, new each half minute." },
    { "GET", "/gestion/presences/groupes/:id", OBJECT(attendance_may_group),
      .get = attendance_group_get, .params = attendance_id_params, FORM,
      .help = "A whole group, half-day by half-day." },
    { "GET", "/gestion/presences/groupes/:id/tableau.csv", OBJECT(attendance_may_group),
      .get = attendance_csv_get, .params = attendance_id_params, FORM,
      .help = "The same as a table." },
    /* They change nothing: posts, so that a worker sets the many words. */
    { "POST", "/gestion/presences/groupes/:id/feuille.pdf", OBJECT(attendance_may_group),
      .prepare = attendance_sheet_prepare, .params = attendance_id_params, FORM,
      .flags = ROUTE_NO_CHANGE, .help = "The sheet of a group with its signatures, as PDF." },
    { "POST", "/gestion/presences/groupes/:id/attestations.pdf", OBJECT(attendance_may_group),
      .prepare = attendance_proofs_prepare, .params = attendance_id_params, FORM,
      .flags = ROUTE_NO_CHANGE, .help = "Attestations of all who took part, a page each, as PDF." },
    { "POST", "/mon-espace/presences/:id/attestation.pdf", MEMBER,
      .prepare = attendance_proof_prepare, .params = attendance_id_params, FORM,
      .flags = ROUTE_NO_CHANGE, .help = "One's own attestation of participation, as PDF." },
    { 0 },
};

static const struct notice notices[] = {
    { "presence-signee", N_("Signed. Have a good half-day!"), false },
    { "deja-signee", N_("You have signed already: nothing has changed."), false },
    { "liste-gardee", N_("The list is kept."), false },
    { "liste-pareille", N_("Nothing has changed on the list."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/mon-espace/presences", N_("My attendance"), AREA_NONE, MENU_MINE, 35 },
    { "/gestion/presences", N_("Attendance"), AREA_FORM, MENU_STAFF_TRAINING, 13 },
    { 0 },
};

static void start(struct settings *settings)
{
    (void)settings;
    learning_add_extra(attendance_extra);
}

const struct module attendance_module = {
    .name = "attendance",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &attendance_db,
    .demo = attendance_demo,
    .year = attendance_year,
    .privacy = attendance_privacy,
    .start = start,
};
