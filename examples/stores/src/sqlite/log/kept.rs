//! What outlives the beginning of a log: checkpoints with their links, records with their proofs.

use std::collections::BTreeMap;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{LogProof, SignedCheckpoint};
use clausework::audit::record::Record;
use clausework::audit::tree::{
    Hash, InclusionProof, NodeId, Prover, TreeError, nodes_for_consistency, nodes_for_inclusion,
};
use clausework::audit::verify::Ledger;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Error;
use super::rows::int;
use crate::log::{add_checkpoints, disclosures, kept, link, unsigned};

pub(super) fn last_checkpoint(connection: &Connection, scope: &str) -> Result<Option<SignedCheckpoint>, Error> {
    let mut select =
        connection.prepare_cached("SELECT text FROM audit_checkpoints WHERE scope = ? ORDER BY size DESC LIMIT 1")?;
    let text: Option<String> = select.query_row([scope], |row| row.get(0)).optional()?;
    Ok(text.map(|text| SignedCheckpoint::parse(&text)).transpose()?)
}

/// Those of these nodes that are there: what is missing, the prover names.
fn nodes(
    connection: &Connection,
    scope: &str,
    wanted: Result<Vec<NodeId>, TreeError>,
) -> Result<BTreeMap<NodeId, Hash>, Error> {
    let mut select =
        connection.prepare_cached("SELECT hash FROM audit_nodes WHERE scope = ? AND level = ? AND idx = ?")?;
    let mut found = BTreeMap::new();
    for node in wanted? {
        let params = params![scope, node.level(), int(node.index())?];
        if let Some(hash) = select.query_row(params, |row| row.get(0)).optional()? {
            found.insert(node, Hash::new(hash));
        }
    }
    Ok(found)
}

pub(super) fn inclusion(connection: &Connection, scope: &str, index: u64, size: u64) -> Result<InclusionProof, Error> {
    let nodes = nodes(connection, scope, nodes_for_inclusion(index, size))?;
    Ok(Prover::new(&nodes, size)?.inclusion(index)?)
}

/// Stores, before the records below this index go, what must outlive them; and forgets what no hold keeps any more.
/// The number of records that were so forgotten.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    scope: &str,
    minimum: u64,
    ledger: &Ledger,
    over: &SignedCheckpoint,
) -> Result<usize, Error> {
    let size = over.unverified().head().size();
    let mut forgotten = 0;
    let before: Vec<(i64, Vec<u8>)> = transaction
        .prepare_cached("SELECT idx, body FROM audit_kept WHERE scope = ?")?
        .query_map([scope], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (index, body) in before {
        if !ledger.keeps(&Record::decode(&body)?) {
            transaction.execute("DELETE FROM audit_kept WHERE scope = ? AND idx = ?", params![scope, index])?;
            forgotten += 1; // its values go with those of the others
        }
    }
    let mut select = transaction.prepare_cached(
        "SELECT idx, body FROM audit_records WHERE scope = ? AND idx < ? AND body IS NOT NULL ORDER BY idx",
    )?;
    let mut rows = select.query(params![scope, int(minimum)?])?;
    while let Some(row) = rows.next()? {
        let (index, body): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if ledger.keeps(&Record::decode(&body)?) {
            let proof = kept(&body, &inclusion(transaction, scope, unsigned(index), size)?, over)?;
            transaction.execute("INSERT INTO audit_kept VALUES (?, ?, ?, ?)", params![scope, index, body, proof])?;
        }
    }
    drop(rows);
    // Moved, and not destroyed.
    transaction.execute(
        "DELETE FROM audit_records WHERE scope = ?1 AND idx IN (SELECT idx FROM audit_kept WHERE scope = ?1)",
        [scope],
    )?;
    let end = params![scope, int(minimum)?];
    let stays = "UPDATE audit_checkpoints SET stays = 1 WHERE scope = ? AND size = ?";
    transaction.execute(stays, params![scope, int(size)?])?;
    transaction.execute("DELETE FROM audit_checkpoints WHERE scope = ? AND size < ? AND NOT stays", end)?;
    let unlinked: Vec<String> = transaction
        .prepare_cached("SELECT text FROM audit_checkpoints WHERE scope = ? AND size < ? AND link IS NULL")?
        .query_map(end, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for text in unlinked {
        let earlier = SignedCheckpoint::parse(&text)?;
        let from = earlier.unverified().head().size();
        let nodes = nodes(transaction, scope, nodes_for_consistency(from, size))?;
        let link = link(&earlier, &Prover::new(&nodes, size)?.consistency(from)?, over)?;
        let update = "UPDATE audit_checkpoints SET link = ? WHERE scope = ? AND size = ?";
        transaction.execute(update, params![link, scope, int(from)?])?;
    }
    Ok(forgotten)
}

/// Puts into the bundle what is needed beside the records, with the last checkpoint.
pub(super) fn add(file: &Connection, scope: &str, bundle: &mut Bundle) -> Result<(), Error> {
    let checkpoints = file
        .prepare_cached(
            "SELECT text, link FROM audit_checkpoints WHERE scope = ?1
             AND (stays OR size = (SELECT max(size) FROM audit_checkpoints WHERE scope = ?1)) ORDER BY size",
        )?
        .query_map([scope], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    add_checkpoints(bundle, checkpoints)?;
    let kept: Vec<(i64, Vec<u8>, String)> = file
        .prepare_cached("SELECT idx, body, proof FROM audit_kept WHERE scope = ? ORDER BY idx")?
        .query_map([scope], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (index, body, proof) in kept {
        let values = file
            .prepare_cached("SELECT text FROM audit_values WHERE scope = ? AND idx = ?")?
            .query_map(params![scope, index], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        bundle.add_kept(body, disclosures::<super::SqliteError>(values)?, &LogProof::parse(&proof)?);
    }
    Ok(())
}
