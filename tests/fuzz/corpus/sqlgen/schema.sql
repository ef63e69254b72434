-- The tables of the database layer's own tests.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    note TEXT,
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0),
    rate REAL,
    blob BLOB -- a column called like a type
) STRICT;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED,
    amount INTEGER NOT NULL
) STRICT;
INSERT INTO account (id, name, note) VALUES (1, 'till', 'its type is REAL; not ''INTEGER''');
