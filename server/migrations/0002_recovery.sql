-- What the server keeps of a recovery code: none for accounts made before there were any, until
-- their owners make one.
ALTER TABLE users ADD COLUMN recovery_hash BLOB;
ALTER TABLE users ADD COLUMN recovery_wrap BLOB;

-- A session that was ended on purpose stays until it would have expired, so that its app learns
-- which of both it was.
ALTER TABLE sessions ADD COLUMN revoked BIGINT NOT NULL DEFAULT 0;
