/* The ladder and the playlists alone, then whole videos: what ffprobe finds in the published folder.
 * run: seconds=600 */
#include "media/test_folder.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "media/hls.h"
#include "media/ladder.h"
#include "media/media.h"
#include "media/sandbox.h"
#include "media/transcode.h"
#include "media/webvtt.h"

static const char vtt[] = "WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour\n";

/* Runs a program in the test's folder: the arguments are separated by single spaces. */
static struct str run(struct test *t, const char *line)
{
    const char *argv[64];
    size_t n = 0;
    struct str rest = str_from(line);
    while (rest.n > 0 && n < COUNT(argv) - 1)
        argv[n++] = arena_cstr(t->arena, str_cut(&rest, ' '));
    argv[n] = NULL;
    struct sandbox_job job = { .argv = argv, .folder = t->folder, .memory = (int64_t)4096 * MIB };
    struct sandbox_result r = sandbox_run(t->arena, &job);
    if (r.end != SANDBOX_OK)
        fail_msg("%s: %.*s", sandbox_words(t->arena, argv[0], &r).p, STR(r.err));
    return str_trim(r.out);
}

#define FFMPEG "ffmpeg -nostdin -v error -y "
#define PICTURE(size, seconds) "-f lavfi -i testsrc2=s=" size ":r=25:d=" seconds " "
#define SOUND(seconds) "-f lavfi -i sine=d=" seconds " "
#define FAST "-c:v libx264 -preset ultrafast -pix_fmt yuv420p "

struct told {
    int calls, last, stop_at;
};

static bool tell(void *context, int thousandths)
{
    struct told *t = context;
    t->calls++;
    t->last = thousandths;
    return t->stop_at == 0 || thousandths < t->stop_at;
}

static struct transcode_job job_of(struct test *t, const char *source, struct told *told)
{
    static const struct transcode_subtitle subtitle = { { "fr", 2 },
                                                        { "Fran\xC3\xA7"
                                                          "ais",
                                                          9 },
                                                        { vtt, sizeof vtt - 1 } };
    return (struct transcode_job){ .source = IN(source),
                                   .hls = IN("hls"),
                                   .name = S("video-1"),
                                   .poster_ms = -1,
                                   .subtitles = &subtitle,
                                   .subtitle_count = 1,
                                   .progress = tell,
                                   .context = told };
}

/* All steps, in a folder that is not there yet. */
static enum media_result make(struct test *t, const char *source, struct told *told,
                              struct transcode_result *r)
{
    struct transcode_job job = job_of(t, source, told);
    media_remove(t->arena, job.hls, job.name);
    enum media_result result = media_transcode(t->arena, &job, r);
    if (result == MEDIA_FAILED) print_message("%.*s\n", STR(r->why));
    return result;
}

static int entries(struct test *t, const char *folder)
{
    DIR *dir = opendir(IN(folder).p);
    if (!dir) return -1;
    int n = 0;
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

/* --- pure parts ----------------------------------------------------------------------------------------- */

static void plans_the_ladder(void **state)
{
    (void)state;
    static const struct {
        int width, height;
        size_t count;
        int best_width, best_height, low_width, low_height;
    } cases[] = {
        { 1920, 1080, 4, 1920, 1080, 426, 240 },
        { 1280, 720, 3, 1280, 720, 426, 240 },
        { 854, 480, 2, 854, 480, 428, 240 },
        { 640, 360, 2, 640, 360, 426, 240 },
        { 321, 181, 1, 322, 182, 0, 0 },
        { 1080, 1920, 4, 1080, 1920, 240, 426 },
        { 2, 2, 1, 16, 16, 0, 0 },
        { 3840, 1600, 4, 2592, 1080, 576, 240 },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rendition r[LADDER_MAX];
        assert_int_equal(ladder_plan(cases[i].width, cases[i].height, r), cases[i].count);
        assert_int_equal(r[0].width, cases[i].best_width);
        assert_int_equal(r[0].height, cases[i].best_height);
        size_t last = cases[i].count - 1;
        if (last == 0) continue;
        assert_int_equal(r[last].width, cases[i].low_width);
        assert_int_equal(r[last].height, cases[i].low_height);
        assert_true(r[0].max_kbit > r[last].max_kbit);
        assert_string_equal(r[last].name, "240p");
        size_t first = ladder_first(r, cases[i].count);
        assert_true(r[first].height <= 480 || r[first].width <= 480);
    }
    assert_true(ladder_rate(25, false) > 24.99 && ladder_rate(25, false) < 25.01);
    assert_true(ladder_rate(60, false) > 29.99 && ladder_rate(60, false) < 30.01);
    assert_true(ladder_rate(50, false) > 24.99 && ladder_rate(50, false) < 25.01);
    assert_true(ladder_rate(7, true) > 29.99);
    assert_true(ladder_rate(0, false) > 29.99);
    assert_true(ladder_rate(10, false) < 10.01);
}

static void reads_playlists(void **state)
{
    struct test *t = *state;
    struct hls_playlist p;
    struct str text = S("#EXTM3U\r\n#EXT-X-MAP:URI=\"init_0.mp4\"\r\n#EXTINF:4.0,\r\na.m4s\r\n#"
                        "EXTINF:1.5,\r\nb.m4s\r\n");
    assert_true(hls_parse(t->arena, text, &p));
    assert_int_equal(p.count, 2);
    assert_true(str_is(p.init, "init_0.mp4"));
    assert_true(str_is(p.segments[1].name, "b.m4s"));
    assert_true(p.segments[1].seconds > 1.49);
    assert_false(hls_parse(t->arena, S(""), &p));
    assert_false(hls_parse(t->arena, S("#EXTM3U\n"), &p));
    assert_false(hls_parse(t->arena, S("#EXTM3U\nno-duration.m4s\n"), &p));
    assert_false(hls_parse(t->arena, S("#EXTM3U\n#EXTINF:nan,\na.m4s\n"), &p));
    assert_true(str_is(hls_codec(t->arena, S("....avcC\x01\x64\x00\x1f.")), "avc1.64001f"));
    assert_null(hls_codec(t->arena, S("....avcC\x01")).p);
    assert_null(hls_codec(t->arena, S("")).p);
}

static void reads_subtitles(void **state)
{
    struct test *t = *state;
    struct cue *cues;
    size_t n;
    const char *problem;
    int line;
    struct cue given[] = { { 0, 1500, S("Un <b> & deux --> trois") },
                           { 3600000, 3601000, S("Deux\nlignes") } };
    struct str file = webvtt_write(t->arena, given, 2);
    assert_true(webvtt_parse(t->arena, file, &cues, &n, &problem, &line));
    assert_int_equal(n, 2);
    assert_int_equal(cues[0].end_ms, 1500);
    assert_true(str_eq(cues[0].text, given[0].text));
    assert_int_equal(cues[1].start_ms, 3600000);
    assert_true(str_eq(cues[1].text, given[1].text));
    struct str other = S("\xEF\xBB\xBFWEBVTT titre\r\n\r\nNOTE rien\r\n\r\nid\r\n00:02.000 --> "
                         "00:03.000 align:start\r\n"
                         "<v Anne>Deux\r\n\r\n00:01.000 --> 00:02.000\r\nUn&amp;un");
    assert_true(webvtt_parse(t->arena, other, &cues, &n, &problem, &line));
    assert_int_equal(n, 2);
    assert_true(str_is(cues[0].text, "Un&un"));
    assert_true(str_is(cues[1].text, "Deux"));
    assert_false(webvtt_parse(t->arena, S("1\n00:00:01,000 --> 00:00:02,000\nSRT\n"), &cues, &n,
                              &problem, &line));
    assert_false(webvtt_parse(t->arena, S("WEBVTT\n\n00:02.000 --> 00:01.000\nfaux\n"), &cues, &n,
                              &problem, &line));
    assert_int_equal(line, 3);
    assert_non_null(problem);
    struct str srt = S("\xEF\xBB\xBF"
                       "1\r\n0:00:01,000 --> 00:00:02,500 X1:10\r\nUn\r\n\r\n2\r\n"
                       "00:00:03.000 --> 00:00:04,000\r\n<i>Deux</i>\r\n");
    assert_true(subtitles_parse(t->arena, srt, &cues, &n, &problem, &line));
    assert_int_equal(n, 2);
    assert_int_equal(cues[0].end_ms, 2500);
    assert_true(str_is(cues[1].text, "Deux"));
    assert_true(str_is(subtitles_srt(t->arena, cues, n),
                       "1\n00:00:01,000 --> 00:00:02,500\nUn\n\n2\n00:00:03,000 --> "
                       "00:00:04,000\nDeux\n\n"));
    assert_true(subtitles_parse(t->arena, file, &cues, &n, &problem, &line));
    assert_int_equal(n, 2);
    assert_false(subtitles_parse(t->arena, S("Bonjour"), &cues, &n, &problem, &line));
    assert_false(
        subtitles_parse(t->arena, S("1\n00:00:01 --> 00:00:02\nx\n"), &cues, &n, &problem, &line));
    /* old Macs, marks of other players, and signs that are no tags */
    srt = S("1\r00:00:01,000 --> 00:00:02,000\r{\\an8}Si 3 < 5 et <i>6 > 5</i>\r\r2\r"
            "00:00:03,000 --> 00:00:04,000\rJe <3 {ceci}\r");
    assert_true(subtitles_parse(t->arena, srt, &cues, &n, &problem, &line));
    assert_int_equal(n, 2);
    assert_true(str_is(cues[0].text, "Si 3 < 5 et 6 > 5"));
    assert_true(str_is(cues[1].text, "Je <3 {ceci}"));
    int64_t ms;
    assert_true(webvtt_parse_time(S("01:02:03.456"), &ms));
    assert_int_equal(ms, 3723456);
    assert_false(webvtt_parse_time(S("1:02"), &ms));
    assert_false(webvtt_parse_time(S("00:60.000"), &ms));
    assert_false(webvtt_parse_time(S("-1:00.000"), &ms));
    assert_false(webvtt_parse_time(S(""), &ms));
}

static void knows_its_files(void **state)
{
    (void)state;
    assert_string_equal(media_file_type(S("720p/seg_00001.m4s")), "video/mp4");
    assert_string_equal(media_file_type(S("master.m3u8")), "application/vnd.apple.mpegurl");
    assert_string_equal(media_file_type(S("subs/fr.vtt")), "text/vtt; charset=utf-8");
    static const char *const bad[] = {
        "",       ".",        "..",           "../x.mp4", "a/../../x.mp4",
        "/x.mp4", "a//x.mp4", ".tmp-1/x.mp4", "x.txt",    "a\\x.mp4",
        "a/.mp4", "x.mp4/",   "é.mp4",        "..mp4",    "A.mp4",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (media_file_type(str_from(bad[i]))) fail_msg("accepted: %s", bad[i]);
    assert_true(media_name_valid(S("3f9-x")));
    assert_false(media_name_valid(S("../x")));
    assert_false(media_name_valid(S("-x")));
    assert_false(media_name_valid(S("")));
}

/* --- whole videos --------------------------------------------------------------------------------------- */

static void publishes_a_video(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct told told = { 0 };
    run(t, FFMPEG PICTURE("1280x720", "9") SOUND("9") FAST "-g 70 -c:a aac -ac 2 in.mp4");
    assert_int_equal(make(t, "in.mp4", &told, &r), MEDIA_OK);
    assert_true(r.playable && r.whole);
    assert_int_equal(r.rendition_count, 3);
    assert_int_equal(r.width, 1280);
    assert_in_range(r.duration_ms, 8900, 9100);
    assert_true(told.calls >= 3);
    assert_int_equal(entries(t, "hls"), 1);
    struct str master;
    assert_true(file_read(t->arena, IN("hls/video-1/master.m3u8"), 65536, &master));
    assert_true(str_search(master, S("RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO=\"sound\"")) <
                master.n);
    assert_true(str_search(master, S(",CODECS=\"avc1.42c01f,mp4a.40.2\"")) < master.n);
    assert_true(
        str_search(master,
                   S("TYPE=SUBTITLES,GROUP-ID=\"subs\",NAME=\"Français\",LANGUAGE=\"fr\"")) <
        master.n);
    /* the copied and the encoded sizes are cut at the same moments */
    struct str high, low;
    assert_true(file_read(t->arena, IN("hls/video-1/720p/index.m3u8"), 65536, &high));
    assert_true(file_read(t->arena, IN("hls/video-1/240p/index.m3u8"), 65536, &low));
    struct hls_playlist one, two;
    assert_true(hls_parse(t->arena, high, &one) && hls_parse(t->arena, low, &two));
    assert_int_equal(one.count, two.count);
    for (size_t i = 0; i < one.count; i++)
        assert_true(fabs(one.segments[i].seconds - two.segments[i].seconds) < 0.001);
    /* a player's view: everything decodes, nothing is said */
    run(t,
        "ffmpeg -nostdin -v error -xerror -i hls/video-1/master.m3u8 -map 0:v -map 0:a -f null -");
    struct str shape =
        run(t, "ffprobe -v error -select_streams v -show_entries stream=codec_name,width,height "
               "-of csv=p=0 hls/video-1/480p/index.m3u8");
    assert_true(str_starts(shape, S("h264,854,480")));
    shape = run(
        t, "ffprobe -v error -show_entries stream=codec_name -of csv=p=0 hls/video-1/video.mp4");
    assert_true(str_is(shape, "h264\naac"));
    struct str head;
    assert_true(file_read(t->arena, IN("hls/video-1/video.mp4"), 64 * MIB, &head));
    assert_true(str_search(head, S("moov")) < str_search(head, S("mdat")));
    shape = run(t, "ffprobe -v error -show_entries stream=width,height -of csv=p=0 "
                   "hls/video-1/poster-large.webp");
    assert_true(str_is(shape, "1280,720"));
    shape = run(
        t,
        "ffprobe -v error -show_entries stream=width,height -of csv=p=0 hls/video-1/poster.webp");
    assert_true(str_is(shape, "480,270"));
    assert_true(file_size(IN("hls/video-1/subs/fr.vtt")) == sizeof vtt - 1);
    assert_in_range(file_size(IN("hls/video-1/waveform.dat")), 89, 92);
    shape = run(t, "ffprobe -v error -show_entries stream=width,height -of csv=p=0 "
                   "hls/video-1/storyboard.webp");
    assert_true(str_is(shape, "800,90"));
    assert_true(file_size(IN("hls/video-1/choice-5.webp")) > 0);
    assert_true(media_remove(t->arena, IN("hls"), S("video-1")));
    assert_int_equal(entries(t, "hls"), 0);
}

static int64_t inode(struct test *t, const char *path)
{
    struct stat st;
    return stat(IN(path).p, &st) == 0 ? (int64_t)st.st_ino : -1;
}

/* People watch after the first step; what is made stays as it is. */
static void goes_step_by_step(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG PICTURE("640x360", "3") SOUND("3") FAST "-g 50 -c:a aac in.mp4");
    struct transcode_job job = job_of(t, "in.mp4", &(struct told){ 0 });
    assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK);
    assert_true(r.playable);
    assert_false(r.whole);
    assert_int_equal(r.rendition_count, 1);
    assert_int_equal(r.height, 360);
    /* the copy is the source's picture, packet for packet */
    struct str ours = run(t, "ffmpeg -v error -i hls/video-1/video.mp4 -map 0:v -f framemd5 -");
    struct str theirs = run(t, "ffmpeg -v error -i in.mp4 -map 0:v -f framemd5 -");
    assert_true(str_eq(str_sub(ours, str_search(ours, S("0,  ")), ours.n),
                       str_sub(theirs, str_search(theirs, S("0,  ")), theirs.n)));
    int64_t copied = inode(t, "hls/video-1/360p/seg_00000.m4s");
    struct told told = { 0 };
    job.context = &told;
    job.progress = tell;
    int steps = 1;
    for (; !r.whole; steps++)
        assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK);
    assert_int_equal(steps, 3);
    assert_int_equal(r.rendition_count, 2);
    assert_int_equal(inode(t, "hls/video-1/360p/seg_00000.m4s"), copied);
    int64_t made = inode(t, "hls/video-1/240p/seg_00000.m4s");
    assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK); /* nothing left to do */
    assert_int_equal(inode(t, "hls/video-1/240p/seg_00000.m4s"), made);
    assert_int_equal(entries(t, "hls"), 1);
}

/* What cannot be copied plays after its first, small size. */
static void begins_with_a_small_size(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG PICTURE("1280x720", "2") "-c:v mpeg4 -q:v 4 in.avi");
    struct transcode_job job = job_of(t, "in.avi", &(struct told){ 0 });
    assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK);
    assert_false(r.playable);
    int done = r.done;
    assert_true(r.next > 0);
    assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK);
    assert_true(r.playable);
    assert_int_equal(r.height, 480);
    while (!r.whole) {
        assert_true(r.done > done && r.done + r.next <= 1000);
        done = r.done;
        assert_int_equal(media_step(t->arena, &job, &r), MEDIA_OK);
    }
    assert_int_equal(r.done, 1000);
    assert_int_equal(r.rendition_count, 3);
    struct str size =
        run(t, "ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "
               "hls/video-1/video.mp4");
    assert_true(str_is(size, "1280,720"));
}

static bool tell_until(void *context, int thousandths)
{
    (void)thousandths;
    return --*(int *)context > 0;
}

/* Each step is stopped at each moment where it may be, then done: nothing is taken for made that was not. */
static void stopped_anywhere_it_ends_whole(void **state)
{
    struct test *t = *state;
    struct transcode_result r = { 0 };
    run(t,
        FFMPEG PICTURE("640x360", "1") SOUND("1") "-f lavfi -i sine=f=900:d=1 -map 0 -map 1 -map 2 "
                                                  "-c:v mpeg4 -c:a aac in.mkv");
    int left, stops = 0;
    struct transcode_job job = job_of(t, "in.mkv", NULL);
    job.progress = tell_until;
    job.context = &left;
    while (!r.whole) {
        enum media_result result = MEDIA_STOPPED;
        for (int calls = 1; result == MEDIA_STOPPED; calls++) {
            left = calls;
            result = media_step(t->arena, &job, &r);
            stops += result == MEDIA_STOPPED;
        }
        assert_int_equal(result, MEDIA_OK);
    }
    print_message("stopped %d times\n", stops);
    assert_true(stops > 10);
    assert_int_equal(r.rendition_count, 2);
    assert_true(file_size(IN("hls/video-1/audio-2/index.m3u8")) > 0);
    struct str size =
        run(t, "ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "
               "hls/video-1/video.mp4");
    assert_true(str_is(size, "640,360"));
    assert_int_equal(entries(t, "hls"), 1);
}

/* Two languages, chapters and subtitles inside: all of it comes through. */
static void keeps_what_is_inside(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    assert_true(file_write(IN("s.srt"), S("1\n00:00:00,500 --> 00:00:01,500\nGoedendag\n")));
    assert_true(file_write(
        IN("meta"), S(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Un\n"
                      "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=3000\ntitle=Deux\n")));
    run(t,
        FFMPEG PICTURE("320x180", "3") SOUND(
            "3") "-f lavfi -i sine=f=900:d=3 -i s.srt -i meta "
                 "-map 0 -map 1 -map 2 -map 3 -map_metadata 4 -map_chapters 4 " FAST
                 "-c:a libopus -c:s srt -metadata:s:a:0 language=fra -metadata:s:a:1 language=nld "
                 "-metadata:s:s:0 language=dut two.mkv");
    assert_int_equal(make(t, "two.mkv", &(struct told){ 0 }, &r), MEDIA_OK);
    struct str master;
    assert_true(file_read(t->arena, IN("hls/video-1/master.m3u8"), 65536, &master));
    assert_true(str_search(master, S("NAME=\"Français\",LANGUAGE=\"fr\",DEFAULT=YES")) < master.n);
    assert_true(str_search(master, S("NAME=\"Nederlands\",LANGUAGE=\"nl\",DEFAULT=NO")) < master.n);
    assert_true(str_search(master, S("URI=\"audio-2/index.m3u8\"")) < master.n);
    assert_int_equal(r.probe.chapter_count, 2);
    assert_true(str_is(r.probe.chapters[1].title, "Deux"));
    assert_int_equal(r.probe.chapters[1].start_ms, 1000);
    assert_int_equal(r.found_count, 1);
    assert_true(str_is(r.found[0].language, "nl"));
    struct cue *cues;
    size_t n;
    const char *problem;
    int line;
    assert_true(webvtt_parse(t->arena, r.found[0].vtt, &cues, &n, &problem, &line));
    assert_int_equal(n, 1);
    assert_in_range(cues[0].start_ms, 480, 540);
    assert_true(str_is(cues[0].text, "Goedendag"));
    /* the second sound is the second sound: 900 Hz, not 440 */
    run(t, "ffmpeg -v error -i hls/video-1/audio-2/index.m3u8 -ac 1 -ar 8000 -f s16le two.raw");
    struct str raw;
    assert_true(file_read(t->arena, IN("two.raw"), MIB, &raw));
    int crossings = 0;
    const int16_t *samples = (const int16_t *)(const void *)raw.p;
    for (size_t i = 4001; i < 12000; i++)
        crossings += (samples[i - 1] < 0) != (samples[i] < 0);
    assert_in_range(crossings, 1780, 1820);
}

/* A white of 1,000 candelas and a grey of 100 must both be seen; untreated HDR is flat and dim. */
static void maps_hdr(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG
        "-f lavfi -i color=white:s=320x180:r=25:d=2 -vf "
        "zscale=tin=bt709:min=bt709:pin=bt709:t=smpte2084:m=bt2020nc:p=bt2020:npl=200:rin=tv:r=tv,"
        "format=yuv420p10le -c:v libx265 -preset ultrafast -x265-params "
        "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc "
        "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc hdr.mp4");
    assert_int_equal(make(t, "hdr.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_true(r.probe.hdr);
    struct str shape =
        run(t, "ffprobe -v error -select_streams v -show_entries stream=pix_fmt,color_transfer -of "
               "csv=p=0 hls/video-1/video.mp4");
    assert_true(str_starts(shape, S("yuv420p,bt709")));
    run(t, "ffmpeg -v error -i hls/video-1/video.mp4 -frames:v 1 -vf scale=1:1,format=gray -f "
           "rawvideo white.raw");
    struct str raw;
    assert_true(file_read(t->arena, IN("white.raw"), 64, &raw));
    assert_true((unsigned char)raw.p[0] > 190);
    /* and its poster, and the pictures to choose one from */
    run(t, "ffmpeg -v error -i hls/video-1/poster.webp -vf scale=1:1,format=gray -f rawvideo -y "
           "white.raw");
    assert_true(file_read(t->arena, IN("white.raw"), 64, &raw));
    assert_true((unsigned char)raw.p[0] > 190);
    run(t, "ffmpeg -v error -i hls/video-1/choice-2.webp -vf scale=1:1,format=gray -f rawvideo -y "
           "white.raw");
    assert_true(file_read(t->arena, IN("white.raw"), 64, &raw));
    assert_true((unsigned char)raw.p[0] > 190);
}

/* The brightness of a point of a picture, 0 to 255. */
static int bright(struct test *t, const char *picture, const char *crop)
{
    struct str raw;
    run(t, arena_printf(t->arena,
                        "ffmpeg -v error -y -i %s -vf crop=%s,scale=1:1,format=gray -f rawvideo "
                        "point.raw",
                        picture, crop)
               .p);
    assert_true(file_read(t->arena, IN("point.raw"), 64, &raw));
    return (unsigned char)raw.p[0];
}

/* The poster shows what the film shows: at another moment when asked, in its true shape, or a picture of one's own. */
static void draws_the_poster_that_is_chosen(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    /* pixels twice as wide as high; the upper half dark, and from 2 s on all of it bright */
    run(t, FFMPEG "-f lavfi -i color=white:s=320x360:r=25:d=4 -vf "
                  "drawbox=0:0:320:180:black:fill:enable='lt(t,2)',setsar=2 " FAST "shape.mp4");
    assert_int_equal(make(t, "shape.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_true(bright(t, "hls/video-1/poster-large.webp", "640:160:0:0") < 40);
    assert_true(bright(t, "hls/video-1/poster-large.webp", "640:160:0:190") > 220);
    assert_true(bright(t, "hls/video-1/choice-1.webp", "480:120:0:0") < 40);
    struct str size = run(t, "ffprobe -v error -show_entries stream=width,height -of csv=p=0 "
                             "hls/video-1/choice-1.webp");
    assert_true(str_is(size, "480,270"));
    struct transcode_job job = job_of(t, "shape.mp4", &(struct told){ 0 });
    job.poster_ms = 3000;
    assert_int_equal(media_poster(t->arena, &job, STR_NONE, &r), MEDIA_OK);
    assert_true(bright(t, "hls/video-1/poster.webp", "480:120:0:0") > 220);
    run(t, FFMPEG "-f lavfi -i color=black:s=900x900 -frames:v 1 own.png");
    assert_int_equal(media_poster(t->arena, &job, IN("own.png"), &r), MEDIA_OK);
    assert_true(bright(t, "hls/video-1/poster.webp", "480:270:0:0") < 40);
    size = run(t, "ffprobe -v error -show_entries stream=width,height -of csv=p=0 "
                  "hls/video-1/poster-large.webp");
    assert_true(str_is(size, "640,360"));
    /* what is no picture leaves the one that is there */
    assert_true(file_write(IN("false.png"), S("\x89PNG\r\n\x1a\nno picture")));
    assert_int_equal(media_poster(t->arena, &job, IN("false.png"), &r), MEDIA_BAD);
    assert_true(bright(t, "hls/video-1/poster.webp", "480:270:0:0") < 40);
    assert_int_equal(entries(t, "hls"), 1);
}

/* A live in another process holds the encoding of this one, and its end lets it go on, however it ends. */
static void waits_while_a_live_runs(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    char byte = 0;
    int up[2];
    run(t, FFMPEG PICTURE("854x480", "4") FAST "long.mp4");
    assert_true(media_open(t->folder));
    assert_false(media_paused());
    assert_int_equal(pipe(up), 0);
    pid_t live = fork();
    if (live == 0) {
        byte = media_pause(true);
        if (write(up[1], &byte, 1) != 1) _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(up[0], &byte, 1), 1);
    assert_true(byte);
    assert_true(media_paused());
    pid_t encoder = fork();
    if (encoder == 0) _exit(make(t, "long.mp4", &(struct told){ 0 }, &r) == MEDIA_OK ? 0 : 1);
    /* five seconds are enough for all of it when nothing holds it */
    int status;
    for (int i = 0; i < 50; i++) {
        usleep(100000);
        assert_int_equal(waitpid(encoder, &status, WNOHANG), 0);
    }
    assert_int_equal(file_size(IN("hls/video-1/master.m3u8")), -1);
    kill(live, SIGKILL);
    waitpid(live, NULL, 0);
    assert_false(media_paused());
    assert_int_equal(waitpid(encoder, &status, 0), encoder);
    assert_int_equal(status, 0);
    assert_true(file_size(IN("hls/video-1/master.m3u8")) > 0);
    assert_true(media_pause(true));
    assert_true(media_paused());
    assert_true(media_pause(false));
    assert_false(media_paused());
    close(up[0]);
    close(up[1]);
}

static struct str size_of(struct test *t)
{
    return run(t,
               "ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "
               "hls/video-1/video.mp4");
}

static void takes_all_shapes(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG PICTURE("322x182",
                          "2") "-vf scale=321:181,setsar=1 -pix_fmt bgr0 -c:v ffv1 odd.mkv");
    assert_int_equal(make(t, "odd.mkv", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_true(str_is(size_of(t), "322,182"));
    assert_int_equal(r.rendition_count, 1);
    assert_int_equal(entries(t, "hls/video-1/audio"), -1); /* no sound at all */
    run(t, FFMPEG PICTURE("320x180", "2") SOUND("2") FAST "-c:a aac -ac 1 mono.mp4");
    run(t, FFMPEG "-i mono.mp4 -c copy -metadata:s:v rotate=90 turned.mp4");
    assert_int_equal(make(t, "turned.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_true(str_is(size_of(t), "180,320"));
    struct str sound =
        run(t, "ffprobe -v error -select_streams a -show_entries stream=channels -of csv=p=0 "
               "hls/video-1/video.mp4");
    assert_true(str_is(sound, "1"));
    run(t, FFMPEG SOUND("5") "-c:a libmp3lame sound.mp3");
    assert_int_equal(make(t, "sound.mp3", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_int_equal(r.rendition_count, 0);
    assert_in_range(r.duration_ms, 4900, 5200);
    run(t, "ffmpeg -nostdin -v error -xerror -i hls/video-1/master.m3u8 -f null -");
    assert_int_equal(file_size(IN("hls/video-1/poster.webp")), -1);
    assert_true(r.whole && r.playable);
}

/* Few pictures a second, as slides have: the first one must not be late. */
static void begins_at_once(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    double start = 9;
    run(t, FFMPEG "-f lavfi -i testsrc2=s=320x180:r=5:d=6 " SOUND("6") FAST "-c:a aac slow.mp4");
    assert_int_equal(make(t, "slow.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    struct str text = run(t, "ffprobe -v error -select_streams v -show_entries format=start_time "
                             "-of csv=p=0 hls/video-1/master.m3u8");
    assert_int_equal(sscanf(arena_cstr(t->arena, text), "%lf", &start), 1);
    assert_true(start < 0.1);
}

/* Pictures at uneven moments, as screens are recorded: the length stays, the rate becomes steady. */
static void evens_a_variable_rate(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG "-f lavfi -i testsrc2=s=320x180:r=30:d=6 -vf select='not(mod(n\\,7))+lt(n\\,40)' "
                  "-fps_mode vfr " FAST "uneven.mp4");
    assert_int_equal(make(t, "uneven.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_true(r.probe.variable_rate);
    assert_in_range(r.duration_ms, 5800, 6200);
}

static void leaves_nothing_of_the_bad(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    assert_true(file_write(IN("text.mp4"), S("no video")));
    assert_int_equal(make(t, "text.mp4", &(struct told){ 0 }, &r), MEDIA_BAD);
    assert_int_equal(r.reason, PROBE_NOT_MEDIA);
    assert_int_equal(make(t, "absent.mp4", &(struct told){ 0 }, &r), MEDIA_FAILED);
    assert_int_equal(entries(t, "hls"), -1);
}

static void stops_when_told(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG PICTURE("854x480", "12") FAST "long.mp4");
    struct told told = { .stop_at = 1 };
    assert_int_equal(make(t, "long.mp4", &told, &r), MEDIA_STOPPED);
    assert_int_equal(entries(t, "hls"), 1); /* the folder, and nothing temporary */
    assert_int_equal(file_size(IN("hls/video-1/master.m3u8")), -1);
}

static void starts_clean_after_a_kill(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    run(t, FFMPEG PICTURE("854x480", "12") FAST "long.mp4");
    run(t, FFMPEG PICTURE("64x64", "1") FAST "short.mp4");
    pid_t pid = fork();
    if (pid == 0) {
        make(t, "long.mp4", &(struct told){ 0 }, &r);
        _exit(0);
    }
    /* its first step is done, it is in the middle of another */
    for (int i = 0; i < 500 && file_size(IN("hls/video-1/master.m3u8")) < 0; i++)
        usleep(20000);
    for (int i = 0; i < 500 && entries(t, "hls") < 2; i++)
        usleep(2000);
    media_remove_stale(IN("hls")); /* it is alive: left alone */
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    int64_t copied = inode(t, "hls/video-1/480p/seg_00000.m4s");
    assert_true(copied > 0);
    struct transcode_job job = job_of(t, "long.mp4", &(struct told){ 0 });
    assert_int_equal(media_transcode(t->arena, &job, &r), MEDIA_OK);
    assert_true(r.whole);
    assert_int_equal(inode(t, "hls/video-1/480p/seg_00000.m4s"), copied);
    assert_int_equal(entries(t, "hls"), 1);
    assert_int_equal(make(t, "short.mp4", &(struct told){ 0 }, &r), MEDIA_OK);
    assert_int_equal(entries(t, "hls"), 1);
    assert_true(file_size(IN("hls/video-1/video.mp4")) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plans_the_ladder),         TEST(reads_playlists),
        TEST(reads_subtitles),          TEST(knows_its_files),
        TEST(publishes_a_video),        TEST(goes_step_by_step),
        TEST(begins_with_a_small_size), TEST(stopped_anywhere_it_ends_whole),
        TEST(keeps_what_is_inside),     TEST(maps_hdr),
        TEST(takes_all_shapes),         TEST(begins_at_once),
        TEST(evens_a_variable_rate),    TEST(leaves_nothing_of_the_bad),
        TEST(stops_when_told),          TEST(starts_clean_after_a_kill),
        TEST(waits_while_a_live_runs),  TEST(draws_the_poster_that_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
