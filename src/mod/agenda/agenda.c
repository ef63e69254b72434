/* The calendar: the record. */
#include "mod/agenda/agenda.h"

#include "mod/agenda/pages.h"

#define FORM .form_size = sizeof(struct agenda_form)

static const struct route routes[] = {
    { "GET", "/agenda", PUBLIC, .get = agenda_get, .params = agenda_params, FORM,
      .help =
          "What meets when: by month, week or as a list, of a programme, a room or a trainer." },
    { "GET", "/mon-espace/agenda", MEMBER, .get = agenda_mine_get, .params = agenda_params, FORM,
      .help = "One's own meetings, and the address for one's calendar." },
    { "POST", "/mon-espace/agenda/flux", MEMBER, .apply = agenda_renew_apply, FORM,
      .help = "Makes a new secret address of one's calendar; the old one ends." },
    { "GET", "/agenda/flux/:secret", PUBLIC, .get = agenda_feed_get, .params = agenda_secret_params,
      .form_size = sizeof(struct str), .flags = ROUTE_SECRET,
      .help = "A person's calendar for programs; the address itself is the key." },
    { "GET", "/api/v1/agenda", MEMBER, .get = agenda_api, .params = agenda_params, FORM,
      .flags = ROUTE_API, .api = &agenda_answer,
      .help = N_("My meetings of the month that a day lies in.") },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/agenda", N_("Agenda"), AREA_EV, MENU_MAIN, 40 },
    { "/mon-espace/agenda", N_("My agenda"), AREA_NONE, MENU_MINE, 20 },
    { 0 },
};

const struct module agenda_module = {
    .name = "agenda",
    .routes = routes,
    .menu = menu,
    .db = &agenda_db,
    .privacy = agenda_privacy,
};
