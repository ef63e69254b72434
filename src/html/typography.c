/* French typography, after the Imprimerie nationale: no-break spaces and the curved apostrophe. */
#include "html/lang.h"
#include "html/lang_table.h"

#define NBSP "\xC2\xA0"
#define NARROW "\xE2\x80\xAF"
#define APOSTROPHE "\xE2\x80\x99"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Any byte of a letter outside of ASCII counts: French has no others between words. */
static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

/* Whether a unit stands at the beginning of s: a number keeps it on its line. */
static bool unit_begins(struct str s)
{
    static const char *const units[] = { "h", "min", "s", "Ko", "Mo", "Go" };
    if (str_starts(s, S("%")) || str_starts(s, S("€"))) return true;
    for (size_t i = 0; i < COUNT(units); i++) {
        struct str after = str_sub(s, strlen(units[i]), s.n);
        bool ends = after.n == 0 || !(is_letter(after.p[0]) || is_digit(after.p[0]));
        if (ends && str_starts(s, str_from(units[i]))) return true;
    }
    return false;
}

/* "000" and no fourth digit. */
static bool group_begins(struct str s)
{
    if (s.n < 3 || (s.n > 3 && is_digit(s.p[3]))) return false;
    return is_digit(s.p[0]) && is_digit(s.p[1]) && is_digit(s.p[2]);
}

/* What the space between `before` and `next` becomes; NULL when it stays. */
static const char *space_between(struct str before, struct str next)
{
    if (next.n && (next.p[0] == ';' || next.p[0] == '!' || next.p[0] == '?')) return NARROW;
    if (str_starts(next, S(":")) || str_starts(next, S("»")) || str_ends(before, S("«")))
        return NBSP;
    if (before.n == 0) return NULL;
    char last = before.p[before.n - 1];
    if (is_digit(last) && group_begins(next)) return NARROW;
    return (is_digit(last) || last == '}') && unit_begins(next) ? NBSP : NULL;
}

static const char *replacement(struct str text, size_t at)
{
    struct str before = str_sub(text, 0, at), next = str_sub(text, at + 1, text.n);
    if (text.p[at] == ' ') return space_between(before, next);
    if (text.p[at] != '\'' || before.n == 0 || next.n == 0) return NULL;
    bool elision = is_letter(before.p[before.n - 1]) && (is_letter(next.p[0]) || next.p[0] == '{');
    return elision ? APOSTROPHE : NULL;
}

size_t lang_typography_fr(struct str text, char *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *other = replacement(text, i);
        size_t length = other ? strlen(other) : 1;
        memcpy(ret + n, other ? other : text.p + i, length);
        n += length;
    }
    return n;
}

struct str lang_french(struct arena *a, struct str text)
{
    if (text.n == 0) return text;
    char *out = arena_alloc(a, 3 * text.n + 1);
    return (struct str){ out, lang_typography_fr(text, out) };
}
