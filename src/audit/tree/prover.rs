use alloc::vec::Vec;
use core::ops::Range;

use super::node::{Sibling, checked_size, frontier_nodes, siblings};
use super::proof::{consistency_start, inclusion_start};
use super::range::{nodes_after, range_start};
use super::{
    ConsistencyProof, Frontier, Hash, InclusionProof, NodeId, Nodes, RangeProof, TreeError, TreeHead, node_hash,
};

/// Makes proofs towards one size of a log, from nodes that are kept elsewhere.
///
/// Hashes once, when it is made: the right edge of the tree. Every proof after that only copies.
///
/// ```
/// use std::collections::BTreeMap;
/// use clausework::audit::tree::{Frontier, Prover, leaf_hash, nodes_for_inclusion};
///
/// let (mut log, mut table) = (Frontier::new(), BTreeMap::new());
/// for record in ["sign-in", "export", "sign-out"] {
///     log.push_with(leaf_hash(record.as_bytes()), |node, hash| { table.insert(node, hash); })?;
/// }
/// // A host loads these rows, and no others:
/// let loaded: BTreeMap<_, _> = nodes_for_inclusion(1, 3)?.into_iter().map(|node| (node, table[&node])).collect();
/// let proof = Prover::new(&loaded, 3)?.inclusion(1)?;
/// proof.verify(&leaf_hash(b"export"), &log.head())?;
/// assert!(Prover::new(&loaded, 3)?.inclusion(3).is_err()); // there are three: 0, 1 and 2
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prover<N> {
    nodes: N,
    size: u64,
    /// The smallest frontier node, the two smallest folded, and so on; the last is the root.
    edges: Vec<Hash>,
}

impl<N: Nodes> Prover<N> {
    /// For proofs towards the tree of this size.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`], and [`TreeError::Missing`] when a frontier node is not among the nodes.
    pub fn new(nodes: N, size: u64) -> Result<Self, TreeError> {
        let frontier = frontier_nodes(size)?.map(|id| find(&nodes, id)).collect::<Result<Vec<_>, _>>()?;
        let fold = |edge: &mut Option<Hash>, hash: &Hash| {
            let folded = edge.map_or(*hash, |right| node_hash(hash, &right));
            *edge = Some(folded);
            Some(folded)
        };
        let edges = frontier.iter().rev().scan(None, fold).collect();
        Ok(Self { nodes, size, edges })
    }

    /// Size and root of the tree that the proofs lead to, as far as the nodes say.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        let empty = TreeHead::empty();
        TreeHead { size: self.size, root: self.edges.last().copied().unwrap_or(empty.root()) }
    }

    /// That the record of this index is in the log (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// [`TreeError::OutOfRange`], and [`TreeError::Missing`] when a node is not kept.
    pub fn inclusion(&self, index: u64) -> Result<InclusionProof, TreeError> {
        let mut path = Vec::with_capacity(self.height());
        self.climb(inclusion_start(index, self.size)?, &mut path)?;
        InclusionProof::from_parts(index, self.size, path)
    }

    /// That the log of this earlier size is the beginning of the log (RFC 6962 section 2.1.2).
    ///
    /// # Errors
    /// As [`inclusion`](Prover::inclusion).
    pub fn consistency(&self, from: u64) -> Result<ConsistencyProof, TreeError> {
        let mut path = Vec::new();
        if let Some((node, shown)) = consistency_start(from, self.size)? {
            path.reserve_exact(self.height().saturating_add(1));
            if shown {
                path.push(find(&self.nodes, node)?);
            }
            self.climb(node, &mut path)?;
        }
        ConsistencyProof::from_parts(from, self.size, path)
    }

    /// That the records from `range.start` up to, and not with, `range.end` are in the log, all of them and in order.
    ///
    /// # Errors
    /// [`TreeError::EmptyRange`], or as [`inclusion`](Prover::inclusion).
    pub fn range(&self, range: Range<u64>) -> Result<RangeProof, TreeError> {
        range_start(&range, self.size)?;
        let hash = |id| find(&self.nodes, id);
        let before = frontier_nodes(range.start)?.map(hash).collect::<Result<_, _>>()?;
        let after = nodes_after(range.end, self.size).map(hash).collect::<Result<_, _>>()?;
        RangeProof::from_parts(range, self.size, before, after)
    }

    /// The frontier of the log at an earlier size: what a [prefix collapse](super::MinimumIndex) keeps.
    ///
    /// # Errors
    /// As [`inclusion`](Prover::inclusion).
    pub fn frontier(&self, size: u64) -> Result<Frontier, TreeError> {
        if size > self.size {
            return Err(TreeError::OutOfRange { index: size, size: self.size });
        }
        let hashes = frontier_nodes(size)?.map(|id| find(&self.nodes, id)).collect::<Result<_, _>>()?;
        Frontier::from_parts(size, hashes)
    }

    /// How many hashes a path has at most.
    const fn height(&self) -> usize {
        u64::BITS.saturating_sub(self.size.saturating_sub(1).leading_zeros()) as usize
    }

    fn climb(&self, from: NodeId, path: &mut Vec<Hash>) -> Result<(), TreeError> {
        for sibling in siblings(from, self.size) {
            path.push(match sibling {
                Sibling::Whole(id) => find(&self.nodes, id)?,
                // INVARIANT: the edge is made of some of the frontier nodes, at least one.
                Sibling::Edge(nodes) => {
                    let edge = self.edges.get((nodes as usize).saturating_sub(1)).copied();
                    edge.ok_or(TreeError::Missing { level: 0, index: self.size })?
                }
            });
        }
        Ok(())
    }
}

fn find(nodes: &impl Nodes, id: NodeId) -> Result<Hash, TreeError> {
    nodes.node(id).ok_or(TreeError::Missing { level: id.level(), index: id.index() })
}

/// The nodes to load for [`Prover::inclusion`]; at most 126.
///
/// # Errors
/// [`TreeError::TooLarge`], [`TreeError::OutOfRange`].
pub fn nodes_for_inclusion(index: u64, size: u64) -> Result<Vec<NodeId>, TreeError> {
    let start = inclusion_start(index, size)?;
    with_frontier(size, siblings(start, size).filter_map(whole))
}

/// The nodes to load for [`Prover::consistency`]; at most 127.
///
/// # Errors
/// [`TreeError::TooLarge`], [`TreeError::OutOfRange`].
pub fn nodes_for_consistency(from: u64, size: u64) -> Result<Vec<NodeId>, TreeError> {
    let path = consistency_start(from, size)?
        .map(|(node, _)| core::iter::once(node).chain(siblings(node, size).filter_map(whole)));
    with_frontier(size, path.into_iter().flatten())
}

/// The nodes to load for [`Prover::range`]; at most 252.
///
/// # Errors
/// [`TreeError::TooLarge`], [`TreeError::EmptyRange`], [`TreeError::OutOfRange`].
pub fn nodes_for_range(range: Range<u64>, size: u64) -> Result<Vec<NodeId>, TreeError> {
    range_start(&range, size)?;
    with_frontier(size, frontier_nodes(range.start)?.chain(nodes_after(range.end, size)))
}

const fn whole(sibling: Sibling) -> Option<NodeId> {
    match sibling {
        Sibling::Whole(id) => Some(id),
        Sibling::Edge(_) => None,
    }
}

/// Each once, sorted: by level, then from left to right.
fn with_frontier(size: u64, nodes: impl Iterator<Item = NodeId>) -> Result<Vec<NodeId>, TreeError> {
    checked_size(size)?;
    let mut nodes: Vec<_> = frontier_nodes(size)?.chain(nodes).collect();
    nodes.sort_unstable();
    nodes.dedup();
    Ok(nodes)
}
