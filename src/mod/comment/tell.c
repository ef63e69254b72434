/* Letters: of answers to who asked for them and may still see the video, each answer once; of what the team decided to who it
 * is about. */
#include "base/buf.h"
#include "base/id.h"
#include "base/origin.h"
#include "base/settings.h"
#include "base/time.h"
#include "comment_html.h"
#include "mod/comment/pages.h"

enum {
    GRACE_MS = MINUTE_MS, /* to correct an answer, or to take it back */
    TOLD_MOST = 50,
};

static unsigned char key[32];
static struct str public_url;

void comment_tell_start(struct settings *settings)
{
    static char origin[ORIGIN_MAX];
    public_url = origin_of(settings, origin);
    access_key("comment stop", key);
}

static enum lang lang_of(struct str code)
{
    enum lang lang;
    return lang_from_code(code, &lang) ? lang : LANG_FR;
}

/* --- the link that ends the letters ------------------------------------------------------------------------------------------ */

#define FORM struct comment_form
const struct param comment_stop_params[] = {
    PARAM(FORM, arret, PARAM_TEXT, .required = true, .max = 60), { 0 }
};
#undef FORM

static int64_t stopped(struct request *r)
{
    const struct comment_form *f = r->form;
    return access_person_of_code(r->arena, key, f->arret);
}

bool comment_stop_rule(struct request *r)
{
    if (stopped(r)) return true;
    http_fail(r, 403,
              R_(N_("This link is not complete. You can also choose on your page of comments.")));
    return false;
}

/* Programs that look at mail follow links: it ends at the press of a button. */
void comment_stop_get(struct request *r)
{
    const struct comment_form *f = r->form;
    comment_stop(http_page(r), f->arret, false);
}

void comment_stop_apply(struct request *r)
{
    const struct comment_form *f = r->form;
    struct comment_sql_choice choice;
    int64_t person_id = stopped(r);
    /* a link may be older than the account's end: then there is nothing to stop */
    if (comment_sql_choice(r->db, person_id, &choice))
        comment_sql_choose(r->db, person_id, 0, r->now);
    comment_stop(http_page(r), f->arret, true);
}

/* --- answers ------------------------------------------------------------------------------------------------------------------- */

void comment_tell_later(struct db *db, int64_t id, int64_t now)
{
    struct arena *a = db_arena(db);
    job_add(db, "comment.tell", id_lower(a, id), json_pack("{s:I}", "comment", (json_int_t)id),
            now + GRACE_MS);
}

static void write_answer(struct db *db, const struct comment_sql_to_tell *to,
                         const struct comment_sql_comment *c)
{
    struct arena *a = db_arena(db);
    enum lang lang = lang_of(to->lang);
    struct str stop = arena_printf(a, "%.*s/tv/reponses/arret/%.*s", STR(public_url),
                                   STR(access_person_code(a, key, to->id)));
    struct str page = arena_join(a, S("/tv/"), c->slug);
    struct str news = fmt_plain(
        a,
        lang_text(lang, N_("{0} has written in a thread of yours below “{1}”:\n\n{2}\n\nTo "
                           "read it there and to answer: {3}")),
        c->name.n ? c->name : S("–"), c->title, c->body,
        arena_join(a, public_url, comment_address(a, page, c->thread_id, c->id)));
    struct str body = fmt_plain(
        a,
        lang_text(lang, N_("Hello {0},\n\n{1}\n\nYou receive this letter because you asked to hear "
                           "of answers by mail.\nTo stop these letters: {2}\n\nThe eduLAB team")),
        to->name, news, stop);
    mail_queue_list(db, to->email,
                    fmt_plain(a, lang_text(lang, N_("An answer on eduLAB TV: {0}")), c->title),
                    body, stop);
}

static bool tell(struct db *db, struct job *job)
{
    struct comment_sql_comment c;
    struct comment_sql_video v;
    struct comment_sql_to_tell *people;
    int64_t id = job_number(job, "comment"), now = time_now();
    if (!comment_sql_comment(db, id, &c) || c.removed_at != DB_NULL || !str_is(c.state, "shown") ||
        !comment_sql_video(db, c.video_id, &v))
        return true; /* meanwhile taken back, or hidden */
    const struct tv_rule rule = tv_rule_of(&v);
    size_t n = comment_sql_to_tell(db, c.thread_id, c.person_id, TOLD_MOST, &people);
    for (size_t i = 0; i < n; i++) {
        struct tv_viewer who;
        tv_viewer_of(db, people[i].id, now, &who);
        if (tv_sight(db_arena(db), &rule, &who, false) == TV_SEEN) write_answer(db, &people[i], &c);
    }
    return true;
}

const struct job_kind comment_jobs[] = { { .name = "comment.tell", .apply = tell }, { 0 } };

/* --- decisions of the team ----------------------------------------------------------------------------------------------------------- */

void comment_tell_shown(struct db *db, const struct comment_sql_comment *c)
{
    struct arena *a = db_arena(db);
    enum lang lang = lang_of(c->lang);
    if (!c->email.n) return; /* the account is closed */
    /* the address of a private link is nothing for a letter */
    struct str page =
        str_is(c->audience, "link")
            ? S("/compte/commentaires")
            : comment_address(a, arena_join(a, S("/tv/"), c->slug), c->thread_id, c->id);
    struct str body = fmt_plain(
        a,
        lang_text(lang, N_("Hello {0},\n\nThe team has read your comment below “{1}”: it is on the "
                           "page now.\n\n{2}\n\nThank you!\n\nThe eduLAB team")),
        c->name, c->title, arena_join(a, public_url, page));
    mail_queue(db, c->email,
               fmt_plain(a, lang_text(lang, N_("Your comment on eduLAB TV: {0}")), c->title), body);
}

void comment_tell_hidden(struct db *db, const struct comment_sql_comment *c, struct str reason)
{
    struct arena *a = db_arena(db);
    enum lang lang = lang_of(c->lang);
    if (!c->email.n) return;
    struct str body = fmt_plain(
        a,
        lang_text(lang,
                  N_("Hello {0},\n\nThe team has taken your comment below “{1}” off the page, "
                     "for this reason:\n\n{2}\n\n"
                     "What you had written:\n\n{3}\n\nIf you see it otherwise, answer this "
                     "letter: somebody of the team reads it.\n\nThe eduLAB team")),
        c->name, c->title, reason, c->body);
    mail_queue(db, c->email,
               fmt_plain(a, lang_text(lang, N_("Your comment on eduLAB TV: {0}")), c->title), body);
}

void comment_tell_muted(struct db *db, const struct comment_sql_comment *c, struct str reason,
                        int64_t until)
{
    struct arena *a = db_arena(db);
    enum lang lang = lang_of(c->lang);
    struct page dates = { .arena = a, .lang = lang, .now = time_now() };
    if (!c->email.n) return;
    struct str how_long =
        until == DB_NULL
            ? lang_text(lang, N_("You can no longer comment on eduLAB TV."))
            : fmt_plain(a, lang_text(lang, N_("You cannot comment on eduLAB TV until {0}.")),
                        date_time(&dates, until));
    struct str body = fmt_plain(
        a,
        lang_text(lang, N_("Hello {0},\n\n{1} The reason:\n\n{2}\n\nYou can still watch and read "
                           "everything. If you see it otherwise, answer this letter: somebody of "
                           "the team reads it.\n\nThe eduLAB team")),
        c->name, how_long, reason);
    mail_queue(db, c->email, lang_text(lang, N_("Commenting on eduLAB TV")), body);
}
