/* The writing end of pages: every byte of data passes here on its way out. Runs of harmless bytes are copied
 * whole. NULL text writes nothing. */
#include "html/html.h"

#include <math.h>

/* Which set a byte needs attention in. */
enum { IN_TEXT = 1, IN_MARKUP = 2, UNRESERVED = 4 };

static const unsigned char classes[256] = {
    ['&'] = IN_TEXT,
    ['<'] = IN_TEXT | IN_MARKUP,
    ['>'] = IN_TEXT | IN_MARKUP,
    ['"'] = IN_TEXT | IN_MARKUP,
    ['\''] = IN_TEXT | IN_MARKUP,
    ['0' ... '9'] = UNRESERVED,
    ['A' ... 'Z'] = UNRESERVED,
    ['a' ... 'z'] = UNRESERVED,
    ['-'] = UNRESERVED,
    ['.'] = UNRESERVED,
    ['_'] = UNRESERVED,
    ['~'] = UNRESERVED,
};

static void put_entity(struct buf *out, char c)
{
    switch (c) {
    case '&': buf_lit(out, "&amp;"); break;
    case '<': buf_lit(out, "&lt;"); break;
    case '>': buf_lit(out, "&gt;"); break;
    case '"': buf_lit(out, "&quot;"); break;
    default: buf_lit(out, "&#39;"); break;
    }
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Whether one of 16 bytes is in IN_TEXT. Compilers make vector instructions of it where the machine has them. */
static inline bool needs_care(const char *p)
{
    sixteen v;
    memcpy(&v, p, sizeof v);
    sixteen hit = (sixteen)((v == '&') | (v == '<') | (v == '>') | (v == '"') | (v == '\''));
    uint64_t halves[2];
    memcpy(halves, &hit, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* Position of the next byte of the set, from `at` on; s.n when there is none. */
static size_t next_special(struct str s, size_t at, unsigned char set)
{
    while (at < s.n) {
        while (s.n - at >= sizeof(sixteen) && !needs_care(s.p + at))
            at += sizeof(sixteen);
        size_t stop = s.n - at > sizeof(sixteen) ? at + sizeof(sixteen) : s.n;
        for (; at < stop; at++)
            if (classes[(unsigned char)s.p[at]] & set) return at;
    }
    return s.n;
}

static void put_escaped(struct buf *out, struct str s, unsigned char set)
{
    size_t from = 0;
    while (from < s.n) {
        size_t at = next_special(s, from, set);
        buf_put(out, s.p + from, at - from);
        if (at == s.n) return;
        put_entity(out, s.p[at]);
        from = at + 1;
    }
}

void page_put_text(struct page *pg, struct str s)
{
    put_escaped(pg->out, s, IN_TEXT);
}

void page_put_chars(struct page *pg, const char *s)
{
    page_put_text(pg, str_from(s));
}

void page_put_int(struct page *pg, long long v)
{
    buf_int(pg->out, v);
}

/* A fraction with at most four digits, as coordinates and measures need; what is no number is "0". */
void page_put_real(struct page *pg, double v)
{
    buf_num(pg->out, isfinite(v) && fabs(v) < 1e14 ? v : 0, 4);
}

void page_put_html(struct page *pg, struct html h)
{
    buf_str(pg->out, h.s);
}

void page_put_html_attr(struct page *pg, struct html h)
{
    put_escaped(pg->out, h.s, IN_MARKUP);
}

void page_put_url(struct page *pg, struct url u)
{
    struct str s = u.s;
    for (size_t space = str_find(s, ' '); space < s.n; space = str_find(s, ' ')) {
        page_put_text(pg, str_cut(&s, ' '));
        buf_lit(pg->out, "%20");
    }
    page_put_text(pg, s);
}

void page_put_url_part(struct page *pg, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (classes[c] & UNRESERVED) continue;
        buf_put(pg->out, s.p + from, i - from);
        buf_put(pg->out, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
        from = i + 1;
    }
    if (s.n > from) buf_put(pg->out, s.p + from, s.n - from);
}

void page_put_url_part_chars(struct page *pg, const char *s)
{
    page_put_url_part(pg, str_from(s));
}

void page_put_query(struct page *pg, const char *name, struct str value)
{
    buf_putc(pg->out, pg->out->n ? '&' : '?');
    buf_str(pg->out, str_from(name));
    buf_putc(pg->out, '=');
    page_put_url_part(pg, value);
}

void page_put_url_part_int(struct page *pg, long long v)
{
    buf_int(pg->out, v);
}
