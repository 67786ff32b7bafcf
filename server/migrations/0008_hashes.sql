-- Revisions by the hashes of their bodies: after a restore two of an item may have one number. SQL has no
-- SHA-256, so `database/hashes.rs` moves the rows of `numbered_revisions`. `head` names the newest
-- revision of an item.
ALTER TABLE revisions RENAME TO numbered_revisions;
CREATE TABLE revisions (
    item BLOB NOT NULL REFERENCES items (id),
    hash BLOB NOT NULL,
    revision BIGINT NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    overview BLOB NOT NULL,
    details BLOB NOT NULL,
    lost BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (item, hash)
);
CREATE INDEX revisions_by_number ON revisions (item, revision);
ALTER TABLE items ADD COLUMN head BLOB;
