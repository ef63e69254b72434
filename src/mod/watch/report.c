/* The figures of a year: pages and files. */
#include "base/id.h"
#include "base/time.h"
#include "http/sheet.h"
#include "mod/organisation/organisation.h"
#include "mod/watch/pages.h"
#include "watch_html.h"

enum { VIDEOS_SHOWN = 100, VIDEOS_EXPORTED = 20000 };

#define FORM struct watch_report_form
#define YEAR PARAM(FORM, an, PARAM_INT, .min = 2000, .max = 2200)
#define WHAT PARAM(FORM, quoi, PARAM_SLUG, .max = 12)
#define FILE_FORMAT PARAM(FORM, format, PARAM_SLUG, .max = 4)
#define ONE PARAM(FORM, id, PARAM_ID, .required = true)
const struct param watch_report_params[] = { YEAR, { 0 } };
const struct param watch_one_params[] = { ONE, YEAR, { 0 } };
const struct param watch_export_params[] = { YEAR, WHAT, FILE_FORMAT, { 0 } };
const struct param watch_network_export_params[] = { ONE, YEAR, WHAT, FILE_FORMAT, { 0 } };
#undef FORM

struct str watch_hours(struct page *pg, int64_t ms)
{
    int64_t minutes = (ms + MINUTE_MS / 2) / MINUTE_MS;
    if (minutes < 600) return duration_text(pg, minutes);
    return arena_printf(pg->arena, "%.*s\u00a0h", STR(number_text(pg, (minutes + 30) / 60)));
}

/* --- loading --------------------------------------------------------------------------------------------------------------- */

static void find_period(struct request *r, struct watch_period *p)
{
    const struct watch_report_form *f = r->form;
    struct watch_sql_first_day first = { 0 };
    watch_sql_first_day(r->db, &first);
    p->last_year = watch_day_of(r->now) / 10000;
    p->first_year = first.day ? first.day / 10000 : p->last_year;
    p->year = f->an >= p->first_year && f->an <= p->last_year ? f->an : p->last_year;
    p->from_day = p->year * 10000 + 101;
    p->to_day = p->year * 10000 + 1231;
}

static void name_months(struct watch_report *w)
{
    for (int i = 0; i < 12; i++)
        w->months[i] = (struct watch_line){ .month = w->period.year * 100 + i + 1, .viewers = -1 };
}

static void put_months(struct watch_report *w, const struct watch_sql_months *rows, size_t n)
{
    name_months(w);
    for (size_t i = 0; i < n; i++) {
        struct watch_line *m = &w->months[rows[i].month % 100 - 1];
        m->views = rows[i].views;
        m->played = rows[i].played;
        m->uniquely = rows[i].uniquely;
        m->finished = rows[i].finished;
    }
}

static void put_videos(struct request *r, struct watch_report *w,
                       const struct watch_sql_videos *rows, size_t n)
{
    w->videos = arena_array(r->arena, struct watch_line, n + 1);
    w->video_count = n;
    for (size_t i = 0; i < n; i++)
        w->videos[i] = (struct watch_line){ .id = rows[i].id,
                                            .viewers = -1,
                                            .title = rows[i].title,
                                            .slug = rows[i].slug,
                                            .duration_ms = rows[i].duration_ms,
                                            .views = rows[i].views,
                                            .played = rows[i].played,
                                            .uniquely = rows[i].uniquely,
                                            .finished = rows[i].finished };
}

static void load_videos(struct request *r, struct watch_report *w, int64_t most)
{
    struct watch_sql_videos *rows;
    size_t n = watch_sql_videos(r->db, w->period.from_day, w->period.to_day, most, &rows);
    put_videos(r, w, rows, n);
}

/* Channels, or series. */
static struct watch_line *lines_of(struct request *r, const struct watch_sql_channels *rows,
                                   size_t n)
{
    struct watch_line *lines = arena_array(r->arena, struct watch_line, n + 1);
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct watch_line){ .id = rows[i].id,
                                        .viewers = -1,
                                        .title = rows[i].title,
                                        .views = rows[i].views,
                                        .played = rows[i].played,
                                        .uniquely = rows[i].uniquely,
                                        .finished = rows[i].finished,
                                        .followers = rows[i].followers };
    return lines;
}

/* What too few did is not even in memory further on. */
static struct watch_line of_people(int64_t viewers, int64_t played)
{
    bool few = viewers < WATCH_FEWEST;
    return (struct watch_line){ .viewers = few ? 0 : viewers,
                                .played = few ? 0 : played,
                                .hidden = few };
}

/* One hidden line alone could be worked out from a total: then that with the fewest people is hidden too. */
static void hide_second(struct watch_line *lines, size_t n)
{
    size_t hidden = 0;
    struct watch_line *least = NULL;
    for (size_t i = 0; i < n; i++) {
        hidden += lines[i].hidden;
        if (!lines[i].hidden && lines[i].viewers > 0 &&
            (!least || lines[i].viewers < least->viewers))
            least = &lines[i];
    }
    if (hidden != 1 || !least) return;
    least->viewers = least->played = 0;
    least->hidden = true;
}

static void load_networks(struct request *r, struct watch_report *w)
{
    struct watch_sql_networks *rows;
    size_t n =
        watch_sql_networks(r->db, w->period.from_day / 100, w->period.to_day / 100, r->now, &rows);
    w->networks = arena_array(r->arena, struct watch_line, n + 1);
    w->network_count = n;
    for (size_t i = 0; i < n; i++) {
        w->networks[i] = of_people(rows[i].viewers, rows[i].played);
        w->networks[i].id = rows[i].id;
        w->networks[i].title = rows[i].name;
    }
}

static void load_centre(struct request *r, struct watch_report *w, int64_t most)
{
    struct watch_sql_months *months;
    find_period(r, &w->period);
    watch_figures(r->db, w->period.from_day, w->period.to_day, &w->figures);
    size_t n = watch_sql_months(r->db, w->period.from_day, w->period.to_day, &months);
    put_months(w, months, n);
    load_videos(r, w, most);
    load_networks(r, w);
    struct watch_sql_channels *rows;
    w->channel_count = watch_sql_channels(r->db, w->period.from_day, w->period.to_day, &rows);
    w->channels = lines_of(r, rows, w->channel_count);
    w->series_count = watch_sql_series(r->db, 0, w->period.from_day, w->period.to_day, &rows);
    w->series = lines_of(r, rows, w->series_count);
}

static void add_up(struct watch_report *w, const struct watch_sql_months *months, size_t n)
{
    put_months(w, months, n);
    for (size_t i = 0; i < n; i++) {
        w->figures.views += months[i].views;
        w->figures.played_ms += months[i].played;
        w->figures.unique_ms += months[i].uniquely;
        w->figures.finished += months[i].finished;
    }
}

static bool is_channel(const struct request *r)
{
    return str_starts(r->path, S("/gestion/audiences/chaines/"));
}

/* A channel or a series, by the path; false with 404 when there is none. */
static bool load_shelf(struct request *r, struct watch_report *w, int64_t most)
{
    const struct watch_report_form *f = r->form;
    int64_t channel = is_channel(r) ? f->id : 0, series = is_channel(r) ? 0 : f->id;
    struct watch_sql_channel_name name;
    struct watch_sql_channels *rows;
    struct watch_sql_months *months;
    struct watch_sql_videos *videos;
    *w = (struct watch_report){ .id = f->id };
    if (!(channel ? watch_sql_channel_name(r->db, channel, &name)
                  : watch_sql_series_name(r->db, series, &name))) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    w->title = name.title;
    find_period(r, &w->period);
    int64_t from = w->period.from_day, to = w->period.to_day;
    size_t n = watch_sql_shelf_months(r->db, channel, series, from, to, &months);
    add_up(w, months, n);
    n = watch_sql_shelf_videos(r->db, channel, series, from, to, most, &videos);
    put_videos(r, w, videos, n);
    struct watch_sql_channel_followers followers = { 0 };
    if (channel) watch_sql_channel_followers(r->db, channel, &followers);
    w->figures.followers = followers.people;
    w->series_count = channel ? watch_sql_series(r->db, channel, from, to, &rows) : 0;
    if (w->series_count) w->series = lines_of(r, rows, w->series_count);
    return true;
}

static void load_network(struct request *r, struct watch_report *w, const struct organisation *o)
{
    struct watch_sql_network_videos *videos;
    struct watch_sql_network_months *months;
    find_period(r, &w->period);
    int64_t from = w->period.from_day / 100, to = w->period.to_day / 100;
    w->title = o->name;
    w->id = o->id;
    name_months(w);
    size_t m = watch_sql_network_months(r->db, o->id, from, to, r->now, &months);
    for (size_t i = 0; i < m; i++) {
        int64_t month = months[i].month;
        w->months[month % 100 - 1] = of_people(months[i].viewers, months[i].played);
        w->months[month % 100 - 1].month = month;
    }
    hide_second(w->months, COUNT(w->months));
    w->video_count = watch_sql_network_videos(r->db, o->id, from, to, r->now, &videos);
    w->videos = arena_array(r->arena, struct watch_line, w->video_count + 1);
    for (size_t i = 0; i < w->video_count; i++) {
        w->videos[i] = of_people(videos[i].viewers, videos[i].played);
        w->videos[i].id = videos[i].id;
        w->videos[i].title = videos[i].title;
        w->videos[i].slug = videos[i].slug;
    }
    hide_second(w->videos, w->video_count);
}

static void load_curve(struct request *r, struct watch_report *w, int64_t id)
{
    struct watch_sql_curve *rows;
    size_t n = watch_sql_curve(r->db, id, &rows);
    int64_t best = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].viewers > best) best = rows[i].viewers;
    for (size_t i = 0; i < n && best; i++)
        w->curve[rows[i].part] = (double)rows[i].viewers / (double)best;
    w->has_curve = best > 0;
}

/* --- pages -------------------------------------------------------------------------------------------------------------------- */

void watch_report_get(struct request *r)
{
    struct watch_report w = { 0 };
    load_centre(r, &w, VIDEOS_SHOWN);
    watch_report(http_page(r), &w);
}

void watch_video_get(struct request *r)
{
    const struct watch_report_form *f = r->form;
    struct watch_report w = { .id = f->id };
    struct watch_sql_video_name v;
    struct watch_sql_months *months;
    if (!watch_sql_video_name(r->db, f->id, &v)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    find_period(r, &w.period);
    w.title = v.title;
    w.videos = arena_new(r->arena, struct watch_line);
    *w.videos = (struct watch_line){ .slug = v.slug, .duration_ms = v.duration_ms, .viewers = -1 };
    size_t n = watch_sql_video_months(r->db, f->id, w.period.from_day, w.period.to_day, &months);
    add_up(&w, months, n);
    load_curve(r, &w, f->id);
    watch_video(http_page(r), &w);
}

void watch_channel_get(struct request *r)
{
    struct watch_report w;
    if (load_shelf(r, &w, VIDEOS_SHOWN)) watch_shelf(http_page(r), &w, S("chaines"));
}

void watch_series_get(struct request *r)
{
    struct watch_report w;
    if (load_shelf(r, &w, VIDEOS_SHOWN)) watch_shelf(http_page(r), &w, S("series"));
}

bool watch_network_rule(struct request *r)
{
    struct str path = r->path;
    int64_t id;
    /* the form is not filled yet: "/gestion/audiences/reseaux/<id>[/export]" */
    path = str_sub(path, strlen("/gestion/audiences/reseaux/"), path.n);
    return id_parse(str_sub(path, 0, str_find(path, '/')), &id) &&
           access_holds_for(r, "tv.figures", "organisation", id);
}

static bool find_network(struct request *r, struct organisation *ret)
{
    const struct watch_report_form *f = r->form;
    if (organisation_find(r->db, f->id, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void watch_network_get(struct request *r)
{
    struct watch_report w = { 0 };
    struct organisation o;
    if (!find_network(r, &o)) return;
    load_network(r, &w, &o);
    watch_network(http_page(r), &w);
}

/* --- files ----------------------------------------------------------------------------------------------------------------------- */

static double hours(int64_t ms)
{
    return (double)ms / (double)HOUR_MS;
}

/* What a line of a file tells, by its number of columns. */
enum columns { PEOPLE = 3, VIEWS = 5, FOLLOWED = 6 };

static void put_line(struct request *r, struct sheet_cell *c, const struct watch_line *l,
                     enum columns columns)
{
    c[0].text = l->title.p ? l->title
                           : arena_printf(r->arena, "%04d-%02d", (int)(l->month / 100),
                                          (int)(l->month % 100));
    if (columns == PEOPLE && l->hidden) {
        c[1].text = c[2].text = R_(N_("not shown: too few people"));
    } else if (columns == PEOPLE) {
        c[1].number = (double)l->viewers;
        c[2].number = hours(l->played);
    } else {
        c[1].number = (double)l->views;
        c[2].number = hours(l->played);
        c[3].number = hours(l->uniquely);
        c[4].number = (double)l->finished;
        if (columns == FOLLOWED) c[5].number = (double)l->followers;
    }
}

static void send(struct request *r, const char *name, const char *first,
                 const struct watch_line *lines, size_t n, enum columns columns)
{
    const struct watch_report_form *f = r->form;
    const struct str heads[] = { R_(first),
                                 columns == PEOPLE ? R_(N_("People")) : R_(N_("Views")),
                                 R_(N_("Hours watched")),
                                 R_(N_("Hours, each moment once for each viewer")),
                                 R_(N_("Seen to the end")),
                                 R_(N_("Followers today")) };
    struct sheet_cell *cells = arena_array(r->arena, struct sheet_cell, n * columns + 1);
    for (size_t i = 0; i < n; i++)
        put_line(r, &cells[i * columns], &lines[i], columns);
    http_sheet(r, &(const struct sheet){ str_from(name), heads, columns, n, cells },
               str_is(f->format, "xlsx"));
}

void watch_export_get(struct request *r)
{
    const struct watch_report_form *f = r->form;
    struct watch_report w = { 0 };
    load_centre(r, &w, VIDEOS_EXPORTED);
    if (str_is(f->quoi, "mois")) send(r, "audience-mois", N_("Month"), w.months, 12, VIEWS);
    else if (str_is(f->quoi, "reseaux"))
        send(r, "audience-reseaux", N_("Network"), w.networks, w.network_count, PEOPLE);
    else if (str_is(f->quoi, "chaines"))
        send(r, "audience-chaines", N_("Channel"), w.channels, w.channel_count, FOLLOWED);
    else if (str_is(f->quoi, "series"))
        send(r, "audience-series", N_("Series"), w.series, w.series_count, VIEWS);
    else send(r, "audience-videos", N_("Video"), w.videos, w.video_count, VIEWS);
}

void watch_shelf_export_get(struct request *r)
{
    const struct watch_report_form *f = r->form;
    struct watch_report w;
    if (!load_shelf(r, &w, VIDEOS_EXPORTED)) return;
    if (str_is(f->quoi, "mois")) send(r, "audience-mois", N_("Month"), w.months, 12, VIEWS);
    else if (str_is(f->quoi, "series"))
        send(r, "audience-series", N_("Series"), w.series, w.series_count, VIEWS);
    else send(r, "audience-videos", N_("Video"), w.videos, w.video_count, VIEWS);
}

void watch_network_export_get(struct request *r)
{
    const struct watch_report_form *f = r->form;
    struct watch_report w = { 0 };
    struct organisation o;
    if (!find_network(r, &o)) return;
    load_network(r, &w, &o);
    if (str_is(f->quoi, "mois")) send(r, "audience-mois", N_("Month"), w.months, 12, PEOPLE);
    else send(r, "audience-videos", N_("Video"), w.videos, w.video_count, PEOPLE);
}
