/* The staff's side: what was brought in, how far it is, its name and description. */
#include "access/audit.h"
#include "base/id.h"
#include "mod/tv/pages.h"
#include "tv_html.h"

enum { STUDIO_ROWS = 200 };

#define FORM struct tv_edit_form
const struct param tv_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param tv_edit_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, title, PARAM_TEXT, .required = true, .min = 3, .max = 140),
    PARAM(FORM, description, PARAM_LONG, .max = 5000),
    PARAM(FORM, speaker, PARAM_TEXT, .max = 120),
    PARAM(FORM, licence, PARAM_TEXT, .required = true, .max = 20),
    PARAM(FORM, kind, PARAM_SLUG, .required = true, .max = 20),
    { 0 },
};
#undef FORM

/* Only the few that are not ready have a job to look at. */
static struct tv_row row_of(struct request *r, const struct tv_sql_video_by_slug *v)
{
    struct tv_row row = { .video = *v, .progress = -1 };
    struct work_row job;
    if (!str_is(v->state, "waiting") ||
        !work_find_key(r->db, "tv.transcode", id_lower(r->arena, v->id), &job))
        return row;
    row.progress = job.progress;
    row.error = job.error;
    if (job.state == JOB_BURIED) row.video.state = S("failed");
    else if (job.state == JOB_RUNNING) row.video.state = S("preparing");
    return row;
}

void tv_studio_get(struct request *r)
{
    struct tv_sql_video_by_slug *videos;
    size_t n = tv_sql_all_videos(r->db, STUDIO_ROWS, &videos);
    struct tv_row *rows = arena_array(r->arena, struct tv_row, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(r, &videos[i]);
    tv_studio(http_page(r), rows, n);
}

static bool find(struct request *r, struct tv_sql_video_by_slug *ret)
{
    const struct tv_edit_form *f = r->form;
    if (tv_sql_video(r->db, f->id, ret) && !str_is(ret->state, "withdrawn")) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void tv_edit_get(struct request *r)
{
    struct tv_edit_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!find(r, &v)) return;
    if (r->error_count == 0) { /* not a form that comes back */
        f->title = v.title;
        f->description = v.description;
        f->speaker = v.speaker;
        f->licence = v.licence;
        f->kind = v.kind;
    }
    struct tv_row row = row_of(r, &v);
    tv_edit(http_page(r), f, &row);
}

/* For the journal. */
static json_t *words_of(struct str title, struct str licence, struct str kind)
{
    return json_pack("{s:s%, s:s%, s:s%}", "title", title.p, title.n, "licence", licence.p,
                     licence.n, "kind", kind.p, kind.n);
}

void tv_edit_apply(struct request *r)
{
    const struct tv_edit_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!find(r, &v)) return;
    if (!str_is(f->kind, "tutorial") && !str_is(f->kind, "webinar")) {
        http_invalid(r, "kind", R_(N_("This choice is not one of ours.")));
        return;
    }
    audit_write(r, "video.described", "video", v.id, words_of(v.title, v.licence, v.kind),
                words_of(f->title, f->licence, f->kind));
    tv_sql_describe(r->db, v.id, f->title, f->description.p ? f->description : S(""),
                    f->speaker.p ? f->speaker : S(""), f->licence, f->kind);
    http_redirect(r, arena_printf(r->arena, "/gestion/videos/%.*s", STR(id_lower(r->arena, v.id))),
                  "video-notee");
}

void tv_retry_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!find(r, &v)) return;
    struct work_row job;
    bool known = work_find_key(r->db, "tv.transcode", id_lower(r->arena, v.id), &job);
    if (known && job.state == JOB_BURIED) work_retry(r->db, job.id);
    else if (str_is(v.state, "failed"))
        job_add(
            r->db, "tv.transcode",
            arena_printf(r->arena, "%.*s-%lld", STR(id_lower(r->arena, v.id)), (long long)r->now),
            json_pack("{s:I}", "video", (json_int_t)v.id), 0);
    tv_sql_set_state(r->db, v.id, S("waiting"));
    audit_write(r, "video.retried", "video", v.id, NULL, words_of(v.title, v.licence, v.kind));
    http_redirect(r, S("/gestion/videos"), "video-relancee");
}

void tv_withdraw_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!find(r, &v)) return;
    tv_sql_set_state(r->db, v.id, S("withdrawn"));
    audit_write(r, "video.withdrawn", "video", v.id, words_of(v.title, v.licence, v.kind), NULL);
    http_redirect(r, S("/gestion/videos"), "video-retiree");
}

void tv_progress_api(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!find(r, &v)) return;
    struct tv_row row = row_of(r, &v);
    bool over = str_is(row.video.state, "ready") || str_is(row.video.state, "failed");
    struct str reason = v.reason.p ? R_(arena_cstr(r->arena, v.reason)) : S("");
    http_json(r, 200,
              json_pack("{s:s%, s:i, s:b, s:s%}", "state", row.video.state.p, row.video.state.n,
                        "progress",
                        str_is(row.video.state, "ready") ? 1000
                        : row.progress < 0               ? 0
                                                         : row.progress,
                        "over", (int)over, "text", reason.p, reason.n));
}
