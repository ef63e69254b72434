/* The pages: handing a file in, its preview, what became of it, and undo. */
#include "mod/import/pages.h"

#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "import_html.h"

enum { SHOWN = 50 };

#define PARAMS struct import_form
const struct param import_id_params[] = { PARAM(PARAMS, id, PARAM_ID, .required = true), { 0 } };
const struct param import_model_params[] = { PARAM(PARAMS, sorte, PARAM_TEXT, .max = 40), { 0 } };
const struct param import_new_params[] = {
    PARAM(PARAMS, sorte, PARAM_SLUG, .required = true, .max = 20),
    PARAM(PARAMS, fichier, PARAM_FILE, .required = true),
    { 0 },
};
#undef PARAMS

static const struct {
    const char *code, *label;
} states[] = {
    { "checking", N_("Being read") }, { "refused", N_("Refused") },
    { "ready", N_("To confirm") },    { "running", N_("Being brought in") },
    { "done", N_("Brought in") },     { "undoing", N_("Being taken back") },
    { "undone", N_("Taken back") },   { "dropped", N_("Dropped") },
};

const char *import_state_label(struct str state)
{
    for (size_t i = 0; i < COUNT(states); i++)
        if (str_is(state, states[i].code)) return states[i].label;
    return N_("Dropped");
}

const char *import_fate_label(struct str fate)
{
    return str_is(fate, "add")      ? N_("New")
           : str_is(fate, "change") ? N_("Changes")
           : str_is(fate, "same")   ? N_("Known already")
                                    : N_("Wrong");
}

const char *import_fate_class(struct str fate)
{
    return str_is(fate, "add")      ? "ok"
           : str_is(fate, "change") ? "next"
           : str_is(fate, "same")   ? ""
                                    : "err";
}

struct str import_why(struct page *pg, struct str why)
{
    struct str about = why, code = str_cut(&about, ':');
    /* what is missing is named by a msgid of ours */
    struct str shown =
        str_is(code, "missing") ? lang_text(pg->lang, arena_cstr(pg->arena, about)) : about;
    return fmt_plain(pg->arena, _(import_problem_label(code)), shown);
}

static struct str path(struct arena *a, int64_t id)
{
    return arena_printf(a, "/gestion/imports/%.*s", STR(id_lower(a, id)));
}

static struct str text_of(const json_t *v)
{
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

struct str import_json_text(const json_t *o, const char *key)
{
    return text_of(json_object_get(o, key));
}

struct str import_json_item(const json_t *list, size_t i)
{
    return text_of(json_array_get(list, i));
}

/* --- the list, and handing in --------------------------------------------------------------------------------------------- */

void import_list_get(struct request *r)
{
    struct import_sql_run *runs;
    size_t n = import_sql_runs(r->db, &runs);
    import_list(http_page(r), r->form, runs, n);
}

static void queue(struct request *r, const char *kind, int64_t run)
{
    job_add(r->db, kind, id_lower(r->arena, run), json_pack("{s:I}", "run", (json_int_t)run), 0);
}

void import_new_apply(struct request *r)
{
    const struct import_form *f = r->form;
    if (import_kind_of(f->sorte) == IMPORT_KINDS) {
        http_invalid(r, "sorte", R_(N_("This choice is not one of ours.")));
        return;
    }
    if (!f->fichier.data.n) {
        http_invalid(r, "fichier", R_(N_("The file is empty.")));
        return;
    }
    int64_t id = id_new();
    struct str name = f->fichier.name.n ? str_sub(f->fichier.name, 0, 200) : S("fichier.csv");
    import_sql_add_run(r->db, id, f->sorte, name, r->who.person_id, r->now);
    import_sql_add_file(r->db, id, f->fichier.data);
    queue(r, "import.check", id);
    http_redirect(r, path(r->arena, id), NULL);
}

static void csv_answer(struct request *r, struct buf *b, const char *name)
{
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"%s.csv\"", name));
    http_bytes(r, 200, "text/csv; charset=utf-8", arena_dup(r->arena, buf_view(b)));
    buf_finish(b);
}

void import_model_csv(struct request *r)
{
    const struct import_form *f = r->form;
    struct str code =
        str_ends(f->sorte, S(".csv")) ? str_sub(f->sorte, 0, f->sorte.n - 4) : f->sorte;
    enum import_kind kind = import_kind_of(code);
    if (kind == IMPORT_KINDS) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct buf b = BUF_INIT(4 * KIB);
    const struct import_field *fields = import_fields(kind);
    buf_lit(&b, CSV_MARK);
    for (size_t i = 0; fields[i].name; i++)
        csv_put(&b, str_from(fields[i].name), fields[i + 1].name ? ';' : '\n');
    for (size_t i = 0; fields[i].name; i++)
        csv_put(&b, str_from(fields[i].example), fields[i + 1].name ? ';' : '\n');
    csv_answer(r, &b, arena_printf(r->arena, "modele-%s", import_kind_code(kind)).p);
}

/* --- one file --------------------------------------------------------------------------------------------------------------- */

static bool find(struct request *r, struct import_sql_run *ret)
{
    const struct import_form *f = r->form;
    if (import_sql_run(r->db, f->id, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

/* The job that a run in this state waits for; NULL when none. */
static const char *job_of(struct str state)
{
    return str_is(state, "checking")  ? "import.check"
           : str_is(state, "running") ? "import.run"
           : str_is(state, "undoing") ? "import.undo"
                                      : NULL;
}

static void drop_json(void *what)
{
    json_decref(what);
}

static const json_t *json_of(struct request *r, struct str text)
{
    json_t *value = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;
    if (value) arena_cleanup(r->arena, drop_json, value);
    return value;
}

void import_show_get(struct request *r)
{
    struct import_sheet s = { 0 };
    if (!find(r, &s.run)) return;
    s.kind = import_kind_of(s.run.kind);
    const char *kind = job_of(s.run.state);
    s.working = kind && work_find_key(r->db, kind, id_lower(r->arena, s.run.id), &s.job);
    s.failed = kind && (!s.working || s.job.state == JOB_BURIED);
    s.working = s.working && !s.failed;
    s.undo_until = s.run.done_at == DB_NULL ? 0 : s.run.done_at + IMPORT_TERM;
    s.may_undo =
        str_is(s.run.state, "done") && r->now < s.undo_until && s.run.adds + s.run.changes > 0;
    s.columns = json_of(r, s.run.columns);
    s.preview = json_of(r, s.run.preview);
    s.problem_count = import_sql_problems(r->db, s.run.id, SHOWN, &s.problems);
    import_show(http_page(r), &s);
}

void import_progress_get(struct request *r)
{
    struct import_sql_run run;
    struct work_row job;
    if (!find(r, &run)) return;
    const char *kind = job_of(run.state);
    bool known = kind && work_find_key(r->db, kind, id_lower(r->arena, run.id), &job);
    bool over = !known || job.state == JOB_BURIED;
    http_json(r, 200,
              json_pack("{s:i, s:b, s:s}", "progress", over ? 1000 : job.progress, "over",
                        (int)over, "text", ""));
}

void import_problems_csv(struct request *r)
{
    enum { MOST = 8 * MIB };
    struct import_sql_run run;
    struct import_sql_problems *rows;
    if (!find(r, &run)) return;
    size_t n = import_sql_problems(r->db, run.id, 2 * IMPORT_PROBLEMS_KEPT, &rows);
    struct buf b = BUF_INIT(MOST);
    buf_lit(&b, CSV_MARK);
    csv_put(&b, R_(N_("Line")), ';');
    csv_put(&b, R_(N_("Column")), ';');
    csv_put(&b, R_(N_("Content")), ';');
    csv_put(&b, R_(N_("What is wrong")), '\n');
    for (size_t i = 0; i < n; i++) {
        csv_put(&b, arena_int(r->arena, rows[i].line, 1), ';');
        csv_put(&b, rows[i].field, ';');
        csv_put(&b, rows[i].value, ';');
        csv_put(&b, R_(import_problem_label(rows[i].problem)), '\n');
    }
    csv_answer(r, &b, "erreurs");
}

/* --- what is done with it ------------------------------------------------------------------------------------------------------ */

static json_t *run_json(const struct import_sql_run *run)
{
    return json_pack("{s:s%, s:s%, s:I, s:I, s:I}", "file", run->name.p, run->name.n, "kind",
                     run->kind.p, run->kind.n, "new", (json_int_t)run->adds, "changes",
                     (json_int_t)run->changes, "wrong", (json_int_t)run->wrong);
}

/* From one state into the next; 409 when it is not in the first. */
static bool step(struct request *r, const struct import_sql_run *run, const char *was,
                 const char *next)
{
    if (import_sql_set_state(r->db, run->id, str_from(was), str_from(next)) == 1) return true;
    http_fail(r, 409, R_(N_("This file is no longer where you left it: look at its page again.")));
    return false;
}

void import_confirm_apply(struct request *r)
{
    struct import_sql_run run;
    if (!find(r, &run) || !step(r, &run, "ready", "running")) return;
    queue(r, "import.run", run.id);
    audit_write(r, "import.confirmed", "import", run.id, NULL, run_json(&run));
    http_redirect(r, path(r->arena, run.id), NULL);
}

void import_drop_apply(struct request *r)
{
    struct import_sql_run run;
    if (!find(r, &run) || !step(r, &run, "ready", "dropped")) return;
    import_sql_drop_file(r->db, run.id);
    import_sql_drop_problems(r->db, run.id);
    http_redirect(r, S("/gestion/imports"), "import-jete");
}

void import_undo_ask(struct request *r)
{
    struct import_sql_run run;
    if (!find(r, &run)) return;
    if (run.done_at == DB_NULL || r->now >= run.done_at + IMPORT_TERM) {
        http_fail(r, 409, R_(N_("Seven days have passed: this cannot be taken back any more.")));
        return;
    }
    if (!step(r, &run, "done", "undoing")) return;
    import_sql_drop_problems(r->db, run.id);
    queue(r, "import.undo", run.id);
    audit_write(r, "import.undone", "import", run.id, run_json(&run), NULL);
    http_redirect(r, path(r->arena, run.id), NULL);
}
