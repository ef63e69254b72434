/* Where the picture of a video changes wholly, as with slides: looked for by a job, proposed as chapters. */
#include "media/blob.h"
#include "media/file.h"
#include "media/media.h"
#include "media/transcode.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"

enum {
    PROPOSALS_MOST = 40,
    APART_MS = 5000, /* from a chapter that is there, and from the end */
    STORYBOARD_MAX = 64 * 1024,
};

/* What run hands to apply. */
struct scanned {
    bool still; /* it is what was asked for last */
    struct str storyboard;
    int64_t *moments;
    size_t count;
    struct transcode_result result;
    bool bad;
};

struct str tv_scan_key(struct arena *a, int64_t video, int64_t turn)
{
    return arena_printf(a, "%lld.%lld", (long long)video, (long long)turn);
}

static bool is_last(struct db *db, const struct job *job)
{
    struct tv_sql_scan scan;
    return tv_sql_scan(db, job_number(job, "video"), &scan) &&
           scan.turn == job_number(job, "turn") && str_is(scan.state, "running");
}

static bool load(struct job *job, struct scanned *s, struct transcode_job *t)
{
    struct tv_sql_source source;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    s->still = is_last(db, job) &&
               tv_sql_source(db, job_number(job, "video"), job_number(job, "edition"), &source) &&
               str_is(source.state, "live");
    if (s->still) t->source = blob_local_path(media_blobs(), job->arena, source.blob);
    bool failed = db_failed(db);
    db_read_end(db);
    return !failed;
}

enum job_result tv_scan_run(struct job *job)
{
    struct scanned *s = job->state = arena_new(job->arena, struct scanned);
    struct transcode_job t = { .hls = media_hls_folder(),
                               .name = tv_folder_name(job->arena, job_number(job, "video"),
                                                      job_number(job, "edition")),
                               .progress = tv_progress,
                               .context = job };
    if (!load(job, s, &t)) return JOB_RETRY;
    if (!s->still) return JOB_DONE;
    enum media_result result =
        media_changes(job->arena, &t, PROPOSALS_MOST, &s->moments, &s->count, &s->result);
    struct str board =
        file_join(job->arena, file_join(job->arena, t.hls, t.name), S("storyboard.vtt"));
    if (!file_read(job->arena, board, STORYBOARD_MAX, &s->storyboard)) s->storyboard = S("");
    s->bad = result == MEDIA_BAD;
    return tv_media_ended(job, result, s->result.why);
}

static bool has_chapter(const struct tv_sql_chapters *rows, size_t n, int64_t at)
{
    for (size_t i = 0; i < n; i++)
        if (llabs(rows[i].start_ms - at) < APART_MS) return true;
    return false;
}

bool tv_scan_found(struct db *db, struct job *job)
{
    const struct scanned *s = job->state;
    struct tv_sql_chapters *chapters;
    int64_t video = job_number(job, "video");
    if (!is_last(db, job)) return true;
    size_t n = tv_sql_chapters(db, video, &chapters);
    tv_sql_drop_proposals(db, video);
    for (size_t i = 0; i < s->count; i++) {
        int64_t at = s->moments[i];
        struct media_tile tile = { 0 };
        if (has_chapter(chapters, n, at) || at < APART_MS ||
            at > s->result.probe.duration_ms - APART_MS)
            continue;
        media_tile_at(s->storyboard, at + MEDIA_TILE_AFTER_MS, &tile);
        tv_sql_add_proposal(db,
                            &(struct tv_sql_add_proposal_in){ .video = video,
                                                              .start = at,
                                                              .left = tile.left,
                                                              .top = tile.top,
                                                              .width = tile.width,
                                                              .height = tile.height,
                                                              .sheet_width = tile.sheet_width,
                                                              .sheet_height = tile.sheet_height });
    }
    /* what could not be looked at, or was replaced meanwhile, says so */
    tv_sql_set_scan(db, video, job_number(job, "edition"), job_number(job, "turn"),
                    s->still && !s->bad ? S("done") : S("failed"));
    return true;
}
