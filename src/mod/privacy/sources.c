/* What all layers and modules hold about people, from their records; as text, JSON and CSV. */
#include <pthread.h>

#include "access/audit.h"
#include "base/csv.h"
#include "base/time.h"
#include "media/media.h"
#include "mod/privacy/pages.h"

enum { MOST_SOURCES = 64, MOST_SECTIONS = 256 };

/* --- the list -------------------------------------------------------------------------------------------------------- */

static const struct privacy_source *list[MOST_SOURCES + 1];
static size_t count;

static void add(const struct privacy_source *sources, bool account)
{
    for (const struct privacy_source *s = sources; s && s->name && count < MOST_SOURCES; s++)
        if ((strcmp(s->name, "people") == 0) == account) list[count++] = s;
}

static void gather(void)
{
    add(media_privacy, false);
    for (size_t i = 0; modules[i]; i++)
        add(modules[i]->privacy, false);
    add(access_privacy, false); /* its letters are found by the address, which the account has */
    for (size_t i = 0; modules[i]; i++)
        add(modules[i]->privacy, true);
}

const struct privacy_source *const *privacy_sources(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, gather);
    return list;
}

static size_t hold(struct db *db, int64_t person_id, const struct privacy_source *source,
                   struct privacy_held *ret, size_t room)
{
    size_t n = 0;
    for (const struct privacy_section *s = source->sections; s && s->name && n < room; s++) {
        struct privacy_held *h = &ret[n++];
        void *rows = NULL;
        *h = (struct privacy_held){ .source = source, .section = s };
        h->n = s->rows(db, person_id, &rows);
        h->rows = rows;
    }
    return n;
}

static size_t (*find_aliases)(struct db *db, int64_t person_id, int64_t **ret);

void privacy_add_aliases(size_t (*fn)(struct db *db, int64_t person_id, int64_t **ret))
{
    find_aliases = fn;
}

size_t privacy_aliases(struct db *db, int64_t person_id, int64_t **ret)
{
    return find_aliases ? find_aliases(db, person_id, ret) : 0;
}

/* What stayed with accounts that became a part of this one: only sections that have something. */
static size_t hold_aliases(struct db *db, int64_t person_id, struct privacy_held *ret, size_t room)
{
    const struct privacy_source *const *sources = privacy_sources();
    int64_t *aliases;
    size_t n = 0, alias_count = privacy_aliases(db, person_id, &aliases);
    for (size_t a = 0; a < alias_count; a++)
        for (size_t i = 0; sources[i]; i++)
            for (const struct privacy_section *s = sources[i]->sections; s && s->name && n < room;
                 s++) {
                void *rows = NULL;
                struct privacy_held h = { .source = sources[i], .section = s };
                h.n = strcmp(sources[i]->name, "people") == 0 ? 0 : s->rows(db, aliases[a], &rows);
                h.rows = rows;
                if (h.n) ret[n++] = h;
            }
    return n;
}

size_t privacy_hold_all(struct db *db, int64_t person_id, struct privacy_held **ret)
{
    const struct privacy_source *const *sources = privacy_sources();
    struct privacy_held *held = arena_array(db_arena(db), struct privacy_held, MOST_SECTIONS);
    size_t n = 0, sources_count = 0;
    while (sources[sources_count])
        sources_count++;
    for (size_t i = sources_count; i-- > 0;) /* the account first: the other way round */
        n += hold(db, person_id, sources[i], held + n, MOST_SECTIONS - n);
    n += hold_aliases(db, person_id, held + n, MOST_SECTIONS - n);
    *ret = held;
    return n;
}

bool privacy_is_untouched(struct db *db, int64_t person_id)
{
    const struct privacy_source *const *sources = privacy_sources();
    for (size_t i = 0; sources[i]; i++) {
        if (strcmp(sources[i]->name, "people") == 0) continue;
        for (const struct privacy_section *s = sources[i]->sections; s && s->name; s++) {
            void *rows;
            if (s->rows(db, person_id, &rows)) return false;
        }
    }
    return true;
}

/* --- as people read it ------------------------------------------------------------------------------------------------- */

struct str privacy_when(struct arena *a, enum lang lang, int64_t ms)
{
    struct civil c = time_civil(ms);
    if (lang == LANG_FR)
        return arena_printf(a, "%02d/%02d/%04d %02d:%02d", c.day, c.month, c.year, c.hour,
                            c.minute);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

struct str privacy_size(struct arena *a, enum lang lang, int64_t bytes)
{
    bool large = bytes >= 1000000;
    double v = (double)bytes / (large ? 1e6 : 1e3);
    struct str s = arena_printf(a, "%.*f %s", large && v < 10 ? 1 : 0, v < 1 ? 1 : v,
                                lang == LANG_FR ? (large ? "Mo" : "Ko") : (large ? "MB" : "kB"));
    if (lang != LANG_FR) return s;
    char *text = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (text[i] == '.') text[i] = ',';
    return (struct str){ text, s.n };
}

/* Words for the codes that tables keep. */
static const struct {
    const char *code, *label;
} codes[] = {
    { "confirmed", N_("confirmed") },
    { "waiting", N_("on the waiting list") },
    { "cancelled", N_("given up") },
    { "learner", N_("Learner") },
    { "asked", N_("waits for the head's agreement") },
    { "approved", N_("agreed to, a place is kept") },
    { "replaced", N_("replaced by somebody else") },
    { "completed", N_("completed") },
    { "trainer", N_("Trainer") },
    { "coach", N_("Coach") },
    { "staff", N_("Staff") },
    { "confirm", N_("to confirm the address") },
    { "open", N_("unfinished") },
    { "received", N_("received") },
    { "stored", N_("stored") },
    { "expired", N_("ended") },
    { "ready", N_("published") },
    { "failed", N_("failed") },
    { "withdrawn", N_("withdrawn") },
    { "shown", N_("published") },
    { "held", N_("waits for the team") },
    { "hidden", N_("hidden by the team") },
    { "light", N_("light") },
    { "dark", N_("dark") },
    { "switch", N_("by the switch on the page") },
};

static struct str word(enum lang lang, struct arena *a, struct str code)
{
    for (size_t i = 0; i < COUNT(codes); i++)
        if (str_is(code, codes[i].code)) return lang_text(lang, codes[i].label);
    const char *act = audit_label(code);
    const struct purpose *purpose = purpose_find(code);
    if (purpose) return str_from(purpose->title[lang]);
    return lang_text(lang, act ? act : arena_cstr(a, code));
}

struct str privacy_cell(struct arena *a, enum lang lang, const struct privacy_column *c,
                        const void *row)
{
    const void *field = (const char *)row + c->offset;
    struct str text;
    int64_t number;
    if (c->kind == PRIVACY_TEXT || c->kind == PRIVACY_CODE) {
        memcpy(&text, field, sizeof text);
        if (!text.n) return S("");
        return c->kind == PRIVACY_CODE ? word(lang, a, text) : text;
    }
    memcpy(&number, field, sizeof number);
    if (number == DB_NULL) return S("");
    if (c->kind == PRIVACY_TIME) return privacy_when(a, lang, number);
    if (c->kind == PRIVACY_YES) return lang_text(lang, number ? N_("yes") : N_("no"));
    return arena_printf(a, "%lld", (long long)number);
}

/* --- for programs ------------------------------------------------------------------------------------------------------ */

static json_t *value_of(const struct privacy_column *c, const void *row)
{
    const void *field = (const char *)row + c->offset;
    struct str text;
    int64_t number;
    if (c->kind == PRIVACY_TEXT || c->kind == PRIVACY_CODE) {
        memcpy(&text, field, sizeof text);
        return text.p ? json_stringn(text.p, text.n) : json_null();
    }
    memcpy(&number, field, sizeof number);
    if (number == DB_NULL) return json_null();
    if (c->kind == PRIVACY_YES) return json_boolean(number);
    if (c->kind == PRIVACY_INT) return json_integer(number);
    char when[TIME_RFC3339 + 1];
    time_rfc3339(number, when);
    return json_string(when);
}

static json_t *rows_json(const struct privacy_held *h)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < h->n; i++) {
        json_t *o = json_object();
        for (const struct privacy_column *c = h->section->columns; c->name; c++)
            json_object_set_new(o, c->name, value_of(c, privacy_row(h, i)));
        json_array_append_new(rows, o);
    }
    return rows;
}

json_t *privacy_json(struct arena *a, const struct privacy_held *held, size_t n)
{
    (void)a;
    json_t *all = json_object();
    for (size_t i = 0; i < n; i++) {
        json_t *source = json_object_get(all, held[i].source->name);
        if (!source) {
            source = json_object();
            json_object_set_new(all, held[i].source->name, source);
        }
        json_object_set_new(source, held[i].section->name, rows_json(&held[i]));
    }
    return all;
}

struct str privacy_csv(struct arena *a, enum lang lang, const struct privacy_held *h)
{
    struct buf b = BUF_INIT(64 * MIB);
    buf_lit(&b, CSV_MARK);
    for (const struct privacy_column *c = h->section->columns; c->name; c++)
        csv_put(&b, lang_text(lang, c->label), c[1].name ? ';' : '\n');
    for (size_t i = 0; i < h->n; i++)
        for (const struct privacy_column *c = h->section->columns; c->name; c++)
            csv_put(&b, privacy_cell(a, lang, c, privacy_row(h, i)), c[1].name ? ';' : '\n');
    struct str out = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return out;
}
