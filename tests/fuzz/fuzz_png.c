/* Any bytes as a badge picture: nothing may be read out of bounds, and what can be read can be baked again. */
#include "mod/badge/png.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct str file = { (const char *)data, size }, baked;
    struct png_badge first, second;
    enum png_result result = png_find(a, file, &first);
    if (png_bake(a, file, S("{\"again\":true}"), &baked) == PNG_FINE) {
        if (png_find(a, baked, &second) != PNG_FINE || second.version != 2) abort();
        if (!str_is(second.text, "{\"again\":true}")) abort();
    } else if (result == PNG_FINE || result == PNG_PLAIN) {
        if (size < 1024 * 1024) abort();
    }
    arena_destroy(a);
    return 0;
}
