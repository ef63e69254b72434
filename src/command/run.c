/* What long commands need: stopping on a signal, saying how far they are, running the tools of PostgreSQL. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "command/archive.h"

enum { SAY_EACH_MS = 5000 };

/* --- interruption and progress -------------------------------------------------------------------------------------- */

static volatile sig_atomic_t stop;

static void note_stop(int number)
{
    (void)number;
    stop = 1;
}

void interruptible(void)
{
    struct sigaction action = { .sa_handler = note_stop };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a size limit is an error of write() instead */
}

bool interrupted(void)
{
    return stop != 0;
}

struct str bytes_text(struct arena *a, int64_t n)
{
    static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
    double v = (double)n;
    size_t unit = 0;
    for (; v >= 999.5 && unit + 1 < COUNT(units); unit++)
        v /= 1000;
    return arena_printf(a, unit && v < 100 ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

void progress_add(struct progress *p, int64_t n)
{
    p->done += n;
    int64_t now = time_monotonic();
    if (p->said_at == 0) p->said_at = now;
    if (now - p->said_at < SAY_EACH_MS) return;
    p->said_at = now;
    fprintf(stderr, "edulab: %s %lld of %lld MB\n", p->verb, (long long)(p->done / 1000000),
            (long long)(p->total / 1000000));
}

/* --- tools: trusted, with network, only on files of ours; what people gave us goes through media/sandbox.h ---------- */

/* Our environment with the given variables over it. */
static char **environment_with(struct arena *a, const char *const *extra)
{
    size_t n = 0, k = 0;
    while (environ[n])
        n++;
    while (extra[k])
        k++;
    char **list = arena_array(a, char *, n + k + 1);
    size_t at = 0;
    for (size_t i = 0; extra[i]; i++) /* the first of a name counts */
        list[at++] = arena_cstr(a, str_from(extra[i]));
    for (size_t i = 0; i < n; i++)
        list[at++] = environ[i];
    return list;
}

static bool start(struct arena *a, const char *const *argv, const char *const *environment,
                  pid_t *ret, struct str *ret_error)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) abort();
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    int error = posix_spawnp(ret, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv,
                             environment_with(a, environment));
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
        *ret_error =
            arena_printf(a, "%s is not installed (Debian: apt install postgresql-client)", argv[0]);
    else if (error)
        *ret_error = arena_printf(a, "%s could not be started: %s", argv[0], strerror(error));
    return error == 0;
}

bool run_tool(struct arena *a, const char *const *argv, const char *const *environment,
              struct str *ret_error)
{
    pid_t child;
    int status;
    if (!start(a, argv, environment, &child, ret_error)) return false;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) abort(); /* it is our child and nobody else waits for it */
        if (interrupted()) kill(child, SIGTERM);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    *ret_error = WIFEXITED(status)
                     ? arena_printf(a, "%s ended with %d", argv[0], WEXITSTATUS(status))
                     : arena_printf(a, "%s was ended by signal %d", argv[0], WTERMSIG(status));
    return false;
}
