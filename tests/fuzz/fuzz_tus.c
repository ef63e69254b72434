/* Any bytes as a tus header: nothing is read out of bounds, and what is accepted keeps its promises. */
#include "base/utf8.h"
#include "media/tus_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    /* a copy of its very size, so that a byte too far is seen */
    char *bytes = malloc(size ? size : 1);
    if (!bytes) abort();
    if (size) memcpy(bytes, data, size);
    struct str header = { bytes, size };
    int64_t number;
    struct tus_metadata m;
    struct tus_checksum c;
    if (tus_parse_number(header, &number)) check(number >= 0 && number < (int64_t)1 << 53);
    if (tus_parse_metadata(a, header, &m)) {
        check(utf8_valid(m.name) && utf8_valid(m.fingerprint) &&
              m.fingerprint.n <= TUS_FINGERPRINT);
        check(utf8_count(m.name) <= 3 * TUS_NAME); /* composing may lengthen a little, never much */
        check(str_find(m.name, '/') == m.name.n && str_find(m.name, '\\') == m.name.n);
        check(str_find(m.name, '\n') == m.name.n && !str_is(m.name, ".."));
    }
    if (tus_parse_checksum(header, &c) == TUS_CHECKSUM_OK)
        check(c.algorithm && c.n >= 20 && c.n <= TUS_DIGEST);
    free(bytes);
    arena_destroy(a);
    return 0;
}
