//! What is stored of a running deadline: the facts, in versions, from which it can be computed again.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::decide::StoodStill;
use super::{Calendar, Deadline, DeadlineError, DeadlineRule, Direction, decide};

/// The facts of one deadline: its event, the pauses of its clock, the notices of extension.
///
/// Nothing computed is stored, so that a later calendar or rule can be applied to it: [`DeadlineRule::assess`]. A
/// fact is never edited: each step is a value of its own with the next [version](Case::version), and the host keeps
/// those it has.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{Case, PauseGround};
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).ok_or("no such day");
/// let received = Case::new(day(3, 2)?);
/// let asked = received.paused(PauseGround::Clarification, day(3, 10)?)?;
/// let answered = asked.resumed(PauseGround::Clarification, day(3, 14)?)?;
/// assert_eq!(answered.version(), 3);
///
/// assert!(asked.paused(PauseGround::Clarification, day(3, 12)?).is_err()); // it stands still already
/// assert!(received.resumed(PauseGround::Clarification, day(3, 14)?).is_err()); // it runs
/// let stored = serde_json::to_string(&answered)?;
/// assert_eq!(serde_json::from_str::<Case>(&stored)?, answered);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Case {
    version: u32,
    event: NaiveDate,
    pauses: Vec<Pause>,
    extension_notices: Vec<NaiveDate>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u32,
    version: u32,
    event: NaiveDate,
    #[serde(default)]
    pauses: Vec<Pause>,
    #[serde(default)]
    extension_notices: Vec<NaiveDate>,
}

/// The version of the stored form.
const FORM: u32 = 1;

/// Why a clock may stand still. What the other side has to do: there is no ground for what is late at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PauseGround {
    /// The request had to be made clear: UK DPA 2018 section 54(3C), UK GDPR Article 12A.
    Clarification,
    /// Proof of identity was asked for.
    Identity,
    /// A fee was asked for.
    Fee,
    /// The authority suspended its consultation: GDPR Article 36(2).
    Consultation,
    /// The parties agreed on it.
    Agreement,
}

/// Days on which the clock stood still, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    ground: PauseGround,
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl Pause {
    /// Why.
    #[must_use]
    pub const fn ground(self) -> PauseGround {
        self.ground
    }

    /// The first day that does not count: that of asking.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day that does not count: that of the answer; `None` while there is none.
    #[must_use]
    pub const fn until(self) -> Option<NaiveDate> {
        self.until
    }
}

impl Case {
    /// The most pauses, and the most notices of extension.
    pub const MAX_ENTRIES: usize = 1000;

    /// The first version: the event happened on that day.
    #[must_use]
    pub const fn new(event: NaiveDate) -> Self {
        Self { version: 1, event, pauses: Vec::new(), extension_notices: Vec::new() }
    }

    /// Which version of the facts this is, from 1.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The day of the event.
    #[must_use]
    pub const fn event(&self) -> NaiveDate {
        self.event
    }

    /// The pauses, in the order in which they were recorded.
    #[must_use]
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// The days on which an extension was notified, in the order in which they were recorded.
    #[must_use]
    pub fn extension_notices(&self) -> &[NaiveDate] {
        &self.extension_notices
    }

    /// The event was on another day after all. Pauses and notices stay.
    #[must_use]
    pub fn corrected(&self, event: NaiveDate) -> Self {
        Self { event, ..self.next() }
    }

    /// The clock stands still from that day on, which does not count.
    ///
    /// # Errors
    ///
    /// [`CaseError`] when it stands still on that ground already, or there are too many pauses.
    pub fn paused(&self, ground: PauseGround, from: NaiveDate) -> Result<Self, CaseError> {
        let mut next = self.next();
        next.pauses.push(Pause { ground, from, until: None });
        next.check().map(|()| next)
    }

    /// The clock runs again after that day, which does not count.
    ///
    /// # Errors
    ///
    /// [`CaseError`] when it did not stand still on that ground, or did so only later.
    pub fn resumed(&self, ground: PauseGround, until: NaiveDate) -> Result<Self, CaseError> {
        let mut next = self.next();
        let open = next.pauses.iter_mut().find(|pause| pause.ground == ground && pause.until.is_none());
        open.ok_or(CaseError::NotPaused { ground })?.until = Some(until);
        next.check().map(|()| next)
    }

    /// An extension was notified on that day.
    ///
    /// # Errors
    ///
    /// [`CaseError`] when there are too many notices.
    pub fn extension_noticed(&self, on: NaiveDate) -> Result<Self, CaseError> {
        let mut next = self.next();
        next.extension_notices.push(on);
        next.check().map(|()| next)
    }

    fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    fn check(&self) -> Result<(), CaseError> {
        if self.pauses.len().max(self.extension_notices.len()) > Self::MAX_ENTRIES {
            return Err(CaseError::TooMany);
        }
        for (index, pause) in (0_usize..).zip(&self.pauses) {
            if pause.until.is_some_and(|until| until < pause.from) {
                return Err(CaseError::EndsBeforeItBegins { ground: pause.ground });
            }
            let mut later = self.pauses.iter().skip(index.saturating_add(1));
            if pause.until.is_none() && later.any(|other| other.ground == pause.ground) {
                return Err(CaseError::AlreadyPaused { ground: pause.ground });
            }
        }
        Ok(())
    }

    /// The closed pauses, sorted and joined: a day on which two clocks stood still stood still once.
    fn stood_still(&self) -> Vec<StoodStill> {
        let mut spans: Vec<_> = self.pauses.iter().filter_map(|pause| Some((pause.from, pause.until?))).collect();
        spans.sort_unstable();
        let mut joined: Vec<StoodStill> = Vec::with_capacity(spans.len());
        for (from, until) in spans {
            match joined.last_mut() {
                Some((_, last)) if last.succ_opt().is_none_or(|next| from <= next) => *last = until.max(*last),
                _ => joined.push((from, until)),
            }
        }
        joined
    }
}

impl TryFrom<Stored> for Case {
    type Error = CaseError;

    fn try_from(stored: Stored) -> Result<Self, CaseError> {
        let Stored { v, version, event, pauses, extension_notices } = stored;
        if v != FORM {
            return Err(CaseError::Form { found: v });
        }
        let case = Self { version, event, pauses, extension_notices };
        case.check().map(|()| case)
    }
}

impl From<Case> for Stored {
    fn from(case: Case) -> Self {
        let Case { version, event, pauses, extension_notices } = case;
        Self { v: FORM, version, event, pauses, extension_notices }
    }
}

/// A step that the facts of a [`Case`] do not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The clock stands still on that ground already.
    #[error("the clock stands still already ({ground:?})")]
    AlreadyPaused {
        /// The ground.
        ground: PauseGround,
    },
    /// The clock does not stand still on that ground.
    #[error("the clock does not stand still ({ground:?})")]
    NotPaused {
        /// The ground.
        ground: PauseGround,
    },
    /// A pause would end before it began.
    #[error("the pause would end before it began ({ground:?})")]
    EndsBeforeItBegins {
        /// The ground.
        ground: PauseGround,
    },
    /// More than [`Case::MAX_ENTRIES`] pauses or notices.
    #[error("more than 1000 pauses or notices")]
    TooMany,
    /// A stored form that this version of the crate does not know.
    #[error("the stored form {found} is not known: this version reads 1")]
    Form {
        /// The form found.
        found: u32,
    },
}

/// A deadline as it stands by the facts of a [`Case`]: made by [`DeadlineRule::assess`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    original: Deadline,
    current: Deadline,
    clock: Clock,
    refused: Vec<RefusedNotice>,
}

/// Whether a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: it runs or it does not")]
pub enum Clock {
    /// It runs, or has run out.
    Running,
    /// It stands still; the last day moves by a day with every day.
    StandsStill {
        /// Since this day, which does not count.
        since: NaiveDate,
        /// On this ground.
        ground: PauseGround,
    },
}

/// A notice of extension that extended nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusedNotice {
    /// It came after the last day that it was to extend.
    TooLate {
        /// The day of the notice.
        noticed: NaiveDate,
        /// The last day on which it would have been in time.
        last_day: NaiveDate,
    },
    /// The rule allows no more of them.
    NotAllowed {
        /// The day of the notice.
        noticed: NaiveDate,
    },
}

impl Assessment {
    /// As it was before any extension and without any pause: kept for ever.
    #[must_use]
    pub const fn original(&self) -> &Deadline {
        &self.original
    }

    /// As it is now, with the pauses that are over and the extensions in time. While the clock stands still it is
    /// what it would be if the clock had gone on.
    #[must_use]
    pub const fn current(&self) -> &Deadline {
        &self.current
    }

    /// Whether the clock runs.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// The notices that extended nothing, and why.
    #[must_use]
    pub fn refused(&self) -> &[RefusedNotice] {
        &self.refused
    }

    /// Whether on that day it is too late. A clock that was stopped after its end hides nothing.
    #[must_use]
    pub fn is_overdue_on(&self, day: NaiveDate) -> bool {
        let stood_still = match self.clock {
            Clock::StandsStill { since, .. } => day >= since,
            Clock::Running => false,
        };
        !stood_still && !self.current.is_met_on(day)
    }
}

impl DeadlineRule {
    /// The deadline by these facts: pauses added day for day (working day for working day), extensions counted from
    /// the original start and only if notified in time.
    ///
    /// # Errors
    ///
    /// As [`Counting::last_day`](super::Counting::last_day); and [`DeadlineError::Unsupported`] for a pause or an
    /// extension of a period counted backwards, or an extension in another unit than the period's.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{Case, DeadlineRule, Extension, ICO_ONE_MONTH, PauseGround, Period, Place, Trigger};
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let received = day(2019, 10, 1)?;
    /// let rule = DeadlineRule::new(Period::Months(1), clause::G_12_3, Trigger::new("receipt of the request"))
    ///     .with_extension(Extension::new(Period::Months(2), 1))
    ///     .under(&ICO_ONE_MONTH, received)?;
    /// let england = Place::EnglandAndWales.calendar(2019, 2020)?;
    ///
    /// let in_time = rule.assess(&Case::new(received).extension_noticed(day(2019, 10, 30)?)?, Some(&england))?;
    /// assert_eq!(in_time.original().adjusted_last_day(), day(2019, 11, 1)?);
    /// assert_eq!(in_time.current().adjusted_last_day(), day(2020, 1, 2)?); // three months from receipt; 1 January is a holiday
    ///
    /// let late = rule.assess(&Case::new(received).extension_noticed(day(2019, 11, 4)?)?, Some(&england))?;
    /// assert_eq!(late.current(), late.original());
    /// assert_eq!(late.refused().len(), 1);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn assess(self, case: &Case, calendar: Option<&dyn Calendar>) -> Result<Assessment, DeadlineError> {
        if self.counting().direction() == Direction::Backward && !case.extension_notices.is_empty() {
            return Err(DeadlineError::Unsupported { what: "a period counted backwards cannot be extended" });
        }
        let stood_still = case.stood_still();
        let compute = |period, pauses: &[StoodStill]| decide::paused(self, period, case.event, pauses, calendar);
        let original = compute(self.period(), &[])?;
        let mut current = if stood_still.is_empty() { original.clone() } else { compute(self.period(), &stood_still)? };

        let mut notices = case.extension_notices.clone();
        notices.sort_unstable();
        let (mut left, mut period, mut refused) =
            (self.extension().map_or(0, |e| e.times()), self.period(), Vec::new());
        for noticed in notices {
            let Some(extension) = self.extension().filter(|_| left > 0) else {
                refused.push(RefusedNotice::NotAllowed { noticed });
                continue;
            };
            // A clock that stands still now does so for the notice as well: it is in time.
            let last_day = current.adjusted_last_day();
            let stands_still = open_pause(case, last_day).is_some_and(|pause| noticed >= pause.from);
            if noticed > last_day && !stands_still {
                refused.push(RefusedNotice::TooLate { noticed, last_day });
                continue;
            }
            let unit = DeadlineError::Unsupported { what: "an extension is in the unit of the period it extends" };
            period = period.checked_add(extension.by()).ok_or(unit)?;
            left = left.saturating_sub(1);
            current = compute(period, &stood_still)?;
        }
        let clock = open_pause(case, current.adjusted_last_day())
            .map_or(Clock::Running, |pause| Clock::StandsStill { since: pause.from, ground: pause.ground });
        Ok(Assessment { original, current, clock, refused })
    }
}

/// The pause without an end that began first, unless it began when the period was over.
fn open_pause(case: &Case, last_day: NaiveDate) -> Option<Pause> {
    let open = case.pauses.iter().copied().filter(|pause| pause.until.is_none() && pause.from <= last_day);
    open.min_by_key(|pause| pause.from)
}
