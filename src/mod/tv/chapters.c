/* Chapters: typed as lines, or as rows beside the video; and those proposed from where the picture changes. */
#include "access/audit.h"
#include "base/id.h"
#include "html_html.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

#define FORM struct tv_chapters_form
const struct param tv_chapters_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, texte, PARAM_LONG, .max = 40000),
    PARAM(FORM, avant, PARAM_TEXT, .max = 40),
    { 0 },
};
const struct param tv_proposals_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, garder, PARAM_LIST),
    { 0 },
};
#undef FORM

/* --- what is there --------------------------------------------------------------------------------------------------------- */

static size_t load(struct db *db, int64_t video, struct chapter **ret)
{
    struct tv_sql_chapters *rows;
    size_t n = tv_sql_chapters(db, video, &rows);
    *ret = arena_array(db_arena(db), struct chapter, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct chapter){ rows[i].start_ms, rows[i].title };
    return n;
}

static struct str load_text(struct db *db, int64_t video)
{
    struct chapter *rows;
    size_t n = load(db, video, &rows);
    return chapters_text(db_arena(db), rows, n);
}

struct tv_under_way tv_under_way(struct db *db, const char *kind, struct str key, bool running)
{
    struct tv_under_way w = { .progress = -1 };
    struct work_row job;
    if (!running || !work_find_key(db, kind, key, &job) || job.state == JOB_ENDED) return w;
    w.failed = job.state == JOB_BURIED;
    if (!w.failed) w.progress = job.progress;
    return w;
}

void tv_answer_under_way(struct request *r, struct tv_under_way w)
{
    http_json(r, 200,
              json_pack("{s:i, s:b, s:s}", "progress", w.progress < 0 ? 1000 : w.progress, "over",
                        (int)(w.progress < 0), "text", ""));
}

static struct tv_under_way scan_of(struct db *db, int64_t video, struct tv_sql_scan *scan)
{
    if (!tv_sql_scan(db, video, scan)) *scan = (struct tv_sql_scan){ .state = S("") };
    struct tv_under_way w =
        tv_under_way(db, "tv.changes", tv_scan_key(db_arena(db), video, scan->turn),
                     str_is(scan->state, "running"));
    w.failed |= str_is(scan->state, "failed");
    return w;
}

void tv_chapters_edit_get(struct request *r)
{
    const struct tv_chapters_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_scan scan;
    if (!tv_studio_find(r, &v)) return;
    bool again = r->error_count > 0; /* what was typed, and the print of what it began from */
    struct str text = load_text(r->db, v.id);
    struct tv_chapters_page p = { .text = again ? f->texte : text,
                                  .before = again ? f->avant : moment_print(r->arena, text),
                                  .scan = scan_of(r->db, v.id, &scan) };
    p.searched = str_is(scan.state, "done");
    p.proposal_count = tv_sql_proposals(r->db, v.id, &p.proposals);
    if (str_is(v.state, "ready")) {
        tv_open_to_edit(r, &v, false, &p.video);
    }
    tv_chapters_edit(http_page(r), &v, &p);
}

/* --- changing ---------------------------------------------------------------------------------------------------------------- */

static void back(struct request *r, int64_t id, const char *notice)
{
    struct str at =
        arena_printf(r->arena, "/gestion/videos/%.*s/chapitres", STR(id_lower(r->arena, id)));
    http_redirect(r, at, notice);
}

static void store(struct request *r, int64_t video, const struct chapter *rows, size_t n,
                  size_t before)
{
    tv_sql_drop_chapters(r->db, video);
    for (size_t i = 0; i < n; i++) {
        tv_sql_add_chapter(r->db, video, rows[i].start_ms, rows[i].title);
        tv_sql_drop_proposal(r->db, video, rows[i].start_ms);
    }
    tv_settle(r->db, video);
    audit_write(r, "video.chapters", "video", video,
                json_pack("{s:I}", "count", (json_int_t)before),
                json_pack("{s:I}", "count", (json_int_t)n));
}

void tv_chapters_save_apply(struct request *r)
{
    const struct tv_chapters_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct chapter *rows, *old;
    const char *problem;
    size_t n;
    int line;
    if (!tv_studio_find(r, &v)) return;
    size_t before = load(r->db, v.id, &old);
    if (!str_eq(f->avant, moment_print(r->arena, chapters_text(r->arena, old, before)))) {
        http_invalid(r, "texte",
                     R_(N_("Somebody saved these chapters meanwhile. Keep a copy of yours, then "
                           "load the page again.")));
        return;
    }
    if (!chapters_read(r->arena, f->texte, v.duration_ms, &rows, &n, &problem, &line)) {
        struct str why = R_(problem);
        http_invalid(
            r, "texte",
            fmt_plain(r->arena, R_(N_("Line {0}: {1}")), arena_printf(r->arena, "%d", line), why));
        return;
    }
    store(r, v.id, rows, n, before);
    back(r, v.id, n ? "chapitres-notes" : "chapitres-retires");
}

/* --- proposals ------------------------------------------------------------------------------------------------------------------ */

void tv_scan_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_scan scan;
    if (!tv_studio_find(r, &v)) return;
    if (!str_is(v.state, "ready") || !v.width) {
        http_fail(r, 409, R_(N_("There is no picture to look at yet.")));
        return;
    }
    if (scan_of(r->db, v.id, &scan).progress < 0) {
        tv_sql_drop_proposals(r->db, v.id);
        tv_sql_set_scan(r->db, v.id, v.edition, scan.turn + 1, S("running"));
        job_add(r->db, "tv.changes", tv_scan_key(r->arena, v.id, scan.turn + 1),
                json_pack("{s:I, s:I, s:I}", "video", (json_int_t)v.id, "edition",
                          (json_int_t)v.edition, "turn", (json_int_t)scan.turn + 1),
                0);
    }
    back(r, v.id, NULL);
}

static void answered(struct request *r, int64_t video)
{
    struct tv_sql_scan scan;
    tv_sql_drop_proposals(r->db, video);
    if (tv_sql_scan(r->db, video, &scan))
        tv_sql_set_scan(r->db, video, scan.edition, scan.turn, S("over"));
}

void tv_proposals_drop_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    answered(r, v.id);
    back(r, v.id, "propositions-ecartees");
}

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const struct chapter *)a)->start_ms, y = ((const struct chapter *)b)->start_ms;
    return (x > y) - (x < y);
}

static bool near(const struct chapter *rows, size_t n, int64_t at)
{
    for (size_t i = 0; i < n; i++)
        if (llabs(rows[i].start_ms - at) < CHAPTER_LEAST_MS) return true;
    return false;
}

/* Those that were chosen among the proposed ones join the chapters; what is there stays as it is. */
void tv_proposals_apply(struct request *r)
{
    const struct tv_chapters_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_proposals *proposals;
    struct chapter *old;
    if (!tv_studio_find(r, &v)) return;
    size_t before = load(r->db, v.id, &old), n = 0;
    size_t m = tv_sql_proposals(r->db, v.id, &proposals);
    struct chapter *rows = arena_array(r->arena, struct chapter, before + m + 1);
    for (; n < before; n++)
        rows[n] = old[n];
    for (size_t i = 0; i < m && n < CHAPTERS_MOST - 1; i++) {
        int64_t at = proposals[i].start_ms;
        if (str_list_has(&f->garder, arena_printf(r->arena, "%lld", (long long)at)) &&
            !near(rows, n, at))
            rows[n++] = (struct chapter){ at, STR_NONE };
    }
    if (n == before) {
        http_invalid(r, "garder", R_(N_("Choose at least one of them, or put them all aside.")));
        return;
    }
    if (!near(rows, n, 0)) rows[n++] = (struct chapter){ 0, STR_NONE };
    qsort(rows, n, sizeof *rows, by_start);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].title.p)
            rows[i].title = fmt_plain(r->arena, lang_text(LANG_FR, N_("Part {0}")),
                                      arena_printf(r->arena, "%zu", i + 1));
    store(r, v.id, rows, n, before);
    answered(r, v.id);
    back(r, v.id, "propositions-gardees");
}

void tv_scan_api(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_scan scan;
    if (tv_studio_find(r, &v)) tv_answer_under_way(r, scan_of(r->db, v.id, &scan));
}
