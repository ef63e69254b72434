-- Who wants to hear of answers by mail; without a row: nobody.
CREATE TABLE comment_choice (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    answers INTEGER NOT NULL,
    chosen_at INTEGER NOT NULL
) STRICT;

-- open, held, closed; a video without a row follows its channel.
CREATE TABLE comment_video (
    video_id INTEGER PRIMARY KEY REFERENCES video (id),
    mode TEXT NOT NULL
) STRICT;
