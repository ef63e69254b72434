/* Taking a file back: what it added goes, what it changed is as before, last first. What was used or changed since stays
 * and is named. */
#include "base/time.h"
#include "mod/import/pages.h"
#include "mod/privacy/privacy.h"

enum { BATCH = 200 };

static int64_t number_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

struct undo {
    int64_t run, now;
    enum import_kind kind;
    size_t done; /* of this batch */
};

/* Each returns the code of why the thing stays, or NULL. */
static const char *undo_person(struct db *db, const struct import_sql_last_changes *c, int64_t now)
{
    (void)now;
    if (!people_is_unused(db, c->object) || !privacy_is_untouched(db, c->object))
        return "kept-used";
    people_remove(db, c->object);
    return NULL;
}

static const char *undo_organisation(struct db *db, const struct import_sql_last_changes *c,
                                     int64_t now)
{
    struct organisation o;
    struct arena *a = db_arena(db);
    if (!organisation_find(db, c->object, &o) || !str_eq(import_words(a, &o), c->after))
        return "kept-changed";
    if (!c->before.p) return organisation_close(db, c->object, now) ? NULL : "kept-inhabited";
    json_t *was = json_loadb(c->before.p, c->before.n, 0, NULL);
    int64_t parent = number_of(was, "parent") ? number_of(was, "parent") : DB_NULL;
    struct organisation before = o;
    before.name = arena_dup(a, import_json_text(was, "name"));
    before.code = arena_dup(a, import_json_text(was, "code"));
    before.place = arena_dup(a, import_json_text(was, "place"));
    before.website = arena_dup(a, import_json_text(was, "website"));
    json_decref(was);
    bool well = organisation_change(db, &before) &&
                (parent == o.parent_id || organisation_move(db, o.id, parent));
    return well ? NULL : "kept-changed";
}

static const char *undo_member(struct db *db, const struct import_sql_last_changes *c, int64_t now)
{
    int64_t starts, ends;
    (void)now;
    if (!organisation_find_member(db, c->object, c->person, c->role, &starts, &ends)) return NULL;
    if (!str_eq(import_dates(db_arena(db), starts, ends), c->after)) return "kept-changed";
    if (!c->before.p) {
        organisation_remove_member(db, c->object, c->person, c->role);
        return NULL;
    }
    json_t *was = json_loadb(c->before.p, c->before.n, 0, NULL);
    ends = json_integer_value(json_array_get(was, 1));
    organisation_add_member(db, c->object, c->person, c->role,
                            json_integer_value(json_array_get(was, 0)), ends ? ends : DB_NULL);
    json_decref(was);
    return NULL;
}

static bool undo_batch(struct db *db, void *context)
{
    static const char *(*const undo[])(struct db *, const struct import_sql_last_changes *,
                                       int64_t) = {
        [IMPORT_PEOPLE] = undo_person,
        [IMPORT_ORGANISATIONS] = undo_organisation,
        [IMPORT_MEMBERSHIPS] = undo_member,
    };
    struct undo *u = context;
    struct import_sql_last_changes *rows;
    u->done = import_sql_last_changes(db, u->run, BATCH, &rows);
    for (size_t i = 0; i < u->done; i++) {
        const char *stays = undo[u->kind](db, &rows[i], u->now);
        import_sql_drop_change(db, u->run, rows[i].position);
        if (!stays) continue;
        import_sql_keep(db, u->run);
        import_sql_add_problem(db, u->run, 1000000 + rows[i].position, rows[i].line, S(""), S(""),
                               str_from(stays));
    }
    return true;
}

enum job_result import_undo_run(struct job *job)
{
    struct undo u = { .run = job_number(job, "run"), .now = time_now() };
    struct import_sql_run run;
    struct import_sql_changes_left left = { 0 };
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    bool known = import_sql_run(db, u.run, &run) && import_sql_changes_left(db, u.run, &left);
    bool failed = db_failed(db);
    db_read_end(db);
    if (!known) return failed ? JOB_RETRY : JOB_DEAD;
    u.kind = import_kind_of(run.kind);
    struct arena *arena = arena_create();
    enum job_result result = JOB_DONE;
    /* what was wrong with the file goes before what stays */
    for (int64_t done = 0; result == JOB_DONE; done += (int64_t)u.done) {
        if (db_change_run(job->database, arena, undo_batch, &u) != DB_COMMITTED) result = JOB_RETRY;
        arena_reset(arena);
        if (u.done == 0) break;
        int64_t all = left.n > run.adds + run.changes ? left.n : run.adds + run.changes;
        if (!job_progress(job, (int)((all - left.n + done) * 1000 / (all ? all : 1))))
            result = JOB_RETRY;
    }
    arena_destroy(arena);
    return result;
}

bool import_undo_apply(struct db *db, struct job *job)
{
    import_sql_undone(db, job_number(job, "run"), time_now());
    return true;
}
