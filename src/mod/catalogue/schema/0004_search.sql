-- What the catalogue can be filtered by, beyond facets: all bits, so that one covering index counts every option.
ALTER TABLE catalogue_entry ADD COLUMN months INTEGER NOT NULL DEFAULT 0;    -- bit (12 · year + month - 1) mod 60: a group begins in it
ALTER TABLE catalogue_entry ADD COLUMN places INTEGER NOT NULL DEFAULT 0;    -- bits of catalogue_place: where its groups meet
ALTER TABLE catalogue_entry ADD COLUMN indexed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalogue_entry DROP COLUMN search;
DROP INDEX catalogue_entry_order;
CREATE INDEX catalogue_entry_order ON catalogue_entry (position, id, facets, competences, months, places, starts_at);
CREATE INDEX catalogue_entry_programme ON catalogue_entry (programme_id, indexed_at);

-- The first 62 places where groups meet; later ones are found by words.
CREATE TABLE catalogue_place (
    bit INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
