/* Moments before and after a cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mod/tv/pieces.h"

static void pieces_are_what_is_not_left_out(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct media_span *p;
    const struct media_span out[] = { { 30000, 40000 }, { 5000, 10000 }, { 35000, 45000 } };
    size_t n = pieces_without(a, 0, 60000, out, 3, &p);
    assert_string_equal(arena_cstr(a, pieces_text(a, p, n)), "0-5000 10000-30000 45000-60000");
    n = pieces_without(a, 7000, 50000, out, 3, &p);
    assert_string_equal(arena_cstr(a, pieces_text(a, p, n)), "10000-30000 45000-50000");
    n = pieces_without(a, 0, 60000, NULL, 0, &p);
    assert_string_equal(arena_cstr(a, pieces_text(a, p, n)), "0-60000");
    /* all of it, and crumbs, leave nothing */
    const struct media_span all[] = { { 0, 59600 } };
    assert_int_equal(pieces_without(a, 0, 60000, all, 1, &p), 0);
    assert_int_equal(pieces_without(a, 50000, 40000, NULL, 0, &p), 0);
    arena_destroy(a);
}

static void texts_are_read_as_they_were_written(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct media_span *p;
    assert_int_equal(pieces_read(a, S("-1-5000 10000-30000"), &p), 2);
    assert_int_equal(p[0].from_ms, -1);
    assert_int_equal(p[0].to_ms, 5000);
    assert_int_equal(p[1].from_ms, 10000);
    assert_int_equal(pieces_total(p + 1, 1), 20000);
    assert_int_equal(pieces_read(a, S(""), &p), 0);
    assert_int_equal(pieces_read(a, S("12"), &p), 0);
    assert_int_equal(pieces_read(a, S("1-2 x-3"), &p), 1);
    arena_destroy(a);
}

static void a_cut_of_a_cut_is_one_of_the_file(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct media_span base[] = { { 10000, 20000 }, { 30000, 50000 } }; /* 30 s */
    const struct media_span again[] = { { 2000, 12000 }, { 15000, 30000 } };
    struct media_span *p;
    size_t n = pieces_within(a, base, 2, again, 2, &p);
    assert_string_equal(arena_cstr(a, pieces_text(a, p, n)), "12000-20000 30000-32000 35000-50000");
    n = pieces_within(a, NULL, 0, again, 2, &p);
    assert_string_equal(arena_cstr(a, pieces_text(a, p, n)), "2000-12000 15000-30000");
    arena_destroy(a);
}

static void moments_go_there_and_back(void **state)
{
    (void)state;
    const struct media_span kept[] = { { 10000, 20000 }, { 30000, 50000 } };
    int64_t from, to;
    assert_int_equal(pieces_to_file(kept, 2, 0, false), 10000);
    assert_int_equal(pieces_to_file(kept, 2, 9999, false), 19999);
    assert_int_equal(pieces_to_file(kept, 2, 10000, false), 30000); /* begins behind the seam */
    assert_int_equal(pieces_to_file(kept, 2, 10000, true), 20000);  /* ends before it */
    assert_int_equal(pieces_to_file(kept, 2, 30000, true), 50000);
    assert_int_equal(pieces_to_file(NULL, 0, 1234, false), 1234);
    for (int64_t t = 0; t < 30000; t += 7) {
        int64_t at = pieces_to_file(kept, 2, t, false);
        assert_true(pieces_from_file(kept, 2, at, at + 1, 1, &from, &to));
        assert_int_equal(from, t);
    }
    /* over the seam it is shorter; of a crumb nothing is left */
    assert_true(pieces_from_file(kept, 2, 18000, 33000, 300, &from, &to));
    assert_int_equal(from, 8000);
    assert_int_equal(to, 13000);
    assert_true(pieces_from_file(kept, 2, 9000, 11000, 300, &from, &to));
    assert_int_equal(from, 0);
    assert_int_equal(to, 1000);
    assert_false(pieces_from_file(kept, 2, 9000, 10200, 300, &from, &to));
    assert_false(pieces_from_file(kept, 2, 20000, 30000, 1, &from, &to));
    assert_true(pieces_from_file(NULL, 0, 1, 2, 300, &from, &to));
    assert_int_equal(from, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_what_is_not_left_out),
        cmocka_unit_test(texts_are_read_as_they_were_written),
        cmocka_unit_test(a_cut_of_a_cut_is_one_of_the_file),
        cmocka_unit_test(moments_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
