/* Who may what, and who did what: the record. */
#include "mod/rights/rights.h"

#include "mod/rights/pages.h"
#include "rights_sql.h"

static const struct route routes[] = {
    { "GET", "/gestion/journal", MAY("audit.read"), .get = rights_journal_get,
      .params = rights_journal_params, .form_size = sizeof(struct rights_journal_form),
      .help = "The journal of privileged acts, with filters." },
    { "GET", "/gestion/journal.csv", MAY("audit.read"), .get = rights_journal_csv,
      .params = rights_journal_params, .form_size = sizeof(struct rights_journal_form),
      .help = "The same as a file for a spreadsheet." },
    { "GET", "/gestion/roles", MAY("role.grant"), .get = rights_matrix_get,
      .params = rights_roles_params, .form_size = sizeof(struct rights_roles_form),
      .help = "What each role may do, and the way to a person's roles." },
    { "GET", "/gestion/roles/:id", MAY("role.grant"), .get = rights_person_get,
      .params = rights_person_params, .form_size = sizeof(struct rights_person_form),
      .help = "The roles of a person." },
    { "POST", "/gestion/roles/:id/donner", MAY("role.grant"), .apply = rights_give_apply,
      .form = rights_person_get, .params = rights_give_params,
      .form_size = sizeof(struct rights_person_form),
      .help = "Gives a role, everywhere or for one thing." },
    { "POST", "/gestion/roles/:id/retirer", MAY("role.grant"), .apply = rights_withdraw_apply,
      .form = rights_person_get, .params = rights_withdraw_params,
      .form_size = sizeof(struct rights_person_form), .help = "Withdraws a role." },
    { 0 },
};

static const struct notice notices[] = {
    { "role-donne", N_("The role is given. It counts with the person's next page."), false },
    { "role-retire", N_("The role is withdrawn. It ends with the person's next page."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/gestion/roles", N_("Roles"), AREA_NONE, MENU_STAFF_RIGHTS, 60 },
    { "/gestion/journal", N_("Journal"), AREA_NONE, MENU_STAFF_RIGHTS, 70 },
    { 0 },
};

const struct module rights_module = {
    .name = "rights",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .start = rights_start,
    .db = &rights_db,
};
