/* A load generator for requests that each happen once (a POST with its own session and form): `clients` threads, each
 * with one kept-alive connection, take the next request of a file, send it and wait for its answer. Prints one line of
 * JSON; --record writes the status of every request (0: no whole answer came), in the order of the file.
 *
 *   load PORT FILE CLIENTS [--repeat TOTAL] [--record FILE]
 *
 * FILE holds raw HTTP/1.1 requests, each after a line with its length. With --repeat the file is gone through again
 * until TOTAL requests are sent. A client whose connection breaks stops: the server is gone. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct message {
    const char *p;
    size_t n;
};

struct client {
    pthread_t thread;
    int fd;
    size_t have; /* bytes of the answer read so far */
    char answer[256 * 1024];
};

static struct message *messages;
static size_t message_count, total;
static uint16_t *statuses;
static uint32_t *micros;
static atomic_size_t next_message;
static unsigned port;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void read_messages(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) fail(path);
    long size = ftell(f);
    rewind(f);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, f) != (size_t)size) fail(path);
    fclose(f);
    text[size] = 0;
    size_t room = 0;
    for (char *p = text; p < text + size;) {
        char *end;
        size_t n = strtoul(p, &end, 10);
        if (*end != '\n' || n == 0 || n > (size_t)(text + size - end - 1)) {
            fprintf(stderr, "load: %s is cut\n", path);
            exit(1);
        }
        if (message_count == room) {
            room = room ? room * 2 : 1024;
            messages = realloc(messages, room * sizeof *messages);
            if (!messages) fail("memory");
        }
        messages[message_count++] = (struct message){ end + 1, n };
        p = end + 1 + n;
    }
}

static int open_connection(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0) return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static bool send_all(int fd, struct message m)
{
    while (m.n) {
        ssize_t sent = send(fd, m.p, m.n, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        m.p += sent;
        m.n -= (size_t)sent;
    }
    return true;
}

static const char *find_header(const char *head, const char *end, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = head; line && line < end;
         line = memchr(line, '\n', (size_t)(end - line))) {
        if (*line == '\n') line++;
        if ((size_t)(end - line) > n && strncasecmp(line, name, n) == 0) return line + n;
    }
    return NULL;
}

/* The status once the whole answer is there, 0 when the connection ended before. Pages are answered with a length. */
static int read_answer(struct client *c, bool *ret_close)
{
    c->have = 0;
    char *end = NULL;
    size_t whole = 0;
    for (;;) {
        if (c->have == sizeof c->answer - 1) return 0;
        ssize_t got = recv(c->fd, c->answer + c->have, sizeof c->answer - 1 - c->have, 0);
        if (got <= 0) return 0;
        c->have += (size_t)got;
        c->answer[c->have] = 0;
        if (!end && (end = strstr(c->answer, "\r\n\r\n"))) {
            const char *length = find_header(c->answer, end + 2, "Content-Length:");
            whole = (size_t)(end + 4 - c->answer) + (length ? strtoul(length, NULL, 10) : 0);
            const char *connection = find_header(c->answer, end + 2, "Connection:");
            *ret_close =
                connection && strncasecmp(connection + strspn(connection, " "), "close", 5) == 0;
        }
        if (end && c->have >= whole) return (int)strtol(c->answer + strlen("HTTP/1.1 "), NULL, 10);
    }
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void *run_client(void *arg)
{
    struct client *c = arg;
    for (;;) {
        size_t i = atomic_fetch_add(&next_message, 1);
        if (i >= total) break;
        if (c->fd < 0 && (c->fd = open_connection()) < 0) break;
        bool last = false;
        uint64_t begun = now_us();
        int status = send_all(c->fd, messages[i % message_count]) ? read_answer(c, &last) : 0;
        statuses[i] = (uint16_t)status;
        micros[i] = (uint32_t)(now_us() - begun);
        if (status == 0) break;
        if (last) {
            close(c->fd);
            c->fd = -1;
        }
    }
    if (c->fd >= 0) close(c->fd);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void print_result(double seconds)
{
    size_t by_class[6] = { 0 }, done = 0;
    for (size_t i = 0; i < total; i++) {
        by_class[statuses[i] / 100 < 6 ? statuses[i] / 100 : 5]++;
        if (statuses[i]) micros[done++] = micros[i];
    }
    qsort(micros, done, sizeof *micros, by_size);
    printf("{\"seconds\":%.6f,\"answers\":%zu,\"none\":%zu,\"2xx\":%zu,\"3xx\":%zu,\"4xx\":%zu,"
           "\"5xx\":%zu,",
           seconds, done, by_class[0], by_class[2], by_class[3], by_class[4], by_class[5]);
    printf("\"per_second\":%.1f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
           (double)done / seconds, done ? micros[done / 2] : 0, done ? micros[done * 99 / 100] : 0,
           done ? micros[done - 1] : 0);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: load PORT FILE CLIENTS [--repeat TOTAL] [--record FILE]\n");
        return 2;
    }
    port = (unsigned)strtoul(argv[1], NULL, 10);
    read_messages(argv[2]);
    size_t clients = strtoul(argv[3], NULL, 10);
    const char *record = NULL;
    total = message_count;
    for (int i = 4; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--repeat") == 0) total = strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--record") == 0) record = argv[i + 1];
    }
    statuses = calloc(total, sizeof *statuses);
    micros = calloc(total, sizeof *micros);
    struct client *all = calloc(clients, sizeof *all);
    if (!statuses || !micros || !all || !total || !clients) fail("memory");
    uint64_t begun = now_us();
    for (size_t i = 0; i < clients; i++) {
        all[i].fd = -1;
        if (pthread_create(&all[i].thread, NULL, run_client, &all[i]) != 0) fail("thread");
    }
    for (size_t i = 0; i < clients; i++)
        pthread_join(all[i].thread, NULL);
    double seconds = (double)(now_us() - begun) / 1e6;
    if (record) {
        FILE *f = fopen(record, "w");
        if (!f) fail(record);
        for (size_t i = 0; i < total; i++)
            fprintf(f, "%u\n", statuses[i]);
        if (fclose(f) != 0) fail(record);
    }
    print_result(seconds);
    return 0;
}
