-- How a person reads subtitles, so that every player shows them so. No row: as they come.
CREATE TABLE watch_reading (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    size TEXT NOT NULL,                 -- 'small', 'normal', 'large' or 'huge'
    tone TEXT NOT NULL                  -- 'screen', 'yellow' or 'paper'
) STRICT;
