-- Sent as one message, so one transaction. Of several hosts that start at once, one creates the tables.
SELECT pg_advisory_xact_lock(hashtextextended('clausework_schema', 0));

-- Instants are microseconds since 1970 in UTC. `text` is JSON and not `jsonb`, which would not keep it byte for byte;
-- to search it, index an expression: CREATE INDEX ... ON clausework_records ((text::jsonb ->> 'field')) WHERE kind = '...'.
CREATE TABLE IF NOT EXISTS clausework_records (
    scope text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    version bigint NOT NULL, text text NOT NULL, collect_after bigint,
    PRIMARY KEY (scope, kind, id)
) WITH (fillfactor = 80); -- room for the next version of a row beside it, so that an update touches no index
CREATE INDEX IF NOT EXISTS clausework_records_due ON clausework_records (collect_after) WHERE collect_after IS NOT NULL;

-- `id` is the order of insertion, not of commit: who reads on from the last id seen may miss a slower commit. One tree to
-- write, for the events of a tenant; for a range of ids a BRIN index, which costs next to nothing where rows only come.
CREATE TABLE IF NOT EXISTS clausework_events (
    id bigint GENERATED ALWAYS AS IDENTITY, scope text COLLATE "C" NOT NULL, at bigint NOT NULL, text text NOT NULL,
    PRIMARY KEY (scope, id)
);
CREATE INDEX IF NOT EXISTS clausework_events_id ON clausework_events USING brin (id);

CREATE TABLE IF NOT EXISTS clausework_schema (version integer NOT NULL);
INSERT INTO clausework_schema SELECT 1 WHERE NOT EXISTS (SELECT FROM clausework_schema);
