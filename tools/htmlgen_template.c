/* Files of templates: their heads, and what stands in them besides tags. */
#include "htmlgen.h"

#include <stdarg.h>

#include "base/utf8.h"

enum { MAX_CODE = 64 * 1024 * 1024 };

void part_init(struct part *part, struct arena *arena, struct str name)
{
    *part = (struct part){ .arena = arena,
                           .name = name,
                           .includes = BUF_INIT(MAX_CODE),
                           .prototypes = BUF_INIT(MAX_CODE),
                           .code = BUF_INIT(MAX_CODE) };
}

void part_finish(struct part *part)
{
    buf_finish(&part->includes);
    buf_finish(&part->prototypes);
    buf_finish(&part->code);
}

bool fail(struct parser *p, unsigned line, const char *format, ...)
{
    if (p->problem->text.p) return false;
    va_list args;
    va_start(args, format);
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *p->problem = (struct problem){ line, arena_dup(p->part->arena, str_from(text)) };
    return false;
}

struct str rest(const struct parser *p)
{
    return str_sub(p->source, p->at, p->source.n);
}

void skip(struct parser *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p->line += p->source.p[p->at + i] == '\n';
    p->at += n;
}

static bool at_mark(const struct parser *p, const char *mark)
{
    return str_starts(rest(p), str_from(mark));
}

struct open *innermost_element(struct parser *p)
{
    for (size_t i = p->depth; i > 0; i--)
        if (p->open[i - 1].element) return &p->open[i - 1];
    return NULL;
}

bool push(struct parser *p, struct open what)
{
    if (p->depth == MAX_DEPTH) return fail(p, what.line, "elements and blocks are nested too deep");
    p->open[p->depth++] = what;
    return true;
}

/* --- {{ … }}, {% … %}, {# … #} ------------------------------------------------------------------------------- */

/* At "{{" or "{%": the code up to the closing mark, which is skipped. */
static bool read_code(struct parser *p, const char *closing, struct str *ret_code,
                      unsigned *ret_line)
{
    unsigned line = p->line;
    struct str tail = str_sub(p->source, p->at + 2, p->source.n);
    size_t end = code_end(tail, str_from(closing));
    if (end == tail.n)
        return fail(p, line, "%.2s is not closed by %s", p->source.p + p->at, closing);
    struct str code = str_trim(str_sub(tail, 0, end));
    if (code.n == 0)
        return fail(p, line, "nothing stands between %.2s and %s", p->source.p + p->at, closing);
    skip(p, (size_t)(code.p - (p->source.p + p->at)));
    *ret_line = p->line;
    skip(p, (size_t)(tail.p + end + 2 - code.p));
    *ret_code = code;
    return true;
}

bool read_expression(struct parser *p, struct str *ret_code, unsigned *ret_line)
{
    if (!read_code(p, "}}", ret_code, ret_line)) return false;
    if (code_has_line_comment(*ret_code))
        return fail(p, *ret_line, "a // comment cannot stand in {{ }}");
    if (ret_code->p[ret_code->n - 1] == ';')
        return fail(p, *ret_line, "{{ }} holds an expression, without ';'");
    return true;
}

static bool text_expression(struct parser *p)
{
    struct str code;
    unsigned line;
    if (!read_expression(p, &code, &line)) return false;
    if (code_calls(code, S("url")))
        return fail(p, line, "url() is for attributes that hold an address, such as href");
    if (code_calls(code, S("json")))
        return fail(p, line, "json() is for <script type=\"application/json\">");
    if (code_calls(code, S("csrf"))) {
        struct open *form = NULL;
        for (size_t i = 0; i < p->depth; i++)
            if (p->open[i].post) form = &p->open[i];
        if (!form)
            return fail(p, line,
                        "csrf(pg) is for a <form method=\"post\">: elsewhere it would leak");
        form->csrf = true;
    }
    write_held_space(p);
    write_code(p, line, "    page_put(pg, ", code, ");");
    p->edge = false;
    return true;
}

static bool open_block(struct parser *p, unsigned line, bool loop)
{
    if (!push(p, (struct open){ .line = line, .edge_before = p->edge, .edge_after = true }))
        return false;
    p->edge = p->edge && !loop; /* a second round begins where the first ended */
    return true;
}

static bool close_block(struct parser *p, unsigned line)
{
    struct open *top = p->depth ? &p->open[p->depth - 1] : NULL;
    if (!top) return fail(p, line, "this } closes nothing");
    if (top->element)
        return fail(p, line, "<%.*s> opened on line %u is not closed before this }", STR(top->name),
                    top->line);
    p->edge = top->edge_before && top->edge_after && p->edge;
    p->depth--;
    return true;
}

/* Between the branches of an if: the next one begins where the first did. */
static void next_branch(struct parser *p, struct open *before, bool edge)
{
    struct open *now = &p->open[p->depth - 1];
    now->edge_before = before->edge_before;
    now->edge_after = before->edge_after && edge;
    p->edge = before->edge_before;
}

/* Follows the braces of a statement, so that elements and blocks nest in each other. */
static bool follow_braces(struct parser *p, struct str code, unsigned line)
{
    bool loop =
        code_calls(code, S("for")) || code_calls(code, S("while")) || str_starts(code, S("do"));
    bool branch = false, edge = p->edge;
    struct open closed = { 0 };
    for (size_t at = 0; at < code.n;) {
        size_t next = code_next(code, at);
        if (code.p[at] == '}') {
            if (p->depth) closed = p->open[p->depth - 1];
            if (!close_block(p, line)) return false;
            branch = at == 0;
        }
        if (code.p[at] == '{') {
            if (!open_block(p, line, loop)) return false;
            if (branch) next_branch(p, &closed, edge);
            branch = false;
        }
        for (; at < next; at++)
            line += code.p[at] == '\n';
    }
    return true;
}

static void begin_function(struct parser *p, const char *suffix, struct str params, unsigned line);

/* {% body %} cuts the template in two functions: x_begin(pg, …) and x_end(pg). */
static bool body_statement(struct parser *p, unsigned line)
{
    if (p->has_body || !p->expects_body)
        return fail(p, line, "a template has one {%% body %%}, written so");
    for (size_t i = 0; i < p->depth; i++)
        if (!p->open[i].element) return fail(p, line, "{%% body %%} cannot stand in a block of C");
    p->has_body = true;
    if (!p->edge) write_held_space(p);
    p->space = false;
    write_flush(p);
    buf_lit(&p->part->code, "}\n\n");
    begin_function(p, "_end", STR_NONE, line);
    p->edge = false;
    return true;
}

static bool statement(struct parser *p, bool *ret_ended)
{
    struct str code;
    unsigned line;
    if (!read_code(p, "%}", &code, &line)) return false;
    if (str_is(code, "end template")) return *ret_ended = true;
    if (str_is(code, "body")) return body_statement(p, line);
    if (str_starts(code, S("template ")) || str_starts(code, S("include ")))
        return fail(p, line, "the template %.*s is not ended: {%% end template %%} is missing",
                    STR(p->name));
    if (code.p[0] == '#') return fail(p, line, "the preprocessor has no place in a template");
    write_held_space(p);
    if (!follow_braces(p, code, line)) return false;
    char last = code.p[code.n - 1];
    bool whole = last == ';' || last == '{' || last == '}' || last == ':' || last == '/';
    write_code(p, line, "    ", code, whole ? "" : ";");
    if (last != '{' && last != '}') p->edge = false; /* it may have written something */
    return true;
}

static bool comment(struct parser *p)
{
    size_t end = str_search(rest(p), S("#}"));
    if (end == rest(p).n) return fail(p, p->line, "{# is not closed by #}");
    skip(p, end + 2);
    return true;
}

/* --- text ------------------------------------------------------------------------------------------------------- */

static bool untranslated(struct parser *p)
{
    struct str s = rest(p);
    size_t n = 0;
    while (n < s.n && n < 40 && s.p[n] != '<' && s.p[n] != '{' && s.p[n] != '\n')
        n++;
    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    struct str shown = str_trim(str_sub(s, 0, n));
    return fail(
        p, p->line,
        "\"%.*s\" is text that people read: write {{ _(\"%.*s\") }}, or set translate=\"no\"",
        STR(shown), STR(shown));
}

/* Writes the text up to the next mark or tag. */
static bool text(struct parser *p)
{
    struct open *in = innermost_element(p);
    bool keep = false;
    for (size_t i = 0; i < p->depth; i++)
        keep |= p->open[i].element && p->open[i].element->flags & EL_KEEP;
    struct str s = rest(p);
    if (is_space(s.p[0]) && !keep) {
        size_t n = 0;
        while (n < s.n && is_space(s.p[n]))
            n++;
        skip(p, n);
        p->space = true;
        return true;
    }
    size_t n = 1;
    while (n < s.n && !is_space(s.p[n]) && !memchr("<{}%&", s.p[n], 5))
        n++;
    if (s.p[0] == '&') n = entity_length(s);
    if (n == 0) return fail(p, p->line, "a bare & in text: write &amp;");
    if (!(in && in->silent) && first_letter(str_sub(s, 0, n)) < n) return untranslated(p);
    write_held_space(p);
    write_literal(p, str_sub(s, 0, n));
    skip(p, n);
    p->edge = false;
    return true;
}

/* --- templates ---------------------------------------------------------------------------------------------------- */

static bool node(struct parser *p, bool *ret_ended)
{
    if (at_mark(p, "{{")) return text_expression(p);
    if (at_mark(p, "{%")) return statement(p, ret_ended);
    if (at_mark(p, "{#")) return comment(p);
    if (at_mark(p, "}}") || at_mark(p, "%}"))
        return fail(p, p->line, "%.2s closes nothing", p->source.p + p->at);
    if (at_mark(p, "<")) return parse_tag(p);
    return text(p);
}

static void begin_function(struct parser *p, const char *suffix, struct str params, unsigned line)
{
    struct str between = params.n ? S(", ") : S("");
    struct str head = arena_printf(p->part->arena, "void %.*s%s(struct page *pg%.*s%.*s)",
                                   STR(p->name), suffix, STR(between), STR(params));
    buf_str(&p->part->prototypes, head);
    buf_lit(&p->part->prototypes, ";\n");
    write_code(p, line, "", head, "");
    buf_lit(&p->part->code, "{\n");
}

static bool body_ahead(const struct parser *p)
{
    struct str tail = rest(p);
    size_t end = str_search(tail, S("{% end template %}"));
    return str_search(tail, S("{% body %}")) < end;
}

static bool new_name(struct parser *p, struct str name, unsigned line)
{
    for (struct template_name *t = p->part->names; t; t = t->next)
        if (str_eq(t->name, name))
            return fail(p, line, "there is already a template %.*s", STR(name));
    struct template_name *t = arena_new(p->part->arena, struct template_name);
    *t = (struct template_name){ p->part->names, arena_dup(p->part->arena, name) };
    p->part->names = t;
    return true;
}

/* "name(parameters)" */
static bool template_head(struct parser *p, struct str code, unsigned line)
{
    size_t n = 0;
    while (n < code.n && is_word(code.p[n]))
        n++;
    struct str name = str_sub(code, 0, n);
    struct str params = str_trim(str_sub(code, n, code.n));
    if (n == 0 || params.n < 2 || params.p[0] != '(' || params.p[params.n - 1] != ')')
        return fail(p, line, "write {%% template name(C parameters) %%}");
    params = str_trim(str_sub(params, 1, params.n - 2));
    if (str_is(params, "void")) params = STR_NONE;
    if (!new_name(p, name, line)) return false;
    p->name = name;
    p->expects_body = body_ahead(p);
    p->has_body = false;
    p->depth = 0;
    p->space = false;
    p->edge = true;
    begin_function(p, p->expects_body ? "_begin" : "", params, line);
    p->wrote = false;
    return true;
}

static bool template_body(struct parser *p, unsigned begun)
{
    for (bool ended = false; !ended;) {
        if (p->at == p->source.n)
            return fail(p, begun, "the template %.*s is not ended: {%% end template %%} is missing",
                        STR(p->name));
        if (!node(p, &ended)) return false;
    }
    if (p->depth) {
        struct open *top = &p->open[p->depth - 1];
        if (!top->element) return fail(p, top->line, "unclosed block opened at line %u", top->line);
        return fail(p, top->line, "<%.*s> is not closed", STR(top->name));
    }
    if (p->expects_body != p->has_body) return fail(p, begun, "{%% body %%} stands in a comment");
    write_flush(p);
    if (!p->wrote) buf_lit(&p->part->code, "    (void)pg;\n");
    buf_lit(&p->part->code, "}\n\n");
    return true;
}

static bool include(struct parser *p, struct str file, unsigned line)
{
    bool quoted = file.n > 2 && file.p[0] == '"' && file.p[file.n - 1] == '"';
    bool angled = file.n > 2 && file.p[0] == '<' && file.p[file.n - 1] == '>';
    if ((!quoted && !angled) || str_find(file, '\n') < file.n)
        return fail(p, line, "write {%% include \"mod/x/x.h\" %%}");
    struct str row = arena_printf(p->part->arena, "#include %.*s\n", STR(file));
    struct str have = buf_view(&p->part->includes);
    if (str_search(have, row) == have.n) buf_str(&p->part->includes, row);
    return true;
}

/* What stands between templates: includes, comments, white space. */
static bool file_node(struct parser *p)
{
    if (is_space(p->source.p[p->at])) return skip(p, 1), true;
    if (at_mark(p, "{#")) return comment(p);
    if (!at_mark(p, "{%"))
        return fail(
            p, p->line,
            "only {%% template … %%}, {%% include … %%} and {# … #} stand outside of templates");
    unsigned begun = p->line, line;
    struct str code;
    if (!read_code(p, "%}", &code, &line)) return false;
    if (str_starts(code, S("include ")))
        return include(p, str_trim(str_sub(code, 8, code.n)), line);
    if (!str_starts(code, S("template ")))
        return fail(p, line, "this statement stands outside of any template");
    return template_head(p, str_trim(str_sub(code, 9, code.n)), line) && template_body(p, begun);
}

bool part_add_file(struct part *part, struct str path, struct str source, struct problem *ret)
{
    *ret = (struct problem){ 0 };
    struct parser p = { .part = part,
                        .path = path,
                        .source = source,
                        .line = 1,
                        .problem = ret,
                        .literal = BUF_INIT(MAX_CODE) };
    bool good = utf8_valid(source) || fail(&p, 1, "the file is not valid UTF-8");
    while (good && p.at < source.n)
        good = file_node(&p);
    if (good && (part->code.full || p.literal.full))
        good = fail(&p, 1, "the templates are too long");
    buf_finish(&p.literal);
    return good;
}

/* --- the two files -------------------------------------------------------------------------------------------------- */

void part_header(const struct part *part, struct buf *out)
{
    buf_lit(out, "/* Made by htmlgen from templates; change those. */\n#pragma once\n\n#include "
                 "\"html/html.h\"\n");
    buf_str(out, buf_view(&part->includes));
    buf_putc(out, '\n');
    buf_str(out, buf_view(&part->prototypes));
}

void part_source(const struct part *part, struct buf *out)
{
    buf_lit(out, "/* Made by htmlgen from templates; change those. */\n");
    buf_printf(out, "#include \"%.*s_html.h\"\n\n", STR(part->name));
    buf_str(out, buf_view(&part->code));
}
