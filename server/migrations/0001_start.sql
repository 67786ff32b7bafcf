-- One text for SQLite and PostgreSQL: BLOB becomes BYTEA there, everything else both understand.
-- Times are Unix seconds. Numbers of the log of changes count up for each user from 1.

-- The one row of the database itself. `accounts` counts sign-ups; counting up locks the row, so
-- that sign-ups happen one after the other and exactly one is the first.
CREATE TABLE server (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL,
    keys BLOB NOT NULL,
    accounts BIGINT NOT NULL
);

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    bundle BLOB NOT NULL,
    bundle_signature BLOB NOT NULL,
    sign_pk BLOB NOT NULL,
    opaque_record BLOB NOT NULL,
    wrap BLOB NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE invitations (
    token_hash BLOB PRIMARY KEY,
    address TEXT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT NOT NULL
);

-- Sign-ins between their two requests.
CREATE TABLE attempts (
    id_hash BLOB PRIMARY KEY,
    owner BLOB REFERENCES users (id),
    state BLOB NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    owner BLOB NOT NULL REFERENCES users (id),
    app TEXT NOT NULL,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_by_owner ON sessions (owner);

-- The last position of each user's log of changes. Whoever writes counts it up first, which locks
-- the row: positions become visible in their order, so no reader can pass over one.
CREATE TABLE logs (
    owner BLOB PRIMARY KEY REFERENCES users (id),
    position BIGINT NOT NULL
);

CREATE TABLE account_records (
    owner BLOB PRIMARY KEY REFERENCES users (id),
    version BIGINT NOT NULL,
    blob BLOB NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE items (
    id BLOB PRIMARY KEY,
    owner BLOB NOT NULL REFERENCES users (id),
    revision BIGINT NOT NULL,
    key BLOB NOT NULL,
    identifier BLOB,
    position BIGINT NOT NULL
);
CREATE UNIQUE INDEX items_in_log ON items (owner, position);
CREATE UNIQUE INDEX items_by_identifier ON items (owner, identifier);

-- Every revision, for ever.
CREATE TABLE revisions (
    item BLOB NOT NULL REFERENCES items (id),
    revision BIGINT NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    overview BLOB NOT NULL,
    details BLOB NOT NULL,
    PRIMARY KEY (item, revision)
);

CREATE TABLE uses (
    owner BLOB NOT NULL REFERENCES users (id),
    item BLOB NOT NULL REFERENCES items (id),
    blob BLOB NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (owner, item)
);
CREATE UNIQUE INDEX uses_in_log ON uses (owner, position);

-- What was done, so that the same request sent again is answered again.
CREATE TABLE operations (
    owner BLOB NOT NULL REFERENCES users (id),
    operation BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    position BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (owner, operation)
);
CREATE INDEX operations_by_age ON operations (created);
