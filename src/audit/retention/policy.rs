use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audit::record::Class;
use crate::clause::{self, Clause};
use crate::deadline::{Counting, DeadlineError, DeadlineRule, MonthEnd, Period, Trigger};
use crate::time::Timestamp;

/// A2-Mon-2: "at least six months".
const ADMINISTRATION: Period = Period::Months(6);
/// How long a day is: no time zone is in it.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long records of a class are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: a shortest and a longest time")]
pub struct Term {
    /// At least so long.
    pub minimum: Period,
    /// At most so long, if there is a limit (GDPR Art. 5(1)(e)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Period>,
}

impl Term {
    /// At least so long, without a limit.
    #[must_use]
    pub const fn at_least(minimum: Period) -> Self {
        Self { minimum, maximum: None }
    }

    /// At most so long.
    #[must_use]
    pub const fn at_most(self, maximum: Period) -> Self {
        Self { maximum: Some(maximum), ..self }
    }
}

/// How long records are kept, by class.
///
/// The documents give one number: administrators' access logs stay "at least six months" (A2-Mon-2), and a shorter time
/// is refused. The other classes have no number there; the same is our default for them. The log's own records explain
/// the others, so they stay at least as long.
///
/// A period is counted from the day of recording in UTC, a day that a month does not have becomes the first of the next
/// one, and one more day is added, so that it is over in every time zone: always the longer reading.
///
/// ```
/// use clausework::audit::{record::Class, retention::{RetentionPolicy, Term}};
/// use clausework::{Timestamp, deadline::Period};
///
/// let policy = RetentionPolicy::builder().class(Class::Access, Term::at_least(Period::Years(1))).class(Class::Log, Term::at_least(Period::Years(1))).build()?;
/// let recorded: Timestamp = serde_json::from_str(r#""2026-08-31T10:00:00.000000Z""#)?;
/// // Six months after it is the 31st of February, so the 1st of March; that day and one more are kept.
/// assert_eq!(policy.kept_until(Class::Administration, recorded)?.to_string(), "2027-03-03T00:00:00.000000Z");
/// let short = RetentionPolicy::builder().class(Class::Administration, Term::at_least(Period::Months(5)));
/// assert!(short.build().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "RetentionPolicyBuilder")]
pub struct RetentionPolicy(RetentionPolicyBuilder);

impl RetentionPolicy {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> RetentionPolicyBuilder {
        RetentionPolicyBuilder::default()
    }

    /// How long this class is kept.
    #[must_use]
    pub const fn term(&self, class: Class) -> Term {
        let b = &self.0;
        match class {
            Class::Administration => b.administration,
            Class::Authentication => b.authentication,
            Class::Access => b.access,
            Class::Change => b.change,
            Class::General => b.general,
            Class::Log => b.log,
        }
    }

    /// The first instant at which a record may go.
    ///
    /// # Errors
    /// [`DeadlineError`] when that is past the year 9999: it is then never purged.
    pub fn kept_until(&self, class: Class, recorded_at: Timestamp) -> Result<Timestamp, DeadlineError> {
        end(class, self.term(class).minimum, recorded_at)
    }

    /// The instant by which a record must have gone, if its class has a limit.
    ///
    /// # Errors
    /// As [`kept_until`](Self::kept_until).
    pub fn purged_by(&self, class: Class, recorded_at: Timestamp) -> Result<Option<Timestamp>, DeadlineError> {
        self.term(class).maximum.map(|maximum| end(class, maximum, recorded_at)).transpose()
    }
}

/// The clause that asks for records of the class.
const fn clause_of(class: Class) -> Clause {
    match class {
        Class::Administration | Class::Log => clause::A2_MON_2,
        Class::Authentication => clause::A2_ACCESS_4,
        Class::Access => clause::A2_ACCESS_5,
        Class::Change => clause::E_5_4,
        Class::General => clause::A2_INPUT_8,
    }
}

fn end(class: Class, period: Period, recorded_at: Timestamp) -> Result<Timestamp, DeadlineError> {
    let longer = Counting::CONTRACT.to_builder().month_end(MonthEnd::FirstOfNext).build();
    // INVARIANT: nothing in it contradicts; and the counting of a contract would be shorter by a day at most.
    let counting = longer.unwrap_or(Counting::CONTRACT);
    let rule = DeadlineRule::new(period, clause_of(class), Trigger::new("the recording")).with_counting(counting);
    let last_day = rule.deadline(recorded_at.to_datetime().date_naive())?.raw_last_day();
    let midnight = Timestamp::from(last_day.and_time(chrono::NaiveTime::MIN).and_utc());
    // The rest of that day, and one more.
    Ok(midnight.saturating_add(DAY.saturating_mul(2)))
}

/// Values for a [`RetentionPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RetentionPolicyBuilder {
    administration: Term,
    authentication: Term,
    access: Term,
    change: Term,
    general: Term,
    log: Term,
}

impl Default for RetentionPolicyBuilder {
    fn default() -> Self {
        let term = Term::at_least(ADMINISTRATION);
        Self { administration: term, authentication: term, access: term, change: term, general: term, log: term }
    }
}

impl RetentionPolicyBuilder {
    /// Keeps this class so long.
    #[must_use]
    pub const fn class(mut self, class: Class, term: Term) -> Self {
        match class {
            Class::Administration => self.administration = term,
            Class::Authentication => self.authentication = term,
            Class::Access => self.access = term,
            Class::Change => self.change = term,
            Class::General => self.general = term,
            Class::Log => self.log = term,
        }
        self
    }

    /// Checks the values.
    ///
    /// # Errors
    /// [`RetentionPolicyError`].
    pub fn build(self) -> Result<RetentionPolicy, RetentionPolicyError> {
        let policy = RetentionPolicy(self);
        let classes =
            [Class::Administration, Class::Authentication, Class::Access, Class::Change, Class::General, Class::Log];
        for class in classes {
            let Term { minimum, maximum } = policy.term(class);
            if [Some(minimum), maximum].into_iter().flatten().any(|period| days(period).is_none()) {
                return Err(RetentionPolicyError::Unit { class });
            }
            if maximum.is_some_and(|maximum| !covers(maximum, minimum)) {
                return Err(RetentionPolicyError::Maximum { class });
            }
            if !covers(policy.term(Class::Log).minimum, minimum) {
                return Err(RetentionPolicyError::Log { class });
            }
        }
        if !covers(self.administration.minimum, ADMINISTRATION) {
            return Err(RetentionPolicyError::Administration { minimum: self.administration.minimum });
        }
        Ok(policy)
    }
}

impl TryFrom<RetentionPolicyBuilder> for RetentionPolicy {
    type Error = RetentionPolicyError;

    fn try_from(builder: RetentionPolicyBuilder) -> Result<Self, RetentionPolicyError> {
        builder.build()
    }
}

/// In months, where it is months or years.
const fn months(period: Period) -> Option<u64> {
    match period {
        Period::Months(count) => Some(count as u64),
        Period::Years(count) => Some((count as u64).saturating_mul(12)),
        _ => None,
    }
}

/// The fewest and the most days that it may have; `None` for a unit that depends on a calendar.
fn days(period: Period) -> Option<(u64, u64)> {
    if let Some(months) = months(period) {
        let days = |year: u64| months.saturating_mul(year) / 12;
        return Some((days(365).saturating_sub(3), days(366).saturating_add(3)));
    }
    let count = u64::from(period.count());
    match period {
        Period::Days(_) => Some((count, count)),
        Period::Weeks(_) => Some((count.saturating_mul(7), count.saturating_mul(7))),
        _ => None,
    }
}

/// Whether one is never shorter than the other.
pub(crate) fn covers(long: Period, short: Period) -> bool {
    match (months(long), months(short), days(long), days(short)) {
        (Some(long), Some(short), ..) => long >= short,
        (.., Some((long, _)), Some((_, short))) => long >= short,
        _ => false,
    }
}

/// Why a [`RetentionPolicy`] is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RetentionPolicyError {
    /// Administrators' logs would be kept less than six months (A2-Mon-2).
    #[error("administrators' logs are kept for {minimum}, which may be less than the 6 months of A2-Mon-2")]
    Administration {
        /// The shortest time found.
        minimum: Period,
    },
    /// A period in working days.
    #[error("the class {class} is kept for a time in working days, which no calendar counts here")]
    Unit {
        /// The class.
        class: Class,
    },
    /// A limit that may be over before the shortest time is.
    #[error("the class {class} must be purged before it may be")]
    Maximum {
        /// The class.
        class: Class,
    },
    /// The log's own records may go before what they explain.
    #[error("the log's own records may be kept for less than those of the class {class}")]
    Log {
        /// The class.
        class: Class,
    },
}
