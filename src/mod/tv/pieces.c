/* Moments before and after a cut. */
#include "mod/tv/pieces.h"

#include "base/buf.h"
#include "base/limits.h"

struct str pieces_text(struct arena *a, const struct media_span *spans, size_t n)
{
    struct buf b = BUF_INIT(8 * KIB);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%lld-%lld", i ? " " : "", (long long)spans[i].from_ms,
                   (long long)spans[i].to_ms);
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

size_t pieces_read(struct arena *a, struct str text, struct media_span **ret)
{
    size_t n = 0;
    *ret = arena_array(a, struct media_span, MEDIA_SPANS_MOST);
    while (text.n && n < MEDIA_SPANS_MOST) {
        struct str one = str_cut(&text, ' ');
        /* a beginning of -1 has a hyphen of its own */
        size_t skip = str_starts(one, S("-"));
        size_t at = skip + str_find(str_sub(one, skip, one.n), '-');
        struct media_span *s = &(*ret)[n];
        if (at >= one.n || !str_to_int(str_sub(one, 0, at), &s->from_ms) ||
            !str_to_int(str_sub(one, at + 1, one.n), &s->to_ms))
            break;
        n++;
    }
    return n;
}

int64_t pieces_total(const struct media_span *spans, size_t n)
{
    int64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += spans[i].to_ms - spans[i].from_ms;
    return total;
}

static int by_from(const void *a, const void *b)
{
    int64_t x = ((const struct media_span *)a)->from_ms,
            y = ((const struct media_span *)b)->from_ms;
    return (x > y) - (x < y);
}

size_t pieces_without(struct arena *a, int64_t from, int64_t to, const struct media_span *out,
                      size_t n, struct media_span **ret)
{
    struct media_span *sorted = arena_array(a, struct media_span, n + 1);
    size_t count = 0;
    *ret = arena_array(a, struct media_span, MEDIA_SPANS_MOST);
    if (n) memcpy(sorted, out, n * sizeof *out);
    qsort(sorted, n, sizeof *sorted, by_from);
    sorted[n] = (struct media_span){ to, to }; /* the end, like a piece left out */
    for (size_t i = 0; i <= n && count < MEDIA_SPANS_MOST; i++) {
        int64_t until = sorted[i].from_ms < to ? sorted[i].from_ms : to;
        if (until - from >= MEDIA_SPAN_LEAST_MS)
            (*ret)[count++] = (struct media_span){ from, until };
        if (sorted[i].to_ms > from) from = sorted[i].to_ms;
    }
    return count;
}

size_t pieces_within(struct arena *a, const struct media_span *base, size_t base_n,
                     const struct media_span *pieces, size_t n, struct media_span **ret)
{
    size_t count = 0;
    *ret = arena_array(a, struct media_span, MEDIA_SPANS_MOST);
    if (base_n == 0) {
        memcpy(*ret, pieces, n * sizeof *pieces);
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t before = 0; /* of the pieces of base */
        for (size_t k = 0; k < base_n && count < MEDIA_SPANS_MOST; k++) {
            int64_t length = base[k].to_ms - base[k].from_ms;
            int64_t from = pieces[i].from_ms > before ? pieces[i].from_ms - before : 0;
            int64_t to = pieces[i].to_ms < before + length ? pieces[i].to_ms - before : length;
            if (to - from >= MEDIA_SPAN_LEAST_MS)
                (*ret)[count++] =
                    (struct media_span){ base[k].from_ms + from, base[k].from_ms + to };
            before += length;
        }
    }
    return count;
}

int64_t pieces_to_file(const struct media_span *spans, size_t n, int64_t at, bool end)
{
    for (size_t i = 0; i < n; i++) {
        int64_t length = spans[i].to_ms - spans[i].from_ms;
        if (at < length || (end && at == length) || i + 1 == n) return spans[i].from_ms + at;
        at -= length;
    }
    return at;
}

bool pieces_from_file(const struct media_span *spans, size_t n, int64_t from, int64_t to,
                      int64_t least, int64_t *ret_from, int64_t *ret_to)
{
    int64_t before = 0, left = 0, first = -1, last = -1;
    if (n == 0) {
        *ret_from = from;
        *ret_to = to;
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        const struct media_span *s = &spans[i];
        int64_t a = from > s->from_ms ? from : s->from_ms, b = to < s->to_ms ? to : s->to_ms;
        if (a < b) {
            if (first < 0) first = before + a - s->from_ms;
            last = before + b - s->from_ms;
            left += b - a;
        }
        before += s->to_ms - s->from_ms;
    }
    if (first < 0 || left < (least < to - from ? least : to - from)) return false;
    *ret_from = first;
    *ret_to = last;
    return true;
}
