//! The statements, for a connection or a transaction of the caller's.

use clausework::Scope;
use clausework::audit::log::{Removal, prunable_nodes};
use clausework::audit::record::Record;
use clausework::audit::tree::{Frontier, frontier_nodes};
use clausework::audit::verify::Ledger;
use deadpool_postgres::GenericClient;
use deadpool_postgres::tokio_postgres::{self, error::SqlState};

use super::{Error, hash};
use crate::log::{BEYOND, Head, LogError, Prepared, signed};

const COMMIT: &str = include_str!("commit.sql");

/// As PostgreSQL counts.
pub(super) fn int(number: u64) -> Result<i64, Error> {
    signed(number)
}

/// The row of a log; with a lock, nobody else appends before the transaction ends.
pub(super) async fn head(client: &impl GenericClient, scope: &Scope, lock: bool) -> Result<Head, Error> {
    const READ: &str = "SELECT state, last FROM clausework_audit_logs WHERE scope = $1";
    const LOCK: &str = "SELECT state, last FROM clausework_audit_logs WHERE scope = $1 FOR UPDATE";
    let select = client.prepare_cached(if lock { LOCK } else { READ }).await?;
    let row = client.query_opt(&select, &[&scope.to_string()]).await?;
    let row = row.map(|row| Ok::<_, Error>((row.try_get(0)?, row.try_get(1)?))).transpose()?;
    Head::read(scope, row)
}

pub(super) async fn ledger(client: &impl GenericClient, name: &str, covered: u64) -> Result<Ledger, Error> {
    const OWN: &str = "SELECT body, idx FROM clausework_audit_kept WHERE scope = $1 UNION ALL
        SELECT body, idx FROM clausework_audit_records WHERE scope = $1 AND own AND body IS NOT NULL ORDER BY idx";
    let mut ledger = Ledger::covered_by(covered);
    for row in client.query(OWN, &[&name]).await? {
        if let Ok(record) = Record::decode(row.try_get(0)?) {
            ledger.read(&record);
        }
    }
    Ok(ledger)
}

pub(super) async fn body(client: &impl GenericClient, name: &str, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let select = "SELECT body FROM clausework_audit_records WHERE scope = $1 AND idx = $2";
    let row = client.query_opt(select, &[&name, &int(index)?]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

/// What is kept of the records before this index.
pub(super) async fn frontier(client: &impl GenericClient, name: &str, size: u64) -> Result<Frontier, Error> {
    const NODE: &str = "SELECT hash FROM clausework_audit_nodes WHERE scope = $1 AND level = $2 AND idx = $3";
    let mut hashes = Vec::new();
    for node in frontier_nodes(size)? {
        let row = client.query_opt(NODE, &[&name, &i16::from(node.level()), &int(node.index())?]).await?;
        let row = row.ok_or(LogError::Broken { what: "has lost a node of its frontier" })?;
        hashes.push(hash(row.try_get(0)?)?);
    }
    Ok(Frontier::from_parts(size, hashes)?)
}

/// Stores what was prepared, if the log is still as it was then.
pub(super) async fn put(client: &impl GenericClient, prepared: &Prepared) -> Result<bool, Error> {
    let Prepared { scope, before, entries, taken } = prepared;
    let (mut levels, mut nodes, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
    for (node, hash) in entries.nodes() {
        levels.push(i16::from(node.level()));
        nodes.push(int(node.index())?);
        hashes.push(hash.as_bytes().as_slice());
    }
    let rows: Vec<_> = entries.rows().collect();
    let indices = rows.iter().map(|row| int(row.index)).collect::<Result<Vec<_>, _>>()?;
    let leaves: Vec<&[u8]> = rows.iter().map(|row| row.leaf.as_bytes().as_slice()).collect();
    let bodies: Vec<&[u8]> = rows.iter().map(|row| row.bytes).collect();
    let own: Vec<bool> = rows.iter().map(|row| row.own).collect();
    let (mut opened, mut fields, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for value in entries.disclosures() {
        opened.push(int(value.index())?);
        fields.push(value.field());
        texts.push(serde_json::to_string(value)?);
    }
    let commit = client.prepare_cached(COMMIT).await?;
    let row = client
        .query_one(
            &commit,
            &[
                scope,
                before,
                &entries.state(),
                &entries.last(),
                taken,
                &levels,
                &nodes,
                &hashes,
                &indices,
                &leaves,
                &bodies,
                &own,
                &opened,
                &fields,
                &texts,
            ],
        )
        .await;
    Ok(row.map_err(fresh)?.try_get(0)?)
}

/// A row that is there already is no race: that would have ended at the state.
pub(super) fn fresh(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => LogError::Broken { what: BEYOND },
        _ => error.into(),
    }
}

/// Deletes these rows, and says how many of what is counted.
pub(super) async fn delete(client: &impl GenericClient, name: &str, removal: Removal<'_>) -> Result<u64, Error> {
    const VALUES: &str = "DELETE FROM clausework_audit_values
        WHERE scope = $1 AND idx >= $2 AND idx < $3 AND coalesce(field = $4, true)";
    const BEGINNING: &str = "DELETE FROM clausework_audit_values
        WHERE scope = $1 AND idx < $2 AND idx NOT IN (SELECT idx FROM clausework_audit_kept WHERE scope = $1)";
    const BODIES: &str = "UPDATE clausework_audit_records SET body = NULL
        WHERE scope = $1 AND idx >= $2 AND idx < $3 AND body IS NOT NULL";
    // What outlived its beginning, and is free by now.
    const KEPT: &str = "DELETE FROM clausework_audit_kept WHERE scope = $1 AND idx >= $2 AND idx < $3";
    const RECORDS: &str = "DELETE FROM clausework_audit_records WHERE scope = $1 AND idx < $2";
    const NODES: &str = "DELETE FROM clausework_audit_nodes WHERE scope = $1 AND level = $2 AND idx < $3";
    let all = None::<&str>;
    let mut count = 0;
    match removal {
        Removal::Values(targets) => {
            for (range, field) in targets {
                count += client.execute(VALUES, &[&name, &int(range.start)?, &int(range.end)?, &field]).await?;
            }
        }
        Removal::Bodies(ranges) => {
            for range in ranges {
                let (start, end) = (int(range.start)?, int(range.end)?);
                client.execute(VALUES, &[&name, &start, &end, &all]).await?;
                count += client.execute(BODIES, &[&name, &start, &end]).await?;
                count += client.execute(KEPT, &[&name, &start, &end]).await?;
            }
        }
        Removal::Prefix { minimum_index } => {
            let end = int(minimum_index)?;
            client.execute(BEGINNING, &[&name, &end]).await?;
            count += client.execute(RECORDS, &[&name, &end]).await?;
            for (level, below) in prunable_nodes(minimum_index) {
                client.execute(NODES, &[&name, &i16::from(level), &int(below)?]).await?;
            }
        }
    }
    Ok(count)
}
