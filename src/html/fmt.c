/* Texts with places: "{0} of {1}". A place without its value stays as it is, so that it is seen. */
#include "html/html.h"

#include <math.h>

struct fmt_arg fmt_text(struct str s)
{
    return (struct fmt_arg){ .kind = FMT_TEXT, .text = s };
}

struct fmt_arg fmt_chars(const char *s)
{
    return fmt_text(str_from(s));
}

struct fmt_arg fmt_int(long long v)
{
    return (struct fmt_arg){ .kind = FMT_INT, .integer = v };
}

struct fmt_arg fmt_real(double v)
{
    return (struct fmt_arg){ .kind = FMT_REAL, .real = v };
}

struct fmt_arg fmt_html(struct html h)
{
    return (struct fmt_arg){ .kind = FMT_HTML, .text = h.s };
}

/* Cuts *rest before its first place: returns what stands before, and the place's argument; NULL at the end. */
static struct str before_place(struct str *rest, const struct fmt_arg *args, size_t n,
                               const struct fmt_arg **ret)
{
    *ret = NULL;
    for (size_t i = 0; i + 2 < rest->n; i++) {
        unsigned digit = (unsigned)(rest->p[i + 1] - '0');
        if (rest->p[i] != '{' || rest->p[i + 2] != '}' || digit >= n) continue;
        struct str head = str_sub(*rest, 0, i);
        *ret = &args[digit];
        *rest = str_sub(*rest, i + 3, rest->n);
        return head;
    }
    struct str head = *rest;
    *rest = STR_NONE;
    return head;
}

static void put_number(struct buf *out, const struct fmt_arg *arg)
{
    if (arg->kind == FMT_INT) buf_int(out, arg->integer);
    else buf_num(out, isfinite(arg->real) && fabs(arg->real) < 1e14 ? arg->real : 0, 4);
}

static void put_arg(struct page *pg, const struct fmt_arg *arg)
{
    if (arg->kind == FMT_TEXT) page_put_text(pg, arg->text);
    else if (arg->kind == FMT_HTML) buf_str(pg->out, arg->text);
    else put_number(pg->out, arg);
}

struct html fmt_html_of(struct page *pg, struct str text, const struct fmt_arg *args, size_t n)
{
    size_t mark = html_begin_capture(pg);
    const struct fmt_arg *arg;
    do {
        page_put_text(pg, before_place(&text, args, n, &arg));
        if (arg) put_arg(pg, arg);
    } while (arg);
    return html_end_capture(pg, mark);
}

struct str fmt_text_of(struct arena *a, struct str text, const struct fmt_arg *args, size_t n)
{
    struct buf out = BUF_INIT(1024 * 1024);
    const struct fmt_arg *arg;
    do {
        buf_str(&out, before_place(&text, args, n, &arg));
        if (arg && (arg->kind == FMT_TEXT || arg->kind == FMT_HTML)) buf_str(&out, arg->text);
        else if (arg) put_number(&out, arg);
    } while (arg);
    struct str s = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return s;
}
