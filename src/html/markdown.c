/* Markdown that people wrote, as markup. cmark-gfm parses; the tree is then made safe (no raw HTML, addresses only
 * as url() lets them pass, pictures only from our own site) before it is written. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <pthread.h>

#include "base/limits.h"
#include "html/html.h"

/* cmark-gfm's parser changes a table of the whole process while it reads inlines (SPECIAL_CHARS in inlines.c):
 * two threads must not parse at once. */
static pthread_mutex_t parsing = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

enum {
    OPTIONS = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8,
    REMARK = 2,    /* extensions that a remark has, of the list below */
    TIME_MOST = 8, /* "10:00:00" */
    MAX_CELLS = 200000,
    MAX_MARKUP = 32 * MIB
};

static const char *const extensions[] = { "strikethrough", "autolink", "tasklist", "table" };

/* Rows of a table are filled up to its columns: a wide head over many short lines would become millions of cells. Such
 * a text is shown without its tables. */
static bool has_too_many_cells(struct str markdown)
{
    size_t lines = 0, widest = 0;
    while (markdown.n) {
        struct str line = str_cut(&markdown, '\n');
        size_t bars = 1;
        for (size_t i = 0; i < line.n; i++)
            bars += line.p[i] == '|';
        if (bars > widest) widest = bars;
        lines++;
    }
    return widest > 1 && widest * lines > MAX_CELLS;
}

static cmark_node *parse(cmark_parser *parser, struct str markdown, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);
        if (!extension) abort(); /* the library lacks what it was built with */
        cmark_parser_attach_syntax_extension(parser, extension);
    }
    cmark_parser_feed(parser, markdown.p, markdown.n);
    return cmark_parser_finish(parser);
}

/* --- making the tree safe ------------------------------------------------------------------------------------------ */

/* Puts the children in the place of their node; what cannot stand there goes. */
static void unwrap(cmark_node *node)
{
    for (cmark_node *child; (child = cmark_node_first_child(node));) {
        if (cmark_node_insert_before(node, child)) continue;
        cmark_node_unlink(child);
        cmark_node_free(child);
    }
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static void make_link_safe(cmark_node *node)
{
    struct str given = str_from(cmark_node_get_url(node));
    if (str_is(url(given).s, "#") && !str_is(given, "#")) unwrap(node);
}

static void make_image_safe(cmark_node *node)
{
    struct str address = str_from(cmark_node_get_url(node));
    bool ours = str_starts(address, S("/")) && str_eq(url(address).s, str_trim(address));
    if (!ours) unwrap(node); /* its description stays */
}

/* A box to tick that cannot be ticked confuses: a sign says the same. */
static void make_task_readable(cmark_node *item)
{
    bool done = cmark_gfm_extensions_get_tasklist_item_checked(item);
    cmark_node *paragraph = cmark_node_first_child(item);
    cmark_node_set_syntax_extension(item, NULL);
    cmark_node *sign = cmark_node_new(CMARK_NODE_TEXT);
    if (!sign) abort();
    cmark_node_set_literal(sign, done ? "☑ " : "☐ ");
    if (!paragraph || !cmark_node_prepend_child(paragraph, sign)) cmark_node_free(sign);
}

static void make_safe(cmark_node *node, cmark_event_type event, int top)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
        cmark_node_unlink(node);
        cmark_node_free(node);
        return;
    }
    if (event != CMARK_EVENT_EXIT) return; /* inner nodes may change once the walk has left them */
    if (type == CMARK_NODE_LINK) {
        make_link_safe(node);
    } else if (type == CMARK_NODE_IMAGE) {
        make_image_safe(node);
    } else if (type == CMARK_NODE_HEADING) {
        int level = cmark_node_get_heading_level(node) + top - 1;
        cmark_node_set_heading_level(node, level > 6 ? 6 : level);
    } else if (str_is(str_from(cmark_node_get_type_string(node)), "tasklist")) {
        make_task_readable(node);
    }
}

/* Links to others say nothing about where people come from, and recommend nothing to search engines. No text of a
 * person holds a '<' any more, so every "<a href" is cmark's own. */
static struct str with_rel(struct arena *a, struct str html)
{
    struct str link = S("<a href=\"");
    struct buf out = BUF_INIT(MAX_MARKUP);
    for (size_t at; (at = str_search(html, link)) < html.n;) {
        buf_str(&out, str_sub(html, 0, at));
        html = str_sub(html, at + link.n, html.n);
        bool own = html.n && strchr("/?#", html.p[0]);
        if (own) buf_lit(&out, "<a href=\"");
        else buf_lit(&out, "<a rel=\"noopener noreferrer nofollow\" href=\"");
    }
    buf_str(&out, html);
    struct str s = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return s;
}

/* A box with a title: a quotation that begins with [!Astuce]. No text of a person holds a '<' any more, so what is looked
 * for is cmark's own. */
static struct str with_boxes(struct arena *a, struct str html)
{
    static const struct {
        const char *word, *cls;
    } known[] = { { "attention", "bad" }, { "danger", "bad" }, { "warning", "bad" },
                  { "astuce", "ok" },     { "tip", "ok" },     { "bravo", "ok" } };
    struct str quote = S("<blockquote>\n<p>[!");
    if (str_search(html, quote) == html.n) return html;
    struct buf out = BUF_INIT(MAX_MARKUP);
    for (size_t at; (at = str_search(html, quote)) < html.n;) {
        struct str rest = str_sub(html, at + quote.n, html.n);
        size_t end = str_find(rest, ']');
        struct str title = str_sub(rest, 0, end);
        bool good = end > 0 && end < rest.n && title.n <= 80 && str_find(title, '<') == title.n &&
                    str_find(title, '\n') == title.n;
        buf_str(&out, str_sub(html, 0, at));
        if (!good) {
            buf_str(&out, quote);
            html = rest;
            continue;
        }
        const char *cls = "";
        for (size_t i = 0; i < COUNT(known); i++)
            if (str_eq_nocase(title, str_from(known[i].word))) cls = known[i].cls;
        buf_printf(&out, "<blockquote class=\"box %s\">\n<p><b>%.*s</b></p>\n<p>", cls, STR(title));
        html = str_trim(str_sub(rest, end + 1, rest.n));
        if (str_starts(html, S("</p>"))) html = str_sub(html, 4, html.n), out.n -= strlen("<p>");
    }
    buf_str(&out, html);
    struct str s = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return s;
}

/* A wide table scrolls within itself: by keyboard too. Nobody but the renderer writes this tag, text is escaped. */
static struct str with_focus(struct arena *a, struct str text)
{
    const struct str tag = S("<table>");
    struct buf out = BUF_INIT(MAX_MARKUP);
    for (size_t at; (at = str_search(text, tag)) < text.n;) {
        buf_str(&out, str_sub(text, 0, at));
        buf_lit(&out, "<table tabindex=\"0\">");
        text = str_sub(text, at + tag.n, text.n);
    }
    buf_str(&out, text);
    struct str s = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return s;
}

/* --- remarks ----------------------------------------------------------------------------------------------------------- */

static cmark_node *node_of(cmark_node_type type)
{
    cmark_node *node = cmark_node_new(type);
    if (!node) abort();
    return node;
}

static void put_before(cmark_node *place, cmark_node *node)
{
    if (!cmark_node_insert_before(place, node)) cmark_node_free(node);
}

static void put_text(cmark_node *place, struct arena *a, struct str text)
{
    if (!text.n) return;
    cmark_node *node = node_of(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, arena_cstr(a, text));
    put_before(place, node);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Seconds of a "3:12" or "1:02:03" that fills the text wholly; -1: it is none. */
static int64_t seconds_of(struct str text)
{
    int64_t seconds = 0, part;
    for (int i = 0; text.n; i++) {
        struct str digits = str_cut(&text, ':');
        if (i > 2 || digits.n > 2 || digits.n < (i ? 2 : 1) || !str_to_int(digits, &part) ||
            (i && part > 59))
            return -1;
        seconds = seconds * 60 + part;
    }
    return seconds;
}

/* The first time in `text` from `from` on that stands by itself; false: there is none. */
static bool find_time(struct str text, size_t from, struct str *ret, int64_t *ret_seconds)
{
    for (size_t i = from; i < text.n; i++) {
        bool inside = i > 0 && (is_digit(text.p[i - 1]) || strchr(":.,-/", text.p[i - 1]));
        if (!is_digit(text.p[i]) || inside) continue;
        size_t end = i;
        while (end < text.n && (is_digit(text.p[end]) || (text.p[end] == ':' && end + 1 < text.n &&
                                                          is_digit(text.p[end + 1]))))
            end++;
        struct str word = str_sub(text, i, end - i);
        bool goes_on =
            end < text.n && (text.p[end] == ':' || text.p[end] == '/' || text.p[end] == '-');
        *ret = word;
        *ret_seconds = word.n <= TIME_MOST && str_find(word, ':') < word.n ? seconds_of(word) : -1;
        if (*ret_seconds >= 0 && !goes_on) return true;
        i = end;
    }
    return false;
}

static bool is_in_link(cmark_node *node)
{
    while ((node = cmark_node_parent(node)))
        if (cmark_node_get_type(node) == CMARK_NODE_LINK) return true;
    return false;
}

static void link_times(struct arena *a, cmark_node *node, struct str at, int64_t longest_ms)
{
    struct str text = str_from(cmark_node_get_literal(node)), word;
    int64_t seconds;
    size_t done = 0, from = 0;
    if (is_in_link(node)) return;
    while (find_time(text, from, &word, &seconds)) {
        size_t start = (size_t)(word.p - text.p);
        from = start + word.n;
        if (seconds * 1000 >= longest_ms) continue; /* an hour of the day, a score */
        put_text(node, a, str_sub(text, done, start - done));
        cmark_node *link = node_of(CMARK_NODE_LINK), *inner = node_of(CMARK_NODE_TEXT);
        cmark_node_set_url(link, arena_printf(a, "%.*s#t=%lld", STR(at), (long long)seconds).p);
        cmark_node_set_literal(inner, arena_cstr(a, word));
        if (!cmark_node_append_child(link, inner)) cmark_node_free(inner);
        put_before(node, link);
        done = from;
    }
    if (!done) return;
    put_text(node, a, str_sub(text, done, text.n));
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* A heading becomes a paragraph. */
static void make_plain(cmark_node *heading)
{
    cmark_node *paragraph = node_of(CMARK_NODE_PARAGRAPH);
    for (cmark_node *child; (child = cmark_node_first_child(heading));) {
        if (cmark_node_append_child(paragraph, child)) continue;
        cmark_node_unlink(child);
        cmark_node_free(child);
    }
    put_before(heading, paragraph);
    cmark_node_unlink(heading);
    cmark_node_free(heading);
}

static void make_remark(cmark_iter *walk, cmark_event_type event, struct arena *a, struct str at,
                        int64_t longest_ms)
{
    cmark_node *node = cmark_iter_get_node(walk);
    cmark_node_type type = cmark_node_get_type(node);
    bool leaves = event == CMARK_EVENT_EXIT;
    if (type == CMARK_NODE_TEXT) {
        link_times(a, node, at, longest_ms);
    } else if (type == CMARK_NODE_THEMATIC_BREAK) {
        cmark_node_unlink(node);
        cmark_node_free(node);
    } else if (type == CMARK_NODE_HEADING) {
        if (leaves) make_plain(node);
    } else if (type == CMARK_NODE_IMAGE) {
        if (leaves) unwrap(node); /* its description stays */
    } else {
        make_safe(node, event, 1);
    }
}

/* --- both --------------------------------------------------------------------------------------------------------------- */

static cmark_node *read(cmark_parser *parser, struct str markdown, size_t extension_count)
{
    pthread_mutex_lock(&parsing);
    cmark_node *document = parse(parser, str_sub(markdown, 0, LIMIT_MARKDOWN), extension_count);
    pthread_mutex_unlock(&parsing);
    return document;
}

struct html html_remark(struct arena *a, struct str markdown, struct str at, int64_t longest_ms)
{
    if (markdown.n == 0) return (struct html){ S("") };
    pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    if (!parser) abort();
    cmark_node *document = read(parser, markdown, REMARK);
    cmark_consolidate_text_nodes(document); /* a colon may end a piece */
    cmark_iter *walk = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(walk)) != CMARK_EVENT_DONE;)
        make_remark(walk, event, a, at, longest_ms);
    cmark_iter_free(walk);
    char *text = cmark_render_html(document, OPTIONS | CMARK_OPT_HARDBREAKS,
                                   cmark_parser_get_syntax_extensions(parser));
    struct html h = { with_rel(a, str_from(text)) };
    free(text);
    cmark_node_free(document);
    cmark_parser_free(parser);
    return h;
}

struct html html_markdown(struct arena *a, struct str markdown, int top)
{
    if (markdown.n == 0) return (struct html){ S("") };
    pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    if (!parser) abort();
    cmark_node *document = read(parser, markdown, COUNT(extensions) - has_too_many_cells(markdown));

    cmark_iter *walk = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(walk)) != CMARK_EVENT_DONE;)
        make_safe(cmark_iter_get_node(walk), event, top < 1 ? 1 : top);
    cmark_iter_free(walk);
    char *text = cmark_render_html(document, OPTIONS, cmark_parser_get_syntax_extensions(parser));
    struct html h = { with_focus(a, with_boxes(a, with_rel(a, str_from(text)))) };
    free(text);
    cmark_node_free(document);
    cmark_parser_free(parser);
    return h;
}
