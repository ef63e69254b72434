/* What happens to an upload once all its bytes are here, and to those that nobody finishes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/id.h"
#include "base/time.h"
#include "media/blob.h"
#include "media/file.h"
#include "media/media.h"
#include "media/sniff.h"
#include "media_sql.h"

enum { LOOSE_MOST = 500 };

#define LOOSE_FOR (6 * HOUR_MS)  /* how long a blob that was let go stays */
#define REMEMBERED (30 * DAY_MS) /* how long an upload that is over can still be asked about */

/* --- media.store ---------------------------------------------------------------------------------------- */

/* What run hands to apply. */
struct stored {
    struct media_sql_upload upload;
    struct str blob, type;
    int64_t size;
};

struct hashing {
    struct job *job;
    int64_t size;
};

static bool hashed(void *context, int64_t done)
{
    const struct hashing *h = context;
    return job_progress(h->job, (int)(done * 1000 / (h->size > 0 ? h->size : 1)));
}

static bool load_upload(struct job *job, struct media_sql_upload *ret, bool *ret_found)
{
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return false;
    *ret_found = media_sql_upload(db, job_number(job, "upload"), ret);
    bool ok = !db_failed(db);
    db_read_end(db);
    return ok;
}

static enum job_result store_failed(struct job *job, enum blob_result result)
{
    if (result == BLOB_MISSING) {
        job_explain(job, S("the bytes of the upload are gone"));
        return JOB_DEAD;
    }
    job_explain(job, result == BLOB_FULL ? S("the disk is full") : str_from(strerror(errno)));
    return JOB_RETRY;
}

static enum job_result store_run(struct job *job)
{
    struct stored *s = job->state = arena_new(job->arena, struct stored);
    bool found = false;
    if (!load_upload(job, &s->upload, &found)) {
        job_explain(job, S("the database cannot be read"));
        return JOB_RETRY;
    }
    if (!found || !str_is(s->upload.state, "received")) return JOB_DONE;
    struct str path =
        file_join(job->arena, media_uploads_folder(), id_lower(job->arena, s->upload.id));
    s->type = sniff_type(job->arena, path);
    struct hashing hashing = { job, s->upload.size };
    enum blob_result result =
        blob_adopt(media_blobs(), job->arena, path, hashed, &hashing, &s->blob, &s->size);
    if (result != BLOB_OK) return store_failed(job, result);
    if (s->size == s->upload.size) return JOB_DONE;
    job_explain(job, S("the file is shorter than what was acknowledged"));
    return JOB_DEAD;
}

static bool store_apply(struct db *db, struct job *job)
{
    const struct stored *s = job->state;
    if (!s->blob.p) return true;
    if (media_sql_store(db, s->upload.id, s->blob, s->type) == 0) return true;
    event_emit(db, "media.uploaded",
               json_pack("{s:I, s:s%, s:s%, s:I, s:s%, s:I, s:s%}", "upload",
                         (json_int_t)s->upload.id, "blob", s->blob.p, s->blob.n, "name",
                         s->upload.name.p, s->upload.name.n, "size", (json_int_t)s->size, "type",
                         s->type.p, s->type.n, "person", (json_int_t)s->upload.person_id, "purpose",
                         s->upload.purpose.p, s->upload.purpose.n));
    return true;
}

/* --- media.sweep ---------------------------------------------------------------------------------------- */

/* True when nobody will ask for the bytes of this upload any more. */
static bool is_over(struct db *db, struct str name, int64_t now)
{
    int64_t id;
    struct media_sql_upload u;
    if (!id_parse(name, &id)) return false; /* not ours */
    if (!media_sql_upload(db, id, &u)) return !db_failed(db);
    if (str_is(u.state, "received")) return false;
    return !str_is(u.state, "open") || u.expires_at <= now;
}

static void remove_unlocked(struct arena *a, struct str name)
{
    struct str path = file_join(a, media_uploads_folder(), name);
    int fd = file_lock(path, O_RDONLY);
    if (fd < 0) return;
    unlink(path.p);
    close(fd);
}

/* What sweep_run hands to apply. */
struct swept {
    struct media_sql_loose *rows;
    size_t count;
    int64_t before;
};

/* A blob nobody needs goes, unless somebody brought the same bytes in during the last hours. */
static bool sweep_blobs(struct db *db, struct job *job, int64_t now)
{
    struct swept *s = job->state = arena_new(job->arena, struct swept);
    s->before = now - LOOSE_FOR;
    s->count = media_sql_loose(db, s->before, LOOSE_MOST, &s->rows);
    for (size_t i = 0; i < s->count; i++)
        if (!media_needed(db, s->rows[i].blob) && !db_failed(db))
            blob_collect(media_blobs(), s->rows[i].blob, s->before);
    for (size_t i = 0; i < s->count; i++) /* rows of the snapshot live no longer than it */
        s->rows[i].blob = arena_dup(job->arena, s->rows[i].blob);
    return !db_failed(db);
}

static enum job_result sweep_run(struct job *job)
{
    struct db *db = db_read_begin(job->database, job->arena);
    DIR *dir = db ? opendir(arena_cstr(job->arena, media_uploads_folder())) : NULL;
    int64_t now = time_now();
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct str name = arena_dup(job->arena, str_from(entry->d_name));
        if (name.p[0] != '.' && is_over(db, name, now)) remove_unlocked(job->arena, name);
    }
    bool ok = dir && !db_failed(db);
    if (dir) closedir(dir);
    ok = ok && sweep_blobs(db, job, now);
    if (db) db_read_end(db);
    if (!ok) job_explain(job, S("the uploads could not be looked through"));
    return ok ? JOB_DONE : JOB_RETRY;
}

static bool sweep_apply(struct db *db, struct job *job)
{
    int64_t now = time_now();
    const struct swept *s = job->state;
    for (size_t i = 0; i < s->count; i++)
        media_sql_settled(db, s->rows[i].blob, s->before);
    media_sql_expire(db, now);
    media_sql_let_go_forgotten(db, now - REMEMBERED, now);
    media_sql_forget(db, now - REMEMBERED);
    return true;
}

const struct job_kind media_jobs[] = {
    { .name = "media.store", .run = store_run, .apply = store_apply, .lane = 1 },
    { .name = "media.sweep", .run = sweep_run, .apply = sweep_apply },
    { 0 },
};

const struct schedule media_schedules[] = {
    { "media.sweep", 60 },
    { 0 },
};
