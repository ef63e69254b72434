-- What the search reads (docs/search.md): a row for each video, and the sentences, to say at which second a word is said. Titles have
-- an index of their own, because what has the words there comes first. Which columns a word stands in is enough; where in
-- them is not kept, so that a word of every second video costs little more than a rare one.
CREATE VIRTUAL TABLE tv_words USING fts5 (title, about, said, tokenize = 'ascii', detail = column);
CREATE VIRTUAL TABLE tv_title USING fts5 (title, tokenize = 'ascii', detail = column);

CREATE TABLE tv_passage (
    video_id INTEGER NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,             -- of the transcript; '': a chapter
    position INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL,            -- as words_plain() writes them
    PRIMARY KEY (video_id, lang, position)
) STRICT, WITHOUT ROWID;
