/* Who may what: CSRF tokens, roles and permissions, secrets, and sessions on a database of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <unistd.h>

#include "access/access.h"
#include "access/csrf.h"
#include "access/roles.h"
#include "access_sql.h"
#include "base/time.h"
#include "http/private.h"

static struct arena *arena;
static const char secret[] = "0123456789abcdef0123456789abcdef",
                  other_secret[] = "0123456789abcdef0123456789abcdeX";

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    csrf_set_secret(str_sub(str_from(secret), 0, 32));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* A request of nobody's, at `now`. */
static struct request *request_at(int64_t session, int64_t now)
{
    struct http_exchange *x = arena_new(arena, struct http_exchange);
    x->r = (struct request){ .arena = arena, .exchange = x, .now = now, .who.session_id = session };
    return &x->r;
}

/* --- CSRF ------------------------------------------------------------------------------------------------------------ */

static const int64_t NOON = 20000 * DAY_MS + 12 * HOUR_MS;

static void a_token_is_masked_anew_and_still_valid(void **state)
{
    (void)state;
    struct request *r = request_at(7, NOON);
    struct str one = csrf_token(r), two = csrf_token(r);
    assert_int_equal(one.n, 43);
    assert_false(str_eq(one, two)); /* compression of a page must not tell it */
    assert_true(csrf_valid(r, one) && csrf_valid(r, two));
    int same = 0;
    for (size_t i = 0; i < one.n; i++)
        same += one.p[i] == two.p[i];
    assert_true(same < 20); /* the mask covers all of it: chance gives about one in 64 */
}

static void a_token_belongs_to_one_session(void **state)
{
    (void)state;
    struct str token = csrf_token(request_at(7, NOON));
    assert_false(csrf_valid(request_at(8, NOON), token));
    assert_false(csrf_valid(request_at(0, NOON), token));
    assert_true(csrf_valid(request_at(7, NOON + 20 * DAY_MS), token)); /* as long as the session */
    struct str visitor = csrf_token(request_at(0, NOON));
    assert_false(csrf_valid(request_at(7, NOON), visitor));
    csrf_set_secret(str_sub(str_from(other_secret), 0, 32));
    assert_false(csrf_valid(request_at(7, NOON), token));
}

static void a_visitors_token_lasts_until_the_next_day_ends(void **state)
{
    (void)state;
    struct str token = csrf_token(request_at(0, NOON));
    assert_true(csrf_valid(request_at(0, NOON), token));
    assert_true(csrf_valid(request_at(0, NOON + DAY_MS), token));
    assert_false(csrf_valid(request_at(0, NOON + 2 * DAY_MS), token));
    assert_false(csrf_valid(request_at(0, NOON - DAY_MS), token));
}

static void what_is_no_token_is_refused(void **state)
{
    (void)state;
    struct request *r = request_at(7, NOON);
    struct str token = csrf_token(r);
    assert_false(csrf_valid(r, STR_NONE));
    assert_false(csrf_valid(r, S("")));
    assert_false(csrf_valid(r, str_sub(token, 0, 42)));
    assert_false(csrf_valid(r, arena_printf(arena, "%.*sA", STR(token))));
    assert_false(csrf_valid(r, S("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")));
    assert_false(csrf_valid(r, S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));
    for (size_t i = 0; i < token.n - 1;
         i++) { /* each character counts; the last holds unused bits too */
        char *changed = arena_cstr(arena, token);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(csrf_valid(r, (struct str){ changed, token.n }));
    }
}

/* --- roles --------------------------------------------------------------------------------------------------------- */

static void roles_have_names(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        assert_int_equal(role_from_name(str_from(role_name((enum role)role))), role);
        assert_true(*role_label((enum role)role));
    }
    assert_int_equal(role_from_name(S("admin")), ROLE_COUNT);
    assert_int_equal(role_from_name(S("")), ROLE_COUNT);
    assert_int_equal(role_from_name(S("Staff")), ROLE_COUNT);
}

/* The matrix once more, by hand: a change of permissions.h is a decision, so it is made twice. */
static void roles_hold_what_the_matrix_says(void **state)
{
    (void)state;
    static const struct {
        const char *permission;
        const char *held_by; /* names of roles */
    } matrix[] = {
        { "learning.enrol", "learner trainer coach contact head network staff" },
        { "learning.follow", "trainer coach staff" },
        { "enrolment.approve", "head staff" },
        { "enrolment.group", "contact head network staff" },
        { "organisation.read", "contact head network staff" },
        { "organisation.edit", "network staff" },
        { "people.read", "staff" },
        { "people.import", "staff" },
        { "people.merge", "staff" },
        { "people.provision", "" }, /* a partner's program's only */
        { "catalogue.edit", "staff" },
        { "cohort.plan", "staff" },
        { "tv.upload", "trainer staff" },
        { "tv.moderate", "staff" },
        { "tv.figures", "network staff" },
        { "material.upload", "trainer staff" },
        { "badge.award", "staff" },
        { "role.grant", "staff" },
        { "work.watch", "staff" },
        { "privacy.manage", "staff" },
        { "audit.read", "staff" },
        { "federation.manage", "staff" },
        { "partner.manage", "staff" },
        { "site.components", "staff" },
    };
    struct http_gate gate = access_gate(str_sub(str_from(secret), 0, 32), false);
    uint64_t all = 0;
    int held = 0;
    for (size_t i = 0; i < COUNT(matrix); i++) {
        held += matrix[i].held_by[0] != '\0';
        assert_true(gate.permission_known(matrix[i].permission));
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct request *r = request_at(1, NOON);
            r->who.permissions = access_permissions((enum role)role);
            bool wanted = strstr(matrix[i].held_by, role_name((enum role)role)) != NULL;
            if (access_holds(r, matrix[i].permission) != wanted)
                fail_msg("%s, %s", matrix[i].permission, role_name((enum role)role));
            all |= r->who.permissions;
        }
        assert_false(
            access_holds(request_at(0, NOON), matrix[i].permission)); /* a visitor holds nothing */
    }
    assert_int_equal(__builtin_popcountll(all), held); /* and there is no other row */
    assert_false(gate.permission_known("learning") || gate.permission_known("") ||
                 gate.permission_known(NULL));
    struct request *staff = request_at(1, NOON);
    staff->who.permissions = UINT64_MAX;
    assert_false(access_holds(staff, "no.such"));
}

/* --- secrets ------------------------------------------------------------------------------------------------------------ */

static void passwords_and_tokens(void **state)
{
    (void)state;
    struct str hash = access_hash_password(arena, S("a long secret")), token_hash,
               token = access_new_token(arena, &token_hash);
    assert_true(str_starts(hash, S("$argon2id$")));
    assert_true(access_verify_password(hash, S("a long secret")));
    assert_false(access_verify_password(hash, S("a long secreT")) ||
                 access_verify_password(hash, STR_NONE));
    assert_false(access_verify_password(S(""), S("x")) ||
                 access_verify_password(STR_NONE, STR_NONE) ||
                 access_verify_password(S("plain"), S("plain")));
    assert_false(access_verify_password(arena_printf(arena, "%0*d", 500, 1), S("x")));
    assert_int_equal(token.n, 43);
    assert_true(str_eq(access_hash_token(arena, token), token_hash));
    assert_false(str_eq(access_hash_token(arena, S("x")), token_hash));
    struct str other_hash, other = access_new_token(arena, &other_hash);
    assert_false(str_eq(token, other));
}

/* --- sessions ------------------------------------------------------------------------------------------------------------- */

static const enum db_type person_types[] = { DB_INT };
static struct db_statement person_statement = {
    .name = "test.person",
    .sqlite = "INSERT INTO person (id, name, email, lang, created_at) VALUES (?1, 'Ann', 'a' || ?1 "
              "|| '@b.be', 'fr', 0)",
    .pgsql = "",
    .params = person_types,
    .param_count = 1,
};
static const struct db_part test_part = { .module = "test",
                                          .statements = &person_statement,
                                          .statement_count = 1 };

static struct {
    char folder[32];
    struct database *database;
} store;

static bool add_people(struct db *db, void *context)
{
    (void)context;
    for (int64_t id = 1; id <= 2; id++)
        db_exec(db, &person_statement, &(struct db_value){ .integer = id });
    return true;
}

static int store_setup(void **state)
{
    static const struct db_part *const parts[] = { &access_db, &test_part, NULL };
    struct str error;
    setup(state);
    snprintf(store.folder, sizeof store.folder, "/tmp/edulab-access-XXXXXX");
    if (!mkdtemp(store.folder)) return -1;
    struct database_options options = { .url =
                                            arena_printf(arena, "sqlite:%s/test.db", store.folder),
                                        .parts = parts };
    store.database = database_open(&options, arena, &error);
    if (!store.database || database_migrate(store.database, arena, &error) < 1) return -1;
    return db_change_run(store.database, arena, add_people, NULL) == DB_COMMITTED ? 0 : -1;
}

static int store_teardown(void **state)
{
    database_close(store.database);
    unlink(arena_printf(arena, "%s/test.db", store.folder).p);
    rmdir(store.folder);
    return teardown(state);
}

/* The value of the session cookie an answer sets; the attributes are checked on the way. */
static struct str cookie_of(const struct request *r, const char *name, const char *attributes)
{
    const struct answer_header *h = r->exchange->answer.headers;
    assert_non_null(h);
    assert_string_equal(h->name, "Set-Cookie");
    struct str rest = h->value;
    assert_true(str_is(str_cut(&rest, '='), name));
    struct str value = str_cut(&rest, ';');
    if (!str_is(rest, attributes)) fail_msg("%.*s", STR(rest));
    return value;
}

struct step {
    struct request *r;
    int64_t person;
    void (*run)(struct step *s);
};

static bool run_step(struct db *db, void *context)
{
    struct step *s = context;
    s->r->db = db;
    s->run(s);
    return !db_failed(db);
}

static void sign_in(struct step *s)
{
    access_sign_in(s->r, s->person, WAY_PASSWORD);
}

static void sign_out(struct step *s)
{
    access_sign_out(s->r);
}

static void close_all(struct step *s)
{
    access_close_sessions(s->r->db, s->person, s->r->who.session_id);
}

static void grant_twice(struct step *s)
{
    access_grant(s->r->db, s->person, ROLE_COACH, 0);
    access_grant(s->r->db, s->person, ROLE_COACH, 1);
}

static void change(struct request *r, int64_t person, void (*run)(struct step *))
{
    struct step step = { r, person, run };
    assert_int_equal(db_change_run(store.database, arena, run_step, &step), DB_COMMITTED);
}

/* The session of a cookie at a moment; 0: none. */
static int64_t session_at(struct str token, int64_t now, int64_t *ret_person)
{
    struct access_sql_session_of row = { 0 };
    struct db *db = db_read_begin(store.database, arena);
    assert_non_null(db);
    bool found = access_sql_session_of(db, access_hash_token(arena, token), now, &row);
    db_read_end(db);
    if (ret_person) *ret_person = row.person_id;
    return found ? row.session_id : 0;
}

#define IN " Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly"
#define OUT " Path=/; Max-Age=0; SameSite=Lax; HttpOnly"

static void a_session_opens_and_closes(void **state)
{
    (void)state;
    int64_t person;
    access_gate(str_sub(str_from(secret), 0, 32), false);
    struct request *r = request_at(0, NOON);
    r->peer = S("127.0.0.1");
    change(r, 1, sign_in);
    struct str token = cookie_of(r, "edulab", IN);
    assert_int_equal(token.n, 43);
    assert_true(session_at(token, NOON, &person) > 0 && person == 1);
    assert_int_equal(session_at(S("x"), NOON, NULL), 0);
    assert_true(session_at(token, NOON + 30 * DAY_MS - 1, NULL) > 0);
    assert_int_equal(session_at(token, NOON + 30 * DAY_MS, NULL), 0); /* over */

    struct request *leaving = request_at(session_at(token, NOON, NULL), NOON);
    change(leaving, 1, sign_out);
    assert_int_equal(cookie_of(leaving, "edulab", OUT).n, 0);
    assert_int_equal(session_at(token, NOON, NULL), 0);
}

static void a_session_never_changes_hands(void **state)
{
    (void)state;
    int64_t person;
    access_gate(str_sub(str_from(secret), 0, 32), true);
    struct request *first = request_at(0, NOON);
    first->peer = S("::1");
    change(first, 1, sign_in);
    struct str token = cookie_of(first, "__Host-edulab", IN "; Secure");
    struct request *second = request_at(session_at(token, NOON, NULL), NOON);
    second->peer = S("::1");
    change(second, 2, sign_in); /* on the same device, somebody else */
    struct str other = cookie_of(second, "__Host-edulab", IN "; Secure");
    assert_false(str_eq(token, other));
    assert_int_equal(session_at(token, NOON, NULL), 0);
    assert_true(session_at(other, NOON, &person) > 0 && person == 2);
    access_gate(str_sub(str_from(secret), 0, 32), false);
}

static void all_sessions_of_a_person_close_but_one(void **state)
{
    (void)state;
    struct str tokens[4];
    for (int i = 0; i < 4; i++) {
        struct request *r = request_at(0, NOON);
        r->peer = S("");
        change(r, i < 3 ? 1 : 2, sign_in);
        tokens[i] = cookie_of(r, "edulab", IN);
    }
    change(request_at(session_at(tokens[1], NOON, NULL), NOON), 1, close_all);
    assert_int_equal(session_at(tokens[0], NOON, NULL), 0);
    assert_true(session_at(tokens[1], NOON, NULL) > 0);
    assert_int_equal(session_at(tokens[2], NOON, NULL), 0);
    assert_true(session_at(tokens[3], NOON, NULL) > 0); /* another person's */
}

static void a_role_is_granted_once(void **state)
{
    (void)state;
    struct access_sql_roles_of *roles;
    change(request_at(0, NOON), 1, grant_twice);
    struct db *db = db_read_begin(store.database, arena);
    assert_int_equal(access_sql_roles_of(db, 1, INT64_MAX, 0, &roles), 1);
    assert_true(str_is(roles[0].role, "coach"));
    db_read_end(db);
}

/* --- roles for one thing ----------------------------------------------------------------------------------------------- */

/* A small world: organisation 3 lies below 2, 2 below 1. */
static size_t above_organisation(struct db *db, int64_t id, struct access_scope **ret)
{
    (void)db;
    *ret = arena_array(arena, struct access_scope, 4);
    size_t n = 0;
    for (int64_t up = id - 1; up > 0 && id <= 3; up--)
        (*ret)[n++] = (struct access_scope){ S("place"), up };
    return n;
}

static int derived_calls;
static size_t head_of_nine(struct db *db, int64_t person_id, int64_t now,
                           struct access_derived **ret)
{
    (void)db, (void)now;
    derived_calls++;
    *ret = arena_new(arena, struct access_derived);
    **ret = (struct access_derived){ ROLE_HEAD, { S("place"), 9 } };
    return person_id == 2;
}

static const struct access_scope_kind place = { .name = "place",
                                                .label = "A place",
                                                .above = above_organisation };

static void grant_scoped(struct step *s)
{
    const struct access_grant grants[] = {
        { ROLE_NETWORK, { S("place"), 2 }, NOON, NOON + DAY_MS, DB_NULL, NOON, false },
        { ROLE_STAFF, { S("other"), 2 }, NOON, DB_NULL, DB_NULL, NOON, false },
        { ROLE_TRAINER, EVERYWHERE, NOON, NOON + DAY_MS, DB_NULL, NOON, false },
    };
    for (size_t i = 0; i < COUNT(grants); i++)
        access_give(s->r->db, s->person, &grants[i]);
}

static bool holds_for(int64_t person, const char *permission, const char *kind, int64_t id,
                      int64_t now)
{
    struct request *r = request_at(1, now);
    r->who.person_id = person;
    r->db = db_read_begin(store.database, arena);
    r->who.permissions =
        access_permissions(ROLE_LEARNER) | roles_everywhere(r->db, person, now, false);
    bool held = access_holds_for(r, permission, kind, id);
    bool again = access_holds_for(r, permission, kind, id);
    assert_int_equal(held, again);
    db_read_end(r->db);
    return held;
}

static void a_role_counts_where_and_while_it_was_given(void **state)
{
    (void)state;
    change(request_at(0, NOON), 1, grant_scoped);
    const char *edit = "organisation.edit";
    assert_true(holds_for(1, edit, "place", 2, NOON));
    assert_true(holds_for(1, edit, "place", 3, NOON));  /* below */
    assert_false(holds_for(1, edit, "place", 1, NOON)); /* above */
    assert_false(holds_for(1, edit, "place", 4, NOON)); /* elsewhere */
    assert_false(holds_for(1, edit, "thing", 2, NOON)); /* the same number, another kind */
    assert_false(holds_for(1, edit, "place", 2, NOON - 1));
    assert_true(holds_for(1, edit, "place", 2, NOON + DAY_MS - 1));
    assert_false(holds_for(1, edit, "place", 2, NOON + DAY_MS));
    assert_false(holds_for(2, edit, "place", 2, NOON));
    assert_false(holds_for(0, edit, "place", 2, NOON));
    assert_false(holds_for(1, "badge.award", "place", 2, NOON)); /* staff only for "other" 2 */
    assert_true(holds_for(1, "badge.award", "other", 2, NOON));
    assert_false(holds_for(1, "no.such", "place", 2, NOON));
    assert_true(holds_for(1, "tv.upload", "place", 4, NOON)); /* everywhere is here too */
    assert_false(holds_for(1, "tv.upload", "place", 4, NOON + DAY_MS));
    assert_true(holds_for(2, "enrolment.approve", "place", 9, NOON)); /* derived */
    assert_false(holds_for(1, "enrolment.approve", "place", 9, NOON));
}

static void scopes_are_read_once_and_only_when_asked_for(void **state)
{
    (void)state;
    int64_t *ids;
    change(request_at(0, NOON), 1, grant_scoped);
    struct request *r = request_at(1, NOON);
    r->who.person_id = 1;
    r->db = db_read_begin(store.database, arena);
    derived_calls = 0;
    assert_false(access_holds(r, "organisation.edit"));
    r->who.permissions = access_permissions(ROLE_STAFF);
    assert_true(access_holds_for(r, "organisation.edit", "place", 1));
    assert_int_equal(derived_calls, 0); /* who holds it everywhere needs no reading */
    r->who.permissions = 0;
    for (int i = 0; i < 3; i++)
        assert_true(access_holds_for(r, "organisation.edit", "place", 3));
    assert_int_equal(access_scopes(r, "organisation.edit", "place", &ids), 1);
    assert_int_equal(ids[0], 2);
    assert_int_equal(access_scopes(r, "organisation.edit", "other", &ids), 1);
    assert_int_equal(access_scopes(r, "enrolment.approve", "place", &ids), 0);
    assert_int_equal(derived_calls, 1);
    db_read_end(r->db);
}

static void withdraw_network(struct step *s)
{
    const struct access_scope at = { S("place"), 2 }, away = { S("place"), 3 };
    assert_false(access_withdraw(s->r->db, 1, ROLE_NETWORK, away));
    assert_false(access_withdraw(s->r->db, 1, ROLE_NETWORK, EVERYWHERE));
    assert_true(access_withdraw(s->r->db, 1, ROLE_NETWORK, at));
    assert_false(access_withdraw(s->r->db, 1, ROLE_NETWORK, at));
    struct access_grant *left;
    assert_int_equal(access_grants(s->r->db, 1, NOON, &left), 2);
    assert_int_equal(access_grants(s->r->db, 2, NOON, &left), 1);
    assert_true(left[0].derived && left[0].role == ROLE_HEAD);
}

static void a_role_is_withdrawn(void **state)
{
    (void)state;
    change(request_at(0, NOON), 1, grant_scoped);
    change(request_at(0, NOON), 1, withdraw_network);
    assert_false(holds_for(1, "organisation.edit", "place", 2, NOON));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
    if (sodium_init() < 0) return 1;
    access_add_scope_kind(&place);
    access_add_derived(head_of_nine);
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_masked_anew_and_still_valid),
        TEST(a_token_belongs_to_one_session),
        TEST(a_visitors_token_lasts_until_the_next_day_ends),
        TEST(what_is_no_token_is_refused),
        TEST(roles_have_names),
        TEST(roles_hold_what_the_matrix_says),
        TEST(passwords_and_tokens),
        STORE_TEST(a_session_opens_and_closes),
        STORE_TEST(a_session_never_changes_hands),
        STORE_TEST(all_sessions_of_a_person_close_but_one),
        STORE_TEST(a_role_is_granted_once),
        STORE_TEST(a_role_counts_where_and_while_it_was_given),
        STORE_TEST(scopes_are_read_once_and_only_when_asked_for),
        STORE_TEST(a_role_is_withdrawn),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
