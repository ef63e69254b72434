/* How long data is kept: the rules of all sources as a table with what is due now, the nightly job that applies them, its
 * log, and the register of processing made from the same rows. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

enum { MOST_RULES = 256, RUNS_SHOWN = 30, REGISTER_MOST = 2 * MIB };

size_t privacy_terms(struct db *db, int64_t now, bool counted, struct privacy_term **ret)
{
    const struct privacy_source *const *sources = privacy_sources();
    struct privacy_term *terms = arena_array(db_arena(db), struct privacy_term, MOST_RULES);
    size_t n = 0;
    for (size_t i = 0; sources[i]; i++)
        for (const struct retention_rule *r = sources[i]->retention; r && r->code && n < MOST_RULES;
             r++)
            terms[n++] = (struct privacy_term){
                .source = sources[i],
                .rule = r,
                .due = counted && r->count ? r->count(db, now - r->days * DAY_MS) : 0,
            };
    *ret = terms;
    return n;
}

const struct retention_rule *privacy_rule(struct str code)
{
    const struct privacy_source *const *sources = privacy_sources();
    for (size_t i = 0; sources[i]; i++)
        for (const struct retention_rule *r = sources[i]->retention; r && r->code; r++)
            if (str_is(code, r->code)) return r;
    return NULL;
}

void privacy_terms_get(struct request *r)
{
    struct privacy_terms_page p = { 0 };
    p.n = privacy_terms(r->db, r->now, true, &p.terms);
    p.run_count = privacy_sql_last_runs(r->db, RUNS_SHOWN, &p.runs);
    privacy_terms_page(http_page(r), &p);
}

void privacy_terms_apply(struct request *r)
{
    job_add(r->db, "privacy.retention", STR_NONE, NULL, 0);
    audit_write(r, "retention.started", "retention", 0, NULL, NULL);
    http_redirect(r, S("/gestion/donnees"), "conservation-lancee");
}

/* --- the nightly job ---------------------------------------------------------------------------------------------------- */

struct clearing {
    const struct retention_rule *rule;
    int64_t now;
};

/* A rule is one transaction with its line in the log; a rule that clears nothing leaves no line. */
static bool clear(struct db *db, void *context)
{
    const struct clearing *c = context;
    int64_t gone = c->rule->apply(db, c->now - c->rule->days * DAY_MS, c->now);
    if (gone > 0)
        privacy_sql_log_rule(db, id_new(), str_from(c->rule->code), c->now, c->rule->days, gone);
    return true;
}

enum job_result privacy_retention_run(struct job *job)
{
    struct privacy_term *terms;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    size_t n = privacy_terms(db, 0, false, &terms);
    db_read_end(db);
    enum job_result result = JOB_DONE;
    for (size_t i = 0; i < n; i++) {
        struct clearing c = { terms[i].rule, time_now() };
        if (!c.rule->apply) continue; /* the rule says who does it */
        if (db_change_run(job->database, job->arena, clear, &c) != DB_COMMITTED) {
            job_explain(
                job,
                str_from(c.rule->code)); /* the others go on: one fault must not keep everything */
            result = JOB_RETRY;
        }
        if (!job_progress(job, (int)((i + 1) * 1000 / n))) return JOB_RETRY;
    }
    return result;
}

/* --- the register ------------------------------------------------------------------------------------------------------- */

/* A document that stands by itself: it is kept and handed over without us. */
static const char head[] =
    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width,initial-scale=1\">"
    "<style>body{font:1rem/1.5 system-ui,sans-serif;color:#1b1b4b;background:#fff;margin:2rem auto;"
    "max-width:72rem;padding:0 1rem}h1{font-size:2rem;line-height:1.1}h2{margin-top:2.5rem;"
    "border-bottom:3px solid}table{border-collapse:collapse;width:100%}th,td{border:1px solid "
    "#aab4c0;padding:.4rem .6rem;text-align:left;vertical-align:top}thead th{background:#1b1b4b;"
    "color:#fff}@media print{body{margin:0;font-size:10pt}h2{break-after:avoid}}</style>";

void privacy_register_get(struct request *r)
{
    struct buf out = BUF_INIT(REGISTER_MOST);
    struct page pg = { .out = &out, .arena = r->arena, .lang = r->lang, .now = r->now };
    struct str title = R_(N_("Register of processing"));
    buf_printf(&out, "<!doctype html><html lang=\"%s\"><head>%s<title>%.*s</title></head><body>",
               lang_code(r->lang), head, STR(title));
    struct privacy_sql_processors *firms;
    size_t firm_count = privacy_sql_processors(r->db, &firms);
    privacy_register(&pg, privacy_sources(), firms, firm_count);
    buf_lit(&out, "</body></html>\n");
    http_header_set(r, "Content-Disposition",
                    S("attachment; filename=\"registre-des-traitements.html\""));
    http_bytes(r, 200, "text/html; charset=utf-8", arena_dup(r->arena, buf_view(&out)));
    buf_finish(&out);
}
