-- The second proof beside a password or a mailed link: an application that counts codes (RFC 6238), and codes on paper.
CREATE TABLE second_factor (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    secret BLOB NOT NULL,               -- sealed with a key of the data folder
    made_at INTEGER NOT NULL,
    confirmed_at INTEGER,               -- NULL: shown, not proved yet
    last_step INTEGER NOT NULL          -- of the last code that was taken: none counts twice
) STRICT;

CREATE TABLE recovery_code (
    person_id INTEGER NOT NULL REFERENCES person (id),
    code_hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (person_id, code_hash)
) STRICT;

-- Somebody who gave the first proof and still owes the second.
CREATE TABLE half_session (
    token_hash BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    way TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX half_session_person ON half_session (person_id);

-- Roles that count only in sessions with two proofs, from a day on.
CREATE TABLE second_factor_rule (
    role TEXT PRIMARY KEY,
    from_at INTEGER NOT NULL,
    set_by INTEGER NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;
