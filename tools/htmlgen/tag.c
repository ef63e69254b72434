/* Tags and attributes: the part of htmlgen that refuses most. */
#include "htmlgen.h"

enum { MAX_PIECES = 64, MAX_ATTRIBUTES = 64 };

/* A run of an attribute's value. */
struct piece {
    bool is_code;
    struct str text;
    unsigned line;
};

struct attribute {
    struct str name;
    unsigned line;
    bool has_value;
    bool conditional; /* name?="{{ condition }}value" */
    struct piece condition;
    struct piece pieces[MAX_PIECES];
    size_t count;
};

struct tag {
    struct str name;
    const struct element *element;
    unsigned line;
    struct str names[MAX_ATTRIBUTES];
    size_t count;
    bool silent, post, has_src;
    struct str type;            /* of input, button, script */
    struct attribute value;     /* kept, as what it means depends on the type */
};

static char here(const struct parser *p)
{
    return p->at < p->source.n ? p->source.p[p->at] : '\0';
}

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

/* --- values ------------------------------------------------------------------------------------------------------ */

static bool add_piece(struct parser *p, struct attribute *a, struct piece piece)
{
    if (a->count == MAX_PIECES) return fail(p, piece.line, "the value has too many expressions");
    a->pieces[a->count++] = piece;
    return true;
}

/* Reads up to the closing quote. */
static bool read_value(struct parser *p, struct attribute *a)
{
    char quote = here(p);
    if (quote == '{') return fail(p, p->line, "the value of %.*s needs quotes: %.*s=\"{{ … }}\"", STR(a->name), STR(a->name));
    if (quote != '"' && quote != '\'') return fail(p, p->line, "the value of %.*s needs quotes", STR(a->name));
    unsigned begun = p->line;
    skip(p, 1);
    while (here(p) != quote) {
        struct str tail = rest(p);
        struct piece piece = { .line = p->line };
        if (tail.n == 0) return fail(p, begun, "the value of %.*s is not closed", STR(a->name));
        if (str_starts(tail, S("{%")))
            return fail(p, p->line, "a statement cannot stand in a tag; use {{ a ? b : c }} or name?=\"{{ condition }}value\"");
        if (str_starts(tail, S("{{"))) {
            piece.is_code = true;
            if (!read_expression(p, &piece.text, &piece.line)) return false;
        } else {
            size_t n = 1;
            while (n < tail.n && tail.p[n] != quote && tail.p[n] != '{')
                n++;
            piece.text = str_sub(tail, 0, n);
            skip(p, n);
        }
        if (!add_piece(p, a, piece)) return false;
    }
    skip(p, 1);
    return true;
}

/* Takes the condition off the front. */
static bool take_condition(struct parser *p, struct attribute *a)
{
    if (a->count == 0 || !a->pieces[0].is_code)
        return fail(p, a->line, "%.*s?= begins with its condition: %.*s?=\"{{ condition }}value\"", STR(a->name), STR(a->name));
    a->condition = a->pieces[0];
    a->count--;
    memmove(a->pieces, a->pieces + 1, a->count * sizeof a->pieces[0]);
    a->has_value = a->count > 0;
    return true;
}

/* --- what is refused --------------------------------------------------------------------------------------------- */

static bool check_entities(struct parser *p, const struct attribute *a)
{
    for (size_t i = 0; i < a->count; i++) {
        struct str s = a->pieces[i].text;
        for (size_t at = 0; !a->pieces[i].is_code && at < s.n; at++)
            if (s.p[at] == '&' && !entity_length(str_sub(s, at, s.n)))
                return fail(p, a->pieces[i].line, "a bare & in %.*s: write &amp;", STR(a->name));
    }
    return true;
}

static bool is_own_address(struct str s)
{
    return str_starts(s, S("?")) || str_starts(s, S("#")) || str_starts(s, S("/"));
}

/* An address is one url() expression, a fixed one, or begins with something fixed that keeps it on our site. */
static bool check_url(struct parser *p, const struct tag *tag, const struct attribute *a)
{
    const struct piece *first = &a->pieces[0];
    if (a->count == 0) return fail(p, a->line, "%.*s is empty", STR(a->name));
    if (first->is_code) {
        if (a->count == 1 && code_is_call(first->text, S("url"))) return true;
        return fail(p, first->line, "%.*s begins with data: write %.*s=\"{{ url(…) }}\" alone, or begin with / ? or #",
                    STR(a->name), STR(a->name));
    }
    struct str s = first->text;
    bool link = str_is(tag->name, "a") && str_is(a->name, "href") && a->count == 1;
    if (link && (str_starts(s, S("https://")) || str_starts(s, S("mailto:")))) return true;
    if (str_starts(s, S("//")) || str_find(s, '\\') < s.n || !is_own_address(s))
        return fail(p, first->line, "%.*s=\"%.*s…\" is refused: begin with / ? or #; to other sites only <a href=\"https://…\">, in full",
                    STR(a->name), STR(str_sub(s, 0, 20)));
    if (str_is(s, "/") && a->count > 1)
        return fail(p, first->line, "%.*s=\"/{{ … }}\" could name another site: the first step of a path is fixed", STR(a->name));
    return true;
}

static bool check_expressions(struct parser *p, const struct attribute *a, enum attribute_kind kind)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct piece *piece = &a->pieces[i];
        if (!piece->is_code) continue;
        if (kind == ATTR_LITERAL) return fail(p, piece->line, "%.*s must be written out, without {{ }}", STR(a->name));
        if (code_calls(piece->text, S("json")) || code_calls(piece->text, S("csrf")))
            return fail(p, piece->line, "json() and csrf() make elements and scripts, not attribute values");
        bool whole = kind == ATTR_URL && a->count == 1;
        if (code_calls(piece->text, S("url")) && !whole)
            return fail(p, piece->line, "url() gives a whole address: %.*s=\"{{ url(…) }}\" in an address attribute", STR(a->name));
    }
    return true;
}

/* For attributes that people read. */
static bool check_translated(struct parser *p, const struct tag *tag, const struct attribute *a)
{
    struct open *in = innermost_element(p);
    if (tag->silent || (in && in->silent)) return true;
    for (size_t i = 0; i < a->count; i++) {
        const struct piece *piece = &a->pieces[i];
        if (!piece->is_code && first_letter(piece->text) < piece->text.n)
            return fail(p, piece->line, "%.*s is read by people: write %.*s=\"{{ _(\"%.*s\") }}\"", STR(a->name),
                        STR(a->name), STR(str_sub(piece->text, 0, 60)));
    }
    return true;
}

static bool check_attribute(struct parser *p, const struct tag *tag, const struct attribute *a)
{
    enum attribute_kind kind = attribute_kind(a->name);
    if (kind == ATTR_REFUSED) return fail(p, a->line, "%.*s is refused: %s", STR(a->name), attribute_refusal(a->name));
    if (!check_entities(p, a) || !check_expressions(p, a, kind)) return false;
    if (kind == ATTR_URL && (a->has_value || !a->conditional)) return check_url(p, tag, a);
    if (kind == ATTR_HUMAN) return check_translated(p, tag, a);
    for (size_t i = 0; kind == ATTR_LITERAL && i < a->count; i++)
        if (str_starts(a->pieces[i].text, S("js:")) || str_starts(a->pieces[i].text, S("javascript:")))
            return fail(p, a->line, "script in %.*s is refused", STR(a->name));
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* A literal of a value: quotes for our double ones, line breaks as one space. */
static void write_value_text(struct parser *p, struct str s, bool keep)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') {
            write_literal(p, S("&quot;"));
        } else if (s.p[i] == '\n' && !keep) {
            write_literal(p, S(" "));
            while (i + 1 < s.n && is_space(s.p[i + 1]))
                i++;
        } else {
            write_literal(p, str_sub(s, i, 1));
        }
    }
}

static void write_value(struct parser *p, const struct attribute *a)
{
    enum attribute_kind kind = attribute_kind(a->name);
    bool keep = kind == ATTR_HUMAN || str_is(a->name, "value");
    write_literal(p, S("=\""));
    for (size_t i = 0; i < a->count; i++) {
        const struct piece *piece = &a->pieces[i];
        const char *call = "    page_put_attr(pg, ";
        if (kind == ATTR_URL)
            call = a->count == 1 ? "    page_put_url(pg, " : "    page_put_part(pg, ";
        if (piece->is_code) write_code(p, piece->line, call, piece->text, ");");
        else write_value_text(p, piece->text, keep);
    }
    write_literal(p, S("\""));
}

static void write_attribute(struct parser *p, const struct attribute *a)
{
    if (a->conditional) write_code(p, a->condition.line, "    if (", a->condition.text, ") {");
    write_literal(p, S(" "));
    write_literal(p, a->name);
    if (a->has_value) write_value(p, a);
    if (a->conditional) write_code(p, a->condition.line, "    ", S("}"), "");
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

/* The fixed value of an attribute; STR_NONE when it is computed. */
static struct str fixed_value(const struct attribute *a)
{
    if (a->count == 0) return S("");
    return a->count == 1 && !a->pieces[0].is_code ? a->pieces[0].text : STR_NONE;
}

/* Remembers what the tag's own rules need. */
static bool note_attribute(struct parser *p, struct tag *tag, const struct attribute *a)
{
    for (size_t i = 0; i < tag->count; i++)
        if (str_eq(tag->names[i], a->name)) return fail(p, a->line, "%.*s is given twice", STR(a->name));
    if (tag->count == MAX_ATTRIBUTES) return fail(p, a->line, "<%.*s> has too many attributes", STR(tag->name));
    tag->names[tag->count++] = a->name;
    struct str fixed = fixed_value(a);
    if (str_is(a->name, "translate")) tag->silent = str_is(fixed, "no");
    if (str_is(a->name, "src")) tag->has_src = true;
    if (str_is(a->name, "type")) tag->type = fixed;
    if (str_is(a->name, "value")) tag->value = *a;
    if (!str_is(a->name, "method") && !str_is(a->name, "formmethod")) return true;
    tag->post |= str_is(a->name, "method") && str_eq_nocase(fixed, S("post"));
    if (str_eq_nocase(fixed, S("post")) || str_eq_nocase(fixed, S("get")) || str_eq_nocase(fixed, S("dialog"))) return true;
    return fail(p, a->line, "%.*s is get, post or dialog", STR(a->name));
}

static bool parse_attribute(struct parser *p, struct tag *tag)
{
    struct attribute a = { .line = p->line };
    if (str_starts(rest(p), S("{%")))
        return fail(p, p->line, "a statement cannot stand in a tag; use name?=\"{{ condition }}value\"");
    if (str_starts(rest(p), S("{{"))) return fail(p, p->line, "an expression cannot be the name of an attribute");
    a.name = read_while(p, in_attribute_name);
    if (a.name.n == 0) return fail(p, p->line, "<%.*s> holds a character that cannot stand in a tag", STR(tag->name));
    if (here(p) == '{') return fail(p, p->line, "an expression cannot be the name of an attribute");
    if (here(p) == '?') {
        a.conditional = true;
        skip(p, 1);
    }
    if (here(p) == '=') {
        a.has_value = true;
        skip(p, 1);
        if (!read_value(p, &a)) return false;
    }
    if (a.conditional && !take_condition(p, &a)) return false;
    if (!note_attribute(p, tag, &a) || !check_attribute(p, tag, &a)) return false;
    write_attribute(p, &a);
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
    return str_is(tag->name, "script") && str_is(tag->type, "application/json");
}

/* Rules that need the whole tag. */
static bool check_tag(struct parser *p, const struct tag *tag)
{
    if (str_is(tag->name, "img") && !has_attribute(tag, "alt"))
        return fail(p, tag->line, "<img> has no alt: say what it shows, or alt=\"\" when it only decorates");
    if (str_is(tag->name, "script") && !tag->has_src && !is_data_script(tag))
        return fail(p, tag->line, "inline script is forbidden: give it a src, or type=\"application/json\" with {{ json(…) }}");
    bool says = str_is(tag->type, "submit") || str_is(tag->type, "button") || str_is(tag->type, "reset");
    if (str_is(tag->name, "input") && says && !check_translated(p, tag, &tag->value)) return false;
    return true;
}

/* Elements that the browser would close by itself, so that the page were not what the template shows. */
static bool check_nesting(struct parser *p, const struct tag *tag)
{
    for (size_t i = 0; i < p->depth; i++) {
        const struct open *o = &p->open[i];
        if (!o->element) continue;
        if (str_is(o->name, "p") && tag->element->flags & EL_ENDS_P)
            return fail(p, tag->line, "<%.*s> cannot stand in the <p> of line %u", STR(tag->name), o->line);
        bool alone = str_is(tag->name, "a") || str_is(tag->name, "form") || str_is(tag->name, "button");
        if (alone && str_eq(o->name, tag->name))
            return fail(p, tag->line, "<%.*s> cannot stand in the <%.*s> of line %u", STR(tag->name), STR(tag->name), o->line);
        if (o->element->flags & EL_TEXT_ONLY)
            return fail(p, tag->line, "<%.*s> cannot stand in <%.*s>, which holds text only", STR(tag->name), STR(o->name));
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
        if (!str_starts(rest(p), S("{{")) || !read_expression(p, &code, &line) || !code_is_call(code, S("json")))
            return fail(p, p->line, "<script type=\"application/json\"> holds exactly one {{ json(…) }}");
        write_code(p, line, "    page_put(pg, ", code, ");");
        skip_space(p);
    }
    if (!str_starts(rest(p), S("</script>"))) return fail(p, p->line, "there is more in <script> than may be");
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
        if (p->at == p->source.n) return fail(p, tag->line, "<%.*s is not closed by >", STR(tag->name));
        if (here(p) == '>' || str_starts(rest(p), S("/>"))) return true;
        if (before == p->at) return fail(p, p->line, "a space is missing between the attributes of <%.*s>", STR(tag->name));
        if (!parse_attribute(p, tag)) return false;
    }
}

static bool open_tag(struct parser *p)
{
    struct tag tag = { .line = p->line };
    skip(p, 1);
    tag.name = read_while(p, in_tag_name);
    if (here(p) == '{') return fail(p, p->line, "an expression cannot be the name of an element");
    if (str_is(tag.name, "style")) return fail(p, tag.line, "<style> is forbidden by our content security policy: use web/css");
    tag.element = element_find(tag.name);
    if (!tag.element) return fail(p, tag.line, "<%.*s> is not an element of HTML (names are in lower case)", STR(tag.name));
    if (!check_nesting(p, &tag) || !begin_tag(p, &tag) || !check_tag(p, &tag)) return false;

    unsigned flags = tag.element->flags;
    bool closes_itself = here(p) == '/';
    if (closes_itself && !(flags & (EL_SVG | EL_VOID)))
        return fail(p, p->line, "<%.*s/> does not close: write </%.*s>", STR(tag.name), STR(tag.name));
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
    if (!push(p, (struct open){ .element = tag.element, .line = tag.line, .name = tag.name, .silent = silent, .post = post })) return false;
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
    if (element && element->flags & EL_VOID) return fail(p, line, "<%.*s> has no end tag", STR(name));
    if (!top) return fail(p, line, "</%.*s> closes nothing", STR(name));
    if (!top->element)
        return fail(p, line, "</%.*s> closes an element that was opened before the block of line %u", STR(name), top->line);
    if (!str_eq(top->name, name))
        return fail(p, line, "</%.*s> stands where </%.*s> must: <%.*s> was opened on line %u", STR(name), STR(top->name), STR(top->name), top->line);
    if (top->post && !top->csrf) return fail(p, top->line, "this form posts without its token: put {{ csrf(pg) }} inside");
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
    if (str_starts(tail, S("<{"))) return fail(p, p->line, "an expression cannot be the name of an element");
    if (tail.n < 2 || !is_word(tail.p[1])) return fail(p, p->line, "a bare < in text: write &lt;");
    return open_tag(p);
}
