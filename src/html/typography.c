/* The no-break spaces of French, after the rules of the Imprimerie nationale. */
#include "html/lang_table.h"

#define NBSP "\xC2\xA0"
#define NARROW "\xE2\x80\xAF"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool ends_word(struct str s, size_t at)
{
    unsigned char c = at < s.n ? (unsigned char)s.p[at] : ' ';
    return !(is_digit((char)c) || (c | 0x20) >= 'a' ? (c | 0x20) <= 'z' || c >= 0xC3 : false);
}

/* Whether a unit stands at `at`: a number keeps it on its line. */
static bool unit_at(struct str s, size_t at)
{
    static const char *const units[] = { "%", "€", "h", "min", "s", "Mo", "Go", "Ko", "px", "pt", "kHz", "places" };
    for (size_t i = 0; i < COUNT(units); i++) {
        struct str unit = str_from(units[i]);
        if (str_starts(str_sub(s, at, s.n), unit) && (i < 2 || ends_word(s, at + unit.n))) return true;
    }
    return false;
}

/* What a space at `at` becomes; NULL when it stays. */
static const char *space_at(struct str s, size_t at)
{
    struct str next = str_sub(s, at + 1, s.n), before = str_sub(s, 0, at);
    if (next.n && strchr(";!?", next.p[0])) return NARROW;
    if ((next.n && next.p[0] == ':') || str_starts(next, S("»"))) return NBSP;
    if (str_ends(before, S("«"))) return NBSP;
    bool number = before.n && (is_digit(before.p[before.n - 1]) || before.p[before.n - 1] == '}');
    if (number && unit_at(s, at + 1)) return NBSP;
    bool thousands = before.n && is_digit(before.p[before.n - 1]) && next.n >= 3 && is_digit(next.p[0]) &&
                     is_digit(next.p[1]) && is_digit(next.p[2]) && (next.n == 3 || !is_digit(next.p[3]));
    return thousands ? NARROW : NULL;
}

size_t lang_typography_fr(struct str text, char *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *space = text.p[i] == ' ' ? space_at(text, i) : NULL;
        if (!space) {
            ret[n++] = text.p[i];
            continue;
        }
        size_t length = strlen(space);
        memcpy(ret + n, space, length);
        n += length;
    }
    return n;
}
