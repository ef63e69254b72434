-- Programs that act for a person or for a partner. Secrets are stored only as their BLAKE2b hash.

-- A partner's program (an OAuth 2.0 client).
CREATE TABLE api_client (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,               -- words: "read", "write", names of permissions.h
    organisation_id INTEGER,            -- what it is confined to; NULL: nothing narrower than its scopes
    secret_hash BLOB NOT NULL,
    created_by INTEGER REFERENCES person (id),
    created_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;

-- A bearer token: a person's own, or a partner's.
CREATE TABLE api_token (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    person_id INTEGER REFERENCES person (id),
    client_id INTEGER REFERENCES api_client (id),
    name TEXT NOT NULL,                 -- empty: a short one, from /oauth/token
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER                -- to ten minutes
) STRICT;
CREATE INDEX api_token_person ON api_token (person_id);
CREATE INDEX api_token_client ON api_token (client_id);
CREATE INDEX api_token_expires ON api_token (expires_at);
