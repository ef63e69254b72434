/* Watching: the page of a video, its text, its files. */
#include "base/id.h"
#include "base/time.h"
#include "media/transcode.h"
#include "mod/tv/library.h"
#include "tv_html.h"

const struct param tv_watch_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_watch_form, liste, PARAM_TEXT, .max = 40),
    PARAM(struct tv_watch_form, debut, PARAM_INT, .max = 86400),
    { 0 },
};
const struct param tv_link_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_watch_form, cle, PARAM_TEXT, .required = true, .max = 40),
    { 0 },
};
const struct param tv_track_params[] = {
    PARAM(struct tv_watch_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct tv_watch_form, fichier, PARAM_TEXT, .required = true, .max = 16),
    { 0 },
};
const struct param tv_media_params[] = { PARAM(struct tv_media_form, path, PARAM_PATH), { 0 } };

/* --- one video ------------------------------------------------------------------------------------------------------------ */

enum tv_sight tv_look(struct request *r, struct str slug, struct str key, struct tv_opened *ret)
{
    *ret = (struct tv_opened){ 0 };
    if (!tv_sql_video_by_slug(r->db, slug, &ret->video)) return TV_HIDDEN;
    const struct tv_rule rule = tv_rule_of(&ret->video);
    bool right = key.n && tv_link_opens(r->arena, ret->video.id, ret->video.link_turn, key);
    tv_viewer(r, &ret->who);
    if (right) ret->href = arena_printf(r->arena, "/tv/%.*s/lien/%.*s", STR(slug), STR(key));
    /* a link that was made anew, or that is no longer the way in, leads nowhere */
    return key.n && !right ? TV_HIDDEN : tv_sight(r->arena, &rule, &ret->who, right);
}

bool tv_watch_rule(struct request *r)
{
    const struct tv_watch_form *f = r->form;
    struct tv_opened *o = r->state = arena_new(r->arena, struct tv_opened);
    enum tv_sight sight = tv_look(r, f->slug, f->cle, o);
    if (sight == TV_HIDDEN) http_fail(r, 404, STR_NONE);
    if (sight == TV_NOT_THEIRS)
        http_fail(r, 403, R_(N_("This video is for another group of people.")));
    return sight == TV_SEEN;
}

static void open_video(struct request *r, struct tv_video *ret)
{
    const struct tv_opened *o = r->state;
    tv_open(r, &o->video, o->href, o->who.staff, ret);
    /* whoever has the link may come; search engines need not */
    if (!str_is(o->video.audience, "public")) http_header_set(r, "X-Robots-Tag", S("noindex"));
}

/* The next of its series is the first that its end offers. */
static void lead_on(struct request *r, const struct tv_place *place, struct tv_video *v)
{
    if (place->at + 1 >= place->episode_count) return;
    const struct tv_video *next = &place->episodes[place->at + 1];
    struct tv_end *ends = arena_array(r->arena, struct tv_end, v->end_count + 1);
    size_t n = 0;
    ends[n++] = (struct tv_end){ S("next"), next->title, next->href, false };
    for (size_t i = 0; i < v->end_count; i++)
        if (!str_eq(v->ends[i].href, next->href)) ends[n++] = v->ends[i];
    v->ends = ends;
    v->end_count = n;
}

void tv_watch_get(struct request *r)
{
    const struct tv_opened *o = r->state;
    const struct tv_watch_form *f = r->form;
    struct tv_video video, *others;
    struct tv_place place;
    open_video(r, &video);
    video.apart = true;
    video.list = f->liste;
    video.start_ms = f->debut * SECOND_MS;
    tv_place_of(r, &o->who, &o->video, &place);
    if (!f->liste.n) lead_on(r, &place, &video);
    size_t n = tv_some(r, &o->who, 5, 0, &others);
    const struct tv_words words = {
        o->video.description,
        tv_summary(r->arena, o->video.description.n ? o->video.description : o->video.title),
        http_public_url(r)
    };
    tv_watch(http_page(r), r, &video, &words, &place, others, n);
}

void tv_text_get(struct request *r)
{
    struct tv_video video;
    open_video(r, &video);
    if (video.line_count == 0) {
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

/* --- what feeds point to: nothing expires in a reader's list ------------------------------------------------------------------ */

static void go_to_file(struct request *r, const char *name)
{
    const struct tv_opened *o = r->state;
    const struct tv_grant grant = { o->video.id, o->video.edition, o->video.media_turn,
                                    o->who.staff ? DB_NULL : o->video.closes_at };
    struct str folder = tv_address(r->arena, &grant, r->now);
    http_redirect(r, arena_printf(r->arena, "%.*s/%s", STR(folder), name), NULL);
}

void tv_file_get(struct request *r)
{
    go_to_file(r, "video.mp4");
}

void tv_poster_get(struct request *r)
{
    go_to_file(r, "poster-large.webp");
}

void tv_track_get(struct request *r)
{
    const struct tv_opened *o = r->state;
    const struct tv_watch_form *f = r->form;
    struct tv_sql_text text;
    struct str lang = str_sub(f->fichier, 0, f->fichier.n > 4 ? f->fichier.n - 4 : 0);
    if (!str_ends(f->fichier, S(".vtt")) || !tv_sql_text(r->db, o->video.id, lang, &text)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_bytes(r, 200, "text/vtt; charset=utf-8", text.vtt);
}

/* As the podcast namespace wants them. */
void tv_chapters_get(struct request *r)
{
    const struct tv_opened *o = r->state;
    struct tv_sql_chapters *rows;
    size_t n = tv_sql_chapters(r->db, o->video.id, &rows);
    json_t *chapters = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(chapters,
                              json_pack("{s:f, s:s%}", "startTime", (double)rows[i].start_ms / 1000,
                                        "title", rows[i].title.p, rows[i].title.n));
    json_t *all = json_pack("{s:s, s:o}", "version", "1.2.0", "chapters", chapters);
    char *text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(10));
    if (!text) abort(); /* no memory */
    http_bytes(r, 200, "application/json+chapters", arena_dup(r->arena, str_from(text)));
    free(text);
    json_decref(all);
}

/* --- its files -------------------------------------------------------------------------------------------------------------- */

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

/* <token>/<folder>/<file>: no session and no query, the token says that somebody may. */
void tv_media_get(struct request *r)
{
    const struct tv_media_form *f = r->form;
    struct str rest = f->path, token = str_cut(&rest, '/'), path = rest, name = str_cut(&rest, '/');
    int64_t id, edition, turn;
    if (!parse_folder(name, &id, &edition) || !tv_address_read(token, id, edition, r->now, &turn) ||
        !tv_turn_counts(http_database(r), r->arena, id, turn)) {
        http_fail(r, 403, R_(N_("This address is over. Open the video's page again.")));
        return;
    }
    const char *type = media_file_type(rest);
    if (!type) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    /* posters and playlists change at their address: asked about anew, and answered with 304 */
    http_file(r, arena_printf(r->arena, "hls/%.*s", STR(path)), type, false);
}
