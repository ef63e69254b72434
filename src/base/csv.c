/* Writing CSV: see csv.h. */
#include "base/csv.h"

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
