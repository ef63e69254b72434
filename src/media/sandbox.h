/* Runs a program that touches what people gave us: ffmpeg, ffprobe, file, espeak-ng. Nothing else starts programs here.
 *
 * The child has no network (own namespace when permitted, and seccomp refuses sockets in any case), cannot start
 * processes, trace, mount or leave its process group, sees only the system's programs and the paths it was given
 * (Landlock, where the kernel has it), has no capabilities but reading past file modes when we are root, an environment
 * of three variables, no descriptors of ours, and limits on time, memory and file size. It dies at its deadline, when
 * the caller says stop, and when the calling thread dies. */
#ifndef EDULAB_MEDIA_SANDBOX_H
#define EDULAB_MEDIA_SANDBOX_H

#include "base/arena.h"

enum sandbox_end {
    SANDBOX_OK,      /* ended by itself with 0 */
    SANDBOX_EXIT,    /* ended by itself with `code` */
    SANDBOX_SIGNAL,  /* killed by signal `code`: a crash, or a forbidden system call */
    SANDBOX_TIMEOUT, /* passed its deadline or its CPU time */
    SANDBOX_SIZE,    /* wrote a file past file_size */
    SANDBOX_OUTPUT,  /* said more than out_max */
    SANDBOX_STOPPED, /* the caller's `line` said stop */
    SANDBOX_MISSING, /* there is no such program */
    SANDBOX_FAILED,  /* could not be started; `code` is the errno */
};

struct sandbox_job {
    const char *const *argv; /* NULL-terminated; argv[0] is a name looked up in PATH */
    struct str folder; /* it works in here and may write here; STR_NONE: it may write nowhere */
    const struct str *reads; /* files and folders it may read besides */
    size_t read_count;
    int64_t deadline_ms; /* of wall clock from now; 0 = a minute */
    int cpu_seconds;     /* of all threads together; 0 = 60 */
    int64_t memory;      /* address space, bytes; 0 = 1 GiB */
    int64_t file_size;   /* largest file it may write, bytes; 0 = 64 MiB */
    size_t out_max;      /* of standard output, bytes; 0 = 1 MiB; not for `line` */
    int nice;            /* 0 as we are … 19 */
    bool may_pause; /* sandbox_hold_when() may hold it; that time does not count for its deadline */
    /* When set, gets standard output line by line (at most 4 KiB each), and STR_NONE about each second without one.
     * False kills the child. */
    bool (*line)(void *context, struct str line);
    void *context;
};

struct sandbox_result {
    enum sandbox_end end;
    int code;
    struct str out; /* standard output, when `line` is not set */
    struct str err; /* the last 8 KiB of standard error */
};

/* Runs to the end. Texts live in the arena. */
struct sandbox_result sandbox_run(struct arena *arena, const struct sandbox_job *job);
/* Children of this process that may pause stand still as long as this says true; it is asked some times a second. */
void sandbox_hold_when(bool (*hold)(void));
/* A sentence for logs and lists of failures: "ffmpeg: passed its deadline". In English, not for pages. */
struct str sandbox_words(struct arena *arena, const char *program,
                         const struct sandbox_result *result);
/* True when the kernel also limits which files the child sees. */
bool sandbox_hides_files(void);

#endif
