/* Blocks in a list, filled from the first; cleanups in a second list. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>

enum { FIRST_BLOCK = 8 * 1024, ALIGN = alignof(max_align_t) };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *what;
};

struct arena {
    struct block *blocks; /* newest first */
    struct cleanup *cleanups;
};

static void die_of_memory(void)
{
    fputs("edulab: out of memory\n", stderr);
    abort();
}

static void die_of_misuse(void)
{
    fputs("edulab: a text without a format\n", stderr);
    abort();
}

static struct block *block_create(size_t size, struct block *next)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b) die_of_memory();
    *b = (struct block){ .next = next, .size = size };
    return b;
}

struct arena *arena_create(void)
{
    struct arena *a = malloc(sizeof *a);
    if (!a) die_of_memory();
    *a = (struct arena){ .blocks = block_create(FIRST_BLOCK, NULL) };
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->cleanups) { /* a cleanup may hang another one on the arena */
        struct cleanup *c = a->cleanups;
        a->cleanups = c->next;
        c->fn(c->what);
    }
    while (a->blocks->next) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        free(b);
    }
    a->blocks->used = 0;
}

void arena_destroy(struct arena *a)
{
    if (!a) return;
    arena_reset(a);
    free(a->blocks);
    free(a);
}

size_t arena_bytes(size_t size, size_t count)
{
    size_t n;
    if (__builtin_mul_overflow(size, count, &n)) die_of_memory();
    return n;
}

/* As arena_alloc(), for what is written at once: not zeroed. */
static void *take(struct arena *a, size_t n)
{
    if (n > SIZE_MAX / 4) die_of_memory();
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct block *b = a->blocks;
    if (b->size - b->used < n) {
        size_t size = b->size * 2;
        if (size > 1024 * 1024) size = 1024 * 1024;
        b = a->blocks = block_create(n > size ? n : size, b);
    }
    void *p = b->data + b->used;
    b->used += n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(take(a, n), 0, n);
}

struct str arena_dup(struct arena *a, struct str s)
{
    return (struct str){ arena_cstr(a, s), s.n };
}

char *arena_cstr(struct arena *a, struct str s)
{
    if (!s.p) return NULL;
    char *p = take(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct str arena_join_parts(struct arena *a, const struct str *parts, size_t n)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        length += parts[i].n;
    char *p = take(a, length + 1), *at = p;
    for (size_t i = 0; i < n; at += parts[i++].n)
        if (parts[i].n) memcpy(at, parts[i].p, parts[i].n);
    *at = '\0';
    return (struct str){ p, length };
}

struct str arena_int(struct arena *a, int64_t v, int width)
{
    char digits[24];
    size_t from = sizeof digits;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do {
        digits[--from] = (char)('0' + left % 10);
        left /= 10;
    } while (left || (int)(sizeof digits - from) < width);
    if (v < 0) digits[--from] = '-';
    return arena_dup(a, (struct str){ digits + from, sizeof digits - from });
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    if (!format) die_of_misuse();
    va_start(args, format);
    va_copy(again, args);
    /* mostly it fits into what is left of the block, and is formatted once */
    struct block *b = a->blocks;
    int n = vsnprintf(b->data + b->used, b->size - b->used, format, args);
    va_end(args);
    if (n < 0) die_of_memory();
    bool fits = (size_t)n < b->size - b->used;
    char *p = fits ? b->data + b->used : arena_alloc(a, (size_t)n + 1);
    if (fits) {
        size_t taken = ((size_t)n + 1 + ALIGN - 1) & ~(size_t)(ALIGN - 1);
        b->used = taken < b->size - b->used ? b->used + taken : b->size;
    } else {
        vsnprintf(p, (size_t)n + 1, format, again);
    }
    va_end(again);
    return (struct str){ p, (size_t)n };
}

void arena_cleanup(struct arena *a, void (*fn)(void *), void *what)
{
    struct cleanup *c = arena_new(a, struct cleanup);
    *c = (struct cleanup){ .next = a->cleanups, .fn = fn, .what = what };
    a->cleanups = c;
}
