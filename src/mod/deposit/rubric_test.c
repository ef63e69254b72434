/* Rubrics: what is read, what is refused and where. */
#include "mod/deposit/rubric.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_read(void **state)
{
    (void)state;
    struct rubric r;
    const char *problem;
    int line;
    assert_true(rubric_parse(S("Clarté | 10 | On comprend sans vous\n\n Preuves|5\r\n"), &r,
                             &problem, &line));
    assert_int_equal(r.n, 2);
    assert_int_equal(r.points, 15);
    assert_true(str_is(r.criteria[0].title, "Clarté"));
    assert_true(str_is(r.criteria[0].about, "On comprend sans vous"));
    assert_true(str_is(r.criteria[1].title, "Preuves"));
    assert_int_equal(r.criteria[1].about.n, 0);
    assert_true(rubric_parse(S(""), &r, &problem, &line));
    assert_int_equal(r.n, 0);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } wrong[] = {
        { "Clarté", 1 }, { "A | 5\nB | x", 2 },
        { "A | 0", 1 },  { "A | 101", 1 },
        { " | 5", 1 },   { "A|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1\nA|1", 13 }
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct rubric r;
        const char *problem = NULL;
        int line = 0;
        assert_false(rubric_parse(str_from(wrong[i].text), &r, &problem, &line));
        assert_non_null(problem);
        assert_int_equal(line, wrong[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_read),
                                        cmocka_unit_test(test_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
