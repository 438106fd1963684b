//! The Merkle tree of RFC 6962 and RFC 9162: what makes a log of records impossible to change unseen.
//!
//! | you want | use |
//! |---|---|
//! | append, and keep as little as possible | [`Frontier`]; [`push_with`](Frontier::push_with) hands out the nodes to be stored |
//! | size and root, what a checkpoint signs | [`TreeHead`] |
//! | show that a record is in the log | [`Prover::inclusion`], [`InclusionProof::verify`] |
//! | show that a log only grew | [`Prover::consistency`], [`ConsistencyProof::verify`] |
//! | show all records of a stretch of time, and that none is missing | [`Prover::range`], [`RangeProof::verify`] |
//! | know which rows to load for a proof | [`nodes_for_inclusion`], [`nodes_for_consistency`], [`nodes_for_range`] |
//! | delete the beginning of a log and keep the rest provable | [`MinimumIndex`] |
//! | keep nodes as C2SP tiles | [`TileId`], [`Tiles`] |
//! | a whole tree in memory: tests, tools, small logs | [`Tree`] |
//!
//! SHA-256, leaves prefixed by a zero byte and nodes by a one byte (RFC 6962 section 2.1), so neither can be passed off
//! as the other, and no leaf is ever doubled. A proof is checked against a [`TreeHead`], and that is worth what its
//! source is worth: take it from a checkpoint whose signature was verified, never from whoever shows the proof.

mod frontier;
mod hash;
mod memory;
mod minimum;
mod node;
mod proof;
mod prover;
mod range;
#[cfg(test)]
mod tests;
mod tile;

use serde::{Deserialize, Serialize};

pub use self::frontier::{Frontier, root_of};
pub use self::hash::{Hash, HashTextError, empty_root, leaf_hash, node_hash};
pub use self::memory::Tree;
pub use self::minimum::MinimumIndex;
pub use self::node::{NodeId, Nodes, frontier_nodes};
pub use self::proof::{ConsistencyProof, InclusionProof, ProofError};
pub use self::prover::{Prover, nodes_for_consistency, nodes_for_inclusion, nodes_for_range};
pub use self::range::RangeProof;
pub use self::tile::{TileId, Tiles, tiles};

/// The largest tree, in leaves: 2^63 − 1, so that a size fits a signed column.
pub const MAX_SIZE: u64 = i64::MAX.unsigned_abs();

/// The longest way from a leaf to the root of the [largest tree](MAX_SIZE), in hashes.
pub const MAX_PATH: usize = 63;

/// How many leaves a tree has and the root over them: what a checkpoint signs and a proof is checked against.
///
/// ```
/// use clausework::audit::tree::{TreeHead, empty_root, leaf_hash};
///
/// let head = TreeHead::new(1, leaf_hash(b"the only record"))?;
/// assert_eq!(head.size(), 1);
/// assert!(TreeHead::new(0, leaf_hash(b"nothing")).is_err()); // a tree without leaves has one root only
/// assert!(TreeHead::new(0, empty_root()).is_ok());
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "HeadParts", deny_unknown_fields)]
pub struct TreeHead {
    size: u64,
    root: Hash,
}

impl TreeHead {
    /// A head as it was signed or stored.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`], and [`TreeError::EmptyRoot`] when a tree without leaves has another root than SHA-256
    /// of nothing.
    pub fn new(size: u64, root: Hash) -> Result<Self, TreeError> {
        node::checked_size(size)?;
        if size == 0 && root != empty_root() {
            return Err(TreeError::EmptyRoot);
        }
        Ok(Self { size, root })
    }

    /// Of a tree without leaves.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: empty_root() }
    }

    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadParts {
    size: u64,
    root: Hash,
}

impl TryFrom<HeadParts> for TreeHead {
    type Error = TreeError;

    fn try_from(HeadParts { size, root }: HeadParts) -> Result<Self, TreeError> {
        Self::new(size, root)
    }
}

/// Why a tree cannot be built, read or proven from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// Over [`MAX_SIZE`].
    #[error("a tree of {size} leaves is larger than 2^63 - 1")]
    TooLarge {
        /// The size asked for.
        size: u64,
    },
    /// A record, or an earlier size, that the tree does not have.
    #[error("{index} is not within a tree of {size} leaves")]
    OutOfRange {
        /// The index or size asked for.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// No stretch of records: its end does not come after its beginning.
    #[error("the range from {start} to {end} has no records")]
    EmptyRange {
        /// First index.
        start: u64,
        /// The index after the last.
        end: u64,
    },
    /// A node that the source does not have: not loaded, or deleted with the beginning of the log.
    #[error("node {index} of level {level} is missing")]
    Missing {
        /// Height above the leaves.
        level: u8,
        /// Position within the level.
        index: u64,
    },
    /// A subtree that does not begin where the tree ends.
    #[error("a subtree that begins at {start} cannot follow {size} leaves")]
    Unaligned {
        /// Leaves of the tree.
        size: u64,
        /// Where the subtree begins.
        start: u64,
    },
    /// Another number of hashes than the sizes demand.
    #[error("{found} hashes where {expected} belong")]
    Hashes {
        /// Hashes found.
        found: usize,
        /// Hashes that there must be.
        expected: usize,
    },
    /// A tree without leaves, and a root that is not SHA-256 of nothing.
    #[error("the root of a tree without leaves is the hash of nothing")]
    EmptyRoot,
    /// Stored bytes of another version.
    #[error("version {found} of a stored tree value, this crate knows {known}")]
    Version {
        /// The version found.
        found: u8,
        /// The version this crate reads.
        known: u8,
    },
    /// Stored bytes that are truncated, too long, or of another kind.
    #[error("{found} bytes that are no tree value of this kind")]
    Malformed {
        /// Bytes found.
        found: usize,
    },
    /// No path of a tile as C2SP tlog-tiles writes it.
    #[error("byte {position} of a tile's path is not as tlog-tiles writes it")]
    TilePath {
        /// Where, in bytes.
        position: usize,
    },
}
