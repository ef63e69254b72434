-- The engine itself refuses to rewrite what was answered. Old rows may go, by the rules of retention.
CREATE FUNCTION consent_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consents and their texts are never changed';
END $$;
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION consent_unchanged();
CREATE TRIGGER consent_text_unchanged BEFORE UPDATE ON consent_text FOR EACH ROW EXECUTE FUNCTION consent_unchanged();
