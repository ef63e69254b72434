/* Subtitles in WebVTT, and in SubRip: writing them from cues, reading them back. Styles, regions and positions are not kept. */
#ifndef EDULAB_MEDIA_WEBVTT_H
#define EDULAB_MEDIA_WEBVTT_H

#include "base/arena.h"

enum { WEBVTT_CUES_MAX = 20000, WEBVTT_MAX = 4 * 1024 * 1024 };

struct cue {
    int64_t start_ms, end_ms;
    struct str text; /* plain text, lines separated by \n */
};

/* "01:02:03.456" and "02:03.456" to milliseconds; false otherwise. */
bool webvtt_parse_time(struct str text, int64_t *ret_ms);
/* The file for these cues, which are in order. */
struct str webvtt_write(struct arena *a, const struct cue *cues, size_t n);
/* Reads a file of valid UTF-8: cues in order of start, markup taken out. False with a msgid and a line number when it is
 * not WebVTT or passes the limits. */
bool webvtt_parse(struct arena *a, struct str file, struct cue **ret_cues, size_t *ret_count,
                  const char **ret_problem, int *ret_line);
/* The same for a file that is WebVTT or SubRip (SRT); one of neither kind holds no times and is refused. */
bool subtitles_parse(struct arena *a, struct str file, struct cue **ret_cues, size_t *ret_count,
                     const char **ret_problem, int *ret_line);
/* As SubRip, for programs that know nothing else. */
struct str subtitles_srt(struct arena *a, const struct cue *cues, size_t n);

#endif
