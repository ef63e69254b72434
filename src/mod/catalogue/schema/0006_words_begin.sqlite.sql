-- What people type is unfinished: beginnings of two and three letters have lists of their own. Where in a text a word stands is
-- not asked, only in which column.
CREATE VIRTUAL TABLE catalogue_words_new USING fts5 (
    title, more, body, tokenize = 'ascii', prefix = '2 3', detail = 'column', columnsize = 0
);
INSERT INTO catalogue_words_new (rowid, title, more, body) SELECT rowid, title, more, body FROM catalogue_words;
DROP TABLE catalogue_words;
ALTER TABLE catalogue_words_new RENAME TO catalogue_words;
