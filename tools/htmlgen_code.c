/* Reading C just far enough: where it ends, what it calls. */
#include "htmlgen.h"

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind a "string" or 'character'. One that a newline cuts ends there: the compiler will say so. */
static size_t quoted(struct str code, size_t at)
{
    char quote = code.p[at++];
    while (at < code.n && code.p[at] != '\n') {
        char c = code.p[at++];
        if (c == '\\' && at < code.n) at++;
        else if (c == quote) break;
    }
    return at;
}

size_t code_next(struct str code, size_t at)
{
    char c = code.p[at];
    struct str tail = str_sub(code, at, code.n);
    if (c == '"' || c == '\'') return quoted(code, at);
    if (str_starts(tail, S("/*"))) {
        size_t end = str_search(tail, S("*/"));
        return end == tail.n ? code.n : at + end + 2;
    }
    if (str_starts(tail, S("//"))) return at + str_find(tail, '\n');
    if (!is_word(c)) return at + 1;
    while (at < code.n && is_word(code.p[at]))
        at++;
    return at;
}

size_t code_end(struct str code, struct str closing)
{
    bool braces = closing.p[0] == '}';
    int depth = 0;
    for (size_t at = 0; at < code.n; at = code_next(code, at)) {
        struct str tail = str_sub(code, at, code.n);
        if (depth == 0 && str_starts(tail, closing)) return at;
        /* another begins inside: this one was never closed */
        if (str_starts(tail, S("{%")) || str_starts(tail, S("{#"))) return code.n;
        if (braces && code.p[at] == '{') depth++;
        if (braces && code.p[at] == '}' && depth > 0) depth--;
    }
    return code.n;
}

/* Position of the '(' of a call of `name` whose name stands at `at`; 0 when none does. */
static size_t call_at(struct str code, size_t at, struct str name)
{
    size_t end = code_next(code, at);
    if (!str_eq(str_sub(code, at, end - at), name)) return 0;
    while (end < code.n && is_space(code.p[end]))
        end++;
    return end < code.n && code.p[end] == '(' ? end : 0;
}

bool code_calls(struct str code, struct str name)
{
    for (size_t at = 0; at < code.n; at = code_next(code, at))
        if (call_at(code, at, name)) return true;
    return false;
}

bool code_is_call(struct str code, struct str name)
{
    if (code.n == 0) return false;
    size_t at = call_at(code, 0, name);
    if (!at) return false;
    int depth = 0;
    for (; at < code.n; at = code_next(code, at)) {
        if (code.p[at] == '(') depth++;
        if (code.p[at] == ')' && --depth == 0) return at + 1 == code.n;
    }
    return false;
}

bool code_has_line_comment(struct str code)
{
    for (size_t at = 0; at < code.n; at = code_next(code, at))
        if (str_starts(str_sub(code, at, code.n), S("//"))) return true;
    return false;
}
