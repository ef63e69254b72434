CREATE TABLE account_search (rowid BIGINT PRIMARY KEY, words TEXT NOT NULL, stems TSVECTOR);
CREATE INDEX account_search_stems ON account_search USING gin (stems);
