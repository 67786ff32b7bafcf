-- What is stored of the items of each account: bytes of all revisions, and items that are not deleted.
CREATE TABLE storage (
    owner BLOB PRIMARY KEY REFERENCES users (id),
    bytes BIGINT NOT NULL,
    items BIGINT NOT NULL
);
INSERT INTO storage (owner, bytes, items)
SELECT u.id,
    COALESCE((SELECT CAST(SUM(LENGTH(r.body) + LENGTH(r.signature) + LENGTH(r.overview)
        + LENGTH(r.details) + 512) AS BIGINT)
        FROM items i JOIN revisions r ON r.item = i.id WHERE i.owner = u.id), 0),
    (SELECT COUNT(*) FROM items i WHERE i.owner = u.id AND i.deleted IS NULL)
FROM users u;

-- How many revisions an item got on its last day with any, in days since 1970 (UTC).
ALTER TABLE items ADD COLUMN day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN today BIGINT NOT NULL DEFAULT 0;
