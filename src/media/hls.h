/* HLS playlists: reading those that ffmpeg wrote for one rendition, and writing the master that names them all. Pure
 * but for hls_measure() and hls_codec_of(), which read files of a folder being made. */
#ifndef EDULAB_MEDIA_HLS_H
#define EDULAB_MEDIA_HLS_H

#include "base/arena.h"

enum { HLS_SEGMENT_MS = 4000 };

struct hls_segment {
    struct str name;
    double seconds;
};

struct hls_playlist {
    struct str init; /* the file of EXT-X-MAP; STR_NONE without one */
    struct hls_segment *segments;
    size_t count;
};

/* Reads a media playlist; false when it is none or has no segment. */
bool hls_parse(struct arena *a, struct str playlist, struct hls_playlist *ret_playlist);

struct hls_weight {
    int64_t peak, average; /* bits a second */
    int64_t bytes;         /* of all segments */
    double seconds;
};

/* Weighs folder/index.m3u8 and the segments beside it; false when one is missing. */
bool hls_measure(struct arena *a, struct str folder, struct hls_weight *ret_weight);
/* The CODECS word of H.264 in the bytes of an init segment: "avc1.64001f"; STR_NONE when there is none. */
struct str hls_codec(struct arena *a, struct str init);
/* The same for the rendition in `folder`. */
struct str hls_codec_of(struct arena *a, struct str folder);

struct hls_video {
    struct str folder; /* also its name: "720p" */
    struct str codec;
    int width, height;
    double fps;
    struct hls_weight weight;
};

struct hls_sound {
    struct str folder;   /* "audio", "audio-2" */
    struct str language; /* "fra"; empty when unknown */
    struct str label;    /* what the file calls it; empty: the language's name */
    int channels;
    struct hls_weight weight;
};

struct hls_subtitle {
    struct str language, label; /* "fr", "Français" */
    struct str playlist;        /* its address from the master */
};

struct hls_master {
    const struct hls_video *videos;
    size_t video_count;
    const struct hls_sound *sounds; /* the first is the one heard unless another is chosen */
    size_t sound_count;
    const struct hls_subtitle *subtitles;
    size_t subtitle_count;
};

/* "fre" and "fra" become "fr"; a language we have no short code for stays. ret_name: in itself, "Français". */
struct str hls_language(struct str language, struct str *ret_name);
struct str hls_master_playlist(struct arena *a, const struct hls_master *master);
/* A playlist with the whole WebVTT file as its one segment. */
struct str hls_subtitle_playlist(struct arena *a, struct str file, int64_t duration_ms);

#endif
