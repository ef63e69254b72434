/* Escaping, addresses, texts with places, Markdown, dates. */
#include "html/html.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/time.h"
#include "html/asset.h"

static struct arena *arena;
static struct buf out;
static struct page page;
#define pg (&page)

static int begin(void **state)
{
    (void)state;
    arena = arena_create();
    out = BUF_INIT(LIMIT_PAGE);
    page = (struct page){ .out = &out, .arena = arena, .lang = LANG_EN };
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_finish(&out);
    arena_destroy(arena);
    return 0;
}

static void is(struct str got, const char *wanted)
{
    assert_string_equal(arena_cstr(arena, got), wanted);
}

/* What was written since the last call. */
static void wrote(const char *wanted)
{
    is(buf_view(&out), wanted);
    out.n = 0;
}

static void text_is_escaped(void **state)
{
    (void)state;
    page_put(pg, S("<b> & \"q\" 'a' é 🙂"));
    wrote("&lt;b&gt; &amp; &quot;q&quot; &#39;a&#39; é 🙂");
    page_put(pg, "&&");
    wrote("&amp;&amp;");
    page_put(pg, STR_NONE);
    page_put(pg, (const char *)NULL);
    wrote("");
    page_put_text(pg, (struct str){ "<>ab", 2 });
    wrote("&lt;&gt;");
    for (size_t n = 0; n < 70; n++) { /* every place in and around the steps of 16 bytes */
        for (size_t at = 0; at < n; at++) {
            char text[70], wanted[80];
            memset(text, 'x', n);
            text[at] = '<';
            page_put_text(pg, (struct str){ text, n });
            snprintf(wanted, sizeof wanted, "%.*s&lt;%.*s", (int)at, text, (int)(n - at - 1),
                     text + at + 1);
            wrote(wanted);
        }
    }
}

static void numbers_are_printed(void **state)
{
    (void)state;
    page_put(pg, -7);
    page_put(pg, 18446744073709551LU);
    page_put(pg, 2.5);
    page_put(pg, 1.0 / 3);
    page_put(pg, (double)NAN);
    page_put(pg, (double)INFINITY);
    wrote("-7184467440737095512.50.333300");
    page_put(pg, INT64_MIN);
    wrote("-9223372036854775808");
}

static void markup_passes_in_text_but_not_in_attributes(void **state)
{
    (void)state;
    struct html h = { S("<b title=\"x\">&amp; l'a</b>") };
    page_put(pg, h);
    wrote("<b title=\"x\">&amp; l'a</b>");
    page_put_attr(pg, h);
    wrote("&lt;b title=&quot;x&quot;&gt;&amp; l&#39;a&lt;/b&gt;");
    page_put_attr(pg, S("a\"b"));
    wrote("a&quot;b");
}

static void parts_of_addresses_are_encoded(void **state)
{
    (void)state;
    page_put_part(pg, S("a b/c?d&e=%\"é~-_."));
    wrote("a%20b%2Fc%3Fd%26e%3D%25%22%C3%A9~-_.");
    page_put_part(pg, "..");
    page_put_part(pg, 42);
    wrote("..42");
}

static void addresses_from_data_cannot_run_script_or_leave_quietly(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "javascript:alert(1)",
        " JavaScript:x",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil",
        "/\t/evil.example",
        "\\\\evil",
        "evil.html",
        "ftp://x",
        "http",
        "\x01/x",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        is(url(str_from(bad[i])).s, "#");
    is(url(STR_NONE).s, "#");
    static const char *const good[] = { "/",
                                        "/tv/x?a=1#b",
                                        "?p=2",
                                        "#top",
                                        "http://a.example/",
                                        "HTTPS://a.example",
                                        "mailto:a@b.example" };
    for (size_t i = 0; i < COUNT(good); i++)
        is(url(str_from(good[i])).s, good[i]);
    is(url(S("  /x\n")).s, "/x");
    page_put_url(pg, url(S("/a b?c=\"d\"&e=<f>")));
    wrote("/a%20b?c=&quot;d&quot;&amp;e=&lt;f&gt;");
}

static void json_cannot_end_its_script(void **state)
{
    (void)state;
    json_t *v = json_pack("{s:s}", "a", "</script><!-- & \xE2\x80\xA8\xE2\x80\xA9 é\"");
    page_put(pg, json(v));
    wrote("{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 é\\\"\"}");
    assert_int_equal(v->refcount, 1);
    json_decref(v);
    page_put(pg, json(NULL));
    wrote("null");
}

static void forms_carry_their_token(void **state)
{
    (void)state;
    page.csrf = S("a\"b");
    page_put(pg, csrf(pg));
    wrote("<input type=\"hidden\" name=\"_csrf\" value=\"a&quot;b\">");
}

static void captures_nest_and_leave_no_trace(void **state)
{
    (void)state;
    page_put(pg, "1");
    size_t outer = html_begin_capture(pg);
    page_put(pg, "2");
    size_t inner = html_begin_capture(pg);
    page_put(pg, "<");
    struct html h = html_end_capture(pg, inner);
    page_put(pg, h);
    struct html all = html_end_capture(pg, outer);
    wrote("1");
    is(h.s, "&lt;");
    is(all.s, "2&lt;");
}

static void a_page_past_its_maximum_is_marked(void **state)
{
    (void)state;
    buf_finish(&out);
    out = BUF_INIT(1024);
    for (int i = 0; i < 300; i++)
        page_put(pg, "<");
    assert_true(out.full);
    assert_true(out.n <= 1024);
    struct html h = fmt(S("{0}"), "a text that has no room");
    assert_true(h.s.n <= 1024);
}

static void places_are_filled_and_escaped(void **state)
{
    (void)state;
    struct html b = { S("<b>!</b>") };
    is(fmt(S("{0} & {1}: {2}, {3}"), S("<a>"), 5, b, 1.5).s, "&lt;a&gt; &amp; 5: <b>!</b>, 1.5");
    is(fmt(S("{1} {0} {0}"), "x", "y").s, "y x x");
    is(fmt(S("{1} {x} {} {"), "x").s, "{1} {x} {} {");
    is(fmt(S(""), "x").s, "");
    is(fmt(S("{0}{0}"), "{0}").s, "{0}{0}"); /* values are not read again */
    is(fmt_plain(arena, S("{0} & {1}"), S("<a>"), 5), "<a> & 5");
    wrote("");
}

static void areas_have_names(void **state)
{
    (void)state;
    for (enum area a = AREA_NONE; a < AREA_COUNT; a++)
        assert_int_equal(area_from_name(str_from(area_name(a))), a);
    assert_int_equal(area_from_name(S("nothing")), AREA_NONE);
    assert_string_equal(area_name((enum area)77), "");
    is(id_text(pg, 1), "0000000000001");
}

static void markdown(const char *text, const char *wanted)
{
    is(html_markdown(arena, str_from(text), 2).s, wanted);
}

static void markdown_is_markup(void **state)
{
    (void)state;
    markdown("", "");
    markdown("# A\n\nb **c** ~~d~~", "<h2>A</h2>\n<p>b <strong>c</strong> <del>d</del></p>\n");
    markdown("###### A", "<h6>A</h6>\n");
    markdown("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>\n");
    markdown(
        "|a|\n|-|\n|1|",
        "<table "
        "tabindex=\"0\">\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
        "</tr>\n</tbody>\n</table>\n");
    markdown("[a](/tv/x) [b](#c)", "<p><a href=\"/tv/x\">a</a> <a href=\"#c\">b</a></p>\n");
    markdown("![a](/m/x.png)", "<p><img src=\"/m/x.png\" alt=\"a\" /></p>\n");
    markdown("https://a.example/?b=1&c",
             "<p><a rel=\"noopener noreferrer nofollow\" "
             "href=\"https://a.example/?b=1&amp;c\">https://a.example/?b=1&amp;c</a></p>\n");
}

static void markdown_is_safe(void **state)
{
    (void)state;
    markdown("a <b onclick=x>c</b>\n\n<script>x</script>\n\nd", "<p>a c</p>\n<p>d</p>\n");
    markdown("[a](javascript:x) [b](data:x) [c](//d) <javascript:e> [f](JAVASCRIPT:g)",
             "<p>a b c javascript:e f</p>\n");
    markdown("![a *b*](https://c/d.png) ![e](//f/g.png)", "<p>a <em>b</em> e</p>\n");
    markdown("[a](<https://b.example/\"onclick='x>)",
             "<p><a rel=\"noopener noreferrer nofollow\" "
             "href=\"https://b.example/%22onclick=&#x27;x\">a</a></p>\n");
    markdown("|a|\n|-|\n|[b](javascript:x) ![c](//d) [e](https://f)|",
             "<table "
             "tabindex=\"0\">\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b c "
             "<a rel=\"noopener noreferrer nofollow\" "
             "href=\"https://f\">e</a></td>\n</tr>\n</tbody>\n</table>\n");
}

static void remark(const char *text, const char *wanted)
{
    is(html_remark(arena, str_from(text), S(""), 600 * 1000).s, wanted);
}

static void remarks_are_plain_and_safe(void **state)
{
    (void)state;
    remark("# A *b*\n\n---\n\nc\nd", "<p>A <em>b</em></p>\n<p>c<br />\nd</p>\n");
    remark("![a](/m/x.png) ![b](https://c/d.png)", "<p>a b</p>\n");
    remark("|a|\n|-|", "<p>|a|<br />\n|-|</p>\n");
    remark("> [!Astuce] a", "<blockquote>\n<p>[!Astuce] a</p>\n</blockquote>\n");
    remark("<img src=x onerror=y>a <script>b</script>\n\n<script>x</script>", "<p>a b</p>\n");
    remark("[a](javascript:x) [b](data:x) &lt;i&gt;", "<p>a b &lt;i&gt;</p>\n");
    remark("https://f.example/", "<p><a rel=\"noopener noreferrer nofollow\" "
                                 "href=\"https://f.example/\">https://f.example/</a></p>\n");
}

static void remarks_link_times(void **state)
{
    (void)state;
    remark("\xC3\xA0 3:12, et 9:59.",
           "<p>\xC3\xA0 <a href=\"#t=192\">3:12</a>, et <a href=\"#t=599\">9:59</a>.</p>\n");
    remark("**0:07**", "<p><strong><a href=\"#t=7\">0:07</a></strong></p>\n");
    is(html_remark(arena, S("1:02:03"), S("/tv/x"), 7200 * 1000).s,
       "<p><a href=\"/tv/x#t=3723\">1:02:03</a></p>\n");
    /* none of these is a moment of a video of ten minutes */
    remark("16:30 10:00 3:61 3:1 12:3:4 2026-11-03:12 1:2:3:4 Jean 3:12-14 3:12/5",
           "<p>16:30 10:00 3:61 3:1 12:3:4 2026-11-03:12 1:2:3:4 Jean 3:12-14 3:12/5</p>\n");
    remark("`3:12`", "<p><code>3:12</code></p>\n");
    remark("[3:12](/tv)", "<p><a href=\"/tv\">3:12</a></p>\n");
}

static void markdown_is_bounded(void **state)
{
    (void)state;
    size_t n = LIMIT_MARKDOWN + 5000;
    char *text = arena_alloc(arena, n);
    memset(text, 'a', n);
    assert_int_equal(html_markdown(arena, (struct str){ text, n }, 2).s.n,
                     LIMIT_MARKDOWN + strlen("<p></p>\n"));
    memset(text, '>', n);
    assert_true(html_markdown(arena, (struct str){ text, 20000 }, 2).s.n > 0);

    /* 400 columns over 100,000 short rows would be 40 million cells */
    struct buf table = BUF_INIT(LIMIT_MARKDOWN);
    for (int i = 0; i < 400; i++)
        buf_lit(&table, "|a");
    buf_lit(&table, "|\n");
    for (int i = 0; i < 400; i++)
        buf_lit(&table, "|-");
    buf_lit(&table, "|\n");
    while (!table.full)
        buf_lit(&table, "x\n");
    struct str html = html_markdown(arena, buf_view(&table), 2).s;
    assert_true(html.n < 3 * LIMIT_MARKDOWN);
    buf_finish(&table);
}

static void french_dates(void **state)
{
    (void)state;
    page.lang = LANG_FR;
    int64_t t = time_from_civil(2026, 12, 3, 16, 30);
    is(date_long(pg, t), "jeudi 3 décembre 2026");
    is(date_short(pg, t), "3\u00A0déc.");
    is(date_time(pg, t), "jeudi 3 décembre, 16\u00A0h\u00A030");
    is(weekday_short(pg, t), "jeu.");
    is(month_short(pg, t), "déc.");
    assert_int_equal(day_of(t), 3);
    is(time_datetime(pg, t), "2026-12-03T16:30:00+01:00");
    int64_t first = time_from_civil(2026, 8, 1, 9, 0);
    is(date_long(pg, first), "samedi 1er août 2026");
    is(date_time(pg, first), "samedi 1er août, 9\u00A0h");
    is(time_datetime(pg, first), "2026-08-01T09:00:00+02:00");
}

static void english_dates(void **state)
{
    (void)state;
    int64_t t = time_from_civil(2026, 12, 1, 9, 5);
    is(date_long(pg, t), "Tuesday 1 December 2026");
    is(date_short(pg, t), "1\u00A0Dec");
    is(date_time(pg, t), "Tuesday 1 December, 9:05");
    is(weekday_short(pg, t), "Tue");
    is(month_short(pg, t), "Dec");
}

static void durations_and_numbers(void **state)
{
    (void)state;
    is(number_text(pg, 16000), "16,000");
    is(number_text(pg, 999), "999");
    is(number_text(pg, -1234567), "−1,234,567");
    is(number_text(pg, -100), "−100");
    is(duration_text(pg, 90), "1\u00A0h\u00A030\u00A0min");
    is(duration_text(pg, -5), "0\u00A0min");
    page.lang = LANG_FR;
    is(number_text(pg, 16000), "16\u202F000");
    is(number_text(pg, INT64_MIN), "−9\u202F223\u202F372\u202F036\u202F854\u202F775\u202F808");
    is(duration_text(pg, 45), "45\u00A0min");
    is(duration_text(pg, 65), "1\u00A0h\u00A005");
    is(duration_text(pg, 4800), "80\u00A0h");
}

static void assets_are_found_by_path(void **state)
{
    (void)state;
    static const struct asset assets[] = { { .path = "a" }, { .path = "a/b" }, { .path = "c" } };
    for (size_t n = 0; n <= COUNT(assets); n++)
        for (size_t i = 0; i < COUNT(assets); i++)
            assert_ptr_equal(asset_find(assets, n, str_from(assets[i].path)),
                             i < n ? &assets[i] : NULL);
    assert_null(asset_find(assets, 3, S("b")));
    assert_null(asset_find(assets, 3, S("")));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(text_is_escaped),
        TEST(numbers_are_printed),
        TEST(markup_passes_in_text_but_not_in_attributes),
        TEST(parts_of_addresses_are_encoded),
        TEST(addresses_from_data_cannot_run_script_or_leave_quietly),
        TEST(json_cannot_end_its_script),
        TEST(forms_carry_their_token),
        TEST(captures_nest_and_leave_no_trace),
        TEST(a_page_past_its_maximum_is_marked),
        TEST(places_are_filled_and_escaped),
        TEST(areas_have_names),
        TEST(markdown_is_markup),
        TEST(markdown_is_safe),
        TEST(remarks_are_plain_and_safe),
        TEST(remarks_link_times),
        TEST(markdown_is_bounded),
        TEST(french_dates),
        TEST(english_dates),
        TEST(durations_and_numbers),
        TEST(assets_are_found_by_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
