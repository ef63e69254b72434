/* Probing: ffprobe's JSON alone, then real files made by ffmpeg: good ones of many kinds, and all sorts of bad ones. */
#include "media/test_folder.h"

#include "base/limits.h"
#include "media/probe.h"
#include "media/sandbox.h"

/* Runs ffmpeg in the test's folder: the arguments are separated by single spaces. */
static void make(struct test *t, const char *arguments)
{
    const char *argv[64] = { "ffmpeg", "-nostdin", "-v", "error", "-y" };
    size_t n = 5;
    struct str rest = str_from(arguments);
    while (rest.n > 0 && n < COUNT(argv) - 1)
        argv[n++] = arena_cstr(t->arena, str_cut(&rest, ' '));
    argv[n] = NULL;
    struct sandbox_job job = { .argv = argv, .folder = t->folder, .memory = (int64_t)4096 * MIB };
    struct sandbox_result r = sandbox_run(t->arena, &job);
    if (r.end != SANDBOX_OK)
        fail_msg("%s: %.*s", sandbox_words(t->arena, "ffmpeg", &r).p, STR(r.err));
}

#define PICTURE(size, seconds) "-f lavfi -i testsrc2=s=" size ":r=25:d=" seconds " "
#define SOUND(seconds) "-f lavfi -i sine=d=" seconds " "
#define FAST "-c:v libx264 -preset ultrafast -pix_fmt yuv420p "

static enum probe_reason look(struct test *t, const char *name, struct probe *p)
{
    enum probe_reason reason = probe_file(t->arena, IN(name), p);
    if (reason == PROBE_FAILED) print_message("%s: %.*s\n", name, STR(p->detail));
    return reason;
}

static void reads_json(void **state)
{
    struct test *t = *state;
    struct probe p;
    struct str json =
        S("{\"format\":{\"format_name\":\"mov\",\"duration\":\"12.345\",\"start_time\":\"-0.02\"},"
          "\"chapters\":[{\"start_time\":\"0\",\"end_time\":\"5.5\",\"tags\":{\"title\":\"Été\"}}],"
          "\"streams\":["
          "{\"index\":0,\"codec_type\":\"video\",\"codec_name\":\"mjpeg\",\"width\":5,\"height\":5,"
          "\"disposition\":{\"attached_pic\":1}},"
          "{\"index\":1,\"codec_type\":\"video\",\"codec_name\":\"h264\",\"width\":720,\"height\":"
          "576,"
          "\"sample_aspect_ratio\":\"16:11\",\"avg_frame_rate\":\"30000/1001\","
          "\"r_frame_rate\":\"60/1\",\"side_data_list\":[{\"rotation\":-90}]},"
          "{\"index\":2,\"codec_type\":\"audio\",\"codec_name\":\"aac\",\"channels\":6,"
          "\"disposition\":{\"default\":1},\"tags\":{\"language\":\"fra\"}},"
          "{\"index\":3,\"codec_type\":\"subtitle\",\"codec_name\":\"mov_text\"},"
          "{\"index\":4,\"codec_type\":\"data\"}]}");
    assert_int_equal(probe_parse(t->arena, json, &p), PROBE_OK);
    assert_int_equal(p.duration_ms, 12345);
    assert_int_equal(p.start_ms, -20);
    assert_true(p.has_video);
    assert_int_equal(p.video.index, 1);
    assert_int_equal(p.rotation, 90);
    assert_int_equal(p.display_width, 576);
    assert_int_equal(p.display_height, 1047);
    assert_true(p.variable_rate);
    assert_int_equal(p.sound_count, 1);
    assert_int_equal(p.sounds[0].channels, 6);
    assert_true(p.sounds[0].preferred);
    assert_true(str_is(p.sounds[0].language, "fra"));
    assert_int_equal(p.subtitle_count, 1);
    assert_int_equal(p.chapter_count, 1);
    assert_true(str_is(p.chapters[0].title, "Été"));
}

static void survives_odd_json(void **state)
{
    struct test *t = *state;
    static const char *const odd[] = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"format\":3}",
        "{\"format\":{\"format_name\":7}}",
        "{\"format\":{\"format_name\":\"x\"},\"streams\":{}}",
    };
    struct probe p;
    for (size_t i = 0; i < COUNT(odd); i++)
        assert_int_not_equal(probe_parse(t->arena, str_from(odd[i]), &p), PROBE_OK);
    struct str huge = S(
        "{\"format\":{\"format_name\":\"x\",\"duration\":\"1e300\"},\"streams\":[{\"codec_type\":"
        "\"video\",\"codec_name\":\"h264\",\"width\":1e9,\"height\":-5,\"avg_frame_rate\":\"1/0\","
        "\"side_data_list\":[{\"rotation\":\"nan\"}]}]}");
    assert_int_not_equal(probe_parse(t->arena, huge, &p), PROBE_OK);
    struct str wide =
        S("{\"format\":{\"format_name\":\"x\",\"duration\":\"1\"},\"streams\":[{\"codec_type\":"
          "\"video\",\"codec_name\":\"h264\",\"width\":20000,\"height\":100}]}");
    assert_int_equal(probe_parse(t->arena, wide, &p), PROBE_LARGE);
    struct str unknown =
        S("{\"format\":{\"format_name\":\"x\",\"duration\":\"1\"},\"streams\":[{\"codec_type\":"
          "\"video\",\"width\":200,\"height\":100}]}");
    assert_int_equal(probe_parse(t->arena, unknown, &p), PROBE_CODEC);
}

static void says_why(void **state)
{
    (void)state;
    assert_null(probe_sentence(PROBE_OK));
    for (int reason = PROBE_OK + 1; reason <= PROBE_FAILED; reason++)
        assert_non_null(probe_sentence((enum probe_reason)reason));
}

static void refuses_what_is_no_media(void **state)
{
    struct test *t = *state;
    struct probe p;
    assert_true(file_write(IN("empty.mp4"), S("")));
    assert_int_equal(look(t, "empty.mp4", &p), PROBE_EMPTY);
    assert_true(file_write(IN("text.mp4"), S("This is a text and was never a video.\n")));
    assert_int_equal(look(t, "text.mp4", &p), PROBE_NOT_MEDIA);
    assert_int_equal(look(t, "absent.mp4", &p), PROBE_FAILED);
    make(t, PICTURE("64x64", "1") "-frames:v 1 picture.png");
    assert_int_equal(look(t, "picture.png", &p), PROBE_NOT_MEDIA);
}

/* A playlist could make ffmpeg open other files of this machine. */
static void refuses_lists_of_files(void **state)
{
    struct test *t = *state;
    struct probe p;
    make(t, PICTURE("64x64", "1") FAST "secret.mp4");
    assert_true(file_write(IN("list.mp4"), S("ffconcat version 1.0\nfile 'secret.mp4'\n")));
    assert_int_equal(look(t, "list.mp4", &p), PROBE_NOT_MEDIA);
    assert_true(file_write(IN("play.mp4"),
                           S("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n")));
    assert_int_equal(look(t, "play.mp4", &p), PROBE_NOT_MEDIA);
}

/* Whatever ffmpeg reads and is one file: old recorders, broadcast, raw streams, sound alone. */
static void takes_what_ffmpeg_reads(void **state)
{
    struct test *t = *state;
    struct probe p;
    static const char *const files[] = {
        PICTURE("352x288", "2") SOUND("2") "-c:v mpeg4 -c:a libmp3lame a.nut",
        PICTURE("352x288", "2") SOUND("2") "-c:v rv20 -c:a ac3 a.rm",
        PICTURE("720x576", "2") SOUND("2") "-c:v mpeg2video -c:a mp2 a.wtv",
        PICTURE("720x576", "2") SOUND("2") "-c:v mpeg2video -c:a pcm_s16le -ar 48000 a.gxf",
        PICTURE("352x288", "2") "-c:v libvpx a.ivf",
        PICTURE("352x288", "2") FAST "a.h264",
        PICTURE("352x288", "2") "-c:v mpeg2video a.m2v",
        PICTURE("352x288", "2") "-pix_fmt yuv420p a.y4m",
        PICTURE("352x288", "2") SOUND("2") "-c:v flv1 -ar 44100 -c:a libmp3lame a.swf",
        SOUND("2") "a.w64",
        SOUND("2") "a.wv",
        SOUND("2") "a.ac3",
        SOUND("2") "a.au",
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct str name = str_from(strrchr(files[i], ' ') + 1);
        make(t, files[i]);
        enum probe_reason reason = look(t, arena_cstr(t->arena, name), &p);
        if (reason != PROBE_OK) fail_msg("%.*s: %s", STR(name), probe_sentence(reason));
    }
}

static void cut_to(struct test *t, const char *from, const char *to, unsigned percent)
{
    struct str all;
    assert_true(file_read(t->arena, IN(from), 64 * MIB, &all));
    assert_true(file_write(IN(to), str_sub(all, 0, all.n * percent / 100)));
}

static void notices_a_missing_end(void **state)
{
    struct test *t = *state;
    struct probe p;
    make(t, PICTURE("320x180", "6") SOUND("6") FAST "-c:a aac -shortest late.mp4");
    make(t, "-i late.mp4 -c copy -movflags +faststart early.mp4");
    make(t, "-i late.mp4 -c copy whole.mkv");
    make(t, "-i late.mp4 -c copy -f mpegts whole.ts");
    assert_int_equal(look(t, "late.mp4", &p), PROBE_OK);
    assert_int_equal(look(t, "early.mp4", &p), PROBE_OK);
    assert_int_equal(look(t, "whole.mkv", &p), PROBE_OK);
    assert_int_equal(look(t, "whole.ts", &p), PROBE_OK);
    cut_to(t, "late.mp4", "a.mp4", 60);
    assert_int_equal(look(t, "a.mp4", &p), PROBE_CUT);
    cut_to(t, "early.mp4", "b.mp4", 60);
    assert_int_equal(look(t, "b.mp4", &p), PROBE_CUT);
    cut_to(t, "early.mp4", "c.mp4", 97);
    assert_int_equal(look(t, "c.mp4", &p), PROBE_CUT);
    cut_to(t, "whole.mkv", "d.mkv", 60);
    assert_int_equal(look(t, "d.mkv", &p), PROBE_CUT);
}

static void knows_shapes_and_sounds(void **state)
{
    struct test *t = *state;
    struct probe p;
    make(t, PICTURE("322x182", "1") SOUND("1") FAST "-c:a aac -ac 1 mono.mp4");
    assert_int_equal(look(t, "mono.mp4", &p), PROBE_OK);
    assert_int_equal(p.display_width, 322);
    assert_int_equal(p.sounds[0].channels, 1);
    assert_in_range(p.duration_ms, 950, 1100);
    assert_true(p.fps > 24.9 && p.fps < 25.1);
    make(t, PICTURE("320x180", "1") FAST "silent.mp4");
    assert_int_equal(look(t, "silent.mp4", &p), PROBE_OK);
    assert_int_equal(p.sound_count, 0);
    make(t, "-i silent.mp4 -c copy -metadata:s:v rotate=90 turned.mp4");
    assert_int_equal(look(t, "turned.mp4", &p), PROBE_OK);
    assert_int_equal(p.display_width, 180);
    assert_int_equal(p.display_height, 320);
    make(t, PICTURE("322x182", "1") "-vf scale=321:181,setsar=1 -pix_fmt bgr0 -c:v ffv1 odd.mkv");
    assert_int_equal(look(t, "odd.mkv", &p), PROBE_OK);
    assert_int_equal(p.display_width, 321);
    make(t, SOUND("1") "-c:a libmp3lame sound.mp3");
    assert_int_equal(look(t, "sound.mp3", &p), PROBE_OK);
    assert_false(p.has_video);
    assert_int_equal(p.sound_count, 1);
}

/* What a browser records has no duration in its head. */
static void counts_an_unsaid_duration(void **state)
{
    struct test *t = *state;
    struct probe p;
    make(t, PICTURE("160x90",
                    "3") "-c:v libvpx -deadline realtime -cpu-used 8 -f webm -live 1 live.webm");
    assert_int_equal(look(t, "live.webm", &p), PROBE_OK);
    assert_in_range(p.duration_ms, 2800, 3100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_json),
        TEST(survives_odd_json),
        TEST(says_why),
        TEST(refuses_what_is_no_media),
        TEST(refuses_lists_of_files),
        TEST(takes_what_ffmpeg_reads),
        TEST(notices_a_missing_end),
        TEST(knows_shapes_and_sounds),
        TEST(counts_an_unsaid_duration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
