-- The words of the title have an index of their own, so that no row is opened to see where a word stands.
ALTER TABLE catalogue_words ADD COLUMN title TSVECTOR GENERATED ALWAYS AS (ts_filter(words, '{a}')) STORED;
CREATE INDEX catalogue_words_title ON catalogue_words USING gin (title);
