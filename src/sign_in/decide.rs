use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use unicode_normalization::UnicodeNormalization;

use super::attempt::{Attempt, Begun, Compared, Minted, Subject, Target, Verdict};
use super::session::activity_key;
use super::{ChangePermit, Denied, SignInOutcome, SignInPolicy, SignInRequest};
use crate::access::{self, AccessOutcome};
use crate::clause;
use crate::credential::{self, CredentialState, Usable};
use crate::event::{Actor, Code, Fact, Origin, Provenance};
use crate::hashing::{HashError, Hasher};
use crate::id::{AccountId, TenantId};
use crate::lockout::{self, BeginOutcome, LockoutPolicy, LockoutState, SettleOutcome};
use crate::secret::{Keyring, Token, TokenDigest};
use crate::session;
use crate::store::{Change, Decision, DecodeError, Key, KeyId, Rows, Transition};
use crate::time::Now;

/// Somebody tries to sign in: stored before the password is looked at, so that a crash leaves evidence.
pub const ATTEMPTED: Code = Code::internal("sign_in.attempted");
/// As many attempts are under way as may still fail; or, with the reason [`OVERLOADED`], as many hashes as may.
pub const BUSY: Code = Code::internal("sign_in.busy");
/// Not from this network, or not over this transport.
pub const ACCESS_REFUSED: Code = Code::internal("sign_in.access_refused");
/// Refused; the detail `reason` says why.
pub const REFUSED: Code = Code::internal("sign_in.refused");
/// Signed in.
pub const SIGNED_IN: Code = Code::internal("sign_in.signed_in");
/// The temporary password was right; its bearer must now choose another.
pub const CHANGE_REQUIRED: Code = Code::internal("sign_in.change_required");

/// The choice of a new password was refused; the detail `reason` says why.
pub const CHANGE_REFUSED: Code = Code::internal("sign_in.change_refused");

/// Reason: the password is wrong.
pub const MISMATCH: Code = Code::internal("sign_in.mismatch");
/// Reason: the name belongs to no account.
pub const UNKNOWN_ACCOUNT: Code = Code::internal("sign_in.unknown_account");
/// Reason: the account has no password.
pub const NO_PASSWORD: Code = Code::internal("sign_in.no_password");
/// Reason: the temporary password has expired.
pub const EXPIRED: Code = Code::internal("sign_in.expired");
/// Reason: the account is locked.
pub const LOCKED: Code = Code::internal("sign_in.locked");
/// Reason: the account is disabled until an administrator steps in.
pub const DISABLED: Code = Code::internal("sign_in.disabled");
/// Reason: what was shown was good once, and has been replaced, used or settled since.
pub const SUPERSEDED: Code = Code::internal("sign_in.superseded");
/// Reason: the stored hash is malformed, or outside the hash policy's bounds.
pub const UNUSABLE_HASH: Code = Code::internal("sign_in.unusable_hash");
/// Reason: the hasher has no memory or place in the queue left.
pub const OVERLOADED: Code = Code::internal("sign_in.overloaded");
/// Reason: the new password breaks a rule.
pub const REJECTED: Code = Code::internal("sign_in.rejected");

/// Every code of this module: of its events first, then the reasons in them.
pub const CODES: &[Code] = &[
    ATTEMPTED,
    BUSY,
    ACCESS_REFUSED,
    REFUSED,
    SIGNED_IN,
    CHANGE_REQUIRED,
    CHANGE_REFUSED,
    MISMATCH,
    UNKNOWN_ACCOUNT,
    NO_PASSWORD,
    EXPIRED,
    LOCKED,
    DISABLED,
    SUPERSEDED,
    UNUSABLE_HASH,
    OVERLOADED,
    REJECTED,
];

/// How long the lock record of a name without an account is kept after it was last written; longer if a lock is longer.
const UNKNOWN_KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// When to try again after the hasher was overloaded: long enough for the hashes that were waiting, 64 of 13 ms
/// on one core (our choice).
pub const OVERLOADED_RETRY: Duration = Duration::from_secs(1);

/// The guard of one tenant: its id and policy, the host's hasher and keys. Four references; make one per request.
///
/// ```
/// use clausework::event::{Actor, Origin, Provenance, Transport};
/// use clausework::credential::IssueReason;
/// use clausework::hashing::{HashPolicy, Hasher};
/// use clausework::id::OpaqueId;
/// use clausework::secret::Keyring;
/// use clausework::session::{IdleLimit, SessionPolicy};
/// use clausework::sign_in::{SignIn, SignInOutcome, SignInPolicy, SignInRequest};
/// use clausework::store::MemoryStore;
/// use clausework::{AccountId, Secret, TenantId};
/// # let mut entropy = clausework::entropy::OsEntropy;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let idle = IdleLimit::Lock { after_secs: 15 * 60 };
/// let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(idle).build()?;
/// let policy = SignInPolicy::builder().session(session).build()?;
/// let hasher = Hasher::new(HashPolicy::default());
/// let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
/// let tenant = TenantId::try_new("acme")?;
/// let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
///
/// let (store, anna) = (MemoryStore::new(), AccountId::try_new("u-17")?);
/// let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
/// let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &anna, IssueReason::NewUser)?;
///
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let attempt = |password: &Secret| SignInRequest::new("anna", Some(anna.clone()), password.clone(), origin);
///
/// let wrong = guard.sign_in(&store, now, &mut entropy, &attempt(&Secret::from("guess")));
/// assert!(matches!(wrong, SignInOutcome::Denied(_)));
/// let right = guard.sign_in(&store, now, &mut entropy, &attempt(temporary.password()));
/// assert!(matches!(right, SignInOutcome::MustChange(_))); // not a session: first another password
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) policy: &'a SignInPolicy,
    pub(super) hasher: &'a Hasher,
    keyring: &'a Keyring,
}

impl<'a> SignIn<'a> {
    /// The guard of one tenant.
    #[must_use]
    pub const fn new(tenant: &'a TenantId, policy: &'a SignInPolicy, hasher: &'a Hasher, keyring: &'a Keyring) -> Self {
        Self { tenant, policy, hasher, keyring }
    }

    /// The hasher, for [`Attempt::verify`].
    #[must_use]
    pub const fn hasher(&self) -> &'a Hasher {
        self.hasher
    }

    /// The records that [`begin`](SignIn::begin) decides by.
    #[must_use]
    pub fn keys(&self, request: &SignInRequest) -> Vec<Key> {
        let Subject { lockout, credential, .. } = self.subject(request);
        let activity = activity_key(&credential);
        let shown = request.session.as_ref().map(|token| self.session_key(&token.digest()));
        Vec::from_iter([lockout, credential, activity, self.revocation_key()].into_iter().chain(shown))
    }

    /// Notes every condition of network and transport that the request does not meet, and says whether there is one.
    pub(super) fn refuses(&self, change: &mut Change<'_>, about: &Key, origin: Origin) -> bool {
        let AccessOutcome::Refused(refusals) = access::decide(self.policy.access(), origin) else { return false };
        for refusal in &refusals {
            let fact = Fact::failure(ACCESS_REFUSED).under(refusal.clause()).with("reason", refusal.code());
            change.note(about, fact);
        }
        !refusals.is_empty()
    }

    fn subject(&self, request: &SignInRequest) -> Subject {
        let tenant = self.tenant.clone();
        let id = match &request.account {
            Some(account) => KeyId::from(account),
            None => {
                // Two spellings that a look-up would take for one name are one here as well.
                let name: String = request.name.trim().nfc().flat_map(char::to_lowercase).collect();
                KeyId::unknown(self.keyring.digest("unknown-name", &[tenant.as_str().as_bytes(), name.as_bytes()]))
            }
        };
        let lockout = Key::of::<LockoutState>(tenant.clone(), id.clone());
        let credential = Key::of::<CredentialState>(tenant, id);
        Subject { account: request.account.clone(), lockout, credential }
    }

    /// First step: network and transport, then the attempt is charged. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin(&self, rows: &Rows, now: Now, request: &SignInRequest) -> Result<Decision<Begun>, DecodeError> {
        let subject = self.subject(request);
        let by = Provenance::new(Actor::Unauthenticated, request.origin);
        let mut change = Change::new(rows, now, &by);

        if self.refuses(&mut change, &subject.credential, request.origin) {
            return Ok(change.finish(Begun::Ended(SignInOutcome::Denied(Denied))));
        }

        change.note(&subject.credential, Fact::success(ATTEMPTED).under(clause::A2_ACCESS_5));
        let transition = lockout::begin(rows.read(&subject.lockout)?, now, self.policy.lockout());
        let begun =
            change.apply(&subject.lockout, kept_if_unknown(&subject, now, self.policy.lockout(), transition))?;
        let stored = rows.read::<CredentialState>(&subject.credential)?;
        let (reservation, target) = match begun {
            BeginOutcome::Busy { retry_after } => {
                change.note(&subject.credential, Fact::failure(BUSY).under(clause::E_6P_3));
                return Ok(change.finish(Begun::Ended(SignInOutcome::Busy { retry_after })));
            }
            BeginOutcome::Locked { .. } => (None, Target::Decoy(LOCKED)),
            BeginOutcome::Disabled => (None, Target::Decoy(DISABLED)),
            BeginOutcome::Reserved(reservation) => (Some(reservation), target(&subject, stored, now)),
        };
        let rows = change.rows_after();
        let shown = request.session.as_ref().map(Token::digest);
        Ok(change.finish(Begun::Attempt(Attempt { subject, origin: request.origin, shown, reservation, target, rows })))
    }

    /// Last step: settles the attempt with what the verification found. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle(&self, rows: &Rows, now: Now, verdict: &Verdict) -> Result<Decision<SignInOutcome>, DecodeError> {
        let Attempt { subject, origin, reservation, target, .. } = &verdict.attempt;
        let stranger = Provenance::new(Actor::Unauthenticated, *origin);
        let mut change = Change::new(rows, now, &stranger);
        let policy = self.policy.lockout();
        let lock_state = || rows.read::<LockoutState>(&subject.lockout);

        let (compared, minted) = match &verdict.found {
            Ok((compared, minted)) => (*compared, minted),
            Err(error) => {
                if let Some(attempt) = reservation {
                    let transition = lockout::cancel(lock_state()?, now, policy, attempt);
                    change.apply(&subject.lockout, kept_if_unknown(subject, now, policy, transition))?;
                }
                if *error == HashError::Overloaded {
                    // No failure, whoever it was: known and unknown names, locked ones too, are answered alike.
                    let fact = Fact::failure(BUSY).under(clause::A2_ACCESS_5).with("reason", OVERLOADED);
                    change.note(&subject.credential, fact);
                    return Ok(change.finish(SignInOutcome::Busy { retry_after: OVERLOADED_RETRY }));
                }
                return Ok(change.finish(SignInOutcome::Unavailable((*error).into())));
            }
        };

        let matched = compared == Compared::Match;
        let reason = match (target, reservation, &subject.account) {
            // This verdict was settled before: what it opened may have ended since, and nothing brings it back.
            (Target::Real { .. }, Some(_), Some(_)) if matched && rows.has(&minted.key(subject.scope())) => SUPERSEDED,
            (Target::Real { hash, generation, .. }, Some(attempt), Some(account)) if matched => {
                let stored = rows.read::<CredentialState>(&subject.credential)?;
                let present = stored.as_ref().filter(|state| state.generation() == *generation);
                match credential::usable(present, now) {
                    // The password changed, or ran out, in mid-hash: the right one of yesterday is no guess.
                    Usable::Absent => self.give_back(&mut change, subject, attempt, now, SUPERSEDED)?,
                    Usable::Expired => self.give_back(&mut change, subject, attempt, now, EXPIRED)?,
                    standing @ (Usable::Lasting | Usable::Temporary { .. }) => {
                        let transition = lockout::settle(lock_state()?, now, policy, attempt, true);
                        match change.apply(&subject.lockout, transition)? {
                            SettleOutcome::Refused => LOCKED,
                            SettleOutcome::Accepted => {
                                change.acting_as(Actor::User(account.clone()));
                                if let Some(anew) = &verdict.rehash {
                                    let transition = credential::rehash(stored, hash, anew.clone());
                                    change.apply(&subject.credential, transition)?;
                                }
                                let shown = verdict.attempt.shown.as_ref();
                                match self.admit(
                                    &mut change,
                                    subject,
                                    account,
                                    *generation,
                                    standing,
                                    minted,
                                    shown,
                                    now,
                                )? {
                                    Ok(outcome) => return Ok(change.finish(outcome)),
                                    Err(reason) => reason,
                                }
                            }
                        }
                    }
                }
            }
            (target, reservation, _) => {
                if let Some(attempt) = reservation {
                    let transition = lockout::settle(lock_state()?, now, policy, attempt, false);
                    let _refused = change.apply(&subject.lockout, kept_if_unknown(subject, now, policy, transition))?;
                }
                match target {
                    Target::Real { .. } if compared == Compared::Unusable => UNUSABLE_HASH,
                    Target::Real { .. } => MISMATCH,
                    Target::Decoy(reason) => *reason,
                }
            }
        };
        let fact = Fact::failure(REFUSED).under(clause::A2_ACCESS_5).with("reason", reason);
        change.note(&subject.credential, fact);
        Ok(change.finish(SignInOutcome::Denied(Denied)))
    }

    fn give_back(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        attempt: &lockout::Reservation,
        now: Now,
        reason: Code,
    ) -> Result<Code, DecodeError> {
        let state = change.rows().read(&subject.lockout)?;
        change.apply(&subject.lockout, lockout::cancel(state, now, self.policy.lockout(), attempt))?;
        Ok(reason)
    }

    /// Opens what the password is good for: a session, or the change alone. Or says why not even the right password
    /// opens anything.
    #[allow(clippy::too_many_arguments, reason = "one call site, which has just established all of them")]
    fn admit(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        account: &AccountId,
        generation: u64,
        standing: Usable,
        minted: &Minted,
        shown: Option<&TokenDigest>,
        now: Now,
    ) -> Result<Result<SignInOutcome, Code>, DecodeError> {
        if self.is_dormant(change, &subject.credential, account, now)? {
            return Ok(Err(session::DORMANT));
        }
        let key = minted.key(subject.scope());
        match (standing, minted) {
            (Usable::Temporary { expires_at }, Minted::Change(token)) => {
                self.leave(change, shown, account, now)?;
                let transition =
                    credential::admit_change(now, self.policy.temporary(), account.clone(), generation, expires_at);
                let expires_at = change.apply(&key, transition)?;
                change.note(
                    &subject.credential,
                    Fact::success(CHANGE_REQUIRED).under(clause::E_5_1C).under(clause::E_5_2B),
                );
                Ok(Ok(SignInOutcome::MustChange(ChangePermit { token: token.clone(), expires_at })))
            }
            (Usable::Lasting, Minted::Session(token)) => {
                let opened = self.open_in_place_of(change, &key, token, account, generation, shown, now)?;
                let Some(session) = opened else { return Ok(Err(session::FULL)) };
                change.note(&subject.credential, Fact::success(SIGNED_IN).under(clause::A2_ACCESS_5));
                Ok(Ok(SignInOutcome::SignedIn(session)))
            }
            // INVARIANT: what a credential is good for changes only with its generation, and that was compared.
            _ => Ok(Ok(SignInOutcome::Denied(Denied))),
        }
    }
}

/// What the password is compared with, or why with nothing.
fn target(subject: &Subject, stored: Option<CredentialState>, now: Now) -> Target {
    if subject.account.is_none() {
        return Target::Decoy(UNKNOWN_ACCOUNT);
    }
    match (credential::usable(stored.as_ref(), now), stored) {
        (Usable::Lasting, Some(state)) => {
            Target::Real { hash: state.hash().clone(), generation: state.generation(), temporary: false }
        }
        (Usable::Temporary { .. }, Some(state)) => {
            Target::Real { hash: state.hash().clone(), generation: state.generation(), temporary: true }
        }
        (Usable::Expired, _) => Target::Decoy(EXPIRED),
        _ => Target::Decoy(NO_PASSWORD),
    }
}

/// Names without an account are whatever anybody types: their records are collected by and by.
fn kept_if_unknown<O>(
    subject: &Subject,
    now: Now,
    policy: &LockoutPolicy,
    transition: Transition<LockoutState, O>,
) -> Transition<LockoutState, O> {
    match subject.account {
        Some(_) => transition,
        None => transition.collect_after(now.plus(UNKNOWN_KEPT.max(policy.lock().saturating_add(policy.lease())))),
    }
}
