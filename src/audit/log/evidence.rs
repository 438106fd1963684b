use alloc::vec::Vec;

use crate::audit::bundle::Bundle;
use crate::audit::record::Disclosure;
use crate::audit::tree::Hash;

/// A record as it is stored: its index, the hash of its leaf, and its body unless that was purged.
pub type StoredRow = (u64, Hash, Option<Vec<u8>>);

/// Puts stored rows into a bundle, each with its values. Both sorted by index; a value whose record has no body opens
/// nothing, and is left out.
///
/// A log that does not begin with record 0 needs [`Bundle::begin_after`] as well.
///
/// ```
/// use clausework::audit::{bundle::Bundle, checkpoint::Origin, log::fill, tree::leaf_hash, verify::Values};
///
/// let mut bundle = Bundle::new(Origin::try_new("audit.example.com/acme")?, Values::Shown);
/// let rows = [Ok::<_, &str>((0, leaf_hash(b"a record"), Some(b"a record".to_vec()))), Ok((1, leaf_hash(b"purged"), None))];
/// fill(&mut bundle, [], rows)?;
/// assert_eq!(bundle.records().count(), 1);
/// assert!(fill(&mut bundle, [], [Err("the connection is lost")]).is_err()); // half a bundle is no evidence: drop it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first error of the rows.
pub fn fill<E>(
    bundle: &mut Bundle,
    values: impl IntoIterator<Item = Disclosure>,
    rows: impl IntoIterator<Item = Result<StoredRow, E>>,
) -> Result<(), E> {
    let mut values = values.into_iter().peekable();
    for row in rows {
        let (index, leaf, body) = row?;
        let until = core::iter::from_fn(|| values.next_if(|value| value.index() <= index));
        let own = until.filter(|value| value.index() == index).collect();
        match body {
            Some(bytes) => bundle.add_stored(index, leaf, bytes, own),
            None => bundle.add_purged(index, leaf),
        }
    }
    Ok(())
}
