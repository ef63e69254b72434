/* What people see of the work: lists, counts, and a second chance for a dead job. */
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

static struct work_row row_of(const struct work_sql_job *r)
{
    return (struct work_row){
        .id = r->id,
        .kind = r->kind,
        .key = r->key,
        .state = (enum job_state)r->state,
        .attempt = (int)r->attempt,
        .progress = (int)r->progress,
        .error = r->error,
        .created_at = r->created_at,
        .due_at = r->due_at,
        .started_at = r->started_at,
        .ended_at = r->ended_at,
    };
}

size_t work_list(struct db *db, enum job_state state, size_t most, struct work_row **ret)
{
    struct work_sql_job *rows;
    size_t n = work_sql_jobs_in(db, (int64_t)state, (int64_t)most, &rows);
    *ret = arena_array(db_arena(db), struct work_row, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = row_of(&rows[i]);
    return n;
}

bool work_find(struct db *db, int64_t id, struct work_row *ret)
{
    struct work_sql_job row;
    if (!work_sql_job(db, id, &row)) return false;
    *ret = row_of(&row);
    return true;
}

bool work_find_key(struct db *db, const char *kind, struct str key, struct work_row *ret)
{
    struct work_sql_job row;
    if (!work_sql_job_by_key(db, str_from(kind), key, &row)) return false;
    *ret = row_of(&row);
    return true;
}

size_t work_failures(struct db *db, int64_t id, struct work_failure **ret)
{
    struct work_sql_attempts *rows;
    size_t n = work_sql_attempts(db, id, &rows);
    *ret = arena_array(db_arena(db), struct work_failure, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct work_failure){ (int)rows[i].attempt, rows[i].ended_at, rows[i].error };
    return n;
}

bool work_retry(struct db *db, int64_t id)
{
    return work_sql_revive(db, id, time_now()) == 1;
}

void work_hurry(struct db *db, const char *kind, struct str key)
{
    work_sql_hurry(db, str_from(kind), key, time_now());
}

struct work_counts work_count(struct db *db)
{
    struct work_counts counts = { 0 };
    struct work_sql_counts *rows;
    size_t n = work_sql_counts(db, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].state >= 0 && rows[i].state < JOB_STATES)
            counts.in[rows[i].state] = rows[i].jobs;
    int64_t now = time_now();
    struct work_sql_oldest_due oldest;
    if (work_sql_oldest_due(db, now, &oldest)) counts.oldest_wait_ms = now - oldest.due_at;
    return counts;
}
