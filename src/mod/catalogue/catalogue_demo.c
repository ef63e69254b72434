/* The sample catalogue: demo/catalogue.json and demo/lessons, built into the program. */
#include "base/id.h"
#include "base/time.h"
#include "demo_embedded.h"
#include "mod/catalogue/pages.h"
#include "mod/catalogue/version.h"
#include "mod/competence/competence.h"

struct load {
    struct db *db;
    struct arena *a;
    int64_t now;
    json_t *root;
    int64_t draft, position; /* of the programme being loaded */
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

static int64_t competence_bit(struct str code)
{
    int at = competence_find(code);
    return at >= 0 ? INT64_C(1) << at : 0;
}

static int64_t bits_of(const json_t *codes, int64_t (*bit)(struct str code))
{
    int64_t bits = 0;
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code) bits |= bit(str_from(json_string_value(code)));
    return bits;
}

/* "goals": {"digcompedu": {"1.3": 3}}, by framework and code. */
static void add_goals(struct load *l, const json_t *object, int64_t node)
{
    const char *framework, *code;
    json_t *codes, *level;
    json_t *goals = json_object_get(object, "goals");
    json_object_foreach(goals, framework, codes)
    {
        json_object_foreach(codes, code, level)
        {
            catalogue_sql_add_target(l->db, l->draft, node, str_from(framework), str_from(code),
                                     json_integer_value(level));
        }
    }
}

/* Node after node in the order of the outline. */
static void add_node(struct load *l, struct catalogue_sql_add_node_in *node)
{
    node->position = l->position++;
    if (!node->node_id) node->node_id = id_new();
    catalogue_sql_add_node(l->db, node);
}

static struct str settings_of(struct load *l, const json_t *settings)
{
    char *text = settings ? json_dumps(settings, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    struct str s = text ? arena_dup(l->a, str_from(text)) : S("");
    free(text);
    return s;
}

static void load_activities(struct load *l, const json_t *module, int64_t module_id)
{
    size_t i;
    json_t *activity;
    json_array_foreach(json_object_get(module, "activities"), i, activity)
    {
        struct str file = text(activity, "file");
        const struct asset *lesson =
            file.n ? asset_find(demo_assets, demo_asset_count, file) : NULL;
        struct catalogue_sql_add_node_in node =
            node_blank(l->draft, LEVEL_ACTIVITY, module_id, words(l, activity, "title"), 0);
        node.kind = text(activity, "kind");
        node.video = text(activity, "video");
        node.minutes_own = number(activity, "minutes");
        node.body = lesson ? lang_french(l->a, lesson->data) : words(l, activity, "body");
        node.rule = words(l, activity, "rule");
        node.settings = settings_of(l, json_object_get(activity, "settings"));
        add_node(l, &node);
        catalogue_sql_add_activity(l->db, node.node_id, module_id);
    }
}

static void load_module(struct load *l, const json_t *m, int64_t programme, int64_t parent)
{
    const json_t *hours = json_object_get(m, "hours");
    struct catalogue_sql_add_node_in node =
        node_blank(l->draft, LEVEL_MODULE, parent, words(l, m, "title"), 0);
    node.code = text(m, "code");
    node.brief = text(m, "short");
    node.outcome = words(l, m, "outcome");
    node.objectives = words(l, m, "objectives");
    node.requirements = words(l, m, "requirements");
    node.modality = text(m, "modality");
    node.minutes_remote = 60 * number(hours, "remote");
    node.minutes_onsite = 60 * number(hours, "onsite");
    node.minutes_own = 60 * number(hours, "own");
    node.minutes_creation = 60 * number(hours, "creation");
    node.competences = bits_of(json_object_get(m, "competences"), competence_bit);
    node.samr = text(m, "samr");
    node.aspid = text(m, "aspid");
    node.tpack = text(m, "tpack");
    node.places = number(m, "places");
    node.required = truth(m, "required");
    node.listed = truth(m, "listed");
    node.sample = truth(m, "sample");
    add_node(l, &node);
    catalogue_sql_add_module(l->db, node.node_id, programme, text(m, "slug"));
    add_goals(l, m, node.node_id);
    load_activities(l, m, node.node_id);
}

/* A lane of the file is a unit. */
static void load_lane(struct load *l, const json_t *rule, const json_t *all, int64_t programme)
{
    size_t i;
    int64_t parent = programme;
    json_t *m;
    struct str lane = text(rule, "lane");
    if (lane.n) {
        struct catalogue_sql_add_node_in unit =
            node_blank(l->draft, LEVEL_UNIT, programme, words(l, rule, "title"), 0);
        unit.lane = lane;
        unit.needed = number(rule, "needed");
        unit.whole = 0;
        unit.sample = truth(rule, "sample");
        add_node(l, &unit);
        parent = unit.node_id;
    }
    json_array_foreach(all, i, m)
    {
        if (str_eq(text(m, "lane"), lane)) load_module(l, m, programme, parent);
    }
}

static int64_t module_by_slug(struct load *l, struct str slug)
{
    struct catalogue_sql_module_by_slug m;
    return slug.n && catalogue_sql_module_by_slug(l->db, slug, &m) ? m.id : DB_NULL;
}

/* Days count from the loading, so that what is to come stays to come; at nine unless said, never on a Sunday. */
static void load_cohort(struct load *l, const json_t *c, int64_t programme, int64_t version)
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
                                        .version = version,
                                        .module = module_by_slug(l, text(c, "module")),
                                        .label = words(l, c, "label"),
                                        .starts = starts,
                                        .ends = ends,
                                        .place = words(l, c, "place"),
                                        .places = number(c, "places"),
                                        .sample = 1 });
    catalogue_sql_seed_taken(l->db, id, number(c, "taken"));
}

static void load_root(struct load *l, const json_t *p, int64_t programme)
{
    struct catalogue_sql_add_node_in root =
        node_blank(l->draft, LEVEL_PROGRAMME, 0, words(l, p, "title"), 0);
    int64_t minutes = number(p, "minutes");
    root.node_id = programme;
    root.brief = words(l, p, "subtitle");
    root.body = words(l, p, "summary");
    root.outcome = words(l, p, "aim");
    root.objectives = words(l, p, "objectives");
    root.requirements = words(l, p, "requirements");
    root.modality = text(p, "modality");
    if (str_is(root.modality, "presentiel")) root.minutes_onsite = minutes;
    else root.minutes_remote = minutes;
    root.competences = bits_of(json_object_get(p, "competences"), competence_bit);
    root.subjects = bits_of(json_object_get(p, "subjects"), subject_bit);
    root.sample = truth(p, "sample");
    root.whole = !json_object_get(json_array_get(json_object_get(p, "rules"), 0), "title");
    add_node(l, &root);
    add_goals(l, p, programme);
}

static void load_programme(struct load *l, const json_t *p)
{
    size_t i;
    json_t *item, *year = json_object_get(p, "year"), *all = json_object_get(p, "modules");
    struct str kind = text(p, "kind"), area = text(p, "area");
    int64_t id = programme_create(l->db, text(p, "slug"), kind, area, words(l, p, "title"),
                                  truth(p, "sample"), 0, l->now, &l->draft);
    if (!id) return;
    catalogue_sql_drop_nodes(l->db, l->draft);
    l->position = 0;
    catalogue_sql_set_head(l->db,
                           &(struct catalogue_sql_set_head_in){
                               .id = l->draft,
                               .kind = kind,
                               .area = area,
                               .audience = bits_of(json_object_get(p, "audience"), audience_bit),
                               .languages = 1,
                               .partners = text(p, "partners"),
                               .year = json_is_integer(year) ? json_integer_value(year) : DB_NULL,
                               .open = truth(p, "open"),
                               .now = l->now });
    load_root(l, p, id);
    json_array_foreach(json_object_get(p, "rules"), i, item) load_lane(l, item, all, id);
    int64_t version = l->draft;
    draft_publish(l->db, version, S(""), 0, l->now);
    json_array_foreach(json_object_get(p, "cohorts"), i, item) load_cohort(l, item, id, version);
}

static bool load_all(struct db *db, void *context)
{
    struct load *l = context;
    l->db = db;
    size_t i;
    json_t *programme;
    json_array_foreach(json_object_get(l->root, "programmes"), i, programme)
        load_programme(l, programme);
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
