/* The code on the screen, and what somebody is who signs at a moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "mod/attendance/mark.h"

#define NOON ((int64_t)1800000000000 - 1800000000000 % ATTENDANCE_STEP_MS)

static struct str code_at(int64_t half, int64_t now, char *text)
{
    attendance_code(half, now, text);
    return str_from(text);
}

static void a_code_is_new_each_half_minute(void **state)
{
    char first[ATTENDANCE_DIGITS + 1], other[ATTENDANCE_DIGITS + 1];
    (void)state;
    assert_int_equal(code_at(7, NOON, first).n, ATTENDANCE_DIGITS);
    assert_true(str_eq(code_at(7, NOON + ATTENDANCE_STEP_MS - 1, other), str_from(first)));
    assert_false(str_eq(code_at(7, NOON + ATTENDANCE_STEP_MS, other), str_from(first)));
    assert_false(str_eq(code_at(8, NOON, other), str_from(first))); /* of another half-day */
    for (size_t i = 0; i < ATTENDANCE_DIGITS; i++)
        assert_true(first[i] >= '0' && first[i] <= '9');
}

static void a_code_counts_for_two_minutes(void **state)
{
    char text[ATTENDANCE_DIGITS + 1];
    (void)state;
    struct str code = code_at(7, NOON, text);
    assert_true(attendance_code_holds(7, code, NOON));
    assert_true(attendance_code_holds(7, code, NOON + 2 * MINUTE_MS));
    assert_false(attendance_code_holds(7, code, NOON + 3 * MINUTE_MS));
    assert_false(attendance_code_holds(7, code, NOON - ATTENDANCE_STEP_MS)); /* not yet shown */
    assert_false(attendance_code_holds(8, code, NOON));
}

static void a_code_is_read_as_it_is_typed(void **state)
{
    char text[ATTENDANCE_DIGITS + 1], typed[12];
    (void)state;
    code_at(7, NOON, text);
    snprintf(typed, sizeof typed, " %.3s %s ", text, text + 3);
    assert_true(attendance_code_holds(7, str_from(typed), NOON));
    snprintf(typed, sizeof typed, "%s0", text);
    assert_false(attendance_code_holds(7, str_from(typed), NOON));
    assert_false(attendance_code_holds(7, str_sub(str_from(text), 0, 5), NOON));
    assert_false(attendance_code_holds(7, S(""), NOON));
}

static void who_comes_after_a_quarter_of_an_hour_is_late(void **state)
{
    const attendance_half half = { .starts_at = NOON, .ends_at = NOON + 3 * HOUR_MS };
    int64_t missed;
    (void)state;
    assert_int_equal(attendance_at(&half, NOON - 20 * MINUTE_MS, &missed), ATTENDANCE_PRESENT);
    assert_int_equal(attendance_at(&half, NOON + 15 * MINUTE_MS, &missed), ATTENDANCE_PRESENT);
    assert_int_equal(missed, 0);
    assert_int_equal(attendance_at(&half, NOON + 16 * MINUTE_MS, &missed), ATTENDANCE_LATE);
    assert_int_equal(missed, 16);
    assert_true(attendance_is_open(&half, NOON - ATTENDANCE_BEFORE_MS));
    assert_false(attendance_is_open(&half, NOON - ATTENDANCE_BEFORE_MS - 1));
    assert_true(attendance_is_open(&half, half.ends_at + ATTENDANCE_AFTER_MS - 1));
    assert_false(attendance_is_open(&half, half.ends_at + ATTENDANCE_AFTER_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_new_each_half_minute),
        cmocka_unit_test(a_code_counts_for_two_minutes),
        cmocka_unit_test(a_code_is_read_as_it_is_typed),
        cmocka_unit_test(who_comes_after_a_quarter_of_an_hour_is_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
