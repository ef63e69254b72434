-- What a kind of activity asks of who writes one, beyond text and video: the values of its fields (kind.c) as a JSON object,
-- '' for none. And the condition under which a module or an activity opens, as a readable rule (mod/learning/rule.h), '' for
-- none.
ALTER TABLE programme_node ADD COLUMN settings TEXT NOT NULL DEFAULT '';
ALTER TABLE programme_node ADD COLUMN rule TEXT NOT NULL DEFAULT '';
