-- Who was there: a word about a person in a half-day. The last one counts; a correction is a word of its own with its reason, and
-- nothing is changed afterwards.
CREATE TABLE attendance_mark (
    id INTEGER PRIMARY KEY,
    half_id INTEGER NOT NULL REFERENCES meeting_half (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,            -- present, late, excused, absent
    way TEXT NOT NULL,              -- code: signed by themselves; list: by who trains
    live INTEGER NOT NULL,          -- 1: by videoconference
    minutes INTEGER NOT NULL,       -- that count as hours
    reason TEXT NOT NULL,           -- of a correction, or an excuse; '' none
    at INTEGER NOT NULL,
    by_id INTEGER                   -- person
) STRICT;
CREATE INDEX attendance_mark_half ON attendance_mark (half_id, person_id, id);
CREATE INDEX attendance_mark_person ON attendance_mark (person_id, half_id, id);
CREATE INDEX attendance_mark_by ON attendance_mark (by_id);
