/* The pure parts of the HTTP layer: the table of routes, forms read into structures, ranges, and the bodies browsers send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/id.h"
#include "base/time.h"
#include "http/private.h"

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

/* --- routes -------------------------------------------------------------------------------------------------------- */

static void handle(struct request *r)
{
    (void)r;
}

static bool piece(struct request *r, const char *p, size_t n)
{
    (void)r, (void)p, (void)n;
    return true;
}

static bool rule(struct request *r)
{
    (void)r;
    return true;
}

static bool known(const char *permission)
{
    return permission && strcmp(permission, "x.edit") == 0;
}

static const struct http_gate gate = { .permission_known = known };

static struct router *router_of(const struct route *rows, struct str *ret_error)
{
    const struct route *tables[] = { rows, NULL };
    return router_create(tables, &gate, arena, ret_error);
}

#define HELP .help = "x."

static void rows_that_say_too_little_are_refused(void **state)
{
    (void)state;
    static const struct param params[] = { { .name = "a", .kind = PARAM_TEXT }, { 0 } };
    static const struct {
        struct route row;
        const char *why;
    } bad[] = {
        { { "GET", "/a", .get = handle, HELP }, "does not say who may" },
        { { "GET", "/a", PUBLIC, .get = handle }, "no help" },
        { { "GET", "a", PUBLIC, .get = handle, HELP }, "does not begin with a slash" },
        { { "GET", "/a", PUBLIC, HELP }, "no handler" },
        { { "GET", "/a", MAY("x.unknown"), .get = handle, HELP }, "unknown permission" },
        { { "GET", "/a", { .kind = ACCESS_PERMISSION }, .get = handle, HELP },
          "unknown permission" },
        { { "GET", "/a", { .kind = ACCESS_OBJECT }, .get = handle, HELP }, "no access rule" },
        { { "POST", "/a", PUBLIC, .get = handle, HELP }, "neither prepare nor apply" },
        { { "POST", "/a", PUBLIC, .prepare = handle, HELP }, "no apply" },
        { { "POST", "/a", PUBLIC, .apply = handle, .flags = ROUTE_STREAM, HELP }, "no chunk" },
        { { "GET", "/a", PUBLIC, .get = handle, .params = params, HELP }, "no form_size" },
        { { "GET", "/1/2/3/4/5/6/7/8/9", PUBLIC, .get = handle, HELP }, "too many segments" },
        { { "GET", "/a/*/b", PUBLIC, .get = handle, HELP }, "too many segments" },
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct route rows[] = { bad[i].row, { 0 } };
        struct str why = STR_NONE;
        assert_null(router_of(rows, &why));
        if (str_search(why, str_from(bad[i].why)) == why.n) fail_msg("row %zu: %.*s", i, STR(why));
    }
    static const struct route good[] = {
        { "GET", "/a", MAY("x.edit"), .get = handle, HELP },
        { "GET", "/b", OBJECT(rule), .get = handle, HELP },
        { "POST", "/a", MEMBER, .prepare = handle, .flags = ROUTE_NO_CHANGE, HELP },
        { "PATCH", "/a", MEMBER, .apply = handle, .chunk = piece, .flags = ROUTE_STREAM, HELP },
        { 0 },
    };
    struct str why = STR_NONE;
    struct router *router = router_of(good, &why);
    assert_non_null(router);
    router_destroy(router);
}

static void two_rows_for_one_address_are_refused(void **state)
{
    (void)state;
    static const struct route twice[] = { { "GET", "/a/:x", PUBLIC, .get = handle, HELP },
                                          { "GET", "/a/:y", PUBLIC, .get = handle, HELP },
                                          { 0 } };
    struct str why = STR_NONE;
    assert_null(router_of(twice, &why));
    assert_true(str_ends(why, S("stands twice")));
    static const struct route first[] = { { "GET", "/a", PUBLIC, .get = handle, HELP }, { 0 } };
    const struct route *tables[] = { first, first, NULL }; /* also across modules */
    assert_null(router_create(tables, &gate, arena, &why));
}

/* Finds a row; its help, and its values joined by "|". NULL help: none. */
static const char *found(const struct router *router, const char *method, const char *path,
                         struct str *ret_allowed)
{
    struct str values[8];
    unsigned n = 0;
    *ret_allowed = STR_NONE;
    const struct route *row =
        router_find(router, str_from(method), str_from(path), values, &n, arena, ret_allowed);
    if (!row) return NULL;
    struct str text = str_from(row->help);
    for (unsigned i = 0; i < n; i++)
        text = arena_printf(arena, "%.*s|%.*s", STR(text), STR(values[i]));
    return text.p;
}

static void literal_before_value_before_rest(void **state)
{
    (void)state;
    static const struct route rows[] = {
        { "GET", "/files/*", PUBLIC, .get = handle, .help = "rest" },
        { "GET", "/a/:x", PUBLIC, .get = handle, .help = "value" },
        { "GET", "/a/new", PUBLIC, .get = handle, .help = "new" },
        { "POST", "/a/new", PUBLIC, .apply = handle, .help = "post new" },
        { "GET", "/a/:x/:y", PUBLIC, .get = handle, .help = "two" },
        { "GET", "/a/:x/edit", PUBLIC, .get = handle, .help = "edit" },
        { "POST", "/a/:x", PUBLIC, .apply = handle, .help = "post value" },
        { "GET", "/", PUBLIC, .get = handle, .help = "home" },
        { "GET", "/files/index", PUBLIC, .get = handle, .help = "index" },
        { 0 },
    };
    static const struct {
        const char *method, *path, *wanted, *allowed;
    } cases[] = {
        { "GET", "/", "home", NULL },
        { "GET", "/a/new", "new", NULL },
        { "GET", "/a/newer", "value|newer", NULL },
        { "HEAD", "/a/x", "value|x", NULL },
        { "POST", "/a/new", "post new", NULL },
        { "POST", "/a/x", "post value|x", NULL },
        { "GET", "/a/x/edit", "edit|x", NULL },
        { "GET", "/a/x/y", "two|x|y", NULL },
        { "GET", "/files/index", "index", NULL },
        { "GET", "/files/a/b/c.txt", "rest|a/b/c.txt", NULL },
        { "GET", "/files", NULL, NULL },
        { "GET", "/nowhere", NULL, NULL },
        { "GET", "/a/x/y/z", NULL, NULL },
        { "GET", "/A/new", NULL, NULL },
        { "DELETE", "/a/x", NULL, "GET, POST" },
        { "POST", "/a/x/y", NULL, "GET" },
        { "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL, NULL },
    };
    struct str why = STR_NONE, allowed;
    struct router *router = router_of(rows, &why);
    assert_non_null(router);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = found(router, cases[i].method, cases[i].path, &allowed);
        if (!str_eq(str_from(text), str_from(cases[i].wanted)))
            fail_msg("%s %s: %s, not %s", cases[i].method, cases[i].path, text ? text : "none",
                     cases[i].wanted ? cases[i].wanted : "none");
        if (cases[i].allowed) assert_str(allowed, cases[i].allowed);
        else if (!text) assert_null(allowed.p);
    }
    router_destroy(router);
}

/* --- forms into structures ------------------------------------------------------------------------------------------- */

struct sample {
    struct str line, text, word, email, slug;
    int64_t number, id, day;
    bool yes;
    struct str_list choices;
    struct upload file;
    struct str rest;
};

static const struct param sample_params[] = {
    PARAM(struct sample, line, PARAM_TEXT, .required = true, .min = 2, .max = 10),
    PARAM(struct sample, text, PARAM_LONG),
    PARAM(struct sample, word, PARAM_SECRET),
    PARAM(struct sample, email, PARAM_EMAIL),
    PARAM(struct sample, slug, PARAM_SLUG),
    PARAM(struct sample, number, PARAM_INT, .min = 1, .max = 5),
    PARAM(struct sample, id, PARAM_ID),
    PARAM(struct sample, day, PARAM_DATE),
    PARAM(struct sample, yes, PARAM_BOOL),
    PARAM(struct sample, choices, PARAM_LIST),
    PARAM(struct sample, file, PARAM_FILE),
    PARAM(struct sample, rest, PARAM_PATH),
    { 0 },
};
static const struct route sample_route = { "POST", "/x", PUBLIC, .params = sample_params,
                                           .form_size = sizeof(struct sample) };

/* The structure filled from a body; the exchange tells the errors. */
static struct http_exchange *filled(const struct route *route, const char *body)
{
    struct http_exchange *x = arena_new(arena, struct http_exchange);
    struct fields *fields = arena_new(arena, struct fields);
    x->r = (struct request){ .route = route, .arena = arena, .exchange = x, .lang = LANG_EN };
    x->answer.status = 200;
    assert_true(fields_parse_urlencoded(arena, str_from(body), fields));
    assert_true(form_fill_path(x));
    form_fill(x, fields);
    return x;
}

static const struct sample *sample_of(const char *body)
{
    struct http_exchange *x = filled(&sample_route, body);
    if (x->r.error_count) fail_msg("%s: %.*s", x->r.errors[0].field, STR(x->r.errors[0].message));
    assert_int_equal(x->answer.status, 200);
    return x->r.form;
}

static void forms_become_typed(void **state)
{
    (void)state;
    const struct sample *s = sample_of("line=+a%0Ab+&text=+x%0D%0Ay+&word=+p+q+&email=Ann.B%"
                                       "40School.BE&slug=a-1&number=5&day=2026-12-03&yes=on"
                                       "&choices=a&choices=&choices=b&rest=no&id=7zzzzzzzzzzzz");
    assert_str(s->line, "a b"); /* one line, trimmed */
    assert_str(s->text, "x\r\ny");
    assert_str(s->word, " p q "); /* a password is as it is typed */
    assert_str(s->email, "ann.b@school.be");
    assert_str(s->slug, "a-1");
    assert_int_equal(s->number, 5);
    assert_int_equal(s->id, INT64_MAX);
    assert_int_equal(s->day, time_from_civil(2026, 12, 3, 0, 0));
    assert_true(s->yes);
    assert_int_equal(s->choices.n, 2);
    assert_str(s->choices.items[1], "b");
    assert_null(s->rest.p); /* the path is never read from a form */

    s = sample_of("line=e%CC%81te%CC%81");
    assert_str(s->line, "été"); /* composed: two characters would be four otherwise */
    assert_int_equal(s->day, DB_NULL);
    assert_false(s->yes);
    assert_int_equal(s->choices.n, 0);
    assert_null(s->email.p);
    assert_false(sample_of("line=ab&yes=0")->yes);
    assert_str(sample_of("line=ab&line=cd")->line, "ab"); /* the first one counts */
}

static void what_does_not_fit_is_an_error_beside_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *body, *field;
    } rows[] = {
        { "", "line" },
        { "line=", "line" },
        { "line=a", "line" },
        { "line=%20a%20", "line" },
        { "line=12345678901", "line" },
        { "line=ab&email=a", "email" },
        { "line=ab&email=a%40b", "email" },
        { "line=ab&email=a%40b.c%40d.e", "email" },
        { "line=ab&email=a%20b%40c.de", "email" },
        { "line=ab&email=%40b.cd", "email" },
        { "line=ab&email=a%40.cd", "email" },
        { "line=ab&email=a%40bc.", "email" },
        { "line=ab&email=a%0Ab%40c.de", "email" },
        { "line=ab&email=a%3Cb%40c.de", "email" },
        { "line=ab&slug=A", "slug" },
        { "line=ab&slug=a_b", "slug" },
        { "line=ab&slug=%C3%A9", "slug" },
        { "line=ab&number=0", "number" },
        { "line=ab&number=6", "number" },
        { "line=ab&number=x", "number" },
        { "line=ab&number=1.5", "number" },
        { "line=ab&number=99999999999999999999", "number" },
        { "line=ab&id=x", "id" },
        { "line=ab&id=8000000000000", "id" },
        { "line=ab&day=3%2F12%2F2026", "day" },
        { "line=ab&day=2026-02-30", "day" },
        { "line=ab&file=x", "file" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_exchange *x = filled(&sample_route, rows[i].body);
        if (x->r.error_count != 1 || strcmp(x->r.errors[0].field, rows[i].field) != 0 ||
            x->answer.status != 422)
            fail_msg("%s: %zu errors, status %d", rows[i].body, x->r.error_count, x->answer.status);
        assert_true(x->r.errors[0].message.n > 5);
    }
    const struct sample *typed = filled(&sample_route, "line=12345678901&email=+Wrong+")->r.form;
    assert_str(typed->line, "12345678901"); /* what was typed stays, to be shown again */
    assert_str(typed->email, "wrong");
}

static void forms_have_limits(void **state)
{
    (void)state;
    struct {
        const char *name;
        int n;
        bool good;
    } rows[] = { { "text", LIMIT_TEXT, true },
                 { "text", LIMIT_TEXT + 1, false },
                 { "word", LIMIT_TEXT_LINE, true },
                 { "word", LIMIT_TEXT_LINE + 1, false },
                 { "choices", LIMIT_TEXT_LINE * 4, true },
                 { "choices", LIMIT_TEXT_LINE * 4 + 1, false } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str body = arena_printf(arena, "line=ab&%s=%0*d", rows[i].name, rows[i].n, 1);
        assert_int_equal(filled(&sample_route, body.p)->r.error_count, rows[i].good ? 0 : 1);
    }
    static const struct param needed[] = { PARAM(struct sample, yes, PARAM_BOOL, .required = true),
                                           PARAM(struct sample, choices, PARAM_LIST,
                                                 .required = true),
                                           PARAM(struct sample, file, PARAM_FILE, .required = true),
                                           PARAM(struct sample, day, PARAM_DATE, .required = true),
                                           { 0 } };
    static const struct route route = { "POST", "/x", PUBLIC, .params = needed,
                                        .form_size = sizeof(struct sample) };
    assert_int_equal(filled(&route, "yes=0&choices=&file=&day=")->r.error_count, 4);
}

static void path_values_come_from_the_path_alone(void **state)
{
    (void)state;
    static const struct param params[] = { PARAM(struct sample, slug, PARAM_SLUG),
                                           PARAM(struct sample, id, PARAM_ID),
                                           PARAM(struct sample, number, PARAM_INT),
                                           { 0 } };
    static const struct route route = { "GET", "/a/:slug/:id", PUBLIC, .params = params,
                                        .form_size = sizeof(struct sample) };
    struct http_exchange *x = arena_new(arena, struct http_exchange);
    x->r = (struct request){ .route = &route, .arena = arena, .exchange = x };
    x->path_values[0] = S("one-two");
    x->path_values[1] = S("0000000000007");
    x->path_value_count = 2;
    assert_true(form_fill_path(x));
    struct fields fields = { 0 };
    assert_true(fields_parse_urlencoded(arena, S("slug=other&id=0000000000009&number=3"), &fields));
    form_fill(x, &fields);
    const struct sample *s = x->r.form;
    assert_str(s->slug, "one-two");
    assert_int_equal(s->id, 7);
    assert_int_equal(s->number, 3);
    x->path_values[1] = S("no-id");
    assert_false(form_fill_path(x)); /* such a page does not exist */
    x->path_values[1] = S("0000000000007");
    x->path_values[0] = S("Upper");
    assert_false(form_fill_path(x));
    x->path_values[0] = S("");
    assert_false(form_fill_path(x));
}

/* --- ranges ------------------------------------------------------------------------------------------------------------- */

static void ranges_of_a_file(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int64_t size;
        int result;
        int64_t first, last;
    } rows[] = {
        { "bytes=0-9", 100, 1, 0, 9 },
        { "bytes=90-", 100, 1, 90, 99 },
        { "bytes=-10", 100, 1, 90, 99 },
        { "bytes=-1000", 100, 1, 0, 99 },
        { "bytes=99-200", 100, 1, 99, 99 },
        { "bytes= 5 - 6 ", 100, 1, 5, 6 },
        { "bytes=100-", 100, -1, 0, 0 },
        { "bytes=100-200", 100, -1, 0, 0 },
        { "bytes=-0", 100, -1, 0, 0 },
        { "bytes=0-", 0, -1, 0, 0 },
        { "bytes=-5", 0, -1, 0, 0 },
        { "bytes=5-4", 100, 0, 0, 0 },
        { "bytes=0-1,5-6", 100, 0, 0, 0 },
        { "bytes=", 100, 0, 0, 0 },
        { "bytes=-", 100, 0, 0, 0 },
        { "bytes=x-1", 100, 0, 0, 0 },
        { "bytes=1-x", 100, 0, 0, 0 },
        { "items=0-1", 100, 0, 0, 0 },
        { "bytes=--5", 100, 0, 0, 0 },
        { "", 100, 0, 0, 0 },
        { "bytes=0-99999999999999999999", 100, 0, 0, 0 },
        { "bytes=0-9223372036854775807", 100, 1, 0, 99 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t first = 0, last = 0;
        int result = range_parse(str_from(rows[i].header), rows[i].size, &first, &last);
        if (result != rows[i].result ||
            (result == 1 && (first != rows[i].first || last != rows[i].last)))
            fail_msg("%s of %lld: %d %lld-%lld", rows[i].header, (long long)rows[i].size, result,
                     (long long)first, (long long)last);
    }
    int64_t first, last;
    assert_int_equal(range_parse(STR_NONE, 10, &first, &last), 0);
}

/* --- bodies ----------------------------------------------------------------------------------------------------------------- */

static struct fields *parsed; /* large, so on the heap */

static bool from_form(const char *body)
{
    parsed = arena_new(arena, struct fields);
    return fields_parse_urlencoded(arena, str_from(body), parsed);
}

static void urlencoded_bodies(void **state)
{
    (void)state;
    assert_true(from_form("a=1&b=x+y%2Bz&&c&=d&e=%C3%A9=f"));
    assert_int_equal(parsed->n, 5);
    assert_str(fields_find(parsed, "b"), "x y+z");
    assert_str(fields_find(parsed, "c"), "");
    assert_str(fields_find(parsed, ""), "d");
    assert_str(fields_find(parsed, "e"), "é=f");
    assert_null(fields_find(parsed, "z").p);
    assert_true(from_form("") && parsed->n == 0);
    static const char *const bad[] = { "a=%",   "a=%4",        "a=%zz", "a=%00", "a=%FF",
                                       "a=%C3", "a=%ED%A0%80", "%00=a", "a=%1B", "a=\xFF" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (from_form(bad[i])) fail_msg("%s was taken", bad[i]);
    char *many = arena_alloc(arena, 2 * (LIMIT_FIELDS + 2));
    for (int i = 0; i < LIMIT_FIELDS; i++)
        memcpy(many + 2 * i, "a&", 2);
    assert_true(from_form(many));
    memcpy(many + 2 * LIMIT_FIELDS, "a", 1);
    assert_false(from_form(many));
    struct str decoded;
    assert_true(url_decode(arena, S("a+b%20c"), false, &decoded));
    assert_str(decoded, "a+b c"); /* in a path a plus is a plus */
}

static bool from_json(const char *body)
{
    parsed = arena_new(arena, struct fields);
    return fields_parse_json(arena, str_from(body), parsed);
}

static void json_bodies(void **state)
{
    (void)state;
    assert_true(
        from_json("{\"a\":\"x\",\"b\":12,\"c\":true,\"d\":false,\"e\":null,\"f\":[1,\"y\"]}"));
    assert_str(fields_find(parsed, "a"), "x");
    assert_str(fields_find(parsed, "b"), "12");
    assert_str(fields_find(parsed, "c"), "1");
    assert_str(fields_find(parsed, "d"), "0");
    assert_null(fields_find(parsed, "e").p);
    assert_str(fields_find(parsed, "f"), "1");
    assert_int_equal(parsed->n, 6);
    static const char *const bad[] = { "",
                                       "[]",
                                       "1",
                                       "{\"a\":{}}",
                                       "{\"a\":[[1]]}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":\"\\u0000\"}",
                                       "{\"a\":1",
                                       "{} x",
                                       "{\"a\":[{}]}",
                                       "{\"a\":\"\\u001b\"}" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (from_json(bad[i])) fail_msg("%s was taken", bad[i]);
}

static bool from_multipart(const char *type, const char *body)
{
    parsed = arena_new(arena, struct fields);
    return fields_parse_multipart(arena, str_from(type), str_from(body), parsed);
}

#define FORM "multipart/form-data; boundary=XX"
#define FIELD(name, value)                                                                         \
    "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n--XX"

static void multipart_bodies(void **state)
{
    (void)state;
    assert_true(from_multipart(
        FORM, "--XX\r\n" FIELD("a", "1") "\r\n" FIELD(
                  "b", "x\r\n--X\r\ny") "\r\n"
                                        "content-disposition: form-data; name=f; filename=\"a "
                                        "\\\"b\\\".png\"\r\nContent-Type: "
                                        "image/png\r\n\r\n\x89PNG\r\n--XX--\r\n"));
    assert_int_equal(parsed->n, 3);
    assert_str(fields_find(parsed, "a"), "1");
    assert_str(fields_find(parsed, "b"), "x\r\n--X\r\ny"); /* nearly the boundary */
    const struct upload *file = parsed->items[2].upload;
    assert_non_null(file);
    assert_str(file->name, "a \"b\".png");
    assert_str(file->type, "image/png");
    assert_str(file->data, "\x89PNG"); /* a file may hold any bytes */
    assert_true(from_multipart("multipart/form-data; charset=x; boundary=\"a b\"", "--a b--"));
    assert_int_equal(parsed->n, 0);
}

static void multipart_bodies_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } rows[] = {
        { "multipart/form-data", "--XX--" },
        { "multipart/form-data; boundary=", "----" },
        { "multipart/form-data; "
          "boundary=01234567890123456789012345678901234567890123456789012345678901234567890",
          "x" },
        { FORM, "" },
        { FORM, "XX" },
        { FORM, "--XX" },
        { FORM, "--XX\r\n" },
        { FORM, "--XXY\r\n" FIELD("a", "1") "--" },
        { FORM, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1" }, /* no end */
        { FORM,
          "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n--XX--" }, /* no empty line */
        { FORM, "--XX\r\nContent-Type: text/plain\r\n\r\n1\r\n--XX--" },    /* no name */
        { FORM, "--XX\r\n" FIELD("a", "\xFF") "--" },                       /* not UTF-8 */
        { FORM, "--XX\r\n" FIELD("a\xFF", "1") "--" },
        { FORM, "--XX\r\nContent-Transfer-Encoding: base64\r\n" FIELD("a", "1") "--" },
        { FORM, "--XX\r\nContent-Disposition: form-data; name=\"a\"; "
                "filename=\"\xFF\"\r\n\r\n1\r\n--XX--" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (from_multipart(rows[i].type, rows[i].body)) fail_msg("body %zu was taken", i);
    struct buf b = BUF_INIT(MIB);
    for (int i = 0; i <= LIMIT_FIELDS; i++)
        buf_lit(&b, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n");
    buf_lit(&b, "--XX--");
    buf_putc(&b, '\0');
    assert_false(from_multipart(FORM, b.p));
    buf_finish(&b);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(rows_that_say_too_little_are_refused),
        TEST(two_rows_for_one_address_are_refused),
        TEST(literal_before_value_before_rest),
        TEST(forms_become_typed),
        TEST(what_does_not_fit_is_an_error_beside_its_field),
        TEST(forms_have_limits),
        TEST(path_values_come_from_the_path_alone),
        TEST(ranges_of_a_file),
        TEST(urlencoded_bodies),
        TEST(json_bodies),
        TEST(multipart_bodies),
        TEST(multipart_bodies_that_are_none),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
