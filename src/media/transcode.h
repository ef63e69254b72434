/* Makes a file playable everywhere: CMAF HLS in up to two sizes, an MP4 for players without HLS and for keeping, a
 * poster, subtitles. All in one folder that appears whole:
 *
 *   <hls>/<name>/master.m3u8      names everything below
 *                720p/ 360p/      pictures without sound: index.m3u8, init_N.mp4, seg_NNNNN.m4s (4 s, same cuts)
 *                audio/           the sound, once for all sizes
 *                subs/fr.vtt, fr.m3u8
 *                video.mp4        the best size with sound, its index in front
 *                poster.webp      480 pixels across, for lists (not for sound alone)
 *                poster-large.webp  as large as the best size, for the player */
#ifndef EDULAB_MEDIA_TRANSCODE_H
#define EDULAB_MEDIA_TRANSCODE_H

#include "base/arena.h"
#include "media/probe.h"

enum media_result {
    MEDIA_OK,
    MEDIA_STOPPED, /* progress said stop (the lease is lost): nothing is left */
    MEDIA_BAD,     /* the file cannot be made playable: see `reason` and probe_sentence() */
    MEDIA_FULL,    /* no room left on the disk: nothing is left; try later */
    MEDIA_FAILED,  /* our side; see `why`; try later */
};

struct transcode_subtitle {
    struct str language, label; /* "fr", "Français" */
    struct str vtt;             /* a whole WebVTT file */
};

struct transcode_job {
    struct str source; /* a local file: blob_local_path() */
    struct str hls;    /* the folder <data>/hls */
    struct str
        name; /* of the folder to make: a-z 0-9 and hyphens; one that exists is replaced in one step */
    const struct transcode_subtitle *subtitles;
    size_t subtitle_count;
    int64_t poster_ms; /* which moment the poster shows; -1 = a tenth of the way */
    /* True progress in thousandths, at least each second or two: renew the lease here. False stops everything. */
    bool (*progress)(void *context, int thousandths);
    void *context;
};

struct transcode_result {
    enum probe_reason reason;
    struct probe probe;  /* of the source */
    int64_t duration_ms; /* of what was made */
    int width, height;   /* of the best rendition; 0 for sound alone */
    size_t rendition_count;
    int64_t bytes;  /* of the segments of all renditions */
    struct str why; /* in English, for lists of failures */
};

/* Takes about a third of the video's duration on two cores. Outside any transaction; from one thread a name. */
enum media_result media_transcode(struct arena *arena, const struct transcode_job *job,
                                  struct transcode_result *ret_result);

/* a-z, 0-9 and inner hyphens, at most 64. */
bool media_name_valid(struct str name);
/* Removes what killed processes left in <data>/hls; call at start. */
void media_remove_stale(struct str hls);
/* Removes a published video; true when nothing is left. */
bool media_remove(struct arena *arena, struct str hls, struct str name);

/* The type of a file of a published folder by its address below it ("720p/seg_00001.m4s"), NULL for anything that
 * such a folder does not hold: also the check that the address stays inside. */
const char *media_file_type(struct str rest);

#endif
