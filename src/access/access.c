/* From cookie to person, roles to permissions, and sessions opened and closed. */
#include "access/access.h"

#include "access/audit.h"
#include "access/csrf.h"
#include "access_sql.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"

#define SESSION_LIFE (30 * DAY_MS)

static bool secure; /* https: cookies get the __Host- prefix */

/* --- roles and permissions ------------------------------------------------------------------------------- */

static const struct {
    const char *name, *label;
} roles[ROLE_COUNT] = {
#define X(symbol, name_, label_) [ROLE_##symbol] = { .name = name_, .label = label_ },
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
    static const char letters[ROLE_COUNT] = {
        [ROLE_LEARNER] = 'L', [ROLE_TRAINER] = 'T', [ROLE_COACH] = 'C', [ROLE_STAFF] = 'S'
    };
    uint64_t set = 0;
    for (size_t i = 0; i < COUNT(permissions); i++)
        if (strchr(permissions[i].held_by, letters[role])) set |= UINT64_C(1) << i;
    return set;
}

static bool permission_find(const char *name, size_t *ret)
{
    for (size_t i = 0; i < COUNT(permissions); i++)
        if (strcmp(permissions[i].name, name) == 0) {
            *ret = i;
            return true;
        }
    return false;
}

static bool permission_known(const char *name)
{
    size_t i;
    return name && permission_find(name, &i);
}

static bool holds(const struct request *r, const char *name)
{
    size_t i;
    return permission_find(name, &i) && (r->who.permissions >> i & 1);
}

bool access_holds(const struct request *r, const char *permission)
{
    return holds(r, permission);
}

/* --- cookies ------------------------------------------------------------------------------------------------- */

static const char *cookie_name(void)
{
    return secure ? "__Host-edulab" : "edulab";
}

static struct str cookie(const struct request *r, const char *name)
{
    struct str header = http_header(r, "Cookie");
    while (header.n) {
        struct str pair = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&pair, '=');
        if (str_is(key, name)) return pair;
    }
    return STR_NONE;
}

static void set_cookie(struct request *r, const char *name, struct str value, int64_t life_ms,
                       bool hidden)
{
    http_header_set(r, "Set-Cookie",
                    arena_printf(r->arena, "%s=%.*s; Path=/; Max-Age=%lld; SameSite=Lax%s%s", name,
                                 STR(value), (long long)(life_ms / SECOND_MS),
                                 hidden ? "; HttpOnly" : "", secure ? "; Secure" : ""));
}

/* ?lang=en wins and is remembered; then what was chosen on this device, the account, the browser. */
static void choose_language(struct request *r, struct str account)
{
    enum lang asked;
    struct str query = r->query, chosen = cookie(r, "lang");
    if (account.n) lang_from_code(account, &r->lang);
    if (chosen.n) lang_from_code(chosen, &r->lang);
    while (query.n) {
        struct str pair = str_cut(&query, '&');
        struct str key = str_cut(&pair, '=');
        if (!str_is(key, "lang") || !lang_from_code(pair, &asked)) continue;
        r->lang = asked;
        set_cookie(r, "lang", pair, 365 * DAY_MS, true);
    }
}

static void identify(struct request *r)
{
    struct str token = cookie(r, cookie_name());
    struct access_sql_session_of s = { 0 };
    bool found = token.n == 43 &&
                 access_sql_session_of(r->db, access_hash_token(r->arena, token), r->now, &s);
    choose_language(r, found ? s.lang : STR_NONE);
    if (!found) return;
    r->who = (struct who){ .person_id = s.person_id,
                           .session_id = s.session_id,
                           .name = s.name,
                           .email = s.email,
                           .theme = s.theme,
                           .permissions = access_permissions(ROLE_LEARNER) };
    struct access_sql_roles_of *held;
    size_t n = access_sql_roles_of(r->db, s.person_id, &held);
    for (size_t i = 0; i < n; i++) {
        enum role role = role_from_name(held[i].role);
        if (role != ROLE_COUNT) r->who.permissions |= access_permissions(role);
    }
}

struct http_gate access_gate(struct str secret, bool secure_cookies)
{
    secure = secure_cookies;
    csrf_set_secret(secret);
    return (struct http_gate){ .identify = identify,
                               .holds = holds,
                               .csrf_token = csrf_token,
                               .csrf_valid = csrf_valid,
                               .permission_known = permission_known };
}

/* --- sessions ---------------------------------------------------------------------------------------------------- */

void access_sign_in(struct request *r, int64_t person_id)
{
    struct str hash, token = access_new_token(r->arena, &hash);
    if (r->who.session_id) access_sql_close_session(r->db, r->who.session_id);
    access_sql_drop_expired_sessions(r->db, r->now);
    struct str agent = http_header(r, "User-Agent");
    access_sql_open_session(r->db, id_new(), hash, person_id, r->now, r->now + SESSION_LIFE,
                            r->peer, agent.p && utf8_valid(agent) ? str_sub(agent, 0, 300) : S(""));
    set_cookie(r, cookie_name(), token, SESSION_LIFE, true);
}

void access_sign_out(struct request *r)
{
    if (r->who.session_id) access_sql_close_session(r->db, r->who.session_id);
    set_cookie(r, cookie_name(), S(""), 0, true);
}

void access_close_sessions(struct db *db, int64_t person_id, int64_t except)
{
    access_sql_close_sessions(db, person_id, except);
}

void access_grant(struct db *db, int64_t person_id, enum role role, int64_t granted_by)
{
    if (access_sql_grant(db, person_id, str_from(role_name(role)),
                         granted_by ? granted_by : DB_NULL, time_now()))
        audit_write_as(db, granted_by, "role.granted", "person", person_id, NULL,
                       json_pack("{s:s}", "role", role_name(role)));
}
