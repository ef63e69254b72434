/* The video library, for other modules. */
#ifndef EDULAB_MOD_TV_H
#define EDULAB_MOD_TV_H

#include "module.h"

/* What the player needs; made once for a page. */
struct tv_video {
    int64_t id;
    struct str slug, title, speaker, licence, kind;
    int64_t duration_ms, competences, published_at;
    int64_t width, height;
    bool sample;
    struct str folder; /* "/media/hls/<id>" */
    struct tv_track {
        struct str lang, label;
    } *tracks;
    size_t track_count;
    struct tv_chapter {
        int64_t start_ms;
        struct str title;
    } *chapters;
    size_t chapter_count;
    struct tv_line { /* the transcript in the language of the first track */
        int64_t start_ms, end_ms;
        struct str text;
    } *lines;
    size_t line_count;
};

/* A public video by its slug with everything around it; false when there is none. */
bool tv_load(struct db *db, struct str slug, struct tv_video *ret);
/* The newest public videos, without tracks, chapters and lines. */
size_t tv_newest(struct db *db, size_t most, struct tv_video **ret);

/* The player with its fallback. done_url: where "watched" is sent, STR_NONE for nobody. */
void tv_player(struct page *pg, const struct tv_video *video, struct str done_url);
/* "12:05", "1:02:05" */
struct str tv_clock(struct arena *a, int64_t ms);

extern const struct module tv_module;

#endif
