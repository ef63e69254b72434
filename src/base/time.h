/* Time is integer UTC milliseconds since 1970. Shown in Europe/Brussels. */
#ifndef EDULAB_BASE_TIME_H
#define EDULAB_BASE_TIME_H

#include "base/str.h"

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* A moment taken apart in Europe/Brussels. */
struct civil {
    int year, month, day; /* month 1..12 */
    int hour, minute, second;
    int weekday;        /* 0 = Monday */
    int offset_minutes; /* from UTC: 60 or 120 */
};

enum { TIME_RFC3339 = 20, TIME_HTTP = 29 };

int64_t time_now(void);
/* Milliseconds that only rise: for durations, leases in one process, rate limits. */
int64_t time_monotonic(void);
struct civil time_civil(int64_t ms);
/* The moment of a wall clock in Europe/Brussels; an hour that does not exist moves forward. */
int64_t time_from_civil(int year, int month, int day, int hour, int minute);
/* "2026-11-23T20:15:00Z" */
void time_rfc3339(int64_t ms, char ret_text[TIME_RFC3339 + 1]);
/* "Mon, 23 Nov 2026 20:15:00 GMT" */
void time_http(int64_t ms, char ret_text[TIME_HTTP + 1]);
/* RFC 3339 with Z or an offset, fractions of a second dropped beyond milliseconds. */
bool time_parse_rfc3339(struct str text, int64_t *ret_ms);
/* "YYYY-MM-DD" as midnight in Europe/Brussels. */
bool time_parse_date(struct str text, int64_t *ret_ms);

#endif
