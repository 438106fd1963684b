//! The statements: of one transaction each, whose bounds are the caller's.

use std::ops::Range;

use clausework::audit::log::{Removal, prunable_nodes};
use clausework::audit::record::{Draft, Record};
use clausework::audit::tree::{Frontier, Hash, frontier_nodes};
use clausework::audit::verify::Ledger;
use clausework::{Now, Scope};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

use super::Error;
use crate::log::{BEYOND, Head, LogError, Prepared, signed};

/// As SQLite counts.
pub(super) fn int(number: u64) -> Result<i64, Error> {
    signed(number)
}

/// What is kept of the records before this index.
pub(super) fn frontier(connection: &Connection, name: &str, size: u64) -> Result<Frontier, Error> {
    let mut select =
        connection.prepare_cached("SELECT hash FROM audit_nodes WHERE scope = ? AND level = ? AND idx = ?")?;
    let hashes = frontier_nodes(size)?
        .map(|node| {
            let params = params![name, node.level(), int(node.index())?];
            let hash = select.query_row(params, |row| row.get(0)).optional()?;
            hash.map(Hash::new).ok_or(LogError::Broken { what: "has lost a node of its frontier" })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Frontier::from_parts(size, hashes)?)
}

/// IMMEDIATE takes the write lock at once: nothing changes between comparing and writing.
pub(super) fn write_lock(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

pub(super) fn head(connection: &Connection, scope: &Scope) -> Result<Head, Error> {
    let mut select = connection.prepare_cached("SELECT state, last FROM audit_logs WHERE scope = ?")?;
    let row = select.query_row([scope.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Head::read(scope, row)
}

pub(super) fn ledger(connection: &Connection, scope: &str, covered: u64) -> Result<Ledger, Error> {
    let mut select = connection.prepare_cached(
        "SELECT body, idx FROM audit_kept WHERE scope = ?1 UNION ALL
         SELECT body, idx FROM audit_records WHERE scope = ?1 AND own AND body IS NOT NULL ORDER BY idx",
    )?;
    let mut rows = select.query([scope])?;
    let mut ledger = Ledger::covered_by(covered);
    while let Some(row) = rows.next()? {
        if let Ok(record) = Record::decode(row.get_ref(0)?.as_blob().unwrap_or_default()) {
            ledger.read(&record);
        }
    }
    Ok(ledger)
}

pub(super) fn body(connection: &Connection, scope: &str, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let mut select = connection.prepare_cached("SELECT body FROM audit_records WHERE scope = ? AND idx = ?")?;
    let params = params![scope, int(index)?];
    Ok(select.query_row(params, |row| row.get(0)).optional()?.flatten())
}

/// Appends drafts, under the write lock.
pub(super) fn enter(
    transaction: &Transaction<'_>,
    scope: &Scope,
    now: Now,
    drafts: &mut [Draft<'_>],
) -> Result<Range<u64>, Error> {
    let head = head(transaction, scope)?;
    let prepared = head.tail.enter(now, drafts).map(|entries| head.prepared(entries, Vec::new()))?;
    put(transaction, &prepared)?;
    Ok(prepared.entries.range())
}

/// Stores what was prepared, if the log is still as it was then.
pub(super) fn put(transaction: &Transaction<'_>, prepared: &Prepared) -> Result<bool, Error> {
    let Prepared { scope, before, entries, taken } = prepared;
    let changed = match before {
        None => transaction
            .prepare_cached("INSERT INTO audit_logs (scope, state, last) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![scope, entries.state(), entries.last()])?,
        Some(before) => transaction
            .prepare_cached("UPDATE audit_logs SET state = ?, last = ? WHERE scope = ? AND state = ?")?
            .execute(params![entries.state(), entries.last(), scope, before])?,
    };
    if changed != 1 {
        return Ok(false);
    }
    // The row of an event that was erased may be another's by now.
    let mut forget = transaction.prepare_cached(
        "DELETE FROM events WHERE (id, scope, text) = (SELECT event, scope, text FROM audit_waiting WHERE number = ?)",
    )?;
    let mut take = transaction.prepare_cached("DELETE FROM audit_waiting WHERE number = ?")?;
    for number in taken {
        forget.execute([number])?;
        if take.execute([number])? != 1 {
            return Ok(false);
        }
    }
    let mut insert = transaction.prepare_cached("INSERT INTO audit_nodes VALUES (?, ?, ?, ?)")?;
    for (node, hash) in entries.nodes() {
        fresh(insert.execute(params![scope, node.level(), int(node.index())?, hash.as_bytes()]))?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO audit_records VALUES (?, ?, ?, ?, ?)")?;
    for row in entries.rows() {
        let index = int(row.index)?;
        fresh(insert.execute(params![scope, index, row.leaf.as_bytes(), row.bytes, row.own]))?;
    }
    let mut insert = transaction.prepare_cached("INSERT INTO audit_values VALUES (?, ?, ?, ?)")?;
    for value in entries.disclosures() {
        let index = int(value.index())?;
        fresh(insert.execute(params![scope, index, value.field(), serde_json::to_string(value)?]))?;
    }
    Ok(true)
}

/// A row that was not there.
pub(super) fn fresh(inserted: rusqlite::Result<usize>) -> Result<(), Error> {
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(LogError::Broken { what: BEYOND })
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes these rows, and says how many of what is counted.
pub(super) fn delete(transaction: &Transaction<'_>, scope: &str, removal: Removal<'_>) -> Result<usize, Error> {
    let mut values = transaction.prepare_cached(
        "DELETE FROM audit_values WHERE scope = ? AND idx >= ? AND idx < ? AND coalesce(field = ?, 1)",
    )?;
    let mut count = 0;
    match removal {
        Removal::Values(targets) => {
            for (range, field) in targets {
                let (start, end) = (int(range.start)?, int(range.end)?);
                count += values.execute(params![scope, start, end, field])?;
            }
        }
        Removal::Bodies(ranges) => {
            let mut bodies = transaction.prepare_cached(
                "UPDATE audit_records SET body = NULL WHERE scope = ? AND idx >= ? AND idx < ? AND body IS NOT NULL",
            )?;
            // What outlived its beginning, and is free by now.
            let mut kept =
                transaction.prepare_cached("DELETE FROM audit_kept WHERE scope = ? AND idx >= ? AND idx < ?")?;
            for range in ranges {
                let (start, end) = (int(range.start)?, int(range.end)?);
                values.execute(params![scope, start, end, None::<&str>])?;
                count += bodies.execute(params![scope, start, end])? + kept.execute(params![scope, start, end])?;
            }
        }
        Removal::Prefix { minimum_index } => {
            let end = int(minimum_index)?;
            transaction.execute(
                "DELETE FROM audit_values WHERE scope = ?1 AND idx < ?2
                 AND idx NOT IN (SELECT idx FROM audit_kept WHERE scope = ?1)",
                params![scope, end],
            )?;
            count +=
                transaction.execute("DELETE FROM audit_records WHERE scope = ? AND idx < ?", params![scope, end])?;
            for (level, below) in prunable_nodes(minimum_index) {
                transaction.execute(
                    "DELETE FROM audit_nodes WHERE scope = ? AND level = ? AND idx < ?",
                    params![scope, level, int(below)?],
                )?;
            }
        }
    }
    Ok(count)
}
