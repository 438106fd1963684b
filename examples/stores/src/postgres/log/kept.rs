//! What outlives the beginning of a log: checkpoints with their links, records with their proofs.

use std::collections::BTreeMap;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{LogProof, SignedCheckpoint};
use clausework::audit::record::Record;
use clausework::audit::tree::{
    Hash, InclusionProof, NodeId, Prover, TreeError, nodes_for_consistency, nodes_for_inclusion,
};
use clausework::audit::verify::Ledger;
use deadpool_postgres::GenericClient;
use deadpool_postgres::tokio_postgres::Row;

use super::rows::int;
use super::{Error, hash};
use crate::log::{CheckpointRow, add_checkpoints, disclosures, kept, link, unsigned};
use crate::postgres::PostgresError;

/// How many bodies are in memory at once.
const PAGE: i64 = 1000;

pub(super) async fn last_checkpoint(
    client: &impl GenericClient,
    name: &str,
) -> Result<Option<SignedCheckpoint>, Error> {
    const LAST: &str = "SELECT text FROM clausework_audit_checkpoints WHERE scope = $1 ORDER BY size DESC LIMIT 1";
    let text = client.query_opt(LAST, &[&name]).await?.map(|row| row.try_get::<_, String>(0)).transpose()?;
    Ok(text.map(|text| SignedCheckpoint::parse(&text)).transpose()?)
}

/// Those of these nodes that are there: what is missing, the prover names.
async fn nodes(
    client: &impl GenericClient,
    name: &str,
    wanted: Result<Vec<NodeId>, TreeError>,
) -> Result<BTreeMap<NodeId, Hash>, Error> {
    const NODES: &str = "SELECT idx, level, hash FROM clausework_audit_nodes
        JOIN unnest($2::smallint[], $3::bigint[]) AS wanted (level, idx) USING (level, idx) WHERE scope = $1";
    let wanted = wanted?;
    let levels: Vec<i16> = wanted.iter().map(|node| i16::from(node.level())).collect();
    let indices = wanted.iter().map(|node| int(node.index())).collect::<Result<Vec<_>, _>>()?;
    let select = client.prepare_cached(NODES).await?;
    let mut found = BTreeMap::new();
    for row in client.query(&select, &[&name, &levels, &indices]).await? {
        let at = (unsigned(row.try_get(0)?), row.try_get::<_, i16>(1)?);
        let node = wanted.iter().find(|node| (node.index(), i16::from(node.level())) == at);
        if let Some(node) = node {
            found.insert(*node, hash(row.try_get(2)?)?);
        }
    }
    Ok(found)
}

pub(super) async fn inclusion(
    client: &impl GenericClient,
    name: &str,
    index: u64,
    size: u64,
) -> Result<InclusionProof, Error> {
    let nodes = nodes(client, name, nodes_for_inclusion(index, size)).await?;
    Ok(Prover::new(&nodes, size)?.inclusion(index)?)
}

/// Stores, before the records below this index go, what must outlive them; and forgets what no hold keeps any more.
/// The number of records that were so forgotten.
pub(super) async fn keep(
    client: &impl GenericClient,
    name: &str,
    minimum: u64,
    ledger: &Ledger,
    over: &SignedCheckpoint,
) -> Result<u64, Error> {
    const BEFORE: &str = "SELECT idx, body FROM clausework_audit_kept WHERE scope = $1";
    const FORGET: &str = "DELETE FROM clausework_audit_kept WHERE scope = $1 AND idx = $2";
    const BODIES: &str = "SELECT idx, body FROM clausework_audit_records
        WHERE scope = $1 AND idx >= $2 AND idx < $3 AND body IS NOT NULL ORDER BY idx LIMIT $4";
    const KEEP: &str = "INSERT INTO clausework_audit_kept (scope, idx, body, proof) VALUES ($1, $2, $3, $4)";
    // Moved, and not destroyed.
    const MOVED: &str = "DELETE FROM clausework_audit_records
        WHERE scope = $1 AND idx IN (SELECT idx FROM clausework_audit_kept WHERE scope = $1)";
    const STAYS: &str = "UPDATE clausework_audit_checkpoints SET stays = true WHERE scope = $1 AND size = $2";
    const OTHERS: &str = "DELETE FROM clausework_audit_checkpoints WHERE scope = $1 AND size < $2 AND NOT stays";
    const UNLINKED: &str = "SELECT text FROM clausework_audit_checkpoints
        WHERE scope = $1 AND size < $2 AND link IS NULL";
    const LINK: &str = "UPDATE clausework_audit_checkpoints SET link = $3 WHERE scope = $1 AND size = $2";
    let size = over.unverified().head().size();
    let (end, mut forgotten) = (int(minimum)?, 0);
    for row in client.query(BEFORE, &[&name]).await? {
        let (index, body): (i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        if !ledger.keeps(&Record::decode(body)?) {
            // Its values go with those of the others.
            forgotten += client.execute(FORGET, &[&name, &index]).await?;
        }
    }
    let mut next = 0_i64;
    loop {
        let rows = client.query(BODIES, &[&name, &next, &end, &PAGE]).await?;
        let Some(last) = rows.last() else { break };
        next = last.try_get::<_, i64>(0)?.saturating_add(1);
        for row in rows {
            let (index, body): (i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
            if ledger.keeps(&Record::decode(body)?) {
                let proof = kept(body, &inclusion(client, name, unsigned(index), size).await?, over)?;
                client.execute(KEEP, &[&name, &index, &body, &proof]).await?;
            }
        }
    }
    client.execute(MOVED, &[&name]).await?;
    client.execute(STAYS, &[&name, &int(size)?]).await?;
    client.execute(OTHERS, &[&name, &end]).await?;
    for row in client.query(UNLINKED, &[&name, &end]).await? {
        let earlier = SignedCheckpoint::parse(row.try_get(0)?)?;
        let from = earlier.unverified().head().size();
        let nodes = nodes(client, name, nodes_for_consistency(from, size)).await?;
        let link = link(&earlier, &Prover::new(&nodes, size)?.consistency(from)?, over)?;
        client.execute(LINK, &[&name, &int(from)?, &link]).await?;
    }
    Ok(forgotten)
}

/// Puts into the bundle what is needed beside the records, with the last checkpoint.
pub(super) async fn add(client: &impl GenericClient, name: &str, bundle: &mut Bundle) -> Result<(), Error> {
    const CHECKPOINTS: &str = "SELECT text, link FROM clausework_audit_checkpoints
        WHERE scope = $1 AND (stays OR size = (SELECT max(size) FROM clausework_audit_checkpoints WHERE scope = $1))
        ORDER BY size";
    const KEPT: &str = "SELECT idx, body, proof FROM clausework_audit_kept WHERE scope = $1 ORDER BY idx";
    const VALUES: &str = "SELECT text FROM clausework_audit_values WHERE scope = $1 AND idx = $2";
    let rows = client.query(CHECKPOINTS, &[&name]).await?;
    let row = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
    add_checkpoints(bundle, rows.iter().map(row).collect::<Result<Vec<CheckpointRow>, Error>>()?)?;
    for row in client.query(KEPT, &[&name]).await? {
        let (index, body, proof): (i64, _, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let values = client.query(VALUES, &[&name, &index]).await?;
        let values = values.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        bundle.add_kept(body, disclosures::<PostgresError>(values)?, &LogProof::parse(&proof)?);
    }
    Ok(())
}
