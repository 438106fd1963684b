use alloc::vec::Vec;
use core::fmt;

use super::scope::Area;
use super::standing::End;
use crate::access::Refusal;
use crate::clause::{self, Clause};
use crate::event::{Code, Fact};
use crate::tenancy::NotFound;

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        $($(#[$doc])+ pub const $name: Code = Code::internal($text);)+
        /// Every code of this module: of its events first, then the reasons in them.
        pub const CODES: &[Code] = &[$($name),+];
    };
}

codes! {
    /// A member of staff asked for a grant.
    REQUESTED = "staff.requested";
    /// A request for a grant was refused, for the reasons said.
    REQUEST_REFUSED = "staff.request_refused";
    /// One approval was given; more are needed.
    APPROVAL_GIVEN = "staff.approval_given";
    /// The last approval was given.
    APPROVED = "staff.approved";
    /// An approval was refused, for the reasons said.
    APPROVAL_REFUSED = "staff.approval_refused";
    /// Staff were let in.
    USED = "staff.used";
    /// Staff were not let in, for the reasons said.
    USE_REFUSED = "staff.use_refused";
    /// A grant is over; the detail `reason` says how.
    GRANT_ENDED = "staff.grant_ended";
    /// The end of a grant, its notice or its review was refused, for the reasons said.
    CHANGE_REFUSED = "staff.change_refused";
    /// All grants of the tenant were revoked.
    REVOKED_ALL = "staff.revoked_all";
    /// The customer enabled access without approval in an emergency.
    GLASS_ENABLED = "staff.glass_enabled";
    /// The customer disabled it.
    GLASS_DISABLED = "staff.glass_disabled";
    /// Staff let themselves in, in an emergency.
    GLASS_BROKEN = "staff.glass_broken";
    /// The customer was told of it.
    NOTICE_GIVEN = "staff.notice_given";
    /// It was reviewed.
    GLASS_REVIEWED = "staff.glass_reviewed";
    /// An undertaking of confidentiality was noted.
    UNDERTAKING_SIGNED = "staff.undertaking_signed";
    /// An undertaking of confidentiality was ended.
    UNDERTAKING_ENDED = "staff.undertaking_ended";
    /// Login data of a customer was found where none may be kept: a violation.
    LOGIN_DATA_STORED = "staff.login_data_stored";
    /// Such data was removed.
    LOGIN_DATA_REMOVED = "staff.login_data_removed";
    /// Reason: no staff may reach production servers.
    SERVER_CLOSED = "staff.server_closed";
    /// Reason: no staff may reach passwords.
    PASSWORDS_CLOSED = "staff.passwords_closed";
    /// Reason: no rule opens the area.
    NO_RULE = "staff.no_rule";
    /// Reason: it was not said whose it is.
    NO_TENANT = "staff.no_tenant";
    /// Reason: none of the roles that may.
    ROLE = "staff.role";
    /// Reason: no purpose was given, or none that there is.
    NO_PURPOSE = "staff.no_purpose";
    /// Reason: the purpose is none for this area.
    PURPOSE = "staff.purpose";
    /// Reason: there is no undertaking of confidentiality.
    NO_UNDERTAKING = "staff.no_undertaking";
    /// Reason: the undertaking of confidentiality has lapsed, or is not yet in force.
    UNDERTAKING_NOT_IN_FORCE = "staff.undertaking_not_in_force";
    /// Reason: no login data that the customer gave.
    NO_CUSTOMER_LOGIN = "staff.no_customer_login";
    /// Reason: there is no such grant.
    NO_GRANT = "staff.no_grant";
    /// Reason: the grant is another tenant's.
    OTHER_TENANT = "staff.other_tenant";
    /// Reason: the grant is another person's.
    OTHER_MEMBER = "staff.other_member";
    /// Reason: the grant is for another area.
    AREA_NOT_GRANTED = "staff.area_not_granted";
    /// Reason: the grant is not for this action.
    ACTION_NOT_GRANTED = "staff.action_not_granted";
    /// Reason: the grant is not for this resource.
    RESOURCE_NOT_GRANTED = "staff.resource_not_granted";
    /// Reason: the grant is for another purpose, or another request of the customer's.
    PURPOSE_NOT_GRANTED = "staff.purpose_not_granted";
    /// Reason: not approved yet.
    PENDING = "staff.pending";
    /// Reason: its time has not come.
    NOT_BEGUN = "staff.not_begun";
    /// Reason: written by a clock that ran ahead, or the clock has stepped back since.
    AHEAD = "staff.ahead";
    /// How a grant ended: its time is over.
    EXPIRED = "staff.expired";
    /// How a grant ended: nobody approved it in time.
    UNANSWERED = "staff.unanswered";
    /// How a grant ended: approved, and not used in time.
    UNUSED = "staff.unused";
    /// How a grant ended: it was for one use.
    USED_UP = "staff.used_up";
    /// How a grant ended: its bearer closed it.
    CLOSED = "staff.closed";
    /// How a grant ended: its bearer withdrew the request.
    WITHDRAWN = "staff.withdrawn";
    /// How a grant ended: the customer turned it down before it was used.
    DISMISSED = "staff.dismissed";
    /// How a grant ended: revoked.
    REVOKED = "staff.revoked";
    /// How a grant ended: its instants lie so far ahead that the clock that wrote them was wrong.
    CLOCK = "staff.clock";
    /// Reason: a duration of nothing, or over the ceiling.
    DURATION = "staff.duration";
    /// Reason: a start in the past, or too far ahead.
    START = "staff.start";
    /// Reason: as many grants of the tenant are open as may be.
    TOO_MANY_OPEN = "staff.too_many_open";
    /// Reason: the id is that of another grant.
    ID_TAKEN = "staff.id_taken";
    /// Reason: whoever acts under a grant can neither ask for nor approve another.
    CHAINED = "staff.chained";
    /// Reason: the customer has not enabled access without approval in an emergency.
    GLASS_NOT_ENABLED = "staff.glass_not_enabled";
    /// Reason: the person has not the right to.
    NO_RIGHT = "staff.no_right";
    /// Reason: nobody approves or reviews his own.
    ONESELF = "staff.oneself";
    /// Reason: it does not wait for an approval.
    NOT_PENDING = "staff.not_pending";
    /// Reason: no emergency opens the user manager.
    NOT_IN_EMERGENCY = "staff.not_in_emergency";
    /// Reason: no emergency, so nothing to tell or review.
    NO_EMERGENCY = "staff.no_emergency";
}

/// One condition that is not met.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// No rule opens the area, whoever asks (E-5.3, E-6H.8a).
    Closed(Area),
    /// The policy has no rule for the area.
    NoRule(Area),
    /// The area is one customer's, and it was not said whose.
    NoTenant,
    /// Networks or transport (E-6H.7a).
    Network(Refusal),
    /// None of the roles that may (E-6H.7b).
    Role,
    /// No purpose was given, or none that there is.
    NoPurpose,
    /// The purpose is none for this area (E-3.2, E-6H.7c).
    Purpose,
    /// Nobody undertook confidentiality (D-4.1c).
    NoUndertaking,
    /// The undertaking has lapsed, or is not yet in force (D-4.1c).
    UndertakingNotInForce,
    /// No login data that the customer gave (E-5.6a).
    NoCustomerLogin,
    /// There is no such grant.
    NoGrant,
    /// The grant is another tenant's.
    OtherTenant,
    /// The grant is another person's.
    OtherMember,
    /// The grant is for another area.
    AreaNotGranted,
    /// The grant is not for this action.
    ActionNotGranted,
    /// The grant is not for this resource.
    ResourceNotGranted,
    /// The grant is for another purpose, or another request of the customer's.
    PurposeNotGranted,
    /// Not approved yet.
    Pending,
    /// Its time has not come.
    NotBegun,
    /// Written by a clock that ran ahead, or the clock has stepped back since.
    Ahead,
    /// It is over.
    Over(End),
    /// A duration of nothing, or over the ceiling.
    Duration {
        /// Seconds asked for.
        asked_secs: u64,
        /// The most there is.
        ceiling_secs: u64,
    },
    /// A start in the past, or too far ahead.
    Start,
    /// As many grants of the tenant are open as may be.
    TooManyOpen,
    /// The id is that of another grant.
    IdTaken,
    /// Asked for or approved under a grant.
    Chained,
    /// The customer has not enabled access without approval in an emergency.
    GlassNotEnabled,
    /// No emergency opens the user manager: it needs a specific approval (E-5.5).
    NotInEmergency,
    /// The person has not the right to (E-5.5).
    NoRight,
    /// One's own.
    Oneself,
    /// It does not wait for an approval.
    NotPending,
    /// No emergency, so nothing to tell or review.
    NoEmergency,
}

impl Condition {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Closed(Area::Passwords) => PASSWORDS_CLOSED,
            Self::Closed(_) => SERVER_CLOSED,
            Self::NoRule(_) => NO_RULE,
            Self::NoTenant => NO_TENANT,
            Self::Network(refusal) => refusal.code(),
            Self::Role => ROLE,
            Self::NoPurpose => NO_PURPOSE,
            Self::Purpose => PURPOSE,
            Self::NoUndertaking => NO_UNDERTAKING,
            Self::UndertakingNotInForce => UNDERTAKING_NOT_IN_FORCE,
            Self::NoCustomerLogin => NO_CUSTOMER_LOGIN,
            Self::NoGrant => NO_GRANT,
            Self::OtherTenant => OTHER_TENANT,
            Self::OtherMember => OTHER_MEMBER,
            Self::AreaNotGranted => AREA_NOT_GRANTED,
            Self::ActionNotGranted => ACTION_NOT_GRANTED,
            Self::ResourceNotGranted => RESOURCE_NOT_GRANTED,
            Self::PurposeNotGranted => PURPOSE_NOT_GRANTED,
            Self::Pending => PENDING,
            Self::NotBegun => NOT_BEGUN,
            Self::Ahead => AHEAD,
            Self::Over(end) => end.code(),
            Self::Duration { .. } => DURATION,
            Self::Start => START,
            Self::TooManyOpen => TOO_MANY_OPEN,
            Self::IdTaken => ID_TAKEN,
            Self::Chained => CHAINED,
            Self::GlassNotEnabled => GLASS_NOT_ENABLED,
            Self::NotInEmergency => NOT_IN_EMERGENCY,
            Self::NoRight => NO_RIGHT,
            Self::Oneself => ONESELF,
            Self::NotPending => NOT_PENDING,
            Self::NoEmergency => NO_EMERGENCY,
        }
    }

    /// The clause behind it in this area.
    #[must_use]
    pub const fn clause(&self, area: Area) -> Clause {
        match self {
            Self::Closed(area) | Self::NoRule(area) => area.clause(),
            Self::NoTenant | Self::OtherTenant => clause::E_5_9,
            Self::Network(refusal) => match area {
                Area::Database => clause::E_6H_7A,
                _ => refusal.clause(),
            },
            Self::Role if matches!(area, Area::Database) => clause::E_6H_7B,
            Self::Role | Self::OtherMember => clause::D_4_1B,
            Self::NoPurpose | Self::Purpose if matches!(area, Area::Database) => clause::E_6H_7C,
            Self::NoPurpose | Self::Purpose | Self::PurposeNotGranted => clause::E_3_2,
            Self::NoUndertaking | Self::UndertakingNotInForce => clause::D_4_1C,
            Self::NoCustomerLogin => clause::E_5_6A,
            _ => clause::E_5_5,
        }
    }
}

/// The code, for the host's log.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code().fmt(f)
    }
}

/// A refusal: every condition that is not met, for the log; and one text, for whoever asked.
///
/// The text is the same for every refusal of this module, and that of [`NotFound`](crate::tenancy::NotFound). Answer for a
/// thing that does not exist with the same text and status, so that nobody learns what there is.
///
/// ```
/// use clausework::staff::Denied;
///
/// let absent = Denied::PUBLIC_MESSAGE; // what the host's own lookup answers for an id that it does not know
/// assert_eq!(absent, clausework::tenancy::NotFound.to_string());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(Vec<Condition>);

impl Denied {
    /// What an outsider may be told.
    pub const PUBLIC_MESSAGE: &'static str = NotFound::MESSAGE;

    pub(super) const fn new(conditions: Vec<Condition>) -> Self {
        Self(conditions)
    }

    /// Every condition that is not met. Never empty.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.0
    }

    /// What an outsider may be told: [`Denied::PUBLIC_MESSAGE`].
    #[must_use]
    pub const fn public_message(&self) -> &'static str {
        Self::PUBLIC_MESSAGE
    }

    /// Names of the details that hold the reasons of a refusal; more than so many are counted only.
    const REASONS: [&'static str; 16] = [
        "reason",
        "reason_2",
        "reason_3",
        "reason_4",
        "reason_5",
        "reason_6",
        "reason_7",
        "reason_8",
        "reason_9",
        "reason_10",
        "reason_11",
        "reason_12",
        "reason_13",
        "reason_14",
        "reason_15",
        "reason_16",
    ];

    /// The fact of it: every reason and clause, and how many there are.
    pub(super) fn fact(&self, code: Code, area: Area) -> Fact {
        let mut fact = Fact::failure(code).with("reasons", u64::try_from(self.0.len()).unwrap_or(u64::MAX));
        for (condition, name) in self.0.iter().zip(Self::REASONS) {
            let clause = condition.clause(area);
            fact = fact.with(name, condition.code());
            if !fact.clauses().contains(&clause) {
                fact = fact.under(clause);
            }
        }
        fact
    }
}

/// [`Denied::PUBLIC_MESSAGE`], whatever the reasons.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PUBLIC_MESSAGE)
    }
}

/// What was asked for, or a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: granted or not")]
pub enum Answer<T> {
    /// Granted.
    Granted(T),
    /// Refused.
    Denied(Denied),
}

impl<T> Answer<T> {
    /// What was granted.
    #[must_use]
    pub fn granted(self) -> Option<T> {
        match self {
            Self::Granted(granted) => Some(granted),
            Self::Denied(_) => None,
        }
    }

    /// The refusal.
    #[must_use]
    pub const fn denied(&self) -> Option<&Denied> {
        match self {
            Self::Granted(_) => None,
            Self::Denied(denied) => Some(denied),
        }
    }
}
