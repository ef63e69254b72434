/* Any bytes as what a client sends: the first byte chooses the reader (form, multipart, JSON, range). What is read must
 * be valid UTF-8, within the limits, and inside the memory of the request. */
#include "base/utf8.h"
#include "http/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fields(const struct fields *fields)
{
    if (fields->n > LIMIT_FIELDS) abort();
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *f = &fields->items[i];
        if (!utf8_valid(f->name)) abort();
        if (!f->upload && f->value.p && !utf8_valid(f->value)) abort();
        if (f->upload && f->upload->name.p && !utf8_valid(f->upload->name)) abort();
    }
}

/* The first line is the header, the rest the body. */
static void try_multipart(struct arena *a, struct str text, struct fields *fields)
{
    struct str type = str_cut(&text, '\n');
    if (fields_parse_multipart(a, type, text, fields)) check_fields(fields);
}

/* "<size>\n<header>" */
static void try_range(struct str text)
{
    int64_t n, first = 0, last = 0;
    struct str size = str_cut(&text, '\n');
    if (!str_to_int(size, &n) || n < 0) return;
    int result = range_parse(text, n, &first, &last);
    if (result < -1 || result > 1) abort();
    if (result == 1 && (first < 0 || last < first || last >= n)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct arena *a = arena_create();
    struct fields *fields = arena_new(a, struct fields);
    struct str text = { (const char *)data + 1, size - 1 }, decoded;
    switch (data[0] % 5) {
    case 0:
        if (fields_parse_urlencoded(a, text, fields)) check_fields(fields);
        break;
    case 1: try_multipart(a, text, fields); break;
    case 2:
        if (fields_parse_json(a, text, fields)) check_fields(fields);
        break;
    case 3: try_range(text); break;
    case 4:
        if (url_decode(a, text, false, &decoded) && (!utf8_valid(decoded) || decoded.n > text.n))
            abort();
        break;
    }
    arena_destroy(a);
    return 0;
}
