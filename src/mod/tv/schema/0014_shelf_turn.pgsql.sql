-- Rises with every change of what stands on the common shelf, whoever makes it: what a process keeps of it in memory counts for one turn.
-- Raised at the very end of a transaction, once: nobody waits for the row while another one works.
CREATE TABLE tv_shelf_turn (turn BIGINT NOT NULL);
INSERT INTO tv_shelf_turn VALUES (1);
CREATE FUNCTION tv_shelf_turned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tv_shelf_turn SET turn = turn + 1 WHERE xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tv_shelf_added AFTER INSERT ON video DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.state = 'ready') EXECUTE FUNCTION tv_shelf_turned();
CREATE CONSTRAINT TRIGGER tv_shelf_changed AFTER UPDATE OF state, audience, shown_at, facets, opens_at, closes_at ON video
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.state = 'ready' OR NEW.state = 'ready') AND (OLD.state, OLD.audience, OLD.shown_at, OLD.facets, OLD.opens_at, OLD.closes_at)
   IS DISTINCT FROM (NEW.state, NEW.audience, NEW.shown_at, NEW.facets, NEW.opens_at, NEW.closes_at))
EXECUTE FUNCTION tv_shelf_turned();
CREATE CONSTRAINT TRIGGER tv_shelf_dropped AFTER DELETE ON video DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.state = 'ready') EXECUTE FUNCTION tv_shelf_turned();
