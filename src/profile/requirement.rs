use core::fmt;

use super::data;
use super::setting::{Actual, Setting};

/// A published document, as far as its numbers are about what this crate decides.
///
/// ```
/// use clausework::profile::{Demand, Profile, Setting};
///
/// let nist = Profile::Nist80063b4SingleFactor;
/// assert_eq!(nist.to_string(), "NIST SP 800-63B-4 (single-factor)");
/// let shortest = nist.requirements().find(|asked| asked.setting() == Setting::PasswordMinChars).ok_or("none")?;
/// assert_eq!((shortest.section(), shortest.demand()), ("3.1.1.2", Demand::AtLeast(15)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Profile {
    /// The ENGAGE Privacy & Security Policy of 1 January 2015.
    Engage2015,
    /// Appendix 2 of the CleverTap Data Processing Addendum.
    ClevertapDpa,
    /// NIST SP 800-63B-4 (July 2025), a password as the only factor.
    Nist80063b4SingleFactor,
    /// NIST SP 800-63B-4 (July 2025), a password as one of two factors (AAL2).
    Nist80063b4MultiFactor,
    /// OWASP ASVS 5.0, level 1.
    OwaspAsvs5L1,
    /// OWASP ASVS 5.0, level 2, which includes level 1. Level 3 has no profile of its own.
    OwaspAsvs5L2,
    /// PCI DSS 4.0.1.
    PciDss401,
    /// CIS Controls v8, accounts with a password alone.
    CisV8SingleFactor,
    /// CIS Controls v8, accounts with a second factor.
    CisV8MultiFactor,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 9] = [
        Self::Engage2015,
        Self::ClevertapDpa,
        Self::Nist80063b4SingleFactor,
        Self::Nist80063b4MultiFactor,
        Self::OwaspAsvs5L1,
        Self::OwaspAsvs5L2,
        Self::PciDss401,
        Self::CisV8SingleFactor,
        Self::CisV8MultiFactor,
    ];

    /// What it is called: the document and its edition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engage2015 => "ENGAGE Privacy & Security Policy, 2015",
            Self::ClevertapDpa => "CleverTap DPA, Appendix 2",
            Self::Nist80063b4SingleFactor => "NIST SP 800-63B-4 (single-factor)",
            Self::Nist80063b4MultiFactor => "NIST SP 800-63B-4 (multi-factor)",
            Self::OwaspAsvs5L1 => "OWASP ASVS 5.0, level 1",
            Self::OwaspAsvs5L2 => "OWASP ASVS 5.0, level 2",
            Self::PciDss401 => "PCI DSS 4.0.1",
            Self::CisV8SingleFactor => "CIS Controls v8 (single-factor)",
            Self::CisV8MultiFactor => "CIS Controls v8 (multi-factor)",
        }
    }

    /// What it asks, in the order of its sections. Of a level that includes another, that other's requirements are among
    /// them, and [say so](Requirement::profile).
    ///
    /// ```
    /// use clausework::profile::Profile;
    ///
    /// let asked = |profile: Profile| profile.requirements().map(|asked| (asked.profile(), asked.section())).collect::<Vec<_>>();
    /// let [one, two] = [Profile::OwaspAsvs5L1, Profile::OwaspAsvs5L2].map(asked);
    /// assert!(one.iter().all(|asked| two.contains(asked))); // a policy that fails level 1 fails level 2
    /// assert!(two.contains(&(Profile::OwaspAsvs5L1, "6.2.5")) && two.contains(&(Profile::OwaspAsvs5L2, "6.2.10")));
    /// ```
    pub fn requirements(self) -> impl Iterator<Item = Requirement> {
        data::REQUIREMENTS.iter().copied().filter(move |asked| self.includes(asked.profile))
    }

    /// Whether whoever meets it must meet that one, too.
    pub(super) fn includes(self, other: Self) -> bool {
        self == other || (self == Self::OwaspAsvs5L2 && other == Self::OwaspAsvs5L1)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How strongly a document asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: it is demanded or recommended")]
pub enum Level {
    /// It is recommended: a "should".
    Should,
    /// It is demanded: a "shall" or "must".
    Must,
}

/// What a setting has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Demand {
    /// A number, not below this.
    AtLeast(u64),
    /// A number, not above this: no limit at all is not enough.
    AtMost(u64),
    /// Some number, which the document leaves to the host.
    Chosen,
    /// No limit at all.
    Unlimited,
    /// Switched on.
    On,
    /// Switched off.
    Off,
}

impl Demand {
    /// Whether a setting satisfies it.
    ///
    /// ```
    /// use clausework::profile::{Actual, Demand};
    ///
    /// assert!(Demand::AtMost(100).is_met_by(Actual::Number(100)));
    /// assert!(!Demand::AtMost(100).is_met_by(Actual::None));
    /// assert!(!Demand::Unlimited.is_met_by(Actual::Number(90)));
    /// ```
    #[must_use]
    pub const fn is_met_by(self, actual: Actual) -> bool {
        match (self, actual) {
            (Self::AtLeast(least), Actual::Number(number)) => number >= least,
            (Self::AtMost(most), Actual::Number(number)) => number <= most,
            (Self::Chosen, Actual::Number(_)) | (Self::Unlimited, Actual::None) => true,
            (Self::On, Actual::Switch(switch)) => switch,
            (Self::Off, Actual::Switch(switch)) => !switch,
            _ => false,
        }
    }

    /// Whether one setting can satisfy both.
    pub(super) const fn agrees_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::AtLeast(least), Self::AtMost(most)) | (Self::AtMost(most), Self::AtLeast(least)) => least <= most,
            (Self::Unlimited, other) | (other, Self::Unlimited) => matches!(other, Self::Unlimited),
            (Self::On, Self::Off) | (Self::Off, Self::On) => false,
            _ => true,
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::Chosen => f.write_str("limited"),
            Self::Unlimited => f.write_str("not limited"),
            Self::On => f.write_str("on"),
            Self::Off => f.write_str("off"),
        }
    }
}

/// One number of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub(super) profile: Profile,
    pub(super) section: &'static str,
    pub(super) level: Level,
    pub(super) setting: Setting,
    pub(super) demand: Demand,
}

impl Requirement {
    /// Whose: of a level that includes another, the lowest that asks for it.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// The section of the document, as it numbers them; of the two source documents, the id of the clause.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.section
    }

    /// How strongly it is asked.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// About which setting.
    #[must_use]
    pub const fn setting(&self) -> Setting {
        self.setting
    }

    /// What that has to be.
    #[must_use]
    pub const fn demand(&self) -> Demand {
        self.demand
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.level {
            Level::Should => "should",
            Level::Must => "must",
        };
        write!(f, "{}, {}: {} {word} be {}", self.profile, self.section, self.setting, self.demand)
    }
}
