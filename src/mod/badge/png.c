/* PNG chunks, read once from front to end with every length checked against what is left. */
#include "mod/badge/png.h"

#include <libdeflate.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "html/lang.h"

enum { SIGNATURE = 8, CHUNK_FRAME = 12 };

static const char signature[SIGNATURE] = { '\x89', 'P', 'N', 'G', '\r', '\n', '\x1a', '\n' };

struct chunk {
    struct str type, data, whole; /* whole: length, type, data and checksum */
};

struct reader {
    struct str rest;
    bool header, picture, end; /* seen so far */
};

const char *png_says(enum png_result result)
{
    switch (result) {
    case PNG_FINE: return N_("The picture carries a badge.");
    case PNG_FOREIGN: return N_("This file is not a PNG picture.");
    case PNG_TOO_LARGE: return N_("This picture is too large to be a badge.");
    case PNG_CUT: return N_("This picture is cut: its end is missing.");
    case PNG_DAMAGED: return N_("This picture is damaged: its checksums do not agree.");
    case PNG_PLAIN: return N_("This picture carries no badge.");
    case PNG_TWICE: return N_("This picture carries two badges; only one can be checked.");
    case PNG_BAD_TEXT: return N_("The badge inside this picture cannot be read.");
    }
    return "";
}

static uint32_t read_32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static char *write_32(char *p, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *p++ = (char)(v >> shift & 0xFF);
    return p;
}

static char *write_bytes(char *p, struct str s)
{
    if (s.n) memcpy(p, s.p, s.n);
    return p + s.n;
}

static bool letters(struct str type)
{
    for (size_t i = 0; i < type.n; i++) {
        char lower = (char)(type.p[i] | 0x20);
        if (lower < 'a' || lower > 'z') return false;
    }
    return true;
}

static enum png_result begin(struct str file, struct reader *ret)
{
    if (file.n < SIGNATURE || memcmp(file.p, signature, SIGNATURE) != 0) return PNG_FOREIGN;
    if (file.n > LIMIT_PNG) return PNG_TOO_LARGE;
    *ret = (struct reader){ .rest = str_sub(file, SIGNATURE, file.n) };
    return PNG_FINE;
}

/* The order that matters: IHDR first and once, some IDAT, IEND last and empty. */
static bool in_order(struct reader *r, struct chunk c)
{
    bool header = str_is(c.type, "IHDR");
    if (header != !r->header) return false;
    if (header) {
        if (c.data.n != 13 || read_32(c.data.p) == 0 || read_32(c.data.p + 4) == 0) return false;
        r->header = true;
    }
    if (str_is(c.type, "IDAT")) r->picture = true;
    if (str_is(c.type, "IEND")) {
        if (c.data.n || !r->picture || r->rest.n) return false;
        r->end = true;
    }
    return true;
}

static enum png_result next(struct reader *r, struct chunk *ret)
{
    if (r->rest.n < CHUNK_FRAME) return PNG_CUT;
    uint32_t length = read_32(r->rest.p);
    if (length > r->rest.n - CHUNK_FRAME) return PNG_CUT;
    struct chunk c = {
        .type = str_sub(r->rest, 4, 4),
        .data = str_sub(r->rest, 8, length),
        .whole = str_sub(r->rest, 0, CHUNK_FRAME + (size_t)length),
    };
    r->rest = str_sub(r->rest, c.whole.n, r->rest.n);
    uint32_t sum = libdeflate_crc32(0, c.type.p, 4 + (size_t)length);
    if (!letters(c.type) || sum != read_32(c.data.p + length)) return PNG_DAMAGED;
    if (!in_order(r, c)) return PNG_DAMAGED;
    *ret = c;
    return PNG_FINE;
}

/* 2 or 3 when the chunk is a baked badge of that version, else 0. */
static int badge_version(struct chunk c)
{
    if (!str_is(c.type, "iTXt")) return 0;
    struct str keyword = str_sub(c.data, 0, str_find(c.data, '\0'));
    if (str_is(keyword, PNG_KEYWORD_2)) return 2;
    return str_is(keyword, PNG_KEYWORD_3) ? 3 : 0;
}

static bool inflate_text(struct arena *a, struct str packed, struct str *ret)
{
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    if (!d) abort();
    char *out = arena_alloc(a, PNG_TEXT_MAX);
    size_t n = 0;
    enum libdeflate_result result =
        libdeflate_zlib_decompress(d, packed.p, packed.n, out, PNG_TEXT_MAX, &n);
    libdeflate_free_decompressor(d);
    if (result != LIBDEFLATE_SUCCESS) return false;
    *ret = (struct str){ out, n };
    return true;
}

/* iTXt: keyword 0 compressed(1) method(1) language 0 keyword-in-language 0 text */
static enum png_result read_text(struct arena *a, struct str data, struct str *ret)
{
    struct str rest = data;
    str_cut(&rest, '\0');
    if (rest.n < 2) return PNG_BAD_TEXT;
    char compressed = rest.p[0], method = rest.p[1];
    if (compressed != 0 && (compressed != 1 || method != 0)) return PNG_BAD_TEXT;
    rest = str_sub(rest, 2, rest.n);
    for (int i = 0; i < 2; i++) {
        if (str_find(rest, '\0') == rest.n) return PNG_BAD_TEXT;
        str_cut(&rest, '\0');
    }
    if (compressed && !inflate_text(a, rest, &rest)) return PNG_BAD_TEXT;
    if (rest.n == 0 || rest.n > PNG_TEXT_MAX || !utf8_valid(rest)) return PNG_BAD_TEXT;
    *ret = rest;
    return PNG_FINE;
}

enum png_result png_find(struct arena *a, struct str file, struct png_badge *ret)
{
    struct reader r;
    struct chunk found = { 0 };
    int version = 0;
    enum png_result result = begin(file, &r);
    while (result == PNG_FINE && !r.end) {
        struct chunk c;
        result = next(&r, &c);
        if (result != PNG_FINE) return result;
        int v = badge_version(c);
        if (v && version) return PNG_TWICE;
        if (!v) continue;
        version = v;
        found = c;
    }
    if (result != PNG_FINE) return result;
    if (!version) return PNG_PLAIN;
    struct str text;
    result = read_text(a, found.data, &text);
    if (result == PNG_FINE) *ret = (struct png_badge){ .text = text, .version = version };
    return result;
}

static struct str make_chunk(struct arena *a, struct str text)
{
    static const struct str head = { "iTXt" PNG_KEYWORD_2 "\0\0\0\0\0", 4 + 10 + 5 };
    size_t n = head.n - 4 + text.n;
    char *p = arena_alloc(a, CHUNK_FRAME + n), *at = write_32(p, (uint32_t)n);
    at = write_bytes(at, head);
    at = write_bytes(at, text);
    write_32(at, libdeflate_crc32(0, p + 4, 4 + n));
    return (struct str){ p, CHUNK_FRAME + n };
}

enum png_result png_bake(struct arena *a, struct str file, struct str text, struct str *ret_file)
{
    struct reader r;
    enum png_result result = begin(file, &r);
    if (result != PNG_FINE) return result;
    struct str badge = { "", 0 };
    if (text.p) {
        if (text.n == 0 || text.n > PNG_TEXT_MAX || !utf8_valid(text)) return PNG_BAD_TEXT;
        badge = make_chunk(a, text);
    }
    if (file.n + badge.n > LIMIT_PNG) return PNG_TOO_LARGE;
    char *out = arena_alloc(a, file.n + badge.n);
    char *at = write_bytes(out, str_sub(file, 0, SIGNATURE));
    while (!r.end) {
        struct chunk c;
        result = next(&r, &c);
        if (result != PNG_FINE) return result;
        if (badge_version(c)) continue;
        at = write_bytes(at, c.whole);
        if (str_is(c.type, "IHDR")) at = write_bytes(at, badge);
    }
    *ret_file = (struct str){ out, (size_t)(at - out) };
    return PNG_FINE;
}
