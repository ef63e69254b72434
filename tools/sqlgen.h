/* sqlgen: statements and migrations in .sql files become typed C functions. docs/sqlgen.md is its page.
 *
 * A run: read every part's files (sqlgen.c), cut them into statements (sqlgen_parse.c), apply the migrations to an
 * in-memory SQLite and let it describe each statement (sqlgen_check.c), write the C (sqlgen_write.c). Faults are
 * collected as "file:line: sentence"; nothing is written when there is one. */
#ifndef EDULAB_TOOLS_SQLGEN_H
#define EDULAB_TOOLS_SQLGEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

enum {
    SQLGEN_FILE = 4 * 1024 * 1024, /* bytes of one .sql file */
    SQLGEN_PARAMS = 64,            /* parameters of one statement */
    SQLGEN_COLUMNS = 128,          /* columns of one statement */
};

/* --- faults: sqlgen.c ------------------------------------------------------------------------------------ */

struct faults {
    struct buf text;
    int count;
};

void fault(struct faults *faults, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* --- words of SQL: sqlgen_lex.c -------------------------------------------------------------------------- */

enum token_kind {
    TOKEN_END,
    TOKEN_SPACE,
    TOKEN_COMMENT, /* -- to the end of the line, or between slashes and stars */
    TOKEN_WORD,    /* identifier, keyword or number */
    TOKEN_QUOTED,  /* "identifier" */
    TOKEN_STRING,  /* 'text' */
    TOKEN_PARAM,   /* :name */
    TOKEN_MARK,    /* one character, or :: */
    TOKEN_OPEN,    /* a string, quoted name or comment that never ends */
};

struct token {
    enum token_kind kind;
    struct str text;
    int line; /* where it begins, 1 for the first */
};

struct lexer {
    struct str rest;
    int line;
};

struct token lex(struct lexer *lexer);
/* The next token that is neither space nor comment. */
struct token lex_solid(struct lexer *lexer);
/* Is it this word (letters in any case) or this one-character mark? */
bool token_is(struct token token, const char *word);
/* A migration's text for PostgreSQL: type words mapped in the places where a type stands, table options dropped. */
struct str schema_for_pgsql(struct arena *a, const char *file, struct str sql,
                            struct faults *faults);

/* --- statements: sqlgen_parse.c -------------------------------------------------------------------------- */

enum statement_kind { KIND_ONE, KIND_MANY, KIND_EXEC };
enum engine { ENGINE_BOTH, ENGINE_SQLITE, ENGINE_PGSQL };

struct field { /* a parameter or a column */
    struct str name;
    enum db_type type;
    bool nullable;
};

struct fields {
    struct field *v;
    unsigned n;
};

struct statement {
    const char *file;
    int line;          /* of the header */
    int sql_line;      /* of the SQL */
    struct str header; /* as written, in one line */
    struct str name;
    struct fields params;
    enum statement_kind kind;
    struct str as;         /* the statement whose row structure is used; STR_NONE: its own */
    struct fields notes;   /* the annotated columns */
    struct str sql;        /* as written, from sql_line on */
    struct str sqlite;     /* with ?1 … */
    struct str pgsql;      /* with $1 … */
    enum engine engine;    /* of this body, while parsing */
    struct fields columns; /* filled in by the check */
};

struct statements {
    struct statement *v;
    unsigned n;
};

/* Cuts the text of a statement file; a statement with two bodies comes out once. Faults are added to `faults`. */
struct statements statements_parse(struct arena *a, const char *file, struct str text,
                                   struct faults *faults);
const struct statement *statements_find(const struct statements *statements, struct str name);

/* --- the whole program's SQL ----------------------------------------------------------------------------- */

struct migration {
    const char *file; /* of the SQLite text */
    int number;
    struct str name; /* file name without folder */
    struct str sqlite, pgsql;
};

struct part {
    const char *name, *folder;
    struct migration *migrations;
    unsigned migration_count;
    const char *file; /* of the statements */
    struct statements statements;
};

/* sqlgen_check.c: applies all migrations, prepares every statement and fills in its columns. */
void parts_check(struct arena *a, struct part *parts, unsigned count, struct faults *faults);

/* sqlgen_write.c: the text of x_sql.h and x_sql.c. */
void part_write_header(struct buf *b, const struct part *part);
void part_write_source(struct buf *b, const struct part *part);

#endif
