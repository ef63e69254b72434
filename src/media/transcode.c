/* Which step comes next is read off the video's folder, so that a kill at any moment costs one step at most. */
#include "media/transcode.h"

#include <errno.h>
#include <unistd.h>

#include "media/file.h"
#include "media/making.h"

enum {
    COPY_SIDE = 1080, /* the shorter side of a picture that is passed on as it is */
    COPY_KBIT = 8000, /* and its rate: more stalls on a school's line */
    OPENED = 100,     /* thousandths of all the work; encoding sizes is what remains */
    EXTRAS = 100,
    SIZES_DONE = 960, /* thousandths of a step that encoding is */
};

/* --- names ---------------------------------------------------------------------------------------------- */

bool media_name_valid(struct str name)
{
    if (name.n == 0 || name.n > 64 || name.p[0] == '-') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return true;
}

const char *media_file_type(struct str rest)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        { ".m3u8", "application/vnd.apple.mpegurl" },
        { ".m4s", "video/mp4" },
        { ".mp4", "video/mp4" },
        { ".vtt", "text/vtt; charset=utf-8" },
        { ".webp", "image/webp" },
        { ".dat", "application/octet-stream" },
    };
    if (rest.n == 0 || rest.n > 128) return NULL;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i], before = i ? rest.p[i - 1] : '/';
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!word && !((c == '.' || c == '/') && before != '.' && before != '/')) return NULL;
    }
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_ends(rest, str_from(types[i].end))) return types[i].type;
    return NULL;
}

void media_remove_stale(struct str hls)
{
    file_remove_stale(hls, S(".tmp-"));
}

bool media_remove(struct arena *arena, struct str hls, struct str name)
{
    return media_name_valid(name) && file_remove_tree(file_join(arena, hls, name));
}

/* --- the plan ------------------------------------------------------------------------------------------- */

/* Can the picture be passed on as it is? */
static bool picture_fits(const struct probe *p)
{
    int shorter = p->width < p->height ? p->width : p->height;
    bool profile =
        !str_starts(p->video.profile, S("High 4")) && !str_starts(p->video.profile, S("High 10"));
    int64_t rate = p->bit_rate      ? p->bit_rate
                   : p->duration_ms ? p->size * 8000 / p->duration_ms
                                    : INT64_MAX;
    return str_is(p->video.codec, "h264") && profile && !p->interlaced && !p->hdr &&
           (str_is(p->pixels, "yuv420p") || str_is(p->pixels, "yuvj420p")) && p->square_pixels &&
           p->rotation == 0 && shorter <= COPY_SIDE && p->width % 2 == 0 && p->height % 2 == 0 &&
           p->fps <= 61 && rate <= (int64_t)COPY_KBIT * 1000;
}

static void plan_sounds(struct making *m)
{
    const struct probe *p = m->probe;
    size_t first = 0;
    while (first < p->sound_count && !p->sounds[first].preferred)
        first++;
    if (first == p->sound_count) first = 0;
    for (size_t i = 0; i < p->sound_count && m->sound_count < SOUNDS_MAX; i++)
        m->sounds[m->sound_count++] = &p->sounds[i ? (i <= first ? i - 1 : i) : first];
}

static void plan(struct making *m)
{
    const struct probe *p = m->probe;
    plan_sounds(m);
    if (!p->has_video) return;
    m->ladder_count = ladder_plan(p->display_width, p->display_height, m->ladder);
    m->rate = ladder_rate(p->fps, p->variable_rate);
    m->copy = picture_fits(p) && !making_has(m, S("encode"));
    if (!m->copy) return;
    m->ladder[0].width = p->width;
    m->ladder[0].height = p->height;
}

/* The sizes that are not there; their number. */
static size_t missing(struct making *m, bool ret[LADDER_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < m->ladder_count; i++)
        n += ret[i] = !making_has(m, str_from(m->ladder[i].name));
    return n;
}

/* --- steps ---------------------------------------------------------------------------------------------- */

static enum media_result mark(struct making *m, struct str name)
{
    if (!file_write(file_join(m->arena, m->folder, name), S(""))) return making_failed(m, "mark");
    return making_place(m, name);
}

static enum media_result step_copy(struct making *m)
{
    bool good;
    enum media_result result = encode_copy(m, &good);
    if (result == MEDIA_BAD || (result == MEDIA_OK && !good)) {
        /* what cannot be copied can often be decoded */
        m->copy = false;
        m->result->reason = PROBE_OK;
        m->ladder_count = ladder_plan(m->probe->display_width, m->probe->display_height, m->ladder);
        return mark(m, S("encode"));
    }
    if (result == MEDIA_OK) result = encode_mp4(m);
    return result == MEDIA_OK ? encode_place(m, (const bool[LADDER_MAX]){ true }) : result;
}

static enum media_result step_open(struct making *m)
{
    m->to = 500;
    enum media_result result = making_has(m, S("audio")) ? MEDIA_OK : encode_sounds(m);
    m->from = 500;
    m->to = 900;
    if (result == MEDIA_OK && m->copy && !making_has(m, str_from(m->ladder[0].name)))
        result = step_copy(m);
    if (result == MEDIA_OK && m->ladder_count == 0) result = encode_mp4(m);
    if (result == MEDIA_OK && m->ladder_count)
        result = pictures_poster(m, m->job->poster_ms >= 0 ? m->job->poster_ms
                                                           : m->probe->duration_ms / 10);
    if (result == MEDIA_OK) result = texts_extract(m);
    return result == MEDIA_OK ? mark(m, S("opened")) : result;
}

static enum media_result step_sizes(struct making *m, const bool *wanted)
{
    m->to = SIZES_DONE;
    enum media_result result = encode_sizes(m, wanted);
    m->from = SIZES_DONE;
    m->to = 990;
    if (result == MEDIA_OK && !m->copy) result = encode_mp4(m);
    return result == MEDIA_OK ? encode_place(m, wanted) : result;
}

static enum media_result step_extras(struct making *m)
{
    m->to = 500;
    enum media_result result = waveform_make(m);
    m->from = 500;
    m->to = 800;
    if (result == MEDIA_OK && m->ladder_count) result = pictures_storyboard(m);
    m->from = 800;
    m->to = 990;
    if (result == MEDIA_OK && m->ladder_count) result = pictures_choices(m);
    return result == MEDIA_OK ? mark(m, S("extras")) : result;
}

enum next { NEXT_OPEN, NEXT_FIRST, NEXT_EXTRAS, NEXT_SIZES, NEXT_NOTHING };

/* What is missing, and in `wanted` the sizes of the next step. */
static enum next what_next(struct making *m, bool wanted[LADDER_MAX])
{
    size_t n = missing(m, wanted);
    if (!making_has(m, S("opened"))) return NEXT_OPEN;
    if (n > 0 && n == m->ladder_count) {
        size_t first = ladder_first(m->ladder, m->ladder_count);
        for (size_t i = 0; i < m->ladder_count; i++)
            wanted[i] = i == first;
        return NEXT_FIRST;
    }
    if (!making_has(m, S("extras"))) return NEXT_EXTRAS;
    return n > 0 ? NEXT_SIZES : NEXT_NOTHING;
}

static enum media_result next_step(struct making *m)
{
    bool wanted[LADDER_MAX] = { false };
    switch (what_next(m, wanted)) {
    case NEXT_OPEN: return step_open(m);
    case NEXT_FIRST:
    case NEXT_SIZES: return step_sizes(m, wanted);
    case NEXT_EXTRAS: return step_extras(m);
    case NEXT_NOTHING: break;
    }
    return MEDIA_OK;
}

/* Sizes count by their pixels; a copied one costs nothing. */
static int share(struct making *m, const bool *of)
{
    double all = 0, some = 0;
    for (size_t i = m->copy; i < m->ladder_count; i++) {
        double pixels = (double)m->ladder[i].width * m->ladder[i].height;
        all += pixels;
        if (of[i]) some += pixels;
    }
    return all > 0 ? (int)(some / all * (1000 - OPENED - EXTRAS)) : 0;
}

static void tell_how_far(struct making *m)
{
    bool lacking[LADDER_MAX] = { false }, wanted[LADDER_MAX] = { false };
    struct transcode_result *r = m->result;
    missing(m, lacking);
    enum next next = what_next(m, wanted);
    r->whole = next == NEXT_NOTHING;
    r->done = 1000 - share(m, lacking);
    if (!making_has(m, S("opened"))) r->done -= OPENED;
    if (!making_has(m, S("extras"))) r->done -= EXTRAS;
    if (r->whole) r->done = 1000;
    r->next = next == NEXT_OPEN     ? OPENED
              : next == NEXT_EXTRAS ? EXTRAS
              : r->whole            ? 0
                                    : share(m, wanted);
}

/* --- from outside --------------------------------------------------------------------------------------- */

static enum media_result look(struct arena *arena, const struct transcode_job *job,
                              struct transcode_result *r)
{
    *r = (struct transcode_result){ .why = S("") };
    r->reason = probe_file(arena, job->source, &r->probe);
    r->why = r->probe.detail;
    if (r->reason == PROBE_FAILED) return MEDIA_FAILED;
    return r->reason == PROBE_OK ? MEDIA_OK : MEDIA_BAD;
}

/* Begins, plans, does `act` and publishes what is there then. */
static enum media_result with_folder(struct making *m, enum media_result (*act)(struct making *))
{
    enum media_result result = making_begin(m);
    if (result == MEDIA_OK) {
        plan(m);
        result = act(m);
    }
    if (result == MEDIA_OK) result = contents_publish(m);
    if (result == MEDIA_OK) tell_how_far(m);
    making_end(m);
    return result;
}

enum media_result media_step(struct arena *arena, const struct transcode_job *job,
                             struct transcode_result *r)
{
    enum media_result result = look(arena, job, r);
    if (result != MEDIA_OK) return result;
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    return with_folder(&m, next_step);
}

enum media_result media_transcode(struct arena *arena, const struct transcode_job *job,
                                  struct transcode_result *r)
{
    struct transcode_subtitle *found = NULL;
    size_t count = 0;
    for (;;) {
        enum media_result result = media_step(arena, job, r);
        if (r->found_count) {
            found = r->found;
            count = r->found_count;
        }
        r->found = found;
        r->found_count = count;
        if (result != MEDIA_OK || r->whole) return result;
    }
}

static enum media_result nothing(struct making *m)
{
    (void)m;
    return MEDIA_OK;
}

enum media_result media_texts(struct arena *arena, const struct transcode_job *job,
                              struct str *ret_why)
{
    struct transcode_result r = { .why = S("") };
    struct making m = { .job = job, .arena = arena, .result = &r, .probe = &r.probe, .lock = -1 };
    enum media_result result = with_folder(&m, nothing);
    *ret_why = r.why;
    return result;
}

enum media_result media_poster(struct arena *arena, const struct transcode_job *job,
                               struct str picture, struct transcode_result *r)
{
    enum media_result result = look(arena, job, r);
    if (result != MEDIA_OK) return result;
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    result = making_begin(&m);
    if (result == MEDIA_OK) {
        plan(&m);
        m.to = 900;
        if (m.ladder_count)
            result = picture.p ? pictures_own(&m, picture) : pictures_poster(&m, job->poster_ms);
    }
    making_end(&m);
    return result;
}

enum media_result media_changes(struct arena *arena, const struct transcode_job *job, size_t most,
                                int64_t **ret_moments, size_t *ret_count,
                                struct transcode_result *r)
{
    enum media_result result = look(arena, job, r);
    if (result != MEDIA_OK) return result;
    struct making m = { .job = job, .arena = arena, .result = r, .probe = &r->probe, .lock = -1 };
    *ret_count = 0;
    result = making_begin(&m);
    if (result == MEDIA_OK) {
        plan(&m);
        m.to = 990;
        if (m.ladder_count) result = pictures_changes(&m, most, ret_moments, ret_count);
    }
    making_end(&m);
    return result;
}
