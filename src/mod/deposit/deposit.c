/* Work handed in: the record, the kind of activity. */
#include "mod/deposit/deposit.h"

#include "base/time.h"
#include "deposit_html.h"
#include "media/media.h"
#include "mod/deposit/pages.h"

static const struct route routes[] = {
    { "POST", "/mon-espace/depots/:id", MEMBER, .prepare = deposit_write_prepare,
      .apply = deposit_write_apply, .form = deposit_write_form, .params = deposit_write_params,
      .form_size = sizeof(struct deposit_form), .max_body = DEPOSIT_BODY,
      .help = "Keeps the text and a file of a work, or hands it in." },
    { "POST", "/mon-espace/depots/:id/reprendre", MEMBER, .apply = deposit_back_apply,
      .params = deposit_id_params, .form_size = sizeof(struct deposit_form),
      .help = "Takes back what was handed in and is not returned yet." },
    { "POST", "/mon-espace/depots/:id/refaire", MEMBER, .apply = deposit_again_apply,
      .params = deposit_id_params, .form_size = sizeof(struct deposit_form),
      .help = "Begins a new attempt." },
    { "POST", "/depots/fichiers/:id/retirer", MEMBER, .apply = deposit_drop_file_apply,
      .params = deposit_id_params, .form_size = sizeof(struct deposit_form),
      .help = "Takes a file out of a draft." },
    { "GET", "/depots/fichiers/:id", MEMBER, .get = deposit_file_get, .params = deposit_id_params,
      .form_size = sizeof(struct deposit_form), .help = "A file that was handed in." },
    { "GET", "/gestion/depots", MAY("learning.follow"), .get = deposit_list_get,
      .help = "What was handed in and waits to be marked." },
    { "GET", "/gestion/depots/:id", MAY("learning.follow"), .get = deposit_mark_get,
      .params = deposit_id_params, .form_size = sizeof(struct deposit_mark_form),
      .help = "A work with its rubric." },
    { "POST", "/gestion/depots/:id", MAY("learning.follow"), .apply = deposit_mark_apply,
      .form = deposit_mark_get, .params = deposit_mark_params,
      .form_size = sizeof(struct deposit_mark_form),
      .help = "Keeps marks and remarks, or returns the work." },
    { 0 },
};

static const struct notice notices[] = {
    { "depot-garde", N_("Kept. Only you see it until you hand it in."), false },
    { "depot-remis", N_("Handed in. You get word as soon as it is returned."), false },
    { "depot-repris", N_("Taken back: you can go on with it."), false },
    { "depot-nouveau", N_("A new attempt. The one before stays to read."), false },
    { "depot-marque", N_("Marks and remarks are kept."), false },
    { "depot-rendu", N_("Returned. The person has been told."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/gestion/depots", N_("Works to mark"), AREA_FORM, MENU_STAFF_TRAINING, 14 },
    { 0 },
};

/* --- the kind ----------------------------------------------------------------------------------------------------------- */

static const struct activity_choice forms[] = {
    { "all", N_("Whatever suits: text, files, a recording") },
    { "text", N_("A text") },
    { "audio", N_("A sound recording") },
    { "video", N_("A video recording") },
    { 0 },
};

static const struct activity_field fields[] = {
    { .name = "body", .label = N_("What is asked for"), .kind = ACTIVITY_LONG, .required = true },
    { .name = "form", .label = N_("In which form"), .kind = ACTIVITY_CHOICE, .choices = forms },
    { .name = "rubric",
      .label = N_("Rubric"),
      .kind = ACTIVITY_LONG,
      .max = 4000,
      .hint = N_("One criterion a line: title | points | what is looked at. Empty: only words.") },
    { .name = "pass",
      .label = N_("Percent to reach"),
      .kind = ACTIVITY_NUMBER,
      .min = 1,
      .max = 100,
      .hint = N_("Empty: handing it in is enough.") },
    { .name = "due",
      .label = N_("Day it is asked for"),
      .kind = ACTIVITY_LINE,
      .max = 10,
      .hint = N_("2027-01-15. Afterwards it is late, never locked.") },
    { 0 },
};

static const char *check(struct db *db, const struct catalogue_activity *activity)
{
    struct arena *a = db_arena(db);
    struct rubric rubric;
    const char *problem;
    int line;
    int64_t at;
    struct str due = activity_setting(a, activity, "due");
    if (!rubric_parse(activity_setting(a, activity, "rubric"), &rubric, &problem, &line))
        return problem;
    if (activity_setting(a, activity, "pass").n && rubric.n == 0)
        return N_("A mark to reach needs a rubric.");
    return due.n && !time_parse_date(due, &at) ? N_("A date is written 2027-01-15.") : NULL;
}

const struct activity_kind deposit_kind = { .name = "deposit",
                                            .label = N_("Work to hand in"),
                                            .icon = "upload",
                                            .fields = fields,
                                            .view = deposit_view,
                                            .done = ACTIVITY_DONE_BY_ACT,
                                            .check = check };

/* --- one attempt ---------------------------------------------------------------------------------------------------------- */

void deposit_sheet_load(struct db *db, const struct deposit_sql_latest *d, struct str settings,
                        struct deposit_sheet *ret)
{
    const struct catalogue_activity activity = { .settings = settings };
    const char *problem;
    int line;
    *ret = (struct deposit_sheet){ .d = *d };
    ret->file_count = deposit_sql_files(db, d->id, &ret->files);
    ret->mark_count = deposit_sql_marks(db, d->id, &ret->marks);
    ret->note_count = deposit_sql_notes(db, d->id, &ret->notes);
    /* a line that cannot be read was refused when it was typed; what stands before it counts */
    rubric_parse(activity_setting(db_arena(db), &activity, "rubric"), &ret->rubric, &problem,
                 &line);
}

const struct deposit_sql_marks *deposit_mark_of(const struct deposit_sheet *s, size_t criterion)
{
    for (size_t i = 0; i < s->mark_count; i++)
        if (s->marks[i].criterion == (int64_t)criterion) return &s->marks[i];
    return NULL;
}

static bool needs(struct db *db, struct str blob)
{
    struct deposit_sql_needs_blob f;
    return deposit_sql_needs_blob(db, blob, &f);
}

/* For Mon espace: works that were asked for by a day and are not handed in. */
static size_t deadlines(struct request *r, struct learning_deadline **ret)
{
    struct deposit_sql_to_hand_in *rows;
    size_t count = deposit_sql_to_hand_in(r->db, r->who.person_id, &rows), n = 0;
    *ret = arena_array(r->arena, struct learning_deadline, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct catalogue_activity activity = { .settings = rows[i].settings };
        int64_t at;
        if (!time_parse_date(activity_setting(r->arena, &activity, "due"), &at)) continue;
        (*ret)[n++] =
            (struct learning_deadline){ .at = at,
                                        .title = rows[i].title,
                                        .note = R_(N_("Work to hand in")),
                                        .href = arena_printf(r->arena, "/mon-espace/modules/%.*s",
                                                             STR(rows[i].slug)) };
    }
    return n;
}

static void start(struct settings *settings)
{
    (void)settings;
    activity_add_kind(&deposit_kind);
    learning_add_deadlines(deadlines);
    media_keep(needs);
}

const struct module deposit_module = {
    .name = "deposit",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &deposit_db,
    .privacy = deposit_privacy,
    .start = start,
};
