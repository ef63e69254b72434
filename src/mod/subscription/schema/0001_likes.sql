-- What people like.
CREATE TABLE video_like (
    video_id INTEGER NOT NULL REFERENCES video (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    liked_at INTEGER NOT NULL,
    PRIMARY KEY (video_id, person_id)
) STRICT;
CREATE INDEX video_like_person ON video_like (person_id, liked_at);
