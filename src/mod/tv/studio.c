/* The staff's side: what was brought in, how far it is, its name and description. */
#include "access/audit.h"
#include "base/id.h"
#include "media/probe.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

enum { STUDIO_ROWS = 200 };

const struct param tv_progress_params[] = {
    PARAM(struct tv_progress_form, id, PARAM_ID, .required = true),
    PARAM(struct tv_progress_form, depuis, PARAM_SLUG, .max = 20),
    { 0 },
};
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

/* Where the file under way stands. */
static void fill(struct request *r, struct tv_row *row, const struct tv_sql_source *s)
{
    struct work_row job;
    row->reason = s->reason;
    bool failed = str_is(s->state, "failed");
    row->replaces = s->edition != row->video.edition;
    if (failed || s->done == 1000 || !tv_step_job(r->db, s, &job)) return;
    if (job.state == JOB_BURIED) {
        if (str_is(row->video.state, "waiting")) row->video.state = S("failed");
        row->reason = str_from(probe_sentence(PROBE_FAILED));
        return;
    }
    row->error = job.error;
    row->progress = (int)(s->done + s->next * job.progress / 1000);
    if (str_is(row->video.state, "waiting") && job.state == JOB_RUNNING)
        row->video.state = S("preparing");
}

static struct tv_row row_of(struct request *r, const struct tv_sql_video_by_slug *v)
{
    struct tv_row row = { .video = *v, .progress = -1, .reason = STR_NONE };
    struct tv_sql_source last;
    if (tv_sql_last_source(r->db, v->id, &last)) fill(r, &row, &last);
    return row;
}

/* Only the few that are being prepared have a job to look at. */
void tv_studio_get(struct request *r)
{
    struct tv_sql_video_by_slug *videos;
    struct tv_sql_source *under_way;
    size_t n = tv_sql_all_videos(r->db, STUDIO_ROWS, &videos);
    size_t m = tv_sql_sources_under_way(r->db, &under_way);
    struct tv_row *rows = arena_array(r->arena, struct tv_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct tv_row){ .video = videos[i], .progress = -1, .reason = videos[i].reason };
        for (size_t k = 0; k < m; k++)
            if (under_way[k].video_id == videos[i].id) fill(r, &rows[i], &under_way[k]);
    }
    tv_studio(http_page(r), rows, n);
}

/* Every form of this page begins with the id. */
bool tv_studio_find(struct request *r, struct tv_sql_video_by_slug *ret)
{
    const int64_t *id = r->form;
    if (tv_sql_video(r->db, *id, ret) && !str_is(ret->state, "withdrawn")) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

static void fill_edit(struct tv_edit_form *f, const struct tv_sql_video_by_slug *v)
{
    *f = (struct tv_edit_form){ .id = v->id,
                                .title = v->title,
                                .description = v->description,
                                .speaker = v->speaker,
                                .licence = v->licence,
                                .kind = v->kind };
}

/* typed: what one of the other two forms of the page held when it comes back; NULL */
static void show(struct request *r, const struct tv_sql_video_by_slug *v,
                 const struct tv_edit_form *form, const struct tv_visibility_form *typed,
                 const struct tv_tags_form *tags)
{
    struct tv_visibility seen;
    struct tv_tagging tagging;
    struct tv_row row = row_of(r, v);
    tv_visibility_of(r, v, &seen);
    if (typed) seen.form = typed;
    tv_tagging_of(r, v, tags, &tagging);
    tv_edit(http_page(r), form, &row, &seen, &tagging);
}

void tv_edit_get(struct request *r)
{
    struct tv_edit_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    if (r->error_count == 0) fill_edit(f, &v); /* not a form that comes back */
    show(r, &v, f, NULL, NULL);
}

void tv_visibility_get(struct request *r)
{
    struct tv_edit_form f;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    fill_edit(&f, &v);
    show(r, &v, &f, r->form, NULL);
}

void tv_tags_get(struct request *r)
{
    struct tv_edit_form f;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    fill_edit(&f, &v);
    show(r, &v, &f, NULL, r->form);
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
    if (!tv_studio_find(r, &v)) return;
    if (!str_is(f->kind, "tutorial") && !str_is(f->kind, "webinar")) {
        http_invalid(r, "kind", R_(N_("This choice is not one of ours.")));
        return;
    }
    audit_write(r, "video.described", "video", v.id, words_of(v.title, v.licence, v.kind),
                words_of(f->title, f->licence, f->kind));
    tv_sql_describe(r->db, v.id, f->title, f->description.p ? f->description : S(""),
                    f->speaker.p ? f->speaker : S(""), f->licence, f->kind);
    tv_settle(r->db, v.id);
    http_redirect(r, arena_printf(r->arena, "/gestion/videos/%.*s", STR(id_lower(r->arena, v.id))),
                  "video-notee");
}

void tv_open_to_edit(struct request *r, const struct tv_sql_video_by_slug *v, bool around,
                     struct tv_video *ret)
{
    tv_open(r, v, STR_NONE, true, ret);
    ret->resume_ms = 0;
    ret->apart = ret->uncounted = true;
    if (!around) ret->resource_count = ret->end_count = 0;
}

void tv_replace_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    struct tv_row row = row_of(r, &v);
    tv_file_edit(http_page(r), &v, &row);
}

void tv_retry_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    struct tv_sql_source last;
    if (tv_sql_last_source(r->db, v.id, &last)) tv_try_again(r->db, &last);
    if (!str_is(v.state, "ready")) tv_sql_set_state(r->db, v.id, S("waiting"));
    audit_write(r, "video.retried", "video", v.id, NULL, words_of(v.title, v.licence, v.kind));
    http_redirect(r, S("/gestion/videos"), "video-relancee");
}

void tv_withdraw_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    tv_sql_set_state(r->db, v.id, S("withdrawn"));
    tv_sql_turn(r->db, v.id, r->now);
    audit_write(r, "video.withdrawn", "video", v.id, words_of(v.title, v.licence, v.kind), NULL);
    http_redirect(r, S("/gestion/videos"), "video-retiree");
}

void tv_progress_api(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    const struct tv_progress_form *f = r->form;
    struct tv_row row = row_of(r, &v);
    bool ready = str_is(row.video.state, "ready"), failed = str_is(row.video.state, "failed");
    /* over: the page that asks shows something else now */
    bool over = failed || row.progress < 0 || (ready && str_is(f->depuis, "attente"));
    struct str reason = row.reason.p ? R_(arena_cstr(r->arena, row.reason)) : S("");
    http_json(r, 200,
              json_pack("{s:s%, s:i, s:b, s:s%}", "state", row.video.state.p, row.video.state.n,
                        "progress", row.progress < 0 ? (ready ? 1000 : 0) : row.progress, "over",
                        (int)over, "text", reason.p, reason.n));
}
