/* Mail on its way: into the folder, and to a real SMTP server on a loopback port. */
#include <arpa/inet.h>
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "work/work.h"
#include "work/work_fixture.h"

static const struct job_kind *const no_kinds[] = { NULL };
static const struct subscription *const no_subscriptions[] = { NULL };

struct letter {
    const char *to, *subject, *body;
};

static bool queue_apply(struct db *db, void *context)
{
    const struct letter *l = context;
    mail_queue(db, str_from(l->to), str_from(l->subject), str_from(l->body));
    return true;
}

static void queue(struct fixture *f, const char *to)
{
    struct letter l = { to, "Votre badge « Référent·e IA »",
                        "Bonjour,\n\n.\nÀ bientôt à l’école\n" };
    fixture_change(f, queue_apply, &l);
}

static int drain(struct fixture *f, struct str smtp_url)
{
    struct work_options options = {
        .database = f->database,
        .data = f->folder,
        .smtp_url = smtp_url,
        .mail_from = S("eduLAB <noreply@edulab.example>"),
        .kinds = no_kinds,
        .subscriptions = no_subscriptions,
    };
    return work_drain(&options);
}

/* The names in a folder, without dots; returns how many, the last one in ret_name. */
static int list(const char *folder, char ret_name[256])
{
    DIR *dir = opendir(folder);
    int n = 0;
    if (!dir) return -1;
    for (struct dirent *e; (e = readdir(dir));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(ret_name, 256, "%s", e->d_name);
        n++;
    }
    closedir(dir);
    return n;
}

static struct str read_file(struct fixture *f, struct str path)
{
    char *text = arena_alloc(f->arena, 65536);
    FILE *in = fopen(path.p, "rb");
    assert_non_null(in);
    size_t n = fread(text, 1, 65536, in);
    fclose(in);
    return (struct str){ text, n };
}

static bool contains(struct str s, const char *needle)
{
    return str_search(s, str_from(needle)) < s.n;
}

static struct work_row only(struct fixture *f, enum job_state state)
{
    struct work_row *rows;
    struct db *db = db_read_begin(f->database, f->arena);
    assert_int_equal(work_list(db, state, 10, &rows), 1);
    db_read_end(db);
    return rows[0];
}

/* --- the folder ----------------------------------------------------------------------------------------------------------- */

static void a_mail_becomes_one_file(void **state)
{
    struct fixture *f = *state;
    char name[256];
    queue(f, "amina@ecole.example");
    assert_int_equal(drain(f, STR_NONE), 1);
    const char *folder = arena_printf(f->arena, "%.*s/mail", STR(f->folder)).p;
    assert_int_equal(list(folder, name), 1);
    assert_true(str_ends(str_from(name), S(".eml")));
    struct str path = arena_printf(f->arena, "%s/%s", folder, name), text = read_file(f, path);
    assert_true(contains(text, "To: <amina@ecole.example>\r\n"));
    assert_true(contains(text, "From: eduLAB <noreply@edulab.example>\r\n"));
    assert_true(contains(text, "=C3=80 bient=C3=B4t"));
    struct stat st;
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    assert_int_equal(drain(f, STR_NONE), 0);
}

static void impossible_addresses_are_buried(void **state)
{
    struct fixture *f = *state;
    char name[256];
    queue(f, "amina@ecole.example\r\nBcc: eve@eve.example");
    assert_int_equal(drain(f, STR_NONE), 0);
    assert_true(contains(only(f, JOB_BURIED).error, "not an e-mail address"));
    assert_int_equal(list(arena_printf(f->arena, "%.*s/mail", STR(f->folder)).p, name), -1);
}

static void a_folder_that_cannot_be_written_is_tried_again(void **state)
{
    struct fixture *f = *state;
    FILE *in_the_way = fopen(arena_printf(f->arena, "%.*s/mail", STR(f->folder)).p, "w");
    assert_non_null(in_the_way);
    fclose(in_the_way);
    queue(f, "amina@ecole.example");
    assert_int_equal(drain(f, STR_NONE), 0);
    assert_true(contains(only(f, JOB_WAITING).error, "mail folder"));
}

/* --- the server ------------------------------------------------------------------------------------------------------------- */

struct server {
    pid_t pid;
    int hold; /* closing it ends the server */
    unsigned port;
    const char *folder;
};

static unsigned free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static struct server server_start(struct fixture *f, const char *host)
{
    struct server s = { .port = free_port() };
    s.folder = arena_printf(f->arena, "%.*s/inbox", STR(f->folder)).p;
    const char *script = access("tests/smtp/server.py", R_OK) == 0 ? "tests/smtp/server.py"
                                                                   : "../tests/smtp/server.py";
    const char *port = arena_printf(f->arena, "%u", s.port).p;
    const char *ready = arena_printf(f->arena, "%s/ready", s.folder).p;
    int ends[2];
    assert_int_equal(mkdir(s.folder, 0700), 0);
    assert_int_equal(pipe(ends), 0);
    s.pid = fork();
    if (s.pid == 0) {
        dup2(ends[0], 0);
        close(ends[1]);
        /* Debian's own: it is the one that has the package */
        execl("/usr/bin/python3", "python3", script, host, port, s.folder, (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    s.hold = ends[1];
    for (int i = 0; i < 500 && access(ready, R_OK) != 0; i++)
        usleep(20000);
    if (access(ready, R_OK) != 0) print_error("no SMTP server: is python3-aiosmtpd installed?\n");
    assert_int_equal(access(ready, R_OK), 0);
    return s;
}

static void server_stop(struct server *s)
{
    close(s->hold);
    kill(s->pid, SIGTERM);
    waitpid(s->pid, NULL, 0);
}

static void a_server_takes_it(void **state)
{
    struct fixture *f = *state;
    struct server s = server_start(f, "127.0.0.1");
    queue(f, "amina@ecole.example");
    assert_int_equal(drain(f, arena_printf(f->arena, "smtp://127.0.0.1:%u", s.port)), 1);
    struct str text = read_file(f, arena_printf(f->arena, "%s/1.eml", s.folder));
    assert_true(contains(text, "X-Envelope: noreply@edulab.example amina@ecole.example\r\n"));
    assert_true(contains(text, "Subject: =?UTF-8?Q?Votre_badge_"));
    assert_true(contains(text, "\r\n\r\nBonjour,\r\n\r\n.\r\n=C3=80 bient"));
    server_stop(&s);
}

static void refusals_are_told_apart(void **state)
{
    struct fixture *f = *state;
    struct server s = server_start(f, "127.0.0.1");
    struct str url = arena_printf(f->arena, "smtp://127.0.0.1:%u", s.port);
    queue(f, "unknown@ecole.example");
    queue(f, "later@ecole.example");
    assert_int_equal(drain(f, url), 0);
    assert_true(contains(only(f, JOB_BURIED).error, "550"));
    assert_true(contains(only(f, JOB_WAITING).error, "451"));
    server_stop(&s);
    assert_int_equal(drain(f, url), 0);
}

static void far_servers_must_offer_tls(void **state)
{
    struct fixture *f = *state;
    struct server s =
        server_start(f, "127.0.0.2"); /* this machine, but not a name that may go without TLS */
    queue(f, "amina@ecole.example");
    assert_int_equal(drain(f, arena_printf(f->arena, "smtp://127.0.0.2:%u", s.port)), 0);
    assert_int_equal(access(arena_printf(f->arena, "%s/1.eml", s.folder).p, R_OK), -1);
    assert_true(contains(only(f, JOB_WAITING).error, "STARTTLS"));
    server_stop(&s);
}

static void no_server_is_tried_again(void **state)
{
    struct fixture *f = *state;
    queue(f, "amina@ecole.example");
    assert_int_equal(drain(f, arena_printf(f->arena, "smtp://127.0.0.1:%u", free_port())), 0);
    assert_int_equal(only(f, JOB_WAITING).attempt, 1);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
    log_set_level(LOG_ERROR + 1); /* failures are wanted here */
    work_register(no_subscriptions, no_kinds);
    const struct CMUnitTest tests[] = {
        TEST(a_mail_becomes_one_file),
        TEST(impossible_addresses_are_buried),
        TEST(a_folder_that_cannot_be_written_is_tried_again),
        TEST(a_server_takes_it),
        TEST(refusals_are_told_apart),
        TEST(far_servers_must_offer_tls),
        TEST(no_server_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
