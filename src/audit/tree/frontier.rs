use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Hash, MAX_SIZE, NodeId, TreeError, TreeHead, empty_root, frontier_nodes, leaf_hash, node_hash};

/// All that has to be kept of a tree to append to it: one hash for each bit that is set in its size, at most 63.
///
/// An append costs the hash of the leaf and, on average, of one node. Its stored forms, [bytes](Frontier::to_bytes)
/// and serde, carry a version and are read strictly.
///
/// ```
/// use clausework::audit::tree::{Frontier, root_of};
///
/// let mut log = Frontier::new();
/// log.extend_from([b"sign-in".as_slice(), b"export"])?;
/// log.push(b"sign-out")?;
/// assert_eq!((log.size(), log.hashes().len()), (3, 2));
/// assert_eq!(log.root(), root_of([b"sign-in".as_slice(), b"export", b"sign-out"]));
/// assert_ne!(log.root(), root_of([b"export".as_slice(), b"sign-in", b"sign-out"]));
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Frontier {
    size: u64,
    /// The largest subtree first.
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The version of its stored forms.
    pub const VERSION: u8 = 1;

    /// Of a tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, hashes: Vec::new() }
    }

    /// From a size and the hashes of its [frontier nodes](frontier_nodes), the largest first.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`], and [`TreeError::Hashes`] for another number of hashes than the size has bits.
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Self, TreeError> {
        super::node::checked_size(size)?;
        let expected = size.count_ones() as usize;
        if hashes.len() != expected {
            return Err(TreeError::Hashes { found: hashes.len(), expected });
        }
        Ok(Self { size, hashes })
    }

    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes, the largest subtree first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The hashes with the subtrees they are of: what [must be kept](super::MinimumIndex) of what is before this size.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Hash)> {
        // INVARIANT: the size was checked, so there are as many nodes as hashes.
        frontier_nodes(self.size).into_iter().flatten().zip(self.hashes.iter().copied())
    }

    /// Appends a record and tells the hash of its leaf.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`] when the tree is full; nothing is appended.
    pub fn push(&mut self, record: &[u8]) -> Result<Hash, TreeError> {
        let leaf = leaf_hash(record);
        self.push_with(leaf, |_, _| {})?;
        Ok(leaf)
    }

    /// Appends a leaf by its hash, and hands out every node that it completes, itself first: what is to be stored.
    ///
    /// # Errors
    /// As [`push`](Frontier::push).
    pub fn push_with(&mut self, leaf: Hash, mut store: impl FnMut(NodeId, Hash)) -> Result<(), TreeError> {
        let Some(mut node) = NodeId::leaf(self.size) else {
            return Err(TreeError::TooLarge { size: self.size.saturating_add(1) });
        };
        store(node, leaf);
        let mut hash = leaf;
        // As in adding one to a binary number: every bit that is set is carried over.
        while let Some(parent) = parent_completed(node) {
            let Some(left) = self.hashes.pop() else { break };
            hash = node_hash(&left, &hash);
            node = parent;
            store(node, hash);
        }
        self.hashes.push(hash);
        self.size = self.size.saturating_add(1);
        Ok(())
    }

    /// Appends a complete subtree by its hash.
    ///
    /// # Errors
    /// [`TreeError::Unaligned`] when it does not begin where the tree ends, [`TreeError::TooLarge`] when it goes
    /// beyond [`MAX_SIZE`]; nothing is appended.
    pub fn push_node(&mut self, node: NodeId, hash: Hash) -> Result<(), TreeError> {
        let leaves = node.leaves();
        if leaves.start != self.size {
            return Err(TreeError::Unaligned { size: self.size, start: leaves.start });
        }
        let (mut node, mut hash) = (node, hash);
        while let Some(parent) = parent_completed(node) {
            let Some(left) = self.hashes.pop() else { break };
            hash = node_hash(&left, &hash);
            node = parent;
        }
        self.hashes.push(hash);
        self.size = leaves.end;
        Ok(())
    }

    /// Appends records in order, and tells how many.
    ///
    /// # Errors
    /// As [`push`](Frontier::push); those before it are appended.
    pub fn extend_from<R: AsRef<[u8]>>(&mut self, records: impl IntoIterator<Item = R>) -> Result<u64, TreeError> {
        let before = self.size;
        for record in records {
            self.push(record.as_ref())?;
        }
        Ok(self.size.saturating_sub(before))
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let folded = self.hashes.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        folded.unwrap_or_else(empty_root)
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// The stored form: version, size (8 bytes, the highest first), hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.hashes.len().saturating_mul(Hash::BYTES).saturating_add(9));
        bytes.push(Self::VERSION);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        self.hashes.iter().for_each(|hash| bytes.extend_from_slice(hash.as_bytes()));
        bytes
    }

    /// Reads exactly what [`to_bytes`](Frontier::to_bytes) writes.
    ///
    /// # Errors
    /// [`TreeError::Version`], [`TreeError::Malformed`], or as [`from_parts`](Frontier::from_parts).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TreeError> {
        let (version, rest) = bytes.split_first().ok_or(TreeError::Malformed { found: 0 })?;
        if *version != Self::VERSION {
            return Err(TreeError::Version { found: *version, known: Self::VERSION });
        }
        let malformed = TreeError::Malformed { found: bytes.len() };
        let (size, hashes) = rest.split_first_chunk::<8>().ok_or(malformed)?;
        let (hashes, []) = hashes.as_chunks::<{ Hash::BYTES }>() else { return Err(malformed) };
        let size = u64::from_be_bytes(*size);
        let expected = size.count_ones() as usize;
        if hashes.len() != expected {
            return Err(TreeError::Hashes { found: hashes.len(), expected });
        }
        Self::from_parts(size, hashes.iter().copied().map(Hash::new).collect())
    }
}

/// The parent that this node completes: it has one when it is a right child.
const fn parent_completed(node: NodeId) -> Option<NodeId> {
    if node.index() & 1 == 1 { NodeId::new(node.level().wrapping_add(1), node.index() >> 1) } else { None }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u8,
    size: u64,
    hashes: Vec<Hash>,
}

impl From<Frontier> for Stored {
    fn from(Frontier { size, hashes }: Frontier) -> Self {
        Self { v: Frontier::VERSION, size, hashes }
    }
}

impl TryFrom<Stored> for Frontier {
    type Error = TreeError;

    fn try_from(Stored { v, size, hashes }: Stored) -> Result<Self, TreeError> {
        if v != Self::VERSION {
            return Err(TreeError::Version { found: v, known: Self::VERSION });
        }
        Self::from_parts(size, hashes)
    }
}

/// The root over records in order: for comparing with other implementations.
///
/// Stops at [`MAX_SIZE`], which no iterator reaches.
///
/// ```
/// use clausework::audit::tree::{empty_root, leaf_hash, root_of};
///
/// assert_eq!(root_of([] as [&[u8]; 0]), empty_root());
/// assert_eq!(root_of([b"alone"]), leaf_hash(b"alone"));
/// ```
#[must_use]
pub fn root_of<R: AsRef<[u8]>>(records: impl IntoIterator<Item = R>) -> Hash {
    let mut frontier = Frontier::new();
    for record in records.into_iter().take(usize::try_from(MAX_SIZE).unwrap_or(usize::MAX)) {
        if frontier.push(record.as_ref()).is_err() {
            break;
        }
    }
    frontier.root()
}
