/* tus over a real server on a loopback port: whole uploads, cut ones, wrong ones, and what becomes of them. */
#include "media/test_folder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/tus_parse.h"
#include "media_sql.h"

/* --- the server ----------------------------------------------------------------------------------------- */

static struct server {
    struct database *database;
    struct http_server *http;
    unsigned port;
    json_t *event;
    int events;
} server;

/* The person is whoever the header says; 9 holds nothing. */
static void identify(struct request *r)
{
    int64_t person;
    if (str_to_int(http_header(r, "X-Person"), &person)) r->who.person_id = person;
    r->lang = LANG_EN;
}

static bool holds(const struct request *r, const char *permission)
{
    return strcmp(permission, "tv.upload") == 0 && r->who.person_id != 9;
}

static struct str csrf_token_of(struct request *r)
{
    (void)r;
    return S("token");
}

static bool csrf_right(struct request *r, struct str token)
{
    (void)r;
    return str_is(token, "token");
}

static bool permission_known(const char *permission)
{
    return strcmp(permission, "tv.upload") == 0;
}

static void committed(void)
{
}

static void error_page(struct page *pg, int status, struct str message, struct str request_id)
{
    (void)pg, (void)status, (void)message, (void)request_id;
}

static bool on_uploaded(struct db *db, struct arena *arena, json_t *payload, int64_t event_id)
{
    (void)db, (void)arena, (void)event_id;
    json_decref(server.event);
    server.event = json_incref(payload);
    server.events++;
    return true;
}

static const struct subscription subscriptions[] = {
    { "media.uploaded", "test.heard", on_uploaded }, { 0 }
};
static const struct subscription *const subscription_tables[] = { subscriptions, NULL };
static const struct job_kind *const kind_tables[] = { media_jobs, NULL };
static const struct route *const route_tables[] = { media_routes, NULL };
static const struct db_part *const parts[] = { &work_db, &media_db, NULL };
static const struct notice *const no_notices[] = { NULL };
static const struct menu_entry *const no_menu[] = { NULL };

static void start_server(struct test *t)
{
    struct str error = STR_NONE;
    struct database_options database = {
        .url = arena_printf(t->arena, "sqlite:%.*s/test.db", STR(t->folder)), .parts = parts
    };
    server.database = database_open(&database, t->arena, &error);
    if (!server.database || database_migrate(server.database, t->arena, &error) < 0)
        fail_msg("%.*s", STR(error));
    struct http_options options = { .host = S("127.0.0.1"),
                                    .threads = 1,
                                    .workers = 1,
                                    .data = t->folder,
                                    .public_url = S(""),
                                    .routes = route_tables,
                                    .notices = no_notices,
                                    .menu = no_menu,
                                    .sign_in_path = "/in",
                                    .committed = committed,
                                    .error_page = error_page };
    options.gate =
        (struct http_gate){ identify, holds, csrf_token_of, csrf_right, permission_known };
    assert_true(media_open(t->folder));
    server.http = http_start(server.database, &options, t->arena, &error);
    if (!server.http) fail_msg("%.*s", STR(error));
    struct str url = http_url(server.http); /* http://127.0.0.1:PORT */
    int64_t port = 0;
    assert_true(str_to_int(str_sub(url, sizeof "http://127.0.0.1:" - 1, 5), &port));
    server.port = (unsigned)port;
}

static void stop_server(void)
{
    http_stop(server.http, 2000);
    database_close(server.database);
}

static int server_begin(void **state)
{
    test_begin(state);
    work_register(subscription_tables, kind_tables);
    start_server(*state);
    return 0;
}

static int server_end(void **state)
{
    stop_server();
    json_decref(server.event);
    server.event = NULL;
    server.events = 0;
    return test_end(state);
}

static int drain(struct test *t)
{
    struct work_options options = { .database = server.database,
                                    .data = t->folder,
                                    .kinds = kind_tables,
                                    .subscriptions = subscription_tables };
    return work_drain(&options);
}

/* --- a client ------------------------------------------------------------------------------------------- */

static int connect_to_server(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)server.port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = 20 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

struct answer {
    int status;
    struct str text; /* all of it */
};

static struct str answer_header(struct answer answer, const char *name)
{
    struct str rest = answer.text;
    while (rest.n > 0) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (line.n == 0) break;
        struct str value = line, key = str_cut(&value, ':');
        if (str_eq_nocase(key, str_from(name))) return str_trim(value);
    }
    return STR_NONE;
}

static struct answer read_answer(struct test *t, int fd)
{
    struct buf b = BUF_INIT(1 * MIB);
    char piece[4096];
    for (ssize_t n; (n = recv(fd, piece, sizeof piece, 0)) > 0;)
        buf_put(&b, piece, (size_t)n);
    struct answer answer = { .text = arena_dup(t->arena, buf_view(&b)) };
    buf_finish(&b);
    int64_t status = 0;
    str_to_int(str_sub(answer.text, 9, 3), &status);
    answer.status = (int)status;
    return answer;
}

static void send_all(int fd, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        ssize_t n = send(fd, s.p + at, s.n - at, MSG_NOSIGNAL);
        if (n <= 0) return; /* an early answer closes the connection */
        at += (size_t)n;
    }
}

/* `headers` end in \r\n each. */
static struct str head_of(struct test *t, const char *method, struct str path, const char *headers,
                          size_t length)
{
    return arena_printf(
        t->arena,
        "%s %.*s HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-CSRF-Token: token\r\n%s%s"
        "Content-Length: %zu\r\n\r\n",
        method, STR(path), strstr(headers, "X-Person") ? "" : "X-Person: 1\r\n", headers, length);
}

static struct answer ask(struct test *t, const char *method, struct str path, const char *headers,
                         struct str body)
{
    int fd = connect_to_server();
    send_all(fd, head_of(t, method, path, headers, body.n));
    send_all(fd, body);
    struct answer answer = read_answer(t, fd);
    close(fd);
    return answer;
}

#define TUS "Tus-Resumable: 1.0.0\r\n"
#define PIECE TUS "Content-Type: application/offset+octet-stream\r\n"
/* "video.mp4" and "print" */
#define METADATA "Upload-Metadata: filename dmlkZW8ubXA0,fingerprint cHJpbnQ=\r\n"

static struct str create(struct test *t, int64_t size)
{
    const char *headers =
        arena_printf(t->arena, TUS METADATA "Upload-Length: %lld\r\n", (long long)size).p;
    struct answer answer = ask(t, "POST", S("/api/v1/uploads"), headers, S(""));
    if (answer.status != 201) fail_msg("%.*s", STR(answer.text));
    return answer_header(answer, "Location");
}

static struct answer patch(struct test *t, struct str upload, int64_t offset, const char *more,
                           struct str body)
{
    const char *headers =
        arena_printf(t->arena, PIECE "Upload-Offset: %lld\r\n%s", (long long)offset, more).p;
    return ask(t, "PATCH", upload, headers, body);
}

static int64_t offset(struct test *t, struct str upload)
{
    int64_t value = -1;
    struct answer answer = ask(t, "HEAD", upload, TUS, S(""));
    assert_int_equal(answer.status, 200);
    assert_true(str_to_int(answer_header(answer, "Upload-Offset"), &value));
    return value;
}

static struct str noise(struct test *t, size_t n)
{
    char *bytes = arena_alloc(t->arena, n + 1);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    return (struct str){ bytes, n };
}

static const char *checksum(struct test *t, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE], text[128];
    unsigned n;
    EVP_Digest(bytes.p, bytes.n, digest, &n, EVP_sha1(), NULL);
    EVP_EncodeBlock(text, digest, (int)n);
    return arena_printf(t->arena, "Upload-Checksum: sha1 %s\r\n", (char *)text).p;
}

static struct str file_of(struct test *t, struct str upload)
{
    return IN(arena_printf(t->arena, "uploads/%.*s", STR(str_sub(upload, 16, upload.n))).p);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

static void takes_a_whole_file(void **state)
{
    struct test *t = *state;
    struct str bytes = noise(t, 3 * MIB), all;
    struct str upload = create(t, (int64_t)bytes.n);
    assert_true(str_starts(upload, S("/api/v1/uploads/")));
    assert_int_equal(offset(t, upload), 0);
    struct answer answer =
        patch(t, upload, 0, checksum(t, str_sub(bytes, 0, MIB)), str_sub(bytes, 0, MIB));
    assert_int_equal(answer.status, 204);
    assert_true(str_is(answer_header(answer, "Upload-Offset"), "1048576"));
    assert_true(answer_header(answer, "Upload-Expires").p != NULL);
    assert_int_equal(offset(t, upload), MIB);
    struct answer list = ask(t, "GET", S("/api/v1/uploads"), "", S(""));
    assert_int_equal(list.status, 200);
    assert_true(str_search(list.text, S("\"fingerprint\":\"print\"")) < list.text.n ||
                str_search(list.text, S("\"fingerprint\": \"print\"")) < list.text.n);
    assert_int_equal(patch(t, upload, MIB, "", str_sub(bytes, MIB, bytes.n)).status, 204);
    assert_int_equal(offset(t, upload), 3 * MIB);
    list = ask(t, "GET", S("/api/v1/uploads"), "", S(""));
    assert_true(str_ends(str_trim(list.text), S("[]")));
    assert_int_equal(server.events, 0);
    assert_true(drain(t) >= 0);
    assert_int_equal(server.events, 1);
    struct str key = str_from(json_string_value(json_object_get(server.event, "blob")));
    assert_string_equal(json_string_value(json_object_get(server.event, "name")), "video.mp4");
    assert_int_equal(json_integer_value(json_object_get(server.event, "person")), 1);
    assert_int_equal(json_integer_value(json_object_get(server.event, "size")), 3 * MIB);
    assert_string_equal(json_string_value(json_object_get(server.event, "type")),
                        "application/octet-stream");
    assert_true(file_read(t->arena, blob_local_path(media_blobs(), t->arena, key), 8 * MIB, &all));
    assert_true(str_eq(all, bytes));
    assert_int_equal(offset(t, upload), 3 * MIB);
    assert_int_equal(patch(t, upload, 3 * MIB, "", S("")).status, 409);
}

static void goes_on_after_a_cut(void **state)
{
    struct test *t = *state;
    struct str bytes = noise(t, 2 * MIB);
    struct str upload = create(t, (int64_t)bytes.n);
    int fd = connect_to_server();
    send_all(fd, head_of(t, "PATCH", upload, PIECE "Upload-Offset: 0\r\n", bytes.n));
    send_all(fd, str_sub(bytes, 0, MIB));
    int64_t seen = 0;
    for (int i = 0; i < 200 && seen < MIB; i++) {
        usleep(10000);
        seen = file_size(file_of(t, upload));
    }
    assert_int_equal(seen, MIB);
    /* while it is arriving nobody else may write */
    assert_int_equal(patch(t, upload, MIB, "", str_sub(bytes, MIB, 10)).status, 423);
    close(fd);
    struct answer answer = { .status = 423 };
    for (int i = 0; i < 200 && answer.status == 423; i++) {
        usleep(10000);
        answer = patch(t, upload, offset(t, upload), "", str_sub(bytes, MIB, bytes.n));
    }
    assert_int_equal(answer.status, 204);
    assert_true(drain(t) >= 0);
    assert_int_equal(server.events, 1);
}

/* The sender vanished without a word (a closed lid): its connection stays, the next one takes over. */
static void the_silent_gives_way(void **state)
{
    struct test *t = *state;
    struct str bytes = noise(t, 2 * MIB);
    struct str upload = create(t, (int64_t)bytes.n);
    int fd = connect_to_server();
    send_all(fd, head_of(t, "PATCH", upload, PIECE "Upload-Offset: 0\r\n", bytes.n));
    send_all(fd, str_sub(bytes, 0, MIB));
    struct answer answer = { .status = 423 };
    for (int i = 0; i < 500 && (answer.status == 423 || answer.status == 409); i++) {
        usleep(20000);
        int64_t at = offset(t, upload);
        answer = patch(t, upload, at, "", str_sub(bytes, (size_t)at, bytes.n));
    }
    assert_int_equal(answer.status, 204);
    close(fd);
    assert_true(drain(t) >= 0);
}

/* With a checksum nothing of an unfinished piece may stay; nor may a last piece whose request never ended. */
static void takes_back_what_is_unchecked(void **state)
{
    struct test *t = *state;
    struct str bytes = noise(t, MIB);
    struct str upload = create(t, (int64_t)bytes.n);
    struct answer answer = patch(t, upload, 0, checksum(t, S("other")), str_sub(bytes, 0, 1000));
    assert_int_equal(answer.status, 460);
    assert_int_equal(offset(t, upload), 0);
    assert_int_equal(file_size(file_of(t, upload)), 0);
    int fd = connect_to_server();
    const char *headers =
        arena_printf(t->arena, PIECE "Upload-Offset: 0\r\n%s", checksum(t, bytes)).p;
    send_all(fd, head_of(t, "PATCH", upload, headers, bytes.n));
    send_all(fd, str_sub(bytes, 0, 300000));
    for (int i = 0; i < 200 && file_size(file_of(t, upload)) < 300000; i++)
        usleep(10000);
    close(fd);
    int64_t left = 1;
    for (int i = 0; i < 200 && left > 0; i++) {
        usleep(10000);
        left = file_size(file_of(t, upload));
    }
    assert_int_equal(left, 0);
    assert_true(file_write(file_of(t, upload), bytes));
    assert_int_equal(offset(t, upload), 0);
    assert_int_equal(patch(t, upload, 0, checksum(t, bytes), bytes).status, 204);
}

/* A new process believes only what was acknowledged. */
static void restarts_at_what_was_acknowledged(void **state)
{
    struct test *t = *state;
    struct str bytes = noise(t, 4000);
    struct str upload = create(t, 4000);
    assert_int_equal(patch(t, upload, 0, "", str_sub(bytes, 0, 1000)).status, 204);
    stop_server();
    assert_true(file_write(file_of(t, upload), str_sub(bytes, 0, 1500)));
    struct utimbuf before = { .actime = time(NULL) - 60, .modtime = time(NULL) - 60 };
    assert_int_equal(utime(file_of(t, upload).p, &before), 0);
    start_server(t);
    assert_int_equal(offset(t, upload), 1000);
    assert_int_equal(patch(t, upload, 1500, "", str_sub(bytes, 1500, 10)).status, 409);
    assert_int_equal(patch(t, upload, 1000, "", str_sub(bytes, 1000, 10)).status, 204);
    assert_int_equal(file_size(file_of(t, upload)), 1010);
    assert_int_equal(unlink(file_of(t, upload).p), 0); /* lost: then it begins again */
    assert_int_equal(offset(t, upload), 0);
}

static void refuses_what_is_wrong(void **state)
{
    struct test *t = *state;
    const struct str uploads = S("/api/v1/uploads");
    struct str upload = create(t, 100);
    assert_int_equal(ask(t, "POST", uploads, "Upload-Length: 5\r\n", S("")).status, 412);
    assert_int_equal(ask(t, "POST", uploads, TUS, S("")).status, 400);
    assert_int_equal(ask(t, "POST", uploads, TUS "Upload-Length: -5\r\n", S("")).status, 400);
    assert_int_equal(ask(t, "POST", uploads, TUS "Upload-Length: 0\r\n", S("")).status, 422);
    assert_int_equal(ask(t, "POST", uploads, TUS "Upload-Length: 9000000000\r\n", S("")).status,
                     413);
    assert_int_equal(
        ask(t, "POST", uploads, TUS "Upload-Length: 5\r\nUpload-Metadata: filename %%%\r\n", S(""))
            .status,
        400);
    assert_int_equal(
        ask(t, "POST", uploads, TUS "Upload-Length: 5\r\nX-Person: 9\r\n", S("")).status, 403);
    assert_int_equal(
        ask(t, "POST", uploads, TUS "Upload-Length: 5\r\nX-Person: 0\r\n", S("")).status, 401);
    assert_int_equal(ask(t, "PATCH", upload, TUS "Upload-Offset: 0\r\n", S("x")).status, 415);
    assert_int_equal(ask(t, "PATCH", upload, PIECE, S("x")).status, 400);
    assert_int_equal(patch(t, upload, 1, "", S("x")).status, 409);
    assert_int_equal(patch(t, upload, 0, "", noise(t, 101)).status, 413);
    assert_int_equal(patch(t, upload, 0, "Upload-Checksum: md5 AAAA\r\n", S("x")).status, 400);
    assert_int_equal(patch(t, upload, 0, "X-Person: 2\r\n", S("x")).status, 404);
    assert_int_equal(ask(t, "HEAD", upload, "X-Person: 2\r\n" TUS, S("")).status, 404);
    assert_int_equal(ask(t, "DELETE", upload, "X-Person: 2\r\n" TUS, S("")).status, 404);
    assert_int_equal(ask(t, "HEAD", S("/api/v1/uploads/zzzzzzzzzzzzz"), TUS, S("")).status, 404);
    assert_int_equal(patch(t, upload, 0, "", noise(t, LIMIT_TUS_PIECE + 1)).status, 413);
    assert_int_equal(offset(t, upload), 0);
    struct answer options = ask(t, "OPTIONS", uploads, "X-Person: 0\r\n", S(""));
    assert_int_equal(options.status, 204);
    assert_true(str_is(answer_header(options, "Tus-Extension"),
                       "creation,checksum,termination,expiration"));
}

static void gives_up(void **state)
{
    struct test *t = *state;
    struct str upload = create(t, 100);
    assert_int_equal(patch(t, upload, 0, "", S("some")).status, 204);
    assert_int_equal(ask(t, "DELETE", upload, TUS, S("")).status, 204);
    assert_int_equal(ask(t, "HEAD", upload, TUS, S("")).status, 404);
    assert_int_equal(file_size(file_of(t, upload)), -1);
}

static bool add_sweep(struct db *db, void *context)
{
    (void)context;
    return job_add(db, "media.sweep", STR_NONE, NULL, 0);
}

static bool expire_all(struct db *db, void *context)
{
    struct str *upload = context;
    int64_t id;
    return id_parse(str_sub(*upload, 16, 13), &id) &&
           media_sql_advance(db, id, 4, time_now() - 1000) == 1;
}

static void forgets_the_expired(void **state)
{
    struct test *t = *state;
    struct str upload = create(t, 100), kept = create(t, 100);
    assert_int_equal(patch(t, upload, 0, "", S("some")).status, 204);
    assert_int_equal(patch(t, kept, 0, "", S("some")).status, 204);
    assert_true(file_write(IN("uploads/0000000000000"), S("nobody's")));
    assert_int_equal(db_change_run(server.database, t->arena, expire_all, &upload), DB_COMMITTED);
    assert_int_equal(ask(t, "HEAD", upload, TUS, S("")).status, 410);
    assert_int_equal(patch(t, upload, 4, "", S("more")).status, 410);
    assert_int_equal(db_change_run(server.database, t->arena, add_sweep, NULL), DB_COMMITTED);
    assert_true(drain(t) >= 0);
    assert_int_equal(file_size(file_of(t, upload)), -1);
    assert_int_equal(file_size(IN("uploads/0000000000000")), -1);
    assert_int_equal(file_size(file_of(t, kept)), 4);
    assert_int_equal(ask(t, "HEAD", upload, TUS, S("")).status, 410);
}

static void says_when_the_disk_is_full(void **state)
{
    struct test *t = *state;
    struct str upload = create(t, 8 * MIB), bytes = noise(t, 8 * MIB);
    struct rlimit kept, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    small = kept;
    small.rlim_cur = 3 * MIB;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct answer answer = patch(t, upload, 0, "", bytes);
    int64_t at = offset(t, upload);
    setrlimit(RLIMIT_FSIZE, &kept);
    assert_int_equal(answer.status, 507);
    assert_int_equal(at, 3 * MIB);
    assert_int_equal(patch(t, upload, at, "", str_sub(bytes, (size_t)at, bytes.n)).status, 204);
}

/* --- parsing -------------------------------------------------------------------------------------------- */

static void parses_headers(void **state)
{
    struct test *t = *state;
    int64_t n;
    assert_true(tus_parse_number(S("12"), &n));
    assert_int_equal(n, 12);
    static const char *const no_numbers[] = {
        "", "-1", "+1", " 1", "1 ", "0x1", "9007199254740992", "99999999999999999999"
    };
    for (size_t i = 0; i < COUNT(no_numbers); i++)
        assert_false(tus_parse_number(str_from(no_numbers[i]), &n));
    struct tus_metadata m;
    assert_true(tus_parse_metadata(t->arena, STR_NONE, &m));
    assert_true(str_is(m.name, ""));
    /* "C:\dossier\../été.mp4" */
    assert_true(tus_parse_metadata(
        t->arena, S("filename QzpcZG9zc2llclwuLi/DqXTDqS5tcDQ=,is_confidential"), &m));
    assert_true(str_is(m.name, "été.mp4"));
    assert_true(str_is(m.purpose, ""));
    assert_true(tus_parse_metadata(t->arena, S("purpose dmlkZW8tMGExYg==,filename YQ=="), &m));
    assert_true(str_is(m.purpose, "video-0a1b"));
    assert_false(
        tus_parse_metadata(t->arena, S("purpose dmlkZW8vLi4veA=="), &m)); /* "video/../x" */
    assert_false(tus_parse_metadata(t->arena, S("purpose YQ==,purpose YQ=="), &m));
    assert_true(tus_parse_metadata(t->arena, S("filename Li4="), &m)); /* ".." */
    assert_true(str_is(m.name, ""));
    static const char *const bad[] = {
        "filename Z",
        "filename ZZ=Z",
        "filename Z===",
        "filename /w==",
        " ",
        "fi\x01le ZmY=",
        "filename ZmY=,filename ZmY=",
        ",",
        "filename ZmY=,,",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (tus_parse_metadata(t->arena, str_from(bad[i]), &m)) fail_msg("accepted: %s", bad[i]);
    assert_false(tus_parse_metadata(t->arena, noise(t, TUS_METADATA + 1), &m));
    struct tus_checksum c;
    assert_int_equal(tus_parse_checksum(S("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), &c),
                     TUS_CHECKSUM_OK);
    assert_int_equal(c.n, 20);
    assert_int_equal(c.bytes[0], 0x2A);
    assert_int_equal(tus_parse_checksum(S("sha1 Kq5s"), &c), TUS_CHECKSUM_MALFORMED);
    assert_int_equal(tus_parse_checksum(S("sha1"), &c), TUS_CHECKSUM_MALFORMED);
    assert_int_equal(tus_parse_checksum(S("crc32 AAAA"), &c), TUS_CHECKSUM_UNKNOWN);
    assert_int_equal(tus_parse_checksum(S(""), &c), TUS_CHECKSUM_MALFORMED);
}

#define WITH_SERVER(fn) cmocka_unit_test_setup_teardown(fn, server_begin, server_end)

int main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        TEST(parses_headers),
        WITH_SERVER(takes_a_whole_file),
        WITH_SERVER(goes_on_after_a_cut),
        WITH_SERVER(the_silent_gives_way),
        WITH_SERVER(takes_back_what_is_unchecked),
        WITH_SERVER(restarts_at_what_was_acknowledged),
        WITH_SERVER(refuses_what_is_wrong),
        WITH_SERVER(gives_up),
        WITH_SERVER(forgets_the_expired),
        WITH_SERVER(says_when_the_disk_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
