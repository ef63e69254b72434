/* Two accounts, or two organisations, that are one: the record. */
#include "mod/merge/merge.h"

#include "mod/merge/pages.h"
#include "mod/privacy/privacy.h"

#define AT "/gestion/fusions"
#define STAFF MAY("people.merge")
#define PAIR .params = merge_pair_params, .form_size = sizeof(struct merge_form)

static const struct route routes[] = {
    { "GET", AT, STAFF, .get = merge_list_get, .params = merge_list_params,
      .form_size = sizeof(struct merge_form),
      .help = "Who and what is likely there twice, and what was merged." },
    { "GET", AT "/personnes", STAFF, .get = merge_people_get, PAIR,
      .help = "Two accounts side by side, and what would move." },
    { "POST", AT "/personnes", STAFF, .apply = merge_people_apply, .form = merge_people_get, PAIR,
      .help = "Makes one account of two." },
    { "GET", AT "/organisations", STAFF, .get = merge_organisations_get, PAIR,
      .help = "Two organisations side by side, and what would move." },
    { "POST", AT "/organisations", STAFF, .apply = merge_organisations_apply,
      .form = merge_organisations_get, PAIR, .help = "Makes one organisation of two." },
    { "POST", AT "/:id/annuler", STAFF, .apply = merge_undo_apply, .params = merge_id_params,
      .form_size = sizeof(struct merge_form), .help = "Parts again what was merged." },
    { 0 },
};

static const struct notice notices[] = {
    { "fusion-faite", N_("They are one now."), false },
    { "fusion-defaite", N_("They are two again."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { AT, N_("Duplicates"), AREA_NONE, MENU_STAFF_PEOPLE, 46 },
    { 0 },
};

/* The closed accounts that became a part of this one, and those that had become a part of them. */
static size_t aliases(struct db *db, int64_t person_id, int64_t **ret)
{
    enum { MOST = 64 };
    int64_t *all = arena_array(db_arena(db), int64_t, MOST + 1);
    size_t n = 1;
    all[0] = person_id;
    for (size_t i = 0; i < n; i++) {
        struct merge_sql_aliases *rows;
        size_t count = merge_sql_aliases(db, all[i], &rows);
        for (size_t k = 0; k < count && n <= MOST; k++)
            all[n++] = rows[k].gone;
    }
    *ret = all + 1;
    return n - 1;
}

static void start(struct settings *settings)
{
    (void)settings;
    privacy_add_aliases(aliases);
}

const struct module merge_module = {
    .name = "merge",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &merge_db,
    .privacy = merge_privacy,
    .start = start,
};
