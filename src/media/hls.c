/* Playlists by the book (RFC 8216): bandwidth measured on the segments, codecs read from the init segment. */
#include "media/hls.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "media/file.h"

enum {
    PLAYLIST_MAX = 4 * MIB,
    SEGMENTS_MAX = 100000,
    INIT_MAX = 1 * MIB,
};

static double seconds_of(struct str text)
{
    char number[32];
    snprintf(number, sizeof number, "%.*s", STR(str_sub(text, 0, sizeof number - 1)));
    double value = strtod(number, NULL);
    return isfinite(value) && value > 0 && value < 1e6 ? value : 0;
}

/* URI="…" of a tag's attributes. */
static struct str uri_of(struct str tag)
{
    struct str value = str_sub(tag, str_search(tag, S("URI=\"")) + 5, tag.n);
    return str_sub(value, 0, str_find(value, '"'));
}

bool hls_parse(struct arena *a, struct str text, struct hls_playlist *ret_playlist)
{
    if (!str_starts(text, S("#EXTM3U"))) return false;
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (lines > SEGMENTS_MAX) return false;
    struct hls_playlist p = { .init = STR_NONE,
                              .segments = arena_array(a, struct hls_segment, lines) };
    double seconds = 0;
    while (text.n > 0) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (str_starts(line, S("#EXTINF:"))) {
            seconds = seconds_of(str_sub(line, 8, line.n));
        } else if (str_starts(line, S("#EXT-X-MAP:"))) {
            p.init = uri_of(line);
        } else if (line.n > 0 && line.p[0] != '#') {
            if (seconds <= 0) return false;
            p.segments[p.count++] = (struct hls_segment){ .name = line, .seconds = seconds };
            seconds = 0;
        }
    }
    if (p.count == 0) return false;
    *ret_playlist = p;
    return true;
}

static bool read_playlist(struct arena *a, struct str folder, struct hls_playlist *ret)
{
    struct str text;
    return file_read(a, file_join(a, folder, S("index.m3u8")), PLAYLIST_MAX, &text) &&
           hls_parse(a, text, ret);
}

bool hls_measure(struct arena *a, struct str folder, struct hls_weight *ret_weight)
{
    struct hls_playlist p;
    if (!read_playlist(a, folder, &p)) return false;
    struct hls_weight w = { 0 };
    for (size_t i = 0; i < p.count; i++) {
        double seconds = p.segments[i].seconds;
        int64_t size = file_size(file_join(a, folder, p.segments[i].name));
        if (size <= 0) return false;
        double rate = (double)size * 8 / seconds;
        /* a last segment of a few frames says nothing about the rate */
        if ((seconds >= 1 || p.count == 1) && rate > (double)w.peak) w.peak = (int64_t)rate;
        w.bytes += size;
        w.seconds += seconds;
    }
    w.average = (int64_t)((double)w.bytes * 8 / w.seconds);
    if (w.peak < w.average) w.peak = w.average;
    *ret_weight = w;
    return true;
}

struct str hls_codec(struct arena *a, struct str init)
{
    /* AVCDecoderConfigurationRecord: version 1, profile, compatibility, level */
    struct str box = str_sub(init, str_search(init, S("avcC")), 8);
    if (box.n < 8 || box.p[4] != 1) return STR_NONE;
    const unsigned char *at = (const unsigned char *)box.p;
    return arena_printf(a, "avc1.%02x%02x%02x", at[5], at[6], at[7]);
}

struct str hls_codec_of(struct arena *a, struct str folder)
{
    struct hls_playlist p;
    struct str init;
    if (!read_playlist(a, folder, &p) || !p.init.p) return STR_NONE;
    return file_read(a, file_join(a, folder, p.init), INIT_MAX, &init) ? hls_codec(a, init)
                                                                       : STR_NONE;
}

/* ffmpeg says languages in three letters; playlists want the shortest code, people want the name. */
static const struct {
    const char *three, *other, *code, *name;
} languages[] = {
    { "fra", "fre", "fr",
      "Fran\xC3\xA7"
      "ais" },
    { "eng", "eng", "en", "English" },
    { "nld", "dut", "nl", "Nederlands" },
    { "deu", "ger", "de", "Deutsch" },
    { "ita", "ita", "it", "Italiano" },
    { "por", "por", "pt",
      "Portugu\xC3\xAA"
      "s" },
    { "spa", "spa", "es",
      "Espa\xC3\xB1"
      "ol" },
};

struct str hls_language(struct str language, struct str *ret_name)
{
    *ret_name = language;
    for (size_t i = 0; i < COUNT(languages); i++) {
        if (!str_is(language, languages[i].three) && !str_is(language, languages[i].other) &&
            !str_is(language, languages[i].code))
            continue;
        *ret_name = str_from(languages[i].name);
        return str_from(languages[i].code);
    }
    return language;
}

static void put_media(struct buf *b, const char *type, const char *group, struct str label,
                      struct str language)
{
    buf_printf(b, "#EXT-X-MEDIA:TYPE=%s,GROUP-ID=\"%s\",NAME=\"%.*s\"", type, group, STR(label));
    if (language.n) buf_printf(b, ",LANGUAGE=\"%.*s\"", STR(language));
}

/* The sound alone, for who listens or has a narrow line. */
static void put_sound_only(struct buf *b, const struct hls_master *m)
{
    buf_printf(b,
               "#EXT-X-STREAM-INF:BANDWIDTH=%lld,AVERAGE-BANDWIDTH=%lld,CODECS=\"mp4a.40.2\"%s%"
               "s\n%.*s/index.m3u8\n",
               (long long)m->sounds[0].weight.peak, (long long)m->sounds[0].weight.average,
               m->video_count ? ",AUDIO=\"sound\"" : "",
               m->subtitle_count ? ",SUBTITLES=\"subs\"" : "", STR(m->sounds[0].folder));
}

static void put_video(struct buf *b, const struct hls_master *m, const struct hls_video *v)
{
    int64_t peak = v->weight.peak + (m->sound_count ? m->sounds[0].weight.peak : 0);
    int64_t average = v->weight.average + (m->sound_count ? m->sounds[0].weight.average : 0);
    buf_printf(b, "#EXT-X-STREAM-INF:BANDWIDTH=%lld,AVERAGE-BANDWIDTH=%lld,CODECS=\"%.*s%s\"",
               (long long)peak, (long long)average, STR(v->codec),
               m->sound_count ? ",mp4a.40.2" : "");
    buf_printf(b, ",RESOLUTION=%dx%d,FRAME-RATE=%.3f", v->width, v->height, v->fps);
    if (m->sound_count) buf_lit(b, ",AUDIO=\"sound\"");
    if (m->subtitle_count) buf_lit(b, ",SUBTITLES=\"subs\"");
    buf_printf(b, "\n%.*s/index.m3u8\n", STR(v->folder));
}

/* Names must differ within a group: a second "English" gets its number. */
static struct str label_of(struct arena *a, const struct hls_master *m, size_t at)
{
    struct str name;
    hls_language(m->sounds[at].language, &name);
    if (m->sounds[at].label.n) name = m->sounds[at].label;
    if (name.n == 0) return arena_printf(a, "%zu", at + 1);
    for (size_t i = 0; i < at; i++)
        if (str_eq(label_of(a, m, i), name)) return arena_printf(a, "%.*s %zu", STR(name), at + 1);
    return name;
}

static void put_sounds(struct buf *b, struct arena *a, const struct hls_master *m)
{
    for (size_t i = 0; i < m->sound_count; i++) {
        const struct hls_sound *s = &m->sounds[i];
        struct str name, language = hls_language(s->language, &name);
        put_media(b, "AUDIO", "sound", label_of(a, m, i), language);
        buf_printf(b, ",DEFAULT=%s,AUTOSELECT=YES,CHANNELS=\"%d\",URI=\"%.*s/index.m3u8\"\n",
                   i == 0 ? "YES" : "NO", s->channels, STR(s->folder));
    }
}

struct str hls_master_playlist(struct arena *a, const struct hls_master *m)
{
    struct buf b = BUF_INIT(64 * KIB);
    buf_lit(&b, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    if (m->video_count) put_sounds(&b, a, m);
    for (size_t i = 0; i < m->subtitle_count; i++) {
        const struct hls_subtitle *s = &m->subtitles[i];
        put_media(&b, "SUBTITLES", "subs", s->label, s->language);
        buf_printf(&b, ",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"%.*s\"\n", STR(s->playlist));
    }
    for (size_t i = 0; i < m->video_count; i++)
        put_video(&b, m, &m->videos[i]);
    if (m->sound_count) put_sound_only(&b, m);
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

struct str hls_subtitle_playlist(struct arena *a, struct str file, int64_t duration_ms)
{
    double seconds = (double)duration_ms / 1000;
    return arena_printf(
        a,
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%lld\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:%.3f,\n%.*s\n#EXT-X-ENDLIST\n",
        (long long)ceil(seconds), seconds, STR(file));
}
