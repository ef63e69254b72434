/* Cutting: the jobs that look for key pictures and make the edition; and what stands at moments of the video, which moves with it. */
#include "base/id.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/webvtt.h"
#include "mod/tv/library.h"
#include "mod/tv/pieces.h"
#include "mod/tv/studio.h"

enum {
    CHAPTER_LEFT_MS = 1000, /* less of it is left: it is put aside */
    LINE_LEFT_MS = 300,
    RESOURCE_LEFT_MS = 1000,
};

/* --- the jobs ------------------------------------------------------------------------------------------------------------------------ */

/* What run hands to apply. */
struct cutting {
    struct tv_sql_cut cut; /* id 0: it is no longer asked for */
    struct media_span *spans;
    size_t n;
    struct str blob; /* of what was made */
    bool bad;
    struct transcode_result result;
};

static bool load(struct job *job, const char *state, struct cutting *c, struct transcode_job *t)
{
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    if (!tv_sql_cut(db, job_number(job, "cut"), &c->cut) || !str_is(c->cut.state, state))
        c->cut.id = 0;
    bool failed = db_failed(db);
    if (c->cut.id) {
        c->n = pieces_read(job->arena, c->cut.kept.n ? c->cut.kept : c->cut.wanted, &c->spans);
        c->cut.nearest = c->cut.kept = c->cut.wanted = STR_NONE; /* they end with the snapshot */
        t->source = blob_local_path(media_blobs(), job->arena, c->cut.blob);
        t->name = tv_folder_name(job->arena, c->cut.video_id, c->cut.base_edition);
    }
    db_read_end(db);
    t->hls = media_hls_folder();
    t->progress = tv_progress;
    t->context = job;
    return !failed;
}

static enum job_result ended(struct job *job, struct cutting *c, enum media_result result)
{
    c->bad = result == MEDIA_BAD;
    return tv_media_ended(job, result, c->result.why);
}

enum job_result tv_keys_run(struct job *job)
{
    struct cutting *c = job->state = arena_new(job->arena, struct cutting);
    struct transcode_job t = { 0 };
    if (!load(job, "looking", c, &t)) return JOB_RETRY;
    if (!c->cut.id) return JOB_DONE;
    struct media_span *nearest = arena_array(job->arena, struct media_span, MEDIA_SPANS_MOST);
    enum media_result result = media_cut_keys(job->arena, &t, c->spans, c->n, nearest, &c->result);
    c->spans = nearest;
    return ended(job, c, result);
}

bool tv_keys_found(struct db *db, struct job *job)
{
    const struct cutting *c = job->state;
    struct tv_sql_cut now;
    if (!c->cut.id || !tv_sql_cut(db, c->cut.id, &now) || !str_is(now.state, "looking"))
        return true;
    tv_sql_set_cut(db, now.id, c->bad ? S("failed") : S("planned"),
                   c->bad ? S("") : pieces_text(job->arena, c->spans, c->n));
    return true;
}

enum job_result tv_cut_run(struct job *job)
{
    struct cutting *c = job->state = arena_new(job->arena, struct cutting);
    struct transcode_job t = { 0 };
    if (!load(job, "making", c, &t)) return JOB_RETRY;
    if (!c->cut.id) return JOB_DONE;
    return ended(
        job, c, media_cut(job->arena, &t, c->spans, c->n, c->cut.exact != 0, &c->blob, &c->result));
}

/* The edition takes its way as any file does that takes another's place. */
bool tv_cut_made(struct db *db, struct job *job)
{
    const struct cutting *c = job->state;
    struct tv_sql_video_by_slug v;
    struct tv_sql_source last;
    struct tv_sql_cut now;
    if (!c->cut.id) return true;
    bool wanted = tv_sql_cut(db, c->cut.id, &now) && str_is(now.state, "making") &&
                  tv_sql_video(db, now.video_id, &v) && v.edition == now.base_edition;
    if (c->bad) {
        if (wanted) tv_sql_set_cut(db, now.id, S("failed"), S(""));
    } else if (!wanted) {
        media_let_go(db, c->blob); /* dropped meanwhile */
    } else {
        tv_replace(db, v.id, c->blob);
        tv_sql_last_source(db, v.id, &last);
        tv_sql_made_cut(db, now.id, last.edition);
    }
    return true;
}

/* --- what moves with it ------------------------------------------------------------------------------------------------------------- */

struct move {
    struct db *db;
    int64_t video;
    const struct media_span *from, *to; /* kept before, and now */
    size_t from_n, to_n;
    struct tv_sql_asides *asides;
    size_t aside_count;
};

/* Something that is said of a stretch of the file. */
struct said {
    int64_t from, to;
    struct str text;
};

static int by_from(const void *a, const void *b)
{
    int64_t x = ((const struct said *)a)->from, y = ((const struct said *)b)->from;
    return (x > y) - (x < y);
}

/* What was put aside in this language, then room for `more`. */
static struct said *asides_of(const struct move *m, struct str lang, size_t more, size_t *ret_n)
{
    struct said *rows = arena_array(db_arena(m->db), struct said, m->aside_count + more + 1);
    size_t n = 0;
    for (size_t i = 0; i < m->aside_count; i++)
        if (str_eq(m->asides[i].lang, lang))
            rows[n++] =
                (struct said){ m->asides[i].start_ms, m->asides[i].end_ms, m->asides[i].text };
    *ret_n = n;
    return rows;
}

/* The same, of which a part was cut off: the whole of it is among what was put aside. */
static bool is_rest(const struct said *asides, size_t n, int64_t from, int64_t to, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(asides[i].text, text) && from >= asides[i].from && to <= asides[i].to)
            return true;
    return false;
}

static void move_chapters(const struct move *m)
{
    struct tv_sql_chapters *rows;
    size_t count = tv_sql_chapters(m->db, m->video, &rows), asides, n;
    struct said *all = asides_of(m, S(""), count, &asides);
    n = asides;
    for (size_t i = 0; i < count; i++) {
        int64_t at = pieces_to_file(m->from, m->from_n, rows[i].start_ms, false);
        if (!is_rest(all, asides, at, at, rows[i].title))
            all[n++] = (struct said){ at, at, rows[i].title };
    }
    qsort(all, n, sizeof *all, by_from);
    tv_sql_drop_chapters(m->db, m->video);
    for (size_t i = 0; i < n; i++) {
        int64_t end = i + 1 < n ? all[i + 1].from : INT64_MAX / 2, from, to, at, until;
        bool kept = pieces_from_file(m->to, m->to_n, all[i].from, end, CHAPTER_LEFT_MS, &from, &to);
        /* its beginning is gone, the rest of it is there: it begins where that begins */
        bool whole = pieces_from_file(m->to, m->to_n, all[i].from, all[i].from + 1, 1, &at, &until);
        if (kept) tv_sql_add_chapter(m->db, m->video, from, all[i].text);
        if (!kept || !whole)
            tv_sql_add_aside(m->db, m->video, S(""), all[i].from, end, all[i].text);
    }
}

static void move_lines(const struct move *m, const struct tv_sql_texts *text)
{
    struct arena *a = db_arena(m->db);
    struct cue *cues;
    const char *problem;
    int line;
    size_t count, asides, n, left = 0;
    if (!webvtt_parse(a, text->vtt, &cues, &count, &problem, &line)) return;
    struct said *all = asides_of(m, text->lang, count, &asides);
    n = asides;
    for (size_t i = 0; i < count; i++) {
        int64_t from = pieces_to_file(m->from, m->from_n, cues[i].start_ms, false);
        int64_t to = pieces_to_file(m->from, m->from_n, cues[i].end_ms, true);
        if (!is_rest(all, asides, from, to, cues[i].text))
            all[n++] = (struct said){ from, to, cues[i].text };
    }
    qsort(all, n, sizeof *all, by_from);
    struct cue *moved = arena_array(a, struct cue, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct cue *c = &moved[left];
        bool kept = pieces_from_file(m->to, m->to_n, all[i].from, all[i].to, LINE_LEFT_MS,
                                     &c->start_ms, &c->end_ms);
        bool whole = kept && c->end_ms - c->start_ms == all[i].to - all[i].from;
        c->text = all[i].text;
        left += kept;
        if (!whole)
            tv_sql_add_aside(m->db, m->video, text->lang, all[i].from, all[i].to, all[i].text);
    }
    tv_sql_add_text(m->db, m->video, text->lang, text->label, webvtt_write(a, moved, left));
}

static void move_resources(const struct move *m)
{
    struct tv_sql_all_resources *rows;
    size_t n = tv_sql_all_resources(m->db, m->video, &rows);
    for (size_t i = 0; i < n; i++) {
        const struct tv_sql_all_resources *o = &rows[i];
        bool was_cut = o->aside_from != DB_NULL;
        int64_t from =
            was_cut ? o->aside_from : pieces_to_file(m->from, m->from_n, o->from_ms, false);
        int64_t to = was_cut ? o->aside_to : pieces_to_file(m->from, m->from_n, o->to_ms, true);
        int64_t at = 0, until = 0;
        bool kept = pieces_from_file(m->to, m->to_n, from, to, RESOURCE_LEFT_MS, &at, &until);
        bool whole = kept && until - at == to - from;
        tv_sql_move_resource(m->db, o->id, kept ? at : 0, kept ? until : 0, whole ? DB_NULL : from,
                             whole ? DB_NULL : to);
    }
}

/* Another file: what was put aside in moments of the one before means nothing in it. Resources come back, for somebody to look at. */
static void forget_file(struct db *db, int64_t video)
{
    struct tv_sql_all_resources *rows;
    size_t n = tv_sql_all_resources(db, video, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].aside_from != DB_NULL)
            tv_sql_move_resource(db, rows[i].id, rows[i].aside_from, rows[i].aside_to, DB_NULL,
                                 DB_NULL);
    tv_sql_drop_asides(db, video);
}

void tv_cut_live(struct db *db, const struct tv_sql_video_by_slug *v, int64_t edition)
{
    struct tv_sql_cut cut;
    struct tv_sql_texts *texts;
    struct tv_sql_scan scan;
    struct media_span *from, *to;
    struct str blob;
    if (!tv_sql_cut_of(db, v->id, edition, &cut)) {
        forget_file(db, v->id);
        return;
    }
    struct move m = { .db = db, .video = v->id };
    m.from_n = tv_cut_base(db, v, &from, &blob);
    m.from = from;
    m.to_n = pieces_read(db_arena(db), cut.kept, &to);
    m.to = to;
    tv_sql_drop_old_cuts(db, v->id, edition);
    if (!str_eq(blob, cut.blob)) { /* another file came in between */
        forget_file(db, v->id);
        return;
    }
    m.aside_count = tv_sql_asides(db, v->id, &m.asides);
    tv_sql_drop_asides(db, v->id);
    move_chapters(&m);
    size_t n = tv_sql_texts(db, v->id, &texts);
    for (size_t i = 0; i < n; i++)
        move_lines(&m, &texts[i]);
    move_resources(&m);
    if (v->poster_ms != DB_NULL) tv_sql_set_poster(db, v->id, DB_NULL);
    tv_sql_drop_proposals(db, v->id);
    if (tv_sql_scan(db, v->id, &scan))
        tv_sql_set_scan(db, v->id, edition, scan.turn + 1, S("over"));
    tv_texts_later(db, v->id, edition, 0);
}
