/* Ticket: time 8 ‖ institution 8 ‖ random 16 ‖ browser 16 ‖ mac 16, in base64url (then '.' and the suite) or '_' and hex. */
#include "mod/federation/flow.h"

#include <sodium.h>

#include "access/access.h"
#include "base/rand.h"
#include "base/time.h"

enum {
    BODY = 48,
    MAC = 16,
    BROWSER = FLOW_BROWSER,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

static struct str base64(struct arena *a, const unsigned char *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, p, n, VARIANT);
    return str_from(out);
}

static void keyed(const char *purpose, struct str text, struct str more, unsigned char *ret,
                  size_t n)
{
    unsigned char key[32];
    crypto_generichash_state state;
    access_key(purpose, key);
    crypto_generichash_init(&state, key, sizeof key, n);
    crypto_generichash_update(&state, (const unsigned char *)text.p, text.n);
    crypto_generichash_update(&state, (const unsigned char *)more.p, more.n);
    crypto_generichash_final(&state, ret, n);
    sodium_memzero(key, sizeof key);
}

static void put_number(unsigned char *p, int64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get_number(const unsigned char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

static void fill(unsigned char ticket[BODY + MAC], int64_t provider, struct str browser,
                 struct str suite, int64_t now)
{
    put_number(ticket, now);
    put_number(ticket + 8, provider);
    rand_bytes(ticket + 16, 16);
    memset(ticket + 32, 0, BROWSER);
    memcpy(ticket + 32, browser.p, browser.n < BROWSER ? browser.n : BROWSER);
    keyed("federation ticket", (struct str){ (char *)ticket, BODY }, suite, ticket + BODY, MAC);
}

struct str flow_begin(struct arena *a, int64_t provider, struct str browser, struct str suite,
                      int64_t now)
{
    unsigned char ticket[BODY + MAC];
    if (suite.n > FLOW_SUITE_MAX) suite = STR_NONE;
    fill(ticket, provider, browser, suite, now);
    struct str text = base64(a, ticket, sizeof ticket);
    if (!suite.n) return text;
    return arena_printf(a, "%.*s.%.*s", STR(text),
                        STR(base64(a, (const unsigned char *)suite.p, suite.n)));
}

struct str flow_begin_id(struct arena *a, int64_t provider, struct str browser, int64_t now)
{
    unsigned char ticket[BODY + MAC];
    char hex[2 * sizeof ticket + 1];
    fill(ticket, provider, browser, STR_NONE, now);
    sodium_bin2hex(hex, sizeof hex, ticket, sizeof ticket);
    return arena_printf(a, "_%s", hex);
}

static bool take_apart(struct arena *a, struct str text, unsigned char ticket[BODY + MAC],
                       struct str *ret_suite)
{
    size_t n;
    *ret_suite = S("");
    if (text.n && text.p[0] == '_')
        return sodium_hex2bin(ticket, BODY + MAC, text.p + 1, text.n - 1, NULL, &n, NULL) == 0 &&
               n == BODY + MAC;
    struct str rest = text, first = str_cut(&rest, '.');
    if (sodium_base642bin(ticket, BODY + MAC, first.p, first.n, NULL, &n, NULL, VARIANT) != 0 ||
        n != BODY + MAC)
        return false;
    if (!rest.n) return true;
    unsigned char *suite = arena_alloc(a, FLOW_SUITE_MAX + 1);
    if (sodium_base642bin(suite, FLOW_SUITE_MAX, rest.p, rest.n, NULL, &n, NULL, VARIANT) != 0)
        return false;
    *ret_suite = (struct str){ (char *)suite, n };
    return true;
}

bool flow_read(struct arena *a, struct str text, int64_t now, struct flow *ret)
{
    unsigned char mac[MAC];
    unsigned char *ticket = arena_alloc(a, BODY + MAC);
    if (!text.p || !take_apart(a, text, ticket, &ret->suite)) return false;
    keyed("federation ticket", (struct str){ (char *)ticket, BODY }, ret->suite, mac, MAC);
    if (sodium_memcmp(mac, ticket + BODY, MAC) != 0) return false;
    ret->at = get_number(ticket);
    ret->provider = get_number(ticket + 8);
    ret->browser = (struct str){ (char *)ticket + 32, BROWSER };
    ret->hash = access_hash_token(a, (struct str){ (char *)ticket, BODY });
    return now >= ret->at - MINUTE_MS && now < ret->at + FLOW_LIFE_MINUTES * MINUTE_MS;
}

bool flow_same_browser(const struct flow *flow, struct str browser)
{
    return browser.n >= BROWSER && str_eq_secret(flow->browser, str_sub(browser, 0, BROWSER));
}

static struct str derived(struct arena *a, const char *purpose, struct str ticket)
{
    unsigned char bytes[32];
    keyed(purpose, ticket, STR_NONE, bytes, sizeof bytes);
    return base64(a, bytes, sizeof bytes);
}

struct str flow_nonce(struct arena *a, struct str ticket)
{
    return derived(a, "federation nonce", ticket);
}

struct str flow_verifier(struct arena *a, struct str ticket)
{
    return derived(a, "federation pkce", ticket);
}

struct str flow_challenge(struct arena *a, struct str verifier)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier.p, verifier.n);
    return base64(a, hash, sizeof hash);
}

/* --- secrets at rest ------------------------------------------------------------------------------------------------ */

struct str seal(struct arena *a, struct str plain)
{
    unsigned char key[32];
    unsigned char *out =
        arena_alloc(a, crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.n);
    access_key("federation seal", key);
    rand_bytes(out, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain.p,
                          plain.n, out, key);
    sodium_memzero(key, sizeof key);
    return (struct str){ (char *)out,
                         crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.n };
}

struct str unseal(struct arena *a, struct str sealed)
{
    enum { BEFORE = crypto_secretbox_NONCEBYTES, MORE = crypto_secretbox_MACBYTES };
    unsigned char key[32];
    if (!sealed.p || sealed.n < BEFORE + MORE) return STR_NONE;
    unsigned char *out = arena_alloc(a, sealed.n - BEFORE - MORE + 1);
    access_key("federation seal", key);
    int bad = crypto_secretbox_open_easy(out, (const unsigned char *)sealed.p + BEFORE,
                                         sealed.n - BEFORE, (const unsigned char *)sealed.p, key);
    sodium_memzero(key, sizeof key);
    return bad ? STR_NONE : (struct str){ (char *)out, sealed.n - BEFORE - MORE };
}
