-- A half-day that a meeting no longer has stays: what was signed for it stays readable.
ALTER TABLE meeting_half ADD COLUMN removed_at INTEGER;
