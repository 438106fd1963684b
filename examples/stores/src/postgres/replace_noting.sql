-- One record that exists and one event, as in most commits: what commit.sql says, at half its cost. The event is there if
-- the record was written, and so it is what is counted.
WITH written AS (
    UPDATE clausework_records SET version = $5, text = $6, collect_after = $7
    WHERE scope = $1 AND kind = $2 AND id = $3 AND version = $4 RETURNING 1
)
INSERT INTO clausework_events (scope, at, text) SELECT $8::text, $9::bigint, $10::text FROM written
