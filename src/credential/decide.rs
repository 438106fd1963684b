use alloc::vec::Vec;

use super::state::Standing;
use super::{
    ChangeState, CredentialState, ISSUE_REFUSED, IssueReason, NAME_NOT_OWN_EMAIL, NOT_ITS_BEARER, NOT_KEY_USER,
    NOT_THE_CUSTOMER, TemporaryPolicy,
};
use crate::clause;
use crate::event::{Code, Fact};
use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::password::{self, AgeOutcome, PasswordPolicy, Violation};
use crate::store::{Next, Transition};
use crate::time::{KEPT_AFTER_END, Now, SKEW, Timestamp};

/// A temporary password was issued for an account that had none.
pub const CREATED: Code = Code::internal("credential.created");
/// A temporary password was issued in place of an earlier password, which is dead.
pub const REISSUED: Code = Code::internal("credential.reissued");
/// The bearer of a temporary or lasting password chose a lasting one.
pub const CHANGED: Code = Code::internal("credential.changed");

/// The same password was hashed anew at a sign-in: at a higher cost, or with the current pepper.
pub const REHASHED: Code = Code::internal("credential.rehashed");

/// The hash of a password that another system left was taken over, for an account that had none.
pub const IMPORTED: Code = Code::internal("credential.imported");

/// A new password was not compared with some earlier ones, whose hashes cannot be read: see [`history_skipped`].
pub const HISTORY_SKIPPED: Code = Code::internal("credential.history_skipped");

/// Every code of this module.
pub const CODES: &[Code] = &[
    CREATED,
    REISSUED,
    CHANGED,
    REHASHED,
    IMPORTED,
    HISTORY_SKIPPED,
    ISSUE_REFUSED,
    NAME_NOT_OWN_EMAIL,
    NOT_KEY_USER,
    NOT_ITS_BEARER,
    NOT_THE_CUSTOMER,
];

/// No hash that is read is nearly as long. A damaged one is not kept, or the row might become too long to be written.
const MAX_KEPT_BYTES: usize = 1024;

/// Issues a temporary password: the first of an account, or one that kills what was there.
///
/// Expires 15 × 24 hours after now (E-5.1d). The hash is of a password that was generated for it; no
/// administrator chooses or sees it. A lasting password that it replaces joins the history that `passwords` asks
/// for; a temporary one does not.
///
/// ```
/// use core::time::Duration;
/// use clausework::credential::{IssueReason, TemporaryPolicy, Usable, issue, usable};
/// use clausework::hashing::PasswordHash;
/// use clausework::password::PasswordPolicy;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (temporary, passwords) = (TemporaryPolicy::default(), PasswordPolicy::default());
/// let hash = |text| PasswordHash::from_phc(text); // the hasher's, of a password that was generated
/// let decided = issue(None, now, &temporary, &passwords, hash("$argon2id$first"), IssueReason::NewUser);
/// let expires_at = now.plus(Duration::from_secs(15 * 24 * 60 * 60));
/// assert_eq!(decided.outcome(), &expires_at);
/// assert_eq!(decided.facts()[0].code().as_str(), "credential.created");
/// let (Next::Put(first), ..) = decided.into_parts() else { panic!() };
/// assert_eq!(usable(Some(&first), now), Usable::Temporary { expires_at });
///
/// // Issued again, the former one is dead, and with it all that carries its generation.
/// let again = issue(Some(first.clone()), now, &temporary, &passwords, hash("$argon2id$second"), IssueReason::Reset);
/// let (Next::Put(second), ..) = again.into_parts() else { panic!() };
/// assert!(second.generation() > first.generation() && second.hash() != first.hash());
/// ```
pub fn issue(
    state: Option<CredentialState>,
    now: Now,
    policy: &TemporaryPolicy,
    passwords: &PasswordPolicy,
    hash: PasswordHash,
    reason: IssueReason,
) -> Transition<CredentialState, Timestamp> {
    let expires_at = now.plus(policy.lifetime());
    let code = if state.is_some() { REISSUED } else { CREATED };
    let generation = next_generation(state.as_ref(), now);
    let standing = Standing::Temporary { issued_at: now.timestamp(), expires_at, reason };
    let fact = Fact::success(code).under(clause::E_6P_2).with("expires_at", expires_at).with("reason", reason.as_str());
    let history = state.map_or_else(Vec::new, |state| history_after(state, passwords.history().into()));
    Transition::put(CredentialState { generation, hash, standing, history }, expires_at).with(fact)
}

/// What [`import`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: taken over or not")]
pub enum ImportOutcome {
    /// The hash is filed, and its bearer signs in with the password of the other system.
    Imported,
    /// The account has a credential already, which stays. An import that is run again changes nothing.
    Present,
}

/// Takes over the hash of a lasting password that another system left, for an account that has no credential yet.
///
/// It was chosen `since` then, as the other system says, at the latest now: ages count from it. Whether the hash can be
/// read is the hasher's to say ([`SignIn::import`](crate::sign_in::SignIn::import) asks it).
///
/// ```
/// use clausework::credential::{ImportOutcome, Usable, import, usable};
/// use clausework::hashing::PasswordHash;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let hash = || PasswordHash::from_phc("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW");
/// let (Next::Put(state), ImportOutcome::Imported, _) = import(None, now, hash(), now.timestamp()).into_parts() else { panic!() };
/// assert_eq!(usable(Some(&state), now), Usable::Lasting);
/// assert_eq!(import(Some(state), now, hash(), now.timestamp()).outcome(), &ImportOutcome::Present); // run again
/// ```
pub fn import(
    state: Option<CredentialState>,
    now: Now,
    hash: PasswordHash,
    since: Timestamp,
) -> Transition<CredentialState, ImportOutcome> {
    if state.is_some() {
        return Transition::keep(ImportOutcome::Present);
    }
    let standing = Standing::Lasting { since: since.min(now.timestamp()) };
    let generation = next_generation(None, now);
    let fact = Fact::success(IMPORTED).under(clause::A2_ACCESS_5).with("since", since.min(now.timestamp()));
    let state = CredentialState { generation, hash, standing, history: Vec::new() };
    Transition::put(state, ImportOutcome::Imported).with(fact)
}

/// The earlier lasting passwords once this one is replaced: no more than `kept`.
fn history_after(state: CredentialState, kept: usize) -> Vec<PasswordHash> {
    let present = state.chosen_at().map(|_| state.hash).filter(|hash| hash.as_phc().len() <= MAX_KEPT_BYTES);
    present.into_iter().chain(state.history).take(kept).collect()
}

/// One more than before, and at least the instant in microseconds: an account that was removed and created
/// anew does not meet a generation of its former life.
fn next_generation(state: Option<&CredentialState>, now: Now) -> u64 {
    let after_it = state.map_or(1, |state| state.generation.saturating_add(1));
    after_it.max(u64::try_from(now.timestamp().as_micros()).unwrap_or(1))
}

/// What a credential is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Usable {
    /// Good for signing in.
    Lasting,
    /// Good only for choosing a new password, until then.
    Temporary {
        /// When it expires.
        expires_at: Timestamp,
    },
    /// A temporary password whose time is over, or whose issue lies in the future (a clock that
    /// stepped back): good for nothing until reissued, or until the clock is right.
    Expired,
    /// There is none.
    Absent,
}

/// Decides what a credential is good for now. A temporary one is dead from the instant of its expiry on.
///
/// ```
/// use clausework::credential::{Usable, usable};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert_eq!(usable(None, now), Usable::Absent);
/// ```
pub fn usable(state: Option<&CredentialState>, now: Now) -> Usable {
    match state.map(|state| &state.standing) {
        None => Usable::Absent,
        Some(Standing::Lasting { .. }) => Usable::Lasting,
        Some(Standing::Temporary { issued_at, expires_at, .. })
            if *issued_at <= now.plus(SKEW) && now.timestamp() < *expires_at =>
        {
            Usable::Temporary { expires_at: *expires_at }
        }
        Some(Standing::Temporary { .. }) => Usable::Expired,
    }
}

/// Opens a permission to choose a new password, for whoever has just shown the present one.
/// It ends with the change window or, if that is a temporary password, with it, whichever is first.
/// `disablings` is how often the account had been disabled by then
/// (its activity says): [`may_change`] asks for the same number.
///
/// ```
/// use core::time::Duration;
/// use clausework::AccountId;
/// use clausework::credential::{TemporaryPolicy, admit_change};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (anna, policy) = (AccountId::try_new("u-17")?, TemporaryPolicy::default());
/// let ends = |credential| *admit_change(now, &policy, anna.clone(), 1, credential, 0).outcome();
/// assert_eq!(ends(None), now.plus(policy.change_window())); // of a lasting password
/// let soon = now.plus(Duration::from_secs(60));
/// assert_eq!(ends(Some(soon)), soon); // no longer than the temporary password itself
/// # Ok::<(), clausework::id::IdError>(())
/// ```
pub fn admit_change(
    now: Now,
    policy: &TemporaryPolicy,
    account: AccountId,
    generation: u64,
    credential_expires_at: Option<Timestamp>,
    disablings: u64,
) -> Transition<ChangeState, Timestamp> {
    let window = now.plus(policy.change_window());
    let expires_at = credential_expires_at.map_or(window, |end| end.min(window));
    let state = ChangeState::Open { account, generation, expires_at, tries: 0, disablings };
    Transition::put(state, expires_at).collect_after(expires_at.saturating_add(KEPT_AFTER_END))
}

/// What [`change`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: replaced or not")]
pub enum ReplaceOutcome {
    /// The new password holds.
    Replaced {
        /// The new generation of the credential.
        generation: u64,
    },
    /// The permission is used, has expired, or is of a credential that was replaced meanwhile.
    Superseded,
}

/// Whether a permission still stands: this account's, of the present credential, in time, the credential not expired, and
/// the account not disabled since, though it may have been enabled again. One that ends further ahead than any can,
/// an hour and 30 seconds, was given by a clock that ran ahead: it does not stand.
///
/// ```
/// use clausework::AccountId;
/// use clausework::credential::{TemporaryPolicy, admit_change, import, may_change};
/// use clausework::hashing::PasswordHash;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (anna, ben) = (AccountId::try_new("u-17")?, AccountId::try_new("u-18")?);
/// let hash = PasswordHash::from_phc("$argon2id$chosen");
/// let (Next::Put(state), ..) = import(None, now, hash, now.timestamp()).into_parts() else { panic!() };
/// let policy = TemporaryPolicy::default();
/// let admitted = admit_change(now, &policy, anna.clone(), state.generation(), None, 0);
/// let (Next::PutUntil { state: permission, .. }, ends, _) = admitted.into_parts() else { panic!() };
///
/// assert!(may_change(Some(&state), now, &anna, Some(&permission), 0));
/// assert!(!may_change(Some(&state), now, &ben, Some(&permission), 0)); // another's
/// assert!(!may_change(Some(&state), now, &anna, Some(&permission), 1)); // disabled since
/// assert!(!may_change(Some(&state), ends.into(), &anna, Some(&permission), 0)); // from that instant on
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[must_use]
pub fn may_change(
    state: Option<&CredentialState>,
    now: Now,
    account: &AccountId,
    permission: Option<&ChangeState>,
    disablings: u64,
) -> bool {
    match (state, permission) {
        (Some(state), Some(ChangeState::Open { account: whose, generation, expires_at, disablings: then, .. })) => {
            whose == account
                && *then == disablings
                && *generation == state.generation
                && now.timestamp() < *expires_at
                && *expires_at <= now.plus(TemporaryPolicy::MAX_CHANGE_WINDOW.saturating_add(SKEW))
                && matches!(usable(Some(state), now), Usable::Lasting | Usable::Temporary { .. })
        }
        _ => false,
    }
}

/// The violation of the policy's minimum age, if the present password may not be changed yet.
///
/// Never for a temporary password, and never for one past its maximum age. At exactly the minimum age the change is
/// allowed; an instant of choice that lies in the future counts as now ([`age`](crate::password::age())).
///
/// ```
/// use core::time::Duration;
/// use clausework::credential::{import, too_recent};
/// use clausework::hashing::PasswordHash;
/// use clausework::password::PasswordPolicy;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let a_day = Duration::from_secs(24 * 60 * 60);
/// let policy = PasswordPolicy::builder().min_age_secs(Some(a_day.as_secs())).build()?;
/// let hash = PasswordHash::from_phc("$argon2id$chosen");
/// let (Next::Put(state), ..) = import(None, now, hash, now.timestamp()).into_parts() else { panic!() };
/// assert!(too_recent(&state, now, &policy).is_some());
/// assert!(too_recent(&state, now.plus(a_day).into(), &policy).is_none());
/// # Ok::<(), clausework::password::PasswordPolicyError>(())
/// ```
#[must_use]
pub fn too_recent(state: &CredentialState, now: Now, policy: &PasswordPolicy) -> Option<Violation> {
    match password::age(policy, state.chosen_at()?, now) {
        AgeOutcome::TooRecent { .. } => {
            Some(Violation::TooRecent { min_age_secs: policy.min_age().unwrap_or_default().as_secs() })
        }
        AgeOutcome::Current { .. } | AgeOutcome::Expired { .. } => None,
    }
}

/// The fact that this many earlier passwords could not be compared with a new one, `None` for none.
///
/// A hash whose pepper is gone from the keyring, or that is damaged or outside the hash policy's bounds, can be
/// compared with nothing. Were it a refusal, its bearer could never change a password again, and neither could a
/// reset help. So it is passed over, and said; it stays in the history in case the key returns.
///
/// ```
/// use clausework::credential::history_skipped;
///
/// assert!(history_skipped(0).is_none());
/// assert_eq!(history_skipped(2).map(|fact| fact.code().as_str()), Some("credential.history_skipped"));
/// ```
#[must_use]
pub fn history_skipped(hashes: u32) -> Option<Fact> {
    (hashes > 0).then(|| Fact::failure(HISTORY_SKIPPED).under(clause::A2_ACCESS_5).with("hashes", hashes))
}

/// Replaces an account's password by the one its bearer chose, if the permission still stands.
///
/// The rules for the new password, its history and age among them, are checked before, by
/// [`SignIn::begin_change`](crate::sign_in::SignIn::begin_change) and the hash after it. Here the history moves: a
/// lasting password that is replaced joins it, and what `policy` does not ask for is not kept.
///
/// ```
/// use clausework::AccountId;
/// use clausework::credential::{ReplaceOutcome, TemporaryPolicy, admit_change, change, close_change, import};
/// use clausework::hashing::PasswordHash;
/// use clausework::password::PasswordPolicy;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (anna, passwords) = (AccountId::try_new("u-17")?, PasswordPolicy::default());
/// let hash = |text| PasswordHash::from_phc(text);
/// let (Next::Put(state), ..) = import(None, now, hash("$argon2id$old"), now.timestamp()).into_parts() else { panic!() };
/// let admitted = admit_change(now, &TemporaryPolicy::default(), anna.clone(), state.generation(), None, 0);
/// let (Next::PutUntil { state: permission, .. }, ..) = admitted.into_parts() else { panic!() };
///
/// let new = || hash("$argon2id$new");
/// let changed = change(Some(state), now, &passwords, &anna, Some(&permission), 0, new());
/// let (Next::Put(changed), ReplaceOutcome::Replaced { generation }, _) = changed.into_parts() else { panic!() };
/// assert_eq!((changed.generation(), changed.hash()), (generation, &new()));
///
/// // In the same commit the permission is closed. Even were it not, it is of the credential that is gone.
/// let (Next::End { state: closed, .. }, ..) = close_change(now).into_parts() else { panic!() };
/// for used in [&closed, &permission] {
///     let again = change(Some(changed.clone()), now, &passwords, &anna, Some(used), 0, new());
///     assert_eq!(again.outcome(), &ReplaceOutcome::Superseded);
/// }
/// # Ok::<(), clausework::id::IdError>(())
/// ```
pub fn change(
    state: Option<CredentialState>,
    now: Now,
    policy: &PasswordPolicy,
    account: &AccountId,
    permission: Option<&ChangeState>,
    disablings: u64,
    hash: PasswordHash,
) -> Transition<CredentialState, ReplaceOutcome> {
    let stands = may_change(state.as_ref(), now, account, permission, disablings);
    match state {
        Some(state) if stands => {
            let generation = next_generation(Some(&state), now);
            let standing = Standing::Lasting { since: now.timestamp() };
            let fact = match state.is_temporary() {
                true => Fact::success(CHANGED).under(clause::E_5_1C).under(clause::E_5_2B),
                false => Fact::success(CHANGED).under(clause::E_6P_1),
            };
            let history = history_after(state, policy.history().saturating_sub(1).into()); // the new one counts
            let next = CredentialState { generation, hash, standing, history };
            Transition::put(next, ReplaceOutcome::Replaced { generation }).with(fact)
        }
        _ => Transition::keep(ReplaceOutcome::Superseded),
    }
}

/// Puts a new hash of the same lasting password in the place of the one it was verified against. The
/// generation stays: nothing that carries it is dead.
///
/// If another hash is there by now (another sign-in was first, or the password was changed), nothing happens.
///
/// ```
/// use clausework::credential::{import, rehash};
/// use clausework::hashing::PasswordHash;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let hash = |text| PasswordHash::from_phc(text);
/// let (Next::Put(state), ..) = import(None, now, hash("$2b$12$old"), now.timestamp()).into_parts() else { panic!() };
/// let (Next::Put(anew), ..) = rehash(Some(state.clone()), &hash("$2b$12$old"), hash("$argon2id$new")).into_parts() else { panic!() };
/// assert_eq!((anew.hash(), anew.generation()), (&hash("$argon2id$new"), state.generation()));
/// // Another sign-in was first.
/// assert_eq!(rehash(Some(anew), &hash("$2b$12$old"), hash("$argon2id$other")).next(), &Next::Keep);
/// ```
pub fn rehash(
    state: Option<CredentialState>,
    verified: &PasswordHash,
    hash: PasswordHash,
) -> Transition<CredentialState, ()> {
    match state {
        Some(state) if state.hash == *verified && matches!(state.standing, Standing::Lasting { .. }) => {
            Transition::put(CredentialState { hash, ..state }, ())
                .with(Fact::success(REHASHED).under(clause::A2_ACCESS_5))
        }
        _ => Transition::keep(()),
    }
}

/// What [`try_change`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: it may be tried or not")]
pub enum TryOutcome {
    /// Go on to the slow hashes.
    Counted,
    /// No more with this permission.
    Exhausted,
}

/// How many passwords may be tried with one permission that keep every rule but those that need a slow hash (our
/// choice): each costs a hash for every password in the history, and tells whether it is one of them.
pub const MAX_CHANGE_TRIES: u8 = 10;

/// Counts one more password tried with an open permission, before it is compared with the present and earlier ones.
///
/// ```
/// use clausework::AccountId;
/// use clausework::credential::{MAX_CHANGE_TRIES, TemporaryPolicy, TryOutcome, admit_change, try_change, untry_change};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let admitted = admit_change(now, &TemporaryPolicy::default(), AccountId::try_new("u-17")?, 1, None, 0);
/// let (Next::PutUntil { mut state, .. }, ..) = admitted.into_parts() else { panic!() };
/// for _ in 0..MAX_CHANGE_TRIES {
///     let (Next::PutUntil { state: next, .. }, TryOutcome::Counted, _) = try_change(Some(state)).into_parts() else { panic!() };
///     state = next;
/// }
/// assert_eq!(try_change(Some(state.clone())).outcome(), &TryOutcome::Exhausted);
///
/// // The hasher was overloaded: the last one was no try.
/// let (Next::PutUntil { state, .. }, ..) = untry_change(Some(state)).into_parts() else { panic!() };
/// assert_eq!(try_change(Some(state)).outcome(), &TryOutcome::Counted);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
pub fn try_change(permission: Option<ChangeState>) -> Transition<ChangeState, TryOutcome> {
    match permission {
        Some(ChangeState::Open { account, generation, expires_at, tries, disablings }) if tries < MAX_CHANGE_TRIES => {
            let tries = tries.saturating_add(1);
            let state = ChangeState::Open { account, generation, expires_at, tries, disablings };
            Transition::put(state, TryOutcome::Counted).collect_after(expires_at.saturating_add(KEPT_AFTER_END))
        }
        _ => Transition::keep(TryOutcome::Exhausted),
    }
}

/// Gives a try back, because a hash could not be computed: the hasher was overloaded, or failed.
///
/// ```
/// use clausework::credential::untry_change;
/// use clausework::store::Next;
///
/// assert_eq!(untry_change(None).next(), &Next::Keep); // no permission, nothing to give back
/// ```
pub fn untry_change(permission: Option<ChangeState>) -> Transition<ChangeState, ()> {
    match permission {
        Some(ChangeState::Open { account, generation, expires_at, tries, disablings }) if tries > 0 => {
            let tries = tries.saturating_sub(1);
            let state = ChangeState::Open { account, generation, expires_at, tries, disablings };
            Transition::put(state, ()).collect_after(expires_at.saturating_add(KEPT_AFTER_END))
        }
        _ => Transition::keep(()),
    }
}

/// Ends a permission, so that it cannot be used again.
///
/// ```
/// use clausework::credential::{ChangeState, close_change};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert!(matches!(close_change(now).next(), Next::End { state: ChangeState::Ended, .. }));
/// ```
pub fn close_change(now: Now) -> Transition<ChangeState, ()> {
    Transition::new(Next::End { state: ChangeState::Ended, collect_after: now.plus(KEPT_AFTER_END) }, ())
}
