-- The engine itself refuses to rewrite what was answered. Old rows may go, by the rules of retention.
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON consent BEGIN SELECT RAISE(ABORT, 'consents are never changed'); END;
CREATE TRIGGER consent_text_unchanged BEFORE UPDATE ON consent_text BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END;
