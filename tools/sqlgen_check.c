/* Lets SQLite judge: applies all migrations to a database in memory, prepares every statement, and works out the
 * columns. A plain column takes type and nullability from its STRICT declaration; whatever SQLite cannot know
 * (expressions, the far side of an outer join) must be annotated in the header. */
#include "tools/sqlgen.h"

#include <sqlite3.h>

static int line_at(struct str text, int first_line, int offset)
{
    int line = first_line;
    for (int i = 0; i < offset && (size_t)i < text.n; i++)
        if (text.p[i] == '\n') line++;
    return line;
}

/* --- migrations ------------------------------------------------------------------------------------------ */

/* The line where a table's name first stands in a file, for messages. */
static int line_of_word(struct str text, const char *word)
{
    struct lexer lexer = { text, 1 };
    for (struct token t = lex(&lexer); t.kind != TOKEN_END; t = lex(&lexer))
        if (str_is(t.text, word)) return t.line;
    return 1;
}

static void check_column_types(sqlite3 *db, const struct migration *m, const char *table,
                               struct faults *faults)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, "SELECT name, type FROM pragma_table_info(?1)", -1, &st, NULL))
        abort();
    sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(st, 0);
        struct str type = str_from((const char *)sqlite3_column_text(st, 1));
        if (str_is(type, "INTEGER") || str_is(type, "TEXT") || str_is(type, "REAL") ||
            str_is(type, "BLOB"))
            continue;
        fault(faults, m->file, line_of_word(m->sqlite, name),
              "the column %s of %s has the type %.*s: write INTEGER, TEXT, REAL or BLOB", name,
              table, STR(type));
    }
    sqlite3_finalize(st);
}

/* Every table must be STRICT; the shadow tables of virtual ones are SQLite's own. */
static void check_tables(sqlite3 *db, const struct migration *m, struct faults *faults)
{
    static const char sql[] =
        "SELECT name, strict FROM pragma_table_list "
        "WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'";
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL)) abort();
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(st, 0);
        /* an older file's table was judged with its file */
        if (str_search(m->sqlite, str_from(table)) == m->sqlite.n) continue;
        if (!sqlite3_column_int(st, 1))
            fault(faults, m->file, line_of_word(m->sqlite, table), "the table %s must be STRICT",
                  table);
        else check_column_types(db, m, table, faults);
    }
    sqlite3_finalize(st);
}

static bool apply(sqlite3 *db, const struct migration *m, struct faults *faults)
{
    const char *sql = m->sqlite.p, *tail;
    while (sql < m->sqlite.p + m->sqlite.n) {
        sqlite3_stmt *st;
        struct str rest = { sql, m->sqlite.n - (size_t)(sql - m->sqlite.p) };
        int line = line_at(m->sqlite, 1, (int)(sql - m->sqlite.p));
        struct lexer lexer = { rest, line };
        int first_line =
            lex_solid(&lexer).line; /* for errors of which SQLite does not know the place */
        if (sqlite3_prepare_v2(db, sql, (int)rest.n, &st, &tail)) {
            int offset = sqlite3_error_offset(db);
            fault(faults, m->file, offset < 0 ? first_line : line_at(rest, line, offset), "%s",
                  sqlite3_errmsg(db));
            return false;
        }
        int rc = st ? sqlite3_step(st) : SQLITE_DONE;
        sqlite3_finalize(st);
        if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
            fault(faults, m->file, first_line, "%s", sqlite3_errmsg(db));
            return false;
        }
        sql = tail;
    }
    check_tables(db, m, faults);
    return true;
}

/* --- what a statement's text says about NULL ------------------------------------------------------------- */

struct doubts {
    bool all;              /* a UNION, a RIGHT or FULL join, or a LEFT join to a WITH query */
    struct str tables[32]; /* joined by LEFT JOIN */
    unsigned table_count;
    struct str selects[32]; /* columns that are a sub-select: no row gives NULL */
    unsigned select_count;
};

static void doubt_table(sqlite3 *db, struct doubts *d, struct str name, bool must_be_table)
{
    char c[128];
    snprintf(c, sizeof c, "%.*s", STR(name));
    bool known =
        sqlite3_table_column_metadata(db, "main", c, NULL, NULL, NULL, NULL, NULL, NULL) == 0;
    if (!known && !must_be_table) return;
    if (!known || d->table_count == COUNT(d->tables)) d->all = true;
    else d->tables[d->table_count++] = name;
}

/* Behind LEFT [OUTER] JOIN: one name, or every table inside the parentheses. */
static void doubt_join(sqlite3 *db, struct doubts *d, struct lexer lexer)
{
    struct token t = lex_solid(&lexer);
    if (token_is(t, "OUTER")) t = lex_solid(&lexer);
    if (!token_is(t, "JOIN")) return; /* the function left() */
    t = lex_solid(&lexer);
    if (!token_is(t, "(")) {
        doubt_table(db, d, t.text, true);
        return;
    }
    for (int depth = 1; depth > 0;) {
        t = lex_solid(&lexer);
        if (t.kind == TOKEN_END) return;
        depth += token_is(t, "(") - token_is(t, ")");
        if (t.kind == TOKEN_WORD) doubt_table(db, d, t.text, false);
    }
}

/* Behind the parenthesis that closes a sub-select: its alias. */
static void doubt_alias(struct doubts *d, struct lexer lexer)
{
    struct token t = lex_solid(&lexer);
    if (token_is(t, "AS")) t = lex_solid(&lexer);
    if (t.kind != TOKEN_WORD) return;
    if (d->select_count == COUNT(d->selects)) d->all = true;
    else d->selects[d->select_count++] = t.text;
}

static struct doubts doubts_of(sqlite3 *db, struct str sql)
{
    enum { DEEP = 64 };
    struct doubts d = { 0 };
    bool select[DEEP] = { false };
    unsigned depth = 0;
    struct lexer lexer = { sql, 1 };
    struct token before = { .kind = TOKEN_END };
    for (struct token t = lex_solid(&lexer); t.kind != TOKEN_END;
         before = t, t = lex_solid(&lexer)) {
        if (token_is(t, "UNION") || token_is(t, "RIGHT") || token_is(t, "FULL")) d.all = true;
        if (token_is(t, "LEFT")) doubt_join(db, &d, lexer);
        if (token_is(t, "(") && ++depth < DEEP) select[depth] = false;
        if (token_is(t, "SELECT") && token_is(before, "(") && depth < DEEP) select[depth] = true;
        if (!token_is(t, ")") || depth == 0) continue;
        if (depth >= DEEP || select[depth]) doubt_alias(&d, lexer);
        depth--;
    }
    return d;
}

static bool doubted(const struct doubts *d, struct str table, struct str column)
{
    if (d->all) return true;
    for (unsigned i = 0; i < d->table_count; i++)
        if (str_eq_nocase(d->tables[i], table)) return true;
    for (unsigned i = 0; i < d->select_count; i++)
        if (str_eq_nocase(d->selects[i], column)) return true;
    return false;
}

/* --- columns --------------------------------------------------------------------------------------------- */

static const struct field *field_find(const struct fields *fields, struct str name)
{
    for (unsigned i = 0; fields && i < fields->n; i++)
        if (str_eq(fields->v[i].name, name)) return &fields->v[i];
    return NULL;
}

static const char *type_name(enum db_type type)
{
    static const char *const names[] = { "int", "text", "real", "blob" };
    return names[type];
}

/* The declaration behind result column `i`; false for an expression or a virtual table's column. */
static bool declared(sqlite3 *db, sqlite3_stmt *st, int i, struct field *ret)
{
    const char *table = sqlite3_column_table_name(st, i),
               *origin = sqlite3_column_origin_name(st, i);
    const char *type = NULL, *collation;
    int not_null = 0, key = 0, automatic;
    if (!table || !origin) return false;
    if (sqlite3_table_column_metadata(db, NULL, table, origin, &type, &collation, &not_null, &key,
                                      &automatic))
        return false;
    struct str t = str_from(type);
    if (str_is(t, "INTEGER")) ret->type = DB_INT;
    else if (str_is(t, "TEXT")) ret->type = DB_TEXT;
    else if (str_is(t, "REAL")) ret->type = DB_REAL;
    else if (str_is(t, "BLOB")) ret->type = DB_BLOB;
    else return false;
    ret->nullable = !not_null && !key;
    return true;
}

struct check {
    struct arena *a;
    sqlite3 *db;
    const struct statements *all;
    struct faults *faults;
};

/* Decides one column; false when a fault was said. */
static bool column_decide(struct check *c, const struct statement *st, sqlite3_stmt *handle, int i,
                          const struct doubts *doubts, struct field *ret)
{
    struct field f = { .name = arena_dup(c->a, str_from(sqlite3_column_name(handle, i))) };
    const struct statement *base = st->as.p ? statements_find(c->all, st->as) : NULL;
    const struct field *note = field_find(&st->notes, f.name);
    if (!note && base) note = field_find(&base->notes, f.name);
    bool plain = declared(c->db, handle, i, &f);
    if (plain && note && note->type != f.type) {
        fault(c->faults, st->file, st->line, "the column %.*s of %.*s is %s in its table, not %s",
              STR(f.name), STR(st->name), type_name(f.type), type_name(note->type));
        return false;
    }
    if (note) {
        *ret = *note;
        return true;
    }
    struct str table = str_from(sqlite3_column_table_name(handle, i));
    if (plain && (f.nullable || !doubted(doubts, table, f.name))) {
        *ret = f;
        return true;
    }
    fault(
        c->faults, st->file, st->line,
        plain
            ? "the column %.*s of %.*s may be NULL by a join, UNION or sub-select: annotate it in "
              "the header, { %.*s %s? }"
            : "the column %.*s of %.*s is an expression: annotate it in the header, { %.*s %s }",
        STR(f.name), STR(st->name), STR(f.name), plain ? type_name(f.type) : "int");
    return false;
}

static bool name_is_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] == '_' || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
              (i && s.p[i] >= '0' && s.p[i] <= '9')))
            return false;
    return s.n > 0;
}

static void columns_find(struct check *c, struct statement *st, sqlite3_stmt *handle)
{
    int n = sqlite3_column_count(handle);
    struct doubts doubts = doubts_of(c->db, st->sql);
    if (n > SQLGEN_COLUMNS) {
        fault(c->faults, st->file, st->line, "%.*s has more than %d columns", STR(st->name),
              SQLGEN_COLUMNS);
        return;
    }
    st->columns.v = arena_array(c->a, struct field, (size_t)n);
    for (int i = 0; i < n; i++) {
        struct field f;
        struct str name = str_from(sqlite3_column_name(handle, i));
        if (!name_is_good(name))
            fault(c->faults, st->file, st->line, "column %d of %.*s needs a name: write AS name",
                  i + 1, STR(st->name));
        else if (field_find(&st->columns, name))
            fault(c->faults, st->file, st->line, "two columns of %.*s are called %.*s",
                  STR(st->name), STR(name));
        else if (column_decide(c, st, handle, i, &doubts, &f)) st->columns.v[st->columns.n++] = f;
    }
    for (unsigned i = 0; i < st->notes.n; i++) {
        bool found = false;
        for (int k = 0; k < n; k++)
            found |= str_is(st->notes.v[i].name, sqlite3_column_name(handle, k));
        if (!found)
            fault(c->faults, st->file, st->line, "%.*s annotates %.*s, but has no such column",
                  STR(st->name), STR(st->notes.v[i].name));
    }
}

static void kind_check(struct check *c, const struct statement *st, int columns)
{
    if (st->kind == KIND_EXEC && columns)
        fault(c->faults, st->file, st->line,
              "%.*s returns columns: its kind is one or many, not exec", STR(st->name));
    if (st->kind != KIND_EXEC && !columns)
        fault(c->faults, st->file, st->line, "%.*s returns no column: its kind is exec",
              STR(st->name));
}

static void statement_check(struct check *c, struct statement *st)
{
    sqlite3_stmt *handle;
    /* the text as written has the positions a message needs; SQLite reads :name as well */
    if (sqlite3_prepare_v2(c->db, st->sql.p, (int)st->sql.n, &handle, NULL)) {
        fault(c->faults, st->file, line_at(st->sql, st->sql_line, sqlite3_error_offset(c->db)),
              "%.*s: %s", STR(st->name), sqlite3_errmsg(c->db));
        return;
    }
    int columns = sqlite3_column_count(handle);
    kind_check(c, st, columns);
    if (st->kind != KIND_EXEC && columns) columns_find(c, st, handle);
    sqlite3_finalize(handle);
}

/* `many as x`: the columns must fill the row structure of x, whatever their order. */
static void shared_row_check(struct check *c, const struct statement *st)
{
    const struct statement *base = statements_find(c->all, st->as);
    if (!base || !st->columns.n || !base->columns.n) return; /* said before */
    for (unsigned i = 0; i < st->columns.n; i++) {
        const struct field *own = &st->columns.v[i], *field = field_find(&base->columns, own->name);
        if (!field || field->type != own->type || (own->nullable && !field->nullable))
            fault(c->faults, st->file, st->line,
                  "the column %.*s of %.*s (%s%s) does not agree with the row of %.*s",
                  STR(own->name), STR(st->name), type_name(own->type), own->nullable ? "?" : "",
                  STR(st->as));
    }
    for (unsigned i = 0; i < base->columns.n; i++)
        if (!field_find(&st->columns, base->columns.v[i].name))
            fault(c->faults, st->file, st->line, "%.*s lacks the column %.*s of the row of %.*s",
                  STR(st->name), STR(base->columns.v[i].name), STR(st->as));
}

void parts_check(struct arena *a, struct part *parts, unsigned count, struct faults *faults)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db)) abort();
    bool applied = true;
    for (unsigned i = 0; i < count && applied; i++)
        for (unsigned m = 0; m < parts[i].migration_count && applied; m++)
            applied = apply(db, &parts[i].migrations[m], faults);
    for (unsigned i = 0; i < count && applied; i++) {
        struct check c = { a, db, &parts[i].statements, faults };
        for (unsigned s = 0; s < parts[i].statements.n; s++)
            statement_check(&c, &parts[i].statements.v[s]);
        for (unsigned s = 0; s < parts[i].statements.n; s++)
            if (parts[i].statements.v[s].as.p) shared_row_check(&c, &parts[i].statements.v[s]);
    }
    sqlite3_close(db);
}
