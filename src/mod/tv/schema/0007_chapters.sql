-- Where the picture of a video changes, looked for when somebody asks: chapters that are proposed until they are kept or put aside.
CREATE TABLE tv_scan (
    video_id INTEGER PRIMARY KEY REFERENCES video (id),
    edition INTEGER NOT NULL,       -- of the file that was looked at
    turn INTEGER NOT NULL,          -- rises with each asking: part of the job's key
    state TEXT NOT NULL             -- running, done, failed
) STRICT;

-- With the place of each moment's small picture on the storyboard.
CREATE TABLE tv_proposal (
    video_id INTEGER NOT NULL REFERENCES video (id),
    start_ms INTEGER NOT NULL,
    left_px INTEGER NOT NULL,
    top_px INTEGER NOT NULL,
    width INTEGER NOT NULL,         -- 0: no picture
    height INTEGER NOT NULL,
    sheet_width INTEGER NOT NULL,
    sheet_height INTEGER NOT NULL,
    PRIMARY KEY (video_id, start_ms)
) STRICT;
