/* The matrix of roles and permissions, and giving and withdrawing roles. */
#include "base/id.h"
#include "base/time.h"
#include "mod/rights/pages.h"
#include "rights_html.h"

#define FORM struct rights_roles_form
const struct param rights_roles_params[] = { PARAM(FORM, email, PARAM_EMAIL), { 0 } };
#undef FORM
#define FORM struct rights_person_form
const struct param rights_person_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, role, PARAM_SLUG, .max = 20),
    PARAM(FORM, portee, PARAM_SLUG, .max = 20),
    PARAM(FORM, sur, PARAM_TEXT, .max = 200),
    { 0 },
};
const struct param rights_give_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, role, PARAM_SLUG, .required = true, .max = 20),
    PARAM(FORM, portee, PARAM_SLUG, .max = 20),
    PARAM(FORM, sur, PARAM_TEXT, .max = 200),
    PARAM(FORM, du, PARAM_DATE),
    PARAM(FORM, au, PARAM_DATE),
    { 0 },
};
const struct param rights_withdraw_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, role, PARAM_SLUG, .required = true, .max = 20),
    PARAM(FORM, portee, PARAM_SLUG, .max = 20),
    PARAM(FORM, cible, PARAM_ID),
    { 0 },
};
#undef FORM

static struct str address_of(struct request *r, int64_t person_id)
{
    return arena_printf(r->arena, "/gestion/roles/%.*s", STR(id_lower(r->arena, person_id)));
}

void rights_matrix_get(struct request *r)
{
    struct rights_roles_form *f = r->form;
    struct account p;
    if (f->email.n && r->error_count == 0) {
        if (people_find_by_email(r->db, f->email, &p)) {
            http_redirect(r, address_of(r, p.id), NULL);
            return;
        }
        http_invalid(r, "email", R_(N_("Nobody has an account with this address.")));
    }
    rights_matrix(http_page(r), f);
}

/* --- one person -------------------------------------------------------------------------------------------------------- */

struct str rights_scope_title(struct db *db, struct access_scope scope)
{
    const struct access_scope_kind *kind = access_scope_kind_find(scope.kind);
    return kind ? kind->title(db, scope.id) : STR_NONE;
}

/* Nobody gives what they do not hold themselves. */
static bool may_give(const struct request *r, enum role role)
{
    return (access_permissions(role) & ~r->who.permissions) == 0;
}

static struct rights_row row_of(struct request *r, const struct access_grant *g)
{
    struct account by;
    bool known = g->granted_by != DB_NULL && people_find(r->db, g->granted_by, &by);
    return (struct rights_row){ .grant = *g,
                                .title = rights_scope_title(r->db, g->scope),
                                .by = known ? by.name : STR_NONE,
                                .may_withdraw = !g->derived && may_give(r, g->role) };
}

void rights_person_get(struct request *r)
{
    struct rights_person_form *f = r->form;
    struct account p;
    if (!people_find(r->db, f->id, &p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (str_is(r->method, "GET")) f->du = f->au = DB_NULL;
    struct access_grant *grants;
    size_t n = access_grants(r->db, p.id, r->now, &grants);
    struct rights_sheet sheet = { .person = p, .form = f };
    sheet.rows = arena_array(r->arena, struct rights_row, n + 1);
    for (size_t i = 0; i < n; i++)
        if (grants[i].role != ROLE_LEARNER) /* everybody is one: it says nothing */
            sheet.rows[sheet.count++] = row_of(r, &grants[i]);
    for (int role = 0; role < ROLE_COUNT; role++)
        sheet.may_give[role] = role != ROLE_LEARNER && may_give(r, (enum role)role);
    rights_person(http_page(r), &sheet);
}

/* The thing that was typed: its number, or a part of its name that fits no other. */
static bool find_target(struct request *r, const struct access_scope_kind *kind, struct str typed,
                        int64_t *ret)
{
    int64_t *found;
    if (id_parse(typed, ret) && kind->title(r->db, *ret).p) return true;
    enum { SHOWN = 6 };
    size_t n = typed.n >= 2 ? kind->find(r->db, typed, SHOWN, &found) : 0;
    for (size_t i = 0; i < n; i++) /* a whole name wins over names that hold it */
        if (str_eq_nocase(kind->title(r->db, found[i]), typed)) {
            *ret = found[i];
            return true;
        }
    if (n == 1) {
        *ret = found[0];
        return true;
    }
    struct str names = STR_NONE;
    for (size_t i = 0; i < n; i++)
        names = arena_printf(r->arena, "%.*s%s%.*s", STR(names), i ? " · " : "",
                             STR(kind->title(r->db, found[i])));
    http_invalid(
        r, "sur",
        n ? fmt_plain(r->arena, R_(N_("Several fit, please write the whole name: {0}")), names)
          : R_(N_("Nothing has this name.")));
    return false;
}

static bool read_scope(struct request *r, const struct rights_person_form *f,
                       struct access_scope *ret)
{
    *ret = EVERYWHERE;
    if (!f->portee.n) return true;
    const struct access_scope_kind *kind = access_scope_kind_find(f->portee);
    if (!kind) {
        http_invalid(r, "portee", R_(N_("This choice is not one of ours.")));
        return false;
    }
    ret->kind = str_from(kind->name);
    return find_target(r, kind, f->sur, &ret->id);
}

/* The midnight after a day. */
static int64_t day_after(int64_t day)
{
    struct civil c = time_civil(day + 36 * HOUR_MS);
    return time_from_civil(c.year, c.month, c.day, 0, 0);
}

static json_t *grant_json(struct request *r, const struct access_grant *g)
{
    json_t *o = json_pack("{s:s}", "role", role_name(g->role));
    if (g->scope.kind.n) {
        struct str title = rights_scope_title(r->db, g->scope);
        json_object_set_new(o, g->scope.kind.p, json_stringn(title.p ? title.p : "", title.n));
        json_object_set_new(o, "number", json_string(id_lower(r->arena, g->scope.id).p));
    }
    if (g->starts_at > 0)
        json_object_set_new(o, "from", json_string(date_value(r->arena, g->starts_at).p));
    if (g->ends_at != DB_NULL)
        json_object_set_new(o, "until", json_string(date_value(r->arena, g->ends_at - 1).p));
    return o;
}

/* The same role for the same thing, as it stands. */
static bool find_grant(struct request *r, int64_t person_id, enum role role,
                       struct access_scope scope, struct access_grant *ret)
{
    struct access_grant *all;
    size_t n = access_grants(r->db, person_id, r->now, &all);
    for (size_t i = 0; i < n; i++)
        if (!all[i].derived && all[i].role == role && all[i].scope.id == scope.id &&
            str_eq(all[i].scope.kind, scope.kind)) {
            *ret = all[i];
            return true;
        }
    return false;
}

static bool read_role(struct request *r, const struct rights_person_form *f, enum role *ret)
{
    *ret = role_from_name(f->role);
    if (*ret == ROLE_COUNT || *ret == ROLE_LEARNER)
        http_invalid(r, "role", R_(N_("This choice is not one of ours.")));
    else if (!may_give(r, *ret))
        http_invalid(r, "role", R_(N_("This role may do more than you: somebody else gives it.")));
    return http_ok(r);
}

void rights_give_apply(struct request *r)
{
    const struct rights_person_form *f = r->form;
    struct account p;
    struct access_grant g = { .granted_by = r->who.person_id, .granted_at = r->now }, old;
    if (!people_find(r->db, f->id, &p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!read_role(r, f, &g.role) || !read_scope(r, f, &g.scope)) return;
    bool local = g.role == ROLE_HEAD || g.role == ROLE_CONTACT || g.role == ROLE_NETWORK;
    if (local && !str_is(g.scope.kind, "organisation")) {
        http_invalid(r, "portee", R_(N_("This role is given for an organisation.")));
        return;
    }
    g.starts_at = f->du == DB_NULL ? r->now : f->du;
    g.ends_at = f->au == DB_NULL ? DB_NULL : day_after(f->au);
    if (g.ends_at != DB_NULL && (g.ends_at <= g.starts_at || g.ends_at <= r->now)) {
        http_invalid(r, "au", R_(N_("The last day lies before the first, or is over.")));
        return;
    }
    bool had = find_grant(r, p.id, g.role, g.scope, &old);
    access_give(r->db, p.id, &g);
    audit_write(r, "role.granted", "person", p.id, had ? grant_json(r, &old) : NULL,
                grant_json(r, &g));
    http_redirect(r, address_of(r, p.id), "role-donne");
}

void rights_withdraw_apply(struct request *r)
{
    const struct rights_person_form *f = r->form;
    const struct access_scope scope = { f->portee.n ? f->portee : S(""),
                                        f->portee.n ? f->cible : 0 };
    struct access_grant old;
    enum role role;
    if (!read_role(r, f, &role)) return;
    if (f->id == r->who.person_id) {
        http_fail(r, 409,
                  R_(N_("Your own roles are withdrawn by somebody else: so nobody locks "
                        "themselves out.")));
        return;
    }
    if (!find_grant(r, f->id, role, scope, &old) || !access_withdraw(r->db, f->id, role, scope)) {
        http_fail(r, 409, R_(N_("This person does not have this role any more.")));
        return;
    }
    audit_write(r, "role.withdrawn", "person", f->id, grant_json(r, &old), NULL);
    http_redirect(r, address_of(r, f->id), "role-retire");
}

bool rights_anybody(uint64_t bit)
{
    uint64_t held = 0;
    for (int role = 0; role < ROLE_COUNT; role++)
        held |= access_permissions((enum role)role);
    return (held & bit) != 0;
}
