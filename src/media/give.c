/* Small files that people give us through a form: taken in, and handed out again safely whatever they hold. */
#include "media/give.h"

#include "base/utf8.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/sniff.h"

enum { NAME_MOST = 120 };

/* HTML runs in a frame that is closed off from the site, also when somebody opens its address directly. */
static bool shows(struct str type)
{
    return str_starts(type, S("image/")) || str_starts(type, S("audio/")) ||
           str_starts(type, S("video/")) || str_is(type, "application/pdf") ||
           str_is(type, "text/plain") || str_is(type, "text/html");
}

/* For a header: letters, digits, points and hyphens; the rest becomes a hyphen. */
static struct str plain_name(struct arena *a, struct str name)
{
    char *s = arena_alloc(a, name.n + 1);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '.' || c == '_';
        s[i] = plain ? c : '-';
    }
    return (struct str){ s, name.n };
}

void give_file(struct request *r, const struct given_file *f, bool immutable)
{
    http_header_set(r, "Content-Security-Policy",
                    str_is(f->type, "text/html")
                        ? S("sandbox allow-scripts; default-src 'none'; script-src "
                            "'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
                            "media-src data: blob:; frame-ancestors 'self'")
                        : S("sandbox; default-src 'none'; style-src 'unsafe-inline'"));
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "%s; filename=\"%.*s\"",
                                 shows(f->type) ? "inline" : "attachment",
                                 STR(plain_name(r->arena, f->name))));
    http_file(
        r, arena_printf(r->arena, "blobs/%.2s/%.2s/%.*s", f->blob.p, f->blob.p + 2, STR(f->blob)),
        arena_cstr(r->arena, shows(f->type) ? f->type : S("application/octet-stream")), immutable);
}

bool take_file(struct request *r, const char *field, const struct upload *file,
               struct taken_file *ret)
{
    if (file->data.n == 0) {
        http_invalid(r, field, R_(N_("This file is empty.")));
        return false;
    }
    enum blob_result stored = blob_put(media_blobs(), r->arena, file->data, &ret->blob);
    if (stored != BLOB_OK) {
        http_fail(r, stored == BLOB_FULL ? 507 : 500, STR_NONE);
        return false;
    }
    ret->type = sniff_type(r->arena, blob_local_path(media_blobs(), r->arena, ret->blob));
    ret->size = (int64_t)file->data.n;
    struct str name = str_sub(str_trim(file->name), 0, NAME_MOST);
    while (name.n && !utf8_valid(name))
        name.n--;
    ret->name = name.n ? name : S("fichier");
    return true;
}
