-- One record that exists and an event or none, as in most commits: what commit.sql says, at half its cost. A writer that
-- had to wait for the row compares again with the version that the other has left.
WITH written AS (
    UPDATE clausework_records SET version = $5, text = $6, collect_after = $7
    WHERE scope = $1 AND kind = $2 AND id = $3 AND version = $4 RETURNING 1
), noted AS (
    INSERT INTO clausework_events (scope, at, text)
    SELECT $8::text, $9::bigint, $10::text FROM written WHERE $10::text IS NOT NULL
)
SELECT EXISTS (SELECT FROM written)
