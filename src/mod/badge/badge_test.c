/* The award rule on both engines: at the right moment, once, provable, revocable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <sodium.h>

#include "access/access.h"
#include "base/log.h"
#include "base/time.h"
#include "http/client.h"
#include "mod/badge/fetch.h"
#include "mod/badge/inside.h"
#include "mod/people/people.h"
#include "work/work_fixture.h"

#define ORIGIN "https://edulab.example"
#define PICTURE S("\x89PNG\r\n\x1a\n")

static const struct job_kind *const no_kinds[] = { NULL };
static const struct subscription *subscription_tables[2];

static int drain(struct fixture *f)
{
    struct work_options options = { .database = f->database,
                                    .data = f->folder,
                                    .kinds = no_kinds,
                                    .subscriptions = subscription_tables };
    return work_drain(&options);
}

/* --- a small catalogue of badges -------------------------------------------------------------------------------------- */

static void add_class(struct db *db, int64_t id, const char *slug, int64_t needed)
{
    badge_sql_add_class(db, &(struct badge_sql_add_class_in){ .id = id,
                                                              .slug = str_from(slug),
                                                              .name_fr = S("Référent·e IA 🎓"),
                                                              .name_en = S("AI lead teacher"),
                                                              .criteria_fr = S("Trois ateliers."),
                                                              .criteria_en = S("Three workshops."),
                                                              .area = S("form"),
                                                              .kind = S("competence"),
                                                              .programme = S("ia"),
                                                              .competences = 3,
                                                              .needed = needed,
                                                              .picture = PICTURE });
}

struct people {
    int64_t amina, bo;
};
static struct people people;

static bool fill(struct db *db, void *context)
{
    (void)context;
    add_class(db, 1, "two-of-three", 2);
    add_class(db, 2, "by-hand", 0);
    add_class(db, 3, "whole", 1);
    badge_sql_add_requirement(db, 1, S("module"), S("ia/A"), 0);
    badge_sql_add_requirement(db, 1, S("module"), S("ia/B"), 1);
    badge_sql_add_requirement(db, 1, S("module"), S("ia/C"), 0);
    badge_sql_add_requirement(db, 3, S("programme"), S("ia"), 0);
    people.amina = people_add(db, S("Amina"), S("amina@ecole.example"), STR_NONE, LANG_FR);
    people.bo = people_add(db, S("Bo"), S("bo@ecole.example"), STR_NONE, LANG_EN);
    return people.amina && people.bo;
}

static int setup(void **state)
{
    int failed = fixture_setup(state);
    if (failed) return failed;
    fixture_change(*state, fill, NULL);
    return 0;
}

struct completed {
    int64_t person;
    const char *kind, *code;
};

static bool complete_apply(struct db *db, void *context)
{
    const struct completed *c = context;
    event_emit(db, "learning.completed",
               json_pack("{s:I,s:s,s:s,s:s}", "person", (json_int_t)c->person, "kind", c->kind,
                         "code", c->code, "name", "L’atelier"));
    return true;
}

static void complete(struct fixture *f, int64_t person, const char *kind, const char *code)
{
    struct completed c = { person, kind, code };
    fixture_change(f, complete_apply, &c);
    assert_true(drain(f) >= 0);
}

/* The person's badges; the slugs of held ones joined by a space. */
static struct str held(struct fixture *f, int64_t person, int64_t *ret_last)
{
    struct badge_card *cards;
    struct str slugs = S("");
    struct db *db = db_read_begin(f->database, f->arena);
    size_t n = badge_held(db, person, LANG_FR, &cards);
    for (size_t i = 0; i < n; i++) {
        slugs = arena_printf(f->arena, "%.*s%s%.*s", STR(slugs), i ? " " : "", STR(cards[i].slug));
        if (ret_last) *ret_last = cards[i].assertion;
    }
    db_read_end(db);
    return slugs;
}

static size_t begun(struct fixture *f, int64_t person, int64_t *ret_done)
{
    struct badge_card *cards;
    struct db *db = db_read_begin(f->database, f->arena);
    size_t n = badge_begun(db, person, LANG_EN, &cards);
    if (n) *ret_done = cards[0].done;
    db_read_end(db);
    return n;
}

static enum badge_verdict verdict_of(struct fixture *f, struct str file, const char *email)
{
    struct db *db = db_read_begin(f->database, f->arena);
    struct badge_own_source own = { .db = db };
    struct badge_source source = badge_own_source(&own);
    struct badge_verification v =
        badge_verify(f->arena, file, str_from(email), time_now(), &source);
    db_read_end(db);
    return v.verdict;
}

static struct badge_sql_published published(struct fixture *f, int64_t id)
{
    struct badge_sql_published row;
    struct db *db = db_read_begin(f->database, f->arena);
    assert_true(badge_sql_published(db, id, &row));
    db_read_end(db);
    return row;
}

/* --- the rule --------------------------------------------------------------------------------------------------------- */

static void enough_and_the_must(void **state)
{
    struct fixture *f = *state;
    int64_t done = 0;
    complete(f, people.amina, "module", "ia/A");
    assert_int_equal(begun(f, people.amina, &done), 1);
    assert_int_equal(done, 1);
    complete(f, people.amina, "module", "ia/C"); /* two, but without the one that must be */
    assert_true(str_is(held(f, people.amina, NULL), ""));
    complete(f, people.amina, "module", "ia/B");
    assert_true(str_is(held(f, people.amina, NULL), "two-of-three"));
    assert_int_equal(begun(f, people.amina, &done), 0);
    assert_true(str_is(held(f, people.bo, NULL), ""));
}

static void awarded_once(void **state)
{
    struct fixture *f = *state;
    complete(f, people.amina, "programme", "ia");
    complete(f, people.amina, "programme", "ia");
    assert_true(str_is(held(f, people.amina, NULL), "whole"));
    struct work_row *rows;
    struct db *db = db_read_begin(f->database, f->arena);
    size_t n = work_list(db, JOB_ENDED, 100, &rows), mails = 0;
    for (size_t i = 0; i < n; i++)
        mails += str_is(rows[i].kind, "work.mail");
    assert_int_equal(work_count(db).in[JOB_BURIED], 0);
    db_read_end(db);
    assert_int_equal(mails, 1);
}

static void strange_events_do_no_harm(void **state)
{
    struct fixture *f = *state;
    complete(f, people.amina, "module", "elsewhere/X");
    complete(f, people.amina, "programme", "ia/A");
    complete(f, 999, "programme", "ia");
    complete(f, people.amina, "", "");
    assert_true(str_is(held(f, people.amina, NULL), ""));
    struct db *db = db_read_begin(f->database, f->arena);
    struct work_counts counts = work_count(db);
    db_read_end(db);
    assert_int_equal(counts.in[JOB_BURIED] + counts.in[JOB_WAITING], 0);
}

static bool award_apply(struct db *db, void *context)
{
    *(int64_t *)context = badge_award(db, S("by-hand"), people.bo, STR_NONE);
    return true;
}

static void by_hand(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0, again = 0;
    fixture_change(f, award_apply, &id);
    fixture_change(f, award_apply, &again);
    assert_true(id != 0);
    assert_int_equal(again, 0);
    assert_true(str_is(held(f, people.bo, NULL), "by-hand"));
}

/* --- the proof ------------------------------------------------------------------------------------------------------------ */

static bool revoke_apply(struct db *db, void *context)
{
    return badge_sql_revoke(db, *(int64_t *)context, 1, time_now(), S("Remis par erreur")) == 1;
}

static void awarded_badges_are_true_until_revoked(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0;
    complete(f, people.amina, "programme", "ia");
    held(f, people.amina, &id);
    struct badge_sql_published row = published(f, id);
    assert_true(str_search(row.body, S("L\\u2019atelier")) < row.body.n);
    assert_int_equal(verdict_of(f, row.body, "Amina@Ecole.example"), BADGE_TRUE);
    assert_int_equal(verdict_of(f, row.address, NULL), BADGE_TRUE);
    assert_int_equal(verdict_of(f, row.body, "bo@ecole.example"), BADGE_FALSE);
    char *altered = arena_cstr(f->arena, row.body);
    altered[str_search(row.body, S("issuedOn")) + strlen("issuedOn\":\"202")] ^= 1;
    assert_int_equal(verdict_of(f, str_from(altered), NULL), BADGE_FALSE);
    fixture_change(f, revoke_apply, &id);
    assert_int_equal(verdict_of(f, row.body, NULL), BADGE_REVOKED);
    assert_int_equal(db_change_run(f->database, f->arena, revoke_apply, &id), DB_REFUSED);
    assert_true(str_is(published(f, id).reason, "Remis par erreur"));
}

/* After the site has moved, badges with its former address are still ours; a stranger's address is not. */
static void a_moved_site_keeps_its_badges(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0;
    complete(f, people.amina, "programme", "ia");
    held(f, people.amina, &id);
    struct str body = published(f, id).body;
    struct ob_issuer before = badge_issuer;
    badge_issuer.origin = S("https://new.example");
    assert_int_equal(verdict_of(f, body, NULL), BADGE_TRUE);
    char *text = arena_cstr(f->arena, body);
    for (char *at = text; (at = strstr(at, "edulab.example"));)
        memcpy(at, "evilab.example", strlen("evilab.example"));
    assert_int_equal(verdict_of(f, str_from(text), NULL), BADGE_UNCERTAIN);
    badge_issuer = before;
}

/* --- addresses that may not be asked ----------------------------------------------------------------------------------------- */

static bool is_public(const char *text)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return http_address_is_public((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return http_address_is_public((struct sockaddr *)&v6);
}

static void only_public_addresses(void **state)
{
    (void)state;
    static const char *closed[] = { "127.0.0.1",        "10.1.2.3",
                                    "192.168.1.1",      "172.16.0.1",
                                    "172.31.255.255",   "169.254.169.254",
                                    "0.0.0.0",          "100.64.0.1",
                                    "224.0.0.1",        "::1",
                                    "fe80::1",          "fd00::1",
                                    "::ffff:127.0.0.1", "64:ff9b::7f00:1",
                                    "2002:7f00:1::",    "2001:db8::1",
                                    "255.255.255.255" };
    static const char *open[] = { "1.1.1.1", "172.32.0.1", "193.190.1.1", "2606:4700::1",
                                  "2a02::1" };
    for (size_t i = 0; i < COUNT(closed); i++)
        assert_false(is_public(closed[i]));
    for (size_t i = 0; i < COUNT(open); i++)
        assert_true(is_public(open[i]));
    struct arena *a = arena_create();
    struct str body;
    assert_int_equal(badge_fetch(a, S("https://127.0.0.1:1/x"), false, &body), SOURCE_UNREACHABLE);
    assert_int_equal(badge_fetch(a, S("file:///etc/passwd"), true, &body), SOURCE_UNREACHABLE);
    arena_destroy(a);
}

static int run_group(const char *name)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(enough_and_the_must),
        TEST(awarded_once),
        TEST(strange_events_do_no_harm),
        TEST(by_hand),
        TEST(awarded_badges_are_true_until_revoked),
        TEST(a_moved_site_keeps_its_badges),
        cmocka_unit_test(only_public_addresses),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    const struct db_part *const parts[] = { &work_db, &access_db, people_module.db, &badge_db,
                                            NULL };
    if (sodium_init() < 0) return 1;
    log_set_level(LOG_ERROR + 1); /* failures are wanted here */
    badge_issuer.origin = S(ORIGIN);
    fixture_parts = parts;
    subscription_tables[0] = badge_module.subscriptions;
    work_register(subscription_tables, no_kinds);
    int failed = run_group("sqlite");
    if (fixture_use_pgsql()) failed += run_group("pgsql");
    else failed += 1;
    fixture_stop_pgsql();
    return failed;
}
