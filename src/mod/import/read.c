/* A file in memory: decoded, cut into lines and fields, with what is wrong with a line as such. */
#include "base/limits.h"
#include "base/utf8.h"
#include "mod/import/pages.h"

/* NFC, bounded, without control characters; the code of what is wrong, or NULL. */
static const char *clean(struct arena *a, struct str *cell)
{
    if (cell->n > 4 * LIMIT_TEXT_LINE) return "long";
    if (!utf8_valid(*cell)) return "control";
    *cell = utf8_nfc(a, *cell);
    return utf8_count(*cell) > LIMIT_TEXT_LINE ? "long" : NULL;
}

static void keep_line(struct arena *a, const struct csv *c, struct import_text *text)
{
    struct import_line *l = &text->lines[text->n++];
    *l = (struct import_line){ .line = c->line };
    if (c->stray) l->broken = "stray";
    if (c->too_wide) l->broken = "wide";
    for (size_t f = 0; f < IMPORT_FIELDS; f++) {
        int column = text->map.column[f];
        l->cells[f] = column >= 0 && (size_t)column < c->n ? c->fields[column] : S("");
        const char *problem = clean(a, &l->cells[f]);
        if (!problem) continue;
        l->broken = problem;
        l->cells[f] = S("");
    }
}

/* How many lines there can be: for one allocation. */
static size_t breaks(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n' || text.p[i] == '\r';
    return n;
}

static const char *read_head(struct arena *a, struct csv *c, struct import_text *text,
                             struct str *ret_about)
{
    if (!csv_next(c)) return "empty";
    for (size_t i = 0; i < c->n; i++)
        if (!utf8_valid(c->fields[i])) return "no-text";
    import_map(a, text->kind, c, &text->map);
    const struct import_field *missing = import_missing(text->kind, &text->map);
    if (missing) {
        *ret_about = str_from(missing->label);
        return "missing";
    }
    *ret_about = text->map.doubled;
    return text->map.doubled.p ? "doubled" : NULL;
}

const char *import_read(struct arena *a, enum import_kind kind, struct str data,
                        struct import_text *ret, struct str *ret_about)
{
    struct csv *c = arena_new(a, struct csv);
    struct str text;
    *ret = (struct import_text){ .kind = kind };
    *ret_about = S("");
    ret->encoding = csv_decode(a, data, &text);
    if (ret->encoding == CSV_NO_TEXT) return "no-text";
    csv_open(c, a, text, csv_separator(text));
    const char *why = read_head(a, c, ret, ret_about);
    if (why) return why;
    size_t most = breaks(text);
    if (most > LIMIT_IMPORT_ROWS) most = LIMIT_IMPORT_ROWS;
    ret->lines = arena_array(a, struct import_line, most + 1);
    while (csv_next(c)) {
        if (c->unclosed) {
            *ret_about = arena_printf(a, "%zu", c->line);
            return "open-quote";
        }
        if (ret->n == most) return "too-long";
        keep_line(a, c, ret);
    }
    return ret->n ? NULL : "empty";
}
