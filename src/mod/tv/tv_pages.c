/* Watching: list, page, files. */
#include "base/id.h"
#include "media/transcode.h"
#include "mod/tv/pages.h"
#include "tv_html.h"

const struct param tv_list_params[] = {
    PARAM(struct tv_list_form, page, PARAM_INT, .min = 1, .max = 10000), { 0 }
};
const struct param tv_watch_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true), { 0 }
};
const struct param tv_media_params[] = { PARAM(struct tv_media_form, path, PARAM_PATH), { 0 } };
const struct param tv_text_params[] = {
    PARAM(struct tv_text_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_text_form, langue, PARAM_SLUG, .max = 8),
    { 0 },
};

void tv_list_get(struct request *r)
{
    const struct tv_list_form *f = r->form;
    int64_t page = f->page ? f->page : 1;
    struct tv_sql_count_public count;
    struct tv_video *videos;
    tv_sql_count_public(r->db, &count);
    size_t n = tv_some(r->db, TV_PAGE, (page - 1) * TV_PAGE, &videos);
    tv_list(http_page(r), videos, n, page, (count.n + TV_PAGE - 1) / TV_PAGE);
}

void tv_watch_get(struct request *r)
{
    const struct tv_watch_form *f = r->form;
    struct tv_video video, *others;
    struct tv_sql_video_by_slug v;
    if (!tv_load(r->db, f->slug, &video) || !tv_sql_video_by_slug(r->db, f->slug, &v)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    size_t n = tv_newest(r->db, 5, &others);
    tv_watch(http_page(r), &video, v.description, others, n);
}

void tv_text_get(struct request *r)
{
    const struct tv_text_form *f = r->form;
    struct tv_video video;
    if (!tv_load(r->db, f->slug, &video) || video.line_count == 0) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct buf b = BUF_INIT(LIMIT_PAGE);
    struct page pg = { .out = &b, .arena = r->arena, .lang = r->lang };
    buf_printf(&b, "%.*s\n\n", STR(video.title));
    for (size_t i = 0; i < video.line_count; i++)
        buf_printf(&b, "[%.*s] %.*s\n", STR(clock_text(&pg, video.lines[i].start_ms)),
                   STR(video.lines[i].text));
    http_bytes(r, 200, "text/plain; charset=utf-8", buf_view(&b));
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"%.*s.txt\"", STR(video.slug)));
    buf_finish(&b);
}

/* "<id>" or "<id>-<edition>" */
static bool parse_folder(struct str name, int64_t *ret_id, int64_t *ret_edition)
{
    struct str number = name, id = str_cut(&number, '-');
    *ret_edition = 0;
    if (id.n < name.n &&
        (!str_to_int(number, ret_edition) || *ret_edition < 1 || number.p[0] == '0'))
        return false;
    return id_parse(id, ret_id);
}

/* hls/<folder>/<file>: the folder must be one of a public video, the file one that such a folder holds. */
void tv_media_get(struct request *r)
{
    const struct tv_media_form *f = r->form;
    struct str rest = f->path, name = str_cut(&rest, '/');
    struct tv_sql_has_edition known;
    int64_t id, edition;
    const char *type = media_file_type(rest);
    if (!type || !parse_folder(name, &id, &edition) ||
        !tv_sql_has_edition(r->db, id, edition, &known)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    /* posters and playlists change at their address: asked about anew, and answered with 304 */
    http_file(r, arena_printf(r->arena, "hls/%.*s", STR(f->path)), type, false);
}
