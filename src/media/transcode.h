/* Makes a file playable everywhere, step by step: what is made is never made again, and people watch from the first
 * picture size on. A video is a folder that grows:
 *
 *   <hls>/<name>/master.m3u8      names what is there; written anew after each step, whole
 *                1080p/ … 240p/   pictures without sound: index.m3u8, init.mp4, seg_NNNNN.m4s
 *                audio/ audio-2/  the sound tracks, once for all sizes
 *                subs/fr.vtt, fr.m3u8
 *                video.mp4        the best size with the first sound, its index in front
 *                poster.webp      480 pixels across, for lists (not for sound alone)
 *                poster-large.webp  as large as the best size, for the player
 *                choice-1.webp …  moments to choose a poster from
 *                storyboard.webp, storyboard.vtt
 *                waveform.dat     a byte for each tenth of a second, 0 to 255
 *
 * Steps, each safe to run again: the source is looked at, its sound and (when its codecs allow) its picture are copied;
 * a first small size when nothing plays yet; posters, storyboard, waveform; the other sizes in one pass. */
#ifndef EDULAB_MEDIA_TRANSCODE_H
#define EDULAB_MEDIA_TRANSCODE_H

#include "base/arena.h"
#include "media/probe.h"

enum media_result {
    MEDIA_OK,
    MEDIA_STOPPED, /* progress said stop (the lease is lost): what was whole stays */
    MEDIA_BAD,     /* the file cannot be made playable: see `reason` and probe_sentence() */
    MEDIA_FULL,    /* no room left on the disk; try later */
    MEDIA_FAILED,  /* our side; see `why`; try later */
};

enum { MEDIA_CHOICES = 5, WAVEFORM_RATE = 10, MEDIA_TILE_AFTER_MS = 4000 };

struct transcode_subtitle {
    struct str language, label; /* "fr", "Français" */
    struct str vtt;             /* a whole WebVTT file */
};

struct transcode_job {
    struct str source; /* a local file: blob_local_path() */
    struct str hls;    /* the folder <data>/hls */
    struct str name;   /* of the folder to fill: a-z 0-9 and hyphens */
    const struct transcode_subtitle *subtitles;
    size_t subtitle_count;
    int64_t poster_ms; /* which moment the poster shows; -1 = a tenth of the way */
    /* True progress of the step in thousandths, at least each second or two: renew the lease here. False stops it. */
    bool (*progress)(void *context, int thousandths);
    void *context;
};

struct transcode_result {
    enum probe_reason reason;
    struct probe probe;     /* of the source */
    int64_t duration_ms;    /* of what is there */
    int width, height;      /* of the best rendition there; 0 for sound alone */
    size_t rendition_count; /* picture sizes there */
    bool playable;          /* people can watch */
    bool whole;             /* nothing is left to do */
    int done, next;         /* thousandths of all the work: done, and what the next step is worth */
    /* Text tracks found in the source, by the first step only: plain times and texts as WebVTT. */
    struct transcode_subtitle *found;
    size_t found_count;
    struct str why; /* in English, for lists of failures */
};

/* Does the next missing step. Outside any transaction; two at once on one name do no harm but double work. */
enum media_result media_step(struct arena *arena, const struct transcode_job *job,
                             struct transcode_result *ret_result);
/* All steps that are missing. */
enum media_result media_transcode(struct arena *arena, const struct transcode_job *job,
                                  struct transcode_result *ret_result);
/* Writes subs/ and the master playlist anew after the subtitles of a playable video changed. */
enum media_result media_texts(struct arena *arena, const struct transcode_job *job,
                              struct str *ret_why);
/* The moment that choice-<number>.webp shows, from 1 to MEDIA_CHOICES. Pure. */
int64_t media_choice_at(int64_t duration_ms, int number);
/* Takes the poster from another moment (poster_ms), or from a picture file when `picture` is set. */
enum media_result media_poster(struct arena *arena, const struct transcode_job *job,
                               struct str picture, struct transcode_result *ret_result);
/* Moments where the picture changes wholly, such as slides, in ms from the start, at least five seconds apart; the `most`
 * strongest of them, in order. */
enum media_result media_changes(struct arena *arena, const struct transcode_job *job, size_t most,
                                int64_t **ret_moments, size_t *ret_count,
                                struct transcode_result *ret_result);

/* The small picture of a moment on the storyboard, in pixels. */
struct media_tile {
    int left, top, width, height, sheet_width, sheet_height;
};
/* Reads it off storyboard.vtt; false when there is none. Pure. */
bool media_tile_at(struct str vtt, int64_t at_ms, struct media_tile *ret);

/* a-z, 0-9 and inner hyphens, at most 64. */
bool media_name_valid(struct str name);
/* Removes what killed processes left in <data>/hls; call at start. */
void media_remove_stale(struct str hls);
/* Removes a video's folder; true when nothing is left. */
bool media_remove(struct arena *arena, struct str hls, struct str name);

/* The type of a file of a video's folder by its address below it ("720p/seg_00001.m4s"), NULL for anything that
 * such a folder does not hold: also the check that the address stays inside. */
const char *media_file_type(struct str rest);

#endif
