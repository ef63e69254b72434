/* Conditions: what is read, how it is written, when it is met. */
#include "mod/learning/rule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/time.h"

static struct rule *parsed(struct arena *a, const char *text)
{
    struct rule *rule = NULL;
    const char *problem;
    size_t at;
    if (!rule_parse(a, str_from(text), &rule, &problem, &at)) fail_msg("%s: %s", text, problem);
    return rule;
}

static void test_written_as_read(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "done AP1", "done \"AP1\"" },
        { "terminé AP1 et dès 2027-01-15", "done \"AP1\" and from 2027-01-15" },
        { "done A or done B and done C", "done \"A\" or done \"B\" and done \"C\"" },
        { "(done A or done B) and done C", "(done \"A\" or done \"B\") and done \"C\"" },
        { "note \"Mon quiz\" >= 60%", "mark \"Mon quiz\" >= 60" },
        { "groupe \"Groupe A\" ou avant 2027-06-30", "group \"Groupe A\" or until 2027-06-30" },
    };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct str written = rule_write(a, parsed(a, pairs[i][0]));
        assert_string_equal(arena_cstr(a, written), pairs[i][1]);
        assert_true(str_eq(rule_write(a, parsed(a, arena_cstr(a, written))), written));
    }
    arena_destroy(a);
}

static void test_wrong_rules(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",
                                         "done",
                                         "done \"A",
                                         "done A done B",
                                         "done A and",
                                         "(done A",
                                         "done A)",
                                         "from tomorrow",
                                         "from 2027-02-30",
                                         "mark A > 60",
                                         "mark A >= 160",
                                         "mark A >= x",
                                         "perhaps A",
                                         "((((((((((done A))))))))))",
                                         "mark \"Mon quiz\" >= 60 %" };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct rule *rule;
        const char *problem = NULL;
        size_t at;
        if (rule_parse(a, str_from(wrong[i]), &rule, &problem, &at))
            fail_msg("taken: %s", wrong[i]);
        assert_non_null(problem);
        assert_true(at <= strlen(wrong[i]));
    }
    arena_destroy(a);
}

static void test_judging(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct rule_node nodes[] = {
        { 1, S("AP1"), S("Prendre en main"), S("ap1"), true, -1 },
        { 2, S("AP2"), S("Écrire"), S("ap2"), false, -1 },
        { 3, S(""), S("Mon quiz"), S("ap2"), true, 55 },
    };
    const struct rule_facts f = { .now = time_from_civil(2027, 1, 15, 0, 0),
                                  .group = S("Groupe A"),
                                  .nodes = nodes,
                                  .n = COUNT(nodes) };
    static const struct {
        const char *text;
        bool met;
    } cases[] = {
        { "done ap1", true },
        { "done AP2", false },
        { "done \"prendre en main\"", true },
        { "done AP1 and done AP2", false },
        { "done AP1 or done AP2", true },
        { "done AP2 or done AP1 and mark \"Mon quiz\" >= 60", false },
        { "mark \"Mon quiz\" >= 55", true },
        { "mark AP2 >= 0", false }, /* not marked yet */
        { "from 2027-01-15", true },
        { "from 2027-01-16", false },
        { "until 2027-01-15", false },
        { "until 2027-01-16", true },
        { "group \"groupe a\"", true },
        { "group \"Groupe B\"", false },
        { "done \"gone from this version\"", true }, /* nobody is locked out by it */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (rule_met(parsed(a, cases[i].text), &f) != cases[i].met)
            fail_msg("%s is judged wrongly", cases[i].text);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_written_as_read),
                                        cmocka_unit_test(test_wrong_rules),
                                        cmocka_unit_test(test_judging) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
