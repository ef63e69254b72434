/* Writing the journal: see audit.h. */
#include "access/audit.h"

#include "access/acts.h"
#include "access_sql.h"
#include "base/id.h"
#include "base/time.h"

enum {
    LONGEST_VALUE = 300 /* bytes of one text */,
    LONGEST_TEXT = 8 * KIB /* of before or after */
};

static const struct {
    const char *name, *label;
} acts[] = {
#define X(name_, label_) { .name = name_, .label = label_ },
    ACTS(X)
#undef X
};

const char *audit_label(struct str act)
{
    for (size_t i = 0; i < COUNT(acts); i++)
        if (str_is(act, acts[i].name)) return acts[i].label;
    return NULL;
}

const char *audit_act(size_t i)
{
    return i < COUNT(acts) ? acts[i].name : NULL;
}

static bool is_secret(const char *name)
{
    static const char *const words[] = { "password", "token", "secret", "jeton", "hash", "body" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcasestr(name, words[i])) return true;
    return false;
}

/* Cut at a character's border. */
static json_t *shortened(const json_t *text)
{
    struct str s = { json_string_value(text), json_string_length(text) };
    size_t n = LONGEST_VALUE;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    struct buf b = BUF_INIT(LONGEST_VALUE + 8);
    buf_put(&b, s.p, n);
    buf_lit(&b, "…");
    json_t *cut = json_stringn(b.p, b.n);
    buf_finish(&b);
    return cut;
}

/* Leaves out secrets and cuts long texts, at every depth. */
static void clean(json_t *value)
{
    const char *name;
    json_t *member;
    void *next;
    size_t i;
    json_object_foreach_safe(value, next, name, member)
    {
        if (is_secret(name)) json_object_del(value, name);
        else if (json_is_string(member) && json_string_length(member) > LONGEST_VALUE)
            json_object_set_new(value, name, shortened(member));
        else clean(member);
    }
    json_array_foreach(value, i, member)
    {
        if (json_is_string(member) && json_string_length(member) > LONGEST_VALUE)
            json_array_set_new(value, i, shortened(member));
        else clean(member);
    }
}

static struct str text_of(struct arena *a, json_t *value)
{
    if (!value) return STR_NONE;
    clean(value);
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(value);
    struct str kept = arena_dup(a, str_from(text));
    free(text);
    return kept.n > LONGEST_TEXT ? S("{\"…\":\"too long to keep\"}") : kept;
}

static struct access_sql_audit_in row_of(const struct request *r, const char *act, const char *kind,
                                         int64_t id)
{
    return (struct access_sql_audit_in){ .at = r->now,
                                         .actor = r->who.person_id ? r->who.person_id : DB_NULL,
                                         .session = r->who.session_id ? r->who.session_id : DB_NULL,
                                         .peer = r->peer.p ? r->peer : S(""),
                                         .request = r->id.p ? r->id : S(""),
                                         .act = str_from(act),
                                         .kind = str_from(kind),
                                         .object = id };
}

static void write_row(struct db *db, struct access_sql_audit_in *row, json_t *before, json_t *after)
{
    row->id = id_new();
    row->before = text_of(db_arena(db), before);
    row->after = text_of(db_arena(db), after);
    access_sql_audit(db, row);
}

void audit_write(struct request *r, const char *act, const char *kind, int64_t id, json_t *before,
                 json_t *after)
{
    struct access_sql_audit_in row = row_of(r, act, kind, id);
    write_row(r->db, &row, before, after);
}

static bool taken_apply(struct db *db, void *context)
{
    access_sql_audit(db, context);
    return !db_failed(db);
}

bool audit_taken(struct request *r, const char *act, const char *kind, int64_t id, json_t *after)
{
    struct access_sql_audit_in row = row_of(r, act, kind, id);
    struct arena *a = arena_create();
    row.id = id_new();
    row.before = STR_NONE;
    row.after = text_of(r->arena, after);
    bool written = db_change_run(http_database(r), a, taken_apply, &row) == DB_COMMITTED;
    arena_destroy(a);
    if (!written) http_fail(r, 503, STR_NONE);
    return written;
}

void audit_write_as(struct db *db, int64_t actor, const char *act, const char *kind, int64_t id,
                    json_t *before, json_t *after)
{
    struct access_sql_audit_in row = { .at = time_now(),
                                       .actor = actor ? actor : DB_NULL,
                                       .session = DB_NULL,
                                       .peer = S(""),
                                       .request = S(""),
                                       .act = str_from(act),
                                       .kind = str_from(kind),
                                       .object = id };
    write_row(db, &row, before, after);
}
