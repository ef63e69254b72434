/* From an uploaded file to a video that plays: the subscriber and the job. */
#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/utf8.h"
#include "media/blob.h"
#include "media/probe.h"
#include "media/transcode.h"
#include "mod/tv/pages.h"

static struct {
    struct str data;
} config;

void tv_jobs_start(struct settings *settings)
{
    config.data = settings_text(settings, "data");
}

int64_t tv_add(struct db *db, const struct tv_sql_add_video_in *in)
{
    struct tv_sql_add_video_in with = *in;
    struct arena *a = db_arena(db);
    /* a second video of the same title gets the end of its id behind its address */
    if (tv_sql_add_video(db, &with) != 1) {
        with.slug = arena_printf(a, "%.*s-%.*s", STR(str_sub(in->slug, 0, 70)),
                                 STR(str_sub(id_lower(a, in->id), 8, 5)));
        if (tv_sql_add_video(db, &with) != 1) return 0;
    }
    job_add(db, "tv.transcode", id_lower(a, in->id),
            json_pack("{s:I}", "video", (json_int_t)in->id), 0);
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

static bool on_uploaded(struct db *db, struct arena *arena, json_t *payload, int64_t event_id)
{
    (void)event_id;
    struct str title = title_of(arena, text(payload, "name")), slug = utf8_slug(arena, title);
    json_t *person = json_object_get(payload, "person");
    tv_add(db, &(struct tv_sql_add_video_in){
                   .id = id_new(),
                   .slug = slug.n ? slug : S("video"),
                   .title = title.n ? title : S("Vidéo"),
                   .description = S(""),
                   .speaker = S(""),
                   .licence = S("CC BY-SA"),
                   .kind = S("tutorial"),
                   .competences = 0,
                   .blob = text(payload, "blob"),
                   .sample = 0,
                   .uploaded_by = json_is_integer(person) ? json_integer_value(person) : DB_NULL,
                   .now = time_now() });
    return true;
}

const struct subscription tv_subscriptions[] = {
    { "media.uploaded", "tv.add", on_uploaded },
    { 0 },
};

/* --- the job ---------------------------------------------------------------------------------------------------------- */

/* What run hands to apply. */
struct made {
    bool good;
    int64_t duration_ms, width, height;
    const char *reason;
};

static struct made *made_of(struct job *job)
{
    if (!job->state) job->state = arena_new(job->arena, struct made);
    return job->state;
}

static bool progress(void *context, int thousandths)
{
    return job_progress(context, thousandths);
}

static bool load_source(struct job *job, int64_t id, struct tv_sql_video_by_slug *v,
                        struct transcode_job *ret)
{
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    struct tv_sql_texts *texts;
    bool found = tv_sql_video(db, id, v);
    size_t n = found ? tv_sql_texts(db, id, &texts) : 0;
    bool failed = db_failed(db);
    db_read_end(db);
    struct transcode_subtitle *subtitles =
        arena_array(job->arena, struct transcode_subtitle, n + 1);
    for (size_t i = 0; i < n; i++)
        subtitles[i] = (struct transcode_subtitle){ .language = texts[i].lang,
                                                    .label = texts[i].label,
                                                    .vtt = texts[i].vtt };
    ret->subtitles = subtitles;
    ret->subtitle_count = n;
    return found && !failed;
}

static enum job_result transcode(struct job *job)
{
    int64_t id = json_integer_value(json_object_get(job->payload, "video"));
    struct tv_sql_video_by_slug v;
    struct transcode_result result = { 0 };
    struct transcode_job t = {
        .name = id_lower(job->arena, id), .poster_ms = -1, .progress = progress, .context = job
    };
    if (!load_source(job, id, &v, &t)) {
        job_explain(job, S("the video's row could not be read"));
        return JOB_RETRY;
    }
    struct blob_store *store = blob_store_open(job->arena, config.data);
    t.hls = arena_printf(job->arena, "%.*s/hls", STR(config.data));
    t.source = store ? blob_local_path(store, job->arena, v.blob) : STR_NONE;
    if (!t.source.p) {
        job_explain(job, S("the source file is not in the blob store"));
        return JOB_RETRY;
    }
    struct made *made = made_of(job);
    switch (media_transcode(job->arena, &t, &result)) {
    case MEDIA_OK:
        *made = (struct made){ .good = true,
                               .duration_ms = result.duration_ms,
                               .width = result.width,
                               .height = result.height };
        return JOB_DONE;
    case MEDIA_BAD:
        made->reason = probe_sentence(result.reason);
        return JOB_DONE; /* a file that cannot be used is a result, said on the page; trying again would not help */
    case MEDIA_STOPPED: job_explain(job, S("stopped")); return JOB_RETRY;
    case MEDIA_FULL: job_explain(job, S("the disk is full")); return JOB_RETRY;
    case MEDIA_FAILED: job_explain(job, result.why); return JOB_RETRY;
    }
    return JOB_RETRY;
}

static bool publish(struct db *db, struct job *job)
{
    const struct made *made = made_of(job);
    int64_t id = json_integer_value(json_object_get(job->payload, "video"));
    struct tv_sql_video_by_slug v;
    if (!made->good) {
        tv_sql_fail(db, id, str_from(made->reason));
        return true;
    }
    if (!tv_sql_video(db, id, &v)) return true; /* withdrawn for good in the meantime */
    /* sample videos count as published when they say they were made */
    tv_sql_publish(db, id, made->duration_ms, made->width, made->height,
                   v.sample ? v.created_at : time_now());
    event_emit(db, "tv.published",
               json_pack("{s:I, s:s%}", "video", (json_int_t)id, "slug", v.slug.p, v.slug.n));
    return true;
}

const struct job_kind tv_jobs[] = {
    { .name = "tv.transcode", .run = transcode, .apply = publish, .max_attempts = 5, .lane = 1 },
    { 0 },
};
