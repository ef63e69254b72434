/* Every hour what institutions publish is fetched again: keys they withdrew stop counting here too. */
#include "base/time.h"
#include "mod/federation/inside.h"

struct refreshed {
    int64_t id;
    const char *problem;
    struct str document, keys;
};

struct refresh {
    struct refreshed *items;
    size_t n;
};

static enum job_result run(struct job *job)
{
    provider_row *rows;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    size_t n = federation_sql_providers(db, &rows);
    bool failed = db_failed(db);
    db_read_end(db);
    if (failed) return JOB_RETRY;
    struct refresh *all = job->state = arena_new(job->arena, struct refresh);
    all->items = arena_array(job->arena, struct refreshed, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool saml = str_is(rows[i].kind, "saml");
        if (!str_is(rows[i].state, "on") || (saml && !rows[i].address.n)) continue;
        struct refreshed *one = &all->items[all->n++];
        *one = (struct refreshed){ .id = rows[i].id, .keys = S("") };
        one->problem = saml ? saml_look_again(job->arena, &rows[i], &one->document)
                            : oidc_look(job->arena, &rows[i], &one->document, &one->keys);
    }
    return JOB_DONE;
}

static bool apply(struct db *db, struct job *job)
{
    const struct refresh *all = job->state;
    for (size_t i = 0; i < all->n; i++) {
        const struct refreshed *one = &all->items[i];
        if (one->problem) federation_sql_set_problem(db, one->id, str_from(one->problem));
        else federation_sql_set_published(db, one->id, one->document, one->keys, time_now());
    }
    return true;
}

const struct job_kind federation_jobs[] = {
    { "federation.refresh", .run = run, .apply = apply, .lease_seconds = 60, .max_attempts = 3 },
    { 0 },
};

const struct schedule federation_schedules[] = { { "federation.refresh", 60 }, { 0 } };
