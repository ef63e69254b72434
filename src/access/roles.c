/* Roles, what they hold, and for what they count. */
#include "access/roles.h"

#include <assert.h>

#include "access/audit.h"
#include "access_sql.h"
#include "base/time.h"

static const struct {
    const char *name, *label;
    char letter;
} roles[ROLE_COUNT] = {
#define X(symbol, name_, letter_, label_)                                                          \
    [ROLE_##symbol] = { .name = name_, .label = label_, .letter = letter_ },
    ROLES(X)
#undef X
};

static const struct {
    const char *name, *held_by, *label;
} permissions[] = {
#define X(name_, held_by_, label_) { .name = name_, .held_by = held_by_, .label = label_ },
    PERMISSIONS(X)
#undef X
};
_Static_assert(COUNT(permissions) <= 64, "a permission is a bit of who.permissions");

enum { MOST_KINDS = 8, MOST_DERIVED = 4 };
static const struct access_scope_kind *kinds[MOST_KINDS];
static size_t kind_count;
static size_t (*derived[MOST_DERIVED])(struct db *db, int64_t person_id, int64_t now,
                                       struct access_derived **ret);
static size_t derived_count;

/* --- roles and permissions --------------------------------------------------------------------------------------- */

enum role role_from_name(struct str name)
{
    int i = 0;
    while (i < ROLE_COUNT && !str_is(name, roles[i].name))
        i++;
    return (enum role)i;
}

const char *role_name(enum role role)
{
    return roles[role].name;
}

const char *role_label(enum role role)
{
    return roles[role].label;
}

uint64_t access_permissions(enum role role)
{
    uint64_t set = 0;
    for (size_t i = 0; i < COUNT(permissions); i++)
        if (strchr(permissions[i].held_by, roles[role].letter)) set |= UINT64_C(1) << i;
    return set;
}

bool access_permission(size_t i, struct access_permission *ret)
{
    if (i >= COUNT(permissions)) return false;
    *ret =
        (struct access_permission){ permissions[i].name, permissions[i].label, UINT64_C(1) << i };
    return true;
}

/* 0: there is no such row. */
static uint64_t bit_of(const char *name)
{
    for (size_t i = 0; name && i < COUNT(permissions); i++)
        if (strcmp(permissions[i].name, name) == 0) return UINT64_C(1) << i;
    return 0;
}

bool roles_permission_known(const char *name)
{
    return bit_of(name) != 0;
}

bool access_holds(const struct request *r, const char *permission)
{
    return (r->who.permissions & bit_of(permission)) != 0;
}

uint64_t roles_everywhere(struct db *db, int64_t person_id, int64_t now, bool strong)
{
    struct access_sql_roles_of *held;
    size_t n = access_sql_roles_of(db, person_id, now, strong, &held);
    uint64_t set = 0;
    for (size_t i = 0; i < n; i++) {
        enum role role = role_from_name(held[i].role);
        if (role != ROLE_COUNT) set |= access_permissions(role);
    }
    return set;
}

/* --- what a role can be given for ---------------------------------------------------------------------------------- */

void access_add_scope_kind(const struct access_scope_kind *kind)
{
    assert(kind_count < MOST_KINDS);
    kinds[kind_count++] = kind;
}

const struct access_scope_kind *access_scope_kind(size_t i)
{
    return i < kind_count ? kinds[i] : NULL;
}

const struct access_scope_kind *access_scope_kind_find(struct str name)
{
    for (size_t i = 0; i < kind_count; i++)
        if (str_is(name, kinds[i]->name)) return kinds[i];
    return NULL;
}

void access_add_derived(size_t (*fn)(struct db *db, int64_t person_id, int64_t now,
                                     struct access_derived **ret))
{
    assert(derived_count < MOST_DERIVED);
    derived[derived_count++] = fn;
}

/* --- who holds what for what ----------------------------------------------------------------------------------------- */

struct held {
    struct access_scope scope;
    uint64_t permissions;
};
struct scopes {
    struct held *held;
    size_t n;
};

static void keep(struct scopes *s, enum role role, struct access_scope scope)
{
    if (role != ROLE_COUNT) s->held[s->n++] = (struct held){ scope, access_permissions(role) };
}

/* The roles with a scope of who asks: read once. */
static const struct scopes *scopes_of(struct request *r)
{
    if (r->who.scopes) return r->who.scopes;
    struct scopes *s = arena_new(r->arena, struct scopes);
    struct access_sql_scoped_of *rows;
    struct access_derived *more[MOST_DERIVED];
    size_t n = access_sql_scoped_of(r->db, r->who.person_id, r->now,
                                    r->who.strong || r->who.token_id, &rows),
           all = n, more_count[MOST_DERIVED];
    for (size_t i = 0; i < derived_count; i++)
        all += more_count[i] = derived[i](r->db, r->who.person_id, r->now, &more[i]);
    s->held = arena_array(r->arena, struct held, all + 1);
    for (size_t i = 0; i < n; i++)
        keep(s, role_from_name(rows[i].role),
             (struct access_scope){ rows[i].scope_kind, rows[i].scope_id });
    for (size_t i = 0; i < derived_count; i++)
        for (size_t k = 0; k < more_count[i]; k++)
            keep(s, more[i][k].role, more[i][k].scope);
    r->who.scopes = s;
    return s;
}

static bool holds_at(const struct scopes *s, uint64_t bit, struct str kind, int64_t id)
{
    for (size_t i = 0; i < s->n; i++)
        if ((s->held[i].permissions & bit) && s->held[i].scope.id == id &&
            str_eq(s->held[i].scope.kind, kind))
            return true;
    return false;
}

static bool holds_any(const struct scopes *s, uint64_t bit)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->held[i].permissions & bit) return true;
    return false;
}

/* A token narrows what its person holds, for one thing as everywhere. */
static bool lets(const struct request *r, uint64_t bit)
{
    return !r->who.token_id || (r->who.token_permissions & bit);
}

bool access_holds_for(struct request *r, const char *permission, const char *kind, int64_t id)
{
    uint64_t bit = bit_of(permission);
    if (!r->who.person_id || !bit || !lets(r, bit)) return false;
    if (r->who.permissions & bit) return true;
    const struct scopes *s = scopes_of(r);
    if (holds_at(s, bit, str_from(kind), id)) return true;
    const struct access_scope_kind *k = access_scope_kind_find(str_from(kind));
    if (!k || !k->above || !holds_any(s, bit)) return false;
    struct access_scope *above;
    size_t n = k->above(r->db, id, &above);
    for (size_t i = 0; i < n; i++)
        if (holds_at(s, bit, above[i].kind, above[i].id)) return true;
    return false;
}

size_t access_scopes(struct request *r, const char *permission, const char *kind, int64_t **ret)
{
    uint64_t bit = bit_of(permission);
    size_t n = 0;
    if (!r->who.person_id || !bit || !lets(r, bit)) return 0;
    const struct scopes *s = scopes_of(r);
    *ret = arena_array(r->arena, int64_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        const struct held *h = &s->held[i];
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || (*ret)[k] == h->scope.id;
        if (!known && (h->permissions & bit) && str_is(h->scope.kind, kind))
            (*ret)[n++] = h->scope.id;
    }
    return n;
}

/* --- giving and withdrawing --------------------------------------------------------------------------------------------- */

void access_give(struct db *db, int64_t person_id, const struct access_grant *g)
{
    access_sql_grant(db, &(struct access_sql_grant_in){ .person = person_id,
                                                        .role = str_from(role_name(g->role)),
                                                        .kind = g->scope.kind,
                                                        .scope = g->scope.id,
                                                        .starts = g->starts_at,
                                                        .ends = g->ends_at,
                                                        .granted_by = g->granted_by,
                                                        .now = g->granted_at });
}

void access_grant(struct db *db, int64_t person_id, enum role role, int64_t granted_by)
{
    struct access_sql_granted row;
    int64_t now = time_now();
    struct str name = str_from(role_name(role));
    bool given = access_sql_granted(db, person_id, name, S(""), 0, &row);
    if (given && row.starts_at <= now && row.ends_at == DB_NULL) return;
    access_give(db, person_id,
                &(struct access_grant){ .role = role,
                                        .scope = EVERYWHERE,
                                        .starts_at = now,
                                        .ends_at = DB_NULL,
                                        .granted_by = granted_by ? granted_by : DB_NULL,
                                        .granted_at = now });
    audit_write_as(db, granted_by, "role.granted", "person", person_id, NULL,
                   json_pack("{s:s}", "role", role_name(role)));
}

int64_t access_only_staff(struct db *db)
{
    struct access_sql_only_staff only;
    return access_sql_only_staff(db, &only) && only.n == 1 ? only.person : 0;
}

bool access_withdraw(struct db *db, int64_t person_id, enum role role, struct access_scope scope)
{
    return access_sql_withdraw(db, person_id, str_from(role_name(role)), scope.kind, scope.id) == 1;
}

size_t access_grants(struct db *db, int64_t person_id, int64_t now, struct access_grant **ret)
{
    struct access_sql_grants_of *rows;
    struct access_derived *more[MOST_DERIVED];
    size_t n = access_sql_grants_of(db, person_id, &rows), all = n, kept = 0,
           more_count[MOST_DERIVED];
    for (size_t i = 0; i < derived_count; i++)
        all += more_count[i] = derived[i](db, person_id, now, &more[i]);
    *ret = arena_array(db_arena(db), struct access_grant, all + 1);
    for (size_t i = 0; i < n; i++) {
        enum role role = role_from_name(rows[i].role);
        if (role == ROLE_COUNT) continue; /* a role of a newer program */
        (*ret)[kept++] = (struct access_grant){ .role = role,
                                                .scope = { rows[i].scope_kind, rows[i].scope_id },
                                                .starts_at = rows[i].starts_at,
                                                .ends_at = rows[i].ends_at,
                                                .granted_by = rows[i].granted_by,
                                                .granted_at = rows[i].granted_at };
    }
    for (size_t i = 0; i < derived_count; i++)
        for (size_t k = 0; k < more_count[i]; k++)
            (*ret)[kept++] = (struct access_grant){ .role = more[i][k].role,
                                                    .scope = more[i][k].scope,
                                                    .ends_at = DB_NULL,
                                                    .granted_by = DB_NULL,
                                                    .granted_at = DB_NULL,
                                                    .derived = true };
    return kept;
}
