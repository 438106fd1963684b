use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::node::{checked_size, siblings};
use super::{Hash, MAX_PATH, NodeId, TreeError, TreeHead, node_hash};

/// The version of the bytes of every kind of proof.
const VERSION: u8 = 1;
const INCLUSION: u8 = b'i';
const CONSISTENCY: u8 = b'c';

/// Shows that a record is in a log at this index: the hashes beside the way from its leaf to the root.
///
/// At most 63 hashes: 20 (640 bytes) for a million records, 27 for 80 million. Both stored forms, bytes and serde, are
/// read strictly: the number of hashes follows from index and size, and no other is accepted.
///
/// ```
/// use clausework::audit::tree::{Tree, leaf_hash};
///
/// let log: Tree = ["sign-in", "export", "sign-out"].into_iter().collect();
/// let proof = log.prover()?.inclusion(1)?;
/// proof.verify(&leaf_hash(b"export"), &log.head())?;
/// assert!(proof.verify(&leaf_hash(b"exp0rt"), &log.head()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "InclusionParts")]
pub struct InclusionProof {
    index: u64,
    size: u64,
    path: Vec<Hash>,
}

impl InclusionProof {
    /// From its parts: the path goes from the leaf's sibling to the root's child (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// [`TreeError`] for an index outside the tree, a tree too large, or another number of hashes.
    pub fn from_parts(index: u64, size: u64, path: Vec<Hash>) -> Result<Self, TreeError> {
        checked(path.len(), inclusion_length(index, size)?)?;
        Ok(Self { index, size, path })
    }

    /// The record's index, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The size of the tree it leads to.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes, from the leaf's sibling to the root's child.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Whether it leads from this leaf to this head (RFC 9162 section 2.1.3.2).
    ///
    /// # Errors
    /// [`ProofError`] if not.
    pub fn verify(&self, leaf: &Hash, head: &TreeHead) -> Result<(), ProofError> {
        if self.size != head.size() {
            return Err(ProofError::Size { proof: self.size, head: head.size() });
        }
        let root = inclusion_root(*leaf, self.index, self.size, &self.path).ok_or(ProofError::Path)?;
        if root == head.root() { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Version, kind, index and size (8 bytes each, the highest first), hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(INCLUSION, &[self.index, self.size], [&self.path, &[]])
    }

    /// Reads exactly what [`to_bytes`](InclusionProof::to_bytes) writes.
    ///
    /// # Errors
    /// [`TreeError`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TreeError> {
        let ([index, size], path) = read(INCLUSION, bytes, MAX_PATH)?;
        Self::from_parts(index, size, path)
    }
}

/// Shows that a log of one size is the beginning of the log of another: nothing was changed, only appended.
///
/// ```
/// use clausework::audit::tree::Tree;
///
/// let mut log: Tree = ["sign-in", "export"].into_iter().collect();
/// let yesterday = log.head();
/// log.push(b"sign-out")?;
/// let proof = log.prover()?.consistency(2)?;
/// proof.verify(&yesterday, &log.head())?;
///
/// let forged: Tree = ["sign-in", "import", "sign-out"].into_iter().collect();
/// assert!(forged.prover()?.consistency(2)?.verify(&yesterday, &forged.head()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ConsistencyParts")]
pub struct ConsistencyProof {
    from: u64,
    to: u64,
    path: Vec<Hash>,
}

impl ConsistencyProof {
    /// From its parts, as RFC 6962 section 2.1.2 defines the path; empty when both sizes are the same or the first is 0.
    ///
    /// # Errors
    /// [`TreeError`] for a first size over the second, a tree too large, or another number of hashes.
    pub fn from_parts(from: u64, to: u64, path: Vec<Hash>) -> Result<Self, TreeError> {
        checked(path.len(), consistency_length(from, to)?)?;
        Ok(Self { from, to, path })
    }

    /// The earlier size.
    #[must_use]
    pub const fn from(&self) -> u64 {
        self.from
    }

    /// The later size.
    #[must_use]
    pub const fn to(&self) -> u64 {
        self.to
    }

    /// The hashes.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Whether the first head is of the beginning of the second (RFC 9162 section 2.1.4.2).
    ///
    /// # Errors
    /// [`ProofError`] if not.
    pub fn verify(&self, earlier: &TreeHead, later: &TreeHead) -> Result<(), ProofError> {
        for (proof, head) in [(self.from, earlier.size()), (self.to, later.size())] {
            if proof != head {
                return Err(ProofError::Size { proof, head });
            }
        }
        if self.from == self.to || self.from == 0 {
            // A head of size 0 has the one root there is: see TreeHead::new.
            let holds = self.from == 0 && self.to > 0 || earlier.root() == later.root();
            return match holds && self.path.is_empty() {
                true => Ok(()),
                false => Err(ProofError::Root),
            };
        }
        let (first, second) =
            consistency_roots(earlier.root(), self.from, self.to, &self.path).ok_or(ProofError::Path)?;
        if first == earlier.root() && second == later.root() { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Version, kind, both sizes (8 bytes each, the highest first), hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(CONSISTENCY, &[self.from, self.to], [&self.path, &[]])
    }

    /// Reads exactly what [`to_bytes`](ConsistencyProof::to_bytes) writes.
    ///
    /// # Errors
    /// [`TreeError`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TreeError> {
        let ([from, to], path) = read(CONSISTENCY, bytes, MAX_PATH.saturating_add(1))?;
        Self::from_parts(from, to, path)
    }
}

/// The root that a path leads to; `None` when it is too short or too long. RFC 9162 section 2.1.3.2, its steps in order.
pub(super) fn inclusion_root(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut root) = (index, size.checked_sub(1)?, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = node_hash(sibling, &root);
            if at & 1 == 0 {
                let up = at.trailing_zeros().min(63);
                at >>= up;
                last >>= up;
            }
        } else {
            root = node_hash(&root, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// Both roots that a path leads to; `None` when it is too short or too long. RFC 9162 section 2.1.4.2, for
/// 0 < `from` < `to`.
fn consistency_roots(earlier: Hash, from: u64, to: u64, path: &[Hash]) -> Option<(Hash, Hash)> {
    let (mut at, mut last) = (from.checked_sub(1)?, to.checked_sub(1)?);
    let up = at.trailing_ones();
    at >>= up;
    last >>= up;
    // An earlier tree that is one subtree of the later is not repeated in the path.
    let (start, rest) = match from.is_power_of_two() {
        true => (earlier, path),
        false => path.split_first().map(|(start, rest)| (*start, rest))?,
    };
    let (mut first, mut second) = (start, start);
    for hash in rest {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            first = node_hash(hash, &first);
            second = node_hash(hash, &second);
            if at & 1 == 0 {
                let up = at.trailing_zeros().min(63);
                at >>= up;
                last >>= up;
            }
        } else {
            second = node_hash(&second, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((first, second))
}

/// The node that the path of a consistency proof begins at, and whether it is part of the path; `None` for an empty path.
pub(super) fn consistency_start(from: u64, to: u64) -> Result<Option<(NodeId, bool)>, TreeError> {
    checked_size(to)?;
    if from > to {
        return Err(TreeError::OutOfRange { index: from, size: to });
    }
    if from == 0 || from == to {
        return Ok(None);
    }
    // The smallest of the earlier tree's frontier nodes: the one that ends where it ends.
    let level = from.trailing_zeros();
    let node = u8::try_from(level).ok().and_then(|level| NodeId::new(level, (from >> level) ^ 1));
    Ok(node.map(|node| (node, !from.is_power_of_two())))
}

pub(super) fn inclusion_start(index: u64, size: u64) -> Result<NodeId, TreeError> {
    checked_size(size)?;
    NodeId::leaf(index).filter(|_| index < size).ok_or(TreeError::OutOfRange { index, size })
}

fn inclusion_length(index: u64, size: u64) -> Result<usize, TreeError> {
    Ok(siblings(inclusion_start(index, size)?, size).count())
}

fn consistency_length(from: u64, to: u64) -> Result<usize, TreeError> {
    Ok(consistency_start(from, to)?
        .map_or(0, |(node, shown)| siblings(node, to).count().saturating_add(usize::from(shown))))
}

pub(super) const fn checked(found: usize, expected: usize) -> Result<(), TreeError> {
    if found == expected { Ok(()) } else { Err(TreeError::Hashes { found, expected }) }
}

/// Version, kind, numbers, hashes.
pub(super) fn write(kind: u8, numbers: &[u64], hashes: [&[Hash]; 2]) -> Vec<u8> {
    let hashes = hashes.into_iter().flatten();
    let length = hashes.clone().count().saturating_mul(Hash::BYTES).saturating_add(26);
    let mut bytes = Vec::with_capacity(length);
    bytes.extend_from_slice(&[VERSION, kind]);
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_be_bytes()));
    hashes.for_each(|hash| bytes.extend_from_slice(hash.as_bytes()));
    bytes
}

/// The numbers and hashes; no more hashes than `most`, so that nothing large is built before it is looked at.
pub(super) fn read<const N: usize>(kind: u8, bytes: &[u8], most: usize) -> Result<([u64; N], Vec<Hash>), TreeError> {
    let malformed = TreeError::Malformed { found: bytes.len() };
    let ([version, found], mut rest) = bytes.split_first_chunk::<2>().ok_or(malformed)?;
    if *version != VERSION {
        return Err(TreeError::Version { found: *version, known: VERSION });
    }
    if *found != kind {
        return Err(malformed);
    }
    let mut numbers = [0; N];
    for number in &mut numbers {
        let (first, others) = rest.split_first_chunk::<8>().ok_or(malformed)?;
        *number = u64::from_be_bytes(*first);
        rest = others;
    }
    let (hashes, []) = rest.as_chunks::<{ Hash::BYTES }>() else { return Err(malformed) };
    if hashes.len() > most {
        return Err(TreeError::Hashes { found: hashes.len(), expected: most });
    }
    Ok((numbers, hashes.iter().copied().map(Hash::new).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InclusionParts {
    index: u64,
    size: u64,
    path: Vec<Hash>,
}

impl TryFrom<InclusionParts> for InclusionProof {
    type Error = TreeError;

    fn try_from(InclusionParts { index, size, path }: InclusionParts) -> Result<Self, TreeError> {
        Self::from_parts(index, size, path)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsistencyParts {
    from: u64,
    to: u64,
    path: Vec<Hash>,
}

impl TryFrom<ConsistencyParts> for ConsistencyProof {
    type Error = TreeError;

    fn try_from(ConsistencyParts { from, to, path }: ConsistencyParts) -> Result<Self, TreeError> {
        Self::from_parts(from, to, path)
    }
}

/// Why a proof proves nothing. It never says that a log was changed: only that this proof does not show the contrary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The proof is of a tree of another size than the head it is checked against.
    #[error("the proof is for a tree of {proof} leaves, the head is of {head}")]
    Size {
        /// Leaves of the tree it was made for.
        proof: u64,
        /// Leaves of the head.
        head: u64,
    },
    /// Too few or too many hashes for index and size.
    #[error("the proof has too few or too many hashes")]
    Path,
    /// Another number of records than the range has.
    #[error("the range has {expected} records, not {found}")]
    Records {
        /// Records handed in; at most one more than there should be.
        found: u64,
        /// Records of the range.
        expected: u64,
    },
    /// It leads to another root: the record, its place, the proof or the head is not what it should be.
    #[error("the proof leads to another root")]
    Root,
}
