/* Files that trainers put into their pages: pictures, documents, small applications of their own. */
#include "base/id.h"
#include "base/utf8.h"
#include "learning_html.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/sniff.h"
#include "mod/learning/kinds.h"

const struct param material_show_params[] = {
    PARAM(struct material_form, id, PARAM_ID, .required = true), { 0 }
};
const struct param material_add_params[] = {
    PARAM(struct material_form, fichier, PARAM_FILE, .required = true), { 0 }
};

bool material_find(struct db *db, struct str id, struct learning_sql_materials *ret)
{
    int64_t number;
    return id_parse(id, &number) && learning_sql_material(db, number, ret);
}

struct str material_href(struct arena *a, const struct learning_sql_materials *m)
{
    return arena_printf(a, "/supports/%.*s", STR(id_lower(a, m->id)));
}

void material_list_get(struct request *r)
{
    struct learning_sql_materials *rows;
    size_t n = learning_sql_materials(r->db, MATERIALS_SHOWN, &rows);
    learning_materials(http_page(r), rows, n);
}

/* What browsers may show by themselves; the rest is handed over as a file. HTML runs in a frame that is closed off from
 * the site by its own policy, also when somebody opens its address directly. */
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

void material_show_get(struct request *r)
{
    const struct material_form *f = r->form;
    struct learning_sql_materials m;
    if (!learning_sql_material(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_header_set(r, "Content-Security-Policy",
                    str_is(m.type, "text/html")
                        ? S("sandbox allow-scripts; default-src 'none'; script-src "
                            "'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
                            "media-src data: blob:; frame-ancestors 'self'")
                        : S("sandbox; default-src 'none'; style-src 'unsafe-inline'"));
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "%s; filename=\"%.*s\"",
                                 shows(m.type) ? "inline" : "attachment",
                                 STR(plain_name(r->arena, m.name))));
    http_file(r,
              arena_printf(r->arena, "blobs/%.2s/%.2s/%.*s", m.blob.p, m.blob.p + 2, STR(m.blob)),
              arena_cstr(r->arena, shows(m.type) ? m.type : S("application/octet-stream")), true);
}

/* On a worker: looks at the bytes and stores them. */
void material_add_prepare(struct request *r)
{
    const struct material_form *f = r->form;
    struct material_new *new = r->state = arena_new(r->arena, struct material_new);
    if (f->fichier.data.n == 0) {
        http_invalid(r, "fichier", R_(N_("This file is empty.")));
        return;
    }
    enum blob_result stored = blob_put(media_blobs(), r->arena, f->fichier.data, &new->blob);
    if (stored != BLOB_OK) {
        http_fail(r, stored == BLOB_FULL ? 507 : 500, STR_NONE);
        return;
    }
    new->type = sniff_type(r->arena, blob_local_path(media_blobs(), r->arena, new->blob));
}

void material_add_apply(struct request *r)
{
    const struct material_form *f = r->form;
    const struct material_new *new = r->state;
    struct str name = str_sub(str_trim(f->fichier.name), 0, 120);
    while (name.n && !utf8_valid(name))
        name.n--;
    learning_sql_add_material(r->db, id_new(), new->blob, name.n ? name : S("fichier"), new->type,
                              (int64_t)f->fichier.data.n, r->who.person_id, r->now);
    http_redirect(r, S("/gestion/supports"), "support-ajoute");
}

static bool needs(struct db *db, struct str blob)
{
    struct learning_sql_needs_blob m;
    return learning_sql_needs_blob(db, blob, &m);
}

void material_start(void)
{
    media_keep(needs);
}
