-- What a person says about themselves, all of it optional; the name and the address are the account's.
CREATE TABLE profile (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    pronoun TEXT NOT NULL,
    category TEXT NOT NULL,             -- code of people_categories, '' not said
    levels INTEGER NOT NULL,            -- bits of people_levels
    subjects TEXT NOT NULL,
    organisation TEXT NOT NULL,         -- in the person's words
    changed_at INTEGER NOT NULL
) STRICT;

-- The portrait as we made it: square WebP. What the person handed in is kept nowhere.
CREATE TABLE profile_picture (
    person_id INTEGER NOT NULL REFERENCES person (id),
    size INTEGER NOT NULL,              -- pixels of a side
    picture BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, size)
) STRICT;

-- The page a person composes for everyone. Closed until they open it.
CREATE TABLE profile_page (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    slug TEXT NOT NULL UNIQUE,
    is_open INTEGER NOT NULL,
    searchable INTEGER NOT NULL,        -- 1: search engines may list it
    shown INTEGER NOT NULL,             -- bits of people_shown: which fields of the profile
    about TEXT NOT NULL,                -- Markdown
    changed_at INTEGER NOT NULL
) STRICT;
