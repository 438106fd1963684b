use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::node::checked_size;
use super::proof::{checked, read, write};
use super::{Frontier, Hash, NodeId, ProofError, TreeError, TreeHead};

const RANGE: u8 = b'r';

/// The most hashes a range proof has: the frontier before it and the subtrees after it.
const MAX_HASHES: usize = 63 + 125;

/// Shows that these are all the records of a stretch of the log, in their order and with none left out: a slice of
/// time for an auditor.
///
/// It holds what lies before the range (the frontier of its start) and after it, folded into subtrees; the range itself
/// is the records. One proof for the whole range, whatever its length.
///
/// ```
/// use clausework::audit::tree::{Tree, leaf_hash};
///
/// let log: Tree = ["sign-in", "read", "export", "sign-out"].into_iter().collect();
/// let proof = log.prover()?.range(1..3)?;
/// proof.verify([b"read".as_slice(), b"export"].map(leaf_hash), &log.head())?;
/// assert!(proof.verify([leaf_hash(b"read")], &log.head()).is_err()); // one is missing
/// assert!(proof.verify([b"export".as_slice(), b"read"].map(leaf_hash), &log.head()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RangeParts")]
pub struct RangeProof {
    start: u64,
    end: u64,
    size: u64,
    before: Vec<Hash>,
    after: Vec<Hash>,
}

impl RangeProof {
    /// From its parts: the frontier of `range.start`, and the hashes of the largest complete subtrees that cover the
    /// rest of the tree, from left to right.
    ///
    /// # Errors
    /// [`TreeError`] for a range that is empty or goes beyond the tree, a tree too large, or another number of hashes.
    pub fn from_parts(range: Range<u64>, size: u64, before: Vec<Hash>, after: Vec<Hash>) -> Result<Self, TreeError> {
        range_start(&range, size)?;
        checked(before.len(), range.start.count_ones() as usize)?;
        checked(after.len(), nodes_after(range.end, size).count())?;
        Ok(Self { start: range.start, end: range.end, size, before, after })
    }

    /// The indices that it covers.
    #[must_use]
    pub const fn records(&self) -> Range<u64> {
        self.start..self.end
    }

    /// The size of the tree it leads to.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of what lies before the range.
    #[must_use]
    pub fn before(&self) -> &[Hash] {
        &self.before
    }

    /// The hashes of what lies after the range.
    #[must_use]
    pub fn after(&self) -> &[Hash] {
        &self.after
    }

    /// Whether these leaves are exactly the range, in order. They are taken one at a time: the state is a [`Frontier`].
    ///
    /// # Errors
    /// [`ProofError`] if not.
    pub fn verify(&self, leaves: impl IntoIterator<Item = Hash>, head: &TreeHead) -> Result<(), ProofError> {
        if self.size != head.size() {
            return Err(ProofError::Size { proof: self.size, head: head.size() });
        }
        let (expected, mut found) = (self.end.saturating_sub(self.start), 0_u64);
        let mut tree = Frontier::from_parts(self.start, self.before.clone()).map_err(|_| ProofError::Path)?;
        for leaf in leaves {
            found = found.saturating_add(1);
            if found > expected {
                break;
            }
            tree.push_with(leaf, |_, _| {}).map_err(|_| ProofError::Path)?;
        }
        if found != expected {
            return Err(ProofError::Records { found, expected });
        }
        for (node, hash) in nodes_after(self.end, self.size).zip(&self.after) {
            tree.push_node(node, *hash).map_err(|_| ProofError::Path)?;
        }
        if tree.head() == *head { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Version, kind, start, end and size (8 bytes each, the highest first), hashes before and after.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(RANGE, &[self.start, self.end, self.size], [&self.before, &self.after])
    }

    /// Reads exactly what [`to_bytes`](RangeProof::to_bytes) writes.
    ///
    /// # Errors
    /// [`TreeError`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TreeError> {
        let ([start, end, size], mut before) = read(RANGE, bytes, MAX_HASHES)?;
        let at = start.count_ones() as usize;
        if before.len() < at {
            return Err(TreeError::Hashes { found: before.len(), expected: at });
        }
        let after = before.split_off(at);
        Self::from_parts(start..end, size, before, after)
    }
}

/// Whether the range has records and lies within the tree.
pub(super) const fn range_start(range: &Range<u64>, size: u64) -> Result<(), TreeError> {
    match checked_size(size) {
        Ok(()) if range.start >= range.end => Err(TreeError::EmptyRange { start: range.start, end: range.end }),
        Ok(()) if range.end > size => Err(TreeError::OutOfRange { index: range.end, size }),
        other => other,
    }
}

/// The largest complete subtrees that cover a tree from this leaf to its end, from left to right.
pub(super) fn nodes_after(from: u64, size: u64) -> impl Iterator<Item = NodeId> {
    let mut at = from;
    core::iter::from_fn(move || {
        let rest = size.checked_sub(at).filter(|rest| *rest > 0)?;
        let level = at.trailing_zeros().min(rest.ilog2());
        let node = NodeId::new(u8::try_from(level).ok()?, at >> level)?;
        at = node.leaves().end;
        Some(node)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RangeParts {
    start: u64,
    end: u64,
    size: u64,
    before: Vec<Hash>,
    after: Vec<Hash>,
}

impl TryFrom<RangeParts> for RangeProof {
    type Error = TreeError;

    fn try_from(RangeParts { start, end, size, before, after }: RangeParts) -> Result<Self, TreeError> {
        Self::from_parts(start..end, size, before, after)
    }
}
