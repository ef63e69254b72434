/* Recursive descent over the filter language. Every step down and every comparison is counted, so that a hostile filter
 * ends in a refusal and never in a deep stack or a long statement. */
#include "mod/scim/filter.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "html/lang.h"

struct parser {
    struct arena *arena;
    struct str text;
    size_t at;
    unsigned depth, tests;
    const char *problem;
};

static const char *const op_names[] = {
    "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"
};

static const struct scim_node *parse_or(struct parser *p, bool inside);

static const struct scim_node *refuse(struct parser *p, const char *problem)
{
    if (!p->problem) p->problem = problem;
    return NULL;
}

/* --- words ---------------------------------------------------------------------------------------------------------- */

static void skip_blanks(struct parser *p)
{
    while (p->at < p->text.n && p->text.p[p->at] == ' ')
        p->at++;
}

static char peek(const struct parser *p)
{
    return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static bool take(struct parser *p, char c)
{
    if (peek(p) != c) return false;
    p->at++;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '$';
}

/* Letters, digits and what a URN is made of, as far as they go. */
static struct str word(struct parser *p)
{
    size_t from = p->at;
    while (is_name_char(peek(p)) || peek(p) == ':' || peek(p) == '.')
        p->at++;
    return str_sub(p->text, from, p->at - from);
}

/* The word that comes next, in any case; nothing is taken when it is another. */
static bool keyword(struct parser *p, const char *name)
{
    size_t at = p->at;
    if (str_eq_nocase(word(p), str_from(name))) return true;
    p->at = at;
    return false;
}

static bool is_name(struct str s)
{
    if (s.n == 0 || !(is_letter(s.p[0]) || s.p[0] == '$')) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_char(s.p[i])) return false;
    return true;
}

/* "urn:…:User:name.givenName" taken apart. A schema ends at its last colon; its own dots ("2.0") stand before. */
static bool split_name(struct str full, struct str *ret_schema, struct str *ret_name,
                       struct str *ret_sub)
{
    *ret_schema = STR_NONE;
    if (full.n > 4 && str_eq_nocase(str_sub(full, 0, 4), S("urn:"))) {
        size_t colon = full.n;
        while (full.p[colon - 1] != ':')
            colon--;
        *ret_schema = str_sub(full, 0, colon - 1);
        full = str_sub(full, colon, full.n);
    }
    struct str rest = full;
    *ret_name = str_cut(&rest, '.');
    *ret_sub = ret_name->n < full.n ? rest : STR_NONE;
    return is_name(*ret_name) && (!ret_sub->p || is_name(*ret_sub));
}

/* --- values --------------------------------------------------------------------------------------------------------- */

static bool parse_text(struct parser *p, struct scim_node *node)
{
    size_t from = p->at++;
    while (p->at < p->text.n && peek(p) != '"')
        p->at += peek(p) == '\\' ? 2 : 1;
    if (!take(p, '"')) return false;
    json_t *value = json_loadb(p->text.p + from, p->at - from, JSON_DECODE_ANY, NULL);
    if (!value) return false;
    node->type = SCIM_TEXT;
    node->text = utf8_nfc(p->arena, arena_dup(p->arena, (struct str){ json_string_value(value),
                                                                      json_string_length(value) }));
    json_decref(value);
    return true;
}

static bool parse_value(struct parser *p, struct scim_node *node)
{
    if (peek(p) == '"') return parse_text(p, node);
    size_t from = p->at;
    while (is_name_char(peek(p)) || peek(p) == '.' || peek(p) == '+')
        p->at++;
    struct str text = str_sub(p->text, from, p->at - from);
    json_t *value = text.n ? json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL) : NULL;
    if (!value) return false;
    node->type = json_is_true(value)    ? SCIM_TRUE
                 : json_is_false(value) ? SCIM_FALSE
                 : json_is_null(value)  ? SCIM_NULL
                                        : SCIM_NUMBER;
    node->text = text;
    json_decref(value);
    return true;
}

/* --- comparisons ----------------------------------------------------------------------------------------------------- */

static struct scim_node *new_node(struct parser *p, enum scim_kind kind)
{
    struct scim_node *node = arena_new(p->arena, struct scim_node);
    node->kind = kind;
    return node;
}

static bool parse_op(struct parser *p, struct scim_node *node)
{
    skip_blanks(p);
    struct str name = word(p);
    for (size_t i = 0; i < COUNT(op_names); i++)
        if (str_eq_nocase(name, str_from(op_names[i]))) {
            node->op = (enum scim_op)i;
            if (node->op == SCIM_PR) return true;
            skip_blanks(p);
            return parse_value(p, node);
        }
    return false;
}

static const struct scim_node *parse_test(struct parser *p, struct str name, struct str sub)
{
    struct scim_node *node = new_node(p, SCIM_TEST);
    node->name = name;
    node->sub = sub;
    if (++p->tests > SCIM_FILTER_TESTS)
        return refuse(p, N_("This filter compares too many things."));
    if (!parse_op(p, node))
        return refuse(p, N_("An operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr) and a value in "
                            "the form of JSON are expected after a name."));
    return node;
}

/* name[filter], and as some programs write it: name[filter].sub op value */
static const struct scim_node *parse_any(struct parser *p, struct str name)
{
    struct scim_node *any = new_node(p, SCIM_ANY);
    any->name = name;
    any->left = parse_or(p, true);
    if (!any->left) return NULL;
    if (!take(p, ']')) return refuse(p, N_("A bracket is not closed."));
    if (peek(p) != '.') return any;
    p->at++;
    struct str sub = word(p);
    if (!is_name(sub)) return refuse(p, N_("This is no name of an attribute."));
    struct scim_node *both = new_node(p, SCIM_AND);
    both->left = any->left;
    both->right = parse_test(p, sub, STR_NONE);
    any->left = both;
    return both->right ? any : NULL;
}

static const struct scim_node *parse_group(struct parser *p, bool inside)
{
    const struct scim_node *node = parse_or(p, inside);
    if (!node) return NULL;
    skip_blanks(p);
    return take(p, ')') ? node : refuse(p, N_("A bracket is not closed."));
}

static const struct scim_node *parse_one(struct parser *p, bool inside)
{
    struct str schema, name, sub;
    skip_blanks(p);
    if (take(p, '(')) return parse_group(p, inside);
    size_t at = p->at;
    if (keyword(p, "not")) {
        skip_blanks(p);
        if (take(p, '(')) {
            struct scim_node *node = new_node(p, SCIM_NOT);
            node->left = parse_group(p, inside);
            return node->left ? node : NULL;
        }
        p->at = at;
    }
    if (!split_name(word(p), &schema, &name, &sub))
        return refuse(p, N_("This is no name of an attribute."));
    if (peek(p) != '[') return parse_test(p, name, sub);
    if (inside || sub.p) return refuse(p, N_("Brackets stand behind a list of values only."));
    p->at++;
    return parse_any(p, name);
}

static const struct scim_node *join(struct parser *p, enum scim_kind kind,
                                    const struct scim_node *left, const struct scim_node *right)
{
    struct scim_node *node = new_node(p, kind);
    node->left = left;
    node->right = right;
    return right ? node : NULL;
}

static const struct scim_node *parse_and(struct parser *p, bool inside)
{
    const struct scim_node *node = parse_one(p, inside);
    while (node) {
        skip_blanks(p);
        if (!keyword(p, "and")) break;
        node = join(p, SCIM_AND, node, parse_one(p, inside));
    }
    return node;
}

static const struct scim_node *parse_or(struct parser *p, bool inside)
{
    if (++p->depth > SCIM_FILTER_DEPTH) return refuse(p, N_("This filter is too deep."));
    const struct scim_node *node = parse_and(p, inside);
    while (node) {
        skip_blanks(p);
        if (!keyword(p, "or")) break;
        node = join(p, SCIM_OR, node, parse_and(p, inside));
    }
    p->depth--;
    if (node) skip_blanks(p);
    return node;
}

bool scim_filter_parse(struct arena *a, struct str text, const struct scim_node **ret,
                       const char **ret_problem)
{
    struct parser p = { .arena = a, .text = text };
    if (text.n > SCIM_FILTER_TEXT) refuse(&p, N_("This filter is too long."));
    const struct scim_node *node = p.problem ? NULL : parse_or(&p, false);
    if (node && p.at < text.n) node = refuse(&p, N_("The filter ended before its text did."));
    *ret_problem = p.problem;
    if (node) *ret = node;
    return node != NULL;
}

bool scim_path_parse(struct arena *a, struct str text, struct scim_path *ret,
                     const char **ret_problem)
{
    struct parser p = { .arena = a, .text = text };
    struct scim_path path = { .filter = NULL };
    if (text.n > SCIM_FILTER_TEXT) refuse(&p, N_("This filter is too long."));
    else if (!split_name(word(&p), &path.schema, &path.name, &path.sub))
        refuse(&p, N_("This is no name of an attribute."));
    else if (!path.sub.p && take(&p, '[')) {
        path.filter = parse_or(&p, true);
        if (path.filter && !take(&p, ']')) refuse(&p, N_("A bracket is not closed."));
        if (!p.problem && take(&p, '.')) {
            path.sub = word(&p);
            if (!is_name(path.sub)) refuse(&p, N_("This is no name of an attribute."));
        }
    }
    if (!p.problem && p.at < text.n) refuse(&p, N_("The path ended before its text did."));
    *ret_problem = p.problem;
    if (!p.problem) *ret = path;
    return !p.problem;
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void write_test(struct buf *b, const struct scim_node *n)
{
    buf_str(b, n->name);
    if (n->sub.p) buf_printf(b, ".%.*s", STR(n->sub));
    buf_printf(b, " %s", op_names[n->op]);
    if (n->op == SCIM_PR) return;
    buf_putc(b, ' ');
    if (n->type != SCIM_TEXT) {
        buf_str(b, n->text);
        return;
    }
    json_t *value = json_stringn(n->text.p, n->text.n);
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    buf_str(b, str_from(text));
    free(text);
    json_decref(value);
}

static void write_node(struct buf *b, const struct scim_node *n);

/* In brackets where the filter would read differently without: "or" below "and", and what was grouped on the right. */
static void write_side(struct buf *b, const struct scim_node *n, enum scim_kind above, bool right)
{
    bool brackets = (n->kind == SCIM_OR && above == SCIM_AND) || (right && n->kind == above);
    if (brackets) buf_putc(b, '(');
    write_node(b, n);
    if (brackets) buf_putc(b, ')');
}

static void write_node(struct buf *b, const struct scim_node *n)
{
    switch (n->kind) {
    case SCIM_TEST: write_test(b, n); return;
    case SCIM_ANY:
        buf_str(b, n->name);
        buf_putc(b, '[');
        write_node(b, n->left);
        buf_putc(b, ']');
        return;
    case SCIM_NOT:
        buf_lit(b, "not (");
        write_node(b, n->left);
        buf_putc(b, ')');
        return;
    case SCIM_AND:
    case SCIM_OR:
        write_side(b, n->left, n->kind, false);
        buf_str(b, n->kind == SCIM_AND ? S(" and ") : S(" or "));
        write_side(b, n->right, n->kind, true);
    }
}

struct str scim_filter_write(struct arena *a, const struct scim_node *node)
{
    struct buf b = BUF_INIT(64 * 1024);
    write_node(&b, node);
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}
