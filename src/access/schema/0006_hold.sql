-- People whose data may not be erased or cleared away for now, because a court or an authority asks for it.
CREATE TABLE legal_hold (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    set_by INTEGER NOT NULL,
    set_at INTEGER NOT NULL,
    lifted_by INTEGER,
    lifted_at INTEGER                   -- NULL: in force
) STRICT;
CREATE INDEX legal_hold_person ON legal_hold (person_id, lifted_at);
