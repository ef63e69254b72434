CREATE TABLE organisation (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES organisation (id),
    kind TEXT NOT NULL,                 -- network, authority, school, university, partner, company
    name TEXT NOT NULL,
    code TEXT NOT NULL,                 -- the administration's number (FASE …), '' none
    place TEXT NOT NULL,                -- town
    website TEXT NOT NULL,
    search TEXT NOT NULL,               -- folded: small letters, no accents
    sample INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER                   -- NULL: exists
) STRICT;
CREATE UNIQUE INDEX organisation_code ON organisation (code) WHERE code <> '';
CREATE INDEX organisation_parent ON organisation (parent_id);

-- Each organisation with all that it lies below, itself included at depth 0.
CREATE TABLE organisation_above (
    below_id INTEGER NOT NULL REFERENCES organisation (id),
    above_id INTEGER NOT NULL REFERENCES organisation (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (below_id, above_id)
) STRICT;
CREATE INDEX organisation_above_down ON organisation_above (above_id, below_id);

CREATE TABLE membership (
    id INTEGER PRIMARY KEY,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,                 -- member, contact, head, trainer, coach
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,                    -- the first moment without it; NULL: no end
    UNIQUE (organisation_id, person_id, role)
) STRICT;
CREATE INDEX membership_person ON membership (person_id, role);
