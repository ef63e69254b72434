/* What a file is: ffprobe in the sandbox, its JSON read into a structure. A file that cannot be used is refused with
 * the reason. Nothing here trusts names or types that came with the file. */
#ifndef EDULAB_MEDIA_PROBE_H
#define EDULAB_MEDIA_PROBE_H

#include "base/arena.h"

enum probe_reason {
    PROBE_OK,
    PROBE_EMPTY,     /* 0 bytes */
    PROBE_NOT_MEDIA, /* no container we take: text, picture, archive, playlist … */
    PROBE_CUT,       /* begins well, but the end is missing or damaged */
    PROBE_NO_TRACK,  /* a container without picture and without sound */
    PROBE_CODEC,     /* no track that this ffmpeg can decode */
    PROBE_LARGE,     /* more pixels or a longer duration than we take */
    PROBE_SLOW,      /* looking at it passed the limits of the sandbox */
    PROBE_FAILED,    /* our side: no ffprobe, file not readable; see `detail` */
};

enum {
    PROBE_SIDE_MAX = 8192, /* pixels of width or height */
    PROBE_TRACKS = 32,     /* tracks looked at */
    PROBE_CHAPTERS = 500,
};

#define PROBE_DURATION_MAX ((int64_t)24 * 3600 * 1000) /* milliseconds */

struct probe_track {
    int index; /* of ffmpeg's stream: 0:<index> */
    struct str codec, profile, language, title;
    int channels;    /* sound only */
    int sample_rate; /* sound only, a second */
    bool preferred;  /* the file's own choice among its tracks; several may say so */
};

struct probe_chapter {
    int64_t start_ms, end_ms;
    struct str title;
};

struct probe {
    struct str container; /* ffmpeg's name: "mov,mp4,m4a,3gp,3g2,mj2" */
    int64_t size;         /* bytes */
    int64_t duration_ms;
    int64_t start_ms; /* of the first time stamp; may be below 0 */

    bool has_video; /* a moving picture; a cover in a sound file is not one */
    struct probe_track video;
    int width, height;                 /* as coded */
    int display_width, display_height; /* as seen: pixels made square, rotation done */
    int rotation;                      /* clockwise: 0, 90, 180, 270 */
    double fps;                        /* average; 0 when unknown */
    bool variable_rate, hdr, interlaced;
    struct str pixels; /* ffmpeg's word: "yuv420p" */
    int64_t bit_rate;  /* of the picture, bits a second; 0 when unknown */
    bool square_pixels;

    struct probe_track *sounds;
    size_t sound_count;
    struct probe_track *subtitles;
    size_t subtitle_count;
    struct probe_chapter *chapters;
    size_t chapter_count;

    struct str detail; /* what ffprobe said when it failed: for lists of failures, not for pages */
};

/* The containers we take, in ffmpeg's words: for -format_whitelist. Playlists and lists of files are not among them,
 * so that an upload cannot name other files. */
extern const char probe_formats[];

/* Looks at a local file: some 100 ms, reads its head and its end (wholly when it has no duration). ret_probe is filled
 * as far as it went. Not in a transaction. */
enum probe_reason probe_file(struct arena *arena, struct str path, struct probe *ret_probe);
/* ffprobe's JSON alone: pure. */
enum probe_reason probe_parse(struct arena *arena, struct str json, struct probe *ret_probe);
/* The sentence for people: a msgid. NULL for PROBE_OK. */
const char *probe_sentence(enum probe_reason reason);

#endif
