-- Who has access to an item besides its owner, as the list of its present epoch says (`listed`) or one
-- before. `until` is when access ends, `ended` when it did; the row stays, so that the member's log
-- of changes tells it. `position` is in the member's log.
CREATE TABLE grants (
    item BLOB NOT NULL REFERENCES items (id),
    member BLOB NOT NULL REFERENCES users (id),
    permission BIGINT NOT NULL,
    until BIGINT,
    epoch BIGINT NOT NULL,
    listed BIGINT NOT NULL,
    ended BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (item, member)
);
CREATE UNIQUE INDEX grants_in_log ON grants (member, position);
CREATE INDEX grants_by_end ON grants (until);

-- The item key of each epoch in an envelope to each member of that epoch.
CREATE TABLE envelopes (
    item BLOB NOT NULL REFERENCES items (id),
    member BLOB NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (item, member, epoch)
);
