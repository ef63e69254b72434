/* "Everything about me" as one ZIP: readable pages, JSON, CSV, files. Made by a job beside its name, then renamed. */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "media/file.h"
#include "mod/people/people.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

#define KEPT (7 * DAY_MS)
#define TOP "mes-donnees-edulab/"
enum { PAGE_MOST = 32 * MIB };

static struct str folder; /* <data>/exports */

void privacy_export_start(struct settings *settings)
{
    static char path[4096];
    snprintf(path, sizeof path, "%.*s/exports", STR(settings_text(settings, "data")));
    folder = str_from(path);
    if (!file_make_folder(folder)) fprintf(stderr, "edulab: cannot make %s: %m\n", path);
}

/* --- asking and fetching ------------------------------------------------------------------------------------------------ */

void privacy_export_apply(struct request *r)
{
    struct privacy_sql_last_export last;
    struct work_row job;
    if (privacy_sql_last_export(r->db, r->who.person_id, &last) && last.ready_at == DB_NULL &&
        work_find_key(r->db, "privacy.export", id_lower(r->arena, last.id), &job) &&
        job.state != JOB_BURIED) {
        http_redirect(r, S("/compte/donnees"), "donnees-en-cours");
        return;
    }
    int64_t id = id_new();
    privacy_sql_add_export(r->db, id, r->who.person_id, str_from(lang_code(r->lang)), r->now);
    job_add(r->db, "privacy.export", id_lower(r->arena, id),
            json_pack("{s:I}", "export", (json_int_t)id), 0);
    http_redirect(r, S("/compte/donnees"), "donnees-demandees");
}

static bool mine(struct request *r, struct privacy_sql_last_export *ret)
{
    const struct privacy_id_form *f = r->form;
    if (privacy_sql_export(r->db, f->id, ret) && ret->person_id == r->who.person_id) return true;
    http_fail(r, 404, STR_NONE); /* not theirs, or not there: the same answer */
    return false;
}

void privacy_export_get(struct request *r)
{
    struct privacy_sql_last_export e;
    if (!mine(r, &e)) return;
    if (e.ready_at == DB_NULL || e.expires_at <= r->now) {
        http_fail(r, 410,
                  R_(N_("This file has been deleted after seven days. Ask for a new one: "
                        "it takes a moment.")));
        return;
    }
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"mes-donnees-edulab.zip\""));
    http_file(r, arena_printf(r->arena, "exports/%.*s.zip", STR(id_lower(r->arena, e.id))),
              "application/zip", false);
}

void privacy_export_progress(struct request *r)
{
    struct privacy_sql_last_export e;
    struct work_row job;
    if (!mine(r, &e)) return;
    bool known = work_find_key(r->db, "privacy.export", id_lower(r->arena, e.id), &job);
    bool over = e.ready_at != DB_NULL || !known || job.state == JOB_BURIED;
    http_json(r, 200,
              json_pack("{s:i, s:b, s:s}", "progress",
                        e.ready_at != DB_NULL ? 1000
                        : known               ? job.progress
                                              : 0,
                        "over", (int)over, "text", ""));
}

/* --- the archive --------------------------------------------------------------------------------------------------------- */

struct zip {
    struct job *job;
    struct arena *arena;
    struct archive *out;
    enum lang lang;
    int64_t now;
    int steps, done;
    bool failed, stopped;
};

static void put_file(struct zip *z, struct str name, struct str data)
{
    if (z->failed) return;
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, arena_printf(z->arena, TOP "%.*s", STR(name)).p);
    archive_entry_set_size(entry, (la_int64_t)data.n);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_mtime(entry, z->now / 1000, 0);
    z->failed = archive_write_header(z->out, entry) != ARCHIVE_OK ||
                (data.n && archive_write_data(z->out, data.p, data.n) != (la_ssize_t)data.n);
    archive_entry_free(entry);
}

static void step(struct zip *z)
{
    z->done++;
    if (!job_progress(z->job, z->done * 1000 / (z->steps + 1))) z->failed = z->stopped = true;
}

/* A page that stands by itself: it is read from a disk, without us. */
static const char head[] =
    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width,initial-scale=1\">"
    "<style>body{font:1.0625rem/1.5 system-ui,sans-serif;color:#1b1b4b;background:#fff;margin:2rem "
    "auto;max-width:64rem;padding:0 1rem}h1{font-size:2.25rem;line-height:1.1}h2{margin-top:3rem;"
    "border-bottom:3px solid;padding-bottom:.25rem}.t{overflow-x:auto}table{border-collapse:"
    "collapse;width:100%}th,td{border:1px solid #aab4c0;padding:.4rem .6rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere;min-width:6rem}thead th{background:#1b1b4b;color:"
    "#fff}.muted{color:#50506e}</style>";

static struct str document(struct zip *z, const struct privacy_held *held, size_t n,
                           const struct account *who)
{
    struct buf out = BUF_INIT(PAGE_MOST);
    struct page pg = { .out = &out, .arena = z->arena, .lang = z->lang, .now = z->now };
    struct str title = lang_text(z->lang, N_("My data at eduLAB"));
    buf_printf(&out, "<!doctype html><html lang=\"%s\"><head>%s<title>%.*s</title></head><body>",
               lang_code(z->lang), head, STR(title));
    privacy_document(&pg, held, n, who->name, who->email);
    buf_lit(&out, "</body></html>\n");
    z->failed |= out.full;
    struct str text = arena_dup(z->arena, buf_view(&out));
    buf_finish(&out);
    return text;
}

static void put_json(struct zip *z, const struct privacy_held *held, size_t n)
{
    json_t *all = privacy_json(z->arena, held, n);
    char *text = json_dumps(all, JSON_INDENT(2));
    json_decref(all);
    if (!text) z->failed = true;
    else put_file(z, S("donnees.json"), str_from(text));
    free(text);
}

static void put_files(struct zip *z, struct db *db, int64_t person_id)
{
    const struct privacy_source *const *sources = privacy_sources();
    for (size_t i = 0; sources[i]; i++) {
        struct privacy_file *files;
        size_t n = sources[i]->files ? sources[i]->files(db, person_id, &files) : 0;
        for (size_t k = 0; k < n; k++)
            put_file(
                z, arena_printf(z->arena, "fichiers/%s/%.*s", sources[i]->name, STR(files[k].name)),
                files[k].data);
        step(z);
    }
}

static void fill(struct zip *z, struct db *db, const struct account *who)
{
    struct privacy_held *held;
    size_t n = privacy_hold_all(db, who->id, &held), sources = 0;
    while (privacy_sources()[sources])
        sources++;
    z->steps = (int)(n + sources + 2);
    put_file(z, S("index.html"), document(z, held, n, who));
    step(z);
    put_json(z, held, n);
    step(z);
    for (size_t i = 0; i < n; i++) {
        if (held[i].n)
            put_file(z,
                     arena_printf(z->arena, "csv/%s-%s.csv", held[i].source->name,
                                  held[i].section->name),
                     privacy_csv(z->arena, z->lang, &held[i]));
        step(z);
    }
    put_files(z, db, who->id);
}

static bool write_zip(struct zip *z, struct db *db, const struct account *who, struct str path)
{
    z->out = archive_write_new();
    z->failed = archive_write_set_format_zip(z->out) != ARCHIVE_OK ||
                archive_write_open_filename(z->out, path.p) != ARCHIVE_OK;
    fill(z, db, who);
    z->failed |= archive_write_close(z->out) != ARCHIVE_OK;
    archive_write_free(z->out);
    return !z->failed && !db_failed(db);
}

struct made {
    int64_t id, size;
};

enum job_result privacy_export_run(struct job *job)
{
    int64_t id = job_number(job, "export");
    struct made *made = job->state = arena_new(job->arena, struct made);
    struct privacy_sql_last_export e;
    struct account who;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return JOB_RETRY;
    if (!privacy_sql_export(db, id, &e) || !people_find(db, e.person_id, &who)) {
        bool gone = !db_failed(db);
        db_read_end(db);
        return gone ? JOB_DONE : JOB_RETRY; /* the account was closed meanwhile */
    }
    struct zip z = { .job = job, .arena = job->arena, .now = time_now() };
    lang_from_code(e.lang, &z.lang);
    struct str name = id_lower(job->arena, id);
    struct str beside = arena_printf(job->arena, "%.*s/.tmp-%.*s", STR(folder), STR(name));
    struct str path = arena_printf(job->arena, "%.*s/%.*s.zip", STR(folder), STR(name));
    bool ok = write_zip(&z, db, &who, beside) && rename(beside.p, path.p) == 0;
    db_read_end(db);
    if (!ok) {
        job_explain(job, S("the file could not be written"));
        unlink(beside.p);
        return JOB_RETRY;
    }
    *made = (struct made){ .id = id, .size = file_size(path) };
    return JOB_DONE;
}

bool privacy_export_made(struct db *db, struct job *job)
{
    const struct made *made = job->state;
    int64_t now = time_now();
    if (made->id) privacy_sql_export_ready(db, made->id, now, now + KEPT, made->size);
    return true;
}

/* --- clearing away -------------------------------------------------------------------------------------------------------- */

static bool is_over(struct db *db, struct str name, int64_t now)
{
    int64_t id;
    struct privacy_sql_last_export e;
    if (str_starts(name, S(".tmp-"))) name = str_sub(name, 5, name.n);
    if (!id_parse(str_sub(name, 0, ID_TEXT), &id)) return false; /* not ours */
    if (!privacy_sql_export(db, id, &e)) return !db_failed(db);
    return e.ready_at != DB_NULL && e.expires_at <= now;
}

enum job_result privacy_sweep_run(struct job *job)
{
    struct db *db = db_read_begin(job->database, job->arena);
    DIR *dir = db ? opendir(folder.p) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct str name = str_from(entry->d_name);
        if (name.n > ID_TEXT && is_over(db, name, time_now()))
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    bool ok = dir && !db_failed(db);
    if (dir) closedir(dir);
    if (db) db_read_end(db);
    return ok ? JOB_DONE : JOB_RETRY;
}

bool privacy_sweep_apply(struct db *db, struct job *job)
{
    (void)job;
    privacy_sql_drop_old_exports(db, time_now());
    return true;
}
