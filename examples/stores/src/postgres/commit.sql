-- One statement, so one round trip and one transaction. `held` locks what is to be replaced, in the order of keys: a
-- writer that had to wait sees there the version that the other has left. Only if all of it is as it should be does
-- anything below `go` write. Two that create one record at once both get there; the second fails on the primary key.
WITH want AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
        AS w (scope, kind, id, replaces, version, text, collect_after)
), held AS MATERIALIZED (
    SELECT FROM clausework_records r JOIN want w USING (scope, kind, id)
    WHERE r.version = w.replaces ORDER BY r.scope, r.kind, r.id FOR UPDATE OF r
), go AS MATERIALIZED (
    SELECT WHERE (SELECT count(*) FROM held) = (SELECT count(replaces) FROM want)
        AND NOT EXISTS (SELECT FROM want w JOIN clausework_records USING (scope, kind, id) WHERE w.replaces IS NULL)
), updated AS (
    UPDATE clausework_records r SET version = w.version, text = w.text, collect_after = w.collect_after
    FROM go, want w
    WHERE (r.scope, r.kind, r.id) = (w.scope, w.kind, w.id) AND r.version = w.replaces
), created AS (
    INSERT INTO clausework_records (scope, kind, id, version, text, collect_after)
    SELECT scope, kind, id, version, text, collect_after FROM go, want WHERE replaces IS NULL ORDER BY scope, kind, id
), noted AS (
    INSERT INTO clausework_events (scope, at, text)
    SELECT scope, at, text FROM go, unnest($8::text[], $9::bigint[], $10::text[]) WITH ORDINALITY AS e (scope, at, text, n)
    ORDER BY n
)
SELECT EXISTS (SELECT FROM go)
