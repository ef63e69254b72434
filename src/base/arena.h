/* Memory with one lifetime: everything a request (or job) needs comes from its arena and goes with it.
 * An allocation that fails ends the process; sizes that come from outside are bounded before. */
#ifndef EDULAB_BASE_ARENA_H
#define EDULAB_BASE_ARENA_H

#include "base/str.h"

struct arena;

/* An empty arena on the heap; release it with arena_destroy(). */
struct arena *arena_create(void);
/* Runs the cleanups (last first) and frees everything. NULL is allowed. */
void arena_destroy(struct arena *a);
/* Like destroy and create, but keeps the first block: for loops. */
void arena_reset(struct arena *a);
/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), arena_bytes(sizeof(type), (count))))
/* size * count; overflow ends the process. */
size_t arena_bytes(size_t size, size_t count);
/* A copy of s, with a terminator behind it; STR_NONE stays STR_NONE. */
struct str arena_dup(struct arena *a, struct str s);
/* s as a C string. */
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The parts one after another: where a page does it a hundred times, printf is what costs most. */
struct str arena_join_parts(struct arena *a, const struct str *parts, size_t n);
#define arena_join(a, ...)                                                                         \
    arena_join_parts((a), (const struct str[]){ __VA_ARGS__ },                                     \
                     sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
/* v in decimal, with at least `width` digits. */
struct str arena_int(struct arena *a, int64_t v, int width);
/* Calls fn(what) when the arena is destroyed or reset: for files, json_t and other foreign things. */
void arena_cleanup(struct arena *a, void (*fn)(void *what), void *what);

#endif
