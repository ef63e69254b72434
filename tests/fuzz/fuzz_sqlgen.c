/* Random statement files and migrations: sqlgen refuses or accepts, names a line that exists with each fault, and what
 * it writes is C that a comment or string of the input cannot leave. */
#include "sqlgen.h"

#include <stdarg.h>

/* the tool is no part of the program: its sources come along */
#include "sqlgen_lex.c"
#include "sqlgen_parse.c"
#include "sqlgen_write.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int last_line;

void fault(struct faults *faults, const char *file, int line, const char *format, ...)
{
    va_list args;
    char text[64];
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!file || line < 1 || line > last_line || length < 10) abort();
    faults->count++;
}

/* Every parameter is used, and every body has its text. */
static void check_statement(const struct statement *st)
{
    char number[16];
    if (!st->name.n || !st->sqlite.p || !st->pgsql.p || st->engine != ENGINE_BOTH) abort();
    for (unsigned i = 0; i < st->params.n; i++) {
        snprintf(number, sizeof number, "?%u", i + 1);
        if (str_search(st->sqlite, str_from(number)) == st->sqlite.n) abort();
        number[0] = '$';
        if (str_search(st->pgsql, str_from(number)) == st->pgsql.n) abort();
    }
}

/* Comments close where they were opened, strings end on their line. */
static void check_c(struct str text)
{
    bool string = false, comment = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : '\0';
        if (comment) {
            if (c == '*' && next == '/') comment = false, i++;
        } else if (string) {
            if (c == '\n') abort();
            if (c == '\\') i++;
            else if (c == '"') string = false;
        } else if (c == '/' && next == '*') {
            comment = true, i++;
        } else if (c == '"') {
            string = true;
        } else if (c & 0x80) {
            abort(); /* outside of strings and comments there are names only */
        }
    }
    if (string || comment) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_create();
    struct str text = { (const char *)data, n };
    struct faults faults = { 0 };
    last_line = 1;
    for (size_t i = 0; i < n; i++)
        last_line += data[i] == '\n';
    struct migration migration = {
        .file = "m", .number = 1, .name = S("0001_m.sql"), .sqlite = text
    };
    migration.pgsql = schema_for_pgsql(arena, "m", text, &faults);
    if (migration.pgsql.n > 2 * n + 64) abort();
    faults.count = 0;
    struct part part = {
        .name = "x", .folder = "x", .migrations = &migration, .migration_count = 1
    };
    part.statements = statements_parse(arena, "x.sql", text, &faults);
    if (!faults.count) {
        struct buf b = BUF_INIT(64 * 1024 * 1024);
        for (unsigned i = 0; i < part.statements.n; i++)
            check_statement(&part.statements.v[i]);
        part_write_header(&b, &part);
        part_write_source(&b, &part);
        if (b.full) abort();
        check_c(buf_view(&b));
        buf_finish(&b);
    }
    arena_destroy(arena);
    return 0;
}
