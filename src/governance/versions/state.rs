use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::audit::tree::Hash;
use crate::clause;
use crate::governance::days::gaps;
use crate::governance::{Days, Finding, FindingKind};
use crate::id::{OpaqueId, Reference, Scope};
use crate::store::{Key, Record};

/// What is stored of a policy: every version, the next always following the one before (`E-0.1`, `E-C.1`).
///
/// One record, as a version only follows the one before it: there is room for 50 versions at least, each published on one
/// page and in the handbook, however long their ids and references in ASCII are.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::{Days, FindingKind, PolicyVersion, VersionsState, adopt};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let ceo = OpaqueId::try_new("s-1")?;
/// let first = PolicyVersion::new(1, "2015-01-01".parse()?, Hash::new([1; 32]), ceo, Reference::try_new("PSP 2015")?);
/// let (Next::Put(state), ..) = adopt(None, first).into_parts() else { panic!() };
/// assert_eq!(state.in_force("2015-01-01".parse()?).map(PolicyVersion::number), Some(1));
/// assert_eq!(state.in_force("2014-12-31".parse()?), None);
///
/// // It was never published, nor put into the handbook.
/// let january = Days::try_new("2015-01-01".parse()?, "2015-01-31".parse()?)?;
/// let kinds: Vec<_> = state.findings(&OpaqueId::try_new("engage")?, january).iter().map(|found| found.kind()).collect();
/// assert_eq!(kinds, [FindingKind::Unpublished { version: 1 }, FindingKind::NotInHandbook { version: 1 }]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct VersionsState {
    pub(super) versions: Vec<PolicyVersion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    versions: Vec<PolicyVersion>,
}

impl VersionsState {
    /// The key of a policy's versions.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, policy: &OpaqueId) -> Key {
        Key::of::<Self>(scope, policy)
    }

    /// The versions, in their order.
    #[must_use]
    pub fn versions(&self) -> &[PolicyVersion] {
        &self.versions
    }

    /// The version of this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version in force on a day: the last that is effective by then.
    #[must_use]
    pub fn in_force(&self, day: NaiveDate) -> Option<&PolicyVersion> {
        self.versions.iter().rfind(|version| version.effective <= day)
    }

    /// The days on which a version is in force: until the day before the next is.
    pub(in crate::governance) fn days_of(&self, version: &PolicyVersion) -> Option<Days> {
        let days = Days::open(version.effective);
        match self.versions.iter().find(|next| next.number > version.number) {
            Some(next) => days.before(next.effective),
            None => Some(days),
        }
    }

    /// The days of a period on which no version was in force (`E-0.1`), and those on which the one in force was not
    /// published (`E-C.2`) or not part of the personnel handbook (`E-2.2a`).
    #[must_use]
    pub fn findings(&self, policy: &OpaqueId, within: Days) -> Vec<Finding> {
        let about = || Some(policy.clone());
        let began = self.versions.first().map(|first| Days::open(first.effective));
        let unruled = gaps(began.into_iter().collect(), within).into_iter();
        let mut found: Vec<_> =
            unruled.map(|days| Finding::new(FindingKind::NoVersion, clause::E_0_1, about(), days)).collect();
        for version in &self.versions {
            let Some(days) = self.days_of(version).and_then(|days| days.common(within)) else { continue };
            let published = version.publications.iter().map(|publication| publication.day).min();
            let handbook = version.handbook.as_ref().map(|link| link.day);
            let number = version.number;
            for (since, kind, clause) in [
                (published, FindingKind::Unpublished { version: number }, clause::E_C_2),
                (handbook, FindingKind::NotInHandbook { version: number }, clause::E_2_2A),
            ] {
                let lacking = gaps(since.map(Days::open).into_iter().collect(), days).into_iter();
                found.extend(lacking.map(|days| Finding::new(kind, clause, about(), days)));
            }
        }
        found
    }
}

impl Record for VersionsState {
    const KIND: &'static str = "policy_versions";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for VersionsState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let numbers = stored.versions.iter().map(|version| version.number);
        if !numbers.eq((1..).take(stored.versions.len())) {
            return Err("the versions are not numbered from 1");
        }
        if !stored.versions.is_sorted_by(|one, next| one.effective < next.effective) {
            return Err("a version is not effective after the one before it");
        }
        if !stored.versions.is_sorted_by(|one, next| one.digest != next.digest) {
            return Err("a version has the text of the one before it");
        }
        let is_other = |version: &PolicyVersion| version.publications.iter().any(|one| one.digest != version.digest);
        if stored.versions.iter().any(is_other) {
            return Err("what is published is not the text of its version");
        }
        Ok(Self { versions: stored.versions })
    }
}

/// One version of a policy.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::PolicyVersion;
/// use clausework::id::{OpaqueId, Reference};
///
/// let ceo = OpaqueId::try_new("s-1")?;
/// let first = PolicyVersion::new(1, "2026-01-01".parse()?, Hash::new([1; 32]), ceo, Reference::try_new("PSP 2026")?);
/// assert!(first.publications().is_empty() && first.handbook().is_none());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyVersion {
    pub(super) number: u32,
    pub(super) effective: NaiveDate,
    pub(super) digest: Hash,
    pub(super) approved_by: OpaqueId,
    pub(super) reference: Reference,
    pub(super) publications: Vec<Publication>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handbook: Option<HandbookLink>,
}

impl PolicyVersion {
    /// A version, numbered from 1, effective from that day; the SHA-256 of its text; who approved it, and where it is kept.
    #[must_use]
    pub const fn new(
        number: u32,
        effective: NaiveDate,
        digest: Hash,
        approved_by: OpaqueId,
        reference: Reference,
    ) -> Self {
        Self { number, effective, digest, approved_by, reference, publications: Vec::new(), handbook: None }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The first day on which it is in force.
    #[must_use]
    pub const fn effective(&self) -> NaiveDate {
        self.effective
    }

    /// The SHA-256 of its text.
    #[must_use]
    pub const fn digest(&self) -> Hash {
        self.digest
    }

    /// Who approved it.
    #[must_use]
    pub const fn approved_by(&self) -> &OpaqueId {
        &self.approved_by
    }

    /// Where it is kept.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Where and since when it is published.
    #[must_use]
    pub fn publications(&self) -> &[Publication] {
        &self.publications
    }

    /// The handbook that it is part of.
    #[must_use]
    pub const fn handbook(&self) -> Option<&HandbookLink> {
        self.handbook.as_ref()
    }
}

/// A publication of a version: since when, where, and the SHA-256 of what stands there (`E-C.2`).
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::Publication;
/// use clausework::id::Reference;
///
/// let page = Reference::try_new("https://www.example.com/privacy")?;
/// let publication = Publication::new("2026-01-02".parse()?, page, Hash::new([1; 32]));
/// assert_eq!(publication.day().to_string(), "2026-01-02");
/// assert!(Reference::try_new("").is_err()); // published nowhere
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub(super) day: NaiveDate,
    place: Reference,
    pub(super) digest: Hash,
}

impl Publication {
    /// Published there since that day.
    #[must_use]
    pub const fn new(day: NaiveDate, place: Reference, digest: Hash) -> Self {
        Self { day, place, digest }
    }

    /// Since when.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }

    /// Where: the website.
    #[must_use]
    pub const fn place(&self) -> &Reference {
        &self.place
    }

    /// The SHA-256 of what stands there.
    #[must_use]
    pub const fn digest(&self) -> Hash {
        self.digest
    }
}

/// The edition of the personnel handbook that a version is part of, and since when (`E-2.2a`).
///
/// ```
/// use clausework::governance::HandbookLink;
/// use clausework::id::OpaqueId;
///
/// let link = HandbookLink::new(OpaqueId::try_new("handbook-7")?, "2026-02-01".parse()?);
/// assert_eq!(link.day().to_string(), "2026-02-01");
/// assert!(OpaqueId::try_new("handbook 7").is_err()); // an id, not a title
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandbookLink {
    edition: OpaqueId,
    pub(super) day: NaiveDate,
}

impl HandbookLink {
    /// Part of this edition of the handbook since that day.
    #[must_use]
    pub const fn new(edition: OpaqueId, day: NaiveDate) -> Self {
        Self { edition, day }
    }

    /// Which edition.
    #[must_use]
    pub const fn edition(&self) -> &OpaqueId {
        &self.edition
    }

    /// Since when.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }
}
