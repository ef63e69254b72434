/* Writing and reading CSV: see csv.h. */
#include "base/csv.h"

#include "base/utf8.h"

static bool is_formula(struct str s)
{
    return s.n && strchr("=+-@\t\r", s.p[0]) != NULL;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr(";,\"\r\n\t'", s.p[i]) || (unsigned char)s.p[i] < ' ') return false;
    return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
}

void csv_put(struct buf *b, struct str field, char end)
{
    bool formula = is_formula(field);
    if (!formula && is_plain(field)) buf_str(b, field);
    else {
        buf_putc(b, '"');
        if (formula) buf_putc(b, '\'');
        for (size_t i = 0; i < field.n; i++) {
            if (field.p[i] == '"') buf_putc(b, '"');
            buf_putc(b, field.p[i]);
        }
        buf_putc(b, '"');
    }
    if (end == '\n') buf_lit(b, "\r\n");
    else buf_putc(b, end);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* The characters of Windows-1252 that are not those of Latin-1: 0x80 to 0x9F; 0: none, shown as U+FFFD. */
static const uint16_t high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static struct str from_windows(struct arena *a, struct str raw)
{
    char *out = arena_alloc(a, arena_bytes(3, raw.n) + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char b = (unsigned char)raw.p[i];
        unsigned c = b < 0x80 || b > 0x9F ? b : high[b - 0x80] ? high[b - 0x80] : 0xFFFD;
        if (c < 0x80) {
            out[n++] = (char)c;
        } else if (c < 0x800) {
            out[n++] = (char)(0xC0 | (c >> 6));
            out[n++] = (char)(0x80 | (c & 0x3F));
        } else {
            out[n++] = (char)(0xE0 | (c >> 12));
            out[n++] = (char)(0x80 | ((c >> 6) & 0x3F));
            out[n++] = (char)(0x80 | (c & 0x3F));
        }
    }
    return (struct str){ out, n };
}

enum csv_encoding csv_decode(struct arena *a, struct str raw, struct str *ret_text)
{
    *ret_text = S("");
    if (str_find(raw, '\0') < raw.n) return CSV_NO_TEXT;
    if (str_starts(raw, S(CSV_MARK))) raw = str_sub(raw, 3, raw.n);
    if (utf8_well_formed(raw)) {
        *ret_text = raw;
        return CSV_UTF8;
    }
    *ret_text = from_windows(a, raw);
    return CSV_WINDOWS_1252;
}

char csv_separator(struct str text)
{
    static const char choices[] = ";,\t";
    size_t seen[3] = { 0 }, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text.p[i] == '\n' || text.p[i] == '\r') break;
        for (size_t k = 0; k < COUNT(seen); k++)
            seen[k] += text.p[i] == choices[k];
    }
    for (size_t k = 1; k < COUNT(seen); k++)
        if (seen[k] > seen[best]) best = k;
    return choices[best];
}

void csv_open(struct csv *c, struct arena *a, struct str text, char separator)
{
    *c = (struct csv){ .separator = separator, .next_line = 1 };
    c->at = arena_alloc(a, text.n + 1);
    if (text.n) memcpy(c->at, text.p, text.n);
    c->end = c->at + text.n;
}

static bool at_break(const struct csv *c)
{
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

/* Over CR LF, LF or CR. */
static void over_break(struct csv *c)
{
    if (c->at == c->end) return;
    bool cr = *c->at++ == '\r';
    if (cr && c->at < c->end && *c->at == '\n') c->at++;
    c->next_line++;
}

/* Behind the opening quote; writes the field over itself, because "" becomes one. */
static struct str quoted_field(struct csv *c)
{
    char *from = c->at, *to = c->at;
    for (; c->at < c->end; c->at++) {
        if (*c->at == '"') {
            if (c->at + 1 == c->end || c->at[1] != '"') break;
            c->at++;
        }
        c->next_line +=
            *c->at == '\n' || (*c->at == '\r' && (c->at + 1 == c->end || c->at[1] != '\n'));
        *to++ = *c->at;
    }
    c->unclosed = c->at == c->end;
    if (!c->unclosed) c->at++;
    while (!at_break(c) && *c->at != c->separator) {
        c->stray = c->stray || *c->at != ' ';
        c->at++;
    }
    return (struct str){ from, (size_t)(to - from) };
}

static struct str plain_field(struct csv *c)
{
    char *from = c->at;
    while (!at_break(c) && *c->at != c->separator)
        c->at++;
    return (struct str){ from, (size_t)(c->at - from) };
}

static struct str next_field(struct csv *c)
{
    while (c->at < c->end && *c->at == ' ')
        c->at++;
    bool quoted = c->at < c->end && *c->at == '"';
    if (quoted) c->at++;
    struct str s = str_trim(quoted ? quoted_field(c) : plain_field(c));
    if (s.n > 1 && s.p[0] == '\'' && is_formula(str_sub(s, 1, s.n))) s = str_sub(s, 1, s.n);
    return s;
}

static void read_record(struct csv *c)
{
    c->line = c->next_line;
    c->n = 0;
    c->too_wide = c->stray = c->unclosed = false;
    for (bool more = true; more;) {
        struct str field = next_field(c);
        if (c->n < CSV_COLUMNS) c->fields[c->n++] = field;
        else c->too_wide = true;
        more = c->at < c->end && *c->at == c->separator;
        if (more) c->at++;
    }
    over_break(c);
}

bool csv_next(struct csv *c)
{
    while (c->at < c->end) {
        read_record(c);
        for (size_t i = 0; i < c->n; i++)
            if (c->fields[i].n) return true;
        if (c->stray || c->unclosed || c->too_wide) return true;
    }
    return false;
}
