-- Passkeys: a key of a device or of a manager of passwords that signs a challenge of ours (WebAuthn).
CREATE TABLE passkey (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    credential BLOB NOT NULL UNIQUE,    -- the authenticator's name for it
    algorithm INTEGER NOT NULL,         -- COSE: -7 ES256, -8 EdDSA
    public_key BLOB NOT NULL,           -- x and y, or the key of Ed25519
    sign_count INTEGER NOT NULL,        -- 0: this authenticator does not count
    synced INTEGER NOT NULL,            -- kept outside of one device as well
    name TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX passkey_person ON passkey (person_id);

-- What an authenticator knows a person by: random, so that it says nothing about them.
CREATE TABLE passkey_owner (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    handle BLOB NOT NULL UNIQUE
) STRICT;

-- A challenge that waits for its answer, once, in the browser that asked for it.
CREATE TABLE passkey_challenge (
    challenge_hash BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,              -- 'enter', 'second', 'add'
    person_id INTEGER REFERENCES person (id),   -- NULL for 'enter': nobody has said who they are
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);
CREATE INDEX passkey_challenge_person ON passkey_challenge (person_id);
