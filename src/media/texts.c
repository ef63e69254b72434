/* Text tracks in the source become WebVTT. Tracks of pictures (DVD, Blu-ray) hold no text and are left. */
#include "media/making.h"

#include "media/file.h"
#include "media/webvtt.h"

static bool is_text(struct str codec)
{
    static const char *const known[] = {
        "subrip", "srt", "ass", "ssa", "webvtt", "text", "mov_text"
    };
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(codec, known[i])) return true;
    return false;
}

/* One a language: the file's own order decides. */
static bool known(const struct transcode_result *r, struct str language)
{
    for (size_t i = 0; i < r->found_count; i++)
        if (str_eq(r->found[i].language, language)) return true;
    return false;
}

static void take(struct making *m, const struct probe_track *t, struct str file)
{
    struct transcode_result *r = m->result;
    struct str text, name, language = hls_language(t->language, &name);
    struct cue *cues;
    size_t n;
    const char *problem;
    int line;
    if (language.n == 0 || language.n > 8 || !media_name_valid(language)) {
        language = S("fr");
        hls_language(language, &name);
    }
    if (known(r, language) || !file_read(m->arena, file, WEBVTT_MAX, &text)) return;
    if (!webvtt_parse(m->arena, text, &cues, &n, &problem, &line) || n == 0) return;
    r->found[r->found_count++] =
        (struct transcode_subtitle){ language, name, webvtt_write(m->arena, cues, n) };
}

enum media_result texts_extract(struct making *m)
{
    const struct probe *p = m->probe;
    m->result->found = arena_array(m->arena, struct transcode_subtitle, p->subtitle_count + 1);
    m->result->found_count = 0;
    for (size_t i = 0; i < p->subtitle_count; i++) {
        struct arguments args;
        if (!is_text(p->subtitles[i].codec)) continue;
        args_start(&args);
        args_source(m, &args);
        ADD(&args, "-map", arena_printf(m->arena, "0:%d", p->subtitles[i].index).p, "-c:s",
            "webvtt", "-f", "webvtt", "found.vtt");
        enum media_result result = making_run(m, &args);
        if (result == MEDIA_STOPPED || result == MEDIA_FULL) return result;
        /* one that cannot be read is no reason to refuse the video */
        if (result == MEDIA_OK)
            take(m, &p->subtitles[i], file_join(m->arena, m->folder, S("found.vtt")));
        m->result->reason = PROBE_OK;
    }
    return MEDIA_OK;
}
