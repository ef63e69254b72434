/* A shorter file from pieces of one: copied from key picture to key picture, or encoded where every moment counts. */
#ifndef EDULAB_MEDIA_CUT_H
#define EDULAB_MEDIA_CUT_H

#include "media/transcode.h"

enum { MEDIA_SPANS_MOST = 41, MEDIA_SPAN_LEAST_MS = 500 };

/* A piece that is kept, in ms of the source; the end is not part of it. */
struct media_span {
    int64_t from_ms, to_ms;
};

/* What a copy of these pieces, which are in order, would hold: from the key picture nearest to each beginning to the one nearest to
 * each end (or the end of the file), no piece reaching into another. from_ms is -1 where there is none near enough: such a piece has
 * to be encoded. Sound alone is copied from anywhere. `ret` has room for n. */
enum media_result media_cut_keys(struct arena *arena, const struct transcode_job *job,
                                 const struct media_span *wanted, size_t n, struct media_span *ret,
                                 struct transcode_result *ret_result);
/* The pieces as one Matroska file, put into the blob store; the same pieces of the same file give the same bytes. exact: encoded
 * from picture to picture; otherwise copied, and the pieces have to be those of
 * media_cut_keys(). */
enum media_result media_cut(struct arena *arena, const struct transcode_job *job,
                            const struct media_span *pieces, size_t n, bool exact,
                            struct str *ret_blob, struct transcode_result *ret_result);

#endif
