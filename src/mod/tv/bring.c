/* Other ways in than the page: `edulab tv add FILE` and a folder that is watched. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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
    INBOX_MOST = 20,               /* files taken in one go */
    QUIET_MS = 15 * 1000,          /* a file that changed more lately may still be arriving */
    CUT_QUIET_MS = 10 * MINUTE_MS, /* so long may a slow line stand still in the middle of one */
    NAMES_MOST = 1000,
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
    bool partial; /* it changed while it was copied: nobody needs what was copied */
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
    bool stuck; /* a file could not be moved away: said when nothing else is to be done */
};

static bool tick(void *context, int64_t done)
{
    (void)done;
    return job_progress(context, 0);
}

static int64_t ms_of(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A plain file that has not changed for a while. */
static bool quiet(struct str path, int64_t now, struct stat *ret)
{
    return lstat(path.p, ret) == 0 && S_ISREG(ret->st_mode) &&
           ms_of(ret->st_ctim) <= now - QUIET_MS;
}

static bool same(struct str path, const struct stat *before)
{
    struct stat st;
    return lstat(path.p, &st) == 0 && st.st_ino == before->st_ino &&
           st.st_size == before->st_size && ms_of(st.st_ctim) == ms_of(before->st_ctim);
}

/* "film.mp4", or "2-film.mp4" when there is one of that name: nothing of what people gave is written over. */
static struct str free_name(struct job *job, struct str folder, struct str name)
{
    struct str path = file_join(job->arena, folder, name);
    for (int i = 2; access(path.p, F_OK) == 0 && i < NAMES_MOST; i++)
        path = arena_printf(job->arena, "%.*s/%d-%.*s", STR(folder), i, STR(name));
    return path;
}

/* Where it is then; STR_NONE: it stays where it was. */
static struct str move_to(struct job *job, struct str name, const char *folder)
{
    struct str to = file_join(job->arena, config.inbox, str_from(folder));
    struct str path = free_name(job, to, name);
    bool moved =
        file_make_folder(to) && rename(file_join(job->arena, config.inbox, name).p, path.p) == 0;
    if (!moved) job_explain(job, arena_printf(job->arena, "%.*s: %s", STR(to), strerror(errno)));
    return moved ? path : STR_NONE;
}

static bool refuse(struct job *job, struct str name, enum probe_reason reason)
{
    struct str to = move_to(job, name, "refused");
    if (!to.p) return false;
    file_write(arena_printf(job->arena, "%.*s.txt", STR(to)),
               arena_printf(job->arena, "%s\n", lang_text(LANG_FR, probe_sentence(reason)).p));
    return true;
}

enum known { KNOWN, NEW, UNKNOWN };

/* Is this content in the library? Asked after the copy, which may take long: no snapshot is held meanwhile. */
static enum known look_up(struct job *job, struct str blob)
{
    struct tv_sql_is_video row;
    struct db *db = db_read_begin(job->database, job->arena);
    if (!db) return UNKNOWN;
    bool found = tv_sql_is_video(db, blob, &row), failed = db_failed(db);
    db_read_end(db);
    return failed ? UNKNOWN : found ? KNOWN : NEW;
}

/* False: stop, the lease is lost, the disk or the database fails. */
static bool take(struct job *job, struct haul *haul, struct str name, const struct stat *st,
                 int64_t now)
{
    struct probe probe;
    struct str path = file_join(job->arena, config.inbox, name), blob;
    enum probe_reason reason = probe_file(job->arena, path, &probe);
    if (reason == PROBE_FAILED || !same(path, st)) return true; /* next time */
    /* half a film may be one that is still arriving */
    bool half = reason == PROBE_CUT || reason == PROBE_EMPTY;
    if (half && ms_of(st->st_mtim) > now - CUT_QUIET_MS) return true;
    if (reason != PROBE_OK) {
        haul->stuck |= !refuse(job, name, reason);
        return true;
    }
    if (blob_copy(media_blobs(), job->arena, path, tick, job, &blob, NULL) != BLOB_OK) return false;
    bool changed = !same(path, st);
    enum known known = changed ? NEW : look_up(job, blob);
    if (known == KNOWN) {
        haul->stuck |= !move_to(job, name, "brought").p;
        return true;
    }
    haul->files[haul->count++] =
        (struct brought){ .name = name, .blob = blob, .partial = changed || known == UNKNOWN };
    return known != UNKNOWN;
}

enum job_result tv_inbox_run(struct job *job)
{
    struct haul *haul = job->state = arena_new(job->arena, struct haul);
    struct stat st;
    DIR *dir = config.inbox.n ? opendir(arena_cstr(job->arena, config.inbox)) : NULL;
    if (!dir) return JOB_DONE;
    int64_t now = time_now();
    bool well = true;
    for (struct dirent *entry; well && haul->count < INBOX_MOST && (entry = readdir(dir));) {
        struct str name = arena_dup(job->arena, str_from(entry->d_name));
        if (name.p[0] == '.' || !utf8_valid(name)) continue;
        if (quiet(file_join(job->arena, config.inbox, name), now, &st))
            well = take(job, haul, name, &st, now);
    }
    closedir(dir);
    if (!well) job_explain(job, S("the watched folder could not be brought in"));
    return well && (haul->count || !haul->stuck) ? JOB_DONE : JOB_RETRY;
}

bool tv_inbox_apply(struct db *db, struct job *job)
{
    const struct haul *haul = job->state;
    struct tv_sql_is_video known;
    for (size_t i = 0; i < haul->count; i++)
        if (haul->files[i].partial) media_let_go(db, haul->files[i].blob);
        else if (!tv_sql_is_video(db, haul->files[i].blob, &known))
            tv_add_file(db, haul->files[i].name, haul->files[i].blob, DB_NULL);
    return true;
}
