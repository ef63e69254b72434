/* UTF-8: our own validity check (one pass, at the door), utf8proc for folding. */
#include "base/utf8.h"

#include <utf8proc.h>

static size_t sequence_length(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0x80                ? 1
               : c >= 0xC2 && c < 0xE0 ? 2
               : c >= 0xE0 && c < 0xF0 ? 3
               : c >= 0xF0 && c < 0xF5 ? 4
                                       : 0;
    if (n == 0 || n > s.n - at) return 0;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)s.p[at + i] & 0xC0) != 0x80) return 0;
    if (n < 3) return n;
    unsigned char d = (unsigned char)s.p[at + 1];
    bool overlong = (c == 0xE0 && d < 0xA0) || (c == 0xF0 && d < 0x90);
    bool surrogate = c == 0xED && d >= 0xA0;
    bool too_high = c == 0xF4 && d >= 0x90;
    return overlong || surrogate || too_high ? 0 : n;
}

bool utf8_valid(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        unsigned char c = (unsigned char)s.p[at];
        if (c < 0x20 && c != '\t' && c != '\r' && c != '\n') return false;
        if (c == 0x7F) return false;
        size_t n = sequence_length(s, at);
        if (n == 0) return false;
        at += n;
    }
    return true;
}

bool utf8_well_formed(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t n = sequence_length(s, at);
        if (n == 0) return false;
        at += n;
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)s.p + *at, (utf8proc_ssize_t)(s.n - *at), &c);
    if (n < 1) {
        (*at)++;
        return 0xFFFD;
    }
    *at += (size_t)n;
    return (uint32_t)c;
}

static struct str mapped(struct arena *a, struct str s, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out, options);
    if (n < 0) return s; /* only for input that utf8_valid refuses */
    struct str copy = arena_dup(a, (struct str){ (char *)out, (size_t)n });
    free(out);
    return copy;
}

struct str utf8_nfc(struct arena *a, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return mapped(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return s;
}

struct str utf8_casefold(struct arena *a, struct str s)
{
    return s.n ? mapped(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD) : S("");
}

struct str utf8_fold(struct arena *a, struct str s)
{
    struct str folded = s.n ? mapped(a, s,
                                     UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                         UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK)
                            : S("");
    /* utf8proc keeps the ligatures, which are letters of their own in Unicode */
    char *out = arena_alloc(a, folded.n + 1); /* œ and æ are two bytes and become two letters */
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++) {
        unsigned char c = (unsigned char)folded.p[i],
                      d = i + 1 < folded.n ? (unsigned char)folded.p[i + 1] : 0;
        if ((c == 0xC5 && d == 0x93) || (c == 0xC3 && d == 0xA6)) {
            out[n++] = c == 0xC5 ? 'o' : 'a';
            out[n++] = 'e';
            i++;
        } else {
            out[n++] = (char)c;
        }
    }
    return (struct str){ out, n };
}

struct str utf8_slug(struct arena *a, struct str s)
{
    enum { LONGEST = 80 };
    struct str f = utf8_fold(a, s);
    char *out = arena_alloc(a, LONGEST + 1);
    size_t n = 0;
    for (size_t i = 0; i < f.n && n < LONGEST; i++) {
        char c = f.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool inner_dot =
            (unsigned char)c == 0xC2; /* the middle dot of inclusive writing joins: référent·e */
        if (inner_dot) {
            i++;
            continue;
        }
        if (word) out[n++] = c;
        else if (n && out[n - 1] != '-') out[n++] = '-';
    }
    while (n && out[n - 1] == '-')
        n--;
    out[n] = '\0';
    return (struct str){ out, n };
}
