/* For operators: is it well, and the figures. */
#include <unistd.h>

#include "mod/site/pages.h"
#include "site_sql.h"

void site_health_get(struct request *r)
{
    struct site_sql_ping ping;
    bool well = site_sql_ping(r->db, &ping);
    http_bytes(r, well ? 200 : 503, "text/plain; charset=utf-8",
               well ? S("ok\n") : S("the database cannot be read\n"));
}

static void put(struct buf *b, const char *name, const char *kind, const char *help, int64_t value)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name,
               (long long)value);
}

static int64_t resident_bytes(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f) return 0;
    if (fscanf(f, "%ld %ld", &pages, &resident) != 2) resident = 0;
    fclose(f);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void put_http(struct buf *b)
{
    struct http_figures f = http_figures();
    buf_lit(b, "# HELP edulab_http_requests_total Answers by class.\n# TYPE "
               "edulab_http_requests_total counter\n");
    for (int i = 1; i < 6; i++)
        buf_printf(b, "edulab_http_requests_total{class=\"%dxx\"} %lld\n", i,
                   (long long)f.by_class[i]);
    buf_lit(b, "# HELP edulab_http_duration_seconds Time from head to last byte.\n"
               "# TYPE edulab_http_duration_seconds histogram\n");
    int64_t below = 0;
    for (int i = 0; i < 7; i++) {
        below += f.durations[i];
        buf_printf(b, "edulab_http_duration_seconds_bucket{le=\"%g\"} %lld\n",
                   http_duration_bounds[i] / 1000.0, (long long)below);
    }
    buf_printf(b, "edulab_http_duration_seconds_bucket{le=\"+Inf\"} %lld\n",
               (long long)(below + f.durations[7]));
    buf_printf(b, "edulab_http_duration_seconds_sum %g\n", (double)f.duration_sum_us / 1e6);
    buf_printf(b, "edulab_http_duration_seconds_count %lld\n", (long long)(below + f.durations[7]));
    put(b, "edulab_http_connections", "gauge", "Open connections.", f.open_connections);
    put(b, "edulab_http_waiting", "gauge", "Requests that wait for a commit or a worker.",
        f.waiting);
}

static void put_database(struct buf *b, struct database *database)
{
    struct database_figures f = database_figures(database);
    put(b, "edulab_db_changes_total", "counter", "Changes committed.", f.changes);
    put(b, "edulab_db_refused_total", "counter", "Changes that a rule refused.", f.refused);
    put(b, "edulab_db_failed_total", "counter", "Changes that the engine failed.", f.failed);
    put(b, "edulab_db_commits_total", "counter",
        "Commits; changes divided by commits is the batch.", f.commits);
    put(b, "edulab_db_retries_total", "counter", "Transactions run again at the engine's wish.",
        f.retries);
    put(b, "edulab_db_largest_batch", "gauge", "Most changes made durable by one commit.",
        f.largest_batch);
}

static void put_jobs(struct buf *b, struct work_counts c)
{
    static const char *const names[JOB_STATES] = { "waiting", "running", "ended", "dead" };
    buf_lit(b, "# HELP edulab_jobs Jobs by state.\n# TYPE edulab_jobs gauge\n");
    for (int i = 0; i < JOB_STATES; i++)
        buf_printf(b, "edulab_jobs{state=\"%s\"} %lld\n", names[i], (long long)c.in[i]);
    put(b, "edulab_jobs_oldest_wait_ms", "gauge", "How long the oldest due job has waited.",
        c.oldest_wait_ms);
}

void site_metrics_get(struct request *r)
{
    struct buf b = BUF_INIT(64 * KIB);
    put_http(&b);
    put_database(&b, http_database(r));
    put_jobs(&b, work_count(r->db));
    put(&b, "process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    http_bytes(r, 200, "text/plain; version=0.0.4; charset=utf-8", buf_view(&b));
    buf_finish(&b);
}
