use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::EvidencePolicy;
use crate::audit::tree::Hash;
use crate::clause::{self, Clause};
use crate::governance::Days;
use crate::id::{OpaqueId, Reference};

/// One piece of evidence: what it is about, who vouches for it, on which days it holds, and where the proof is. The
/// rule that it is for is that of the file it is [filed](super::file) in.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{Days, Detail, Evidence, EvidencePolicy, Shortfall};
/// use clausework::id::{OpaqueId, Reference};
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let year = Days::try_new("2026-01-01".parse()?, "2026-12-31".parse()?)?;
/// let certificate = Evidence::new(id("c-7")?, id("iso-27001")?, id("s-2")?, year, Reference::try_new("IS 612345")?)
///     .with_detail(Detail::Certificate { provider: id("azure")? });
/// let policy = EvidencePolicy::default();
/// assert!(certificate.shortfalls(clause::E_6H_2, &policy).is_empty());
///
/// // Two servers are no three-fold redundancy, and a certificate says nothing of it.
/// assert_eq!(certificate.shortfalls(clause::E_6H_4, &policy), [Shortfall::Detail]);
/// let two = certificate.with_detail(Detail::Copies { servers: 2 });
/// assert_eq!(two.shortfalls(clause::E_6H_4, &policy), [Shortfall::Copies { found: 2, wanted: 3 }]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    id: OpaqueId,
    about: OpaqueId,
    by: OpaqueId,
    days: Days,
    reference: Reference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Hash>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    parts: BTreeSet<Part>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<Detail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<OpaqueId>,
}

/// What else a measure says of itself, where a decision reads it.
///
/// ```
/// use clausework::governance::Detail;
/// use clausework::id::OpaqueId;
///
/// let sites: Detail = serde_json::from_str(r#"{"sites":{"production":"dublin","copy":"amsterdam"}}"#)?;
/// assert_eq!(sites, Detail::Sites { production: OpaqueId::try_new("dublin")?, copy: OpaqueId::try_new("amsterdam")? });
/// assert!(serde_json::from_str::<Detail>(r#"{"sites":{"production":"dublin"}}"#).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Detail {
    /// A certificate of a provider (`E-6H.2`). It must have a last day.
    Certificate {
        /// Whose.
        provider: OpaqueId,
    },
    /// A control that a provider applies (`E-6H.3`, `A2-Area-1`): it holds on days on which the certificate holds too.
    Inherited {
        /// From whom.
        provider: OpaqueId,
        /// What its certificates are filed about, under `E-6H.2`. A renewed one carries on by itself.
        certificate: OpaqueId,
    },
    /// How many servers serve alike, the original among them (`E-6H.4`).
    Copies {
        /// The original and its mirrors.
        servers: u32,
    },
    /// Where data is kept a second time (`E-6H.5`, `E-6H.6`, `A2-Avail-2`).
    Sites {
        /// The site of production.
        production: OpaqueId,
        /// The site of the copy.
        copy: OpaqueId,
    },
    /// Where the servers are: no finer than a region (`E-6H.8b`), as the exact site is not known to personnel.
    Region {
        /// Which.
        region: Region,
    },
    /// What it was about is no more: from the first of its days on, nothing is wanted for it.
    Retired,
}

/// A region of servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Region {
    /// North-western Europe (`E-6H.8b`).
    NorthWesternEurope,
    /// Any other.
    Other(OpaqueId),
}

/// What some rules name one by one; evidence for such a rule says which of it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Which data is collected (`E-1.1`).
    Collection,
    /// How it is used (`E-1.1`).
    Use,
    /// How it is shared (`E-1.1`).
    Sharing,
    /// How it is secured (`E-1.1`).
    Security,
    /// The link is secure (`E-6H.5`).
    SecureLink,
    /// A restore was tried, and worked (`E-6H.5`, `A2-Avail-2`).
    Restored,
    /// Encrypted in transit, by TLS (`A2-Access-1`, `X18`).
    InTransit,
    /// Encrypted at rest (`A2-Access-1`).
    AtRest,
    /// A firewall (`A2-Trans-1`).
    Firewall,
    /// A VPN (`A2-Trans-1`).
    Vpn,
    /// Encryption of the channels (`A2-Trans-1`).
    Encryption,
}

impl Part {
    /// What a rule names one by one: nothing for most.
    ///
    /// ```
    /// use clausework::{clause, governance::Part};
    ///
    /// assert_eq!(Part::wanted(clause::A2_ACCESS_1), [Part::InTransit, Part::AtRest]);
    /// assert!(Part::wanted(clause::A2_INPUT_5).is_empty());
    /// ```
    #[must_use]
    pub fn wanted(clause: Clause) -> &'static [Self] {
        const WANTED: [(Clause, &[Part]); 5] = [
            (clause::E_1_1, &[Part::Collection, Part::Use, Part::Sharing, Part::Security]),
            (clause::E_6H_5, &[Part::SecureLink, Part::Restored]),
            (clause::A2_ACCESS_1, &[Part::InTransit, Part::AtRest]),
            (clause::A2_AVAIL_2, &[Part::Restored]),
            (clause::A2_TRANS_1, &[Part::Firewall, Part::Vpn, Part::Encryption]),
        ];
        WANTED.iter().find(|(of, _)| *of == clause).map_or(&[], |(_, parts)| parts)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Collection => "which data is collected",
            Self::Use => "how data is used",
            Self::Sharing => "how data is shared",
            Self::Security => "how data is secured",
            Self::SecureLink => "a secure link",
            Self::Restored => "a restore that worked",
            Self::InTransit => "encryption in transit, by TLS",
            Self::AtRest => "encryption at rest",
            Self::Firewall => "a firewall",
            Self::Vpn => "a VPN",
            Self::Encryption => "encryption of the channels",
        })
    }
}

/// Why evidence does not count for its rule. It is on record, and says that the rule was not met: what was there before
/// it does not count either, from the first of its days on.
///
/// ```
/// use clausework::governance::{Part, Shortfall};
///
/// assert_eq!(Shortfall::Part(Part::AtRest).to_string(), "not shown: encryption at rest");
/// assert_eq!(Shortfall::Copies { found: 2, wanted: 3 }.to_string(), "2 servers, 3 are wanted");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shortfall {
    /// It lacks the [`Detail`] that the rule is about.
    Detail,
    /// It lacks something that the rule names.
    Part(Part),
    /// A certificate without a last day.
    NoExpiry,
    /// The copy is where the original is.
    SameSite,
    /// Too few servers.
    Copies {
        /// So many are there.
        found: u32,
        /// So many are wanted.
        wanted: u32,
    },
    /// The servers are in another region.
    OtherRegion,
    /// A control is inherited under a certificate that does not hold.
    NoCertificate,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Detail => f.write_str("the evidence does not say what the rule is about"),
            Self::Part(part) => write!(f, "not shown: {part}"),
            Self::NoExpiry => f.write_str("the certificate has no last day"),
            Self::SameSite => f.write_str("the copy is where the original is"),
            Self::Copies { found, wanted } => write!(f, "{found} servers, {wanted} are wanted"),
            Self::OtherRegion => f.write_str("the servers are in another region"),
            Self::NoCertificate => f.write_str("the certificate behind it does not hold"),
        }
    }
}

impl Evidence {
    /// What `reference` proves about `about`, as `by` vouches, on these days.
    #[must_use]
    pub const fn new(id: OpaqueId, about: OpaqueId, by: OpaqueId, days: Days, reference: Reference) -> Self {
        let parts = BTreeSet::new();
        Self { id, about, by, days, reference, digest: None, parts, detail: None, replaces: None }
    }

    /// The SHA-256 of the document.
    #[must_use]
    pub const fn with_digest(mut self, digest: Hash) -> Self {
        self.digest = Some(digest);
        self
    }

    /// What else it says, where the rule is about that.
    #[must_use]
    pub fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = Some(detail);
        self
    }

    /// What of the [parts](Part::wanted) of the rule is there.
    #[must_use]
    pub fn showing(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.parts = parts.into_iter().collect();
        self
    }

    /// Says that this corrects another entry of the same volume, which then no longer counts and stays on record.
    #[must_use]
    pub fn replacing(mut self, id: OpaqueId) -> Self {
        self.replaces = Some(id);
        self
    }

    /// Its own id, unique for its rule.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// What it is about: a provider, a database, a document.
    #[must_use]
    pub const fn about(&self) -> &OpaqueId {
        &self.about
    }

    /// Who vouches for it.
    #[must_use]
    pub const fn by(&self) -> &OpaqueId {
        &self.by
    }

    /// On which days it holds.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// Where the proof is.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The SHA-256 of the document.
    #[must_use]
    pub const fn digest(&self) -> Option<Hash> {
        self.digest
    }

    /// What else it says.
    #[must_use]
    pub const fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()
    }

    /// What of the parts of the rule it shows.
    #[must_use]
    pub const fn parts(&self) -> &BTreeSet<Part> {
        &self.parts
    }

    /// The entry that it corrects.
    #[must_use]
    pub const fn replaces(&self) -> Option<&OpaqueId> {
        self.replaces.as_ref()
    }

    /// Why it does not count for this rule; empty if it does. That nothing is wanted any more counts for every rule.
    #[must_use]
    pub fn shortfalls(&self, clause: Clause, policy: &EvidencePolicy) -> Vec<Shortfall> {
        if self.detail == Some(Detail::Retired) {
            return Vec::new();
        }
        let missing = |part: &&Part| !self.parts.contains(part);
        let mut found: Vec<_> = Part::wanted(clause).iter().filter(missing).copied().map(Shortfall::Part).collect();
        found.extend(self.shortfall(clause, policy));
        found
    }

    /// What its detail lacks.
    fn shortfall(&self, clause: Clause, policy: &EvidencePolicy) -> Option<Shortfall> {
        let (detail, lacking) = (self.detail.as_ref(), Some(Shortfall::Detail));
        match clause {
            clause if clause == clause::E_6H_2 => match detail {
                Some(Detail::Certificate { .. }) => self.days.last().is_none().then_some(Shortfall::NoExpiry),
                _ => lacking,
            },
            clause if clause == clause::E_6H_3 || clause == clause::A2_AREA_1 => match detail {
                Some(Detail::Inherited { .. }) => None,
                _ => lacking,
            },
            clause if clause == clause::E_6H_4 => match detail {
                Some(Detail::Copies { servers }) if *servers >= policy.min_copies() => None,
                Some(Detail::Copies { servers }) => {
                    Some(Shortfall::Copies { found: *servers, wanted: policy.min_copies() })
                }
                _ => lacking,
            },
            clause if [clause::E_6H_5, clause::E_6H_6, clause::A2_AVAIL_2].contains(&clause) => match detail {
                Some(Detail::Sites { production, copy }) => (production == copy).then_some(Shortfall::SameSite),
                _ => lacking,
            },
            clause if clause == clause::E_6H_8B => match detail {
                Some(Detail::Region { region: Region::NorthWesternEurope }) => None,
                Some(Detail::Region { .. }) => Some(Shortfall::OtherRegion),
                _ => lacking,
            },
            _ => None,
        }
    }
}
