/* Other ways in than the page: `edulab tv add FILE` and a folder that is watched. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/settings.h"
#include "base/time.h"
#include "base/utf8.h"
#include "html/lang.h"
#include "media/blob.h"
#include "media/file.h"
#include "media/media.h"
#include "media/probe.h"
#include "mod/tv/pages.h"

enum {
    INBOX_MOST = 20,      /* files taken in one go */
    QUIET_MS = 15 * 1000, /* a file that changed more lately may still be arriving */
};

static struct {
    struct str inbox;
} config;

void tv_bring_start(struct settings *settings)
{
    config.inbox = settings_text(settings, "inbox");
}

static struct str base_name(struct str path)
{
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    return str_sub(path, from, path.n);
}

struct brought {
    struct str name, blob;
    int64_t id;
};

static bool bring(struct db *db, void *context)
{
    struct brought *b = context;
    b->id = tv_add_file(db, b->name, b->blob, DB_NULL);
    return b->id != 0;
}

/* --- edulab tv add ------------------------------------------------------------------------------------------ */

static int add_one(struct command_context *c, const char *file)
{
    struct probe probe;
    struct brought b = { .name = base_name(str_from(file)) };
    char *path = realpath(file, NULL);
    if (!path) {
        fprintf(stderr, "edulab: %s: %s\n", file, strerror(errno));
        return 1;
    }
    struct str whole = arena_dup(c->arena, str_from(path));
    free(path);
    enum probe_reason reason = probe_file(c->arena, whole, &probe);
    if (reason != PROBE_OK) {
        fprintf(stderr, "edulab: %s: %s\n", file, probe_sentence(reason));
        return 1;
    }
    enum blob_result stored = blob_copy(media_blobs(), c->arena, whole, NULL, NULL, &b.blob, NULL);
    if (stored != BLOB_OK) {
        fprintf(stderr, "edulab: %s: %s\n", file,
                stored == BLOB_FULL ? "the disk is full" : strerror(errno));
        return 1;
    }
    if (db_change_run(c->database, c->arena, bring, &b) != DB_COMMITTED) {
        fprintf(stderr, "edulab: %s was not added\n", file);
        return 1;
    }
    printf("%s is being prepared: /gestion/videos/%.*s\n", file,
           STR(tv_folder_name(c->arena, b.id, 0)));
    return 0;
}

static int run_add(struct command_context *c, int argc, char **argv)
{
    int status = 0;
    if (argc == 0) {
        fputs("edulab tv add FILE …: which files?\n", stderr);
        return 2;
    }
    media_start(c->settings);
    for (int i = 0; i < argc; i++)
        if (add_one(c, argv[i]) != 0) status = 1;
    return status;
}

const struct command tv_commands[] = {
    { "tv add", "FILE …",
      "Brings videos of this machine in; a running server or worker prepares them.", run_add },
    { 0 },
};

/* --- the watched folder ------------------------------------------------------------------------------------- */

/* What run hands to apply. A file is moved away only once its content is seen in the library, so that a crash in between
 * neither loses it nor brings it twice. */
struct haul {
    struct brought files[INBOX_MOST];
    size_t count;
};

static bool tick(void *context, int64_t done)
{
    (void)done;
    return job_progress(context, 0);
}

static bool quiet(struct str path, int64_t now)
{
    struct stat st;
    if (lstat(path.p, &st) != 0 || !S_ISREG(st.st_mode)) return false;
    int64_t changed = (int64_t)st.st_ctim.tv_sec * 1000 + st.st_ctim.tv_nsec / 1000000;
    return changed <= now - QUIET_MS;
}

static void move_to(struct job *job, struct str name, const char *folder)
{
    struct str to = file_join(job->arena, config.inbox, str_from(folder));
    if (!file_make_folder(to)) return;
    rename(file_join(job->arena, config.inbox, name).p, file_join(job->arena, to, name).p);
}

static void refuse(struct job *job, struct str name, enum probe_reason reason)
{
    struct str note =
        arena_printf(job->arena, "%.*s/refused/%.*s.txt", STR(config.inbox), STR(name));
    move_to(job, name, "refused");
    file_write(note,
               arena_printf(job->arena, "%s\n", lang_text(LANG_FR, probe_sentence(reason)).p));
}

/* False: stop, the lease is lost or the disk fails. */
static bool take(struct db *db, struct job *job, struct haul *haul, struct str name)
{
    struct probe probe;
    struct tv_sql_is_video known;
    struct str path = file_join(job->arena, config.inbox, name), blob;
    enum probe_reason reason = probe_file(job->arena, path, &probe);
    if (reason == PROBE_FAILED) return true; /* ours: next time */
    if (reason != PROBE_OK) {
        refuse(job, name, reason);
        return true;
    }
    if (blob_copy(media_blobs(), job->arena, path, tick, job, &blob, NULL) != BLOB_OK) return false;
    if (tv_sql_is_video(db, blob, &known)) move_to(job, name, "brought");
    else haul->files[haul->count++] = (struct brought){ .name = name, .blob = blob };
    return true;
}

enum job_result tv_inbox_run(struct job *job)
{
    struct haul *haul = job->state = arena_new(job->arena, struct haul);
    DIR *dir = config.inbox.n ? opendir(arena_cstr(job->arena, config.inbox)) : NULL;
    if (!dir) return JOB_DONE;
    struct db *db = db_read_begin(job->database, job->arena);
    int64_t now = time_now();
    bool well = db != NULL;
    for (struct dirent *entry; well && haul->count < INBOX_MOST && (entry = readdir(dir));) {
        struct str name = arena_dup(job->arena, str_from(entry->d_name));
        if (name.p[0] == '.' || !utf8_valid(name)) continue;
        if (quiet(file_join(job->arena, config.inbox, name), now)) well = take(db, job, haul, name);
    }
    closedir(dir);
    well = well && !db_failed(db);
    if (db) db_read_end(db);
    if (!well) job_explain(job, S("the watched folder could not be brought in"));
    return well ? JOB_DONE : JOB_RETRY;
}

bool tv_inbox_apply(struct db *db, struct job *job)
{
    const struct haul *haul = job->state;
    struct tv_sql_is_video known;
    for (size_t i = 0; i < haul->count; i++)
        if (!tv_sql_is_video(db, haul->files[i].blob, &known))
            tv_add_file(db, haul->files[i].name, haul->files[i].blob, DB_NULL);
    return true;
}
