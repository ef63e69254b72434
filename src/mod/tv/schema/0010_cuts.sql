-- Trimming: what a video keeps of a file. The file stays (its blob), so that a cut can be taken back; what is watched is an edition
-- made from the pieces.
CREATE TABLE tv_cut (
    id INTEGER PRIMARY KEY,
    video_id INTEGER NOT NULL REFERENCES video (id),
    base_edition INTEGER NOT NULL,  -- what people watched when it was planned
    edition INTEGER,                -- what was made of it; NULL: nothing yet
    blob TEXT NOT NULL,             -- the file that is cut
    state TEXT NOT NULL,            -- looking, planned, making, made, failed
    wanted TEXT NOT NULL,           -- pieces of the file in ms, "0-12480 15000-60000"
    nearest TEXT NOT NULL,          -- the same from key picture on: a copy; -1 where there is none
    kept TEXT NOT NULL,             -- what the edition holds: one of both; '' all of it
    exact INTEGER NOT NULL          -- 1: it was encoded
) STRICT;
CREATE INDEX tv_cut_video ON tv_cut (video_id, id);
CREATE INDEX tv_cut_blob ON tv_cut (blob);

-- Chapters and lines of subtitles of what was cut out, in ms of the file: they come back with it.
CREATE TABLE tv_aside (
    video_id INTEGER NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,             -- of the subtitles; '' a chapter
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (video_id, lang, start_ms, end_ms)
) STRICT;
-- Where a resource belongs in the file, when the cut took some of that. Of what was cut out wholly, the end is not after the
-- beginning: it is not shown.
ALTER TABLE tv_resource ADD COLUMN aside_from INTEGER;
ALTER TABLE tv_resource ADD COLUMN aside_to INTEGER;
