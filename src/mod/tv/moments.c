/* Moments of a video as people type them, and lines that begin with one. */
#include "mod/tv/moments.h"

#include <sodium.h>

#include "base/utf8.h"
#include "html/lang.h"

enum { DAY_S = 86400 };

static bool digits(struct str s, size_t most, int64_t *ret)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0 && s.n <= most && str_to_int(s, ret);
}

/* ".5", ",250": at most thousandths */
static bool fraction(struct str s, int64_t *ret)
{
    int64_t value;
    if (!digits(s, 3, &value)) return false;
    for (size_t i = s.n; i < 3; i++)
        value *= 10;
    *ret = value;
    return true;
}

bool moment_read(struct str text, int64_t *ret_ms)
{
    int64_t whole = 0, part = 0, n;
    size_t point = str_find(text, '.'), comma = str_find(text, ',');
    struct str rest = str_sub(text, 0, point < comma ? point : comma);
    if (rest.n < text.n && !fraction(str_sub(text, rest.n + 1, text.n), &part)) return false;
    for (int i = 0; i < 3; i++) {
        struct str before = rest, one = str_cut(&rest, ':');
        bool more = one.n < before.n;
        if (!digits(one, i ? 2 : 5, &n) || (i && n > 59)) return false;
        whole = whole * 60 + n;
        if (more) continue;
        if (whole >= DAY_S) return false;
        *ret_ms = whole * 1000 + part;
        return true;
    }
    return false; /* a third colon */
}

struct str moment_text(struct arena *a, int64_t ms)
{
    int64_t s = ms / 1000;
    struct str end = ms % 1000 ? arena_printf(a, ".%03d", (int)(ms % 1000)) : S("");
    while (end.n && end.p[end.n - 1] == '0')
        end.n--;
    if (s >= 3600)
        return arena_printf(a, "%d:%02d:%02d%.*s", (int)(s / 3600), (int)(s / 60 % 60),
                            (int)(s % 60), STR(end));
    return arena_printf(a, "%d:%02d%.*s", (int)(s / 60), (int)(s % 60), STR(end));
}

struct str moment_print(struct arena *a, struct str text)
{
    unsigned char hash[16];
    char *hex = arena_alloc(a, 33);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.p, text.n, NULL, 0);
    sodium_bin2hex(hex, 33, hash, sizeof hash);
    return (struct str){ hex, 32 };
}

/* --- chapters ------------------------------------------------------------------------------------------------------------------ */

static size_t characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

/* "0:35 Titre", "0:35 - Titre" */
static const char *read_line(struct str line, struct chapter *ret)
{
    struct str rest = line, time = str_cut(&rest, ' ');
    if (!moment_read(time, &ret->start_ms)) return N_("It does not begin with a time, as 1:30.");
    rest = str_trim(rest);
    static const char *const marks[] = { "-", "–", "—" };
    for (size_t i = 0; i < COUNT(marks); i++)
        if (str_starts(rest, str_from(marks[i])))
            rest = str_trim(str_sub(rest, strlen(marks[i]), rest.n));
    ret->title = rest;
    if (!rest.n) return N_("It has no title.");
    return characters(rest) > CHAPTER_TITLE ? N_("Its title is longer than 140 characters.") : NULL;
}

static const char *fits(const struct chapter *c, const struct chapter *before, int64_t duration)
{
    if (!before && c->start_ms != 0) return N_("The first chapter begins at 0:00.");
    if (before && c->start_ms <= before->start_ms)
        return N_("It does not begin after the line above it.");
    if (before && c->start_ms - before->start_ms < CHAPTER_LEAST_MS)
        return N_("It begins less than a second after the line above it.");
    if (duration > 0 && c->start_ms >= duration) return N_("It begins after the end of the video.");
    return NULL;
}

bool chapters_read(struct arena *a, struct str text, int64_t duration, struct chapter **ret,
                   size_t *ret_n, const char **ret_problem, int *ret_line)
{
    struct chapter *rows = *ret = arena_array(a, struct chapter, CHAPTERS_MOST + 1);
    size_t n = 0;
    const char *problem = NULL;
    for (*ret_line = 1; text.n && !problem; ++*ret_line) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (!line.n) continue;
        if (n == CHAPTERS_MOST) problem = N_("There are more than 200 chapters.");
        if (!problem) problem = read_line(line, &rows[n]);
        if (!problem) problem = fits(&rows[n], n ? &rows[n - 1] : NULL, duration);
        if (problem) break;
        n++;
    }
    *ret_n = n;
    *ret_problem = problem;
    return !problem;
}

struct str chapters_text(struct arena *a, const struct chapter *rows, size_t n)
{
    struct buf b = BUF_INIT(CHAPTERS_MOST * 1024);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%.*s %.*s\n", STR(moment_text(a, rows[i].start_ms)), STR(rows[i].title));
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}
