/* Sample likes and subscriptions of the sample people. */
#include "mod/subscription/pages.h"

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    struct subscription_sql_sample_channels *channels;
    struct subscription_sql_sample_people *people;
    struct subscription_sql_sample_videos *videos;
    size_t c = subscription_sql_sample_channels(db, 3, &channels),
           n = subscription_sql_sample_people(db, 60, &people),
           v = subscription_sql_sample_videos(db, &videos);
    for (size_t i = 0; i < n && c; i++)
        subscription_sql_subscribe(db, channels[i % c].id, people[i].person_id, demo->now);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i % 3; k < v; k += 2 + i % 2)
            subscription_sql_like(db, videos[k].id, people[i].person_id, demo->now);
    return true;
}

bool subscription_demo(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
