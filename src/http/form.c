/* From named texts to the typed structure of a row. What does not fit becomes an error beside its field, in the
 * person's language; what was typed stays in the structure so that the form can be shown again. */
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "http/private.h"

static void refuse(struct request *r, const struct param *p, struct str message)
{
    http_invalid(r, p->name, message);
}

static void *slot(struct request *r, const struct param *p)
{
    return (char *)r->form + p->offset;
}

static struct str without_line_ends(struct arena *a, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t') {
            char *copy = arena_cstr(a, s);
            for (size_t k = i; k < s.n; k++)
                if (copy[k] == '\n' || copy[k] == '\r' || copy[k] == '\t') copy[k] = ' ';
            return (struct str){ copy, s.n };
        }
    return s;
}

/* One "@" with something before and a dot behind, no white space, at most 254 bytes (RFC 5321 §4.5.3.1.3 gives 256
 * with the brackets). Whether it exists, the confirmation mail finds out. */
bool http_email_valid(struct str s)
{
    if (s.n < 6 || s.n > 254) return false;
    size_t at = str_find(s, '@');
    struct str domain = str_sub(s, at + 1, s.n);
    if (at == 0 || at > 64 || domain.n < 3 || str_find(domain, '@') != domain.n) return false;
    size_t dot = str_find(domain, '.');
    if (dot == 0 || dot >= domain.n - 1 || domain.p[domain.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7F || strchr("<>()[],;:\\\"", c)) return false;
    }
    return true;
}

static struct str lower_ascii(struct arena *a, struct str s)
{
    char *out = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z') out[i] = (char)(out[i] + 32);
    return (struct str){ out, s.n };
}

static bool is_slug(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 120;
}

static void fill_text(struct request *r, const struct param *p, struct str value)
{
    struct str *out = slot(r, p);
    if (p->kind != PARAM_SECRET) {
        if (p->kind != PARAM_LONG) value = without_line_ends(r->arena, value);
        value = utf8_nfc(r->arena, str_trim(value));
    }
    if (p->kind == PARAM_EMAIL) value = lower_ascii(r->arena, value);
    *out = value;
    if (value.n == 0) return;
    size_t characters = utf8_count(value);
    int64_t most = p->max ? p->max : p->kind == PARAM_LONG ? LIMIT_TEXT : LIMIT_TEXT_LINE;
    if ((int64_t)characters > most)
        refuse(
            r, p,
            fmt_plain(r->arena, R_(N_("Please keep this below {0} characters.")), (long)most + 1));
    else if ((int64_t)characters < p->min)
        refuse(r, p,
               fmt_plain(r->arena, R_(N_("Please use at least {0} characters.")), (long)p->min));
    else if (p->kind == PARAM_EMAIL && !http_email_valid(value))
        refuse(r, p,
               R_(N_("This does not look like an e-mail address. Example: first.name@school.be")));
    else if (p->kind == PARAM_SLUG && !is_slug(value))
        refuse(r, p, R_(N_("Only small letters, digits and hyphens can stand here.")));
}

static void fill_number(struct request *r, const struct param *p, struct str value)
{
    int64_t *out = slot(r, p);
    int64_t v = 0;
    bool ok = p->kind == PARAM_INT  ? str_to_int(str_trim(value), &v)
              : p->kind == PARAM_ID ? id_parse(str_trim(value), &v)
                                    : time_parse_date(str_trim(value), &v);
    if (!ok) {
        refuse(r, p,
               p->kind == PARAM_DATE ? R_(N_("A date is expected here, such as 2026-12-03."))
                                     : R_(N_("A number is expected here.")));
        return;
    }
    *out = v;
    if (p->kind == PARAM_INT && (p->min || p->max) && (v < p->min || v > p->max))
        refuse(r, p,
               fmt_plain(r->arena, R_(N_("A number from {0} to {1} is expected here.")),
                         (long)p->min, (long)p->max));
}

static void fill_list(struct request *r, const struct param *p, const struct fields *fields)
{
    struct str_list *list = slot(r, p);
    list->items = arena_array(r->arena, struct str, fields->n + 1);
    for (size_t i = 0; i < fields->n; i++) {
        struct str value = fields->items[i].value;
        if (!str_is(fields->items[i].name, p->name) || value.n == 0) continue;
        if (value.n > LIMIT_TEXT_LINE * 4) {
            refuse(r, p, R_(N_("This choice is not one of ours.")));
            return;
        }
        list->items[list->n++] = value;
    }
    if (p->required && list->n == 0) refuse(r, p, R_(N_("Please choose at least one.")));
}

static const struct field *find(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (str_is(fields->items[i].name, name)) return &fields->items[i];
    return NULL;
}

static void fill_one(struct request *r, const struct param *p, const struct fields *fields)
{
    if (p->kind == PARAM_LIST) {
        fill_list(r, p, fields);
        return;
    }
    const struct field *f = find(fields, p->name);
    if (p->kind == PARAM_DATE && (!f || f->value.n == 0)) *(int64_t *)slot(r, p) = DB_NULL;
    if (p->kind == PARAM_BOOL) {
        *(bool *)slot(r, p) =
            f && !str_is(f->value, "0") && !str_is(f->value, "false") && f->value.n;
        if (p->required && !*(bool *)slot(r, p))
            refuse(r, p, R_(N_("Please tick this box to go on.")));
        return;
    }
    if (!f || f->value.n == 0) {
        if (p->required)
            refuse(r, p,
                   p->kind == PARAM_FILE ? R_(N_("Please choose a file."))
                                         : R_(N_("Please fill this in.")));
        return;
    }
    if (p->kind == PARAM_FILE) {
        if (f->upload) *(struct upload *)slot(r, p) = *f->upload;
        else refuse(r, p, R_(N_("Please choose a file.")));
        return;
    }
    if (f->upload) {
        refuse(r, p, R_(N_("Text is expected here, not a file.")));
        return;
    }
    if (p->kind == PARAM_INT || p->kind == PARAM_ID || p->kind == PARAM_DATE)
        fill_number(r, p, f->value);
    else fill_text(r, p, f->value);
}

/* The n-th ":name" of the row's path; a final "*" counts as PARAM_PATH. */
static const struct param *path_param(const struct route *row, unsigned wanted)
{
    struct str path = str_from(row->path);
    unsigned n = 0;
    str_cut(&path, '/');
    while (path.n) {
        struct str segment = str_cut(&path, '/');
        bool rest = str_is(segment, "*");
        if (!rest && !(segment.n > 1 && segment.p[0] == ':')) continue;
        if (n++ != wanted) continue;
        for (const struct param *p = row->params; p && p->name; p++)
            if (rest ? p->kind == PARAM_PATH : str_is(str_sub(segment, 1, segment.n), p->name))
                return p;
        return NULL;
    }
    return NULL;
}

static bool in_path(const struct http_exchange *x, const struct param *p)
{
    for (unsigned i = 0; i < x->path_value_count; i++)
        if (path_param(x->r.route, i) == p) return true;
    return false;
}

bool form_fill_path(struct http_exchange *x)
{
    struct request *r = &x->r;
    if (r->route->form_size) r->form = arena_alloc(r->arena, r->route->form_size);
    for (unsigned i = 0; i < x->path_value_count; i++) {
        const struct param *p = path_param(r->route, i);
        if (!p) continue;
        struct str value = x->path_values[i];
        if (value.n == 0) return false;
        switch (p->kind) {
        case PARAM_ID:
            if (!id_parse(value, slot(r, p))) return false;
            break;
        case PARAM_INT:
            if (!str_to_int(value, slot(r, p))) return false;
            break;
        case PARAM_SLUG:
            if (!is_slug(value)) return false;
            *(struct str *)slot(r, p) = value;
            break;
        default: *(struct str *)slot(r, p) = value;
        }
    }
    return true;
}

void form_fill(struct http_exchange *x, const struct fields *fields)
{
    for (const struct param *p = x->r.route->params; p && p->name; p++)
        if (p->kind != PARAM_PATH && !in_path(x, p)) fill_one(&x->r, p, fields);
}
