use alloc::borrow::Cow;
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
/// let account = AccountId::try_new("u-17")?;
/// assert_eq!(KeyId::from(&account).as_str(), "u-17");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId<'a>(Cow<'a, str>);

impl<'a> KeyId<'a> {
    /// The id's text: ASCII, at most 80 bytes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account's id with a mark of the crate's own, which begins with `~` and so keeps it apart from every
    /// [`OpaqueId`]; at most 16 bytes. No mark is the account's plain id.
    pub(crate) fn with_mark(account: &'a AccountId, mark: &str) -> Self {
        let mut text = Cow::Borrowed(account.as_str());
        if !mark.is_empty() {
            text.to_mut().push_str(mark);
        }
        Self(text)
    }

    /// An id that is no [`OpaqueId`]'s: a name of the crate's own after `~`.
    pub(crate) fn own(name: &str) -> Self {
        let mut text = String::from("~");
        text.push_str(name);
        Self(text.into())
    }

    /// That of another key.
    pub(crate) fn of(key: &'a Key) -> Self {
        Self(key.id().into())
    }
}

impl<'a> From<&'a AccountId> for KeyId<'a> {
    fn from(account: &'a AccountId) -> Self {
        Self(account.as_str().into())
    }
}

/// For what there is one of in a tenant.
impl<'a> From<&'a TenantId> for KeyId<'a> {
    fn from(tenant: &'a TenantId) -> Self {
        Self(tenant.as_str().into())
    }
}

impl<'a> From<&'a OpaqueId> for KeyId<'a> {
    fn from(id: &'a OpaqueId) -> Self {
        Self(id.as_str().into())
    }
}

impl From<TokenDigest> for KeyId<'_> {
    fn from(digest: TokenDigest) -> Self {
        Self(digest.to_id().into())
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
/// assert_eq!(key.as_str(), "tenant:acme/credential/u-17");
/// assert_eq!((key.kind(), key.id()), ("credential", "u-17"));
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(Arc<Parts>);

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Parts {
    scope: Scope,
    /// All three, as they are shown.
    text: String,
    /// Where in the text the kind begins, and where the id does.
    kind: usize,
    id: usize,
}

impl Key {
    /// The key of the record of type `R` with this id. A kind that is not 1 to 32 lower-case ASCII
    /// letters or `_` does not compile.
    #[must_use]
    pub fn of<'a, R: Record>(scope: impl Into<Scope>, id: impl Into<KeyId<'a>>) -> Self {
        const { assert!(is_kind(R::KIND, 32), "a kind has 1 to 32 lower-case ASCII letters or `_`") };
        Self::new(scope.into(), R::KIND, id.into().as_str())
    }

    fn new(scope: Scope, kind: &str, id: &str) -> Self {
        let (word, tenant) = scope.parts();
        let parts = [word, tenant, "/", kind, "/", id];
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.into_iter().for_each(|part| text.push_str(part));
        let id = text.len().saturating_sub(id.len());
        let kind = id.saturating_sub("/".len()).saturating_sub(kind.len());
        Self(Arc::new(Parts { scope, text, kind, id }))
    }

    /// Reads back the text of a key.
    #[cfg(feature = "std")] // for the store in memory
    pub(super) fn read(text: &str) -> Option<Self> {
        let (scope, rest) = text.split_once('/')?;
        let (kind, id) = rest.split_once('/')?;
        Some(Self::new(String::from(scope).try_into().ok()?, kind, id))
    }

    /// The tenant, or the operator.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// The kind of record.
    #[must_use]
    pub fn kind(&self) -> &str {
        let Parts { text, kind, id, .. } = &*self.0;
        text.get(*kind..id.saturating_sub("/".len())).unwrap_or_default()
    }

    /// The id within scope and kind.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.text.get(self.0.id..).unwrap_or_default()
    }

    /// `scope/kind/id`: unambiguous, since none of the three can hold a `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
