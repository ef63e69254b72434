/* Starting, watching and ending one child. Between fork and exec only async-signal-safe calls: we are threaded. */
#include "media/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "media/sandbox_rules.h"

enum {
    LINE_MAX_BYTES = 4 * KIB,
    ERR_MAX = 8 * KIB,
    TICK_MS = 1000,
    NOT_OURS = 127 << 8, /* a wait status: somebody else took the child's end */
    GRACE_MS = 5000,     /* for a child that closed its outputs but has not ended */
};

/* Everything the child needs, made before fork. */
struct start {
    const struct sandbox_job *job;
    const char *program, *folder;
    char *environment[4];
    int out, err, failure; /* write ends */
    int landlock;
    pid_t parent;
};

/* A running child, as the parent sees it. */
struct watch {
    const struct sandbox_job *job;
    struct arena *arena;
    pid_t pid;
    int out, err; /* read ends, -1 when ended */
    struct buf text;
    char line[LINE_MAX_BYTES];
    size_t line_length;
    char tail[ERR_MAX];
    size_t tail_length;
    int64_t deadline, next_tick;
    int64_t held_at;          /* since when the child is stopped; 0: it runs */
    enum sandbox_end verdict; /* SANDBOX_OK until we end it */
};

bool sandbox_hides_files(void)
{
    return rules_landlock_version() > 0;
}

/* --- before fork ---------------------------------------------------------------------------------------- */

/* The program's real path, or NULL. */
static const char *find_program(struct arena *a, const char *name)
{
    if (strchr(name, '/')) return access(name, X_OK) == 0 ? name : NULL;
    const char *path = getenv("PATH");
    struct str rest = path && *path ? str_from(path) : S("/usr/local/bin:/usr/bin:/bin");
    while (rest.n > 0) {
        struct str folder = str_cut(&rest, ':');
        if (folder.n == 0 || folder.p[0] != '/') continue;
        const char *full = arena_printf(a, "%.*s/%s", STR(folder), name).p;
        struct stat st;
        if (stat(full, &st) != 0 || !S_ISREG(st.st_mode) || access(full, X_OK) != 0) continue;
        char real[PATH_MAX];
        return realpath(full, real) ? arena_cstr(a, str_from(real)) : NULL;
    }
    return NULL;
}

static void make_environment(struct arena *a, struct start *s)
{
    s->environment[0] = arena_cstr(a, S("PATH=/usr/local/bin:/usr/bin:/bin"));
    s->environment[1] = arena_cstr(a, S("LC_ALL=C.UTF-8"));
    s->environment[2] =
        arena_cstr(a, S("HOME=/nonexistent")); /* nobody leaves settings in the working folder */
    s->environment[3] = NULL;
}

/* --- the child ------------------------------------------------------------------------------------------ */

static bool limit(int what, int64_t soft, int64_t hard)
{
    struct rlimit value = { .rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard };
    return setrlimit((__rlimit_resource_t)what, &value) == 0;
}

static bool set_limits(const struct sandbox_job *job)
{
    int64_t cpu = job->cpu_seconds ? job->cpu_seconds : 60;
    int64_t memory = job->memory ? job->memory : (int64_t)1024 * MIB;
    int64_t size = job->file_size ? job->file_size : (int64_t)64 * MIB;
    return limit(RLIMIT_CPU, cpu, cpu + 2) && limit(RLIMIT_AS, memory, memory) &&
           limit(RLIMIT_FSIZE, size, size) && limit(RLIMIT_CORE, 0, 0) &&
           limit(RLIMIT_NOFILE, 256, 256);
}

static void default_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Never returns. A failure before exec is told through the pipe `failure`, which exec closes. */
static _Noreturn void child(const struct start *s)
{
    default_signals();
    setpgid(0, 0);
    int null = open("/dev/null", O_RDONLY);
    bool ok = null >= 0 && dup2(null, 0) == 0 && dup2(s->out, 1) == 1 && dup2(s->err, 2) == 2;
    ok = ok && (!s->folder || chdir(s->folder) == 0);
    if (s->job->nice) setpriority(PRIO_PROCESS, 0, s->job->nice);
    ok = ok && set_limits(s->job);
    /* 3 becomes the failure pipe, 4 the ruleset; the rest goes. Both are above 4 by now: see place_high(). */
    ok = ok && dup3(s->failure, 3, O_CLOEXEC) == 3;
    int ruleset = s->landlock;
    if (ok && ruleset >= 0) ruleset = dup3(ruleset, 4, O_CLOEXEC);
    ok = ok && syscall(SYS_close_range, 5U, ~0U, 0) == 0;
    ok = ok && rules_apply(ruleset);
    /* after rules_apply: a change of credentials forgets it */
    ok = ok && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == s->parent;
    if (ok) execve(s->program, (char *const *)s->job->argv, s->environment);
    int error = errno;
    ssize_t told = write(ok ? 3 : s->failure, &error, sizeof error);
    if (told < 0 && !ok) told = write(3, &error, sizeof error);
    _exit(told > 0 ? 126 : 127);
}

/* --- the parent ----------------------------------------------------------------------------------------- */

static void kill_child(struct watch *w, enum sandbox_end verdict)
{
    if (w->verdict == SANDBOX_OK) w->verdict = verdict;
    kill(-w->pid, SIGKILL);
    kill(w->pid, SIGKILL); /* before it has its own group */
}

static void say_line(struct watch *w, struct str line)
{
    w->next_tick = time_monotonic() + TICK_MS;
    if (w->verdict == SANDBOX_OK && !w->job->line(w->job->context, line))
        kill_child(w, SANDBOX_STOPPED);
}

static void take_lines(struct watch *w, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n') {
            say_line(w, (struct str){ w->line, w->line_length });
            w->line_length = 0;
        } else if (w->line_length < sizeof w->line) {
            w->line[w->line_length++] = p[i];
        }
    }
}

static void take_out(struct watch *w, const char *p, size_t n)
{
    if (w->job->line) {
        take_lines(w, p, n);
        return;
    }
    buf_put(&w->text, p, n);
    if (w->text.full) kill_child(w, SANDBOX_OUTPUT);
}

static void take_err(struct watch *w, const char *p, size_t n)
{
    if (n > ERR_MAX) {
        p += n - ERR_MAX;
        n = ERR_MAX;
    }
    size_t keep = w->tail_length + n > ERR_MAX ? ERR_MAX - n : w->tail_length;
    memmove(w->tail, w->tail + (w->tail_length - keep), keep);
    memcpy(w->tail + keep, p, n);
    w->tail_length = keep + n;
}

/* Reads what is there; closes and forgets the pipe at its end. */
static void drain(struct watch *w, int *fd, void (*take)(struct watch *, const char *, size_t))
{
    char piece[16 * KIB];
    ssize_t got = read(*fd, piece, sizeof piece);
    if (got > 0) {
        take(w, piece, (size_t)got);
    } else if (got == 0 || errno != EINTR) {
        close(*fd);
        *fd = -1;
    }
}

static bool (*_Atomic held)(void);

void sandbox_hold_when(bool (*hold)(void))
{
    atomic_store(&held, hold);
}

/* Stops the child while there is a pause; its deadline waits too. */
static void check_pause(struct watch *w, int64_t now)
{
    bool (*asked)(void) = atomic_load(&held);
    bool hold = w->job->may_pause && w->verdict == SANDBOX_OK && asked && asked();
    if (hold == (w->held_at != 0)) return;
    kill(-w->pid, hold ? SIGSTOP : SIGCONT);
    if (!hold) w->deadline += now - w->held_at;
    w->held_at = hold ? now : 0;
}

static void check_clock(struct watch *w)
{
    int64_t now = time_monotonic();
    check_pause(w, now);
    if (w->held_at == 0 && now >= w->deadline) kill_child(w, SANDBOX_TIMEOUT);
    else if (w->job->line && now >= w->next_tick) say_line(w, STR_NONE);
}

static void watch_pipes(struct watch *w)
{
    while (w->out >= 0 || w->err >= 0) {
        struct pollfd fds[2] = { { .fd = w->out, .events = POLLIN },
                                 { .fd = w->err, .events = POLLIN } };
        int ready = poll(fds, 2, 250);
        if (ready > 0 && fds[0].revents) drain(w, &w->out, take_out);
        if (ready > 0 && fds[1].revents) drain(w, &w->err, take_err);
        check_clock(w);
    }
    if (w->line_length > 0 && w->job->line) say_line(w, (struct str){ w->line, w->line_length });
}

/* Waits for the end of a child whose pipes are closed. */
static int wait_child(struct watch *w)
{
    int status = 0;
    int64_t until = time_monotonic() + GRACE_MS;
    for (;;) {
        pid_t done = waitpid(w->pid, &status, w->verdict == SANDBOX_OK ? WNOHANG : 0);
        if (done == w->pid) break;
        if (done < 0 && errno != EINTR) return NOT_OURS;
        if (done == 0 && time_monotonic() > until) kill_child(w, SANDBOX_TIMEOUT);
        if (done == 0) poll(NULL, 0, 5);
    }
    return status;
}

static void judge(struct watch *w, int status, struct sandbox_result *r)
{
    if (WIFEXITED(status)) {
        r->code = WEXITSTATUS(status);
        r->end = r->code == 0 ? SANDBOX_OK : SANDBOX_EXIT;
    } else {
        r->code = WTERMSIG(status);
        r->end = r->code == SIGXCPU   ? SANDBOX_TIMEOUT
                 : r->code == SIGXFSZ ? SANDBOX_SIZE
                                      : SANDBOX_SIGNAL;
    }
    if (w->verdict != SANDBOX_OK) r->end = w->verdict;
}

/* Above what child() uses for itself, so that moving one does not close another. */
static bool place_high(int *fd)
{
    int high = fcntl(*fd, F_DUPFD_CLOEXEC, 10);
    if (high < 0) return false;
    close(*fd);
    *fd = high;
    return true;
}

static bool open_pipe(int ret[2])
{
    if (pipe2(ret, O_CLOEXEC) != 0) return false;
    if (place_high(&ret[0]) && place_high(&ret[1])) return true;
    close(ret[0]);
    close(ret[1]);
    return false;
}

static void close_pair(int pair[2])
{
    if (pair[0] >= 0) close(pair[0]);
    if (pair[1] >= 0) close(pair[1]);
}

/* Watches the child to its end. `failure` tells the errno of a start that did not succeed. */
static struct sandbox_result follow(struct arena *arena, struct watch *w, int failure)
{
    struct sandbox_result result = { .out = S(""), .err = S("") };
    watch_pipes(w);
    int status = wait_child(w);
    judge(w, status, &result);
    int error = 0;
    if (read(failure, &error, sizeof error) == (ssize_t)sizeof error) {
        result.end = SANDBOX_FAILED;
        result.code = error;
    }
    result.out = arena_dup(arena, buf_view(&w->text));
    result.err = arena_dup(arena, (struct str){ w->tail, w->tail_length });
    return result;
}

static struct sandbox_result start_and_follow(struct arena *arena, struct start *s)
{
    struct sandbox_result failed = { .end = SANDBOX_FAILED, .out = S(""), .err = S("") };
    int out[2] = { -1, -1 }, err[2] = { -1, -1 }, failure[2] = { -1, -1 };
    if (!open_pipe(out) || !open_pipe(err) || !open_pipe(failure)) {
        failed.code = errno;
        close_pair(out);
        close_pair(err);
        return failed;
    }
    s->out = out[1];
    s->err = err[1];
    s->failure = failure[1];
    s->parent = getpid();
    pid_t pid = fork();
    if (pid == 0) child(s);
    failed.code = errno;
    close(out[1]);
    close(err[1]);
    close(failure[1]);
    if (pid < 0) {
        close(out[0]);
        close(err[0]);
        close(failure[0]);
        return failed;
    }
    setpgid(pid, pid);
    struct watch *w = arena_new(arena, struct watch);
    int64_t now = time_monotonic();
    w->job = s->job;
    w->arena = arena;
    w->pid = pid;
    w->out = out[0];
    w->err = err[0];
    w->text = BUF_INIT(s->job->out_max ? s->job->out_max : 1 * MIB);
    w->deadline = now + (s->job->deadline_ms ? s->job->deadline_ms : MINUTE_MS);
    w->next_tick = now + TICK_MS;
    struct sandbox_result result = follow(arena, w, failure[0]);
    buf_finish(&w->text);
    close(failure[0]);
    return result;
}

struct sandbox_result sandbox_run(struct arena *arena, const struct sandbox_job *job)
{
    struct sandbox_result failed = { .end = SANDBOX_FAILED, .out = S(""), .err = S("") };
    struct start s = { .job = job, .landlock = -1 };
    s.program = find_program(arena, job->argv[0]);
    if (!s.program) {
        failed.end = SANDBOX_MISSING;
        return failed;
    }
    if (!rules_prepare()) {
        failed.code = ENOSYS;
        return failed;
    }
    s.folder = job->folder.p ? arena_cstr(arena, job->folder) : NULL;
    make_environment(arena, &s);
    const char **reads = arena_array(arena, const char *, job->read_count + 1);
    for (size_t i = 0; i < job->read_count; i++)
        reads[i] = arena_cstr(arena, job->reads[i]);
    s.landlock = rules_landlock_open(s.program, reads, job->read_count, s.folder);
    if (s.landlock == -2 || (s.landlock >= 0 && !place_high(&s.landlock))) {
        failed.code = errno;
        return failed;
    }
    struct sandbox_result result = start_and_follow(arena, &s);
    if (s.landlock >= 0) close(s.landlock);
    return result;
}

struct str sandbox_words(struct arena *arena, const char *program, const struct sandbox_result *r)
{
    switch (r->end) {
    case SANDBOX_OK: return arena_printf(arena, "%s: done", program);
    case SANDBOX_EXIT: {
        /* ffmpeg's last line usually says it */
        struct str text = str_trim(r->err);
        size_t from = text.n;
        while (from > 0 && text.p[from - 1] != '\n')
            from--;
        return arena_printf(arena, "%s: ended with %d: %.*s", program, r->code,
                            STR(str_sub(text, from, 300)));
    }
    case SANDBOX_SIGNAL: return arena_printf(arena, "%s: killed by signal %d", program, r->code);
    case SANDBOX_TIMEOUT: return arena_printf(arena, "%s: passed its deadline", program);
    case SANDBOX_SIZE: return arena_printf(arena, "%s: wrote a file past its limit", program);
    case SANDBOX_OUTPUT: return arena_printf(arena, "%s: said too much", program);
    case SANDBOX_STOPPED: return arena_printf(arena, "%s: stopped", program);
    case SANDBOX_MISSING: return arena_printf(arena, "%s: no such program here", program);
    case SANDBOX_FAILED: break;
    }
    return arena_printf(arena, "%s: could not be started: %s", program, strerror(r->code));
}
