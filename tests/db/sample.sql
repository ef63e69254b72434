-- The statements of the database layer's own tests.

-- account(id int): one
SELECT id, name, note, balance, rate, blob FROM account WHERE id = :id;

-- accounts(): many as account
SELECT id, name, note, balance, rate, blob FROM account WHERE id > 1 ORDER BY id;

-- add(id int, name text, note text?, balance int, rate real?, blob blob?): exec
INSERT INTO account (id, name, note, balance, rate, blob) VALUES (:id, :name, :note, :balance, :rate, :blob);

-- add_new(id int, name text): exec
INSERT INTO account (id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING;

-- add_returning(id int, name text): one
INSERT INTO account (id, name) VALUES (:id, :name) RETURNING id, balance;

-- set_balance(id int, balance int): exec
UPDATE account SET balance = :balance WHERE id = :id;

-- rename(id int, name text): exec
UPDATE account SET name = :name WHERE id = :id;

-- enter(id int, account int, amount int): exec
INSERT INTO entry (id, account, amount) VALUES (:id, :account, :amount);

-- totals(): one { accounts int, entries int, balance int?, later int, is_any int }
SELECT count(*) AS accounts, (SELECT count(*) FROM entry) AS entries, sum(balance) AS balance,
    CAST(4102444800000 AS BIGINT) - 1 AS later, count(*) > 0 AS is_any
FROM account WHERE id > 1;

-- by_note(note text?): many { n int }
SELECT count(*) AS n FROM account WHERE note IS NOT DISTINCT FROM :note AND id > 1;

-- without_rate(): one { n int }
SELECT count(*) AS n FROM account WHERE rate IS NULL AND id > 1;

-- many_rows(n int): many { i int }
WITH RECURSIVE row (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM row WHERE i < :n)
SELECT i FROM row;

-- average(): one { value int? }
SELECT avg(balance + 0.5) AS value FROM account;

-- search(word text): many { rowid int } @sqlite
SELECT rowid FROM account_search WHERE words MATCH :word ORDER BY rowid;

-- search(word text): many { rowid int } @pgsql
SELECT rowid FROM account_search WHERE stems @@ plainto_tsquery('simple', :word) ORDER BY rowid;

-- make_searchable(id int, words text): exec @sqlite
INSERT INTO account_search (rowid, words) VALUES (:id, :words);

-- make_searchable(id int, words text): exec @pgsql
INSERT INTO account_search (rowid, words, stems) VALUES (:id, :words, to_tsvector('simple', :words));

-- add_book(id int, title text, body text): exec @sqlite
INSERT INTO book_words (rowid, title, body) VALUES (:id, :title, :body);

-- add_book(id int, title text, body text): exec @pgsql
INSERT INTO book_words (rowid, words)
VALUES (:id, setweight(CAST(:title AS tsvector), 'A') || setweight(CAST(:body AS tsvector), 'D'));

-- find_books(query text): many { id int, rank real } @sqlite
SELECT rowid AS id, -100 * bm25(book_words, 1, 0) - bm25(book_words, 0, 1) AS rank FROM book_words
WHERE book_words MATCH :query ORDER BY rank DESC, rowid;

-- find_books(query text): many { id int, rank real } @pgsql
SELECT rowid AS id, CAST(ts_rank('{0.01, 0.1, 0.3, 1}', words, CAST(:query AS tsquery)) AS DOUBLE PRECISION) AS rank
FROM book_words WHERE words @@ CAST(:query AS tsquery) ORDER BY rank DESC, rowid;
