/* The sample badges: demo/badges.json, each with its picture drawn once. */
#include "base/id.h"
#include "base/limits.h"
#include "demo_embedded.h"
#include "mod/badge/inside.h"
#include "mod/competence/competence.h"

struct load {
    struct demo *demo;
    json_t *classes;
    struct str *pictures; /* one for each class, drawn before the transaction */
};

static struct str text(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
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

static void load_requirements(struct db *db, int64_t class_id, const json_t *requirements)
{
    size_t i;
    json_t *r;
    json_array_foreach(requirements, i, r) badge_sql_add_requirement(
        db, class_id, text(r, "kind"), text(r, "code"), json_is_true(json_object_get(r, "must")));
}

static bool load_classes(struct db *db, void *context)
{
    struct load *l = context;
    size_t i;
    json_t *c;
    json_array_foreach(l->classes, i, c)
    {
        int64_t id = id_new();
        badge_sql_add_class(db,
                            &(struct badge_sql_add_class_in){
                                .id = id,
                                .slug = text(c, "slug"),
                                .name_fr = text(json_object_get(c, "name"), "fr"),
                                .name_en = text(json_object_get(c, "name"), "en"),
                                .criteria_fr = text(json_object_get(c, "criteria"), "fr"),
                                .criteria_en = text(json_object_get(c, "criteria"), "en"),
                                .area = text(c, "area"),
                                .kind = text(c, "kind"),
                                .programme = text(c, "programme"),
                                .competences = competence_mask(json_object_get(c, "competences")),
                                .needed = json_integer_value(json_object_get(c, "needed")),
                                .sample = json_is_true(json_object_get(c, "sample")),
                                .position = (int64_t)i,
                                .picture = l->pictures[i],
                            });
        load_requirements(db, id, json_object_get(c, "requirements"));
    }
    return true;
}

static bool draw(struct load *l)
{
    struct arena *a = l->demo->arena;
    size_t i;
    json_t *c;
    l->pictures = arena_array(a, struct str, json_array_size(l->classes) + 1);
    json_array_foreach(l->classes, i, c)
    {
        struct badge_sql_class row = { .area = text(c, "area"), .kind = text(c, "kind") };
        struct badge_card card = badge_card_of(&row, LANG_FR);
        struct buf png = BUF_INIT(LIMIT_PNG / 2); /* room is left for the assertion */
        struct str svg =
            draw_badge_file(a, text(json_object_get(c, "name"), "fr"), card.area, card.kind);
        bool well = draw_png(svg, BADGE_PICTURE, &png);
        l->pictures[i] = arena_dup(a, buf_view(&png));
        buf_finish(&png);
        if (!well) return false;
    }
    return true;
}

bool badge_demo(struct demo *demo)
{
    const struct asset *file = asset_find(demo_assets, demo_asset_count, S("badges.json"));
    json_t *root = file ? json_loadb(file->data.p, file->data.n, 0, NULL) : NULL;
    struct load l = { .demo = demo, .classes = json_object_get(root, "badges") };
    bool well = json_is_array(l.classes) && draw(&l) &&
                db_change_run(demo->database, demo->arena, load_classes, &l) == DB_COMMITTED;
    if (well) demo->say("%zu badges", json_array_size(l.classes));
    json_decref(root);
    return well;
}
