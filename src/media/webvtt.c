/* A small reading of WebVTT: header, cue times, text. Unknown blocks (NOTE, STYLE, REGION) are passed over. */
#include "media/webvtt.h"

#include "base/buf.h"
#include "html/lang.h"

enum { HOURS_MAX = 99 };

static bool digits(struct str s, size_t least, size_t most, int64_t *ret)
{
    if (s.n < least || s.n > most) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return str_to_int(s, ret);
}

bool webvtt_parse_time(struct str text, int64_t *ret_ms)
{
    int64_t hours = 0, minutes, seconds, ms;
    struct str rest = text;
    struct str first = str_cut(&rest, ':');
    struct str last = rest;
    if (str_find(rest, ':') < rest.n) {
        if (!digits(first, 2, 2, &hours) || hours > HOURS_MAX) return false;
        first = str_cut(&last, ':');
    }
    struct str whole = str_cut(&last, '.');
    if (!digits(first, 2, 2, &minutes) || !digits(whole, 2, 2, &seconds) ||
        !digits(last, 3, 3, &ms))
        return false;
    if (minutes > 59 || seconds > 59) return false;
    *ret_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
    return true;
}

static void put_time(struct buf *b, int64_t ms, char point)
{
    buf_printf(b, "%02d:%02d:%02d%c%03d", (int)(ms / 3600000 % 100), (int)(ms / 60000 % 60),
               (int)(ms / 1000 % 60), point, (int)(ms % 1000));
}

static void put_times(struct buf *b, const struct cue *c, size_t number, char point)
{
    buf_printf(b, "%zu\n", number);
    put_time(b, c->start_ms, point);
    buf_lit(b, " --> ");
    put_time(b, c->end_ms, point);
    buf_putc(b, '\n');
}

struct str webvtt_write(struct arena *a, const struct cue *cues, size_t n)
{
    struct buf b = BUF_INIT(8 * WEBVTT_MAX);
    buf_lit(&b, "WEBVTT\n");
    for (size_t i = 0; i < n; i++) {
        buf_putc(&b, '\n');
        put_times(&b, &cues[i], i + 1, '.');
        for (size_t at = 0; at < cues[i].text.n; at++) {
            char c = cues[i].text.p[at];
            if (c == '&') buf_lit(&b, "&amp;");
            else if (c == '<') buf_lit(&b, "&lt;");
            else if (c == '>') buf_lit(&b, "&gt;"); /* also keeps "-->" out of the text */
            else buf_putc(&b, c);
        }
        buf_putc(&b, '\n');
    }
    struct str file = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return file;
}

struct str subtitles_srt(struct arena *a, const struct cue *cues, size_t n)
{
    struct buf b = BUF_INIT(8 * WEBVTT_MAX);
    for (size_t i = 0; i < n; i++) {
        put_times(&b, &cues[i], i + 1, ',');
        buf_str(&b, cues[i].text);
        buf_lit(&b, "\n\n");
    }
    struct str file = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return file;
}

/* --- reading -------------------------------------------------------------------------------------------- */

struct reader {
    struct str rest;
    int line;
    bool ended;
};

/* The next line without its end (\n, \r\n, \r); false behind the last. */
static bool next_line(struct reader *r, struct str *ret)
{
    if (r->ended) return false;
    size_t at = 0;
    while (at < r->rest.n && r->rest.p[at] != '\n' && r->rest.p[at] != '\r')
        at++;
    *ret = str_sub(r->rest, 0, at);
    r->ended = at == r->rest.n;
    bool both = str_starts(str_sub(r->rest, at, r->rest.n), S("\r\n"));
    r->rest = str_sub(r->rest, at + 1 + both, r->rest.n);
    r->line++;
    return true;
}

static void put_entity(struct buf *b, struct str *rest)
{
    static const struct {
        const char *name, *text;
    } entities[] = {
        { "&amp;", "&" },       { "&lt;", "<" }, { "&gt;", ">" },
        { "&nbsp;", "\u00a0" }, { "&lrm;", "" }, { "&rlm;", "" },
    };
    for (size_t i = 0; i < COUNT(entities); i++) {
        struct str name = str_from(entities[i].name);
        if (!str_starts(*rest, name)) continue;
        buf_str(b, str_from(entities[i].text));
        *rest = str_sub(*rest, name.n, rest->n);
        return;
    }
    buf_putc(b, '&');
    *rest = str_sub(*rest, 1, rest->n);
}

/* The length of a tag at the beginning: "<i>", "</font>", "<00:01.500>", and "{\an8}" of SubRip; 0: it is text, as in "3 < 5". */
static size_t tag_length(struct str line)
{
    char first = line.p[0], second = line.n > 1 ? line.p[1] : 0;
    bool letter = (second >= 'a' && second <= 'z') || (second >= 'A' && second <= 'Z');
    bool opens = first == '<' ? letter || second == '/' || (second >= '0' && second <= '9')
                              : first == '{' && second == '\\';
    size_t end = opens ? str_find(line, first == '<' ? '>' : '}') : line.n;
    return end < line.n ? end + 1 : 0;
}

/* The line without tags, entities resolved. */
static void put_plain(struct buf *b, struct str line)
{
    while (line.n > 0) {
        size_t tag = tag_length(line);
        if (tag) {
            line = str_sub(line, tag, line.n);
        } else if (line.p[0] == '&') {
            put_entity(b, &line);
        } else {
            buf_putc(b, line.p[0]);
            line = str_sub(line, 1, line.n);
        }
    }
}

/* SubRip writes "1:02:03,456": a comma, and now and then an hour of one digit. */
static bool parse_time(struct str text, bool srt, int64_t *ret)
{
    char plain[16];
    if (!srt || text.n > 13 || text.n < 5) return webvtt_parse_time(text, ret);
    size_t n = 0;
    if (text.p[1] == ':') plain[n++] = '0';
    for (size_t i = 0; i < text.n; i++)
        plain[n++] = text.p[i] == ',' ? '.' : text.p[i];
    return webvtt_parse_time((struct str){ plain, n }, ret);
}

/* "00:01.000 --> 00:02.000 align:start" */
static bool parse_times(struct str line, bool srt, struct cue *c)
{
    size_t arrow = str_search(line, S("-->"));
    struct str end = str_trim(str_sub(line, arrow + 3, line.n));
    end = str_sub(end, 0, str_find(end, ' '));
    end = str_sub(end, 0, str_find(end, '\t'));
    struct str start = str_trim(str_sub(line, 0, arrow));
    return parse_time(start, srt, &c->start_ms) && parse_time(end, srt, &c->end_ms) &&
           c->end_ms > c->start_ms;
}

static struct str read_text(struct arena *a, struct reader *r)
{
    struct buf b = BUF_INIT(WEBVTT_MAX);
    struct str line;
    while (next_line(r, &line) && line.n > 0) {
        size_t before = b.n;
        if (before > 0) buf_putc(&b, '\n');
        size_t start = b.n;
        put_plain(&b, line);
        if (b.n == start) b.n = before; /* nothing but markup */
    }
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

static int by_start(const void *a, const void *b)
{
    const struct cue *one = a, *two = b;
    return one->start_ms < two->start_ms ? -1 : one->start_ms > two->start_ms;
}

static bool is_header(struct str line)
{
    if (str_starts(line, S("\xEF\xBB\xBF"))) line = str_sub(line, 3, line.n);
    return str_starts(line, S("WEBVTT")) && (line.n == 6 || line.p[6] == ' ' || line.p[6] == '\t');
}

static bool parse(struct arena *a, struct str file, bool srt, struct cue **ret_cues,
                  size_t *ret_count, const char **ret_problem, int *ret_line)
{
    struct reader r = { .rest = file };
    struct str line;
    size_t n = 0, room = 64;
    struct cue *cues = arena_array(a, struct cue, room);
    *ret_problem = NULL;
    if (file.n > WEBVTT_MAX) *ret_problem = N_("This subtitle file is too long (4 MiB at most).");
    else if (!srt && (!next_line(&r, &line) || !is_header(line)))
        *ret_problem = N_("A WebVTT subtitle file begins with the word WEBVTT.");
    while (!*ret_problem && next_line(&r, &line)) {
        if (str_search(line, S("-->")) >= line.n) continue;
        if (n == WEBVTT_CUES_MAX) {
            *ret_problem = N_("This subtitle file has too many lines of text (20,000 at most).");
        } else {
            if (n == room) {
                struct cue *more = arena_array(a, struct cue, room * 2);
                memcpy(more, cues, n * sizeof *cues);
                cues = more;
                room *= 2;
            }
            if (!parse_times(line, srt, &cues[n]))
                *ret_problem =
                    N_("These times cannot be read: write them as 00:01:02.500 --> 00:01:05.000.");
            else cues[n++].text = read_text(a, &r);
        }
    }
    if (!*ret_problem && srt && n == 0)
        *ret_problem = N_("These are no subtitles: no line holds times such as 00:01:02.500 --> "
                          "00:01:05.000.");
    *ret_line = r.line;
    if (*ret_problem) return false;
    qsort(cues, n, sizeof *cues, by_start);
    *ret_cues = cues;
    *ret_count = n;
    return true;
}

bool webvtt_parse(struct arena *a, struct str file, struct cue **ret_cues, size_t *ret_count,
                  const char **ret_problem, int *ret_line)
{
    return parse(a, file, false, ret_cues, ret_count, ret_problem, ret_line);
}

bool subtitles_parse(struct arena *a, struct str file, struct cue **ret_cues, size_t *ret_count,
                     const char **ret_problem, int *ret_line)
{
    struct str rest = file, first = str_trim(str_cut(&rest, '\n'));
    return parse(a, file, !is_header(first), ret_cues, ret_count, ret_problem, ret_line);
}
