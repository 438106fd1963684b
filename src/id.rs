//! Ids: opaque, short, never an e-mail address; and references to documents.
//!
//! Keys of records and events carry ids, and both outlive the person they are about. So an id is
//! a row number, a UUID or the like, and the type refuses what looks like a name or an address.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

/// An opaque id: 1 to 64 of the ASCII letters, digits, `-`, `_` and `.`.
///
/// There is no `@` in it, so an e-mail address cannot become a key, and no `/`, `:` or `~`, which
/// the crate uses in keys of its own. 64 is enough for a UUID or a SHA-256 in hexadecimal.
///
/// ```
/// use clausework::id::{IdError, OpaqueId};
///
/// let id = OpaqueId::try_new("0192f3c1-7d2a-7b1e-9d53-2f1f0a9b5c11")?;
/// assert_eq!(id.as_str().len(), 36);
/// assert_eq!(OpaqueId::try_new("anna@example.com"), Err(IdError::Character { position: 4 }));
/// assert_eq!(OpaqueId::try_new(""), Err(IdError::Length { found: 0 }));
/// # Ok::<(), IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpaqueId(String);

impl OpaqueId {
    /// The longest id, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks the text and takes it as an id.
    ///
    /// # Errors
    /// [`IdError`] when it is empty, too long, or has a character outside the set.
    pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(IdError::Length { found: text.len() });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        match text.chars().position(|c| !allowed(c)) {
            Some(position) => Err(IdError::Character { position }),
            None => Ok(Self(text)),
        }
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OpaqueId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::try_new(text)
    }
}

impl From<OpaqueId> for String {
    fn from(id: OpaqueId) -> Self {
        id.0
    }
}

impl fmt::Display for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no id. It names the place, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Empty or over [`OpaqueId::MAX_BYTES`].
    #[error("an id has 1 to 64 bytes, this has {found}")]
    Length {
        /// Bytes found.
        found: usize,
    },
    /// A character other than an ASCII letter, digit, `-`, `_` or `.`.
    #[error("character {position} is not an ascii letter, digit, `-`, `_` or `.`")]
    Character {
        /// Which character, counted from 0.
        position: usize,
    },
}

/// A reference to a document that proves something, such as its number: one line, 1 to 200 characters, no personal data.
///
/// ```
/// use clausework::id::{Reference, ReferenceError};
///
/// let reference = Reference::try_new("  amendment 3, signed 2026-07-01 ")?;
/// assert_eq!(reference.as_str(), "amendment 3, signed 2026-07-01");
/// assert_eq!(Reference::try_new("two\nlines"), Err(ReferenceError::Control));
/// assert!(serde_json::from_str::<Reference>("\"\"").is_err());
/// # Ok::<(), ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Reference(String);

impl Reference {
    /// The longest reference, in characters.
    pub const MAX_CHARS: usize = 200;

    /// Checks a reference; white space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] when it is blank, longer than [`Reference::MAX_CHARS`] or more than one line.
    pub fn try_new(reference: &str) -> Result<Self, ReferenceError> {
        let reference = reference.trim();
        if reference.is_empty() {
            Err(ReferenceError::Blank)
        } else if reference.chars().nth(Self::MAX_CHARS).is_some() {
            Err(ReferenceError::TooLong)
        } else if reference.chars().any(char::is_control) {
            Err(ReferenceError::Control)
        } else {
            Ok(Self(reference.into()))
        }
    }

    /// The reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;

    fn try_from(reference: String) -> Result<Self, ReferenceError> {
        Self::try_new(&reference)
    }
}

/// Why a reference to evidence is refused by [`Reference::try_new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Nothing but white space.
    #[error("evidence must name a document, but is blank")]
    Blank,
    /// More than [`Reference::MAX_CHARS`] characters.
    #[error("evidence is a reference of at most 200 characters, not the document itself")]
    TooLong,
    /// A control character, such as a line break.
    #[error("evidence must be one line without control characters")]
    Control,
}

/// The id of a customer of the host: the tenant.
///
/// ```
/// use clausework::TenantId;
///
/// let tenant = TenantId::try_new("acme")?;
/// assert_eq!(tenant.to_string(), "acme");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(OpaqueId);

impl TenantId {
    /// Checks the text and takes it as a tenant's id.
    ///
    /// # Errors
    /// [`IdError`], as [`OpaqueId::try_new`].
    pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
        OpaqueId::try_new(text).map(Self)
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The id of one account of a tenant: what a login name or e-mail address resolves to.
///
/// All names of one person resolve to one account, so that an alias does not double the attempts.
///
/// ```
/// use clausework::AccountId;
///
/// assert_eq!(AccountId::try_new("u-17")?.as_str(), "u-17");
/// assert!(AccountId::try_new("anna@example.com").is_err());
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct AccountId(OpaqueId);

impl AccountId {
    /// Checks the text and takes it as an account's id.
    ///
    /// # Errors
    /// [`IdError`], as [`OpaqueId::try_new`].
    pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
        OpaqueId::try_new(text).map(Self)
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<AccountId> for OpaqueId {
    fn from(account: AccountId) -> Self {
        account.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a record belongs to. A tenant's records can be listed and erased as one.
///
/// ```
/// use clausework::{Scope, TenantId};
///
/// let scope = Scope::Tenant(TenantId::try_new("acme")?);
/// assert_eq!(scope.to_string(), "tenant:acme");
/// assert_eq!(Scope::Operator.to_string(), "operator");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Scope {
    /// One customer of the host.
    Tenant(TenantId),
    /// The host's operator: what belongs to no single customer.
    Operator,
}

impl Scope {
    /// Its text, in pieces.
    pub(crate) fn parts(&self) -> (&str, &str) {
        match self {
            Self::Tenant(tenant) => ("tenant:", tenant.as_str()),
            Self::Operator => ("operator", ""),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, tenant) = self.parts();
        f.write_str(word)?;
        f.write_str(tenant)
    }
}

impl From<TenantId> for Scope {
    fn from(tenant: TenantId) -> Self {
        Self::Tenant(tenant)
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        alloc::format!("{scope}")
    }
}

impl TryFrom<String> for Scope {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        match text.strip_prefix("tenant:") {
            Some(tenant) => TenantId::try_new(tenant).map(Self::Tenant),
            None if text == "operator" => Ok(Self::Operator),
            None => Err(IdError::Character { position: 0 }),
        }
    }
}
