/* The sound is made small first: 16 kHz, one channel, as these models want it. An endpoint gets Opus, below the 25 MB that OpenAI's
 * interface takes; a command gets a WAV file, in a sandbox, and leaves a .vtt file beside it. */
#include "media/recognition.h"

#include <dirent.h>

#include "base/limits.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/utf8.h"
#include "html/lang.h"
#include "http/client.h"
#include "media/file.h"
#include "media/making.h"
#include "media/webvtt.h"

enum {
    SENT_BYTES = 24 * 1000 * 1000, /* of the 25 MB that are taken */
    RATE_MOST = 32000,             /* bits a second: more helps no model */
    RATE_LEAST = 6000,             /* below that, speech is no longer understood */
    ASK_SECONDS = 3600,
    WORDS_MOST = 40, /* of a command */
};
#define COMMAND_MEMORY ((int64_t)16 * 1024 * MIB)

static struct {
    struct str url, key, model, command, files;
} config;

void recognition_start(const struct settings *settings)
{
    config.url = settings_text(settings, "recognition_url");
    config.key = settings_text(settings, "recognition_key");
    config.model = settings_text(settings, "recognition_model");
    config.command = settings_text(settings, "recognition_command");
    config.files = settings_text(settings, "recognition_files");
}

bool recognition_is_set(void)
{
    return config.url.n > 0 || config.command.n > 0;
}

static enum media_result bad(struct making *m, const char *why)
{
    m->result->why = str_from(why);
    return MEDIA_BAD;
}

/* --- the sound -------------------------------------------------------------------------------------------------------- */

static enum media_result make_sound(struct making *m, const char *file, int64_t duration_ms)
{
    struct arguments args;
    struct str list = arena_printf(m->arena, "%.*s/audio/index.m3u8", STR(m->final));
    if (!making_has(m, S("audio/index.m3u8"))) return bad(m, N_("This video has no sound."));
    args_start(&args);
    ADD(&args, "-i", list.p, "-ac", "1", "-ar", "16000");
    if (config.url.n) {
        int64_t rate = SENT_BYTES * INT64_C(8000) / (duration_ms > 0 ? duration_ms : 1);
        if (rate < RATE_LEAST)
            return bad(m, N_("This video is too long for a machine to write down."));
        if (rate > RATE_MOST) rate = RATE_MOST;
        ADD(&args, "-c:a", "libopus", "-b:a", arena_printf(m->arena, "%lld", (long long)rate).p,
            "-application", "voip");
    }
    ADD(&args, file);
    m->to = 200;
    return making_run(m, &args);
}

/* --- asking an endpoint ----------------------------------------------------------------------------------------------- */

static enum media_result ask(struct making *m, struct str file, struct str lang, struct str *ret)
{
    const struct http_part parts[] = {
        { .name = "file", .path = file, .file_name = "sound.ogg", .type = "audio/ogg" },
        { .name = "model", .value = config.model },
        { .name = "language", .value = lang },
        { .name = "response_format", .value = S("vtt") },
        { 0 },
    };
    struct http_call call = { .address =
                                  arena_join(m->arena, config.url, S("/audio/transcriptions")),
                              .parts = parts,
                              .accept = "text/vtt, text/plain",
                              .anywhere = true, /* the operator names it, often beside us */
                              .max = WEBVTT_MAX,
                              .seconds = ASK_SECONDS,
                              .goes_on = making_goes_on,
                              .context = m };
    int status = 0;
    if (config.key.n) call.authorization = arena_join(m->arena, S("Bearer "), config.key);
    m->from = m->thousandths;
    m->to = 950;
    if (!http_call(m->arena, &call, &status, ret)) {
        if (!making_goes_on(m)) return MEDIA_STOPPED;
        m->result->why = S("the recognition endpoint did not answer");
        return MEDIA_FAILED;
    }
    if (status == 200) return MEDIA_OK;
    m->result->why = arena_printf(m->arena, "the recognition endpoint answered %d", status);
    return MEDIA_FAILED;
}

/* --- asking a command ------------------------------------------------------------------------------------------------- */

/* "whisper {file} --language {lang} …" as words; no shell reads it. */
static size_t words_of(struct arena *a, struct str lang, const char *ret[WORDS_MOST + 1])
{
    struct str rest = config.command;
    size_t n = 0;
    while (rest.n && n < WORDS_MOST) {
        struct str word = str_cut(&rest, ' ');
        if (!word.n) continue;
        if (str_is(word, "{file}")) word = S("sound.wav");
        if (str_is(word, "{lang}")) word = lang;
        ret[n++] = arena_cstr(a, word);
    }
    ret[n] = NULL;
    return n;
}

static bool go_on(void *context, struct str line)
{
    (void)line;
    return making_goes_on(context);
}

/* The .vtt file that the command left, whatever its name. */
static struct str left_behind(struct making *m)
{
    DIR *folder = opendir(m->folder.p);
    struct str found = STR_NONE;
    for (struct dirent *e; folder && !found.p && (e = readdir(folder));)
        if (str_ends(str_from(e->d_name), S(".vtt")) &&
            !file_read(m->arena, file_join(m->arena, m->folder, str_from(e->d_name)), WEBVTT_MAX,
                       &found))
            found = STR_NONE;
    if (folder) closedir(folder);
    return found;
}

static enum media_result run(struct making *m, struct str lang, int64_t duration_ms,
                             struct str *ret)
{
    const char *words[WORDS_MOST + 1];
    struct sandbox_job job = { .argv = words, .folder = m->folder, .reads = &config.files };
    if (!words_of(m->arena, lang, words)) return MEDIA_FAILED;
    job.read_count = config.files.n > 0;
    job.deadline_ms = 10 * MINUTE_MS + 20 * duration_ms;
    job.cpu_seconds = (int)(8 * job.deadline_ms / 1000);
    job.memory = COMMAND_MEMORY;
    job.nice = 10;
    job.line = go_on;
    job.context = m;
    struct sandbox_result r = sandbox_run(m->arena, &job);
    if (r.end == SANDBOX_STOPPED) return MEDIA_STOPPED;
    if (r.end != SANDBOX_OK) {
        m->result->why = sandbox_words(m->arena, words[0], &r);
        return MEDIA_FAILED;
    }
    *ret = left_behind(m);
    if (ret->p) return MEDIA_OK;
    m->result->why = S("the recognition command left no .vtt file");
    return MEDIA_FAILED;
}

/* --- both --------------------------------------------------------------------------------------------------------------- */

/* As we would have written it; a machine's file is no more trusted than a person's. */
static enum media_result take(struct making *m, struct str file, struct str *ret)
{
    struct cue *cues;
    const char *problem;
    int line;
    size_t n;
    if (!utf8_valid(file) ||
        !subtitles_parse(m->arena, utf8_nfc(m->arena, file), &cues, &n, &problem, &line)) {
        m->result->why = S("the recognition answered something that is no WebVTT file");
        return MEDIA_FAILED;
    }
    if (n == 0) return bad(m, N_("The machine understood nothing that is said in this language."));
    *ret = webvtt_write(m->arena, cues, n);
    return MEDIA_OK;
}

enum media_result media_recognise(struct arena *arena, const struct transcode_job *job,
                                  struct str lang, struct str *ret_vtt, struct transcode_result *r)
{
    int64_t duration = r->duration_ms;
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    struct str answer = STR_NONE;
    const char *file = config.url.n ? "sound.ogg" : "sound.wav";
    r->probe.duration_ms = duration;
    r->why = S("");
    enum media_result result = making_begin(&m);
    if (result == MEDIA_OK) result = make_sound(&m, file, duration);
    if (result == MEDIA_OK)
        result = config.url.n ? ask(&m, file_join(arena, m.folder, str_from(file)), lang, &answer)
                              : run(&m, lang, duration, &answer);
    if (result == MEDIA_OK) result = take(&m, answer, ret_vtt);
    making_end(&m);
    return result;
}
