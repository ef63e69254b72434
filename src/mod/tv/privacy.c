/* Who brought in which video, and who publishes in which channel. The videos themselves are the centre's. */
#include "mod/tv/pages.h"
#include "tv_sql.h"

#define ROW struct tv_sql_held_videos
static const struct privacy_column video_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Title")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TIME, ROW, created_at, N_("Brought in on")),
    PRIVACY(TIME, ROW, published_at, N_("Published on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(videos, tv_sql_held_videos)

#define ROW struct tv_sql_held_channels
static const struct privacy_column channel_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Channel")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(channels, tv_sql_held_channels)

static const struct privacy_section sections[] = {
    { "videos", N_("Videos you brought in"), video_columns, sizeof(struct tv_sql_held_videos),
      videos,
      N_("The videos stay, under the licence they were published with; that you brought them in is "
         "forgotten.") },
    { "channels", N_("Channels you publish in"), channel_columns,
      sizeof(struct tv_sql_held_channels), channels, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    tv_sql_forget_person(db, person_id);
    tv_sql_forget_publisher(db, person_id);
    tv_sql_forget_recognitions(db, person_id);
}

static const char *const columns[] = { "video.uploaded_by", "tv_publisher.person_id",
                                       "video_recognition.asked_by", NULL };

const struct privacy_source tv_privacy[] = {
    { .name = "tv",
      .label = N_("Videos"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
