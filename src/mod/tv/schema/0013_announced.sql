-- A video that opens later may be announced: its title and its date are told before.
ALTER TABLE video ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
CREATE INDEX video_announced ON video (opens_at) WHERE announced = 1;
