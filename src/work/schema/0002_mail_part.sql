-- A letter may bring one file along: the meetings for a calendar.
ALTER TABLE work_mail ADD COLUMN part_name TEXT NOT NULL DEFAULT '';   -- '' none
ALTER TABLE work_mail ADD COLUMN part_type TEXT NOT NULL DEFAULT '';   -- "text/calendar; method=REQUEST; charset=utf-8"
ALTER TABLE work_mail ADD COLUMN part TEXT NOT NULL DEFAULT '';
