/* Random Markdown: what comes out holds only elements that we let pass, and no address that runs script; a remark holds fewer. */
#include "html/html.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const allowed[] = {
    "b",   "p",     "h2",    "h3",    "h4",  "h5", "h6", "em",         "strong",
    "del", "code",  "pre",   "a",     "img", "ul", "ol", "li",         "br",
    "hr",  "table", "thead", "tbody", "tr",  "th", "td", "blockquote",
};

static bool is_allowed(struct str name)
{
    for (size_t i = 0; i < COUNT(allowed); i++)
        if (str_is(name, allowed[i])) return true;
    return false;
}

static bool is_in_remark(struct str name)
{
    static const char *const never[] = { "b",   "h2", "h3", "h4", "h5",    "h6",
                                         "img", "hr", "th", "td", "table", "tr" };
    for (size_t i = 0; i < COUNT(never); i++)
        if (str_is(name, never[i])) return false;
    return true;
}

static void check_element(struct str tag, bool remark)
{
    if (str_starts(tag, S("/"))) tag = str_sub(tag, 1, tag.n);
    size_t end = 0;
    while (end < tag.n && tag.p[end] != ' ' && tag.p[end] != '/' && tag.p[end] != '>')
        end++;
    struct str name = str_sub(tag, 0, end);
    if (!is_allowed(name) || (remark && !is_in_remark(name))) abort();
    struct str inside = str_sub(tag, 0, str_find(tag, '>'));
    static const char *const addresses[] = { " href=\"", " src=\"" };
    for (size_t i = 0; i < COUNT(addresses); i++) {
        size_t at = str_search(inside, str_from(addresses[i]));
        if (at == inside.n) continue;
        struct str address = str_sub(inside, at + strlen(addresses[i]), inside.n);
        address = str_sub(address, 0, str_find(address, '"'));
        if (str_is(url(address).s, "#") && !str_is(address, "#")) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    if (n > 4096 || !utf8_valid(text)) return 0; /* what is not UTF-8 is stopped at the door */
    struct arena *arena = arena_create();
    struct str html = html_markdown(arena, text, 2).s,
               remark = html_remark(arena, text, S("/tv/x"), 3600 * 1000).s;
    for (size_t at = 0; at < html.n; at++)
        if (html.p[at] == '<') check_element(str_sub(html, at + 1, html.n), false);
    for (size_t at = 0; at < remark.n; at++)
        if (remark.p[at] == '<') check_element(str_sub(remark, at + 1, remark.n), true);
    arena_destroy(arena);
    return 0;
}
