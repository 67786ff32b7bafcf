-- Codes are mailed before notices of what was shared, which wait.
ALTER TABLE mails ADD COLUMN urgent BIGINT NOT NULL DEFAULT 1;
DROP INDEX mails_by_due;
CREATE INDEX mails_by_due ON mails (urgent, due);

-- Whom a sender was last mailed about an item for, and on which day since 1970 (UTC).
CREATE TABLE notices (
    item BLOB NOT NULL,
    reader BLOB NOT NULL,
    sender BLOB NOT NULL,
    day BIGINT NOT NULL,
    PRIMARY KEY (item, reader)
);
CREATE INDEX notices_by_sender ON notices (sender, day);

-- Bytes that are stored of each item: revisions, lists, keys and envelopes.
ALTER TABLE items ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
UPDATE items SET bytes = CAST(LENGTH(key) + COALESCE(LENGTH(list_body) + LENGTH(list_signature), 0)
    + COALESCE((SELECT SUM(LENGTH(r.body) + LENGTH(r.signature) + LENGTH(r.overview)
        + LENGTH(r.details) + 512) FROM revisions r WHERE r.item = items.id), 0)
    + COALESCE((SELECT SUM(LENGTH(k.key) + COALESCE(LENGTH(k.list_body)
        + LENGTH(k.list_signature), 0)) FROM item_keys k WHERE k.item = items.id), 0)
    + COALESCE((SELECT SUM(LENGTH(e.blob)) FROM envelopes e WHERE e.item = items.id), 0) AS BIGINT);
UPDATE storage SET bytes = COALESCE((SELECT CAST(SUM(i.bytes) AS BIGINT) FROM items i
    WHERE i.owner = storage.owner), 0);
