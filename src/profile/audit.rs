use alloc::vec::Vec;
use core::fmt;

use super::requirement::{Level, Profile, Requirement};
use super::setting::{Actual, Setting};
use super::{Demand, PolicySet, data};

/// Where a policy falls short of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    requirement: Requirement,
    actual: Actual,
}

impl Finding {
    /// What is asked.
    #[must_use]
    pub const fn requirement(&self) -> &Requirement {
        &self.requirement
    }

    /// What is there.
    #[must_use]
    pub const fn actual(&self) -> Actual {
        self.actual
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Requirement { profile, section, level, setting, demand } = self.requirement;
        let word = if level == Level::Must { "must" } else { "should" };
        write!(f, "{profile}, {section}: {setting} is {}, {word} be {demand}", self.actual)
    }
}

impl PolicySet {
    /// Where the policy falls short of a document, in the order of its sections; nothing if nowhere.
    #[must_use]
    pub fn audit(&self, profile: Profile) -> Vec<Finding> {
        let finding = |requirement: Requirement| {
            let actual = requirement.setting.of(self);
            (!requirement.demand.is_met_by(actual)).then_some(Finding { requirement, actual })
        };
        profile.requirements().filter_map(finding).collect()
    }
}

/// Two demands that no policy can meet at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// What the one demands.
    pub one: Requirement,
    /// What the other demands.
    pub other: Requirement,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.one, self.other)
    }
}

/// What documents demand that cannot be met at once; recommendations give way and are not told.
///
/// ```
/// use clausework::profile::{Profile, Setting, conflicts};
///
/// let found = conflicts(&[Profile::Nist80063b4SingleFactor, Profile::PciDss401]);
/// assert!(found.iter().any(|conflict| conflict.one.setting() == Setting::PasswordMaxAge)); // never, and every 90 days
/// assert!(conflicts(&[Profile::Engage2015, Profile::PciDss401, Profile::ClevertapDpa]).is_empty());
/// ```
#[must_use]
pub fn conflicts(profiles: &[Profile]) -> Vec<Conflict> {
    let is_asked = |asked: &&Requirement| profiles.iter().any(|profile| profile.includes(asked.profile));
    let all: Vec<Requirement> = data::REQUIREMENTS.iter().filter(is_asked).copied().collect();
    let mut found = Vec::new();
    for (index, one) in all.iter().enumerate() {
        for other in all.iter().skip(index.saturating_add(1)) {
            let demanded = one.level == Level::Must && other.level == Level::Must;
            if demanded && one.profile != other.profile && disagree(one, other) {
                found.push(Conflict { one: *one, other: *other });
            }
        }
    }
    found
}

fn disagree(one: &Requirement, other: &Requirement) -> bool {
    if one.setting == other.setting {
        return !one.demand.agrees_with(other.demand);
    }
    // To ask for a class is to ask for composition.
    let asks_for_a_class = |asked: &Requirement| {
        let of_a_class = matches!(
            asked.setting,
            Setting::PasswordDigit | Setting::PasswordLetter | Setting::PasswordUpper | Setting::PasswordLower
        );
        of_a_class && asked.demand == Demand::On
    };
    let forbids_classes =
        |asked: &Requirement| asked.setting == Setting::PasswordComposition && asked.demand == Demand::Off;
    asks_for_a_class(one) && forbids_classes(other) || forbids_classes(one) && asks_for_a_class(other)
}
