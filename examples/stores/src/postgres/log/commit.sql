-- One statement, so one round trip and one transaction. `go` has a row if the log was still in the state that was read:
-- a sequencer that had to wait for the row compares again with the state that the other has left, and of two that begin
-- a log the second finds its row. Nothing below `go` is written without it.
WITH replaced AS (
    UPDATE clausework_audit_logs SET state = $3, last = $4 WHERE scope = $1 AND state = $2 RETURNING 1
), begun AS (
    INSERT INTO clausework_audit_logs (scope, state, last) SELECT $1::text, $3::text, $4::bytea WHERE $2::text IS NULL
    ON CONFLICT DO NOTHING RETURNING 1
), go AS MATERIALIZED (
    SELECT 1 FROM replaced UNION ALL SELECT 1 FROM begun
), taken AS (
    DELETE FROM clausework_audit_waiting w USING go WHERE w.id = ANY ($5::bigint[]) RETURNING w.event
), forgotten AS (
    DELETE FROM clausework_events e USING taken t WHERE e.id = t.event
), nodes AS (
    INSERT INTO clausework_audit_nodes (scope, level, idx, hash)
    SELECT $1::text, level, idx, hash FROM go, unnest($6::smallint[], $7::bigint[], $8::bytea[]) AS n (level, idx, hash)
), records AS (
    INSERT INTO clausework_audit_records (scope, idx, leaf, body, own)
    SELECT $1::text, idx, leaf, body, own
    FROM go, unnest($9::bigint[], $10::bytea[], $11::bytea[], $12::boolean[]) AS r (idx, leaf, body, own)
), opened AS (
    INSERT INTO clausework_audit_values (scope, idx, field, text)
    SELECT $1::text, idx, field, text FROM go, unnest($13::bigint[], $14::text[], $15::text[]) AS v (idx, field, text)
)
SELECT EXISTS (SELECT FROM go)
