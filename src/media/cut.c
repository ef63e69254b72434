/* What ffmpeg is told to make a shorter file of one. */
#include "media/cut.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/blob.h"
#include "media/file.h"
#include "media/making.h"
#include "media/media.h"

enum {
    NEAR_S = 30,   /* a key picture farther from what was asked for is of no use */
    LAST_MS = 100, /* so near the end, it is the end */
    KEYS_MOST = 20000,
    CUT_DONE = 950,
};

#define NAMED "cut.mkv"

static enum media_result look(struct making *m)
{
    struct transcode_result *r = m->result;
    *r = (struct transcode_result){ .why = S("") };
    r->reason = probe_file(m->arena, m->job->source, &r->probe);
    r->why = r->probe.detail;
    if (r->reason == PROBE_FAILED) return MEDIA_FAILED;
    return r->reason == PROBE_OK ? MEDIA_OK : MEDIA_BAD;
}

/* --- key pictures ---------------------------------------------------------------------------------------- */

struct keys {
    struct making *m;
    const struct media_span *wanted;
    size_t n;
    double start; /* the source's clock may not begin at 0; a player's does */
    int64_t *list;
    size_t count;
};

/* "12.480000,K__" */
static bool hear_key(void *context, struct str line)
{
    struct keys *k = context;
    char number[32];
    if (!line.p) return making_tell(k->m, k->m->thousandths);
    struct str flags = line, time = str_cut(&flags, ',');
    if (!str_starts(flags, S("K")) || k->count == KEYS_MOST) return true;
    snprintf(number, sizeof number, "%.*s", STR(str_sub(time, 0, 31)));
    double at = strtod(number, NULL) - k->start;
    if (!isfinite(at) || at < -1 || at > 1e6) return true;
    k->list[k->count++] = at <= 0 ? 0 : llround(at * 1000);
    return true;
}

/* The nearest to `at` from `least` to `most`; -1: none within reach. */
static int64_t nearest(const struct keys *k, int64_t at, int64_t least, int64_t most)
{
    int64_t best = -1;
    for (size_t i = 0; i < k->count; i++) {
        int64_t ms = k->list[i];
        if (ms < least || ms > most || llabs(ms - at) > NEAR_S * 1000) continue;
        if (best < 0 || llabs(ms - at) < llabs(best - at)) best = ms;
    }
    return best;
}

/* Between two key pictures a copy is whole: nothing in it looks at a picture outside. The end of the file needs none. */
static void choose(const struct keys *k, int64_t duration, struct media_span *ret)
{
    int64_t before = 0;
    for (size_t i = 0; i < k->n; i++) {
        const struct media_span *w = &k->wanted[i];
        int64_t from =
            w->from_ms <= 0 ? 0 : nearest(k, w->from_ms, before, w->to_ms - MEDIA_SPAN_LEAST_MS);
        int64_t to = w->to_ms >= duration - LAST_MS
                         ? w->to_ms
                         : nearest(k, w->to_ms, from + MEDIA_SPAN_LEAST_MS, INT64_MAX);
        ret[i] = (struct media_span){ from < 0 || to < 0 ? -1 : from, to };
        if (to > before) before = to;
    }
}

/* Only around the seams: a film of hours is not read for that. */
static const char *intervals(struct keys *k)
{
    struct buf b = BUF_INIT(16 * KIB);
    for (size_t i = 0; i < 2 * k->n; i++) {
        int64_t ms = i % 2 ? k->wanted[i / 2].to_ms : k->wanted[i / 2].from_ms;
        double at = (double)ms / 1000 + k->start;
        buf_printf(&b, "%s%.3f%%%.3f", i ? "," : "", fmax(k->start, at - NEAR_S), at + NEAR_S);
    }
    const char *text = arena_cstr(k->m->arena, buf_view(&b));
    buf_finish(&b);
    return text;
}

static enum media_result find_keys(struct keys *k)
{
    struct making *m = k->m;
    struct arena *a = m->arena;
    const char *argv[] = { "ffprobe",
                           "-v",
                           "error",
                           "-format_whitelist",
                           probe_formats,
                           "-select_streams",
                           arena_printf(a, "%d", m->probe->video.index).p,
                           "-read_intervals",
                           intervals(k),
                           "-show_entries",
                           "packet=pts_time,flags",
                           "-of",
                           "csv=p=0",
                           arena_printf(a, "file:%.*s", STR(m->job->source)).p,
                           NULL };
    struct sandbox_job job = { .argv = argv, .reads = &m->job->source, .read_count = 1, .nice = 5 };
    job.deadline_ms = 5 * MINUTE_MS;
    job.cpu_seconds = 120;
    job.memory = (int64_t)2048 * MIB;
    job.line = hear_key;
    job.context = k;
    struct sandbox_result r = sandbox_run(a, &job);
    if (r.end == SANDBOX_OK) return MEDIA_OK;
    m->result->why = sandbox_words(a, "ffprobe", &r);
    return r.end == SANDBOX_STOPPED ? MEDIA_STOPPED : MEDIA_FAILED;
}

enum media_result media_cut_keys(struct arena *arena, const struct transcode_job *job,
                                 const struct media_span *wanted, size_t n, struct media_span *ret,
                                 struct transcode_result *r)
{
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    enum media_result result = look(&m);
    if (result != MEDIA_OK) return result;
    memcpy(ret, wanted, n * sizeof *wanted);
    if (!r->probe.has_video) return MEDIA_OK;
    struct keys k = { .m = &m, .wanted = wanted, .n = n };
    k.start = (double)r->probe.start_ms / 1000;
    k.list = arena_array(arena, int64_t, KEYS_MOST);
    result = find_keys(&k);
    choose(&k, r->probe.duration_ms, ret);
    return result;
}

/* --- cutting ---------------------------------------------------------------------------------------------- */

static const char *seconds(struct making *m, int64_t ms)
{
    return arena_printf(m->arena, "%.3f", (double)ms / 1000).p;
}

static void add_end(struct arguments *args, const char *file)
{
    /* bitexact: made again after a kill, it is the same file */
    ADD(args, "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f",
        "matroska", file);
}

static void add_tracks(struct making *m, struct arguments *args)
{
    if (m->probe->has_video)
        ADD(args, "-map", arena_printf(m->arena, "0:%d", m->probe->video.index).p);
    for (size_t i = 0; i < m->probe->sound_count && i < SOUNDS_MAX; i++)
        ADD(args, "-map", arena_printf(m->arena, "0:%d", m->probe->sounds[i].index).p);
}

static void add_languages(struct making *m, struct arguments *args)
{
    for (size_t i = 0; i < m->probe->sound_count && i < SOUNDS_MAX; i++)
        if (m->probe->sounds[i].language.n)
            ADD(args, arena_printf(m->arena, "-metadata:s:a:%zu", i).p,
                arena_printf(m->arena, "language=%.*s", STR(m->probe->sounds[i].language)).p);
}

/* Where the source is taken apart: the seams, in order, each once. */
static size_t seams(const struct media_span *pieces, size_t n, int64_t duration, int64_t *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < 2 * n; i++) {
        int64_t at = i % 2 ? pieces[i / 2].to_ms : pieces[i / 2].from_ms;
        if (at > 0 && at < duration - LAST_MS && (!count || at > ret[count - 1])) ret[count++] = at;
    }
    return count;
}

/* Takes the whole source apart at the key pictures of the seams: each part is whole, with its sound. */
static enum media_result take_apart(struct making *m, const int64_t *at, size_t n)
{
    struct arguments args;
    struct buf times = BUF_INIT(4 * KIB);
    for (size_t i = 0; i < n; i++)
        buf_printf(&times, "%s%.3f", i ? "," : "", (double)at[i] / 1000);
    args_start(&args);
    args_source(m, &args);
    add_tracks(m, &args);
    ADD(&args, "-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-f", "segment",
        "-segment_format", "matroska", "-segment_times", arena_cstr(m->arena, buf_view(&times)),
        "-segment_time_delta", "0.002", "-reset_timestamps", "1", "part-%d.mkv");
    buf_finish(&times);
    m->to = 600;
    return making_run(m, &args);
}

/* Their lengths are said, since that of a part also counts the pictures that are decoded before they are shown. */
static bool write_list(struct making *m, const struct media_span *pieces, size_t n,
                       const int64_t *at, size_t count)
{
    struct buf list = BUF_INIT(8 * KIB);
    for (size_t i = 0; i < n; i++) {
        size_t part = 0;
        while (part < count && at[part] <= pieces[i].from_ms)
            part++;
        buf_printf(&list, "file part-%zu.mkv\nduration %.3f\n", part,
                   (double)(pieces[i].to_ms - pieces[i].from_ms) / 1000);
    }
    bool written = file_write(file_join(m->arena, m->folder, S("list.txt")), buf_view(&list));
    buf_finish(&list);
    return written;
}

static enum media_result copy_all(struct making *m, const struct media_span *pieces, size_t n)
{
    struct arguments args;
    int64_t at[2 * MEDIA_SPANS_MOST], total = 0;
    size_t count = seams(pieces, n, m->probe->duration_ms, at);
    enum media_result result = take_apart(m, at, count);
    if (result != MEDIA_OK) return result;
    if (!write_list(m, pieces, n, at, count)) return making_failed(m, "list");
    args_start(&args);
    ADD(&args, "-f", "concat", "-i", "list.txt", "-map", "0", "-c", "copy");
    add_languages(m, &args);
    add_end(&args, NAMED);
    for (size_t i = 0; i < n; i++)
        total += pieces[i].to_ms - pieces[i].from_ms;
    m->probe->duration_ms = total;
    m->from = 600;
    m->to = CUT_DONE;
    return making_run(m, &args);
}

/* Every piece of every track, one after the other. */
static const char *graph(struct making *m, const struct media_span *pieces, size_t n)
{
    struct buf b = BUF_INIT(64 * KIB);
    const struct probe *p = m->probe;
    size_t sounds = p->sound_count < SOUNDS_MAX ? p->sound_count : SOUNDS_MAX;
    for (size_t i = 0; i < n; i++) {
        const char *from = seconds(m, pieces[i].from_ms), *to = seconds(m, pieces[i].to_ms);
        if (p->has_video)
            buf_printf(&b, "[0:%d]trim=%s:%s,setpts=PTS-STARTPTS,setsar=1[v%zu];", p->video.index,
                       from, to, i);
        for (size_t k = 0; k < sounds; k++)
            buf_printf(&b, "[0:%d]atrim=%s:%s,asetpts=PTS-STARTPTS[a%zu_%zu];", p->sounds[k].index,
                       from, to, i, k);
    }
    for (size_t i = 0; i < n; i++) {
        if (p->has_video) buf_printf(&b, "[v%zu]", i);
        for (size_t k = 0; k < sounds; k++)
            buf_printf(&b, "[a%zu_%zu]", i, k);
    }
    buf_printf(&b, "concat=n=%zu:v=%d:a=%zu%s", n, p->has_video, sounds, p->has_video ? "[v]" : "");
    for (size_t k = 0; k < sounds; k++)
        buf_printf(&b, "[a%zu]", k);
    const char *text = arena_cstr(m->arena, buf_view(&b));
    buf_finish(&b);
    return text;
}

/* Good enough to be encoded once more into smaller sizes, and within what is passed on as it is. */
static enum media_result encode_all(struct making *m, const struct media_span *pieces, size_t n)
{
    struct arguments args;
    int64_t total = 0;
    args_start(&args);
    args_source(m, &args);
    ADD(&args, "-filter_complex", graph(m, pieces, n));
    if (m->probe->has_video)
        ADD(&args, "-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18",
            "-maxrate", "7500k", "-bufsize", "15000k", "-force_key_frames",
            "expr:gte(t,n_forced*4)", "-pix_fmt", m->probe->hdr ? "yuv420p10le" : "yuv420p");
    for (size_t k = 0; k < m->probe->sound_count && k < SOUNDS_MAX; k++)
        ADD(&args, "-map", arena_printf(m->arena, "[a%zu]", k).p);
    ADD(&args, "-c:a", "aac", "-b:a", "160k");
    add_languages(m, &args);
    add_end(&args, NAMED);
    for (size_t i = 0; i < n; i++)
        total += pieces[i].to_ms - pieces[i].from_ms;
    m->probe->duration_ms = total;
    m->to = CUT_DONE;
    return making_run(m, &args);
}

static bool still(void *context, int64_t done)
{
    struct making *m = context;
    (void)done;
    return making_tell(m, m->thousandths);
}

enum media_result media_cut(struct arena *arena, const struct transcode_job *job,
                            const struct media_span *pieces, size_t n, bool exact,
                            struct str *ret_blob, struct transcode_result *r)
{
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    enum media_result result = look(&m);
    if (result == MEDIA_OK) result = making_begin(&m);
    if (result == MEDIA_OK) result = exact ? encode_all(&m, pieces, n) : copy_all(&m, pieces, n);
    if (result == MEDIA_OK) {
        struct str file = file_join(arena, m.folder, S(NAMED));
        enum blob_result kept = blob_adopt(media_blobs(), arena, file, still, &m, ret_blob, NULL);
        if (kept != BLOB_OK)
            result = kept == BLOB_FULL ? MEDIA_FULL : making_failed(&m, "keeping the cut");
    }
    making_end(&m);
    return result;
}
