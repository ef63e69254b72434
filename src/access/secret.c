/* Passwords, tokens and keys. */
#include <sodium.h>

#include "access/access.h"
#include "access/secret.h"
#include "base/rand.h"

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

struct str access_hash_password(struct arena *a, struct str password)
{
    char *out = arena_alloc(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(out, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return STR_NONE;
    return str_from(out);
}

bool access_verify_password(struct str hash, struct str password)
{
    char stored[crypto_pwhash_STRBYTES] = "";
    if (hash.n >= sizeof stored) return false;
    if (hash.n) memcpy(stored, hash.p, hash.n);
    return crypto_pwhash_str_verify(stored, password.p ? password.p : "", password.n) == 0;
}

struct str access_hash_token(struct arena *a, struct str token)
{
    unsigned char *hash = arena_alloc(a, crypto_generichash_BYTES);
    crypto_generichash(hash, crypto_generichash_BYTES, (const unsigned char *)token.p, token.n,
                       NULL, 0);
    return (struct str){ (char *)hash, crypto_generichash_BYTES };
}

struct str access_new_token(struct arena *a, struct str *ret_hash)
{
    unsigned char bytes[32];
    rand_bytes(bytes, sizeof bytes);
    size_t room = sodium_base64_encoded_len(sizeof bytes, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, bytes, sizeof bytes, VARIANT);
    struct str token = str_from(out);
    *ret_hash = access_hash_token(a, token);
    return token;
}

static unsigned char root[crypto_generichash_KEYBYTES];

void secret_set(struct str secret)
{
    memcpy(root, secret.p, secret.n < sizeof root ? secret.n : sizeof root);
}

void access_key(const char *purpose, unsigned char ret_key[32])
{
    crypto_generichash(ret_key, 32, (const unsigned char *)purpose, strlen(purpose), root,
                       sizeof root);
}
