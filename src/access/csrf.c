/* token = base64url(mask ‖ mask XOR mac), mac = first 16 bytes of keyed BLAKE2b (RFC 7693), of session or day. */
#include "access/csrf.h"

#include <sodium.h>

#include "base/rand.h"
#include "base/time.h"

enum { HALF = 16, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static unsigned char key[crypto_generichash_KEYBYTES];

void csrf_set_secret(struct str secret)
{
    /* a key of its own, so that the secret can serve other purposes too */
    crypto_generichash(key, sizeof key, (const unsigned char *)"edulab csrf", 11,
                       (const unsigned char *)secret.p, secret.n);
}

/* A visitor has no session: the token then says only that the page came from here, today or yesterday. */
static void mac(const struct request *r, int64_t day, unsigned char ret[crypto_generichash_BYTES])
{
    char text[64];
    int n = r->who.session_id ? snprintf(text, sizeof text, "s%lld", (long long)r->who.session_id)
                              : snprintf(text, sizeof text, "v%lld", (long long)day);
    crypto_generichash(ret, crypto_generichash_BYTES, (const unsigned char *)text,
                       (unsigned long long)n, key, sizeof key);
}

struct str csrf_token(struct request *r)
{
    unsigned char code[crypto_generichash_BYTES], bytes[2 * HALF];
    mac(r, r->now / DAY_MS, code);
    rand_bytes(bytes, HALF);
    for (int i = 0; i < HALF; i++)
        bytes[HALF + i] = bytes[i] ^ code[i];
    size_t room = sodium_base64_encoded_len(sizeof bytes, VARIANT);
    char *out = arena_alloc(r->arena, room);
    sodium_bin2base64(out, room, bytes, sizeof bytes, VARIANT);
    return str_from(out);
}

static bool matches(const struct request *r, const unsigned char given[HALF], int64_t day)
{
    unsigned char code[crypto_generichash_BYTES];
    mac(r, day, code);
    return sodium_memcmp(code, given, HALF) == 0;
}

bool csrf_valid(struct request *r, struct str token)
{
    unsigned char bytes[2 * HALF];
    size_t n;
    if (sodium_base642bin(bytes, sizeof bytes, token.p, token.n, NULL, &n, NULL, VARIANT) != 0 ||
        n != sizeof bytes)
        return false;
    for (int i = 0; i < HALF; i++)
        bytes[HALF + i] ^= bytes[i];
    int64_t day = r->now / DAY_MS;
    return matches(r, bytes + HALF, day) ||
           (!r->who.session_id && matches(r, bytes + HALF, day - 1));
}
