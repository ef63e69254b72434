/* Driving ffmpeg: one pass for all renditions, then the MP4 by copying, the poster, the playlists, and one rename. */
#include "media/transcode.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/file.h"
#include "media/hls.h"
#include "media/ladder.h"
#include "media/sandbox.h"

enum {
    ARGS_MAX = 128,
    ENCODED = 950, /* thousandths of the work that encoding is */
    MP4_DONE = 980,
    SLOW_RATE = 20,     /* frames a second */
    POSTER_SMALL = 480, /* pixels across: a card of a list */
};

#define LARGEST_FILE ((int64_t)16 * 1024 * MIB)
#define MEMORY ((int64_t)6 * 1024 * MIB)

struct making {
    const struct transcode_job *job;
    struct arena *arena;
    struct transcode_result *result;
    struct probe *probe;
    struct str folder; /* the temporary one */
    int lock;
    struct rendition ladder[LADDER_MAX];
    size_t ladder_count;
    double rate;
    const struct probe_track *sound; /* NULL without sound */
    int channels;
    int thousandths; /* last told */
};

struct arguments {
    const char *list[ARGS_MAX];
    size_t n;
};

/* --- names ---------------------------------------------------------------------------------------------- */

bool media_name_valid(struct str name)
{
    if (name.n == 0 || name.n > 64 || name.p[0] == '-') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return true;
}

const char *media_file_type(struct str rest)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        { ".m3u8", "application/vnd.apple.mpegurl" },
        { ".m4s", "video/mp4" },
        { ".mp4", "video/mp4" },
        { ".vtt", "text/vtt; charset=utf-8" },
        { ".webp", "image/webp" },
    };
    if (rest.n == 0 || rest.n > 128) return NULL;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i], before = i ? rest.p[i - 1] : '/';
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!word && !((c == '.' || c == '/') && before != '.' && before != '/')) return NULL;
    }
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_ends(rest, str_from(types[i].end))) return types[i].type;
    return NULL;
}

void media_remove_stale(struct str hls)
{
    file_remove_stale(hls, S(".tmp-"));
}

bool media_remove(struct arena *arena, struct str hls, struct str name)
{
    return media_name_valid(name) && file_remove_tree(file_join(arena, hls, name));
}

/* --- running ffmpeg ------------------------------------------------------------------------------------- */

static void add(struct arguments *args, const char *word)
{
    if (args->n < ARGS_MAX - 1) args->list[args->n++] = word;
    args->list[args->n] = NULL;
}

static void add_all(struct arguments *args, const char *const *words)
{
    for (; *words; words++)
        add(args, *words);
}
#define ADD(args, ...) add_all((args), (const char *const[]){ __VA_ARGS__, NULL })

/* The picture's or sound's time that ffmpeg has written, as progress. Called about each second in any case. */
static bool hear_progress(void *context, struct str line)
{
    struct making *m = context;
    int64_t us;
    if (line.p && !str_starts(line, S("out_time_us="))) return true;
    if (line.p && str_to_int(str_sub(line, 12, line.n), &us) && us > 0) {
        int64_t done =
            us / 1000 * ENCODED / (m->probe->duration_ms > 0 ? m->probe->duration_ms : 1);
        if (done > ENCODED) done = ENCODED;
        if (done > m->thousandths) m->thousandths = (int)done;
    }
    return !m->job->progress || m->job->progress(m->job->context, m->thousandths);
}

static bool tell(struct making *m, int thousandths)
{
    m->thousandths = thousandths;
    return !m->job->progress || m->job->progress(m->job->context, thousandths);
}

static bool keep_alive(void *context, struct str line)
{
    struct making *m = context;
    (void)line;
    return !m->job->progress || m->job->progress(m->job->context, m->thousandths);
}

static enum media_result judge(struct making *m, const struct sandbox_result *r)
{
    if (r->end == SANDBOX_OK) return MEDIA_OK;
    m->result->why = sandbox_words(m->arena, "ffmpeg", r);
    if (r->end == SANDBOX_STOPPED) return MEDIA_STOPPED;
    if (str_search(r->err, S("No space left on device")) < r->err.n) return MEDIA_FULL;
    if (r->end == SANDBOX_TIMEOUT) {
        m->result->reason = PROBE_SLOW;
        return MEDIA_BAD;
    }
    if (r->end == SANDBOX_EXIT || r->end == SANDBOX_SIGNAL) {
        m->result->reason = PROBE_CUT;
        return MEDIA_BAD;
    }
    return MEDIA_FAILED;
}

static enum media_result run(struct making *m, const struct arguments *args,
                             bool (*line)(void *, struct str))
{
    struct sandbox_job job = {
        .argv = args->list, .folder = m->folder, .reads = &m->job->source, .read_count = 1
    };
    job.deadline_ms = 10 * MINUTE_MS + 20 * m->probe->duration_ms;
    job.cpu_seconds = (int)(4 * job.deadline_ms / 1000);
    job.memory = MEMORY;
    job.file_size = LARGEST_FILE;
    job.nice = 10;
    job.line = line;
    job.context = m;
    struct sandbox_result r = sandbox_run(m->arena, &job);
    return judge(m, &r);
}

/* --- the renditions ------------------------------------------------------------------------------------- */

static void start_ffmpeg(struct arguments *args)
{
    ADD(args, "ffmpeg", "-nostdin", "-v", "error", "-y", "-progress", "pipe:1", "-nostats");
}

static void add_source(struct making *m, struct arguments *args)
{
    ADD(args, "-format_whitelist", probe_formats, "-protocol_whitelist", "file", "-i",
        arena_printf(m->arena, "file:%.*s", STR(m->job->source)).p);
}

/* One decoding feeds all sizes: same rate, same cuts. Only frames marked as interlaced are mended. */
static const char *filter_graph(struct making *m)
{
    struct buf b = BUF_INIT(4 * KIB);
    buf_printf(&b, "[0:%d]yadif=deint=interlaced,fps=%.6f", m->probe->video.index, m->rate);
    if (m->ladder_count > 1) buf_printf(&b, ",split=%zu", m->ladder_count);
    for (size_t i = 0; i < m->ladder_count; i++)
        if (m->ladder_count > 1) buf_printf(&b, "[s%zu]", i);
    for (size_t i = 0; i < m->ladder_count; i++) {
        const struct rendition *r = &m->ladder[i];
        if (m->ladder_count > 1) buf_printf(&b, ";[s%zu]", i);
        else buf_putc(&b, ',');
        buf_printf(&b, "scale=%d:%d:flags=bicubic,setsar=1,format=yuv420p[v%zu]", r->width,
                   r->height, i);
    }
    const char *graph = arena_cstr(m->arena, buf_view(&b));
    buf_finish(&b);
    return graph;
}

static void add_pictures(struct making *m, struct arguments *args)
{
    struct arena *a = m->arena;
    ADD(args, "-filter_complex", filter_graph(m));
    for (size_t i = 0; i < m->ladder_count; i++)
        ADD(args, "-map", arena_printf(a, "[v%zu]", i).p);
    ADD(args, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-sc_threshold", "0",
        "-g", "600", "-force_key_frames",
        arena_printf(a, "expr:gte(t,n_forced*%d)", HLS_SEGMENT_MS / 1000).p);
    /* B-frames delay the first picture by two frames: little at 25 a second, a hole at 5 */
    if (m->rate < SLOW_RATE) ADD(args, "-bf", "0");
    for (size_t i = 0; i < m->ladder_count; i++) {
        const struct rendition *r = &m->ladder[i];
        ADD(args, arena_printf(a, "-crf:v:%zu", i).p, arena_printf(a, "%d", r->crf).p,
            arena_printf(a, "-maxrate:v:%zu", i).p, arena_printf(a, "%dk", r->max_kbit).p,
            arena_printf(a, "-bufsize:v:%zu", i).p, arena_printf(a, "%dk", 2 * r->max_kbit).p);
    }
}

static void add_sound(struct making *m, struct arguments *args)
{
    ADD(args, "-map", arena_printf(m->arena, "0:%d", m->sound->index).p, "-c:a", "aac", "-ar",
        "48000", "-ac", arena_printf(m->arena, "%d", m->channels).p, "-b:a",
        m->channels == 1 ? "72k" : "128k", "-af", "aresample=async=1000:first_pts=0");
}

static void add_playlists(struct making *m, struct arguments *args)
{
    struct buf b = BUF_INIT(1 * KIB);
    for (size_t i = 0; i < m->ladder_count; i++)
        buf_printf(&b, "v:%zu,name:%s ", i, m->ladder[i].name);
    if (m->sound) buf_lit(&b, "a:0,name:audio");
    ADD(args, "-map_metadata", "-1", "-map_chapters", "-1", "-f", "hls", "-hls_time",
        arena_printf(m->arena, "%d", HLS_SEGMENT_MS / 1000).p, "-hls_playlist_type", "vod",
        "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments",
        "-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/seg_%05d.m4s",
        "-var_stream_map", arena_cstr(m->arena, str_trim(buf_view(&b))), "%v/index.m3u8");
    buf_finish(&b);
}

static enum media_result make_renditions(struct making *m)
{
    struct arguments args = { .n = 0 };
    start_ffmpeg(&args);
    add_source(m, &args);
    if (m->ladder_count) add_pictures(m, &args);
    if (m->sound) add_sound(m, &args);
    add_playlists(m, &args);
    return run(m, &args, hear_progress);
}

/* --- the MP4 and the poster ----------------------------------------------------------------------------- */

static enum media_result make_mp4(struct making *m)
{
    struct arguments args = { .n = 0 };
    start_ffmpeg(&args);
    if (m->ladder_count)
        ADD(&args, "-i", arena_printf(m->arena, "%s/index.m3u8", m->ladder[0].name).p);
    if (m->sound) ADD(&args, "-i", "audio/index.m3u8");
    ADD(&args, "-map", "0:0");
    if (m->ladder_count && m->sound) ADD(&args, "-map", "1:0");
    ADD(&args, "-c", "copy", "-movflags", "+faststart", "video.mp4");
    return run(m, &args, keep_alive);
}

/* Two sizes from one picture: a small one for lists, a large one for the player. */
static enum media_result take_poster(struct making *m, int64_t at_ms)
{
    struct arguments args = { .n = 0 };
    const struct rendition *best = &m->ladder[0];
    double small = fmin(1, (double)POSTER_SMALL / best->width);
    start_ffmpeg(&args);
    ADD(&args, "-ss", arena_printf(m->arena, "%.3f", (double)at_ms / 1000).p);
    add_source(m, &args);
    ADD(&args, "-filter_complex",
        arena_printf(m->arena,
                     "[0:%d]scale=%d:%d,setsar=1,format=yuv420p,split[l][s];[s]scale=%d:%d[s]",
                     m->probe->video.index, best->width, best->height,
                     (int)lround(best->width * small), (int)lround(best->height * small))
            .p);
    ADD(&args, "-map", "[l]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "70", "-update", "1",
        "poster-large.webp");
    ADD(&args, "-map", "[s]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "50", "-update", "1",
        "poster.webp");
    return run(m, &args, keep_alive);
}

static bool has_poster(struct making *m)
{
    return file_size(file_join(m->arena, m->folder, S("poster.webp"))) > 0;
}

static enum media_result make_poster(struct making *m)
{
    int64_t at = m->job->poster_ms >= 0 ? m->job->poster_ms : m->probe->duration_ms / 10;
    enum media_result result = take_poster(m, at < m->probe->duration_ms ? at : 0);
    if (result != MEDIA_OK || has_poster(m)) return result;
    /* past the last picture of a file whose sound is longer */
    result = take_poster(m, 0);
    if (result == MEDIA_OK && !has_poster(m)) {
        m->result->reason = PROBE_CUT;
        return MEDIA_BAD;
    }
    return result;
}

/* --- playlists ------------------------------------------------------------------------------------------ */

static enum media_result failed(struct making *m, const char *doing)
{
    int error = errno;
    m->result->why = arena_printf(m->arena, "%s: %s", doing, strerror(error));
    return file_error_is_full(error) ? MEDIA_FULL : MEDIA_FAILED;
}

/* Languages become file names: letters and hyphens only. */
static bool language_valid(struct str language)
{
    return media_name_valid(language) && language.n <= 16;
}

static enum media_result write_subtitles(struct making *m, struct hls_subtitle *ret)
{
    struct arena *a = m->arena;
    struct str folder = file_join(a, m->folder, S("subs"));
    if (m->job->subtitle_count && !file_make_folder(folder)) return failed(m, "subtitles");
    for (size_t i = 0; i < m->job->subtitle_count; i++) {
        const struct transcode_subtitle *s = &m->job->subtitles[i];
        errno = EINVAL;
        if (!language_valid(s->language)) return failed(m, "subtitles");
        struct str vtt = arena_printf(a, "%.*s.vtt", STR(s->language));
        struct str list = arena_printf(a, "%.*s.m3u8", STR(s->language));
        struct str text = hls_subtitle_playlist(a, vtt, m->result->duration_ms);
        if (!file_write(file_join(a, folder, vtt), s->vtt)) return failed(m, "subtitles");
        if (!file_write(file_join(a, folder, list), text)) return failed(m, "subtitles");
        ret[i] = (struct hls_subtitle){ s->language, s->label, file_join(a, S("subs"), list) };
    }
    return MEDIA_OK;
}

/* Weighs what ffmpeg made; a rendition that is not whole is a fault of the source. */
static bool weigh(struct making *m, struct hls_video *videos, struct hls_master *master)
{
    struct transcode_result *r = m->result;
    for (size_t i = 0; i < m->ladder_count; i++) {
        struct hls_video *v = &videos[i];
        const struct rendition *step = &m->ladder[i];
        *v = (struct hls_video){ .folder = str_from(step->name),
                                 .width = step->width,
                                 .height = step->height };
        v->fps = m->rate;
        struct str folder = file_join(m->arena, m->folder, v->folder);
        v->codec = hls_codec_of(m->arena, folder);
        if (!v->codec.p || !hls_measure(m->arena, folder, &v->weight)) return false;
        r->bytes += v->weight.bytes;
        if (i == 0) r->duration_ms = (int64_t)(v->weight.seconds * 1000);
    }
    if (m->sound) {
        if (!hls_measure(m->arena, file_join(m->arena, m->folder, S("audio")), &master->sound))
            return false;
        r->bytes += master->sound.bytes;
        if (m->ladder_count == 0) r->duration_ms = (int64_t)(master->sound.seconds * 1000);
    }
    return true;
}

static enum media_result write_playlists(struct making *m)
{
    struct hls_video videos[LADDER_MAX];
    struct hls_subtitle *subtitles =
        arena_array(m->arena, struct hls_subtitle, m->job->subtitle_count + 1);
    struct hls_master master = { .videos = videos,
                                 .video_count = m->ladder_count,
                                 .subtitles = subtitles };
    master.has_sound = m->sound != NULL;
    master.channels = m->channels;
    master.sound_language =
        m->sound && language_valid(m->sound->language) ? m->sound->language : S("");
    master.subtitle_count = m->job->subtitle_count;
    if (!weigh(m, videos, &master)) {
        m->result->reason = PROBE_CUT;
        m->result->why = S("a rendition is empty");
        return MEDIA_BAD;
    }
    enum media_result result = write_subtitles(m, subtitles);
    if (result != MEDIA_OK) return result;
    struct str text = hls_master_playlist(m->arena, &master);
    if (!file_write(file_join(m->arena, m->folder, S("master.m3u8")), text))
        return failed(m, "playlist");
    return MEDIA_OK;
}

/* --- from nothing to published -------------------------------------------------------------------------- */

static enum media_result begin(struct making *m)
{
    const struct transcode_job *job = m->job;
    char id[ID_TEXT + 1];
    id_format(id_new(), id);
    errno = EINVAL;
    if (!media_name_valid(job->name)) return failed(m, "name");
    if (!file_make_folder(job->hls)) return failed(m, "folder");
    /* what an earlier try of this video left when it was killed */
    file_remove_stale(job->hls, arena_printf(m->arena, ".tmp-%.*s-", STR(job->name)));
    m->folder = arena_printf(m->arena, "%.*s/.tmp-%.*s-%s", STR(job->hls), STR(job->name), id);
    if (!file_make_folder(m->folder)) return failed(m, "folder");
    m->lock = file_lock(m->folder, O_RDONLY | O_DIRECTORY);
    return m->lock >= 0 ? MEDIA_OK : failed(m, "lock");
}

static void plan(struct making *m)
{
    const struct probe *p = m->probe;
    if (p->has_video) {
        m->ladder_count = ladder_plan(p->display_width, p->display_height, m->ladder);
        m->rate = ladder_rate(p->fps, p->variable_rate);
        m->result->width = m->ladder[0].width;
        m->result->height = m->ladder[0].height;
    }
    m->result->rendition_count = m->ladder_count;
    for (size_t i = 0; i < p->sound_count; i++)
        if (!m->sound || (p->sounds[i].preferred && !m->sound->preferred)) m->sound = &p->sounds[i];
    m->channels = m->sound && m->sound->channels == 1 ? 1 : 2;
}

static enum media_result make_all(struct making *m)
{
    plan(m);
    enum media_result result = make_renditions(m);
    if (result == MEDIA_OK && !tell(m, ENCODED)) result = MEDIA_STOPPED;
    if (result == MEDIA_OK) result = make_mp4(m);
    if (result == MEDIA_OK && !tell(m, MP4_DONE)) result = MEDIA_STOPPED;
    if (result == MEDIA_OK && m->ladder_count) result = make_poster(m);
    if (result == MEDIA_OK) result = write_playlists(m);
    return result;
}

/* Durable first, then the name. A folder that is there changes places with ours and then goes. */
static enum media_result publish(struct making *m)
{
    struct str final = file_join(m->arena, m->job->hls, m->job->name);
    if (!file_sync_tree(m->folder)) return failed(m, "sync");
    if (!tell(m, 999)) return MEDIA_STOPPED;
    const char *from = arena_cstr(m->arena, m->folder), *to = arena_cstr(m->arena, final);
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
        if (errno != EEXIST) return failed(m, "publish");
        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) != 0)
            return failed(m, "publish");
        file_remove_tree(m->folder);
    }
    return file_sync_folder(m->job->hls) ? MEDIA_OK : failed(m, "publish");
}

enum media_result media_transcode(struct arena *arena, const struct transcode_job *job,
                                  struct transcode_result *ret_result)
{
    struct transcode_result *r = ret_result;
    *r = (struct transcode_result){ .why = S("") };
    r->reason = probe_file(arena, job->source, &r->probe);
    if (r->reason == PROBE_FAILED) {
        r->why = r->probe.detail;
        return MEDIA_FAILED;
    }
    if (r->reason != PROBE_OK) {
        r->why = r->probe.detail;
        return MEDIA_BAD;
    }
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    enum media_result result = begin(&m);
    if (result == MEDIA_OK) result = make_all(&m);
    if (result == MEDIA_OK) result = publish(&m);
    if (result != MEDIA_OK && m.lock >= 0) file_remove_tree(m.folder);
    if (m.lock >= 0) close(m.lock);
    return result;
}
