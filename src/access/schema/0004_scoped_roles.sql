-- A role counts everywhere, or for one organisation, programme or cohort and what lies below it; from a day, until a day.
CREATE TABLE person_role_scoped (
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,           -- '' everywhere, 'organisation', 'programme', 'cohort'
    scope_id INTEGER NOT NULL,          -- 0 everywhere
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,                    -- the first moment without it; NULL: no end
    granted_by INTEGER,                 -- NULL: by the command line
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, role, scope_kind, scope_id)
) STRICT;
INSERT INTO person_role_scoped (person_id, role, scope_kind, scope_id, starts_at, ends_at, granted_by, granted_at)
SELECT person_id, role, '', 0, 0, NULL, granted_by, granted_at FROM person_role;
DROP TABLE person_role;
ALTER TABLE person_role_scoped RENAME TO person_role;
CREATE INDEX person_role_scope ON person_role (scope_kind, scope_id);
