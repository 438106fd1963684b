//! Named ways of counting, with their sources and the days from which they hold.

use core::fmt;

use chrono::NaiveDate;

use super::{Counting, DeadlineError, DeadlineRule, Direction, EventDay, MonthEnd, Roll};

/// A way of counting that has a name, a source and a time in which it holds.
///
/// A law of yesterday is not applied to an event of today: [`Convention::counting`] and [`DeadlineRule::under`] ask
/// for the day of the event, and refuse one on which the convention was not in force.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{Direction, ICO_ONE_MONTH, REGULATION_1182_71, Roll};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let forward = REGULATION_1182_71.counting(Direction::Forward, day(2026, 1, 5)?)?;
/// assert_eq!((forward.roll(), forward.minimum_working_days()), (Roll::Following, 2));
/// let backward = REGULATION_1182_71.counting(Direction::Backward, day(2026, 1, 5)?)?;
/// assert_eq!(backward.roll(), Roll::None); // Article 3(4): not for periods counted backwards
///
/// let error = ICO_ONE_MONTH.counting(Direction::Forward, day(2019, 1, 5)?).unwrap_err();
/// assert_eq!(error.to_string(), "the ICO's one month was not in force on 2019-01-05: it is from 2019-08-01 to today");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    name: &'static str,
    source: &'static str,
    from: NaiveDate,
    until: Option<NaiveDate>,
    forward: Counting,
    backward: Counting,
}

/// The corresponding date, the event's day not counted, the last day of a month without it; nothing moves off
/// weekends and holidays: what a contract says that says nothing more.
pub const CONTRACT: Convention = Convention {
    name: "the contract's default",
    source: "the wording \"within ... of\" of the Data Processing Addendum, which names no roll; Dodds v Walker [1981]",
    from: date(1, 1, 1),
    until: None,
    forward: Counting::CONTRACT,
    backward: BACKWARD,
};

/// EU acts and, with them, the periods of the GDPR: roll to the next working day and a minimum of two, neither of
/// them for hours, and no roll backwards. A private contract is no such act, unless it says so.
pub const REGULATION_1182_71: Convention = Convention {
    name: "Regulation 1182/71",
    source: "Regulation (EEC, Euratom) No 1182/71 Article 3(1), (2), (4) and (5); CJEU C-171/03 paras 33 and 36. The exception \
             for periods counted backwards and the day of entry into force are recalled, not read again",
    from: date(1971, 7, 1),
    until: None,
    forward: Counting::builder().roll(Roll::Following).minimum_working_days(2).unchecked(),
    backward: Counting::builder().direction(Direction::Backward).minimum_working_days(2).unchecked(),
};

/// One calendar month as the UK Information Commissioner counts it: from the day of receipt, working day or not, to
/// the corresponding date, rolled to the next working day.
///
/// Until August 2019 the guidance gave one day more. The day of the change is not published; the whole of that
/// month is counted the present way.
pub const ICO_ONE_MONTH: Convention = Convention {
    name: "the ICO's one month",
    source: "ICO guidance on the right of access, as revised in August 2019 and updated on 8 December 2025",
    from: date(2019, 8, 1),
    until: None,
    forward: Counting::builder().roll(Roll::Following).unchecked(),
    backward: BACKWARD,
};

/// A period from an event under German civil law, for declarations and performances: rolled to the next working day.
///
/// Section 193 in this form, with Saturday, is in force since 1 October 1965.
pub const BGB_EVENT: Convention = Convention {
    name: "BGB 187(1)",
    source: "BGB 187(1), 188(1)-(3), 193",
    from: date(1965, 10, 1),
    until: None,
    forward: Counting::builder().roll(Roll::Following).unchecked(),
    backward: BACKWARD,
};

/// A period that begins with the start of a day under German civil law: that day counts. A month from 31 January
/// ends with February (188(2) and (3)).
pub const BGB_START_OF_DAY: Convention = Convention {
    name: "BGB 187(2)",
    source: "BGB 187(2), 188(2)-(3), 193",
    from: date(1965, 10, 1),
    until: None,
    forward: Counting::builder()
        .event_day(EventDay::Counted)
        .month_end(MonthEnd::FirstOfNext)
        .roll(Roll::Following)
        .unchecked(),
    backward: BACKWARD,
};

/// The 45 days (and 45 more) of the California regulations, which begin on the day of receipt; no roll.
///
/// The ten business days for confirming a request are another period: [`CCPA_CONFIRMATION`].
pub const CCPA: Convention = Convention {
    name: "CCPA regulations 7021(b)",
    source: "11 CCR 7021(b) (until 2022: 999.313), operative 14 August 2020",
    from: date(2020, 8, 14),
    until: None,
    forward: Counting::builder().event_day(EventDay::Counted).unchecked(),
    backward: BACKWARD,
};

/// The ten business days of the California regulations for confirming a request, from receipt.
pub const CCPA_CONFIRMATION: Convention = Convention {
    name: "CCPA regulations 7021(a)",
    source: "11 CCR 7021(a) (until 2022: 999.313), operative 14 August 2020",
    from: date(2020, 8, 14),
    until: None,
    forward: Counting::CONTRACT,
    backward: BACKWARD,
};

/// The 15 days of the Brazilian law, from the day of the request, which is not counted; no roll.
pub const LGPD: Convention = Convention {
    name: "LGPD article 19 II",
    source: "Lei 13.709/2018 (LGPD) article 19 II, in force since 18 September 2020",
    from: date(2020, 9, 18),
    until: None,
    forward: Counting::CONTRACT,
    backward: BACKWARD,
};

/// What none of the sources says otherwise: back from the event, and the day found stands.
const BACKWARD: Counting = Counting::builder().direction(Direction::Backward).unchecked();

/// Every named convention.
pub const CONVENTIONS: &[Convention] =
    &[CONTRACT, REGULATION_1182_71, ICO_ONE_MONTH, BGB_EVENT, BGB_START_OF_DAY, CCPA, CCPA_CONFIRMATION, LGPD];

const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        // A day that does not exist would never be in force; a test looks.
        None => NaiveDate::MAX,
    }
}

impl Convention {
    /// A convention of the host's: what it is called, who says so, from when until when (both included), and how it
    /// counts forwards; backwards it counts as [`CONTRACT`] does.
    #[must_use]
    pub const fn new(
        name: &'static str,
        source: &'static str,
        from: NaiveDate,
        until: Option<NaiveDate>,
        forward: Counting,
    ) -> Self {
        let forward = forward.to_builder().direction(Direction::Forward).unchecked();
        Self { name, source, from, until, forward, backward: BACKWARD }
    }

    /// The same convention with another way of counting backwards; only its direction is overruled.
    #[must_use]
    pub const fn with_backward(mut self, backward: Counting) -> Self {
        self.backward = backward.to_builder().direction(Direction::Backward).unchecked();
        self
    }

    /// The same convention as another source has it.
    #[must_use]
    pub const fn with_source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Who says so, and what of it was not read again.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.source
    }

    /// The first day for whose events it holds.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// The last such day, if it is no longer in force.
    #[must_use]
    pub const fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// How it counts, for an event of that day.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::NotInForce`] when it did not hold on that day.
    pub fn counting(self, direction: Direction, event: NaiveDate) -> Result<Counting, DeadlineError> {
        let Self { name, from, until, .. } = self;
        if event < from || until.is_some_and(|last| event > last) {
            return Err(DeadlineError::NotInForce { convention: name, event, from, until });
        }
        Ok(match direction {
            Direction::Forward => self.forward,
            Direction::Backward => self.backward,
        })
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.source)
    }
}

impl DeadlineRule {
    /// The same rule in the same direction, counted by the convention, for an event of that day.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::NotInForce`] when the convention did not hold on that day.
    pub fn under(self, convention: &Convention, event: NaiveDate) -> Result<Self, DeadlineError> {
        Ok(self.with_counting(convention.counting(self.counting().direction(), event)?))
    }
}
