/* Cues become sentences; and what a video is filtered by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/webvtt.h"
#include "mod/tv/library.h"

#define CUE(start, end, words)                                                                     \
    {                                                                                              \
        .start_ms = (start), .end_ms = (end), .text = {(words), sizeof(words) - 1 }                \
    }

static void sentences_run_over_cues(void **state)
{
    (void)state;
    static const struct cue cues[] = {
        CUE(0, 2000, "Le deuxième,\nc'est la voix :"),
        CUE(2000, 4000, "soixante secondes."),
        CUE(4000, 6000, "Et si"),
        CUE(11000, 12000, "on essayait ?"), /* after a silence */
        CUE(12000, 13000, " \n "),
    };
    struct arena *a = arena_create();
    struct tv_passage *p;
    assert_int_equal(tv_passages(a, cues, COUNT(cues), &p), 3);
    assert_string_equal(arena_cstr(a, p[0].text),
                        "Le deuxième, c'est la voix : soixante secondes.");
    assert_int_equal(p[0].start_ms, 0);
    assert_string_equal(arena_cstr(a, p[1].text), "Et si");
    assert_string_equal(arena_cstr(a, p[2].text), "on essayait ?");
    assert_int_equal(p[2].start_ms, 11000);
    assert_int_equal(tv_passages(a, cues, 0, &p), 0);
    arena_destroy(a);
}

static void nobody_speaks_for_ever_without_a_full_stop(void **state)
{
    (void)state;
    struct cue cues[100];
    struct arena *a = arena_create();
    struct tv_passage *p;
    for (int i = 0; i < 100; i++)
        cues[i] =
            (struct cue){ .start_ms = i * 1000, .end_ms = i * 1000 + 1000, .text = S("et donc") };
    size_t n = tv_passages(a, cues, 100, &p);
    assert_in_range(n, 5, 20);
    for (size_t i = 0; i < n; i++) {
        assert_in_range(p[i].text.n, 1, 260);
        if (i) assert_in_range(p[i].start_ms - p[i - 1].start_ms, 1, 20 * 1000);
    }
    arena_destroy(a);
}

static uint64_t bit(enum tv_group group, const char *code)
{
    return tv_tag_bits(group, &(const struct str_list){ (struct str[]){ str_from(code) }, 1 });
}

static void a_video_is_found_by_its_length_and_its_tags(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *code;
    } lengths[] = { { 1, "10-minutes" },       { 600000, "10-minutes" }, { 600001, "30-minutes" },
                    { 1800000, "30-minutes" }, { 3600000, "1-heure" },   { 3600001, "plus" } };
    struct tv_sql_video_by_slug v = { .kind = S("webinar") };
    for (size_t i = 0; i < COUNT(lengths); i++) {
        v.duration_ms = lengths[i].ms;
        assert_true(tv_facets_of(&v) ==
                    (bit(TV_KIND, "webinar") | bit(TV_LENGTH, lengths[i].code)));
    }
    uint64_t tags = bit(TV_THEME, "equipe") | bit(TV_LEVEL, "jeunesse") | bit(TV_COMPETENCE, "4.3");
    v = (struct tv_sql_video_by_slug){ .kind = S("tutorial"),
                                       .themes = tv_themes_of(tags),
                                       .levels = tv_levels_of(tags),
                                       .competences = (int64_t)bit(TV_COMPETENCE, "4.3") };
    assert_true(tv_facets_of(&v) == (tags | bit(TV_KIND, "tutorial")));
    assert_true(bit(TV_THEME, "jeunesse") == 0);
}

/* Two tags at one bit would count for each other. */
static void no_two_tags_share_a_bit(void **state)
{
    (void)state;
    uint64_t all = 0;
    for (size_t i = 0; i < tv_tag_count(); i++) {
        uint64_t one = UINT64_C(1) << tv_tag(i).bit;
        assert_true(tv_tag(i).bit < 63 && !(all & one));
        all |= one;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_run_over_cues),
        cmocka_unit_test(nobody_speaks_for_ever_without_a_full_stop),
        cmocka_unit_test(a_video_is_found_by_its_length_and_its_tags),
        cmocka_unit_test(no_two_tags_share_a_bit),
    };
    return cmocka_run_group_tests_name("passages", tests, NULL, NULL);
}
