/* One's own comments: written, corrected, taken back; and telling the team of somebody else's. Whoever may not watch a video gets the
 * answer of a video without comments: not found. */
#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "comment_html.h"
#include "mod/comment/pages.h"

enum { AT_ONCE = 5, REPORTS_AT_ONCE = 10 };
#define EVERY_MS MINUTE_MS

#define FORM struct comment_form
#define WRITTEN                                                                                    \
    PARAM(FORM, texte, PARAM_LONG, .required = true, .max = LIMIT_COMMENT,                         \
          .help = N_("In Markdown; a time such as 3:12 leads there.")),                            \
        PARAM(FORM, fil, PARAM_ID, .help = N_("The comment that it answers."))
#define PLACE                                                                                      \
    PARAM(FORM, prevenir, PARAM_BOOL), PARAM(FORM, liste, PARAM_TEXT, .max = 40),                  \
        PARAM(FORM, tri, PARAM_SLUG, .max = 10),                                                   \
        PARAM(FORM, page, PARAM_INT, .min = 1, .max = 10000)
#define LINK                                                                                       \
    PARAM(FORM, cle, PARAM_TEXT, .max = 40,                                                        \
          .help = N_("The last part of the private link, for a video that is seen by it."))
const struct param comment_write_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true), WRITTEN, PLACE, { 0 }
};
const struct param comment_link_write_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true), LINK, WRITTEN, PLACE, { 0 }
};
const struct param comment_api_write_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true), LINK, WRITTEN, { 0 }
};
const struct param comment_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                           LINK,
                                           { 0 } };
const struct param comment_text_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                             LINK,
                                             PARAM(FORM, texte, PARAM_LONG, .required = true,
                                                   .max = LIMIT_COMMENT),
                                             { 0 } };
const struct param comment_report_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                               LINK,
                                               PARAM(FORM, texte, PARAM_LONG, .required = true,
                                                     .min = 3, .max = LIMIT_REASON),
                                               { 0 } };
const struct param comment_choice_params[] = { PARAM(FORM, reponses, PARAM_BOOL), { 0 } };
#undef FORM

/* --- the way back --------------------------------------------------------------------------------------------------------------- */

/* To a comment on the page of its video: in its thread alone (`thread`), or among all as the form's page showed them. */
static void go_to(struct request *r, struct str href, const char *notice, int64_t thread,
                  const struct comment_form *f, int64_t id)
{
    struct buf b = BUF_INIT(LIMIT_PATH * 2);
    struct page address = { .out = &b, .arena = r->arena };
    buf_printf(&b, "%.*s?fait=%s", STR(href), notice);
    if (f->liste.n) {
        buf_lit(&b, "&liste=");
        page_put_url_part(&address, f->liste);
    }
    if (thread) {
        buf_printf(&b, "&fil=%.*s", STR(id_lower(r->arena, thread)));
    } else {
        if (str_is(f->tri, "anciens")) buf_lit(&b, "&tri=anciens");
        if (f->page > 1) buf_printf(&b, "&page=%lld", (long long)f->page);
    }
    buf_printf(&b, "#%.*s", STR(comment_anchor(r->arena, id)));
    http_redirect(r, arena_dup(r->arena, buf_view(&b)), NULL);
    buf_finish(&b);
}

static void show(struct request *r, struct comment_sheet *sheet)
{
    const struct comment_form *f = r->form;
    sheet->form = f;
    sheet->field = "texte";
    sheet->value = f->texte;
    sheet->key = f->cle;
    comment_sheet(http_page(r), sheet);
}

/* --- writing -------------------------------------------------------------------------------------------------------------------- */

void comment_write_prepare(struct request *r)
{
    if (slow_allow(S("comment"), id_lower(r->arena, r->who.person_id), AT_ONCE, EVERY_MS)) return;
    struct str message = R_(N_("That was a lot in a short time. Please wait a minute, then send it "
                               "again: your text is still here."));
    if (r->route->flags & ROUTE_API) http_fail(r, 429, message);
    else http_invalid(r, "texte", message);
}

static bool find_video(struct request *r, struct str slug, struct tv_video *ret)
{
    const struct comment_form *f = r->form;
    if (tv_find(r, slug, f->cle, ret) == TV_SEEN) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

/* May who asks write below this video now? Says why not beside the text. */
static bool may_write(struct request *r, const struct comment_sql_place *place)
{
    if (comment_is_muted(place))
        http_invalid(r, "texte",
                     fmt_plain(r->arena, R_(N_("You cannot comment at the moment: {0}")),
                               place->mute_reason));
    else if (str_is(place->mode, "closed"))
        http_invalid(r, "texte", R_(N_("Nobody can add a comment here any more.")));
    return http_ok(r);
}

static bool is_read_first(const struct request *r, const struct comment_sql_place *place)
{
    return str_is(place->mode, "held") && !comment_is_team(r) && !access_holds(r, "tv.upload");
}

/* The thread that is answered: one that this person sees, below this video, with room. */
static bool find_thread(struct request *r, int64_t video, int64_t *thread, int64_t *ret_answers)
{
    struct comment_sql_comment c;
    struct comment_sql_answers_of count = { 0 };
    bool there = comment_sql_comment(r->db, *thread, &c) && c.video_id == video &&
                 (c.id == c.thread_id || comment_sql_comment(r->db, c.thread_id, &c)) &&
                 c.removed_at == DB_NULL && str_is(c.state, "shown");
    if (!there) {
        http_invalid(r, "texte", R_(N_("The comment that you answer is no longer there.")));
        return false;
    }
    comment_sql_answers_of(r->db, c.id, &count);
    if (count.n >= LIMIT_COMMENT_ANSWERS) {
        http_invalid(r, "texte",
                     R_(N_("This thread is full. Please begin another one with a new comment.")));
        return false;
    }
    *thread = c.id;
    *ret_answers = count.n;
    return true;
}

/* Letters wait for a wish; a video that is seen by its link has none, because we do not know who still has the link. */
static void choose(struct request *r, const struct tv_video *v,
                   const struct comment_sql_place *place, bool wish)
{
    if (!str_is(v->audience, "link") && wish != (place->answers != 0))
        comment_sql_choose(r->db, r->who.person_id, wish, r->now);
}

struct written {
    struct tv_video video;
    struct comment_sql_place place;
    int64_t id, thread, answers;
    bool held;
};

static bool write_down(struct request *r, struct written *w)
{
    const struct comment_form *f = r->form;
    *w = (struct written){ .thread = f->fil };
    if (!find_video(r, f->slug, &w->video)) return false;
    comment_sql_place(r->db, w->video.id, r->who.person_id, 0, comment_undo_since(r), r->now,
                      &w->place);
    if (!f->texte.n) http_invalid(r, "texte", R_(N_("Please fill this in.")));
    if (!http_ok(r) || !may_write(r, &w->place)) return false;
    if (w->thread && !find_thread(r, w->video.id, &w->thread, &w->answers)) return false;
    w->id = id_new();
    w->held = is_read_first(r, &w->place);
    comment_sql_add(r->db, &(const struct comment_sql_add_in){
                               .id = w->id,
                               .video = w->video.id,
                               .thread = w->thread ? w->thread : w->id,
                               .person = r->who.person_id,
                               .team = access_holds(r, "tv.upload") || comment_is_team(r),
                               .body = f->texte,
                               .search = utf8_fold(r->arena, f->texte),
                               .state = w->held ? S("held") : S("shown"),
                               .now = r->now });
    if (w->thread && !w->held) comment_tell_later(r->db, w->id, r->now);
    return true;
}

int64_t comment_write(struct request *r)
{
    struct written w;
    return write_down(r, &w) ? w.id : 0;
}

void comment_write_apply(struct request *r)
{
    const struct comment_form *f = r->form;
    struct written w;
    if (!write_down(r, &w)) return;
    choose(r, &w.video, &w.place, f->prevenir);
    const struct comment_form first = { .liste = f->liste };
    bool beyond = w.answers >= COMMENT_ANSWERS;
    go_to(r, w.video.href, w.held ? "commentaire-attend" : "commentaire-publie",
          beyond ? w.thread : 0, w.thread ? f : &first, w.id);
}

/* What did not fit, on a page of its own with what was typed. */
void comment_write_form(struct request *r)
{
    const struct comment_form *f = r->form;
    struct tv_video v;
    if (!find_video(r, f->slug, &v)) return;
    struct comment_sheet sheet = {
        .title = f->fil ? N_("Answer") : N_("Write a comment"),
        .label = f->fil ? N_("Your answer") : N_("Your comment"),
        .button = f->fil ? N_("Send the answer") : N_("Send the comment"),
        .action = arena_join(r->arena, v.href, S("/commentaires")),
        .back = arena_join(r->arena, v.href, S("#commentaires")),
        .about = v.title,
        .max = LIMIT_COMMENT,
    };
    show(r, &sheet);
}

/* --- corrected, taken back -------------------------------------------------------------------------------------------------------- */

static bool find_own(struct request *r, struct comment_sql_comment *ret)
{
    const struct comment_form *f = r->form;
    if (comment_sql_comment(r->db, f->id, ret) && ret->person_id == r->who.person_id) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

static bool find_to_correct(struct request *r, struct comment_sql_comment *ret, struct tv_video *v)
{
    if (!find_own(r, ret)) return false;
    if (ret->removed_at == DB_NULL && !str_is(ret->state, "hidden"))
        return find_video(r, ret->slug, v);
    http_fail(r, 404, STR_NONE);
    return false;
}

static struct str act_address(struct request *r, int64_t id, const char *act)
{
    return arena_printf(r->arena, "/tv/commentaires/%.*s/%s", STR(id_lower(r->arena, id)), act);
}

void comment_correct_get(struct request *r)
{
    struct comment_form *f = r->form;
    struct comment_sql_comment c;
    struct tv_video v;
    if (!find_to_correct(r, &c, &v)) return;
    if (r->error_count == 0) f->texte = c.body; /* not a form that comes back */
    struct comment_sheet sheet = {
        .title = N_("Correct the comment"),
        .label = N_("Your comment"),
        .button = N_("Save"),
        .action = act_address(r, c.id, "corriger"),
        .back = comment_address(r->arena, v.href, c.thread_id, c.id),
        .about = v.title,
        .max = LIMIT_COMMENT,
    };
    show(r, &sheet);
}

void comment_correct_apply(struct request *r)
{
    const struct comment_form *f = r->form, none = { 0 };
    struct comment_sql_comment c;
    struct comment_sql_place place;
    struct tv_video v;
    if (!find_to_correct(r, &c, &v)) return;
    comment_sql_place(r->db, v.id, r->who.person_id, 0, comment_undo_since(r), r->now, &place);
    if (!f->texte.n) http_invalid(r, "texte", R_(N_("Please fill this in.")));
    if (!http_ok(r) || !may_write(r, &place)) return;
    /* what was let through is read again, otherwise the first version would open the door for any other */
    bool held = is_read_first(r, &place);
    if (!str_eq(f->texte, c.body))
        comment_sql_correct(r->db, c.id, f->texte, utf8_fold(r->arena, f->texte),
                            held ? S("held") : c.state, r->now);
    go_to(r, v.href, held ? "commentaire-attend" : "commentaire-corrige", c.thread_id, &none, c.id);
}

/* One's words can be taken back whatever one sees by now. */
static void put_away(struct request *r, bool away)
{
    const struct comment_form *f = r->form, none = { 0 };
    struct comment_sql_comment c;
    struct tv_video v;
    const char *notice = away ? "commentaire-repris" : "commentaire-retabli";
    if (!find_own(r, &c)) return;
    if (!away && (c.removed_at == DB_NULL || c.removed_at <= comment_undo_since(r))) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (away != (c.removed_at != DB_NULL))
        comment_sql_set_removed(r->db, c.id, away ? r->now : DB_NULL);
    if (tv_find(r, c.slug, f->cle, &v) == TV_SEEN)
        go_to(r, v.href, notice, c.thread_id, &none, c.id);
    else http_redirect(r, S("/compte/commentaires"), notice);
}

void comment_remove_apply(struct request *r)
{
    put_away(r, true);
}

void comment_restore_apply(struct request *r)
{
    put_away(r, false);
}

/* --- somebody else's ---------------------------------------------------------------------------------------------------------------- */

static bool find_to_report(struct request *r, struct comment_sql_comment *ret, struct tv_video *v)
{
    const struct comment_form *f = r->form;
    if (comment_sql_comment(r->db, f->id, ret) && ret->person_id != r->who.person_id &&
        ret->person_id != DB_NULL && ret->removed_at == DB_NULL && str_is(ret->state, "shown"))
        return find_video(r, ret->slug, v);
    http_fail(r, 404, STR_NONE);
    return false;
}

void comment_report_prepare(struct request *r)
{
    if (!slow_allow(S("report"), id_lower(r->arena, r->who.person_id), REPORTS_AT_ONCE, EVERY_MS))
        http_fail(r, 429, STR_NONE);
}

void comment_report_get(struct request *r)
{
    struct comment_sql_comment c;
    struct tv_video v;
    if (!find_to_report(r, &c, &v)) return;
    struct comment_sheet sheet = {
        .title = N_("Report a comment"),
        .label = N_("What is wrong with it?"),
        .button = N_("Tell the team"),
        .hint = R_(N_("Only the team reads this. Its author does not learn who told us.")),
        .action = act_address(r, c.id, "signaler"),
        .back = comment_address(r->arena, v.href, c.thread_id, c.id),
        .about = v.title,
        .quote = c.body,
        .max = LIMIT_REASON,
    };
    show(r, &sheet);
}

void comment_report_apply(struct request *r)
{
    const struct comment_form *f = r->form, none = { 0 };
    struct comment_sql_comment c;
    struct tv_video v;
    if (!find_to_report(r, &c, &v)) return;
    if (!f->texte.n) http_invalid(r, "texte", R_(N_("Please fill this in.")));
    if (!http_ok(r)) return;
    bool first = comment_sql_report(r->db, c.id, r->who.person_id, f->texte, r->now) > 0;
    go_to(r, v.href, first ? "commentaire-signale" : "deja-signale", c.thread_id, &none, c.id);
}

/* --- all of one's own --------------------------------------------------------------------------------------------------------------- */

void comment_own_get(struct request *r)
{
    struct comment_sql_own *rows;
    struct comment_sql_choice choice = { 0 };
    size_t n = comment_sql_own(r->db, r->who.person_id, COMMENT_OWN, &rows);
    comment_sql_choice(r->db, r->who.person_id, &choice);
    comment_own(http_page(r), rows, n, choice.answers, comment_undo_since(r));
}

void comment_choice_apply(struct request *r)
{
    const struct comment_form *f = r->form;
    comment_sql_choose(r->db, r->who.person_id, f->reponses, r->now);
    http_redirect(r, S("/compte/commentaires"), "reponses-choisies");
}
