-- The engine itself refuses to rewrite the past. Old rows may go, by the rules of retention.
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
