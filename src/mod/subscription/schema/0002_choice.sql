-- How a person wants to hear of new videos; without a row: not by mail.
CREATE TABLE subscription_choice (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    mail TEXT NOT NULL,                 -- none, now, daily
    chosen_at INTEGER NOT NULL
) STRICT;
