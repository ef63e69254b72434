/* Growing buffers with a maximum. */
#include "base/buf.h"

#include <math.h>
#include <stdarg.h>

enum { FIRST = 1024 };

bool buf_reserve(struct buf *b, size_t n)
{
    if (b->full || n > b->max || b->n > b->max - n) {
        b->full = true;
        b->cap = b->n; /* what comes later is dropped too, even when it is short */
        return false;
    }
    size_t need = b->n + n;
    if (need <= b->cap) return true;
    size_t cap = b->cap ? b->cap : FIRST;
    while (cap < need && cap < b->max)
        cap = cap > b->max / 2 ? b->max : cap * 2;
    if (cap > b->max) cap = b->max;
    char *p = cap < SIZE_MAX ? realloc(b->p, cap + 1)
                             : NULL; /* one more for the terminator that vsnprintf writes */
    if (!p) {
        fputs("edulab: out of memory\n", stderr);
        abort();
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_finish(struct buf *b)
{
    free(b->p);
    *b = (struct buf){ .max = b->max };
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0) buf_putc(b, '-');
    buf_put(b, digits + at, sizeof digits - at);
}

void buf_num(struct buf *b, double v, int decimals)
{
    static const int64_t scales[] = { 1, 10, 100, 1000, 10000 };
    int64_t scale = scales[decimals < 0 ? 0 : decimals > 4 ? 4 : decimals];
    int64_t scaled = llround(v * (double)scale);
    if (scaled < 0) {
        buf_putc(b, '-');
        scaled = -scaled;
    }
    buf_int(b, scaled / scale);
    int64_t rest = scaled % scale;
    if (rest == 0) return;
    buf_putc(b, '.');
    while (rest) {
        scale /= 10;
        buf_putc(b, (char)('0' + rest / scale));
        rest %= scale;
    }
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0 && buf_reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}
