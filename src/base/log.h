/* Structured logs: one JSON object a line on standard error. Only http/, work/ and main log. Values are given
 * as pairs; secrets are never values. log_info("job.done", "job", id, "ms", n, LOG_END) is spelt by the
 * macros below so that the compiler checks types. */
#ifndef EDULAB_BASE_LOG_H
#define EDULAB_BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *key;
    enum { LOG_TEXT, LOG_NUMBER } kind;
    struct str text;
    int64_t number;
};

#define LT(k, v)                                                                                   \
    {                                                                                              \
        .key = (k), .kind = LOG_TEXT, .text = (v)                                                  \
    }
#define LN(k, v)                                                                                   \
    {                                                                                              \
        .key = (k), .kind = LOG_NUMBER, .number = (int64_t)(v)                                     \
    }

void log_set_level(enum log_level least);
/* event: a short dotted name, such as "request" or "job.failed". */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);
#define log_event(level, event, ...)                                                               \
    log_write((level), (event), (const struct log_field[]){ __VA_ARGS__ },                         \
              sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

#endif
