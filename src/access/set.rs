mod key;
mod sort;
mod sweep;
mod table;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;
use core::net::IpAddr;

use self::sweep::Span;
use self::table::Table;
use super::AddressRange;
use super::range::Ends;
use crate::time::{Now, Timestamp};

/// What an entry says of the addresses in its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: they may come, or they may not")]
pub enum Effect {
    /// They may come.
    Allow,
    /// They may not, whatever else allows them.
    Deny,
}

/// What an [`AddressSet`] has to know of an entry of a list.
///
/// ```
/// use clausework::Timestamp;
/// use clausework::access::{Effect, SetEntry};
///
/// let office = SetEntry::new("198.51.100.0/24".parse()?, Effect::Allow);
/// let visit = SetEntry { valid_until: Timestamp::from_micros(0), ..office };
/// assert_ne!(office, visit);
/// # Ok::<(), clausework::access::RangeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "closed: a range, what it means, and when; notes are the list's")]
pub struct SetEntry {
    /// The addresses.
    pub range: AddressRange,
    /// What is said of them.
    pub effect: Effect,
    /// The first instant at which it is said; `None`: from ever.
    pub valid_from: Option<Timestamp>,
    /// The first instant at which it no longer is (half-open); `None`: for ever.
    pub valid_until: Option<Timestamp>,
}

impl SetEntry {
    /// An entry without a validity window.
    #[must_use]
    pub const fn new(range: AddressRange, effect: Effect) -> Self {
        Self { range, effect, valid_from: None, valid_until: None }
    }

    fn has_window(&self) -> bool {
        self.valid_from.is_some() || self.valid_until.is_some()
    }

    fn is_valid(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_until.is_none_or(|until| at < until)
    }

    /// The next instant at which it begins or ceases to be valid.
    fn changes(&self, after: Timestamp) -> Option<Timestamp> {
        if self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| until <= from) {
            return None; // never valid
        }
        [self.valid_from, self.valid_until].into_iter().flatten().filter(|change| *change > after).min()
    }
}

/// Entries compiled for an instant: one search finds the entry that decides on an address.
///
/// | you want | use |
/// |---|---|
/// | compile | [`build`](AddressSet::build) |
/// | decide on a request | [`check`](AddressSet::check): refuses to answer once an entry's validity begins or ends |
/// | ask what would be decided at the compiled instant | [`find`](AddressSet::find), [`contains`](AddressSet::contains) |
///
/// Of the entries that hold an address, the one that decides is a deny before any allow, then the narrowest (of the
/// fewest addresses), then the one that begins lowest, then the one given first. So the order of the entries and
/// repetitions change neither the verdict nor the deciding range, only which of several equal entries is named.
///
/// A search allocates nothing and cannot fail. It looks into an index of at most 2^17 places and then at few neighbours
/// in one sorted array. A network takes one row of that array, and another if it encloses networks of the set; a range
/// that is no network takes two. A row has 13 bytes of IPv4 and 17 of IPv6, or 25 where a network is longer than /64.
/// All rows of IPv6 have 25 if a range begins or ends within one /64 and goes beyond it. The index has 4 to 8 bytes a row
/// and 512 KiB at most; there is one of IPv4 and one of either sort of row of IPv6.
///
/// ```
/// use clausework::access::{AddressSet, Effect, SetEntry};
/// use clausework::{Now, Timestamp};
///
/// let noon = Timestamp::from_micros(43_200_000_000);
/// let entries = [
///     SetEntry::new("10.0.0.0/8".parse()?, Effect::Allow),
///     SetEntry::new("10.1.0.0/16".parse()?, Effect::Deny),
///     SetEntry { valid_until: noon, ..SetEntry::new("192.0.2.7".parse()?, Effect::Allow) },
/// ];
/// let morning = Now::from(Timestamp::from_micros(0).ok_or("out of range")?);
/// let set = AddressSet::build(&entries, morning)?;
/// assert_eq!(set.check(morning, "10.2.0.1".parse()?)?, Some(0));
/// assert_eq!(set.check(morning, "10.1.2.3".parse()?)?, Some(1)); // the deny decides
/// assert_eq!(set.check(morning, "203.0.113.9".parse()?)?, None); // nobody speaks for it
/// assert!(set.contains("192.0.2.7".parse()?) && !set.contains("10.1.2.3".parse()?));
///
/// let noon = Now::from(noon.ok_or("out of range")?);
/// let stale = set.check(noon, "10.2.0.1".parse()?).unwrap_err(); // whoever it is about
/// assert_eq!(stale.to_string(), "the compiled addresses were valid until 1970-01-01T12:00:00.000000Z");
/// assert_eq!(AddressSet::build(&entries, noon)?.check(noon, "192.0.2.7".parse()?)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AddressSet {
    v4: Table<u32>,
    v6: V6,
    entries: usize,
    valid_until: Option<Timestamp>,
}

/// Nearly all networks of a list are of /64 or shorter, of which the upper half of an address says all.
#[derive(Clone, PartialEq, Eq)]
struct V6 {
    /// Of the entries that begin and end between two /64 networks. A row in which `inner` has an entry is marked.
    upper: Table<u64>,
    /// Of those within one /64 network. If an entry is neither, of all, and `upper` has none.
    inner: Table<u128>,
}

impl V6 {
    fn new(mut upper: Vec<Span<u64>>, mut inner: Vec<Span<u128>>) -> Self {
        if inner.iter().any(|span| span.network().is_none()) {
            inner.extend(upper.drain(..).map(Span::from));
        }
        let mut upper = Table::new(upper);
        inner.iter().for_each(|span| upper.mark(key::upper(span.first)));
        Self { upper, inner: Table::new(inner) }
    }

    #[inline]
    fn find(&self, address: u128) -> Tag {
        let (upper, marked) = self.upper.find_marked(key::upper(address));
        if !marked {
            return upper;
        }
        let inner = self.inner.find(address);
        // One that lies within a /64 network is the narrower one.
        match (upper.effect(), inner.effect()) {
            (_, None) | (Some(Effect::Deny), Some(Effect::Allow)) => upper,
            _ => inner,
        }
    }
}

impl AddressSet {
    /// The most entries: 2^31 - 1, so that an entry and its effect fit in 32 bits.
    pub const MAX_ENTRIES: usize = (Tag::NONE.0 >> 1) as usize;

    /// Compiles the entries that are valid now. They are looked at once: a slice of them will do, or an iterator.
    ///
    /// # Errors
    /// [`SetError`] when there are more than [`MAX_ENTRIES`](Self::MAX_ENTRIES).
    pub fn build<E: Borrow<SetEntry>>(entries: impl IntoIterator<Item = E>, now: Now) -> Result<Self, SetError> {
        let at = now.timestamp();
        let (mut v4, mut upper, mut inner) = (Vec::new(), Vec::new(), Vec::new());
        let (mut count, mut valid_until) = (0_usize, None);
        for entry in entries {
            let entry = entry.borrow();
            let tag = Tag::try_new(count, entry.effect).ok_or(SetError::TooMany)?;
            count = count.saturating_add(1);
            // Of most there is nothing to ask.
            if entry.has_window() {
                valid_until = [valid_until, entry.changes(at)].into_iter().flatten().min();
                if !entry.is_valid(at) {
                    continue;
                }
            }
            match entry.range.ends() {
                Ends::V4(first, last) => v4.push(Span { first: first.to_bits(), last: last.to_bits(), tag }),
                Ends::V6(first, last) => {
                    let span = Span { first: first.to_bits(), last: last.to_bits(), tag };
                    match span.upper() {
                        Some(span) => upper.push(span),
                        None => inner.push(span),
                    }
                }
            }
        }
        Ok(Self { v4: Table::new(v4), v6: V6::new(upper, inner), entries: count, valid_until })
    }

    /// The index of the entry that decides on the address now, or that there is none.
    ///
    /// An instant before the compiled one is answered as that one: a clock that steps back revives no entry.
    ///
    /// # Errors
    /// [`Stale`] from the instant at which an entry begins or ceases to be valid. Compile again.
    pub fn check(&self, now: Now, address: IpAddr) -> Result<Option<usize>, Stale> {
        match self.valid_until {
            Some(since) if now.timestamp() >= since => Err(Stale { since }),
            _ => Ok(self.find(address)),
        }
    }

    /// The index of the entry that decides on the address at the compiled instant. An IPv4-mapped address is IPv4.
    ///
    /// For a request use [`check`](Self::check), which knows what time it is.
    #[must_use]
    #[inline]
    pub fn find(&self, address: IpAddr) -> Option<usize> {
        self.tag(address).index()
    }

    /// Whether an allowing entry decides on the address at the compiled instant.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.tag(address).effect() == Some(Effect::Allow)
    }

    #[inline]
    fn tag(&self, address: IpAddr) -> Tag {
        let address = match address {
            IpAddr::V4(address) => return self.v4.find(address.to_bits()),
            IpAddr::V6(address) => address,
        };
        if let Some(address) = address.to_ipv4_mapped() {
            return self.v4.find(address.to_bits());
        }
        self.v6.find(address.to_bits())
    }

    /// The instant from which it refuses to answer; `None` if it never will.
    #[must_use]
    pub const fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// How many entries it was built from, valid or not.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries
    }

    /// Whether it was built from none: then it finds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries == 0
    }
}

impl fmt::Debug for AddressSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressSet")
            .field("entries", &self.entries)
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

/// The index of an entry, and in the lowest bit whether it denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag(u32);

impl Tag {
    /// No entry.
    const NONE: Self = Self(u32::MAX);

    fn try_new(index: usize, effect: Effect) -> Option<Self> {
        if index >= AddressSet::MAX_ENTRIES {
            return None;
        }
        Some(Self((u32::try_from(index).ok()? << 1) | u32::from(effect == Effect::Deny)))
    }

    fn index(self) -> Option<usize> {
        if self == Self::NONE { None } else { usize::try_from(self.0 >> 1).ok() }
    }

    fn effect(self) -> Option<Effect> {
        match self {
            Self::NONE => None,
            Self(tag) if tag & 1 == 1 => Some(Effect::Deny),
            Self(_) => Some(Effect::Allow),
        }
    }
}

/// Why there is no such set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// More than [`AddressSet::MAX_ENTRIES`].
    #[error("a set has at most {} entries", AddressSet::MAX_ENTRIES)]
    TooMany,
}

/// An entry of the set has begun or ceased to be valid since it was compiled: it answers no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the compiled addresses were valid until {since}")]
pub struct Stale {
    since: Timestamp,
}

impl Stale {
    /// Since when.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }
}
