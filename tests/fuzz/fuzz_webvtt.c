/* Any bytes as subtitles: what is accepted can be written and read again, and is the same. */
#include "base/utf8.h"
#include "media/webvtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct cue *a, const struct cue *b)
{
    return a->start_ms == b->start_ms && a->end_ms == b->end_ms && str_eq(a->text, b->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str file = { (const char *)data, size };
    if (!utf8_valid(file)) return 0; /* checked at the door */
    struct arena *a = arena_create();
    struct cue *cues, *again;
    size_t n, n_again;
    const char *problem;
    int line;
    if (subtitles_parse(a, file, &cues, &n, &problem, &line)) {
        struct str written = webvtt_write(a, cues, n);
        if (!webvtt_parse(a, written, &again, &n_again, &problem, &line) || n != n_again) abort();
        for (size_t i = 0; i < n; i++)
            if (!same(&cues[i], &again[i])) abort();
        /* SubRip escapes nothing, so that only what has no markup comes back as it was */
        (void)subtitles_srt(a, cues, n);
    } else if (!problem || line < 0) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
