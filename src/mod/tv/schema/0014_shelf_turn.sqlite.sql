-- Rises with every change of what stands on the common shelf, whoever makes it: what a process keeps of it in memory counts for one turn.
CREATE TABLE tv_shelf_turn (turn INTEGER NOT NULL) STRICT;
INSERT INTO tv_shelf_turn VALUES (1);
CREATE TRIGGER tv_shelf_added AFTER INSERT ON video WHEN NEW.state = 'ready'
BEGIN UPDATE tv_shelf_turn SET turn = turn + 1; END;
CREATE TRIGGER tv_shelf_changed AFTER UPDATE OF state, audience, shown_at, facets, opens_at, closes_at ON video
WHEN (OLD.state = 'ready' OR NEW.state = 'ready') AND (OLD.state <> NEW.state OR OLD.audience <> NEW.audience
  OR OLD.shown_at <> NEW.shown_at OR OLD.facets <> NEW.facets OR OLD.opens_at IS NOT NEW.opens_at OR OLD.closes_at IS NOT NEW.closes_at)
BEGIN UPDATE tv_shelf_turn SET turn = turn + 1; END;
CREATE TRIGGER tv_shelf_dropped AFTER DELETE ON video WHEN OLD.state = 'ready'
BEGIN UPDATE tv_shelf_turn SET turn = turn + 1; END;
