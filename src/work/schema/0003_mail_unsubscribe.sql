-- A letter that one can end by one press of the mail program (RFC 8058).
ALTER TABLE work_mail ADD COLUMN unsubscribe TEXT NOT NULL DEFAULT '';   -- a whole address; '' none
