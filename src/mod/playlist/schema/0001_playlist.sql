-- Videos that somebody put in an order of their own.
CREATE TABLE playlist (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    later INTEGER NOT NULL,             -- 1: "watch later", one a person, never shared
    title TEXT NOT NULL,                -- '' for it
    visibility TEXT NOT NULL,           -- private, link, public
    link_turn INTEGER NOT NULL,         -- rises when the link is taken back
    created_at INTEGER NOT NULL,
    deleted_at INTEGER                  -- gone for good some weeks later
) STRICT;
CREATE INDEX playlist_person ON playlist (person_id, later);
CREATE INDEX playlist_deleted ON playlist (deleted_at);

CREATE TABLE playlist_video (
    playlist_id INTEGER NOT NULL REFERENCES playlist (id),
    video_id INTEGER NOT NULL REFERENCES video (id),
    place INTEGER NOT NULL,             -- gaps do not matter
    added_at INTEGER NOT NULL,
    PRIMARY KEY (playlist_id, video_id)
) STRICT;
CREATE INDEX playlist_video_place ON playlist_video (playlist_id, place);
