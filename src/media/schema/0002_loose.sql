-- Blobs that somebody let go: removed once nothing refers to them any more.
CREATE TABLE media_loose (
    blob TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;
CREATE INDEX media_upload_blob ON media_upload (blob);
