/* Which picture stands for a video: one of a few moments, any other moment, or a picture of one's own. */
#include <unistd.h>

#include "access/audit.h"
#include "base/id.h"
#include "html_html.h"
#include "media/blob.h"
#include "media/file.h"
#include "media/give.h"
#include "media/media.h"
#include "media/transcode.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

#define FORM struct tv_poster_form
const struct param tv_poster_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, choix, PARAM_INT, .min = 0, .max = MEDIA_CHOICES),
    PARAM(FORM, moment, PARAM_TEXT, .max = 20),
    PARAM(FORM, fichier, PARAM_FILE),
    { 0 },
};
#undef FORM

static struct str key_of(struct arena *a, int64_t video, int64_t turn)
{
    return arena_printf(a, "%.*s.%lld", STR(id_lower(a, video)), (long long)turn);
}

static struct tv_under_way work_of(struct db *db, int64_t video, struct tv_sql_poster *ret)
{
    bool chosen = tv_sql_poster(db, video, ret);
    if (!chosen) *ret = (struct tv_sql_poster){ 0 };
    return tv_under_way(db, "tv.poster", key_of(db_arena(db), video, ret->turn), chosen);
}

/* --- the page --------------------------------------------------------------------------------------------------------------------- */

/* They come with the last but one step of the preparation. */
static bool has_choices(struct arena *a, const struct tv_sql_video_by_slug *v)
{
    struct str folder = file_join(a, media_hls_folder(), tv_folder_name(a, v->id, v->edition));
    return access(file_join(a, folder, S("choice-5.webp")).p, F_OK) == 0;
}

void tv_poster_edit_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_poster row;
    if (!tv_studio_find(r, &v)) return;
    struct tv_poster_page p = { .form = r->form };
    p.work = work_of(r->db, v.id, &row);
    p.reason = row.reason;
    p.own = row.blob.p != NULL;
    p.at_ms = p.own || v.poster_ms == DB_NULL ? -1 : v.poster_ms;
    if (str_is(v.state, "ready") && v.width) {
        tv_open_to_edit(r, &v, false, &p.video);
        p.choices = has_choices(r->arena, &v);
    }
    tv_poster_edit(http_page(r), &v, &p);
}

void tv_poster_api(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_poster row;
    if (tv_studio_find(r, &v)) tv_answer_under_way(r, work_of(r->db, v.id, &row));
}

/* --- choosing --------------------------------------------------------------------------------------------------------------------- */

static void choose(struct db *db, int64_t video, struct str blob)
{
    struct tv_sql_poster old = { .turn = 0 };
    tv_sql_poster(db, video, &old);
    if (old.blob.p && !str_eq(old.blob, blob)) media_let_go(db, old.blob);
    tv_sql_set_poster_of(db, video, blob, old.turn + 1, STR_NONE);
    job_add(db, "tv.poster", key_of(db_arena(db), video, old.turn + 1),
            json_pack("{s:I, s:I}", "video", (json_int_t)video, "turn", (json_int_t)old.turn + 1),
            0);
}

void tv_poster_again(struct db *db, int64_t video)
{
    struct tv_sql_poster row;
    if (tv_sql_poster(db, video, &row) && row.blob.p) choose(db, video, row.blob);
}

/* On a worker: stores the picture, when one was chosen. */
void tv_poster_edit_prepare(struct request *r)
{
    const struct tv_poster_form *f = r->form;
    struct taken_file *file = r->state = arena_new(r->arena, struct taken_file);
    if (!f->fichier.data.n || !take_file(r, "fichier", &f->fichier, file)) return;
    if (!str_is(file->type, "image/png") && !str_is(file->type, "image/jpeg") &&
        !str_is(file->type, "image/webp"))
        http_invalid(r, "fichier", R_(N_("Choose a picture: PNG, JPEG or WebP.")));
}

/* -1: said beside the field */
static int64_t moment_of(struct request *r, const struct tv_poster_form *f, int64_t duration)
{
    int64_t at = -1;
    if (f->choix) return media_choice_at(duration, (int)f->choix);
    if (!f->moment.n) {
        http_invalid(r, "choix", R_(N_("Choose one of the pictures, a moment or a file.")));
    } else if (!moment_read(f->moment, &at)) {
        http_invalid(r, "moment", R_(N_("A time is expected here, such as 1:30.")));
        return -1;
    } else if (at >= duration) {
        http_invalid(r, "moment", R_(N_("This moment is after the end of the video.")));
        return -1;
    }
    return at;
}

void tv_poster_edit_apply(struct request *r)
{
    const struct tv_poster_form *f = r->form;
    const struct taken_file *file = r->state;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    if (!str_is(v.state, "ready") || !v.width) {
        http_fail(r, 409, R_(N_("This video has no picture yet: wait until it is ready.")));
        return;
    }
    int64_t at = file->blob.p ? DB_NULL : moment_of(r, f, v.duration_ms);
    if (r->error_count) return;
    tv_sql_set_poster(r->db, v.id, at);
    choose(r->db, v.id, file->blob);
    audit_write(r, "video.poster", "video", v.id, NULL,
                file->blob.p ? json_pack("{s:s%}", "file", file->name.p, file->name.n)
                             : json_pack("{s:I}", "at_ms", (json_int_t)at));
    http_redirect(
        r, arena_printf(r->arena, "/gestion/videos/%.*s/affiche", STR(id_lower(r->arena, v.id))),
        "affiche-choisie");
}

/* --- the job ---------------------------------------------------------------------------------------------------------------------- */

/* What run hands to apply. */
struct drawn {
    bool bad;
    struct transcode_result result;
};

/* False: the database cannot be read. No name: it is no longer what was chosen last. */
static bool load(struct job *job, struct transcode_job *t, struct str *ret_picture)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_source source;
    struct tv_sql_poster row;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    bool last = tv_sql_poster(db, job_number(job, "video"), &row) &&
                row.turn == job_number(job, "turn") &&
                tv_sql_video(db, job_number(job, "video"), &v) &&
                tv_sql_source(db, v.id, v.edition, &source);
    bool failed = db_failed(db);
    db_read_end(db);
    if (!last) return !failed;
    t->name = tv_folder_name(job->arena, v.id, v.edition);
    t->source = blob_local_path(media_blobs(), job->arena, source.blob);
    t->poster_ms = v.poster_ms == DB_NULL ? v.duration_ms / 10 : v.poster_ms;
    if (row.blob.p) *ret_picture = blob_local_path(media_blobs(), job->arena, row.blob);
    return true;
}

enum job_result tv_poster_run(struct job *job)
{
    struct drawn *d = job->state = arena_new(job->arena, struct drawn);
    struct transcode_job t = { .hls = media_hls_folder(), .progress = tv_progress, .context = job };
    struct str picture = STR_NONE;
    if (!load(job, &t, &picture)) return JOB_RETRY;
    if (!t.name.p) return JOB_DONE;
    enum media_result result = media_poster(job->arena, &t, picture, &d->result);
    d->bad = result == MEDIA_BAD;
    return tv_media_ended(job, result, d->result.why);
}

/* What could not be read is let go of, and the page says so; the poster stays the one before. */
bool tv_poster_drawn(struct db *db, struct job *job)
{
    const struct drawn *d = job->state;
    struct tv_sql_poster row;
    if (!d->bad || !tv_sql_poster(db, job_number(job, "video"), &row) ||
        row.turn != job_number(job, "turn"))
        return true;
    if (row.blob.p) media_let_go(db, row.blob);
    tv_sql_set_poster_of(db, row.video_id, STR_NONE, row.turn,
                         S(N_("This picture could not be read: the poster stays as it was.")));
    return true;
}
