/* Words of SQL, just enough to find parameters, ends of statements and places of types; it parses no grammar. */
#include "tools/sqlgen.h"

#include <ctype.h>
#include <strings.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Length of 'text' or "name" from its first quote on, a doubled quote being one inside; 0 when it never ends. */
static size_t quoted_length(struct str s)
{
    char quote = s.p[0];
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] != quote) continue;
        if (i + 1 < s.n && s.p[i + 1] == quote) i++;
        else return i + 1;
    }
    return 0;
}

static size_t word_length(struct str s, size_t from)
{
    while (from < s.n && is_word(s.p[from]))
        from++;
    return from;
}

/* A number keeps its point: 0.5 is one word. */
static size_t number_length(struct str s)
{
    size_t n = word_length(s, 0);
    if (n + 1 < s.n && s.p[n] == '.' && isdigit((unsigned char)s.p[n + 1]))
        n = word_length(s, n + 1);
    return n;
}

static size_t comment_length(struct str s)
{
    if (s.p[1] == '-') return str_find(s, '\n');
    size_t end = str_search(str_sub(s, 2, s.n), S("*/"));
    return end + 2 < s.n ? end + 4 : 0;
}

struct token lex(struct lexer *lexer)
{
    struct str s = lexer->rest;
    struct token t = { .kind = TOKEN_END, .text = { s.p, 0 }, .line = lexer->line };
    if (s.n == 0) return t;
    char c = s.p[0], next = s.n > 1 ? s.p[1] : '\0';
    size_t n = 1;
    if (isspace((unsigned char)c)) {
        t.kind = TOKEN_SPACE;
        while (n < s.n && isspace((unsigned char)s.p[n]))
            n++;
    } else if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
        t.kind = TOKEN_COMMENT;
        n = comment_length(s);
    } else if (c == '\'' || c == '"') {
        t.kind = c == '"' ? TOKEN_QUOTED : TOKEN_STRING;
        n = quoted_length(s);
    } else if (isdigit((unsigned char)c)) {
        t.kind = TOKEN_WORD;
        n = number_length(s);
    } else if (is_word(c)) {
        t.kind = TOKEN_WORD;
        n = word_length(s, 1);
    } else if (c == ':' && (isalpha((unsigned char)next) || next == '_')) {
        t.kind = TOKEN_PARAM;
        n = word_length(s, 1);
    } else {
        t.kind = TOKEN_MARK;
        n = c == ':' && next == ':' ? 2 : 1;
    }
    if (n == 0) { /* it never ends: hand out all the rest */
        t.kind = TOKEN_OPEN;
        n = s.n;
    }
    t.text.n = n;
    for (size_t i = 0; i < n; i++)
        if (s.p[i] == '\n') lexer->line++;
    lexer->rest = str_sub(s, n, s.n);
    return t;
}

struct token lex_solid(struct lexer *lexer)
{
    struct token t;
    do
        t = lex(lexer);
    while (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT);
    return t;
}

bool token_is(struct token token, const char *word)
{
    if (token.kind != TOKEN_WORD && token.kind != TOKEN_MARK) return false;
    return str_eq_nocase(token.text, str_from(word));
}

/* --- schema text for PostgreSQL -------------------------------------------------------------------------- */

/* Where in a CREATE TABLE or ALTER TABLE … ADD the reader stands. */
struct place {
    bool create, alter; /* inside such a statement */
    unsigned solid;     /* tokens of the statement so far */
    unsigned depth;     /* of parentheses */
    unsigned item;      /* solid tokens since the comma or parenthesis that began this definition */
    bool cast;          /* the last solid token was AS, inside parentheses */
    bool after_table;   /* behind the closing parenthesis of CREATE TABLE */
};

static bool type_stands_here(const struct place *p)
{
    if (p->cast) return true;
    return (p->create && p->depth == 1 && p->item == 1) ||
           (p->alter && p->depth == 0 && p->item == 1);
}

static struct str type_for_pgsql(struct token t)
{
    if (token_is(t, "INTEGER") || token_is(t, "INT")) return S("BIGINT");
    if (token_is(t, "REAL")) return S("DOUBLE PRECISION");
    if (token_is(t, "BLOB")) return S("BYTEA");
    return t.text;
}

static void place_advance(struct place *p, struct token t)
{
    if (token_is(t, ";")) {
        *p = (struct place){ 0 };
        return;
    }
    if (p->solid == 1 && token_is(t, "TABLE")) p->create = true; /* CREATE, ALTER or DROP TABLE */
    p->solid++;
    p->item++;
    p->cast = p->depth > 0 && token_is(t, "AS");
    if (token_is(t, "(")) {
        if (p->depth++ == 0) p->item = 0;
    } else if (token_is(t, ")") && p->depth > 0) {
        if (--p->depth == 0 && p->create && !p->alter) p->after_table = true;
    } else if (token_is(t, ",") && p->depth == 1) {
        p->item = 0;
    } else if (p->depth == 0 && p->create && (token_is(t, "ADD") || token_is(t, "COLUMN"))) {
        p->alter = true;
        p->item = 0;
    }
}

struct str schema_for_pgsql(struct arena *a, const char *file, struct str sql,
                            struct faults *faults)
{
    struct buf b = BUF_INIT(2 * SQLGEN_FILE);
    struct lexer lexer = { sql, 1 };
    struct place place = { 0 };
    for (struct token t = lex(&lexer); t.kind != TOKEN_END; t = lex(&lexer)) {
        if (t.kind == TOKEN_OPEN) {
            fault(faults, file, t.line, "this string or comment never ends");
            break;
        }
        if (token_is(t, "AUTOINCREMENT"))
            fault(faults, file, t.line,
                  "AUTOINCREMENT is for SQLite only: ids are given by the program");
        bool solid = t.kind != TOKEN_SPACE && t.kind != TOKEN_COMMENT;
        bool option = place.after_table && solid && !token_is(t, ";");
        if (t.kind == TOKEN_COMMENT) buf_putc(&b, ' ');
        else if (!option) buf_str(&b, type_stands_here(&place) ? type_for_pgsql(t) : t.text);
        if (solid) place_advance(&place, t);
    }
    struct str ret = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return ret;
}
