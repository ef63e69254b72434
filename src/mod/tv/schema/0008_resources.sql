-- What goes with a moment of a video: shown by the player then, and listed beside it.
CREATE TABLE tv_resource (
    id INTEGER PRIMARY KEY,
    video_id INTEGER NOT NULL REFERENCES video (id),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- link, file
    title TEXT NOT NULL,
    address TEXT NOT NULL,          -- of a link; '' for a file
    blob TEXT,                      -- of a file
    name TEXT NOT NULL,             -- of the file, as it was given
    type TEXT NOT NULL,             -- as its bytes say
    size INTEGER NOT NULL
) STRICT;
CREATE INDEX tv_resource_video ON tv_resource (video_id, from_ms);
CREATE INDEX tv_resource_blob ON tv_resource (blob);
