-- When the owner of an address showed to read its mail: nobody did before there was mail.
ALTER TABLE users ADD COLUMN confirmed BIGINT;

-- Eight digits that were mailed to a user, kept as their HMAC: the last ones for each purpose.
CREATE TABLE codes (
    owner BLOB NOT NULL REFERENCES users (id),
    purpose BIGINT NOT NULL,
    mac BLOB NOT NULL,
    expires BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (owner, purpose)
);

-- When codes were mailed to a user, to count them.
CREATE TABLE codes_mailed (
    owner BLOB NOT NULL REFERENCES users (id),
    at BIGINT NOT NULL
);
CREATE INDEX codes_mailed_by_owner ON codes_mailed (owner, at);

-- Letters on their way; a delivered one is gone. `due` is when it is tried next, and nobody else
-- tries it before then. `expires` is when it is of no use any more.
CREATE TABLE mails (
    id BLOB PRIMARY KEY,
    address TEXT NOT NULL,
    letter TEXT NOT NULL,
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
CREATE INDEX mails_by_due ON mails (due);
