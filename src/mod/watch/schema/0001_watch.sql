-- One page with a player: what it has told so far, kept for two days so that nothing counts twice. It names nobody.
CREATE TABLE watch_view (
    id INTEGER PRIMARY KEY,
    video_id INTEGER NOT NULL REFERENCES video (id),
    seq INTEGER NOT NULL,               -- of the last heartbeat that counted
    played_ms INTEGER NOT NULL,
    spans TEXT NOT NULL,                -- what was seen, "0-9500,12000-20000"; '' when a person's history says it
    counted INTEGER NOT NULL,           -- 1: it is among the views of its day
    finished INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_view_last ON watch_view (last_at);

-- The anonymous counters.
CREATE TABLE watch_day (
    video_id INTEGER NOT NULL REFERENCES video (id),
    day INTEGER NOT NULL,               -- 20261128, in Europe/Brussels
    views INTEGER NOT NULL,
    played_ms INTEGER NOT NULL,         -- of the video, whatever the speed
    unique_ms INTEGER NOT NULL,         -- the same, each second once for each viewer
    finished INTEGER NOT NULL,          -- viewers who reached nine tenths that day
    PRIMARY KEY (video_id, day)
) STRICT;
CREATE INDEX watch_day_day ON watch_day (day);

CREATE TABLE watch_curve (
    video_id INTEGER NOT NULL REFERENCES video (id),
    part INTEGER NOT NULL,              -- hundredth of the video, 0 to 99
    viewers INTEGER NOT NULL,           -- who saw at least half of it
    PRIMARY KEY (video_id, part)
) STRICT;

CREATE TABLE watch_hour (
    hour INTEGER PRIMARY KEY,           -- since 1970, UTC
    views INTEGER NOT NULL,
    played_ms INTEGER NOT NULL
) STRICT;

-- A person's own history, unless they want none.
CREATE TABLE watch_history (
    person_id INTEGER NOT NULL REFERENCES person (id),
    video_id INTEGER NOT NULL REFERENCES video (id),
    spans TEXT NOT NULL,
    seen_ms INTEGER NOT NULL,
    played_ms INTEGER NOT NULL,
    position_ms INTEGER NOT NULL,       -- where they left
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (person_id, video_id)
) STRICT;
CREATE INDEX watch_history_last ON watch_history (last_at);

CREATE TABLE watch_month (
    person_id INTEGER NOT NULL REFERENCES person (id),
    video_id INTEGER NOT NULL REFERENCES video (id),
    month INTEGER NOT NULL,             -- 202611
    played_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, video_id, month)
) STRICT;
CREATE INDEX watch_month_month ON watch_month (month);

CREATE TABLE watch_private (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    since INTEGER NOT NULL              -- wants no history from then on
) STRICT;
