/* Moments as people type them, chapters as lines, and where a moment stands on the storyboard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/transcode.h"
#include "mod/tv/moments.h"

static void moments_are_read_and_written(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        { "0:00", 0 },
        { "75", 75000 },
        { "1:15", 75000 },
        { "1:02:03", 3723000 },
        { "1:15.5", 75500 },
        { "1:15,25", 75250 },
        { "0:00.001", 1 },
        { "90:00", 5400000 },
        { "23:59:59.999", 86399999 },
        { "24:00:00", -1 },
        { "1:60", -1 },
        { "1:2:3:4", -1 },
        { "1:", -1 },
        { ":5", -1 },
        { "", -1 },
        { "1:15.", -1 },
        { "1:15.1234", -1 },
        { "-1:00", -1 },
        { "1:1a", -1 },
        { "1.5:00", -1 },
        { " 1:00", -1 },
        { "99999999999:00", -1 },
        { "1:60:00", -1 },
        { "1,5.5", -1 },
    };
    (void)state;
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = -1, again = -1;
        bool read = moment_read(str_from(rows[i].text), &ms);
        if (read != (rows[i].ms >= 0) || ms != rows[i].ms) fail_msg("%s", rows[i].text);
        if (!read) continue;
        assert_true(moment_read(moment_text(a, ms), &again));
        assert_int_equal(again, ms);
    }
    assert_string_equal(arena_cstr(a, moment_text(a, 3723250)), "1:02:03.25");
    assert_string_equal(arena_cstr(a, moment_text(a, 75000)), "1:15");
    arena_destroy(a);
}

static void chapters_are_lines(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct chapter *rows;
    const char *problem;
    size_t n;
    int line;
    struct str text = S("0:00 Début\r\n\n 1:15,5  -  Mise en route\n2:00\tÀ vous\n");
    assert_false(chapters_read(a, text, 0, &rows, &n, &problem, &line));
    assert_int_equal(line, 4);
    text = S("0:00 Début\r\n\n 1:15,5  -  Mise en route\n2:00 – À vous – enfin\n");
    assert_true(chapters_read(a, text, 121000, &rows, &n, &problem, &line));
    assert_int_equal(n, 3);
    assert_int_equal(rows[1].start_ms, 75500);
    assert_string_equal(arena_cstr(a, chapters_text(a, rows, n)),
                        "0:00 Début\n1:15.5 Mise en route\n2:00 À vous – enfin\n");
    assert_true(chapters_read(a, S(" \n\n"), 0, &rows, &n, &problem, &line));
    assert_int_equal(n, 0);
    arena_destroy(a);
}

static void what_does_not_fit_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *problem;
    } rows[] = {
        { "0:05 Trop tard", 1, "The first chapter begins at 0:00." },
        { "0:00 Un\n0:10 Deux\n0:10 Trois", 3, "It does not begin after the line above it." },
        { "0:00 Un\n0:10 Deux\n0:05 Trois", 3, "It does not begin after the line above it." },
        { "0:00 Un\n0:00.999 Deux", 2, "It begins less than a second after the line above it." },
        { "0:00 Un\n\n1:00 Fin", 3, "It begins after the end of the video." },
        { "0:00", 1, "It has no title." },
        { "0:00 -", 1, "It has no title." },
        { "Bonjour à tous", 1, "It does not begin with a time, as 1:30." },
    };
    (void)state;
    struct arena *a = arena_create();
    struct chapter *found;
    const char *problem;
    size_t n;
    int line;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (chapters_read(a, str_from(rows[i].text), 60000, &found, &n, &problem, &line))
            fail_msg("%s", rows[i].text);
        assert_int_equal(line, rows[i].line);
        assert_string_equal(problem, rows[i].problem);
    }
    struct buf b = BUF_INIT(64 * 1024);
    buf_lit(&b, "0:00 ");
    for (int i = 0; i < CHAPTER_TITLE; i++)
        buf_lit(&b, "é");
    assert_true(chapters_read(a, buf_view(&b), 60000, &found, &n, &problem, &line));
    buf_lit(&b, "é");
    assert_false(chapters_read(a, buf_view(&b), 60000, &found, &n, &problem, &line));
    buf_finish(&b);
    b = BUF_INIT(64 * 1024);
    for (int i = 0; i <= CHAPTERS_MOST; i++)
        buf_printf(&b, "%d x\n", i);
    assert_false(chapters_read(a, buf_view(&b), 0, &found, &n, &problem, &line));
    assert_int_equal(line, CHAPTERS_MOST + 1);
    buf_finish(&b);
    arena_destroy(a);
}

static void a_moment_has_its_tile(void **state)
{
    (void)state;
    struct media_tile t = { 0 };
    struct str vtt = S("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nstoryboard.webp#xywh=0,0,160,90\n"
                       "\n00:00:02.000 --> 00:00:04.000\nstoryboard.webp#xywh=160,0,160,90\n"
                       "\n00:00:04.000 --> 00:00:06.000\nstoryboard.webp#xywh=0,90,160,90\n");
    assert_true(media_tile_at(vtt, 2000, &t));
    assert_int_equal(t.left, 160);
    assert_int_equal(t.top, 0);
    assert_int_equal(t.sheet_width, 320);
    assert_int_equal(t.sheet_height, 180);
    assert_false(media_tile_at(vtt, 6000, &t));
    assert_false(media_tile_at(S("WEBVTT\n\n00:00 --> x\nstoryboard.webp#xywh=0,0,-1,90"), 0, &t));
    assert_false(media_tile_at(S(""), 0, &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_read_and_written),
        cmocka_unit_test(chapters_are_lines),
        cmocka_unit_test(what_does_not_fit_is_named_with_its_line),
        cmocka_unit_test(a_moment_has_its_tile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
