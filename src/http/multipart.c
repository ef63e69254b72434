/* multipart/form-data (RFC 7578) of a body that is wholly in memory and bounded by its row. Only what browsers send:
 * Content-Disposition with name and filename, an optional Content-Type; nested parts and transfer encodings are
 * refused. */
#include "base/utf8.h"
#include "http/private.h"

/* The value of `key` in "form-data; name=\"x\"; filename=\"y\""; STR_NONE when absent. */
static struct str attribute(struct arena *a, struct str header, const char *key)
{
    str_cut(&header, ';');
    while (header.n) {
        header = str_trim(header);
        struct str name = str_trim(str_cut(&header, '='));
        bool quoted = header.n && header.p[0] == '"';
        char *out = arena_alloc(a, header.n + 1);
        size_t n = 0, i = quoted ? 1 : 0;
        for (; i < header.n && header.p[i] != (quoted ? '"' : ';'); i++) {
            if (quoted && header.p[i] == '\\' && i + 1 < header.n && header.p[i + 1] == '"') i++;
            out[n++] = header.p[i];
        }
        header = str_sub(header, i, header.n);
        str_cut(&header, ';');
        if (str_eq_nocase(name, str_from(key))) return (struct str){ out, n };
    }
    return STR_NONE;
}

static bool parse_part(struct arena *a, struct str head, struct str data, struct fields *fields)
{
    struct str name = STR_NONE, filename = STR_NONE, type = STR_NONE;
    while (head.n) {
        struct str line = str_trim(str_cut(&head, '\n'));
        struct str key = str_trim(str_cut(&line, ':'));
        line = str_trim(line);
        if (str_eq_nocase(key, S("content-disposition"))) {
            name = attribute(a, line, "name");
            filename = attribute(a, line, "filename");
        } else if (str_eq_nocase(key, S("content-type"))) {
            type = line;
        } else if (str_eq_nocase(key, S("content-transfer-encoding"))) {
            return false;
        }
    }
    if (!name.p || !utf8_valid(name) || fields->n == LIMIT_FIELDS) return false;
    struct field *f = &fields->items[fields->n++];
    *f = (struct field){ .name = name, .value = data };
    if (!filename.p) return utf8_valid(data);
    if (!utf8_valid(filename) || !utf8_valid(type.p ? type : S(""))) return false;
    f->upload = arena_new(a, struct upload);
    *f->upload = (struct upload){ .name = filename, .type = type, .data = data };
    return true;
}

bool fields_parse_multipart(struct arena *a, struct str content_type, struct str body,
                            struct fields *fields)
{
    struct str boundary = attribute(a, content_type, "boundary");
    if (boundary.n == 0 || boundary.n > 70) return false;
    struct str first = arena_printf(a, "--%.*s", STR(boundary));
    struct str next = arena_printf(a, "\r\n--%.*s", STR(boundary));
    if (!str_starts(body, first)) return false;
    body = str_sub(body, first.n, body.n);
    while (!str_starts(body, S("--"))) {
        if (!str_starts(body, S("\r\n"))) return false;
        body = str_sub(body, 2, body.n);
        size_t head_end = str_search(body, S("\r\n\r\n"));
        if (head_end == body.n || head_end > 4096) return false;
        struct str head = str_sub(body, 0, head_end);
        body = str_sub(body, head_end + 4, body.n);
        size_t end = str_search(body, next);
        if (end == body.n) return false;
        if (!parse_part(a, head, str_sub(body, 0, end), fields)) return false;
        body = str_sub(body, end + next.n, body.n);
    }
    return true;
}
