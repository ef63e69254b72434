/* The sample catalogue: demo/catalogue.json and demo/lessons, built into the program. */
#include "base/id.h"
#include "base/time.h"
#include "demo_embedded.h"
#include "mod/catalogue/pages.h"
#include "mod/competence/competence.h"

struct load {
    struct db *db;
    struct arena *a;
    int64_t now;
    json_t *root;
};

static struct str text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value)
               ? (struct str){ json_string_value(value), json_string_length(value) }
               : S("");
}

/* Words for people, with French spaces. */
static struct str words(struct load *l, const json_t *object, const char *key)
{
    return lang_french(l->a, text(object, key));
}

static int64_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool truth(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static int64_t competence_mask(const json_t *codes)
{
    int64_t mask = 0;
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code)
    {
        int at = competence_find(str_from(json_string_value(code)));
        if (at >= 0) mask |= INT64_C(1) << at;
    }
    return mask;
}

static int64_t audience_mask(const json_t *codes)
{
    int64_t mask = 0;
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code) mask |= audience_bit(str_from(json_string_value(code)));
    return mask;
}

static void load_activities(struct load *l, const json_t *module, int64_t module_id)
{
    size_t i;
    json_t *activity;
    json_array_foreach(json_object_get(module, "activities"), i, activity)
    {
        struct str file = text(activity, "file"), body = S("");
        const struct asset *lesson =
            file.n ? asset_find(demo_assets, demo_asset_count, file) : NULL;
        if (lesson) body = lang_french(l->a, lesson->data);
        catalogue_sql_add_activity(
            l->db, &(struct catalogue_sql_add_activity_in){ .id = id_new(),
                                                            .module = module_id,
                                                            .kind = text(activity, "kind"),
                                                            .title = words(l, activity, "title"),
                                                            .body = body,
                                                            .video = text(activity, "video"),
                                                            .minutes = number(activity, "minutes"),
                                                            .position = (int64_t)i });
    }
}

static int64_t load_module(struct load *l, const json_t *m, int64_t programme, size_t position)
{
    const json_t *hours = json_object_get(m, "hours");
    int64_t id = id_new();
    catalogue_sql_add_module(l->db,
                             &(struct catalogue_sql_add_module_in){
                                 .id = id,
                                 .programme = programme,
                                 .slug = text(m, "slug"),
                                 .code = text(m, "code"),
                                 .lane = text(m, "lane"),
                                 .title = words(l, m, "title"),
                                 .brief = text(m, "short"),
                                 .outcome = words(l, m, "outcome"),
                                 .modality = text(m, "modality"),
                                 .remote = 60 * number(hours, "remote"),
                                 .onsite = 60 * number(hours, "onsite"),
                                 .own = 60 * number(hours, "own"),
                                 .creation = 60 * number(hours, "creation"),
                                 .competences = competence_mask(json_object_get(m, "competences")),
                                 .places = number(m, "places"),
                                 .required = truth(m, "required"),
                                 .listed = truth(m, "listed"),
                                 .sample = truth(m, "sample"),
                                 .position = (int64_t)position });
    load_activities(l, m, id);
    return id;
}

static int64_t module_by_slug(struct load *l, struct str slug)
{
    struct catalogue_sql_module_by_slug m;
    return slug.n && catalogue_sql_module_by_slug(l->db, slug, &m) ? m.id : DB_NULL;
}

/* Days count from the loading, so that what is to come stays to come; at nine unless said, never on a Sunday. */
static void load_cohort(struct load *l, const json_t *c, int64_t programme)
{
    struct civil day = time_civil(l->now + number(c, "days") * DAY_MS);
    if (day.weekday == 6) day = time_civil(l->now + (number(c, "days") + 1) * DAY_MS);
    int64_t hour = number(c, "hour") ? number(c, "hour") : 9;
    int64_t starts =
        time_from_civil(day.year, day.month, day.day, (int)hour, (int)number(c, "minute"));
    int64_t ends = starts + (number(c, "minutes") ? number(c, "minutes") * MINUTE_MS : 3 * HOUR_MS);
    if (number(c, "length") > 1) ends += number(c, "length") * DAY_MS;
    int64_t id = id_new();
    catalogue_sql_add_cohort(l->db, &(struct catalogue_sql_add_cohort_in){
                                        .id = id,
                                        .programme = programme,
                                        .module = module_by_slug(l, text(c, "module")),
                                        .label = words(l, c, "label"),
                                        .starts = starts,
                                        .ends = ends,
                                        .place = words(l, c, "place"),
                                        .places = number(c, "places"),
                                        .sample = 1 });
    catalogue_sql_seed_taken(l->db, id, number(c, "taken"));
}

static void load_programme(struct load *l, const json_t *p, size_t position)
{
    int64_t id = id_new(), minutes = number(p, "minutes"),
            mask = competence_mask(json_object_get(p, "competences"));
    size_t i;
    json_t *item, *parts = json_object_get(p, "modules"), *year = json_object_get(p, "year");
    json_array_foreach(parts, i, item)
    {
        const char *key;
        json_t *hours;
        mask |= competence_mask(json_object_get(item, "competences"));
        json_object_foreach(json_object_get(item, "hours"), key, hours) minutes +=
            60 * json_integer_value(hours);
    }
    catalogue_sql_add_programme(
        l->db, &(struct catalogue_sql_add_programme_in){
                   .id = id,
                   .slug = text(p, "slug"),
                   .kind = text(p, "kind"),
                   .area = text(p, "area"),
                   .title = words(l, p, "title"),
                   .subtitle = words(l, p, "subtitle"),
                   .summary = words(l, p, "summary"),
                   .aim = words(l, p, "aim"),
                   .modality = text(p, "modality"),
                   .minutes = minutes,
                   .audience = audience_mask(json_object_get(p, "audience")),
                   .competences = mask,
                   .partners = text(p, "partners"),
                   .year = json_is_integer(year) ? json_integer_value(year) : DB_NULL,
                   .open = truth(p, "open"),
                   .sample = truth(p, "sample"),
                   .position = (int64_t)position });
    json_array_foreach(parts, i, item) load_module(l, item, id, i);
    json_array_foreach(json_object_get(p, "rules"), i, item)
        catalogue_sql_add_rule(l->db, id, text(item, "lane"), number(item, "needed"), (int64_t)i);
    json_array_foreach(json_object_get(p, "cohorts"), i, item) load_cohort(l, item, id);
}

static bool load_all(struct db *db, void *context)
{
    struct load *l = context;
    l->db = db;
    size_t i;
    json_t *programme;
    json_array_foreach(json_object_get(l->root, "programmes"), i, programme)
        load_programme(l, programme, i + 1);
    catalogue_index(db, l->now);
    return true;
}

bool catalogue_demo(struct demo *demo)
{
    const struct asset *file = asset_find(demo_assets, demo_asset_count, S("catalogue.json"));
    json_error_t error;
    json_t *root = json_loadb(file->data.p, file->data.n, 0, &error);
    if (!root) {
        demo->say("demo/catalogue.json, line %d: %s", error.line, error.text);
        return false;
    }
    struct load load = { .a = demo->arena, .now = demo->now, .root = root };
    bool ok = db_change_run(demo->database, demo->arena, load_all, &load) == DB_COMMITTED;
    json_decref(root);
    return ok;
}
