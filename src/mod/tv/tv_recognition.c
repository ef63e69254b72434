/* Subtitles that a machine writes: asked for on the page, listened to by a job, marked as automatic until somebody has read them.
 * What a person wrote is never replaced. */
#include "access/audit.h"
#include "base/id.h"
#include "media/hls.h"
#include "media/media.h"
#include "media/recognition.h"
#include "mod/tv/library.h"

#define FORM struct tv_subtitles_form
const struct param tv_recognition_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                               PARAM(FORM, lang, PARAM_SLUG, .required = true,
                                                     .max = 8),
                                               { 0 } };
#undef FORM

/* In its own language, because players show it among the others. */
static const struct {
    const char *lang, *label;
} automatic[] = {
    { "fr", "Français (automatique)" },   { "en", "English (automatic)" },
    { "nl", "Nederlands (automatisch)" }, { "de", "Deutsch (automatisch)" },
    { "es", "Español (automático)" },     { "it", "Italiano (automatico)" },
};

static struct str label_of(struct str lang)
{
    for (size_t i = 0; i < COUNT(automatic); i++)
        if (str_is(lang, automatic[i].lang)) return str_from(automatic[i].label);
    return STR_NONE;
}

bool tv_is_automatic(const struct tv_sql_text *text)
{
    struct str label = label_of(text->lang);
    return label.p && str_eq(label, text->label);
}

static struct str key_of(struct arena *a, int64_t video_id, struct str lang, int64_t turn)
{
    return arena_printf(a, "%.*s.%.*s.%lld", STR(id_lower(a, video_id)), STR(lang),
                        (long long)turn);
}

/* --- asking ----------------------------------------------------------------------------------------------------------------- */

static bool under_way(struct db *db, int64_t video_id, struct str lang, int64_t turn,
                      struct work_row *ret)
{
    return work_find_key(db, "tv.recognise", key_of(db_arena(db), video_id, lang, turn), ret) &&
           (ret->state == JOB_WAITING || ret->state == JOB_RUNNING);
}

void tv_recognition_apply(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_text text;
    struct tv_sql_recognition asked = { 0 };
    struct work_row job;
    if (!tv_studio_find(r, &v)) return;
    if (!recognition_is_set() || !str_is(v.state, "ready") || !label_of(f->lang).p) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (tv_sql_text(r->db, v.id, f->lang, &text) && !tv_is_automatic(&text)) {
        http_fail(r, 409,
                  R_(N_("Somebody wrote subtitles in this language: remove them first if a machine "
                        "shall write them.")));
        return;
    }
    bool runs = tv_sql_recognition(r->db, v.id, f->lang, &asked) &&
                under_way(r->db, v.id, f->lang, asked.turn, &job);
    if (!runs) {
        tv_sql_ask_recognition(r->db, v.id, f->lang, r->who.person_id);
        job_add(r->db, "tv.recognise", key_of(r->arena, v.id, f->lang, asked.turn + 1),
                json_pack("{s:I, s:s%, s:I}", "video", (json_int_t)v.id, "lang", f->lang.p,
                          f->lang.n, "edition", (json_int_t)v.edition),
                0);
        audit_write(r, "video.recognition", "video", v.id, NULL,
                    json_pack("{s:s%}", "lang", f->lang.p, f->lang.n));
    }
    http_redirect(
        r,
        arena_printf(r->arena, "/gestion/videos/%.*s/sous-titres", STR(id_lower(r->arena, v.id))),
        "machine-ecoute");
}

size_t tv_recognitions(struct request *r, int64_t video_id, struct tv_recognition **ret)
{
    struct tv_sql_recognitions *rows;
    struct work_row job;
    size_t n = tv_sql_recognitions(r->db, video_id, &rows), kept = 0;
    *ret = arena_array(r->arena, struct tv_recognition, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct tv_recognition one = { .lang = rows[i].lang, .progress = -1 };
        hls_language(one.lang, &one.label);
        struct str key = key_of(r->arena, video_id, rows[i].lang, rows[i].turn);
        bool known = work_find_key(r->db, "tv.recognise", key, &job);
        if (rows[i].reason.p) one.reason = rows[i].reason;
        else if (known && job.state == JOB_BURIED)
            one.reason = S(N_("The machine did not answer. Please try again later."));
        else if (known && job.state != JOB_ENDED) one.progress = job.progress;
        if (one.reason.p || one.progress >= 0) (*ret)[kept++] = one;
    }
    return kept;
}

void tv_recognition_api(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_recognition *rows, found = { .progress = -1 };
    if (!tv_studio_find(r, &v)) return;
    size_t n = tv_recognitions(r, v.id, &rows);
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].lang, f->lang)) found = rows[i];
    struct str text = found.reason.p ? R_(arena_cstr(r->arena, found.reason)) : S("");
    http_json(r, 200,
              json_pack("{s:s, s:i, s:b, s:s%}", "state",
                        found.progress >= 0 ? "running"
                        : found.reason.p    ? "failed"
                                            : "done",
                        "progress", found.progress < 0 ? 1000 : found.progress, "over",
                        found.progress < 0, "text", text.p, text.n));
}

/* --- the job ---------------------------------------------------------------------------------------------------------------- */

struct heard {
    struct str vtt, reason; /* reason: a msgid, when it came to nothing */
};

static struct str lang_of(const struct job *job)
{
    return str_from(json_string_value(json_object_get(job->payload, "lang")));
}

static bool load(struct job *job, struct transcode_job *t, struct transcode_result *result)
{
    struct tv_sql_video_by_slug v;
    struct db *db = db_read_begin(job->database, job->arena);
    bool found = db && tv_sql_video(db, job_number(job, "video"), &v) &&
                 v.edition == job_number(job, "edition") && str_is(v.state, "ready");
    if (found) {
        t->name = tv_folder_name(job->arena, v.id, v.edition);
        result->duration_ms = v.duration_ms;
    }
    if (db) db_read_end(db);
    return found;
}

enum job_result tv_recognise_run(struct job *job)
{
    struct heard *h = job->state = arena_new(job->arena, struct heard);
    struct transcode_result result = { 0 };
    struct transcode_job t = { .hls = media_hls_folder(), .progress = tv_progress, .context = job };
    if (!load(job, &t, &result)) return JOB_DONE; /* gone, or another file by now */
    enum media_result ended = media_recognise(job->arena, &t, lang_of(job), &h->vtt, &result);
    if (ended == MEDIA_BAD) h->reason = result.why;
    return tv_media_ended(job, ended, result.why);
}

bool tv_recognise_apply(struct db *db, struct job *job)
{
    const struct heard *h = job->state;
    struct tv_sql_video_by_slug v;
    struct tv_sql_text text;
    struct str lang = lang_of(job);
    if (!tv_sql_video(db, job_number(job, "video"), &v)) return true;
    if (h->reason.p) tv_sql_end_recognition(db, v.id, lang, h->reason);
    if (!h->vtt.p || (tv_sql_text(db, v.id, lang, &text) && !tv_is_automatic(&text))) return true;
    tv_sql_add_text(db, v.id, lang, label_of(lang), h->vtt);
    tv_settle(db, v.id);
    tv_texts_later(db, v.id, v.edition, 0);
    return true;
}
