/* What the search reads of a video: its words as a whole, and its sentences with the second at which each is said. */
#include "db/words.h"

#include "media/webvtt.h"
#include "mod/competence/competence.h"
#include "mod/tv/library.h"

enum {
    PASSAGE_BYTES = 240,    /* a sentence may be longer by one cue */
    PASSAGE_MS = 20 * 1000, /* longer ones are no answer to "when" */
    SILENCE_MS = 4 * 1000,  /* what comes after it is something else */
    ABOUT_BYTES = 64 * KIB,
    SAID_BYTES = 4 * MIB,
};

static bool ends_sentence(struct str s)
{
    return str_ends(s, S(".")) || str_ends(s, S("!")) || str_ends(s, S("?")) ||
           str_ends(s, S("…")) || str_ends(s, S("»"));
}

/* Cues run over lines; a sentence does not. */
static void put_line(struct buf *b, struct str text)
{
    while (text.n) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.n && b->n) buf_putc(b, ' ');
        buf_str(b, line);
    }
}

size_t tv_passages(struct arena *a, const struct cue *cues, size_t n, struct tv_passage **ret)
{
    struct tv_passage *rows = *ret = arena_array(a, struct tv_passage, n + 1);
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        struct buf b = BUF_INIT(SAID_BYTES);
        const struct cue *first = &cues[i];
        do
            put_line(&b, cues[i++].text);
        while (i < n && b.n < PASSAGE_BYTES && !ends_sentence(buf_view(&b)) &&
               cues[i].start_ms - first->start_ms < PASSAGE_MS &&
               cues[i].start_ms - cues[i - 1].end_ms < SILENCE_MS);
        if (b.n) rows[count++] = (struct tv_passage){ first->start_ms, arena_dup(a, buf_view(&b)) };
        buf_finish(&b);
    }
    return count;
}

static void add_passages(struct db *db, int64_t video, struct str lang, const struct tv_passage *p,
                         size_t n)
{
    for (size_t i = 0; i < n; i++)
        tv_sql_add_passage(db, video, lang, (int64_t)i, p[i].start_ms, p[i].text,
                           words_plain(db_arena(db), p[i].text));
}

/* Each sentence of all transcripts to `said`. */
static void index_texts(struct db *db, int64_t video, struct buf *said)
{
    struct tv_sql_texts *texts;
    size_t n = tv_sql_texts(db, video, &texts);
    for (size_t i = 0; i < n; i++) {
        struct cue *cues;
        struct tv_passage *passages;
        const char *problem;
        int line;
        size_t count;
        if (!webvtt_parse(db_arena(db), texts[i].vtt, &cues, &count, &problem, &line))
            continue; /* it was checked when it came in */
        count = tv_passages(db_arena(db), cues, count, &passages);
        add_passages(db, video, texts[i].lang, passages, count);
        for (size_t k = 0; k < count; k++)
            put_line(said, passages[k].text);
    }
}

static void index_chapters(struct db *db, int64_t video, struct buf *about)
{
    struct tv_sql_chapters *chapters;
    size_t n = tv_sql_chapters(db, video, &chapters);
    struct tv_passage *p = arena_array(db_arena(db), struct tv_passage, n + 1);
    for (size_t i = 0; i < n; i++) {
        p[i] = (struct tv_passage){ chapters[i].start_ms, chapters[i].title };
        put_line(about, chapters[i].title);
    }
    add_passages(db, video, S(""), p, n);
}

/* Its tags in French, so that "steam" finds what is about it. */
static void put_tags(struct buf *about, uint64_t facets)
{
    for (size_t i = 0; i < tv_tag_count(); i++) {
        const struct tv_tag t = tv_tag(i);
        bool named = t.group == TV_THEME || t.group == TV_LEVEL || t.group == TV_COMPETENCE;
        if (!named || !(facets >> t.bit & 1)) continue;
        if (t.group == TV_COMPETENCE) put_line(about, str_from(t.code));
        put_line(about, lang_text(LANG_FR, t.label));
    }
}

void tv_index_words(struct db *db, const struct tv_sql_video_by_slug *v)
{
    struct buf about = BUF_INIT(ABOUT_BYTES), said = BUF_INIT(SAID_BYTES);
    tv_sql_drop_words(db, v->id);
    tv_sql_drop_title(db, v->id);
    tv_sql_drop_passages(db, v->id);
    put_line(&about, v->description);
    put_line(&about, v->speaker);
    put_tags(&about, tv_facets_of(v));
    index_chapters(db, v->id, &about);
    index_texts(db, v->id, &said);
    struct str title = words_index(db, v->title);
    tv_sql_add_title(db, v->id, title);
    tv_sql_add_words(db, v->id, title, words_index(db, buf_view(&about)),
                     words_index(db, buf_view(&said)));
    buf_finish(&about);
    buf_finish(&said);
}

/* --- the moments of what was found ------------------------------------------------------------------------------------------ */

/* The sentences of one video that hold most of the words; the first ones are shown, in their order. */
static struct tv_moments best_of(struct arena *a, const struct words_asked *asked,
                                 const struct tv_sql_passages *rows, size_t n, int64_t video)
{
    struct tv_moments m = { .shown = arena_array(a, struct tv_passage, TV_MOMENTS) };
    size_t best = 1;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].video_id != video) continue;
        size_t found = words_among(asked, rows[i].words);
        if (found < best) continue;
        if (found > best) m.n = m.total = 0;
        best = found;
        m.total++;
        if (m.n < TV_MOMENTS)
            m.shown[m.n++] = (struct tv_passage){ rows[i].start_ms, rows[i].text };
    }
    return m;
}

struct tv_moments *tv_moments(struct request *r, struct str typed, const struct tv_video *videos,
                              size_t n)
{
    const struct words_asked *asked = words_read(r->arena, typed);
    struct tv_moments *ret = arena_array(r->arena, struct tv_moments, TV_PAGE);
    struct tv_sql_passages *rows;
    int64_t id[TV_PAGE] = { 0 };
    for (size_t i = 0; i < n; i++)
        id[i] = videos[i].id;
    const struct tv_sql_passages_in in = { id[0], id[1], id[2], id[3], id[4],  id[5],
                                           id[6], id[7], id[8], id[9], id[10], id[11] };
    size_t count = n && asked ? tv_sql_passages(r->db, &in, &rows) : 0;
    for (size_t i = 0; i < n && count; i++)
        ret[i] = best_of(r->arena, asked, rows, count, id[i]);
    return ret;
}
