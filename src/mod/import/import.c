/* People, organisations and memberships from files: the record. */
#include "mod/import/import.h"

#include "mod/import/pages.h"

#define AT "/gestion/imports"
#define STAFF MAY("people.import")
#define FORM .form_size = sizeof(struct import_form)

static const struct route routes[] = {
    { "GET", AT, STAFF, .get = import_list_get, FORM,
      .help = "Files that were brought in, and the form to hand one in." },
    { "POST", AT, STAFF, .apply = import_new_apply, .form = import_list_get,
      .params = import_new_params, FORM, .max_body = LIMIT_IMPORT, .flags = ROUTE_SLOW_FORM,
      .help = "Hands in a CSV file of people, organisations or memberships." },
    { "GET", AT "/modele/:sorte", STAFF, .get = import_model_csv, .params = import_model_params,
      FORM, .help = "A file to begin with: the headings and an example." },
    { "GET", AT "/:id", STAFF, .get = import_show_get, .params = import_id_params, FORM,
      .help = "A file: what would become of each line, then what became of it." },
    { "GET", AT "/:id/avancement", STAFF, .get = import_progress_get, .params = import_id_params,
      FORM, .help = "How far the work on a file is." },
    { "GET", AT "/:id/erreurs.csv", STAFF, .get = import_problems_csv, .params = import_id_params,
      FORM, .help = "What is wrong, line by line, as a file." },
    { "POST", AT "/:id/importer", STAFF, .apply = import_confirm_apply, .params = import_id_params,
      FORM, .help = "Brings the file in, after its preview." },
    { "POST", AT "/:id/jeter", STAFF, .apply = import_drop_apply, .params = import_id_params, FORM,
      .help = "Drops a file that was not brought in." },
    { "POST", AT "/:id/annuler", STAFF, .apply = import_undo_ask, .params = import_id_params, FORM,
      .help = "Takes back what a file did, within seven days." },
    { 0 },
};

static const struct notice notices[] = {
    { "import-jete", N_("Dropped. Nothing was changed."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { AT, N_("Imports"), AREA_NONE, MENU_STAFF_PEOPLE, 45 },
    { 0 },
};

const struct module import_module = {
    .name = "import",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = import_jobs,
    .db = &import_db,
    .privacy = import_privacy,
};
