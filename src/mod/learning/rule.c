/* Reading, writing and judging conditions. */
#include "mod/learning/rule.h"

#include "base/buf.h"
#include "base/time.h"
#include "html/lang.h"

struct reader {
    struct arena *a;
    struct str text;
    size_t at;
    int depth, terms;
    const char *problem;
};

static const struct {
    const char *word;
    enum rule_op op;
} words[] = {
    { "from", RULE_FROM },    { "dès", RULE_FROM },  { "until", RULE_UNTIL },
    { "avant", RULE_UNTIL },  { "done", RULE_DONE }, { "terminé", RULE_DONE },
    { "mark", RULE_MARK },    { "note", RULE_MARK }, { "group", RULE_GROUP },
    { "groupe", RULE_GROUP },
};

static void skip_space(struct reader *in)
{
    while (in->at < in->text.n && (unsigned char)in->text.p[in->at] <= ' ')
        in->at++;
}

static bool ends_word(char c)
{
    return (unsigned char)c <= ' ' || c == '(' || c == ')' || c == '"' || c == '>';
}

static struct str peek_word(struct reader *in)
{
    skip_space(in);
    size_t end = in->at;
    while (end < in->text.n && !ends_word(in->text.p[end]))
        end++;
    return str_sub(in->text, in->at, end - in->at);
}

static bool take_word(struct reader *in, const char *english, const char *french)
{
    struct str word = peek_word(in);
    if (!str_is(word, english) && !str_is(word, french)) return false;
    in->at += word.n;
    return true;
}

static bool take_char(struct reader *in, char c)
{
    skip_space(in);
    if (in->at >= in->text.n || in->text.p[in->at] != c) return false;
    in->at++;
    return true;
}

static bool fail(struct reader *in, const char *problem)
{
    if (!in->problem) in->problem = problem;
    return false;
}

static bool read_name(struct reader *in, struct str *ret)
{
    if (!take_char(in, '"')) {
        *ret = peek_word(in);
        in->at += ret->n;
        return ret->n || fail(in, N_("A code or a title in quotes is missing here."));
    }
    size_t from = in->at;
    while (in->at < in->text.n && in->text.p[in->at] != '"')
        in->at++;
    *ret = str_trim(str_sub(in->text, from, in->at - from));
    if (!take_char(in, '"')) return fail(in, N_("The quotes do not end."));
    return ret->n || fail(in, N_("A code or a title in quotes is missing here."));
}

static bool read_percent(struct reader *in, int64_t *ret)
{
    struct str word;
    if (!take_char(in, '>') || !take_char(in, '='))
        return fail(in, N_("A mark is written: mark \"Title\" >= 60"));
    word = peek_word(in);
    in->at += word.n;
    if (str_ends(word, S("%"))) word.n--;
    return (str_to_int(word, ret) && *ret >= 0 && *ret <= 100) ||
           fail(in, N_("A mark is written: mark \"Title\" >= 60"));
}

static bool read_any(struct reader *in, struct rule **ret);

static bool read_term(struct reader *in, struct rule **ret)
{
    if (++in->terms > RULE_TERMS) return fail(in, N_("This rule is too long."));
    if (take_char(in, '(')) {
        if (++in->depth > RULE_DEPTH) return fail(in, N_("This rule has too many brackets."));
        if (!read_any(in, ret)) return false;
        in->depth--;
        return take_char(in, ')') || fail(in, N_("A bracket does not end."));
    }
    struct str word = peek_word(in);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!str_is(word, words[i].word)) continue;
        struct rule *rule = *ret = arena_new(in->a, struct rule);
        rule->op = words[i].op;
        in->at += word.n;
        if (rule->op == RULE_FROM || rule->op == RULE_UNTIL) {
            struct str day = peek_word(in);
            in->at += day.n;
            return time_parse_date(day, &rule->number) ||
                   fail(in, N_("A date is written 2027-01-15."));
        }
        return read_name(in, &rule->name) &&
               (rule->op != RULE_MARK || read_percent(in, &rule->number));
    }
    return fail(in, N_("A condition begins with from, until, done, mark or group."));
}

/* Terms joined by one word; a single one stands for itself. */
static bool read_joined(struct reader *in, enum rule_op op, struct rule **ret)
{
    struct rule *parts[RULE_TERMS];
    size_t n = 0;
    do {
        if (n == COUNT(parts)) return fail(in, N_("This rule is too long."));
        if (!(op == RULE_ANY ? read_joined(in, RULE_ALL, &parts[n]) : read_term(in, &parts[n])))
            return false;
        n++;
    } while (op == RULE_ANY ? take_word(in, "or", "ou") : take_word(in, "and", "et"));
    if (n == 1) {
        *ret = parts[0];
        return true;
    }
    struct rule *rule = *ret = arena_new(in->a, struct rule);
    rule->op = op;
    rule->n = n;
    rule->parts = arena_array(in->a, struct rule *, n);
    for (size_t i = 0; i < n; i++)
        rule->parts[i] = parts[i];
    return true;
}

static bool read_any(struct reader *in, struct rule **ret)
{
    return read_joined(in, RULE_ANY, ret);
}

bool rule_parse(struct arena *a, struct str text, struct rule **ret, const char **ret_problem,
                size_t *ret_at)
{
    struct reader in = { .a = a, .text = text };
    struct rule *rule = NULL;
    bool good = text.n <= RULE_TEXT || fail(&in, N_("This rule is too long."));
    good = good && read_any(&in, &rule);
    skip_space(&in);
    if (good && in.at < text.n) good = fail(&in, N_("Join conditions by “and” or “or”."));
    if (good) *ret = rule;
    *ret_problem = in.problem;
    *ret_at = in.at;
    return good;
}

/* --- writing -------------------------------------------------------------------------------------------------------- */

/* "and" binds stronger than "or": only what would be read otherwise stands in brackets. */
static void write_rule(struct buf *out, const struct rule *rule, const struct rule *in)
{
    static const char *const names[] = { [RULE_FROM] = "from ",
                                         [RULE_UNTIL] = "until ",
                                         [RULE_DONE] = "done ",
                                         [RULE_MARK] = "mark ",
                                         [RULE_GROUP] = "group " };
    if (rule->op == RULE_ALL || rule->op == RULE_ANY) {
        bool inside = in && !(in->op == RULE_ANY && rule->op == RULE_ALL);
        if (inside) buf_lit(out, "(");
        for (size_t i = 0; i < rule->n; i++) {
            if (i) buf_str(out, rule->op == RULE_ALL ? S(" and ") : S(" or "));
            write_rule(out, rule->parts[i], rule);
        }
        if (inside) buf_lit(out, ")");
        return;
    }
    buf_str(out, str_from(names[rule->op]));
    if (rule->op == RULE_FROM || rule->op == RULE_UNTIL) {
        struct civil c = time_civil(rule->number);
        buf_printf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
        return;
    }
    buf_printf(out, "\"%.*s\"", STR(rule->name));
    if (rule->op == RULE_MARK) buf_printf(out, " >= %d", (int)rule->number);
}

struct str rule_write(struct arena *a, const struct rule *rule)
{
    struct buf out = BUF_INIT(64 * 1024);
    write_rule(&out, rule, NULL);
    struct str text = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return text;
}

/* --- judging -------------------------------------------------------------------------------------------------------- */

const struct rule_node *rule_find(const struct rule_facts *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->nodes[i].code.n && str_eq_nocase(f->nodes[i].code, name)) return &f->nodes[i];
    for (size_t i = 0; i < f->n; i++)
        if (str_eq_nocase(f->nodes[i].title, name)) return &f->nodes[i];
    return NULL;
}

bool rule_met(const struct rule *rule, const struct rule_facts *f)
{
    const struct rule_node *node;
    switch (rule->op) {
    case RULE_ALL:
        for (size_t i = 0; i < rule->n; i++)
            if (!rule_met(rule->parts[i], f)) return false;
        return true;
    case RULE_ANY:
        for (size_t i = 0; i < rule->n; i++)
            if (rule_met(rule->parts[i], f)) return true;
        return rule->n == 0;
    case RULE_FROM: return f->now >= rule->number;
    case RULE_UNTIL: return f->now < rule->number;
    case RULE_DONE: node = rule_find(f, rule->name); return !node || node->done;
    case RULE_MARK: node = rule_find(f, rule->name); return !node || node->percent >= rule->number;
    case RULE_GROUP: return str_eq_nocase(f->group, rule->name);
    }
    return true;
}
