-- What people like and which channels they follow.
CREATE TABLE video_like (
    video_id INTEGER NOT NULL REFERENCES video (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    liked_at INTEGER NOT NULL,
    PRIMARY KEY (video_id, person_id)
) STRICT;
CREATE INDEX video_like_person ON video_like (person_id, liked_at);

CREATE TABLE channel_subscription (
    channel_id INTEGER NOT NULL REFERENCES tv_channel (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (channel_id, person_id)
) STRICT;
CREATE INDEX channel_subscription_person ON channel_subscription (person_id, channel_id);

-- How a person wants to hear of new videos; without a row: not by mail.
CREATE TABLE subscription_choice (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    mail TEXT NOT NULL,                 -- none, now, daily
    chosen_at INTEGER NOT NULL
) STRICT;

-- Each video is told of once, when it can first be seen in a channel.
CREATE TABLE subscription_news (
    video_id INTEGER PRIMARY KEY REFERENCES video (id),
    announced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX subscription_news_at ON subscription_news (announced_at);

-- Until when the daily letters have told of the news; one row.
CREATE TABLE subscription_digest (
    id INTEGER PRIMARY KEY,
    told_until INTEGER NOT NULL
) STRICT;
