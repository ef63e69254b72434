/* Sets of stretches: reading, joining, counting each moment once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mod/watch/spans.h"

static struct spans read_set(const char *text)
{
    struct spans given, set = { 0 };
    assert_true(spans_parse(str_from(text), &given));
    spans_join(&set, &given);
    return set;
}

static void joins(void **state)
{
    (void)state;
    static const struct {
        const char *given, *joined;
        int64_t length;
    } cases[] = {
        { "", "", 0 },
        { "0-1000", "0-1000", 1000 },
        { "0-1000,0-1000", "0-1000", 1000 },
        { "0-1000,1000-2000", "0-2000", 2000 },
        { "5000-6000,0-1000", "0-1000,5000-6000", 2000 },
        { "0-1000,2000-3000,500-2500", "0-3000", 3000 },
        { "0-1000,2000-3000,4000-5000,2500-2600", "0-1000,2000-3000,4000-5000", 3000 },
        { "0-10,20-30,40-50,5-45", "0-50", 50 },
    };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct spans set = read_set(cases[i].given);
        struct str text = spans_text(a, &set);
        assert_string_equal(arena_cstr(a, text), cases[i].joined);
        assert_int_equal(spans_length(&set), cases[i].length);
    }
    arena_destroy(a);
}

static void refuses(void **state)
{
    (void)state;
    static const char *const bad[] = { "a",   "1",        "1-",    "-1-2",    "2-1",
                                       "1-1", "0-1,,2-3", "0-1;2", "0-1,2-b", "0-99999999999",
                                       ",",   " 0-1" };
    struct spans set;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (spans_parse(str_from(bad[i]), &set)) fail_msg("\"%s\" was taken", bad[i]);
}

/* A full set keeps what it has, still grows at its edges, and never counts a moment it did not see. */
static void is_bounded(void **state)
{
    (void)state;
    struct spans set = { 0 };
    for (int64_t i = 0; i < 2 * SPANS_MOST; i++)
        spans_add(&set, (struct span){ i * 10, i * 10 + 5 });
    assert_int_equal(set.n, SPANS_MOST);
    assert_int_equal(spans_length(&set), SPANS_MOST * 5);
    spans_add(&set, (struct span){ 5, 10 });
    assert_int_equal(set.n, SPANS_MOST - 1);
    assert_int_equal(spans_length(&set), SPANS_MOST * 5 + 5);
}

static void tells_parts(void **state)
{
    (void)state;
    struct spans set = read_set("0-1000,2500-2740,9900-10000");
    struct spans_parts parts = spans_parts(&set, 10000);
    int seen = 0;
    for (int i = 0; i < SPANS_PARTS; i++)
        seen += spans_has(&parts, i);
    assert_int_equal(seen, 13); /* ten, 25 and 26, the last; of 27 only two fifths */
    assert_true(spans_has(&parts, 9) && !spans_has(&parts, 10));
    assert_true(spans_has(&parts, 26) && !spans_has(&parts, 27) && spans_has(&parts, 99));
    parts = spans_parts(&set, 0);
    assert_true(parts.bits[0] == 0 && parts.bits[1] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(joins), cmocka_unit_test(refuses),
                                        cmocka_unit_test(is_bounded),
                                        cmocka_unit_test(tells_parts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
