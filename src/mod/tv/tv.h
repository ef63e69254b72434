/* The video library, for other modules. */
#ifndef EDULAB_MOD_TV_H
#define EDULAB_MOD_TV_H

#include "html/components.h"
#include "module.h"

/* What the player needs; made once for a page. */
struct tv_video {
    int64_t id;
    struct str slug, title, speaker, licence, kind;
    int64_t duration_ms, competences, published_at;
    int64_t width, height;
    int64_t views; /* -1: not counted, or not loaded */
    bool sample;
    struct str folder; /* "/media/hls/<id>" */
    struct ui_track *tracks;
    size_t track_count;
    struct ui_chapter *chapters;
    size_t chapter_count;
    struct ui_line *lines; /* the transcript in the language of the first track */
    size_t line_count;
};

/* A public video by its slug with everything around it; false when there is none. */
bool tv_load(struct db *db, struct str slug, struct tv_video *ret);
/* The newest public videos, without tracks, chapters and lines. */
size_t tv_newest(struct db *db, size_t most, struct tv_video **ret);

/* The player with its fallback. done_url: where "watched" is sent, STR_NONE for nobody. */
void tv_player(struct page *pg, const struct tv_video *video, struct str done_url);
/* At start: what a later module puts beside each player, such as the counting of what is watched. */
void tv_add_beside(void (*fn)(struct page *pg, const struct tv_video *video));
/* At start: how often a video was watched, for the pages that show it. */
void tv_set_views(int64_t (*fn)(struct db *db, int64_t video_id));
/* A msgid: "Webinar", "Tutorial". */
const char *tv_kind_label(struct str kind);
/* As one line of a list. */
struct ui_video tv_row_of(struct page *pg, const struct tv_video *video);

extern const struct module tv_module;

#endif
