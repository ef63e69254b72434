/* Numbers, metadata, checksums, base64. */
#include "media/tus_parse.h"

#include "base/utf8.h"

bool tus_parse_number(struct str header, int64_t *ret)
{
    if (header.n == 0 || header.n > 16) return false;
    for (size_t i = 0; i < header.n; i++)
        if (header.p[i] < '0' || header.p[i] > '9') return false;
    int64_t value;
    if (!str_to_int(header, &value) || value >= (int64_t)1 << 53) return false;
    *ret = value;
    return true;
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

long tus_base64(struct str text, unsigned char *ret)
{
    if (text.n % 4 != 0) return -1;
    size_t padding = 0;
    while (padding < 2 && padding < text.n && text.p[text.n - 1 - padding] == '=')
        padding++;
    size_t n = text.n - padding;
    long out = 0;
    unsigned bits = 0;
    int held = 0;
    for (size_t i = 0; i < n; i++) {
        int value = digit(text.p[i]);
        if (value < 0) return -1;
        bits = bits << 6 | (unsigned)value;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        ret[out++] = (unsigned char)(bits >> held);
    }
    return out;
}

/* --- metadata ------------------------------------------------------------------------------------------- */

static bool key_valid(struct str key)
{
    if (key.n == 0 || key.n > 64) return false;
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] <= ' ' || key.p[i] > '~') return false;
    return true;
}

/* The last part of a path of any system, controls out, at most TUS_NAME characters. */
static struct str clean_name(struct arena *a, struct str name)
{
    size_t from = name.n;
    while (from > 0 && name.p[from - 1] != '/' && name.p[from - 1] != '\\')
        from--;
    name = str_sub(name, from, name.n);
    char *clean = arena_alloc(a, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7F) clean[n++] = name.p[i];
    struct str kept = str_trim((struct str){ clean, n });
    size_t at = 0;
    for (int characters = 0; at < kept.n && characters < TUS_NAME; characters++)
        utf8_next(kept, &at);
    kept = str_trim(str_sub(kept, 0, at));
    return str_is(kept, ".") || str_is(kept, "..") ? S("") : utf8_nfc(a, kept);
}

/* "video-0a1b…": a word, so that nothing of it needs care further on. */
static bool purpose_valid(struct str word)
{
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return word.n <= TUS_PURPOSE;
}

enum { KEY_NAME, KEY_FINGERPRINT, KEY_PURPOSE, KEYS };

static int key_of(struct str key)
{
    if (str_is(key, "filename") || str_is(key, "name")) return KEY_NAME;
    if (str_is(key, "fingerprint")) return KEY_FINGERPRINT;
    return str_is(key, "purpose") ? KEY_PURPOSE : KEYS;
}

static bool parse_pair(struct arena *a, struct str pair, struct tus_metadata *m, bool seen[KEYS])
{
    struct str key = str_cut(&pair, ' ');
    if (!key_valid(key)) return false;
    int which = key_of(key);
    unsigned char *bytes = arena_alloc(a, pair.n + 1);
    long n = tus_base64(pair, bytes);
    if (n < 0) return false;
    if (which == KEYS) return true;
    struct str value = { (const char *)bytes, (size_t)n };
    if (seen[which] || !utf8_valid(value)) return false;
    seen[which] = true;
    switch (which) {
    case KEY_NAME: m->name = clean_name(a, value); return true;
    case KEY_FINGERPRINT: m->fingerprint = value; return value.n <= TUS_FINGERPRINT;
    default: m->purpose = value; return purpose_valid(value);
    }
}

bool tus_parse_metadata(struct arena *a, struct str header, struct tus_metadata *ret)
{
    struct tus_metadata m = { S(""), S(""), S("") };
    bool seen[KEYS] = { false };
    if (header.n > TUS_METADATA) return false;
    while (header.n > 0) {
        struct str pair = str_trim(str_cut(&header, ','));
        if (!parse_pair(a, pair, &m, seen)) return false;
    }
    *ret = m;
    return true;
}

/* --- checksum ------------------------------------------------------------------------------------------- */

enum tus_checksum_problem tus_parse_checksum(struct str header, struct tus_checksum *ret)
{
    static const struct {
        const char *word, *name;
        size_t n;
    } algorithms[] = { { "sha1", "SHA1", 20 },
                       { "sha256", "SHA256", 32 },
                       { "sha512", "SHA512", 64 } };
    struct tus_checksum c = { .algorithm = NULL };
    struct str word = str_cut(&header, ' ');
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        if (!str_is(word, algorithms[i].word)) continue;
        c.algorithm = algorithms[i].name;
        c.n = algorithms[i].n;
    }
    if (!c.algorithm) return key_valid(word) ? TUS_CHECKSUM_UNKNOWN : TUS_CHECKSUM_MALFORMED;
    unsigned char bytes[TUS_DIGEST + 3];
    if (header.n > (TUS_DIGEST + 2) / 3 * 4) return TUS_CHECKSUM_MALFORMED;
    long n = tus_base64(header, bytes);
    if (n != (long)c.n) return TUS_CHECKSUM_MALFORMED;
    memcpy(c.bytes, bytes, c.n);
    *ret = c;
    return TUS_CHECKSUM_OK;
}
