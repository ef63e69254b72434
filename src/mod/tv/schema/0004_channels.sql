-- Where a video stands in the library: a channel, a series in order, and what it is about.
CREATE TABLE tv_channel (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,      -- Markdown
    lang TEXT NOT NULL,             -- spoken in its videos: "fr"
    named INTEGER NOT NULL,         -- 1: only those of tv_publisher publish in it; 0: the whole team
    sample INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tv_publisher (
    channel_id INTEGER NOT NULL REFERENCES tv_channel (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (channel_id, person_id)
) STRICT;
CREATE INDEX tv_publisher_person ON tv_publisher (person_id);

CREATE TABLE tv_series (
    id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL REFERENCES tv_channel (id),
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,      -- Markdown
    sample INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL     -- when an episode came last
) STRICT;
CREATE INDEX tv_series_channel ON tv_series (channel_id, changed_at);
CREATE INDEX tv_series_changed ON tv_series (changed_at);

ALTER TABLE video ADD COLUMN channel_id INTEGER REFERENCES tv_channel (id);  -- of the series, when it is in one
ALTER TABLE video ADD COLUMN series_id INTEGER REFERENCES tv_series (id);
ALTER TABLE video ADD COLUMN episode INTEGER NOT NULL DEFAULT 0;    -- its place in the series; gaps do not matter
ALTER TABLE video ADD COLUMN themes INTEGER NOT NULL DEFAULT 0;     -- bits, see tags.c
ALTER TABLE video ADD COLUMN levels INTEGER NOT NULL DEFAULT 0;     -- bits, see tags.c
-- Derived, written by tv_settle(): what lists filter and sort by. settled: by which edition of the program's rules.
ALTER TABLE video ADD COLUMN facets INTEGER NOT NULL DEFAULT 0;
ALTER TABLE video ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE video ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
UPDATE video SET shown_at = coalesce(opens_at, published_at, 0);

-- All that the home and the filters read of a video that they do not show.
CREATE INDEX video_shelf ON video (state, audience, shown_at, id, facets, opens_at, closes_at, organisation_id, programme_id, cohort_id);
CREATE INDEX video_channel ON video (channel_id, shown_at);
CREATE INDEX video_series ON video (series_id, episode);
CREATE INDEX video_settled ON video (settled);
