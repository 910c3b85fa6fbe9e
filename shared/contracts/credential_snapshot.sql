-- The credential list as one finished file, as a site takes it on a first start or after a gap.
-- Enrollment builds it, closes it in journal mode DELETE and signs its SHA-256 beside the head;
-- a site opens it as a new generation and applies later entries of the feed to it.
CREATE TABLE cards (
    epc BLOB PRIMARY KEY,
    credential_id TEXT NOT NULL UNIQUE,
    tid_digest BLOB NOT NULL,
    status TEXT NOT NULL,
    programs TEXT NOT NULL,
    age_band TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    grace_until TEXT,
    list_age_limit_s INTEGER,
    plates BLOB NOT NULL,
    position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
);
