/* Playlists: the record. */
#include "mod/playlist/playlist.h"

#include "base/time.h"
#include "mod/people/people.h"
#include "mod/playlist/pages.h"
#include "playlist_html.h"

#define FORM .form_size = sizeof(struct playlist_form)
static const struct route routes[] = {
    { "GET", "/compte/listes", MEMBER, .get = playlists_get,
      .help = "One's own playlists, and those deleted lately." },
    { "POST", "/compte/listes", MEMBER, .apply = playlist_add_apply, .form = playlists_get,
      .params = playlist_new_params, FORM,
      .help = "Makes a playlist, with a first video or empty." },
    { "POST", "/compte/listes/:id", MEMBER, .apply = playlist_edit_apply, .form = playlist_get,
      .params = playlist_edit_params, FORM, .help = "Renames a playlist, and says who sees it." },
    { "POST", "/compte/listes/:id/supprimer", MEMBER, .apply = playlist_delete_apply,
      .params = playlist_id_params, FORM, .help = "Deletes a playlist; it can be brought back." },
    { "POST", "/compte/listes/:id/retablir", MEMBER, .apply = playlist_restore_apply,
      .params = playlist_id_params, FORM, .help = "Brings a deleted playlist back." },
    { "POST", "/compte/listes/:id/videos/:video", MEMBER, .apply = playlist_keep_apply,
      .params = playlist_keep_params, FORM,
      .help = "Puts a video into a playlist, or takes it out." },
    { "POST", "/compte/listes/:id/ordre", MEMBER, .apply = playlist_order_apply,
      .params = playlist_order_params, FORM, .help = "Moves a video of a playlist." },
    { "POST", "/compte/plus-tard/:video", MEMBER, .apply = playlist_later_apply,
      .params = playlist_later_params, FORM, .help = "Keeps a video for later, or no longer." },
    { "GET", "/tv/listes/:id", OBJECT(playlist_rule), .get = playlist_get,
      .params = playlist_id_params, FORM, .help = "A playlist, for who may see it." },
    { "GET", "/tv/listes/:id/lien/:cle", OBJECT(playlist_rule), .get = playlist_get,
      .params = playlist_link_params, FORM, .flags = ROUTE_SECRET,
      .help = "A playlist for who has its link." },
    { 0 },
};

static const struct notice notices[] = {
    { "liste-notee", N_("The playlist is saved."), false },
    { "liste-supprimee", N_("The playlist is deleted. You can bring it back below."), false },
    { "liste-retablie", N_("The playlist is back."), false },
    { "video-gardee", N_("The video is in your playlist."), false },
    { "video-otee", N_("The video is no longer in your playlist."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/listes", N_("My playlists"), AREA_TV, MENU_ACCOUNT, 26 },
    { 0 },
};

/* --- playlist.tidy: what was deleted long enough ago ------------------------------------------------------------------------- */

static bool tidy(struct db *db, struct job *job)
{
    int64_t before = time_now() - PLAYLIST_UNDO_DAYS * DAY_MS;
    (void)job;
    playlist_sql_drop_deleted_videos(db, before);
    playlist_sql_drop_deleted(db, before);
    return true;
}

static const struct job_kind jobs[] = { { .name = "playlist.tidy", .apply = tidy }, { 0 } };
static const struct schedule schedules[] = { { "playlist.tidy", 24 * 60 }, { 0 } };

/* For the public page of a person, who chooses among what they made public. */
static size_t to_show(struct db *db, int64_t person_id, enum lang lang,
                      struct people_showable **ret)
{
    struct playlist_sql_shown *rows;
    size_t n = playlist_sql_shown(db, person_id, &rows);
    struct arena *a = db_arena(db);
    (void)lang;
    *ret = arena_array(a, struct people_showable, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct playlist_sql_list list = { .id = rows[i].id, .visibility = S("public") };
        (*ret)[i] = (struct people_showable){ .id = rows[i].id,
                                              .title = rows[i].title,
                                              .path = playlist_address(a, &list),
                                              .at = rows[i].created_at };
    }
    return n;
}

static void start(struct settings *settings)
{
    (void)settings;
    playlist_see_start();
    tv_add_to_page(TV_BUTTONS, playlist_buttons);
    tv_add_to_page(TV_ASIDE, playlist_queue);
    tv_set_card_tool(playlist_mark, playlist_tool);
    people_add_showables("playlist", N_("Playlists"), to_show);
}

const struct module playlist_module = {
    .name = "playlist",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = jobs,
    .schedules = schedules,
    .db = &playlist_db,
    .privacy = playlist_privacy,
    .demo = playlist_demo,
    .start = start,
};
