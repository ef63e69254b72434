/* The staff's pages about the house. */
#include "mod/site/pages.h"

#include "access/audit.h"
#include "mod/comment/comment.h"
#include "site_html.h"

enum { JOB_ROWS = 100 };

const struct param site_jobs_params[] = { PARAM(struct site_jobs_form, etat, PARAM_SLUG, .max = 12),
                                          { 0 } };
const struct param site_job_params[] = {
    PARAM(struct site_jobs_form, id, PARAM_ID, .required = true), { 0 }
};

static const char *const states[JOB_STATES] = { "attente", "cours", "faits", "echecs" };

void site_staff_get(struct request *r)
{
    struct work_counts counts = work_count(r->db);
    site_staff(http_page(r), &counts, comment_waiting(r));
}

void site_jobs_get(struct request *r)
{
    const struct site_jobs_form *f = r->form;
    struct work_counts counts = work_count(r->db);
    int state = counts.in[JOB_BURIED] ? JOB_BURIED : JOB_RUNNING;
    for (int i = 0; i < JOB_STATES; i++)
        if (str_is(f->etat, states[i])) state = i;
    struct work_row *jobs;
    size_t n = work_list(r->db, (enum job_state)state, JOB_ROWS, &jobs);
    site_jobs(http_page(r), &counts, states, state, jobs, n);
}

void site_job_retry(struct request *r)
{
    const struct site_jobs_form *f = r->form;
    struct work_row job;
    if (!work_find(r->db, f->id, &job) || !work_retry(r->db, f->id)) {
        http_fail(r, 409, R_(N_("This job is not among the failed ones any more.")));
        return;
    }
    audit_write(r, "job.retried", "job", f->id, NULL,
                json_pack("{s:s%, s:s%}", "kind", job.kind.p, job.kind.n, "key",
                          job.key.p ? job.key.p : "", job.key.n));
    http_redirect(r, S("/gestion/travaux"), "travail-relance");
}

void site_components_get(struct request *r)
{
    site_components(http_page(r));
}
