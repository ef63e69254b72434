-- Frameworks of competences that staff bring in, beside DigCompEdu, which is data of the program. What is brought in stays
-- as it is: versions of programmes refer to it by slug and code.
CREATE TABLE framework (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL,           -- address of where it is published, '' not said
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE framework_competence (
    framework_id INTEGER NOT NULL REFERENCES framework (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    area TEXT NOT NULL,             -- '' none
    levels TEXT NOT NULL,           -- from the lowest, 'A1|A2|B1'; '' none
    PRIMARY KEY (framework_id, code)
) STRICT;
