/* See fixture.h. */
#include "tests/db/fixture.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], cluster[128];
static bool on_sqlite;
static unsigned databases;
static pthread_mutex_t report_lock = PTHREAD_MUTEX_INITIALIZER;
static int reports;
static char last_report[512];

static void report(struct str what, struct str why)
{
    pthread_mutex_lock(&report_lock);
    reports++;
    snprintf(last_report, sizeof last_report, "%.*s: %.*s", STR(what), STR(why));
    pthread_mutex_unlock(&report_lock);
}

int fixture_reports(void)
{
    pthread_mutex_lock(&report_lock);
    int n = reports;
    pthread_mutex_unlock(&report_lock);
    return n;
}

const char *fixture_last_report(void)
{
    return last_report;
}

const char *fixture_folder(void)
{
    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/tmp/edulab-db-XXXXXX");
        if (!mkdtemp(folder)) abort();
    }
    return folder;
}

/* The first line of what a command prints; false when it fails. */
static bool run(const char *command, char *ret, size_t size)
{
    FILE *pipe = popen(command, "r");
    if (!pipe) return false;
    if (!fgets(ret, (int)size, pipe)) ret[0] = '\0';
    ret[strcspn(ret, "\n")] = '\0';
    return pclose(pipe) == 0;
}

int fixture_sqlite(void **state)
{
    (void)state;
    on_sqlite = true;
    fixture_folder();
    return 0;
}

int fixture_pgsql(void **state)
{
    (void)state;
    on_sqlite = false;
    char command[256];
    if (chmod(fixture_folder(), 0755)) return -1; /* the server runs as another user */
    snprintf(command, sizeof command, "tests/pg.sh start %s/pg %d", fixture_folder(),
             (int)getpid());
    return run(command, cluster, sizeof cluster) ? 0 : -1;
}

void fixture_use(bool sqlite)
{
    on_sqlite = sqlite;
}

int fixture_group_end(void **state)
{
    (void)state;
    char command[256], line[16];
    if (cluster[0]) {
        snprintf(command, sizeof command, "tests/pg.sh stop %s/pg", folder);
        run(command, line, sizeof line);
        cluster[0] = '\0';
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    run(command, line, sizeof line);
    folder[0] = '\0';
    return 0;
}

static void pgsql_command(const char *url, const char *sql)
{
    PGconn *link = PQconnectdb(url);
    PGresult *answer = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(link));
    PQclear(answer);
    PQfinish(link);
}

void fixture_pgsql_command(const struct fixture *f, const char *sql)
{
    pgsql_command(f->url, sql);
}

int fixture_begin_empty(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f) abort();
    f->arena = arena_create();
    f->sqlite = on_sqlite;
    reports = 0;
    last_report[0] = '\0';
    databases++;
    if (on_sqlite) {
        snprintf(f->path, sizeof f->path, "%s/%u.db", fixture_folder(), databases);
        snprintf(f->url, sizeof f->url, "sqlite:%s", f->path);
    } else {
        /* a schema of its own does as well as a database, and is made fifty times faster */
        char sql[64];
        snprintf(sql, sizeof sql, "CREATE SCHEMA t%u", databases);
        pgsql_command(cluster, sql);
        snprintf(f->url, sizeof f->url, "%s?options=-csearch_path%%3Dt%u", cluster, databases);
    }
    *state = f;
    return 0;
}

struct database *fixture_open(struct fixture *f, unsigned batch)
{
    static const struct db_part *const parts[] = { &sample_db, NULL };
    struct str why = STR_NONE;
    struct database_options options = {
        .url = str_from(f->url), .parts = parts, .batch = batch, .report = report
    };
    f->database = database_open(&options, f->arena, &why);
    if (!f->database) fail_msg("%.*s", STR(why));
    return f->database;
}

void fixture_migrate(struct fixture *f)
{
    struct str why = STR_NONE;
    if (database_migrate(f->database, f->arena, &why) < 0) fail_msg("%.*s", STR(why));
}

int fixture_begin(void **state)
{
    fixture_begin_empty(state);
    fixture_open(*state, 0);
    fixture_migrate(*state);
    return 0;
}

int fixture_end(void **state)
{
    struct fixture *f = *state;
    if (f->reader) db_read_end(f->reader);
    database_close(f->database);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

struct db *fixture_read(struct fixture *f)
{
    f->reader = db_read_begin(f->database, f->arena);
    if (!f->reader) fail_msg("no reader: %s", last_report);
    return f->reader;
}

void fixture_read_end(struct fixture *f)
{
    db_read_end(f->reader);
    f->reader = NULL;
}

struct sample_sql_totals fixture_totals(struct fixture *f)
{
    struct sample_sql_totals totals;
    if (!sample_sql_totals(fixture_read(f), &totals)) fail_msg("no totals: %s", last_report);
    fixture_read_end(f);
    return totals;
}
