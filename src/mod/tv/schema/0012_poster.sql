-- The poster that somebody chose: a moment (video.poster_ms), or a picture of their own.
CREATE TABLE tv_poster (
    video_id INTEGER PRIMARY KEY REFERENCES video (id),
    blob TEXT,                      -- the picture; NULL: a moment
    turn INTEGER NOT NULL,          -- how often it was chosen: part of the key of the job that makes it
    reason TEXT                     -- why it came to nothing: a msgid
) STRICT;
CREATE INDEX tv_poster_blob ON tv_poster (blob);
