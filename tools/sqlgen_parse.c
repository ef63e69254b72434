/* Cuts a statement file: header comments, the statements under them, their parameters. It knows no table. */
#include "tools/sqlgen.h"

#include <ctype.h>

/* Words a parameter or column cannot be called in C, and the names the generated functions use themselves. */
static const char *const taken[] = {
    "auto",   "break",  "case",   "char",     "const",    "continue", "default",
    "do",     "double", "else",   "enum",     "extern",   "float",    "for",
    "goto",   "if",     "inline", "int",      "long",     "register", "return",
    "short",  "signed", "sizeof", "static",   "struct",   "switch",   "typedef",
    "union",  "void",   "while",  "unsigned", "volatile", "restrict", "asm",
    "typeof", "bool",   "true",   "false",    "db",       "ret",
};

struct parser {
    struct arena *a;
    const char *file;
    struct faults *faults;
    struct statement *v; /* bodies, not yet paired */
    unsigned n, cap;
};

/* --- a header's words ------------------------------------------------------------------------------------ */

static bool is_name(struct str s)
{
    if (s.n == 0 || s.n > 60 || !islower((unsigned char)s.p[0])) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!islower((unsigned char)s.p[i]) && !isdigit((unsigned char)s.p[i]) && s.p[i] != '_')
            return false;
    return true;
}

static bool is_taken(struct str s)
{
    for (size_t i = 0; i < COUNT(taken); i++)
        if (str_is(s, taken[i])) return true;
    return str_starts(s, S("sql_"));
}

static struct field *fields_find(struct fields *fields, struct str name)
{
    for (unsigned i = 0; i < fields->n; i++)
        if (str_eq(fields->v[i].name, name)) return &fields->v[i];
    return NULL;
}

static bool type_read(struct str word, enum db_type *ret)
{
    static const char *const names[] = { "int", "text", "real", "blob" };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (!str_is(word, names[i])) continue;
        *ret = (enum db_type)i;
        return true;
    }
    return false;
}

/* A header being read: `next` is the token not yet used. */
struct header {
    struct parser *p;
    struct statement *st;
    struct lexer lexer;
    struct token next;
};

static void step(struct header *h)
{
    h->next = lex_solid(&h->lexer);
}

static bool accept(struct header *h, const char *word)
{
    if (!token_is(h->next, word)) return false;
    step(h);
    return true;
}

#define refuse(h, ...) (fault((h)->p->faults, (h)->st->file, (h)->st->line, __VA_ARGS__), false)

/* name type[?], … up to `close`, which is used up. */
static bool read_fields(struct header *h, struct fields *ret, unsigned max, const char *close)
{
    ret->v = arena_array(h->p->a, struct field, max);
    ret->n = 0;
    while (!accept(h, close)) {
        if (ret->n && !accept(h, ","))
            return refuse(h, "expected , or %s in the header, found '%.*s'", close,
                          STR(h->next.text));
        struct field f = { .name = h->next.text };
        if (h->next.kind != TOKEN_WORD || !is_name(f.name))
            return refuse(h, "'%.*s' cannot be a name here: write lower-case letters, digits and _",
                          STR(f.name));
        if (is_taken(f.name))
            return refuse(h, "'%.*s' cannot be a name here: C or sqlgen uses it", STR(f.name));
        if (fields_find(ret, f.name)) return refuse(h, "'%.*s' is declared twice", STR(f.name));
        step(h);
        if (!type_read(h->next.text, &f.type))
            return refuse(h, "unknown type '%.*s' of %.*s: write int, text, real or blob",
                          STR(h->next.text), STR(f.name));
        step(h);
        f.nullable = accept(h, "?");
        if (ret->n == max) return refuse(h, "more than %u names in one list", max);
        ret->v[ret->n++] = f;
    }
    return true;
}

static bool read_kind(struct header *h)
{
    if (accept(h, "one")) h->st->kind = KIND_ONE;
    else if (accept(h, "many")) h->st->kind = KIND_MANY;
    else if (accept(h, "exec")) h->st->kind = KIND_EXEC;
    else
        return refuse(h, "unknown kind '%.*s' of %.*s: write one, many or exec", STR(h->next.text),
                      STR(h->st->name));
    return true;
}

static bool read_engine(struct header *h)
{
    if (!accept(h, "@")) return true;
    if (accept(h, "sqlite")) h->st->engine = ENGINE_SQLITE;
    else if (accept(h, "pgsql")) h->st->engine = ENGINE_PGSQL;
    else return refuse(h, "unknown engine '@%.*s': write @sqlite or @pgsql", STR(h->next.text));
    return true;
}

/* name(params): kind [as other] [{ columns }] [@engine] */
static bool read_header(struct header *h)
{
    struct statement *st = h->st;
    step(h);
    st->name = h->next.text;
    if (str_search(st->header, S("*/")) < st->header.n) /* the header becomes a comment in C */
        return refuse(h, "a header cannot hold the end of a C comment");
    if (!is_name(st->name))
        return refuse(h,
                      "'%.*s' cannot be a statement's name: write lower-case letters, digits and _",
                      STR(st->name));
    step(h);
    if (!accept(h, "(")) return refuse(h, "expected ( after %.*s", STR(st->name));
    if (!read_fields(h, &st->params, SQLGEN_PARAMS, ")")) return false;
    if (!accept(h, ":"))
        return refuse(h, "expected ': one', ': many' or ': exec' at the end of the header of %.*s",
                      STR(st->name));
    if (!read_kind(h)) return false;
    if (accept(h, "as")) {
        st->as = h->next.text;
        step(h);
    }
    if (accept(h, "{") && !read_fields(h, &st->notes, SQLGEN_COLUMNS, "}")) return false;
    if (!read_engine(h)) return false;
    if (h->next.kind != TOKEN_END)
        return refuse(h, "'%.*s' is too much in the header of %.*s", STR(h->next.text),
                      STR(st->name));
    if (st->kind == KIND_EXEC && (st->as.p || st->notes.v))
        return refuse(h, "%.*s is exec: it has no columns to describe", STR(st->name));
    return true;
}

/* --- a statement's body ---------------------------------------------------------------------------------- */

static struct token peek_solid(struct lexer lexer)
{
    return lex_solid(&lexer);
}

/* Things that mean one thing to SQLite and another, or nothing, to PostgreSQL. */
static void check_portable(struct parser *p, const struct statement *st, struct token before,
                           struct token t, struct lexer lexer)
{
    if (t.kind == TOKEN_MARK && str_is(t.text, "::"))
        fault(p->faults, st->file, t.line, "write CAST(x AS …) instead of x::…");
    if (st->engine == ENGINE_PGSQL) return;
    if (token_is(t, "?") || token_is(t, "$") || token_is(t, "@"))
        fault(p->faults, st->file, t.line, "'%.*s' is no parameter here: write :name", STR(t.text));
    if (!token_is(before, "AS") || !token_is(peek_solid(lexer), ")")) return;
    if (token_is(t, "INTEGER") || token_is(t, "INT"))
        fault(p->faults, st->file, t.line,
              "CAST AS %.*s has 32 bits on PostgreSQL: write AS BIGINT", STR(t.text));
    if (token_is(t, "REAL"))
        fault(p->faults, st->file, t.line,
              "CAST AS REAL has 32 bits on PostgreSQL: write AS DOUBLE PRECISION");
}

/* Writes the body for both engines: comments go, :name becomes ?1 and $1. */
static void write_bodies(struct parser *p, struct statement *st)
{
    struct buf sqlite = BUF_INIT(2 * SQLGEN_FILE), pgsql = BUF_INIT(2 * SQLGEN_FILE);
    bool used[SQLGEN_PARAMS] = { false };
    struct lexer lexer = { st->sql, st->sql_line };
    struct token before = { .kind = TOKEN_END };
    for (struct token t = lex(&lexer); t.kind != TOKEN_END; t = lex(&lexer)) {
        if (t.kind == TOKEN_COMMENT) t.text = S(" ");
        if (t.kind != TOKEN_PARAM) {
            buf_str(&sqlite, t.text);
            buf_str(&pgsql, t.text);
            if (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT) continue;
            check_portable(p, st, before, t, lexer);
            before = t;
            continue;
        }
        before = t;
        struct str name = str_sub(t.text, 1, t.text.n);
        const struct field *param = fields_find(&st->params, name);
        if (!param) {
            fault(p->faults, st->file, t.line, "the parameter :%.*s is not in the header of %.*s",
                  STR(name), STR(st->name));
            continue;
        }
        long number = param - st->params.v;
        used[number] = true;
        buf_printf(&sqlite, "?%ld", number + 1);
        buf_printf(&pgsql, "$%ld", number + 1);
    }
    for (unsigned i = 0; i < st->params.n; i++)
        if (!used[i])
            fault(p->faults, st->file, st->line, "the parameter %.*s of %.*s is never used",
                  STR(st->params.v[i].name), STR(st->name));
    st->sqlite = arena_dup(p->a, buf_view(&sqlite));
    st->pgsql = arena_dup(p->a, buf_view(&pgsql));
    buf_finish(&sqlite);
    buf_finish(&pgsql);
}

/* --- a file ---------------------------------------------------------------------------------------------- */

/* "-- name(" begins a header; any other comment is prose. */
static bool is_header(struct token t)
{
    if (t.kind != TOKEN_COMMENT || t.text.n < 4 || t.text.p[0] != '-' || t.text.p[2] != ' ')
        return false;
    struct str s = str_sub(t.text, 3, t.text.n);
    size_t n = 0;
    while (n < s.n && (isalnum((unsigned char)s.p[n]) || s.p[n] == '_'))
        n++;
    return n > 0 && n < s.n && s.p[n] == '(';
}

/* Is a parenthesis or brace still open, so that the next comment line goes on? */
static bool header_goes_on(struct str s)
{
    int depth = 0;
    for (size_t i = 0; i < s.n; i++)
        depth += (s.p[i] == '(' || s.p[i] == '{') - (s.p[i] == ')' || s.p[i] == '}');
    return depth > 0;
}

/* The header's text from its comment lines, without the dashes. */
static struct str header_text(struct arena *a, struct token first, struct lexer *lexer)
{
    struct str text = str_trim(str_sub(first.text, 2, first.text.n));
    while (header_goes_on(text)) {
        struct lexer ahead = *lexer;
        struct token t = lex(&ahead);
        if (t.kind == TOKEN_SPACE) t = lex(&ahead);
        if (t.kind != TOKEN_COMMENT || t.text.p[0] != '-') break;
        text = arena_printf(a, "%.*s %.*s", STR(text), STR(str_trim(str_sub(t.text, 2, t.text.n))));
        *lexer = ahead;
    }
    return arena_dup(a, text);
}

static struct statement *add_statement(struct parser *p)
{
    if (p->n == p->cap) {
        unsigned cap = p->cap ? p->cap * 2 : 32;
        struct statement *v = arena_array(p->a, struct statement, cap);
        if (p->n) memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
        p->cap = cap;
    }
    struct statement *st = &p->v[p->n++];
    st->file = p->file;
    return st;
}

/* Moves behind the ; that ends the statement beginning with `first`; false when there is none. */
static bool read_body(struct parser *p, struct statement *st, struct token first,
                      struct lexer *lexer)
{
    struct token t = first;
    while (!token_is(t, ";")) {
        struct lexer ahead = *lexer;
        t = lex(&ahead);
        bool open = t.kind == TOKEN_OPEN;
        if (t.kind == TOKEN_END || open || is_header(t)) {
            fault(p->faults, p->file, open ? t.line : first.line,
                  open ? "this string or comment never ends"
                       : "this statement does not end with ;");
            if (open) *lexer = ahead;
            return false;
        }
        *lexer = ahead;
    }
    st->sql = (struct str){ first.text.p, (size_t)(t.text.p - first.text.p) };
    st->sql_line = first.line;
    return true;
}

/* Reads from the header on; a statement with a fault is dropped from the list. */
static void read_statement(struct parser *p, struct token comment, struct lexer *lexer)
{
    struct statement *st = add_statement(p);
    st->line = comment.line;
    st->header = header_text(p->a, comment, lexer);
    struct header h = { .p = p, .st = st, .lexer = { st->header, comment.line } };
    bool good = read_header(&h);
    struct lexer ahead = *lexer;
    struct token t = lex(&ahead);
    while (t.kind == TOKEN_SPACE || (t.kind == TOKEN_COMMENT && !is_header(t)))
        t = lex(&ahead);
    if (t.kind == TOKEN_END || t.kind == TOKEN_COMMENT) {
        fault(p->faults, p->file, st->line, "the header of %.*s has no statement under it",
              STR(st->name));
        p->n--;
        return;
    }
    *lexer = ahead;
    if (t.kind == TOKEN_OPEN) {
        fault(p->faults, p->file, t.line, "this string or comment never ends");
        p->n--;
        return;
    }
    if (!read_body(p, st, t, lexer) || !good) {
        p->n--;
        return;
    }
    write_bodies(p, st);
}

/* SQL without a header: says so once and skips to its end. */
static void refuse_headless(struct parser *p, struct token t, struct lexer *lexer)
{
    if (t.kind == TOKEN_OPEN) {
        fault(p->faults, p->file, t.line, "this string or comment never ends");
        return;
    }
    if (p->n)
        fault(p->faults, p->file, t.line,
              "a statement without its own header (the one of %.*s has its statement already)",
              STR(p->v[p->n - 1].name));
    else fault(p->faults, p->file, t.line, "a statement without a header line: -- name(…): kind");
    while (t.kind != TOKEN_END && !token_is(t, ";")) {
        struct lexer ahead = *lexer;
        t = lex(&ahead);
        if (is_header(t)) return;
        *lexer = ahead;
    }
}

/* --- two bodies under one name --------------------------------------------------------------------------- */

static struct str signature(const struct statement *st)
{
    return str_trim(str_sub(st->header, 0, str_find(st->header, '@')));
}

/* Joins `st` to the body of the same name that is already in the list. */
static void join_bodies(struct parser *p, struct statement *kept, const struct statement *st)
{
    if (kept->engine == ENGINE_BOTH || st->engine == ENGINE_BOTH || kept->engine == st->engine) {
        fault(p->faults, st->file, st->line, "%.*s is already the name of the statement in line %d",
              STR(st->name), kept->line);
        return;
    }
    if (!str_eq(signature(kept), signature(st))) {
        fault(p->faults, st->file, st->line,
              "the headers of %.*s for @sqlite and @pgsql (line %d) must be the same",
              STR(st->name), kept->line);
        kept->engine = ENGINE_BOTH; /* its other body is not missing */
        return;
    }
    if (st->engine == ENGINE_SQLITE) {
        kept->sqlite = st->sqlite;
        kept->sql = st->sql;
        kept->sql_line = st->sql_line;
    } else {
        kept->pgsql = st->pgsql;
    }
    kept->engine = ENGINE_BOTH;
}

static struct statement *find(const struct statements *statements, struct str name)
{
    for (unsigned i = 0; i < statements->n; i++)
        if (str_eq(statements->v[i].name, name)) return &statements->v[i];
    return NULL;
}

const struct statement *statements_find(const struct statements *statements, struct str name)
{
    return find(statements, name);
}

static struct statements pair_bodies(struct parser *p)
{
    struct statements ret = { arena_array(p->a, struct statement, p->n ? p->n : 1), 0 };
    bool *split = arena_array(p->a, bool, p->n ? p->n : 1);
    for (unsigned i = 0; i < p->n; i++) {
        struct statement *kept = find(&ret, p->v[i].name);
        if (kept) {
            join_bodies(p, kept, &p->v[i]);
            continue;
        }
        split[ret.n] = p->v[i].engine != ENGINE_BOTH;
        ret.v[ret.n++] = p->v[i];
    }
    for (unsigned i = 0; i < ret.n; i++)
        if (split[i] && ret.v[i].engine != ENGINE_BOTH)
            fault(p->faults, p->file, ret.v[i].line, "%.*s has no body for @%s", STR(ret.v[i].name),
                  ret.v[i].engine == ENGINE_SQLITE ? "pgsql" : "sqlite");
    return ret;
}

static void check_as(struct parser *p, const struct statements *all)
{
    for (unsigned i = 0; i < all->n; i++) {
        const struct statement *st = &all->v[i];
        if (!st->as.p) continue;
        const struct statement *other = find(all, st->as);
        if (!other || other == st || other->as.p || other->kind == KIND_EXEC)
            fault(p->faults, st->file, st->line,
                  "%.*s: '%.*s' is no statement of this file with a row structure of its own",
                  STR(st->name), STR(st->as));
    }
}

struct statements statements_parse(struct arena *a, const char *file, struct str text,
                                   struct faults *faults)
{
    struct parser p = { .a = a, .file = file, .faults = faults };
    struct lexer lexer = { text, 1 };
    for (struct token t = lex(&lexer); t.kind != TOKEN_END; t = lex(&lexer)) {
        if (is_header(t)) read_statement(&p, t, &lexer);
        else if (t.kind != TOKEN_SPACE && t.kind != TOKEN_COMMENT) refuse_headless(&p, t, &lexer);
    }
    struct statements all = pair_bodies(&p);
    check_as(&p, &all);
    return all;
}
