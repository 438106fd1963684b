//! What the host adds to a ledger: rules of law, working days, and other readings.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

#[cfg(doc)]
use super::super::Obligation;
use super::super::{LawRule, RequestLaw};
use super::Ledger;
use crate::deadline::{Calendar, Convention};

/// What the host knows of the law and its working days, beside what this crate has.
#[derive(Clone, Debug)]
pub(in crate::dpa) struct Rules {
    pub(super) laws: Vec<LawRule>,
    pub(super) calendars: BTreeMap<RequestLaw, Arc<dyn Calendar>>,
    /// Other readings of the agreement's own periods.
    pub(super) readings: Vec<(Convention, Option<Arc<dyn Calendar>>)>,
}

impl Rules {
    pub(super) const fn new() -> Self {
        Self { laws: Vec::new(), calendars: BTreeMap::new(), readings: Vec::new() }
    }

    pub(super) fn calendar(&self, law: RequestLaw) -> Option<&dyn Calendar> {
        self.calendars.get(&law).map(|calendar| &**calendar)
    }
}

impl Ledger {
    /// The same ledger, for which this rule of law takes the place of the crate's own of its clause; several of one
    /// clause together do. Everything is read anew.
    ///
    /// It decides whether a duty of `G-12.3`, `G-12.4` (the time for a refusal), `G-33.1`, `G-33.5`, `G-34`, `G-36.2`,
    /// `G-CCPA`, `G-LGPD` or `G-UK` (the pauses) arises, not how long it has; of other clauses nothing here depends.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, LawRule, Ledger};
    /// use clausework::id::OpaqueId;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
    /// let aware = "2030-01-07T09:00:00+01:00".parse()?;
    /// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("b-1")?, aware, Fact::ControllerAware));
    /// let owed = |ledger: &Ledger| ledger.obligations().any(|entry| entry.obligation().duty() == Duty::NotifyAuthority);
    /// assert!(owed(&ledger));
    ///
    /// // As if the duty had been repealed with the end of 2029.
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let repealed = LawRule::new(clause::G_33_1, "the host's own source", day(2018, 5, 25)?, Some(day(2029, 12, 31)?));
    /// assert!(!owed(&ledger.with_law(repealed)));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_law(mut self, rule: LawRule) -> Self {
        self.rules.laws.push(rule);
        self.reread()
    }

    /// The same ledger, with the working days for the periods that this law sets: those of the General Data
    /// Protection Regulation, of a breach and of a prior consultation for [`RequestLaw::Gdpr`]. Everything is read anew.
    ///
    /// They give [alternatives](Obligation::alternatives) their days, and the California regulations their ten
    /// business days ([`Duty::ConfirmReceipt`](super::super::Duty::ConfirmReceipt)).
    ///
    /// ```
    /// use alloc::sync::Arc;
    /// use clausework::deadline::Place;
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, RequestLaw};
    /// use clausework::id::OpaqueId;
    /// extern crate alloc;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal))
    ///     .with_calendar(RequestLaw::Gdpr, Arc::new(Place::EuInstitutions.calendar(2026, 2027)?));
    /// let aware = "2026-07-03T17:00:00+02:00".parse()?; // a Friday
    /// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("b-1")?, aware, Fact::ControllerAware));
    /// let entry = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::NotifyAuthority).ok_or("none")?;
    /// let ends: Vec<String> = entry.obligation().alternatives().iter().map(|other| other.end().to_string()).collect();
    /// assert_eq!(ends, ["before 2026-07-06T18:00:00+02:00", "before 2026-07-08T00:00:00+02:00"]); // two working days
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_calendar(mut self, law: RequestLaw, calendar: Arc<dyn Calendar>) -> Self {
        self.rules.calendars.insert(law, calendar);
        self.reread()
    }

    /// The same ledger, in which the agreement's own periods are also read by a convention that somebody holds, such
    /// as that of the law that governs it (`D-13.1`, `SCC-9`). The agreement's own reading stays the one to act on,
    /// unless the other is [stricter](Obligation::last_day). Everything is read anew.
    ///
    /// ```
    /// use alloc::sync::Arc;
    /// use clausework::deadline::{BGB_EVENT, Place};
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, Regime};
    /// use clausework::id::OpaqueId;
    /// extern crate alloc;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal))
    ///     .with_reading(BGB_EVENT, Some(Arc::new(Place::Germany.calendar(2025, 2026)?)));
    /// let ceased = Fact::Ceased { regime: Regime::Addendum };
    /// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("crm")?, "2025-10-31".parse()?, ceased));
    /// let entry = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::DeleteCopies).ok_or("none")?;
    /// let other = &entry.obligation().alternatives()[0];
    /// assert_eq!(other.to_string(), "2025-12-01: BGB 187(1) (BGB 187(1), 188(1)-(3), 193)"); // 30 November is a Sunday
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_reading(mut self, convention: Convention, calendar: Option<Arc<dyn Calendar>>) -> Self {
        self.rules.readings.push((convention, calendar));
        self.reread()
    }
}
