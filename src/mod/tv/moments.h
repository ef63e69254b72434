/* Moments of a video as people type them: "75", "1:15", "1:02:03.5". All of it pure. */
#ifndef EDULAB_MOD_TV_MOMENTS_H
#define EDULAB_MOD_TV_MOMENTS_H

#include "base/arena.h"
#include "base/buf.h"

/* With a point or a comma before at most three decimals; less than a day. */
bool moment_read(struct str text, int64_t *ret_ms);
/* As moment_read() reads it: "1:15", "1:15.25". */
struct str moment_text(struct arena *a, int64_t ms);
/* Of a text that a form began from, so that nobody writes over what another saved meanwhile. */
struct str moment_print(struct arena *a, struct str text);

enum { CHAPTERS_MOST = 200, CHAPTER_TITLE = 140, CHAPTER_LEAST_MS = 1000 };

struct chapter {
    int64_t start_ms;
    struct str title;
};

/* A line each: "1:15 Titre". The first at 0, rising, at least a second apart, before the end (duration 0: not known). False with
 * a msgid and the line it is about. Nothing at all is no chapter, and fits. */
bool chapters_read(struct arena *a, struct str text, int64_t duration, struct chapter **ret,
                   size_t *ret_n, const char **ret_problem, int *ret_line);
struct str chapters_text(struct arena *a, const struct chapter *rows, size_t n);

#endif
