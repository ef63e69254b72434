CREATE TABLE video (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,      -- Markdown
    speaker TEXT NOT NULL,          -- a role, never a name in sample data
    licence TEXT NOT NULL,          -- "CC BY-SA"
    kind TEXT NOT NULL,             -- webinar, tutorial
    competences INTEGER NOT NULL,
    state TEXT NOT NULL,            -- waiting, preparing, ready, failed, withdrawn
    blob TEXT NOT NULL,             -- key of the source
    duration_ms INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    reason TEXT,                    -- why it failed: a msgid
    sample INTEGER NOT NULL,
    uploaded_by INTEGER REFERENCES person (id),
    created_at INTEGER NOT NULL,
    published_at INTEGER
) STRICT;
CREATE INDEX video_state ON video (state, published_at);

CREATE TABLE video_text (
    video_id INTEGER NOT NULL REFERENCES video (id),
    lang TEXT NOT NULL,
    label TEXT NOT NULL,
    vtt TEXT NOT NULL,
    PRIMARY KEY (video_id, lang)
) STRICT;

CREATE TABLE video_chapter (
    video_id INTEGER NOT NULL REFERENCES video (id),
    start_ms INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (video_id, start_ms)
) STRICT;
