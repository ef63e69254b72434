/* What one wrote is one's own: shown, taken along, erased. Where others answered, an empty place stays, without a name. */
#include "mod/comment/pages.h"

#define ROW struct comment_sql_held_comments
static const struct privacy_column comment_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(TEXT, ROW, body, N_("Comment")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TEXT, ROW, reason, N_("Why it was hidden")),
    PRIVACY(TIME, ROW, created_at, N_("Written on")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    PRIVACY(TIME, ROW, removed_at, N_("Taken back on")),
    { 0 },
};
#undef ROW
#define ROW struct comment_sql_held_reports
static const struct privacy_column report_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, reported_at, N_("Written on")),
    { 0 },
};
#undef ROW
#define ROW struct comment_sql_held_mutes
static const struct privacy_column mute_columns[] = {
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, muted_at, N_("Since")),
    PRIVACY(TIME, ROW, until_at, N_("Until")),
    { 0 },
};
#undef ROW
#define ROW struct comment_sql_held_choices
static const struct privacy_column choice_columns[] = {
    PRIVACY(YES, ROW, answers, N_("Letters about answers")),
    PRIVACY(TIME, ROW, chosen_at, N_("Chosen on")),
    { 0 },
};
#undef ROW
#define ROW struct comment_sql_held_judged
static const struct privacy_column judged_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TIME, ROW, judged_at, N_("Decided on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(comments, comment_sql_held_comments)
PRIVACY_ROWS(reports, comment_sql_held_reports)
PRIVACY_ROWS(mutes, comment_sql_held_mutes)
PRIVACY_ROWS(choices, comment_sql_held_choices)
PRIVACY_ROWS(judged, comment_sql_held_judged)

static const struct privacy_section sections[] = {
    { "comments", N_("What you wrote below videos"), comment_columns,
      sizeof(struct comment_sql_held_comments), comments,
      N_("Where others answered you, an empty place stays, without your name and your words.") },
    { "reports", N_("Comments you told the team of"), report_columns,
      sizeof(struct comment_sql_held_reports), reports, NULL },
    { "silence", N_("That you could not comment"), mute_columns,
      sizeof(struct comment_sql_held_mutes), mutes, NULL },
    { "letters", N_("Letters about answers"), choice_columns,
      sizeof(struct comment_sql_held_choices), choices, NULL },
    { "decisions", N_("Comments of others you decided about"), judged_columns,
      sizeof(struct comment_sql_held_judged), judged,
      N_("The decision stays, without your name: others rely on it.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    comment_sql_forget_alone(db, person_id); /* their answers, and what nobody answered … */
    comment_sql_forget_alone(db, person_id); /* … and what only they themselves had answered */
    comment_sql_forget_words(db, person_id, now);
    comment_sql_forget_reports(db, person_id);
    comment_sql_forget_mute(db, person_id);
    comment_sql_forget_muter(db, person_id);
    comment_sql_forget_choice(db, person_id);
    comment_sql_forget_judge(db, person_id);
}

#define COUNTS(fn, statement)                                                                      \
    static int64_t fn(struct db *db, int64_t before)                                               \
    {                                                                                              \
        struct statement row = { 0 };                                                              \
        statement(db, before, &row);                                                               \
        return row.n;                                                                              \
    }
COUNTS(count_removed, comment_sql_count_removed)
COUNTS(count_hidden, comment_sql_count_hidden)
COUNTS(count_reports, comment_sql_count_reports)
COUNTS(count_mutes, comment_sql_count_mutes)

static int64_t drop_removed(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    int64_t n = comment_sql_drop_removed(db, before);
    return n + comment_sql_empty_removed(db, before);
}

static int64_t drop_hidden(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    int64_t n = comment_sql_drop_hidden(db, before);
    return n + comment_sql_empty_hidden(db, before);
}

static int64_t drop_reports(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return comment_sql_drop_reports(db, before);
}

static int64_t drop_mutes(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return comment_sql_drop_mutes(db, before);
}

static const struct retention_rule retention[] = {
    { "comment.removed", N_("Comments that were taken back"),
      N_("To bring a comment back that was taken back by mistake"), N_("Contract"), N_("Deleted"),
      1, count_removed, drop_removed },
    { "comment.hidden", N_("Comments that the team hid"),
      N_("To answer who sees the decision otherwise"), N_("Legitimate interest"), N_("Deleted"),
      365, count_hidden, drop_hidden },
    { "comment.reports", N_("What people told the team about comments"),
      N_("To answer who sees the decision otherwise"), N_("Legitimate interest"), N_("Deleted"),
      365, count_reports, drop_reports },
    { "comment.silence", N_("That somebody could not comment for a while"),
      N_("To see when somebody does it again"), N_("Legitimate interest"), N_("Deleted"), 365,
      count_mutes, drop_mutes },
    { 0 },
};

static const char *const columns[] = { "video_comment.person_id",
                                       "video_comment.judged_by",
                                       "comment_report.person_id",
                                       "comment_mute.person_id",
                                       "comment_mute.muted_by",
                                       "comment_choice.person_id",
                                       NULL };

const struct privacy_source comment_privacy[] = {
    { .name = "comment",
      .label = N_("Comments"),
      .correct = "/compte/commentaires",
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
