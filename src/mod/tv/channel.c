/* Channels and series as people see them. Their names are public; what is in them follows who looks (see.c). */
#include "mod/tv/library.h"
#include "tv_html.h"

#define FORM struct tv_channel_form
const struct param tv_channel_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true),
    PARAM(FORM, page, PARAM_INT, .min = 1, .max = 10000),
    { 0 },
};
#undef FORM

enum { SERIES_MOST = 60 };

void tv_channels_get(struct request *r)
{
    struct tv_sql_channels *channels;
    struct tv_sql_listed_series *series;
    struct tv_viewer who;
    tv_viewer(r, &who);
    size_t n = tv_sql_channels(r->db, &channels);
    size_t m = tv_sql_listed_series(r->db, 0, who.circles, who.now, SERIES_MOST, &series);
    tv_channels(http_page(r), channels, n, series, m);
}

void tv_channel_get(struct request *r)
{
    const struct tv_channel_form *f = r->form;
    int64_t page = f->page ? f->page : 1;
    struct tv_sql_channels channel;
    struct tv_sql_listed_series *series;
    struct tv_sql_video_by_slug *rows;
    struct tv_sql_count_in_channel count = { 0 };
    struct tv_viewer who;
    if (!tv_sql_channel_by_slug(r->db, f->slug, &channel)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    tv_viewer(r, &who);
    tv_sql_count_in_channel(r->db, channel.id, who.circles, who.now, &count);
    size_t n = tv_sql_in_channel(r->db, channel.id, who.circles, who.now, TV_PAGE,
                                 (page - 1) * TV_PAGE, &rows);
    size_t m = tv_sql_listed_series(r->db, channel.id, who.circles, who.now, SERIES_MOST, &series);
    const struct ui_pager pager = {
        .page = page,
        .pages = (count.n + TV_PAGE - 1) / TV_PAGE,
        .base = arena_printf(r->arena, "/tv/chaines/%.*s", STR(channel.slug)),
    };
    tv_channel(http_page(r), r, &channel, series, page == 1 ? m : 0, tv_cards(r, rows, n), n,
               &pager);
}

void tv_series_get(struct request *r)
{
    const struct tv_channel_form *f = r->form;
    struct tv_sql_series series;
    struct tv_sql_channels channel;
    struct tv_sql_video_by_slug *rows;
    struct tv_viewer who;
    if (!tv_sql_series_by_slug(r->db, f->slug, &series) ||
        !tv_sql_channel(r->db, series.channel_id, &channel)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    tv_viewer(r, &who);
    size_t n = tv_sql_episodes(r->db, series.id, who.circles, who.now, TV_EPISODES_MOST, &rows);
    tv_series(http_page(r), &series, &channel, rows, tv_cards(r, rows, n), n);
}

/* --- on the page of a video ------------------------------------------------------------------------------------------------ */

void tv_place_of(struct request *r, const struct tv_viewer *who,
                 const struct tv_sql_video_by_slug *v, struct tv_place *ret)
{
    struct tv_sql_video_by_slug *rows;
    *ret = (struct tv_place){ 0 };
    if (v->channel_id != DB_NULL) tv_sql_channel(r->db, v->channel_id, &ret->channel);
    if (v->series_id == DB_NULL || !tv_sql_series(r->db, v->series_id, &ret->series)) return;
    size_t n =
        tv_sql_episodes(r->db, v->series_id, who->circles, who->now, TV_EPISODES_MOST, &rows);
    ret->episodes = tv_cards(r, rows, n);
    ret->episode_count = ret->at = n;
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == v->id) ret->at = i;
}
