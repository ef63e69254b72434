-- Which channels people follow. In a migration of this number, because the channels came with the fourth of tv.
CREATE TABLE channel_subscription (
    channel_id INTEGER NOT NULL REFERENCES tv_channel (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (channel_id, person_id)
) STRICT;
CREATE INDEX channel_subscription_person ON channel_subscription (person_id, channel_id);
