/* Still pictures of a video: its poster, others to choose from, the storyboard, and where its picture changes. */
#include "media/making.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/file.h"
#include "media/webvtt.h"

enum {
    POSTER_SMALL = 480, /* pixels across: a card of a list */
    TILE = 160,
    COLUMNS = 10,
    TILES_MOST = 100,
    CHANGE_LEAST_MS = 5000, /* between two chapters */
    CHANGES_MOST = 2000,
    CHANGES_FILE = 4 * MIB,
};

#define CHANGE_SCORE "0.04"

/* --- posters -------------------------------------------------------------------------------------------- */

/* A picture of the source as screens show it: in its true shape, and HDR in their colours. */
static const char *as_seen(struct making *m)
{
    return m->probe->hdr ? "scale=iw*sar:ih,setsar=1" TONE_MAP : "scale=iw*sar:ih,setsar=1";
}

/* Two sizes from one picture: a small one for lists, a large one for the player. */
static void add_posters(struct making *m, struct arguments *args, const char *input,
                        const char *first)
{
    const struct rendition *best = &m->ladder[0];
    double small = fmin(1, (double)POSTER_SMALL / best->width);
    ADD(args, "-filter_complex",
        arena_printf(m->arena,
                     "[%s]%s,scale=%d:%d:force_original_aspect_ratio=increase,crop=%d:%d,setsar=1,"
                     "format=yuv420p,split[l][s];[s]scale=%d:%d[s]",
                     input, first, best->width, best->height, best->width, best->height,
                     (int)lround(best->width * small), (int)lround(best->height * small))
            .p);
    ADD(args, "-map", "[l]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "70", "-update", "1",
        "poster-large.webp");
    ADD(args, "-map", "[s]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "40", "-update", "1",
        "poster.webp");
}

static bool made(struct making *m, const char *file)
{
    return file_size(file_join(m->arena, m->folder, str_from(file))) > 0;
}

static enum media_result place_poster(struct making *m)
{
    enum media_result result = making_place(m, S("poster-large.webp"));
    return result == MEDIA_OK ? making_place(m, S("poster.webp")) : result;
}

static enum media_result take_poster(struct making *m, int64_t at_ms)
{
    struct arguments args;
    args_start(&args);
    ADD(&args, "-ss", arena_printf(m->arena, "%.3f", (double)at_ms / 1000).p);
    args_source(m, &args);
    add_posters(m, &args, arena_printf(m->arena, "0:%d", m->probe->video.index).p, as_seen(m));
    return making_run(m, &args);
}

enum media_result pictures_poster(struct making *m, int64_t at_ms)
{
    enum media_result result = take_poster(m, at_ms < m->probe->duration_ms ? at_ms : 0);
    /* past the last picture of a file whose sound is longer */
    if (result == MEDIA_OK && !made(m, "poster.webp")) result = take_poster(m, 0);
    if (result != MEDIA_OK) return result;
    if (made(m, "poster.webp")) return place_poster(m);
    m->result->reason = PROBE_CUT;
    return MEDIA_BAD;
}

enum media_result pictures_own(struct making *m, struct str picture)
{
    struct arguments args;
    args_start(&args);
    ADD(&args, "-format_whitelist", "png_pipe,jpeg_pipe,webp_pipe", "-protocol_whitelist", "file",
        "-max_pixels", "100000000", "-i", arena_printf(m->arena, "file:%.*s", STR(picture)).p);
    add_posters(m, &args, "0:v:0", "setsar=1");
    m->picture = picture;
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK) return result;
    return made(m, "poster.webp") ? place_poster(m) : MEDIA_BAD;
}

int64_t media_choice_at(int64_t duration_ms, int number)
{
    return duration_ms * (2 * number - 1) / (2 * MEDIA_CHOICES);
}

enum media_result pictures_choices(struct making *m)
{
    for (int i = 1; i <= MEDIA_CHOICES; i++) {
        struct arguments args;
        int64_t at = media_choice_at(m->probe->duration_ms, i);
        const char *file = arena_printf(m->arena, "choice-%d.webp", i).p;
        args_start(&args);
        ADD(&args, "-ss", arena_printf(m->arena, "%.3f", (double)at / 1000).p);
        args_source(m, &args);
        ADD(&args, "-map", arena_printf(m->arena, "0:%d", m->probe->video.index).p, "-frames:v",
            "1", "-vf",
            arena_printf(m->arena, "%s,scale=%d:-2,format=yuv420p", as_seen(m), POSTER_SMALL).p,
            "-c:v", "libwebp", "-quality", "50", "-update", "1", file);
        enum media_result result = making_run(m, &args);
        if (result == MEDIA_OK && made(m, file)) result = making_place(m, str_from(file));
        if (result != MEDIA_OK) return result;
    }
    return MEDIA_OK;
}

/* --- the storyboard ------------------------------------------------------------------------------------- */

int64_t storyboard_interval(int64_t duration_ms)
{
    int64_t seconds = (duration_ms + 1000 * TILES_MOST - 1) / (1000 * TILES_MOST);
    return seconds < 2 ? 2 : seconds;
}

static struct str storyboard_vtt(struct making *m, int64_t seconds, size_t tiles, int height)
{
    struct buf b = BUF_INIT(64 * KIB);
    buf_lit(&b, "WEBVTT\n");
    for (size_t i = 0; i < tiles; i++) {
        int64_t from = (int64_t)i * seconds, to = from + seconds;
        buf_printf(&b, "\n%02d:%02d:%02d.000 --> %02d:%02d:%02d.000\n", (int)(from / 3600),
                   (int)(from / 60 % 60), (int)(from % 60), (int)(to / 3600), (int)(to / 60 % 60),
                   (int)(to % 60));
        buf_printf(&b, "storyboard.webp#xywh=%d,%d,%d,%d\n", (int)(i % COLUMNS) * TILE,
                   (int)(i / COLUMNS) * height, TILE, height);
    }
    struct str text = arena_dup(m->arena, buf_view(&b));
    buf_finish(&b);
    return text;
}

/* From the smallest size there: its key pictures are enough, and cheap. */
enum media_result pictures_storyboard(struct making *m)
{
    struct arguments args;
    size_t from = m->ladder_count;
    while (from > 0 && !making_has(m, str_from(m->ladder[from - 1].name)))
        from--;
    if (from == 0) return MEDIA_OK;
    const struct rendition *r = &m->ladder[from - 1];
    int64_t seconds = storyboard_interval(m->probe->duration_ms);
    size_t tiles = (size_t)((m->probe->duration_ms + seconds * 1000 - 1) / (seconds * 1000));
    size_t columns = tiles < COLUMNS ? tiles : COLUMNS;
    size_t rows = (tiles + COLUMNS - 1) / COLUMNS;
    int height = 2 * (int)lround((double)TILE * r->height / r->width / 2);
    if (height > 2 * TILE) height = 2 * TILE;
    args_start(&args);
    ADD(&args, "-skip_frame", "nokey", "-i",
        arena_printf(m->arena, "%.*s/%s/index.m3u8", STR(m->final), r->name).p, "-vf",
        arena_printf(m->arena, "fps=1/%lld,scale=%d:%d,tile=%zux%zu", (long long)seconds, TILE,
                     height, columns, rows)
            .p,
        "-frames:v", "1", "-c:v", "libwebp", "-quality", "45", "-update", "1", "storyboard.webp");
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK || !made(m, "storyboard.webp")) return result;
    struct str vtt = storyboard_vtt(m, seconds, tiles, height);
    if (!file_write(file_join(m->arena, m->folder, S("storyboard.vtt")), vtt))
        return making_failed(m, "storyboard");
    result = making_place(m, S("storyboard.webp"));
    return result == MEDIA_OK ? making_place(m, S("storyboard.vtt")) : result;
}

/* "storyboard.webp#xywh=160,90,160,90" */
static bool read_tile(struct str line, int ret[4])
{
    size_t at = str_search(line, S("#xywh="));
    if (at == line.n) return false;
    struct str rest = str_sub(line, at + 6, line.n);
    for (int i = 0; i < 4; i++) {
        int64_t n;
        if (!str_to_int(str_trim(str_cut(&rest, ',')), &n) || n < 0 || n > 100000) return false;
        ret[i] = (int)n;
    }
    return true;
}

bool media_tile_at(struct str vtt, int64_t at_ms, struct media_tile *ret)
{
    struct media_tile t = { 0 };
    int64_t from = -1, until = -1;
    bool found = false;
    while (vtt.n) {
        struct str line = str_cut(&vtt, '\n'), end = line;
        size_t arrow = str_search(line, S(" --> "));
        int box[4];
        if (arrow < line.n) {
            end = str_sub(line, arrow + 5, line.n);
            if (!webvtt_parse_time(str_sub(line, 0, arrow), &from) ||
                !webvtt_parse_time(str_trim(end), &until))
                from = until = -1;
        } else if (read_tile(line, box)) {
            if (box[0] + box[2] > t.sheet_width) t.sheet_width = box[0] + box[2];
            if (box[1] + box[3] > t.sheet_height) t.sheet_height = box[1] + box[3];
            if (found || at_ms >= until || at_ms < from) continue;
            found = true;
            t.left = box[0];
            t.top = box[1];
            t.width = box[2];
            t.height = box[3];
        }
    }
    if (found) *ret = t;
    return found;
}

/* --- where the picture changes -------------------------------------------------------------------------- */

struct change {
    int64_t at_ms;
    double much; /* how much of the picture, 0 to 1 */
};

static double number_after(struct str line, const char *word)
{
    char number[32];
    size_t at = str_search(line, str_from(word));
    if (at == line.n) return -1;
    snprintf(number, sizeof number, "%.*s", STR(str_sub(line, at + strlen(word), 24)));
    double n = strtod(number, NULL);
    return isfinite(n) ? n : -1;
}

/* Of two that are near each other, the first: a slide that comes in by and by begins there. */
static size_t read_changes(struct str text, size_t most, struct change *changes)
{
    size_t n = 0;
    int64_t at = -1;
    while (text.n > 0 && n < most) {
        struct str line = str_cut(&text, '\n');
        double seconds = number_after(line, "pts_time:");
        double much = number_after(line, "lavfi.scene_score=");
        if (seconds > 0 && seconds < 1e6) at = (int64_t)(seconds * 1000);
        if (much < 0 || at < 0 || (n && at - changes[n - 1].at_ms < CHANGE_LEAST_MS)) continue;
        changes[n++] = (struct change){ at, much };
    }
    return n;
}

static int by_much(const void *a, const void *b)
{
    double x = ((const struct change *)a)->much, y = ((const struct change *)b)->much;
    return (x < y) - (x > y);
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct change *)a)->at_ms, y = ((const struct change *)b)->at_ms;
    return (x > y) - (x < y);
}

static size_t strongest(struct making *m, struct str text, size_t most, int64_t **ret)
{
    struct change *changes = arena_array(m->arena, struct change, CHANGES_MOST);
    size_t n = read_changes(text, CHANGES_MOST, changes);
    qsort(changes, n, sizeof *changes, by_much);
    if (n > most) n = most;
    qsort(changes, n, sizeof *changes, by_time);
    *ret = arena_array(m->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = changes[i].at_ms;
    return n;
}

/* Slides stay for a while and then change; two pictures a second of the smallest size show it. What moves all the time does
 * not count: ffmpeg's score is what a picture differs more than the one before did. Every picture goes through to the end,
 * so that the progress is that of the film, and not of what was found. */
enum media_result pictures_changes(struct making *m, size_t most, int64_t **ret_moments,
                                   size_t *ret_count)
{
    struct arguments args;
    struct str text;
    size_t from = m->ladder_count;
    while (from > 0 && !making_has(m, str_from(m->ladder[from - 1].name)))
        from--;
    if (from == 0) return MEDIA_OK;
    args_start(&args);
    ADD(&args, "-i",
        arena_printf(m->arena, "%.*s/%s/index.m3u8", STR(m->final), m->ladder[from - 1].name).p,
        "-vf",
        "fps=2,select='gte(scene,0)',metadata=mode=print:key=lavfi.scene_score:value=" CHANGE_SCORE
        ":function=greater:file=changes.txt",
        "-f", "null", "-");
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK) return result;
    if (file_read(m->arena, file_join(m->arena, m->folder, S("changes.txt")), CHANGES_FILE, &text))
        *ret_count = strongest(m, text, most, ret_moments);
    return MEDIA_OK;
}
