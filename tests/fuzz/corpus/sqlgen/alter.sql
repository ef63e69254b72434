CREATE INDEX entry_by_account ON entry (account, id);
ALTER TABLE account ADD COLUMN closed_at INTEGER;
CREATE UNIQUE INDEX account_open ON account (name) WHERE closed_at IS NULL;
UPDATE account SET note = 'the first' WHERE id = 1;
