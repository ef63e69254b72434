/* Running ffmpeg for a video, and the way of what it made from the temporary folder to its place. */
#include "media/making.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/file.h"

#define LARGEST_FILE ((int64_t)16 * 1024 * MIB)
#define MEMORY ((int64_t)6 * 1024 * MIB)

void args_add(struct arguments *args, const char *const *words)
{
    for (; *words; words++)
        if (args->n < ARGS_MAX - 1) args->list[args->n++] = *words;
    args->list[args->n] = NULL;
}

void args_start(struct arguments *args)
{
    args->n = 0;
    ADD(args, "ffmpeg", "-nostdin", "-v", "error", "-y", "-progress", "pipe:1", "-nostats");
}

void args_source(struct making *m, struct arguments *args)
{
    ADD(args, "-format_whitelist", probe_formats, "-protocol_whitelist", "file", "-i",
        arena_printf(m->arena, "file:%.*s", STR(m->job->source)).p);
}

bool making_tell(struct making *m, int thousandths)
{
    if (thousandths > m->thousandths) m->thousandths = thousandths;
    return !m->job->progress || m->job->progress(m->job->context, m->thousandths);
}

bool making_goes_on(void *context)
{
    struct making *m = context;
    return making_tell(m, m->thousandths);
}

/* The picture's or sound's time that ffmpeg has written, as progress. Called about each second in any case. */
static bool hear(void *context, struct str line)
{
    struct making *m = context;
    int64_t us, all = m->probe->duration_ms > 0 ? m->probe->duration_ms : 1;
    if (line.p && !str_starts(line, S("out_time_us="))) return true;
    int64_t at = m->thousandths;
    if (line.p && str_to_int(str_sub(line, 12, line.n), &us) && us > 0)
        at = m->from + us / 1000 * (m->to - m->from) / all;
    return making_tell(m, (int)(at > m->to ? m->to : at));
}

static enum media_result judge(struct making *m, const struct sandbox_result *r)
{
    if (r->end == SANDBOX_OK) return MEDIA_OK;
    m->result->why = sandbox_words(m->arena, "ffmpeg", r);
    if (r->end == SANDBOX_STOPPED) return MEDIA_STOPPED;
    if (str_search(r->err, S("No space left on device")) < r->err.n) return MEDIA_FULL;
    if (r->end == SANDBOX_TIMEOUT) {
        m->result->reason = PROBE_SLOW;
        return MEDIA_BAD;
    }
    if (r->end == SANDBOX_EXIT || r->end == SANDBOX_SIGNAL) {
        m->result->reason = PROBE_CUT;
        return MEDIA_BAD;
    }
    return MEDIA_FAILED;
}

enum media_result making_run(struct making *m, const struct arguments *args)
{
    struct str reads[3] = { m->final };
    struct sandbox_job job = { .argv = args->list, .folder = m->folder, .reads = reads };
    job.read_count = 1;
    if (m->job->source.p) reads[job.read_count++] = m->job->source; /* some work needs none */
    if (m->picture.p) reads[job.read_count++] = m->picture;
    job.deadline_ms = 10 * MINUTE_MS + 20 * m->probe->duration_ms;
    job.cpu_seconds = (int)(4 * job.deadline_ms / 1000);
    job.memory = MEMORY;
    job.file_size = LARGEST_FILE;
    job.nice = 10;
    job.may_pause = true;
    job.line = hear;
    job.context = m;
    struct sandbox_result r = sandbox_run(m->arena, &job);
    enum media_result result = judge(m, &r);
    if (result == MEDIA_OK && !making_tell(m, m->to)) return MEDIA_STOPPED;
    return result;
}

enum media_result making_failed(struct making *m, const char *doing)
{
    int error = errno;
    m->result->why = arena_printf(m->arena, "%s: %s", doing, strerror(error));
    return file_error_is_full(error) ? MEDIA_FULL : MEDIA_FAILED;
}

/* --- folders -------------------------------------------------------------------------------------------- */

enum media_result making_begin(struct making *m)
{
    const struct transcode_job *job = m->job;
    char id[ID_TEXT + 1];
    id_format(id_new(), id);
    errno = EINVAL;
    if (!media_name_valid(job->name)) return making_failed(m, "name");
    m->final = file_join(m->arena, job->hls, job->name);
    if (!file_make_folder(m->final)) return making_failed(m, "folder");
    /* what an earlier try of this video left when it was killed */
    file_remove_stale(job->hls, arena_printf(m->arena, ".tmp-%.*s-", STR(job->name)));
    m->folder = arena_printf(m->arena, "%.*s/.tmp-%.*s-%s", STR(job->hls), STR(job->name), id);
    if (!file_make_folder(m->folder)) return making_failed(m, "folder");
    m->lock = file_lock(m->folder, O_RDONLY | O_DIRECTORY);
    return m->lock >= 0 ? MEDIA_OK : making_failed(m, "lock");
}

void making_end(struct making *m)
{
    if (m->folder.p) file_remove_tree(m->folder);
    if (m->lock >= 0) close(m->lock);
}

bool making_has(struct making *m, struct str entry)
{
    return access(file_join(m->arena, m->final, entry).p, F_OK) == 0;
}

static bool sync_file(struct str path)
{
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return ok;
}

enum media_result making_place(struct making *m, struct str entry)
{
    struct str from = file_join(m->arena, m->folder, entry);
    struct str to = file_join(m->arena, m->final, entry);
    struct stat st;
    if (stat(from.p, &st) != 0) return making_failed(m, "place");
    bool folder = S_ISDIR(st.st_mode);
    if (!(folder ? file_sync_tree(from) : sync_file(from))) return making_failed(m, "sync");
    if (!making_tell(m, m->thousandths)) return MEDIA_STOPPED;
    if (rename(from.p, to.p) != 0 && !(folder && (errno == EEXIST || errno == ENOTEMPTY)))
        return making_failed(m, "place");
    return file_sync_folder(m->final) ? MEDIA_OK : making_failed(m, "place");
}
