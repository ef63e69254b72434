/* Small things that expressions in templates call. */
#include "html/html.h"

#include "base/id.h"

static const char *const area_names[AREA_COUNT] = { "", "tv", "form", "cert", "com", "ev", "lab" };

const char *area_name(enum area area)
{
    return (unsigned)area < AREA_COUNT ? area_names[area] : "";
}

enum area area_from_name(struct str name)
{
    for (enum area a = AREA_NONE; a < AREA_COUNT; a++)
        if (str_is(name, area_names[a])) return a;
    return AREA_NONE;
}

/* Browsers drop tabs and line breaks from addresses before they read them: "/\t/host" would leave our site. */
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return true;
    return false;
}

static bool has_scheme(struct str address, struct str scheme)
{
    return str_eq_nocase(str_sub(address, 0, scheme.n), scheme);
}

struct url url(struct str address)
{
    struct url nowhere = { S("#") };
    struct str s = str_trim(address);
    if (s.n == 0 || has_control(s)) return nowhere;
    if (s.p[0] == '?' || s.p[0] == '#') return (struct url){ s };
    /* "//host" and, to a browser, "/\host" name another site */
    bool path = s.p[0] == '/' && (s.n == 1 || (s.p[1] != '/' && s.p[1] != '\\'));
    if (path || has_scheme(s, S("https:")) || has_scheme(s, S("http:")) ||
        has_scheme(s, S("mailto:")))
        return (struct url){ s };
    return nowhere;
}

/* --- JSON in a page ---------------------------------------------------------------------------------------------- */

/* In JSON these characters occur only inside strings, where an escape means the same. */
static int put_json(const char *text, size_t n, void *data)
{
    struct buf *out = data;
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *escape = NULL;
        size_t length = 1;
        if (text[i] == '<') escape = "\\u003c";
        else if (text[i] == '>') escape = "\\u003e";
        else if (text[i] == '&') escape = "\\u0026";
        else if (n - i >= 3 && memcmp(text + i, "\xE2\x80\xA8", 3) == 0)
            escape = "\\u2028", length = 3;
        else if (n - i >= 3 && memcmp(text + i, "\xE2\x80\xA9", 3) == 0)
            escape = "\\u2029", length = 3;
        if (!escape) continue;
        buf_put(out, text + from, i - from);
        buf_str(out, str_from(escape));
        i += length - 1;
        from = i + 1;
    }
    buf_put(out, text + from, n - from);
    return 0;
}

struct html json_in_html(struct page *pg, const json_t *value)
{
    struct buf out = BUF_INIT(pg->out->max);
    if (!value || json_dump_callback(value, put_json, &out, JSON_COMPACT | JSON_ENCODE_ANY) ||
        out.full) {
        buf_finish(&out);
        return (struct html){ S("null") };
    }
    struct html h = { arena_dup(pg->arena, buf_view(&out)) };
    buf_finish(&out);
    return h;
}

/* --- forms, captures, ids ------------------------------------------------------------------------------------------ */

struct html csrf(struct page *pg)
{
    size_t mark = html_begin_capture(pg);
    page_raw(pg, "<input type=\"hidden\" name=\"_csrf\" value=\"");
    page_put_text(pg, pg->csrf);
    page_raw(pg, "\">");
    return html_end_capture(pg, mark);
}

size_t html_begin_capture(struct page *pg)
{
    return pg->out->n;
}

struct html html_end_capture(struct page *pg, size_t mark)
{
    struct html h = { arena_dup(pg->arena, str_sub(buf_view(pg->out), mark, pg->out->n)) };
    pg->out->n = mark;
    return h;
}

struct str id_text(struct page *pg, int64_t id)
{
    char text[ID_TEXT + 1];
    id_format(id, text);
    return arena_dup(pg->arena, (struct str){ text, ID_TEXT });
}
