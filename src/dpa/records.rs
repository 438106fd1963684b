//! Evidence on record: which clauses want some, and which of it is missing on a day.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{DpaEvent, Fact};
use crate::clause::{self, Clause};

/// What waits for evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordGate {
    /// Processing under the agreement at all.
    Processing,
    /// Processing by an affiliate of either side (`D-2.1`, `D-3.2.2`).
    Affiliates,
    /// A transfer under the Standard Contractual Clauses.
    Transfer,
    /// A claim or dispute under the clauses: who answers for what (`SCC-3.1` to `SCC-7.2`).
    Claim,
}

impl RecordGate {
    /// The clauses that want evidence, or a statement of the parties, before it.
    #[must_use]
    pub const fn wants(self) -> &'static [Clause] {
        match self {
            Self::Processing => &[
                clause::D_0_1,
                clause::D_0_2,
                clause::D_1_1,
                clause::D_1_2,
                clause::D_1_3,
                clause::D_1_4,
                clause::D_1_6,
                clause::D_3_1_1,
                clause::D_3_2_1A,
                clause::D_3_2_1B,
                clause::D_3_2_3,
                clause::D_5_1,
                clause::D_5_2,
                clause::D_13_1,
                clause::D_13_7,
                clause::D_13_8,
            ],
            Self::Affiliates => &[clause::D_2_1, clause::D_3_2_2],
            Self::Transfer => &[
                clause::SCC_1,
                clause::SCC_4A,
                clause::SCC_4B,
                clause::SCC_4C,
                clause::SCC_4D,
                clause::SCC_4E,
                clause::SCC_4I,
                clause::SCC_5C,
                clause::SCC_5I,
                clause::SCC_9,
            ],
            Self::Claim => &[
                clause::SCC_3_1,
                clause::SCC_3_2,
                clause::SCC_3_3,
                clause::SCC_3_4,
                clause::SCC_6_1,
                clause::SCC_6_2,
                clause::SCC_6_3,
                clause::SCC_7_2,
            ],
        }
    }
}

/// The evidence of one agreement, one generic record a clause: made from [`Fact::Recorded`] events by
/// [`Ledger::records`](super::Ledger::records).
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Evidence, Fact, LateReturnRequest, Ledger, RecordGate};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// let authority = Fact::Recorded { clause: clause::D_2_1, until: Some(day(2026, 12, 31)?) };
/// let event = DpaEvent::new(id("e-1")?, id("acme")?, id("file")?, "2026-01-01".parse()?, authority)
///     .with_evidence(Evidence::try_new("board resolution 4")?);
/// ledger.apply(event);
///
/// let records = ledger.records(&id("acme")?);
/// assert_eq!(records.missing(RecordGate::Affiliates, day(2026, 12, 31)?), [clause::D_3_2_2]);
/// assert_eq!(records.missing(RecordGate::Affiliates, day(2027, 1, 1)?), [clause::D_2_1, clause::D_3_2_2]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records<'a>(BTreeMap<&'static str, Vec<&'a DpaEvent>>);

impl<'a> Records<'a> {
    pub(super) fn of(events: impl Iterator<Item = &'a DpaEvent>) -> Self {
        let mut records = Self::default();
        for event in events {
            if let Fact::Recorded { clause, .. } = event.fact() {
                records.0.entry(clause.id()).or_default().push(event);
            }
        }
        records
    }

    /// The evidence for a clause on a day: the latest that holds and names where the proof is.
    #[must_use]
    pub fn on(&self, clause: Clause, day: NaiveDate) -> Option<&'a DpaEvent> {
        let holds = |event: &&&DpaEvent| {
            let until = match event.fact() {
                Fact::Recorded { until, .. } => *until,
                _ => None,
            };
            event.evidence().is_some() && event.when().day() <= day && until.is_none_or(|last| day <= last)
        };
        self.0.get(clause.id())?.iter().rev().find(holds).copied()
    }

    /// The clauses that want evidence before the gate and have none on that day.
    #[must_use]
    pub fn missing(&self, gate: RecordGate, day: NaiveDate) -> Vec<Clause> {
        gate.wants().iter().copied().filter(|clause| self.on(*clause, day).is_none()).collect()
    }
}
