-- Which other sites may show a video in a page of theirs. Without a row: what its channel says; without one there: none.
CREATE TABLE tv_video_embed (
    video_id INTEGER PRIMARY KEY REFERENCES video (id),
    mode TEXT NOT NULL,                 -- nobody, hosts, everyone
    hosts TEXT NOT NULL                 -- "ecole.be *.reseau.be:8443", for hosts
) STRICT;

CREATE TABLE tv_channel_embed (
    channel_id INTEGER PRIMARY KEY REFERENCES tv_channel (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    hosts TEXT NOT NULL
) STRICT;
