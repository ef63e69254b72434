-- A job. `due_at` is when it may be taken: for a waiting job the time to run, for a running one the end of its lease;
-- NULL once it has ended. `owner` is the token of the present lease: only its holder can end the job.
CREATE TABLE work_job (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,              -- the id's text when the asker gave none
    lane       INTEGER NOT NULL,           -- 0 quick, 1 media
    payload    TEXT NOT NULL,              -- JSON
    state      INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 running, 2 done, 3 dead
    due_at     INTEGER,
    owner      INTEGER,
    attempt    INTEGER NOT NULL DEFAULT 0,
    progress   INTEGER NOT NULL DEFAULT 0, -- thousandths
    error      TEXT,                       -- why the last attempt failed
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX work_job_due ON work_job (lane, due_at);
CREATE INDEX work_job_ended ON work_job (state, ended_at);

-- Each attempt that failed, for the person who looks after the dead letters.
CREATE TABLE work_attempt (
    id       INTEGER PRIMARY KEY,
    job_id   INTEGER NOT NULL REFERENCES work_job (id) ON DELETE CASCADE,
    attempt  INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    error    TEXT NOT NULL
) STRICT;
CREATE INDEX work_attempt_job ON work_attempt (job_id, id);

-- The outbox: what happened, written in the transaction in which it happened.
CREATE TABLE work_event (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    payload    TEXT NOT NULL,
    emitted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX work_event_emitted ON work_event (emitted_at);

CREATE TABLE work_mail (
    id         INTEGER PRIMARY KEY,
    recipient  TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at    INTEGER
) STRICT;
CREATE INDEX work_mail_sent ON work_mail (sent_at);

-- The last period for which each schedule has added its job.
CREATE TABLE work_schedule (
    kind   TEXT PRIMARY KEY,
    period INTEGER NOT NULL
) STRICT;
