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

enum { OPTIONS = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8 };

static const char *const extensions[] = { "table", "strikethrough", "autolink", "tasklist" };

static cmark_node *parse(cmark_parser *parser, struct str markdown)
{
    for (size_t i = 0; i < COUNT(extensions); i++) {
        cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);
        if (!extension) abort(); /* the library lacks what it was built with */
        cmark_parser_attach_syntax_extension(parser, extension);
    }
    cmark_parser_feed(parser, markdown.p, markdown.n);
    return cmark_parser_finish(parser);
}

/* --- making the tree safe ------------------------------------------------------------------------------------------ */

/* Puts the children in the place of their node. */
static void unwrap(cmark_node *node)
{
    for (cmark_node *child; (child = cmark_node_first_child(node));)
        cmark_node_insert_before(node, child);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* The node becomes an element of ours, around the same children. */
static void replace(cmark_node *node, const char *enter, const char *leave)
{
    cmark_node *own = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    if (!own) abort();
    cmark_node_set_on_enter(own, enter);
    cmark_node_set_on_exit(own, leave);
    cmark_node_insert_before(node, own);
    for (cmark_node *child; (child = cmark_node_first_child(node));)
        cmark_node_append_child(own, child);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static bool is_own(struct str address)
{
    return address.n && strchr("/?#", address.p[0]);
}

/* Links to others say nothing about where people come from, and recommend nothing to search engines. */
static void make_link_safe(struct arena *a, cmark_node *node)
{
    struct str given = str_from(cmark_node_get_url(node));
    struct str address = url(given).s;
    if (str_is(address, "#") && !str_is(given, "#")) {
        unwrap(node);
        return;
    }
    if (is_own(address)) return;
    struct buf out = BUF_INIT(64 * KIB);
    struct page page = { .out = &out, .arena = a };
    page_raw(&page, "<a href=\"");
    page_put_url(&page, (struct url){ address });
    page_raw(&page, "\" rel=\"noopener noreferrer nofollow\">");
    struct str enter = arena_dup(a, buf_view(&out));
    bool full = out.full;
    buf_finish(&out);
    if (full)
        unwrap(node);
    else
        replace(node, enter.p, "</a>");
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

static void make_safe(struct arena *a, cmark_node *node, cmark_event_type event, int top)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
        cmark_node_unlink(node);
        cmark_node_free(node);
        return;
    }
    if (event != CMARK_EVENT_EXIT) return; /* inner nodes may change once the walk has left them */
    if (type == CMARK_NODE_LINK) {
        make_link_safe(a, node);
    } else if (type == CMARK_NODE_IMAGE) {
        make_image_safe(node);
    } else if (type == CMARK_NODE_HEADING) {
        int level = cmark_node_get_heading_level(node) + top - 1;
        cmark_node_set_heading_level(node, level > 6 ? 6 : level);
    } else if (str_is(str_from(cmark_node_get_type_string(node)), "tasklist")) {
        make_task_readable(node);
    }
}

struct html html_markdown(struct arena *a, struct str markdown, int top)
{
    if (markdown.n == 0) return (struct html){ S("") };
    pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    if (!parser) abort();
    pthread_mutex_lock(&parsing);
    cmark_node *document = parse(parser, str_sub(markdown, 0, LIMIT_MARKDOWN));
    pthread_mutex_unlock(&parsing);

    cmark_iter *walk = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(walk)) != CMARK_EVENT_DONE;)
        make_safe(a, cmark_iter_get_node(walk), event, top < 1 ? 1 : top);
    cmark_iter_free(walk);
    char *text = cmark_render_html(document, OPTIONS, cmark_parser_get_syntax_extensions(parser));
    struct html h = { arena_dup(a, str_from(text)) };
    free(text);
    cmark_node_free(document);
    cmark_parser_free(parser);
    return h;
}
