use alloc::vec::Vec;
use core::fmt;

use super::denials::Denials;
use super::session::activity_key;
use super::{
    BUSY, CHANGE_REFUSED, ChangeOutcome, Denied, OVERLOADED, OVERLOADED_RETRY, REJECTED, SUPERSEDED, SignIn,
    TOO_MANY_TRIES, UNAVAILABLE, UNSCREENED,
};
use crate::access::AccessUse;
use crate::clause;
use crate::credential::{self, ChangeState, CredentialState, ReplaceOutcome, TryOutcome};
use crate::entropy::Entropy;
use crate::event::{Actor, Code, Fact, Origin, Provenance};
use crate::hashing::{HashError, Hasher, PasswordHash};
use crate::id::AccountId;
use crate::password::{self, Context, Strength, Violation};
use crate::screening::{self, Screening, ScreeningOutcome, UnknownPolicy, UnknownReason, screen_common};
use crate::secret::{Secret, Token};
use crate::session::{self, ActivityState, SessionState};
use crate::store::{Change, Decision, DecodeError, Key, Rows};
use crate::time::Now;

/// The choice of a new password, as the form sent it.
///
/// ```
/// use clausework::credential::ChangeState;
/// use clausework::event::{Origin, Transport};
/// use clausework::secret::Token;
/// use clausework::sign_in::ChangeRequest;
/// use clausework::Secret;
///
/// let token = Token::<ChangeState>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")?; // from the form
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let request = ChangeRequest::new(token, Secret::from("Tr0ub4dor"), origin);
/// assert!(!format!("{request:?}").contains("Tr0ub4dor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    pub(super) token: Token<ChangeState>,
    pub(super) password: Secret,
    pub(super) origin: Origin,
    pub(super) context: Context,
    pub(super) screening: Option<Screening>,
    pub(super) strength: Option<Strength>,
}

impl ChangeRequest {
    /// The token of the [`ChangePermit`](super::ChangePermit), the new password, and from where.
    #[must_use]
    pub const fn new(token: Token<ChangeState>, password: Secret, origin: Origin) -> Self {
        Self { token, password, origin, context: Context::none(), screening: None, strength: None }
    }

    /// Words the new password may not contain, if the policy says so: the account's name, the tenant, the product.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// What the host's own sources know of the new password: a list of its own, or the answer of a range service. The
    /// host asks them before, since this crate does no I/O. The built-in list is searched besides.
    ///
    /// Known is refused whatever the policy; what follows from unknown, and from no screening at all, the policy's
    /// [`screening`](super::SignInPolicyBuilder::screening) says.
    #[must_use]
    pub const fn with_screening(mut self, screening: Screening) -> Self {
        self.screening = Some(screening);
        self
    }

    /// How many guesses the new password withstands, as `password::estimate` or an estimator of the host's says. Needed
    /// where the policy asks for a [`min_strength`](password::PasswordPolicy::min_strength).
    #[must_use]
    pub const fn with_strength(mut self, strength: Strength) -> Self {
        self.strength = Some(strength);
        self
    }
}

/// What [`SignIn::begin_change`] says.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a change goes on or has ended")]
#[allow(clippy::large_enum_variant, reason = "one value a request, handed on and never kept")]
pub enum ChangeBegun {
    /// Go on: [`ChangeAttempt::hash`].
    Attempt(ChangeAttempt),
    /// Already decided: the permission does not stand.
    Ended(ChangeOutcome),
}

/// A change that may go on to the slow hash.
pub struct ChangeAttempt {
    subject: Subject,
    origin: Origin,
    permission: Key,
    denials: Option<Denials>,
    current: PasswordHash,
    earlier: Vec<PasswordHash>,
    history: u8,
    password: Secret,
    violations: Vec<Violation>,
    screening: ScreeningOutcome,
    rows: Rows,
}

/// Whose password it is.
struct Subject {
    account: AccountId,
    credential: Key,
}

impl ChangeAttempt {
    /// Compares the new password with the present one and those of the policy's
    /// [`history`](crate::password::PasswordPolicy::history), and hashes it: one slow hash for each and one for the new,
    /// one after the other, so that they never take more memory than one; none at all if it breaks a rule that needs
    /// none. It stops at the first that is equal: its bearer, who alone can measure it, has shown the present one.
    ///
    /// An earlier hash that cannot be read is passed over, and that is recorded:
    /// [`history_skipped`](credential::history_skipped).
    #[must_use]
    pub fn hash(self, hasher: &Hasher, entropy: &mut dyn Entropy) -> ChangeVerdict {
        let found = self.try_hash(hasher, entropy);
        ChangeVerdict { found, attempt: self }
    }

    fn try_hash(&self, hasher: &Hasher, entropy: &mut dyn Entropy) -> Result<Hashed, HashError> {
        if !self.violations.is_empty() {
            return Ok(Hashed::Rejected(self.violations.clone()));
        }
        if hasher.verify_any(&self.password, &self.current)? {
            return Ok(Hashed::Rejected(Vec::from([Violation::SameAsCurrent])));
        }
        let mut skipped = 0_u32;
        for earlier in &self.earlier {
            match hasher.verify_any(&self.password, earlier) {
                Ok(true) => {
                    return Ok(Hashed::Rejected(Vec::from([Violation::InHistory { history: self.history }])));
                }
                Ok(false) => {}
                Err(HashError::Stored(_)) => skipped = skipped.saturating_add(1),
                Err(error) => return Err(error),
            }
        }
        Ok(Hashed::New { hash: hasher.hash(entropy, &self.password)?, token: Token::mint(entropy)?, skipped })
    }
}

impl fmt::Debug for ChangeAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeAttempt(..)")
    }
}

/// What became of the hash, for [`SignIn::settle_change`].
pub struct ChangeVerdict {
    found: Result<Hashed, HashError>,
    attempt: ChangeAttempt,
}

enum Hashed {
    New { hash: PasswordHash, token: Token<SessionState>, skipped: u32 },
    Rejected(Vec<Violation>),
}

impl ChangeVerdict {
    /// The records as they were loaded, for [`update_from`](crate::store::update_from).
    #[must_use]
    pub fn rows(&self) -> Rows {
        let minted = match &self.found {
            Ok(Hashed::New { token, .. }) => Some(self.session_key(token)),
            _ => None,
        };
        self.attempt.rows.clone().with_absent(minted)
    }

    fn session_key(&self, token: &Token<SessionState>) -> Key {
        Key::of::<SessionState>(self.attempt.permission.scope().clone(), token.digest())
    }
}

impl fmt::Debug for ChangeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeVerdict(..)")
    }
}

impl SignIn<'_> {
    /// The record of the permission: what [`find_change`](SignIn::find_change) reads.
    #[must_use]
    pub fn change_keys(&self, request: &ChangeRequest) -> Vec<Key> {
        Vec::from([self.permission_key(request)])
    }

    /// Before the first step of choosing a new password: whose permission it is, and so which records
    /// [`begin_change`](SignIn::begin_change) decides by.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored permission cannot be read.
    pub fn find_change(&self, rows: &Rows, request: &ChangeRequest) -> Result<Vec<Key>, DecodeError> {
        let permission = self.permission_key(request);
        let mut keys = Vec::from([permission.clone()]);
        keys.extend(self.denials_of(request.origin).map(|count| count.key));
        if let Some(ChangeState::Open { account, .. }) = rows.read(&permission)? {
            let credential = self.bearer(account.clone()).credential;
            keys.extend([activity_key(&credential), self.revocation_key(), credential]);
            keys.extend(self.unlock_keys(&account));
            keys.extend(self.familiar_key(&account));
        }
        Ok(keys)
    }

    /// First step: network and transport, whether the permission stands, and which rules the new password breaks:
    /// composition, context, screening, and the minimum age of the one it is to replace.
    /// Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin_change(
        &self,
        rows: &Rows,
        now: Now,
        request: &ChangeRequest,
    ) -> Result<Decision<ChangeBegun>, DecodeError> {
        let permission = self.permission_key(request);
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Unauthenticated, request.origin));
        let (denied, denials) = (ChangeBegun::Ended(ChangeOutcome::Denied(Denied)), self.denials_of(request.origin));
        let refusals = self.refusals(now, AccessUse::PasswordChange, request.origin);
        if !refusals.is_empty() {
            self.deny(&mut change, denials.as_ref(), &permission, now, refusals)?;
            return Ok(change.finish(denied));
        }
        let permitted = rows.read::<ChangeState>(&permission)?;
        let Some(ChangeState::Open { account, .. }) = &permitted else {
            self.deny(&mut change, denials.as_ref(), &permission, now, [refused(SUPERSEDED)])?;
            return Ok(change.finish(denied));
        };
        let subject = self.bearer(account.clone());
        let state = rows.read::<CredentialState>(&subject.credential)?;
        let activity = activity(rows, &subject.credential)?;
        let stands = credential::may_change(state.as_ref(), now, account, permitted.as_ref(), activity.disablings());
        match state {
            Some(state) if stands => {
                let (policy, screening) = (self.policy.password(), self.screen(request));
                let mut violations = password::check_with(policy, &request.password, &request.context);
                violations.extend(password::strength(policy, request.strength));
                violations.extend(Violation::of_screening(screening));
                violations.extend(credential::too_recent(&state, now, policy));
                if violations.is_empty() {
                    let transition = credential::try_change(permitted);
                    if change.apply(&permission, transition)? == TryOutcome::Exhausted {
                        let fact = refused(TOO_MANY_TRIES);
                        self.deny(&mut change, denials.as_ref(), &subject.credential, now, [fact])?;
                        return Ok(change.finish(denied));
                    }
                }
                let attempt = ChangeAttempt {
                    subject,
                    origin: request.origin,
                    permission,
                    denials,
                    current: state.hash().clone(),
                    earlier: state.earlier(policy).cloned().collect(),
                    history: policy.history(),
                    password: request.password.clone(),
                    violations,
                    screening,
                    rows: change.rows_after(),
                };
                Ok(change.finish(ChangeBegun::Attempt(attempt)))
            }
            _ => {
                let why = if activity.is_disabled() { session::DISABLED } else { SUPERSEDED };
                self.deny(&mut change, denials.as_ref(), &subject.credential, now, [refused(why)])?;
                Ok(change.finish(denied))
            }
        }
    }

    /// Last step: the new password replaces the present one, the permission ends, a session opens, every other is dead.
    /// Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_change(
        &self,
        rows: &Rows,
        now: Now,
        verdict: &ChangeVerdict,
    ) -> Result<Decision<ChangeOutcome>, DecodeError> {
        let ChangeAttempt { subject, origin, permission, denials, screening, .. } = &verdict.attempt;
        let Subject { account, credential, .. } = subject;
        let mut change = Change::new(rows, now, &Provenance::new(Actor::User(account.clone()), *origin));
        let (hash, token, skipped) = match &verdict.found {
            Ok(Hashed::New { hash, token, skipped }) => (hash, token, *skipped),
            Ok(Hashed::Rejected(violations)) => {
                let count = u64::try_from(violations.len()).unwrap_or(u64::MAX);
                let fact = refused(REJECTED).with("violations", count);
                let fact = match screening.reason() {
                    Some(reason) => fact.with("screening", reason.code()),
                    None => fact,
                };
                self.deny(&mut change, denials.as_ref(), credential, now, [fact])?;
                return Ok(change.finish(ChangeOutcome::Rejected(violations.clone())));
            }
            Err(error) => {
                change.apply(permission, credential::untry_change(rows.read(permission)?))?;
                if *error == HashError::Overloaded {
                    let fact = Fact::failure(BUSY).under(clause::A2_ACCESS_5).with("reason", OVERLOADED);
                    self.deny(&mut change, denials.as_ref(), credential, now, [fact])?;
                    return Ok(change.finish(ChangeOutcome::Busy { retry_after: OVERLOADED_RETRY }));
                }
                let fact = Fact::failure(UNAVAILABLE).under(clause::A2_ACCESS_5);
                self.deny(&mut change, denials.as_ref(), credential, now, [fact])?;
                return Ok(change.finish(ChangeOutcome::Unavailable((*error).into())));
            }
        };
        let denied = ChangeOutcome::Denied(Denied);
        let permitted = rows.read::<ChangeState>(permission)?;
        if let Some(why) = self.closed(&mut change, credential, account, now)? {
            self.deny(&mut change, denials.as_ref(), credential, now, [refused(why)])?;
            return Ok(change.finish(denied));
        }
        let (state, policy) = (rows.read(credential)?, self.policy.password());
        let disablings = activity(rows, credential)?.disablings();
        let transition = credential::change(state, now, policy, account, permitted.as_ref(), disablings, hash.clone());
        match change.apply(credential, transition)? {
            ReplaceOutcome::Superseded => {
                self.deny(&mut change, denials.as_ref(), credential, now, [refused(SUPERSEDED)])?;
                Ok(change.finish(denied))
            }
            ReplaceOutcome::Replaced { generation } => {
                credential::history_skipped(skipped).into_iter().for_each(|fact| change.note(credential, fact));
                unscreened(*screening).into_iter().for_each(|fact| change.note(credential, fact));
                change.apply(permission, credential::close_change(now))?;
                // Not blocked by a lock: the permission is no guess. The lock was about the password that is gone.
                self.rebind(&mut change, account, now)?;
                self.chosen_from_here(&mut change, account, generation, now)?;
                let key = verdict.session_key(token);
                // INVARIANT: all sessions of the earlier generation have just ended, so there is room.
                let opened = self.open_session(&mut change, &key, token, account, generation, now)?;
                let screening = *screening;
                Ok(change.finish(opened.map_or(denied, |session| ChangeOutcome::Changed { session, screening })))
            }
        }
    }

    /// What the built-in list and the host's sources come to.
    fn screen(&self, request: &ChangeRequest) -> ScreeningOutcome {
        let demanded = self.policy.screening();
        let host = request.screening.unwrap_or(match demanded {
            Some(_) => Screening::Unknown { reason: UnknownReason::NoAnswer },
            None => Screening::Clean,
        });
        // What is too long is refused for that, and not searched for.
        let searched =
            self.policy.screen_common() && request.password.expose().len() <= self.policy.password().max_bytes();
        let common = if searched { screen_common(&request.password) } else { Screening::Clean };
        screening::decide(host.and(common), demanded.unwrap_or(UnknownPolicy::Accept))
    }

    fn permission_key(&self, request: &ChangeRequest) -> Key {
        Key::of::<ChangeState>(self.tenant.clone(), request.token.digest())
    }

    fn bearer(&self, account: AccountId) -> Subject {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), &account);
        Subject { account, credential }
    }
}

/// The fact that a password is accepted which nobody could screen.
fn unscreened(screening: ScreeningOutcome) -> Option<Fact> {
    let recheck = matches!(screening, ScreeningOutcome::AcceptedForRecheck { .. });
    let fact = Fact::failure(UNSCREENED).under(clause::A2_ACCESS_5).with("recheck", recheck);
    Some(fact.with("reason", screening.reason()?.code()))
}

fn activity(rows: &Rows, credential: &Key) -> Result<ActivityState, DecodeError> {
    Ok(rows.read(&activity_key(credential))?.unwrap_or_default())
}

fn refused(reason: Code) -> Fact {
    Fact::failure(CHANGE_REFUSED).under(clause::E_5_1C).with("reason", reason)
}
