/* Many people watching at once, from one process: each has a connection and an address of its own, opens the video's page,
 * then asks every 4 s for the playlist and a segment, and every 10 s tells what it has played. Paced: a request is due at
 * its moment whatever happened before, and its time runs from then on, so that a slow answer is not hidden by the
 * requests that it held back.
 *
 *   viewers PORT COUNT SECONDS PAGE PLAYLIST SEGMENT     (PLAYLIST "-": heartbeats alone)
 *
 * Prints one line of JSON. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { PAGE, PLAYLIST, SEGMENT, BEAT, KINDS };
enum {
    MEDIA_US = 4000000,
    BEAT_US = 10000000,
    HEAD_MAX = 8192,
    TICKET_MAX = 512,
    REQUEST_MAX = 2048
};

struct viewer {
    int fd;
    bool busy, headed;
    enum kind kind;          /* of the request under way */
    uint64_t due;            /* when it should have begun */
    uint64_t waiting[KINDS]; /* due, but another is under way; 0: none */
    uint64_t left;           /* bytes of the body still to come */
    size_t have;             /* bytes of head, or of the page */
    int beats;
    char *text; /* head; the page while it is read */
    size_t room;
    char ticket[TICKET_MAX];
};

struct timer {
    uint64_t at;
    struct viewer *viewer;
    enum kind kind;
};

static const char *const names[KINDS] = { "page", "playlist", "segment", "beat" };
static struct viewer *viewers;
static struct timer *heap;
static size_t count, heap_count;
static const char *page_path, *playlist_path, *segment_path;
static uint64_t begun, ends;
static int epoll_fd, port;
static uint32_t *times[KINDS];
static size_t done[KINDS], errors[KINDS], room[KINDS];
static uint64_t bytes;
static char last_error[256];

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void stop(const char *what)
{
    fprintf(stderr, "viewers: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* --- what is due ------------------------------------------------------------------------------------------------- */

static void heap_push(struct timer t)
{
    size_t i = heap_count++;
    for (; i && heap[(i - 1) / 2].at > t.at; i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = t;
}

static struct timer heap_pop(void)
{
    struct timer first = heap[0], t = heap[--heap_count];
    size_t i = 0;
    for (size_t k; (k = 2 * i + 1) < heap_count; i = k) {
        if (k + 1 < heap_count && heap[k + 1].at < heap[k].at) k++;
        if (heap[k].at >= t.at) break;
        heap[i] = heap[k];
    }
    heap[i] = t;
    return first;
}

/* --- a connection ------------------------------------------------------------------------------------------------ */

static void open_connection(struct viewer *v)
{
    size_t i = (size_t)(v - viewers);
    /* an address of its own for each: 127.1.0.1 and up */
    struct sockaddr_in own = { .sin_family = AF_INET,
                               .sin_addr.s_addr =
                                   htonl(0x7f010001u + (uint32_t)(i / 250 * 256 + i % 250)) };
    struct sockaddr_in server = { .sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int on = 1;
    v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (v->fd < 0 || bind(v->fd, (struct sockaddr *)&own, sizeof own) != 0 ||
        connect(v->fd, (struct sockaddr *)&server, sizeof server) != 0)
        stop("connection");
    setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(v->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = v };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, v->fd, &e) != 0) stop("epoll");
}

static void close_connection(struct viewer *v)
{
    close(v->fd);
    v->fd = -1;
}

static int write_request(const struct viewer *v, enum kind kind, char *out)
{
    const char *path = kind == PAGE ? page_path : kind == PLAYLIST ? playlist_path : segment_path;
    if (kind != BEAT)
        return snprintf(out, REQUEST_MAX, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path,
                        port);
    char body[TICKET_MAX + 64];
    int from = v->beats % 12 * 10000; /* the sample video is over two minutes long */
    int n = snprintf(body, sizeof body, "page=%s&n=%d&played=%d-%d", v->ticket, v->beats + 1, from,
                     from + 10000);
    return snprintf(
        out, REQUEST_MAX,
        "POST /tv/battement HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
        port, port, n, body);
}

static void begin(struct viewer *v, enum kind kind, uint64_t due);

static void begin_waiting(struct viewer *v)
{
    enum kind first = KINDS;
    for (int k = 0; k < KINDS; k++)
        if (v->waiting[k] && (first == KINDS || v->waiting[k] < v->waiting[first]))
            first = (enum kind)k;
    if (first == KINDS) return;
    uint64_t due = v->waiting[first];
    v->waiting[first] = 0;
    begin(v, first, due);
}

static void failed(struct viewer *v, const char *why)
{
    errors[v->kind]++;
    snprintf(last_error, sizeof last_error, "%s: %.200s", names[v->kind], why);
    for (char *c = last_error; *c; c++)
        if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\') *c = ' ';
    v->busy = false;
    close_connection(v);
    begin_waiting(v);
}

static void begin(struct viewer *v, enum kind kind, uint64_t due)
{
    char request[REQUEST_MAX];
    int n = write_request(v, kind, request);
    if (v->fd < 0) open_connection(v);
    v->busy = true;
    v->headed = false;
    v->kind = kind;
    v->due = due;
    v->have = 0;
    if (n >= REQUEST_MAX || send(v->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
        failed(v, "not sent");
}

/* What is due now: at once, or when the request under way is over. */
static void ask(struct viewer *v, enum kind kind, uint64_t due)
{
    if (v->busy) v->waiting[kind] = v->waiting[kind] ? v->waiting[kind] : due;
    else begin(v, kind, due);
}

static void note_time(enum kind kind, uint64_t us)
{
    if (done[kind] == room[kind]) {
        room[kind] = room[kind] ? room[kind] * 2 : 65536;
        times[kind] = realloc(times[kind], room[kind] * sizeof *times[kind]);
        if (!times[kind]) stop("memory");
    }
    times[kind][done[kind]++] = (uint32_t)us;
}

/* The page's ticket for heartbeats; then the viewer lives by the clock. */
static void read_ticket(struct viewer *v)
{
    v->text[v->have] = 0;
    char *at = strstr(v->text, " data-page=\""), *end = at ? strchr(at + 12, '"') : NULL;
    if (!end || end - at - 12 >= TICKET_MAX) {
        errors[PAGE]++;
        snprintf(last_error, sizeof last_error, "the page has no ticket");
        return;
    }
    memcpy(v->ticket, at + 12, (size_t)(end - at - 12));
    v->ticket[end - at - 12] = 0;
    size_t i = (size_t)(v - viewers);
    uint64_t now = now_us();
    /* spread evenly over the period, so that the load is steady */
    if (strcmp(playlist_path, "-") != 0)
        heap_push((struct timer){ now + i * MEDIA_US / count, v, PLAYLIST });
    heap_push((struct timer){ now + BEAT_US + i * BEAT_US / count % MEDIA_US, v, BEAT });
}

static void answered(struct viewer *v)
{
    uint64_t now = now_us();
    note_time(v->kind, now - v->due);
    v->busy = false;
    if (v->kind == PAGE) read_ticket(v);
    if (v->kind == BEAT) v->beats++;
    if (v->kind == PLAYLIST) begin(v, SEGMENT, now);
    else begin_waiting(v);
}

/* Once the head is whole: how much is still to come. False when that is no good answer. */
static bool read_head(struct viewer *v, char *end)
{
    *end = 0;
    char *length = strcasestr(v->text, "\r\nContent-Length:");
    int status = atoi(v->text + strlen("HTTP/1.1 "));
    if (status != (v->kind == BEAT ? 204 : 200) || (!length && status == 200)) {
        failed(v, v->text);
        return false;
    }
    size_t behind = v->have - (size_t)(end + 4 - v->text);
    v->left = length ? strtoull(length + 17, NULL, 10) : 0;
    v->headed = true;
    if (v->kind == PAGE) {
        if (v->left + 1 > v->room) v->text = realloc(v->text, v->room = v->left + 1);
        if (!v->text) stop("memory");
        memmove(v->text, end + 4, behind);
    }
    v->have = behind;
    bytes += behind;
    if (behind > v->left) {
        failed(v, "more than was said");
        return false;
    }
    v->left -= behind;
    return true;
}

static void readable(struct viewer *v)
{
    static char sink[256 * 1024];
    for (;;) {
        bool keep = !v->headed || v->kind == PAGE;
        char *to = keep ? v->text + v->have : sink;
        size_t most = !v->headed              ? HEAD_MAX - 1 - v->have
                      : v->left < sizeof sink ? v->left
                                              : sizeof sink;
        ssize_t got = v->busy ? recv(v->fd, to, most, 0) : 0;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) {
            if (v->busy) failed(v, "the connection ended");
            else close_connection(v); /* an idle one: nothing is lost */
            return;
        }
        if (keep) v->have += (size_t)got;
        if (v->headed) {
            bytes += (uint64_t)got;
            v->left -= (uint64_t)got;
        } else {
            v->text[v->have] = 0;
            char *end = strstr(v->text, "\r\n\r\n");
            if (!end && v->have == HEAD_MAX - 1) {
                failed(v, "the head is too long");
                return;
            }
            if (!end) continue;
            if (!read_head(v, end)) return;
        }
        if (v->headed && v->left == 0) {
            answered(v);
            return; /* what comes next tells itself */
        }
    }
}

/* --- the run ------------------------------------------------------------------------------------------------------ */

static void run(void)
{
    struct epoll_event events[512];
    for (;;) {
        uint64_t now = now_us();
        if (now >= ends) return;
        while (heap_count && heap[0].at <= now) {
            struct timer t = heap_pop();
            if (t.kind != PAGE)
                heap_push((struct timer){ t.at + (t.kind == BEAT ? BEAT_US : MEDIA_US), t.viewer,
                                          t.kind });
            ask(t.viewer, t.kind, t.at);
        }
        int n = epoll_wait(epoll_fd, events, 512, 1);
        for (int i = 0; i < n; i++) {
            struct viewer *v = events[i].data.ptr;
            if (v->fd >= 0) readable(v);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void print_result(void)
{
    size_t under_way = 0, late = 0;
    for (size_t i = 0; i < count; i++) {
        under_way += viewers[i].busy;
        late += viewers[i].busy && ends - viewers[i].due > 1000000;
    }
    printf("{\"seconds\":%.3f,\"bytes\":%llu,\"under_way\":%zu,\"late\":%zu,\"last_error\":\"%s\"",
           (double)(ends - begun) / 1e6, (unsigned long long)bytes, under_way, late, last_error);
    for (int k = 0; k < KINDS; k++) {
        size_t n = done[k];
        qsort(times[k], n, sizeof *times[k], by_size);
        printf(",\"%s\":{\"n\":%zu,\"errors\":%zu,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}",
               names[k], n, errors[k], n ? times[k][n / 2] : 0, n ? times[k][n * 99 / 100] : 0,
               n ? times[k][n - 1] : 0);
    }
    printf("}\n");
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: viewers PORT COUNT SECONDS PAGE PLAYLIST SEGMENT\n");
        return 2;
    }
    port = atoi(argv[1]);
    count = strtoul(argv[2], NULL, 10);
    page_path = argv[4];
    playlist_path = argv[5];
    segment_path = argv[6];
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    viewers = calloc(count, sizeof *viewers);
    heap = calloc(count * 3, sizeof *heap);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!viewers || !heap || epoll_fd < 0) stop("start");
    begun = now_us();
    /* they come in over 10 s, then stay: SECONDS count from the moment all are there */
    ends = begun + 10000000 + strtoull(argv[3], NULL, 10) * 1000000;
    for (size_t i = 0; i < count; i++) {
        viewers[i] = (struct viewer){ .fd = -1, .room = HEAD_MAX, .text = malloc(HEAD_MAX) };
        if (!viewers[i].text) stop("memory");
        heap_push((struct timer){ begun + i * 10000000 / count, &viewers[i], PAGE });
    }
    run();
    print_result();
    return 0;
}
