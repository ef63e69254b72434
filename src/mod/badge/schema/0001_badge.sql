-- What can be awarded. Texts in the two languages of the site; the picture is rendered once, when the class is made.
CREATE TABLE badge_class (
    id          INTEGER PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    name_fr     TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    criteria_fr TEXT NOT NULL,
    criteria_en TEXT NOT NULL,
    area        TEXT NOT NULL,             -- tv form cert com ev lab
    kind        TEXT NOT NULL CHECK (kind IN ('competence', 'participation', 'final')),
    programme   TEXT NOT NULL,             -- slug; empty for none
    competences INTEGER NOT NULL,          -- bits of DigCompEdu
    needed      INTEGER NOT NULL,          -- how many of its requirements; 0: only awarded by hand
    sample      INTEGER NOT NULL,          -- 1: invented, shown as an example
    position    INTEGER NOT NULL,
    picture     BLOB NOT NULL              -- PNG
) STRICT;

-- What counts towards a class: the completion of a module or a programme.
CREATE TABLE badge_requirement (
    class_id INTEGER NOT NULL REFERENCES badge_class (id),
    kind     TEXT NOT NULL CHECK (kind IN ('module', 'programme')),
    code     TEXT NOT NULL,                -- "referent-ia/AP1", "referent-ia"
    must     INTEGER NOT NULL,             -- 1: cannot be replaced by another
    PRIMARY KEY (class_id, kind, code)
) STRICT;
CREATE INDEX badge_requirement_subject ON badge_requirement (kind, code);

CREATE TABLE badge_progress (
    person_id INTEGER NOT NULL,
    class_id  INTEGER NOT NULL REFERENCES badge_class (id),
    kind      TEXT NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,               -- as it was called then: for the evidence
    at        INTEGER NOT NULL,
    PRIMARY KEY (person_id, class_id, kind, code)
) STRICT;

-- An awarded badge. `body` is the assertion as published, never changed.
CREATE TABLE badge_assertion (
    id        INTEGER PRIMARY KEY,
    class_id  INTEGER NOT NULL REFERENCES badge_class (id),
    person_id INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    address   TEXT NOT NULL,               -- the "id" inside body
    body      TEXT NOT NULL,
    show_name INTEGER NOT NULL DEFAULT 0,  -- 1: the holder lets the public page name them
    UNIQUE (class_id, person_id)
) STRICT;
CREATE INDEX badge_assertion_person ON badge_assertion (person_id, issued_at);

-- Append-only: a revocation is never taken back.
CREATE TABLE badge_revocation (
    assertion_id INTEGER PRIMARY KEY REFERENCES badge_assertion (id),
    revoked_by   INTEGER NOT NULL,
    revoked_at   INTEGER NOT NULL,
    reason       TEXT NOT NULL
) STRICT;
