-- The most players at once within the hour: those that told of something played within fifteen seconds.
ALTER TABLE watch_hour ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0;
