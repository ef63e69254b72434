/* Comments for programs: the same that the page of a video shows, to the same people. */
#include "base/id.h"
#include "mod/comment/pages.h"

#define FORM struct comment_api_form
const struct param comment_api_params[] = {
    PARAM(FORM, slug, PARAM_SLUG, .required = true),
    PARAM(FORM, cle, PARAM_TEXT, .max = 40,
          .help = N_("The last part of the private link, for a video that is seen by it.")),
    PARAM(FORM, cursor, PARAM_TEXT, .max = 60),
    { 0 },
};
#undef FORM

/* One comment; `text` and `author` are null when it is gone and only its answers are there. */
struct told {
    int64_t id, created_at, changed_at;
    struct str author, text, state, url;
    bool team;
    struct shape_list answers;
};
static const char *const states[] = { "shown", "held", "hidden", "gone", NULL };
#define ROW struct told
#define COMMON                                                                                     \
    SHAPE(ROW, id, SHAPE_ID), SHAPE(ROW, url, SHAPE_URL),                                          \
        SHAPE(ROW, author, SHAPE_TEXT, .nullable = true),                                          \
        SHAPE(ROW, team, SHAPE_BOOL, .help = N_("Written by one of the team.")),                   \
        SHAPE(ROW, text, SHAPE_TEXT, .nullable = true, .help = N_("Markdown.")),                   \
        SHAPE(ROW, state, SHAPE_TEXT, .one_of = states,                                            \
              .help = N_("\"held\" and \"hidden\" are seen by the author and the team only; of "   \
                         "what is \"gone\" the answers stay.")),                                   \
        SHAPE(ROW, created_at, SHAPE_TIME), SHAPE(ROW, changed_at, SHAPE_TIME, .nullable = true)
static const struct shape_field answer_fields[] = { COMMON, { 0 } };
static const struct shape answer_shape = { .name = "CommentAnswer",
                                           .help = N_("An answer to a comment."),
                                           .fields = answer_fields,
                                           .size = sizeof(ROW) };
static const struct shape_field thread_fields[] = {
    COMMON,
    SHAPE(ROW, answers, SHAPE_LIST, .of = &answer_shape, .help = N_("The oldest first.")),
    { 0 }
};
static const struct shape thread_shape = { .name = "Comment",
                                           .help = N_("A comment below a video, with its answers."),
                                           .fields = thread_fields,
                                           .size = sizeof(ROW) };
#undef ROW
const struct api comment_list_answer = { .group = N_("Videos"),
                                         .answer = &thread_shape,
                                         .page = true };
const struct api comment_write_answer = { .group = N_("Videos"),
                                          .answer = &answer_shape,
                                          .status = 201 };

static struct told told_of(struct request *r, struct str href, const comment_row *c)
{
    struct arena *a = r->arena;
    bool gone = c->removed_at != DB_NULL || c->person_id == DB_NULL;
    /* of these only the place is here, because somebody's answer is shown */
    bool unseen =
        !str_is(c->state, "shown") && c->person_id != r->who.person_id && !comment_is_team(r);
    return (struct told){ .id = c->id,
                          .created_at = c->created_at,
                          .changed_at = c->changed_at,
                          .author = gone || unseen ? STR_NONE : c->name,
                          .text = gone || unseen ? STR_NONE : c->body,
                          .state = gone || unseen ? S("gone") : c->state,
                          .team = c->team,
                          .url = arena_join(a, http_public_url(r),
                                            comment_address(a, href, c->thread_id, c->id)) };
}

bool comment_api_rule(struct request *r)
{
    const struct comment_api_form *f = r->form;
    struct tv_video *v = r->state = arena_new(r->arena, struct tv_video);
    enum tv_sight sight = tv_find(r, f->slug, f->cle, v);
    if (sight == TV_HIDDEN || sight == TV_NOT_THEIRS) http_fail(r, 404, STR_NONE);
    return sight == TV_SEEN;
}

void comment_api_get(struct request *r)
{
    const struct comment_api_form *f = r->form;
    const struct tv_video *v = r->state;
    int64_t before, unused;
    comment_row *rows;
    if (!cursor_parse(f->cursor, &before, &unused)) {
        http_fail(r, 400, R_(N_("This cursor is not one of ours.")));
        return;
    }
    size_t n = comment_sql_newest(
        r->db,
        &(const struct comment_sql_newest_in){ .video = v->id,
                                               .person = r->who.person_id,
                                               .team = comment_is_team(r),
                                               .undo = INT64_MAX, /* what was taken back is gone */
                                               .before = f->cursor.n ? before : INT64_MAX,
                                               .answers = LIMIT_COMMENT_ANSWERS,
                                               .most = COMMENT_PAGE },
        &rows);
    struct told *all = arena_array(r->arena, struct told, n + 1);
    struct told *threads = arena_array(r->arena, struct told, COMMENT_PAGE + 1);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        all[i] = told_of(r, v->href, &rows[i]);
        if (rows[i].id == rows[i].thread_id) {
            threads[count] = all[i];
            threads[count++].answers.items = &all[i + 1];
        } else {
            threads[count - 1].answers.n++;
        }
    }
    bool more = count == COMMENT_PAGE;
    http_answer_page(r, threads, count,
                     more ? cursor_text(r->arena, threads[count - 1].id, 0) : STR_NONE);
}

void comment_api_apply(struct request *r)
{
    const struct comment_form *f = r->form;
    comment_row *rows;
    struct tv_video v;
    struct comment_sql_comment c;
    int64_t id = comment_write(r);
    if (!id || !comment_sql_comment(r->db, id, &c) || tv_find(r, f->slug, f->cle, &v) != TV_SEEN)
        return;
    size_t n = comment_sql_thread(r->db, v.id, c.thread_id, r->who.person_id, comment_is_team(r),
                                  INT64_MAX, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == id) {
            struct told told = told_of(r, v.href, &rows[i]);
            http_answer(r, &told);
        }
}
