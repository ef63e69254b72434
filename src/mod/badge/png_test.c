/* Baking and unbaking: what goes in comes out, and every way a file can be wrong has its own answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libdeflate.h>

#include "base/limits.h"
#include "mod/badge/png.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct str chunk(const char *type, struct str data)
{
    char *p = arena_alloc(arena, data.n + 12);
    for (int i = 0; i < 4; i++)
        p[i] = (char)(data.n >> (24 - 8 * i));
    memcpy(p + 4, type, 4);
    if (data.n) memcpy(p + 8, data.p, data.n);
    uint32_t sum = libdeflate_crc32(0, p + 4, data.n + 4);
    for (int i = 0; i < 4; i++)
        p[8 + data.n + (size_t)i] = (char)(sum >> (24 - 8 * i));
    return (struct str){ p, data.n + 12 };
}

static struct str join(struct str a, struct str b)
{
    char *p = arena_alloc(arena, a.n + b.n);
    if (a.n) memcpy(p, a.p, a.n);
    if (b.n) memcpy(p + a.n, b.p, b.n);
    return (struct str){ p, a.n + b.n };
}

#define SIGN S("\x89PNG\r\n\x1a\n")
#define HEAD chunk("IHDR", S("\0\0\0\1\0\0\0\1\x8\0\0\0\0"))
/* One grey point: the deflate stream is not looked at here. */
#define BODY chunk("IDAT", S("\x78\x9c\x63\x60\0\0\0\2\0\1"))
#define TAIL chunk("IEND", S(""))

static struct str sample_with(struct str middle)
{
    return join(join(join(SIGN, HEAD), middle), join(BODY, TAIL));
}

static struct str sample(void)
{
    return sample_with(S(""));
}

static struct str itxt(const char *keyword, char compressed, struct str text)
{
    struct str head =
        join(str_from(keyword), (struct str){ (char[]){ 0, compressed, 0, 0, 0 }, 5 });
    return chunk("iTXt", join(head, text));
}

static void text_returns(void **state)
{
    (void)state;
    struct str texts[] = { S("{}"), S("{\"name\":\"Référent·e IA 🎓 – l’été\"}"),
                           S("https://a.example/1") };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str baked;
        struct png_badge badge;
        assert_int_equal(png_bake(arena, sample(), texts[i], &baked), PNG_FINE);
        assert_int_equal(png_find(arena, baked, &badge), PNG_FINE);
        assert_true(str_eq(badge.text, texts[i]));
        assert_int_equal(badge.version, 2);
    }
}

static void baking_replaces_and_strips(void **state)
{
    (void)state;
    struct str old = sample_with(itxt(PNG_KEYWORD_3, 0, S("old"))), baked, stripped;
    struct png_badge badge;
    assert_int_equal(png_bake(arena, old, S("new"), &baked), PNG_FINE);
    assert_int_equal(png_find(arena, baked, &badge), PNG_FINE);
    assert_true(str_is(badge.text, "new"));
    assert_int_equal(png_bake(arena, baked, STR_NONE, &stripped), PNG_FINE);
    assert_true(str_eq(stripped, sample()));
    assert_int_equal(png_find(arena, stripped, &badge), PNG_PLAIN);
}

static void other_texts_stay(void **state)
{
    (void)state;
    struct str file =
        sample_with(join(itxt("Author", 0, S("eduLAB")), chunk("tEXt", S("Title\0x"))));
    struct str baked;
    assert_int_equal(png_bake(arena, file, S("{}"), &baked), PNG_FINE);
    assert_true(str_search(baked, S("eduLAB")) < baked.n);
    assert_true(str_search(baked, S("Title")) < baked.n);
}

static struct str deflated(struct str text)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t room = libdeflate_zlib_compress_bound(c, text.n);
    char *out = arena_alloc(arena, room);
    size_t n = libdeflate_zlib_compress(c, text.p, text.n, out, room);
    libdeflate_free_compressor(c);
    assert_true(n > 0);
    return (struct str){ out, n };
}

static void compressed_text_is_read(void **state)
{
    (void)state;
    struct png_badge badge;
    struct str file = sample_with(itxt(PNG_KEYWORD_3, 1, deflated(S("{\"é\":1}"))));
    assert_int_equal(png_find(arena, file, &badge), PNG_FINE);
    assert_true(str_is(badge.text, "{\"é\":1}"));
    assert_int_equal(badge.version, 3);
}

static void a_bomb_is_refused(void **state)
{
    (void)state;
    size_t n = 8 * MIB;
    char *zeros = arena_alloc(arena, n);
    memset(zeros, 'a', n);
    struct str file = sample_with(itxt(PNG_KEYWORD_2, 1, deflated((struct str){ zeros, n })));
    assert_true(file.n < 64 * KIB);
    struct png_badge badge;
    assert_int_equal(png_find(arena, file, &badge), PNG_BAD_TEXT);
}

static void each_fault_has_its_answer(void **state)
{
    (void)state;
    char *large = arena_alloc(arena, LIMIT_PNG);
    struct str sound = sample();
    struct str cases[] = {
        S(""),
        S("GIF89a"),
        str_sub(sound, 0, sound.n - 1),
        str_sub(sound, 0, sound.n - 12),
        join(sound, S("x")),
        join(join(SIGN, BODY), join(HEAD, TAIL)),
        join(join(SIGN, HEAD), TAIL),
        sample_with(HEAD),
        sample_with(chunk("ba d", S(""))),
        sample_with(join(itxt(PNG_KEYWORD_2, 0, S("{}")), itxt(PNG_KEYWORD_3, 0, S("{}")))),
        sample_with(itxt(PNG_KEYWORD_2, 0, S(""))),
        sample_with(itxt(PNG_KEYWORD_2, 0, S("\xff\xfe"))),
        sample_with(itxt(PNG_KEYWORD_2, 1, S("not deflate"))),
        sample_with(itxt(PNG_KEYWORD_2, 2, S("{}"))),
        sample_with(chunk("iTXt", S("openbadges\0\0"))),
        sample_with(chunk("iTXt", S("openbadges\0\0\0no end"))),
        join(sound, (struct str){ large, LIMIT_PNG }),
    };
    enum png_result expected[] = {
        PNG_FOREIGN,  PNG_FOREIGN,  PNG_CUT,      PNG_CUT,      PNG_DAMAGED,   PNG_DAMAGED,
        PNG_DAMAGED,  PNG_DAMAGED,  PNG_DAMAGED,  PNG_TWICE,    PNG_BAD_TEXT,  PNG_BAD_TEXT,
        PNG_BAD_TEXT, PNG_BAD_TEXT, PNG_BAD_TEXT, PNG_BAD_TEXT, PNG_TOO_LARGE,
    };
    assert_int_equal(COUNT(cases), COUNT(expected));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct png_badge badge = { .version = -1 };
        enum png_result got = png_find(arena, cases[i], &badge);
        if (got != expected[i]) print_error("case %zu\n", i);
        assert_int_equal(got, expected[i]);
        assert_int_equal(badge.version, -1);
    }
}

static void one_changed_bit_is_seen(void **state)
{
    (void)state;
    struct str baked;
    assert_int_equal(png_bake(arena, sample(), S("{\"a\":1}"), &baked), PNG_FINE);
    for (size_t i = 0; i < baked.n * 8; i++) {
        char *copy = arena_cstr(arena, baked);
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
        struct png_badge badge;
        assert_int_not_equal(png_find(arena, (struct str){ copy, baked.n }, &badge), PNG_FINE);
    }
}

static void bad_texts_are_not_baked(void **state)
{
    (void)state;
    struct str baked = STR_NONE;
    char *long_text = arena_alloc(arena, PNG_TEXT_MAX + 1);
    memset(long_text, 'a', PNG_TEXT_MAX + 1);
    assert_int_equal(png_bake(arena, sample(), S(""), &baked), PNG_BAD_TEXT);
    assert_int_equal(png_bake(arena, sample(), S("\xff"), &baked), PNG_BAD_TEXT);
    assert_int_equal(png_bake(arena, sample(), (struct str){ long_text, PNG_TEXT_MAX + 1 }, &baked),
                     PNG_BAD_TEXT);
    assert_null(baked.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_returns, setup, teardown),
        cmocka_unit_test_setup_teardown(baking_replaces_and_strips, setup, teardown),
        cmocka_unit_test_setup_teardown(other_texts_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(compressed_text_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bomb_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(each_fault_has_its_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(one_changed_bit_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_texts_are_not_baked, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
