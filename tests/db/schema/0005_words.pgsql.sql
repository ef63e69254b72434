CREATE TABLE book_words (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX book_words_words ON book_words USING gin (words);
