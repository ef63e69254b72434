/* Tags: how they nest, and the rules of single elements. */
#include "htmlgen.h"

enum { MAX_ATTRIBUTES = 64 };

struct tag {
    struct str name;
    const struct element *element;
    unsigned line;
    struct str names[MAX_ATTRIBUTES];
    size_t count;
    bool silent, post, has_src;
    struct str type; /* of input, button, script */
    /* texts that are not translated: whether that is wrong is known at the end of the tag */
    struct piece raw_text, raw_value;
    struct str raw_name;
};

static void skip_space(struct parser *p)
{
    while (p->at < p->source.n && is_space(here(p)))
        skip(p, 1);
}

static struct str read_while(struct parser *p, bool (*fits)(char c))
{
    size_t from = p->at;
    while (p->at < p->source.n && fits(here(p)))
        p->at++;
    return str_sub(p->source, from, p->at - from);
}

static bool in_tag_name(char c)
{
    return (is_word(c) && c != '_') || c == '-';
}

static bool in_attribute_name(char c)
{
    return is_word(c) || c == '-' || c == ':' || c == '.';
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

/* Remembers what the tag's own rules need. */
static bool note_attribute(struct parser *p, struct tag *tag, const struct attribute *a)
{
    for (size_t i = 0; i < tag->count; i++)
        if (str_eq(tag->names[i], a->name))
            return fail(p, a->line, "%.*s is given twice", STR(a->name));
    if (tag->count == MAX_ATTRIBUTES)
        return fail(p, a->line, "<%.*s> has too many attributes", STR(tag->name));
    tag->names[tag->count++] = a->name;
    struct str fixed = attribute_fixed_value(a);
    if (str_is(a->name, "translate")) tag->silent = str_is(fixed, "no");
    if (str_is(a->name, "src")) tag->has_src = true;
    if (str_is(a->name, "type")) tag->type = fixed;
    const struct piece *raw = attribute_untranslated(a);
    if (raw && str_is(a->name, "value")) tag->raw_value = *raw;
    if (raw && attribute_kind(a->name) == ATTR_HUMAN) {
        tag->raw_text = *raw;
        tag->raw_name = a->name;
    }
    if (!str_is(a->name, "method") && !str_is(a->name, "formmethod")) return true;
    tag->post |= str_is(a->name, "method") && str_eq_nocase(fixed, S("post"));
    if (str_eq_nocase(fixed, S("post")) || str_eq_nocase(fixed, S("get")) ||
        str_eq_nocase(fixed, S("dialog")))
        return true;
    return fail(p, a->line, "%.*s is get, post or dialog", STR(a->name));
}

static bool parse_attribute(struct parser *p, struct tag *tag)
{
    struct attribute a = { .line = p->line };
    if (str_starts(rest(p), S("{%")))
        return fail(p, p->line,
                    "a statement cannot stand in a tag; use name?=\"{{ condition }}value\"");
    if (str_starts(rest(p), S("{{")))
        return fail(p, p->line, "an expression cannot be the name of an attribute");
    a.name = read_while(p, in_attribute_name);
    if (a.name.n == 0)
        return fail(p, p->line, "<%.*s> holds a character that cannot stand in a tag",
                    STR(tag->name));
    if (here(p) == '{') return fail(p, p->line, "an expression cannot be the name of an attribute");
    if (here(p) == '?') {
        a.conditional = true;
        skip(p, 1);
    }
    if (here(p) == '=') {
        a.has_value = true;
        skip(p, 1);
        if (!attribute_read_value(p, &a)) return false;
    }
    if (a.conditional && !attribute_take_condition(p, &a)) return false;
    if (!attribute_check(p, tag->name, &a) || !note_attribute(p, tag, &a)) return false;
    attribute_write(p, &a);
    return true;
}

static bool has_attribute(const struct tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->count; i++)
        if (str_is(tag->names[i], name)) return true;
    return false;
}

static bool is_data_script(const struct tag *tag)
{
    return str_is(tag->name, "script") &&
           (str_is(tag->type, "application/json") || str_is(tag->type, "application/ld+json"));
}

static bool refuse_untranslated(struct parser *p, struct str name, const struct piece *piece)
{
    return fail(p, piece->line, "%.*s is read by people: write %.*s=\"{{ _(\"%.*s\") }}\"",
                STR(name), STR(name), STR(str_sub(piece->text, 0, 60)));
}

/* Rules that need the whole tag. */
static bool check_tag(struct parser *p, const struct tag *tag)
{
    if (str_is(tag->name, "img") && !has_attribute(tag, "alt"))
        return fail(p, tag->line,
                    "<img> has no alt: say what it shows, or alt=\"\" when it only decorates");
    if (str_is(tag->name, "script") && !tag->has_src && !is_data_script(tag))
        return fail(p, tag->line,
                    "inline script is forbidden: give it a src, or type=\"application/json\" with "
                    "{{ json(…) }}");
    struct open *in = innermost_element(p);
    if (has_attribute(tag, "translate") ? tag->silent : in && in->silent) return true;
    if (tag->raw_text.text.n) return refuse_untranslated(p, tag->raw_name, &tag->raw_text);
    bool says =
        str_is(tag->type, "submit") || str_is(tag->type, "button") || str_is(tag->type, "reset");
    if (str_is(tag->name, "input") && says && tag->raw_value.text.n)
        return refuse_untranslated(p, S("value"), &tag->raw_value);
    return true;
}

/* Elements that the browser would close by itself, so that the page were not what the template shows. */
static bool check_nesting(struct parser *p, const struct tag *tag)
{
    for (size_t i = 0; i < p->depth; i++) {
        const struct open *o = &p->open[i];
        if (!o->element) continue;
        if (str_is(o->name, "p") && tag->element->flags & EL_ENDS_P)
            return fail(p, tag->line, "<%.*s> cannot stand in the <p> of line %u", STR(tag->name),
                        o->line);
        bool alone =
            str_is(tag->name, "a") || str_is(tag->name, "form") || str_is(tag->name, "button");
        if (alone && str_eq(o->name, tag->name))
            return fail(p, tag->line, "<%.*s> cannot stand in the <%.*s> of line %u",
                        STR(tag->name), STR(tag->name), o->line);
        if (o->element->flags & EL_TEXT_ONLY)
            return fail(p, tag->line, "<%.*s> cannot stand in <%.*s>, which holds text only",
                        STR(tag->name), STR(o->name));
    }
    return true;
}

/* The inside of <script>: nothing, or one json(). Leaves the end tag. */
static bool script_content(struct parser *p, const struct tag *tag)
{
    skip_space(p);
    if (is_data_script(tag) && !tag->has_src) {
        struct str code;
        unsigned line;
        if (!str_starts(rest(p), S("{{")) || !read_expression(p, &code, &line) ||
            !code_is_call(code, S("json")))
            return fail(p, p->line,
                        "<script type=\"application/json\"> holds exactly one {{ json(…) }}");
        write_code(p, line, "    page_put(pg, ", code, ");");
        skip_space(p);
    }
    if (!str_starts(rest(p), S("</script>")))
        return fail(p, p->line, "there is more in <script> than may be");
    return true;
}

static bool begin_tag(struct parser *p, struct tag *tag)
{
    if (tag->element->flags & EL_INLINE) write_held_space(p);
    p->space = false;
    write_literal(p, S("<"));
    write_literal(p, tag->name);
    for (;;) {
        size_t before = p->at;
        skip_space(p);
        if (p->at == p->source.n || here(p) == '<' || str_starts(rest(p), S("{% end template")))
            return fail(p, tag->line, "<%.*s is not closed by >", STR(tag->name));
        if (here(p) == '>' || str_starts(rest(p), S("/>"))) return true;
        if (before == p->at)
            return fail(p, p->line, "a space is missing between the attributes of <%.*s>",
                        STR(tag->name));
        if (!parse_attribute(p, tag)) return false;
    }
}

static bool open_tag(struct parser *p)
{
    struct tag tag = { .line = p->line };
    skip(p, 1);
    tag.name = read_while(p, in_tag_name);
    if (here(p) == '{') return fail(p, p->line, "an expression cannot be the name of an element");
    if (str_is(tag.name, "style"))
        return fail(p, tag.line,
                    "<style> is forbidden by our content security policy: use web/css");
    tag.element = element_find(tag.name);
    if (!tag.element)
        return fail(p, tag.line, "<%.*s> is not an element of HTML (names are in lower case)",
                    STR(tag.name));
    if (!check_nesting(p, &tag) || !begin_tag(p, &tag) || !check_tag(p, &tag)) return false;

    unsigned flags = tag.element->flags;
    bool closes_itself = here(p) == '/';
    if (closes_itself && !(flags & (EL_SVG | EL_VOID)))
        return fail(p, p->line, "<%.*s/> does not close: write </%.*s>", STR(tag.name),
                    STR(tag.name));
    skip(p, closes_itself ? 2 : 1);
    p->edge = !(flags & EL_INLINE);
    if (flags & EL_VOID) {
        write_literal(p, S(">"));
        return true;
    }
    if (closes_itself) {
        write_literal(p, S("/>"));
        return true;
    }
    write_literal(p, S(">"));
    struct open *in = innermost_element(p);
    bool silent = has_attribute(&tag, "translate") ? tag.silent : in && in->silent;
    /* the parser of the browser drops one line break there; ours is the one it drops, not the person's */
    if (str_is(tag.name, "textarea") || str_is(tag.name, "pre")) write_literal(p, S("\n"));
    bool post = tag.post && str_is(tag.name, "form");
    if (!push(p, (struct open){ .element = tag.element,
                                .line = tag.line,
                                .name = tag.name,
                                .silent = silent,
                                .post = post }))
        return false;
    return !str_is(tag.name, "script") || script_content(p, &tag);
}

static bool close_tag(struct parser *p)
{
    unsigned line = p->line;
    skip(p, 2);
    struct str name = read_while(p, in_tag_name);
    if (here(p) != '>') return fail(p, line, "</%.*s is not closed by >", STR(name));
    struct open *top = p->depth ? &p->open[p->depth - 1] : NULL;
    const struct element *element = element_find(name);
    if (element && element->flags & EL_VOID)
        return fail(p, line, "<%.*s> has no end tag", STR(name));
    if (!top) return fail(p, line, "</%.*s> closes nothing", STR(name));
    if (!top->element)
        return fail(p, line,
                    "</%.*s> closes an element that was opened before the block of line %u",
                    STR(name), top->line);
    if (!str_eq(top->name, name))
        return fail(p, line, "</%.*s> stands where </%.*s> must: <%.*s> was opened on line %u",
                    STR(name), STR(top->name), STR(top->name), top->line);
    if (top->post && !top->csrf)
        return fail(p, top->line, "this form posts without its token: put {{ csrf(pg) }} inside");
    skip(p, 1);
    if (top->element->flags & EL_INLINE) write_held_space(p);
    p->space = false;
    p->edge = !(top->element->flags & EL_INLINE);
    p->depth--;
    write_literal(p, S("</"));
    write_literal(p, name);
    write_literal(p, S(">"));
    return true;
}

/* Comments are dropped: what is for the reader of the template is not sent to everybody. */
static bool html_comment(struct parser *p)
{
    size_t end = str_search(rest(p), S("-->"));
    struct str inside = str_sub(rest(p), 0, end);
    if (end == rest(p).n) return fail(p, p->line, "<!-- is not closed by -->");
    if (str_search(inside, S("{{")) < inside.n || str_search(inside, S("{%")) < inside.n)
        return fail(p, p->line, "a comment holds an expression; use {# … #} to leave code out");
    skip(p, end + 3);
    return true;
}

bool parse_tag(struct parser *p)
{
    struct str tail = rest(p);
    if (str_starts(tail, S("<!--"))) return html_comment(p);
    if (str_eq_nocase(str_sub(tail, 0, 15), S("<!doctype html>"))) {
        write_literal(p, S("<!doctype html>"));
        skip(p, 15);
        p->edge = true;
        return true;
    }
    if (str_starts(tail, S("</"))) return close_tag(p);
    if (str_starts(tail, S("<{")))
        return fail(p, p->line, "an expression cannot be the name of an element");
    if (tail.n < 2 || !is_word(tail.p[1])) return fail(p, p->line, "a bare < in text: write &lt;");
    return open_tag(p);
}
