/* Sample videos made from a script: slides drawn, sentences spoken, joined into one MP4, with subtitles and chapters
 * whose times are those of the sound. Every picture says that it is an example.
 *
 * A script is JSON (demo/videos/<slug>.json):
 *   slug, title, description, area ("tv", "form", …), language ("fr"),
 *   slides: [{ heading, points: [text …], say: [text | { text, spoken?, point? } …] } …]
 * `spoken` is what the voice says when the written form would be misread; `point` (from 1) is the point that is marked
 * while the sentence is heard. */
#ifndef EDULAB_MEDIA_DEMO_VIDEO_H
#define EDULAB_MEDIA_DEMO_VIDEO_H

#include "html/html.h"
#include "media/fonts.h"
#include "media/webvtt.h"

enum { DEMO_SLIDES = 16, DEMO_SENTENCES = 100, DEMO_SCRIPT_MAX = 64 * 1024 };

struct demo_chapter {
    int64_t start_ms;
    struct str title;
};

struct demo_video {
    struct str slug, title, description, language;
    enum area area;
    struct str mp4; /* the path of the file made */
    int64_t duration_ms;
    struct cue *cues;
    size_t cue_count;
    struct str vtt;                /* the same as a file */
    struct demo_chapter *chapters; /* one for each slide */
    size_t chapter_count;
};

struct demo_video_options {
    struct str script; /* JSON */
    struct str
        folder; /* an empty working folder; the MP4 stays there, the rest is the caller's to remove */
    struct str display_font, body_font; /* bytes of the site's fonts, or STR_NONE */
    struct str mark;                    /* "Exemple" */
};

/* Reads the script only: fills everything but mp4, duration, cues, vtt and chapters. False with a sentence. */
bool demo_script_read(struct arena *arena, struct str script, struct demo_video *ret_video,
                      struct str *ret_error);
/* Makes the video; about four seconds for a minute of it. False with a sentence for the console. */
bool demo_video_make(struct arena *arena, const struct demo_video_options *options,
                     struct demo_video *ret_video, struct str *ret_error);

#endif
