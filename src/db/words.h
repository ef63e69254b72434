/* Looking for words in French text, the same on both engines. What is indexed and what is asked both go through here
 * before they reach the engine, so neither needs a tokenizer, a dictionary or an extension of ours: SQLite's FTS5 with its
 * "ascii" tokenizer, PostgreSQL's tsvector as it is. How a table is made and asked: docs/search.md.
 *
 * "évaluer", "Évaluation" and "evaluations" have one stem; case and accents do not count; an elided article (l', d', qu')
 * and words such as "de" or "pour" are left out; "formateur·rice·s" is "formateur". The last word typed may be unfinished. */
#ifndef EDULAB_DB_WORDS_H
#define EDULAB_DB_WORDS_H

#include "db/db.h"

enum {
    WORDS_INDEXED = 20000, /* words of one text; what follows is not found */
    WORDS_TYPED = 8,       /* words of one query; what follows is left out */
};

/* What the statement that indexes takes for one text: FTS5 a column's value, PostgreSQL what CAST(… AS tsvector) reads. In
 * the transaction's arena. `text` is valid UTF-8. */
struct str words_index(struct db *db, struct str text);

/* What the statement that searches takes: the operand of MATCH, or what CAST(… AS tsquery) reads. Every word must be there.
 * STR_NONE when nothing typed is a word: then there is nothing to ask. */
struct str words_query(struct db *db, struct str typed);

/* For finding the place in a long text without stemming it again: its words as one line, to be kept beside it, and how many of
 * the typed words stand there. The same on both engines. */
struct words_asked;
struct str words_plain(struct arena *a, struct str text);
/* NULL when nothing typed is a word. */
const struct words_asked *words_read(struct arena *a, struct str typed);
size_t words_among(const struct words_asked *asked, struct str plain);

/* The words of `text` that such a query finds, for marking them: at most `most`, in their order; returns their number.
 * Positions are bytes. */
struct words_hit {
    size_t from, n;
};
size_t words_hits(struct arena *a, struct str text, struct str typed, struct words_hit *ret,
                  size_t most);

#endif
