use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use unicode_normalization::UnicodeNormalization;

use super::attempt::{Attempt, Begun, Compared, Minted, Subject, Target, Verdict};
use super::lanes::Ending;
use super::session::activity_key;
use super::{ChangePermit, ChangeReason, Denied, SignInOutcome, SignInPolicy, SignInRequest};
use crate::access::{self, AccessOutcome, AccessPolicy, AccessRequest, AccessUse};
use crate::clause;
use crate::credential::{self, CredentialState, Usable};
use crate::event::{Actor, Code, Fact, Origin, Provenance};
use crate::hashing::{HashError, Hasher};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::lockout::{BeginOutcome, SettleOutcome};
use crate::password::{self, AgeOutcome};
use crate::secret::{Keyring, Token, TokenDigest};
use crate::session::{self, ActivityState};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Transition};
use crate::time::Now;

/// Somebody tries to sign in: stored before the password is looked at, so that a crash leaves evidence.
pub const ATTEMPTED: Code = Code::internal("sign_in.attempted");
/// As many attempts are under way as may still fail; or, with the reason [`OVERLOADED`], as many hashes as may.
pub const BUSY: Code = Code::internal("sign_in.busy");
/// The hash could not be computed, or there was no entropy: nobody is let in, nothing is counted, and it is the host's trouble.
pub const UNAVAILABLE: Code = Code::internal("sign_in.unavailable");
/// Not from this network, or not over this transport.
pub const ACCESS_REFUSED: Code = Code::internal("sign_in.access_refused");
/// Refused; the detail `reason` says why.
pub const REFUSED: Code = Code::internal("sign_in.refused");
/// Signed in.
pub const SIGNED_IN: Code = Code::internal("sign_in.signed_in");
/// The password was right; its bearer must now choose another. The detail `reason` says why.
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
/// Reason: the password is longer than the stored hash of another system reads
/// ([`HashError::LegacyTooLong`]). It may be the one that system cut: its bearer needs a new one.
pub const LEGACY_TOO_LONG: Code = Code::internal("sign_in.legacy_too_long");
/// Reason: the hasher has no memory or place in the queue left.
pub const OVERLOADED: Code = Code::internal("sign_in.overloaded");
/// Reason: as many passwords were tried with this permission as may be
/// ([`MAX_CHANGE_TRIES`](crate::credential::MAX_CHANGE_TRIES)).
pub const TOO_MANY_TRIES: Code = Code::internal("sign_in.too_many_tries");
/// Reason: the new password breaks a rule.
pub const REJECTED: Code = Code::internal("sign_in.rejected");
/// A new password was accepted that could not be screened; the detail `recheck` says whether the host must screen it
/// at the next sign-in.
pub const UNSCREENED: Code = Code::internal("sign_in.unscreened");

/// Every code of this module: of its events first, then the reasons in them.
pub const CODES: &[Code] = &[
    ATTEMPTED,
    BUSY,
    UNAVAILABLE,
    ACCESS_REFUSED,
    REFUSED,
    SIGNED_IN,
    CHANGE_REQUIRED,
    CHANGE_REFUSED,
    UNSCREENED,
    MISMATCH,
    UNKNOWN_ACCOUNT,
    NO_PASSWORD,
    EXPIRED,
    LOCKED,
    DISABLED,
    SUPERSEDED,
    UNUSABLE_HASH,
    LEGACY_TOO_LONG,
    OVERLOADED,
    TOO_MANY_TRIES,
    REJECTED,
];

/// When to try again after the hasher was overloaded: long enough for the hashes that were waiting, 64 of 13 ms
/// on one core (our choice).
pub const OVERLOADED_RETRY: Duration = Duration::from_secs(1);

/// The guard of one tenant: its id and policy, the host's hasher and keys. A few references; make one per request.
///
/// ```
/// use clausework::event::{Actor, Origin, Provenance, Transport};
/// use clausework::credential::Issue;
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
/// let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
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
    pub(super) keyring: &'a Keyring,
    pub(super) rules: &'a AccessPolicy,
    pub(super) roles: Option<&'a [OpaqueId]>,
}

impl<'a> SignIn<'a> {
    /// The guard of one tenant.
    #[must_use]
    pub const fn new(tenant: &'a TenantId, policy: &'a SignInPolicy, hasher: &'a Hasher, keyring: &'a Keyring) -> Self {
        Self { tenant, policy, hasher, keyring, rules: policy.access(), roles: None }
    }

    /// The same by these rules of network and transport, not by those of the policy: for a customer whose lists are
    /// kept in the store, and changed there.
    ///
    /// ```
    /// use clausework::access::{IpList, ListOwner};
    /// use clausework::sign_in::SignInPolicy;
    /// use clausework::store::{AsyncStore, Rows};
    /// use clausework::{TenantId, access::AccessPolicy};
    ///
    /// /// For `with_access`, on every request: a change bites at the next one.
    /// async fn rules<S: AsyncStore>(
    ///     store: S, tenant: &TenantId, policy: &SignInPolicy,
    /// ) -> Result<AccessPolicy, Box<dyn std::error::Error>> {
    ///     let key = IpList::key(tenant.clone(), &ListOwner::Tenant);
    ///     let rules = policy.access().clone();
    ///     Ok(match Rows::load_async(store, [&key]).await?.read::<IpList>(&key)? {
    ///         Some(list) => rules.with_list(list)?,
    ///         None => rules,
    ///     })
    /// }
    /// ```
    #[must_use]
    pub const fn with_access(self, rules: &'a AccessPolicy) -> Self {
        Self { rules, ..self }
    }

    /// The same for whoever has these roles and no others, for the IP lists of roles ([`AccessPolicy`]).
    ///
    /// Without it the lists of all roles bind everybody: to forget it opens nothing. A host that knows the roles only
    /// when the session has told the account asks twice: here with none (`&[]`), and then with
    /// [`access::decide`](crate::access::decide) and the roles.
    ///
    /// [`AccessPolicy`]: crate::access::AccessPolicy
    #[must_use]
    pub const fn with_roles(self, roles: &'a [OpaqueId]) -> Self {
        Self { roles: Some(roles), ..self }
    }

    /// The hasher, for [`Attempt::verify`].
    #[must_use]
    pub const fn hasher(&self) -> &'a Hasher {
        self.hasher
    }

    /// The records that [`begin`](SignIn::begin) decides by.
    #[must_use]
    pub fn keys(&self, request: &SignInRequest) -> Vec<Key> {
        let Subject { lanes, credential, familiar, denials, .. } = self.subject(request);
        let activity = activity_key(&credential);
        let shown = request.session.as_ref().map(|token| self.session_key(&token.digest()));
        let locks = lanes.into_iter().flat_map(|lane| [Some(lane.key), lane.former]).flatten();
        let keys = locks.chain([credential, activity, self.revocation_key()]);
        keys.chain(familiar.map(|list| list.key)).chain(denials.map(|count| count.key)).chain(shown).collect()
    }

    /// Every condition of network and transport that the request does not meet.
    pub(super) fn refusals(&self, now: Now, usage: AccessUse<'_>, origin: Origin) -> Vec<Fact> {
        match self.access(now, usage, origin) {
            AccessOutcome::Allowed => Vec::new(),
            AccessOutcome::Refused(refusals) => {
                refusals.iter().map(|refusal| refusal.fact(ACCESS_REFUSED, usage)).collect()
            }
        }
    }

    pub(super) fn access(&self, now: Now, usage: AccessUse<'_>, origin: Origin) -> AccessOutcome {
        access::decide(self.rules, now, &AccessRequest::new(usage, origin).in_roles(self.roles))
    }

    fn subject(&self, request: &SignInRequest) -> Subject {
        // Two spellings that a look-up would take for one name are one here as well.
        let name: String = match &request.account {
            Some(_) => String::new(),
            None => request.name.trim().nfc().flat_map(char::to_lowercase).collect(),
        };
        self.subject_of(request.account.clone(), &name, &request.password, request.origin)
    }

    /// First step: network and transport, then the attempt is charged. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin(&self, rows: &Rows, now: Now, request: &SignInRequest) -> Result<Decision<Begun>, DecodeError> {
        let subject = self.subject(request);
        let by = Provenance::new(Actor::Unauthenticated, request.origin);
        let mut change = Change::new(rows, now, &by);

        let refusals = self.refusals(now, AccessUse::SignIn, request.origin);
        if !refusals.is_empty() {
            self.deny(&mut change, subject.denials.as_ref(), &subject.credential, now, refusals)?;
            return Ok(change.finish(Begun::Ended(SignInOutcome::Denied(Denied))));
        }

        if !self.denies_quietly(rows, &subject, now)? {
            change.note(&subject.credential, Fact::success(ATTEMPTED).under(clause::A2_ACCESS_5));
        }
        let stored = rows.read::<CredentialState>(&subject.credential)?;
        let shown = request.session.as_ref().map(Token::digest);
        let (charged, target) = match self.reserve(&mut change, &subject, stored.as_ref(), now)? {
            Ok(charged) => {
                let is_closed = self.is_closed(rows, &subject, shown.as_ref(), now);
                (charged, self.target(request, stored, is_closed, now))
            }
            Err(BeginOutcome::Busy { retry_after }) => {
                let fact = Fact::failure(BUSY).under(clause::E_6P_3);
                self.deny(&mut change, subject.denials.as_ref(), &subject.credential, now, [fact])?;
                return Ok(change.finish(Begun::Ended(SignInOutcome::Busy { retry_after })));
            }
            Err(BeginOutcome::Disabled) => (Vec::new(), Target::Decoy(DISABLED)),
            Err(_) => (Vec::new(), Target::Decoy(LOCKED)),
        };
        self.commit_anyway(&mut change, &subject)?;
        let rows = change.rows_after();
        Ok(change.finish(Begun::Attempt(Attempt { subject, origin: request.origin, shown, charged, target, rows })))
    }

    /// Last step: settles the attempt with what the verification found. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle(&self, rows: &Rows, now: Now, verdict: &Verdict) -> Result<Decision<SignInOutcome>, DecodeError> {
        let attempt = &verdict.attempt;
        let Attempt { subject, origin, charged, target, .. } = attempt;
        let stranger = Provenance::new(Actor::Unauthenticated, *origin);
        let mut change = Change::new(rows, now, &stranger);

        let (compared, minted) = match &verdict.found {
            Ok((compared, minted)) => (*compared, minted),
            Err(error) => {
                let _void = self.settle_lanes(&mut change, attempt, Ending::Void, now)?;
                if *error == HashError::Overloaded {
                    // No failure, whoever it was: known and unknown names, locked ones too, are answered alike.
                    let fact = Fact::failure(BUSY).under(clause::A2_ACCESS_5).with("reason", OVERLOADED);
                    self.deny(&mut change, subject.denials.as_ref(), &subject.credential, now, [fact])?;
                    return Ok(change.finish(SignInOutcome::Busy { retry_after: OVERLOADED_RETRY }));
                }
                // Where it is locked there is nothing to give back: the event makes it as many commits all the same.
                let fact = Fact::failure(UNAVAILABLE).under(clause::A2_ACCESS_5);
                self.deny(&mut change, subject.denials.as_ref(), &subject.credential, now, [fact])?;
                return Ok(change.finish(SignInOutcome::Unavailable((*error).into())));
            }
        };

        let matched = compared == Compared::Match;
        let reason = match (target, &subject.account) {
            // This verdict was settled before: what it opened may have ended since, and nothing brings it back.
            (Target::Real { .. }, Some(_)) if matched && rows.has(&minted.key(subject.scope())) => SUPERSEDED,
            (Target::Real { hash, generation, .. }, Some(account)) if matched && !charged.is_empty() => {
                let stored = rows.read::<CredentialState>(&subject.credential)?;
                let present = stored.as_ref().filter(|state| state.generation() == *generation);
                let standing = credential::usable(present, now);
                // The password changed, or ran out, in mid-hash: the right one of yesterday is no guess.
                let void = match standing {
                    Usable::Absent => Some(SUPERSEDED),
                    Usable::Expired => Some(EXPIRED),
                    Usable::Lasting | Usable::Temporary { .. } => None,
                };
                let ending = if void.is_some() { Ending::Void } else { Ending::Matched };
                match self.settle_lanes(&mut change, attempt, ending, now)? {
                    SettleOutcome::Refused => void.unwrap_or(LOCKED),
                    SettleOutcome::Accepted => {
                        change.acting_as(Actor::User(account.clone()));
                        let shown = verdict.attempt.shown.as_ref();
                        match self.admit(&mut change, subject, account, *generation, standing, minted, shown, now)? {
                            Ok(outcome) => {
                                if let Some(anew) = &verdict.rehash {
                                    let transition = credential::rehash(stored, hash, anew.clone());
                                    change.apply(&subject.credential, transition)?;
                                }
                                if standing == Usable::Lasting {
                                    self.becomes_familiar(&mut change, subject, *generation, now)?;
                                }
                                return Ok(change.finish(outcome));
                            }
                            Err(reason) => reason,
                        }
                    }
                }
            }
            (target, _) => {
                let _refused = self.settle_lanes(&mut change, attempt, Ending::Wrong, now)?;
                match target {
                    Target::Real { .. } if compared == Compared::Unusable => UNUSABLE_HASH,
                    Target::Real { .. } if compared == Compared::TooLong => LEGACY_TOO_LONG,
                    Target::Real { .. } => MISMATCH,
                    Target::Decoy(reason) => *reason,
                }
            }
        };
        let fact = Fact::failure(REFUSED).under(clause::A2_ACCESS_5).with("reason", reason);
        if matched {
            // The right password, and still nobody is let in: whoever watches wants to know (A2-Access-4), though a
            // stranger may have spent the rate of this source before.
            change.note(&subject.credential, fact.with("matched", true));
        } else {
            self.deny(&mut change, subject.denials.as_ref(), &subject.credential, now, [fact])?;
        }
        Ok(change.finish(SignInOutcome::Denied(Denied)))
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
        if let Some(why) = self.closed(change, &subject.credential, account, now)? {
            return Ok(Err(why));
        }
        let key = minted.key(subject.scope());
        match (standing, minted) {
            (_, Minted::Change(token, reason)) => {
                // Written as it is: no permit is given on the account as it was before it was disabled in mid-hash.
                let activity = activity_key(&subject.credential);
                let state = change.rows().read::<ActivityState>(&activity)?.unwrap_or_default();
                let disablings = state.disablings();
                change.apply(&activity, Transition::put(state, ()))?;
                // Whoever asked for the change keeps his session until it is made.
                if *reason != ChangeReason::Asked {
                    self.end_shown(change, shown, account, now)?;
                }
                let ends = match standing {
                    Usable::Temporary { expires_at } => Some(expires_at),
                    _ => None,
                };
                let (policy, account) = (self.policy.temporary(), account.clone());
                let transition = credential::admit_change(now, policy, account, generation, ends, disablings);
                let expires_at = change.apply(&key, transition)?;
                let fact = Fact::success(CHANGE_REQUIRED).with("reason", reason.as_str());
                let fact = match reason {
                    ChangeReason::Temporary => fact.under(clause::E_5_1C).under(clause::E_5_2B),
                    ChangeReason::Expired | ChangeReason::Asked => fact.under(clause::A2_ACCESS_5),
                };
                change.note(&subject.credential, fact);
                Ok(Ok(SignInOutcome::MustChange(ChangePermit { token: token.clone(), expires_at, reason: *reason })))
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

    /// What the password is compared with, or why with nothing, and what a match will open.
    fn target(&self, request: &SignInRequest, stored: Option<CredentialState>, is_closed: bool, now: Now) -> Target {
        let change = match (credential::usable(stored.as_ref(), now), &request.account) {
            (_, None) => return Target::Decoy(UNKNOWN_ACCOUNT),
            (Usable::Expired, _) => return Target::Decoy(EXPIRED),
            (Usable::Absent, _) => return Target::Decoy(NO_PASSWORD),
            (Usable::Temporary { .. }, _) => Some(ChangeReason::Temporary),
            (Usable::Lasting, _) => {
                let chosen_at = stored.as_ref().and_then(CredentialState::chosen_at);
                match chosen_at.map(|at| password::age(self.policy.password(), at, now)) {
                    Some(AgeOutcome::Expired { .. }) => Some(ChangeReason::Expired),
                    _ => request.for_change.then_some(ChangeReason::Asked),
                }
            }
        };
        stored.map_or(Target::Decoy(NO_PASSWORD), |state| Target::Real {
            hash: state.hash().clone(),
            generation: state.generation(),
            change,
            is_closed,
        })
    }
}
