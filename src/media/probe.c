/* Reading what ffprobe says, and checking that the end of the file is there. */
#include "media/probe.h"

#include <jansson.h>
#include <math.h>

#include "base/limits.h"
#include "base/time.h"
#include "html/lang.h"
#include "media/file.h"
#include "media/sandbox.h"

enum {
    JSON_MAX = 1 * MIB,
    END_MS = 4000, /* how much of the end is read to see that it is there */
    GAP_MS = 2000, /* how much earlier than announced the last packet may end */
};

/* What ffmpeg reads and is one file with picture or sound: all but lists of other files (concat, hls, dash, imf, mlv …),
 * devices, pictures, texts, music of games and bytes without a form. */
const char probe_formats[] = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,live_"
                             "flv,kux,asf,asf_o,mxf,dv,gxf,lxf,nut,nuv,nsv,rm,ivr,"
                             "ivf,obu,wtv,ty,pva,dhav,swf,smjpeg,smk,bink,roq,4xm,flic,film_cpk,"
                             "rl2,rpl,vivo,xmv,yuv4mpegpipe,"
                             "h261,h263,h264,hevc,m4v,mpegvideo,mjpeg,vc1,dirac,cavsvideo,dnxhd,"
                             "wav,w64,mp3,aac,loas,ac3,eac3,dts,dtshd,truehd,mlp,flac,aiff,caf,amr,"
                             "amrnb,amrwb,ape,au,voc,wv,tta,tak,mpc,mpc8,oma,dsf,"
                             "iff,ircam,sox,xwma,spdif,mmf,gsm,aptx,adx,avr,nistsphere";

const char *probe_sentence(enum probe_reason reason)
{
    switch (reason) {
    case PROBE_OK: return NULL;
    case PROBE_EMPTY:
        return N_("This file is empty (0 bytes). Choose it again, or export it once more.");
    case PROBE_NOT_MEDIA:
        return N_("This file is not a video or a sound that we can read, whatever its name says.");
    case PROBE_CUT:
        return N_("This file is cut or damaged: it begins well, but the rest is missing. Export or "
                  "send it again.");
    case PROBE_NO_TRACK: return N_("This file contains neither picture nor sound.");
    case PROBE_CODEC:
        return N_("The picture and the sound of this file are coded in a way that we cannot read.");
    case PROBE_LARGE:
        return N_("This video is too large: at most 8192 pixels a side and 24 hours.");
    case PROBE_SLOW:
        return N_("Looking at this file took too long. It may be damaged: export it again.");
    case PROBE_FAILED: break;
    }
    return N_("We could not look at this file. The fault is ours: try again later.");
}

/* --- the JSON ------------------------------------------------------------------------------------------- */

static struct str text_of(struct arena *a, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) return S("");
    return arena_dup(a, (struct str){ json_string_value(value), json_string_length(value) });
}

/* A number that ffprobe writes as text; `otherwise` when absent or not finite. */
static double number_of(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_number(value)) return json_number_value(value);
    if (!json_is_string(value)) return otherwise;
    char *end;
    double number = strtod(json_string_value(value), &end);
    return *end == 0 && end != json_string_value(value) && isfinite(number) ? number : otherwise;
}

/* Seconds as milliseconds, held within ±2 days so that sums cannot overflow. */
static int64_t ms_of(const json_t *object, const char *key)
{
    double seconds = number_of(object, key, 0);
    const double most = 2.0 * 24 * 3600;
    return (int64_t)llround(fmin(fmax(seconds, -most), most) * 1000);
}

/* "30000/1001" or "16:9" as a quotient; 0 when it is none. */
static double ratio_of(const json_t *object, const char *key, char between)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) return 0;
    struct str rest = str_from(json_string_value(value));
    int64_t above, below;
    struct str first = str_cut(&rest, between);
    if (!str_to_int(first, &above) || !str_to_int(rest, &below) || above <= 0 || below <= 0)
        return 0;
    return (double)above / (double)below;
}

static int int_of(const json_t *object, const char *key)
{
    double number = number_of(object, key, 0);
    return number > 0 && number < 1e6 ? (int)number : 0;
}

/* Clockwise quarter turns; ffprobe gives degrees counter-clockwise in the display matrix. */
static int rotation_of(const json_t *stream)
{
    double turn = 0;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(stream, "side_data_list"), i, item)
    {
        turn = -number_of(item, "rotation", -turn);
    }
    int quarters = (int)lround(fmod(turn, 360) / 90) % 4;
    return (quarters + 4) % 4 * 90;
}

static bool disposed(const json_t *stream, const char *key)
{
    return json_integer_value(json_object_get(json_object_get(stream, "disposition"), key)) != 0;
}

static struct probe_track track_of(struct arena *a, const json_t *stream)
{
    struct probe_track track = { .index = int_of(stream, "index"),
                                 .channels = int_of(stream, "channels") };
    track.sample_rate = int_of(stream, "sample_rate");
    track.codec = text_of(a, stream, "codec_name");
    track.profile = text_of(a, stream, "profile");
    track.title = text_of(a, json_object_get(stream, "tags"), "title");
    struct str language = text_of(a, json_object_get(stream, "tags"), "language");
    track.language = str_is(language, "und") ? S("") : language;
    track.preferred = disposed(stream, "default");
    return track;
}

static void read_video(struct arena *a, const json_t *stream, struct probe *p)
{
    p->has_video = true;
    p->video = track_of(a, stream);
    p->width = int_of(stream, "width");
    p->height = int_of(stream, "height");
    p->rotation = rotation_of(stream);
    p->fps = ratio_of(stream, "avg_frame_rate", '/');
    double steady = ratio_of(stream, "r_frame_rate", '/');
    p->variable_rate = p->fps > 0 && steady > 0 && fabs(steady - p->fps) > 0.02 * p->fps;
    struct str transfer = text_of(a, stream, "color_transfer");
    p->hdr = str_is(transfer, "smpte2084") || str_is(transfer, "arib-std-b67");
    struct str field = text_of(a, stream, "field_order");
    p->interlaced = field.n && !str_is(field, "progressive") && !str_is(field, "unknown");
    p->pixels = text_of(a, stream, "pix_fmt");
    p->bit_rate = (int64_t)fmin(fmax(number_of(stream, "bit_rate", 0), 0), 1e12);
    double sample = ratio_of(stream, "sample_aspect_ratio", ':');
    if (sample < 0.05 || sample > 20) sample = 1;
    p->square_pixels = fabs(sample - 1) < 0.01;
    int width = (int)lround(p->width * sample), height = p->height;
    bool turned = p->rotation == 90 || p->rotation == 270;
    p->display_width = turned ? height : width;
    p->display_height = turned ? width : height;
}

static void read_stream(struct arena *a, const json_t *stream, struct probe *p, bool *ret_unknown)
{
    struct str type = text_of(a, stream, "codec_type");
    struct str codec = text_of(a, stream, "codec_name");
    bool known = codec.n > 0 && !str_is(codec, "unknown") && !str_is(codec, "none");
    if (!known) {
        if (str_is(type, "video") || str_is(type, "audio")) *ret_unknown = true;
        return;
    }
    if (str_is(type, "video")) {
        bool cover = disposed(stream, "attached_pic") || disposed(stream, "still_image");
        if (!cover && !p->has_video && int_of(stream, "width") > 0) read_video(a, stream, p);
    } else if (str_is(type, "audio") && int_of(stream, "channels") > 0) {
        p->sounds[p->sound_count++] = track_of(a, stream);
    } else if (str_is(type, "subtitle")) {
        p->subtitles[p->subtitle_count++] = track_of(a, stream);
    }
}

static void read_chapters(struct arena *a, const json_t *list, struct probe *p)
{
    size_t n = json_array_size(list);
    if (n > PROBE_CHAPTERS) n = PROBE_CHAPTERS;
    p->chapters = arena_array(a, struct probe_chapter, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        struct probe_chapter *c = &p->chapters[p->chapter_count++];
        c->start_ms = ms_of(item, "start_time");
        c->end_ms = ms_of(item, "end_time");
        c->title = text_of(a, json_object_get(item, "tags"), "title");
    }
}

static enum probe_reason judge(const struct probe *p, bool unknown)
{
    if (!p->has_video && p->sound_count == 0) return unknown ? PROBE_CODEC : PROBE_NO_TRACK;
    if (p->width > PROBE_SIDE_MAX || p->height > PROBE_SIDE_MAX) return PROBE_LARGE;
    if (p->display_width > 2 * PROBE_SIDE_MAX || p->duration_ms > PROBE_DURATION_MAX)
        return PROBE_LARGE;
    return PROBE_OK;
}

enum probe_reason probe_parse(struct arena *a, struct str json, struct probe *ret_probe)
{
    struct probe p = { .detail = S("") };
    json_t *root = json_loadb(json.p ? json.p : "", json.n, 0, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return PROBE_FAILED;
    }
    const json_t *format = json_object_get(root, "format");
    p.container = text_of(a, format, "format_name");
    p.duration_ms = ms_of(format, "duration");
    p.start_ms = ms_of(format, "start_time");
    const json_t *streams = json_object_get(root, "streams");
    size_t n = json_array_size(streams);
    if (n > PROBE_TRACKS) n = PROBE_TRACKS;
    p.sounds = arena_array(a, struct probe_track, n + 1);
    p.subtitles = arena_array(a, struct probe_track, n + 1);
    bool unknown = false;
    for (size_t i = 0; i < n; i++)
        read_stream(a, json_array_get(streams, i), &p, &unknown);
    read_chapters(a, json_object_get(root, "chapters"), &p);
    json_decref(root);
    *ret_probe = p;
    return p.container.n ? judge(&p, unknown) : PROBE_FAILED;
}

/* --- the file ------------------------------------------------------------------------------------------- */

static bool says(struct str text, const char *words)
{
    return str_search(text, str_from(words)) < text.n;
}

/* True for a file that begins like a container we take: when it cannot be read, it is damaged rather than foreign. */
static bool begins_like_media(struct arena *a, struct str path)
{
    char head[12] = "";
    FILE *file = fopen(arena_cstr(a, path), "rb");
    if (!file) return false;
    struct str start = { head, fread(head, 1, sizeof head, file) };
    fclose(file);
    static const char *const boxes[] = { "ftyp", "moov", "mdat", "wide", "free", "skip" };
    static const char *const pictures[] = { "heic", "heix", "mif1", "avif", "msf1" };
    static const char *const marks[] = { "\x1A\x45\xDF\xA3", "OggS", "FLV\x01", "fLaC", "RIFF" };
    for (size_t i = 0; i < COUNT(pictures); i++)
        if (str_is(str_sub(start, 8, 4), pictures[i])) return false;
    for (size_t i = 0; i < COUNT(boxes); i++)
        if (str_is(str_sub(start, 4, 4), boxes[i])) return true;
    for (size_t i = 0; i < COUNT(marks); i++)
        if (str_starts(start, str_from(marks[i]))) return true;
    return false;
}

/* What an ffprobe or ffmpeg that did not end well tells about the file. */
static enum probe_reason reason_of(struct arena *a, struct str path, const struct sandbox_result *r)
{
    switch (r->end) {
    case SANDBOX_OK: return PROBE_OK;
    case SANDBOX_TIMEOUT:
    case SANDBOX_OUTPUT:
    case SANDBOX_SIZE: return PROBE_SLOW;
    case SANDBOX_EXIT:
        if (says(r->err, "Permission denied")) return PROBE_FAILED;
        return begins_like_media(a, path) ? PROBE_CUT : PROBE_NOT_MEDIA;
    case SANDBOX_SIGNAL: return PROBE_NOT_MEDIA;
    case SANDBOX_STOPPED:
    case SANDBOX_MISSING:
    case SANDBOX_FAILED: break;
    }
    return PROBE_FAILED;
}

static struct sandbox_result run(struct arena *a, struct str path, const char *const *argv,
                                 int64_t deadline_ms)
{
    struct sandbox_job job = { .argv = argv, .reads = &path, .read_count = 1, .nice = 5 };
    job.deadline_ms = deadline_ms;
    job.cpu_seconds = (int)(deadline_ms / 1000);
    job.memory = (int64_t)2048 * MIB;
    job.out_max = JSON_MAX;
    return sandbox_run(a, &job);
}

struct clock_of {
    int64_t out_ms;
};

static bool read_clock(void *context, struct str line)
{
    struct clock_of *c = context;
    int64_t us;
    if (!line.p || !str_starts(line, S("out_time_us="))) return true;
    if (str_to_int(str_sub(line, 12, line.n), &us) && us > 0) c->out_ms = us / 1000;
    return true;
}

/* Reads the whole file without decoding to learn its duration: recordings of browsers announce none. */
static enum probe_reason count_duration(struct arena *a, struct str path, const char *input,
                                        struct probe *p)
{
    const char *argv[] = { "ffmpeg",      "-nostdin",  "-v",     "error",    "-format_whitelist",
                           probe_formats, "-i",        input,    "-map",     "0:v?",
                           "-map",        "0:a?",      "-c",     "copy",     "-f",
                           "null",        "-progress", "pipe:1", "-nostats", "-",
                           NULL };
    struct clock_of clock = { 0 };
    struct sandbox_job job = { .argv = argv, .reads = &path, .read_count = 1, .nice = 5 };
    job.deadline_ms = 5 * MINUTE_MS;
    job.cpu_seconds = 120;
    job.memory = (int64_t)2048 * MIB;
    job.line = read_clock;
    job.context = &clock;
    struct sandbox_result r = sandbox_run(a, &job);
    if (r.end != SANDBOX_OK) p->detail = sandbox_words(a, "ffmpeg", &r);
    p->duration_ms = clock.out_ms;
    if (r.end == SANDBOX_OK && clock.out_ms > PROBE_DURATION_MAX) return PROBE_LARGE;
    return r.end == SANDBOX_OK && clock.out_ms == 0 ? PROBE_CUT : reason_of(a, path, &r);
}

/* The latest end of the packets in ffprobe's lines "pts,duration". */
static int64_t last_end(struct str lines)
{
    double last = -1;
    while (lines.n > 0) {
        struct str line = str_cut(&lines, '\n');
        struct str pts = str_cut(&line, ',');
        char number[32], length[32];
        snprintf(number, sizeof number, "%.*s", STR(str_sub(pts, 0, 31)));
        snprintf(length, sizeof length, "%.*s", STR(str_sub(line, 0, 31)));
        double end = strtod(number, NULL) + fmax(strtod(length, NULL), 0);
        if (isfinite(end) && end > last) last = end;
    }
    return last < 0 ? -1 : (int64_t)(fmin(last, 1e7) * 1000);
}

/* An index at the head promises more than may be there: read the last seconds and see. */
static enum probe_reason check_end(struct arena *a, struct str path, const char *input,
                                   struct probe *p)
{
    int64_t end = p->start_ms + p->duration_ms;
    int64_t from = end > END_MS ? end - END_MS : 0;
    const char *interval = arena_printf(a, "%.3f%%", (double)from / 1000).p;
    const char *argv[] = { "ffprobe",
                           "-v",
                           "error",
                           "-format_whitelist",
                           probe_formats,
                           "-read_intervals",
                           interval,
                           "-show_entries",
                           "packet=pts_time,duration_time",
                           "-of",
                           "csv=p=0",
                           input,
                           NULL };
    struct sandbox_result r = run(a, path, argv, 2 * MINUTE_MS);
    if (r.end == SANDBOX_OUTPUT) return PROBE_OK; /* so many packets: nothing is missing */
    if (r.end != SANDBOX_OK) {
        p->detail = sandbox_words(a, "ffprobe", &r);
        return reason_of(a, path, &r);
    }
    bool cut = says(r.err, "partial file") || says(r.err, "File ended prematurely");
    if (cut || last_end(r.out) < end - GAP_MS) {
        p->detail = arena_dup(a, str_sub(r.err, 0, 300));
        return PROBE_CUT;
    }
    return PROBE_OK;
}

enum probe_reason probe_file(struct arena *a, struct str path, struct probe *p)
{
    *p = (struct probe){ .detail = S("") };
    int64_t size = file_size(path);
    if (size < 0) return PROBE_FAILED;
    if (size == 0) return PROBE_EMPTY;
    const char *input = arena_printf(a, "file:%.*s", STR(path)).p;
    const char *argv[] = {
        "ffprobe",       "-v",   "error",        "-format_whitelist", probe_formats,
        "-print_format", "json", "-show_format", "-show_streams",     "-show_chapters",
        input,           NULL
    };
    struct sandbox_result r = run(a, path, argv, MINUTE_MS);
    if (r.end != SANDBOX_OK) {
        p->detail = sandbox_words(a, "ffprobe", &r);
        return reason_of(a, path, &r);
    }
    enum probe_reason reason = probe_parse(a, r.out, p);
    p->size = size;
    if (reason != PROBE_OK) return reason;
    return p->duration_ms > 0 ? check_end(a, path, input, p) : count_duration(a, path, input, p);
}
