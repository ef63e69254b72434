CREATE VIRTUAL TABLE catalogue_words USING fts5 (title, more, body, tokenize = 'ascii');
