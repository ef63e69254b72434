/* From cookie to person, and sessions opened and closed. */
#include "access/access.h"

#include "access/csrf.h"
#include "access/roles.h"
#include "access/secret.h"
#include "access/sessions.h"
#include "access/token.h"
#include "access_sql.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"

#define SESSION_LIFE (30 * DAY_MS)
#define VISIT_LIFE (15 * MINUTE_MS)
#define SEEN_EVERY (15 * MINUTE_MS)

static bool secure; /* https: cookies get the __Host- prefix */

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

static void note_seen(struct db *db, int64_t session_id, int64_t now)
{
    access_sql_session_seen(db, session_id, now);
    access_sql_person_seen(db, session_id, now / DAY_MS);
}

static void identify(struct request *r)
{
    /* a program brings its own proof: a cookie beside it counts for nothing */
    struct str bearer = r->route->flags & ROUTE_API ? access_bearer(r) : STR_NONE;
    if (bearer.p) {
        access_identify_bearer(r, bearer);
        return;
    }
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
                           .strong = s.strong,
                           .permissions = access_permissions(ROLE_LEARNER) };
    r->who.permissions |= roles_everywhere(r->db, s.person_id, r->now, s.strong);
    if (s.seen_at < r->now - SEEN_EVERY) access_note(r, note_seen, s.session_id);
}

struct http_gate access_gate(struct str secret, bool secure_cookies)
{
    secure = secure_cookies;
    csrf_set_secret(secret);
    secret_set(secret);
    return (struct http_gate){ .identify = identify,
                               .holds = access_holds,
                               .csrf_token = csrf_token,
                               .csrf_valid = csrf_valid,
                               .permission_known = roles_permission_known };
}

/* --- this browser ------------------------------------------------------------------------------------------------- */

struct str access_browser(const struct request *r)
{
    struct str token = cookie(r, cookie_name());
    return token.n == 43 ? access_hash_token(r->arena, token) : STR_NONE;
}

struct str access_begin_visit(struct request *r)
{
    if (r->who.session_id) return access_browser(r);
    struct str hash, token = access_new_token(r->arena, &hash);
    set_cookie(r, cookie_name(), token, VISIT_LIFE, true);
    return hash;
}

/* --- sessions ---------------------------------------------------------------------------------------------------- */

static struct str fresh_cookie(struct request *r, int64_t life)
{
    struct str hash, token = access_new_token(r->arena, &hash);
    set_cookie(r, cookie_name(), token, life, true);
    return hash;
}

void session_open(struct request *r, int64_t person_id, struct str way, bool strong)
{
    struct str agent = http_header(r, "User-Agent");
    access_sql_drop_expired_sessions(r->db, r->now);
    int64_t id = id_new();
    access_sql_open_session(
        r->db, &(struct access_sql_open_session_in){
                   .id = id,
                   .token = fresh_cookie(r, SESSION_LIFE),
                   .person = person_id,
                   .now = r->now,
                   .expires = r->now + SESSION_LIFE,
                   .peer = r->peer,
                   .agent = agent.p && utf8_valid(agent) ? str_sub(agent, 0, 300) : S(""),
                   .way = way,
                   .strong = strong });
    access_sql_person_seen(r->db, id, r->now / DAY_MS);
}

bool access_sign_in(struct request *r, int64_t person_id, const char *way)
{
    bool both = strcmp(way, WAY_PASSKEY) == 0;
    if (r->who.session_id) access_sql_close_session(r->db, r->who.session_id);
    if (!both && half_needed(r->db, person_id)) {
        half_open(r, fresh_cookie(r, VISIT_LIFE), person_id, way);
        return false;
    }
    session_open(r, person_id, str_from(way), both);
    return true;
}

void access_sign_out(struct request *r)
{
    if (r->who.session_id) access_sql_close_session(r->db, r->who.session_id);
    set_cookie(r, cookie_name(), S(""), 0, true);
}

void access_close_sessions(struct db *db, int64_t person_id, int64_t except)
{
    access_sql_close_sessions(db, person_id, except);
    access_sql_drop_halves(db, person_id);
}

size_t access_sessions(struct db *db, int64_t person_id, int64_t now, struct access_session **ret)
{
    struct access_sql_sessions_of *rows;
    size_t n = access_sql_sessions_of(db, person_id, now, &rows);
    *ret = arena_array(db_arena(db), struct access_session, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct access_session){ .id = rows[i].id,
                                             .created_at = rows[i].created_at,
                                             .seen_at = rows[i].seen_at,
                                             .peer = rows[i].peer,
                                             .agent = rows[i].agent,
                                             .way = rows[i].way };
    return n;
}

bool access_close_session(struct db *db, int64_t person_id, int64_t session_id)
{
    return access_sql_close_session_of(db, person_id, session_id) == 1;
}

/* --- people in lists ----------------------------------------------------------------------------------------------- */

struct str access_person_search(struct arena *a, struct str name, struct str email)
{
    return utf8_fold(a, arena_printf(a, "%.*s %.*s", STR(name), STR(email)));
}

int64_t access_index_people(struct db *db, int64_t most)
{
    struct access_sql_unindexed *rows;
    size_t n = access_sql_unindexed(db, most, &rows);
    for (size_t i = 0; i < n; i++)
        access_sql_index_person(db, rows[i].id,
                                access_person_search(db_arena(db), rows[i].name, rows[i].email));
    return (int64_t)n;
}
