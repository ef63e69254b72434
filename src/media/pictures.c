/* Still pictures of a video: its poster, others to choose from, the storyboard, and where its picture changes. */
#include "media/making.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/file.h"

enum {
    POSTER_SMALL = 480, /* pixels across: a card of a list */
    TILE = 160,
    COLUMNS = 10,
    TILES_MOST = 100,
    CHANGE_LEAST_MS = 5000, /* between two chapters */
    CHANGES_FILE = 4 * MIB,
};

/* --- posters -------------------------------------------------------------------------------------------- */

/* Two sizes from one picture: a small one for lists, a large one for the player. */
static void add_posters(struct making *m, struct arguments *args, const char *input)
{
    const struct rendition *best = &m->ladder[0];
    double small = fmin(1, (double)POSTER_SMALL / best->width);
    ADD(args, "-filter_complex",
        arena_printf(m->arena,
                     "[%s]scale=%d:%d:force_original_aspect_ratio=increase,crop=%d:%d,setsar=1,"
                     "format=yuv420p,split[l][s];[s]scale=%d:%d[s]",
                     input, best->width, best->height, best->width, best->height,
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
    add_posters(m, &args, arena_printf(m->arena, "0:%d", m->probe->video.index).p);
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
    ADD(&args, "-format_whitelist", "png_pipe,jpeg_pipe,webp_pipe,image2,image2pipe",
        "-protocol_whitelist", "file", "-i", arena_printf(m->arena, "file:%.*s", STR(picture)).p);
    add_posters(m, &args, "0:v:0");
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK) return result;
    return made(m, "poster.webp") ? place_poster(m) : MEDIA_BAD;
}

enum media_result pictures_choices(struct making *m)
{
    for (int i = 1; i <= MEDIA_CHOICES; i++) {
        struct arguments args;
        int64_t at = m->probe->duration_ms * (2 * i - 1) / (2 * MEDIA_CHOICES);
        const char *file = arena_printf(m->arena, "choice-%d.webp", i).p;
        args_start(&args);
        ADD(&args, "-ss", arena_printf(m->arena, "%.3f", (double)at / 1000).p);
        args_source(m, &args);
        ADD(&args, "-map", arena_printf(m->arena, "0:%d", m->probe->video.index).p, "-frames:v",
            "1", "-vf",
            arena_printf(m->arena, "scale=%d:-2,setsar=1,format=yuv420p", POSTER_SMALL).p, "-c:v",
            "libwebp", "-quality", "50", "-update", "1", file);
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

/* --- where the picture changes -------------------------------------------------------------------------- */

static size_t read_changes(struct str text, size_t most, int64_t *moments)
{
    size_t n = 0;
    while (text.n > 0 && n < most) {
        struct str line = str_cut(&text, '\n');
        char number[32];
        size_t at = str_search(line, S("pts_time:"));
        if (at == line.n) continue;
        snprintf(number, sizeof number, "%.*s", STR(str_sub(line, at + 9, 24)));
        double seconds = strtod(number, NULL);
        if (!(seconds > 0 && seconds < 1e6)) continue;
        int64_t ms = (int64_t)(seconds * 1000);
        if (ms - (n ? moments[n - 1] : 0) >= CHANGE_LEAST_MS) moments[n++] = ms;
    }
    return n;
}

/* Slides stay for a while and then change wholly; one picture a second of the smallest size shows it. */
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
        "-vf", "fps=2,select='gt(scene,0.12)',metadata=print:file=changes.txt", "-f", "null", "-");
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK) return result;
    *ret_moments = arena_array(m->arena, int64_t, most + 1);
    if (file_read(m->arena, file_join(m->arena, m->folder, S("changes.txt")), CHANGES_FILE, &text))
        *ret_count = read_changes(text, most, *ret_moments);
    return MEDIA_OK;
}
