/* From a script to a film. The sound comes first: its lengths give every other time. */
#include "media/demo_video.h"

#include <jansson.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "media/file.h"
#include "media/sandbox.h"
#include "media/slide.h"
#include "media/speech.h"

enum {
    LEAD_MS = 900,   /* at the start of a slide: time to read the heading */
    BREATH_MS = 380, /* after a sentence */
    TAIL_MS = 900,   /* at the end */
    HOLD_MS = 250,   /* a subtitle stays a little longer than the voice */
    LINE = 42,       /* characters of a subtitle's line */
    FRAMES = 5,      /* a second */
};

struct sentence {
    struct str text, spoken;
    size_t slide;
    int point;
    int64_t start_ms, end_ms; /* of the voice */
};

struct script {
    struct slide slides[DEMO_SLIDES];
    size_t slide_count;
    struct sentence sentences[DEMO_SENTENCES];
    size_t sentence_count;
};

struct making {
    struct arena *arena;
    const struct demo_video_options *options;
    struct demo_video *video;
    struct script *script;
    struct str *error;
};

static bool fail(struct making *m, struct str why)
{
    *m->error = why;
    return false;
}

/* --- the script ------------------------------------------------------------------------------------------- */

/* A text of the script, copied; false when it is missing, empty, too long or not clean. */
static bool read_text(struct arena *a, const json_t *object, const char *key, size_t most,
                      struct str *ret)
{
    const json_t *value = key ? json_object_get(object, key) : object;
    if (!json_is_string(value)) return false;
    struct str text = str_trim((struct str){ json_string_value(value), json_string_length(value) });
    if (text.n == 0 || !utf8_valid(text) || utf8_count(text) > most) return false;
    *ret = arena_dup(a, text);
    return true;
}

static bool read_sentence(struct making *m, const json_t *item, size_t slide)
{
    struct script *s = m->script;
    if (s->sentence_count == DEMO_SENTENCES) return fail(m, S("the script has too many sentences"));
    struct sentence *one = &s->sentences[s->sentence_count++];
    *one = (struct sentence){ .slide = slide, .point = -1 };
    const bool plain = json_is_string(item);
    if (!read_text(m->arena, item, plain ? NULL : "text", 3 * LINE, &one->text)) {
        return fail(m, S("a sentence of the script is missing or longer than three lines"));
    }
    one->spoken = one->text;
    if (plain) return true;
    if (json_object_get(item, "spoken") &&
        !read_text(m->arena, item, "spoken", 1000, &one->spoken)) {
        return fail(m, S("\"spoken\" is not a text"));
    }
    json_int_t point = json_integer_value(json_object_get(item, "point"));
    if (point < 0 || (size_t)point > s->slides[slide].point_count)
        return fail(m, S("\"point\" names no point"));
    one->point = (int)point - 1;
    return true;
}

static bool read_slide(struct making *m, const json_t *item, size_t number, size_t of)
{
    struct slide *slide = &m->script->slides[number];
    *slide = (struct slide){ .current = -1, .number = number, .of = of, .area = m->video->area };
    slide->seed = m->video->slug;
    slide->mark = m->options->mark;
    if (!read_text(m->arena, item, "heading", 80, &slide->heading))
        return fail(m, S("a slide has no heading"));
    const json_t *points = json_object_get(item, "points"), *say = json_object_get(item, "say");
    size_t i;
    json_t *value;
    if (json_array_size(points) > SLIDE_POINTS) return fail(m, S("a slide has too many points"));
    json_array_foreach((json_t *)points, i, value)
    {
        if (!read_text(m->arena, value, NULL, 90, &slide->points[i]))
            return fail(m, S("a point is not a text"));
        slide->point_count++;
    }
    if (json_array_size(say) == 0) return fail(m, S("a slide says nothing"));
    json_array_foreach((json_t *)say, i, value)
    {
        if (!read_sentence(m, value, number)) return false;
    }
    return true;
}

static bool slug_valid(struct str slug)
{
    for (size_t i = 0; i < slug.n; i++) {
        char c = slug.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
            return false;
    }
    return slug.n > 0 && slug.n <= 64;
}

static bool read_root(struct making *m, const json_t *root)
{
    struct demo_video *v = m->video;
    struct str area = S("");
    bool whole = read_text(m->arena, root, "slug", 64, &v->slug) &&
                 read_text(m->arena, root, "title", 200, &v->title) &&
                 read_text(m->arena, root, "description", 2000, &v->description) &&
                 read_text(m->arena, root, "language", 8, &v->language) &&
                 read_text(m->arena, root, "area", 8, &area);
    if (!whole) return fail(m, S("the script needs slug, title, description, language and area"));
    if (!slug_valid(v->slug) || !slug_valid(v->language))
        return fail(m, S("the slug or the language is not one"));
    v->area = area_from_name(area);
    const json_t *slides = json_object_get(root, "slides");
    size_t n = json_array_size(slides);
    if (n == 0 || n > DEMO_SLIDES) return fail(m, S("the script has no slides, or too many"));
    m->script->slide_count = n;
    for (size_t i = 0; i < n; i++)
        if (!read_slide(m, json_array_get(slides, i), i, n)) return false;
    return true;
}

static bool read_script(struct making *m)
{
    json_error_t error;
    if (m->options->script.n > DEMO_SCRIPT_MAX) return fail(m, S("the script is too long"));
    json_t *root = json_loadb(m->options->script.p, m->options->script.n, 0, &error);
    if (!root)
        return fail(m, arena_printf(m->arena, "the script, line %d: %s", error.line, error.text));
    bool ok = read_root(m, root);
    json_decref(root);
    return ok;
}

bool demo_script_read(struct arena *arena, struct str script, struct demo_video *ret_video,
                      struct str *ret_error)
{
    struct demo_video_options options = { .script = script, .mark = S("") };
    *ret_video = (struct demo_video){ .slug = STR_NONE };
    struct making m = { arena, &options, ret_video, arena_new(arena, struct script), ret_error };
    return read_script(&m);
}

/* --- sound ------------------------------------------------------------------------------------------------ */

static bool speak(struct making *m)
{
    struct sound sound = { .n = 0 };
    struct script *s = m->script;
    size_t slide = DEMO_SLIDES;
    for (size_t i = 0; i < s->sentence_count; i++) {
        struct sentence *one = &s->sentences[i];
        if (one->slide != slide) sound_add_silence(m->arena, &sound, LEAD_MS);
        slide = one->slide;
        one->start_ms = sound_ms(&sound);
        if (!speech_add(m->arena, m->options->folder, one->spoken, m->video->language, &sound,
                        m->error))
            return false;
        one->end_ms = sound_ms(&sound);
        sound_add_silence(m->arena, &sound, BREATH_MS);
    }
    sound_add_silence(m->arena, &sound, TAIL_MS);
    m->video->duration_ms = sound_ms(&sound);
    if (!sound_write(&sound, file_join(m->arena, m->options->folder, S("voice.wav")))) {
        return fail(m, S("the sound cannot be written"));
    }
    return true;
}

/* When the picture of sentence i appears: with its slide, or with the voice. */
static int64_t appears(const struct script *s, size_t i)
{
    bool first = i == 0 || s->sentences[i - 1].slide != s->sentences[i].slide;
    if (i == 0) return 0;
    return first ? s->sentences[i].start_ms - LEAD_MS : s->sentences[i].start_ms;
}

/* --- subtitles and chapters --------------------------------------------------------------------------------- */

/* Breaks a long sentence at the spaces nearest its halves or thirds. */
static struct str break_lines(struct arena *a, struct str text)
{
    size_t characters = utf8_count(text);
    size_t lines = (characters + LINE - 1) / LINE;
    char *broken = arena_cstr(a, text);
    for (size_t line = 1; line < lines; line++) {
        size_t middle = text.n * line / lines, best = text.n;
        for (size_t i = 1; i + 1 < text.n; i++) {
            if (broken[i] != ' ' || strchr("?!:;", broken[i + 1])) continue;
            size_t away = i > middle ? i - middle : middle - i;
            size_t least = best > middle ? best - middle : middle - best;
            if (best == text.n || away < least) best = i;
        }
        if (best < text.n) broken[best] = '\n';
    }
    return (struct str){ broken, text.n };
}

static void write_cues(struct making *m)
{
    const struct script *s = m->script;
    struct demo_video *v = m->video;
    v->cues = arena_array(m->arena, struct cue, s->sentence_count);
    v->cue_count = s->sentence_count;
    for (size_t i = 0; i < s->sentence_count; i++) {
        const struct sentence *one = &s->sentences[i];
        v->cues[i] =
            (struct cue){ one->start_ms, one->end_ms + HOLD_MS, break_lines(m->arena, one->text) };
    }
    v->vtt = webvtt_write(m->arena, v->cues, v->cue_count);
    v->chapters = arena_array(m->arena, struct demo_chapter, s->slide_count);
    for (size_t i = 0; i < s->sentence_count; i++) {
        size_t slide = s->sentences[i].slide;
        if (slide < v->chapter_count) continue;
        v->chapters[v->chapter_count++] =
            (struct demo_chapter){ appears(s, i), s->slides[slide].heading };
    }
}

/* ffmpeg's own form for chapters. */
static bool write_chapters(struct making *m)
{
    struct buf b = BUF_INIT(64 * KIB);
    buf_lit(&b, ";FFMETADATA1\n");
    const struct demo_video *v = m->video;
    for (size_t i = 0; i < v->chapter_count; i++) {
        int64_t end = i + 1 < v->chapter_count ? v->chapters[i + 1].start_ms : v->duration_ms;
        buf_printf(&b, "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%lld\nEND=%lld\ntitle=",
                   (long long)v->chapters[i].start_ms, (long long)end);
        struct str title = v->chapters[i].title;
        for (size_t c = 0; c < title.n; c++) {
            if (strchr("=;#\\\n", title.p[c])) buf_putc(&b, '\\');
            buf_putc(&b, title.p[c]);
        }
        buf_putc(&b, '\n');
    }
    bool ok = !b.full &&
              file_write(file_join(m->arena, m->options->folder, S("chapters.txt")), buf_view(&b));
    buf_finish(&b);
    return ok || fail(m, S("the chapters cannot be written"));
}

/* --- pictures --------------------------------------------------------------------------------------------- */

static bool draw_pictures(struct making *m)
{
    struct script *s = m->script;
    struct str folder = m->options->folder;
    struct fonts *fonts =
        fonts_open(m->arena, folder, m->options->display_font, m->options->body_font);
    if (!fonts) return fail(m, S("fontconfig does not work here"));
    struct buf list = BUF_INIT(64 * KIB);
    buf_lit(&list, "ffconcat version 1.0\n");
    for (size_t i = 0; i < s->sentence_count; i++) {
        struct slide slide = s->slides[s->sentences[i].slide];
        slide.current = s->sentences[i].point;
        struct str name = arena_printf(m->arena, "slide-%03zu.png", i);
        if (!slide_draw(m->arena, fonts, &slide, file_join(m->arena, folder, name))) {
            buf_finish(&list);
            return fail(m, S("a slide cannot be written"));
        }
        int64_t until = i + 1 < s->sentence_count ? appears(s, i + 1) : m->video->duration_ms;
        buf_printf(&list, "file %.*s\nduration %.3f\n", STR(name),
                   (double)(until - appears(s, i)) / 1000);
        /* the concat reader forgets the duration of the last one unless it is named again */
        if (i + 1 == s->sentence_count) buf_printf(&list, "file %.*s\n", STR(name));
    }
    bool ok =
        !list.full && file_write(file_join(m->arena, folder, S("slides.txt")), buf_view(&list));
    buf_finish(&list);
    return ok || fail(m, S("the list of slides cannot be written"));
}

/* --- the film --------------------------------------------------------------------------------------------- */

static bool join(struct making *m)
{
    struct arena *a = m->arena;
    const char *title = arena_printf(a, "title=%.*s", STR(m->video->title)).p;
    const char *language = str_is(m->video->language, "fr") ? "language=fra" : "language=und";
    const char *length = arena_printf(a, "%.3f", (double)m->video->duration_ms / 1000).p;
    struct str name = arena_printf(a, "%.*s.mp4", STR(m->video->slug));
    const char *frames = arena_printf(a, "fps=%d,format=yuv420p", FRAMES).p;
    const char *argv[] = { "ffmpeg",
                           "-nostdin",
                           "-v",
                           "error",
                           "-y",
                           "-f",
                           "concat",
                           "-i",
                           "slides.txt",
                           "-i",
                           "voice.wav",
                           "-i",
                           "chapters.txt",
                           "-map",
                           "0:v",
                           "-map",
                           "1:a",
                           "-map_chapters",
                           "2",
                           "-metadata",
                           title,
                           "-metadata:s:a:0",
                           language,
                           "-vf",
                           frames,
                           "-c:v",
                           "libx264",
                           "-preset",
                           "veryfast",
                           "-tune",
                           "stillimage",
                           "-crf",
                           "20",
                           "-g",
                           "40",
                           "-c:a",
                           "aac",
                           "-b:a",
                           "96k",
                           "-ar",
                           "48000",
                           "-t",
                           length,
                           "-movflags",
                           "+faststart",
                           name.p,
                           NULL };
    struct sandbox_job job = { .argv = argv, .folder = m->options->folder };
    job.deadline_ms = 10 * MINUTE_MS;
    job.cpu_seconds = 600;
    job.memory = (int64_t)4096 * MIB;
    job.file_size = (int64_t)512 * MIB;
    struct sandbox_result r = sandbox_run(a, &job);
    if (r.end != SANDBOX_OK) return fail(m, sandbox_words(a, "ffmpeg", &r));
    m->video->mp4 = file_join(a, m->options->folder, name);
    return true;
}

bool demo_video_make(struct arena *arena, const struct demo_video_options *options,
                     struct demo_video *ret_video, struct str *ret_error)
{
    *ret_video = (struct demo_video){ .slug = STR_NONE };
    struct making m = { arena, options, ret_video, arena_new(arena, struct script), ret_error };
    if (!read_script(&m) || !speak(&m)) return false;
    write_cues(&m);
    return write_chapters(&m) && draw_pictures(&m) && join(&m);
}
