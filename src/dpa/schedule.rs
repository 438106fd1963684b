//! A recommended order of events that breaks no clause under any reading.

use alloc::vec::Vec;
use core::fmt;

use chrono::{Days, NaiveDate};

use crate::deadline::Deadline;

/// Days before the limit at which the Customer is asked for the last time.
const LAST_CALL_DAYS: u64 = 14;
/// Days before the limit at which the copy is handed over, asked for or not.
const HAND_OVER_DAYS: u64 = 7;
/// Days before the limit at which its receipt is confirmed.
const CONFIRM_DAYS: u64 = 1;

/// A step of the recommended schedule. `Display` is what to do, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExitAction {
    /// Remind the Customer to choose between return and deletion, and to name a format.
    Remind,
    /// Ask for the last time.
    LastCall,
    /// Hand over a complete copy by secure transfer, even unasked, or obtain a written waiver.
    HandOver,
    /// Have the Customer confirm that it has received the copy and can read it: after that no other is needed.
    ConfirmReceipt,
    /// Delete every other copy.
    Delete,
    /// Certify what was done.
    Certify,
}

impl ExitAction {
    /// A name that stays, for the ids of calendar entries.
    #[cfg(feature = "ical")]
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::LastCall => "last_call",
            Self::HandOver => "hand_over",
            Self::ConfirmReceipt => "confirm_receipt",
            Self::Delete => "delete",
            Self::Certify => "certify",
        }
    }
}

impl fmt::Display for ExitAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Remind => "remind the customer to choose between return and deletion",
            Self::LastCall => "ask the customer for the last time",
            Self::HandOver => "hand over a complete copy, even unasked, or obtain a written waiver",
            Self::ConfirmReceipt => "have the customer confirm receipt of the copy",
            Self::Delete => "delete all other copies",
            Self::Certify => "certify what was done",
        })
    }
}

/// A day by which to do something so that the clauses of section 10 can all be kept. Good practice
/// of this crate's making: no clause sets it, and missing it breaches nothing by itself.
///
/// Return the data first, to every customer, before deletion is due: then no request can arrive too
/// late to be honoured, and deletion in time destroys nothing that is owed. Ask for the choice and
/// the format as early as the notice of termination; early requests count.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaTerms, LateReturnRequest};
///
/// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
/// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
/// let days: Vec<String> = plan.recommended().iter().map(|r| r.day().to_string()).collect();
/// assert_eq!(days, ["2026-06-15", "2026-07-01", "2026-07-08", "2026-07-14", "2026-07-15", "2026-07-15"]);
/// assert_eq!(
///     plan.recommended()[2].to_string(),
///     "by 2026-07-08, hand over a complete copy, even unasked, or obtain a written waiver (recommended, not contractual)"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recommendation {
    action: ExitAction,
    day: NaiveDate,
}

impl Recommendation {
    /// What to do.
    #[must_use]
    pub const fn action(self) -> ExitAction {
        self.action
    }

    /// By when: never before the Cessation Date, never after deletion is due.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.day
    }
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "by {}, {} (recommended, not contractual)", self.day, self.action)
    }
}

/// Counts back from the earlier of the two limits; short terms put the first steps on the Cessation Date.
pub(super) fn recommend(cessation: NaiveDate, deletion: &Deadline, compliance: &Deadline) -> Vec<Recommendation> {
    let delete_by = deletion.adjusted_last_day();
    let return_by = delete_by.min(compliance.adjusted_last_day());
    let before = |days| return_by.checked_sub_days(Days::new(days)).map_or(cessation, |day| day.max(cessation));
    [
        (ExitAction::Remind, cessation),
        (ExitAction::LastCall, before(LAST_CALL_DAYS)),
        (ExitAction::HandOver, before(HAND_OVER_DAYS)),
        (ExitAction::ConfirmReceipt, before(CONFIRM_DAYS)),
        (ExitAction::Delete, delete_by),
        (ExitAction::Certify, delete_by),
    ]
    .into_iter()
    .map(|(action, day)| Recommendation { action, day })
    .collect()
}
