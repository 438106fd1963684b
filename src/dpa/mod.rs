//! The data-processing agreement: its numbers as data, what it owes because of what happened, and the plan
//! for its end.
//!
//! | you want | use |
//! |---|---|
//! | the addendum's numbers, or another customer's | [`DpaTerms`], [`DpaTerms::builder`] |
//! | when data must be deleted | [`DpaTerms::deletion`] |
//! | until when its return may be asked for | [`DpaTerms::return_request`] |
//! | when such a request must be complied with | [`DpaTerms::return_compliance`] |
//! | when a certificate of deletion is due | [`DpaTerms::certification`] |
//! | until when to object to a Subprocessor | [`DpaTerms::objection`] |
//! | whether an audit report is too old | [`DpaTerms::audit_report_is_current`] |
//! | everything that ending a service sets off | [`DpaTerms::exit_plan`], [`ExitPlan`] |
//! | what the clauses contradict | [`DpaTerms::term_conflicts`] on any date, [`ExitPlan::conflicts`] on one |
//! | a way through that satisfies every reading | [`ExitPlan::recommended`] |
//! | record what happened, and know what it owes | [`Ledger`], [`DpaEvent`], [`Fact`], [`Obligation`], [`Status`] |
//! | settle what the agreement leaves open | [`DpaPolicy`] |
//! | see who reads a limit otherwise | [`Obligation::alternatives`], [`Ledger::with_calendar`], [`Ledger::with_reading`] |
//! | what the events show that is wrong | [`Ledger::findings`], [`Finding`] |
//! | ask before acting: process, engage, transfer, use held data | [`InstructionRegister`], [`Ledger::subprocessor_refusals`], [`determine_transfer`], [`scc_in_force`], [`held_use_refusal`], [`access_refusals`] |
//! | which evidence is on record | [`Ledger::records`], [`RecordGate`], [`Annex`] |
//! | the law behind it, with its days, or the host's own | [`LAW_RULES`], [`Ledger::with_law`], [`CLAUSES_2010`], [`ccpa_confirmation`] |
//! | a table, a picture, calendar entries | [`Ledger::table`], [`ExitPlan::timeline`], `Ledger::calendar` (feature `ical`) |
//!
//! # Events in, obligations out
//!
//! An agreement's history is a list of [`DpaEvent`]s, appended and never edited: a mistake is corrected by an
//! event that replaces it. What is owed follows from the events in force alone, so that the order in which
//! they were recorded does not matter and a replay gives the same. The present is asked for with each
//! [`Status`]; nothing here reads a clock.
//!
//! No number is invented: where a clause says "promptly", an obligation runs since its day, and a service
//! target of the host's is shown as the host's own ([`DpaPolicy::with_target`]). What cannot be computed says
//! what is missing. What cannot be done without a breach says which breaches there are to choose from.
//!
//! # The contradiction this module will not hide
//!
//! In the addendum, the Customer may ask for the return of its data until 90 days after the Cessation
//! Date (10.2), but both deletion (10.1) and compliance with that request (10.2) are due within one
//! month of the same date. An [`ExitPlan`] therefore gives both dates and a [`Conflict`], never one
//! merged date, and what to do with a request in the gap is an argument without a default:
//! [`LateReturnRequest`].
//!
//! Where services cease on different dates, each has its own Cessation Date and its own plan.
//!
//! ```
//! use chrono::NaiveDate;
//! use clausework::deadline::Period;
//! use clausework::dpa::{DpaTerms, LateReturnRequest, ReturnRequestOutcome};
//!
//! let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
//! let terms = DpaTerms::default();
//! let plan = terms.exit_plan(day(2026, 6, 15)?, LateReturnRequest::MonthFromRequest)?;
//!
//! assert_eq!(plan.deletion().adjusted_last_day(), day(2026, 7, 15)?);
//! assert_eq!(plan.return_window().adjusted_last_day(), day(2026, 9, 13)?);
//! assert!(plan.conflicts()[0].to_string().contains("from 2026-07-16 to 2026-09-13 (60 days)"));
//! assert_eq!(
//!     plan.return_request_due(day(2026, 8, 14)?)?,
//!     ReturnRequestOutcome::OverdueOnReceipt {
//!         literal_due: day(2026, 7, 15)?,
//!         by_days: 30,
//!         due: day(2026, 9, 14)?,
//!     }
//! );
//!
//! // Terms that fit together have no conflict.
//! let sound = DpaTerms::builder().return_window(Period::Days(14)).build()?;
//! assert!(sound.exit_plan(day(2026, 6, 15)?, LateReturnRequest::Literal)?.conflicts().is_empty());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod alternative;
mod annex;
mod check;
pub mod codes;
mod conflict;
mod decide;
mod duty;
mod error;
mod event;
mod finding;
mod gate;
mod hours;
mod late;
mod law;
mod ledger;
mod obligation;
mod periods;
mod plan;
mod policy;
mod records;
mod schedule;
mod status;
mod terms;
#[cfg(test)]
mod tests;
mod view;

pub use self::alternative::{Alternative, AlternativeEnd};
pub use self::annex::{Annex, DataType, SpecialCategory, SubjectGroup};
pub use self::check::{ClauseTerm, OverallCessation, Relation, TermConflict, term_conflict};
pub use self::codes::CODES;
pub use self::conflict::{Conflict, Gap};
use self::decide::days_after;
pub use self::duty::{Duty, Party};
pub use self::error::DpaTermsError;
pub use self::event::{
    AuditReport, BreachDetail, CertificateKind, ContractTerm, DpaEvent, ExporterDecision, Fact, ObjectionOutcome,
    Recipient, Regime, RequestKind, RequestLaw, ReturnFlaw, Risk, RiskException, Subject, VariationGround, When,
    WhenError,
};
pub use self::finding::{Finding, FindingKind};
pub use self::gate::{
    AccessRefusal, Adequacy, Appointee, Country, DataAccess, Derogation, DocumentRank, HeldUse, Instruction,
    InstructionOutcome, InstructionRefusal, InstructionRegister, LegalRequirement, Processing, ProcessingBasis, Route,
    SccInForce, SccMissing, SubprocessorRefusal, TransferCheck, TransferOutcome, TransferReason, access_refusals,
    determine_transfer, held_use_refusal, prevailing, report_fails, scc_in_force,
};
pub use self::hours::{HourLimit, HourWindow};
pub use self::late::{LateReturnRequest, ReturnRequestOutcome};
pub use self::law::{
    CLAUSES_2010, Instrument, LAW_RULES, LawRule, LawStatus, PRIVACY_SHIELD, ccpa_confirmation, law_rule,
};
pub use self::ledger::{Applied, Entry, Ledger};
pub use self::obligation::{Done, Due, Missing, Obligation, PauseGround};
pub use self::plan::{Because, ExitPlan, PlannedDuty};
pub use self::policy::{ConsentModel, DpaPolicy, Standstill};
pub use self::records::{RecordGate, Records};
pub use self::schedule::{ExitAction, Recommendation};
pub use self::status::Status;
pub use self::terms::{DpaTerms, DpaTermsBuilder};
#[cfg(feature = "ical")]
pub use self::view::CalendarError;
pub use self::view::{Table, Timeline};
pub use crate::id::{Reference as Evidence, ReferenceError as EvidenceError};
