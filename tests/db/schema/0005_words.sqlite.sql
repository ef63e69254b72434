CREATE VIRTUAL TABLE book_words USING fts5 (title, body, tokenize = 'ascii');
