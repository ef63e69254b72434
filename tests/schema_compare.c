/* Reads the catalogues of both engines and writes them in the same words. */
#include "tests/schema_compare.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include "base/buf.h"

enum { TEXT = 4 * 1024 * 1024 };

#define TABLES                                                                                     \
    "(SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "                \
    "AND name NOT LIKE 'sqlite_%')"

static const char *const sqlite_queries[] = {
    "SELECT t.name || ' column ' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'int64' ELSE "
    "lower(c.type) END"
    " || CASE WHEN c.\"notnull\" OR c.pk THEN ' not-null' ELSE '' END"
    " || CASE WHEN c.dflt_value IS NOT NULL THEN ' default' ELSE '' END"
    " FROM " TABLES " t, pragma_table_info(t.name) c",

    "SELECT name || ' key (' || group_concat(column, ', ') || ')' FROM"
    " (SELECT t.name, c.name AS column FROM " TABLES
    " t, pragma_table_info(t.name) c WHERE c.pk ORDER BY t.name, c.pk)"
    " GROUP BY name",

    "SELECT t.name || CASE i.origin WHEN 'c' THEN ' index ' || i.name ELSE '' END"
    " || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END || ' ('"
    " || (SELECT group_concat(word, ', ') FROM (SELECT coalesce(x.name, 'expression')"
    "      || CASE WHEN x.desc THEN ' desc' ELSE '' END AS word"
    "      FROM pragma_index_xinfo(i.name) x WHERE x.key ORDER BY x.seqno))"
    " || ')' || CASE WHEN i.partial THEN ' partial' ELSE '' END"
    " FROM " TABLES " t, pragma_index_list(t.name) i WHERE i.origin <> 'pk'",

    "SELECT name || ' foreign (' || group_concat(near, ', ') || ') to ' || far_table || ' (' || "
    "group_concat(far, ', ')"
    " || ') delete ' || lower(on_delete) FROM"
    " (SELECT t.name, k.id, k.\"from\" AS near, k.\"table\" AS far_table, k.on_delete,"
    "   coalesce(k.\"to\", (SELECT c.name FROM pragma_table_info(k.\"table\") c WHERE c.pk = k.seq "
    "+ 1)) AS far"
    "   FROM " TABLES " t, pragma_foreign_key_list(t.name) k ORDER BY t.name, k.id, k.seq)"
    " GROUP BY name, id",
};

static const char sqlite_own[] =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'";

#define HERE "c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"

static const char *const pgsql_queries[] = {
    "SELECT c.relname || ' column ' || a.attname || ' ' || CASE format_type(a.atttypid, NULL)"
    " WHEN 'bigint' THEN 'int64' WHEN 'double precision' THEN 'real' WHEN 'bytea' THEN 'blob'"
    " ELSE format_type(a.atttypid, NULL) END"
    " || CASE WHEN a.attnotnull THEN ' not-null' ELSE '' END || CASE WHEN a.atthasdef THEN ' "
    "default' ELSE '' END"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE " HERE " AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid <> 'tsvector'::regtype",

    "SELECT c.relname || CASE WHEN i.indisprimary THEN ' key' WHEN k.oid IS NOT NULL THEN ' unique'"
    " ELSE ' index ' || n.relname || CASE WHEN i.indisunique THEN ' unique' ELSE '' END END || ' ('"
    " || (SELECT string_agg(coalesce(a.attname, 'expression')"
    "      || CASE WHEN i.indoption[s - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY s)"
    "      FROM generate_series(1, i.indnkeyatts) s"
    "      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[s - 1] AND "
    "a.attnum > 0)"
    " || ')' || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END"
    " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class n ON n.oid = i.indexrelid"
    " JOIN pg_am m ON m.oid = n.relam LEFT JOIN pg_constraint k ON k.conindid = n.oid AND "
    "k.contype = 'u'"
    " WHERE " HERE " AND m.amname = 'btree'",

    "SELECT c.relname || ' foreign (' || (SELECT string_agg(a.attname, ', ' ORDER BY s)"
    "   FROM unnest(k.conkey) WITH ORDINALITY u (n, s) JOIN pg_attribute a ON a.attrelid = c.oid "
    "AND a.attnum = u.n)"
    " || ') to ' || f.relname || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY s)"
    "   FROM unnest(k.confkey) WITH ORDINALITY u (n, s) JOIN pg_attribute a ON a.attrelid = f.oid "
    "AND a.attnum = u.n)"
    " || ') delete ' || CASE k.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN "
    "'c' THEN 'cascade'"
    "   WHEN 'n' THEN 'set null' ELSE 'set default' END"
    " FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'"
    " JOIN pg_class f ON f.oid = k.confrelid WHERE " HERE,
};

/* --- lines ----------------------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static size_t lines_split(struct arena *a, struct str text, struct str **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    *ret = arena_array(a, struct str, n + 1);
    for (n = 0; text.n;)
        (*ret)[n++] = str_cut(&text, '\n');
    qsort(*ret, n, sizeof **ret, by_text);
    return n;
}

/* The lines of `b` sorted; b is released. */
static struct str lines_sort(struct arena *a, struct buf *b)
{
    struct str *lines, text = arena_dup(a, buf_view(b));
    size_t n = lines_split(a, text, &lines);
    b->n = 0;
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%.*s\n", STR(lines[i]));
    struct str ret = arena_dup(a, buf_view(b));
    buf_finish(b);
    return ret;
}

struct str lines_difference(struct arena *a, struct str left, struct str right)
{
    struct str *l, *r;
    size_t left_n = lines_split(a, left, &l), right_n = lines_split(a, right, &r);
    struct buf b = BUF_INIT(TEXT);
    for (size_t i = 0, k = 0; i < left_n || k < right_n;) {
        int order = i == left_n ? 1 : k == right_n ? -1 : str_cmp(l[i], r[k]);
        if (order < 0) buf_printf(&b, "- %.*s\n", STR(l[i]));
        if (order > 0) buf_printf(&b, "+ %.*s\n", STR(r[k]));
        i += order <= 0;
        k += order >= 0;
    }
    struct str ret = b.n ? arena_dup(a, buf_view(&b)) : STR_NONE;
    buf_finish(&b);
    return ret;
}

/* --- the two catalogues ---------------------------------------------------------------------------------- */

static void sqlite_query(sqlite3 *db, const char *sql, struct buf *b)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL)) {
        buf_printf(b, "the catalogue cannot be read: %s\n", sqlite3_errmsg(db));
        return;
    }
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_printf(b, "%s\n", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
}

struct str schema_of_sqlite(struct arena *a, const char *path, struct str *ret_own)
{
    sqlite3 *db;
    struct buf b = BUF_INIT(TEXT), own = BUF_INIT(TEXT);
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
    for (size_t i = 0; i < COUNT(sqlite_queries); i++)
        sqlite_query(db, sqlite_queries[i], &b);
    sqlite_query(db, sqlite_own, &own);
    sqlite3_close(db);
    if (ret_own) *ret_own = arena_dup(a, buf_view(&own));
    buf_finish(&own);
    return lines_sort(a, &b);
}

static bool has_line(struct str text, struct str line)
{
    while (text.n)
        if (str_eq(str_cut(&text, '\n'), line)) return true;
    return false;
}

struct str schema_of_pgsql(struct arena *a, const char *url, struct str own)
{
    PGconn *link = PQconnectdb(url);
    struct buf b = BUF_INIT(TEXT);
    for (size_t i = 0; i < COUNT(pgsql_queries); i++) {
        PGresult *answer = PQexec(link, pgsql_queries[i]);
        if (PQresultStatus(answer) != PGRES_TUPLES_OK)
            buf_printf(&b, "the catalogue cannot be read: %s", PQerrorMessage(link));
        for (int row = 0; row < PQntuples(answer); row++) {
            struct str line = str_from(PQgetvalue(answer, row, 0));
            if (!has_line(own, str_sub(line, 0, str_find(line, ' '))))
                buf_printf(&b, "%.*s\n", STR(line));
        }
        PQclear(answer);
    }
    PQfinish(link);
    return lines_sort(a, &b);
}

/* --- migrating in all ways ------------------------------------------------------------------------------- */

/* The parts with at most `most` migrations each. */
static const struct db_part *const *parts_older(struct arena *a, const struct db_part *const *parts,
                                                unsigned most)
{
    unsigned n = 0;
    while (parts[n])
        n++;
    const struct db_part **ret = arena_array(a, const struct db_part *, n + 1);
    for (unsigned i = 0; i < n; i++) {
        struct db_part *part = arena_new(a, struct db_part);
        *part = *parts[i];
        if (part->migration_count > most) part->migration_count = most;
        ret[i] = part;
    }
    return ret;
}

/* Migrates the database at `url`; with `check`, prepares every statement as well. STR_NONE when well. */
static struct str migrate(struct arena *a, const char *url, const struct db_part *const *parts,
                          bool check)
{
    struct str why = STR_NONE;
    struct database_options options = { .url = str_from(url), .parts = parts, .writers = 1 };
    struct database *database = database_open(&options, a, &why);
    if (!database) return why;
    if (database_migrate(database, a, &why) >= 0) {
        why = check ? database_check_statements(database, a) : STR_NONE;
        if (!why.p && database_pending(database, a, &why) != 0 && !why.p)
            why = S("some migrations are still missing");
    }
    database_close(database);
    return why;
}

static struct str schema_of(struct arena *a, const char *url, struct str own)
{
    struct str s = str_from(url);
    if (str_starts(s, S("sqlite:"))) return schema_of_sqlite(a, url + 7, NULL);
    return schema_of_pgsql(a, url, own);
}

struct engine_check {
    struct arena *a;
    const struct db_part *const *parts;
    make_database *make;
    void *context;
    bool sqlite;
    struct str own; /* SQLite's virtual tables */
};

static struct str wrong(const struct engine_check *c, const char *when, struct str why)
{
    return arena_printf(c->a, "%s, %s: %.*s", c->sqlite ? "SQLite" : "PostgreSQL", when, STR(why));
}

/* From each older version to the end: the same schema as from empty. */
static struct str older_check(const struct engine_check *c, struct str from_empty)
{
    unsigned most = 0;
    for (const struct db_part *const *part = c->parts; *part; part++)
        if ((*part)->migration_count > most) most = (*part)->migration_count;
    for (unsigned k = 1; k < most; k++) {
        const char *url = c->make(c->context, c->sqlite);
        const char *when = arena_printf(c->a, "from version %u", k).p;
        struct str why = migrate(c->a, url, parts_older(c->a, c->parts, k), false);
        if (!why.p) why = migrate(c->a, url, c->parts, false);
        if (!why.p) why = lines_difference(c->a, from_empty, schema_of(c->a, url, c->own));
        if (why.p) return wrong(c, when, why);
    }
    return STR_NONE;
}

struct str schema_check(struct arena *a, const struct db_part *const *parts, make_database *make,
                        void *context)
{
    struct engine_check c = { .a = a, .parts = parts, .make = make, .context = context };
    struct str schemas[2];
    for (int i = 0; i < 2; i++) {
        c.sqlite = i == 0;
        const char *url = make(context, c.sqlite);
        struct str why = migrate(a, url, parts, true);
        if (why.p) return wrong(&c, "from empty", why);
        if (c.sqlite) schema_of_sqlite(a, url + 7, &c.own);
        schemas[i] = schema_of(a, url, c.own);
        why = older_check(&c, schemas[i]);
        if (why.p) return why;
    }
    struct str difference = lines_difference(a, schemas[0], schemas[1]);
    if (difference.p)
        return arena_printf(a, "SQLite (-) and PostgreSQL (+) differ:\n%.*s", STR(difference));
    return STR_NONE;
}
