/* XML from outside. What SAML does not need is refused before the parser sees it: a document type and with it every entity,
 * CDATA, processing instructions, other encodings. In valid UTF-8 "<!" and "<?" begin nothing else. */
#include "mod/federation/saml_xml.h"

#include <libxml/parser.h>
#include <pthread.h>

#include "base/utf8.h"
#include "mod/federation/saml.h"

static bool harmless(struct str s, bool comments)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] != '<') continue;
        if (s.p[i + 1] == '?') return false;
        if (s.p[i + 1] == '!' && !(comments && str_starts(str_sub(s, i, 4), S("<!--"))))
            return false;
    }
    return memchr(s.p, 0, s.n) == NULL;
}

/* Behind a byte order mark and "<?xml …?>"; a declared encoding counts for nothing, the bytes are UTF-8. */
static struct str body_of(struct str s)
{
    if (str_starts(s, S("\xEF\xBB\xBF"))) s = str_sub(s, 3, s.n);
    s = str_trim(s);
    if (!str_starts(s, S("<?xml "))) return s;
    size_t end = str_search(s, S("?>"));
    return str_trim(str_sub(s, end + 2, s.n));
}

static void free_doc(void *doc)
{
    xmlFreeDoc(doc);
}

static bool shallow(const xmlNode *node, int depth)
{
    for (; node; node = node->next) {
        if (depth > SAML_DEPTH) return false;
        if (node->type == XML_ELEMENT_NODE && !shallow(node->children, depth + 1)) return false;
    }
    return true;
}

xmlDoc *xml_open(struct arena *a, struct str text, size_t max, bool comments, struct str *ret_body)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, xmlInitParser);
    if (!text.n || text.n > max || !utf8_valid(text)) return NULL;
    struct str body = body_of(text);
    if (!body.n || !harmless(body, comments)) return NULL;
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser) return NULL;
    xmlDoc *doc = xmlCtxtReadMemory(parser, body.p, (int)body.n, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(parser);
    if (!doc) return NULL;
    arena_cleanup(a, free_doc, doc);
    if (doc->intSubset || doc->extSubset || !xmlDocGetRootElement(doc)) return NULL;
    if (!shallow(doc->children, 1)) return NULL;
    *ret_body = body;
    return doc;
}

bool xml_is(const xmlNode *node, const char *ns, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
           strcmp((const char *)node->ns->href, ns) == 0 &&
           strcmp((const char *)node->name, name) == 0;
}

xmlNode *xml_child(const xmlNode *node, const char *ns, const char *name, size_t n)
{
    for (xmlNode *c = node ? node->children : NULL; c; c = c->next)
        if (xml_is(c, ns, name) && n-- == 0) return c;
    return NULL;
}

size_t xml_count(const xmlNode *node, const char *ns, const char *name)
{
    size_t n = 0;
    while (xml_child(node, ns, name, n))
        n++;
    return n;
}

static xmlNode *element(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *xml_next(xmlNode *node, const xmlNode *top)
{
    xmlNode *next = element(node->children);
    while (!next && node != top) {
        next = element(node->next);
        node = node->parent;
    }
    return next;
}

struct str xml_attribute(struct arena *a, const xmlNode *node, const char *name)
{
    xmlChar *value = node ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL;
    struct str copy = arena_dup(a, str_from((const char *)value));
    xmlFree(value);
    return copy;
}

struct str xml_text(struct arena *a, const xmlNode *node)
{
    if (!node) return STR_NONE;
    for (const xmlNode *c = node->children; c; c = c->next)
        if (c->type != XML_TEXT_NODE) return STR_NONE;
    xmlChar *value = xmlNodeGetContent(node);
    struct str copy = arena_dup(a, str_from((const char *)value));
    xmlFree(value);
    return str_trim(copy);
}

static bool digits(struct str s, size_t from, size_t n, int *ret)
{
    *ret = 0;
    for (size_t i = from; i < from + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        *ret = *ret * 10 + (s.p[i] - '0');
    }
    return true;
}

int64_t xml_time(struct str s)
{
    struct tm tm = { 0 };
    static const char shape[] = "0000-00-00T00:00:00";
    if (s.n < sizeof shape || s.n > 40 || s.p[s.n - 1] != 'Z') return 0;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] != '0' && s.p[i] != shape[i]) return 0;
    if (!digits(s, 0, 4, &tm.tm_year) || !digits(s, 5, 2, &tm.tm_mon) ||
        !digits(s, 8, 2, &tm.tm_mday) || !digits(s, 11, 2, &tm.tm_hour) ||
        !digits(s, 14, 2, &tm.tm_min) || !digits(s, 17, 2, &tm.tm_sec))
        return 0;
    if (s.n > sizeof shape && s.p[sizeof shape - 1] != '.') return 0;
    for (size_t i = sizeof shape; i + 1 < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return 0;
    if (tm.tm_year < 1971 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 24 || tm.tm_min > 59 || tm.tm_sec > 60)
        return 0;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return (int64_t)timegm(&tm) * 1000;
}
