/* Any bytes as what ffprobe says, as a playlist, as an init segment, as a script and as a WAV file. */
#include "media/demo_video.h"
#include "media/hls.h"
#include "media/ladder.h"
#include "media/probe.h"
#include "media/speech.h"
#include "media/transcode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_probe(struct arena *a, struct str text)
{
    struct probe p;
    struct rendition ladder[LADDER_MAX];
    if (probe_parse(a, text, &p) != PROBE_OK) return;
    if (p.duration_ms > PROBE_DURATION_MAX || p.sound_count > PROBE_TRACKS ||
        p.chapter_count > PROBE_CHAPTERS)
        abort();
    if (!p.has_video) return;
    size_t n = ladder_plan(p.display_width, p.display_height, ladder);
    if (n < 1 || n > LADDER_MAX || ladder[0].width % 2 || ladder[0].height % 2) abort();
    double rate = ladder_rate(p.fps, p.variable_rate);
    if (!(rate >= 1 && rate <= 31)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct str text = arena_dup(a, (struct str){ (const char *)data, size });
    struct hls_playlist playlist;
    struct demo_video video;
    struct str error = STR_NONE;
    const char *samples;
    size_t count;
    check_probe(a, text);
    hls_parse(a, text, &playlist);
    hls_codec(a, text);
    if (!demo_script_read(a, text, &video, &error) && !error.p) abort();
    if (sound_parse_wav(text, &samples, &count) && count * 2 > text.n) abort();
    const char *type = media_file_type(text);
    if (type && str_search(text, S("..")) < text.n) abort();
    arena_destroy(a);
    return 0;
}
