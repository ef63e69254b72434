/* The loudness over time, a byte for each tenth of a second: for editors of subtitles. */
#include "media/making.h"

#include "base/limits.h"
#include "media/file.h"

enum { RATE = 4000, PIECE = RATE / WAVEFORM_RATE };

/* Peaks of raw samples, in the square root of their height: speech is seen beside applause. */
static struct str peaks_of(struct arena *a, FILE *raw, int64_t bytes)
{
    size_t most = (size_t)(bytes / 2 / PIECE + 1), n = 0;
    char *peaks = arena_alloc(a, most + 1);
    int16_t samples[PIECE];
    size_t got;
    while (n < most && (got = fread(samples, sizeof samples[0], PIECE, raw)) > 0) {
        int peak = 0;
        for (size_t i = 0; i < got; i++) {
            int height = samples[i] < 0 ? -(samples[i] + 1) : samples[i];
            if (height > peak) peak = height;
        }
        int root = 0;
        while ((root + 1) * (root + 1) * 32767 / (255 * 255) <= peak && root < 255)
            root++;
        peaks[n++] = (char)(unsigned char)root;
    }
    return (struct str){ peaks, n };
}

enum media_result waveform_make(struct making *m)
{
    struct arguments args;
    if (m->sound_count == 0) return MEDIA_OK;
    args_start(&args);
    ADD(&args, "-i", arena_printf(m->arena, "%.*s/audio/index.m3u8", STR(m->final)).p, "-ac", "1",
        "-ar", arena_printf(m->arena, "%d", RATE).p, "-f", "s16le", "samples.raw");
    enum media_result result = making_run(m, &args);
    if (result != MEDIA_OK) return result;
    struct str path = file_join(m->arena, m->folder, S("samples.raw"));
    FILE *raw = fopen(path.p, "rb");
    if (!raw) return making_failed(m, "waveform");
    struct str peaks = peaks_of(m->arena, raw, file_size(path));
    fclose(raw);
    if (!file_write(file_join(m->arena, m->folder, S("waveform.dat")), peaks))
        return making_failed(m, "waveform");
    return making_place(m, S("waveform.dat"));
}
