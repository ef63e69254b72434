-- What the search reads (docs/search.md): a row for each video, and the sentences, to say at which second a word is said.
CREATE VIRTUAL TABLE tv_words USING fts5 (title, about, said, tokenize = 'ascii');

CREATE TABLE tv_passage (
    video_id INTEGER NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,             -- of the transcript; '': a chapter
    position INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL,            -- as words_plain() writes them
    PRIMARY KEY (video_id, lang, position)
) STRICT, WITHOUT ROWID;
