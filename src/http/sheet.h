/* A table as a file for spreadsheets: CSV, or the smallest XLSX (ECMA-376) that Excel, LibreOffice and the others open. */
#ifndef EDULAB_HTTP_SHEET_H
#define EDULAB_HTTP_SHEET_H

#include "http/http.h"

struct sheet_cell {
    struct str text; /* STR_NONE: `number` */
    double number;
};
struct sheet {
    struct str name; /* of the file without its end, and of the sheet: at most 31 of a-z 0-9 - */
    const struct str *heads; /* in the person's language */
    size_t columns, rows;
    const struct sheet_cell *cells; /* row by row */
};
/* Answers with the file. */
void http_sheet(struct request *r, const struct sheet *sheet, bool xlsx);

#endif
