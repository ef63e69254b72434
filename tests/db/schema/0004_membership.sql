CREATE TABLE membership (
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    "group" TEXT NOT NULL,
    PRIMARY KEY (account, "group")
) STRICT, WITHOUT ROWID;
