use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clause::Clause;
use crate::deadline::{DeadlineRule, Period, Trigger};
use crate::governance::Days;
use crate::id::OpaqueId;

/// What the host wants evidence for, how often, and how long before it lapses it is told.
///
/// The documents say "regularly" and "kept current" and give no number (`X17`): without a cadence of the host's, evidence
/// holds until its own last day, and every answer says that there is no cadence.
///
/// ```
/// use clausework::clause;
/// use clausework::deadline::Period;
/// use clausework::governance::{Demand, EvidencePolicy, EvidencePolicyError};
/// use clausework::id::OpaqueId;
///
/// let iso = Demand::new(clause::E_6H_2, OpaqueId::try_new("iso-27001")?);
/// let restores = Demand::new(clause::A2_AVAIL_2, OpaqueId::try_new("db-main")?).every(Period::Months(3));
/// let policy = EvidencePolicy::builder().lead_days(30).demand(iso.clone()).demand(restores).build()?;
/// assert_eq!(policy.demands()[1].cadence(), Some(Period::Months(3)));
///
/// let twice = EvidencePolicy::builder().demand(iso.clone()).demand(iso.clone()).build();
/// assert_eq!(twice, Err(EvidencePolicyError::Twice));
/// let never = EvidencePolicy::builder().demand(iso.every(Period::Days(0))).build();
/// assert_eq!(never, Err(EvidencePolicyError::Cadence));
/// // The rule wants three; a host may want more.
/// assert_eq!(EvidencePolicy::builder().min_copies(2).build(), Err(EvidencePolicyError::Copies { asked: 2 }));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "EvidencePolicyBuilder")]
pub struct EvidencePolicy(EvidencePolicyBuilder);

impl EvidencePolicy {
    /// The longest lead time, in days: a year.
    pub const MAX_LEAD_DAYS: u32 = 366;
    /// The most demands.
    pub const MAX_DEMANDS: usize = 1000;
    /// The servers of a "three-fold redundant" service (`E-6H.4`), the original among them.
    ///
    /// A host that does not count the original asks for [four](EvidencePolicyBuilder::min_copies).
    pub const MIN_COPIES: u32 = 3;

    /// Starts with no demand, no lead time, and three servers.
    #[must_use]
    pub fn builder() -> EvidencePolicyBuilder {
        EvidencePolicyBuilder::default()
    }

    /// So many days before the last day, a measure is due soon. None: never.
    #[must_use]
    pub const fn lead_days(&self) -> u32 {
        self.0.lead_days
    }

    /// So many servers are wanted, the original among them.
    #[must_use]
    pub fn min_copies(&self) -> u32 {
        self.0.min_copies.unwrap_or(Self::MIN_COPIES)
    }

    /// What is wanted.
    #[must_use]
    pub fn demands(&self) -> &[Demand] {
        &self.0.demands
    }

    /// What is wanted of this thing under this rule.
    pub(super) fn demand(&self, clause: Clause, about: &OpaqueId) -> Option<&Demand> {
        self.0.demands.iter().find(|demand| demand.clause == clause && demand.about == *about)
    }
}

/// The settings of an [`EvidencePolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidencePolicyBuilder {
    lead_days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_copies: Option<u32>,
    demands: Vec<Demand>,
}

impl EvidencePolicyBuilder {
    /// How long before its last day a measure is due soon, in days: 0 to 366.
    #[must_use]
    pub const fn lead_days(mut self, days: u32) -> Self {
        self.lead_days = days;
        self
    }

    /// How many servers are wanted, the original among them: 3 or more (`E-6H.4`).
    #[must_use]
    pub const fn min_copies(mut self, servers: u32) -> Self {
        self.min_copies = Some(servers);
        self
    }

    /// Wants evidence; at most 1000 times.
    #[must_use]
    pub fn demand(mut self, demand: Demand) -> Self {
        self.demands.push(demand);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`EvidencePolicyError`] for the first setting that is outside its range.
    pub fn build(self) -> Result<EvidencePolicy, EvidencePolicyError> {
        if self.lead_days > EvidencePolicy::MAX_LEAD_DAYS {
            return Err(EvidencePolicyError::Lead { asked_days: self.lead_days });
        }
        if let Some(asked) = self.min_copies.filter(|copies| *copies < EvidencePolicy::MIN_COPIES) {
            return Err(EvidencePolicyError::Copies { asked });
        }
        if self.demands.len() > EvidencePolicy::MAX_DEMANDS {
            return Err(EvidencePolicyError::TooMany);
        }
        if self.demands.iter().any(|demand| demand.every.is_some_and(|every| !is_cadence(every))) {
            return Err(EvidencePolicyError::Cadence);
        }
        let mut things: Vec<_> = self.demands.iter().map(|demand| (demand.clause.id(), &demand.about)).collect();
        things.sort_unstable();
        if things.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(EvidencePolicyError::Twice);
        }
        Ok(EvidencePolicy(self))
    }
}

impl TryFrom<EvidencePolicyBuilder> for EvidencePolicy {
    type Error = EvidencePolicyError;

    fn try_from(builder: EvidencePolicyBuilder) -> Result<Self, EvidencePolicyError> {
        builder.build()
    }
}

/// Something that evidence is wanted for: a rule and what it is about; since when, and how often, if the host says so.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::Demand;
/// use clausework::id::OpaqueId;
///
/// let demand: Demand = serde_json::from_str(r#"{"clause":"E-6H.6","about":"db-main","every":{"months":3},"since":"2026-01-01"}"#)?;
/// let built = Demand::new(clause::E_6H_6, OpaqueId::try_new("db-main")?);
/// assert_eq!(demand, built.every(clausework::deadline::Period::Months(3)).since("2026-01-01".parse()?));
/// assert!(serde_json::from_str::<Demand>(r#"{"clause":"E-99","about":"db-main"}"#).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    clause: Clause,
    about: OpaqueId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    every: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<NaiveDate>,
}

impl Demand {
    /// Evidence under this rule about this thing, on every day.
    #[must_use]
    pub const fn new(clause: Clause, about: OpaqueId) -> Self {
        Self { clause, about, every: None, since: None }
    }

    /// Evidence counts no longer than this after the first of its days: the host's own cadence, 1 day to 10 years.
    #[must_use]
    pub const fn every(mut self, period: Period) -> Self {
        self.every = Some(period);
        self
    }

    /// Evidence is wanted from this day on: that of the beginning.
    #[must_use]
    pub const fn since(mut self, day: NaiveDate) -> Self {
        self.since = Some(day);
        self
    }

    /// Which rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// What it is about.
    #[must_use]
    pub const fn about(&self) -> &OpaqueId {
        &self.about
    }

    /// The host's cadence, if it has one.
    #[must_use]
    pub const fn cadence(&self) -> Option<Period> {
        self.every
    }

    /// From which day on.
    #[must_use]
    pub const fn first_day(&self) -> Option<NaiveDate> {
        self.since
    }

    /// These days, but no longer than the cadence allows. A period that cannot be counted leaves the one day.
    pub(super) fn limit(&self, days: Days) -> Days {
        let Some(every) = self.every else { return days };
        let rule = DeadlineRule::new(every, self.clause, Trigger::new("the evidence"));
        let last = rule.deadline(days.first()).map_or(days.first(), |deadline| deadline.adjusted_last_day());
        days.until(Some(last)).unwrap_or(Days::one(days.first()))
    }
}

/// Whether something can be due so often: up to ten years, and countable without a calendar.
pub(in crate::governance) const fn is_cadence(period: Period) -> bool {
    match period {
        Period::Days(count) => count >= 1 && count <= 3653,
        Period::Weeks(count) => count >= 1 && count <= 521,
        Period::Months(count) => count >= 1 && count <= 120,
        Period::Years(count) => count >= 1 && count <= 10,
        Period::WorkingDays(_) => false,
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum EvidencePolicyError {
    /// Over [`EvidencePolicy::MAX_LEAD_DAYS`].
    #[error("a lead time of {asked_days} days is more than 366")]
    Lead {
        /// Days asked for.
        asked_days: u32,
    },
    /// Fewer servers than the rule wants.
    #[error("{asked} servers are fewer than 3 (E-6H.4)")]
    Copies {
        /// Servers asked for.
        asked: u32,
    },
    /// A cadence of nothing, of more than ten years, or in working days, which need a calendar.
    #[error("a cadence is 1 day to 10 years, in days, weeks, months or years")]
    Cadence,
    /// The same is demanded twice.
    #[error("the same is demanded twice")]
    Twice,
    /// Over [`EvidencePolicy::MAX_DEMANDS`].
    #[error("more than 1000 demands")]
    TooMany,
}
