/* Any text, any words: what is found lies in the text, in order, and nothing overlaps. */
#include "base/utf8.h"
#include "db/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 64 };
    struct str text = { (const char *)data, size };
    if (!utf8_valid(text)) return 0; /* checked at the door */
    struct str typed = str_cut(&text, '\n');
    struct arena *a = arena_create();
    struct words_hit hits[MOST];
    size_t n = words_hits(a, text, typed, hits, MOST), end = 0;
    for (size_t i = 0; i < n; i++) {
        if (hits[i].from < end || hits[i].n == 0 || hits[i].from + hits[i].n > text.n) abort();
        end = hits[i].from + hits[i].n;
    }
    arena_destroy(a);
    return 0;
}
