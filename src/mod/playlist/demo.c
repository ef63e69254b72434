/* Sample lists of the sample learner and the sample trainer. */
#include "base/id.h"
#include "mod/people/people.h"
#include "mod/playlist/pages.h"

enum { LATER = 1, SHARED = 3 };

static void add_list(struct db *db, const struct demo *demo, const char *email, bool later,
                     const char *title, int64_t count)
{
    struct account who;
    struct playlist_sql_sample_videos *videos;
    if (!people_find_by_email(db, str_from(email), &who)) return;
    int64_t id = id_new();
    size_t n = playlist_sql_sample_videos(db, count, &videos);
    playlist_sql_add(db, id, who.id, later, str_from(title), demo->now);
    if (!later) playlist_sql_change(db, id, str_from(title), S("public"), 0);
    for (size_t i = 0; i < n; i++)
        playlist_sql_keep(db, id, videos[i].id, (int64_t)i + 1, demo->now);
}

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    struct account who;
    struct playlist_sql_later later;
    if (!people_find_by_email(db, S("apprenante@exemple.be"), &who) ||
        playlist_sql_later(db, who.id, &later))
        return true; /* it was loaded before */
    add_list(db, demo, "apprenante@exemple.be", true, "", LATER);
    add_list(db, demo, "apprenante@exemple.be", false, "Pour la salle des profs", SHARED);
    add_list(db, demo, "formateur@exemple.be", false, "À voir avant notre première rencontre",
             SHARED);
    return true;
}

bool playlist_demo(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
