-- The tables of the log, beside those of the store. The trigger is the intake: what is committed as an event waits for
-- the sequencer, in the same transaction, whoever committed it. It waits with its text and a number of its own: what
-- was accepted comes into the log even if its event is erased meanwhile, and an event that takes its row is another.
CREATE TABLE audit_logs (
    scope TEXT PRIMARY KEY, state TEXT NOT NULL, last BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_records (
    scope TEXT NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, body BLOB, own INTEGER NOT NULL,
    PRIMARY KEY (scope, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_own ON audit_records (scope, idx) WHERE own;
CREATE TABLE audit_nodes (
    scope TEXT NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (scope, level, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_values (
    scope TEXT NOT NULL, idx INTEGER NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (scope, idx, field)
) STRICT, WITHOUT ROWID;
-- Every checkpoint, until a beginning goes. Then of those before the minimum only the ones that `stays` marks are left:
-- kept elsewhere, over a change of keys, or what a proof leads to. `link` proves that a later one follows.
CREATE TABLE audit_checkpoints (
    scope TEXT NOT NULL, size INTEGER NOT NULL, text TEXT NOT NULL, stays INTEGER NOT NULL, link BLOB,
    PRIMARY KEY (scope, size)
) STRICT, WITHOUT ROWID;
-- What a hold keeps of a beginning that went, and what changes keys in it.
CREATE TABLE audit_kept (
    scope TEXT NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, proof TEXT NOT NULL,
    PRIMARY KEY (scope, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event INTEGER NOT NULL, scope TEXT NOT NULL, at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX audit_waiting_scope ON audit_waiting (scope, number);
INSERT INTO audit_waiting (event, scope, at, text) SELECT id, scope, at, text FROM events ORDER BY id;
CREATE TRIGGER audit_intake AFTER INSERT ON events BEGIN
    INSERT INTO audit_waiting (event, scope, at, text) VALUES (new.id, new.scope, new.at, new.text);
END;
