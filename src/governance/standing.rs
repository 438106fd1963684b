use core::fmt;

use chrono::{Days as CountOfDays, NaiveDate};

/// How a rule stands on a day.
///
/// ```
/// use clausework::governance::Standing;
///
/// let lapsed = Standing::Lapsed { since: "2026-03-03".parse()? };
/// assert_eq!(lapsed.to_string(), "lapsed since 2026-03-03");
/// assert!(!lapsed.is_held());
/// assert!(Standing::Held { until: None }.is_held());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum Standing {
    /// In order.
    Held {
        /// The last day on which it is, as far as is known; none without an expiry and a cadence.
        until: Option<NaiveDate>,
    },
    /// In order, but within the host's lead time of the last day.
    DueSoon {
        /// The last day.
        until: NaiveDate,
    },
    /// Was in order, and is no longer.
    Lapsed {
        /// The first day on which it was not.
        since: NaiveDate,
    },
    /// Never was in order up to that day.
    Missing,
    /// Not wanted on that day: not yet, or no longer.
    NotWanted,
}

impl Standing {
    /// Whether it is in order on that day.
    #[must_use]
    pub const fn is_held(self) -> bool {
        matches!(self, Self::Held { .. } | Self::DueSoon { .. })
    }

    /// Whether something is wrong on that day.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(self, Self::Lapsed { .. } | Self::Missing)
    }

    /// In order up to `until`: soon due from so many days before that day on.
    pub(super) fn held(until: Option<NaiveDate>, day: NaiveDate, lead_days: u32) -> Self {
        match until {
            Some(until) if lead_days > 0 && soon_from(until, lead_days) <= day => Self::DueSoon { until },
            _ => Self::Held { until },
        }
    }
}

fn soon_from(until: NaiveDate, lead_days: u32) -> NaiveDate {
    until.checked_sub_days(CountOfDays::new(lead_days.into())).unwrap_or(NaiveDate::MIN)
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held { until: Some(until) } => write!(f, "held until {until}"),
            Self::Held { until: None } => f.write_str("held, without an end"),
            Self::DueSoon { until } => write!(f, "due soon, held until {until}"),
            Self::Lapsed { since } => write!(f, "lapsed since {since}"),
            Self::Missing => f.write_str("missing"),
            Self::NotWanted => f.write_str("not wanted"),
        }
    }
}
