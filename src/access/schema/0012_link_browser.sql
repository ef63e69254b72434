-- The browser that asked for a link: its secret's hash. There the link needs nothing else (people/sign_up.c).
ALTER TABLE mail_token ADD COLUMN browser BLOB;             -- NULL: none
