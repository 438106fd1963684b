use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use serde::Serialize;

use super::compiled::Compiled;
use super::entry::ListEntry;
use super::{AddressRange, ListDecision};
use crate::id::OpaqueId;
use crate::store::{Key, KeyId, Record};
use crate::time::Now;

/// Whom a list binds. Every list that binds a request must let it in.
///
/// ```
/// use clausework::access::ListOwner;
/// use clausework::id::OpaqueId;
///
/// let admins = ListOwner::Role(OpaqueId::try_new("admin")?);
/// assert_eq!(admins.to_string(), "role admin");
/// assert_eq!(ListOwner::default(), ListOwner::Tenant);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ListOwner {
    /// Everybody of the tenant, and every token.
    #[default]
    Tenant,
    /// Whoever has this role.
    Role(OpaqueId),
    /// Whoever shows, or is given, a token of this kind: an API key, say.
    Token(OpaqueId),
}

impl ListOwner {
    /// Which sort of owner, as events name it: `tenant`, `role` or `token`.
    #[must_use]
    pub const fn sort(&self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Role(_) => "role",
            Self::Token(_) => "token",
        }
    }

    /// The role or the kind of token.
    #[must_use]
    pub const fn id(&self) -> Option<&OpaqueId> {
        match self {
            Self::Tenant => None,
            Self::Role(id) | Self::Token(id) => Some(id),
        }
    }
}

impl fmt::Display for ListOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            None => f.write_str(self.sort()),
            Some(id) => write!(f, "{} {id}", self.sort()),
        }
    }
}

/// Whether a list is in use. Off and empty are different things: off lets everyone in, on and empty nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: in use or not")]
pub enum ListMode {
    /// In use: an address passes if an entry allows it and none denies it.
    #[default]
    On,
    /// Not in use: every address passes. The entries are kept.
    Off,
}

/// The allowed and denied addresses of a tenant, a role or a kind of token (E-5.7), in one version.
///
/// A deny wins over every allow, whatever the order and however narrow the allow; an address that no entry
/// covers is refused. So is every address of a family that no entry allows: a list of IPv4 entries alone refuses all of
/// IPv6. The version rises by one with each [`Proposal`](super::Proposal) that is applied, and by nothing else.
///
/// As JSON, here with everything an entry can have; an entry that is only allowed is its bare text:
///
/// ```
/// use clausework::access::{IpList, ListDecision};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let list: IpList = serde_json::from_str(r#"{
///     "of": "tenant",
///     "mode": "on",
///     "version": 3,
///     "entries": [
///         "198.51.100.0/24",
///         { "range": "198.51.100.64/26", "effect": "deny", "note": "guest network" },
///         { "range": "2001:db8:7::/48", "author": { "user": "u-1" },
///           "valid_from": "2026-11-01T00:00:00.000000Z", "valid_until": "2026-12-01T00:00:00.000000Z" }
///     ]
/// }"#)?;
/// assert_eq!(list.decide(now, "198.51.100.7".parse()?), ListDecision::Allowed { entry: 0 });
/// assert_eq!(list.decide(now, "198.51.100.65".parse()?), ListDecision::Denied { entry: 1 });
/// assert_eq!(list.decide(now, "2001:db8:7::1".parse()?), ListDecision::FamilyNotListed); // not yet valid
///
/// // The bad case: a text that one reader takes for 8.0.0.0 and another for 10.0.0.0. There is no such list.
/// assert!(serde_json::from_str::<IpList>(r#"{ "entries": ["010.0.0.0/8"] }"#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `of` is `"tenant"` if left out, `{"role": "admin"}` or `{"token": "api-key"}`; `mode` is `"on"`, `version` 0. The
/// forms `"off"` and `{"only": ["198.51.100.0/24"]}` are read as well.
///
/// It is a record that a store keeps ([`IpList::key`]), and a value that can be kept anywhere else.
#[derive(Clone)]
pub struct IpList {
    owner: ListOwner,
    mode: ListMode,
    version: u64,
    entries: Vec<ListEntry>,
    compiled: Compiled,
}

impl IpList {
    /// The most entries: 1000, as many as Databricks takes in all lists of a workspace together. What is kept by hand
    /// stays far below it; a feed of many thousands is for an [`AddressSet`](super::AddressSet) of the host's own.
    pub const MAX_ENTRIES: usize = 1000;
    /// The longest JSON form, in bytes: with its key and stamp it fits a record
    /// ([`MAX_TEXT_BYTES`](crate::store::MAX_TEXT_BYTES)), so that every list that can be made can be stored.
    pub const MAX_BYTES: usize = 60 * 1024;

    /// A list of the tenant that is on, with nothing in it yet.
    #[must_use]
    pub const fn builder() -> IpListBuilder {
        IpListBuilder { owner: ListOwner::Tenant, mode: ListMode::On, version: 0, entries: Vec::new() }
    }

    /// A list of this owner that is off, and empty.
    #[must_use]
    pub fn off(owner: ListOwner) -> Self {
        Self { owner, mode: ListMode::Off, version: 0, entries: Vec::new(), compiled: Compiled::default() }
    }

    /// The list of the tenant that is on and allows these addresses.
    ///
    /// ```
    /// use clausework::access::{IpList, ListDecision};
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    ///
    /// let office = IpList::only(["198.51.100.0/24".parse()?])?;
    /// assert_eq!(office.decide(now, "198.51.100.7".parse()?), ListDecision::Allowed { entry: 0 });
    /// assert_eq!(office.decide(now, "203.0.113.9".parse()?), ListDecision::NotListed);
    /// assert_eq!(office.decide(now, "2001:db8::9".parse()?), ListDecision::FamilyNotListed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`IpListError`], as [`IpListBuilder::build`].
    pub fn only(ranges: impl IntoIterator<Item = AddressRange>) -> Result<Self, IpListError> {
        Self::builder().entries(ranges.into_iter().map(ListEntry::allow)).build()
    }

    /// The key of the record of this owner's list.
    ///
    /// ```
    /// use clausework::{TenantId, access::{IpList, ListOwner}, id::OpaqueId};
    ///
    /// let role = ListOwner::Role(OpaqueId::try_new("admin")?);
    /// assert_eq!(IpList::key(TenantId::try_new("acme")?, &role).to_string(), "tenant:acme/ip_list/~role.admin");
    /// # Ok::<(), clausework::id::IdError>(())
    /// ```
    #[must_use]
    pub fn key(scope: impl Into<crate::id::Scope>, owner: &ListOwner) -> Key {
        let id = match owner.id() {
            None => KeyId::own(owner.sort()),
            Some(id) => KeyId::own(&alloc::format!("{}.{id}", owner.sort())),
        };
        Key::of::<Self>(scope, id)
    }

    /// Whom it binds.
    #[must_use]
    pub const fn owner(&self) -> &ListOwner {
        &self.owner
    }

    /// Whether it is in use.
    #[must_use]
    pub const fn mode(&self) -> ListMode {
        self.mode
    }

    /// How many proposals have been applied to it.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Its entries, as they were given.
    #[must_use]
    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// What the list says of this address. It cannot fail: whatever is wrong was refused when the list was made. An
    /// IPv4-mapped address is the IPv4 address.
    pub fn decide(&self, now: Now, address: IpAddr) -> ListDecision {
        self.decide_on(now, Some(address.to_canonical()))
    }

    pub(super) fn decide_on(&self, now: Now, address: Option<IpAddr>) -> ListDecision {
        match (self.mode, address) {
            (ListMode::Off, _) => ListDecision::Off,
            (ListMode::On, None) => ListDecision::NoAddress,
            (ListMode::On, Some(address)) => self.compiled.decide(&self.entries, now.timestamp(), address),
        }
    }

    pub(super) fn to_builder(&self) -> IpListBuilder {
        let Self { owner, mode, version, entries, .. } = self;
        IpListBuilder { owner: owner.clone(), mode: *mode, version: *version, entries: entries.clone() }
    }
}

/// What was compiled of it follows from the rest.
impl PartialEq for IpList {
    fn eq(&self, other: &Self) -> bool {
        let own = (&self.owner, self.mode, self.version, &self.entries);
        own == (&other.owner, other.mode, other.version, &other.entries)
    }
}

impl Eq for IpList {}

impl fmt::Debug for IpList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, mode, version, entries, .. } = self;
        let mut shown = f.debug_struct("IpList");
        shown.field("owner", owner).field("mode", mode).field("version", version).field("entries", entries);
        shown.finish_non_exhaustive()
    }
}

impl Record for IpList {
    const KIND: &'static str = "ip_list";
    const VERSION: u16 = 1;
}

/// The parts of an [`IpList`], not yet checked. What is made of them is version 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpListBuilder {
    pub(super) owner: ListOwner,
    pub(super) mode: ListMode,
    pub(super) version: u64,
    pub(super) entries: Vec<ListEntry>,
}

impl IpListBuilder {
    /// Whom it binds; everybody of the tenant unless said otherwise.
    #[must_use]
    pub fn owner(mut self, owner: ListOwner) -> Self {
        self.owner = owner;
        self
    }

    /// Whether it is in use; it is unless said otherwise.
    #[must_use]
    pub const fn mode(mut self, mode: ListMode) -> Self {
        self.mode = mode;
        self
    }

    /// Adds an entry.
    #[must_use]
    pub fn entry(mut self, entry: ListEntry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Adds entries.
    #[must_use]
    pub fn entries(mut self, entries: impl IntoIterator<Item = ListEntry>) -> Self {
        self.entries.extend(entries);
        self
    }

    /// Checks and compiles the list.
    ///
    /// # Errors
    /// [`IpListError`] when there are too many entries or too much text, a note is no single short line, or an entry is
    /// never valid. What is merely unwise is for [`lint`](super::lint()) to say.
    pub fn build(self) -> Result<IpList, IpListError> {
        let Self { owner, mode, version, entries } = self;
        if entries.len() > IpList::MAX_ENTRIES {
            return Err(IpListError::TooMany { found: entries.len() });
        }
        for (entry, checked) in entries.iter().enumerate() {
            if checked.note().is_some_and(|note| !ListEntry::is_note(note)) {
                return Err(IpListError::Note { entry });
            }
            if checked.is_never() {
                return Err(IpListError::Never { entry });
            }
        }
        let compiled = Compiled::new(&entries).ok_or(IpListError::TooMany { found: entries.len() })?;
        // Measured with the longest version: no later one makes a list too long to be stored.
        let list = IpList { owner, mode, version: u64::MAX, entries, compiled };
        let found = serde_json::to_string(&list).map_or(usize::MAX, |text| text.len());
        if found > IpList::MAX_BYTES { Err(IpListError::TooLong { found }) } else { Ok(IpList { version, ..list }) }
    }
}

/// Why there is no such list. Entries are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IpListError {
    /// More than [`IpList::MAX_ENTRIES`].
    #[error("{found} entries are more than a list may have")]
    TooMany {
        /// How many were given.
        found: usize,
    },
    /// More than [`IpList::MAX_BYTES`].
    #[error("with {found} bytes the list is longer than a record may be")]
    TooLong {
        /// Bytes of its JSON form.
        found: usize,
    },
    /// A note that is empty, longer than [`ListEntry::MAX_NOTE_CHARS`], or has control characters.
    #[error("the note of entry {entry} is not one line of 1 to 200 characters")]
    Note {
        /// Which entry.
        entry: usize,
    },
    /// An entry that ends before it begins, or at the same instant.
    #[error("entry {entry} is not valid for an instant: it ends before it begins")]
    Never {
        /// Which entry.
        entry: usize,
    },
}
