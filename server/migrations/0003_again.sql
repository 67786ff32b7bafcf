-- A revision whose sealed parts were lost with the state of the database before a restore: only its
-- body came again.
ALTER TABLE revisions ADD COLUMN lost BIGINT NOT NULL DEFAULT 0;
