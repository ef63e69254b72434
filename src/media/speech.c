/* Each sentence is spoken alone, so that its place in time is known to the sample. */
#include "media/speech.h"

#include "base/buf.h"
#include "base/limits.h"
#include "media/file.h"
#include "media/sandbox.h"

enum {
    WAV_MAX = 16 * MIB,
    QUIET = 200, /* samples below this at the ends are silence */
    KEEP = SPEECH_RATE / 50,
};

static uint32_t little(const char *p, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)p[i];
    return value;
}

bool sound_parse_wav(struct str wav, const char **ret_samples, size_t *ret_count)
{
    if (wav.n < 12 || memcmp(wav.p, "RIFF", 4) != 0 || memcmp(wav.p + 8, "WAVE", 4) != 0)
        return false;
    bool format = false;
    for (size_t at = 12; wav.n - at >= 8;) {
        const char *chunk = wav.p + at;
        size_t size = little(chunk + 4, 4), left = wav.n - at - 8;
        if (memcmp(chunk, "fmt ", 4) == 0 && left >= 16 && size >= 16) {
            format = little(chunk + 8, 2) == 1 && little(chunk + 10, 2) == 1 &&
                     little(chunk + 22, 2) == 16 && little(chunk + 12, 4) == SPEECH_RATE;
        } else if (memcmp(chunk, "data", 4) == 0) {
            *ret_samples = chunk + 8;
            *ret_count = (size < left ? size : left) / 2;
            return format;
        }
        if (size > left) return false;
        at += 8 + size;
        if (size & 1 && at < wav.n) at++;
    }
    return false;
}

static int16_t *grow(struct arena *a, struct sound *s, size_t more)
{
    if (s->n + more > s->room) {
        size_t room = (s->n + more) * 2;
        int16_t *samples = arena_array(a, int16_t, room);
        if (s->n) memcpy(samples, s->samples, s->n * sizeof *samples);
        s->samples = samples;
        s->room = room;
    }
    int16_t *at = s->samples + s->n;
    s->n += more;
    return at;
}

void sound_add_silence(struct arena *a, struct sound *s, int64_t ms)
{
    size_t n = (size_t)(ms * SPEECH_RATE / 1000);
    memset(grow(a, s, n), 0, n * sizeof(int16_t));
}

int64_t sound_ms(const struct sound *s)
{
    return (int64_t)s->n * 1000 / SPEECH_RATE;
}

/* Adds the samples between the first and the last that can be heard. */
static void add_heard(struct arena *a, struct sound *s, const char *bytes, size_t n)
{
    int16_t *at = grow(a, s, n);
    for (size_t i = 0; i < n; i++)
        at[i] = (int16_t)little(bytes + 2 * i, 2);
    size_t from = 0, to = n;
    while (from < to && abs(at[from]) < QUIET)
        from++;
    while (to > from && abs(at[to - 1]) < QUIET)
        to--;
    from = from > KEEP ? from - KEEP : 0;
    to = to + KEEP < n ? to + KEEP : n;
    memmove(at, at + from, (to - from) * sizeof *at);
    s->n -= n - (to - from);
}

bool speech_add(struct arena *a, struct str folder, struct str text, struct str language,
                struct sound *s, struct str *ret_error)
{
    const char *argv[] = { "espeak-ng", "-v",  arena_cstr(a, language),
                           "-s",        "150", "-f",
                           "text",      "-w",  "spoken.wav",
                           NULL };
    struct str wav, path = file_join(a, folder, S("spoken.wav"));
    const char *bytes;
    size_t n;
    if (!file_write(file_join(a, folder, S("text")), text)) {
        *ret_error = S("the working folder cannot be written");
        return false;
    }
    struct sandbox_job job = { .argv = argv, .folder = folder };
    struct sandbox_result r = sandbox_run(a, &job);
    if (r.end != SANDBOX_OK) {
        *ret_error = sandbox_words(a, "espeak-ng", &r);
        return false;
    }
    if (!file_read(a, path, WAV_MAX, &wav) || !sound_parse_wav(wav, &bytes, &n) ||
        s->n + n > SPEECH_MAX) {
        *ret_error = S("espeak-ng: what it wrote is not the sound expected");
        return false;
    }
    add_heard(a, s, bytes, n);
    return true;
}

static void put_little(struct buf *b, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_putc(b, (char)(value >> (8 * i)));
}

bool sound_write(const struct sound *s, struct str path)
{
    uint32_t size = (uint32_t)(s->n * 2);
    struct buf b = BUF_INIT(SPEECH_MAX * 2 + 44);
    buf_lit(&b, "RIFF");
    put_little(&b, 36 + size, 4);
    buf_lit(&b, "WAVEfmt ");
    put_little(&b, 16, 4);
    put_little(&b, 1, 2);
    put_little(&b, 1, 2);
    put_little(&b, SPEECH_RATE, 4);
    put_little(&b, SPEECH_RATE * 2, 4);
    put_little(&b, 2, 2);
    put_little(&b, 16, 2);
    buf_lit(&b, "data");
    put_little(&b, size, 4);
    for (size_t i = 0; i < s->n; i++)
        put_little(&b, (uint16_t)s->samples[i], 2);
    bool ok = !b.full && file_write(path, buf_view(&b));
    buf_finish(&b);
    return ok;
}
