use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use super::Record;
use crate::id::{AccountId, OpaqueId, Scope, TenantId};
use crate::secret::TokenDigest;

/// The id of a record within its tenant and kind: an opaque id, or the digest of something secret.
///
/// ```
/// use clausework::{AccountId, store::KeyId};
///
/// let id = KeyId::from(&AccountId::try_new("u-17")?);
/// assert_eq!(id.as_str(), "u-17");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// The id's text: ASCII, at most 80 bytes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account's id with a mark of the crate's own, which begins with `~` and so keeps it apart from every
    /// [`OpaqueId`]; at most 16 bytes. No mark is the account's plain id.
    pub(crate) fn with_mark(account: &AccountId, mark: &str) -> Self {
        let mut text = String::from(account.as_str());
        text.push_str(mark);
        Self(text)
    }

    /// An id that is no [`OpaqueId`]'s: a name of the crate's own after `~`.
    pub(crate) fn own(name: &str) -> Self {
        let mut text = String::from("~");
        text.push_str(name);
        Self(text)
    }
}

impl From<&AccountId> for KeyId {
    fn from(account: &AccountId) -> Self {
        Self(account.as_str().into())
    }
}

/// For what there is one of in a tenant.
impl From<&TenantId> for KeyId {
    fn from(tenant: &TenantId) -> Self {
        Self(tenant.as_str().into())
    }
}

impl From<&OpaqueId> for KeyId {
    fn from(id: &OpaqueId) -> Self {
        Self(id.as_str().into())
    }
}

impl From<TokenDigest> for KeyId {
    fn from(digest: TokenDigest) -> Self {
        Self(digest.to_id())
    }
}

/// The key of a record: scope, kind and id. Three columns in a table, or one string in a key-value store.
///
/// Clones share one text, as a key goes from what is loaded to what is written.
///
/// ```
/// use clausework::{AccountId, TenantId, credential::CredentialState, store::Key};
///
/// let (tenant, account) = (TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// let key = Key::of::<CredentialState>(tenant, &account);
/// assert_eq!(key.to_string(), "tenant:acme/credential/u-17");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(Arc<Parts>);

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Parts {
    scope: Scope,
    kind: &'static str,
    id: KeyId,
}

impl Key {
    /// The key of the record of type `R` with this id. A kind that is not 1 to 32 lower-case ASCII
    /// letters or `_` does not compile.
    #[must_use]
    pub fn of<R: Record>(scope: impl Into<Scope>, id: impl Into<KeyId>) -> Self {
        const { assert!(is_kind(R::KIND, 32), "a kind has 1 to 32 lower-case ASCII letters or `_`") };
        Self(Arc::new(Parts { scope: scope.into(), kind: R::KIND, id: id.into() }))
    }

    /// Reads back the text of a key of this kind.
    #[cfg(feature = "std")] // for the store in memory
    pub(super) fn read(text: &str, kind: &'static str) -> Option<Self> {
        let (scope, rest) = text.split_once('/')?;
        let id = rest.strip_prefix(kind)?.strip_prefix('/')?;
        Some(Self(Arc::new(Parts { scope: String::from(scope).try_into().ok()?, kind, id: KeyId(id.into()) })))
    }

    /// The tenant, or the operator.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// The kind of record.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// The id within scope and kind.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.0.id
    }

    /// Its text, in pieces.
    pub(super) fn parts(&self) -> [&str; 6] {
        let Parts { scope, kind, id } = &*self.0;
        let (word, tenant) = scope.parts();
        [word, tenant, "/", kind, "/", id.as_str()]
    }
}

/// `scope/kind/id`: unambiguous, since none of the three can hold a `/`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().into_iter().try_for_each(|part| f.write_str(part))
    }
}

/// Whether it is the name of a kind: 1 to `most` lower-case ASCII letters or `_`.
pub(crate) const fn is_kind(kind: &str, most: usize) -> bool {
    let mut rest = kind.as_bytes();
    if rest.is_empty() || rest.len() > most {
        return false;
    }
    while let [first, others @ ..] = rest {
        if !first.is_ascii_lowercase() && *first != b'_' {
            return false;
        }
        rest = others;
    }
    true
}
