/* Writing pages. tools/htmlgen turns the .html files of a module into C functions that write to a `struct page` with the calls
 * below; which call is chosen by the C type of the expression, so text cannot reach a page unescaped:
 *
 *   {{ expr }}     text and numbers are escaped; only struct html passes as it is
 *   href="{{ url(expr) }}"      a whole address: http(s), mailto or a path; anything else becomes "#"
 *   href="/tv/{{ expr }}"       a part of a path or query: percent-encoded
 *   <script type="application/json">{{ json(expr) }}</script>
 *
 * The page of rules is docs/htmlgen.md. */
#ifndef EDULAB_HTML_HTML_H
#define EDULAB_HTML_HTML_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "html/lang.h"

/* Markup that is safe to send as it is. Made by html_* functions and templates only. */
struct html {
    struct str s;
};

/* An address that has passed url(). */
struct url {
    struct str s;
};

/* Areas of the site: each has a shape and a hue (data-area). */
enum area { AREA_NONE, AREA_TV, AREA_FORM, AREA_CERT, AREA_COM, AREA_EV, AREA_LAB, AREA_COUNT };
/* "tv", "form", …: the value of data-area. */
const char *area_name(enum area area);
/* AREA_NONE for an unknown name. */
enum area area_from_name(struct str name);

/* Something the person typed that does not fit. Shown beside its field, and in the summary above the form. */
struct field_error {
    const char *field;  /* the parameter's name */
    struct str message; /* in the page's language */
};

/* What every template gets as its first argument, always called `pg`. */
struct page {
    struct buf *out;
    struct arena *arena;
    enum lang lang;
    int64_t now;

    /* for the layout */
    struct html head; /* what a page adds to its <head>: made before layout_begin() */
    struct str path; /* of this page, with its query: for "here" in menus and the language switch */
    struct str csrf; /* put in each form by {{ csrf(pg) }} */
    struct str person_name; /* STR_NONE for a visitor */
    int64_t person_id;      /* 0 for a visitor */
    bool staff;             /* sees /gestion in the menu */
    struct str theme;       /* "", "light" or "dark": the account's choice */
    struct str notice;      /* said once on top, after an action; STR_NONE for none */
    bool notice_bad;
    const struct menu_entry *const *menu; /* NULL-terminated, in order */
    /* May who asks open the page at this path of the menu? NULL: not known, everything is shown. */
    bool (*may_open)(const void *asker, const char *path);
    const void *asker;

    /* for forms */
    const struct field_error *errors;
    size_t error_count;
};

/* One entry of the main menu or of the staff menu. */
struct menu_entry {
    const char *path;
    const char *label; /* N_("…") */
    enum area area;
    enum {
        MENU_MAIN,
        MENU_MINE,
        MENU_ACCOUNT, /* beside the pages of an account: see layout_account */
        MENU_STAFF, /* for the staff: always in sight, or in one of the groups of menu_staff_groups */
        MENU_STAFF_TRAINING,
        MENU_STAFF_PEOPLE,
        MENU_STAFF_RIGHTS,
        MENU_STAFF_SYSTEM,
        MENU_FOOT
    } place; /* FOOT: the last line of every page */
    int order;
};

/* --- writing, used by generated code ------------------------------------------------------------------------ */

void page_put_text(struct page *pg, struct str s); /* & < > " ' escaped */
void page_put_chars(struct page *pg, const char *s);
void page_put_int(struct page *pg, long long v);
void page_put_real(struct page *pg, double v);
void page_put_html(struct page *pg, struct html h);
void page_put_url(struct page *pg, struct url u);
/* percent-encoded, for the inside of an address */
void page_put_url_part(struct page *pg, struct str s);
void page_put_url_part_chars(struct page *pg, const char *s);
void page_put_url_part_int(struct page *pg, long long v);
/* "?name=value" on an empty page, "&name=value" behind what stands there: for addresses built in C */
void page_put_query(struct page *pg, const char *name, struct str value);
/* what fmt() made, inside a quoted value */
void page_put_html_attr(struct page *pg, struct html h);
#define page_raw(pg, literal) buf_put((pg)->out, "" literal, sizeof(literal) - 1)

#define page_put(pg, v)                                                                            \
    _Generic((v),                                                                                  \
        struct str: page_put_text, char *: page_put_chars, const char *: page_put_chars,           \
        int: page_put_int, unsigned: page_put_int, long: page_put_int, long long: page_put_int,    \
        unsigned long: page_put_int, double: page_put_real, struct html: page_put_html)((pg), (v))

/* The same inside a quoted attribute: markup loses its < > " and ', so that it cannot leave the value. */
#define page_put_attr(pg, v)                                                                       \
    _Generic((v),                                                                                  \
        struct str: page_put_text, char *: page_put_chars, const char *: page_put_chars,           \
        int: page_put_int, unsigned: page_put_int, long: page_put_int, long long: page_put_int,    \
        unsigned long: page_put_int, double: page_put_real, struct html: page_put_html_attr)(      \
        (pg), (v))

#define page_put_part(pg, v)                                                                       \
    _Generic((v),                                                                                  \
        struct str: page_put_url_part, char *: page_put_url_part_chars,                            \
        const char *: page_put_url_part_chars, int: page_put_url_part_int,                         \
        unsigned: page_put_url_part_int, long: page_put_url_part_int,                              \
        long long: page_put_url_part_int, unsigned long: page_put_url_part_int)((pg), (v))

/* --- in expressions ----------------------------------------------------------------------------------------- */

/* An address from data: passes http:, https:, mailto: and paths beginning with one slash, '?' or '#'. */
struct url url(struct str address);
/* JSON for a script element of type application/json: "</", "<!--" and U+2028 are escaped. Takes no reference. */
struct html json_in_html(struct page *pg, const json_t *value);
#define json(value) json_in_html(pg, (value))
/* The hidden field with the CSRF token. */
struct html csrf(struct page *pg);
/* Runs templates into memory instead of the page:
 *   size_t mark = html_begin_capture(pg);  card(pg, …);  struct html h = html_end_capture(pg, mark);
 * The copy lives in the page's arena. */
size_t html_begin_capture(struct page *pg);
struct html html_end_capture(struct page *pg, size_t mark);
/* Markdown (CommonMark, tables, strikethrough, task lists, autolinks) as markup. Raw HTML is dropped, so are links
 * and pictures that url() would not let pass; text past LIMIT_MARKDOWN is cut. Headings start at
 * `top` (2 = h2). */
struct html html_markdown(struct arena *a, struct str markdown, int top);
/* The part of it for remarks of people below a video: no headings, pictures, tables; a line stays a line. A time such as "3:12" that
 * lies within `longest_ms` becomes a link to that moment of the page `at` ("" for this one): "#t=192". */
struct html html_remark(struct arena *a, struct str markdown, struct str at, int64_t longest_ms);
/* An id as people see it. */
struct str id_text(struct page *pg, int64_t id);

/* Text with places: fmt(_("{0} of {1}"), a, b). The text and the values are escaped, struct html values pass. */
struct fmt_arg {
    enum { FMT_TEXT, FMT_INT, FMT_REAL, FMT_HTML } kind;
    struct str text;
    long long integer;
    double real;
};
struct fmt_arg fmt_text(struct str s);
struct fmt_arg fmt_chars(const char *s);
struct fmt_arg fmt_int(long long v);
struct fmt_arg fmt_real(double v);
struct fmt_arg fmt_html(struct html h);
struct html fmt_html_of(struct page *pg, struct str text, const struct fmt_arg *args, size_t n);
/* The same without escaping, as plain text: for mail, titles and attributes built in C. */
struct str fmt_text_of(struct arena *a, struct str text, const struct fmt_arg *args, size_t n);

#define FMT_ARG(v)                                                                                 \
    _Generic((v),                                                                                  \
        struct str: fmt_text, char *: fmt_chars, const char *: fmt_chars, int: fmt_int,            \
        unsigned: fmt_int, long: fmt_int, long long: fmt_int, unsigned long: fmt_int,              \
        double: fmt_real, struct html: fmt_html)(v)
#define FMT_1(a) FMT_ARG(a)
#define FMT_2(a, b) FMT_ARG(a), FMT_ARG(b)
#define FMT_3(a, b, c) FMT_ARG(a), FMT_ARG(b), FMT_ARG(c)
#define FMT_4(a, b, c, d) FMT_ARG(a), FMT_ARG(b), FMT_ARG(c), FMT_ARG(d)
#define FMT_PICK(_1, _2, _3, _4, NAME, ...) NAME
#define FMT_ARGS(...) FMT_PICK(__VA_ARGS__, FMT_4, FMT_3, FMT_2, FMT_1, )(__VA_ARGS__)
#define FMT_LIST(...) ((const struct fmt_arg[]){ FMT_ARGS(__VA_ARGS__) })
#define fmt(text, ...) fmt_html_of(pg, (text), FMT_LIST(__VA_ARGS__), COUNT(FMT_LIST(__VA_ARGS__)))
#define fmt_plain(arena, text, ...)                                                                \
    fmt_text_of((arena), (text), FMT_LIST(__VA_ARGS__), COUNT(FMT_LIST(__VA_ARGS__)))

/* --- dates and numbers as people read them -------------------------------------------------------------------- */

struct str date_long(struct page *pg, int64_t ms);     /* "jeudi 3 décembre 2026" */
struct str date_value(struct arena *a, int64_t ms);    /* "2026-12-03", for a field; "" for none */
struct str date_short(struct page *pg, int64_t ms);    /* "3 déc." */
struct str date_time(struct page *pg, int64_t ms);     /* "jeudi 3 décembre, 16 h 30" */
struct str time_of_day(struct page *pg, int64_t ms);   /* "16 h 30" */
struct str weekday_short(struct page *pg, int64_t ms); /* "jeu." */
struct str month_long(struct page *pg, int month);     /* "décembre"; month: 1 … 12 */
struct str month_short(struct page *pg, int64_t ms);   /* "déc." */
int day_of(int64_t ms);
struct str time_datetime(struct page *pg, int64_t ms);      /* for <time datetime> */
struct str duration_text(struct page *pg, int64_t minutes); /* "1 h 30", "45 min" */
struct str number_text(struct page *pg, int64_t v);         /* "16 000", "16,000" */

#endif
