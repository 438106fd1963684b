use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use super::{
    ALLOWED, DENIED, FIELD, GRANT_OVER, NO_PROFILE, NOT_FOUNDED, NOT_PERMITTED, OTHER_FUNCTION, OUTSIDE_GRANT,
    UNKNOWN_ROLE,
};
use super::{Action, Field, NotFound, PurposeFinding, Resource, RoleId, RuleId, Span, TenantFilter};
use crate::clause::{self, Clause};
use crate::event::{Code, Fact};
use crate::id::{OpaqueId, TenantId};

/// What allowed or denied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A rule of one of the account's roles.
    Rule {
        /// Of which role.
        role: RoleId,
        /// Which.
        rule: RuleId,
    },
    /// A share of the resource.
    Share {
        /// Its number.
        number: u32,
    },
    /// A grant of the customer's to the operator's staff.
    Grant,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { role, rule } => write!(f, "rule {rule} of role {role}"),
            Self::Share { number } => write!(f, "share {number}"),
            Self::Grant => f.write_str("a grant of the customer"),
        }
    }
}

/// What is missing for a permission.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// The tenant has no roles yet.
    NotFounded,
    /// The account has no profile, or it was closed.
    NoProfile,
    /// The profile names a role that does not exist: it may have denied.
    UnknownRole(RoleId),
    /// The role belongs to another function than the account (A2-Use-2).
    OtherFunction(RoleId),
    /// No rule and no share allows it.
    NotPermitted,
    /// It is allowed, and not to this field.
    Field(Field),
    /// The data is not for this use (A2-Sep-2, A2-Sep-4).
    Purpose(PurposeFinding),
    /// The grant is over.
    GrantOver,
    /// The grant is for something else.
    OutsideGrant,
}

impl Missing {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NotFounded => NOT_FOUNDED,
            Self::NoProfile => NO_PROFILE,
            Self::UnknownRole(_) => UNKNOWN_ROLE,
            Self::OtherFunction(_) => OTHER_FUNCTION,
            Self::NotPermitted => NOT_PERMITTED,
            Self::Field(_) => FIELD,
            Self::Purpose(finding) => finding.code(),
            Self::GrantOver => GRANT_OVER,
            Self::OutsideGrant => OUTSIDE_GRANT,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        match self {
            Self::OtherFunction(_) => clause::A2_USE_2,
            Self::Purpose(finding) => finding.clause(),
            Self::GrantOver | Self::OutsideGrant => clause::E_5_5,
            Self::NotFounded | Self::NoProfile | Self::UnknownRole(_) | Self::NotPermitted | Self::Field(_) => {
                clause::A2_USE_4
            }
        }
    }
}

/// Which fields an action may be done to.
///
/// ```
/// use clausework::tenancy::{Field, FieldMask};
///
/// fn shown(mask: &FieldMask, name: &Field, value: u64) -> String {
///     if mask.shows(name) { value.to_string() } else { "–".into() }
/// }
/// # assert_eq!(shown(&FieldMask::default(), &Field::try_new("salary")?, 5), "–"); // the default shows nothing
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMask {
    all: bool,
    only: BTreeSet<Field>,
    hidden: BTreeSet<Field>,
}

impl FieldMask {
    /// Whether this field is among them.
    #[must_use]
    pub fn shows(&self, field: &Field) -> bool {
        (self.all || self.only.contains(field)) && !self.hidden.contains(field)
    }

    /// Whether every field is, those that no rule names included.
    #[must_use]
    pub fn shows_all(&self) -> bool {
        self.all && self.hidden.is_empty()
    }

    pub(super) fn shows_any(&self) -> bool {
        self.all || !self.only.is_subset(&self.hidden)
    }

    pub(super) fn allow(&mut self, fields: &Span<Field>) {
        match fields {
            Span::All => self.all = true,
            Span::Only(fields) => self.only.extend(fields.iter().cloned()),
        }
    }

    pub(super) fn deny(&mut self, fields: &BTreeSet<Field>) {
        self.hidden.extend(fields.iter().cloned());
    }
}

/// What was found on the way to a verdict.
#[derive(Default)]
pub(super) struct Found {
    pub(super) allowed: Vec<Reason>,
    pub(super) denied: Vec<Reason>,
    pub(super) masked: Vec<Reason>,
    pub(super) missing: Vec<Missing>,
    pub(super) mask: FieldMask,
}

/// Whether somebody may do something, with everything that spoke for it and against it.
///
/// It is good for the request that it was decided for. The reasons are for the host and its auditors; the answer to
/// whoever is refused is [`NotFound`], whatever they are.
#[must_use = "a verdict that nobody reads protects nothing"]
pub struct Verdict<T: ?Sized> {
    tenant: TenantId,
    action: Action,
    resource: Option<OpaqueId>,
    found: Found,
    of: PhantomData<fn() -> T>,
}

impl<T: ?Sized> Verdict<T> {
    pub(super) const fn new(tenant: TenantId, action: Action, resource: Option<OpaqueId>, found: Found) -> Self {
        Self { tenant, action, resource, found, of: PhantomData }
    }

    /// Whether it may be done.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        !self.found.allowed.is_empty() && self.found.denied.is_empty() && self.found.missing.is_empty()
    }

    /// Every rule and share that allows it, also where another denies.
    #[must_use]
    pub fn allowed_by(&self) -> &[Reason] {
        &self.found.allowed
    }

    /// Every rule that denies it.
    #[must_use]
    pub fn denied_by(&self) -> &[Reason] {
        &self.found.denied
    }

    /// Every rule that takes fields away.
    #[must_use]
    pub fn masked_by(&self) -> &[Reason] {
        &self.found.masked
    }

    /// Every condition that does not hold.
    #[must_use]
    pub fn missing(&self) -> &[Missing] {
        &self.found.missing
    }

    /// Which fields it may be done to.
    #[must_use]
    pub const fn mask(&self) -> &FieldMask {
        &self.found.mask
    }

    /// The filter for the query, if it may be done.
    ///
    /// # Errors
    /// [`NotFound`], whatever stood against it.
    pub fn filter(self) -> Result<TenantFilter<T>, NotFound> {
        match self.is_allowed() {
            true => Ok(TenantFilter::new(self.tenant, self.action, self.resource, self.found.mask)),
            false => Err(NotFound),
        }
    }
}

impl<T: Resource + ?Sized> Verdict<T> {
    /// The verdict for the audit log: what was asked, the first rule that decided, how many did, and every condition
    /// that did not hold. [`ask`](super::ask) stores it for denials; a host that logs permissions too stores it itself.
    pub fn fact(&self) -> Fact {
        let code = if self.is_allowed() { ALLOWED } else { DENIED };
        let mut fact = if self.is_allowed() { Fact::success(code) } else { Fact::failure(code) }
            .under(clause::A2_USE_4)
            .with("action", self.action.as_str())
            .with("kind", T::KIND);
        if let Some(resource) = &self.resource {
            fact = fact.with("resource", resource);
        }
        let Found { allowed, denied, missing, .. } = &self.found;
        let count = |reasons: &[Reason]| u32::try_from(reasons.len()).unwrap_or(u32::MAX);
        fact = fact.with("allowed_by", count(allowed)).with("denied_by", count(denied));
        if let Some(Reason::Rule { role, rule }) = denied.first().or(allowed.first()) {
            fact = fact.with("role", role).with("rule", rule);
        }
        for missing in missing {
            fact = fact.with(missing.code().as_str(), true);
            let clause = missing.clause();
            if !fact.clauses().contains(&clause) {
                fact = fact.under(clause);
            }
        }
        fact
    }
}

impl<T: ?Sized> fmt::Debug for Verdict<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { allowed, denied, masked, missing, mask } = &self.found;
        f.debug_struct("Verdict")
            .field("action", &self.action)
            .field("allowed_by", allowed)
            .field("denied_by", denied)
            .field("masked_by", masked)
            .field("missing", missing)
            .field("mask", mask)
            .finish_non_exhaustive()
    }
}
