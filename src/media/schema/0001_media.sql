-- One row for each upload. The bytes of an unfinished one are in uploads/<id>; `received` of them are durable and were
-- acknowledged. Layers above know the person; here it is a number.
CREATE TABLE media_upload (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,                  -- of the file, as the person's machine called it
    fingerprint TEXT NOT NULL,           -- how the page knows the file again; '' without
    size INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,                 -- open, received, stored, expired
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    blob TEXT,                           -- once stored
    type TEXT                            -- as seen in the bytes
) STRICT;
CREATE INDEX media_upload_person ON media_upload (person_id, state);
CREATE INDEX media_upload_state ON media_upload (state, expires_at);
