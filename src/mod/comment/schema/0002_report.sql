-- One a person and comment.
CREATE TABLE comment_report (
    comment_id INTEGER NOT NULL REFERENCES video_comment (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    reported_at INTEGER NOT NULL,
    closed_at INTEGER,                          -- when the team decided; NULL: it has not yet
    PRIMARY KEY (comment_id, person_id)
) STRICT;
CREATE INDEX comment_report_person ON comment_report (person_id, reported_at);
CREATE INDEX comment_report_open ON comment_report (comment_id) WHERE closed_at IS NULL;

-- Who may not write for a while.
CREATE TABLE comment_mute (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    reason TEXT NOT NULL,
    muted_at INTEGER NOT NULL,
    until_at INTEGER,                           -- NULL: for good
    muted_by INTEGER REFERENCES person (id)
) STRICT;
