use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::audit::tree::{ConsistencyProof, ProofError, TreeHead};

/// The heads that a log from which the beginning was purged must still be met at: without those from before `start`
/// that proofs connect with a later one.
///
/// A head from before the first record that is there cannot be met: what it was over is gone. The proof that the log
/// had grown from it can be made until the collapse, and is to be stored then; afterwards it says as much. Proofs may
/// follow one another, one for each collapse.
///
/// Two different heads of one size stay both: [`Verdict::Forked`](super::Verdict::Forked) is what comes of them.
///
/// ```
/// use clausework::audit::{tree::Tree, verify::link};
///
/// let mut log: Tree = ["sign-in", "export"].into_iter().collect();
/// let old = log.head();
/// log.push(b"sign-out")?;
/// log.push(b"sign-in")?;
/// let proof = log.prover()?.consistency(2)?; // made before the first three records are deleted
///
/// assert_eq!(link(&[old, log.head()], &[proof.clone()], 3)?, [log.head()]);
/// assert_eq!(link(&[old, log.head()], &[], 3)?, [old, log.head()]); // and cannot be met
/// let other: Tree = ["sign-in", "import"].into_iter().collect();
/// assert!(link(&[other.head(), log.head()], &[proof], 3).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ProofError`] for a proof that does not lead from one of the heads to another: it shows nothing, and no harm.
pub fn link(heads: &[TreeHead], proofs: &[ConsistencyProof], start: u64) -> Result<Vec<TreeHead>, ProofError> {
    let mut by_size = heads.to_vec();
    by_size.sort_unstable_by_key(TreeHead::size);
    let of = |size| {
        let first = by_size.partition_point(|head| head.size() < size);
        by_size.iter().skip(first).take_while(move |head| head.size() == size)
    };
    for proof in proofs {
        let pairs = of(proof.from()).flat_map(|earlier| of(proof.to()).map(move |later| (earlier, later)));
        let mut shown = Err(ProofError::Size { proof: proof.from(), head: proof.to() });
        for (earlier, later) in pairs {
            shown = shown.or_else(|_| proof.verify(earlier, later));
        }
        shown?;
    }
    let contradicted = |head: &TreeHead| of(head.size()).any(|other| other != head);
    let mut linked = BTreeSet::from([0]); // all empty logs are one
    let mut order: Vec<&ConsistencyProof> = proofs.iter().collect();
    order.sort_unstable_by_key(|proof| core::cmp::Reverse(proof.to()));
    for proof in order {
        if proof.from() < proof.to() && (proof.to() >= start || linked.contains(&proof.to())) {
            linked.insert(proof.from());
        }
    }
    let stays = |head: &&TreeHead| head.size() >= start || contradicted(head) || !linked.contains(&head.size());
    Ok(heads.iter().filter(stays).copied().collect())
}
