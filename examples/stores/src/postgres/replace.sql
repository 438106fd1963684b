-- One record that exists, and no event. A writer that had to wait for the row compares again with the version that the
-- other has left.
UPDATE clausework_records SET version = $5, text = $6, collect_after = $7
WHERE scope = $1 AND kind = $2 AND id = $3 AND version = $4
