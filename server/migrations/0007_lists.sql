-- The signed access list of each earlier epoch beside its key: the owner sees who could read what since
-- when. Of epochs that ended before this there is none.
ALTER TABLE item_keys ADD COLUMN list_body BLOB;
ALTER TABLE item_keys ADD COLUMN list_signature BLOB;
