/* The sample videos: made on the spot from the scripts in demo/videos, then brought in like any other. */
#include <ftw.h>
#include <sys/stat.h>

#include "asset_names.h"
#include "base/id.h"
#include "base/time.h"
#include "demo_embedded.h"
#include "media/blob.h"
#include "media/demo_video.h"
#include "mod/competence/competence.h"
#include "mod/tv/pages.h"
#include "web_embedded.h"

static const struct {
    const char *slug, *kind, *licence, *speaker;
    const char *competences[4];
    int days_ago;
} about[] = {
    { "demarche-steam", "tutorial", "CC BY-SA", N_("A trainer of eduLAB"), { "1.3", "5.3" }, 6 },
    { "ia-generative-texte",
      "tutorial",
      "CC BY-SA",
      N_("A trainer of eduLAB"),
      { "1.4", "2.1" },
      3 },
    { "retour-sans-crouler",
      "webinar",
      "CC BY-NC-SA",
      N_("A secondary school teacher"),
      { "4.3" },
      12 },
    { "licences-ouvertes",
      "tutorial",
      "CC BY-SA",
      N_("An expert in open resources"),
      { "2.3" },
      20 },
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static struct str font(const char *address)
{
    const struct asset *asset =
        asset_find(web_assets, web_asset_count, str_from(address + strlen("/assets/")));
    return asset ? asset->data : STR_NONE;
}

struct load {
    size_t which;
    int64_t now;
    struct str blob;
    struct demo_video video;
};

static bool add(struct db *db, void *context)
{
    struct load *l = context;
    const struct demo_video *v = &l->video;
    int64_t mask = 0, id = id_new();
    for (size_t i = 0; i < COUNT(about[0].competences) && about[l->which].competences[i]; i++)
        mask |= INT64_C(1) << competence_find(str_from(about[l->which].competences[i]));
    tv_add(db,
           &(struct tv_sql_add_video_in){ .id = id,
                                          .slug = v->slug,
                                          .title = lang_french(db_arena(db), v->title),
                                          .description = lang_french(db_arena(db), v->description),
                                          .speaker = lang_text(LANG_FR, about[l->which].speaker),
                                          .licence = str_from(about[l->which].licence),
                                          .kind = str_from(about[l->which].kind),
                                          .competences = mask,
                                          .blob = l->blob,
                                          .sample = 1,
                                          .uploaded_by = DB_NULL,
                                          .now = l->now - about[l->which].days_ago * DAY_MS });
    tv_sql_add_text(db, id, v->language, S("Français"), v->vtt);
    for (size_t i = 0; i < v->chapter_count; i++)
        tv_sql_add_chapter(db, id, v->chapters[i].start_ms, v->chapters[i].title);
    return true;
}

static bool make_one(struct demo *demo, size_t which)
{
    struct load l = { .which = which, .now = demo->now };
    struct str name = arena_printf(demo->arena, "videos/%s.json", about[which].slug),
               error = STR_NONE;
    struct str folder = arena_printf(demo->arena, "%.*s/demo-video", STR(demo->data));
    const struct asset *script = asset_find(demo_assets, demo_asset_count, name);
    nftw(folder.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (!script || mkdir(folder.p, 0750) != 0) {
        demo->say("%.*s: cannot begin", STR(name));
        return false;
    }
    const struct demo_video_options options = { .script = script->data,
                                                .folder = folder,
                                                .mark = S("Exemple"),
                                                .display_font = font(ASSET_BRICOLAGE_WOFF2),
                                                .body_font = font(ASSET_ATKINSON_NEXT_WOFF2) };
    demo->say("video %zu of %zu: %s", which + 1, COUNT(about), about[which].slug);
    bool made = demo_video_make(demo->arena, &options, &l.video, &error);
    if (!made) demo->say("%.*s: %.*s", STR(name), STR(error));
    struct blob_store *store = blob_store_open(demo->arena, demo->data);
    made = made && store &&
           blob_adopt(store, demo->arena, l.video.mp4, NULL, NULL, &l.blob, NULL) == BLOB_OK &&
           db_change_run(demo->database, demo->arena, add, &l) == DB_COMMITTED;
    nftw(folder.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return made;
}

bool tv_demo(struct demo *demo)
{
    for (size_t i = 0; i < COUNT(about); i++)
        if (!make_one(demo, i)) return false;
    return true;
}
