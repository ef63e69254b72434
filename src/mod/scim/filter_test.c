/* Filters and paths: what is read, how it is written, what is refused. */
#include "mod/scim/filter.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_written_as_read(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "userName eq \"a\"", "userName eq \"a\"" },
        { "a pr AND b pr or c PR", "a pr and b pr or c pr" },
        { "a pr and (b pr or c pr)", "a pr and (b pr or c pr)" },
        { "(a pr and b pr) and c pr", "a pr and b pr and c pr" },
        { "a pr and (b pr and c pr)", "a pr and (b pr and c pr)" },
        { "not(a.b ne 1.5)", "not (a.b ne 1.5)" },
        { "emails[type eq \"work\" and not (primary eq true)]",
          "emails[type eq \"work\" and not (primary eq true)]" },
        { "emails[type eq \"work\"].value co \"@\"",
          "emails[type eq \"work\" and value co \"@\"]" },
        { "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName sw \"\\u00c9\\\"\"",
          "name.givenName sw \"É\\\"\"" },
        { "notes eq null", "notes eq null" },
    };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct scim_node *node;
        const char *problem;
        if (!scim_filter_parse(a, str_from(pairs[i][0]), &node, &problem))
            fail_msg("%s: %s", pairs[i][0], problem);
        assert_string_equal(arena_cstr(a, scim_filter_write(a, node)), pairs[i][1]);
    }
    arena_destroy(a);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "",          " ",          "a",           "a eq",
                                       "a eq b",    "a eq \"x",   "a eq \"\\\"", "a eq 'x'",
                                       "a eq 1 2",  "(a pr",      "a pr)",       "a pr and",
                                       "1a pr",     "a..b pr",    "a.b.c pr",    "a[b pr",
                                       "a[b pr]]",  "a[b[c pr]]", "a.b[c pr]",   "not a pr",
                                       "a[b pr].c", "a eq {}",    "urn: pr",     "a eq \"\t\"" };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct scim_node *node;
        const char *problem = NULL;
        if (scim_filter_parse(a, str_from(bad[i]), &node, &problem))
            fail_msg("%s was taken", bad[i]);
        assert_non_null(problem);
    }
    arena_destroy(a);
}

static void test_paths(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct scim_path p;
    const char *problem;
    assert_true(scim_path_parse(a, S("emails[type eq \"work\"].value"), &p, &problem));
    assert_true(str_is(p.name, "emails") && str_is(p.sub, "value") && p.filter && !p.schema.p);
    assert_true(scim_path_parse(
        a, S("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"), &p,
        &problem));
    assert_true(str_is(p.schema, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"));
    assert_true(str_is(p.name, "manager") && str_is(p.sub, "value") && !p.filter);
    const char *const bad[] = { "", "a b", "a[b pr] c", "a[b pr].", "a.b[c pr]", "[a pr]", "a pr" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (scim_path_parse(a, str_from(bad[i]), &p, &problem)) fail_msg("%s was taken", bad[i]);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_written_as_read),
                                        cmocka_unit_test(test_refused),
                                        cmocka_unit_test(test_paths) };
    return cmocka_run_group_tests_name("scim filter", tests, NULL, NULL);
}
