use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::audit::tree::{Frontier, Hash};

/// One thing that is sent: a file, a table, a row; its name, its size and its SHA-256.
///
/// ```
/// use clausework::governance::transfer::{Item, ManifestError};
///
/// let item = Item::of("orders.csv", b"1,2")?;
/// assert_eq!((item.name(), item.bytes()), ("orders.csv", 3));
/// assert_eq!(Item::of("", b"").unwrap_err(), ManifestError::Name { found: 0 });
/// # Ok::<(), ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    name: String,
    bytes: u64,
    digest: Hash,
}

impl Item {
    /// The longest name, in bytes.
    pub const MAX_NAME: usize = 1024;

    /// With a digest that was taken while it was sent.
    ///
    /// # Errors
    /// [`ManifestError::Name`] for a name that is empty or over [`MAX_NAME`](Self::MAX_NAME) bytes.
    pub fn try_new(name: &str, bytes: u64, sha256: Hash) -> Result<Self, ManifestError> {
        if name.is_empty() || name.len() > Self::MAX_NAME {
            return Err(ManifestError::Name { found: name.len() });
        }
        Ok(Self { name: name.to_owned(), bytes, digest: sha256 })
    }

    /// Of content that is in memory.
    ///
    /// # Errors
    /// As [`try_new`](Self::try_new).
    pub fn of(name: &str, content: &[u8]) -> Result<Self, ManifestError> {
        let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
        Self::try_new(name, bytes, Hash::new(Sha256::digest(content).into()))
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its size in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What goes into the tree. The name is last and the rest of fixed length, so no two items have the same bytes.
    fn leaf(&self) -> Vec<u8> {
        [self.bytes.to_be_bytes().as_slice(), self.digest.as_bytes(), self.name.as_bytes()].concat()
    }
}

/// What a manifest comes to: equal on both sides exactly if every item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    items: u64,
    bytes: u64,
    root: Hash,
}

impl Summary {
    /// How many items.
    #[must_use]
    pub const fn items(&self) -> u64 {
        self.items
    }

    /// How many bytes in all.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What one side counts, item by item.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    tree: Frontier,
    bytes: u64,
    last: Option<String>,
}

impl Manifest {
    /// Of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of these items.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Result<Self, ManifestError> {
        let mut manifest = Self::new();
        items.into_iter().try_for_each(|item| manifest.push(item)).map(|()| manifest)
    }

    /// Counts one more item.
    ///
    /// # Errors
    /// [`ManifestError::Order`] when its name does not come after the one before (by bytes), so when it is there twice;
    /// [`ManifestError::TooLarge`] when there are more items or bytes than can be counted.
    pub fn push(&mut self, item: &Item) -> Result<(), ManifestError> {
        if self.last.as_ref().is_some_and(|last| *last >= item.name) {
            return Err(ManifestError::Order);
        }
        let bytes = self.bytes.checked_add(item.bytes).ok_or(ManifestError::TooLarge)?;
        self.tree.push(&item.leaf()).map_err(|_| ManifestError::TooLarge)?;
        self.bytes = bytes;
        self.last = Some(item.name.clone());
        Ok(())
    }

    /// What it comes to so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary { items: self.tree.size(), bytes: self.bytes, root: self.tree.root() }
    }
}

/// Why something cannot be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// Empty or too long.
    #[error("a name of {found} bytes is not between 1 and 1024 bytes")]
    Name {
        /// Bytes found.
        found: usize,
    },
    /// Out of order, or there twice.
    #[error("the name of an item does not come after the one before it")]
    Order,
    /// More than can be counted.
    #[error("more items or bytes than can be counted")]
    TooLarge,
}

/// What differs between two sides, by name; of each kind at most [`MAX_NAMES`](Self::MAX_NAMES) are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    missing: Named,
    extra: Named,
    differing: Named,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Named {
    names: Vec<String>,
    count: u64,
}

impl Named {
    fn add(&mut self, item: &Item) {
        self.count = self.count.saturating_add(1);
        if self.names.len() < Comparison::MAX_NAMES {
            self.names.push(item.name.clone());
        }
    }
}

impl Comparison {
    /// How many of a kind are named; the rest are counted.
    pub const MAX_NAMES: usize = 100;

    /// Whether both sides have the same.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.missing.count == 0 && self.extra.count == 0 && self.differing.count == 0
    }

    /// Sent, and not received.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing.names
    }

    /// Received, and not sent.
    #[must_use]
    pub fn extra(&self) -> &[String] {
        &self.extra.names
    }

    /// Received with another size or content than it was sent with.
    #[must_use]
    pub fn differing(&self) -> &[String] {
        &self.differing.names
    }
}

/// What differs, for the operator's eyes: the names are the host's, and are shown escaped.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            return f.write_str("complete");
        }
        let mut before = "";
        for (kind, named) in [("missing", &self.missing), ("extra", &self.extra), ("differing", &self.differing)] {
            if named.count == 0 {
                continue;
            }
            write!(f, "{before}{} {kind}: ", named.count)?;
            for (index, name) in named.names.iter().enumerate() {
                write!(f, "{}{name:?}", if index == 0 { "" } else { ", " })?;
            }
            let unnamed = u64::try_from(named.names.len()).map_or(0, |shown| named.count.saturating_sub(shown));
            if unnamed > 0 {
                write!(f, " and {unnamed} more")?;
            }
            before = "; ";
        }
        Ok(())
    }
}

/// Which items differ between what was sent and what was received; both in the order of their names. It reads each side
/// once and keeps no more of it than the names it tells.
///
/// # Errors
/// [`ManifestError::Order`] when a side is out of order, or has a name twice.
pub fn compare<'a>(
    sent: impl IntoIterator<Item = &'a Item>,
    received: impl IntoIterator<Item = &'a Item>,
) -> Result<Comparison, ManifestError> {
    let (mut sent, mut received) = (sent.into_iter(), received.into_iter());
    let mut found = Comparison::default();
    let (mut left, mut right) = (sent.next(), received.next());
    loop {
        let order = match (left, right) {
            (Some(left), Some(right)) => left.name.cmp(&right.name),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(found),
        };
        match (order, left, right) {
            (Ordering::Less, Some(left), _) => found.missing.add(left),
            (Ordering::Greater, _, Some(right)) => found.extra.add(right),
            (_, Some(left), Some(right)) if left != right => found.differing.add(left),
            _ => {}
        }
        if order.is_le() {
            left = following(left, &mut sent)?;
        }
        if order.is_ge() {
            right = following(right, &mut received)?;
        }
    }
}

fn following<'a>(
    before: Option<&'a Item>,
    items: &mut impl Iterator<Item = &'a Item>,
) -> Result<Option<&'a Item>, ManifestError> {
    let next = items.next();
    match (before, next) {
        (Some(before), Some(next)) if next.name <= before.name => Err(ManifestError::Order),
        _ => Ok(next),
    }
}
