use alloc::vec::Vec;

use super::condition::Condition;
use super::decide::{Known, StaffRequest, conditions};
use super::policy::StaffPolicy;
use super::purpose::Purpose;
use super::scope::Area;
use crate::clause::{self, Clause, Contradiction};
use crate::time::Now;

/// One side of a contradiction, evaluated: its clauses, and what of them is not met. Nothing is, if it lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: clauses and what they say")]
pub struct Side {
    /// The clauses.
    pub clauses: &'static [Clause],
    /// Every condition of theirs that is not met.
    pub failed: Vec<Condition>,
}

/// Two rules of the documents on one use, each evaluated by itself (X12).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Tension {
    /// The contradiction.
    pub contradiction: Contradiction,
    /// The rule that grants the access under its conditions.
    pub grants: Side,
    /// The rule that rules it out, or wants more.
    pub rules_out: Side,
}

impl Tension {
    /// Whether the one lets in what the other does not.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.grants.failed.is_empty() && !self.rules_out.failed.is_empty()
    }
}

const DATABASE: &[Clause] = &[clause::E_6H_7A, clause::E_6H_7B, clause::E_6H_7C];

/// Evaluates both rules where the documents contradict each other (X12); `None` where they do not.
///
/// - The database, for releases and backups (E-6H.7), against no access to the servers, direct or indirect (E-6H.8a).
/// - A customer's account, for maintenance (E-3.2), against login data that the customer gave (E-5.6a).
///
/// The crate decides by the rule of the area that was asked for, and says beside it that the other stands against it.
///
/// ```
/// use clausework::access::{AccessPolicy, IpList};
/// use clausework::event::{Origin, Transport};
/// use clausework::staff::{Area, AreaRule, Condition, Known, Purpose, PurposeKind, Resource, StaffPolicy, StaffRequest, tension};
/// use clausework::tenancy::{Action, ResourceKind};
/// use clausework::{Scope, clause, id::OpaqueId};
/// # use clausework::staff::{Duty, Undertaking, sign};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let reference = OpaqueId::try_new("nda-7")?;
/// # let nda = Undertaking { duty: Duty::Contract, reference, from: now.timestamp(), until: None };
/// # let (clausework::store::Next::Put(member), ..) = sign(None, nda).into_parts() else { panic!() };
///
/// let office = AccessPolicy::builder().ip_list(IpList::only(["198.51.100.0/24".parse()?])?).build()?;
/// let developer = OpaqueId::try_new("developer")?;
/// let rule = AreaRule::new(office).role(developer.clone()).purpose(PurposeKind::InstallRelease);
/// let policy = StaffPolicy::builder().max_duration_secs(60).pending_secs(60).area(Area::Database, rule).build()?;
///
/// let staff = OpaqueId::try_new("s-7")?;
/// let resource = Resource { kind: ResourceKind::try_new("schema")?, id: None };
/// let request = StaffRequest {
///     staff: &staff, roles: &[developer], scope: &Scope::Operator, area: Area::Database, action: Action::Change,
///     resource: &resource, purpose: Some(&Purpose::InstallRelease), grant: None, customer_login: None,
///     origin: Origin::network("198.51.100.7".parse()?, Transport::Tls),
/// };
/// let found = tension(now, &policy, &request, &Known { member: Some(&member), ..Known::default() }).unwrap();
/// assert_eq!((found.contradiction, found.is_live()), (clause::X12, true));
/// assert_eq!(found.rules_out.failed, [Condition::Closed(Area::Server)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn tension(now: Now, policy: &StaffPolicy, request: &StaffRequest<'_>, known: &Known<'_>) -> Option<Tension> {
    let (grants, rules_out) = sides(request)?;
    let failed = conditions(now, policy, request, known);
    let grants = Side { clauses: grants, failed };
    Some(Tension { contradiction: clause::X12, grants, rules_out })
}

/// The contradiction that a use which was allowed is in.
pub(super) fn of_allowed(request: &StaffRequest<'_>) -> Option<Contradiction> {
    sides(request).filter(|(_, rules_out)| !rules_out.failed.is_empty()).map(|_| clause::X12)
}

/// The clauses of the one side, and what the other says.
fn sides(request: &StaffRequest<'_>) -> Option<(&'static [Clause], Side)> {
    match (request.area, request.purpose) {
        (Area::Database, _) => {
            let failed = [Condition::Closed(Area::Server)].into();
            Some((DATABASE, Side { clauses: &[clause::E_6H_8A], failed }))
        }
        (Area::Account, Some(Purpose::MaintainService)) => {
            let failed = request.customer_login.is_none().then_some(Condition::NoCustomerLogin);
            Some((&[clause::E_3_2], Side { clauses: &[clause::E_5_6A], failed: failed.into_iter().collect() }))
        }
        _ => None,
    }
}
