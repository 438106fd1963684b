use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::condition::GRANT_ENDED;
use super::consent::ConsentState;
use super::policy::StaffPolicy;
use super::purpose::{Purpose, PurposeKind};
use super::scope::{Area, GrantId, GrantScope};
use super::standing::{Approval, End, Glass, Standing};
use crate::clause;
use crate::event::{Actor, Code, Fact};
use crate::id::{OpaqueId, TenantId};
use crate::store::{Key, Next, Record};
use crate::time::{KEPT_AFTER_END, Now, SKEW, Timestamp};

/// A grant: one member of staff, one customer, one purpose, a scope and a duration; who approved it, and how it stands.
///
/// One record each, so that an approval, a use and a revocation of one grant are a compare-and-swap of it and of nothing
/// else, and there is no bound on how many a tenant has but the policy's.
///
/// How often it was used is not in it, so that a use after the first writes nothing but its event,
/// [`staff.used`](super::USED): count these, or ask an evidence report of them
/// ([`GrantRow::uses`](crate::evidence::GrantRow::uses)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct GrantState {
    pub(super) id: GrantId,
    pub(super) tenant: TenantId,
    pub(super) staff: OpaqueId,
    pub(super) purpose: Purpose,
    pub(super) scope: GrantScope,
    pub(super) duration_secs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) starts_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(super) single_use: bool,
    /// How many approvals it needs: as many as the policy said when it was asked for.
    pub(super) needed: u8,
    /// Whether the operator's persons approve it, not the customer's.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(super) by_operator: bool,
    /// The generation of the tenant's revocations it was asked for under.
    pub(super) generation: u64,
    pub(super) requested_at: Timestamp,
    pub(super) pending_until: Timestamp,
    pub(super) approvals: Vec<Approval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) glass: Option<Glass>,
    pub(super) phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Phase {
    Pending,
    Approved { at: Timestamp, use_by: Timestamp },
    Active { from: Timestamp },
    Ended { at: Timestamp, how: End },
}

impl Record for GrantState {
    const KIND: &'static str = "staff_grant";
    const VERSION: u16 = 1;
}

impl GrantState {
    /// The key of a grant's record.
    #[must_use]
    pub fn key(tenant: &TenantId, id: &GrantId) -> Key {
        Key::of::<Self>(tenant.clone(), id)
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &GrantId {
        &self.id
    }

    /// Whose account it opens.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Who asked for it, and alone may use it.
    #[must_use]
    pub const fn staff(&self) -> &OpaqueId {
        &self.staff
    }

    /// For what.
    #[must_use]
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// What it covers.
    #[must_use]
    pub const fn scope(&self) -> &GrantScope {
        &self.scope
    }

    /// How long it lasts from its start.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        Duration::from_secs(self.duration_secs)
    }

    /// Whether it is for one use.
    #[must_use]
    pub const fn is_for_one_use(&self) -> bool {
        self.single_use
    }

    /// How many approvals it needs.
    #[must_use]
    pub const fn approvals_needed(&self) -> u8 {
        self.needed
    }

    /// When it was asked for.
    #[must_use]
    pub const fn requested_at(&self) -> Timestamp {
        self.requested_at
    }

    /// Who approved it so far, in order.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// Whether the operator's own persons approve it.
    #[must_use]
    pub const fn is_approved_by_operator(&self) -> bool {
        self.by_operator
    }

    /// The emergency, if it was one.
    #[must_use]
    pub const fn glass(&self) -> Option<&Glass> {
        self.glass.as_ref()
    }

    /// On whose behalf its bearer acts: whoever gave the last approval, or enabled emergencies; nobody before that.
    #[must_use]
    pub fn granted_by(&self) -> Option<&Actor> {
        let approver = self.approvals.last().map(|approval| &approval.by);
        approver.or(self.glass.as_ref().map(Glass::enabled_by))
    }

    /// How it stands now, by the policy and the customer's consent as they are.
    #[must_use]
    pub fn standing(&self, now: Now, policy: &StaffPolicy, consent: Option<&ConsentState>) -> Standing {
        if let Phase::Ended { how, .. } = self.phase {
            return Standing::Over(how);
        }
        if self.generation != consent.map_or(0, ConsentState::generation) {
            return Standing::Over(End::Revoked);
        }
        let mut longest = self.duration().min(policy.max_duration());
        if let Some(glass) = &self.glass {
            match consent.and_then(|consent| consent.terms_of(glass.generation)) {
                Some(terms) => longest = longest.min(terms.max_duration()),
                None => return Standing::Over(End::Revoked),
            }
        }
        // What has happened by a clock that is ahead of this one, and how long what follows from it lasts.
        let (since, lasts) = match self.phase {
            Phase::Approved { at, use_by } => (at, use_by.since(at)),
            Phase::Active { from } => (from, longest),
            _ => (self.requested_at, self.pending_until.since(self.requested_at)),
        };
        if since > now.plus(lasts.saturating_add(SKEW)) {
            return Standing::Over(End::Clock);
        }
        if since > now.plus(SKEW) {
            return Standing::Ahead;
        }
        let at = now.timestamp();
        let window = self.starts_at.map(|from| (from, from.saturating_add(longest)));
        match (self.phase, window) {
            (Phase::Ended { how, .. }, _) => Standing::Over(how),
            (Phase::Pending, _) if at >= self.pending_until => Standing::Over(End::Unanswered),
            (Phase::Pending, Some((_, until))) if at >= until => Standing::Over(End::Unanswered),
            (Phase::Pending, _) => Standing::Pending { until: self.pending_until },
            (Phase::Approved { .. }, Some((from, _))) if at < from => Standing::Scheduled { from },
            (Phase::Approved { .. }, Some((_, until))) if at < until => Standing::Active { until },
            (Phase::Approved { .. }, Some(_)) => Standing::Over(End::Expired),
            (Phase::Approved { use_by, .. }, None) if at >= use_by => Standing::Over(End::Unused),
            (Phase::Approved { use_by, .. }, None) => Standing::Ready { use_by },
            (Phase::Active { from }, _) => {
                let until = from.saturating_add(longest);
                if at >= until { Standing::Over(End::Expired) } else { Standing::Active { until } }
            }
        }
    }

    /// From this instant on it is over, whatever happens to it; `None` while something is owed for it.
    pub(super) fn bound(&self, policy: &StaffPolicy) -> Option<Timestamp> {
        if self.owes() {
            return None;
        }
        let unused = self.pending_until.saturating_add(policy.unused());
        let start = match self.phase {
            Phase::Active { from } => from,
            Phase::Approved { use_by, .. } => use_by,
            _ => unused,
        };
        Some(start.max(self.starts_at.unwrap_or(start)).saturating_add(self.duration()))
    }

    pub(super) fn owes(&self) -> bool {
        self.glass.as_ref().is_some_and(|glass| glass.owed().next().is_some())
    }

    /// When it was written as over, and how it ended; none of a grant that nobody has looked at since its time was over.
    #[must_use]
    pub const fn end(&self) -> Option<(Timestamp, End)> {
        match self.phase {
            Phase::Ended { at, how } => Some((at, how)),
            _ => None,
        }
    }

    /// Whether it is written as over.
    pub(super) const fn is_ended(&self) -> bool {
        matches!(self.phase, Phase::Ended { .. })
    }

    /// The same, over from now on, with the fact of it.
    pub(super) fn ended(mut self, now: Now, how: End) -> (Self, Fact) {
        self.phase = Phase::Ended { at: now.timestamp(), how };
        let fact = self.fact(GRANT_ENDED).with("reason", how.code());
        (self, fact)
    }

    /// A fact about this grant: whose it is, for what.
    pub(super) fn fact(&self, code: Code) -> Fact {
        let clause = if self.by_operator { clause::E_3_2 } else { clause::E_5_5 };
        let fact = Fact::success(code).under(clause).with("staff", &self.staff);
        let fact = fact.with("area", self.scope.area().as_str()).with("purpose", self.purpose.kind().as_str());
        match self.purpose.reference() {
            Some(reference) => fact.with("reference", reference),
            None => fact,
        }
    }

    /// How it is written: collected a day after nothing can come of it any more, and never while something is owed.
    pub(super) fn next(self, now: Now, policy: &StaffPolicy) -> Next<Self> {
        let over = if self.is_ended() && !self.owes() { Some(now.timestamp()) } else { self.bound(policy) };
        match over {
            Some(over) => Next::PutUntil { state: self, collect_after: over.saturating_add(KEPT_AFTER_END) },
            None => Next::Put(self),
        }
    }
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    id: GrantId,
    tenant: TenantId,
    staff: OpaqueId,
    purpose: Purpose,
    scope: GrantScope,
    duration_secs: u64,
    #[serde(default)]
    starts_at: Option<Timestamp>,
    #[serde(default)]
    single_use: bool,
    needed: u8,
    #[serde(default)]
    by_operator: bool,
    generation: u64,
    requested_at: Timestamp,
    pending_until: Timestamp,
    approvals: Vec<Approval>,
    #[serde(default)]
    glass: Option<Glass>,
    phase: Phase,
}

impl TryFrom<Stored> for GrantState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { id, tenant, staff, purpose, scope, duration_secs, starts_at, single_use, needed, .. } = stored;
        let Stored { by_operator, generation, requested_at, pending_until, approvals, glass, phase, .. } = stored;
        let given = approvals.len();
        let distinct = approvals.iter().enumerate().all(|(index, one)| {
            one.person != staff && approvals.iter().take(index).all(|other| other.person != one.person)
        });
        // INVARIANT: no decision lets anybody in with less than it needs, nor counts a person twice or the bearer.
        let enough = match phase {
            Phase::Pending => given < usize::from(needed) && glass.is_none(),
            Phase::Approved { .. } => given == usize::from(needed) && glass.is_none(),
            Phase::Active { .. } => given == usize::from(needed) || glass.is_some(),
            Phase::Ended { .. } => given <= usize::from(needed),
        };
        // Nor does the operator approve what is the customer's to approve.
        let is_operators = scope.area() != Area::UserManager && purpose.kind() != PurposeKind::SupportRequest;
        let durations = 1..=StaffPolicy::MAX_DURATION.as_secs();
        let needs = if glass.is_some() { needed == 0 } else { (1..=StaffPolicy::MAX_APPROVALS).contains(&needed) };
        let spans = pending_until >= requested_at
            && pending_until.since(requested_at) <= StaffPolicy::MAX_WAIT
            && !matches!(phase, Phase::Approved { at, use_by } if use_by < at || use_by.since(at) > StaffPolicy::MAX_WAIT);
        if !(distinct
            && enough
            && needs
            && spans
            && (is_operators || !by_operator)
            && durations.contains(&duration_secs))
        {
            return Err("values that no decision writes");
        }
        Ok(Self {
            id,
            tenant,
            staff,
            purpose,
            scope,
            duration_secs,
            starts_at,
            single_use,
            needed,
            by_operator,
            generation,
            requested_at,
            pending_until,
            approvals,
            glass,
            phase,
        })
    }
}
