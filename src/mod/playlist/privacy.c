/* A person's lists are theirs: shown to them, taken along, erased. */
#include "mod/playlist/pages.h"

#define ROW struct playlist_sql_held
static const struct privacy_column list_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Title")),
    PRIVACY(CODE, ROW, visibility, N_("Who sees it")),
    PRIVACY(TIME, ROW, created_at, N_("Created on")),
    PRIVACY(TIME, ROW, deleted_at, N_("Deleted on")),
    { 0 },
};
#undef ROW
#define ROW struct playlist_sql_held_videos
static const struct privacy_column video_columns[] = {
    PRIVACY(TEXT, ROW, list, N_("Playlist")),
    PRIVACY(TEXT, ROW, video, N_("Video")),
    PRIVACY(TIME, ROW, added_at, N_("Added on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(lists, playlist_sql_held)
PRIVACY_ROWS(list_videos, playlist_sql_held_videos)

static const struct privacy_section sections[] = {
    { "playlists", N_("Your playlists"), list_columns, sizeof(struct playlist_sql_held), lists,
      NULL },
    { "videos", N_("Videos in your playlists"), video_columns,
      sizeof(struct playlist_sql_held_videos), list_videos, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    playlist_sql_forget_videos(db, person_id);
    playlist_sql_forget(db, person_id);
}

static const char *const columns[] = { "playlist.person_id", NULL };

const struct privacy_source playlist_privacy[] = {
    { .name = "playlist",
      .label = N_("Playlists"),
      .correct = "/compte/listes",
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
