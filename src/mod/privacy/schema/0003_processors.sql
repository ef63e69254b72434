-- Firms that hold data for the centre: hosting, mail, surveys. Part of the register of processing.
CREATE TABLE processor (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    task TEXT NOT NULL,                 -- what it does for us
    data TEXT NOT NULL,                 -- what it sees
    country TEXT NOT NULL,
    basis TEXT NOT NULL,                -- of a transfer outside of the European Union; ''
    contract_at INTEGER,                -- when the contract (article 28) was signed; NULL: not yet
    added_at INTEGER NOT NULL,
    ended_at INTEGER                    -- NULL: still works for us
) STRICT;
