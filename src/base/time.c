/* Clocks and calendars. The European rule for summer time (last Sunday of March to last Sunday of October, at
 * 01:00 UTC; directive 2000/84/EC) is applied here, so that no process-wide TZ variable matters. */
#include "base/time.h"

#include <time.h>

int64_t time_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t time_monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Days since 1970-01-01 of a Gregorian date: H. Hinnant, "chrono-compatible low-level date algorithms". */
static int64_t days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (int64_t)era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t z, int *y, int *m, int *d)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = (int)(z - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int)(yoe + era * 400) + (*m <= 2);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* 0 = Monday; 1970-01-01 was a Thursday. */
static int weekday_of(int64_t days)
{
    int w = (int)((days + 3) % 7);
    return w < 0 ? w + 7 : w;
}

static int64_t last_sunday_0100_utc(int year, int month)
{
    int64_t last = days_from_civil(year, month, 31);
    int back = (weekday_of(last) + 1) % 7;
    return (last - back) * DAY_MS + HOUR_MS;
}

static int offset_at(int64_t ms)
{
    int y, m, d;
    civil_from_days(floor_div(ms, DAY_MS), &y, &m, &d);
    return ms >= last_sunday_0100_utc(y, 3) && ms < last_sunday_0100_utc(y, 10) ? 120 : 60;
}

static struct civil civil_of(int64_t ms)
{
    struct civil c;
    int64_t days = floor_div(ms, DAY_MS);
    int64_t rest = ms - days * DAY_MS;
    civil_from_days(days, &c.year, &c.month, &c.day);
    c.hour = (int)(rest / HOUR_MS);
    c.minute = (int)(rest / MINUTE_MS % 60);
    c.second = (int)(rest / SECOND_MS % 60);
    c.weekday = weekday_of(days);
    c.offset_minutes = 0;
    return c;
}

struct civil time_civil(int64_t ms)
{
    int offset = offset_at(ms);
    struct civil c = civil_of(ms + offset * MINUTE_MS);
    c.offset_minutes = offset;
    return c;
}

int64_t time_from_civil(int year, int month, int day, int hour, int minute)
{
    int64_t wall = days_from_civil(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
    int64_t winter = wall - HOUR_MS;
    /* in the missing hour the winter reading already falls into summer: 02:30 becomes 03:30 */
    int64_t summer = wall - 2 * HOUR_MS;
    return offset_at(summer) == 120 ? summer : winter;
}

void time_rfc3339(int64_t ms, char ret_text[TIME_RFC3339 + 1])
{
    struct civil c = civil_of(ms);
    char text[64];
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year % 10000, c.month, c.day,
             c.hour, c.minute, c.second);
    memcpy(ret_text, text, TIME_RFC3339);
    ret_text[TIME_RFC3339] = '\0';
}

void time_http(int64_t ms, char ret_text[TIME_HTTP + 1])
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = civil_of(ms);
    char text[64];
    snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * c.weekday,
             c.day, months + 3 * (c.month - 1), c.year % 10000, c.hour, c.minute, c.second);
    memcpy(ret_text, text, TIME_HTTP);
    ret_text[TIME_HTTP] = '\0';
}

/* Two digits at `at`, from 0 to `most`; -1: none. */
static int64_t two_digits(struct str text, size_t at, int64_t most)
{
    int64_t v;
    struct str digits = str_sub(text, at, 2);
    if (digits.n != 2 || digits.p[0] == '-' || !str_to_int(digits, &v) || v > most) return -1;
    return v;
}

bool time_parse_rfc3339(struct str text, int64_t *ret_ms)
{
    int64_t y, ms = 0, offset = 0, month = two_digits(text, 5, 12), day = two_digits(text, 8, 31),
               hour = two_digits(text, 11, 23), minute = two_digits(text, 14, 59),
               second = two_digits(text, 17, 60);
    if (text.n < 20 || text.p[0] == '-' || !str_to_int(str_sub(text, 0, 4), &y) || month < 1 ||
        day < 1 || hour < 0 || minute < 0 || second < 0 || text.p[4] != '-' || text.p[7] != '-' ||
        (text.p[10] | 0x20) != 't' || text.p[13] != ':' || text.p[16] != ':')
        return false;
    size_t at = 19;
    if (text.p[at] == '.') {
        size_t from = ++at;
        for (int64_t weight = 100; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++) {
            ms += weight * (text.p[at] - '0');
            weight /= 10;
        }
        if (at == from) return false;
    }
    struct str zone = str_sub(text, at, text.n);
    if (zone.n == 6 && (zone.p[0] == '+' || zone.p[0] == '-') && zone.p[3] == ':') {
        int64_t h = two_digits(zone, 1, 23), m = two_digits(zone, 4, 59);
        if (h < 0 || m < 0) return false;
        offset = (h * 60 + m) * MINUTE_MS * (zone.p[0] == '-' ? -1 : 1);
    } else if (zone.n != 1 || (zone.p[0] | 0x20) != 'z') {
        return false;
    }
    int64_t days = days_from_civil((int)y, (int)month, (int)day);
    int ry, rm, rd;
    civil_from_days(days, &ry, &rm, &rd);
    if (rd != (int)day) return false;
    *ret_ms =
        days * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + ms - offset;
    return true;
}

bool time_parse_date(struct str text, int64_t *ret_ms)
{
    int64_t y, m, d;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
        !str_to_int(str_sub(text, 0, 4), &y) || !str_to_int(str_sub(text, 5, 2), &m) ||
        !str_to_int(str_sub(text, 8, 2), &d))
        return false;
    if (y < 1900 || y > 2200 || m < 1 || m > 12 || d < 1) return false;
    int ry, rm, rd;
    civil_from_days(days_from_civil((int)y, (int)m, (int)d), &ry, &rm, &rd);
    if (rm != (int)m || rd != (int)d) return false;
    *ret_ms = time_from_civil((int)y, (int)m, (int)d, 0, 0);
    return true;
}
