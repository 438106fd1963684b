//! The obligations of a ledger as a table in plain text.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::super::{Entry, Ledger};

/// Obligations in the order of their last days, then those without one; findings after them. Made by
/// [`Ledger::table`]; `Display` writes it.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    ledger: &'a Ledger,
    now: DateTime<FixedOffset>,
}

impl Ledger {
    /// A table of everything at the present.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger};
    /// use clausework::id::OpaqueId;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
    /// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("b-1")?, "2026-07-01".parse()?, Fact::ProviderAware));
    /// let now = DateTime::parse_from_rfc3339("2026-07-02T09:00:00+02:00")?;
    /// assert_eq!(
    ///     ledger.table(now).to_string(),
    ///     "last day    clause       who           agreement/matter          what: status\n\
    ///      no number   D-8.1a       provider      acme/b-1                  tell the customer of the breach: running since 2026-07-01\n"
    /// );
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn table(&self, now: DateTime<FixedOffset>) -> Table<'_> {
        Table { ledger: self, now }
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entries: Vec<(Option<NaiveDate>, Entry<'_>)> =
            self.ledger.obligations().map(|entry| (entry.obligation().last_day(), entry)).collect();
        entries.sort_by_key(|(last_day, _)| last_day.unwrap_or(NaiveDate::MAX));
        writeln!(f, "{:<12}{:<13}{:<14}{:<26}what: status", "last day", "clause", "who", "agreement/matter")?;
        for (last_day, entry) in entries {
            let owed = entry.obligation();
            let day = last_day.map_or_else(|| "no number".to_string(), |day| day.to_string());
            let matter = alloc::format!("{}/{}", entry.agreement(), entry.matter());
            write!(f, "{day:<12}{:<13}{:<14}{matter:<26}{}", owed.clause().id(), owed.party(), owed.duty())?;
            if let Some(part) = owed.part() {
                write!(f, " [{part}]")?;
            }
            writeln!(f, ": {}", owed.status(self.now))?;
            owed.alternatives().iter().try_for_each(|other| writeln!(f, "  or else    {other}"))?;
        }
        self.ledger.findings().try_for_each(|finding| writeln!(f, "finding     {finding}"))
    }
}
