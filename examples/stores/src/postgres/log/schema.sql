-- Run in one transaction, READ COMMITTED. Of several hosts that start at once, one creates the tables.
SELECT pg_advisory_xact_lock(hashtextextended('clausework_schema', 0));

DO $do$
BEGIN
    IF to_regclass('clausework_audit_schema') IS NOT NULL THEN
        RETURN;
    END IF;
    -- `state` is compared as it was read; `last` is the last record, kept beside it even if its row is purged.
    CREATE TABLE clausework_audit_logs (
        scope text COLLATE "C" PRIMARY KEY, state text NOT NULL, last bytea NOT NULL
    ) WITH (fillfactor = 50);
    CREATE TABLE clausework_audit_records (
        scope text COLLATE "C" NOT NULL, idx bigint NOT NULL, leaf bytea NOT NULL, body bytea, own boolean NOT NULL,
        PRIMARY KEY (scope, idx)
    );
    CREATE INDEX clausework_audit_own ON clausework_audit_records (scope, idx) WHERE own;
    CREATE TABLE clausework_audit_nodes (
        scope text COLLATE "C" NOT NULL, level smallint NOT NULL, idx bigint NOT NULL, hash bytea NOT NULL,
        PRIMARY KEY (scope, level, idx)
    );
    CREATE TABLE clausework_audit_values (
        scope text COLLATE "C" NOT NULL, idx bigint NOT NULL, field text COLLATE "C" NOT NULL, text text NOT NULL,
        PRIMARY KEY (scope, idx, field)
    );
    -- Every checkpoint, until a beginning goes. Then of those before the minimum only the ones that `stays` marks are
    -- left: kept elsewhere, over a change of keys, or what a proof leads to. `link` proves that a later one follows.
    CREATE TABLE clausework_audit_checkpoints (
        scope text COLLATE "C" NOT NULL, size bigint NOT NULL, text text NOT NULL, stays boolean NOT NULL, link bytea,
        PRIMARY KEY (scope, size)
    );
    -- What a hold keeps of a beginning that went, and what changes keys in it.
    CREATE TABLE clausework_audit_kept (
        scope text COLLATE "C" NOT NULL, idx bigint NOT NULL, body bytea NOT NULL, proof text NOT NULL,
        PRIMARY KEY (scope, idx)
    );
    -- What waits, with its text and a number of its own: what was accepted comes into the log even if its event is
    -- erased meanwhile. Rows become visible in another order than they are numbered, so nobody remembers a number.
    CREATE TABLE clausework_audit_waiting (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event bigint NOT NULL, scope text COLLATE "C" NOT NULL,
        at bigint NOT NULL, text text NOT NULL
    );
    CREATE INDEX clausework_audit_waiting_scope ON clausework_audit_waiting (scope, id);
    -- The intake: in the transaction that commits an event, whoever commits it. It runs with the rights of its owner,
    -- so that a role that may insert events needs no right on the log; hence the fixed path.
    EXECUTE format($create$
        CREATE FUNCTION clausework_audit_intake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = %I, pg_temp AS $body$
        BEGIN
            INSERT INTO clausework_audit_waiting (event, scope, at, text)
            SELECT id, scope, at, text FROM noted ORDER BY id;
            RETURN NULL;
        END $body$ $create$, current_schema());
    -- This waits for those who are writing events, and lets nobody write until the end, so that no event comes between
    -- the trigger and what was there before it.
    CREATE TRIGGER clausework_audit_intake AFTER INSERT ON clausework_events REFERENCING NEW TABLE AS noted
        FOR EACH STATEMENT EXECUTE FUNCTION clausework_audit_intake();
    INSERT INTO clausework_audit_waiting (event, scope, at, text)
    SELECT id, scope, at, text FROM clausework_events ORDER BY id;
    CREATE TABLE clausework_audit_schema (version integer NOT NULL);
    INSERT INTO clausework_audit_schema VALUES (1);
END $do$
