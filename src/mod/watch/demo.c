/* Sample figures: thirteen months of invented watching for the sample videos, which say that they are examples. */
#include <math.h>

#include "base/time.h"
#include "mod/watch/inside.h"

enum { DAYS = 400, PERCENT = 100 };

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    struct watch_sql_sample_videos *videos;
    struct watch_sql_sample_people *people;
    size_t n = watch_sql_sample_videos(db, &videos), m = watch_sql_sample_people(db, &people);
    for (size_t v = 0; v < n; v++) {
        int64_t length = videos[v].duration_ms > 0 ? videos[v].duration_ms : 4 * MINUTE_MS,
                viewers = 0;
        for (int day = DAYS; day > 0; day--) {
            int64_t at = demo->now - day * DAY_MS;
            struct civil c = time_civil(at);
            /* schools rest at weekends and in summer */
            int busy = c.weekday > 4                  ? 2
                       : c.month == 7 || c.month == 8 ? 3
                                                      : 9 + (c.month + (int)v) % 5;
            int64_t views = busy + (day * 7 + (int)v * 3) % 6;
            viewers += views;
            watch_sql_add_day(db, videos[v].id, watch_day_of(at), views,
                              views * length * 74 / PERCENT, views * length * 68 / PERCENT,
                              views * 52 / PERCENT);
            watch_sql_add_hour(db, at / HOUR_MS / 24 * 24 + 10 + day % 8, views,
                               views * length * 74 / PERCENT, demo->now);
        }
        for (int part = 0; part < SPANS_PARTS; part++)
            watch_sql_add_curve(db, videos[v].id, part,
                                (int64_t)((double)viewers * (0.5 + 0.5 * exp(-part / 22.0))));
    }
    watch_sql_sample_at_once(db);
    for (size_t p = 0; p < m && n; p++)
        watch_sql_add_month(db, people[p].person_id, videos[p % n].id,
                            watch_day_of(demo->now) / 100, (int64_t)(p % 7 + 1) * 10 * MINUTE_MS);
    return true;
}

bool watch_demo(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
