/* Any bytes as a file from a spreadsheet: what is read lies within the limits and the copy, lines only rise, and a record
 * written again by csv_put reads the same. */
#include "base/csv.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(struct arena *a, const struct csv *c)
{
    struct buf b = BUF_INIT(64 * 1024 * 1024);
    struct csv again;
    for (size_t i = 0; i < c->n; i++)
        csv_put(&b, c->fields[i], i + 1 < c->n ? ';' : '\n');
    csv_open(&again, a, buf_view(&b), ';');
    if (!csv_next(&again) || again.n != c->n || again.stray || again.unclosed || again.too_wide)
        abort();
    for (size_t i = 0; i < c->n; i++)
        if (!str_eq(again.fields[i], c->fields[i])) abort();
    if (csv_next(&again)) abort();
    buf_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct str text;
    enum csv_encoding encoding = csv_decode(a, (struct str){ (const char *)data, size }, &text);
    if (encoding != CSV_NO_TEXT && !utf8_well_formed(text)) abort();
    struct csv c;
    csv_open(&c, a, text, csv_separator(text));
    size_t line = 0;
    while (csv_next(&c)) {
        if (c.n == 0 || c.n > CSV_COLUMNS || c.line <= line || c.next_line < c.line) abort();
        line = c.line;
        bool any = false;
        for (size_t i = 0; i < c.n; i++) {
            any = any || c.fields[i].n;
            if (c.fields[i].n && (c.fields[i].p + c.fields[i].n > c.end)) abort();
        }
        if (any) check_again(a, &c);
    }
    arena_destroy(a);
    return 0;
}
