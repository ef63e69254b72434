/* The team's side: what waits, what was reported, one comment with what can be done about it, and where one may comment. Each act
 * stands in the journal; nothing is deleted, so that it can be undone. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/comment/pages.h"
#include "comment_html.h"

#define FORM struct comment_queue_form
const struct param comment_queue_params[] = {
    PARAM(FORM, file, PARAM_SLUG, .max = 12),
    PARAM(FORM, q, PARAM_TEXT, .max = 120),
    PARAM(FORM, avant, PARAM_ID),
    { 0 },
};
#undef FORM
#define FORM struct comment_judge_form
#define BACK PARAM(FORM, retour, PARAM_TEXT, .max = 500)
const struct param comment_judge_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                 BACK,
                                                 { 0 } };
const struct param comment_keep_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             BACK,
                                             { 0 } };
const struct param comment_hide_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             BACK,
                                             PARAM(FORM, raison, PARAM_LONG, .required = true,
                                                   .min = 3, .max = LIMIT_REASON),
                                             { 0 } };
const struct param comment_mute_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             BACK,
                                             PARAM(FORM, raison, PARAM_LONG, .required = true,
                                                   .min = 3, .max = LIMIT_REASON),
                                             PARAM(FORM, jours, PARAM_INT, .min = 0, .max = 365),
                                             { 0 } };
const struct param comment_mode_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             BACK,
                                             PARAM(FORM, mode, PARAM_SLUG, .max = 10),
                                             { 0 } };
#undef FORM

int64_t comment_waiting(struct request *r)
{
    struct comment_sql_waiting w = { 0 };
    if (comment_is_team(r)) comment_sql_waiting(r->db, &w);
    return w.held + w.reported;
}

/* --- the queues ------------------------------------------------------------------------------------------------------------------ */

/* What LIKE takes for the typed text, folded. */
static struct str pattern(struct arena *a, struct str q)
{
    struct buf b = BUF_INIT(2 * KIB);
    struct str word = utf8_fold(a, q);
    buf_putc(&b, '%');
    for (size_t i = 0; i < word.n; i++) {
        if (strchr("%_\\", word.p[i])) buf_putc(&b, '\\');
        buf_putc(&b, word.p[i]);
    }
    if (word.n) buf_putc(&b, '%');
    struct str kept = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return kept;
}

struct str comment_queue_address(struct arena *a, const struct comment_queue *q, const char *file,
                                 int64_t before)
{
    struct buf b = BUF_INIT(LIMIT_PATH);
    struct page address = { .out = &b, .arena = a };
    buf_printf(&b, "/gestion/commentaires?file=%s", file);
    if (q->q.n) page_put_query(&address, "q", q->q);
    if (before) buf_printf(&b, "&avant=%.*s", STR(id_lower(a, before)));
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

void comment_queue_get(struct request *r)
{
    const struct comment_queue_form *f = r->form;
    struct comment_queue q = { .file = f->file, .q = f->q };
    struct str w = pattern(r->arena, f->q);
    int64_t before = f->avant ? f->avant : INT64_MAX, most = COMMENT_QUEUE + 1;
    comment_sql_waiting(r->db, &q.waiting);
    if (!q.file.n) q.file = q.waiting.held || !q.waiting.reported ? S("attente") : S("signales");
    if (str_is(q.file, "attente")) q.n = comment_sql_queue_held(r->db, w, before, most, &q.rows);
    else if (str_is(q.file, "signales"))
        q.n = comment_sql_queue_reported(r->db, w, before, most, &q.rows);
    else q.n = comment_sql_queue_all(r->db, str_is(q.file, "retires"), w, before, most, &q.rows);
    q.more = q.n > COMMENT_QUEUE;
    if (q.more) q.n = COMMENT_QUEUE;
    comment_queue(http_page(r), &q);
}

/* --- one comment ------------------------------------------------------------------------------------------------------------------ */

static bool find(struct request *r, struct comment_sql_comment *ret)
{
    const struct comment_judge_form *f = r->form;
    if (comment_sql_comment(r->db, f->id, ret) && ret->person_id != DB_NULL &&
        ret->removed_at == DB_NULL)
        return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void comment_case_get(struct request *r)
{
    struct comment_case c = { .form = r->form, .hiding = r->route->apply == comment_hide_apply };
    if (!find(r, &c.comment)) return;
    comment_sql_record(r->db, c.comment.person_id, r->now, &c.record);
    c.report_count = comment_sql_reports(r->db, c.comment.id, &c.reports);
    c.thread_count = comment_sql_thread(r->db, c.comment.video_id, c.comment.thread_id,
                                        r->who.person_id, 1, INT64_MAX, &c.thread);
    comment_case(http_page(r), &c);
}

static void back(struct request *r, int64_t id, const char *notice)
{
    const struct comment_judge_form *f = r->form;
    http_redirect(r,
                  f->retour.n ? f->retour
                              : arena_printf(r->arena, "/gestion/commentaires/%.*s",
                                             STR(id_lower(r->arena, id))),
                  notice);
}

static json_t *state_json(struct str state, struct str reason)
{
    json_t *o = json_pack("{s:s%}", "state", state.p, state.n);
    if (reason.n) json_object_set_new(o, "reason", json_stringn(reason.p, reason.n));
    return o;
}

void comment_keep_apply(struct request *r)
{
    struct comment_sql_comment c;
    if (!find(r, &c)) return;
    if (!str_is(c.state, "shown")) {
        comment_sql_judge(r->db, c.id, S("shown"), STR_NONE, r->who.person_id, r->now);
        comment_tell_shown(r->db, &c);
        if (c.thread_id != c.id) comment_tell_later(r->db, c.id, r->now);
    }
    comment_sql_close_reports(r->db, c.id, r->now);
    audit_write(r, "comment.kept", "comment", c.id, state_json(c.state, c.reason),
                state_json(S("shown"), STR_NONE));
    back(r, c.id, "commentaire-garde");
}

void comment_hide_apply(struct request *r)
{
    const struct comment_judge_form *f = r->form;
    struct comment_sql_comment c;
    if (!find(r, &c)) return;
    comment_sql_judge(r->db, c.id, S("hidden"), f->raison, r->who.person_id, r->now);
    comment_sql_close_reports(r->db, c.id, r->now);
    if (!str_is(c.state, "hidden")) comment_tell_hidden(r->db, &c, f->raison);
    audit_write(r, "comment.hidden", "comment", c.id, state_json(c.state, c.reason),
                state_json(S("hidden"), f->raison));
    back(r, c.id, "commentaire-retire");
}

void comment_mute_apply(struct request *r)
{
    const struct comment_judge_form *f = r->form;
    struct comment_sql_comment c;
    if (!find(r, &c)) return;
    if (c.person_id == r->who.person_id || c.team) {
        http_invalid(r, "raison", R_(N_("Those of the team are not silenced here.")));
        return;
    }
    int64_t until = f->jours ? r->now + f->jours * DAY_MS : DB_NULL;
    comment_sql_mute(r->db, c.person_id, f->raison, until, r->who.person_id, r->now);
    comment_tell_muted(r->db, &c, f->raison, until);
    audit_write(
        r, "comment.muted", "person", c.person_id, NULL,
        json_pack("{s:s%, s:I}", "reason", f->raison.p, f->raison.n, "days", (json_int_t)f->jours));
    back(r, c.id, "silence-pose");
}

void comment_unmute_apply(struct request *r)
{
    const struct comment_judge_form *f = r->form; /* the id is the person's */
    if (!comment_sql_unmute(r->db, f->id)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    audit_write(r, "comment.unmuted", "person", f->id, NULL, NULL);
    http_redirect(r, f->retour.n ? f->retour : S("/gestion/commentaires/reglages"),
                  "parole-rendue");
}

/* --- where one may comment -------------------------------------------------------------------------------------------------------- */

void comment_settings_get(struct request *r)
{
    struct comment_sql_channels *channels;
    struct comment_sql_set_videos *videos;
    struct comment_sql_muted *muted;
    size_t n = comment_sql_channels(r->db, &channels), m = comment_sql_set_videos(r->db, &videos),
           k = comment_sql_muted(r->db, r->now, &muted);
    comment_settings(http_page(r), channels, n, videos, m, muted, k);
}

static json_t *mode_json(struct str mode)
{
    return json_pack("{s:s%}", "mode", mode.n ? mode.p : "channel", mode.n ? mode.n : (size_t)7);
}

static void settled(struct request *r)
{
    const struct comment_judge_form *f = r->form;
    http_redirect(r, f->retour.n ? f->retour : S("/gestion/commentaires/reglages"),
                  "commentaires-regles");
}

void comment_channel_mode_apply(struct request *r)
{
    const struct comment_judge_form *f = r->form;
    struct comment_sql_channel_mode old;
    if (!comment_sql_channel_mode(r->db, f->id, &old) || !comment_mode_known(f->mode)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    comment_sql_set_channel(r->db, f->id, f->mode);
    audit_write(r, "comment.settings", "channel", f->id, mode_json(old.mode), mode_json(f->mode));
    settled(r);
}

/* Without a mode of its own it follows its channel. */
void comment_video_mode_apply(struct request *r)
{
    const struct comment_judge_form *f = r->form;
    struct comment_sql_video_mode old;
    if (!comment_sql_video_mode(r->db, f->id, &old) ||
        (f->mode.n && !comment_mode_known(f->mode))) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (f->mode.n) comment_sql_set_video(r->db, f->id, f->mode);
    else comment_sql_unset_video(r->db, f->id);
    audit_write(r, "comment.settings", "video", f->id, mode_json(old.mode), mode_json(f->mode));
    settled(r);
}
