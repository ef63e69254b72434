/* Any bytes as what a browser hands over about a passkey: the first says whether as client data, as a new key, or as an answer
 * signed by the key that follows. What is accepted keeps its promises. */
#include "access/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right) abort();
}

/* 64 or 32 bytes of key, one of how long the signature is, the signature, then the authenticator's data. */
static void answer(struct str text, const struct webauthn_site *site, bool eddsa)
{
    struct webauthn_facts facts;
    size_t key = eddsa ? 32 : 64;
    if (text.n < key + 1) return;
    size_t signature = (unsigned char)text.p[key];
    struct str rest = str_sub(text, key + 1, text.n);
    const struct webauthn_key k = { .algorithm = eddsa ? -8 : -7, .key = str_sub(text, 0, key) };
    /* bytes that nobody signed for this client data */
    check(webauthn_signed(site, &k, str_sub(rest, signature, rest.n), S("{}"),
                          str_sub(rest, 0, signature), &facts) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct webauthn_site site = { S("https://edulab.example"), S("edulab.example") };
    if (!size) return 0;
    struct arena *a = arena_create();
    /* a copy of its very size, so that a byte too far is seen */
    char *bytes = malloc(size);
    if (!bytes) abort();
    memcpy(bytes, data + 1, size - 1);
    struct str text = { bytes, size - 1 }, challenge;
    struct webauthn_key key;
    struct webauthn_facts facts;
    struct webauthn_site found;
    switch (data[0]) {
    case 'c':
        if (!webauthn_client(a, text, "webauthn.get", &site, &challenge)) check(challenge.n > 0);
        break;
    case 'n':
        if (!webauthn_new_key(a, &site, text, &key, &facts))
            check(key.credential.n && key.credential.n <= WEBAUTHN_ID_MAX &&
                  key.key.n == (key.algorithm == -7 ? 64 : 32) && facts.count >= 0);
        break;
    case 'u':
        if (webauthn_site(text, &found)) check(found.id.n && found.origin.n > found.id.n);
        break;
    default: answer(text, &site, data[0] == 'e');
    }
    free(bytes);
    arena_destroy(a);
    return 0;
}
