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
