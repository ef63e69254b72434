/* The sample cohorts get their meetings: a pattern for each programme, repeated for each of its modules; a training of
 * one day meets once. Days count from the cohort's first, which counts from the loading. */
#include "base/id.h"
#include "base/time.h"
#include "demo_embedded.h"
#include "mod/cohort/pages.h"

enum { TRAINERS = 4 };

struct load {
    json_t *root;
    int64_t now;
    size_t cohorts, meetings;
};

static struct str text(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

static struct str words(struct db *db, const json_t *o, const char *key)
{
    return lang_french(db_arena(db), text(o, key));
}

static int64_t number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void load_rooms(struct db *db, const json_t *rooms)
{
    size_t i;
    json_t *r;
    json_array_foreach(rooms, i, r) cohort_sql_add_room(
        db, id_new(), words(db, r, "name"), words(db, r, "place"), number(r, "seats"), 1);
}

static int64_t room_named(struct db *db, struct str name)
{
    struct cohort_sql_rooms *rooms;
    size_t n = name.n ? cohort_sql_rooms(db, &rooms) : 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rooms[i].name, name)) return rooms[i].id;
    return DB_NULL;
}

static void load_plan(struct db *db, struct load *l, const json_t *plan, int64_t cohort_id)
{
    size_t i;
    json_t *q;
    cohort_sql_set_plan(db, &(struct cohort_sql_set_plan_in){
                                .cohort = cohort_id,
                                .opens = DB_NULL,
                                .closes = DB_NULL,
                                .approval = json_is_true(json_object_get(plan, "approval")),
                                .answer_hours = number(plan, "answer_hours"),
                                .note = words(db, plan, "note"),
                                .by = DB_NULL,
                                .now = l->now });
    struct cohort_sql_networks *networks;
    size_t n = number(plan, "network_places") ? cohort_sql_networks(db, &networks) : 0;
    for (size_t k = 0; k < n; k++)
        cohort_sql_set_quota(db, cohort_id, networks[k].id, number(plan, "network_places"));
    json_array_foreach(json_object_get(plan, "questions"), i, q) cohort_sql_add_question(
        db, id_new(), cohort_id, (int64_t)i, words(db, q, "label"), words(db, q, "choices"),
        json_is_true(json_object_get(q, "required")));
}

struct staff {
    int64_t ids[TRAINERS];
    size_t n;
};

static struct staff find_staff(struct db *db, const json_t *plan)
{
    struct staff s = { .n = 0 };
    size_t i;
    json_t *email;
    struct account p;
    json_array_foreach(json_object_get(plan, "trainers"), i,
                       email) if (s.n < TRAINERS &&
                                  people_find_by_email(db, str_from(json_string_value(email)), &p))
        s.ids[s.n++] = p.id;
    return s;
}

static void one_day(struct db *db, struct load *l, const struct cohort_sql_to_plan *c,
                    const struct staff *staff)
{
    bool online = str_is(c->place, "en ligne");
    cohort_meeting_add(
        db,
        &(struct cohort_meeting_in){ .cohort_id = c->id,
                                     .module_id = c->module_id,
                                     .mode = online ? S("remote") : S("onsite"),
                                     .place = online ? S("") : c->place,
                                     .link = online ? S("https://visio.exemple.be/seance") : S(""),
                                     .room_id = DB_NULL,
                                     .starts_at = c->starts_at,
                                     .ends_at = c->ends_at - c->starts_at < 12 * HOUR_MS
                                                    ? c->ends_at
                                                    : c->starts_at + 7 * HOUR_MS,
                                     .trainers = staff->ids,
                                     .trainer_count = staff->n ? 1 : 0,
                                     .sample = true },
        l->now);
    l->meetings++;
}

static void by_module(struct db *db, struct load *l, const struct cohort_sql_to_plan *c,
                      const json_t *plan, const struct staff *staff)
{
    struct cohort_sql_modules_of *list;
    size_t n = cohort_sql_modules_of(db, c->version_id, &list), k;
    json_t *each;
    for (size_t i = 0; i < n; i++)
        json_array_foreach(json_object_get(plan, "meetings"), k, each)
        {
            struct cohort_span span;
            struct civil first = time_civil(c->starts_at);
            int64_t day = time_from_civil(
                first.year, first.month,
                first.day + (int)(number(plan, "rhythm") * (int64_t)i + number(each, "day")), 12,
                0);
            cohort_series(day, (int)number(each, "hour"), (int)number(each, "minute"),
                          number(each, "minutes"), 1, 1, &span);
            cohort_meeting_add(
                db,
                &(struct cohort_meeting_in){ .cohort_id = c->id,
                                             .module_id = list[i].id,
                                             .mode = text(each, "mode"),
                                             .link = text(each, "link"),
                                             .room_id = room_named(db, words(db, each, "room")),
                                             .starts_at = span.starts_at,
                                             .ends_at = span.ends_at,
                                             .trainers = &staff->ids[staff->n ? i % staff->n : 0],
                                             .trainer_count = staff->n ? 1 : 0,
                                             .sample = true },
                l->now);
            l->meetings++;
        }
}

static const json_t *plan_of(const struct load *l, struct str slug)
{
    size_t i;
    json_t *plan;
    json_array_foreach(json_object_get(l->root, "programmes"), i,
                       plan) if (str_eq(text(plan, "slug"), slug)) return plan;
    return NULL;
}

static bool load_all(struct db *db, void *context)
{
    struct load *l = context;
    struct cohort_sql_to_plan *cohorts;
    l->cohorts = l->meetings = 0;
    load_rooms(db, json_object_get(l->root, "rooms"));
    size_t n = cohort_sql_to_plan(db, &cohorts);
    for (size_t i = 0; i < n; i++) {
        const json_t *plan = plan_of(l, cohorts[i].slug);
        struct staff staff = find_staff(db, plan);
        bool whole = cohorts[i].module_id == DB_NULL && json_object_get(plan, "meetings");
        if (plan && cohorts[i].module_id == DB_NULL) load_plan(db, l, plan, cohorts[i].id);
        if (whole) by_module(db, l, &cohorts[i], plan, &staff);
        else one_day(db, l, &cohorts[i], &staff);
        l->cohorts++;
    }
    catalogue_index(db, l->now);
    return true;
}

bool cohort_demo(struct demo *demo)
{
    const struct asset *file = asset_find(demo_assets, demo_asset_count, S("cohorts.json"));
    json_error_t error;
    json_t *root = json_loadb(file->data.p, file->data.n, 0, &error);
    if (!root) {
        demo->say("demo/cohorts.json, line %d: %s", error.line, error.text);
        return false;
    }
    struct load l = { .root = root, .now = demo->now };
    bool well = db_change_run(demo->database, demo->arena, load_all, &l) == DB_COMMITTED;
    if (well) demo->say("%zu cohorts with %zu meetings", l.cohorts, l.meetings);
    json_decref(root);
    return well;
}
