/* Log lines: each is put together in memory and written with one call. Writing a log never waits for a reader and never
 * fails the work that is told about. */
#include "base/log.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"

static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level least)
{
    threshold = least;
}

static void put_json_text(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\') buf_printf(b, "\\%c", c);
        else if (c < 0x20) buf_printf(b, "\\u%04x", c);
        else buf_putc(b, (char)c);
    }
    buf_putc(b, '"');
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    if (level < threshold) return;
    char when[TIME_RFC3339 + 1];
    time_rfc3339(time_now(), when);
    struct buf b = BUF_INIT(16 * 1024);
    /* a line for each request: put together by hand, as printf costs more than all the rest */
    buf_lit(&b, "{\"time\":\"");
    buf_str(&b, str_from(when));
    buf_lit(&b, "\",\"level\":\"");
    buf_str(&b, str_from(names[level]));
    buf_lit(&b, "\",\"event\":\"");
    buf_str(&b, str_from(event));
    buf_putc(&b, '"');
    for (size_t i = 0; i < n; i++) {
        buf_lit(&b, ",\"");
        buf_str(&b, str_from(fields[i].key));
        buf_lit(&b, "\":");
        if (fields[i].kind == LOG_NUMBER) buf_int(&b, fields[i].number);
        else put_json_text(&b, fields[i].text);
    }
    buf_lit(&b, "}\n");
    /* one write, so that lines of several threads do not mix; a full pipe loses the line, not the service */
    ssize_t written = write(STDERR_FILENO, b.p, b.n);
    (void)written;
    buf_finish(&b);
}
