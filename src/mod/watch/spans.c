/* Sets of stretches: see spans.h. */
#include "mod/watch/spans.h"

#include "base/buf.h"

enum { DIGITS_MOST = 10 };

static bool parse_number(struct str text, int64_t *ret)
{
    return text.n > 0 && text.n <= DIGITS_MOST && text.p[0] != '-' && str_to_int(text, ret);
}

bool spans_parse(struct str text, struct spans *ret)
{
    ret->n = 0;
    while (text.n > 0) {
        struct str last = str_cut(&text, ','), first = str_cut(&last, '-');
        struct span s;
        if (ret->n == SPANS_MOST || !parse_number(first, &s.from) || !parse_number(last, &s.to) ||
            s.from >= s.to)
            return false;
        ret->of[ret->n++] = s;
    }
    return true;
}

void spans_add(struct spans *set, struct span one)
{
    size_t from = 0, to;
    while (from < set->n && set->of[from].to < one.from)
        from++;
    for (to = from; to < set->n && set->of[to].from <= one.to; to++) {
        if (set->of[to].from < one.from) one.from = set->of[to].from;
        if (set->of[to].to > one.to) one.to = set->of[to].to;
    }
    if (to == from && set->n == SPANS_MOST) return;
    memmove(set->of + from + 1, set->of + to, (set->n - to) * sizeof set->of[0]);
    set->n = set->n - (to - from) + 1;
    set->of[from] = one;
}

void spans_join(struct spans *set, const struct spans *more)
{
    for (size_t i = 0; i < more->n; i++)
        spans_add(set, more->of[i]);
}

int64_t spans_length(const struct spans *set)
{
    int64_t sum = 0;
    for (size_t i = 0; i < set->n; i++)
        sum += set->of[i].to - set->of[i].from;
    return sum;
}

struct str spans_text(struct arena *a, const struct spans *set)
{
    struct buf b = BUF_INIT(SPANS_MOST * 2 * (DIGITS_MOST + 1));
    for (size_t i = 0; i < set->n; i++) {
        if (i) buf_putc(&b, ',');
        buf_int(&b, set->of[i].from);
        buf_putc(&b, '-');
        buf_int(&b, set->of[i].to);
    }
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

struct spans_parts spans_parts(const struct spans *set, int64_t duration_ms)
{
    struct spans_parts parts = { { 0 } };
    size_t at = 0;
    for (int part = 0; part < SPANS_PARTS && duration_ms >= SPANS_PARTS; part++) {
        int64_t from = duration_ms * part / SPANS_PARTS,
                to = duration_ms * (part + 1) / SPANS_PARTS;
        int64_t seen = 0;
        while (at < set->n && set->of[at].to <= from)
            at++;
        for (size_t i = at; i < set->n && set->of[i].from < to; i++) {
            int64_t a = set->of[i].from > from ? set->of[i].from : from;
            int64_t b = set->of[i].to < to ? set->of[i].to : to;
            seen += b - a;
        }
        if (2 * seen >= to - from) parts.bits[part / 64] |= UINT64_C(1) << (part % 64);
    }
    return parts;
}
