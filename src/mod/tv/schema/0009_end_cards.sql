-- Where to go after a video: up to three, in order. What is ours is named by its id and shows its title of today.
CREATE TABLE tv_end_card (
    video_id INTEGER NOT NULL REFERENCES video (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- video, programme, channel, series; page (of this site), link (elsewhere)
    target_id INTEGER,              -- of the first four
    address TEXT NOT NULL,          -- of the last two
    title TEXT NOT NULL,            -- of the last two
    PRIMARY KEY (video_id, position)
) STRICT;
