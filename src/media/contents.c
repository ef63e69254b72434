/* What a video's folder holds, noted beside each rendition and said in the master playlist. */
#include "media/making.h"

#include <dirent.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "media/file.h"

enum { NOTE_MAX = 1 * KIB, FOLDERS_MOST = 32 };

/* --- notes ---------------------------------------------------------------------------------------------- */

bool contents_note_picture(struct making *m, const struct rendition *r, double fps)
{
    struct str path = arena_printf(m->arena, "%.*s/%s/about", STR(m->folder), r->name);
    return file_write(path,
                      arena_printf(m->arena, "picture %d %d %.6f\n", r->width, r->height, fps));
}

/* A title may not leave its place in a playlist. */
static struct str tame(struct arena *a, struct str text)
{
    char *p = arena_cstr(a, str_sub(text, 0, 80));
    size_t n = 0;
    for (char *c = p; *c; c++)
        if ((unsigned char)*c >= ' ' && *c != '"' && *c != '\\' && *c != 127) p[n++] = *c;
    while (n > 0 && ((unsigned char)p[n - 1] & 0xC0) == 0x80 && text.n > 80)
        n--; /* not through the middle of a character */
    if (n > 0 && text.n > 80 && (unsigned char)p[n - 1] >= 0xC0) n--;
    return (struct str){ p, n };
}

bool contents_note_sound(struct making *m, struct str folder, const struct probe_track *track,
                         int channels)
{
    struct arena *a = m->arena;
    struct str language = track->language;
    if (!media_name_valid(language) || language.n > 8) language = S("-");
    struct str path = arena_printf(a, "%.*s/%.*s/about", STR(m->folder), STR(folder));
    return file_write(path, arena_printf(a, "sound %d %.*s %.*s\n", channels, STR(language),
                                         STR(tame(a, track->title))));
}

/* --- reading ---------------------------------------------------------------------------------------------- */

struct contents {
    struct hls_video videos[FOLDERS_MOST];
    struct hls_sound sounds[FOLDERS_MOST];
    size_t video_count, sound_count;
};

static bool read_number(struct str *rest, int *ret)
{
    int64_t number;
    if (!str_to_int(str_cut(rest, ' '), &number) || number < 1 || number > 100000) return false;
    *ret = (int)number;
    return true;
}

static void read_one(struct making *m, struct str name, struct contents *c)
{
    struct arena *a = m->arena;
    struct str folder = file_join(a, m->final, name), note;
    struct hls_weight weight;
    if (c->video_count == FOLDERS_MOST || c->sound_count == FOLDERS_MOST) return;
    if (!file_read(a, file_join(a, folder, S("about")), NOTE_MAX, &note)) return;
    if (!hls_measure(a, folder, &weight)) return;
    note = str_trim(note);
    struct str kind = str_cut(&note, ' ');
    if (str_is(kind, "picture")) {
        struct hls_video v = { .folder = name, .weight = weight };
        if (!read_number(&note, &v.width) || !read_number(&note, &v.height)) return;
        v.fps = strtod(arena_cstr(a, note), NULL);
        v.codec = hls_codec_of(a, folder);
        if (v.codec.p) c->videos[c->video_count++] = v;
    } else if (str_is(kind, "sound")) {
        struct hls_sound s = { .folder = name, .weight = weight };
        if (!read_number(&note, &s.channels)) return;
        s.language = str_cut(&note, ' ');
        if (str_is(s.language, "-")) s.language = S("");
        s.label = note;
        c->sounds[c->sound_count++] = s;
    }
}

static int by_size(const void *pa, const void *pb)
{
    const struct hls_video *a = pa, *b = pb;
    return b->height - a->height;
}

static int by_name(const void *pa, const void *pb)
{
    const struct hls_sound *a = pa, *b = pb;
    return str_cmp(a->folder, b->folder);
}

static bool read_folder(struct making *m, struct contents *c)
{
    DIR *dir = opendir(arena_cstr(m->arena, m->final));
    if (!dir) return false;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.') read_one(m, arena_dup(m->arena, str_from(entry->d_name)), c);
    closedir(dir);
    qsort(c->videos, c->video_count, sizeof c->videos[0], by_size);
    qsort(c->sounds, c->sound_count, sizeof c->sounds[0], by_name);
    return true;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static bool language_valid(struct str language)
{
    return media_name_valid(language) && language.n <= 16;
}

enum media_result contents_subtitles(struct making *m)
{
    struct arena *a = m->arena;
    struct str there = file_join(a, m->final, S("subs"));
    struct str folder = file_join(a, m->folder, S("subs"));
    if (m->job->subtitle_count == 0) {
        file_remove_tree(there);
        return MEDIA_OK;
    }
    if (!file_make_folder(folder) || !file_make_folder(there)) return making_failed(m, "subtitles");
    for (size_t i = 0; i < m->job->subtitle_count; i++) {
        const struct transcode_subtitle *s = &m->job->subtitles[i];
        if (!language_valid(s->language)) continue;
        struct str vtt = arena_printf(a, "subs/%.*s.vtt", STR(s->language));
        struct str list = arena_printf(a, "subs/%.*s.m3u8", STR(s->language));
        struct str text = hls_subtitle_playlist(a, str_sub(vtt, 5, vtt.n), m->result->duration_ms);
        if (!file_write(file_join(a, m->folder, vtt), s->vtt) ||
            !file_write(file_join(a, m->folder, list), text))
            return making_failed(m, "subtitles");
        enum media_result result = making_place(m, vtt);
        if (result == MEDIA_OK) result = making_place(m, list);
        if (result != MEDIA_OK) return result;
    }
    return MEDIA_OK;
}

static struct hls_subtitle *name_subtitles(struct making *m, size_t *ret_count)
{
    struct hls_subtitle *list =
        arena_array(m->arena, struct hls_subtitle, m->job->subtitle_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < m->job->subtitle_count; i++) {
        const struct transcode_subtitle *s = &m->job->subtitles[i];
        if (!language_valid(s->language)) continue;
        list[n++] =
            (struct hls_subtitle){ s->language, tame(m->arena, s->label),
                                   arena_printf(m->arena, "subs/%.*s.m3u8", STR(s->language)) };
    }
    *ret_count = n;
    return list;
}

static void tell_result(struct making *m, const struct contents *c)
{
    struct transcode_result *r = m->result;
    r->rendition_count = c->video_count;
    r->playable = c->video_count > 0 || (!m->probe->has_video && c->sound_count > 0);
    if (!r->playable) return;
    r->width = c->video_count ? c->videos[0].width : 0;
    r->height = c->video_count ? c->videos[0].height : 0;
    const struct hls_weight *w = c->video_count ? &c->videos[0].weight : &c->sounds[0].weight;
    r->duration_ms = (int64_t)(w->seconds * 1000);
}

enum media_result contents_publish(struct making *m)
{
    struct contents *c = arena_new(m->arena, struct contents);
    if (!read_folder(m, c)) return making_failed(m, "folder");
    tell_result(m, c);
    if (!m->result->playable) return MEDIA_OK;
    enum media_result result = contents_subtitles(m);
    if (result != MEDIA_OK) return result;
    struct hls_master master = { .videos = c->videos,
                                 .video_count = c->video_count,
                                 .sounds = c->sounds,
                                 .sound_count = c->sound_count };
    master.subtitles = name_subtitles(m, &master.subtitle_count);
    struct str text = hls_master_playlist(m->arena, &master);
    if (!file_write(file_join(m->arena, m->folder, S("master.m3u8")), text))
        return making_failed(m, "playlist");
    return making_place(m, S("master.m3u8"));
}
