//! Return requests that arrive when their literal date has passed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Evidence;

/// What to do with a return request made after the day on which it should have been complied with.
///
/// Section 10.2 lets the Customer ask until day 90 and wants compliance within a month of the same
/// date. The choice between the readings is the host's, is stored with the plan, and has no default.
/// The literal date is reported whatever is chosen.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaTerms, Evidence, LateReturnRequest, ReturnRequestOutcome};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let due = |late| -> Result<_, Box<dyn core::error::Error>> {
///     let plan = DpaTerms::default().exit_plan(day(2026, 6, 15)?, late)?;
///     match plan.return_request_due(day(2026, 8, 14)?)? {
///         ReturnRequestOutcome::OverdueOnReceipt { due, .. } => Ok(due.to_string()),
///         _ => Err("overdue was expected".into()),
///     }
/// };
/// let agreed = LateReturnRequest::Agreed { date: day(2026, 8, 31)?, evidence: Evidence::try_new("amendment 3")? };
/// assert_eq!(due(LateReturnRequest::Literal)?, "2026-07-15"); // already past
/// assert_eq!(due(LateReturnRequest::MonthFromRequest)?, "2026-09-14");
/// assert_eq!(due(agreed)?, "2026-08-31");
/// assert!(Evidence::try_new("  ").is_err()); // an agreement nobody can show is none
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LateReturnRequest {
    /// The text as it stands: due within the compliance period of the Cessation Date, already past.
    Literal,
    /// The compliance period (one month in the addendum), counted from the request instead.
    MonthFromRequest,
    /// The later of the two.
    LaterOf,
    /// What the parties agreed.
    Agreed {
        /// The day by which to comply.
        date: NaiveDate,
        /// Where the agreement can be found.
        evidence: Evidence,
    },
}

/// The answer to a return request: see [`ExitPlan::return_request_due`](super::ExitPlan::return_request_due).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum ReturnRequestOutcome {
    /// The request can be complied with in time.
    Feasible {
        /// The last day for it (`D-10.2d`).
        due: NaiveDate,
    },
    /// The request is within the window, but the literal date for compliance has passed (`X1`).
    OverdueOnReceipt {
        /// The date that the text gives (`D-10.2d`). Keep it on record whatever the policy says.
        literal_due: NaiveDate,
        /// How many days before the request that was: at least 1.
        by_days: u32,
        /// The date under the chosen [`LateReturnRequest`].
        due: NaiveDate,
    },
    /// The window was over: the agreement gives no right to a return any more.
    TooLate {
        /// The last day of the window (`D-10.2a`).
        last_day: NaiveDate,
    },
}
