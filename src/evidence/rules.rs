//! Which rules were in force, number by number, with their clauses.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::ReportPeriod;
use crate::access::ListMode;
use crate::alerts::AlertPolicy;
use crate::clause::{self, Clause};
use crate::profile::{Actual, Level, PolicySet, Profile, Setting};
use crate::staff::StaffPolicy;
use crate::time::Timestamp;

/// The rules that the host says were in force (E-4, E-5.10c, E-C.1), and what changed in the period.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// use clausework::profile::PolicySet;
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let policy = |lock: u32| {
///     PolicySet::from_json(&format!(
///         r#"{{ "sign_in": {{ "lockout": {{ "lock_secs": {lock} }},
///             "session": {{ "lifetime_secs": 28800, "idle": {{ "lock": {{ "after_secs": 900 }} }} }} }} }}"#
///     ))
/// };
/// let changed = november.from().saturating_add(core::time::Duration::from_secs(86_400));
/// let mut report = Report::builder(now, tenant, november);
/// let report = report.policies_since(november.from(), &policy(900)?).policies_since(changed, &policy(1800)?).build();
/// let change = &report.rules.as_ref().ok_or("none handed in")?.changes[0];
/// assert_eq!((change.before.to_string(), change.after.to_string(), change.unit), ("900".into(), "1800".into(), "seconds"));
/// assert_eq!(change.clauses[0].id(), "E-6P.3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleSection {
    /// Since when the policies in force at the end of the period were; none if only rules without a date were handed in.
    pub in_force_since: Option<Timestamp>,
    /// Whether it was handed in which policies were in force when the period began.
    pub known_from_start: bool,
    /// Every number in force at the end of the period, or at present if it is not over.
    pub rules: Vec<RuleRow>,
    /// What of the rules was changed in the period, in order.
    pub changes: Vec<RuleChange>,
    /// When policies came into force in the period that differ from those before, and in none of the rules.
    pub unlisted_changes: Vec<Timestamp>,
}

/// One number that the host set, or that an agreement sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleRow {
    /// Its place in a policy file, or what is worked out from there.
    pub setting: &'static str,
    /// What it means.
    pub name: &'static str,
    /// What it is.
    pub value: RuleValue,
    /// The unit of a number; empty without one.
    pub unit: &'static str,
    /// The clauses that ask for it; none where it is the host's own choice.
    pub clauses: Vec<Clause>,
}

impl RuleRow {
    pub(super) fn new(
        setting: &'static str,
        name: &'static str,
        value: RuleValue,
        unit: &'static str,
        clauses: &[Clause],
    ) -> Self {
        Self { setting, name, value, unit, clauses: clauses.to_vec() }
    }
}

/// What a rule is set to.
///
/// ```
/// use clausework::evidence::RuleValue;
///
/// assert_eq!(RuleValue::Number(3).to_string(), "3");
/// assert_eq!(serde_json::to_string(&RuleValue::Unlimited)?, "null");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum RuleValue {
    /// So many, in the rule's unit.
    Number(u64),
    /// On or off.
    Switch(bool),
    /// In words.
    Text(String),
    /// There is no such limit.
    Unlimited,
}

impl From<Actual> for RuleValue {
    fn from(actual: Actual) -> Self {
        match actual {
            Actual::Number(number) => Self::Number(number),
            Actual::Switch(switch) => Self::Switch(switch),
            Actual::None => Self::Unlimited,
        }
    }
}

impl fmt::Display for RuleValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(true) => f.write_str("on"),
            Self::Switch(false) => f.write_str("off"),
            Self::Text(text) => f.write_str(text),
            Self::Unlimited => f.write_str("not limited"),
        }
    }
}

/// A rule that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleChange {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub setting: &'static str,
    /// What it means.
    pub name: &'static str,
    /// What it was.
    pub before: RuleValue,
    /// What it became.
    pub after: RuleValue,
    /// The unit of a number.
    pub unit: &'static str,
    /// The clauses that ask for it.
    pub clauses: Vec<Clause>,
}

/// The policies in force at the end of the period, held against a published document (see [`profile`](crate::profile)).
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// # use clausework::profile::{PolicySet, Profile};
/// let policy = PolicySet::from_json(
///     r#"{ "sign_in": { "lockout": { "lock_secs": 60 }, "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#,
/// )?;
/// let report = Report::builder(now, tenant, november).policies_since(november.from(), &policy).profile(Profile::Engage2015).build();
/// let held = &report.profiles.as_ref().ok_or("none")?[0];
/// assert_eq!((held.profile, held.findings.len()), (Profile::Engage2015.as_str(), 1));
/// let short = &held.findings[0];
/// assert_eq!((short.setting, short.actual.to_string(), short.is_demanded), ("sign_in.lockout.lock_secs", "60".into(), true));
/// let rows = &report.rules.as_ref().ok_or("none")?.rules;
/// assert!(rows.iter().any(|row| row.setting == short.setting && row.value == short.actual && row.unit == "seconds"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProfileRow {
    /// The document and its edition.
    pub profile: &'static str,
    /// How many of its numbers were held against.
    pub asked: u64,
    /// Where the policies fall short.
    pub findings: Vec<ProfileFindingRow>,
}

/// Where the policies fall short of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProfileFindingRow {
    /// Which document asks: of a level that includes another, the lowest.
    pub of: &'static str,
    /// The section, as the document numbers them.
    pub section: &'static str,
    /// Whether it is demanded, and not only recommended.
    pub is_demanded: bool,
    /// Which setting.
    pub setting: &'static str,
    /// What it is.
    pub actual: RuleValue,
    /// What is asked.
    pub asked: String,
}

impl ProfileRow {
    pub(super) fn of(set: &PolicySet, profile: Profile) -> Self {
        let finding = |finding: crate::profile::Finding| ProfileFindingRow {
            of: finding.requirement().profile().as_str(),
            section: finding.requirement().section(),
            is_demanded: finding.requirement().level() == Level::Must,
            setting: finding.requirement().setting().as_str(),
            actual: finding.actual().into(),
            asked: finding.requirement().demand().to_string(),
        };
        Self {
            profile: profile.as_str(),
            asked: u64::try_from(profile.requirements().count()).unwrap_or(u64::MAX),
            findings: set.audit(profile).into_iter().map(finding).collect(),
        }
    }
}

/// A setting, what it means, its unit, and the clauses of the two documents that ask for it.
type Row = (Setting, &'static str, &'static str, &'static [Clause]);

const SETTINGS: &[Row] = &[
    (Setting::PasswordMinChars, "shortest password", "characters", &[clause::E_6P_1]),
    (Setting::PasswordMaxChars, "longest password that is taken", "characters", &[]),
    (Setting::PasswordDigit, "a password has a digit", "", &[clause::E_6P_1]),
    (Setting::PasswordUpper, "a password has an upper-case letter", "", &[clause::E_6P_1]),
    (Setting::PasswordLower, "a password has a lower-case letter", "", &[clause::E_6P_1]),
    (Setting::PasswordMaxAge, "a password has to be changed after", "days", &[]),
    (Setting::PasswordHistory, "former passwords that are refused", "passwords", &[]),
    (Setting::Blocklist, "common or known passwords are refused", "", &[]),
    (Setting::Screening, "new passwords are screened in a source of the host's", "", &[]),
    (Setting::TemporaryLifetime, "a temporary password expires after", "seconds", &[clause::E_5_1D, clause::E_6P_2]),
    (
        Setting::LockoutLimit,
        "wrong passwords until an account is locked",
        "attempts",
        &[clause::E_6P_3, clause::A2_ACCESS_4],
    ),
    (Setting::LockoutSeconds, "a lock holds for", "seconds", &[clause::E_6P_3]),
    (Setting::LockoutCap, "failures in a row that disable a password", "attempts", &[clause::A2_ACCESS_4]),
    (Setting::SessionLifetime, "a session lasts at most", "seconds", &[clause::E_5_10B]),
    (
        Setting::SessionIdle,
        "an idle session is ended or locked after",
        "seconds",
        &[clause::E_5_10B, clause::A2_ACCESS_3],
    ),
    (Setting::Dormancy, "an unused account is closed after", "days", &[clause::A2_INPUT_6]),
    (Setting::HashFloor, "a password hash costs what OWASP ASVS 5.0 asks", "", &[]),
    (Setting::AdministrationMonths, "administrators' logs are kept for", "months", &[clause::A2_MON_2]),
    (Setting::LogMonths, "every class of the audit log is kept for", "months", &[]),
];

/// Every number of these policies.
pub(super) fn of_policies(set: &PolicySet) -> Vec<RuleRow> {
    let access = set.sign_in().access();
    let settings = SETTINGS.iter();
    let mut rows: Vec<RuleRow> = settings
        .map(|(setting, name, unit, clauses)| {
            RuleRow::new(setting.as_str(), name, setting.of(set).into(), unit, clauses)
        })
        .collect();
    let lists = access.lists().filter(|list| list.mode() == ListMode::On).count();
    let lists = u64::try_from(lists).unwrap_or(u64::MAX);
    rows.push(RuleRow::new(
        "sign_in.access.ip_list",
        "lists of allowed addresses that are on",
        RuleValue::Number(lists),
        "lists",
        &[clause::E_5_7],
    ));
    rows.push(RuleRow::new(
        "sign_in.access.https_only",
        "sign-in over HTTPS only",
        RuleValue::Switch(access.https_only()),
        "",
        &[clause::E_5_8],
    ));
    let recorded =
        set.sign_in().denials().map_or(RuleValue::Unlimited, |denials| RuleValue::Number(denials.recorded().into()));
    rows.push(RuleRow::new(
        "sign_in.denials.recorded",
        "denials of a source recorded one by one in a window",
        recorded,
        "denials",
        &[clause::A2_ACCESS_5],
    ));
    rows
}

/// The numbers of staff access.
pub(super) fn of_staff(policy: &StaffPolicy) -> Vec<RuleRow> {
    let number = |setting, name, number: u64, unit, clauses: &[Clause]| {
        RuleRow::new(setting, name, RuleValue::Number(number), unit, clauses)
    };
    Vec::from([
        number(
            "staff.approvals",
            "approvals that a grant needs",
            policy.approvals().into(),
            "approvals",
            &[clause::E_5_5],
        ),
        number(
            "staff.max_duration_secs",
            "a grant lasts at most",
            policy.max_duration().as_secs(),
            "seconds",
            &[clause::E_5_5],
        ),
        number(
            "staff.pending_secs",
            "a request waits for approval at most",
            policy.pending().as_secs(),
            "seconds",
            &[clause::E_5_5],
        ),
        number(
            "staff.unused_secs",
            "an approved grant waits for its first use at most",
            policy.unused().as_secs(),
            "seconds",
            &[clause::E_5_5],
        ),
        number(
            "staff.max_open",
            "grants of a tenant that are open at once",
            policy.max_open().into(),
            "grants",
            &[clause::D_4_1B],
        ),
    ])
}

/// The thresholds of the detectors.
pub(super) fn of_alerts(policy: &AlertPolicy) -> Vec<RuleRow> {
    let number = |setting, name, number: u64, unit| {
        RuleRow::new(setting, name, RuleValue::Number(number), unit, &[clause::A2_ACCESS_4])
    };
    Vec::from([
        number("alerts.failures", "failures of one account that raise an alert", policy.failures().into(), "failures"),
        number("alerts.window_secs", "within", policy.window().as_secs(), "seconds"),
        number(
            "alerts.spraying_accounts",
            "accounts tried from one source that raise an alert",
            policy.spraying_accounts().into(),
            "accounts",
        ),
        number(
            "alerts.stuffing_accounts",
            "accounts tried once or twice from one source that raise an alert",
            policy.stuffing_accounts().into(),
            "accounts",
        ),
    ])
}

impl RuleSection {
    /// Of the versions of the policies, in any order; `at` is the end of the period or the present.
    pub(super) fn of(
        period: ReportPeriod,
        at: Timestamp,
        versions: &[(Timestamp, PolicySet)],
        others: Vec<RuleRow>,
    ) -> Option<Self> {
        if versions.is_empty() && others.is_empty() {
            return None;
        }
        let mut versions: Vec<&(Timestamp, PolicySet)> = versions.iter().filter(|(since, _)| *since < at).collect();
        versions.sort_by_key(|(since, _)| *since); // stable: of one instant, the one that was handed in last counts
        let (mut changes, mut unlisted_changes) = (Vec::new(), Vec::new());
        for pair in versions.windows(2) {
            let [(_, before), (since, after)] = pair else { continue };
            if !period.has(*since) {
                continue;
            }
            let (listed, differ) = (changes.len(), before != after);
            let rows = of_policies(before).into_iter().zip(of_policies(after));
            changes.extend(rows.filter(|(before, after)| before.value != after.value).map(|(before, after)| {
                RuleChange {
                    at: *since,
                    setting: after.setting,
                    name: after.name,
                    before: before.value,
                    after: after.value,
                    unit: after.unit,
                    clauses: after.clauses,
                }
            }));
            if differ && changes.len() == listed {
                unlisted_changes.push(*since);
            }
        }
        let mut rules = versions.last().map(|(_, set)| of_policies(set)).unwrap_or_default();
        rules.extend(others);
        Some(Self {
            in_force_since: versions.last().map(|(since, _)| *since),
            known_from_start: versions.first().is_some_and(|(since, _)| *since <= period.from()),
            rules,
            changes,
            unlisted_changes,
        })
    }
}
