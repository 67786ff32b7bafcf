-- When an account lost its address, which was never confirmed, to somebody who signed up with it.
ALTER TABLE users ADD COLUMN released BIGINT;
