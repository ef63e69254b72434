/* Looking competences up by code; the module's record. */
#include "mod/competence/pages.h"

int competence_find(struct str code)
{
    for (int i = 0; i < COMPETENCES; i++)
        if (str_is(code, competences[i].code)) return i;
    return -1;
}

int competence_area(int i)
{
    return competences[i].code[0] - '1';
}

unsigned competence_areas_of(int64_t mask)
{
    unsigned areas = 0;
    for (int i = 0; i < COMPETENCES; i++)
        if (mask >> i & 1) areas |= 1u << competence_area(i);
    return areas;
}

struct str competence_codes(struct arena *a, int64_t mask)
{
    struct buf b = BUF_INIT(256);
    for (int i = 0; i < COMPETENCES; i++) {
        if (!(mask >> i & 1)) continue;
        if (b.n) buf_lit(&b, " · ");
        buf_str(&b, str_from(competences[i].code));
    }
    struct str codes = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return codes;
}

#define LIST "/gestion/referentiels"
#define FORM_SIZE .form_size = sizeof(struct framework_form)
static const struct route routes[] = {
    { "GET", LIST, MAY("catalogue.edit"), .get = framework_list_get, FORM_SIZE,
      .help = "The frameworks of competences, for those who write trainings." },
    { "POST", LIST, MAY("catalogue.edit"), .apply = framework_check_apply,
      .form = framework_list_get, .params = framework_check_params, FORM_SIZE,
      .help = "Shows what a file of competences would bring, line by line." },
    { "POST", LIST "/ajouter", MAY("catalogue.edit"), .apply = framework_add_apply,
      .form = framework_list_get, .params = framework_add_params, FORM_SIZE,
      .help = "Brings a framework of competences in." },
    { "POST", LIST "/:slug/retirer", MAY("catalogue.edit"), .apply = framework_remove_apply,
      .params = framework_slug_params, FORM_SIZE,
      .help = "Takes away a framework that no training refers to." },
    { "GET", "/referentiels/:slug", PUBLIC, .get = framework_show_get,
      .params = framework_slug_params, FORM_SIZE,
      .help = "A framework of competences: its areas, competences and levels." },
    { 0 },
};

static const struct notice notices[] = {
    { "referentiel-ajoute", N_("Brought in. Its competences can be chosen in every training."),
      false },
    { "referentiel-retire", N_("The framework is gone."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { LIST, N_("Frameworks of competences"), AREA_FORM, MENU_STAFF_TRAINING, 11 },
    { 0 },
};

const struct module competence_module = {
    .name = "competence",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &competence_db,
    .demo = framework_demo,
};
