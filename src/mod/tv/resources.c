/* What goes with a moment of a video: links and files. The module quiz, once there is one, adds a kind of its own. */
#include "access/audit.h"
#include "base/id.h"
#include "html_html.h"
#include "media/give.h"
#include "media/media.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

enum { SHOWN_MS = 15 * 1000, TITLE_MOST = 140, ADDRESS_MOST = 500 };

#define FORM struct tv_resource_form
#define TIMES                                                                                      \
    PARAM(FORM, titre, PARAM_TEXT, .required = true, .max = TITLE_MOST),                           \
        PARAM(FORM, debut, PARAM_TEXT, .required = true, .max = 20),                               \
        PARAM(FORM, fin, PARAM_TEXT, .max = 20),                                                   \
        PARAM(FORM, adresse, PARAM_TEXT, .max = ADDRESS_MOST)
const struct param tv_resource_add_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    TIMES,
    PARAM(FORM, fichier, PARAM_FILE),
    { 0 },
};
const struct param tv_resource_edit_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, ressource, PARAM_ID, .required = true),
    TIMES,
    { 0 },
};
const struct param tv_resource_id_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, ressource, PARAM_ID, .required = true),
    { 0 },
};
#undef FORM
const struct param tv_resource_show_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_watch_form, ressource, PARAM_ID, .required = true),
    { 0 },
};
const struct param tv_resource_signed_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_watch_form, ressource, PARAM_ID, .required = true),
    PARAM(struct tv_watch_form, jeton, PARAM_TEXT, .required = true, .max = 120),
    { 0 },
};

/* --- for viewers ---------------------------------------------------------------------------------------------------------------- */

/* "/media/v/<token>/<folder>" */
static struct str token_of(struct str folder)
{
    struct str start = S("/media/v/"), rest = str_sub(folder, start.n, folder.n);
    return str_cut(&rest, '/');
}

/* "https://www.ecole.be/page" → "www.ecole.be" */
static struct str site_of(struct str address)
{
    size_t at = str_search(address, S("://"));
    if (at == address.n) return STR_NONE;
    struct str rest = str_sub(address, at + 3, address.n);
    return str_cut(&rest, '/');
}

size_t tv_resources_of(struct request *r, const struct tv_video *v, struct tv_resource **ret)
{
    struct tv_sql_resources *rows;
    struct arena *a = r->arena;
    size_t n = tv_sql_resources(r->db, v->id, &rows);
    *ret = arena_array(a, struct tv_resource, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool file = rows[i].blob.p != NULL;
        /* signed like the video itself: also where a training or another site shows it */
        struct str href = file
                              ? arena_printf(a, "/tv/%.*s/ressources/%.*s/%.*s", STR(v->slug),
                                             STR(id_lower(a, rows[i].id)), STR(token_of(v->folder)))
                              : rows[i].address;
        (*ret)[i] = (struct tv_resource){ .id = rows[i].id,
                                          .from_ms = rows[i].from_ms,
                                          .to_ms = rows[i].to_ms,
                                          .title = rows[i].title,
                                          .href = href,
                                          .site = file ? STR_NONE : site_of(rows[i].address),
                                          .size = file ? rows[i].size : 0 };
    }
    return n;
}

bool tv_resource_rule(struct request *r)
{
    const struct tv_watch_form *f = r->form;
    struct tv_sql_video_by_slug v;
    int64_t turn;
    if (f->jeton.n && tv_sql_video_by_slug(r->db, f->slug, &v) &&
        tv_address_read(f->jeton, v.id, v.edition, r->now, &turn) && turn >= v.media_turn)
        return true;
    return tv_watch_rule(r);
}

void tv_resource_show_get(struct request *r)
{
    const struct tv_watch_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_resources row;
    if (!tv_sql_video_by_slug(r->db, f->slug, &v) ||
        !tv_sql_resource(r->db, v.id, f->ressource, &row) || !row.blob.p) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_header_set(r, "X-Robots-Tag", S("noindex"));
    give_file(r, &(const struct given_file){ row.blob, row.name, row.type }, false);
}

/* --- the studio ------------------------------------------------------------------------------------------------------------------- */

static void show(struct request *r, const struct tv_sql_video_by_slug *v,
                 const struct tv_resource_form *f, const struct tv_sql_resources *edited)
{
    struct tv_resources_page p = { .form = f, .editing = edited != NULL };
    p.file = edited && edited->blob.p;
    tv_open_to_edit(r, v, true, &p.video);
    tv_resources_edit(http_page(r), v, str_is(v->state, "ready"), &p);
}

void tv_resources_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (tv_studio_find(r, &v)) show(r, &v, r->form, NULL);
}

/* Every form of one of them begins with both ids. */
static bool find(struct request *r, struct tv_sql_video_by_slug *v, struct tv_sql_resources *ret)
{
    const struct tv_resource_form *f = r->form;
    if (!tv_studio_find(r, v)) return false;
    if (tv_sql_resource(r->db, v->id, f->ressource, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void tv_resource_edit_get(struct request *r)
{
    struct tv_resource_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_resources row;
    if (!find(r, &v, &row)) return;
    if (r->error_count == 0) {
        f->titre = row.title;
        f->debut = moment_text(r->arena, row.from_ms);
        f->fin = moment_text(r->arena, row.to_ms);
        f->adresse = row.address;
    }
    show(r, &v, f, &row);
}

static bool read_times(struct request *r, const struct tv_resource_form *f, int64_t duration,
                       int64_t *from, int64_t *to)
{
    const char *wrong = N_("A time is expected here, such as 1:30.");
    if (!moment_read(f->debut, from)) http_invalid(r, "debut", R_(wrong));
    else if (duration > 0 && *from >= duration)
        http_invalid(r, "debut", R_(N_("It begins after the end of the video.")));
    if (!f->fin.n) *to = *from + SHOWN_MS;
    else if (!moment_read(f->fin, to)) http_invalid(r, "fin", R_(wrong));
    else if (*to <= *from) http_invalid(r, "fin", R_(N_("It ends before it begins.")));
    if (duration > 0 && *to > duration) *to = duration;
    return http_ok(r) && r->error_count == 0;
}

static bool read_address(struct request *r, struct str address)
{
    if (address.n && !str_is(url(address).s, "#")) return true;
    http_invalid(r, "adresse",
                 R_(N_("An address begins with https:// or with / for a page of this site.")));
    return false;
}

static void back(struct request *r, int64_t id, const char *notice)
{
    struct str at =
        arena_printf(r->arena, "/gestion/videos/%.*s/ressources", STR(id_lower(r->arena, id)));
    http_redirect(r, at, notice);
}

static json_t *words_of(struct str title, int64_t from)
{
    return json_pack("{s:s%, s:I}", "title", title.p, title.n, "from_ms", (json_int_t)from);
}

/* On a worker: stores the file, when one was chosen. */
void tv_resource_add_prepare(struct request *r)
{
    const struct tv_resource_form *f = r->form;
    struct taken_file *file = r->state = arena_new(r->arena, struct taken_file);
    if (f->fichier.data.n) take_file(r, "fichier", &f->fichier, file);
}

void tv_resource_add_apply(struct request *r)
{
    const struct tv_resource_form *f = r->form;
    const struct taken_file *file = r->state;
    struct tv_sql_video_by_slug v;
    struct tv_sql_resources *others;
    int64_t from, to;
    bool given = file->blob.p != NULL;
    if (!tv_studio_find(r, &v) || !read_times(r, f, v.duration_ms, &from, &to)) return;
    if (!given && !f->adresse.n) {
        http_invalid(r, "adresse", R_(N_("Give an address, or choose a file.")));
        return;
    }
    if (given && f->adresse.n) {
        http_invalid(r, "adresse", R_(N_("Either an address or a file, not both.")));
        return;
    }
    if (!given && !read_address(r, f->adresse)) return;
    if (tv_sql_resources(r->db, v.id, &others) >= TV_RESOURCES_MOST) {
        http_invalid(r, NULL, R_(N_("This video has a hundred of them already.")));
        return;
    }
    tv_sql_add_resource(r->db,
                        &(struct tv_sql_add_resource_in){ .id = id_new(),
                                                          .video = v.id,
                                                          .from = from,
                                                          .to = to,
                                                          .kind = given ? S("file") : S("link"),
                                                          .title = f->titre,
                                                          .address = given ? S("") : f->adresse,
                                                          .blob = given ? file->blob : STR_NONE,
                                                          .name = given ? file->name : S(""),
                                                          .type = given ? file->type : S(""),
                                                          .size = file->size });
    audit_write(r, "video.resource", "video", v.id, NULL, words_of(f->titre, from));
    back(r, v.id, "ressource-notee");
}

void tv_resource_edit_apply(struct request *r)
{
    const struct tv_resource_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_resources row;
    int64_t from, to;
    if (!find(r, &v, &row) || !read_times(r, f, v.duration_ms, &from, &to)) return;
    if (!row.blob.p && !read_address(r, f->adresse)) return;
    tv_sql_set_resource(r->db, row.id, from, to, f->titre, row.blob.p ? S("") : f->adresse);
    audit_write(r, "video.resource", "video", v.id, words_of(row.title, row.from_ms),
                words_of(f->titre, from));
    back(r, v.id, "ressource-notee");
}

void tv_resource_drop_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_resources row;
    if (!find(r, &v, &row)) return;
    tv_sql_drop_resource(r->db, row.id);
    if (row.blob.p) media_let_go(r->db, row.blob);
    audit_write(r, "video.resource", "video", v.id, words_of(row.title, row.from_ms), NULL);
    back(r, v.id, "ressource-retiree");
}
