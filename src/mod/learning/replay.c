/* The recording of a meeting: whoever was not there and really watched it has done the step, and the time counts as replay.
 * Who was there has it done already, by the list that was signed: nothing counts twice. */
#include "base/id.h"
#include "base/time.h"
#include "mod/learning/pages.h"

static int64_t whole(const json_t *payload, const char *key)
{
    return json_integer_value(json_object_get(payload, key));
}

static struct str key_of(struct arena *a, int64_t activity_id)
{
    return arena_printf(a, "recording/%.*s", STR(id_lower(a, activity_id)));
}

void learning_take_back_replay(struct db *db, int64_t person_id, int64_t activity_id, int64_t by,
                               int64_t now)
{
    hours_take_back(db, person_id, key_of(db_arena(db), activity_id), S(""), by, now);
}

bool learning_recording_watched(struct db *db, struct arena *arena, json_t *payload,
                                int64_t event_id)
{
    struct learning_sql_recordings *rows;
    int64_t person = whole(payload, "person"), now = time_now();
    int64_t minutes = (whole(payload, "duration_ms") + MINUTE_MS - 1) / MINUTE_MS;
    (void)event_id;
    size_t n = learning_sql_recordings(db, person, whole(payload, "video"), &rows);
    for (size_t i = 0; i < n; i++) {
        learning_complete(db, person, rows[i].id, now);
        hours_add(db,
                  &(struct hours){ .person_id = person,
                                   .programme_id = rows[i].programme_id,
                                   .module_id = rows[i].module_id,
                                   .kind = HOURS_REPLAY,
                                   .origin = "watched",
                                   .key = key_of(arena, rows[i].id),
                                   .minutes = minutes },
                  now);
    }
    return true;
}
