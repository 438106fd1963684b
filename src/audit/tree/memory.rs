use alloc::vec::Vec;

use super::{Frontier, Hash, NodeId, Nodes, Prover, TreeError, TreeHead, leaf_hash};

/// A tree with all its nodes in memory: 64 bytes a record, records not included.
///
/// For tests, tools and small logs; a host with a database keeps a [`Frontier`] and stores the nodes.
///
/// ```
/// use clausework::audit::tree::{Tree, leaf_hash};
///
/// let mut log = Tree::new();
/// assert_eq!(log.push(b"sign-in")?, 0);
/// assert_eq!(log.push(b"sign-out")?, 1);
/// log.prover()?.inclusion(1)?.verify(&leaf_hash(b"sign-out"), &log.head())?;
/// assert!(log.prover()?.inclusion(2).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tree {
    frontier: Frontier,
    /// The complete nodes of each level, from left to right.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { frontier: Frontier::new(), levels: Vec::new() }
    }

    /// Appends a record and tells its index.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`].
    pub fn push(&mut self, record: &[u8]) -> Result<u64, TreeError> {
        self.push_leaf(leaf_hash(record))
    }

    /// Appends a leaf by its hash and tells its index.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`].
    pub fn push_leaf(&mut self, leaf: Hash) -> Result<u64, TreeError> {
        let index = self.frontier.size();
        let levels = &mut self.levels;
        self.frontier.push_with(leaf, |node, hash| match levels.get_mut(usize::from(node.level())) {
            Some(level) => level.push(hash),
            // A level begins with its first node, one after another.
            None => levels.push(alloc::vec![hash]),
        })?;
        Ok(index)
    }

    /// What is needed to append.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// For proofs towards the present size.
    ///
    /// # Errors
    /// None that occurs: all nodes are here.
    pub fn prover(&self) -> Result<Prover<&Self>, TreeError> {
        Prover::new(self, self.frontier.size())
    }
}

impl Nodes for Tree {
    fn node(&self, id: NodeId) -> Option<Hash> {
        self.levels.get(usize::from(id.level()))?.get(usize::try_from(id.index()).ok()?).copied()
    }
}

impl<R: AsRef<[u8]>> FromIterator<R> for Tree {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Self {
        let mut tree = Self::new();
        for record in records {
            if tree.push(record.as_ref()).is_err() {
                // Beyond 2^63 - 1 records: no memory holds them.
                break;
            }
        }
        tree
    }
}
