//! Whether a sub-processor may process: section 6, clauses 5(h) and 11.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::super::ledger::matter::Context;
use super::super::{ConsentModel, ContractTerm, DpaEvent, Fact, ObjectionOutcome, Regime, Standstill};
use crate::clause::{self, Clause};

/// Why a sub-processor may not process. `Display` is short and cites the clause.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger, Regime, SubprocessorRefusal};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// let announced = Fact::Announced { regime: Regime::Addendum, full_details: true };
/// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("host-7")?, "2025-12-18".parse()?, announced));
///
/// let on = NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("no such day")?;
/// let refusals = ledger.subprocessor_refusals(&id("acme")?, &id("host-7")?, on);
/// assert_eq!(refusals[0], SubprocessorRefusal::WindowOpen { last_day: on }); // the last day of two weeks
/// assert!(refusals.contains(&SubprocessorRefusal::NoDueDiligence));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubprocessorRefusal {
    /// The customer had no notice of it (`D-6.3a`).
    NotAnnounced,
    /// The notice lacks details of the processing (`D-6.3a`).
    NoticeIncomplete,
    /// Its engagement before the addendum cannot be judged without the date of acceptance (`X11`).
    NoAcceptanceDate,
    /// The customer may still object, and the policy waits (`D-6.3b`, `X7`).
    WindowOpen {
        /// The last day of the window.
        last_day: NaiveDate,
    },
    /// An objection is open (`D-6.3d`).
    ObjectionOpen,
    /// No change was found that avoids it, and the policy waits (`X7`).
    ObjectionUnresolved,
    /// The services were changed so that it is not used (`D-6.3d`).
    Avoided,
    /// The customer's written consent is missing (`SCC-5h`, `SCC-11.1`).
    NoConsent,
    /// Due diligence is missing (`D-6.4.1`).
    NoDueDiligence,
    /// The contract lacks this, or is missing altogether (`D-6.4.2`, `SCC-4i`, `SCC-11.2`, `SCC-11.3`).
    ContractLacks {
        /// What it lacks.
        term: ContractTerm,
    },
}

impl SubprocessorRefusal {
    /// The clause that it rests on.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::NotAnnounced | Self::NoticeIncomplete => clause::D_6_3A,
            Self::NoAcceptanceDate => clause::D_0_3,
            Self::WindowOpen { .. } => clause::D_6_3B,
            Self::ObjectionOpen | Self::Avoided => clause::D_6_3D,
            Self::ObjectionUnresolved => clause::D_6_3E,
            Self::NoConsent => clause::SCC_5H,
            Self::NoDueDiligence => clause::D_6_4_1,
            Self::ContractLacks { term: ContractTerm::BeneficiaryClause } => clause::SCC_11_2,
            Self::ContractLacks { term: ContractTerm::ExporterLaw } => clause::SCC_11_3,
            Self::ContractLacks { .. } => clause::D_6_4_2,
        }
    }
}

impl fmt::Display for SubprocessorRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnnounced => f.write_str("not announced")?,
            Self::NoticeIncomplete => f.write_str("the notice is incomplete")?,
            Self::NoAcceptanceDate => f.write_str("the date of acceptance is missing")?,
            Self::WindowOpen { last_day } => write!(f, "the customer may object until {last_day}")?,
            Self::ObjectionOpen => f.write_str("an objection is open")?,
            Self::ObjectionUnresolved => f.write_str("an objection is unresolved")?,
            Self::Avoided => f.write_str("the services were changed to avoid it")?,
            Self::NoConsent => f.write_str("written consent is missing")?,
            Self::NoDueDiligence => f.write_str("due diligence is missing")?,
            Self::ContractLacks { term } => write!(f, "the contract lacks {}", super::super::view::name(*term))?,
        }
        write!(f, " ({})", self.clause().id())
    }
}

/// Somebody who is to process Customer Personal Data (`D-1.16`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Appointee {
    /// An employee of the provider.
    Employee,
    /// An affiliate of the provider.
    Affiliate,
    /// Anybody else.
    ThirdParty,
}

impl Appointee {
    /// Whether section 6 applies: to anyone appointed, affiliates included, but not to employees.
    ///
    /// ```
    /// use clausework::dpa::Appointee;
    ///
    /// assert!(Appointee::Affiliate.is_subprocessor());
    /// assert!(!Appointee::Employee.is_subprocessor());
    /// ```
    #[must_use]
    pub const fn is_subprocessor(self) -> bool {
        match self {
            Self::Employee => false,
            Self::Affiliate | Self::ThirdParty => true,
        }
    }
}

/// The facts about one sub-processor.
#[derive(Debug)]
pub(in crate::dpa) struct SubprocessorFile<'a> {
    context: Context<'a>,
    facts: &'a [&'a DpaEvent],
}

impl<'a> SubprocessorFile<'a> {
    pub(in crate::dpa) const fn new(context: Context<'a>, facts: &'a [&'a DpaEvent]) -> Self {
        Self { context, facts }
    }

    /// What a contract needs under the regime.
    const fn wanted(regime: Regime) -> &'static [ContractTerm] {
        use ContractTerm::{Article28, BeneficiaryClause, ExporterLaw, SameProtection, Written};
        match regime {
            Regime::Addendum => &[Written, SameProtection, Article28],
            Regime::Clauses => &[Written, SameProtection, Article28, BeneficiaryClause, ExporterLaw],
        }
    }

    pub(in crate::dpa) fn is_complete_contract(fact: &Fact, regime: Regime) -> bool {
        matches!(fact, Fact::ContractSigned { terms } if Self::wanted(regime).iter().all(|term| terms.contains(term)))
    }

    /// Every reason against processing on this day; only what had happened by then counts.
    pub(in crate::dpa) fn refusals(&self, on: NaiveDate) -> Vec<SubprocessorRefusal> {
        let known = || self.facts.iter().copied().filter(|event| event.when().day() <= on);
        let policy = self.context.policy;
        let mut openings = known().filter_map(|event| match event.fact() {
            Fact::Announced { regime, full_details } => Some((event, *regime, Some(*full_details))),
            Fact::AlreadyEngaged { regime } => Some((event, *regime, None)),
            _ => None,
        });
        let opened = openings.next();
        // The window is that of the first notice with full details.
        let opened = opened.map(|opened| match opened.2 {
            Some(false) => openings.find(|(_, _, announced)| *announced == Some(true)).unwrap_or(opened),
            _ => opened,
        });
        let Some((opened, regime, announced)) = opened else {
            return alloc::vec![SubprocessorRefusal::NotAnnounced];
        };
        // One engaged before the addendum goes on, and meets section 6.4 as soon as practicable.
        if announced.is_none() {
            return match self.context.accepted {
                None => alloc::vec![SubprocessorRefusal::NoAcceptanceDate],
                Some(accepted) if opened.when().day() <= accepted.day() => Vec::new(),
                Some(_) => alloc::vec![SubprocessorRefusal::NotAnnounced],
            };
        }

        let mut refusals = Vec::new();
        if announced == Some(false) {
            refusals.push(SubprocessorRefusal::NoticeIncomplete);
        }
        let consented = known().any(|event| event.fact() == &Fact::ConsentGiven);
        // A window whose end cannot be computed is open.
        let window = self.context.terms.objection(opened.when().day());
        let window = window.map_or(NaiveDate::MAX, |window| window.adjusted_last_day());
        let waits = policy.standstill() == Standstill::UntilWindowEnds;
        if waits && !consented && on <= window {
            refusals.push(SubprocessorRefusal::WindowOpen { last_day: window });
        }
        refusals.extend(objection(known(), window, waits));
        let written = match policy.consent() {
            ConsentModel::Written => true,
            ConsentModel::ByRegime => regime == Regime::Clauses,
            ConsentModel::General => false,
        };
        if written && !consented {
            refusals.push(SubprocessorRefusal::NoConsent);
        }
        if !known().any(|event| event.fact() == &Fact::DueDiligenceDone) {
            refusals.push(SubprocessorRefusal::NoDueDiligence);
        }
        // The contract in force is the last one signed.
        let mut contract = known().filter_map(|event| match event.fact() {
            Fact::ContractSigned { terms } => Some(terms.as_slice()),
            _ => None,
        });
        let contract = contract.next_back().unwrap_or_default();
        let lacks = Self::wanted(regime).iter().filter(|term| !contract.contains(term));
        refusals.extend(lacks.map(|term| SubprocessorRefusal::ContractLacks { term: *term }));
        refusals
    }
}

/// What the last valid objection means.
fn objection<'a>(
    known: impl Iterator<Item = &'a DpaEvent>,
    window: NaiveDate,
    waits: bool,
) -> Option<SubprocessorRefusal> {
    known.fold(None, |state, event| match event.fact() {
        Fact::Objected { grounds: Some(_) } if event.when().day() <= window => Some(SubprocessorRefusal::ObjectionOpen),
        Fact::ObjectionEnded { outcome } if state.is_some() => match outcome {
            ObjectionOutcome::Avoided => Some(SubprocessorRefusal::Avoided),
            ObjectionOutcome::Unresolved if waits => Some(SubprocessorRefusal::ObjectionUnresolved),
            _ => None,
        },
        _ => state,
    })
}
