/* Dates, times and numbers as people read them. French after the Imprimerie nationale ("16 h 30", "1er"), English
 * after European use (day before month, 24 hours). */
#include "html/html.h"

#include "base/time.h"

#define NBSP "\xC2\xA0"
#define NARROW "\xE2\x80\xAF"

static const char *const weekdays[LANG_COUNT][7] = {
    [LANG_FR] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
    [LANG_EN] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
};

static const char *const weekdays_short[LANG_COUNT][7] = {
    [LANG_FR] = { "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim." },
    [LANG_EN] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
};

static const char *const months[LANG_COUNT][12] = {
    [LANG_FR] = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                  "septembre", "octobre", "novembre", "décembre" },
    [LANG_EN] = { "January", "February", "March", "April", "May", "June", "July", "August",
                  "September", "October", "November", "December" },
};

static const char *const months_short[LANG_COUNT][12] = {
    [LANG_FR] = { "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.",
                  "oct.", "nov.", "déc." },
    [LANG_EN] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                  "Dec" },
};

/* "1er", "2", … */
static struct str day_text(struct page *pg, int day)
{
    struct str number = arena_int(pg->arena, day, 1);
    return pg->lang == LANG_FR && day == 1 ? S("1er") : number;
}

static struct str hour_text(struct page *pg, struct civil c)
{
    if (pg->lang == LANG_EN) return arena_printf(pg->arena, "%d:%02d", c.hour, c.minute);
    if (c.minute == 0) return arena_printf(pg->arena, "%d" NBSP "h", c.hour);
    return arena_printf(pg->arena, "%d" NBSP "h" NBSP "%02d", c.hour, c.minute);
}

struct str time_of_day(struct page *pg, int64_t ms)
{
    return hour_text(pg, time_civil(ms));
}

struct str date_long(struct page *pg, int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_printf(pg->arena, "%s %.*s %s %d", weekdays[pg->lang][c.weekday],
                        STR(day_text(pg, c.day)), months[pg->lang][c.month - 1], c.year);
}

struct str date_short(struct page *pg, int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_join(pg->arena, day_text(pg, c.day), S(NBSP),
                      str_from(months_short[pg->lang][c.month - 1]));
}

struct str date_time(struct page *pg, int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_printf(pg->arena, "%s %.*s %s, %.*s", weekdays[pg->lang][c.weekday],
                        STR(day_text(pg, c.day)), months[pg->lang][c.month - 1],
                        STR(hour_text(pg, c)));
}

struct str date_value(struct arena *a, int64_t ms)
{
    if (ms <= 0) return S("");
    struct civil c = time_civil(ms);
    return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str weekday_short(struct page *pg, int64_t ms)
{
    return str_from(weekdays_short[pg->lang][time_civil(ms).weekday]);
}

struct str month_long(struct page *pg, int month)
{
    return str_from(months[pg->lang][month - 1]);
}

struct str month_short(struct page *pg, int64_t ms)
{
    return str_from(months_short[pg->lang][time_civil(ms).month - 1]);
}

int day_of(int64_t ms)
{
    return time_civil(ms).day;
}

struct str time_datetime(struct page *pg, int64_t ms)
{
    struct civil c = time_civil(ms);
    return arena_printf(pg->arena, "%04d-%02d-%02dT%02d:%02d:%02d+%02d:%02d", c.year, c.month,
                        c.day, c.hour, c.minute, c.second, c.offset_minutes / 60,
                        c.offset_minutes % 60);
}

struct str duration_text(struct page *pg, int64_t minutes)
{
    if (minutes < 0) minutes = 0;
    int64_t hours = minutes / 60, rest = minutes % 60;
    struct str whole = number_text(pg, hours);
    if (hours == 0) return arena_join(pg->arena, arena_int(pg->arena, rest, 1), S(NBSP "min"));
    if (rest == 0) return arena_join(pg->arena, whole, S(NBSP "h"));
    return arena_join(pg->arena, whole, S(NBSP "h" NBSP), arena_int(pg->arena, rest, 2),
                      pg->lang == LANG_EN ? S(NBSP "min") : S(""));
}

struct str number_text(struct page *pg, int64_t v)
{
    struct str separator = pg->lang == LANG_FR ? S(NARROW) : S(",");
    char text[64]; /* 19 digits, 6 separators and a sign of 3 bytes each */
    struct str digits = arena_int(pg->arena, v, 1);
    size_t length = 0;
    for (size_t i = 0; i < digits.n; i++) {
        struct str put = { &digits.p[i], 1 };
        if (digits.p[i] == '-') put = S("\xE2\x88\x92"); /* the minus sign */
        bool group = i > 0 && (digits.n - i) % 3 == 0 && digits.p[i - 1] != '-';
        if (group) memcpy(text + length, separator.p, separator.n);
        length += group ? separator.n : 0;
        memcpy(text + length, put.p, put.n);
        length += put.n;
    }
    return arena_dup(pg->arena, (struct str){ text, length });
}
