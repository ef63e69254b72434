/* Statements made from the engine's own catalogue: names of tables and columns come from our schema, never from input; values
 * are always parameters. See docs/decisions/0030-merge-by-catalogue.md. */
#include "mod/merge/names.h"

#include "mod/privacy/privacy.h"

enum { MOST_PLACES = 256, TEXT_MOST = 16 * KIB };

struct catalogue {
    struct arena *arena;
    bool sqlite;
    struct merge_sql_keys *keys;
    size_t key_count;
    struct merge_sql_unchanged *fixed;
    size_t fixed_count;
};

static const enum db_type two_ints[] = { DB_INT, DB_INT };
static const enum db_type note_types[] = { DB_INT, DB_INT, DB_INT, DB_TEXT };
static const enum db_type back_types[] = { DB_INT, DB_INT, DB_INT, DB_TEXT };
static const struct db_column number_column[] = { { DB_INT, 0 } };

/* Parameters are :1 … in what follows; each engine has its own mark. */
static struct db_statement statement(const struct catalogue *c, struct str text,
                                     const enum db_type *params, unsigned count, bool counts)
{
    struct buf b = BUF_INIT(TEXT_MOST);
    for (size_t i = 0; i < text.n; i++)
        buf_putc(&b, text.p[i] == ':' ? (c->sqlite ? '?' : '$') : text.p[i]);
    const char *sql = arena_cstr(c->arena, buf_view(&b));
    buf_finish(&b);
    return (struct db_statement){ .name = "merge.place",
                                  .sqlite = sql,
                                  .pgsql = sql,
                                  .params = params,
                                  .param_count = count,
                                  .columns = counts ? number_column : NULL,
                                  .column_count = counts,
                                  .row_size = counts ? sizeof(int64_t) : 0,
                                  .once = true };
}

/* The rest of the primary key of table t as one text. */
static struct str key_text(const struct catalogue *c, struct str table, struct str column)
{
    struct buf b = BUF_INIT(TEXT_MOST);
    for (size_t i = 0; i < c->key_count; i++) {
        const struct merge_sql_keys *k = &c->keys[i];
        if (!k->main || !str_eq(k->tbl, table) || str_eq(k->col, column)) continue;
        if (b.n) buf_lit(&b, " || '|' || ");
        struct str part =
            str_is(k->kind, "BLOB")
                ? (c->sqlite ? arena_printf(c->arena, "hex(t.%.*s)", STR(k->col))
                             : arena_printf(c->arena, "upper(encode(t.%.*s, 'hex'))", STR(k->col)))
                : arena_printf(c->arena, "CAST(t.%.*s AS TEXT)", STR(k->col));
        buf_str(&b, part);
    }
    struct str kept = b.n ? arena_dup(c->arena, buf_view(&b)) : S("''");
    buf_finish(&b);
    return kept;
}

/* " OR EXISTS (…)" for each unique key that the column is part of: would the row stand twice? ":2" is the one it goes to. */
static struct str clash_text(const struct catalogue *c, struct str table, struct str column)
{
    struct buf b = BUF_INIT(TEXT_MOST);
    buf_lit(&b, "0 = :2"); /* no number is 0 */
    for (size_t i = 0; i < c->key_count;) {
        size_t end = i;
        bool ours = false;
        while (end < c->key_count && str_eq(c->keys[end].tbl, c->keys[i].tbl) &&
               str_eq(c->keys[end].idx, c->keys[i].idx)) {
            ours = ours || str_eq(c->keys[end].col, column);
            end++;
        }
        if (ours && str_eq(c->keys[i].tbl, table)) {
            buf_printf(&b, " OR EXISTS (SELECT 1 FROM %.*s o WHERE o.%.*s = :2", STR(table),
                       STR(column));
            for (size_t k = i; k < end; k++)
                if (!str_eq(c->keys[k].col, column))
                    buf_printf(&b, " AND o.%.*s = t.%.*s", STR(c->keys[k].col),
                               STR(c->keys[k].col));
            buf_putc(&b, ')');
        }
        i = end;
    }
    struct str kept = arena_dup(c->arena, buf_view(&b));
    buf_finish(&b);
    return kept;
}

static struct merge_place place_of(const struct catalogue *c, struct str table, struct str column,
                                   const char *only)
{
    struct arena *a = c->arena;
    struct str key = key_text(c, table, column), clash = clash_text(c, table, column);
    struct merge_place p = { .name = arena_join(a, table, S("."), column) };
    /* what opens an account does not change hands */
    static const char *const keys[] = { "session",       "half_session",  "mail_token",
                                        "second_factor", "recovery_code", "email_change",
                                        "passkey",       "passkey_owner", "passkey_challenge",
                                        "api_token" };
    for (size_t i = 0; i < COUNT(keys); i++)
        p.fixed = p.fixed || str_is(table, keys[i]);
    for (size_t i = 0; i < c->fixed_count; i++)
        p.fixed = p.fixed || str_eq(c->fixed[i].tbl, table);
    p.count =
        statement(c,
                  arena_printf(a, "SELECT CAST(count(*) AS BIGINT) FROM %.*s t WHERE t.%.*s = :1%s",
                               STR(table), STR(column), only),
                  two_ints, 1, true);
    p.clash = statement(
        c,
        arena_printf(a,
                     "SELECT CAST(count(*) AS BIGINT) FROM %.*s t WHERE t.%.*s = :1%s AND (%.*s)",
                     STR(table), STR(column), only, STR(clash)),
        two_ints, 2, true);
    p.note = statement(c,
                       arena_printf(a,
                                    "INSERT INTO merge_row (run_id, place, key) SELECT :3, :4, "
                                    "%.*s FROM %.*s t WHERE t.%.*s = :1%s AND NOT (%.*s)",
                                    STR(key), STR(table), STR(column), only, STR(clash)),
                       note_types, 4, false);
    p.move = statement(
        c,
        arena_printf(a, "UPDATE %.*s AS t SET %.*s = :2 WHERE t.%.*s = :1%s AND NOT (%.*s)",
                     STR(table), STR(column), STR(column), only, STR(clash)),
        two_ints, 2, false);
    p.back = statement(
        c,
        arena_printf(a,
                     "UPDATE %.*s AS t SET %.*s = :1 WHERE t.%.*s = :2%s AND %.*s IN (SELECT r.key "
                     "FROM merge_row r WHERE r.run_id = :3 AND r.place = :4)",
                     STR(table), STR(column), STR(column), only, STR(key)),
        back_types, 4, false);
    return p;
}

static struct catalogue read_catalogue(struct db *db)
{
    struct catalogue c = { .arena = db_arena(db), .sqlite = db_is_sqlite(db) };
    c.key_count = merge_sql_keys(db, &c.keys);
    c.fixed_count = merge_sql_unchanged(db, &c.fixed);
    return c;
}

static bool is_integer(const struct merge_sql_columns *columns, size_t n, struct str table,
                       struct str column)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(columns[i].tbl, table) && str_eq(columns[i].col, column)) return true;
    return false;
}

/* The columns of the privacy records that hold a number are those that hold a person's. */
static size_t people_places(const struct catalogue *c, const struct merge_sql_columns *columns,
                            size_t n, struct merge_place *ret)
{
    const struct privacy_source *const *sources = privacy_sources();
    size_t count = 0;
    for (size_t i = 0; sources[i]; i++)
        for (const char *const *name = sources[i]->columns; name && *name; name++) {
            struct str column = str_from(*name), table = str_cut(&column, '.');
            if (str_is(table, "person") || str_is(table, "merge_run") ||
                !is_integer(columns, n, table, column))
                continue;
            if (count < MOST_PLACES)
                ret[count++] = place_of(c, table, column,
                                        str_is(table, "audit") && str_is(column, "object")
                                            ? " AND t.kind = 'person'"
                                            : "");
        }
    return count;
}

/* Every column organisation_id, the place in the tree, and roles given for one. */
static size_t organisation_places(const struct catalogue *c,
                                  const struct merge_sql_columns *columns, size_t n,
                                  struct merge_place *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count < MOST_PLACES; i++) {
        struct str table = columns[i].tbl, column = columns[i].col;
        bool scope = str_is(table, "person_role") && str_is(column, "scope_id");
        if (str_is(column, "organisation_id") || scope)
            ret[count++] =
                place_of(c, table, column, scope ? " AND t.scope_kind = 'organisation'" : "");
    }
    return count;
}

size_t merge_places(struct db *db, enum merge_kind kind, struct merge_place **ret)
{
    struct merge_sql_columns *columns;
    struct catalogue c = read_catalogue(db);
    size_t n = merge_sql_columns(db, &columns);
    *ret = arena_array(db_arena(db), struct merge_place, MOST_PLACES);
    return kind == MERGE_PERSON ? people_places(&c, columns, n, *ret)
                                : organisation_places(&c, columns, n, *ret);
}

struct merge_count merge_count(struct db *db, const struct merge_place *place, int64_t from,
                               int64_t into)
{
    const struct db_value values[] = { { .integer = from }, { .integer = into } };
    int64_t all = 0, stays = 0;
    if (!db_one(db, &place->count, values, &all) || all == 0) return (struct merge_count){ 0, 0 };
    if (place->fixed) return (struct merge_count){ 0, all };
    db_one(db, &place->clash, values, &stays);
    return (struct merge_count){ all - stays, stays };
}

void merge_move(struct db *db, const struct merge_place *place, int64_t run, int64_t from,
                int64_t into)
{
    const struct db_value values[] = {
        { .integer = from }, { .integer = into }, { .integer = run }, { .text = place->name }
    };
    int64_t all = 0;
    if (place->fixed || !db_one(db, &place->count, values, &all) || all == 0) return;
    db_exec(db, &place->note, values);
    db_exec(db, &place->move, values);
}

void merge_back(struct db *db, const struct merge_place *place, int64_t run, int64_t from,
                int64_t into)
{
    const struct db_value values[] = {
        { .integer = from }, { .integer = into }, { .integer = run }, { .text = place->name }
    };
    if (!place->fixed) db_exec(db, &place->back, values);
}
