/* The sample videos: made on the spot from the scripts in demo/videos, then brought in like any other. */
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asset_names.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "demo_embedded.h"
#include "media/blob.h"
#include "media/demo_video.h"
#include "media/file.h"
#include "media/media.h"
#include "mod/competence/competence.h"
#include "mod/tv/library.h"
#include "web_embedded.h"

static const struct {
    const char *slug, *kind, *licence, *speaker;
    const char *competences[4];
    int days_ago; /* less than zero: to come, and announced */
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
    { "donnees-eleves", "webinar", "CC BY-SA", N_("A trainer of eduLAB"), { "2.3" }, -9 },
};

/* A sample video that is to come opens at half past twelve, when teachers have lunch. */
static void announce(struct db *db, int64_t id, int64_t day)
{
    struct civil c = time_civil(day);
    tv_sql_see(
        db, &(const struct tv_sql_see_in){ .id = id,
                                           .audience = S("public"),
                                           .organisation = DB_NULL,
                                           .programme = DB_NULL,
                                           .cohort = DB_NULL,
                                           .opens = time_from_civil(c.year, c.month, c.day, 12, 30),
                                           .closes = DB_NULL,
                                           .announced = 1 });
    tv_settle(db, id);
}

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
    int64_t now, id;
    struct str blob;
    struct demo_video video;
};

static bool add(struct db *db, void *context)
{
    struct load *l = context;
    const struct demo_video *v = &l->video;
    int64_t mask = 0, ago = about[l->which].days_ago;
    for (size_t i = 0; i < COUNT(about[0].competences) && about[l->which].competences[i]; i++)
        mask |= INT64_C(1) << competence_find(str_from(about[l->which].competences[i]));
    tv_add(db,
           &(struct tv_sql_add_video_in){ .id = l->id,
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
                                          .now = l->now - (ago > 0 ? ago : 0) * DAY_MS });
    if (ago < 0) announce(db, l->id, l->now - ago * DAY_MS);
    tv_sql_add_text(db, l->id, v->language, S("Français"), v->vtt);
    for (size_t i = 0; i < v->chapter_count; i++)
        tv_sql_add_chapter(db, l->id, v->chapters[i].start_ms, v->chapters[i].title);
    /* at its last chapter: where to go on learning */
    if (v->chapter_count > 1) {
        int64_t from = v->chapters[v->chapter_count - 1].start_ms;
        tv_sql_add_resource(db,
                            &(struct tv_sql_add_resource_in){
                                .id = id_new(),
                                .video = l->id,
                                .from = from,
                                .to = from + 8000,
                                .kind = S("link"),
                                .title = lang_text(LANG_FR, N_("Our trainings on this subject")),
                                .address = S("/formations"),
                                .blob = STR_NONE,
                                .name = S(""),
                                .type = S("") });
    }
    return true;
}

/* --- what an earlier load made --------------------------------------------------------------------------------- */

static struct str sample_videos; /* <slug>/video.mp4, text.vtt, hls/ */

void tv_demo_start(struct settings *settings)
{
    sample_videos = settings_text(settings, "sample_videos");
}

/* The video's file and subtitles, in the working folder; its chapters are in the file. False: it has to be made. */
static bool take_file(struct demo *demo, const struct demo_video_options *options, const char *slug,
                      struct demo_video *ret)
{
    if (!sample_videos.n) return false;
    struct arena *a = demo->arena;
    struct str folder = file_join(a, sample_videos, str_from(slug)), error;
    struct str mp4 = file_join(a, options->folder, S("video.mp4"));
    if (link(file_join(a, folder, S("video.mp4")).p, mp4.p) != 0 ||
        !demo_script_read(a, options->script, ret, &error) ||
        !file_read(a, file_join(a, folder, S("text.vtt")), WEBVTT_MAX, &ret->vtt))
        return false;
    ret->mp4 = mp4;
    return true;
}

static char renditions_from[PATH_MAX], renditions_to[PATH_MAX];

static int link_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)at;
    char to[PATH_MAX];
    const char *below = path + strlen(renditions_from);
    if (snprintf(to, sizeof to, "%s%s", renditions_to, below) >= (int)sizeof to) return -1;
    return kind == FTW_D ? mkdir(to, 0750) : link(path, to);
}

/* All sizes, at the place where the job will look for them: it finds nothing left to do. */
static bool take_renditions(struct demo *demo, const char *slug, int64_t id)
{
    struct arena *a = demo->arena;
    struct str from = file_join(a, file_join(a, sample_videos, str_from(slug)), S("hls"));
    struct str to = file_join(a, media_hls_folder(), tv_folder_name(a, id, 0));
    if (from.n >= sizeof renditions_from || to.n >= sizeof renditions_to) return false;
    memcpy(renditions_from, from.p, from.n + 1);
    memcpy(renditions_to, to.p, to.n + 1);
    return nftw(renditions_from, link_one, 16, FTW_PHYS) == 0;
}

static bool make_one(struct demo *demo, size_t which)
{
    struct load l = { .which = which, .now = demo->now, .id = id_new() };
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
    bool kept = take_file(demo, &options, about[which].slug, &l.video);
    bool made = kept || demo_video_make(demo->arena, &options, &l.video, &error);
    if (!made) demo->say("%.*s: %.*s", STR(name), STR(error));
    struct blob_store *store = blob_store_open(demo->arena, demo->data);
    made = made && store &&
           blob_adopt(store, demo->arena, l.video.mp4, NULL, NULL, &l.blob, NULL) == BLOB_OK &&
           (!kept || take_renditions(demo, about[which].slug, l.id)) &&
           db_change_run(demo->database, demo->arena, add, &l) == DB_COMMITTED;
    nftw(folder.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return made;
}

bool tv_demo(struct demo *demo)
{
    for (size_t i = 0; i < COUNT(about); i++)
        if (!make_one(demo, i)) return false;
    return tv_demo_channels(demo);
}
