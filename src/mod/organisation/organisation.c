/* Organisations: the record, the tree, and what others may call. */
#include "mod/organisation/organisation.h"

#include "base/id.h"
#include "base/utf8.h"
#include "mod/organisation/pages.h"

#define AT "/gestion/organisations"
#define FORM .form_size = sizeof(struct organisation_form)

static const struct route routes[] = {
    { "GET", AT, MAY("organisation.read"), .get = organisation_list_get,
      .params = organisation_list_params, .form_size = sizeof(struct organisation_list_form),
      .help = "The networks and all that lies below, with search." },
    { "GET", AT "/ajouter", MAY("organisation.edit"), .get = organisation_new_get,
      .params = organisation_add_params, FORM, .help = "The form to add an organisation." },
    { "POST", AT "/ajouter", MAY("organisation.edit"), .apply = organisation_new_apply,
      .form = organisation_new_get, .params = organisation_new_params, FORM,
      .help = "Adds an organisation." },
    { "GET", AT "/:id", OBJECT(organisation_may_read), .get = organisation_show_get,
      .params = organisation_id_params, FORM,
      .help = "An organisation, what lies below it and who belongs to it." },
    { "GET", AT "/:id/modifier", OBJECT(organisation_may_edit), .get = organisation_edit_get,
      .params = organisation_id_params, FORM, .help = "The form to change an organisation." },
    { "POST", AT "/:id/modifier", OBJECT(organisation_may_edit), .apply = organisation_edit_apply,
      .form = organisation_edit_get, .params = organisation_edit_params, FORM,
      .help = "Changes the name, code, town or website of an organisation." },
    { "POST", AT "/:id/deplacer", OBJECT(organisation_may_edit), .apply = organisation_move_apply,
      .form = organisation_edit_get, .params = organisation_move_params, FORM,
      .help = "Moves an organisation with all below it." },
    { "POST", AT "/:id/membres", OBJECT(organisation_may_edit),
      .prepare = organisation_member_prepare, .apply = organisation_member_apply,
      .form = organisation_show_get, .params = organisation_member_params, FORM,
      .help = "Adds a person to an organisation, with a role and dates." },
    { "POST", AT "/:id/membres/:membre/fin", OBJECT(organisation_may_edit),
      .apply = organisation_end_apply, .params = organisation_end_params, FORM,
      .help = "Ends a membership today." },
    { 0 },
};

static const struct notice notices[] = {
    { "organisation-notee", N_("Saved."), false },
    { "organisation-deplacee", N_("It has moved, with everything below it."), false },
    { "membre-ajoute", N_("This person now belongs to it."), false },
    { "membre-fin", N_("The membership ends now."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { AT, N_("Organisations"), AREA_NONE, MENU_STAFF_PEOPLE, 40 },
    { 0 },
};

/* --- kinds and roles ------------------------------------------------------------------------------------------------- */

const char *const organisation_kinds[] = { "network", "authority", "school", "university",
                                           "partner", "company",   NULL };
const char *const organisation_roles[] = { "member", "contact", "head", "trainer", "coach", NULL };

const char *organisation_kind(size_t i)
{
    return i < COUNT(organisation_kinds) ? organisation_kinds[i] : NULL;
}

const char *organisation_role(size_t i)
{
    return i < COUNT(organisation_roles) ? organisation_roles[i] : NULL;
}

const char *organisation_kind_label(struct str kind)
{
    return str_is(kind, "network")      ? N_("School network")
           : str_is(kind, "authority")  ? N_("Organising authority")
           : str_is(kind, "school")     ? N_("School")
           : str_is(kind, "university") ? N_("University")
           : str_is(kind, "company")    ? N_("Company")
                                        : N_("Partner");
}

const char *organisation_role_label(struct str role)
{
    return str_is(role, "member")    ? N_("Member")
           : str_is(role, "contact") ? N_("Contact of an organisation")
           : str_is(role, "head")    ? N_("Head of an organisation")
           : str_is(role, "trainer") ? N_("Trainer")
           : str_is(role, "coach")   ? N_("Coach")
                                     : NULL;
}

static bool is_kind(struct str kind)
{
    for (size_t i = 0; organisation_kinds[i]; i++)
        if (str_is(kind, organisation_kinds[i])) return true;
    return false;
}

bool organisation_suits(struct str kind, struct str parent)
{
    if (!is_kind(kind)) return false;
    if (!parent.p) return true;
    if (str_is(kind, "network")) return false;
    if (str_is(kind, "authority")) return str_is(parent, "network");
    if (str_is(kind, "school")) return str_is(parent, "network") || str_is(parent, "authority");
    return str_is(parent, "university") || str_is(parent, "partner") || str_is(parent, "company");
}

/* --- one organisation ------------------------------------------------------------------------------------------------- */

static struct organisation exported(const struct organisation_sql_find *row)
{
    return (struct organisation){ .id = row->id,
                                  .parent_id = row->parent_id,
                                  .kind = row->kind,
                                  .name = row->name,
                                  .code = row->code,
                                  .place = row->place,
                                  .website = row->website,
                                  .sample = row->sample != 0 };
}

bool organisation_find(struct db *db, int64_t id, struct organisation *ret)
{
    struct organisation_sql_find row;
    if (!organisation_sql_find(db, id, &row) || row.closed_at != DB_NULL) return false;
    *ret = exported(&row);
    return true;
}

bool organisation_find_by_code(struct db *db, struct str code, struct organisation *ret)
{
    struct organisation_sql_find row;
    if (!code.n || !organisation_sql_by_code(db, code, &row) || row.closed_at != DB_NULL)
        return false;
    *ret = exported(&row);
    return true;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static struct str search_text(struct arena *a, const struct organisation *o)
{
    return utf8_fold(a,
                     arena_printf(a, "%.*s %.*s %.*s", STR(o->name), STR(o->place), STR(o->code)));
}

bool organisation_change(struct db *db, const struct organisation *o)
{
    struct organisation other;
    if (organisation_find_by_code(db, o->code, &other) && other.id != o->id) return false;
    return organisation_sql_change(db, o->id, o->name, or_empty(o->code), or_empty(o->place),
                                   or_empty(o->website), search_text(db_arena(db), o)) == 1;
}

bool organisation_close(struct db *db, int64_t id, int64_t now)
{
    struct organisation_sql_uses uses;
    if (!organisation_sql_uses(db, id, &uses) || uses.below || uses.members) return false;
    organisation_sql_unlink(db, id);
    return organisation_sql_close(db, id, now) == 1;
}

size_t organisation_below(struct db *db, int64_t id, struct organisation **ret)
{
    struct organisation_sql_directly_below *rows;
    size_t n = organisation_sql_directly_below(db, id, &rows), kept = 0;
    *ret = arena_array(db_arena(db), struct organisation, n + 1);
    for (size_t i = 0; i < n; i++)
        kept += organisation_find(db, rows[i].id, &(*ret)[kept]);
    return kept;
}

void organisation_retire(struct db *db, int64_t id, int64_t now)
{
    organisation_sql_unlink(db, id);
    organisation_sql_close(db, id, now);
}

bool organisation_revive(struct db *db, int64_t id, struct str code, int64_t parent_id)
{
    struct organisation other;
    if (organisation_find_by_code(db, code, &other) ||
        (parent_id != DB_NULL && !organisation_find(db, parent_id, &other)))
        return false;
    if (organisation_sql_revive(db, id, code, parent_id) != 1) return false;
    if (parent_id != DB_NULL) organisation_sql_link(db, id, parent_id);
    return true;
}

int64_t organisation_add(struct db *db, const struct organisation *o, int64_t now)
{
    struct organisation parent = { .kind = STR_NONE };
    bool root = o->parent_id == DB_NULL || o->parent_id == 0;
    if (!root && !organisation_find(db, o->parent_id, &parent)) return 0;
    if (!organisation_suits(o->kind, parent.kind)) return 0;
    int64_t id = o->id ? o->id : id_new();
    if (organisation_sql_add(
            db, &(struct organisation_sql_add_in){ .id = id,
                                                   .parent = root ? DB_NULL : o->parent_id,
                                                   .kind = o->kind,
                                                   .name = o->name,
                                                   .code = or_empty(o->code),
                                                   .place = or_empty(o->place),
                                                   .website = or_empty(o->website),
                                                   .search = search_text(db_arena(db), o),
                                                   .sample = o->sample,
                                                   .now = now }) != 1)
        return 0;
    organisation_sql_link_self(db, id);
    if (!root) organisation_sql_link(db, id, o->parent_id);
    return id;
}

bool organisation_move(struct db *db, int64_t id, int64_t parent_id)
{
    struct organisation o, parent = { .kind = STR_NONE };
    struct organisation_sql_is_below below;
    bool root = parent_id == DB_NULL || parent_id == 0;
    if (!organisation_find(db, id, &o) || (!root && !organisation_find(db, parent_id, &parent)))
        return false;
    if (!organisation_suits(o.kind, parent.kind)) return false;
    if (!root && organisation_sql_is_below(db, parent_id, id, &below) && below.n) return false;
    organisation_sql_unlink(db, id);
    if (!root) organisation_sql_link(db, id, parent_id);
    organisation_sql_set_parent(db, id, root ? DB_NULL : parent_id);
    return true;
}

/* --- membership --------------------------------------------------------------------------------------------------------- */

void organisation_add_member(struct db *db, int64_t organisation_id, int64_t person_id,
                             struct str role, int64_t starts_at, int64_t ends_at)
{
    organisation_sql_add_member(db, id_new(), organisation_id, person_id, role, starts_at, ends_at);
}

bool organisation_find_member(struct db *db, int64_t organisation_id, int64_t person_id,
                              struct str role, int64_t *ret_starts_at, int64_t *ret_ends_at)
{
    struct organisation_sql_member m;
    if (!organisation_sql_member(db, organisation_id, person_id, role, &m)) return false;
    *ret_starts_at = m.starts_at;
    *ret_ends_at = m.ends_at;
    return true;
}

void organisation_remove_member(struct db *db, int64_t organisation_id, int64_t person_id,
                                struct str role)
{
    organisation_sql_remove_member(db, organisation_id, person_id, role);
}

size_t organisation_memberships(struct db *db, int64_t person_id,
                                struct organisation_membership **ret)
{
    struct organisation_sql_of_person *rows;
    size_t n = organisation_sql_of_person(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct organisation_membership, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct organisation_membership){ .id = rows[i].id,
                                                      .organisation_id = rows[i].organisation_id,
                                                      .name = rows[i].name,
                                                      .kind = rows[i].kind,
                                                      .role = rows[i].role,
                                                      .starts_at = rows[i].starts_at,
                                                      .ends_at = rows[i].ends_at };
    return n;
}

/* --- what access/ asks ---------------------------------------------------------------------------------------------------- */

static size_t above(struct db *db, int64_t id, struct access_scope **ret)
{
    struct organisation_sql_above *rows;
    size_t n = organisation_sql_above(db, id, &rows);
    *ret = arena_array(db_arena(db), struct access_scope, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct access_scope){ S("organisation"), rows[i].id };
    return n;
}

static struct str title(struct db *db, int64_t id)
{
    struct organisation o;
    return organisation_find(db, id, &o) ? o.name : STR_NONE;
}

static size_t find(struct db *db, struct str text, size_t most, int64_t **ret)
{
    struct organisation_sql_children *rows;
    struct str w[3];
    organisation_patterns(db_arena(db), text, w);
    size_t n = organisation_sql_matching(db, w[0], w[1], w[2], S(""), (int64_t)most, 0, &rows);
    *ret = arena_array(db_arena(db), int64_t, most + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = rows[i].id;
    return n;
}

/* Heads and contacts by their membership. */
static size_t leading(struct db *db, int64_t person_id, int64_t now, struct access_derived **ret)
{
    struct organisation_sql_leading *rows;
    size_t n = organisation_sql_leading(db, person_id, now, &rows);
    *ret = arena_array(db_arena(db), struct access_derived, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] =
            (struct access_derived){ str_is(rows[i].role, "head") ? ROLE_HEAD : ROLE_CONTACT,
                                     { S("organisation"), rows[i].organisation_id } };
    return n;
}

static void start(struct settings *settings)
{
    static const struct access_scope_kind kind = { .name = "organisation",
                                                   .label =
                                                       N_("An organisation, with all below it"),
                                                   .above = above,
                                                   .title = title,
                                                   .find = find };
    (void)settings;
    access_add_scope_kind(&kind);
    access_add_derived(leading);
}

const struct module organisation_module = {
    .name = "organisation",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &organisation_db,
    .privacy = organisation_privacy,
    .demo = organisation_demo,
    .start = start,
};
