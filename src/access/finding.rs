use core::fmt;

use super::{AddressClass, AddressRange, Family};
use crate::event::Code;

/// An expired entry.
pub const EXPIRED: Code = Code::internal("access.expired");
/// An entry for addresses that are set aside.
pub const SPECIAL: Code = Code::internal("access.special");
/// An entry that is wider than one may be.
pub const TOO_WIDE: Code = Code::internal("access.too_wide");
/// An entry that is there twice.
pub const DUPLICATE: Code = Code::internal("access.duplicate");
/// An entry that wider ones make needless.
pub const SHADOWED: Code = Code::internal("access.shadowed");
/// An allowed range that is denied altogether.
pub const ALLOWED_IN_VAIN: Code = Code::internal("access.allowed_in_vain");
/// An allowed range and a denied one that cross.
pub const OVERLAPPING: Code = Code::internal("access.overlapping");
/// A denied range that nothing allows.
pub const NEEDLESS: Code = Code::internal("access.needless");
/// Two entries that could be one.
pub const MERGEABLE: Code = Code::internal("access.mergeable");
/// A list that lets nobody in.
pub const ADMITS_NOBODY: Code = Code::internal("access.admits_nobody");
/// A list without entries of one of the families.
pub const FAMILY_GAP: Code = Code::internal("access.family_gap");
/// A list that lets in too much of the internet.
pub const WHOLE_INTERNET: Code = Code::internal("access.whole_internet");

/// One oddity of a list, as [`lint`](super::lint()) finds it. Entries are counted from 0.
///
/// `Display` is an English sentence for the administrator; a translation goes by [`code`](Finding::code) and the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Finding {
    /// Its time is over.
    Expired {
        /// Which entry.
        entry: usize,
    },
    /// All of it is set aside for something: documentation, a private network, multicast … No client of this list
    /// comes from there.
    Special {
        /// Which entry.
        entry: usize,
        /// For what.
        class: AddressClass,
    },
    /// It allows more addresses than one entry may ([`ListPolicy`](super::ListPolicy)). Blocking.
    TooWide {
        /// Which entry.
        entry: usize,
    },
    /// The same range and effect as another, which counts whenever it does.
    Duplicate {
        /// Which entry.
        entry: usize,
        /// The other.
        of: usize,
    },
    /// A wider entry of the same effect does all that it does.
    Shadowed {
        /// Which entry.
        entry: usize,
        /// The wider one; several together, if `None`.
        by: Option<usize>,
    },
    /// It allows what is denied, and a deny wins. Blocking: who wrote it believes otherwise.
    Denied {
        /// Which entry.
        entry: usize,
        /// The denial; several together, if `None`.
        by: Option<usize>,
    },
    /// It allows a range that begins or ends within a denied one.
    Overlapping {
        /// Which entry.
        entry: usize,
        /// The denial.
        deny: usize,
    },
    /// It denies what no entry allows.
    Needless {
        /// Which entry.
        entry: usize,
    },
    /// Two of the same effect and time that touch or overlap.
    Mergeable {
        /// Which entry.
        entry: usize,
        /// The other.
        with: usize,
        /// What they are together.
        into: AddressRange,
    },
    /// The list is on and lets in no address at all. Blocking.
    AdmitsNobody,
    /// The list is on and has allowed ranges of the other family only: every client of this one is refused.
    FamilyGap {
        /// Which family.
        family: Family,
    },
    /// Together the entries let in more of a family than they may ([`ListPolicy`](super::ListPolicy)), now or later.
    /// Blocking.
    WholeInternet {
        /// Which family.
        family: Family,
        /// How many thousandths of it, rounded up.
        permille: u16,
    },
}

impl Finding {
    /// Whether a proposal with it has to be forced.
    #[must_use]
    pub const fn is_blocking(&self) -> bool {
        use Finding::{AdmitsNobody, Denied, TooWide, WholeInternet};
        matches!(self, TooWide { .. } | Denied { .. } | AdmitsNobody | WholeInternet { .. })
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Expired { .. } => EXPIRED,
            Self::Special { .. } => SPECIAL,
            Self::TooWide { .. } => TOO_WIDE,
            Self::Duplicate { .. } => DUPLICATE,
            Self::Shadowed { .. } => SHADOWED,
            Self::Denied { .. } => ALLOWED_IN_VAIN,
            Self::Overlapping { .. } => OVERLAPPING,
            Self::Needless { .. } => NEEDLESS,
            Self::Mergeable { .. } => MERGEABLE,
            Self::AdmitsNobody => ADMITS_NOBODY,
            Self::FamilyGap { .. } => FAMILY_GAP,
            Self::WholeInternet { .. } => WHOLE_INTERNET,
        }
    }

    /// The entry it is about, if it is not the whole list.
    #[must_use]
    pub const fn entry(&self) -> Option<usize> {
        match self {
            Self::Expired { entry }
            | Self::Special { entry, .. }
            | Self::TooWide { entry }
            | Self::Duplicate { entry, .. }
            | Self::Shadowed { entry, .. }
            | Self::Denied { entry, .. }
            | Self::Overlapping { entry, .. }
            | Self::Needless { entry }
            | Self::Mergeable { entry, .. } => Some(*entry),
            Self::AdmitsNobody | Self::FamilyGap { .. } | Self::WholeInternet { .. } => None,
        }
    }
}

impl Finding {
    /// The sentence with entries named by the host's own words, such as the lines of a form. `Display` counts them from 0.
    ///
    /// ```
    /// use clausework::access::Finding;
    ///
    /// let finding = Finding::Shadowed { entry: 2, by: Some(0) };
    /// assert_eq!(finding.to_string(), "entry 2 is needless: entry 0 covers it");
    /// let lines = [1, 2, 4]; // the third was empty
    /// let sentence = finding.naming(|entry| format!("line {}", lines[entry]));
    /// assert_eq!(sentence.to_string(), "line 4 is needless: line 1 covers it");
    /// ```
    pub fn naming<N: fmt::Display>(self, name: impl Fn(usize) -> N) -> impl fmt::Display {
        Named(self, name)
    }

    fn say<N: fmt::Display>(&self, f: &mut fmt::Formatter<'_>, name: &dyn Fn(usize) -> N) -> fmt::Result {
        let name = |entry: &usize| name(*entry);
        match self {
            Self::Expired { entry } => write!(f, "{} has expired", name(entry)),
            Self::Special { entry, class } => write!(f, "{} is for {class} addresses: no client has one", name(entry)),
            Self::TooWide { entry } => write!(f, "{} allows more addresses than an entry may", name(entry)),
            Self::Duplicate { entry, of } => write!(f, "{} is the same as {}", name(entry), name(of)),
            Self::Shadowed { entry, by: Some(by) } => write!(f, "{} is needless: {} covers it", name(entry), name(by)),
            Self::Shadowed { entry, by: None } => write!(f, "{} is needless: others together cover it", name(entry)),
            Self::Denied { entry, by: Some(by) } => {
                write!(f, "{} is allowed in vain: {} denies all of it", name(entry), name(by))
            }
            Self::Denied { entry, by: None } => {
                write!(f, "{} is allowed in vain: others together deny all of it", name(entry))
            }
            Self::Overlapping { entry, deny } => write!(f, "{} is in part denied by {}", name(entry), name(deny)),
            Self::Needless { entry } => write!(f, "{} denies what no entry allows", name(entry)),
            Self::Mergeable { entry, with, into } => {
                write!(f, "{} and {} could be one, {into}", name(entry), name(with))
            }
            Self::AdmitsNobody => f.write_str("the list is on and lets nobody in"),
            Self::FamilyGap { family } => write!(f, "the list is on and refuses all of {family}"),
            Self::WholeInternet { family, permille } => {
                write!(f, "the entries together let in {permille} thousandths of all of {family}")
            }
        }
    }
}

struct Named<F>(Finding, F);

impl<N: fmt::Display, F: Fn(usize) -> N> fmt::Display for Named<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, &self.1)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, &|entry| alloc::format!("entry {entry}"))
    }
}
