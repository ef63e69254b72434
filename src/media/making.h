/* What the files that make a video share. Nobody else includes it. */
#ifndef EDULAB_MEDIA_MAKING_H
#define EDULAB_MEDIA_MAKING_H

#include "media/hls.h"
#include "media/ladder.h"
#include "media/sandbox.h"
#include "media/transcode.h"

enum { ARGS_MAX = 160, SOUNDS_MAX = 8 };

struct making {
    const struct transcode_job *job;
    struct arena *arena;
    struct transcode_result *result;
    struct probe *probe;
    struct str folder;  /* a temporary one, ours alone */
    struct str final;   /* <hls>/<name> */
    struct str picture; /* a file that is read besides the source; STR_NONE */
    int lock;
    bool copy; /* ladder[0] is the source's own picture */
    struct rendition ladder[LADDER_MAX];
    size_t ladder_count;
    double rate;
    const struct probe_track *sounds[SOUNDS_MAX]; /* the preferred one first */
    size_t sound_count;
    int from, to;    /* thousandths of the step that the command under way fills */
    int thousandths; /* last told */
};

struct arguments {
    const char *list[ARGS_MAX];
    size_t n;
};

/* --- making.c: running ffmpeg, and giving what it made its place ---------------------------------------- */

/* Bright scenes of HDR become what an ordinary screen can show, instead of grey. */
#define TONE_MAP                                                                                   \
    ",zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"              \
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"

void args_add(struct arguments *args, const char *const *words);
#define ADD(args, ...) args_add((args), (const char *const[]){ __VA_ARGS__, NULL })
/* "ffmpeg" and what every call says. */
void args_start(struct arguments *args);
void args_source(struct making *m, struct arguments *args);
/* Runs in the temporary folder, which also reads <hls>/<name>; its progress moves from m->from to m->to. */
enum media_result making_run(struct making *m, const struct arguments *args);
bool making_tell(struct making *m, int thousandths);
/* making_tell() for who waits: the context is a struct making, nothing has moved. */
bool making_goes_on(void *context);
enum media_result making_failed(struct making *m, const char *doing);
enum media_result making_begin(struct making *m);
void making_end(struct making *m);
/* Is there such an entry in the video's folder? */
bool making_has(struct making *m, struct str entry);
/* Makes an entry of the temporary folder durable and gives it its place in the video's folder. A folder that is there
 * already stays; a file is replaced. */
enum media_result making_place(struct making *m, struct str entry);

/* --- encode.c: sound and picture sizes ------------------------------------------------------------------- */

/* The source's own picture as rendition 0, not yet in its place. False in *ret_good when its key pictures lie too far apart. */
enum media_result encode_copy(struct making *m, bool *ret_good);
enum media_result encode_sounds(struct making *m);
/* The sizes with a true `wanted`, in one pass; not yet in their places. */
enum media_result encode_sizes(struct making *m, const bool wanted[LADDER_MAX]);
/* video.mp4 from the best rendition that this step made or that is there. A step makes it before it gives its sizes their
 * places: a size that is there is not made again, nor the file from it. */
enum media_result encode_mp4(struct making *m);
enum media_result encode_place(struct making *m, const bool made[LADDER_MAX]);
struct str sound_folder(struct making *m, size_t number);

/* --- pictures.c, waveform.c ------------------------------------------------------------------------------ */

enum media_result pictures_poster(struct making *m, int64_t at_ms);
enum media_result pictures_own(struct making *m, struct str picture);
enum media_result pictures_choices(struct making *m);
enum media_result pictures_storyboard(struct making *m);
/* See media_changes(). */
enum media_result pictures_changes(struct making *m, size_t most, int64_t **ret_moments,
                                   size_t *ret_count);
/* Seconds between two pictures of the storyboard of so long a video. */
int64_t storyboard_interval(int64_t duration_ms);
enum media_result waveform_make(struct making *m);

/* --- contents.c: what is in the folder, said in playlists ------------------------------------------------ */

/* Notes beside a rendition what its playlist does not say. In the temporary folder. */
bool contents_note_picture(struct making *m, const struct rendition *r, double fps);
bool contents_note_sound(struct making *m, struct str folder, const struct probe_track *track,
                         int channels);
/* Writes master.m3u8 for what is there, and fills what the result says of it. */
enum media_result contents_publish(struct making *m);
enum media_result contents_subtitles(struct making *m);

/* --- texts.c: text tracks of the source ------------------------------------------------------------------ */

enum media_result texts_extract(struct making *m);

#endif
