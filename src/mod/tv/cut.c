/* Trimming a video: a beginning, an end, pieces to leave out. What is planned is looked at first, so that the page says what a copy
 * without encoding would move; the file itself stays, and comes back when asked. */
#include "access/audit.h"
#include "base/id.h"
#include "html_html.h"
#include "media/media.h"
#include "mod/tv/library.h"
#include "mod/tv/pieces.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

enum { OUT_MOST = 40 };

#define FORM struct tv_cut_form
const struct param tv_cut_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, debut, PARAM_TEXT, .max = 20),
    PARAM(FORM, fin, PARAM_TEXT, .max = 20),
    PARAM(FORM, sans, PARAM_LONG, .max = 2000),
    { 0 },
};
const struct param tv_cut_make_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, exact, PARAM_BOOL),
    { 0 },
};
#undef FORM

struct str tv_cut_key(struct arena *a, int64_t cut)
{
    return id_lower(a, cut);
}

size_t tv_cut_base(struct db *db, const struct tv_sql_video_by_slug *v, struct media_span **ret,
                   struct str *ret_blob)
{
    struct tv_sql_cut cut;
    bool is_cut = tv_sql_cut_of(db, v->id, v->edition, &cut);
    *ret_blob = is_cut ? cut.blob : v->blob;
    return pieces_read(db_arena(db), is_cut ? cut.kept : S(""), ret);
}

static struct tv_under_way work_of(struct db *db, const struct tv_sql_cut *cut)
{
    bool making = str_is(cut->state, "making");
    struct tv_under_way w =
        tv_under_way(db, making ? "tv.cut" : "tv.keys", tv_cut_key(db_arena(db), cut->id),
                     making || str_is(cut->state, "looking"));
    w.failed |= str_is(cut->state, "failed");
    return w;
}

static bool preparing(struct db *db, const struct tv_sql_video_by_slug *v)
{
    struct tv_sql_source last;
    return tv_sql_last_source(db, v->id, &last) && last.edition != v->edition &&
           str_is(last.state, "waiting");
}

/* --- showing ------------------------------------------------------------------------------------------------------------------------ */

/* Pieces of the file, as moments of what is watched now. */
static void to_watched(const struct media_span *base, size_t n, struct media_span *pieces,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t from, to;
        if (!pieces_from_file(base, n, pieces[i].from_ms, pieces[i].to_ms, 1, &from, &to)) continue;
        pieces[i] = (struct media_span){ from, to };
    }
}

/* False: no copy is possible, or it would cut nothing at all. */
static bool by_how_much(struct arena *a, const struct tv_sql_video_by_slug *v,
                        struct tv_cut_page *p)
{
    size_t n = pieces_read(a, p->open.nearest, &p->moved);
    if (n == 0 || n != p->piece_count || pieces_total(p->moved, n) >= v->duration_ms) return false;
    for (size_t i = 0; i < n; i++) {
        if (p->moved[i].from_ms < 0) return false;
        p->moved[i].from_ms -= p->wanted[i].from_ms;
        p->moved[i].to_ms -= p->wanted[i].to_ms;
    }
    return true;
}

void tv_cut_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct media_span *base;
    struct str blob;
    if (!tv_studio_find(r, &v)) return;
    struct tv_cut_page p = { .form = r->form, .work = { .progress = -1 } };
    size_t n = tv_cut_base(r->db, &v, &base, &blob);
    p.cut = n > 0;
    p.preparing = preparing(r->db, &v);
    if (tv_sql_open_cut(r->db, v.id, &p.open)) {
        p.work = work_of(r->db, &p.open);
        p.piece_count = pieces_read(r->arena, p.open.wanted, &p.wanted);
        p.copies = by_how_much(r->arena, &v, &p);
        to_watched(base, n, p.wanted, p.piece_count);
    } else p.open.id = 0;
    if (str_is(v.state, "ready")) {
        tv_open_to_edit(r, &v, false, &p.video);
    }
    tv_cut_edit(http_page(r), &v, &p);
}

void tv_cut_api(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_cut cut;
    struct tv_under_way w = { .progress = -1 };
    if (!tv_studio_find(r, &v)) return;
    if (tv_sql_open_cut(r->db, v.id, &cut)) w = work_of(r->db, &cut);
    tv_answer_under_way(r, w);
}

/* --- planning ----------------------------------------------------------------------------------------------------------------------- */

static void back(struct request *r, int64_t id, const char *notice)
{
    struct str at =
        arena_printf(r->arena, "/gestion/videos/%.*s/decoupe", STR(id_lower(r->arena, id)));
    http_redirect(r, at, notice);
}

/* "1:20-1:45", "1:20 – 1:45" */
static bool read_piece(struct str line, struct media_span *ret)
{
    static const char *const marks[] = { "-", "–", "—" };
    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t at = str_search(line, str_from(marks[i]));
        if (at == line.n) continue;
        struct str end = str_sub(line, at + strlen(marks[i]), line.n);
        return moment_read(str_trim(str_sub(line, 0, at)), &ret->from_ms) &&
               moment_read(str_trim(end), &ret->to_ms) && ret->to_ms > ret->from_ms;
    }
    return false;
}

static bool read_out(struct request *r, struct str text, struct media_span *out, size_t *ret_n)
{
    size_t n = 0;
    for (int line = 1; text.n; line++) {
        struct str one = str_trim(str_cut(&text, '\n'));
        if (!one.n) continue;
        if (n < OUT_MOST && read_piece(one, &out[n])) {
            n++;
            continue;
        }
        struct str why = n < OUT_MOST ? R_(N_("A beginning and an end are expected, as 1:20-1:45."))
                                      : R_(N_("There are more than 40 pieces."));
        http_invalid(
            r, "sans",
            fmt_plain(r->arena, R_(N_("Line {0}: {1}")), arena_printf(r->arena, "%d", line), why));
        return false;
    }
    *ret_n = n;
    return true;
}

/* What the form asks to keep of what is watched now. */
static size_t read_plan(struct request *r, const struct tv_cut_form *f, int64_t duration,
                        struct media_span **ret)
{
    struct media_span out[OUT_MOST];
    size_t n = 0;
    int64_t from = 0, to = duration;
    const char *wrong = N_("A time is expected here, such as 1:30.");
    if (f->debut.n && !moment_read(f->debut, &from)) http_invalid(r, "debut", R_(wrong));
    if (f->fin.n && !moment_read(f->fin, &to)) http_invalid(r, "fin", R_(wrong));
    if (to > duration) to = duration;
    if (r->error_count || !read_out(r, f->sans, out, &n)) return 0;
    size_t count = pieces_without(r->arena, from, to, out, n, ret);
    if (count == 0) http_invalid(r, "fin", R_(N_("Nothing would be left of the video.")));
    else if (pieces_total(*ret, count) >= duration)
        http_invalid(r, "debut",
                     R_(N_("Nothing would be cut: give a beginning, an end, or a piece "
                           "to leave out.")));
    return r->error_count ? 0 : count;
}

static bool may_cut(struct request *r, const struct tv_sql_video_by_slug *v)
{
    struct tv_sql_cut open;
    bool making = tv_sql_open_cut(r->db, v->id, &open) && str_is(open.state, "making") &&
                  work_of(r->db, &open).progress >= 0;
    if (str_is(v->state, "ready") && !making && !preparing(r->db, v)) return true;
    http_fail(r, 409, R_(N_("An edition of this video is being made: wait until it is there.")));
    return false;
}

void tv_cut_plan_apply(struct request *r)
{
    const struct tv_cut_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct media_span *pieces, *base, *wanted;
    struct str blob;
    if (!tv_studio_find(r, &v) || !may_cut(r, &v)) return;
    size_t n = read_plan(r, f, v.duration_ms, &pieces);
    if (n == 0) return;
    size_t base_n = tv_cut_base(r->db, &v, &base, &blob);
    n = pieces_within(r->arena, base, base_n, pieces, n, &wanted);
    int64_t id = id_new();
    tv_sql_drop_open_cuts(r->db, v.id);
    tv_sql_add_cut(r->db, id, v.id, v.edition, DB_NULL, blob, S("looking"),
                   pieces_text(r->arena, wanted, n));
    job_add(r->db, "tv.keys", tv_cut_key(r->arena, id), json_pack("{s:I}", "cut", (json_int_t)id),
            0);
    back(r, v.id, NULL);
}

/* --- doing it, and taking it back ----------------------------------------------------------------------------------------------------- */

void tv_cut_make_apply(struct request *r)
{
    const struct tv_cut_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_cut cut;
    struct media_span *spans;
    if (!tv_studio_find(r, &v) || !may_cut(r, &v)) return;
    bool planned = tv_sql_open_cut(r->db, v.id, &cut) && str_is(cut.state, "planned") &&
                   cut.base_edition == v.edition;
    struct str kept = planned && f->exact ? cut.wanted : planned ? cut.nearest : S("");
    size_t n = pieces_read(r->arena, kept, &spans);
    for (size_t i = 0; i < n; i++)
        planned &= spans[i].from_ms >= 0;
    if (!planned || n == 0) {
        http_fail(r, 409, R_(N_("This plan is no longer there: make it anew.")));
        return;
    }
    tv_sql_make_cut(r->db, cut.id, f->exact, kept);
    job_add(r->db, "tv.cut", tv_cut_key(r->arena, cut.id),
            json_pack("{s:I}", "cut", (json_int_t)cut.id), 0);
    audit_write(r, "video.cut", "video", v.id, NULL,
                json_pack("{s:s%, s:b}", "kept", kept.p, kept.n, "exact", (int)f->exact));
    back(r, v.id, "decoupe-lancee");
}

void tv_cut_drop_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    tv_sql_drop_open_cuts(r->db, v.id);
    back(r, v.id, "decoupe-abandonnee");
}

void tv_cut_undo_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_source last;
    struct media_span *base;
    struct str blob;
    if (!tv_studio_find(r, &v) || !may_cut(r, &v)) return;
    if (tv_cut_base(r->db, &v, &base, &blob) == 0) {
        http_fail(r, 409, R_(N_("This video is whole already.")));
        return;
    }
    tv_sql_drop_open_cuts(r->db, v.id);
    tv_replace(r->db, v.id, blob);
    tv_sql_last_source(r->db, v.id, &last);
    tv_sql_add_cut(r->db, id_new(), v.id, v.edition, last.edition, blob, S("made"), S(""));
    audit_write(r, "video.cut", "video", v.id, NULL, json_pack("{s:b}", "whole", 1));
    back(r, v.id, "decoupe-originale");
}
