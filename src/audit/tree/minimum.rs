use super::{NodeId, TileId, TreeError, frontier_nodes};

/// The lowest index that a log still has, after its beginning was deleted (prefix collapse; "minimum index" in C2SP
/// tlog-tiles, section Pruning).
///
/// Of everything before it, popcount(minimum) hashes are kept: the [frontier nodes](frontier_nodes) of that size. The
/// tree stays what it is: every proof issued earlier remains valid, and these can still be made:
///
/// | proof | can be made |
/// |---|---|
/// | inclusion of a record | if its index is at or after the minimum |
/// | consistency of two sizes, the root of a size | if no size is below the minimum |
/// | a range of records | if it starts at or after the minimum |
///
/// It says what *may* go, not whether it is lawful to delete it.
///
/// ```
/// use clausework::audit::tree::{MinimumIndex, NodeId};
///
/// let minimum = MinimumIndex::new(300, 1000)?;
/// assert_eq!(minimum.kept().count(), 4);
/// assert!(minimum.is_prunable(NodeId::leaf(299).ok_or("index")?));
/// assert!(!minimum.is_prunable(NodeId::leaf(300).ok_or("index")?));
/// assert!(!minimum.is_prunable(NodeId::new(8, 0).ok_or("index")?)); // records 0 to 255, folded
/// assert!(minimum.proves_record(300) && !minimum.proves_record(299));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinimumIndex(u64);

impl MinimumIndex {
    /// A minimum for a log of this size.
    ///
    /// # Errors
    /// [`TreeError::OutOfRange`] when it is over the size, [`TreeError::TooLarge`].
    pub const fn new(minimum: u64, size: u64) -> Result<Self, TreeError> {
        match super::node::checked_size(size) {
            Ok(()) if minimum > size => Err(TreeError::OutOfRange { index: minimum, size }),
            Ok(()) => Ok(Self(minimum)),
            Err(error) => Err(error),
        }
    }

    /// The index.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.0
    }

    /// The nodes before the minimum that must be kept.
    pub fn kept(self) -> impl Iterator<Item = NodeId> {
        // INVARIANT: no larger than a size that was checked.
        frontier_nodes(self.0).into_iter().flatten()
    }

    /// Whether the hash of this node may be deleted: it ends at or before the minimum and is not kept.
    #[must_use]
    pub fn is_prunable(self, node: NodeId) -> bool {
        node.leaves().end <= self.0 && !self.kept().any(|kept| kept == node)
    }

    /// Whether this tile may be deleted: it is full and ends at or before the minimum (tlog-tiles, Pruning). What
    /// [must be kept](MinimumIndex::kept) then has to be kept apart from the tiles.
    #[must_use]
    pub fn is_tile_prunable(self, tile: TileId) -> bool {
        tile.is_full() && tile.leaves().end <= self.0
    }

    /// Whether a record's inclusion, in any tree that has it, can still be shown anew.
    #[must_use]
    pub const fn proves_record(self, index: u64) -> bool {
        index >= self.0
    }

    /// Whether the root of this size can still be computed, and its consistency with any other such size be shown.
    #[must_use]
    pub const fn proves_size(self, size: u64) -> bool {
        size >= self.0
    }
}
