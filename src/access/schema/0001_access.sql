-- Accounts, sessions and roles: what is needed to know who asks and what they may do.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,                 -- as the person wants to be called
    email TEXT NOT NULL UNIQUE,         -- lower case
    password TEXT,                      -- Argon2id, NULL until one is set
    lang TEXT NOT NULL,
    theme TEXT NOT NULL DEFAULT '',     -- '', 'light' or 'dark'
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,               -- the address was proved
    closed_at INTEGER
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,    -- BLAKE2b of the cookie, which is stored nowhere
    person_id INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    peer TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE person_role (
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    granted_by INTEGER,                 -- NULL: by the command line
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, role)
) STRICT;

-- A link sent by mail: proves the address once.
CREATE TABLE mail_token (
    token_hash BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    purpose TEXT NOT NULL,              -- 'confirm'
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX mail_token_person ON mail_token (person_id);
