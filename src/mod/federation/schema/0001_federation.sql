-- An institution whose sign-in is accepted.
CREATE TABLE identity_provider (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('oidc', 'saml')),
    name       TEXT NOT NULL,              -- on the button
    issuer     TEXT NOT NULL,              -- OpenID issuer, SAML entityID
    client_id  TEXT NOT NULL,              -- ours, there; empty for SAML
    secret     BLOB,                       -- sealed (seal.c); NULL: none
    scopes     TEXT NOT NULL,
    domains    TEXT NOT NULL,              -- trusted for addresses there: "umons.be ulb.be"
    inside     INTEGER NOT NULL,           -- 1: may live in a private network, and without TLS
    state      TEXT NOT NULL CHECK (state IN ('new', 'on', 'off')),
    document   TEXT NOT NULL,              -- what it publishes: discovery document, SAML metadata
    keys       TEXT NOT NULL,              -- JWKS
    fetched_at INTEGER,                    -- of document and keys
    problem    TEXT NOT NULL,              -- msgid: why the last look failed; empty: it did not
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (kind, issuer, client_id)
) STRICT;

-- When the claim has the value ('*': any), the person is in the organisation ('*': the value is its code) in the role.
CREATE TABLE identity_mapping (
    id           INTEGER PRIMARY KEY,
    provider_id  INTEGER NOT NULL REFERENCES identity_provider (id),
    claim        TEXT NOT NULL,
    value        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role         TEXT NOT NULL
) STRICT;
CREATE INDEX identity_mapping_provider ON identity_mapping (provider_id);

-- This account there is that person here.
CREATE TABLE identity (
    id          INTEGER PRIMARY KEY,
    provider_id INTEGER NOT NULL REFERENCES identity_provider (id),
    subject     TEXT NOT NULL,
    person_id   INTEGER NOT NULL,
    label       TEXT NOT NULL,             -- address or name there, for the person to recognise
    linked_at   INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    UNIQUE (provider_id, subject)
) STRICT;
CREATE INDEX identity_person ON identity (person_id);

CREATE TABLE identity_affiliation (
    identity_id  INTEGER NOT NULL REFERENCES identity (id),
    organisation TEXT NOT NULL,
    role         TEXT NOT NULL,
    PRIMARY KEY (identity_id, organisation, role)
) STRICT;

-- Proved by the institution, waiting for the person: a name and a yes for a new account, or a yes to the link.
CREATE TABLE federation_arrival (
    token_hash   BLOB PRIMARY KEY,
    browser      BLOB NOT NULL,            -- hash of the cookie of the browser it belongs to
    provider_id  INTEGER NOT NULL REFERENCES identity_provider (id),
    subject      TEXT NOT NULL,
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    proved       INTEGER NOT NULL,         -- 1: the institution is trusted for this address
    affiliations TEXT NOT NULL,            -- JSON
    suite        TEXT NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX federation_arrival_provider ON federation_arrival (provider_id);
CREATE INDEX federation_arrival_expires ON federation_arrival (expires_at);

CREATE TABLE federation_used (
    what       BLOB PRIMARY KEY,           -- hash of a state or of an assertion's id
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX federation_used_expires ON federation_used (expires_at);
