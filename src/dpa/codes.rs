//! Every stable code of this room: of a [`Status`](super::Status) and of a [`Finding`](super::Finding).

use crate::event::Code;

/// A duty without a number runs.
pub const RUNNING: Code = Code::internal("dpa.running");
/// Due later.
pub const DUE: Code = Code::internal("dpa.due");
/// Due today.
pub const DUE_TODAY: Code = Code::internal("dpa.due_today");
/// Overdue on one of two readings.
pub const OVERDUE_DISPUTED: Code = Code::internal("dpa.overdue_disputed");
/// Overdue.
pub const OVERDUE: Code = Code::internal("dpa.overdue");
/// Overdue when it arose.
pub const OVERDUE_ON_RECEIPT: Code = Code::internal("dpa.overdue_on_receipt");
/// The clock stands still.
pub const PAUSED: Code = Code::internal("dpa.paused");
/// Done.
pub const DONE: Code = Code::internal("dpa.done");
/// Done too late.
pub const DONE_LATE: Code = Code::internal("dpa.done_late");
/// Done too late on one of two readings.
pub const DONE_DISPUTED: Code = Code::internal("dpa.done_disputed");
/// A right is over.
pub const LAPSED: Code = Code::internal("dpa.lapsed");
/// A right is over on one of two readings.
pub const LAPSED_DISPUTED: Code = Code::internal("dpa.lapsed_disputed");
/// Something is missing.
pub const CANNOT_COMPUTE: Code = Code::internal("dpa.cannot_compute");
/// Somebody must decide.
pub const DECISION_NEEDED: Code = Code::internal("dpa.decision_needed");
/// No event opened the matter.
pub const UNKNOWN_MATTER: Code = Code::internal("dpa.unknown_matter");
/// Two events of one id.
pub const DUPLICATE_ID: Code = Code::internal("dpa.duplicate_id");
/// The event to be replaced is not there.
pub const UNKNOWN_REPLACED: Code = Code::internal("dpa.unknown_replaced");
/// Two events replace the same one.
pub const REPLACED_TWICE: Code = Code::internal("dpa.replaced_twice");
/// Corrections in a circle.
pub const REPLACED_IN_CIRCLE: Code = Code::internal("dpa.replaced_in_circle");
/// The duty does not arise by itself.
pub const NOT_A_TASK: Code = Code::internal("dpa.not_a_task");
/// Two clauses whose dates exclude each other.
pub const CONFLICT: Code = Code::internal("dpa.conflict");
/// A known contradiction or gap of the text.
pub const CONTRADICTION: Code = Code::internal("dpa.contradiction");
/// The notice of a sub-processor lacks details.
pub const NOTICE_INCOMPLETE: Code = Code::internal("dpa.notice_incomplete");
/// An objection without grounds.
pub const OBJECTION_WITHOUT_GROUNDS: Code = Code::internal("dpa.objection_without_grounds");
/// An objection after the window.
pub const OBJECTION_TOO_LATE: Code = Code::internal("dpa.objection_too_late");
/// A sub-processor began although it was refused.
pub const STARTED_TOO_EARLY: Code = Code::internal("dpa.started_too_early");
/// A request that the first wording does not name.
pub const NOT_IN_FIRST_TEXT: Code = Code::internal("dpa.not_in_first_text");
/// A reply in substance without consent.
pub const REPLIED_WITHOUT_CONSENT: Code = Code::internal("dpa.replied_without_consent");
/// An extension that changes nothing.
pub const EXTENSION_INEFFECTIVE: Code = Code::internal("dpa.extension_ineffective");
/// A late notice without reasons.
pub const LATE_WITHOUT_REASONS: Code = Code::internal("dpa.late_without_reasons");
/// A return was requested after the window.
pub const RETURN_REQUEST_TOO_LATE: Code = Code::internal("dpa.return_request_too_late");
/// A copy that is not as the clause wants it.
pub const COPY_FLAWED: Code = Code::internal("dpa.copy_flawed");
/// Deleted before the copy was handed over.
pub const DELETED_BEFORE_RETURN: Code = Code::internal("dpa.deleted_before_return");
/// Destroyed before the exporter had chosen.
pub const DESTROYED_BEFORE_CHOICE: Code = Code::internal("dpa.destroyed_before_choice");
/// Full compliance certified while something is left.
pub const CERTIFICATE_UNTRUE: Code = Code::internal("dpa.certificate_untrue");
/// An audit report that fails conditions.
pub const REPORT_REFUSED: Code = Code::internal("dpa.report_refused");
/// A report where an audit of the facilities was asked for.
pub const REPORT_IS_NO_AUDIT: Code = Code::internal("dpa.report_is_no_audit");
/// A transfer began before its conditions were met.
pub const TRANSFER_TOO_EARLY: Code = Code::internal("dpa.transfer_too_early");
/// The notice of a variation is too short.
pub const NOTICE_TOO_SHORT: Code = Code::internal("dpa.notice_too_short");
/// A variation that the clauses forbid.
pub const VARIATION_FORBIDDEN: Code = Code::internal("dpa.variation_forbidden");

/// All of them.
pub const CODES: &[Code] = &[
    RUNNING,
    DUE,
    DUE_TODAY,
    OVERDUE_DISPUTED,
    OVERDUE,
    OVERDUE_ON_RECEIPT,
    PAUSED,
    DONE,
    DONE_LATE,
    DONE_DISPUTED,
    LAPSED,
    LAPSED_DISPUTED,
    CANNOT_COMPUTE,
    DECISION_NEEDED,
    UNKNOWN_MATTER,
    DUPLICATE_ID,
    UNKNOWN_REPLACED,
    REPLACED_TWICE,
    REPLACED_IN_CIRCLE,
    NOT_A_TASK,
    CONFLICT,
    CONTRADICTION,
    NOTICE_INCOMPLETE,
    OBJECTION_WITHOUT_GROUNDS,
    OBJECTION_TOO_LATE,
    STARTED_TOO_EARLY,
    NOT_IN_FIRST_TEXT,
    REPLIED_WITHOUT_CONSENT,
    EXTENSION_INEFFECTIVE,
    LATE_WITHOUT_REASONS,
    RETURN_REQUEST_TOO_LATE,
    COPY_FLAWED,
    DELETED_BEFORE_RETURN,
    DESTROYED_BEFORE_CHOICE,
    CERTIFICATE_UNTRUE,
    REPORT_REFUSED,
    REPORT_IS_NO_AUDIT,
    TRANSFER_TOO_EARLY,
    NOTICE_TOO_SHORT,
    VARIATION_FORBIDDEN,
];
