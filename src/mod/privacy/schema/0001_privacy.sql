-- The very words that were shown when somebody was asked; kept for as long as an answer refers to them.
CREATE TABLE consent_text (
    sha256 TEXT PRIMARY KEY,            -- of the text, hexadecimal
    purpose TEXT NOT NULL,              -- code of purposes.c
    version INTEGER NOT NULL,
    locale TEXT NOT NULL,
    text TEXT NOT NULL,
    first_shown_at INTEGER NOT NULL
) STRICT;

-- The ledger: each yes and each no is a row of its own, never changed. The newest of a purpose counts.
CREATE TABLE consent (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    given INTEGER NOT NULL,             -- 1 yes, 0 no or withdrawn
    text_sha256 TEXT NOT NULL REFERENCES consent_text (sha256),
    locale TEXT NOT NULL,
    method TEXT NOT NULL,               -- 'switch' on the page of choices, 'closure'
    source_page TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_person ON consent (person_id, purpose, id);
CREATE INDEX consent_purpose ON consent (purpose, version);

-- "Everything about me" as one file, made by a job.
CREATE TABLE data_export (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    lang TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    ready_at INTEGER,
    expires_at INTEGER,
    size INTEGER                        -- bytes
) STRICT;
CREATE INDEX data_export_person ON data_export (person_id, id);

-- An account that its owner closes: erased when the days to think it over have passed.
CREATE TABLE closure (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    token_hash BLOB NOT NULL UNIQUE,    -- of the link that cancels
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    erased_at INTEGER
) STRICT;
CREATE INDEX closure_person ON closure (person_id, id);

-- What people ask of the centre about their data, and reports about access to the site, with the day an answer is due.
CREATE TABLE rights_request (
    id INTEGER PRIMARY KEY,
    person_id INTEGER REFERENCES person (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- code of request_kinds
    text TEXT NOT NULL,
    page TEXT NOT NULL,                 -- where the obstacle is; ''
    lang TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    extended_at INTEGER,
    answered_at INTEGER,
    answered_by INTEGER,
    answer TEXT NOT NULL
) STRICT;
CREATE INDEX rights_request_due ON rights_request (answered_at, due_at);

-- What the nightly job cleared away.
CREATE TABLE retention_log (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    at INTEGER NOT NULL,
    days INTEGER NOT NULL,
    rows INTEGER NOT NULL
) STRICT;
CREATE INDEX retention_log_at ON retention_log (at);

-- Accounts that were told of their coming end because nobody used them.
CREATE TABLE inactivity_notice (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    told_at INTEGER NOT NULL
) STRICT;
