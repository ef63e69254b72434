-- What people are found by in staff's list: folded name, then address. Whoever changes the name or the address need not
-- know of it: the engine empties it, and a job fills in what is empty (access_index_people).
ALTER TABLE person ADD COLUMN search TEXT NOT NULL DEFAULT '';
CREATE INDEX person_search ON person (search, id) WHERE closed_at IS NULL;
CREATE INDEX person_unindexed ON person (id) WHERE search = '' AND closed_at IS NULL;
CREATE FUNCTION person_search_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.email <> OLD.email THEN NEW.search := ''; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_search_stale BEFORE UPDATE OF name, email ON person FOR EACH ROW EXECUTE FUNCTION person_search_stale();
