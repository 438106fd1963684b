use alloc::vec::Vec;
use core::time::Duration;

use super::attempt::{Attempt, Begun, Minted, Reason, Subject, Target, Verdict};
use super::{Denied, PasswordChange, Session, SignInOutcome, SignInPolicy, SignInRequest};
use crate::access::{self, AccessOutcome};
use crate::clause;
use crate::credential::{self, CredentialState, Usable};
use crate::event::{Actor, Code, Fact, Provenance};
use crate::hashing::{HashError, Hasher};
use crate::id::AccountId;
use crate::lockout::{self, BeginOutcome, LockoutState, SettleOutcome};
use crate::secret::Keyring;
use crate::session::{self, SessionState};
use crate::store::{Change, Decision, DecodeError, Key, KeyId, Record, Rows, Transition};
use crate::time::Now;

/// Somebody tries to sign in: stored before the password is looked at, so that a crash leaves evidence.
pub const ATTEMPTED: Code = Code::internal("sign_in.attempted");
/// As many attempts are under way as may still fail; or, with the reason `overloaded`, as many hashes as may.
pub const BUSY: Code = Code::internal("sign_in.busy");
/// Not from this network, or not over this transport.
pub const ACCESS_REFUSED: Code = Code::internal("sign_in.access_refused");
/// Refused; the detail `reason` says why.
pub const REFUSED: Code = Code::internal("sign_in.refused");
/// Signed in.
pub const SIGNED_IN: Code = Code::internal("sign_in.signed_in");
/// The temporary password was right; its bearer must now choose another.
pub const CHANGE_REQUIRED: Code = Code::internal("sign_in.change_required");

/// Every code of this module.
pub const CODES: &[Code] = &[ATTEMPTED, BUSY, ACCESS_REFUSED, REFUSED, SIGNED_IN, CHANGE_REQUIRED];

/// How long the lock record of a name without an account is kept after it was last touched.
const UNKNOWN_KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// When to try again after the hasher was overloaded: long enough for the hashes that were waiting, 64 of 13 ms
/// on one core (our choice).
pub const OVERLOADED_RETRY: Duration = Duration::from_secs(1);

/// The guard: one tenant's policy, the host's hasher and keys. Three references; make one per request.
///
/// ```
/// use clausework::event::{Actor, Origin, Provenance, Transport};
/// use clausework::credential::IssueReason;
/// use clausework::hashing::{HashPolicy, Hasher};
/// use clausework::id::OpaqueId;
/// use clausework::secret::Keyring;
/// use clausework::session::SessionPolicy;
/// use clausework::sign_in::{SignIn, SignInOutcome, SignInPolicy, SignInRequest};
/// use clausework::store::MemoryStore;
/// use clausework::{AccountId, Secret, TenantId};
/// # let mut entropy = clausework::entropy::OsEntropy;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).build()?;
/// let policy = SignInPolicy::builder().session(session).build()?;
/// let hasher = Hasher::new(HashPolicy::default());
/// let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
/// let guard = SignIn::new(&policy, &hasher, &keys);
///
/// let (store, tenant, anna) = (MemoryStore::new(), TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
/// let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &tenant, &anna, IssueReason::NewUser)?;
///
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let attempt = |password: &Secret| SignInRequest::new(tenant.clone(), "anna", Some(anna.clone()), password.clone(), origin);
///
/// let wrong = guard.sign_in(&store, now, &mut entropy, &attempt(&Secret::from("guess")));
/// assert!(matches!(wrong, SignInOutcome::Denied(_)));
/// let right = guard.sign_in(&store, now, &mut entropy, &attempt(temporary.password()));
/// assert!(matches!(right, SignInOutcome::MustChange(_))); // not a session: first another password
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub(super) policy: &'a SignInPolicy,
    pub(super) hasher: &'a Hasher,
    keyring: &'a Keyring,
}

impl<'a> SignIn<'a> {
    /// The guard of one tenant.
    #[must_use]
    pub const fn new(policy: &'a SignInPolicy, hasher: &'a Hasher, keyring: &'a Keyring) -> Self {
        Self { policy, hasher, keyring }
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
        Vec::from([lockout, credential])
    }

    fn subject(&self, request: &SignInRequest) -> Subject {
        let tenant = request.tenant.clone();
        let id = match &request.account {
            Some(account) => KeyId::from(account),
            None => KeyId::unknown(
                self.keyring.digest("unknown-name", &[tenant.as_str().as_bytes(), request.name.as_bytes()]),
            ),
        };
        let lockout = Key::of::<LockoutState>(tenant.clone(), id.clone());
        let credential = Key::of::<CredentialState>(tenant.clone(), id);
        Subject { tenant, account: request.account.clone(), lockout, credential }
    }

    /// First step: network and transport, then the attempt is charged. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin(&self, rows: &Rows, now: Now, request: &SignInRequest) -> Result<Decision<Begun>, DecodeError> {
        let subject = self.subject(request);
        let by = Provenance::new(Actor::Unauthenticated, request.origin);
        let mut change = Change::new(rows, now, &by);

        if let AccessOutcome::Refused(refusals) = access::decide(self.policy.access(), request.origin) {
            for refusal in refusals {
                let fact = Fact::failure(ACCESS_REFUSED).under(refusal.clause()).with("reason", refusal.code());
                change.note(&subject.credential, fact);
            }
            return Ok(change.finish(Begun::Ended(SignInOutcome::Denied(Denied))));
        }

        change.note(&subject.credential, Fact::success(ATTEMPTED).under(clause::A2_ACCESS_5));
        let transition = lockout::begin(rows.read(&subject.lockout)?, now, self.policy.lockout());
        let begun = change.apply(&subject.lockout, kept_if_unknown(&subject, now, transition))?;
        let stored = rows.read::<CredentialState>(&subject.credential)?;
        let (reservation, target) = match begun {
            BeginOutcome::Busy { retry_after } => {
                change.note(&subject.credential, Fact::failure(BUSY).under(clause::E_6P_3));
                return Ok(change.finish(Begun::Ended(SignInOutcome::Busy { retry_after })));
            }
            BeginOutcome::Locked { .. } => (None, Target::Decoy(Reason::Locked)),
            BeginOutcome::Disabled => (None, Target::Decoy(Reason::Disabled)),
            BeginOutcome::Reserved(reservation) => (Some(reservation), target(&subject, stored, now)),
        };
        let rows = change.rows_after();
        Ok(change.finish(Begun::Attempt(Attempt { subject, origin: request.origin, reservation, target, rows })))
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

        let (matched, minted) = match &verdict.found {
            Ok((matched, minted)) => (*matched, minted),
            Err(error) => {
                if let Some(attempt) = reservation {
                    let transition = lockout::cancel(lock_state()?, now, policy, attempt);
                    change.apply(&subject.lockout, kept_if_unknown(subject, now, transition))?;
                }
                if *error == HashError::Overloaded {
                    // No failure, whoever it was: known and unknown names, locked ones too, are answered alike.
                    let fact = Fact::failure(BUSY).under(clause::A2_ACCESS_5).with("reason", "overloaded");
                    change.note(&subject.credential, fact);
                    return Ok(change.finish(SignInOutcome::Busy { retry_after: OVERLOADED_RETRY }));
                }
                return Ok(change.finish(SignInOutcome::Unavailable((*error).into())));
            }
        };

        let reason = match (target, reservation, &subject.account) {
            (Target::Real { hash, generation, .. }, Some(attempt), Some(account)) if matched => {
                let stored = rows.read::<CredentialState>(&subject.credential)?;
                let present = stored.as_ref().filter(|state| state.generation() == *generation);
                match credential::usable(present, now) {
                    // The password changed, or ran out, in mid-hash: the right one of yesterday is no guess.
                    Usable::Absent => self.give_back(&mut change, subject, attempt, now, Reason::Superseded)?,
                    Usable::Expired => self.give_back(&mut change, subject, attempt, now, Reason::Expired)?,
                    standing @ (Usable::Lasting | Usable::Temporary { .. }) => {
                        let transition = lockout::settle(lock_state()?, now, policy, attempt, true);
                        match change.apply(&subject.lockout, transition)? {
                            SettleOutcome::Refused => Reason::Locked,
                            SettleOutcome::Accepted => {
                                change.acting_as(Actor::User(account.clone()));
                                if let Some(anew) = &verdict.rehash {
                                    let transition = credential::rehash(stored, hash, anew.clone());
                                    change.apply(&subject.credential, transition)?;
                                }
                                let outcome =
                                    self.admit(&mut change, subject, account, *generation, standing, minted, now)?;
                                return Ok(change.finish(outcome));
                            }
                        }
                    }
                }
            }
            (target, reservation, _) => {
                if let Some(attempt) = reservation {
                    let transition = lockout::settle(lock_state()?, now, policy, attempt, false);
                    let _refused = change.apply(&subject.lockout, kept_if_unknown(subject, now, transition))?;
                }
                match target {
                    Target::Real { .. } => Reason::Mismatch,
                    Target::Decoy(reason) => *reason,
                }
            }
        };
        let fact = Fact::failure(REFUSED).under(clause::A2_ACCESS_5).with("reason", reason.as_str());
        change.note(&subject.credential, fact);
        Ok(change.finish(SignInOutcome::Denied(Denied)))
    }

    fn give_back(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        attempt: &lockout::Reservation,
        now: Now,
        reason: Reason,
    ) -> Result<Reason, DecodeError> {
        let state = change.rows().read(&subject.lockout)?;
        change.apply(&subject.lockout, lockout::cancel(state, now, self.policy.lockout(), attempt))?;
        Ok(reason)
    }

    /// Opens what the password is good for: a session, or the change alone.
    #[allow(clippy::too_many_arguments, reason = "one call site, which has just established all of them")]
    fn admit(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        account: &AccountId,
        generation: u64,
        standing: Usable,
        minted: &Minted,
        now: Now,
    ) -> Result<SignInOutcome, DecodeError> {
        let key = minted.key(&subject.tenant);
        match (standing, minted) {
            (Usable::Temporary { expires_at }, Minted::Change(token)) => {
                let transition =
                    credential::admit_change(now, self.policy.temporary(), account.clone(), generation, expires_at);
                let expires_at = change.apply(&key, transition)?;
                change.note(
                    &subject.credential,
                    Fact::success(CHANGE_REQUIRED).under(clause::E_5_1C).under(clause::E_5_2B),
                );
                Ok(SignInOutcome::MustChange(PasswordChange { token: token.clone(), expires_at }))
            }
            (Usable::Lasting, Minted::Session(token)) => {
                change.note(&subject.credential, Fact::success(SIGNED_IN).under(clause::A2_ACCESS_5));
                let session = self.open_session(change, &key, token, account, generation, now)?;
                Ok(SignInOutcome::SignedIn(session))
            }
            // INVARIANT: what a credential is good for changes only with its generation, and that was compared.
            _ => Ok(SignInOutcome::Denied(Denied)),
        }
    }

    pub(super) fn open_session(
        &self,
        change: &mut Change<'_>,
        key: &Key,
        token: &crate::secret::Token<SessionState>,
        account: &AccountId,
        generation: u64,
        now: Now,
    ) -> Result<Session, DecodeError> {
        let transition = session::open(now, self.policy.session(), account.clone(), generation);
        let expires_at = change.apply(key, transition)?;
        Ok(Session { token: token.clone(), account: account.clone(), expires_at })
    }
}

/// What the password is compared with, or why with nothing.
fn target(subject: &Subject, stored: Option<CredentialState>, now: Now) -> Target {
    if subject.account.is_none() {
        return Target::Decoy(Reason::UnknownAccount);
    }
    match (credential::usable(stored.as_ref(), now), stored) {
        (Usable::Lasting, Some(state)) => {
            Target::Real { hash: state.hash().clone(), generation: state.generation(), temporary: false }
        }
        (Usable::Temporary { .. }, Some(state)) => {
            Target::Real { hash: state.hash().clone(), generation: state.generation(), temporary: true }
        }
        (Usable::Expired, _) => Target::Decoy(Reason::Expired),
        _ => Target::Decoy(Reason::NoPassword),
    }
}

/// Names without an account are whatever anybody types: their records are collected by and by.
fn kept_if_unknown<S: Record, O>(subject: &Subject, now: Now, transition: Transition<S, O>) -> Transition<S, O> {
    match subject.account {
        Some(_) => transition,
        None => transition.collect_after(now.plus(UNKNOWN_KEPT)),
    }
}
