-- A person as the directory of an organisation knows them. What it said of them stands here and nowhere else: their account is theirs.
CREATE TABLE scim_user (
    id INTEGER PRIMARY KEY,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id), -- whose directory
    person_id INTEGER NOT NULL REFERENCES person (id),
    user_name TEXT NOT NULL,
    user_key TEXT NOT NULL,             -- the *_key columns: without regard to capitals, for comparing
    external_id TEXT,
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    formatted TEXT NOT NULL,
    formatted_key TEXT NOT NULL,
    given_name TEXT NOT NULL,
    given_key TEXT NOT NULL,
    family_name TEXT NOT NULL,
    family_key TEXT NOT NULL,
    lang TEXT NOT NULL,                 -- preferredLanguage as sent
    active INTEGER NOT NULL,            -- 0: withdrawn
    version INTEGER NOT NULL,           -- the ETag
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX scim_user_key ON scim_user (organisation_id, user_key);
CREATE UNIQUE INDEX scim_user_person ON scim_user (organisation_id, person_id);
CREATE UNIQUE INDEX scim_user_external ON scim_user (organisation_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX scim_user_of ON scim_user (person_id);

CREATE TABLE scim_email (
    user_id INTEGER NOT NULL REFERENCES scim_user (id),
    place INTEGER NOT NULL,             -- in the order in which they came
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    value TEXT NOT NULL,                -- lower case
    type TEXT NOT NULL,                 -- work, home, other; ''
    is_primary INTEGER NOT NULL,
    PRIMARY KEY (user_id, place)
) STRICT;
CREATE INDEX scim_email_value ON scim_email (organisation_id, value);

CREATE TABLE scim_group (
    id INTEGER PRIMARY KEY,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id), -- whose directory
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    external_id TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX scim_group_key ON scim_group (organisation_id, display_key);
CREATE UNIQUE INDEX scim_group_external ON scim_group (organisation_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE scim_member (
    group_id INTEGER NOT NULL REFERENCES scim_group (id),
    user_id INTEGER NOT NULL REFERENCES scim_user (id),
    PRIMARY KEY (group_id, user_id)
) STRICT;
CREATE INDEX scim_member_user ON scim_member (user_id);

-- The school or authority that a group stands for: who is in the group belongs there.
CREATE TABLE scim_target (
    group_id INTEGER PRIMARY KEY REFERENCES scim_group (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id)
) STRICT;

-- What each program did on a day, for the staff's page.
CREATE TABLE scim_day (
    client_id INTEGER NOT NULL,         -- of api_client
    day INTEGER NOT NULL,               -- days since 1970, UTC
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, day)
) STRICT;
