-- Bundles of people without an account here, who wrote revisions that came again after a restore.
CREATE TABLE bundles (
    owner BLOB PRIMARY KEY,
    body BLOB NOT NULL,
    signature BLOB NOT NULL
);
