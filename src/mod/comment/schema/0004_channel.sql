-- The same for a channel; without a row it is open. In a migration of this number, because the channels came with the fourth of tv.
CREATE TABLE comment_channel (
    channel_id INTEGER PRIMARY KEY REFERENCES tv_channel (id) ON DELETE CASCADE,
    mode TEXT NOT NULL
) STRICT;
