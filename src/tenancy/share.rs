use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::decide::by_account;
use super::scoped::check_kind;
use super::verdict::Found;
use super::{Action, Actions, Principal, ProfileState, Resource, Share, ShareWith, SharesState, Standing, TenantState};
use super::{
    LAPSED, NO_RECIPIENT, NO_SHARE, NOT_HELD, NOT_THE_CUSTOMER, NOTHING_SHARED, OVER, SHARE_REFUSED, SHARED, TOO_MANY,
    WITHDRAWN,
};
use crate::clause::{self, Clause};
use crate::event::{Code, Fact, Origin};
use crate::id::{AccountId, OpaqueId};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, Transition, UpdateError, update};
use crate::time::{Now, Timestamp};

/// What somebody wants of the shares of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: shared or not")]
pub enum Sharing {
    /// Share it.
    Share {
        /// With whom of the tenant.
        with: ShareWith,
        /// What they may do; with [`Action::Share`] among it they may share it further, and no more than this.
        actions: Actions,
        /// Until when; at that instant it is over. `None` until it is withdrawn.
        until: Option<Timestamp>,
    },
    /// Take a share back, with those that were made from it.
    Withdraw {
        /// Its number.
        number: u32,
    },
}

impl Sharing {
    /// The records that decide on it: to be loaded for [`settle_sharing`].
    #[must_use]
    pub fn keys<T: Resource + ?Sized>(&self, principal: &Principal, resource: &OpaqueId) -> Vec<Key> {
        let tenant = principal.tenant();
        let mut accounts: BTreeSet<&AccountId> = principal.account().into_iter().collect();
        accounts.extend(self.recipient());
        let profiles = accounts.into_iter().map(|account| ProfileState::key(tenant, account));
        [TenantState::key(tenant), SharesState::key::<T>(tenant, resource)].into_iter().chain(profiles).collect()
    }

    const fn recipient(&self) -> Option<&AccountId> {
        match self {
            Self::Share { with: ShareWith::Account(account), .. } => Some(account),
            Self::Share { with: ShareWith::Role(_), .. } | Self::Withdraw { .. } => None,
        }
    }
}

/// What decides on a share, beside the shares themselves.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all three")]
pub struct Sharer<'a> {
    /// The tenant's roles.
    pub tenant: Option<&'a TenantState>,
    /// The profile of who shares.
    pub profile: Option<&'a ProfileState>,
    /// The profile, in the same tenant, of the account it is shared with, if it is one.
    pub recipient: Option<&'a ProfileState>,
}

/// What [`share`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: done or refused")]
pub enum ShareOutcome {
    /// Shared, under this number.
    Shared {
        /// The number.
        number: u32,
    },
    /// Taken back: so many, with those that were made from it.
    Withdrawn {
        /// How many.
        shares: u32,
    },
    /// Nothing changed, for each of these reasons.
    Refused(Vec<ShareRefusal>),
}

/// Why something is not shared so, or not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ShareRefusal {
    /// The customer's own accounts share; the operator's staff do not, by whatever grant.
    NotTheCustomer,
    /// Who shares may not share it, or not do all of that to all of its fields, or not for so long. Who takes back
    /// neither made the share, nor may share what it is about, nor administers the tenant.
    NotHeld,
    /// There is no such role, or no open profile of that account in this tenant.
    NoRecipient,
    /// No action is named, or nothing but sharing.
    Nothing,
    /// Its time would be over already.
    Over,
    /// The resource has [`SharesState::MAX`] of them.
    TooMany,
    /// There is no share of this number.
    NoShare,
}

impl ShareRefusal {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NotTheCustomer => NOT_THE_CUSTOMER,
            Self::NotHeld => NOT_HELD,
            Self::NoRecipient => NO_RECIPIENT,
            Self::Nothing => NOTHING_SHARED,
            Self::Over => OVER,
            Self::TooMany => TOO_MANY,
            Self::NoShare => NO_SHARE,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::NotTheCustomer => clause::E_5_5,
            Self::NotHeld => clause::A2_USE_4,
            Self::NoRecipient => clause::E_5_9,
            Self::Nothing | Self::Over | Self::TooMany | Self::NoShare => clause::E_5_10C,
        }
    }
}

/// Takes out the shares whose time is over, so that no clock brings them back. The outcome is what is left.
pub fn lapse(state: SharesState, now: Now) -> Transition<SharesState, SharesState> {
    let over = state.shares.iter().filter(|share| share.is_over(now)).count();
    if over == 0 {
        return Transition::keep(state);
    }
    let over = u32::try_from(over).unwrap_or(u32::MAX);
    let mut left = state;
    left.shares.retain(|share| !share.is_over(now));
    let fact = Fact::success(LAPSED).under(clause::E_5_10C).with("shares", over);
    Transition::put(left.clone(), left).with(fact)
}

/// Shares a resource within its tenant, or takes a share back.
///
/// Who shares by his roles must be allowed to share the resource and to do himself, to all of its fields, whatever the
/// share allows. Who has it by a share needs one that has [`Action::Share`], and gives no more and no longer than that.
/// A deny of his own stands against both. A share ends by its time, by being taken back, or with the share it came from;
/// it does not end because its maker's roles change, so that one with himself outlives them: for a change of roles that
/// must bite, give a role that denies, or close the profile.
pub fn decide_sharing<T: Resource + ?Sized>(
    state: Option<SharesState>,
    now: Now,
    sharer: &Sharer<'_>,
    by: &Principal,
    sharing: &Sharing,
) -> Transition<SharesState, ShareOutcome> {
    const { check_kind::<T>() }
    let (next, left, lapsed) = lapse(state.unwrap_or_default(), now).into_parts();
    let refused = |refusals: Vec<ShareRefusal>| {
        let fact = refusals.iter().fold(Fact::failure(SHARE_REFUSED).with("kind", T::KIND), |fact, refusal| {
            let fact = fact.with(refusal.code().as_str(), true);
            if fact.clauses().contains(&refusal.clause()) { fact } else { fact.under(refusal.clause()) }
        });
        Transition::new(next.clone(), ShareOutcome::Refused(refusals)).with_all(lapsed.clone()).with(fact)
    };
    let Some(account) = by.account() else { return refused([ShareRefusal::NotTheCustomer].into()) };
    let rights = Rights { sharer, now, account, kind: T::KIND };
    match sharing {
        Sharing::Share { with, actions, until } => {
            let mut refusals = Vec::new();
            let mut refuse = |applies: bool, refusal| {
                if applies {
                    refusals.push(refusal)
                }
            };
            let from = rights.to_share(&left, *actions, *until);
            refuse(from.is_none(), ShareRefusal::NotHeld);
            let is_there = match with {
                ShareWith::Account(_) => sharer.recipient.is_some_and(ProfileState::is_open),
                ShareWith::Role(role) => {
                    sharer.tenant.is_some_and(|tenant| tenant.roles().role(role.as_str()).is_some())
                }
            };
            refuse(!is_there, ShareRefusal::NoRecipient);
            refuse(Actions::of(&[Action::Share]).has_all(*actions), ShareRefusal::Nothing);
            refuse(until.is_some_and(|until| now.timestamp() >= until), ShareRefusal::Over);
            let number = left.next;
            let after_it = number.checked_add(1);
            refuse(left.shares.len() >= SharesState::MAX || after_it.is_none(), ShareRefusal::TooMany);
            let (Some(from), Some(after_it), true) = (from, after_it, refusals.is_empty()) else {
                return refused(refusals);
            };
            let mut state = left;
            state.next = after_it;
            state.shares.push(Share {
                number,
                with: with.clone(),
                actions: *actions,
                until: *until,
                by: account.clone(),
                at: now.timestamp(),
                from,
            });
            let mut fact = Fact::success(SHARED).under(clause::E_5_10C).with("kind", T::KIND).with("share", number);
            fact = actions.iter().fold(fact, |fact, action| fact.with(action.as_str(), true));
            fact = until.iter().fold(fact, |fact, until| fact.with("until", *until));
            fact = match with {
                ShareWith::Account(account) => fact.with("account", account),
                ShareWith::Role(role) => {
                    OpaqueId::try_new(role.as_str()).iter().fold(fact, |fact, role| fact.with("role", role))
                }
            };
            Transition::put(state, ShareOutcome::Shared { number }).with_all(lapsed).with(fact)
        }
        Sharing::Withdraw { number } => {
            let found = left.shares.iter().find(|share| share.number == *number);
            let is_admin = sharer.tenant.is_some_and(|tenant| tenant.is_administrator(account));
            let may = is_admin
                || rights.has_by_role(Action::Share)
                || found.is_some_and(|share| share.by == *account && rights.is_open());
            if !may {
                return refused([ShareRefusal::NotHeld].into());
            }
            if found.is_none() {
                return refused([ShareRefusal::NoShare].into());
            }
            let mut state = left;
            let before = state.shares.len();
            // Sorted by number, and a share is younger than the one it came from: one pass finds them all.
            let mut gone = BTreeSet::new();
            state.shares.retain(|share| {
                let goes = share.number == *number || share.from.is_some_and(|from| gone.contains(&from));
                if goes {
                    gone.insert(share.number);
                }
                !goes
            });
            let shares = u32::try_from(before.saturating_sub(state.shares.len())).unwrap_or(u32::MAX);
            let fact = Fact::success(WITHDRAWN).under(clause::E_5_10C).with("kind", T::KIND).with("share", *number);
            let outcome = ShareOutcome::Withdrawn { shares };
            Transition::put(state, outcome).with_all(lapsed).with(fact.with("shares", shares))
        }
    }
}

/// What somebody may do to a resource, for sharing it.
struct Rights<'a> {
    sharer: &'a Sharer<'a>,
    now: Now,
    account: &'a AccountId,
    kind: &'a str,
}

impl Rights<'_> {
    fn is_open(&self) -> bool {
        self.sharer.profile.is_some_and(ProfileState::is_open)
    }

    fn by_role(&self, action: Action) -> Found {
        let mut found = Found::default();
        let standing = Standing { tenant: self.sharer.tenant, profile: self.sharer.profile, shares: None };
        by_account(&standing, self.now, self.account, self.kind, action, &mut found);
        found
    }

    fn has_by_role(&self, action: Action) -> bool {
        let Found { allowed, denied, missing, mask, .. } = self.by_role(action);
        !allowed.is_empty() && denied.is_empty() && missing.is_empty() && mask.shows_all()
    }

    /// Whether the roles at least do not stand against it.
    fn is_undenied(&self, action: Action) -> bool {
        let Found { denied, masked, missing, .. } = self.by_role(action);
        denied.is_empty() && masked.is_empty() && missing.is_empty()
    }

    /// The share that lets him share so, or that his roles do (`None` within); nothing if neither.
    fn to_share(&self, state: &SharesState, actions: Actions, until: Option<Timestamp>) -> Option<Option<u32>> {
        let needed = actions.and(Actions::of(&[Action::Share]));
        if needed.iter().all(|action| self.has_by_role(action)) {
            return Some(None);
        }
        if !self.is_open() || !needed.iter().all(|action| self.is_undenied(action)) {
            return None;
        }
        let has_role = |role: &_| self.sharer.profile.is_some_and(|profile| profile.roles().any(|held| held == role));
        let is_source = |share: &&Share| {
            share.is_in_force(self.now)
                && share.is_with(self.account, has_role)
                && share.actions.has_all(needed)
                && share.until.is_none_or(|end| until.is_some_and(|until| until <= end))
        };
        state.shares.iter().find(is_source).map(|share| Some(share.number))
    }
}

/// As [`share`], of what an async host, or one with a transaction of its own, has loaded by [`Sharing::keys`].
///
/// # Errors
/// [`DecodeError`] when a record was not loaded or cannot be read: nothing changes.
pub fn settle_sharing<T: Resource + ?Sized>(
    rows: &Rows,
    now: Now,
    principal: &Principal,
    origin: Origin,
    resource: &OpaqueId,
    sharing: &Sharing,
) -> Result<Decision<ShareOutcome>, DecodeError> {
    let tenant = principal.tenant();
    let read = |account: &AccountId| rows.read::<ProfileState>(&ProfileState::key(tenant, account));
    let state = rows.read::<TenantState>(&TenantState::key(tenant))?;
    let profile = principal.account().map(read).transpose()?.flatten();
    let recipient = sharing.recipient().map(read).transpose()?.flatten();
    let sharer = Sharer { tenant: state.as_ref(), profile: profile.as_ref(), recipient: recipient.as_ref() };
    let key = SharesState::key::<T>(tenant, resource);
    let mut change = Change::new(rows, now, &principal.provenance(origin));
    let outcome = change.apply(&key, decide_sharing::<T>(rows.read(&key)?, now, &sharer, principal, sharing))?;
    Ok(change.finish(outcome))
}

/// Loads, decides and stores a share or its end, with the event.
///
/// That the resource exists in the principal's tenant the host has seen: it has opened it with a
/// [`TenantFilter`](super::TenantFilter). A share of what does not exist opens nothing.
///
/// # Errors
/// [`UpdateError`]: nothing changed, unless the store lost its acknowledgement.
pub fn share<T: Resource + ?Sized, S: Store>(
    store: S,
    now: Now,
    principal: &Principal,
    origin: Origin,
    resource: &OpaqueId,
    sharing: &Sharing,
) -> Result<ShareOutcome, UpdateError<S::Error>> {
    let keys = sharing.keys::<T>(principal, resource);
    update(store, keys, |rows| settle_sharing::<T>(rows, now, principal, origin, resource, sharing))
}
