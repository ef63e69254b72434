/* Trainings: what a person sees of theirs, what stays for the funder when they leave, how long. */
#include "mod/learning/dates.h"
#include "mod/learning/enrolment.h"

#define ROW struct learning_sql_held_enrolments
static const struct privacy_column enrolment_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TEXT, ROW, label, N_("Group")),
    PRIVACY(TIME, ROW, starts_at, N_("Begins on")),
    PRIVACY(TIME, ROW, created_at, N_("Enrolled on")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_dates
static const struct privacy_column date_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),        PRIVACY(TEXT, ROW, label, N_("Date")),
    PRIVACY(TIME, ROW, starts_at, N_("Begins on")),   PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")), { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_answers
static const struct privacy_column answer_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(TEXT, ROW, label, N_("Question")),
    PRIVACY(TEXT, ROW, text, N_("Answer")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_steps
static const struct privacy_column step_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, at, N_("Changed on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_decisions
static const struct privacy_column decision_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, at, N_("Changed on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_completions
static const struct privacy_column completion_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Activity")),
    PRIVACY(TEXT, ROW, module_title, N_("Module")),
    PRIVACY(TIME, ROW, completed_at, N_("Done on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_modules
static const struct privacy_column module_columns[] = {
    PRIVACY(TEXT, ROW, code, N_("Code")),
    PRIVACY(TEXT, ROW, title, N_("Module")),
    PRIVACY(TEXT, ROW, programme_title, N_("Training")),
    PRIVACY(TIME, ROW, completed_at, N_("Completed on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_programmes
static const struct privacy_column programme_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(TIME, ROW, completed_at, N_("Completed on")),
    { 0 },
};
#undef ROW

#define ROW struct learning_sql_held_hours
static const struct privacy_column hours_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(TEXT, ROW, module, N_("Module")),
    PRIVACY(CODE, ROW, kind, N_("How")),
    PRIVACY(CODE, ROW, origin, N_("Proof")),
    PRIVACY(INT, ROW, minutes, N_("Minutes")),
    PRIVACY(TEXT, ROW, note, N_("Remark")),
    PRIVACY(TIME, ROW, done_at, N_("Done on")),
    PRIVACY(TIME, ROW, created_at, N_("Written on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_marks
static const struct privacy_column mark_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Activity")),
    PRIVACY(INT, ROW, percent, N_("Percent")),
    PRIVACY(TIME, ROW, marked_at, N_("Marked on")),
    { 0 },
};
#undef ROW
#define ROW struct learning_sql_held_posts
static const struct privacy_column post_columns[] = {
    PRIVACY(TEXT, ROW, body, N_("Answer")),
    PRIVACY(TIME, ROW, created_at, N_("Written on")),
    PRIVACY(TIME, ROW, removed_at, N_("Taken off on")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(dates_held, learning_sql_held_dates)
PRIVACY_ROWS(hours_held, learning_sql_held_hours)
PRIVACY_ROWS(marks_held, learning_sql_held_marks)
PRIVACY_ROWS(posts_held, learning_sql_held_posts)
PRIVACY_ROWS(answers_held, learning_sql_held_answers)
PRIVACY_ROWS(steps_held, learning_sql_held_steps)
PRIVACY_ROWS(decisions_held, learning_sql_held_decisions)
PRIVACY_ROWS(enrolments, learning_sql_held_enrolments)
PRIVACY_ROWS(completions, learning_sql_held_completions)
PRIVACY_ROWS(modules_done, learning_sql_held_modules)
PRIVACY_ROWS(programmes_done, learning_sql_held_programmes)

#define FOR_THE_FUNDER                                                                             \
    N_("It stays counted, with a number in the place of your name: those who fund the trainings "  \
       "may check for years how many people took part.")

static const struct privacy_section sections[] = {
    { "enrolments", N_("Enrolments"), enrolment_columns,
      sizeof(struct learning_sql_held_enrolments), enrolments, FOR_THE_FUNDER },
    { "dates", N_("Places on dates"), date_columns, sizeof(struct learning_sql_held_dates),
      dates_held, NULL },
    { "questions", N_("Answers at enrolment"), answer_columns,
      sizeof(struct learning_sql_held_answers), answers_held, NULL },
    { "steps", N_("Steps of enrolments"), step_columns, sizeof(struct learning_sql_held_steps),
      steps_held, FOR_THE_FUNDER },
    { "decisions", N_("Decisions about enrolments of others"), decision_columns,
      sizeof(struct learning_sql_held_decisions), decisions_held,
      N_("The decision stays, without your name: somebody's place depends on it.") },
    { "activities", N_("Activities done"), completion_columns,
      sizeof(struct learning_sql_held_completions), completions, NULL },
    { "modules", N_("Modules completed"), module_columns, sizeof(struct learning_sql_held_modules),
      modules_done, FOR_THE_FUNDER },
    { "trainings", N_("Trainings completed"), programme_columns,
      sizeof(struct learning_sql_held_programmes), programmes_done, FOR_THE_FUNDER },
    { "hours", N_("Hours"), hours_columns, sizeof(struct learning_sql_held_hours), hours_held,
      FOR_THE_FUNDER },
    { "marks", N_("Marks"), mark_columns, sizeof(struct learning_sql_held_marks), marks_held,
      NULL },
    { "answers", N_("Answers to questions"), post_columns, sizeof(struct learning_sql_held_posts),
      posts_held, NULL },
    { 0 },
};

/* Places in groups that have not begun go to the next in line. */
static void erase(struct db *db, int64_t person_id, int64_t now)
{
    struct learning_sql_coming_places *coming;
    size_t n = learning_sql_coming_places(db, person_id, now, &coming);
    enrolment_row e;
    for (size_t i = 0; i < n; i++)
        if (learning_sql_enrolment_by_id(db, coming[i].id, &e))
            enrolment_cancel(db, &e, &(const struct enrolment_act){ .quiet = true }, now);
    date_leave_all(db, person_id, 0, true, now);
    learning_sql_forget_dates(db, person_id);
    learning_sql_forget_answers(db, person_id);
    learning_sql_forget_steps(db, person_id);
    learning_sql_forget_unserved(db, person_id);
    learning_sql_forget_completions(db, person_id);
    learning_sql_forget_marks(db, person_id);
    learning_sql_forget_marker(db, person_id);
    learning_sql_forget_posts(db, person_id);
    learning_sql_forget_bringer(db, person_id);
    learning_sql_forget_hours_words(db, person_id);
}

static int64_t count_unserved(struct db *db, int64_t before)
{
    struct learning_sql_count_unserved c;
    struct learning_sql_count_old_dates d;
    return (learning_sql_count_unserved(db, before, &c) ? c.n : 0) +
           (learning_sql_count_old_dates(db, before, &d) ? d.n : 0);
}

static int64_t drop_unserved(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return learning_sql_drop_unserved(db, before) + learning_sql_drop_old_dates(db, before);
}

static int64_t count_old(struct db *db, int64_t before)
{
    struct learning_sql_count_old c;
    return learning_sql_count_old(db, before, &c) ? c.n : 0;
}

static int64_t drop_old(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return learning_sql_drop_old(db, before);
}

static int64_t count_old_hours(struct db *db, int64_t before)
{
    struct learning_sql_count_old_hours c;
    return learning_sql_count_old_hours(db, before, &c) ? c.n : 0;
}

static int64_t drop_old_hours(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return learning_sql_drop_old_hours(db, before);
}

static const struct retention_rule retention[] = {
    { "learning.unserved", N_("Waiting lists, enrolments given up, places on dates that are over"),
      N_("To give free places in the right order"), N_("Contract"), N_("Deleted"), 365,
      count_unserved, drop_unserved },
    { "learning.funded", N_("Enrolments of erased accounts, without names"),
      N_("To account for the trainings to those who fund them"), N_("Legal obligation"),
      N_("Deleted"), 3653, count_old, drop_old },
    { "learning.hours", N_("Hours of erased accounts, without names"),
      N_("To account for the trainings to those who fund them"), N_("Legal obligation"),
      N_("Deleted"), 3653, count_old_hours, drop_old_hours },
    { 0 },
};

static const char *const columns[] = { "enrolment.person_id",
                                       "enrolment_step.by_id",
                                       "completion.person_id",
                                       "module_completion.person_id",
                                       "programme_completion.person_id",
                                       "hours_entry.person_id",
                                       "hours_entry.created_by",
                                       "activity_mark.person_id",
                                       "activity_mark.marked_by",
                                       "discussion_post.person_id",
                                       "material.uploaded_by",
                                       "date_place.person_id",
                                       NULL };

const struct privacy_source learning_privacy[] = {
    { .name = "learning",
      .label = N_("Trainings"),
      .correct = "/mon-espace",
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
