-- What people say below videos: comments, and answers to one.
CREATE TABLE video_comment (
    id INTEGER PRIMARY KEY,
    video_id INTEGER NOT NULL REFERENCES video (id),
    thread_id INTEGER NOT NULL REFERENCES video_comment (id),  -- the comment it answers; its own id when it begins a thread
    person_id INTEGER REFERENCES person (id),   -- NULL: the words are gone, the place stays for its answers
    team INTEGER NOT NULL,                      -- 1: the author was one of the team when writing
    body TEXT NOT NULL,                         -- Markdown; "" when the words are gone
    search TEXT NOT NULL,                       -- the same folded, for the team's search
    state TEXT NOT NULL,                        -- shown, held, hidden
    reason TEXT,                                -- why it is hidden, as its author was told
    judged_by INTEGER REFERENCES person (id),   -- who let it through, hid it or brought it back last
    judged_at INTEGER,
    created_at INTEGER NOT NULL,
    changed_at INTEGER,                         -- by its author; NULL: never
    removed_at INTEGER                          -- taken back by its author; NULL: no
) STRICT;
CREATE INDEX video_comment_thread ON video_comment (thread_id, id);
CREATE INDEX video_comment_begun ON video_comment (video_id, id, state, removed_at, person_id) WHERE thread_id = id;
CREATE INDEX video_comment_count ON video_comment (video_id, state, removed_at, person_id);
CREATE INDEX video_comment_person ON video_comment (person_id, id);
CREATE INDEX video_comment_held ON video_comment (id) WHERE state = 'held';
CREATE INDEX video_comment_removed ON video_comment (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX video_comment_judged ON video_comment (judged_by) WHERE judged_by IS NOT NULL;
