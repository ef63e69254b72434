/* Forgets what has ended: once an hour, a bounded number of rows, so that it never holds up the others. */
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

enum { ROWS = 5000 };

#define KEEP_JOBS (14 * DAY_MS) /* done ones; dead ones stay until somebody looks */
#define KEEP_MAILS (7 * DAY_MS) /* sent ones: they hold addresses and links */
#define KEEP_EVENTS (90 * DAY_MS)

static bool tidy(struct db *db, struct job *job)
{
    (void)job;
    int64_t now = time_now();
    work_sql_forget_jobs(db, now - KEEP_JOBS, ROWS);
    work_sql_forget_mails(db, now - KEEP_MAILS, ROWS);
    work_sql_forget_events(db, now - KEEP_EVENTS, ROWS);
    return true;
}

const struct job_kind tidy_kinds[] = {
    { .name = "work.tidy", .apply = tidy },
    { .name = NULL },
};

const struct schedule tidy_schedules[] = {
    { .kind = "work.tidy", .every_minutes = 60 },
    { .kind = NULL },
};
