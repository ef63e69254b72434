/* Shorter files of one: what ffprobe finds in them. */
#include "media/test_folder.h"

#include <math.h>

#include "base/limits.h"
#include "media/blob.h"
#include "media/cut.h"
#include "media/media.h"
#include "media/sandbox.h"

static struct str run(struct test *t, const char *line)
{
    const char *argv[64];
    size_t n = 0;
    struct str rest = str_from(line);
    while (rest.n > 0 && n < COUNT(argv) - 1)
        argv[n++] = arena_cstr(t->arena, str_cut(&rest, ' '));
    argv[n] = NULL;
    struct str data = IN("data");
    struct sandbox_job job = { .argv = argv, .folder = t->folder, .reads = &data, .read_count = 1 };
    job.memory = (int64_t)4096 * MIB;
    struct sandbox_result r = sandbox_run(t->arena, &job);
    if (r.end != SANDBOX_OK)
        fail_msg("%s: %.*s", sandbox_words(t->arena, argv[0], &r).p, STR(r.err));
    return str_trim(r.out);
}

#define FFMPEG "ffmpeg -nostdin -v error -y "
#define FILM(seconds)                                                                              \
    FFMPEG "-f lavfi -i testsrc2=s=320x180:r=25:d=" seconds " -f lavfi -i sine=d=" seconds " "
/* A key picture each two seconds, exactly. */
#define KEYS "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -keyint_min 50 -sc_threshold 0 "

/* Opens the folders first, for their names are in it. */
static struct transcode_job job_of(struct test *t, const char *source)
{
    assert_true(media_open(IN("data")));
    return (
        struct transcode_job){ .source = IN(source), .hls = media_hls_folder(), .name = S("film") };
}

/* Seconds of the first track of this kind ("v", "a"), as counted from its packets. */
static double length(struct test *t, struct str blob, const char *kind)
{
    struct str path = blob_local_path(media_blobs(), t->arena, blob);
    struct str out = run(t, arena_printf(t->arena,
                                         "ffprobe -v error -select_streams %s:0 -show_entries "
                                         "packet=pts_time,duration_time -of csv=p=0 %.*s",
                                         kind, STR(path))
                                .p);
    double first = INFINITY, last = 0;
    while (out.n) {
        struct str line = str_cut(&out, '\n'), pts = str_cut(&line, ',');
        double at = strtod(arena_cstr(t->arena, pts), NULL);
        double end = at + strtod(arena_cstr(t->arena, line), NULL);
        first = fmin(first, at);
        last = fmax(last, end);
    }
    return last - first;
}

static void near(double is, double wanted, double most)
{
    if (!(fabs(is - wanted) <= most)) fail_msg("%.3f instead of %.3f", is, wanted);
}

static void key_pictures_are_the_nearest(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct transcode_job job = job_of(t, "film.mp4");
    run(t, FILM("20") KEYS "-c:a aac film.mp4");
    const struct media_span wanted[] = {
        { 0, 1500 }, { 4900, 8000 }, { 8100, 9000 }, { 13100, 20000 }
    };
    struct media_span at[4];
    assert_int_equal(media_cut_keys(t->arena, &job, wanted, 4, at, &r), MEDIA_OK);
    assert_int_equal(at[0].from_ms, 0);
    assert_int_equal(at[1].from_ms, 4000);
    assert_int_equal(at[2].from_ms, 8000);  /* not before the piece before it ends */
    assert_int_equal(at[3].from_ms, 14000); /* later is nearer */
    assert_int_equal(at[0].to_ms, 2000);
    assert_int_equal(at[1].to_ms, 8000);
    assert_int_equal(at[2].to_ms, 10000); /* not where it begins */
    assert_int_equal(at[3].to_ms, 20000); /* the end of the file */
    /* none within reach */
    run(t, FILM("80") "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 5000 -sc_threshold 0 "
                      "-c:a aac film.mp4");
    const struct media_span far[] = { { 50000, 80000 } };
    assert_int_equal(media_cut_keys(t->arena, &job, far, 1, at, &r), MEDIA_OK);
    assert_int_equal(at[0].from_ms, -1);
}

static void pieces_are_copied_from_key_picture_on(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct transcode_job job = job_of(t, "film.mp4");
    struct str blob, again;
    run(t, FILM("20") KEYS "-c:a aac film.mp4");
    const struct media_span wanted[] = { { 2000, 5100 }, { 8000, 12480 }, { 16000, 20000 } };
    struct media_span at[3];
    assert_int_equal(media_cut_keys(t->arena, &job, wanted, 3, at, &r), MEDIA_OK);
    assert_int_equal(media_cut(t->arena, &job, at, 3, false, &blob, &r), MEDIA_OK);
    /* 2 … 6, 8 … 12 and 16 … 20, to the picture */
    near(length(t, blob, "v"), 12, 0.041);
    near(length(t, blob, "a"), 12, 0.12);
    struct probe p;
    assert_int_equal(probe_file(t->arena, blob_local_path(media_blobs(), t->arena, blob), &p),
                     PROBE_OK);
    assert_string_equal(arena_cstr(t->arena, p.video.codec), "h264");
    /* made again, after a kill: the same file */
    assert_int_equal(media_cut(t->arena, &job, at, 3, false, &again, &r), MEDIA_OK);
    assert_true(str_eq(blob, again));
    /* the pictures are those: a still of the second piece is one of the file at that moment */
    struct str path = blob_local_path(media_blobs(), t->arena, blob);
    run(t,
        FFMPEG "-ss 9.2 -i film.mp4 -frames:v 1 -vf scale=64:36 -f rawvideo -pix_fmt gray a.raw");
    run(t, arena_printf(
               t->arena,
               FFMPEG "-ss 5.2 -i %.*s -frames:v 1 -vf scale=64:36 -f rawvideo -pix_fmt gray b.raw",
               STR(path))
               .p);
    struct str a, b;
    assert_true(file_read(t->arena, IN("a.raw"), 1 << 20, &a));
    assert_true(file_read(t->arena, IN("b.raw"), 1 << 20, &b));
    assert_int_equal(a.n, b.n);
    int64_t apart = 0;
    for (size_t i = 0; i < a.n; i++)
        apart += abs((unsigned char)a.p[i] - (unsigned char)b.p[i]);
    assert_in_range(apart / (int64_t)a.n, 0, 6);
}

static void exact_is_exact_to_the_picture(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct transcode_job job = job_of(t, "film.mkv");
    struct str blob;
    /* two sounds, one of them named; a picture that is copied by nobody */
    run(t, FFMPEG "-f lavfi -i testsrc2=s=320x180:r=25:d=10 -f lavfi -i sine=d=10 -f lavfi -i "
                  "sine=f=900:d=10 -map 0 -map 1 -map 2 -c:v mpeg4 -g 250 -c:a libopus "
                  "-metadata:s:a:1 language=eng film.mkv");
    const struct media_span pieces[] = { { 1240, 3000 }, { 5520, 9000 } };
    assert_int_equal(media_cut(t->arena, &job, pieces, 2, true, &blob, &r), MEDIA_OK);
    near(length(t, blob, "v"), 1.76 + 3.48, 0.041);
    near(length(t, blob, "a"), 1.76 + 3.48, 0.06);
    struct probe p;
    assert_int_equal(probe_file(t->arena, blob_local_path(media_blobs(), t->arena, blob), &p),
                     PROBE_OK);
    assert_int_equal(p.sound_count, 2);
    assert_string_equal(arena_cstr(t->arena, p.sounds[1].language), "eng");
}

static void sound_alone_is_cut_too(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct transcode_job job = job_of(t, "voix.m4a");
    struct str blob;
    struct media_span at[1];
    run(t, FFMPEG "-f lavfi -i sine=d=20 -c:a aac voix.m4a");
    const struct media_span pieces[] = { { 4321, 9000 } };
    assert_int_equal(media_cut_keys(t->arena, &job, pieces, 1, at, &r), MEDIA_OK);
    assert_int_equal(at[0].from_ms, 4321);
    assert_int_equal(media_cut(t->arena, &job, at, 1, false, &blob, &r), MEDIA_OK);
    near(length(t, blob, "a"), 4.679, 0.06);
    assert_int_equal(media_cut(t->arena, &job, pieces, 1, true, &blob, &r), MEDIA_OK);
    near(length(t, blob, "a"), 4.679, 0.06);
}

static bool stop(void *context, int thousandths)
{
    (void)context, (void)thousandths;
    return false;
}

static void a_lost_lease_stops_it_and_leaves_nothing(void **state)
{
    struct test *t = *state;
    struct transcode_result r;
    struct transcode_job job = job_of(t, "film.mp4");
    struct str blob;
    run(t, FILM("20") KEYS "-c:a aac film.mp4");
    job.progress = stop;
    const struct media_span pieces[] = { { 0, 10000 } };
    assert_int_equal(media_cut(t->arena, &job, pieces, 1, false, &blob, &r), MEDIA_STOPPED);
    assert_string_equal(arena_cstr(t->arena, run(t, "find data/hls -name .tmp-*")), "");
    assert_string_equal(arena_cstr(t->arena, run(t, "find data/blobs -type f -size +0")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(key_pictures_are_the_nearest),
        TEST(pieces_are_copied_from_key_picture_on),
        TEST(exact_is_exact_to_the_picture),
        TEST(sound_alone_is_cut_too),
        TEST(a_lost_lease_stops_it_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
