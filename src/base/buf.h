/* A growing run of bytes that is born with its maximum. Writing past the maximum sets `full` and drops
 * the rest: the caller checks once, at the end. */
#ifndef EDULAB_BASE_BUF_H
#define EDULAB_BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap, max;
    bool full;
};

#define BUF_INIT(maximum) ((struct buf){ .max = (maximum) })

/* Makes room for n more bytes; false when that would pass the maximum. */
bool buf_reserve(struct buf *b, size_t n);
void buf_finish(struct buf *b);

static inline void buf_put(struct buf *b, const void *p, size_t n)
{
    if (b->cap - b->n < n && !buf_reserve(b, n)) return;
    if (n) memcpy(b->p + b->n, p, n);
    b->n += n;
}

static inline void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

static inline void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

#define buf_lit(b, literal) buf_put((b), "" literal, sizeof(literal) - 1)

static inline struct str buf_view(const struct buf *b)
{
    return (struct str){ b->p ? b->p : "", b->n };
}

void buf_int(struct buf *b, int64_t v);
/* With up to `decimals` digits behind the point, trailing zeros dropped: for SVG coordinates. */
void buf_num(struct buf *b, double v, int decimals);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
