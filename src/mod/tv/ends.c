/* Where to go after a video: up to three cards, which the player shows at its end and the page lists below it. */
#include "access/audit.h"
#include "base/id.h"
#include "html_html.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

#define FORM struct tv_end_form
const struct param tv_end_add_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, adresse, PARAM_TEXT, .required = true, .max = 500),
    PARAM(FORM, titre, PARAM_TEXT, .max = 140),
    { 0 },
};
const struct param tv_end_id_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, place, PARAM_INT, .required = true, .min = 0, .max = 1000000),
    { 0 },
};
#undef FORM

/* What has an address of its own here, and a title of its own. */
static const struct {
    const char *kind, *path, *label;
} kinds[] = {
    { "channel", "/tv/chaines/", N_("Channel") },
    { "series", "/tv/series/", N_("A series") },
    { "video", "/tv/", N_("Video") },
    { "programme", "/formations/", N_("Training") },
    { "page", "/", N_("Page") },
    { "link", "https://", N_("Elsewhere") },
};
enum { OURS = 4 };

const char *tv_end_label(struct str kind)
{
    if (str_is(kind, "next")) return N_("Next episode");
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_is(kind, kinds[i].kind)) return kinds[i].label;
    return kinds[COUNT(kinds) - 1].label;
}

struct str tv_end_href(struct arena *a, const struct tv_sql_end_cards *card)
{
    for (size_t i = 0; i < OURS; i++)
        if (str_is(card->kind, kinds[i].kind))
            return arena_printf(a, "%s%.*s", kinds[i].path, STR(card->slug));
    return card->address;
}

/* --- for viewers ---------------------------------------------------------------------------------------------------------------- */

static bool among(const struct tv_video *videos, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (videos[i].id == id) return true;
    return false;
}

size_t tv_ends_of(struct request *r, int64_t video, struct tv_end **ret)
{
    struct tv_sql_end_cards *cards;
    struct tv_video *seen = NULL;
    int64_t ids[TV_ENDS_MOST];
    size_t n = tv_sql_end_cards(r->db, video, &cards), m = 0, count = 0;
    *ret = arena_array(r->arena, struct tv_end, n + 1);
    for (size_t i = 0; i < n; i++)
        if (str_is(cards[i].kind, "video") && m < TV_ENDS_MOST) ids[m++] = cards[i].target_id;
    m = m ? tv_some_of(r, ids, m, &seen) : 0;
    for (size_t i = 0; i < n; i++) {
        bool ours = cards[i].target_id != DB_NULL;
        /* what is no longer there, and what is not for this person, is not offered */
        if (ours && !cards[i].slug.n) continue;
        if (str_is(cards[i].kind, "video") && !among(seen, m, cards[i].target_id)) continue;
        (*ret)[count++] = (struct tv_end){ .kind = cards[i].kind,
                                           .title = cards[i].title,
                                           .href = tv_end_href(r->arena, &cards[i]),
                                           .outside = str_is(cards[i].kind, "link") };
    }
    return count;
}

/* --- the studio ------------------------------------------------------------------------------------------------------------------- */

static void offer(struct tv_ends_page *p, struct arena *a, const char *path, struct str slug,
                  struct str title, struct str what)
{
    struct str address = arena_printf(a, "%s%.*s", path, STR(slug));
    for (size_t i = 0; i < p->card_count; i++)
        if (str_eq(tv_end_href(a, &p->cards[i]), address)) return; /* chosen already */
    p->offers[p->offer_count++] = (struct ui_option){ address, title, what, false };
}

/* What comes to mind first: the next of the series, the series, the channel. */
static void offers_of(struct request *r, const struct tv_sql_video_by_slug *v,
                      struct tv_ends_page *p)
{
    struct tv_sql_all_episodes *episodes;
    struct tv_sql_series series;
    struct tv_sql_channels channel;
    p->offers = arena_array(r->arena, struct ui_option, 4);
    if (v->series_id != DB_NULL && tv_sql_series(r->db, v->series_id, &series)) {
        size_t n = tv_sql_all_episodes(r->db, v->series_id, &episodes);
        for (size_t i = 0; i + 1 < n; i++)
            if (episodes[i].id == v->id)
                offer(p, r->arena, "/tv/", episodes[i + 1].slug, episodes[i + 1].title,
                      R_(N_("The next of the series")));
        offer(p, r->arena, "/tv/series/", series.slug, series.title, R_(N_("The whole series")));
    }
    if (v->channel_id != DB_NULL && tv_sql_channel(r->db, v->channel_id, &channel))
        offer(p, r->arena, "/tv/chaines/", channel.slug, channel.name, R_(N_("The channel")));
}

void tv_ends_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_ends_page p = { .form = r->form };
    if (!tv_studio_find(r, &v)) return;
    p.card_count = tv_sql_end_cards(r->db, v.id, &p.cards);
    offers_of(r, &v, &p);
    tv_ends_edit(http_page(r), &v, &p);
}

static bool find_target(struct db *db, const char *kind, struct str slug, int64_t *ret)
{
    struct tv_sql_channels channel;
    struct tv_sql_series series;
    struct tv_sql_video_by_slug video;
    struct tv_sql_offered programme;
    struct str k = str_from(kind);
    if (str_is(k, "channel") && tv_sql_channel_by_slug(db, slug, &channel)) *ret = channel.id;
    else if (str_is(k, "series") && tv_sql_series_by_slug(db, slug, &series)) *ret = series.id;
    else if (str_is(k, "video") && tv_sql_video_by_slug(db, slug, &video) &&
             !str_is(video.state, "withdrawn"))
        *ret = video.id;
    else if (str_is(k, "programme") && tv_sql_offered(db, slug, &programme)) *ret = programme.id;
    else return false;
    return true;
}

struct chosen {
    struct str kind, address, title;
    int64_t target;
};

/* What an address of ours names; it stays a page, when it is none of those. */
static void read_ours(struct request *r, struct chosen *card)
{
    for (size_t i = 0; i < OURS; i++) {
        struct str start = str_from(kinds[i].path), query = card->address;
        struct str path = str_cut(&query, '?');
        if (!str_starts(path, start)) continue;
        struct str rest = str_sub(path, start.n, path.n), slug = str_cut(&rest, '/');
        if (!find_target(r->db, kinds[i].kind, slug, &card->target)) continue;
        card->kind = str_from(kinds[i].kind);
        card->address = card->title = S("");
        return;
    }
}

static void back(struct request *r, int64_t id, const char *notice)
{
    struct str at =
        arena_printf(r->arena, "/gestion/videos/%.*s/suite", STR(id_lower(r->arena, id)));
    http_redirect(r, at, notice);
}

void tv_end_add_apply(struct request *r)
{
    const struct tv_end_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_end_cards *cards;
    if (!tv_studio_find(r, &v)) return;
    size_t n = tv_sql_end_cards(r->db, v.id, &cards);
    struct str base = http_public_url(r), address = f->adresse;
    if (base.n && str_starts(address, base)) address = str_sub(address, base.n, address.n);
    bool here = str_starts(address, S("/"));
    struct chosen card = { here ? S("page") : S("link"), address, f->titre, DB_NULL };
    if (n >= TV_ENDS_MOST) http_invalid(r, NULL, R_(N_("Three are enough: take one away first.")));
    else if (str_is(url(address).s, "#") || (!here && !str_starts(address, S("http"))))
        http_invalid(r, "adresse",
                     R_(N_("An address begins with https:// or with / for a page of this site.")));
    if (r->error_count) return;
    if (here) read_ours(r, &card);
    if (card.target == v.id && str_is(card.kind, "video"))
        http_invalid(r, "adresse", R_(N_("This is the video itself.")));
    else if (card.target == DB_NULL && !card.title.n)
        http_invalid(r, "titre", R_(N_("This address needs a title.")));
    if (r->error_count) return;
    tv_sql_add_end_card(r->db, v.id, n ? cards[n - 1].position + 1 : 0, card.kind, card.target,
                        card.address, card.title);
    audit_write(r, "video.end_card", "video", v.id, NULL,
                json_pack("{s:s%}", "address", address.p, address.n));
    back(r, v.id, "suite-notee");
}

void tv_end_drop_apply(struct request *r)
{
    const struct tv_end_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    if (!tv_sql_drop_end_card(r->db, v.id, f->place)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    audit_write(r, "video.end_card", "video", v.id,
                json_pack("{s:I}", "position", (json_int_t)f->place), NULL);
    back(r, v.id, "suite-retiree");
}
