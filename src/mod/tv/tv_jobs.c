/* From an uploaded file to a video that plays: the subscriber and the job. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/probe.h"
#include "media/transcode.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"

struct str tv_folder_name(struct arena *a, int64_t id, int64_t edition)
{
    struct str name = id_lower(a, id);
    return edition == 0 ? name : arena_printf(a, "%.*s-%lld", STR(name), (long long)edition);
}

struct str tv_step_key(struct arena *a, int64_t id, int64_t edition, int64_t step)
{
    return arena_printf(a, "%.*s.%lld", STR(tv_folder_name(a, id, edition)), (long long)step);
}

bool tv_step_job(struct db *db, const struct tv_sql_source *s, struct work_row *ret)
{
    struct str key = tv_step_key(db_arena(db), s->video_id, s->edition, s->step);
    return work_find_key(db, "tv.open", key, ret) || work_find_key(db, "tv.transcode", key, ret) ||
           /* from before steps */
           work_find_key(db, "tv.transcode", id_lower(db_arena(db), s->video_id), ret);
}

/* The first step is short and people wait for it; the others take their turn. */
static void add_step(struct db *db, int64_t id, int64_t edition, int64_t step, bool open)
{
    job_add(db, open ? "tv.open" : "tv.transcode", tv_step_key(db_arena(db), id, edition, step),
            json_pack("{s:I, s:I, s:I}", "video", (json_int_t)id, "edition", (json_int_t)edition,
                      "step", (json_int_t)step),
            0);
}

void tv_wanted(struct db *db, const int64_t *ids, size_t n)
{
    struct tv_sql_source *rows;
    size_t m = tv_sql_sources_under_way(db, &rows); /* few, mostly none */
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < n; k++)
            if (rows[i].video_id == ids[k] && str_is(rows[i].state, "live"))
                work_hurry(db, "tv.transcode",
                           tv_step_key(db_arena(db), ids[k], rows[i].edition, rows[i].step));
}

void tv_replace(struct db *db, int64_t id, struct str blob)
{
    struct tv_sql_source last = { .edition = -1 };
    tv_sql_last_source(db, id, &last);
    tv_sql_add_source(db, id, last.edition + 1, blob, time_now());
    add_step(db, id, last.edition + 1, 0, true);
}

void tv_try_again(struct db *db, const struct tv_sql_source *s)
{
    struct work_row job;
    if (tv_step_job(db, s, &job) && job.state == JOB_BURIED) {
        work_retry(db, job.id);
    } else if (str_is(s->state, "failed")) {
        tv_sql_step_source(db, s->video_id, s->edition, s->step + 1, s->done, s->next);
        add_step(db, s->video_id, s->edition, s->step + 1, s->done == 0);
    }
    if (!str_is(s->state, "live"))
        tv_sql_set_source(db, s->video_id, s->edition, S("waiting"), STR_NONE, time_now());
}

/* What stands below /tv beside the videos. */
static bool is_page(struct str slug)
{
    return str_is(slug, "videos") || str_is(slug, "chaines") || str_is(slug, "series") ||
           str_is(slug, "plan");
}

int64_t tv_add(struct db *db, const struct tv_sql_add_video_in *in)
{
    struct tv_sql_add_video_in with = *in;
    struct arena *a = db_arena(db);
    /* a second video of the same title gets the end of its id behind its address, and so does one whose address is a page's */
    if (is_page(in->slug) || tv_sql_add_video(db, &with) != 1) {
        with.slug = arena_printf(a, "%.*s-%.*s", STR(str_sub(in->slug, 0, 70)),
                                 STR(str_sub(id_lower(a, in->id), 8, 5)));
        if (tv_sql_add_video(db, &with) != 1) return 0;
    }
    tv_replace(db, in->id, in->blob);
    tv_settle(db, in->id);
    return in->id;
}

static struct str text(const json_t *payload, const char *key)
{
    const json_t *v = json_object_get(payload, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

/* "Mon_webinaire (final).mp4" → "Mon webinaire (final)" */
static struct str title_of(struct arena *a, struct str file)
{
    size_t dot = file.n;
    while (dot > 0 && file.p[dot - 1] != '.')
        dot--;
    char *title = arena_cstr(a, str_sub(file, 0, dot > 1 ? dot - 1 : file.n));
    for (char *p = title; *p; p++)
        if (*p == '_') *p = ' ';
    return str_from(title);
}

int64_t tv_add_file(struct db *db, struct str file, struct str blob, int64_t uploaded_by)
{
    struct arena *a = db_arena(db);
    struct str title = title_of(a, file), slug = utf8_slug(a, title);
    return tv_add(db, &(struct tv_sql_add_video_in){ .id = id_new(),
                                                     .slug = slug.n ? slug : S("video"),
                                                     .title = title.n ? title : S("Vidéo"),
                                                     .description = S(""),
                                                     .speaker = S(""),
                                                     .licence = S("CC BY-SA"),
                                                     .kind = S("tutorial"),
                                                     .competences = 0,
                                                     .blob = blob,
                                                     .sample = 0,
                                                     .uploaded_by = uploaded_by,
                                                     .now = time_now() });
}

/* "video-<id>": the file is for a video that is there. One that was taken off meanwhile leaves it to be a video of its own. */
static bool take_place(struct db *db, struct str purpose, struct str file, struct str blob,
                       int64_t person)
{
    struct tv_sql_video_by_slug v;
    int64_t id;
    struct str start = S("video-");
    if (!str_starts(purpose, start) || !id_parse(str_sub(purpose, start.n, purpose.n), &id) ||
        !tv_sql_video(db, id, &v) || str_is(v.state, "withdrawn"))
        return false;
    tv_sql_drop_open_cuts(db, id);
    tv_replace(db, id, blob);
    if (!str_is(v.state, "ready")) tv_sql_set_state(db, id, S("waiting"));
    audit_write_as(db, person, "video.replaced", "video", id, NULL,
                   json_pack("{s:s%}", "file", file.p, file.n));
    return true;
}

static bool on_uploaded(struct db *db, struct arena *arena, json_t *payload, int64_t event_id)
{
    (void)event_id, (void)arena;
    json_t *who = json_object_get(payload, "person");
    int64_t person = json_is_integer(who) ? json_integer_value(who) : DB_NULL;
    struct str file = text(payload, "name"), blob = text(payload, "blob");
    if (!take_place(db, text(payload, "purpose"), file, blob, person == DB_NULL ? 0 : person))
        tv_add_file(db, file, blob, person);
    return true;
}

const struct subscription tv_subscriptions[] = {
    { "media.uploaded", "tv.add", on_uploaded },
    { 0 },
};

/* --- the job ---------------------------------------------------------------------------------------------------------- */

/* What run hands to apply. */
bool tv_progress(void *context, int thousandths)
{
    return job_progress(context, thousandths);
}

enum job_result tv_media_ended(struct job *job, enum media_result result, struct str why)
{
    switch (result) {
    case MEDIA_OK:
    case MEDIA_BAD: return JOB_DONE;
    case MEDIA_STOPPED: job_explain(job, S("stopped")); break;
    case MEDIA_FULL: job_explain(job, S("the disk is full")); break;
    case MEDIA_FAILED: job_explain(job, why); break;
    }
    return JOB_RETRY;
}

struct made {
    bool good;
    struct transcode_result result;
    const char *reason;
    struct tv_sql_source source;
};

static bool load_source(struct job *job, struct made *made, struct transcode_job *t)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_texts *texts;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    bool found = tv_sql_video(db, job_number(job, "video"), &v) &&
                 tv_sql_source(db, v.id, job_number(job, "edition"), &made->source);
    size_t n = found ? tv_sql_texts(db, v.id, &texts) : 0;
    bool failed = db_failed(db);
    struct transcode_subtitle *subtitles =
        arena_array(job->arena, struct transcode_subtitle, n + 1);
    for (size_t i = 0; i < n; i++)
        subtitles[i] =
            (struct transcode_subtitle){ .language = arena_dup(job->arena, texts[i].lang),
                                         .label = arena_dup(job->arena, texts[i].label),
                                         .vtt = arena_dup(job->arena, texts[i].vtt) };
    if (found) {
        made->source.blob = arena_dup(job->arena, made->source.blob);
        made->source.state = arena_dup(job->arena, made->source.state);
        t->poster_ms = v.poster_ms == DB_NULL ? -1 : v.poster_ms;
        t->name = tv_folder_name(job->arena, v.id, made->source.edition);
    }
    db_read_end(db);
    t->subtitles = subtitles;
    t->subtitle_count = n;
    return found && !failed;
}

static enum job_result result_of(struct job *job, struct made *made, enum media_result result)
{
    made->good = result == MEDIA_OK;
    if (result == MEDIA_BAD) {
        made->reason = probe_sentence(made->result.reason);
        if (!made->reason) made->reason = probe_sentence(PROBE_CUT);
    }
    return tv_media_ended(job, result, made->result.why);
}

static enum job_result transcode(struct job *job)
{
    struct made *made = job->state = arena_new(job->arena, struct made);
    struct transcode_job t = { .hls = media_hls_folder(), .progress = tv_progress, .context = job };
    if (!load_source(job, made, &t)) {
        job_explain(job, S("the video's row could not be read"));
        return JOB_RETRY;
    }
    bool wanted = str_is(made->source.state, "waiting") || str_is(made->source.state, "live");
    if (!wanted || made->source.step != job_number(job, "step")) {
        made->source.video_id = 0; /* replaced or taken back meanwhile */
        return JOB_DONE;
    }
    t.source = blob_local_path(media_blobs(), job->arena, made->source.blob);
    if (!t.source.p || !blob_exists(media_blobs(), made->source.blob)) {
        job_explain(job, S("the source file is not in the blob store"));
        return JOB_RETRY;
    }
    return result_of(job, made, media_step(job->arena, &t, &made->result));
}

static struct str chapter_title(struct arena *a, struct str title)
{
    size_t at = 0;
    if (!utf8_valid(title)) return S("");
    for (int i = 0; i < CHAPTER_TITLE && at < title.n; i++)
        utf8_next(title, &at);
    return str_trim(utf8_nfc(a, str_sub(title, 0, at)));
}

/* Chapters as the page would take them: the first at 0, a second apart, before the end. */
static void take_chapters(struct db *db, int64_t id, const struct probe *p)
{
    int64_t before = 0;
    size_t n = 0;
    for (size_t i = 0; i < p->chapter_count && n < CHAPTERS_MOST; i++) {
        int64_t at = n ? p->chapters[i].start_ms : 0;
        struct str title = chapter_title(db_arena(db), p->chapters[i].title);
        if (!title.n || (n && at < before + CHAPTER_LEAST_MS) || at >= p->duration_ms) continue;
        tv_sql_add_chapter(db, id, at, title);
        before = at;
        n++;
    }
}

/* What the file itself says counts as long as nobody said otherwise. */
static void take_inside(struct db *db, int64_t id, const struct transcode_result *r)
{
    struct tv_sql_has_texts text;
    struct tv_sql_has_chapters chapter;
    if (r->found_count && !tv_sql_has_texts(db, id, &text))
        for (size_t i = 0; i < r->found_count; i++)
            tv_sql_add_text(db, id, r->found[i].language, r->found[i].label, r->found[i].vtt);
    if (r->probe.chapter_count > 1 && !tv_sql_has_chapters(db, id, &chapter))
        take_chapters(db, id, &r->probe);
}

/* People watch this edition from now on. */
static void go_live(struct db *db, const struct tv_sql_video_by_slug *v, const struct made *made)
{
    const struct transcode_result *r = &made->result;
    const struct tv_sql_source *s = &made->source;
    int64_t now = time_now();
    bool first = v->published_at == DB_NULL;
    tv_cut_live(db, v, s->edition);
    tv_sql_retire_sources(db, v->id, s->edition, now);
    tv_sql_set_source(db, v->id, s->edition, S("live"), STR_NONE, now);
    /* sample videos count as published when they say they were made */
    int64_t at = v->sample ? v->created_at : now;
    if (tv_sql_publish(db, v->id, s->edition, s->blob, r->duration_ms, r->width, r->height, at) &&
        first)
        event_emit(
            db, "tv.published",
            json_pack("{s:I, s:s%}", "video", (json_int_t)v->id, "slug", v->slug.p, v->slug.n));
    tv_poster_again(db, v->id);
}

static void refuse(struct db *db, const struct tv_sql_video_by_slug *v, const struct made *made)
{
    const struct tv_sql_source *s = &made->source;
    struct str reason = str_from(made->reason);
    if (str_is(s->state, "live")) { /* it plays; only its further sizes cannot be made */
        tv_sql_step_source(db, v->id, s->edition, s->step, 1000, 0);
        tv_sql_set_source(db, v->id, s->edition, S("live"), reason, time_now());
        return;
    }
    tv_sql_set_source(db, v->id, s->edition, S("failed"), reason, time_now());
    if (!str_is(v->state, "ready")) tv_sql_fail(db, v->id, reason);
}

static bool publish(struct db *db, struct job *job)
{
    const struct made *made = job->state;
    const struct tv_sql_source *s = &made->source;
    const struct transcode_result *r = &made->result;
    struct tv_sql_video_by_slug v;
    if (!s->video_id || !tv_sql_video(db, s->video_id, &v)) return true;
    if (!made->good) {
        refuse(db, &v, made);
        return true;
    }
    take_inside(db, v.id, r);
    if (r->playable && str_is(s->state, "waiting")) go_live(db, &v, made);
    else if (r->playable) tv_sql_measure(db, v.id, s->edition, r->duration_ms, r->width, r->height);
    tv_settle(db, v.id);
    tv_sql_step_source(db, v.id, s->edition, s->step + 1, r->done, r->next);
    if (!r->whole) add_step(db, v.id, s->edition, s->step + 1, false);
    return true;
}

/* --- tv.texts: subtitles that were changed go where players fetch them -------------------------------------------------- */

enum { TEXTS_AGAIN_MS = 30 * 1000 };

void tv_texts_later(struct db *db, int64_t id, int64_t edition, int64_t run_at)
{
    struct str key = arena_printf(db_arena(db), "%lld.%lld", (long long)id, (long long)id_new());
    job_add(db, "tv.texts", key,
            json_pack("{s:I, s:I}", "video", (json_int_t)id, "edition", (json_int_t)edition),
            run_at);
}

static enum job_result write_texts(struct job *job)
{
    struct made *made = job->state = arena_new(job->arena, struct made);
    struct transcode_job t = { .hls = media_hls_folder(), .progress = tv_progress, .context = job };
    if (!load_source(job, made, &t)) return JOB_RETRY;
    if (!str_is(made->source.state, "live")) { /* nobody watches it: its steps write them */
        made->source.video_id = 0;
        return JOB_DONE;
    }
    return result_of(job, made, media_texts(job->arena, &t, &made->result.why));
}

/* A step of the preparation that began before may still write what it had read: once more, until none is left. */
static bool texts_again(struct db *db, struct job *job)
{
    const struct tv_sql_source *s = &((const struct made *)job->state)->source;
    if (s->video_id && s->done < 1000)
        tv_texts_later(db, s->video_id, s->edition, time_now() + TEXTS_AGAIN_MS);
    return true;
}

/* --- tv.sweep: what was replaced goes when nobody can be watching it any more -------------------------------------- */

static enum job_result sweep(struct job *job)
{
    struct tv_sql_source *rows;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    size_t n = tv_sql_past_sources(db, time_now() - DAY_MS, &rows);
    for (size_t i = 0; i < n; i++)
        media_remove(job->arena, media_hls_folder(),
                     tv_folder_name(job->arena, rows[i].video_id, rows[i].edition));
    bool failed = db_failed(db);
    db_read_end(db);
    return failed ? JOB_RETRY : JOB_DONE;
}

static bool forget(struct db *db, struct job *job)
{
    struct tv_sql_source *rows;
    size_t n = tv_sql_past_sources(db, time_now() - DAY_MS - HOUR_MS, &rows);
    (void)job;
    for (size_t i = 0; i < n; i++) {
        tv_sql_drop_source(db, rows[i].video_id, rows[i].edition);
        media_let_go(db, rows[i].blob);
    }
    return true;
}

static bool needs_blob(struct db *db, struct str blob)
{
    struct tv_sql_needs_blob row;
    return tv_sql_needs_blob(db, blob, &row);
}

void tv_jobs_start(struct settings *settings)
{
    media_keep(needs_blob);
    tv_bring_start(settings);
    tv_demo_start(settings);
}

/* A step that is lost with its machine is begun again soon, and often: none of it was the video's fault. */
#define STEP .run = transcode, .apply = publish, .lease_seconds = 10, .max_attempts = 20

const struct job_kind tv_jobs[] = {
    { .name = "tv.open", STEP, .lane = 2 },
    { .name = "tv.transcode", STEP, .lane = 1 },
    { .name = "tv.texts",
      .run = write_texts,
      .apply = texts_again,
      .lease_seconds = 60,
      .lane = 2 },
    { .name = "tv.recognise",
      .run = tv_recognise_run,
      .apply = tv_recognise_apply,
      .max_attempts = 3,
      .lane = 1 },
    { .name = "tv.keys", .run = tv_keys_run, .apply = tv_keys_found, .lane = 2 },
    { .name = "tv.cut",
      .run = tv_cut_run,
      .apply = tv_cut_made,
      .lease_seconds = 10,
      .max_attempts = 20,
      .lane = 1 },
    { .name = "tv.changes",
      .run = tv_scan_run,
      .apply = tv_scan_found,
      .lease_seconds = 10,
      .lane = 2 },
    { .name = "tv.poster", .run = tv_poster_run, .apply = tv_poster_drawn, .lane = 2 },
    { .name = "tv.sweep", .run = sweep, .apply = forget },
    { .name = "tv.index", .run = tv_index_run, .apply = tv_index_apply },
    { .name = "tv.inbox",
      .run = tv_inbox_run,
      .apply = tv_inbox_apply,
      .lease_seconds = 60,
      .lane = 2 },
    { 0 },
};

const struct schedule tv_schedules[] = {
    { "tv.sweep", 60 },
    { "tv.inbox", 1 },
    { "tv.index", 60 },
    { 0 },
};
