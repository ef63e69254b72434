-- What the search reads (docs/search.md): a row for each video, and the sentences, to say at which second a word is said.
CREATE TABLE tv_words (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX tv_words_words ON tv_words USING gin (words);
CREATE TABLE tv_title (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX tv_title_words ON tv_title USING gin (words);

CREATE TABLE tv_passage (
    video_id BIGINT NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,
    position BIGINT NOT NULL,
    start_ms BIGINT NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (video_id, lang, position)
);
