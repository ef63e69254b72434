/* The table of the README, line by line: each audience for each kind of visitor; and addresses that expire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "access/secret.h"
#include "base/time.h"
#include "mod/tv/pages.h"

enum { NOW = 1000000 };

enum kind { VISITOR, SIGNED_IN, OF_NETWORK, OF_PROGRAMME, OF_COHORT, LINKED, STAFF, KINDS };

static const char *const circles[KINDS] = {
    [VISITOR] = ",public:0,",
    [SIGNED_IN] = ",public:0,members:0,",
    [OF_NETWORK] = ",public:0,members:0,organisation:12,",
    [OF_PROGRAMME] = ",public:0,members:0,programme:12,",
    [OF_COHORT] = ",public:0,members:0,programme:12,cohort:12,",
    [LINKED] = ",public:0,",
    [STAFF] = ",public:0,members:0,",
};

static enum tv_sight ask(const struct tv_rule *rule, enum kind who)
{
    struct arena *a = arena_create();
    const struct tv_viewer viewer = { .circles = str_from(circles[who]),
                                      .member = who != VISITOR && who != LINKED,
                                      .staff = who == STAFF,
                                      .now = NOW };
    enum tv_sight sight = tv_sight(a, rule, &viewer, who == LINKED);
    arena_destroy(a);
    return sight;
}

#define H TV_HIDDEN
#define I TV_SIGN_IN
#define N TV_NOT_THEIRS
#define Y TV_SEEN

static void each_audience_for_each_visitor(void **state)
{
    (void)state;
    static const struct {
        const char *audience;
        int64_t target;
        enum tv_sight sight[KINDS];
    } rows[] = {
        /*                    visitor, member, network, programme, cohort, link, staff */
        { "public", 0, { Y, Y, Y, Y, Y, Y, Y } },
        { "members", 0, { I, Y, Y, Y, Y, I, Y } },
        { "organisation", 12, { I, N, Y, N, N, I, Y } },
        { "organisation", 1, { I, N, N, N, N, I, Y } }, /* 12 is not 1 */
        { "organisation", 2, { I, N, N, N, N, I, Y } },
        { "programme", 12, { I, N, N, Y, Y, I, Y } },
        { "cohort", 12, { I, N, N, N, Y, I, Y } },
        { "link", 0, { H, H, H, H, H, Y, Y } },
        { "anything", 0, { I, N, N, N, N, I, Y } }, /* what nobody knows shows nothing */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int who = 0; who < KINDS; who++) {
            struct tv_rule rule = { S("ready"), str_from(rows[i].audience), rows[i].target, DB_NULL,
                                    DB_NULL };
            assert_int_equal(ask(&rule, who), rows[i].sight[who]);
            static const struct {
                int64_t opens, closes;
                bool open;
            } times[] = { { NOW, NOW + 1, true },     { NOW + 1, DB_NULL, false },
                          { DB_NULL, NOW, false },    { NOW - 1, NOW, false },
                          { DB_NULL, NOW + 1, true }, { NOW, DB_NULL, true },
                          { NOW + 1, NOW + 2, false } };
            for (size_t t = 0; t < COUNT(times); t++) {
                rule.opens_at = times[t].opens;
                rule.closes_at = times[t].closes;
                enum tv_sight wanted = times[t].open || who == STAFF ? rows[i].sight[who] : H;
                assert_int_equal(ask(&rule, who), wanted);
                assert_int_equal(tv_is_open(&rule, NOW), times[t].open);
            }
            static const char *const states[] = { "waiting", "failed", "withdrawn", "" };
            for (size_t k = 0; k < COUNT(states); k++) {
                rule = (struct tv_rule){ str_from(states[k]), str_from(rows[i].audience),
                                         rows[i].target, DB_NULL, DB_NULL };
                assert_int_equal(ask(&rule, who), H);
            }
        }
}

static void a_private_link_opens_one_video_until_it_is_made_anew(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct str link = tv_link_key(a, 7, 0);
    assert_int_equal(link.n, 20);
    assert_true(tv_link_opens(a, 7, 0, link));
    assert_false(tv_link_opens(a, 7, 1, link));
    assert_false(tv_link_opens(a, 8, 0, link));
    assert_false(tv_link_opens(a, 7, 0, str_sub(link, 0, link.n - 1)));
    assert_false(tv_link_opens(a, 7, 0, S("")));
    arena_destroy(a);
}

static struct str token_of(struct str address)
{
    struct str rest = str_sub(address, strlen("/media/v/"), address.n);
    return str_cut(&rest, '/');
}

static void an_address_is_for_one_folder_and_ends(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const int64_t now = 3 * TV_ADDRESS_STEP_MS + 5;
    const struct tv_grant grant = { .id = 7, .edition = 2, .turn = 3, .closes_at = DB_NULL };
    struct str address = tv_address(a, &grant, now), token = token_of(address);
    int64_t turn = 0;
    assert_true(tv_address_read(token, 7, 2, now, &turn));
    assert_int_equal(turn, 3);
    assert_false(tv_address_read(token, 7, 1, now, &turn));
    assert_false(tv_address_read(token, 8, 2, now, &turn));
    /* the same while a page is loaded again; good for one step at least and two at most */
    assert_true(str_eq(address, tv_address(a, &grant, 4 * TV_ADDRESS_STEP_MS - 1)));
    assert_false(str_eq(address, tv_address(a, &grant, 4 * TV_ADDRESS_STEP_MS)));
    assert_true(tv_address_read(token, 7, 2, 5 * TV_ADDRESS_STEP_MS - 1, &turn));
    assert_false(tv_address_read(token, 7, 2, 5 * TV_ADDRESS_STEP_MS, &turn));
    /* each character counts */
    for (size_t i = 0; i < token.n; i++) {
        char *forged = arena_cstr(a, token);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        assert_false(tv_address_read(str_from(forged), 7, 2, now, &turn));
    }
    assert_false(tv_address_read(str_sub(token, 1, token.n), 7, 2, now, &turn));
    assert_false(tv_address_read(S(""), 7, 2, now, &turn));
    /* it ends with the video */
    const struct tv_grant short_one = { .id = 7, .closes_at = now + 10 * SECOND_MS };
    token = token_of(tv_address(a, &short_one, now));
    assert_true(tv_address_read(token, 7, 0, now + 9 * SECOND_MS, &turn));
    assert_false(tv_address_read(token, 7, 0, now + 10 * SECOND_MS, &turn));
    arena_destroy(a);
}

int main(void)
{
    secret_set(S("0123456789abcdef0123456789abcdef"));
    tv_see_start();
    tv_address_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_audience_for_each_visitor),
        cmocka_unit_test(a_private_link_opens_one_video_until_it_is_made_anew),
        cmocka_unit_test(an_address_is_for_one_folder_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
