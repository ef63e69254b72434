/* Attributes of a tag: reading, what is refused in them, writing. */
#include "htmlgen.h"

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool add_piece(struct parser *p, struct attribute *a, struct piece piece)
{
    if (a->count == MAX_PIECES) return fail(p, piece.line, "the value has too many expressions");
    a->pieces[a->count++] = piece;
    return true;
}

bool attribute_read_value(struct parser *p, struct attribute *a)
{
    char quote = here(p);
    if (quote == '{')
        return fail(p, p->line, "the value of %.*s needs quotes: %.*s=\"{{ … }}\"", STR(a->name),
                    STR(a->name));
    if (quote != '"' && quote != '\'')
        return fail(p, p->line, "the value of %.*s needs quotes", STR(a->name));
    unsigned begun = p->line;
    skip(p, 1);
    while (here(p) != quote) {
        struct str tail = rest(p);
        struct piece piece = { .line = p->line };
        if (tail.n == 0 || tail.p[0] == '<' || str_starts(tail, S("{% end template")))
            return fail(p, begun, "the value of %.*s is not closed (a < in it is written &lt;)",
                        STR(a->name));
        if (str_starts(tail, S("{%")))
            return fail(p, p->line,
                        "a statement cannot stand in a tag; use {{ a ? b : c }} or name?=\"{{ "
                        "condition }}value\"");
        if (str_starts(tail, S("{{"))) {
            piece.is_code = true;
            if (!read_expression(p, &piece.text, &piece.line)) return false;
        } else {
            size_t n = 1;
            while (n < tail.n && tail.p[n] != quote && tail.p[n] != '{' && tail.p[n] != '<')
                n++;
            piece.text = str_sub(tail, 0, n);
            skip(p, n);
        }
        if (!add_piece(p, a, piece)) return false;
    }
    skip(p, 1);
    return true;
}

bool attribute_take_condition(struct parser *p, struct attribute *a)
{
    if (a->count == 0 || !a->pieces[0].is_code)
        return fail(p, a->line, "%.*s?= begins with its condition: %.*s?=\"{{ condition }}value\"",
                    STR(a->name), STR(a->name));
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
static bool check_url(struct parser *p, struct str tag, const struct attribute *a)
{
    const struct piece *first = &a->pieces[0];
    if (a->count == 0) return fail(p, a->line, "%.*s is empty", STR(a->name));
    if (first->is_code) {
        if (a->count == 1 && code_is_call(first->text, S("url"))) return true;
        return fail(
            p, first->line,
            "%.*s begins with data: write %.*s=\"{{ url(…) }}\" alone, or begin with / ? or #",
            STR(a->name), STR(a->name));
    }
    struct str s = first->text;
    bool link = str_is(tag, "a") && str_is(a->name, "href") && a->count == 1;
    if (link && (str_starts(s, S("https://")) || str_starts(s, S("mailto:")))) return true;
    if (str_starts(s, S("//")) || str_find(s, '\\') < s.n || !is_own_address(s))
        return fail(p, first->line,
                    "%.*s=\"%.*s…\" is refused: begin with / ? or #; to other sites only <a "
                    "href=\"https://…\">, in full",
                    STR(a->name), STR(str_sub(s, 0, 20)));
    if (str_is(s, "/") && a->count > 1)
        return fail(p, first->line,
                    "%.*s=\"/{{ … }}\" could name another site: the first step of a path is fixed",
                    STR(a->name));
    return true;
}

static bool check_expressions(struct parser *p, const struct attribute *a, enum attribute_kind kind)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct piece *piece = &a->pieces[i];
        if (!piece->is_code) continue;
        if (kind == ATTR_LITERAL)
            return fail(p, piece->line, "%.*s must be written out, without {{ }}", STR(a->name));
        if (code_calls(piece->text, S("json")) || code_calls(piece->text, S("csrf")))
            return fail(p, piece->line,
                        "json() and csrf() make elements and scripts, not attribute values");
        bool whole = kind == ATTR_URL && a->count == 1;
        if (code_calls(piece->text, S("url")) && !whole)
            return fail(
                p, piece->line,
                "url() gives a whole address: %.*s=\"{{ url(…) }}\" in an address attribute",
                STR(a->name));
    }
    return true;
}

const struct piece *attribute_untranslated(const struct attribute *a)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct piece *piece = &a->pieces[i];
        if (!piece->is_code && first_letter(piece->text) < piece->text.n) return piece;
    }
    return NULL;
}

bool attribute_check(struct parser *p, struct str tag, const struct attribute *a)
{
    enum attribute_kind kind = attribute_kind(a->name);
    if (kind == ATTR_REFUSED)
        return fail(p, a->line, "%.*s is refused: %s", STR(a->name), attribute_refusal(a->name));
    if (!check_entities(p, a) || !check_expressions(p, a, kind)) return false;
    if (kind == ATTR_URL && (a->has_value || !a->conditional)) return check_url(p, tag, a);
    for (size_t i = 0; kind == ATTR_LITERAL && i < a->count; i++)
        if (str_starts(a->pieces[i].text, S("js:")) ||
            str_starts(a->pieces[i].text, S("javascript:")))
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

void attribute_write(struct parser *p, const struct attribute *a)
{
    if (a->conditional) write_code(p, a->condition.line, "    if (", a->condition.text, ") {");
    write_literal(p, S(" "));
    write_literal(p, a->name);
    if (a->has_value) write_value(p, a);
    if (a->conditional) write_code(p, a->condition.line, "    ", S("}"), "");
}

struct str attribute_fixed_value(const struct attribute *a)
{
    if (a->count == 0) return S("");
    return a->count == 1 && !a->pieces[0].is_code ? a->pieces[0].text : STR_NONE;
}
