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
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/gestion/journal", N_("Journal"), AREA_NONE, MENU_STAFF, 70 },
    { 0 },
};

const struct module rights_module = {
    .name = "rights",
    .routes = routes,
    .menu = menu,
    .db = &rights_db,
};
