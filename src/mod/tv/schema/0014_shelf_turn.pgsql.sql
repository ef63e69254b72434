-- Rises with every change of what stands on the shelf, whoever makes it: what a process keeps of the shelf in memory counts for one turn.
CREATE TABLE tv_shelf_turn (turn BIGINT NOT NULL);
INSERT INTO tv_shelf_turn VALUES (1);
CREATE FUNCTION tv_shelf_turned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tv_shelf_turn SET turn = turn + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER tv_shelf_added AFTER INSERT OR DELETE ON video FOR EACH STATEMENT EXECUTE FUNCTION tv_shelf_turned();
CREATE TRIGGER tv_shelf_changed AFTER UPDATE OF state, audience, shown_at, facets, opens_at, closes_at ON video FOR EACH ROW
WHEN ((OLD.state, OLD.audience, OLD.shown_at, OLD.facets, OLD.opens_at, OLD.closes_at)
   IS DISTINCT FROM (NEW.state, NEW.audience, NEW.shown_at, NEW.facets, NEW.opens_at, NEW.closes_at))
EXECUTE FUNCTION tv_shelf_turned();
