use alloc::collections::BTreeMap;
use core::ops::Range;

use super::{Hash, MAX_SIZE, TreeError};

/// A subtree that is complete: the leaves from `index × 2^level`, `2^level` of them. Its hash never changes again, so
/// it can be stored.
///
/// Level 0 is the leaves. A log of n records has fewer than 2 n such nodes.
///
/// ```
/// use clausework::audit::tree::NodeId;
///
/// let node = NodeId::new(3, 2).ok_or("too high")?;
/// assert_eq!(node.leaves(), 16..24);
/// assert_eq!(NodeId::new(63, 1), None); // beyond the largest tree
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    level: u8,
    index: u64,
}

impl NodeId {
    /// The node of this level (0 to 62) and index, if it lies within the [largest tree](MAX_SIZE).
    #[must_use]
    pub const fn new(level: u8, index: u64) -> Option<Self> {
        if level > 62 || index >= MAX_SIZE >> level { None } else { Some(Self { level, index }) }
    }

    /// A leaf.
    #[must_use]
    pub const fn leaf(index: u64) -> Option<Self> {
        Self::new(0, index)
    }

    /// The height above the leaves.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.level
    }

    /// The position within the level, from 0 at the left.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// The leaves under it.
    #[must_use]
    pub const fn leaves(self) -> Range<u64> {
        // INVARIANT: within the largest tree, so neither end overflows.
        self.index << self.level..self.index.wrapping_add(1) << self.level
    }
}

/// Where the hashes of complete subtrees are kept: what [`Frontier::push_with`](super::Frontier::push_with) and
/// [`integrate`](crate::audit::sequencer::integrate) gave out, in a map, a table's rows, or tiles.
///
/// No I/O here: a host loads what [`nodes_for_inclusion`](super::nodes_for_inclusion) and its siblings name, in one
/// query, into a map.
pub trait Nodes {
    /// The hash of this node, if it is kept.
    fn node(&self, id: NodeId) -> Option<Hash>;
}

impl<N: Nodes + ?Sized> Nodes for &N {
    fn node(&self, id: NodeId) -> Option<Hash> {
        (**self).node(id)
    }
}

impl Nodes for BTreeMap<NodeId, Hash> {
    fn node(&self, id: NodeId) -> Option<Hash> {
        self.get(&id).copied()
    }
}

/// The complete subtrees that a tree of this size falls into, from the left and largest to the right and smallest:
/// one for each bit that is set (its frontier).
///
/// ```
/// use clausework::audit::tree::frontier_nodes;
///
/// let leaves: Vec<_> = frontier_nodes(300)?.map(|node| node.leaves()).collect();
/// assert_eq!(leaves, [0..256, 256..288, 288..296, 296..300]);
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
///
/// # Errors
/// [`TreeError::TooLarge`] over [`MAX_SIZE`].
pub fn frontier_nodes(size: u64) -> Result<impl Iterator<Item = NodeId>, TreeError> {
    checked_size(size)?;
    Ok((0..=62).rev().filter(move |level| size >> level & 1 == 1).map(move |level| NodeId {
        level,
        // The bit itself is set, so this is the even number before.
        index: (size >> level) ^ 1,
    }))
}

pub(super) const fn checked_size(size: u64) -> Result<(), TreeError> {
    if size > MAX_SIZE { Err(TreeError::TooLarge { size }) } else { Ok(()) }
}

/// What stands beside the way from a node up to the root.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sibling {
    /// A complete subtree.
    Whole(NodeId),
    /// What is left of the tree at its right edge: as many of its smallest frontier nodes, folded.
    Edge(u32),
}

/// The siblings from this node up to the root of a tree of this size: RFC 6962 section 2.1.1, for nodes of any level.
/// The node must be part of the tree.
pub(super) fn siblings(node: NodeId, size: u64) -> impl Iterator<Item = Sibling> {
    let (mut level, mut index) = (node.level, node.index);
    let last = size.saturating_sub(1);
    core::iter::from_fn(move || {
        while last >> level > 0 {
            let (at, sibling) = (level, index ^ 1);
            level = level.wrapping_add(1);
            index >>= 1;
            if sibling < size >> at {
                return Some(Sibling::Whole(NodeId { level: at, index: sibling }));
            }
            let rest = size & !(u64::MAX << at);
            if sibling == size >> at && rest > 0 {
                return Some(Sibling::Edge(rest.count_ones()));
            }
            // The right edge of the tree: nothing beside it at this level.
        }
        None
    })
}
