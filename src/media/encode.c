/* The sound once, the picture copied or encoded in several sizes, one MP4 of both: what ffmpeg is told. */
#include "media/making.h"

#include <math.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "media/file.h"

enum {
    SLOW_RATE = 20,        /* frames a second */
    SEGMENT_LONGEST = 12,  /* seconds: a copied picture with longer ones is encoded after all */
    KEY_TIMES = 96 * 1024, /* bytes of a list of moments: an argument has its limit */
    PLAYLIST_MAX = 4 * MIB,
};

/* --- what all segments share ---------------------------------------------------------------------------- */

static void add_hls(struct making *m, struct arguments *args, const char *map)
{
    ADD(args, "-map_metadata", "-1", "-map_chapters", "-1", "-f", "hls", "-hls_time",
        arena_printf(m->arena, "%d", HLS_SEGMENT_MS / 1000).p, "-hls_playlist_type", "vod",
        "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments",
        "-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/seg_%05d.m4s",
        "-var_stream_map", map, "%v/index.m3u8");
}

/* --- sound ---------------------------------------------------------------------------------------------- */

struct str sound_folder(struct making *m, size_t number)
{
    return number == 0 ? S("audio") : arena_printf(m->arena, "audio-%zu", number + 1);
}

static bool sound_fits(const struct probe_track *t)
{
    return str_is(t->codec, "aac") && str_is(t->profile, "LC") && t->channels <= 2 &&
           (t->sample_rate == 48000 || t->sample_rate == 44100);
}

/* The preferred one last: where it is, all are. */
static enum media_result place_sounds(struct making *m)
{
    for (size_t i = m->sound_count; i-- > 0;) {
        int channels = m->sounds[i]->channels == 1 ? 1 : 2;
        struct str folder = sound_folder(m, i);
        if (!contents_note_sound(m, folder, m->sounds[i], channels))
            return making_failed(m, "sound");
        enum media_result result = making_place(m, folder);
        if (result != MEDIA_OK) return result;
    }
    return MEDIA_OK;
}

enum media_result encode_sounds(struct making *m)
{
    struct arguments args;
    struct buf map = BUF_INIT(1 * KIB);
    struct arena *a = m->arena;
    if (m->sound_count == 0) return MEDIA_OK;
    args_start(&args);
    args_source(m, &args);
    for (size_t i = 0; i < m->sound_count; i++) {
        const struct probe_track *t = m->sounds[i];
        ADD(&args, "-map", arena_printf(a, "0:%d", t->index).p);
        ADD(&args, arena_printf(a, "-c:a:%zu", i).p, sound_fits(t) ? "copy" : "aac");
        if (!sound_fits(t))
            ADD(&args, arena_printf(a, "-ar:a:%zu", i).p, "48000",
                arena_printf(a, "-ac:a:%zu", i).p, t->channels == 1 ? "1" : "2",
                arena_printf(a, "-b:a:%zu", i).p, t->channels == 1 ? "72k" : "128k",
                arena_printf(a, "-filter:a:%zu", i).p, "aresample=async=1000:first_pts=0");
        buf_printf(&map, "a:%zu,name:%.*s ", i, STR(sound_folder(m, i)));
    }
    add_hls(m, &args, arena_cstr(a, str_trim(buf_view(&map))));
    buf_finish(&map);
    enum media_result result = making_run(m, &args);
    return result == MEDIA_OK ? place_sounds(m) : result;
}

/* --- the picture as it is ------------------------------------------------------------------------------- */

static bool read_playlist(struct making *m, struct str folder, struct hls_playlist *ret)
{
    struct str text;
    struct str path = file_join(m->arena, folder, S("index.m3u8"));
    return file_read(m->arena, path, PLAYLIST_MAX, &text) && hls_parse(m->arena, text, ret);
}

enum media_result encode_copy(struct making *m, bool *ret_good)
{
    struct arguments args;
    const char *name = m->ladder[0].name;
    args_start(&args);
    args_source(m, &args);
    ADD(&args, "-map", arena_printf(m->arena, "0:%d", m->probe->video.index).p, "-c", "copy");
    add_hls(m, &args, arena_printf(m->arena, "v:0,name:%s", name).p);
    enum media_result result = making_run(m, &args);
    *ret_good = false;
    if (result != MEDIA_OK) return result;
    struct hls_playlist list;
    struct str folder = file_join(m->arena, m->folder, str_from(name));
    if (!read_playlist(m, folder, &list)) return MEDIA_OK;
    for (size_t i = 0; i < list.count; i++)
        if (list.segments[i].seconds > SEGMENT_LONGEST) return MEDIA_OK;
    if (!hls_codec_of(m->arena, folder).p) return MEDIA_OK;
    if (!contents_note_picture(m, &m->ladder[0], m->probe->fps)) return making_failed(m, "copy");
    *ret_good = true;
    return MEDIA_OK;
}

/* --- the picture in other sizes ------------------------------------------------------------------------- */

/* One decoding feeds all sizes: same rate, same cuts. Only frames marked as interlaced are mended. */
static const char *filter_graph(struct making *m, const bool *wanted, size_t count)
{
    struct buf b = BUF_INIT(4 * KIB);
    buf_printf(&b, "[0:%d]yadif=deint=interlaced,fps=%.6f%s", m->probe->video.index, m->rate,
               m->probe->hdr ? TONE_MAP : "");
    buf_printf(&b, ",split=%zu", count);
    for (size_t i = 0; i < m->ladder_count; i++)
        if (wanted[i]) buf_printf(&b, "[s%zu]", i);
    for (size_t i = 0; i < m->ladder_count; i++)
        if (wanted[i])
            buf_printf(&b, ";[s%zu]scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p[v%zu]", i,
                       m->ladder[i].width, m->ladder[i].height, i);
    const char *graph = arena_cstr(m->arena, buf_view(&b));
    buf_finish(&b);
    return graph;
}

/* Where key pictures are forced: each 4 s, or where the copied picture is cut, so that players change size without a
 * seam. */
static const char *key_moments(struct making *m)
{
    struct hls_playlist list;
    struct str folder = file_join(m->arena, m->final, str_from(m->ladder[0].name));
    const char *steady = arena_printf(m->arena, "expr:gte(t,n_forced*%d)", HLS_SEGMENT_MS / 1000).p;
    if (!m->copy || !read_playlist(m, folder, &list)) return steady;
    struct buf b = BUF_INIT(KEY_TIMES);
    double at = 0;
    for (size_t i = 0; i < list.count; i++) {
        /* long ones are cut further: a player should not wait for ten seconds of a size it tries */
        int parts = (int)fmax(1, round(list.segments[i].seconds * 1000 / HLS_SEGMENT_MS));
        for (int k = 0; k < parts; k++)
            buf_printf(&b, "%s%.3f", b.n ? "," : "", at + k * list.segments[i].seconds / parts);
        at += list.segments[i].seconds;
    }
    const char *moments = b.full ? steady : arena_cstr(m->arena, buf_view(&b));
    buf_finish(&b);
    return moments;
}

static void add_codec(struct making *m, struct arguments *args, const bool *wanted)
{
    struct arena *a = m->arena;
    ADD(args, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-sc_threshold", "0",
        "-g", "600", "-force_key_frames", key_moments(m));
    /* B-frames delay the first picture by two frames: little at 25 a second, a hole at 5 */
    if (m->rate < SLOW_RATE) ADD(args, "-bf", "0");
    size_t n = 0;
    for (size_t i = 0; i < m->ladder_count; i++) {
        const struct rendition *r = &m->ladder[i];
        if (!wanted[i]) continue;
        ADD(args, arena_printf(a, "-crf:v:%zu", n).p, arena_printf(a, "%d", r->crf).p,
            arena_printf(a, "-maxrate:v:%zu", n).p, arena_printf(a, "%dk", r->max_kbit).p,
            arena_printf(a, "-bufsize:v:%zu", n).p, arena_printf(a, "%dk", 2 * r->max_kbit).p);
        n++;
    }
}

enum media_result encode_sizes(struct making *m, const bool wanted[LADDER_MAX])
{
    struct arguments args;
    struct buf map = BUF_INIT(1 * KIB);
    size_t count = 0;
    for (size_t i = 0; i < m->ladder_count; i++)
        if (wanted[i]) buf_printf(&map, "v:%zu,name:%s ", count++, m->ladder[i].name);
    args_start(&args);
    args_source(m, &args);
    ADD(&args, "-filter_complex", filter_graph(m, wanted, count));
    for (size_t i = 0; i < m->ladder_count; i++)
        if (wanted[i]) ADD(&args, "-map", arena_printf(m->arena, "[v%zu]", i).p);
    add_codec(m, &args, wanted);
    add_hls(m, &args, arena_cstr(m->arena, str_trim(buf_view(&map))));
    buf_finish(&map);
    enum media_result result = making_run(m, &args);
    for (size_t i = 0; i < m->ladder_count && result == MEDIA_OK; i++)
        if (wanted[i] && !contents_note_picture(m, &m->ladder[i], m->rate))
            result = making_failed(m, "size");
    return result;
}

enum media_result encode_place(struct making *m, const bool made[LADDER_MAX])
{
    enum media_result result = MEDIA_OK;
    for (size_t i = 0; i < m->ladder_count && result == MEDIA_OK; i++)
        if (made[i]) result = making_place(m, str_from(m->ladder[i].name));
    return result;
}

/* --- one file ------------------------------------------------------------------------------------------- */

enum media_result encode_mp4(struct making *m)
{
    struct arguments args;
    struct str best = STR_NONE;
    bool sound = m->sound_count > 0;
    for (size_t i = 0; i < m->ladder_count && !best.p; i++) {
        struct str name = str_from(m->ladder[i].name), made = file_join(m->arena, m->folder, name);
        if (access(made.p, F_OK) == 0) best = made;
        else if (making_has(m, name)) best = file_join(m->arena, m->final, name);
    }
    args_start(&args);
    if (best.p) ADD(&args, "-i", file_join(m->arena, best, S("index.m3u8")).p);
    if (sound) ADD(&args, "-i", arena_printf(m->arena, "%.*s/audio/index.m3u8", STR(m->final)).p);
    ADD(&args, "-map", "0:0");
    if (best.p && sound) ADD(&args, "-map", "1:0");
    ADD(&args, "-c", "copy", "-movflags", "+faststart", "video.mp4");
    enum media_result result = making_run(m, &args);
    return result == MEDIA_OK ? making_place(m, S("video.mp4")) : result;
}
