/* Passwords, tokens and keys. */
#include <sodium.h>

#include "access/access.h"
#include "access/secret.h"
#include "base/id.h"
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

struct str access_code(struct arena *a, const unsigned char key[32], const void *about, size_t n)
{
    enum { BYTES = 15 };
    unsigned char mac[crypto_generichash_BYTES_MIN];
    _Static_assert(BYTES <= sizeof mac, "a part of the code is enough");
    crypto_generichash(mac, sizeof mac, about, n, key, 32);
    size_t room = sodium_base64_encoded_len(BYTES, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, mac, BYTES, VARIANT);
    return str_from(out);
}

struct str access_person_code(struct arena *a, const unsigned char key[32], int64_t person_id)
{
    return arena_printf(a, "%.*s.%.*s", STR(id_lower(a, person_id)),
                        STR(access_code(a, key, &person_id, sizeof person_id)));
}

int64_t access_person_of_code(struct arena *a, const unsigned char key[32], struct str code)
{
    struct str rest = code, id = str_cut(&rest, '.');
    int64_t person_id;
    bool right =
        id_parse(id, &person_id) && str_eq_secret(code, access_person_code(a, key, person_id));
    return right ? person_id : 0;
}
