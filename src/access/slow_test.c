/* Guesses are slowed down where they are made, and hardly elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "access/slow.h"
#include "base/time.h"

#define HERE S("192.0.2.1")
#define ELSEWHERE S("198.51.100.7")

static void mistakes_are_free_then_each_waits_longer(void **state)
{
    (void)state;
    struct str key = S("mistakes@example.org");
    for (int i = 0; i < 5; i++)
        assert_int_equal(slow_try(S("t"), key, HERE), 0);
    int64_t let_in = 0; /* the one before, at the earliest */
    for (int i = 0; i < 5; i++) {
        int64_t asked = time_monotonic(), wait = slow_try(S("t"), key, HERE);
        assert_true(wait > 0 && time_monotonic() + wait >= let_in + 1000);
        let_in = asked + wait;
    }
    int64_t last = 0;
    for (int i = 0; i < 5; i++)
        last = slow_try(S("t"), key, HERE);
    assert_int_equal(last, -1);
}

static void who_is_guessed_about_is_not_shut_out(void **state)
{
    (void)state;
    struct str key = S("victim@example.org");
    for (int i = 0; i < 100; i++)
        slow_try(S("t"), key, HERE);
    int64_t wait = slow_try(S("t"), key, ELSEWHERE);
    assert_in_range(wait, 1, 2000);
}

static void another_account_from_the_same_address_waits_for_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        slow_try(S("t"), S("colleague@example.org"), HERE);
    assert_int_equal(slow_try(S("t"), S("me@example.org"), HERE), 0);
    assert_int_equal(slow_try(S("u"), S("colleague@example.org"), HERE), 0);
}

static void a_right_answer_forgets_the_wrong_ones(void **state)
{
    (void)state;
    struct str key = S("right@example.org");
    for (int i = 0; i < 7; i++)
        slow_try(S("t"), key, HERE);
    slow_succeeded(S("t"), key, HERE);
    assert_in_range(slow_try(S("t"), key, HERE), 0, 2000);
    slow_succeeded(S("t"), key, HERE);
}

static void an_allowance_ends(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(slow_allow(S("letter"), S("a@example.org"), 3, 3600 * 1000));
    assert_false(slow_allow(S("letter"), S("a@example.org"), 3, 3600 * 1000));
    assert_true(slow_allow(S("letter"), S("b@example.org"), 3, 3600 * 1000));
}

int main(void)
{
    if (sodium_init() < 0) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_free_then_each_waits_longer),
        cmocka_unit_test(who_is_guessed_about_is_not_shut_out),
        cmocka_unit_test(another_account_from_the_same_address_waits_for_nothing),
        cmocka_unit_test(a_right_answer_forgets_the_wrong_ones),
        cmocka_unit_test(an_allowance_ends),
    };
    return cmocka_run_group_tests_name("slow", tests, NULL, NULL);
}
