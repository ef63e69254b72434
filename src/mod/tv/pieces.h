/* The pieces of a file that a cut keeps, and moments on both sides of it. No piece at all: the whole file, as it is. All of it
 * pure. */
#ifndef EDULAB_MOD_TV_PIECES_H
#define EDULAB_MOD_TV_PIECES_H

#include "media/cut.h"

/* "0-12480 15000-60000", in ms. */
struct str pieces_text(struct arena *a, const struct media_span *spans, size_t n);
/* At most MEDIA_SPANS_MOST; what is not understood ends it. */
size_t pieces_read(struct arena *a, struct str text, struct media_span **ret);
int64_t pieces_total(const struct media_span *spans, size_t n);

/* From `from` to `to` without the pieces of `out` (in any order, overlapping or not); pieces shorter than half a second are left
 * out. Returns their number, at most MEDIA_SPANS_MOST. */
size_t pieces_without(struct arena *a, int64_t from, int64_t to, const struct media_span *out,
                      size_t n, struct media_span **ret);
/* Pieces of what `base` kept, as pieces of the file that base is of. */
size_t pieces_within(struct arena *a, const struct media_span *base, size_t base_n,
                     const struct media_span *pieces, size_t n, struct media_span **ret);

/* A moment of what was kept, in the file. end: it ends something, and belongs to the piece before it. */
int64_t pieces_to_file(const struct media_span *spans, size_t n, int64_t at, bool end);
/* A stretch of the file, in what was kept of it; false when less than `least` ms of it (but at least its beginning) are left. */
bool pieces_from_file(const struct media_span *spans, size_t n, int64_t from, int64_t to,
                      int64_t least, int64_t *ret_from, int64_t *ret_to);

#endif
