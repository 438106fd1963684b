use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use super::node::checked_size;
use super::{Hash, MAX_SIZE, NodeId, Nodes, TreeError, node_hash};

/// Hashes in a full tile: 8 levels of the tree.
const WIDTH: u64 = 256;

/// The highest tile of the largest tree.
const MAX_LEVEL: u8 = 7;

/// A tile of C2SP tlog-tiles: up to 256 hashes of every eighth level of the tree, side by side. A way of storing nodes
/// at 32.1 bytes a record in place of 64.
///
/// Its text is its path.
///
/// ```
/// use clausework::audit::tree::TileId;
///
/// let tile: TileId = "tile/0/x001/x234/067".parse()?;
/// assert_eq!(tile.index(), 1_234_067);
/// assert_eq!(TileId::new(0, 273, 112)?.to_string(), "tile/0/273.p/112");
/// assert!("tile/0/0273".parse::<TileId>().is_err());
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// The tile of this level (0 to 7) and index with so many hashes (1 to 256).
    ///
    /// # Errors
    /// [`TreeError::TooLarge`] beyond the [largest tree](MAX_SIZE), [`TreeError::Hashes`] for no width.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TreeError> {
        if width == 0 || u64::from(width) > WIDTH {
            return Err(TreeError::Hashes { found: width.into(), expected: 256 });
        }
        let tile = Self { level, index, width };
        tile.checked_leaves().map(|_| tile).ok_or(TreeError::TooLarge { size: u64::MAX })
    }

    /// The level: its hashes are nodes of level 8 × this.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.level
    }

    /// The position within the level, from 0 at the left.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many hashes it has, 1 to 256.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it has 256.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == 256
    }

    /// The records under the hashes that it has: its start index and, if it is full, its end index.
    #[must_use]
    pub fn leaves(self) -> Range<u64> {
        // INVARIANT: checked when it was made.
        self.checked_leaves().unwrap_or_default()
    }

    fn checked_leaves(self) -> Option<Range<u64>> {
        if self.level > MAX_LEVEL {
            return None;
        }
        let height = u32::from(self.level).checked_mul(8)?;
        let first = self.index.checked_mul(WIDTH)?;
        let end = first.checked_add(self.width.into())?;
        if end > MAX_SIZE >> height { None } else { Some(first << height..end << height) }
    }
}

/// `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, all but the last after an `x`.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        let groups = {
            let mut groups = Vec::new();
            let mut rest = self.index;
            while rest >= 1000 {
                groups.push(rest % 1000);
                rest /= 1000;
            }
            groups.push(rest);
            groups
        };
        for (left, group) in (0..groups.len()).rev().zip(groups.iter().rev()) {
            if left == 0 { write!(f, "{group:03}")? } else { write!(f, "x{group:03}/")? }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// Reads exactly what `Display` writes.
impl FromStr for TileId {
    type Err = TreeError;

    fn from_str(path: &str) -> Result<Self, TreeError> {
        let wrong = || TreeError::TilePath { position: 0 };
        let (level, rest) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or_else(wrong)?;
        let (index, width) = rest.split_once(".p/").map_or((rest, "256"), |(index, width)| (index, width));
        let digits: String = index.chars().filter(char::is_ascii_digit).collect();
        let number = |digits: &str| digits.parse::<u64>().map_err(|_| wrong());
        let small = |digits: &str| number(digits).and_then(|number| u16::try_from(number).map_err(|_| wrong()));
        let level = u8::try_from(small(level)?).map_err(|_| wrong())?;
        let tile = Self::new(level, number(&digits)?, small(width)?)?;
        // Canonical means: as it would be written.
        let written = alloc::format!("{tile}");
        if written == path {
            return Ok(tile);
        }
        let position = written.bytes().zip(path.bytes()).take_while(|(mine, theirs)| mine == theirs).count();
        Err(TreeError::TilePath { position })
    }
}

/// The tiles of a tree of this size: level by level, the full ones of each from left to right, then its partial one.
///
/// ```
/// let paths: Vec<_> = clausework::audit::tree::tiles(256)?.map(|tile| tile.to_string()).collect();
/// assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
///
/// # Errors
/// [`TreeError::TooLarge`].
pub fn tiles(size: u64) -> Result<impl Iterator<Item = TileId>, TreeError> {
    checked_size(size)?;
    Ok((0..=MAX_LEVEL).flat_map(move |level| {
        let hashes = size >> u32::from(level).saturating_mul(8);
        let full = hashes / WIDTH;
        let full_tiles = (0..full).map(move |index| TileId { level, index, width: 256 });
        let rest = u16::try_from(hashes % WIDTH).ok().filter(|width| *width > 0);
        full_tiles.chain(rest.map(|width| TileId { level, index: full, width }))
    }))
}

/// Tiles that were loaded, as a source of [`Nodes`]: the levels between are hashed when asked for.
///
/// ```
/// use clausework::audit::tree::{Frontier, Prover, TileId, Tiles, leaf_hash};
///
/// let leaves = [b"a", b"b", b"c"].map(|record| leaf_hash(record));
/// let mut tiles = Tiles::new();
/// tiles.insert(TileId::new(0, 0, 3)?, &leaves.concat_bytes())?;
/// let log = Prover::new(&tiles, 3)?;
/// log.inclusion(2)?.verify(&leaves[2], &log.head())?;
/// assert!(tiles.insert(TileId::new(0, 0, 3)?, b"too short").is_err());
///
/// # trait Concat { fn concat_bytes(&self) -> Vec<u8>; }
/// # impl Concat for [clausework::audit::tree::Hash; 3] {
/// #     fn concat_bytes(&self) -> Vec<u8> { self.iter().flat_map(|hash| *hash.as_bytes()).collect() }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles {
    /// Without tiles.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a tile from its bytes; a wider one replaces a narrower.
    ///
    /// # Errors
    /// [`TreeError::Malformed`] when there are not 32 bytes for each of its hashes.
    pub fn insert(&mut self, tile: TileId, bytes: &[u8]) -> Result<(), TreeError> {
        let malformed = TreeError::Malformed { found: bytes.len() };
        let (hashes, []) = bytes.as_chunks::<{ Hash::BYTES }>() else { return Err(malformed) };
        if hashes.len() != usize::from(tile.width) {
            return Err(malformed);
        }
        let kept = self.0.entry((tile.level, tile.index)).or_default();
        if kept.len() < hashes.len() {
            *kept = hashes.iter().copied().map(Hash::new).collect();
        }
        Ok(())
    }
}

impl Nodes for Tiles {
    fn node(&self, id: NodeId) -> Option<Hash> {
        let (level, height) = (id.level() / 8, u32::from(id.level() % 8));
        // At most 128 hashes of one tile: a node spans no boundary.
        let first = id.index() << height;
        let tile = self.0.get(&(level, first / WIDTH))?;
        let start = usize::try_from(first % WIDTH).ok()?;
        let mut hashes = tile.get(start..start.checked_add(1 << height)?)?.to_vec();
        while hashes.len() > 1 {
            hashes = hashes.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        hashes.first().copied()
    }
}
