/* Text, memory, identifiers, time, UTF-8, settings: each with the edges where such code goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/rand.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/utf8.h"

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

#define assert_str(found, wanted)                                                                  \
    do {                                                                                           \
        struct str found_ = (found);                                                               \
        if (!str_is(found_, (wanted))) fail_msg("\"%.*s\", not \"%s\"", STR(found_), (wanted));    \
    } while (0)

/* --- str ------------------------------------------------------------------------------------------------------- */

static void str_compares(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NONE, S("")));
    assert_false(str_eq(S("a"), S("b")));
    assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), S("")) &&
                !str_starts(S("ab"), S("abc")));
    assert_true(str_ends(S("abc"), S("bc")) && str_ends(STR_NONE, S("")) &&
                !str_ends(S("bc"), S("abc")));
    assert_true(str_eq_nocase(S("Content-TYPE"), S("content-type")));
    assert_false(str_eq_nocase(S("\xC3\x89"), S("\xC3\xA9"))); /* É é: ASCII only */
    assert_true(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("b"), S("ab")) > 0 &&
                str_cmp(STR_NONE, S("")) == 0);
    assert_true(str_cmp(S("\xFF"), S("a")) > 0); /* bytes are unsigned */
    assert_true(str_eq_secret(S("token"), S("token")));
    assert_false(str_eq_secret(S("token"), S("tokem")) || str_eq_secret(S("token"), S("toke")));
    assert_true(str_hash(S("a")) != str_hash(S("b")) && str_hash(S("")) == 2166136261u);
}

static void str_finds_and_cuts(void **state)
{
    (void)state;
    assert_int_equal(str_find(S("a=b"), '='), 1);
    assert_int_equal(str_find(S("ab"), '='), 2);
    assert_int_equal(str_find(STR_NONE, '='), 0);
    assert_int_equal(str_search(S("aXXb"), S("XX")), 1);
    assert_int_equal(str_search(S("ab"), S("abc")), 2);
    assert_int_equal(str_search(S("ab"), S("")), 0);
    assert_str(str_sub(S("hello"), 1, 3), "ell");
    assert_str(str_sub(S("hello"), 4, 99), "o");
    assert_str(str_sub(S("hello"), 99, SIZE_MAX), "");
    assert_null(str_sub(STR_NONE, 3, 3).p);
    assert_str(str_trim(S(" \t\r\n a b \n")), "a b");
    assert_str(str_trim(S(" \n ")), "");
    struct str rest = S("a=b=c");
    assert_str(str_cut(&rest, '='), "a");
    assert_str(rest, "b=c");
    assert_str(str_cut(&rest, ';'), "b=c");
    assert_int_equal(rest.n, 0);
    assert_str(str_cut(&rest, ';'), "");
}

static void str_reads_numbers(void **state)
{
    (void)state;
    int64_t v = 7;
    assert_true(str_to_int(S("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_to_int(S("-9223372036854775807"), &v) && v == -INT64_MAX);
    assert_true(str_to_int(S("0012"), &v) && v == 12);
    v = 7;
    const char *bad[] = { "",
                          "-",
                          "+1",
                          " 1",
                          "1 ",
                          "1.0",
                          "0x10",
                          "1e3",
                          "9223372036854775808",
                          "99999999999999999999",
                          "١" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (str_to_int(str_from(bad[i]), &v) || v != 7)
            fail_msg("\"%s\" was read as %lld", bad[i], (long long)v);
}

/* --- arena and buf ------------------------------------------------------------------------------------------------ */

static void arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    for (size_t n = 1; n < 3000; n += 37) {
        char *p = arena_alloc(arena, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
    }
    char *large = arena_alloc(arena, 5 * 1024 * 1024);
    large[5 * 1024 * 1024 - 1] = 1;
    arena_reset(arena);
    char *again = arena_alloc(arena, 2000);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(again[i], 0); /* zeroed again after a reset */
}

static void arena_copies_text(void **state)
{
    (void)state;
    struct str copy = arena_dup(arena, str_sub(S("hello world"), 0, 5));
    assert_str(copy, "hello");
    assert_int_equal(copy.p[5], '\0');
    assert_null(arena_dup(arena, STR_NONE).p);
    assert_non_null(arena_dup(arena, S("")).p);
    assert_str(arena_printf(arena, "%d-%s", 42, "x"), "42-x");
    assert_str(arena_printf(arena, "%s", ""), "");
    assert_int_equal(arena_printf(arena, "%0*d", 20000, 1).n, 20000);
    assert_int_equal(arena_bytes(8, 3), 24);
}

static char order[8];
static size_t order_n;

static void note(void *what)
{
    order[order_n++] = *(const char *)what;
    if (*(const char *)what == 'b') arena_cleanup(arena, note, (void *)(uintptr_t) "c");
}

static void arena_cleans_up_last_first(void **state)
{
    (void)state;
    memset(order, 0, sizeof order);
    order_n = 0;
    arena_cleanup(arena, note, (void *)(uintptr_t) "a");
    arena_cleanup(arena, note, (void *)(uintptr_t) "b");
    arena_reset(arena);
    assert_string_equal(order, "bca"); /* one hung on while cleaning runs too */
    arena_reset(arena);
    assert_string_equal(order, "bca");
}

static void buf_stays_within_its_maximum(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(1500);
    for (int i = 0; i < 1500; i++)
        buf_putc(&b, 'x');
    assert_false(b.full);
    assert_true(b.cap <= b.max);
    buf_putc(&b, 'y');
    assert_true(b.full);
    assert_int_equal(b.n, 1500);
    buf_finish(&b);

    b = BUF_INIT(10);
    buf_lit(&b, "12345");
    buf_lit(&b, "678901"); /* one too many: dropped whole */
    buf_lit(&b, "6");      /* and so is all that follows, or the text would have a hole */
    assert_true(b.full);
    assert_str(buf_view(&b), "12345");
    buf_finish(&b);
    assert_int_equal(b.max, 10);
    assert_str(buf_view(&b), "");
    assert_false(b.full);
}

static void buf_prints(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(8);
    buf_printf(&b, "%s", "");
    buf_printf(&b, "%s", "12345678"); /* exactly full: the terminator does not count */
    assert_false(b.full);
    assert_str(buf_view(&b), "12345678");
    buf_printf(&b, "%s", "");
    assert_false(b.full);
    buf_printf(&b, "%d", 1);
    assert_true(b.full);
    buf_finish(&b);

    b = BUF_INIT(1000);
    buf_int(&b, INT64_MIN);
    buf_putc(&b, ' ');
    buf_int(&b, 0);
    assert_str(buf_view(&b), "-9223372036854775808 0");
    buf_finish(&b);
    static const struct {
        double v;
        int decimals;
        const char *text;
    } rows[] = { { 1.5, 2, "1.5" },         { -0.05, 2, "-0.05" }, { 2, 4, "2" },
                 { 0.004, 2, "0" },         { -0.004, 2, "0" },    { 9.999, 2, "10" },
                 { 12.3456, 9, "12.3456" }, { 7.9, -1, "8" },      { 100, 0, "100" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        b = BUF_INIT(100);
        buf_num(&b, rows[i].v, rows[i].decimals);
        assert_str(buf_view(&b), rows[i].text);
        buf_finish(&b);
    }
}

/* --- id ---------------------------------------------------------------------------------------------------------- */

enum { IDS = 20000, ID_THREADS = 4 };

static void *make_ids(void *context)
{
    int64_t *ids = context;
    for (int i = 0; i < IDS; i++)
        ids[i] = id_new();
    return NULL;
}

static int by_value(const void *pa, const void *pb)
{
    int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
    return (a > b) - (a < b);
}

static void ids_rise_and_are_never_the_same(void **state)
{
    (void)state;
    static int64_t ids[ID_THREADS * IDS];
    pthread_t threads[ID_THREADS];
    for (int i = 0; i < ID_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids + i * IDS), 0);
    for (int i = 0; i < ID_THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 1; i < IDS; i++)
        assert_true(ids[i] > ids[i - 1]);
    qsort(ids, COUNT(ids), sizeof ids[0], by_value);
    assert_true(ids[0] > 0);
    for (size_t i = 1; i < COUNT(ids); i++)
        assert_true(ids[i] > ids[i - 1]);
}

static void ids_of_two_nodes_differ(void **state)
{
    (void)state;
    id_set_node(5);
    assert_int_equal(id_new() >> 16 & 63, 5);
    id_set_node(64 + 7); /* six bits */
    assert_int_equal(id_new() >> 16 & 63, 7);
    id_set_node(0);
}

static void ids_as_text(void **state)
{
    (void)state;
    char text[ID_TEXT + 1];
    int64_t back;
    for (int i = 0; i < 1000; i++) {
        int64_t id = (int64_t)(rand_u64() >> 1);
        id_format(id, text);
        assert_int_equal(strlen(text), ID_TEXT);
        assert_true(id_parse(str_from(text), &back) && back == id);
        assert_true(id_parse(id_lower(arena, id), &back) && back == id);
    }
    id_format(INT64_MAX, text);
    assert_string_equal(text, "7ZZZZZZZZZZZZ");
    assert_true(id_parse(S("oOiIlL0000001"), &back)); /* as people misread: 0 0 1 1 1 1 */
    id_format(back, text);
    assert_string_equal(text, "0011110000001");
    const char *bad[] = { "",
                          "0",
                          "00000000000000",
                          "8000000000000",
                          "ZZZZZZZZZZZZZ",
                          "000000000000U",
                          "00000 0000000",
                          "000000000000\xC3" };
    back = 7;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(id_parse(str_from(bad[i]), &back) || back != 7);
    assert_false(id_parse((struct str){ "000000000000\0", 13 }, &back));
}

/* --- time ---------------------------------------------------------------------------------------------------------- */

static const char *shown(int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d %d %d", c.year, c.month, c.day,
                        c.hour, c.minute, c.second, c.weekday, c.offset_minutes)
        .p;
}

static void summer_time_begins_and_ends(void **state)
{
    (void)state;
    /* 2026-03-29 and 2026-10-25, at 01:00 UTC */
    const int64_t spring = INT64_C(1774746000000), autumn = INT64_C(1792890000000);
    assert_string_equal(shown(spring - 1), "2026-03-29 01:59:59 6 60");
    assert_string_equal(shown(spring), "2026-03-29 03:00:00 6 120");
    assert_string_equal(shown(autumn - 1), "2026-10-25 02:59:59 6 120");
    assert_string_equal(shown(autumn), "2026-10-25 02:00:00 6 60");
    assert_int_equal(time_from_civil(2026, 3, 29, 1, 59), spring - MINUTE_MS);
    assert_int_equal(time_from_civil(2026, 3, 29, 3, 0), spring);
    assert_int_equal(time_from_civil(2026, 3, 29, 2, 30),
                     spring + 30 * MINUTE_MS); /* does not exist: 03:30 */
    assert_int_equal(time_from_civil(2026, 10, 25, 2, 30),
                     autumn - 30 * MINUTE_MS); /* exists twice: the first */
    assert_int_equal(time_from_civil(2026, 10, 25, 3, 0), autumn + HOUR_MS);
    /* a day is 23 or 25 hours long then */
    assert_int_equal(time_from_civil(2026, 3, 30, 0, 0) - time_from_civil(2026, 3, 29, 0, 0),
                     23 * HOUR_MS);
    assert_int_equal(time_from_civil(2026, 10, 26, 0, 0) - time_from_civil(2026, 10, 25, 0, 0),
                     25 * HOUR_MS);
}

static void summer_time_agrees_with_the_system(void **state)
{
    (void)state;
    setenv("TZ", "Europe/Brussels", 1);
    tzset();
    if (access("/usr/share/zoneinfo/Europe/Brussels", R_OK) != 0) skip();
    for (int64_t hour = INT64_C(1704067200); hour < INT64_C(2524608000);
         hour += 5 * 3600) { /* 2024 to 2049 */
        time_t t = (time_t)hour;
        struct tm tm;
        localtime_r(&t, &tm);
        struct civil c = time_civil(hour * 1000);
        if (c.hour != tm.tm_hour || c.day != tm.tm_mday || c.month != tm.tm_mon + 1 ||
            c.year != tm.tm_year + 1900 || c.weekday != (tm.tm_wday + 6) % 7 ||
            c.offset_minutes * 60 != tm.tm_gmtoff)
            fail_msg("%s differs from the system's", shown(hour * 1000));
    }
}

static void times_as_text(void **state)
{
    (void)state;
    char text[40];
    time_rfc3339(INT64_C(1795464900000), text);
    assert_string_equal(text, "2026-11-23T20:15:00Z");
    time_http(INT64_C(1795464900000), text);
    assert_string_equal(text, "Mon, 23 Nov 2026 20:15:00 GMT");
    time_rfc3339(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    time_rfc3339(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void dates_are_read(void **state)
{
    (void)state;
    int64_t ms = 7;
    assert_true(time_parse_date(S("2026-07-01"), &ms));
    assert_string_equal(shown(ms), "2026-07-01 00:00:00 2 120");
    assert_true(time_parse_date(S("2028-02-29"), &ms));
    const char *bad[] = { "",           "2026-02-29", "2100-02-29", "2026-13-01",
                          "2026-00-01", "2026-01-00", "2026-04-31", "2026-1-1",
                          "26-01-01",   "2026/01/01", "2026-01-1x", "1899-12-31",
                          "2201-01-01", "-026-01-01", "2026-01--1", "2026-01-01 " };
    ms = 7;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (time_parse_date(str_from(bad[i]), &ms) || ms != 7) fail_msg("%s was taken", bad[i]);
}

/* --- utf8 --------------------------------------------------------------------------------------------------------- */

static void moments_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = { { "1970-01-01T00:00:00Z", 0 },
                 { "2026-11-23T20:15:00Z", 1795464900000 },
                 { "2026-11-23t21:15:00+01:00", 1795464900000 },
                 { "2026-11-23T14:45:00.1239-05:30", 1795464900123 } };
    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t ms = 7;
        assert_true(time_parse_rfc3339(str_from(good[i].text), &ms));
        assert_int_equal(ms, good[i].ms);
    }
    const char *bad[] = { "",
                          "2026-11-23",
                          "2026-11-23T20:15:00",
                          "2026-11-23T20:15Z",
                          "2026-11-31T20:15:00Z",
                          "2026-11-23T24:15:00Z",
                          "2026-11-23T20:15:00.Z",
                          "2026-11-23T20:15:00+1:00",
                          "2026-11-23T20:15:00Zx",
                          "-026-11-23T20:15:00Z",
                          "2026-11-23 20:15:00Z",
                          "2026-11-23T-1:15:00Z" };
    int64_t ms = 7;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (time_parse_rfc3339(str_from(bad[i]), &ms) || ms != 7) fail_msg("%s was taken", bad[i]);
}

static void utf8_is_checked_at_the_door(void **state)
{
    (void)state;
    const char *good[] = {
        "", "plain\ttab\r\n", "é œ € 𝄞", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBD", "\xC2\x80"
    };
    for (size_t i = 0; i < COUNT(good); i++)
        if (!utf8_valid(str_from(good[i]))) fail_msg("good %zu was refused", i);
    const char *bad[] = { "\x80",
                          "\xC3",
                          "\xC3(",
                          "\xC0\xAF",
                          "\xC1\xBF",
                          "\xE0\x80\xAF",
                          "\xE0\x9F\xBF",
                          "\xED\xA0\x80",
                          "\xED\xBF\xBF",
                          "\xF0\x80\x80\x80",
                          "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xFE",
                          "\xFF",
                          "\xE2\x82",
                          "\xF0\x9D\x84",
                          "\x01",
                          "\x1B[31m",
                          "\x7F",
                          "a\x08" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (utf8_valid(str_from(bad[i]))) fail_msg("bad %zu was taken", i);
    assert_false(utf8_valid((struct str){ "a\0b", 3 }));
    /* every truncation of a long sequence, and the whole */
    assert_true(utf8_valid((struct str){ "\xF0\x9D\x84\x9E", 4 }));
    for (size_t n = 1; n < 4; n++)
        assert_false(utf8_valid((struct str){ "\xF0\x9D\x84\x9E", n }));
}

static void utf8_counts_and_walks(void **state)
{
    (void)state;
    struct str text = S("aé€𝄞");
    static const uint32_t points[] = { 'a', 0xE9, 0x20AC, 0x1D11E };
    size_t at = 0;
    assert_int_equal(utf8_count(text), 4);
    for (size_t i = 0; i < COUNT(points); i++)
        assert_int_equal(utf8_next(text, &at), points[i]);
    assert_int_equal(at, text.n);
    assert_str(utf8_nfc(arena, S("e\xCC\x81te\xCC\x81")), "été");
    assert_str(utf8_nfc(arena, S("plain")), "plain");
    assert_str(utf8_nfc(arena, STR_NONE), "");
}

static void utf8_folds_for_search_and_addresses(void **state)
{
    (void)state;
    assert_str(utf8_fold(arena, S("ÉVALUER l’Œuvre, Ægir, Größe, IJzer")),
               "evaluer l’oeuvre, aegir, grosse, ijzer");
    assert_str(utf8_fold(arena, S("")), "");
    assert_str(utf8_slug(arena, S("  Référent·e IA : l'été, déjà !  ")), "referente-ia-l-ete-deja");
    assert_str(utf8_slug(arena, S("!!!")), "");
    assert_str(utf8_slug(arena, S("日本")), "");
    assert_true(utf8_slug(arena, arena_printf(arena, "%0*d", 300, 1)).n == 80);
}

/* --- settings -------------------------------------------------------------------------------------------------------- */

static struct str folder;

static struct str file_with(const char *name, const char *text, mode_t mode)
{
    struct str path = arena_printf(arena, "%.*s/%s", STR(folder), name);
    FILE *f = fopen(path.p, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path.p, mode), 0);
    return path;
}

static int settings_setup(void **state)
{
    setup(state);
    char name[] = "/tmp/edulab-base-XXXXXX";
    if (!mkdtemp(name) || chdir(name) != 0)
        return -1; /* edulab.conf is looked for where the program stands */
    folder = arena_dup(arena, str_from(name));
    return 0;
}

static int settings_teardown(void **state)
{
    static const char *const names[] = { "edulab.conf", "other.conf", "secret" };
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(names[i]);
    if (chdir("/") != 0 || rmdir(folder.p) != 0) return -1;
    unsetenv("EDULAB_WORKERS");
    return teardown(state);
}

static void settings_override_in_order(void **state)
{
    (void)state;
    struct str error = STR_NONE;
    struct settings *s = settings_load(arena, STR_NONE, &error); /* no file is no fault */
    assert_non_null(s);
    assert_int_equal(settings_number(s, "workers"), 2);
    assert_string_equal(settings_source(s, "workers"), "default");

    file_with("edulab.conf",
              "# how many\n\n  workers =  5  \nmail_from = A = B <a@b.be>\nlisten =\n", 0644);
    s = settings_load(arena, STR_NONE, &error);
    assert_int_equal(settings_number(s, "workers"), 5);
    assert_string_equal(settings_source(s, "workers"), "file");
    assert_str(settings_text(s, "mail_from"), "A = B <a@b.be>");
    assert_str(settings_text(s, "listen"), "");

    setenv("EDULAB_WORKERS", "6", 1);
    s = settings_load(arena, STR_NONE, &error);
    assert_int_equal(settings_number(s, "workers"), 6);
    assert_string_equal(settings_source(s, "workers"), "environment");
    assert_true(settings_set(s, "workers", S("7"), &error));
    assert_int_equal(settings_number(s, "workers"), 7);
    assert_string_equal(settings_source(s, "workers"), "command line");
    assert_false(settings_set(s, "workers", S("65"), &error));
    assert_int_equal(settings_number(s, "workers"), 7); /* untouched by what was refused */
}

static void settings_name_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "workers = 1\ncolour = blue\n", "other.conf:2: there is no setting \"colour\"" },
        { "just words\n", "other.conf:1: there is no setting \"just words\"" },
        { "workers = many\n", "workers must be a number from 1 to 64, not \"many\"" },
        { "workers = 0\n", "workers must be a number" },
        { "node = 64\n", "node must be a number from 0 to 63" },
        { "metrics_token = /nowhere/x\n", "cannot read /nowhere/x" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str error = STR_NONE;
        assert_null(settings_load(arena, file_with("other.conf", rows[i].text, 0644), &error));
        if (str_search(error, str_from(rows[i].says)) == error.n) fail_msg("%.*s", STR(error));
    }
    struct str error = STR_NONE;
    assert_null(
        settings_load(arena, S("/nowhere.conf"), &error)); /* one that was named must be there */
    assert_null(settings_load(arena, folder, &error));     /* a folder is no file */
}

static void settings_keep_secrets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        bool good;
    } rows[] = { { "s3cret\n", 0600, true },
                 { "s3cret\n", 0400, true },
                 { "s3cret\n", 0640, false },
                 { "s3cret\n", 0604, false },
                 { "\n", 0600, false } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str error = STR_NONE, path = file_with("secret", rows[i].text, rows[i].mode);
        file_with("other.conf", arena_printf(arena, "smtp_password = %.*s\n", STR(path)).p, 0644);
        struct settings *s = settings_load(arena, S("other.conf"), &error);
        assert_int_equal(s != NULL, rows[i].good);
        if (s) assert_str(settings_text(s, "smtp_password"), "s3cret");
        unlink(path.p);
    }
}

static int faults;

static void count_fault(void *context, struct str why)
{
    assert_ptr_equal(context, &faults);
    assert_true(why.n > 0);
    faults++;
}

static void note_shown(void *context, const char *key, struct str text, const char *source)
{
    (void)source;
    assert_true(str_search(text, S("s3cret")) == text.n);
    if (strcmp(key, "smtp_password") == 0) *(struct str *)context = text;
}

static void settings_audit_goes_on_and_hides(void **state)
{
    (void)state;
    struct str path = file_with("secret", "s3cret", 0600), text = STR_NONE;
    file_with("other.conf",
              arena_printf(arena, "colour = blue\nworkers = x\nthreads = 3\nsmtp_password = %.*s\n",
                           STR(path))
                  .p,
              0644);
    setenv("EDULAB_WORKERS", "99", 1);
    faults = 0;
    struct settings *s = settings_audit(arena, S("other.conf"), count_fault, &faults);
    assert_int_equal(faults, 3);
    assert_int_equal(settings_number(s, "threads"), 3);
    assert_int_equal(settings_number(s, "workers"), 2);
    settings_each(s, note_shown, &text);
    assert_str(text, "(set)");
}

/* --- csv ------------------------------------------------------------------------------------------------------- */

static void csv_reads_records(void **state)
{
    (void)state;
    struct csv c;
    csv_open(&c, arena, S("nom;note\r\n\"Le \"\"Petit\"\"\r\nNicolas\"; 12 \n\n;;\n'=1+1;-\n"),
             ';');
    assert_true(csv_next(&c) && c.n == 2 && c.line == 1);
    assert_str(c.fields[1], "note");
    assert_true(csv_next(&c) && c.n == 2 && c.line == 2 && !c.stray && !c.unclosed);
    assert_str(c.fields[0], "Le \"Petit\"\r\nNicolas");
    assert_str(c.fields[1], "12");
    assert_true(csv_next(&c) && c.line == 6); /* empty lines and ";;" are none */
    assert_str(c.fields[0], "=1+1");
    assert_str(c.fields[1], "-");
    assert_false(csv_next(&c));
}

static void csv_says_what_is_broken(void **state)
{
    (void)state;
    struct csv c;
    csv_open(&c, arena, S("\"a\"b,c\nd,\"open\n\ne"), ',');
    assert_true(csv_next(&c) && c.stray && !c.unclosed && c.n == 2);
    assert_true(csv_next(&c) && c.unclosed && c.line == 2);
    assert_str(c.fields[1], "open\n\ne");
    assert_false(csv_next(&c));
    struct buf wide = BUF_INIT(1000);
    for (int i = 0; i < 70; i++)
        buf_lit(&wide, "x;");
    csv_open(&c, arena, buf_view(&wide), ';');
    assert_true(csv_next(&c) && c.too_wide && c.n == CSV_COLUMNS);
    buf_finish(&wide);
}

static void csv_knows_encodings(void **state)
{
    (void)state;
    struct str text;
    assert_int_equal(csv_decode(arena, S(CSV_MARK "\xC3\xA9"), &text), CSV_UTF8);
    assert_str(text, "\xC3\xA9");
    assert_int_equal(csv_decode(arena, S("caf\xE9 \x80 \x9C\x81"), &text), CSV_WINDOWS_1252);
    assert_str(text, "caf\xC3\xA9 \xE2\x82\xAC \xC5\x93\xEF\xBF\xBD");
    assert_int_equal(csv_decode(arena, (struct str){ "a\0b", 3 }, &text), CSV_NO_TEXT);
    assert_int_equal(csv_separator(S("\"a;b;c\",d\n;;;;")), ',');
    assert_int_equal(csv_separator(S("a\tb")), '\t');
    assert_int_equal(csv_separator(S("email")), ';');
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define SETTINGS_TEST(name) cmocka_unit_test_setup_teardown(name, settings_setup, settings_teardown)
    const struct CMUnitTest tests[] = {
        TEST(str_compares),
        TEST(str_finds_and_cuts),
        TEST(str_reads_numbers),
        TEST(arena_gives_zeroed_aligned_memory),
        TEST(arena_copies_text),
        TEST(arena_cleans_up_last_first),
        TEST(buf_stays_within_its_maximum),
        TEST(buf_prints),
        TEST(ids_rise_and_are_never_the_same),
        TEST(ids_of_two_nodes_differ),
        TEST(ids_as_text),
        TEST(summer_time_begins_and_ends),
        TEST(summer_time_agrees_with_the_system),
        TEST(times_as_text),
        TEST(dates_are_read),
        TEST(moments_are_read),
        TEST(utf8_is_checked_at_the_door),
        TEST(utf8_counts_and_walks),
        TEST(utf8_folds_for_search_and_addresses),
        SETTINGS_TEST(settings_override_in_order),
        SETTINGS_TEST(settings_name_what_is_wrong),
        SETTINGS_TEST(settings_keep_secrets),
        SETTINGS_TEST(settings_audit_goes_on_and_hides),
        TEST(csv_reads_records),
        TEST(csv_says_what_is_broken),
        TEST(csv_knows_encodings),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
