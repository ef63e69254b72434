-- Who may watch a video, and when. The columns that name somebody follow when two organisations become one.
ALTER TABLE video ADD COLUMN audience TEXT NOT NULL DEFAULT 'public';  -- public, members, organisation, programme, cohort, link
ALTER TABLE video ADD COLUMN organisation_id INTEGER REFERENCES organisation (id);  -- whose people, with all below it
ALTER TABLE video ADD COLUMN programme_id INTEGER REFERENCES programme (id);        -- whose enrolled people
ALTER TABLE video ADD COLUMN cohort_id INTEGER REFERENCES cohort (id);
ALTER TABLE video ADD COLUMN opens_at INTEGER;                         -- NULL: at once
ALTER TABLE video ADD COLUMN closes_at INTEGER;                        -- the first moment without it; NULL: no end
ALTER TABLE video ADD COLUMN link_turn INTEGER NOT NULL DEFAULT 0;     -- rises when the private link is made anew
ALTER TABLE video ADD COLUMN media_turn INTEGER NOT NULL DEFAULT 0;    -- rises when signed addresses shall count no more
ALTER TABLE video ADD COLUMN turned_at INTEGER;                        -- when that was; NULL: never
CREATE INDEX video_turned ON video (turned_at);
