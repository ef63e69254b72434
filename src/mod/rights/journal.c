/* The journal of privileged acts: a list with filters, and the same as a file. */
#include "base/csv.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/rights/pages.h"
#include "rights_html.h"

enum { ROWS = 50, FILE_ROWS = 20000, FILE_BYTES = 24 * MIB };

#define FORM struct rights_journal_form
const struct param rights_journal_params[] = {
    PARAM(FORM, qui, PARAM_TEXT, .max = 120),
    PARAM(FORM, sur, PARAM_TEXT, .max = 120),
    PARAM(FORM, acte, PARAM_TEXT, .max = 40),
    PARAM(FORM, du, PARAM_DATE),
    PARAM(FORM, au, PARAM_DATE),
    PARAM(FORM, avant, PARAM_ID),
    { 0 },
};
#undef FORM

/* Small letters between two %, with LIKE's own signs made plain; "" for no filter. */
static struct str pattern(struct arena *a, struct str typed)
{
    if (!typed.n) return S("");
    struct buf b = BUF_INIT(2 * KIB);
    buf_putc(&b, '%');
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (strchr("%_\\", c)) buf_putc(&b, '\\');
        buf_putc(&b, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    buf_putc(&b, '%');
    struct str kept = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return kept;
}

/* The midnight after this day: days of 23 and 25 hours exist. */
static int64_t day_after(int64_t day)
{
    struct civil c = time_civil(day + 36 * HOUR_MS);
    return time_from_civil(c.year, c.month, c.day, 0, 0);
}

static size_t load(struct request *r, int64_t most, struct rights_sql_journal **ret)
{
    const struct rights_journal_form *f = r->form;
    return rights_sql_journal(r->db, f->acte.n ? f->acte : S(""), pattern(r->arena, f->qui),
                              pattern(r->arena, f->sur), f->du == DB_NULL ? 0 : f->du,
                              f->au == DB_NULL ? INT64_MAX : day_after(f->au),
                              f->avant ? f->avant : INT64_MAX, most, ret);
}

/* --- a row's values ------------------------------------------------------------------------------------------------ */

static void release(void *value)
{
    json_decref(value);
}

static json_t *object_of(struct arena *a, struct str text)
{
    json_t *o = text.p ? json_loadb(text.p, text.n, 0, NULL) : NULL;
    if (!json_is_object(o)) {
        json_decref(o);
        o = json_object();
    }
    arena_cleanup(a, release, o);
    return o;
}

static struct str plain(struct arena *a, const json_t *value)
{
    if (!value || json_is_null(value)) return STR_NONE;
    if (json_is_string(value))
        return (struct str){ json_string_value(value), json_string_length(value) };
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    struct str kept = arena_dup(a, str_from(text));
    free(text);
    return kept;
}

size_t rights_changes(struct arena *a, const struct rights_sql_journal *row,
                      struct rights_change **ret)
{
    json_t *before = object_of(a, row->before), *after = object_of(a, row->after);
    *ret = arena_array(a, struct rights_change,
                       json_object_size(before) + json_object_size(after) + 1);
    size_t n = 0;
    const char *name;
    json_t *value;
    json_object_foreach(before, name, value)
    {
        const json_t *now = json_object_get(after, name);
        if (now && json_equal(value, now)) continue;
        (*ret)[n++] = (struct rights_change){ str_from(name), plain(a, value), plain(a, now) };
    }
    json_object_foreach(after, name, value)
    {
        if (json_object_get(before, name)) continue;
        (*ret)[n++] = (struct rights_change){ str_from(name), STR_NONE, plain(a, value) };
    }
    return n;
}

/* --- addresses ------------------------------------------------------------------------------------------------------ */

static void add(struct buf *b, struct page *pg, const char *name, struct str value)
{
    if (!value.n) return;
    buf_printf(b, "%c%s=", b->n ? '&' : '?', name);
    page_put_url_part(pg, value);
}

struct str rights_journal_address(struct arena *a, const struct rights_journal_form *f,
                                  int64_t before, bool csv)
{
    struct buf b = BUF_INIT(8 * KIB);
    struct page pg = { .out = &b, .arena = a };
    add(&b, &pg, "qui", f->qui);
    add(&b, &pg, "sur", f->sur);
    add(&b, &pg, "acte", f->acte);
    add(&b, &pg, "du", date_value(a, f->du));
    add(&b, &pg, "au", date_value(a, f->au));
    if (before) add(&b, &pg, "avant", id_lower(a, before));
    struct str address =
        arena_printf(a, "/gestion/journal%s%.*s", csv ? ".csv" : "", STR(buf_view(&b)));
    buf_finish(&b);
    return address;
}

/* --- pages ------------------------------------------------------------------------------------------------------------ */

void rights_journal_get(struct request *r)
{
    const struct rights_journal_form *f = r->form;
    struct rights_sql_journal *rows;
    size_t n = load(r, ROWS + 1, &rows);
    bool more = n > ROWS;
    rights_journal(http_page(r), f, rows, more ? ROWS : n, more);
}

static void put_row(struct buf *b, struct request *r, const struct rights_sql_journal *row)
{
    char at[TIME_RFC3339 + 1];
    time_rfc3339(row->at, at);
    const char *label = audit_label(row->act);
    csv_put(b, str_from(at), ';');
    csv_put(b, row->actor_name.p ? row->actor_name : S(""), ';');
    csv_put(b, row->actor_email.p ? row->actor_email : S(""), ';');
    csv_put(b, row->act, ';');
    csv_put(b, label ? R_(label) : row->act, ';');
    csv_put(b, row->kind, ';');
    csv_put(b, id_lower(r->arena, row->object), ';');
    csv_put(b, row->object_name.p ? row->object_name : S(""), ';');
    csv_put(b, row->before.p ? row->before : S(""), ';');
    csv_put(b, row->after.p ? row->after : S(""), ';');
    csv_put(b, row->peer, ';');
    csv_put(b, row->request, '\n');
}

void rights_journal_csv(struct request *r)
{
    static const char *const heads[] = { N_("When (UTC)"),
                                         N_("Who"),
                                         N_("Address of who did it"),
                                         N_("Act"),
                                         N_("Act in words"),
                                         N_("On what"),
                                         N_("Its number"),
                                         N_("Name"),
                                         N_("Before"),
                                         N_("After"),
                                         N_("From (network address)"),
                                         N_("Request") };
    struct rights_sql_journal *rows;
    size_t n = load(r, FILE_ROWS, &rows);
    struct buf b = BUF_INIT(FILE_BYTES);
    buf_lit(&b, CSV_MARK);
    for (size_t i = 0; i < COUNT(heads); i++)
        csv_put(&b, R_(heads[i]), i + 1 < COUNT(heads) ? ';' : '\n');
    for (size_t i = 0; i < n; i++)
        put_row(&b, r, &rows[i]);
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"journal.csv\""));
    if (b.full) http_fail(r, 413, R_(N_("That is too much for one file: choose fewer days.")));
    else if (audit_taken(r, "journal.exported", "list", 0,
                         json_pack("{s:I}", "rows", (json_int_t)n)))
        http_bytes(r, 200, "text/csv; charset=utf-8", arena_dup(r->arena, buf_view(&b)));
    buf_finish(&b);
}
