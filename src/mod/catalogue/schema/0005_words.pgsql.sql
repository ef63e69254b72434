CREATE TABLE catalogue_words (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX catalogue_words_words ON catalogue_words USING gin (words);
