use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::PolicySet;
use super::setting::implies;
use crate::access::{AccessPolicy, ListMode, OutsideUse};
use crate::audit::record::Class;
use crate::audit::retention::{RetentionPolicy, covers};
use crate::lockout::{LanePolicy, LockoutPolicy, Repeats};
use crate::password::{ContextRule, PasswordPolicy};
use crate::screening::UnknownPolicy;
use crate::sign_in::SignInPolicy;

/// One setting that a customer asked to loosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosening {
    setting: &'static str,
    baseline: String,
    asked: String,
}

impl Loosening {
    /// Its place in a policy file.
    #[must_use]
    pub const fn setting(&self) -> &'static str {
        self.setting
    }
}

impl fmt::Display for Loosening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, {} would loosen it", self.setting, self.baseline, self.asked)
    }
}

/// What a customer asked would loosen the provider's baseline: every setting that it would.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TightenError {
    /// Which, in the order of a policy file; at least one.
    pub loosened: Vec<Loosening>,
}

impl core::error::Error for TightenError {}

impl fmt::Display for TightenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, loosening) in self.loosened.iter().enumerate() {
            write!(f, "{}{loosening}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl PolicySet {
    /// The customer's policy, if it is nowhere looser than this one: the provider sets a floor, and customers "further
    /// heighten" it (E-4).
    ///
    /// Stricter is what lets fewer passwords, attempts, sessions or addresses through, or keeps the log longer. Of the
    /// lanes of a lock-out, that of familiar sources adds a budget, so a customer may give it up; those of a source only
    /// take from it, so a customer may add them. No lane that both have may differ. An IP list of the baseline that is on
    /// has to be the customer's too.
    ///
    /// ```
    /// use clausework::profile::PolicySet;
    ///
    /// let file = |limit: u32, lock: u32| {
    ///     PolicySet::from_json(&format!(
    ///         r#"{{ "sign_in": {{ "lockout": {{ "limit": {limit}, "lock_secs": {lock} }},
    ///             "session": {{ "lifetime_secs": 28800, "idle": {{ "lock": {{ "after_secs": 900 }} }} }} }} }}"#
    ///     ))
    /// };
    /// let baseline = file(3, 900)?;
    /// assert_eq!(baseline.tighten(file(2, 3600)?)?.sign_in().lockout().limit(), 2);
    ///
    /// let refused = baseline.tighten(file(5, 60)?).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "sign_in.lockout.limit is 3, 5 would loosen it; sign_in.lockout.lock_secs is 900 s, 60 s would loosen it",
    /// );
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TightenError`] names every setting that would loosen.
    pub fn tighten(&self, customer: Self) -> Result<Self, TightenError> {
        let mut found = Found(Vec::new());
        sign_in(&mut found, self.sign_in(), customer.sign_in());
        let (cost, asked) = (self.hashing().cost(), customer.hashing().cost());
        found.check("hashing.cost", asked.dominates(cost), cost, asked);
        retention(&mut found, self.retention(), customer.retention());
        match found.0 {
            loosened if loosened.is_empty() => Ok(customer),
            loosened => Err(TightenError { loosened }),
        }
    }
}

struct Found(Vec<Loosening>);

impl Found {
    fn check(&mut self, setting: &'static str, is_kept: bool, baseline: impl fmt::Display, asked: impl fmt::Display) {
        if !is_kept {
            self.0.push(Loosening { setting, baseline: baseline.to_string(), asked: asked.to_string() });
        }
    }

    /// More is stricter.
    fn at_least<T: Ord + fmt::Display>(&mut self, setting: &'static str, baseline: T, asked: T) {
        self.check(setting, asked >= baseline, &baseline, &asked);
    }

    /// Less is stricter.
    fn at_most<T: Ord + fmt::Display>(&mut self, setting: &'static str, baseline: T, asked: T) {
        self.check(setting, asked <= baseline, &baseline, &asked);
    }

    /// Less is stricter, and no limit is the least strict.
    fn limit<T: Ord + Copy + fmt::Display>(&mut self, setting: &'static str, baseline: Option<T>, asked: Option<T>) {
        let is_kept = match (baseline, asked) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(most), Some(asked)) => asked <= most,
        };
        self.check(setting, is_kept, Shown(baseline), Shown(asked));
    }
}

/// A limit, or that there is none.
struct Shown<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("no limit"),
        }
    }
}

/// A length of time, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_secs())
    }
}

fn sign_in(found: &mut Found, baseline: &SignInPolicy, asked: &SignInPolicy) {
    access(found, baseline.access(), asked.access());
    lockout(found, baseline.lockout(), asked.lockout());
    lanes(found, baseline.lanes(), asked.lanes());
    let recorded = match (baseline.denials(), asked.denials()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(baseline), Some(asked)) => asked.recorded() >= baseline.recorded() && asked.window() <= baseline.window(),
    };
    found.check("sign_in.denials", recorded, "to record more", "to record fewer");
    password(found, baseline.password(), asked.password());
    found.at_most(
        "sign_in.session.lifetime_secs",
        Seconds(baseline.session().lifetime()),
        Seconds(asked.session().lifetime()),
    );
    let idle = |policy: &SignInPolicy| policy.session().idle_after().map(Seconds);
    found.limit("sign_in.session.idle", idle(baseline), idle(asked));
    found.at_most("sign_in.session.cap", baseline.session().cap(), asked.session().cap());
    let (of, to) = (baseline.temporary(), asked.temporary());
    found.at_most("sign_in.temporary.lifetime_secs", Seconds(of.lifetime()), Seconds(to.lifetime()));
    found.at_most("sign_in.temporary.change_window_secs", Seconds(of.change_window()), Seconds(to.change_window()));
    found.check("sign_in.screen_common", asked.screen_common() >= baseline.screen_common(), "on", "off");
    let (of, to) = (strictness(baseline.screening()), strictness(asked.screening()));
    found.check("sign_in.screening", to.0 >= of.0, of.1, to.1);
    let (of, to) = (baseline.dormancy(), asked.dormancy());
    found.limit(
        "sign_in.dormancy.period_days",
        of.map(|policy| policy.period_days()),
        to.map(|policy| policy.period_days()),
    );
    if let (Some(of), Some(to)) = (of, to) {
        found.at_most("sign_in.dormancy.grace_days", of.grace_days(), to.grace_days());
        let exempt = to.exempt().iter().all(|account| of.exempt().contains(account));
        found.check("sign_in.dormancy.exempt", exempt, "for fewer", "for more accounts");
    }
}

const fn strictness(unknown: Option<UnknownPolicy>) -> (u8, &'static str) {
    match unknown {
        None => (0, "off"),
        Some(UnknownPolicy::Accept) => (1, "accept"),
        Some(UnknownPolicy::AcceptAndRecheck) => (2, "accept_and_recheck"),
        Some(UnknownPolicy::Refuse) => (3, "refuse"),
    }
}

fn access(found: &mut Found, baseline: &AccessPolicy, asked: &AccessPolicy) {
    let kept =
        baseline.lists().filter(|list| list.mode() == ListMode::On).all(|list| asked.lists().any(|own| own == list));
    found.check("sign_in.access.ip_list", kept, "on", "another");
    found.check("sign_in.access.https_only", asked.https_only() >= baseline.https_only(), "on", "off");
    let ends = |policy: &AccessPolicy| policy.outside_use() == OutsideUse::End;
    found.check("sign_in.access.outside_use", ends(asked) >= ends(baseline), "end", "refuse");
}

fn lockout(found: &mut Found, baseline: &LockoutPolicy, asked: &LockoutPolicy) {
    found.at_most("sign_in.lockout.limit", baseline.limit(), asked.limit());
    found.at_least("sign_in.lockout.lock_secs", Seconds(baseline.lock()), Seconds(asked.lock()));
    // Where either grows is where they could cross.
    let steps = baseline.tiers().iter().chain(asked.tiers()).map(|tier| tier.failures);
    let shorter = steps.filter(|run| asked.lock_after(*run) < baseline.lock_after(*run)).min();
    let (of, to) = (shorter.map(|run| baseline.lock_after(run)), shorter.map(|run| asked.lock_after(run)));
    found.check("sign_in.lockout.tiers", shorter.is_none(), Shown(of.map(Seconds)), Shown(to.map(Seconds)));
    found.limit("sign_in.lockout.cap", baseline.cap(), asked.cap());
    let counted = |policy: &LockoutPolicy| policy.repeats() == Repeats::Counted;
    found.check("sign_in.lockout.repeats", counted(asked) >= counted(baseline), "counted", "free");
}

fn lanes(found: &mut Found, baseline: &LanePolicy, asked: &LanePolicy) {
    let sources = |lanes: &LanePolicy| lanes.source().is_some() || lanes.account_source().is_some();
    let prefixes = |lanes: &LanePolicy| (lanes.ipv4_prefix(), lanes.ipv6_prefix());
    // What a source is matters to the lanes of the baseline that take from the budget, and to the one that adds to it.
    let told_apart = sources(baseline) || asked.familiar().is_some();
    let kept = (baseline.source().is_none()
        || (asked.source(), asked.sourceless()) == (baseline.source(), baseline.sourceless()))
        && (baseline.account_source().is_none() || asked.account_source() == baseline.account_source())
        && (asked.familiar().is_none() || asked.familiar() == baseline.familiar())
        && asked.temporary() == baseline.temporary()
        && asked.unknown_names() == baseline.unknown_names()
        && (!told_apart || prefixes(asked) == prefixes(baseline));
    found.check("sign_in.lanes", kept, "set", "other lanes");
}

fn password(found: &mut Found, baseline: &PasswordPolicy, asked: &PasswordPolicy) {
    found.at_least("sign_in.password.min_chars", baseline.min_chars(), asked.min_chars());
    found.at_most("sign_in.password.max_chars", baseline.max_chars(), asked.max_chars());
    found.at_most("sign_in.password.max_bytes", baseline.max_bytes(), asked.max_bytes());
    let kept = baseline.required().all(|class| implies(asked, class));
    found.check("sign_in.password.required", kept, "more", "fewer classes");
    found.limit("sign_in.password.max_repeat", baseline.max_repeat(), asked.max_repeat());
    found.limit("sign_in.password.max_sequence", baseline.max_sequence(), asked.max_sequence());
    found.limit("sign_in.password.max_keyboard_run", baseline.max_keyboard_run(), asked.max_keyboard_run());
    found.check("sign_in.password.context", is_kept(baseline.context(), asked.context()), "stricter", "another");
    let seconds = |age: Option<Duration>| Seconds(age.unwrap_or_default());
    found.at_least("sign_in.password.min_age_secs", seconds(baseline.min_age()), seconds(asked.min_age()));
    found.limit("sign_in.password.max_age_secs", baseline.max_age().map(Seconds), asked.max_age().map(Seconds));
    found.check(
        "sign_in.password.min_strength",
        asked.min_strength() >= baseline.min_strength(),
        "higher",
        "a lower one",
    );
    found.at_least("sign_in.password.history", baseline.history(), asked.history());
}

fn is_kept(baseline: ContextRule, asked: ContextRule) -> bool {
    match (baseline, asked) {
        (ContextRule::Off, _) | (ContextRule::Words, ContextRule::Words | ContextRule::Similar { .. }) => true,
        (
            ContextRule::Similar { min_distance, max_common_percent },
            ContextRule::Similar { min_distance: distance, max_common_percent: percent },
        ) => {
            let part = match (max_common_percent, percent) {
                (None, _) => true,
                (Some(most), Some(percent)) => percent <= most,
                (Some(_), None) => false,
            };
            distance >= min_distance && part
        }
        _ => false,
    }
}

fn retention(found: &mut Found, baseline: &RetentionPolicy, asked: &RetentionPolicy) {
    for (class, minimum, maximum) in [
        (Class::Administration, "retention.administration.minimum", "retention.administration.maximum"),
        (Class::Authentication, "retention.authentication.minimum", "retention.authentication.maximum"),
        (Class::Access, "retention.access.minimum", "retention.access.maximum"),
        (Class::Change, "retention.change.minimum", "retention.change.maximum"),
        (Class::General, "retention.general.minimum", "retention.general.maximum"),
        (Class::Log, "retention.log.minimum", "retention.log.maximum"),
    ] {
        let (of, to) = (baseline.term(class), asked.term(class));
        found.check(minimum, covers(to.minimum, of.minimum), of.minimum, to.minimum);
        let kept = match (of.maximum, to.maximum) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(most), Some(asked)) => covers(most, asked),
        };
        found.check(maximum, kept, Shown(of.maximum), Shown(to.maximum));
    }
}
