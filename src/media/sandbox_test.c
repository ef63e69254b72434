/* The sandbox against children that misbehave. They are Perl one-liners: perl-base is on every Debian. */
#include "media/test_folder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "base/time.h"
#include "media/sandbox.h"

static struct sandbox_result perl(struct test *t, const char *program, struct sandbox_job job)
{
    const char *argv[] = { "perl", "-e", program, NULL };
    job.argv = argv;
    if (!job.folder.p) job.folder = t->folder;
    return sandbox_run(t->arena, &job);
}

static void runs_and_captures(void **state)
{
    struct test *t = *state;
    struct sandbox_result r =
        perl(t, "print 'out'; print STDERR 'err'; exit 3", (struct sandbox_job){ 0 });
    assert_int_equal(r.end, SANDBOX_EXIT);
    assert_int_equal(r.code, 3);
    assert_true(str_is(r.out, "out"));
    assert_true(str_is(r.err, "err"));
    r = perl(t, "print join ',', sort keys %ENV", (struct sandbox_job){ 0 });
    assert_int_equal(r.end, SANDBOX_OK);
    assert_true(str_is(r.out, "HOME,LC_ALL,PATH"));
    r = perl(t, "open F, '>', 'made' or die $!; print F 'x'", (struct sandbox_job){ 0 });
    assert_int_equal(r.end, SANDBOX_OK);
    assert_int_equal(file_size(IN("made")), 1);
    const char *absent[] = { "no-such-program-anywhere", NULL };
    r = sandbox_run(t->arena, &(struct sandbox_job){ .argv = absent });
    assert_int_equal(r.end, SANDBOX_MISSING);
}

static void keeps_the_end_of_errors(void **state)
{
    struct test *t = *state;
    struct sandbox_result r =
        perl(t, "print STDERR 'a' x 100000, 'end'; exit 1", (struct sandbox_job){ 0 });
    assert_int_equal(r.err.n, 8 * KIB);
    assert_true(str_ends(r.err, S("end")));
}

/* A listening socket of ours, so that a refusal cannot come from a closed port. */
static int listener(int *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static const char connect_to[] =
    "use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0) or print('no socket: ', $!+0) and exit;"
    "connect($s, sockaddr_in(%d, INADDR_LOOPBACK)) or print('no connection') and exit; print "
    "'connected'";

static void has_no_network(void **state)
{
    struct test *t = *state;
    int port, fd = listener(&port);
    const char *program = arena_printf(t->arena, connect_to, port).p;
    struct sandbox_result r = perl(t, program, (struct sandbox_job){ 0 });
    assert_int_equal(r.end, SANDBOX_OK);
    assert_string_equal(r.out.p, arena_printf(t->arena, "no socket: %d", EPERM).p);
    r = perl(t, "use Socket; print socket(my $s, PF_UNIX, SOCK_STREAM, 0) ? 'yes' : 'no'",
             (struct sandbox_job){ 0 });
    assert_true(str_is(r.out, "no"));
    close(fd);
}

static void starts_no_processes(void **state)
{
    struct test *t = *state;
    struct sandbox_result r =
        perl(t, "print defined(fork) ? 'forked' : 'no'", (struct sandbox_job){ 0 });
    assert_true(str_is(r.out, "no"));
    r = perl(t, "print kill(0, getppid) ? 'reached' : 'no'", (struct sandbox_job){ 0 });
    assert_true(str_is(r.out, "no"));
    r = perl(t, "print setpgrp(0, 0) ? 'left' : 'no'", (struct sandbox_job){ 0 });
    assert_true(str_is(r.out, "no"));
}

static void sees_only_its_files(void **state)
{
    struct test *t = *state;
    if (!sandbox_hides_files()) skip();
    assert_true(file_make_folder(IN("work")));
    assert_true(file_write(IN("secret"), S("secret")));
    assert_true(file_write(IN("given"), S("given")));
    struct str reads[] = { IN("given") };
    struct sandbox_job job = { .folder = IN("work"), .reads = reads, .read_count = 1 };
    struct sandbox_result r = perl(t, "open F, '<', '../secret' or exit 9; print <F>", job);
    assert_int_equal(r.code, 9);
    r = perl(t, "open F, '<', '../given' or exit 9; print <F>", job);
    assert_true(str_is(r.out, "given"));
    r = perl(t, "open F, '>', '../given' or exit 9; print F 'x'", job);
    assert_int_equal(r.code, 9);
    r = perl(t, "open F, '<', '/etc/passwd' or exit 9; print <F>", job);
    assert_int_equal(r.code, 9);
    r = perl(t, "unlink '../secret' or exit 9", job);
    assert_int_equal(r.code, 9);
}

static void inherits_nothing(void **state)
{
    struct test *t = *state;
    int ours = dup2(STDERR_FILENO, 50); /* above what the sandbox itself uses */
    assert_int_equal(ours, 50);
    struct sandbox_result r =
        perl(t, "print open(F, '>&=', 50) ? 'got' : 'no'", (struct sandbox_job){ 0 });
    assert_true(str_is(r.out, "no"));
    close(ours);
}

static void stops_the_greedy(void **state)
{
    struct test *t = *state;
    struct sandbox_result r = perl(t, "my $x = 'a' x (1 << 30); print 'had it'",
                                   (struct sandbox_job){ .memory = (int64_t)256 * MIB });
    assert_int_not_equal(r.end, SANDBOX_OK);
    assert_true(str_is(r.out, ""));
    r = perl(t, "open F, '>', 'big'; for (1..64) { syswrite F, 'a' x 65536 } print 'had it'",
             (struct sandbox_job){ .file_size = 1 * MIB });
    assert_int_equal(r.end, SANDBOX_SIZE);
    assert_int_equal(file_size(IN("big")), MIB);
    r = perl(t, "$| = 1; print 'a' x 65536 while 1", (struct sandbox_job){ .out_max = 100000 });
    assert_int_equal(r.end, SANDBOX_OUTPUT);
}

static void stops_the_slow(void **state)
{
    struct test *t = *state;
    int64_t begin = time_monotonic();
    struct sandbox_result r =
        perl(t, "$SIG{TERM} = 'IGNORE'; sleep 60", (struct sandbox_job){ .deadline_ms = 300 });
    assert_int_equal(r.end, SANDBOX_TIMEOUT);
    r = perl(t, "close STDOUT; close STDERR; sleep 60", (struct sandbox_job){ .deadline_ms = 300 });
    assert_int_equal(r.end, SANDBOX_TIMEOUT);
    r = perl(t, "1 while 1", (struct sandbox_job){ .cpu_seconds = 1 });
    assert_int_equal(r.end, SANDBOX_TIMEOUT);
    assert_true(time_monotonic() - begin < 30 * SECOND_MS);
}

struct heard {
    int lines, ticks, stop_after;
    char last[32];
};

static bool hear(void *context, struct str line)
{
    struct heard *h = context;
    if (line.p) {
        h->lines++;
        snprintf(h->last, sizeof h->last, "%.*s", STR(line));
    } else {
        h->ticks++;
    }
    return h->stop_after == 0 || h->lines + h->ticks < h->stop_after;
}

static void hears_lines(void **state)
{
    struct test *t = *state;
    struct heard h = { 0 };
    struct sandbox_result r = perl(t, "$| = 1; print \"one\\ntwo\\n\"; sleep 2; print 'three'",
                                   (struct sandbox_job){ .line = hear, .context = &h });
    assert_int_equal(r.end, SANDBOX_OK);
    assert_int_equal(h.lines, 3);
    assert_true(h.ticks >= 1);
    assert_string_equal(h.last, "three");
    h = (struct heard){ .stop_after = 2 };
    r = perl(t, "$| = 1; print \"line\\n\" while 1",
             (struct sandbox_job){ .line = hear, .context = &h });
    assert_int_equal(r.end, SANDBOX_STOPPED);
    assert_int_equal(h.lines, 2);
}

static void dies_with_its_parent(void **state)
{
    struct test *t = *state;
    int alive[2];
    assert_int_equal(pipe(alive), 0);
    pid_t parent = fork();
    if (parent == 0) {
        /* the grandchild tells its number through a file, then sleeps */
        perl(t, "open F, '>', 'pid'; print F $$; close F; sleep 60", (struct sandbox_job){ 0 });
        _exit(0);
    }
    struct str text = S("");
    for (int i = 0; i < 200 && text.n == 0; i++) {
        usleep(20000);
        if (!file_read(t->arena, IN("pid"), 32, &text)) text = S("");
    }
    int64_t pid;
    assert_true(str_to_int(text, &pid));
    assert_int_equal(kill((pid_t)pid, 0), 0);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    struct str stat;
    bool gone = false;
    for (int i = 0; i < 200 && !gone; i++) {
        usleep(20000);
        /* gone, or a zombie that nobody has collected yet */
        gone = kill((pid_t)pid, 0) != 0;
        FILE *f = gone ? NULL : fopen(arena_printf(t->arena, "/proc/%d/stat", (int)pid).p, "r");
        char line[256] = "";
        if (f) {
            size_t n = fread(line, 1, sizeof line - 1, f);
            stat = (struct str){ line, n };
            gone = str_search(stat, S(") Z ")) < stat.n;
            fclose(f);
        }
    }
    assert_true(gone);
    close(alive[0]);
    close(alive[1]);
}

static void says_it_in_words(void **state)
{
    struct test *t = *state;
    struct sandbox_result r = { .end = SANDBOX_EXIT, .code = 1, .err = S("first\nlast line\n") };
    assert_true(str_is(sandbox_words(t->arena, "ffmpeg", &r), "ffmpeg: ended with 1: last line"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(runs_and_captures),    TEST(keeps_the_end_of_errors), TEST(has_no_network),
        TEST(starts_no_processes),  TEST(sees_only_its_files),     TEST(inherits_nothing),
        TEST(stops_the_greedy),     TEST(stops_the_slow),          TEST(hears_lines),
        TEST(dies_with_its_parent), TEST(says_it_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
