CREATE VIRTUAL TABLE account_search USING fts5 (words);
