/* A video in pages of other sites: a page with nothing but the player, which the sites that the team allowed may frame. Public videos
 * only; it asks for no session, so that who looks there is nobody to us. */
#include "access/audit.h"
#include "base/id.h"
#include "mod/tv/library.h"
#include "tv_html.h"

enum { HOSTS_MOST = 20, HOST_MOST = 100 };

#define FORM struct tv_embed_form
const struct param tv_embed_id_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    { 0 },
};
const struct param tv_embed_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, mode, PARAM_TEXT, .required = true, .max = 10),
    PARAM(FORM, hosts, PARAM_LONG, .max = 2000),
    { 0 },
};
#undef FORM

/* --- who may show it ---------------------------------------------------------------------------------------------------------- */

struct str tv_framed_by(struct db *db, struct arena *a, int64_t video_id)
{
    struct tv_sql_embed row;
    if (!tv_sql_embed(db, video_id, &row)) return STR_NONE;
    if (str_is(row.mode, "everyone")) return S("*");
    return str_is(row.mode, "hosts") && row.hosts.n ? arena_dup(a, row.hosts) : STR_NONE;
}

static bool letters(struct str s, const char *also)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && !(c && strchr(also, c))) return false;
    }
    return s.n > 0;
}

/* "ecole.be", "*.ecole.be", "localhost:8080": nothing else can stand there, so nothing can end or add to the header. */
bool tv_host_valid(struct str host)
{
    struct str port = host, name = str_cut(&port, ':');
    int64_t number;
    if (host.n > HOST_MOST) return false;
    if (name.n < host.n &&
        (!letters(port, "") || !str_to_int(port, &number) || number < 1 || number > 65535))
        return false;
    if (str_starts(name, S("*."))) name = str_sub(name, 2, name.n);
    bool edges = name.n && name.p[0] != '-' && name.p[0] != '.' && name.p[name.n - 1] != '-' &&
                 name.p[name.n - 1] != '.';
    return edges && letters(name, "-.") && str_search(name, S("..")) == name.n;
}

/* One a line, as people copy them: with or without https:// and a path. False: said beside the field. */
static bool read_hosts(struct request *r, struct str typed, struct str *ret)
{
    struct buf b = BUF_INIT(4096);
    size_t n = 0;
    bool fits = true;
    for (struct str rest = typed, line; fits && rest.n;) {
        line = str_trim(str_cut(&rest, '\n'));
        if (!line.n) continue;
        char *low = arena_cstr(r->arena, line);
        for (size_t i = 0; i < line.n; i++)
            if (low[i] >= 'A' && low[i] <= 'Z') low[i] = (char)(low[i] - 'A' + 'a');
        struct str host = { low, line.n };
        for (size_t k = 0; k < 2; k++) {
            struct str scheme = k ? S("http://") : S("https://");
            if (str_starts(host, scheme)) host = str_sub(host, scheme.n, host.n);
        }
        struct str path = host;
        host = str_cut(&path, '/');
        fits = ++n <= HOSTS_MOST && tv_host_valid(host);
        if (!fits)
            http_invalid(r, "hosts",
                         fmt_plain(r->arena,
                                   R_(N_("“{0}” is not the name of a site. One a line, such as "
                                         "ecole.be; at most 20.")),
                                   line));
        buf_printf(&b, "%s%.*s", n > 1 ? " " : "", STR(host));
    }
    *ret = arena_dup(r->arena, buf_view(&b));
    buf_finish(&b);
    return fits;
}

/* --- the page in the frame ------------------------------------------------------------------------------------------------------ */

void tv_frame_get(struct request *r)
{
    const struct tv_watch_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_video video;
    const struct tv_viewer stranger = { .circles = S(",public:0,"), .now = r->now };
    r->who = (struct who){ 0 }; /* nobody is asked who they are, also on a site of ours */
    bool found = tv_sql_video_by_slug(r->db, f->slug, &v);
    const struct tv_rule rule = found ? tv_rule_of(&v) : (struct tv_rule){ 0 };
    if (!found || tv_sight(r->arena, &rule, &stranger, false) != TV_SEEN) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct str sites = tv_framed_by(r->db, r->arena, v.id);
    if (!sites.n) {
        http_fail(r, 403, R_(N_("This video is watched on eduLAB TV only.")));
        return;
    }
    tv_open(r, &v, STR_NONE, false, &video);
    http_framed_by(r, sites);
    http_header_set(r, "X-Robots-Tag", S("noindex"));
    tv_frame(http_page(r), &video, http_public_url(r));
}

/* --- what a page of ours says of it --------------------------------------------------------------------------------------------- */

struct str tv_embed_code(struct arena *a, struct str base, struct str slug, struct str title,
                         int64_t start_s, int width)
{
    struct buf b = BUF_INIT(16 * KIB);
    struct page pg = { .out = &b, .arena = a };
    buf_printf(&b, "<iframe src=\"%.*s/tv/%.*s/lecteur", STR(base), STR(slug));
    if (start_s > 0) buf_printf(&b, "#t=%lld", (long long)start_s);
    buf_printf(&b, "\" width=\"%d\" height=\"%d\" title=\"", width, width * 9 / 16 + TV_FRAME_BAR);
    page_put_text(&pg, title);
    buf_lit(&b, "\" allow=\"fullscreen; picture-in-picture\" allowfullscreen loading=\"lazy\" "
                "style=\"border:0;max-width:100%\"></iframe>");
    struct str code = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return code;
}

void tv_embed_button(struct page *pg, struct request *r, const struct tv_video *v)
{
    const struct tv_watch_form *f = r->form;
    if (!str_is(v->audience, "public") || !v->open || !tv_framed_by(r->db, r->arena, v->id).n)
        return;
    tv_embed_offer(pg, v,
                   tv_embed_code(r->arena, http_public_url(r), v->slug, v->title, f->debut, 960),
                   f->debut);
}

/* --- the team ----------------------------------------------------------------------------------------------------------------------- */

static void show(struct request *r, bool channel, struct str title, const struct tv_embed_form *f)
{
    tv_embed_edit(http_page(r), channel, title, f);
}

/* As it was typed, or as it is. */
static void fill(struct request *r, bool known, const struct tv_sql_video_embed *row, bool channel,
                 struct tv_embed_form *ret)
{
    const struct tv_embed_form *typed = r->form;
    *ret = *typed;
    if (typed->mode.n) return;
    ret->mode = known ? row->mode : channel ? S("nobody") : S("channel");
    char *hosts = arena_cstr(r->arena, known ? row->hosts : S(""));
    for (char *p = hosts; *p; p++)
        if (*p == ' ') *p = '\n';
    ret->hosts = str_from(hosts);
}

void tv_embed_video_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_video_embed row;
    struct tv_embed_form f;
    if (!tv_studio_find(r, &v)) return;
    bool known = tv_sql_video_embed(r->db, v.id, &row);
    fill(r, known, &row, false, &f);
    show(r, false, v.title, &f);
}

void tv_embed_channel_get(struct request *r)
{
    const struct tv_embed_form *typed = r->form;
    struct tv_sql_channels c;
    struct tv_sql_video_embed row;
    struct tv_embed_form f;
    if (!tv_find_channel(r, typed->id, &c)) return;
    bool known = tv_sql_channel_embed(r->db, c.id, &row);
    fill(r, known, &row, true, &f);
    show(r, true, c.name, &f);
}

/* False: said beside the field. */
static bool read(struct request *r, bool channel, struct str *ret_hosts)
{
    const struct tv_embed_form *f = r->form;
    bool hosts = str_is(f->mode, "hosts");
    *ret_hosts = S("");
    if (!hosts && !str_is(f->mode, "nobody") && !str_is(f->mode, "everyone") &&
        (channel || !str_is(f->mode, "channel"))) {
        http_invalid(r, "mode", R_(N_("Choose one of these.")));
        return false;
    }
    if (!hosts) return true;
    if (!read_hosts(r, f->hosts, ret_hosts)) return false;
    if (ret_hosts->n) return true;
    http_invalid(r, "hosts", R_(N_("Name at least one site.")));
    return false;
}

static void tell(struct request *r, const char *kind, int64_t id, struct str mode, struct str hosts)
{
    audit_write(r, "video.embed", kind, id, NULL,
                json_pack("{s:s%, s:s%}", "mode", mode.p, mode.n, "hosts", hosts.p, hosts.n));
}

void tv_embed_video_apply(struct request *r)
{
    const struct tv_embed_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct str hosts;
    if (!tv_studio_find(r, &v) || !read(r, false, &hosts)) return;
    if (str_is(f->mode, "channel")) tv_sql_drop_video_embed(r->db, v.id);
    else tv_sql_set_video_embed(r->db, v.id, f->mode, hosts);
    tell(r, "video", v.id, f->mode, hosts);
    http_redirect(
        r,
        arena_printf(r->arena, "/gestion/videos/%.*s/integration", STR(id_lower(r->arena, v.id))),
        "integration-notee");
}

void tv_embed_channel_apply(struct request *r)
{
    const struct tv_embed_form *f = r->form;
    struct tv_sql_channels c;
    struct str hosts;
    if (!tv_find_channel(r, f->id, &c) || !read(r, true, &hosts)) return;
    tv_sql_set_channel_embed(r->db, c.id, f->mode, hosts);
    tell(r, "channel", c.id, f->mode, hosts);
    http_redirect(
        r,
        arena_printf(r->arena, "/gestion/chaines/%.*s/integration", STR(id_lower(r->arena, c.id))),
        "integration-notee");
}
