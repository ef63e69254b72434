/* Everyone the centre knows: the record. */
#include "mod/directory/directory.h"

#include "mod/directory/pages.h"

#define AT "/gestion/personnes"

static const struct route routes[] = {
    { "GET", AT, MAY("people.read"), .get = directory_list_get, .params = directory_filter_params,
      .form_size = sizeof(struct directory_filter),
      .help = "Everyone, with search by name, address, organisation and category." },
    { "GET", AT ".csv", MAY("people.read"), .get = directory_list_csv,
      .params = directory_filter_params, .form_size = sizeof(struct directory_filter),
      .help = "The same as a file for a spreadsheet." },
    { "GET", AT "/:id", MAY("people.read"), .get = directory_person_get,
      .params = directory_id_params, .form_size = sizeof(struct directory_id),
      .help = "All about a person: where they belong, roles, enrolments, acts." },
    { "GET", AT "/:id/portrait", MAY("people.read"), .get = directory_portrait_get,
      .params = directory_id_params, .form_size = sizeof(struct directory_id),
      .help = "A person's picture, for staff." },
    { 0 },
};

static const struct menu_entry menu[] = {
    { AT, N_("People"), AREA_NONE, MENU_STAFF_PEOPLE, 30 },
    { 0 },
};

static const struct schedule schedules[] = {
    { "directory.index", 5 },
    { 0 },
};

const struct module directory_module = {
    .name = "directory",
    .routes = routes,
    .menu = menu,
    .jobs = directory_jobs,
    .schedules = schedules,
    .db = &directory_db,
};
