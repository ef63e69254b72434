/* CSV, for spreadsheets: writing what no spreadsheet will take for a formula. */
#ifndef EDULAB_BASE_CSV_H
#define EDULAB_BASE_CSV_H

#include "base/buf.h"

/* What Excel needs to see that the file is UTF-8: first of all. */
#define CSV_MARK "\xEF\xBB\xBF"

/* A field and what ends it: ';' or '\n' (written as CR LF). Quoted where needed; a text that a spreadsheet would run
 * as a formula (beginning with = + - @, tab or CR) gets an apostrophe in front, which shows it as text. */
void csv_put(struct buf *b, struct str field, char end);

#endif
