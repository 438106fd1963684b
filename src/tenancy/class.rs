use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Field, NOT_SEALED, UNCLASSIFIED};
use crate::audit::record::Classification;
use crate::clause::{self, Clause};
use crate::event::Code;
use crate::id::{OpaqueId, TenantId};
use crate::secret::Secret;

/// How a host encrypts a value, with a key of its own: an authenticated cipher, or its key management's.
///
/// The crate has no cipher. What it sees to is that a value which has to be encrypted cannot be stored in the clear.
pub trait Sealer {
    /// What can go wrong.
    type Error;

    /// The id of the key in use.
    fn key(&self) -> &OpaqueId;

    /// Encrypts. The [`place`](SealedPlace) goes in as additional data, so that nobody can move the result to another
    /// tenant, record or field.
    ///
    /// # Errors
    /// Whatever the cipher or the key management reports.
    fn seal(&self, place: &SealedPlace<'_>, value: &Secret) -> Result<Vec<u8>, Self::Error>;
}

/// Where an encrypted value belongs. Its text is `tenant/kind/id/field`, and no two places have the same: whatever the
/// kind holds, the others cannot hold a `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a host must say all of it")]
pub struct SealedPlace<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Of which kind of resource: its [`Resource::KIND`](super::Resource::KIND).
    pub kind: &'static str,
    /// Of which one.
    pub resource: &'a OpaqueId,
    /// Which field.
    pub field: &'a Field,
}

impl fmt::Display for SealedPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.tenant, self.kind, self.resource, self.field)
    }
}

/// A value that is encrypted: the only form in which a record holds a highly confidential one (A2-Trans-2).
///
/// A [`Secret`] cannot be serialised, so a row that keeps a national id as text does not compile; this one can.
/// `Debug` shows the key's id and nothing of the value.
///
/// ```
/// use clausework::tenancy::{Field, SealError, Sealed, SealedPlace, Sealer};
/// use clausework::{Secret, TenantId, id::OpaqueId};
///
/// struct Vault(OpaqueId);
/// impl Sealer for Vault {
///     type Error = ();
///     fn key(&self) -> &OpaqueId { &self.0 }
///     fn seal(&self, place: &SealedPlace<'_>, value: &Secret) -> Result<Vec<u8>, ()> {
///         my_aead(place.to_string(), value) // with a fresh nonce, from the host's cipher
///     }
/// }
/// # fn my_aead(_: String, value: &Secret) -> Result<Vec<u8>, ()> { Ok(vec![7; value.expose().len() + 28]) } // stands in for one
/// # let (acme, anna) = (TenantId::try_new("acme")?, OpaqueId::try_new("p-17")?);
/// let field = Field::try_new("national-id")?;
/// let place = SealedPlace { tenant: &acme, kind: "person", resource: &anna, field: &field };
/// let sealed = Sealed::seal(&Vault(OpaqueId::try_new("2026-11")?), &place, &Secret::from("123456782")).map_err(|_| "sealing")?;
/// assert_eq!(sealed.key().as_str(), "2026-11");
///
/// struct Forgot(OpaqueId);
/// impl Sealer for Forgot {
///     type Error = ();
///     fn key(&self) -> &OpaqueId { &self.0 }
///     fn seal(&self, _: &SealedPlace<'_>, value: &Secret) -> Result<Vec<u8>, ()> { Ok(value.expose().as_bytes().to_vec()) }
/// }
/// let forgot = Sealed::seal(&Forgot(OpaqueId::try_new("2026-11")?), &place, &Secret::from("123456782"));
/// assert!(matches!(forgot, Err(SealError::InTheClear)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail
/// #[derive(serde::Serialize)]
/// struct Person { national_id: clausework::Secret } // no such row
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    key: OpaqueId,
    #[serde(serialize_with = "to_text", deserialize_with = "from_text")]
    bytes: Vec<u8>,
}

fn to_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&Base64UrlUnpadded::encode_string(bytes))
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = alloc::string::String::deserialize(deserializer)?;
    match Base64UrlUnpadded::decode_vec(&text) {
        Ok(bytes) if (Sealed::MIN_BYTES..=Sealed::MAX_BYTES).contains(&bytes.len()) => Ok(bytes),
        _ => Err(serde::de::Error::custom("not a sealed value")),
    }
}

impl Sealed {
    /// The shortest result, in bytes: no authenticated cipher adds less than a tag of 16.
    pub const MIN_BYTES: usize = 16;
    /// The longest, in bytes: numbers and short texts, of which a record holds several.
    pub const MAX_BYTES: usize = 4096;

    /// Encrypts a value by the host's cipher.
    ///
    /// # Errors
    /// [`SealError`]: nothing is sealed, and the value is not in the error.
    pub fn seal<S: Sealer + ?Sized>(
        sealer: &S,
        place: &SealedPlace<'_>,
        value: &Secret,
    ) -> Result<Self, SealError<S::Error>> {
        let bytes = sealer.seal(place, value).map_err(SealError::Sealer)?;
        let plain = value.expose().as_bytes();
        // One or two bytes are part of many a random text, and a cipher would be refused for nothing.
        let is_in_it = plain.len() > 2 && bytes.windows(plain.len()).any(|window| window == plain);
        let least = plain.len().saturating_add(Self::MIN_BYTES);
        if is_in_it || bytes.len() < least {
            return Err(SealError::InTheClear);
        }
        if bytes.len() > Self::MAX_BYTES {
            return Err(SealError::TooLong { found: bytes.len() });
        }
        Ok(Self { key: sealer.key().clone(), bytes })
    }

    /// Which key opens it.
    #[must_use]
    pub const fn key(&self) -> &OpaqueId {
        &self.key
    }

    /// The encrypted bytes, for the host's cipher.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Why a value was not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError<E> {
    /// The host's cipher reported this.
    #[error("the value could not be encrypted")]
    Sealer(E),
    /// What came back holds the value, or is no longer than it by 16 bytes: nothing was encrypted, or not authenticated.
    #[error("what should be encrypted is in the clear, or has no tag")]
    InTheClear,
    /// Over [`Sealed::MAX_BYTES`].
    #[error("an encrypted value of {found} bytes is longer than 4096")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
}

/// What a row holds in a field.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "closed: encrypted or not")]
pub enum Held<'a> {
    /// The value as it is.
    Plain,
    /// An encrypted one.
    Sealed(&'a Sealed),
    /// None.
    Absent,
}

/// Which class the fields of a kind of resource are of, for rows that are not typed: what is highly confidential is
/// encrypted also within the system (A2-Trans-2).
///
/// The classes are those of audit records; [`Sensitive`](Classification::Sensitive) is the one that must be encrypted:
/// national ids, numbers of payment cards, special categories.
///
/// ```
/// use clausework::audit::record::Classification;
/// use clausework::tenancy::{ClassPolicy, Field, Held};
///
/// let (name, national_id) = (Field::try_new("name")?, Field::try_new("national-id")?);
/// let policy = ClassPolicy::new([(name.clone(), Classification::Personal), (national_id.clone(), Classification::Sensitive)]);
/// assert!(policy.check([(&name, Held::Plain), (&national_id, Held::Absent)]).is_empty());
///
/// let findings = policy.check([(&name, Held::Plain), (&national_id, Held::Plain)]);
/// assert_eq!(findings[0].code().as_str(), "tenancy.not_sealed");
/// assert_eq!(findings[0].field(), &national_id);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassPolicy(BTreeMap<Field, Classification>);

impl ClassPolicy {
    /// Of these fields. One that is named twice is of the stricter class.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = (Field, Classification)>) -> Self {
        let mut classes = BTreeMap::new();
        for (field, class) in fields {
            let known = classes.entry(field).or_insert(class);
            *known = class.max(*known);
        }
        Self(classes)
    }

    /// Every field of a row that may not be stored so; nothing if the row may. A field without a class may not.
    pub fn check<'a>(&self, row: impl IntoIterator<Item = (&'a Field, Held<'a>)>) -> Vec<ClassFinding> {
        let judge = |(field, held): (&Field, Held<'_>)| {
            let class = self.0.get(field);
            let is_sealed = matches!(held, Held::Sealed(_) | Held::Absent);
            (class.is_none() || (class == Some(&Classification::Sensitive) && !is_sealed))
                .then(|| ClassFinding { field: field.clone(), is_classified: class.is_some() })
        };
        row.into_iter().filter_map(judge).collect()
    }
}

/// A field that may not be stored so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassFinding {
    field: Field,
    is_classified: bool,
}

impl ClassFinding {
    /// Which.
    #[must_use]
    pub const fn field(&self) -> &Field {
        &self.field
    }

    /// The stable code, internal.
    #[must_use]
    pub const fn code(&self) -> Code {
        if self.is_classified { NOT_SEALED } else { UNCLASSIFIED }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        clause::A2_TRANS_2
    }
}
