-- Every row of it was moved to `revisions`.
DROP TABLE numbered_revisions;
