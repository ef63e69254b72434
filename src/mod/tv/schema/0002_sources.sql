-- The files given for a video: the first, and those that take its place. What people watch is in the folder <id>, or
-- <id>-<edition> from the second on, so that a file that is replaced never mixes with the new one in a player.
ALTER TABLE video ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
ALTER TABLE video ADD COLUMN poster_ms INTEGER;      -- which moment the poster shows, when somebody chose one

CREATE TABLE video_source (
    video_id INTEGER NOT NULL REFERENCES video (id),
    edition INTEGER NOT NULL,
    blob TEXT NOT NULL,
    state TEXT NOT NULL,            -- waiting, live, failed, past
    step INTEGER NOT NULL,          -- of its preparation: part of the key of the job under way
    done INTEGER NOT NULL,          -- thousandths of the preparation that are done; 1000: nothing is left
    next INTEGER NOT NULL,          -- and what the step under way is worth
    reason TEXT,                    -- why it failed: a msgid
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (video_id, edition)
) STRICT;
CREATE INDEX video_source_blob ON video_source (blob);
CREATE INDEX video_source_state ON video_source (state, changed_at);
CREATE INDEX video_blob ON video (blob);

INSERT INTO video_source (video_id, edition, blob, state, step, done, next, changed_at)
SELECT id, 0, blob, CASE WHEN state = 'ready' OR state = 'withdrawn' THEN 'live' WHEN state = 'failed' THEN 'failed' ELSE 'waiting' END, 0,
       CASE WHEN state = 'ready' THEN 1000 ELSE 0 END, 0, created_at
FROM video;
