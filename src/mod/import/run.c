/* The jobs: looking through a file, and bringing it in batch by batch. A batch's changes, its undo rows and the place in
 * the file are one transaction. */
#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "mod/import/pages.h"

enum { BATCH = 500, PREVIEWED = 12 };

static int64_t id_of(const struct job *job)
{
    return job_number(job, "run");
}

static bool tell(void *context, int thousandths)
{
    return job_progress(context, thousandths);
}

/* --- a file and its plan ------------------------------------------------------------------------------------------------- */

struct work_in_hand {
    struct import_sql_run run;
    struct import_text text;
    struct import_plan plan;
    const char *refused; /* the code of why it cannot be used; NULL: it can */
    struct str about;
};

static enum job_result load(struct job *job, const char *state, struct work_in_hand *w)
{
    struct import_sql_file file;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    enum job_result result = JOB_DONE;
    if (!import_sql_run(db, id_of(job), &w->run) || !str_is(w->run.state, state) ||
        !import_sql_file(db, w->run.id, &file)) {
        result = db_failed(db) ? JOB_RETRY : JOB_DEAD;
        if (result == JOB_DEAD) job_explain(job, S("this file is not there any more"));
    } else {
        w->refused =
            import_read(job->arena, import_kind_of(w->run.kind), file.data, &w->text, &w->about);
        if (!w->refused && !import_plan_make(db, &w->text, tell, job, &w->plan)) result = JOB_RETRY;
    }
    db_read_end(db);
    return result;
}

/* --- looking through ---------------------------------------------------------------------------------------------------- */

static const char *const fate_names[] = { "add", "change", "same", "wrong" };

static struct str dump(struct arena *a, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    struct str kept = text ? arena_dup(a, str_from(text)) : S("");
    json_decref(value);
    free(text);
    return kept;
}

static int by_index(const void *a, const void *b)
{
    const struct import_step *const *x = a, *const *y = b;
    return (*x)->index < (*y)->index ? -1 : (*x)->index > (*y)->index;
}

/* The first lines of the file with what would become of them. */
static struct str preview(struct arena *a, const struct work_in_hand *w)
{
    const struct import_step **first = arena_array(a, const struct import_step *, w->plan.n + 1);
    for (size_t i = 0; i < w->plan.n; i++)
        first[i] = &w->plan.steps[i];
    qsort(first, w->plan.n, sizeof *first, by_index);
    json_t *rows = json_array();
    for (size_t i = 0; i < w->plan.n && i < PREVIEWED; i++) {
        json_t *cells = json_array();
        for (size_t f = 0; f < IMPORT_FIELDS; f++) {
            struct str cell = w->text.lines[first[i]->index].cells[f];
            json_array_append_new(cells, json_stringn(cell.n ? cell.p : "", cell.n));
        }
        json_array_append_new(rows, json_pack("{s:I, s:s, s:o}", "line", (json_int_t)first[i]->line,
                                              "fate", fate_names[first[i]->fate], "cells", cells));
    }
    return dump(a, rows);
}

static struct str columns(struct arena *a, const struct work_in_hand *w)
{
    json_t *known = json_array();
    for (int f = 0; f < IMPORT_FIELDS; f++)
        if (w->text.map.column[f] >= 0) json_array_append_new(known, json_integer(f));
    return dump(a, json_pack("{s:o, s:s%}", "known", known, "ignored", w->text.map.ignored.p,
                             w->text.map.ignored.n));
}

static void note(struct db *db, const struct work_in_hand *w)
{
    const struct import_plan *plan = &w->plan;
    struct arena *a = db_arena(db);
    import_sql_checked(db, &(struct import_sql_checked_in){ .id = w->run.id,
                                                            .encoding = w->text.encoding == CSV_UTF8
                                                                            ? S("utf-8")
                                                                            : S("windows-1252"),
                                                            .columns = columns(a, w),
                                                            .preview = preview(a, w),
                                                            .total = (int64_t)plan->n,
                                                            .adds = plan->fates[FATE_ADD],
                                                            .changes = plan->fates[FATE_CHANGE],
                                                            .same = plan->fates[FATE_SAME],
                                                            .wrong = plan->fates[FATE_WRONG] });
    import_sql_drop_problems(db, w->run.id);
    for (size_t i = 0; i < plan->problem_count; i++)
        import_sql_add_problem(db, w->run.id, (int64_t)i + 1, (int64_t)plan->problems[i].line,
                               plan->problems[i].field, plan->problems[i].value,
                               str_from(plan->problems[i].problem));
}

static enum job_result check_run(struct job *job)
{
    struct work_in_hand *w = job->state = arena_new(job->arena, struct work_in_hand);
    return load(job, "checking", w);
}

static bool check_apply(struct db *db, struct job *job)
{
    const struct work_in_hand *w = job->state;
    if (w->refused) {
        import_sql_refuse(db, w->run.id,
                          arena_printf(db_arena(db), "%s:%.*s", w->refused, STR(w->about)));
        import_sql_drop_file(db, w->run.id);
        return true;
    }
    note(db, w);
    import_sql_set_state(db, w->run.id, S("checking"), S("ready"));
    return true;
}

/* --- bringing in ------------------------------------------------------------------------------------------------------------ */

struct batch {
    struct work_in_hand *w;
    size_t from, until;
    int64_t now;
    size_t problems; /* numbers given so far */
};

static void changed(struct db *db, const struct batch *b, size_t position, int64_t object,
                    int64_t person, struct str before, struct str after)
{
    const struct import_step *s = &b->w->plan.steps[position];
    import_sql_add_change(db,
                          &(struct import_sql_add_change_in){ .run = b->w->run.id,
                                                              .position = (int64_t)position,
                                                              .line = (int64_t)s->line,
                                                              .object = object,
                                                              .person = person,
                                                              .role = s->role.n ? s->role : S(""),
                                                              .before = before,
                                                              .after = after });
}

static bool bring_person(struct db *db, const struct batch *b, size_t position)
{
    const struct import_step *s = &b->w->plan.steps[position];
    int64_t id = people_bring(db, &s->person, b->now);
    if (id) changed(db, b, position, id, id, STR_NONE, S(""));
    return true; /* without: somebody opened it meanwhile, so it is known */
}

struct str import_words(struct arena *a, const struct organisation *o)
{
    return dump(a, json_pack("{s:I, s:s%, s:s%, s:s%, s:s%}", "parent",
                             (json_int_t)(o->parent_id == DB_NULL ? 0 : o->parent_id), "name",
                             o->name.p, o->name.n, "code", o->code.p ? o->code.p : "", o->code.n,
                             "place", o->place.p ? o->place.p : "", o->place.n, "website",
                             o->website.p ? o->website.p : "", o->website.n));
}

static bool bring_organisation(struct db *db, const struct batch *b, size_t position)
{
    struct import_step *s = &b->w->plan.steps[position];
    struct organisation wanted = s->organisation, was;
    struct arena *a = db_arena(db);
    if (s->same_file_parent) wanted.parent_id = s->same_file_parent->id;
    if (s->fate == FATE_ADD) {
        s->id = organisation_add(db, &wanted, b->now);
        if (!s->id) return false;
        changed(db, b, position, s->id, DB_NULL, STR_NONE, import_words(a, &wanted));
        return true;
    }
    if (!organisation_find(db, s->id, &was) || !organisation_change(db, &wanted)) return false;
    if (was.parent_id != wanted.parent_id && !organisation_move(db, s->id, wanted.parent_id))
        return false;
    changed(db, b, position, s->id, DB_NULL, import_words(a, &was), import_words(a, &wanted));
    return true;
}

struct str import_dates(struct arena *a, int64_t starts_at, int64_t ends_at)
{
    return arena_printf(a, "[%lld,%lld]", (long long)starts_at,
                        (long long)(ends_at == DB_NULL ? 0 : ends_at));
}

static bool bring_member(struct db *db, const struct batch *b, size_t position)
{
    const struct import_step *s = &b->w->plan.steps[position];
    struct arena *a = db_arena(db);
    int64_t starts, ends;
    struct str before = STR_NONE;
    if (s->fate == FATE_CHANGE &&
        organisation_find_member(db, s->id, s->person_id, s->role, &starts, &ends))
        before = import_dates(a, starts, ends);
    organisation_add_member(db, s->id, s->person_id, s->role, s->starts_at, s->ends_at);
    changed(db, b, position, s->id, s->person_id, before,
            import_dates(a, s->starts_at, s->ends_at));
    return true;
}

static bool bring_batch(struct db *db, void *context)
{
    static bool (*const bring[])(struct db *, const struct batch *, size_t) = {
        [IMPORT_PEOPLE] = bring_person,
        [IMPORT_ORGANISATIONS] = bring_organisation,
        [IMPORT_MEMBERSHIPS] = bring_member,
    };
    struct batch *b = context;
    struct work_in_hand *w = b->w;
    int64_t number = (int64_t)b->problems;
    for (size_t i = b->from; i < b->until; i++) {
        const struct import_step *s = &w->plan.steps[i];
        if (s->fate != FATE_ADD && s->fate != FATE_CHANGE) continue;
        if (!bring[w->text.kind](db, b, i))
            import_sql_add_problem(db, w->run.id, ++number, (int64_t)s->line, S(""), S(""),
                                   S("meanwhile"));
    }
    import_sql_advance(db, w->run.id, (int64_t)b->until);
    return true;
}

/* What the plan says now goes before what was said in the preview: other things may have happened since. */
static bool note_again(struct db *db, void *context)
{
    note(db, context);
    return true;
}

static enum job_result bring_run(struct job *job)
{
    struct work_in_hand *w = job->state = arena_new(job->arena, struct work_in_hand);
    enum job_result result = load(job, "running", w);
    if (result != JOB_DONE) return result;
    if (w->refused) return JOB_DEAD;
    if (w->run.position == 0 &&
        db_change_run(job->database, job->arena, note_again, w) != DB_COMMITTED)
        return JOB_RETRY;
    struct arena *arena = arena_create();
    struct batch b = { .w = w,
                       .from = (size_t)w->run.position,
                       .now = time_now(),
                       .problems = IMPORT_PROBLEMS_KEPT + (size_t)w->run.position };
    while (b.from < w->plan.n && result == JOB_DONE) {
        b.until = b.from + BATCH < w->plan.n ? b.from + BATCH : w->plan.n;
        if (db_change_run(job->database, arena, bring_batch, &b) != DB_COMMITTED)
            result = JOB_RETRY;
        arena_reset(arena);
        b.problems += b.until - b.from;
        b.from = b.until;
        if (!job_progress(job, (int)(b.from * 1000 / w->plan.n))) result = JOB_RETRY;
    }
    arena_destroy(arena);
    return result;
}

static bool bring_apply(struct db *db, struct job *job)
{
    const struct work_in_hand *w = job->state;
    import_sql_finish(db, w->run.id, time_now());
    import_sql_drop_file(db, w->run.id);
    return true;
}

const struct job_kind import_jobs[] = {
    { .name = "import.check", .run = check_run, .apply = check_apply, .max_attempts = 3 },
    { .name = "import.run", .run = bring_run, .apply = bring_apply, .max_attempts = 3 },
    { .name = "import.undo",
      .run = import_undo_run,
      .apply = import_undo_apply,
      .max_attempts = 3 },
    { 0 },
};
