-- What a person puts at the head of their page, and where it leads: one "https://… words" a line.
ALTER TABLE profile_page ADD COLUMN headline TEXT NOT NULL DEFAULT '';
ALTER TABLE profile_page ADD COLUMN links TEXT NOT NULL DEFAULT '';

-- What of theirs, kept by other modules, they show there: badges, trainings.
CREATE TABLE profile_page_item (
    person_id INTEGER NOT NULL REFERENCES person (id),
    part TEXT NOT NULL,                 -- 'badge', 'training': who registered it (people_add_showables)
    item INTEGER NOT NULL,
    PRIMARY KEY (person_id, part, item)
) STRICT;
