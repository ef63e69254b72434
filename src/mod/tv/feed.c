/* For machines that know how to watch: the podcast feed of a channel, the video sitemap, oEmbed, and the addresses they use, which
 * stay the same while signed ones expire. Only what is public stands in feeds and sitemaps. */
#include <sys/stat.h>

#include "base/id.h"
#include "base/time.h"
#include "media/file.h"
#include "media/media.h"
#include "mod/tv/library.h"

enum { FEED_ITEMS = 50, SITEMAP_URLS = 1000 };
static const struct str everybody = { ",public:0,", sizeof(",public:0,") - 1 };

const struct param tv_sitemap_params[] = {
    PARAM(struct tv_sitemap_form, page, PARAM_INT, .required = true, .min = 1, .max = 50000), { 0 }
};
const struct param tv_oembed_params[] = {
    PARAM(struct tv_oembed_form, url, PARAM_TEXT, .required = true, .max = 300),
    PARAM(struct tv_oembed_form, format, PARAM_SLUG, .max = 8),
    PARAM(struct tv_oembed_form, maxwidth, PARAM_INT, .min = 1, .max = 100000),
    PARAM(struct tv_oembed_form, maxheight, PARAM_INT, .min = 1, .max = 100000),
    { 0 },
};

/* Below the least the player's buttons have no room. */
enum { FRAME_WIDTH = 960, FRAME_LEAST = 240, POSTER_WIDTH = 1280, POSTER_HEIGHT = 720 };

/* --- XML: what is escaped for pages is escaped for it ----------------------------------------------------------------------- */

static void open_tag(struct page *pg, const char *name)
{
    buf_printf(pg->out, "<%s>", name);
}

static void put_tag(struct page *pg, const char *name, struct str text)
{
    open_tag(pg, name);
    page_put_text(pg, text);
    buf_printf(pg->out, "</%s>\n", name);
}

static void put_number(struct page *pg, const char *name, int64_t number)
{
    put_tag(pg, name, arena_int(pg->arena, number, 1));
}

static struct str http_date(struct arena *a, int64_t ms)
{
    char text[TIME_HTTP + 1];
    time_http(ms, text);
    return arena_dup(a, str_from(text));
}

static struct str full_date(struct arena *a, int64_t ms)
{
    char text[TIME_RFC3339 + 1];
    time_rfc3339(ms, text);
    return arena_dup(a, str_from(text));
}

static struct str address(struct page *pg, struct str base, struct str slug, const char *what)
{
    return arena_printf(pg->arena, "%.*s/tv/%.*s%s", STR(base), STR(slug), what);
}

static int64_t shown_at(const struct tv_sql_video_by_slug *v)
{
    return v->opens_at != DB_NULL ? v->opens_at : v->published_at;
}

static void answer_xml(struct request *r, const char *type, struct buf *b)
{
    http_bytes(r, 200, type, buf_view(b));
    buf_finish(b);
}

/* --- the feed of a channel ---------------------------------------------------------------------------------------------------- */

static int64_t mp4_size(struct arena *a, const struct tv_sql_video_by_slug *v)
{
    struct stat st;
    struct str folder = file_join(a, media_hls_folder(), tv_folder_name(a, v->id, v->edition));
    return stat(file_join(a, folder, S("video.mp4")).p, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void put_link(struct page *pg, const char *name, struct str href, const char *attributes)
{
    buf_printf(pg->out, "<%s url=\"", name);
    page_put_text(pg, href);
    buf_printf(pg->out, "\" %s/>\n", attributes);
}

static void put_image(struct page *pg, struct str base, const struct tv_sql_video_by_slug *v)
{
    buf_lit(pg->out, "<itunes:image href=\"");
    page_put_text(pg, address(pg, base, v->slug, "/affiche"));
    buf_lit(pg->out, "\"/>\n");
}

static void put_item(struct page *pg, struct str base, const struct tv_sql_video_by_slug *v)
{
    struct arena *a = pg->arena;
    buf_lit(pg->out, "<item>\n");
    put_tag(pg, "title", v->title);
    put_tag(pg, "link", address(pg, base, v->slug, ""));
    buf_lit(pg->out, "<guid isPermaLink=\"false\">");
    page_put_text(pg, id_lower(a, v->id));
    buf_lit(pg->out, "</guid>\n");
    put_tag(pg, "pubDate", http_date(a, shown_at(v)));
    put_tag(pg, "description", html_markdown(a, v->description, 3).s);
    if (v->speaker.n) put_tag(pg, "itunes:author", v->speaker);
    put_number(pg, "itunes:duration", v->duration_ms / 1000);
    put_tag(pg, "itunes:explicit", S("false"));
    put_image(pg, base, v);
    put_link(pg, "enclosure", address(pg, base, v->slug, "/fichier"),
             arena_printf(a, "length=\"%lld\" type=\"video/mp4\"", (long long)mp4_size(a, v)).p);
}

/* What accompanies one video: the rows of all of them come in the order of ids. */
static void put_beside(struct page *pg, struct str base, const struct tv_sql_video_by_slug *v,
                       const struct tv_sql_channel_extras *extras, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (extras[i].video_id != v->id) continue;
        if (extras[i].lang.n) /* one of our codes: letters only */
            put_link(pg, "podcast:transcript",
                     address(pg, base, v->slug,
                             arena_printf(pg->arena, "/texte/%.*s.vtt", STR(extras[i].lang)).p),
                     arena_printf(pg->arena, "type=\"text/vtt\" language=\"%.*s\" rel=\"captions\"",
                                  STR(extras[i].lang))
                         .p);
        else
            put_link(pg, "podcast:chapters", address(pg, base, v->slug, "/chapitres.json"),
                     "type=\"application/json+chapters\"");
    }
}

static void put_channel(struct page *pg, struct str base, const struct tv_sql_channels *c)
{
    struct str self = arena_printf(pg->arena, "%.*s/tv/chaines/%.*s", STR(base), STR(c->slug));
    buf_lit(pg->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
                     "xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                     "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" "
                     "xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">\n<channel>\n");
    put_tag(pg, "title", c->name);
    put_tag(pg, "link", self);
    put_tag(pg, "description", html_markdown(pg->arena, c->description, 3).s);
    put_tag(pg, "language", c->lang);
    put_tag(pg, "itunes:author", S("eduLAB"));
    put_tag(pg, "itunes:explicit", S("false"));
    put_tag(pg, "podcast:medium", S("video"));
    buf_lit(pg->out, "<itunes:category text=\"Education\"/>\n<atom:link rel=\"self\" "
                     "type=\"application/rss+xml\" href=\"");
    page_put_text(pg, arena_join(pg->arena, self, S("/flux")));
    buf_lit(pg->out, "\"/>\n");
}

void tv_feed_get(struct request *r)
{
    const struct tv_channel_form *f = r->form;
    struct tv_sql_channels c;
    struct tv_sql_video_by_slug *rows;
    struct tv_sql_channel_extras *extras;
    struct buf b = BUF_INIT(LIMIT_PAGE);
    struct page pg = { .out = &b, .arena = r->arena, .lang = r->lang };
    if (!tv_sql_channel_by_slug(r->db, f->slug, &c)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    size_t n = tv_sql_in_channel(r->db, c.id, everybody, r->now, FEED_ITEMS, 0, &rows);
    size_t m = tv_sql_channel_extras(r->db, c.id, &extras);
    put_channel(&pg, http_public_url(r), &c);
    if (n) put_image(&pg, http_public_url(r), &rows[0]); /* the newest stands for all */
    for (size_t i = 0; i < n; i++) {
        put_item(&pg, http_public_url(r), &rows[i]);
        put_beside(&pg, http_public_url(r), &rows[i], extras, m);
        buf_lit(&b, "</item>\n");
    }
    buf_lit(&b, "</channel>\n</rss>\n");
    answer_xml(r, "application/rss+xml; charset=utf-8", &b);
}

/* --- the sitemap of videos ------------------------------------------------------------------------------------------------------ */

void tv_sitemaps_get(struct request *r)
{
    struct tv_sql_count_sitemap count = { 0 };
    struct buf b = BUF_INIT(LIMIT_PAGE);
    tv_sql_count_sitemap(r->db, r->now, &count);
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (int64_t i = 0; i * SITEMAP_URLS < count.n; i++)
        buf_printf(&b, "<sitemap><loc>%.*s/tv/plan/%lld</loc></sitemap>\n", STR(http_public_url(r)),
                   (long long)i + 1);
    buf_lit(&b, "</sitemapindex>\n");
    answer_xml(r, "application/xml; charset=utf-8", &b);
}

static void put_url(struct page *pg, struct str base, const struct tv_sql_video_by_slug *v)
{
    struct arena *a = pg->arena;
    open_tag(pg, "url");
    put_tag(pg, "loc", address(pg, base, v->slug, ""));
    open_tag(pg, "video:video");
    put_tag(pg, "video:thumbnail_loc", address(pg, base, v->slug, "/affiche"));
    put_tag(pg, "video:title", v->title);
    put_tag(pg, "video:description", tv_summary(a, v->description.n ? v->description : v->title));
    put_tag(pg, "video:content_loc", address(pg, base, v->slug, "/fichier"));
    put_number(pg, "video:duration", v->duration_ms < 1000 ? 1 : v->duration_ms / 1000);
    put_tag(pg, "video:publication_date", full_date(a, shown_at(v)));
    if (v->closes_at != DB_NULL) put_tag(pg, "video:expiration_date", full_date(a, v->closes_at));
    buf_lit(pg->out, "</video:video></url>\n");
}

void tv_sitemap_get(struct request *r)
{
    const struct tv_sitemap_form *f = r->form;
    struct tv_sql_video_by_slug *rows;
    struct buf b = BUF_INIT(LIMIT_PAGE);
    struct page pg = { .out = &b, .arena = r->arena, .lang = r->lang };
    size_t n = tv_sql_sitemap(r->db, r->now, SITEMAP_URLS, (f->page - 1) * SITEMAP_URLS, &rows);
    if (n == 0) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                "xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\">\n");
    for (size_t i = 0; i < n; i++)
        put_url(&pg, http_public_url(r), &rows[i]);
    buf_lit(&b, "</urlset>\n");
    answer_xml(r, "application/xml; charset=utf-8", &b);
}

/* --- oEmbed: a link with a picture --------------------------------------------------------------------------------------------- */

/* As wide and high as the site has room, where the player has room in it: 0, it has none. */
static int frame_width(const struct tv_oembed_form *f)
{
    int64_t width = FRAME_WIDTH;
    if (f->maxwidth && f->maxwidth < width) width = f->maxwidth;
    if (f->maxheight && (f->maxheight - TV_FRAME_BAR) * 16 / 9 < width)
        width = (f->maxheight - TV_FRAME_BAR) * 16 / 9;
    return width < FRAME_LEAST ? 0 : (int)width;
}

static void put_frame(json_t *card, struct arena *a, struct str base,
                      const struct tv_sql_video_by_slug *v, int width)
{
    struct str code = tv_embed_code(a, base, v->slug, v->title, 0, width);
    json_object_set_new(card, "html", json_stringn(code.p, code.n));
    json_object_set_new(card, "width", json_integer(width));
    json_object_set_new(card, "height", json_integer(width * 9 / 16 + TV_FRAME_BAR));
}

/* A picture that is larger than the room is not named. */
static void put_picture(json_t *card, const struct tv_oembed_form *f, struct str picture)
{
    if ((f->maxwidth && f->maxwidth < POSTER_WIDTH) ||
        (f->maxheight && f->maxheight < POSTER_HEIGHT))
        return;
    json_object_set_new(card, "thumbnail_url", json_stringn(picture.p, picture.n));
    json_object_set_new(card, "thumbnail_width", json_integer(POSTER_WIDTH));
    json_object_set_new(card, "thumbnail_height", json_integer(POSTER_HEIGHT));
}

static void answer_card(struct request *r, json_t *card, bool xml)
{
    const char *name;
    json_t *value;
    struct buf b = BUF_INIT(LIMIT_PAGE);
    struct page pg = { .out = &b, .arena = r->arena, .lang = r->lang };
    if (!xml) {
        http_json(r, 200, card);
        return;
    }
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<oembed>\n");
    json_object_foreach(card, name, value)
    {
        if (json_is_integer(value)) put_number(&pg, name, json_integer_value(value));
        else
            put_tag(&pg, name, (struct str){ json_string_value(value), json_string_length(value) });
    }
    buf_lit(&b, "</oembed>\n");
    json_decref(card);
    answer_xml(r, "text/xml; charset=utf-8", &b);
}

void tv_oembed_get(struct request *r)
{
    const struct tv_oembed_form *f = r->form;
    struct arena *a = r->arena;
    struct str base = http_public_url(r), prefix = arena_join(a, base, S("/tv/")), slug = STR_NONE;
    struct tv_sql_video_by_slug v;
    bool xml = str_is(f->format, "xml");
    if (f->format.n && !xml && !str_is(f->format, "json")) {
        http_fail(r, 501, STR_NONE);
        return;
    }
    if (str_starts(f->url, prefix)) {
        struct str rest = str_sub(f->url, prefix.n, f->url.n);
        slug = str_cut(&rest, '#');
        rest = slug;
        slug = str_cut(&rest, '?');
    }
    const struct tv_viewer stranger = { .circles = everybody, .now = r->now };
    bool found = slug.n && tv_sql_video_by_slug(r->db, slug, &v);
    const struct tv_rule rule = found ? tv_rule_of(&v) : (struct tv_rule){ 0 };
    if (!found || tv_sight(a, &rule, &stranger, false) != TV_SEEN) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct str picture = arena_printf(a, "%.*s%.*s/affiche", STR(prefix), STR(v.slug));
    int width = tv_framed_by(r->db, a, v.id).n > 0 ? frame_width(f) : 0;
    json_t *card = json_pack("{s:s, s:s, s:s%, s:s, s:s%}", "version", "1.0", "type",
                             width ? "video" : "link", "title", v.title.p, v.title.n,
                             "provider_name", "eduLAB TV", "provider_url", base.p, base.n);
    if (v.speaker.n)
        json_object_set_new(card, "author_name", json_stringn(v.speaker.p, v.speaker.n));
    put_picture(card, f, picture);
    if (width) put_frame(card, a, base, &v, width);
    answer_card(r, card, xml);
}

/* --- what a page says of its video ------------------------------------------------------------------------------------------------ */

/* What cmark writes for the four characters that mean something in markup; returns the bytes read. */
static size_t put_character(struct buf *b, struct str html)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' } };
    for (size_t i = 0; i < COUNT(entities); i++)
        if (str_starts(html, str_from(entities[i].name))) {
            buf_putc(b, entities[i].c);
            return strlen(entities[i].name);
        }
    buf_putc(b, html.p[0] == '\n' ? ' ' : html.p[0]);
    return 1;
}

struct str tv_summary(struct arena *a, struct str markdown)
{
    enum { MOST = 300 };
    struct str html = html_markdown(a, markdown, 2).s;
    struct buf b = BUF_INIT(LIMIT_PAGE);
    for (size_t i = 0; i < html.n;) {
        if (html.p[i] == '<') i += str_find(str_sub(html, i, html.n), '>') + 1;
        else i += put_character(&b, str_sub(html, i, html.n));
    }
    struct str text = str_trim(arena_dup(a, buf_view(&b)));
    buf_finish(&b);
    if (text.n <= MOST) return text;
    size_t end = MOST;
    while (end > 0 && text.p[end] != ' ')
        end--;
    return arena_join(a, str_sub(text, 0, end), S("…"));
}

void tv_json_free(void *value)
{
    json_decref(value);
}

json_t *tv_video_object(struct arena *a, struct str base, const struct tv_video *v,
                        struct str summary)
{
    struct str page = arena_printf(a, "%.*s%.*s", STR(base), STR(v->href));
    struct str picture = arena_join(a, page, S("/affiche")),
               file = arena_join(a, page, S("/fichier"));
    json_t *parts = json_array();
    for (size_t i = 0; i < v->chapter_count; i++) {
        const struct ui_chapter *c = &v->chapters[i];
        int64_t end = i + 1 < v->chapter_count ? c[1].start_ms : v->duration_ms;
        struct str at =
            arena_printf(a, "%.*s?debut=%lld", STR(page), (long long)(c->start_ms / 1000));
        json_array_append_new(parts, json_pack("{s:s, s:s%, s:I, s:I, s:s%}", "@type", "Clip",
                                               "name", c->title.p, c->title.n, "startOffset",
                                               (json_int_t)(c->start_ms / 1000), "endOffset",
                                               (json_int_t)(end / 1000), "url", at.p, at.n));
    }
    /* without chapters a search engine may lead to moments that it found itself */
    struct str seek = arena_join(a, page, S("?debut={seek_to_second_number}"));
    struct str day = full_date(a, v->published_at == DB_NULL ? 0 : v->published_at);
    struct str length = arena_printf(a, "PT%lldS", (long long)(v->duration_ms / 1000));
    json_t *object = json_pack("{s:s, s:s, s:s%, s:s%, s:s%, s:s%, s:s%, s:s%}", "@context",
                               "https://schema.org", "@type", "VideoObject", "name", v->title.p,
                               v->title.n, "description", summary.p, summary.n, "thumbnailUrl",
                               picture.p, picture.n, "contentUrl", file.p, file.n, "uploadDate",
                               day.p, day.n, "duration", length.p, length.n);
    if (v->chapter_count) json_object_set_new(object, "hasPart", parts);
    else {
        json_decref(parts);
        json_object_set_new(object, "potentialAction",
                            json_pack("{s:s, s:s%, s:s}", "@type", "SeekToAction", "target", seek.p,
                                      seek.n, "startOffset-input",
                                      "required name=seek_to_second_number"));
    }
    return object;
}
