-- What an upload is for, as the page said that sent it: a word of the module that listens; '' a new file.
ALTER TABLE media_upload ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
