/* The sample channels, series and tags of demo/channels.json, once the sample videos are there. */
#include "base/id.h"
#include "demo_embedded.h"
#include "mod/tv/library.h"

static struct str text_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

static int64_t video_of(struct db *db, const json_t *slug)
{
    struct tv_sql_video_by_slug v;
    struct str s = { json_string_value(slug), json_string_length(slug) };
    return s.p && tv_sql_video_by_slug(db, s, &v) ? v.id : 0;
}

/* Each episode leads on to the next, and to the whole series. */
static void lead_on(struct db *db, const json_t *slugs, int64_t series)
{
    for (size_t i = 0; i < json_array_size(slugs); i++) {
        int64_t video = video_of(db, json_array_get(slugs, i));
        int64_t next =
            i + 1 < json_array_size(slugs) ? video_of(db, json_array_get(slugs, i + 1)) : 0;
        if (video && next) tv_sql_add_end_card(db, video, 0, S("video"), next, S(""), S(""));
        if (video) tv_sql_add_end_card(db, video, 1, S("series"), series, S(""), S(""));
    }
}

static void put(struct db *db, const json_t *slugs, int64_t channel, int64_t series)
{
    size_t i;
    json_t *slug;
    json_array_foreach(slugs, i, slug)
    {
        int64_t video = video_of(db, slug);
        if (video)
            tv_sql_place(db, video, channel, series ? series : DB_NULL,
                         series ? (int64_t)i + 1 : 0);
    }
}

static void add_channel(struct db *db, const json_t *c, int64_t now)
{
    struct arena *a = db_arena(db);
    int64_t id = id_new();
    size_t i;
    json_t *s;
    tv_sql_add_channel(db, &(struct tv_sql_add_channel_in){
                               .id = id,
                               .slug = text_of(c, "slug"),
                               .name = lang_french(a, text_of(c, "name")),
                               .description = lang_french(a, text_of(c, "description")),
                               .lang = text_of(c, "lang"),
                               .named = 0,
                               .sample = 1,
                               .now = now });
    put(db, json_object_get(c, "videos"), id, 0);
    json_array_foreach(json_object_get(c, "series"), i, s)
    {
        int64_t series = id_new();
        tv_sql_add_series(db, series, id, text_of(s, "slug"), lang_french(a, text_of(s, "title")),
                          lang_french(a, text_of(s, "description")), 1, now);
        put(db, json_object_get(s, "episodes"), id, series);
        lead_on(db, json_object_get(s, "episodes"), series);
    }
}

static uint64_t bits_of(struct arena *a, enum tv_group group, const json_t *codes)
{
    struct str_list list = { arena_array(a, struct str, json_array_size(codes) + 1), 0 };
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code) list.items[list.n++] =
        (struct str){ json_string_value(code), json_string_length(code) };
    return tv_tag_bits(group, &list);
}

static void tag(struct db *db, const char *slug, const json_t *t)
{
    struct tv_sql_video_by_slug v;
    struct arena *a = db_arena(db);
    if (!tv_sql_video_by_slug(db, str_from(slug), &v)) return;
    tv_sql_tag(db, v.id, tv_themes_of(bits_of(a, TV_THEME, json_object_get(t, "themes"))),
               tv_levels_of(bits_of(a, TV_LEVEL, json_object_get(t, "levels"))), v.competences);
    tv_settle(db, v.id);
}

struct load {
    const json_t *root;
    int64_t now;
};

static bool add_all(struct db *db, void *context)
{
    const struct load *l = context;
    size_t i;
    const char *slug;
    json_t *each;
    json_array_foreach(json_object_get(l->root, "channels"), i, each) add_channel(db, each, l->now);
    json_object_foreach(json_object_get(l->root, "tags"), slug, each) tag(db, slug, each);
    return true;
}

bool tv_demo_channels(struct demo *demo)
{
    const struct asset *file = asset_find(demo_assets, demo_asset_count, S("channels.json"));
    json_t *root = file ? json_loadb(file->data.p, file->data.n, 0, NULL) : NULL;
    struct load l = { root, demo->now };
    bool well = root && db_change_run(demo->database, demo->arena, add_all, &l) == DB_COMMITTED;
    if (!well) demo->say("channels.json: cannot be read");
    json_decref(root);
    return well;
}
