/* Sample videos: scripts that are wrong, sound, and one whole short video looked at with ffprobe. */
#include "media/test_folder.h"

#include <dirent.h>

#include "base/limits.h"
#include "media/demo_video.h"
#include "media/probe.h"
#include "media/speech.h"

static const char script[] = "{\"slug\":\"essai\",\"title\":\"Un essai ; simple = "
                             "vrai\",\"description\":\"Pour voir.\",\"area\":\"ev\","
                             "\"language\":\"fr\",\"slides\":["
                             "{\"heading\":\"Bonjour\",\"say\":[\"Bonjour \xC3\xA0 toutes et "
                             "\xC3\xA0 tous, et bienvenue dans cet essai.\"]},"
                             "{\"heading\":\"Deux points\",\"points\":[\"Un\",\"Deux\"],"
                             "\"say\":[{\"text\":\"Un.\",\"point\":1},{\"text\":\"IA.\",\"spoken\":"
                             "\"I A.\",\"point\":2}]}]}";

static void reads_scripts(void **state)
{
    struct test *t = *state;
    struct demo_video v;
    struct str error = STR_NONE;
    assert_true(demo_script_read(t->arena, str_from(script), &v, &error));
    assert_true(str_is(v.slug, "essai"));
    assert_int_equal(v.area, AREA_EV);
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"slug\":\"../"
        "x\",\"title\":\"t\",\"description\":\"d\",\"area\":\"tv\",\"language\":\"fr\"}",
        "{\"slug\":\"x\",\"title\":\"t\",\"description\":\"d\",\"area\":\"tv\",\"language\":\"fr\","
        "\"slides\":[]}",
        "{\"slug\":\"x\",\"title\":\"t\",\"description\":\"d\",\"area\":\"tv\",\"language\":\"fr\","
        "\"slides\":[{}]}",
        "{\"slug\":\"x\",\"title\":\"t\",\"description\":\"d\",\"area\":\"tv\",\"language\":\"fr\","
        "\"slides\":[{\"heading\":\"h\",\"say\":[]}]}",
        "{\"slug\":\"x\",\"title\":\"t\",\"description\":\"d\",\"area\":\"tv\",\"language\":\"fr\","
        "\"slides\":[{\"heading\":\"h\",\"say\":[{\"text\":\"t\",\"point\":1}]}]}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        error = STR_NONE;
        assert_false(demo_script_read(t->arena, str_from(wrong[i]), &v, &error));
        assert_non_null(error.p);
    }
}

static void reads_sound(void **state)
{
    struct test *t = *state;
    struct sound sound = { .n = 0 };
    struct str error = STR_NONE, wav;
    const char *bytes;
    size_t n;
    sound_add_silence(t->arena, &sound, 500);
    assert_int_equal(sound_ms(&sound), 500);
    assert_true(speech_add(t->arena, t->folder, S("Bonjour"), S("fr"), &sound, &error));
    assert_in_range(sound_ms(&sound), 700, 2000);
    assert_true(sound_write(&sound, IN("all.wav")));
    assert_true(file_read(t->arena, IN("all.wav"), 16 * MIB, &wav));
    assert_true(sound_parse_wav(wav, &bytes, &n));
    assert_int_equal(n, sound.n);
    assert_false(sound_parse_wav(str_sub(wav, 0, 30), &bytes, &n));
    assert_false(sound_parse_wav(S("RIFF\x10\x00\x00\x00WAVE"), &bytes, &n));
    assert_false(sound_parse_wav(S("RIFF\x10\x00\x00\x00WAVEdata\xff\xff\xff\xff"), &bytes, &n));
    assert_false(sound_parse_wav(S(""), &bytes, &n));
}

static void makes_a_video(void **state)
{
    struct test *t = *state;
    struct demo_video v;
    struct probe p;
    struct str error = STR_NONE;
    struct demo_video_options options = { .script = str_from(script),
                                          .folder = t->folder,
                                          .mark = S("Exemple") };
    options.display_font = S("not a font");
    if (!demo_video_make(t->arena, &options, &v, &error)) fail_msg("%.*s", STR(error));
    assert_int_equal(probe_file(t->arena, v.mp4, &p), PROBE_OK);
    assert_int_equal(p.display_width, 1280);
    assert_int_equal(p.sound_count, 1);
    assert_in_range(p.duration_ms, v.duration_ms - 300, v.duration_ms + 300);
    assert_int_equal(p.chapter_count, 2);
    assert_true(str_is(p.chapters[1].title, "Deux points"));
    assert_int_equal(v.chapter_count, 2);
    assert_int_equal(v.chapters[0].start_ms, 0);
    assert_in_range(v.chapters[1].start_ms - p.chapters[1].start_ms + 10, 9, 11);
    assert_int_equal(v.cue_count, 3);
    for (size_t i = 0; i < v.cue_count; i++) {
        assert_true(v.cues[i].start_ms < v.cues[i].end_ms);
        if (i) assert_true(v.cues[i].start_ms > v.cues[i - 1].end_ms);
    }
    assert_true(v.cues[2].end_ms <= v.duration_ms);
    assert_true(str_find(v.cues[0].text, '\n') < v.cues[0].text.n);
    assert_true(str_starts(v.vtt, S("WEBVTT\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(reads_scripts), TEST(reads_sound),
                                        TEST(makes_a_video) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
