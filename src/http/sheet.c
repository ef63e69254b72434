/* Tables as files: see sheet.h. */
#include "http/sheet.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/csv.h"

enum { SHEET_MAX = 32 * MIB };

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE "http://schemas.openxmlformats.org/"

static void put_number(struct buf *b, double v)
{
    buf_num(b, v, 3);
}

static void put_xml(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '&') buf_lit(b, "&amp;");
        else if (c == '<') buf_lit(b, "&lt;");
        else if (c == '>') buf_lit(b, "&gt;");
        else if (c >= ' ' || c == '\n' || c == '\t') buf_putc(b, (char)c);
    }
}

static void put_text_cell(struct buf *b, struct str s)
{
    buf_lit(b, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    put_xml(b, s);
    buf_lit(b, "</t></is></c>");
}

static void put_sheet(struct buf *b, const struct sheet *s)
{
    buf_lit(b, XML "<worksheet xmlns=\"" OFFICE "spreadsheetml/2006/main\"><sheetData><row>");
    for (size_t i = 0; i < s->columns; i++)
        put_text_cell(b, s->heads[i]);
    buf_lit(b, "</row>");
    for (size_t row = 0; row < s->rows; row++) {
        buf_lit(b, "<row>");
        for (size_t i = 0; i < s->columns; i++) {
            const struct sheet_cell *c = &s->cells[row * s->columns + i];
            if (c->text.p) put_text_cell(b, c->text);
            else {
                buf_lit(b, "<c><v>");
                put_number(b, c->number);
                buf_lit(b, "</v></c>");
            }
        }
        buf_lit(b, "</row>");
    }
    buf_lit(b, "</sheetData></worksheet>");
}

static void put_workbook(struct buf *b, const struct sheet *s)
{
    buf_lit(b, XML "<workbook xmlns=\"" OFFICE "spreadsheetml/2006/main\" xmlns:r=\"" OFFICE
                   "officeDocument/2006/relationships\"><sheets><sheet name=\"");
    put_xml(b, s->name);
    buf_lit(b, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
}

static const char types[] = XML
    "<Types xmlns=\"" OFFICE "package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/xl/workbook.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
    "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></"
    "Types>";
static const char to_workbook[] =
    XML "<Relationships xmlns=\"" OFFICE
        "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
        "officeDocument/2006/relationships/officeDocument\" "
        "Target=\"xl/workbook.xml\"/></Relationships>";
static const char to_sheet[] =
    XML "<Relationships xmlns=\"" OFFICE
        "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
        "officeDocument/2006/relationships/worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/></Relationships>";

/* --- the ZIP --------------------------------------------------------------------------------------------------------- */

static la_ssize_t collect(struct archive *zip, void *out, const void *p, size_t n)
{
    (void)zip;
    buf_put(out, p, n);
    return (la_ssize_t)n;
}

static bool add_part(struct archive *zip, const char *name, struct str data)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)data.n);
    bool good = archive_write_header(zip, entry) == ARCHIVE_OK &&
                archive_write_data(zip, data.p, data.n) == (la_ssize_t)data.n;
    archive_entry_free(entry);
    return good;
}

static bool put_xlsx(struct buf *out, const struct sheet *s)
{
    struct buf rows = BUF_INIT(SHEET_MAX), book = BUF_INIT(4 * KIB);
    struct archive *zip = archive_write_new();
    put_sheet(&rows, s);
    put_workbook(&book, s);
    bool good = !rows.full && archive_write_set_format_zip(zip) == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(zip, 1) == ARCHIVE_OK &&
                archive_write_open(zip, out, NULL, collect, NULL) == ARCHIVE_OK &&
                add_part(zip, "[Content_Types].xml", str_from(types)) &&
                add_part(zip, "_rels/.rels", str_from(to_workbook)) &&
                add_part(zip, "xl/workbook.xml", buf_view(&book)) &&
                add_part(zip, "xl/_rels/workbook.xml.rels", str_from(to_sheet)) &&
                add_part(zip, "xl/worksheets/sheet1.xml", buf_view(&rows));
    good = archive_write_close(zip) == ARCHIVE_OK && good;
    archive_write_free(zip);
    buf_finish(&rows);
    buf_finish(&book);
    return good && !out->full;
}

static bool put_csv(struct buf *out, struct arena *a, const struct sheet *s)
{
    buf_lit(out, CSV_MARK);
    for (size_t i = 0; i < s->columns; i++)
        csv_put(out, s->heads[i], i + 1 < s->columns ? ';' : '\n');
    for (size_t i = 0; i < s->rows * s->columns; i++) {
        const struct sheet_cell *c = &s->cells[i];
        struct buf number = BUF_INIT(64);
        if (!c->text.p) put_number(&number, c->number);
        csv_put(out, c->text.p ? c->text : arena_dup(a, buf_view(&number)),
                (i + 1) % s->columns ? ';' : '\n');
        buf_finish(&number);
    }
    return !out->full;
}

void http_sheet(struct request *r, const struct sheet *s, bool xlsx)
{
    struct buf out = BUF_INIT(SHEET_MAX);
    if (!(xlsx ? put_xlsx(&out, s) : put_csv(&out, r->arena, s))) {
        http_fail(r, 413, R_(N_("That is too much for one file: choose fewer days.")));
    } else {
        http_header_set(r, "Content-Disposition",
                        arena_printf(r->arena, "attachment; filename=\"%.*s.%s\"", STR(s->name),
                                     xlsx ? "xlsx" : "csv"));
        http_bytes(r, 200,
                   xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                        : "text/csv; charset=utf-8",
                   arena_dup(r->arena, buf_view(&out)));
    }
    buf_finish(&out);
}
