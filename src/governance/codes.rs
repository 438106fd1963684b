//! The stable codes of the organisation's registers: of events, of refusals, of findings.
//!
//! Those of [`communication`], [`rectification`], [`disclosure`] and [`transfer`] stand in these modules; all of them are in
//! [`CODES`], and begin with `governance.`.

use super::{communication, disclosure, rectification, transfer};
use crate::event::Code;

/// Evidence was filed.
pub const EVIDENCE_FILED: Code = Code::internal("governance.evidence_filed");
/// A version of a policy was adopted.
pub const VERSION_ADOPTED: Code = Code::internal("governance.version_adopted");
/// A version of a policy was published.
pub const VERSION_PUBLISHED: Code = Code::internal("governance.version_published");
/// A version of a policy became part of the personnel handbook.
pub const VERSION_IN_HANDBOOK: Code = Code::internal("governance.version_in_handbook");
/// Somebody joined the personnel.
pub const JOINED: Code = Code::internal("governance.joined");
/// Somebody left the personnel.
pub const LEFT: Code = Code::internal("governance.left");
/// Somebody acknowledged a version of a policy.
pub const ACKNOWLEDGED: Code = Code::internal("governance.acknowledged");
/// A session on awareness, or of training, was held.
pub const SESSION_HELD: Code = Code::internal("governance.session_held");
/// Somebody attended a session, or made up for it.
pub const ATTENDED: Code = Code::internal("governance.attended");
/// A role was assigned.
pub const ROLE_ASSIGNED: Code = Code::internal("governance.role_assigned");
/// A role ended.
pub const ROLE_ENDED: Code = Code::internal("governance.role_ended");
/// An administrator was appointed.
pub const APPOINTED: Code = Code::internal("governance.appointed");
/// An appointment ended.
pub const APPOINTMENT_ENDED: Code = Code::internal("governance.appointment_ended");
/// The list of administrators was asked for.
pub const LIST_REQUESTED: Code = Code::internal("governance.list_requested");
/// The list of administrators was handed out.
pub const LIST_HANDED_OUT: Code = Code::internal("governance.list_handed_out");
/// What is on record of a person was erased.
pub const ERASED: Code = Code::internal("governance.erased");
/// An entry was refused; the detail `reason` says why.
pub const REFUSED: Code = Code::internal("governance.refused");

/// Refusal: the register is that of another rule.
pub const ANOTHER_CLAUSE: Code = Code::internal("governance.another_clause");
/// Refusal: another entry has this id.
pub const ID_TAKEN: Code = Code::internal("governance.id_taken");
/// Refusal: it names something that is not on record.
pub const UNKNOWN: Code = Code::internal("governance.unknown");
/// Refusal: the record is full.
pub const FULL: Code = Code::internal("governance.full");
/// Refusal: another version is the next.
pub const NOT_NEXT: Code = Code::internal("governance.not_next");
/// Refusal: not after the day of the entry before it.
pub const NOT_LATER: Code = Code::internal("governance.not_later");
/// Refusal: the text is that of the version before.
pub const SAME_TEXT: Code = Code::internal("governance.same_text");
/// Refusal: the digest is not that of the document on record.
pub const OTHER_TEXT: Code = Code::internal("governance.other_text");
/// Refusal: somebody appoints himself.
pub const BY_ONESELF: Code = Code::internal("governance.by_oneself");
/// Refusal: no task, or too many.
pub const TASKS: Code = Code::internal("governance.tasks");
/// Refusal: it overlaps what is on record.
pub const OVERLAPS: Code = Code::internal("governance.overlaps");
/// Refusal: it ended, or was done, on another day.
pub const ENDED: Code = Code::internal("governance.ended");
/// Refusal: a day outside the years 1 to 9999.
pub const YEAR: Code = Code::internal("governance.year");
/// Refusal: a day before the beginning of what it is about.
pub const TOO_EARLY: Code = Code::internal("governance.too_early");
/// Refusal: an administrator without a name.
pub const UNNAMED: Code = Code::internal("governance.unnamed");
/// Refusal: it has not ended yet, and nothing of it is erased.
pub const NOT_ENDED: Code = Code::internal("governance.not_ended");
/// Refusal: it is kept for some time yet.
pub const KEPT: Code = Code::internal("governance.kept");

/// Finding: there never was any evidence.
pub const MISSING: Code = Code::internal("governance.missing");
/// Finding: evidence has lapsed.
pub const LAPSED: Code = Code::internal("governance.lapsed");
/// Finding: evidence lapses soon.
pub const DUE_SOON: Code = Code::internal("governance.due_soon");
/// Finding: nobody is accountable.
pub const NOBODY_ACCOUNTABLE: Code = Code::internal("governance.nobody_accountable");
/// Finding: more than one is accountable.
pub const SEVERAL_ACCOUNTABLE: Code = Code::internal("governance.several_accountable");
/// Finding: fewer than two people are responsible.
pub const TOO_FEW_RESPONSIBLE: Code = Code::internal("governance.too_few_responsible");
/// Finding: no version of the policy is in force.
pub const NO_VERSION: Code = Code::internal("governance.no_version");
/// Finding: the version in force is not published.
pub const UNPUBLISHED: Code = Code::internal("governance.unpublished");
/// Finding: the version in force is not part of the handbook.
pub const NOT_IN_HANDBOOK: Code = Code::internal("governance.not_in_handbook");
/// Finding: somebody has not acknowledged the version in force.
pub const UNACKNOWLEDGED: Code = Code::internal("governance.unacknowledged");
/// Finding: no session was held in its turn.
pub const NO_SESSION: Code = Code::internal("governance.no_session");
/// Finding: somebody missed a session.
pub const ABSENT: Code = Code::internal("governance.absent");
/// Finding: somebody never attended a session.
pub const NEVER_ATTENDED: Code = Code::internal("governance.never_attended");
/// Finding: somebody is an administrator without an appointment.
pub const UNAPPOINTED: Code = Code::internal("governance.unappointed");
/// Finding: somebody is appointed, but no administrator.
pub const NO_ADMINISTRATOR: Code = Code::internal("governance.no_administrator");
/// Finding: the list of administrators was asked for and not handed out.
pub const LIST_OWED: Code = Code::internal("governance.list_owed");

/// Every code of this room: those of the registers' events first, then their refusals and findings, then the other modules'.
///
/// ```
/// use clausework::governance::{CODES, codes, disclosure};
///
/// assert!(CODES.contains(&codes::LAPSED) && CODES.contains(&disclosure::RELEASED));
/// assert!(CODES.iter().all(|code| code.as_str().starts_with("governance.")));
/// ```
pub const CODES: &[Code] = &[
    EVIDENCE_FILED,
    VERSION_ADOPTED,
    VERSION_PUBLISHED,
    VERSION_IN_HANDBOOK,
    JOINED,
    LEFT,
    ACKNOWLEDGED,
    SESSION_HELD,
    ATTENDED,
    ROLE_ASSIGNED,
    ROLE_ENDED,
    APPOINTED,
    APPOINTMENT_ENDED,
    LIST_REQUESTED,
    LIST_HANDED_OUT,
    ERASED,
    REFUSED,
    ANOTHER_CLAUSE,
    ID_TAKEN,
    UNKNOWN,
    FULL,
    NOT_NEXT,
    NOT_LATER,
    SAME_TEXT,
    OTHER_TEXT,
    BY_ONESELF,
    TASKS,
    OVERLAPS,
    ENDED,
    YEAR,
    TOO_EARLY,
    UNNAMED,
    NOT_ENDED,
    KEPT,
    MISSING,
    LAPSED,
    DUE_SOON,
    NOBODY_ACCOUNTABLE,
    SEVERAL_ACCOUNTABLE,
    TOO_FEW_RESPONSIBLE,
    NO_VERSION,
    UNPUBLISHED,
    NOT_IN_HANDBOOK,
    UNACKNOWLEDGED,
    NO_SESSION,
    ABSENT,
    NEVER_ATTENDED,
    UNAPPOINTED,
    NO_ADMINISTRATOR,
    LIST_OWED,
    communication::CHOSEN,
    communication::CHOICE_REFUSED,
    communication::NOT_THE_PERSON,
    communication::NO_SUCH_TOPIC,
    communication::OPTED_OUT,
    communication::NEVER_ASKED,
    communication::MISLABELLED,
    rectification::REQUESTED,
    rectification::REQUEST_REFUSED,
    rectification::FIELD_DECIDED,
    rectification::TOLD,
    rectification::NOT_THEIRS,
    rectification::NO_FIELDS,
    disclosure::REQUESTED,
    disclosure::APPROVED,
    disclosure::NOT_APPROVED,
    disclosure::REFUSED,
    disclosure::EXPIRED,
    disclosure::RELEASED,
    disclosure::RELEASE_REFUSED,
    disclosure::NOTICE_GIVEN,
    disclosure::NOTICE_FORBIDDEN,
    disclosure::NOTICE_RENEWED,
    transfer::SENT,
    transfer::ACKNOWLEDGED,
    transfer::INCOMPLETE,
    transfer::UNACKNOWLEDGED,
];
