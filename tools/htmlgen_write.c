/* The C that comes out of a template. Literals wait until code comes, so that neighbours become one call. */
#include "htmlgen.h"

static void put_c_text(struct buf *out, struct str s)
{
    size_t column = 0;
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool continuation = ((unsigned char)c & 0xC0) == 0x80;
        if (column >= 96 && !continuation) {
            buf_lit(out, "\"\n        \"");
            column = 0;
        }
        if (c == '\n') buf_lit(out, "\\n");
        else if (c == '\t') buf_lit(out, "\\t");
        else if (c == '\r') buf_lit(out, "\\r");
        else if (c == '"' || c == '\\' || c == '?') /* two ? may begin a trigraph */
            buf_printf(out, "\\%c", c);
        else buf_putc(out, c);
        column++;
    }
    buf_putc(out, '"');
}

static void put_line(struct parser *p, unsigned line)
{
    buf_printf(&p->part->code, "#line %u ", line);
    put_c_text(&p->part->code, p->path);
    buf_putc(&p->part->code, '\n');
}

void write_flush(struct parser *p)
{
    struct buf *code = &p->part->code;
    if (p->literal.n == 0) return;
    put_line(p, p->literal_line);
    buf_lit(code, "    page_raw(pg, ");
    put_c_text(code, buf_view(&p->literal));
    buf_lit(code, ");\n");
    p->literal.n = 0;
}

void write_literal(struct parser *p, struct str s)
{
    if (p->literal.n == 0) p->literal_line = p->line;
    buf_str(&p->literal, s);
    p->wrote = true;
}

void write_held_space(struct parser *p)
{
    if (p->space && !p->edge) write_literal(p, S(" "));
    p->space = false;
}

void write_code(struct parser *p, unsigned line, const char *before, struct str code,
                const char *after)
{
    write_flush(p);
    put_line(p, line);
    buf_str(&p->part->code, str_from(before));
    buf_str(&p->part->code, code);
    buf_str(&p->part->code, str_from(after));
    buf_putc(&p->part->code, '\n');
    p->wrote = true;
}
