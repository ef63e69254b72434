/* What the templates of this module show. */
#ifndef EDULAB_MOD_WATCH_PAGES_H
#define EDULAB_MOD_WATCH_PAGES_H

#include "html/components.h"
#include "mod/watch/inside.h"

enum { WATCH_OWN_MOST = 200 };

/* --- reports ------------------------------------------------------------------------------------------------------------------ */

/* What fewer than five people did could be told of one of them: hidden from reports on networks. */
enum { WATCH_FEWEST = 5 };

struct watch_report_form {
    int64_t an; /* the year; 0: this one */
    int64_t id; /* of the video, the network, the channel or the series */
    struct str quoi, format;
};
extern const struct param watch_report_params[], watch_one_params[], watch_export_params[],
    watch_network_export_params[];

struct watch_period {
    int64_t year, first_year, last_year;
    int64_t from_day, to_day;
};
/* One line of a table, and of a file. Months: 202611. hidden: too few people, or they could be worked out from it. */
struct watch_line {
    int64_t id, month, viewers; /* viewers: -1 unknown */
    struct str title, slug;
    int64_t duration_ms, views, played, uniquely, finished;
    int64_t followers; /* of a channel today; -1: none can be */
    bool hidden;
};
struct watch_report {
    struct watch_period period;
    struct str title; /* of the video, network, channel or series */
    int64_t id;
    struct watch_figures figures;
    struct watch_line months[12];
    struct watch_line *videos, *networks, *channels, *series;
    size_t video_count, network_count, channel_count, series_count;
    double curve[SPANS_PARTS]; /* share of the viewers of its best part */
    bool has_curve;
};
/* "1 250 h", "12 min" */
struct str watch_hours(struct page *pg, int64_t ms);
void watch_report_get(struct request *r);
void watch_video_get(struct request *r);
void watch_channel_get(struct request *r);
void watch_series_get(struct request *r);
void watch_shelf_export_get(struct request *r);
void watch_network_get(struct request *r);
bool watch_network_rule(struct request *r);
void watch_export_get(struct request *r);
void watch_network_export_get(struct request *r);

#endif
