//! What the events show that no obligation says: breaches, contradictions, and events that do not fit.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::codes;
use super::gate::SubprocessorRefusal;
use super::{Conflict, Subject};
use crate::clause::{self, Clause, Contradiction};
use crate::event::Code;
use crate::id::OpaqueId;

/// Something to be looked at, with the event that shows it. Nothing is lost: the event stays on record.
///
/// ```
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, FindingKind, LateReturnRequest, Ledger};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// // A return is requested for a service that is not known to have ceased.
/// ledger.apply(DpaEvent::new(id("e-7")?, id("acme")?, id("crm")?, "2026-07-01".parse()?, Fact::ReturnRequested));
/// let finding = ledger.findings().next().ok_or("a finding was expected")?;
/// assert!(matches!(finding.kind(), FindingKind::UnknownMatter { .. }));
/// assert_eq!(finding.event().as_str(), "e-7");
/// assert_eq!(finding.code().as_str(), "dpa.unknown_matter");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) event: OpaqueId,
    pub(super) kind: FindingKind,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    // ---- the events themselves
    /// Nothing opened this matter yet.
    UnknownMatter {
        /// Its kind.
        subject: Subject,
    },
    /// Another event of the same id says something else, and only one of them counts: see
    /// [`Applied::Conflicting`](super::Applied::Conflicting).
    DuplicateId,
    /// It replaces an event that is not there.
    UnknownReplaced {
        /// The id it names.
        replaces: OpaqueId,
    },
    /// Another event replaces the same one; both count.
    ReplacedTwice {
        /// The id they name.
        replaces: OpaqueId,
    },
    /// Following the corrections leads back to it, so that none of them counts.
    ReplacedInCircle,
    /// The duty cannot arise by itself.
    NotATask,

    // ---- contradictions of the text that these events meet
    /// Two clauses whose dates exclude each other.
    Conflict(Box<Conflict>),
    /// A contradiction or gap of the text that decides something here.
    Contradiction(Contradiction),

    // ---- section 6 and the clauses 5, 11
    /// The notice lacks details of the processing (`D-6.3a`).
    NoticeIncomplete,
    /// The objection names no grounds (`D-6.3c`): it is recorded and stops nothing.
    ObjectionWithoutGrounds,
    /// The objection came after the window (`D-6.3b`): it is recorded and stops nothing.
    ObjectionTooLate {
        /// The last day of the window.
        last_day: NaiveDate,
    },
    /// Processing began although it was refused.
    StartedTooEarly {
        /// Every reason.
        refusals: Vec<SubprocessorRefusal>,
    },

    // ---- section 7
    /// The wording of that time does not name this kind of request (`D-7.1a`).
    NotInFirstText,
    /// The provider replied in substance without consent (`D-7.1b`, `SCC-5d-iii`).
    RepliedWithoutConsent {
        /// The clause in force.
        clause: Clause,
    },
    /// The extension was notified too late or without reasons and changes nothing (`G-12.3`).
    ExtensionIneffective,

    // ---- section 8
    /// The authority was told late and no reasons were given (`G-33.1`).
    LateWithoutReasons,

    // ---- section 10
    /// The request came after the window; there is no right to a return any more (`D-10.2a`).
    ReturnRequestTooLate {
        /// The last day of the window.
        last_day: NaiveDate,
    },
    /// The copy is not as the clause wants it and discharges nothing (`D-10.2b`).
    CopyFlawed,
    /// The data was deleted before the copy that was asked for was handed over (`D-10.2c`).
    DeletedBeforeReturn,
    /// The data was destroyed before the exporter had chosen (`SCC-12.1a`).
    DestroyedBeforeChoice,
    /// Full compliance was certified while a copy, or a return that was asked for, was outstanding (`D-10.4`).
    CertificateUntrue,

    // ---- section 11
    /// The report fails some of the four conditions (`D-11.2a`, `D-11.2b`).
    ReportRefused {
        /// The clauses that it fails.
        fails: Vec<Clause>,
    },
    /// A report does not answer a request for an audit of the facilities (`X4`).
    ReportIsNoAudit,

    // ---- section 12 and 13
    /// The transfer began before its conditions were met.
    TransferTooEarly {
        /// The clauses that were not met.
        fails: Vec<Clause>,
    },
    /// The notice is too short; the variation can have effect on this day at the earliest (`D-13.4.1`).
    NoticeTooShort {
        /// The first day on which it may have effect.
        earliest: NaiveDate,
    },
    /// The clauses forbid this variation (`SCC-10`, `X5`).
    VariationForbidden,
}

impl Finding {
    /// The event that shows it.
    #[must_use]
    pub const fn event(&self) -> &OpaqueId {
        &self.event
    }

    /// What was found.
    #[must_use]
    pub const fn kind(&self) -> &FindingKind {
        &self.kind
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match &self.kind {
            FindingKind::UnknownMatter { .. } => codes::UNKNOWN_MATTER,
            FindingKind::DuplicateId => codes::DUPLICATE_ID,
            FindingKind::UnknownReplaced { .. } => codes::UNKNOWN_REPLACED,
            FindingKind::ReplacedTwice { .. } => codes::REPLACED_TWICE,
            FindingKind::ReplacedInCircle => codes::REPLACED_IN_CIRCLE,
            FindingKind::NotATask => codes::NOT_A_TASK,
            FindingKind::Conflict(_) => codes::CONFLICT,
            FindingKind::Contradiction(_) => codes::CONTRADICTION,
            FindingKind::NoticeIncomplete => codes::NOTICE_INCOMPLETE,
            FindingKind::ObjectionWithoutGrounds => codes::OBJECTION_WITHOUT_GROUNDS,
            FindingKind::ObjectionTooLate { .. } => codes::OBJECTION_TOO_LATE,
            FindingKind::StartedTooEarly { .. } => codes::STARTED_TOO_EARLY,
            FindingKind::NotInFirstText => codes::NOT_IN_FIRST_TEXT,
            FindingKind::RepliedWithoutConsent { .. } => codes::REPLIED_WITHOUT_CONSENT,
            FindingKind::ExtensionIneffective => codes::EXTENSION_INEFFECTIVE,
            FindingKind::LateWithoutReasons => codes::LATE_WITHOUT_REASONS,
            FindingKind::ReturnRequestTooLate { .. } => codes::RETURN_REQUEST_TOO_LATE,
            FindingKind::CopyFlawed => codes::COPY_FLAWED,
            FindingKind::DeletedBeforeReturn => codes::DELETED_BEFORE_RETURN,
            FindingKind::DestroyedBeforeChoice => codes::DESTROYED_BEFORE_CHOICE,
            FindingKind::CertificateUntrue => codes::CERTIFICATE_UNTRUE,
            FindingKind::ReportRefused { .. } => codes::REPORT_REFUSED,
            FindingKind::ReportIsNoAudit => codes::REPORT_IS_NO_AUDIT,
            FindingKind::TransferTooEarly { .. } => codes::TRANSFER_TOO_EARLY,
            FindingKind::NoticeTooShort { .. } => codes::NOTICE_TOO_SHORT,
            FindingKind::VariationForbidden => codes::VARIATION_FORBIDDEN,
        }
    }
}

/// Event and what was found, on one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.event)?;
        match &self.kind {
            FindingKind::UnknownMatter { .. } => f.write_str("no event opened this matter"),
            FindingKind::DuplicateId => f.write_str("another event of this id says something else"),
            FindingKind::UnknownReplaced { replaces } => write!(f, "replaces {replaces}, which is not there"),
            FindingKind::ReplacedTwice { replaces } => write!(f, "replaces {replaces}, as another event does"),
            FindingKind::ReplacedInCircle => f.write_str("the corrections go in a circle, and none of them counts"),
            FindingKind::NotATask => f.write_str("this duty does not arise by itself"),
            FindingKind::Conflict(conflict) => write!(f, "{conflict}"),
            FindingKind::Contradiction(contradiction) => write!(f, "{contradiction}"),
            FindingKind::NoticeIncomplete => f.write_str("the notice lacks details of the processing (D-6.3a)"),
            FindingKind::ObjectionWithoutGrounds => f.write_str("the objection names no grounds (D-6.3c)"),
            FindingKind::ObjectionTooLate { last_day } => {
                write!(f, "the objection came after {last_day} (D-6.3b)")
            }
            FindingKind::StartedTooEarly { refusals } => {
                f.write_str("processing began too early:")?;
                refusals.iter().try_for_each(|refusal| write!(f, " {refusal};"))
            }
            FindingKind::NotInFirstText => {
                f.write_str("the wording until 2018-05-24 does not name this kind of request (D-7.1a)")
            }
            FindingKind::RepliedWithoutConsent { clause } => {
                write!(f, "the provider replied without consent ({})", clause.id())
            }
            FindingKind::ExtensionIneffective => {
                f.write_str("the extension was notified too late or without reasons (G-12.3)")
            }
            FindingKind::LateWithoutReasons => f.write_str("notified late, and no reasons given (G-33.1)"),
            FindingKind::ReturnRequestTooLate { last_day } => {
                write!(f, "the return was requested after {last_day} (D-10.2a)")
            }
            FindingKind::CopyFlawed => f.write_str("the copy is incomplete, insecure or in another format (D-10.2b)"),
            FindingKind::DeletedBeforeReturn => f.write_str("deleted before the copy was handed over (D-10.2c)"),
            FindingKind::DestroyedBeforeChoice => f.write_str("destroyed before the exporter had chosen (SCC-12.1a)"),
            FindingKind::CertificateUntrue => f.write_str("full compliance certified while something is left (D-10.4)"),
            FindingKind::ReportRefused { fails } => clauses(f, "the report fails", fails),
            FindingKind::ReportIsNoAudit => write!(f, "a report does not close this request ({})", clause::X4.id()),
            FindingKind::TransferTooEarly { fails } => clauses(f, "the transfer began before", fails),
            FindingKind::NoticeTooShort { earliest } => {
                write!(f, "the notice is too short: effect on {earliest} at the earliest (D-13.4.1)")
            }
            FindingKind::VariationForbidden => f.write_str("the clauses forbid this variation (SCC-10)"),
        }
    }
}

fn clauses(f: &mut fmt::Formatter<'_>, words: &str, fails: &[Clause]) -> fmt::Result {
    f.write_str(words)?;
    fails.iter().try_for_each(|clause| write!(f, " {}", clause.id()))
}
