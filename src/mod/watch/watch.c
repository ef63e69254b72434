/* What is watched: the record, and what other modules may ask. */
#include "mod/watch/watch.h"

#include "base/id.h"
#include "base/time.h"
#include "mod/watch/inside.h"
#include "mod/watch/pages.h"
#include "watch_html.h"

enum { VIEWS_KEPT_DAYS = 2, RESUME_LEAST_MS = 10000 };

static const struct route routes[] = {
    /* No CSRF: the ticket in the body is signed by us, says which page and viewer it is for, and lets nothing else happen. */
    { "POST", "/tv/battement", PUBLIC, .prepare = watch_beat_post, .params = watch_beat_params,
      .form_size = sizeof(struct watch_beat_form), .max_body = 4 * KIB,
      .flags = ROUTE_NO_CSRF | ROUTE_NO_CHANGE | ROUTE_NO_DB,
      .help = "What a page with a player has played in the last seconds." },
    { "GET", "/compte/historique", MEMBER, .get = watch_history_get,
      .help = "The videos a person has watched, and the choice not to keep them." },
    { "POST", "/compte/historique/effacer", MEMBER, .apply = watch_forget_all_apply,
      .help = "Empties one's own history." },
    { "POST", "/compte/historique/arreter", MEMBER, .apply = watch_private_apply,
      .help = "Keeps no history from now on, and empties it." },
    { "POST", "/compte/historique/reprendre", MEMBER, .apply = watch_public_apply,
      .help = "Keeps a history again." },
    { "POST", "/compte/historique/:video/effacer", MEMBER, .apply = watch_forget_apply,
      .params = watch_forget_params, .form_size = sizeof(struct watch_history_form),
      .help = "Takes one video out of one's own history." },
    { "POST", "/preferences/sous-titres", MEMBER, .apply = watch_reading_apply,
      .params = watch_reading_params, .form_size = sizeof(struct watch_reading_form),
      .help = "Keeps how a person reads subtitles: their size and colours." },
    { "GET", "/gestion/audiences", MAY("tv.figures"), .get = watch_report_get,
      .params = watch_report_params, .form_size = sizeof(struct watch_report_form),
      .help = "What was watched in a year, by month, video and network." },
    { "GET", "/gestion/audiences/export", MAY("tv.figures"), .get = watch_export_get,
      .params = watch_export_params, .form_size = sizeof(struct watch_report_form),
      .help = "The same as a file for a spreadsheet." },
    { "GET", "/gestion/audiences/videos/:id", MAY("tv.figures"), .get = watch_video_get,
      .params = watch_one_params, .form_size = sizeof(struct watch_report_form),
      .help = "How one video is watched: by month, and from its beginning to its end." },
    { "GET", "/gestion/audiences/chaines/:id", MAY("tv.figures"), .get = watch_channel_get,
      .params = watch_one_params, .form_size = sizeof(struct watch_report_form),
      .help = "What was watched of a channel, by month, series and video." },
    { "GET", "/gestion/audiences/chaines/:id/export", MAY("tv.figures"),
      .get = watch_shelf_export_get, .params = watch_network_export_params,
      .form_size = sizeof(struct watch_report_form), .help = "The same as a file." },
    { "GET", "/gestion/audiences/series/:id", MAY("tv.figures"), .get = watch_series_get,
      .params = watch_one_params, .form_size = sizeof(struct watch_report_form),
      .help = "What was watched of a series, by month and video." },
    { "GET", "/gestion/audiences/series/:id/export", MAY("tv.figures"),
      .get = watch_shelf_export_get, .params = watch_network_export_params,
      .form_size = sizeof(struct watch_report_form), .help = "The same as a file." },
    { "GET", "/gestion/audiences/reseaux/:id", OBJECT(watch_network_rule), .get = watch_network_get,
      .params = watch_one_params, .form_size = sizeof(struct watch_report_form),
      .help = "What the people of a network watched; numbers below five are hidden." },
    { "GET", "/gestion/audiences/reseaux/:id/export", OBJECT(watch_network_rule),
      .get = watch_network_export_get, .params = watch_network_export_params,
      .form_size = sizeof(struct watch_report_form),
      .help = "The same as a file for a spreadsheet." },
    { 0 },
};

static const struct notice notices[] = {
    { "historique-efface", N_("It is no longer in your history."), false },
    { "historique-arrete", N_("Your history is empty, and nothing more is kept."), false },
    { "historique-repris", N_("From now on you find again what you watched."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/historique", N_("My videos"), AREA_TV, MENU_ACCOUNT, 25 },
    { "/gestion/audiences", N_("Audience"), AREA_TV, MENU_STAFF_TRAINING, 25 },
    { 0 },
};

/* --- watch.tidy: what was kept only so that nothing counts twice ------------------------------------------------------------ */

static bool tidy(struct db *db, struct job *job)
{
    (void)job;
    watch_sql_drop_views(db, time_now() - VIEWS_KEPT_DAYS * DAY_MS);
    return true;
}

static const struct job_kind jobs[] = { { .name = "watch.tidy", .apply = tidy }, { 0 } };
static const struct schedule schedules[] = { { "watch.tidy", 24 * 60 }, { 0 } };

/* --- for others ---------------------------------------------------------------------------------------------------------------- */

bool watch_seen(struct db *db, int64_t person_id, int64_t video_id, struct watch_seen *ret)
{
    struct watch_sql_history h;
    if (!watch_sql_history(db, person_id, video_id, &h)) return false;
    *ret = (struct watch_seen){ h.seen_ms, h.played_ms, h.position_ms, h.finished_at };
    return true;
}

/* Not for the first seconds, and not once it was finished: then one begins anew. */
static int64_t left_at(struct db *db, int64_t person_id, int64_t video_id)
{
    struct watch_sql_history h;
    if (!watch_sql_history(db, person_id, video_id, &h)) return 0;
    return h.position_ms < RESUME_LEAST_MS || h.finished_at != DB_NULL ? 0 : h.position_ms;
}

int64_t watch_views(struct db *db, int64_t video_id)
{
    struct watch_sql_views row = { 0 };
    watch_sql_views(db, video_id, &row);
    return row.views;
}

static int64_t midnight(int64_t day)
{
    return time_from_civil((int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100), 0, 0);
}

void watch_figures(struct db *db, int64_t from_day, int64_t to_day, struct watch_figures *ret)
{
    struct watch_sql_total t = { 0 };
    struct watch_sql_peak_hour hour = { .hour = DB_NULL };
    struct watch_sql_peak_at_once once = { 0 };
    struct watch_sql_followers followers = { 0 };
    struct watch_sql_peak_day day = { 0 };
    int64_t from_hour = midnight(from_day) / HOUR_MS, to_hour = midnight(to_day) / HOUR_MS + 23;
    watch_sql_total(db, from_day, to_day, &t);
    bool any = watch_sql_peak_hour(db, from_hour, to_hour, &hour);
    watch_sql_peak_at_once(db, from_hour, to_hour, &once);
    watch_sql_followers(db, midnight(from_day), &followers);
    watch_sql_peak_day(db, from_day, to_day, &day);
    *ret = (struct watch_figures){ .views = t.views,
                                   .played_ms = t.played,
                                   .unique_ms = t.uniquely,
                                   .finished = t.finished,
                                   .videos = t.videos,
                                   .peak_hour_at = any ? hour.hour * HOUR_MS : DB_NULL,
                                   .peak_hour_ms = any ? hour.played_ms : 0,
                                   .at_once = once.at_once,
                                   .at_once_at = once.hour * HOUR_MS,
                                   .followers = followers.people,
                                   .new_followers = followers.fresh,
                                   .peak_day = day.day,
                                   .peak_day_ms = day.played };
}

/* --- beside each player ---------------------------------------------------------------------------------------------------------- */

static void beside(struct page *pg, const struct tv_video *v)
{
    if (v->duration_ms <= 0) return;
    const struct watch_ticket ticket = { .view = id_new(),
                                         .video = v->id,
                                         .person = pg->person_id,
                                         .issued = pg->now,
                                         .duration_ms = v->duration_ms };
    watch_beside(pg, watch_ticket_text(pg->arena, &ticket));
}

static void start(struct settings *settings)
{
    (void)settings;
    watch_ticket_start();
    tv_add_beside(beside);
    tv_set_views(watch_views);
    tv_set_resume(left_at);
    tv_set_reading(watch_reading_of);
}

const struct module watch_module = {
    .name = "watch",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = jobs,
    .schedules = schedules,
    .db = &watch_db,
    .privacy = watch_privacy,
    .demo = watch_demo,
    .start = start,
    .begin = watch_begin,
    .end = watch_end,
};
