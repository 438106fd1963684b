//! A computed deadline: its days, its end and its working.

use alloc::vec::Vec;
use core::fmt;

use chrono::{NaiveDate, TimeZone};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{DeadlineError, DeadlineRule, Step, decide};
use crate::Timestamp;
use crate::clause::Clause;

/// The last day on which something is in time, and how that day was reached.
///
/// Made by [`DeadlineRule::deadline`]. Two last days are kept: the raw one, from which any further
/// period must be counted, and the adjusted one, which decides what is in time. Today they are equal,
/// because no clause of this crate rolls its end.
///
/// Serialises as `last_day` (raw), `adjusted_last_day`, `steps` (words) and `clause` (id); with the
/// end as an instant through [`Deadline::in_zone`].
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::DpaTerms;
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let deadline = DpaTerms::default().certification(day(2024, 2, 29)?)?;
///
/// assert_eq!(deadline.clause(), clause::D_10_4);
/// assert_eq!(deadline.adjusted_last_day(), day(2024, 3, 30)?);
/// assert!(deadline.is_met_on(day(2024, 3, 30)?));
/// assert!(!deadline.is_met_on(day(2024, 3, 31)?));
/// assert_eq!(
///     deadline.to_string(),
///     "2024-03-30 (D-10.4: within 30 days of the request for the certificate, 2024-02-29)"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub(super) rule: DeadlineRule,
    pub(super) start: NaiveDate,
    pub(super) raw_last_day: NaiveDate,
    pub(super) adjusted_last_day: NaiveDate,
    pub(super) steps: Vec<Step>,
}

impl Deadline {
    /// The rule that was applied.
    #[must_use]
    pub const fn rule(&self) -> DeadlineRule {
        self.rule
    }

    /// The clause that sets the rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.rule.clause()
    }

    /// The day of the event, which is not counted.
    #[must_use]
    pub const fn start(&self) -> NaiveDate {
        self.start
    }

    /// The last day as counted, before any roll.
    #[must_use]
    pub const fn raw_last_day(&self) -> NaiveDate {
        self.raw_last_day
    }

    /// The last day that is in time. It equals the raw one; a [`Step::NotRolled`] says why.
    #[must_use]
    pub const fn adjusted_last_day(&self) -> NaiveDate {
        self.adjusted_last_day
    }

    /// How the last day was reached, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether something done on `day` is in time. Days before the event count as in time.
    #[must_use]
    pub fn is_met_on(&self, day: NaiveDate) -> bool {
        day <= self.adjusted_last_day
    }

    /// The instant at which the last day is over in `zone`: what is done *before* it is in time.
    ///
    /// This is the first instant of the next local day. Where the clocks skip midnight, that is the
    /// end of the gap; where a zone skips a whole day, it is the moment of the jump. Where the clocks
    /// go back over midnight, so that midnight comes twice, the first counts: the safe reading for
    /// whoever owes the act.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::EndOutOfRange`] when that instant is outside the years 1 to 9999.
    ///
    /// ```
    /// use chrono::{FixedOffset, NaiveDate, Utc};
    /// use clausework::dpa::DpaTerms;
    ///
    /// let deadline = DpaTerms::default().deletion(NaiveDate::from_ymd_opt(2024, 1, 31).ok_or("no such day")?)?;
    /// let madrid = FixedOffset::east_opt(3600).ok_or("no such offset")?;
    /// assert_eq!(deadline.ends_before(&Utc)?.to_string(), "2024-03-01T00:00:00.000000Z");
    /// assert_eq!(deadline.ends_before(&madrid)?.to_string(), "2024-02-29T23:00:00.000000Z"); // an hour earlier
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn ends_before<Z: TimeZone>(&self, zone: &Z) -> Result<Timestamp, DeadlineError> {
        decide::end_of_day(self.adjusted_last_day, zone)
    }

    /// The deadline together with its end in `zone`, to be shown or serialised.
    ///
    /// # Errors
    ///
    /// As [`Deadline::ends_before`].
    pub fn in_zone<Z: TimeZone>(&self, zone: &Z) -> Result<ZonedDeadline<'_>, DeadlineError> {
        Ok(ZonedDeadline { deadline: self, ends_before: self.ends_before(zone)? })
    }
}

/// Last day, rule and start on one line.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.adjusted_last_day, self.rule, self.start)
    }
}

impl Serialize for Deadline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Deadline", 4)?;
        fields.serialize_field("last_day", &self.raw_last_day)?;
        fields.serialize_field("adjusted_last_day", &self.adjusted_last_day)?;
        fields.serialize_field("steps", &self.steps)?;
        fields.serialize_field("clause", &self.clause())?;
        fields.end()
    }
}

/// A [`Deadline`] and the instant at which it is over in one zone. Made by [`Deadline::in_zone`].
///
/// ```
/// use chrono::{NaiveDate, Utc};
/// use clausework::dpa::DpaTerms;
///
/// let deadline = DpaTerms::default().objection(NaiveDate::from_ymd_opt(2025, 12, 18).ok_or("no such day")?)?;
/// let json = serde_json::to_string(&deadline.in_zone(&Utc)?)?;
/// assert!(json.starts_with(r#"{"last_day":"2026-01-01","adjusted_last_day":"2026-01-01","#));
/// assert!(json.contains(r#""ends_before":"2026-01-02T00:00:00.000000Z","#));
/// assert!(!serde_json::to_string(&deadline)?.contains("ends_before")); // no zone, no instant
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZonedDeadline<'a> {
    deadline: &'a Deadline,
    ends_before: Timestamp,
}

impl<'a> ZonedDeadline<'a> {
    /// The deadline itself.
    #[must_use]
    pub const fn deadline(self) -> &'a Deadline {
        self.deadline
    }

    /// The first instant that is too late.
    #[must_use]
    pub const fn ends_before(self) -> Timestamp {
        self.ends_before
    }
}

impl Serialize for ZonedDeadline<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ZonedDeadline", 5)?;
        fields.serialize_field("last_day", &self.deadline.raw_last_day)?;
        fields.serialize_field("adjusted_last_day", &self.deadline.adjusted_last_day)?;
        fields.serialize_field("ends_before", &self.ends_before)?;
        fields.serialize_field("steps", &self.deadline.steps)?;
        fields.serialize_field("clause", &self.deadline.clause())?;
        fields.end()
    }
}
