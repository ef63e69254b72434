/* Words, stems and queries. A word stands in the index as itself (folded: small letters, no accents), as its stem, and as
 * the stem of itself without accents, which is what someone means who types none. A query asks for the stems, and for the
 * last word's beginning. */
#include "db/words.h"

#include <libstemmer.h>
#include <pthread.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { WORD_BYTES = 64, TERMS = 3, INDEX_BYTES = 4 * 1024 * 1024, QUERY_BYTES = 8 * 1024 };

/* Folded and sorted. Kept out are those that mean something elsewhere: son, pas, sur, été. */
static const char *const common[] = {
    "a",   "au",    "aux",   "avec",   "ce",    "ces", "cet",    "cette", "comme",  "dans",
    "de",  "des",   "du",    "elle",   "elles", "en",  "est",    "et",    "eux",    "il",
    "ils", "je",    "jusqu", "la",     "le",    "les", "leur",   "leurs", "lorsqu", "lui",
    "ma",  "mais",  "me",    "mes",    "mon",   "ne",  "nos",    "notre", "nous",   "on",
    "ou",  "par",   "pour",  "puisqu", "qu",    "que", "quelqu", "qui",   "sa",     "se",
    "ses", "sont",  "ta",    "te",     "tes",   "toi", "ton",    "tu",    "un",     "une",
    "vos", "votre", "vous",  "y",
};

static int by_letters(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, str_from(*(const char *const *)b));
}

static bool is_common(struct str folded)
{
    return bsearch(&folded, common, COUNT(common), sizeof *common, by_letters) != NULL;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

struct word {
    size_t from, n;         /* where it stands in the text */
    char lower[WORD_BYTES]; /* without what follows a middle dot; a longer word is cut */
    size_t lower_n;
    bool elided; /* an apostrophe follows */
};

static bool is_middle_dot(uint32_t c)
{
    return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x22C5;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x02BC;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_middle_dot(c) || is_apostrophe(c)) return false;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND: return true;
    default: return false;
    }
}

static bool is_digit(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static void add_lower(struct word *w, uint32_t c)
{
    unsigned char bytes[4];
    utf8proc_ssize_t n =
        utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)c), (utf8proc_uint8_t *)bytes);
    if (n <= 0 || w->lower_n + (size_t)n > WORD_BYTES) return;
    memcpy(w->lower + w->lower_n, bytes, (size_t)n);
    w->lower_n += (size_t)n;
}

/* The next word from *at on; false at the end. The competence 4.1 is one word, 41. */
static bool word_next(struct str s, size_t *at, struct word *ret)
{
    bool in = false, inclusive = false;
    ret->lower_n = 0;
    ret->elided = false;
    for (size_t here = *at; here < s.n; here = *at) {
        uint32_t c = utf8_next(s, at);
        if (is_letter(c)) {
            if (!in) ret->from = here;
            in = true;
            ret->n = *at - ret->from;
            if (!inclusive) add_lower(ret, c);
        } else if (in && is_middle_dot(c)) {
            inclusive = true;
        } else if (in && c == '.' && is_digit(s, here - 1) && is_digit(s, *at)) {
            continue;
        } else if (in) {
            ret->elided = is_apostrophe(c);
            return true;
        }
    }
    return in;
}

/* --- what stands for a word ---------------------------------------------------------------------------------------- */

struct terms {
    struct str v[TERMS]; /* [0] the word itself, folded */
    size_t n;
};

static pthread_mutex_t stemmer_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sb_stemmer *stemmer;

/* "formatrice" is "formateur", of which libstemmer knows nothing. */
static struct str masculine(struct arena *a, struct str word)
{
    if (str_ends(word, S("s"))) word.n--;
    if (!str_ends(word, S("trice"))) return (struct str){ word.p, word.n };
    return arena_join(a, str_sub(word, 0, word.n - strlen("rice")), S("eur"));
}

static struct str stem(struct arena *a, struct str word)
{
    struct str feminine = masculine(a, word);
    if (str_ends(feminine, S("teur"))) word = feminine;
    pthread_mutex_lock(&stemmer_lock);
    if (!stemmer) stemmer = sb_stemmer_new("french", NULL);
    const sb_symbol *p =
        stemmer ? sb_stemmer_stem(stemmer, (const sb_symbol *)word.p, (int)word.n) : NULL;
    if (!p) abort(); /* no memory */
    struct str ret =
        arena_dup(a, (struct str){ (const char *)p, (size_t)sb_stemmer_length(stemmer) });
    pthread_mutex_unlock(&stemmer_lock);
    return ret;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

/* Some letters fold to several characters with a space between: what is not a word then is left out. */
static bool is_plain(struct str term)
{
    for (size_t i = 0; i < term.n; i++)
        if ((unsigned char)term.p[i] < 0x80 && !is_letter((unsigned char)term.p[i])) return false;
    return term.n > 0;
}

static void add_term(struct terms *t, struct str term)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->v[i], term)) return;
    if (is_plain(term)) t->v[t->n++] = term;
}

static struct terms terms_of(struct arena *a, const struct word *w)
{
    struct terms t = { 0 };
    struct str word = arena_dup(a, (struct str){ w->lower, w->lower_n });
    if (is_ascii(word)) {
        add_term(&t, word);
    } else {
        struct str folded = utf8_fold(a, word);
        add_term(&t, folded);
        add_term(&t, utf8_fold(a, stem(a, word)));
        word = folded;
    }
    if (word.n) add_term(&t, stem(a, word));
    return t;
}

/* Said by everybody, or the l of l'école: finds nothing, so is not looked for. */
static bool says_nothing(const struct word *w, const struct terms *t)
{
    return t->n == 0 || (w->elided && w->lower_n == 1) || is_common(t->v[0]);
}

/* --- indexing ------------------------------------------------------------------------------------------------------ */

/* Plain: the terms with a space behind each. Otherwise what PostgreSQL reads. */
static struct str write_terms(struct arena *a, struct str text, bool plain)
{
    enum { LAST_POSITION = 16383 }; /* of a tsvector */
    struct arena *scratch = arena_create();
    struct buf b = BUF_INIT(INDEX_BYTES);
    struct word w;
    size_t at = 0;
    buf_putc(&b, ' ');
    for (int count = 1; count <= WORDS_INDEXED && word_next(text, &at, &w); count++) {
        arena_reset(scratch);
        struct terms t = terms_of(scratch, &w);
        if (says_nothing(&w, &t)) continue;
        for (size_t i = 0; i < t.n; i++) {
            /* letters and digits only: nothing to quote away */
            if (plain) buf_printf(&b, "%.*s ", STR(t.v[i]));
            else
                buf_printf(&b, "'%.*s':%d ", STR(t.v[i]),
                           count < LAST_POSITION ? count : LAST_POSITION);
        }
    }
    struct str ret = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    arena_destroy(scratch);
    return ret;
}

struct str words_index(struct db *db, struct str text)
{
    return write_terms(db_arena(db), text, db_is_sqlite(db));
}

struct str words_plain(struct arena *a, struct str text)
{
    return write_terms(a, text, true);
}

/* --- asking -------------------------------------------------------------------------------------------------------- */

struct words_asked {
    struct terms words[WORDS_TYPED];
    size_t n;
    bool open; /* the last word may go on */
};

static struct words_asked read_typed(struct arena *a, struct str typed)
{
    struct words_asked q = { 0 };
    struct terms last = { 0 };
    struct word w;
    size_t at = 0;
    while (q.n < WORDS_TYPED && word_next(typed, &at, &w)) {
        struct terms t = terms_of(a, &w);
        bool nothing = says_nothing(&w, &t);
        q.open = !nothing && !w.elided && t.v[0].n > 1;
        if (!nothing) q.words[q.n++] = t;
        else if (t.n && !w.elided) last = t;
    }
    /* "la" alone may become "laboratoire" */
    if (q.n == 0 && last.n) {
        q.words[q.n++] = last;
        q.open = true;
    }
    return q;
}

/* Some of its stems must be there, or for the last word a word that begins so. */
static void put_asked(struct buf *b, const struct terms *t, bool open, bool sqlite)
{
    buf_putc(b, '(');
    for (size_t i = t->n > 1 && !open ? 1 : 0; i < t->n; i++) {
        const char *begins = i || !open ? "" : sqlite ? " *" : ":*";
        if (b->p[b->n - 1] != '(') buf_str(b, sqlite ? S(" OR ") : S(" | "));
        buf_printf(b, sqlite ? "\"%.*s\"%s" : "'%.*s'%s", STR(t->v[i]), begins);
    }
    buf_putc(b, ')');
}

struct str words_query(struct db *db, struct str typed)
{
    struct arena *a = db_arena(db);
    struct words_asked q = read_typed(a, typed);
    struct buf b = BUF_INIT(QUERY_BYTES);
    for (size_t i = 0; i < q.n; i++) {
        if (i) buf_str(&b, db_is_sqlite(db) ? S(" AND ") : S(" & "));
        put_asked(&b, &q.words[i], q.open && i + 1 == q.n, db_is_sqlite(db));
    }
    struct str ret = q.n ? arena_dup(a, buf_view(&b)) : STR_NONE;
    buf_finish(&b);
    return ret;
}

/* --- looking into a text ------------------------------------------------------------------------------------------- */

const struct words_asked *words_read(struct arena *a, struct str typed)
{
    struct words_asked q = read_typed(a, typed), *ret = arena_new(a, struct words_asked);
    *ret = q;
    return q.n ? ret : NULL;
}

/* As a whole term, or as the beginning of one. */
static bool has_term(struct str plain, struct str term, bool begins)
{
    char needle[2 * WORD_BYTES + 2];
    size_t n = 0;
    if (term.n > 2 * WORD_BYTES) return false;
    needle[n++] = ' ';
    memcpy(needle + n, term.p, term.n);
    n += term.n;
    if (!begins) needle[n++] = ' ';
    return memmem(plain.p, plain.n, needle, n) != NULL;
}

size_t words_among(const struct words_asked *q, struct str plain)
{
    size_t count = 0;
    for (size_t i = 0; i < q->n; i++) {
        const struct terms *t = &q->words[i];
        bool open = q->open && i + 1 == q->n, found = false;
        for (size_t k = t->n > 1 && !open ? 1 : 0; k < t->n && !found; k++)
            found = has_term(plain, t->v[k], open && k == 0);
        count += found;
    }
    return count;
}

/* --- marking ------------------------------------------------------------------------------------------------------- */

static bool share_a_stem(const struct terms *x, const struct terms *y)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n; k++)
            if (str_eq(x->v[i], y->v[k])) return true;
    return false;
}

size_t words_hits(struct arena *a, struct str text, struct str typed, struct words_hit *ret,
                  size_t most)
{
    struct words_asked q = read_typed(a, typed);
    struct arena *scratch = arena_create();
    struct word w;
    size_t n = 0, at = 0;
    while (q.n && n < most && word_next(text, &at, &w)) {
        arena_reset(scratch);
        struct terms t = terms_of(scratch, &w);
        bool found = q.open && t.n && str_starts(t.v[0], q.words[q.n - 1].v[0]);
        for (size_t i = 0; i < q.n && !found; i++)
            found = share_a_stem(&t, &q.words[i]);
        if (found) ret[n++] = (struct words_hit){ w.from, w.n };
    }
    arena_destroy(scratch);
    return n;
}
