/* The one source of randomness: the kernel's, for tokens, keys and identifiers alike. */
#include "base/rand.h"

#include <stdlib.h>
#include <sys/random.h>

void rand_bytes(void *ret, size_t n)
{
    unsigned char *p = ret;
    while (n) {
        ssize_t got = getrandom(p, n > 256 ? 256 : n, 0);
        if (got < 0) abort();
        p += got;
        n -= (size_t)got;
    }
}

uint64_t rand_u64(void)
{
    uint64_t v;
    rand_bytes(&v, sizeof v);
    return v;
}
