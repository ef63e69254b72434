/* CSV (RFC 4180), for spreadsheets: writing what no spreadsheet will take for a formula, and reading what they write. */
#ifndef EDULAB_BASE_CSV_H
#define EDULAB_BASE_CSV_H

#include "base/arena.h"
#include "base/buf.h"

/* What Excel needs to see that the file is UTF-8: first of all. */
#define CSV_MARK "\xEF\xBB\xBF"

/* A field and what ends it: ';' or '\n' (written as CR LF). Quoted where needed; a text that a spreadsheet would run
 * as a formula (beginning with = + - @, tab or CR) gets an apostrophe in front, which shows it as text. */
void csv_put(struct buf *b, struct str field, char end);

/* --- reading ---------------------------------------------------------------------------------------------------- */

enum csv_encoding {
    CSV_UTF8,
    CSV_WINDOWS_1252, /* what Excel writes in western Europe; Latin-1 is within it */
    CSV_NO_TEXT,      /* holds NUL: a workbook, a picture, UTF-16 */
};

/* The file as UTF-8 without the mark in front; what is not well-formed UTF-8 is taken for Windows-1252. Control
 * characters stay: the reader's caller refuses them field by field. */
enum csv_encoding csv_decode(struct arena *a, struct str raw, struct str *ret_text);
/* Of ';', ',' and tab the one that the first record has most of; ';' when none. */
char csv_separator(struct str text);

enum { CSV_COLUMNS = 64 };

struct csv {
    char *at, *end; /* of a copy that the reader may write in */
    char separator;
    size_t line, next_line; /* where the record last read begins, and the next, from 1 */
    struct str fields[CSV_COLUMNS];
    size_t n;
    bool too_wide; /* the record has more columns: those beyond are left out */
    bool stray;    /* something stands behind a closing quote */
    bool unclosed; /* a quote is open at the end of the file: the record is all that was left */
};

/* The text is copied into the arena; the fields live there. */
void csv_open(struct csv *c, struct arena *a, struct str text, char separator);
/* The next record that is not an empty line, without quotes and spaces around; an apostrophe that csv_put has put in
 * front of a formula is taken off. False at the end. */
bool csv_next(struct csv *c);

#endif
