-- How a session was opened, and when it was last used: for the list that people close them from.
ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT '';          -- 'password', 'link', 'institution', 'passkey'
ALTER TABLE session ADD COLUMN strong INTEGER NOT NULL DEFAULT 0;     -- 1: two proofs were given
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;    -- noted every quarter of an hour at most
