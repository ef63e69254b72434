/* What htmlgen knows about HTML: elements, attributes, entities, letters. */
#include "htmlgen.h"

#include "base/utf8.h"

#define BLOCK EL_ENDS_P
#define INLINE EL_INLINE
#define SVG EL_SVG

static const struct element elements[] = {
    /* document */
    { "html", 0 },
    { "head", 0 },
    { "body", 0 },
    { "title", EL_TEXT_ONLY },
    { "meta", EL_VOID },
    { "link", EL_VOID },
    { "base", EL_VOID },
    { "script", 0 },
    { "noscript", 0 },
    { "template", 0 },
    { "slot", INLINE },
    /* sections and groups */
    { "address", BLOCK },
    { "article", BLOCK },
    { "aside", BLOCK },
    { "blockquote", BLOCK },
    { "details", BLOCK },
    { "dialog", BLOCK },
    { "div", BLOCK },
    { "dl", BLOCK },
    { "fieldset", BLOCK },
    { "figure", BLOCK },
    { "figcaption", BLOCK },
    { "footer", BLOCK },
    { "form", BLOCK },
    { "h1", BLOCK },
    { "h2", BLOCK },
    { "h3", BLOCK },
    { "h4", BLOCK },
    { "h5", BLOCK },
    { "h6", BLOCK },
    { "header", BLOCK },
    { "hgroup", BLOCK },
    { "hr", BLOCK | EL_VOID },
    { "main", BLOCK },
    { "menu", BLOCK },
    { "nav", BLOCK },
    { "ol", BLOCK },
    { "p", BLOCK },
    { "pre", BLOCK | EL_KEEP },
    { "search", BLOCK },
    { "section", BLOCK },
    { "table", BLOCK },
    { "ul", BLOCK },
    { "li", 0 },
    { "dt", 0 },
    { "dd", 0 },
    { "summary", 0 },
    { "legend", 0 },
    { "caption", 0 },
    { "colgroup", 0 },
    { "col", EL_VOID },
    { "thead", 0 },
    { "tbody", 0 },
    { "tfoot", 0 },
    { "tr", 0 },
    { "td", 0 },
    { "th", 0 },
    /* text */
    { "a", INLINE },
    { "abbr", INLINE },
    { "b", INLINE },
    { "bdi", INLINE },
    { "bdo", INLINE },
    { "br", EL_VOID },
    { "cite", INLINE },
    { "code", INLINE },
    { "data", INLINE },
    { "del", INLINE },
    { "dfn", INLINE },
    { "em", INLINE },
    { "i", INLINE },
    { "ins", INLINE },
    { "kbd", INLINE },
    { "mark", INLINE },
    { "q", INLINE },
    { "rp", INLINE },
    { "rt", INLINE },
    { "ruby", INLINE },
    { "s", INLINE },
    { "samp", INLINE },
    { "small", INLINE },
    { "span", INLINE },
    { "strong", INLINE },
    { "sub", INLINE },
    { "sup", INLINE },
    { "time", INLINE },
    { "u", INLINE },
    { "var", INLINE },
    { "wbr", INLINE | EL_VOID },
    /* forms */
    { "button", INLINE },
    { "datalist", 0 },
    { "input", INLINE | EL_VOID },
    { "label", INLINE },
    { "meter", INLINE },
    { "optgroup", 0 },
    { "option", 0 },
    { "output", INLINE },
    { "progress", INLINE },
    { "select", INLINE },
    { "textarea", INLINE | EL_KEEP | EL_TEXT_ONLY },
    /* media */
    { "area", EL_VOID },
    { "audio", INLINE },
    { "canvas", INLINE },
    { "iframe", INLINE },
    { "img", INLINE | EL_VOID },
    { "map", INLINE },
    { "picture", INLINE },
    { "source", EL_VOID },
    { "track", EL_VOID },
    { "video", INLINE },
    /* SVG */
    { "svg", SVG | INLINE },
    { "circle", SVG },
    { "clipPath", SVG },
    { "defs", SVG },
    { "desc", SVG },
    { "ellipse", SVG },
    { "g", SVG },
    { "image", SVG },
    { "line", SVG },
    { "linearGradient", SVG },
    { "marker", SVG },
    { "mask", SVG },
    { "path", SVG },
    { "pattern", SVG },
    { "polygon", SVG },
    { "polyline", SVG },
    { "radialGradient", SVG },
    { "rect", SVG },
    { "stop", SVG },
    { "symbol", SVG },
    { "text", SVG | INLINE },
    { "tspan", SVG | INLINE },
    { "textPath", SVG | INLINE },
    { "use", SVG },
};

const struct element *element_find(struct str name)
{
    static const struct element custom = { "a custom element", EL_ENDS_P };
    for (size_t i = 0; i < COUNT(elements); i++)
        if (str_is(name, elements[i].name)) return &elements[i];
    return str_find(name, '-') < name.n ? &custom : NULL;
}

static bool one_of(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_is(name, *names)) return true;
    return false;
}

static const char *const url_attributes[] = {
    "href",   "src",      "action",     "formaction",  "poster",         "cite",      "data",
    "srcset", "hx-get",   "hx-post",    "hx-put",      "hx-patch",       "hx-delete", "hx-push-url",
    "ping",   "manifest", "xlink:href", "imagesrcset", "hx-replace-url", NULL,
};

static const char *const human_attributes[] = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "label",
    "abbr",
    "aria-roledescription",
    "aria-placeholder",
    "hx-confirm",
    "hx-prompt",
    NULL,
};

static const char *const literal_attributes[] = {
    "method",     "http-equiv", "hx-vals",   "hx-headers", "hx-request", "hx-trigger",
    "formmethod", "hx-ext",     "translate", "is",         NULL,
};

const char *attribute_refusal(struct str name)
{
    if (str_is(name, "style"))
        return "inline styles are forbidden by our content security policy; use a class";
    if (str_is(name, "srcdoc")) return "a document inside an attribute cannot be checked";
    if (str_is(name, "hx-vars")) return "it is run as script; use hx-vals";
    if (str_starts(name, S("on")) || str_starts(name, S("hx-on")))
        return "script belongs in web/, not in attributes";
    return NULL;
}

enum attribute_kind attribute_kind(struct str name)
{
    if (attribute_refusal(name)) return ATTR_REFUSED;
    if (one_of(name, url_attributes)) return ATTR_URL;
    if (one_of(name, human_attributes)) return ATTR_HUMAN;
    if (one_of(name, literal_attributes)) return ATTR_LITERAL;
    return ATTR_PLAIN;
}

size_t entity_length(struct str s)
{
    size_t end = str_find(str_sub(s, 0, 32), ';');
    if (s.n < 3 || s.p[0] != '&' || end < 2 || end >= 32 || end >= s.n) return 0;
    size_t i = 1;
    if (s.p[i] == '#') i++;
    if (i == end) return 0;
    for (; i < end; i++)
        if (!is_word(s.p[i]) || s.p[i] == '_') return 0;
    return end + 1;
}

/* Letters of the scripts a template could hold; signs, arrows, shapes and pictographs are none. */
static bool is_letter(uint32_t c)
{
    if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if (c < 0xC0) return c == 0xAA || c == 0xBA;
    if (c == 0xD7 || c == 0xF7) return false;
    return c < 0x2000 || (c >= 0x2C00 && c < 0x2E00) || (c >= 0x3041 && c < 0xD800);
}

size_t first_letter(struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        size_t here = at;
        size_t entity = entity_length(str_sub(s, at, s.n));
        if (entity) at += entity;
        else if (is_letter(utf8_next(s, &at))) return here;
    }
    return s.n;
}
