-- How often a machine was asked to write the subtitles in a language: each time is a job of its own.
CREATE TABLE video_recognition (
    video_id INTEGER NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,
    turn INTEGER NOT NULL,
    reason TEXT,                    -- why the last one came to nothing, a sentence of ours in English; NULL: it did not
    asked_by INTEGER,               -- person
    PRIMARY KEY (video_id, lang)
) STRICT;
