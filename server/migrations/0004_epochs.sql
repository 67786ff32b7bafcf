-- The signed access list of an item's epoch, from the second on.
ALTER TABLE items ADD COLUMN list_body BLOB;
ALTER TABLE items ADD COLUMN list_signature BLOB;

-- When the item was deleted, by the server's clock: its content is erased thirty days later.
ALTER TABLE items ADD COLUMN deleted BIGINT;

-- The item keys of earlier epochs, sealed for the owner: the history is sealed under them.
CREATE TABLE item_keys (
    item BLOB NOT NULL REFERENCES items (id),
    epoch BIGINT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (item, epoch)
);
