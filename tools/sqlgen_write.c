/* Writes x_sql.h and x_sql.c. The output is read by people when they debug: plain C, one block a statement. */
#include "tools/sqlgen.h"

static const char *const c_types[] = { "int64_t", "struct str", "double", "struct str" };
static const char *const enum_names[] = { "DB_INT", "DB_TEXT", "DB_REAL", "DB_BLOB" };
static const char *const members[] = { "integer", "text", "real", "text" };

/* The statement whose row structure this one fills. */
static struct str row_owner(const struct statement *st)
{
    return st->as.p ? st->as : st->name;
}

/* A C string over several lines, one for each line of the SQL. */
static void write_string(struct buf *b, struct str s)
{
    buf_lit(b, "\"");
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n') buf_str(b, i + 1 < s.n ? S("\\n\"\n        \"") : S("\\n"));
        else if (c == '"' || c == '\\') buf_printf(b, "\\%c", c);
        else if (c == '?' && i && s.p[i - 1] == '?') buf_lit(b, "\\?"); /* never a trigraph */
        else if (c == '\t') buf_putc(b, ' ');
        else if (c != '\r') buf_putc(b, c);
    }
    buf_lit(b, "\"");
}

/* Many parameters side by side are easily mistaken for one another: past this, they are given by name in a structure. */
enum { SIDE_BY_SIDE = 7 };

static bool takes_structure(const struct statement *st)
{
    return st->params.n > SIDE_BY_SIDE;
}

static void write_in(struct buf *b, const char *part, const struct statement *st)
{
    buf_printf(b, "struct %s_sql_%.*s_in {\n", part, STR(st->name));
    for (unsigned i = 0; i < st->params.n; i++)
        buf_printf(b, "    %s %.*s;\n", c_types[st->params.v[i].type], STR(st->params.v[i].name));
    buf_lit(b, "};\n\n");
}

static void write_signature(struct buf *b, const char *part, const struct statement *st)
{
    static const char *const returns[] = { "bool", "size_t", "int64_t" };
    buf_printf(b, "%s %s_sql_%.*s(struct db *db", returns[st->kind], part, STR(st->name));
    if (takes_structure(st))
        buf_printf(b, ", const struct %s_sql_%.*s_in *in", part, STR(st->name));
    for (unsigned i = 0; !takes_structure(st) && i < st->params.n; i++)
        buf_printf(b, ", %s %.*s", c_types[st->params.v[i].type], STR(st->params.v[i].name));
    if (st->kind != KIND_EXEC)
        buf_printf(b, ", struct %s_sql_%.*s %sret", part, STR(row_owner(st)),
                   st->kind == KIND_MANY ? "**" : "*");
    buf_lit(b, ")");
}

static void write_row(struct buf *b, const char *part, const struct statement *st)
{
    buf_printf(b, "struct %s_sql_%.*s {\n", part, STR(st->name));
    for (unsigned i = 0; i < st->columns.n; i++) {
        const struct field *f = &st->columns.v[i];
        static const char *const nulls[] = { "DB_NULL", ".p == NULL", "NAN", ".p == NULL" };
        buf_printf(b, "    %s %.*s;", c_types[f->type], STR(f->name));
        if (f->nullable) buf_printf(b, " /* or NULL: %s */", nulls[f->type]);
        buf_lit(b, "\n");
    }
    buf_lit(b, "};\n\n");
}

void part_write_header(struct buf *b, const struct part *part)
{
    buf_printf(b, "/* Made by tools/sqlgen from the SQL of the part `%s`: do not edit. */\n",
               part->name);
    buf_printf(b, "#ifndef EDULAB_GENERATED_%s_SQL_H\n#define EDULAB_GENERATED_%s_SQL_H\n\n",
               part->name, part->name);
    buf_lit(b, "#include \"db/db.h\"\n\n");
    for (unsigned i = 0; i < part->statements.n; i++) {
        const struct statement *st = &part->statements.v[i];
        if (st->kind != KIND_EXEC && !st->as.p) write_row(b, part->name, st);
        if (takes_structure(st)) write_in(b, part->name, st);
    }
    for (unsigned i = 0; i < part->statements.n; i++) {
        const struct statement *st = &part->statements.v[i];
        buf_printf(b, "/* %.*s */\n", STR(st->header));
        write_signature(b, part->name, st);
        buf_lit(b, ";\n\n");
    }
    buf_printf(b, "extern const struct db_part %s_db;\n\n#endif\n", part->name);
}

static void write_tables(struct buf *b, const char *part, const struct statement *st)
{
    if (st->params.n) {
        buf_printf(b, "static const enum db_type %.*s_params[] = {", STR(st->name));
        for (unsigned i = 0; i < st->params.n; i++)
            buf_printf(b, "%s %s", i ? "," : "", enum_names[st->params.v[i].type]);
        buf_lit(b, " };\n");
    }
    if (!st->columns.n) return;
    buf_printf(b, "static const struct db_column %.*s_columns[] = {\n", STR(st->name));
    for (unsigned i = 0; i < st->columns.n; i++)
        buf_printf(b, "    { %s, offsetof(struct %s_sql_%.*s, %.*s) },\n",
                   enum_names[st->columns.v[i].type], part, STR(row_owner(st)),
                   STR(st->columns.v[i].name));
    buf_lit(b, "};\n");
}

static void write_entry(struct buf *b, const char *part, const struct statement *st)
{
    buf_printf(b, "    {\n        .name = \"%s.%.*s\",\n        .sqlite =\n        ", part,
               STR(st->name));
    write_string(b, st->sqlite);
    buf_lit(b, ",\n        .pgsql =\n        ");
    write_string(b, st->pgsql);
    buf_lit(b, ",\n");
    if (st->params.n)
        buf_printf(b, "        .params = %.*s_params,\n        .param_count = %u,\n", STR(st->name),
                   st->params.n);
    if (st->columns.n)
        buf_printf(b,
                   "        .columns = %.*s_columns,\n        .column_count = %u,\n"
                   "        .row_size = sizeof(struct %s_sql_%.*s),\n",
                   STR(st->name), st->columns.n, part, STR(row_owner(st)));
    buf_lit(b, "    },\n");
}

static void write_function(struct buf *b, const char *part, const struct statement *st,
                           unsigned index)
{
    write_signature(b, part, st);
    buf_lit(b, "\n{\n");
    if (st->params.n) {
        buf_lit(b, "    const struct db_value sql_values[] = {\n");
        for (unsigned i = 0; i < st->params.n; i++)
            buf_printf(b, "        { .%s = %s%.*s },\n", members[st->params.v[i].type],
                       takes_structure(st) ? "in->" : "", STR(st->params.v[i].name));
        buf_lit(b, "    };\n");
    }
    const char *values = st->params.n ? "sql_values" : "NULL";
    if (st->kind == KIND_ONE)
        buf_printf(b, "    return db_one(db, &sql_statements[%u], %s, ret);\n", index, values);
    else if (st->kind == KIND_EXEC)
        buf_printf(b, "    return db_exec(db, &sql_statements[%u], %s);\n", index, values);
    else
        buf_printf(b,
                   "    void *sql_rows;\n    size_t sql_n = db_many(db, &sql_statements[%u], %s, "
                   "&sql_rows);\n"
                   "    *ret = sql_rows;\n    return sql_n;\n",
                   index, values);
    buf_lit(b, "}\n\n");
}

static void write_migrations(struct buf *b, const struct part *part)
{
    buf_lit(b, "static const struct db_migration sql_migrations[] = {\n");
    for (unsigned i = 0; i < part->migration_count; i++) {
        const struct migration *m = &part->migrations[i];
        buf_printf(b, "    {\n        .module = \"%s\",\n        .number = %d,\n        .name = ",
                   part->name, m->number);
        write_string(b, m->name);
        buf_lit(b, ",\n        .sqlite =\n        ");
        write_string(b, m->sqlite);
        buf_lit(b, ",\n        .pgsql =\n        ");
        write_string(b, m->pgsql);
        buf_lit(b, ",\n    },\n");
    }
    buf_lit(b, "};\n\n");
}

void part_write_source(struct buf *b, const struct part *part)
{
    const struct statements *all = &part->statements;
    buf_printf(b, "/* Made by tools/sqlgen from the SQL of the part `%s`: do not edit. */\n",
               part->name);
    buf_printf(b, "#include \"%s_sql.h\"\n\n", part->name);
    if (part->migration_count) write_migrations(b, part);
    for (unsigned i = 0; i < all->n; i++)
        write_tables(b, part->name, &all->v[i]);
    if (all->n) {
        buf_lit(b, "\nstatic struct db_statement sql_statements[] = {\n");
        for (unsigned i = 0; i < all->n; i++)
            write_entry(b, part->name, &all->v[i]);
        buf_lit(b, "};\n\n");
    }
    for (unsigned i = 0; i < all->n; i++)
        write_function(b, part->name, &all->v[i], i);
    buf_printf(b, "const struct db_part %s_db = {\n    .module = \"%s\",\n", part->name,
               part->name);
    if (part->migration_count)
        buf_printf(b, "    .migrations = sql_migrations,\n    .migration_count = %u,\n",
                   part->migration_count);
    if (all->n)
        buf_printf(b, "    .statements = sql_statements,\n    .statement_count = %u,\n", all->n);
    buf_lit(b, "};\n");
}
