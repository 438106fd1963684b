//! Lock-out, credentials, sessions: decisions on read states; and the flow that composes them, on a hostile store.

use clausework::access::Refusal;
use clausework::credential::{
    self, ChangeState, CredentialState, Issue, IssueReason, IssueRefusal, TemporaryPolicy, admit_change, close_change,
    history_skipped, may_change, may_issue, too_recent, try_change, untry_change, usable,
};
use clausework::hashing::{HashPolicy, Hasher, PasswordHash};
use clausework::lockout::{
    self, BeginOutcome, DenialPolicy, Factor, FamiliarPolicy, LanePolicy, LockoutPolicy, LockoutState, Mark, Repeats,
    Tier,
};
use clausework::password::{Context, Strength};
use clausework::screening::{Screening, UnknownPolicy};
use clausework::secret::{Keyring, Token, TokenDigest};
use clausework::session::{
    self, ActivityState, AtCap, DormancyPolicy, Ending, IdleLimit, NewSession, RevocationState, SessionOutcome,
    SessionPolicy, SessionState, Validity,
};
use clausework::sign_in::{
    Begun, ChangeBegun, ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest,
};
use clausework::store::{Key, Rows, Store as _};
use clausework::testing::{CheapHash, block_on};

use super::draw::Gen;
use super::small::{Hostile, Sent};
use super::{say, see};

pub(super) fn decisions(g: &Gen) {
    lockouts(g);
    credentials(g);
    sessions(g);
    dormancy(g);
}

fn lockout_policy(g: &Gen) -> LockoutPolicy {
    let mut builder = LockoutPolicy::builder();
    for _ in 0..g.below(3) {
        builder = match g.below(7) {
            0 => builder.limit(g.u32()),
            1 => builder.lock_secs(g.u64()),
            2 => builder.tiers(g.some(4, |g| Tier { failures: g.u32(), lock_secs: g.u64() })),
            3 => builder.cap(g.maybe(Gen::u32)),
            4 => builder.repeats(g.pick(&[Repeats::Counted, Repeats::Free])),
            5 => builder.lease_secs(g.u64()),
            _ => builder.skew_secs(g.u64()),
        };
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        LockoutPolicy::default()
    });
    g.policy(policy)
}

fn lanes(g: &Gen) -> LanePolicy {
    let mut builder = LanePolicy::builder();
    for _ in 0..g.below(4) {
        let lockout = lockout_policy(g);
        builder = match g.below(8) {
            0 => builder.source(lockout),
            1 => builder.sourceless(lockout),
            2 => builder.account_source(lockout),
            3 => builder.familiar(FamiliarPolicy { lockout, sources: g.u32(), days: g.u32() }),
            4 => builder.temporary(lockout),
            5 => builder.ipv4_prefix(g.u8()),
            6 => builder.ipv6_prefix(g.u8()),
            _ => builder.unknown_names(g.u32()),
        };
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        LanePolicy::default()
    });
    g.policy(policy)
}

fn lockouts(g: &Gen) {
    let policy = lockout_policy(g);
    // Its time grows with the tiers and the length: a host asks once, for a period of its own choosing.
    see(&(
        policy.lock_after(g.u32()),
        policy.guesses_within(core::time::Duration::from_secs(g.u64() % (366 * 86_400))),
    ));
    see(&(lanes(g).guesses_between_resets(&policy), DenialPolicy::try_new(g.u32(), g.u64())));
    let (now, account) = (g.now(), g.account());
    let factor = g.pick(&[Factor::Password, Factor::OneTimeCode, Factor::RecoveryCode, Factor::Pin]);
    say(&LockoutState::key(g.scope(), &account, factor));
    let guess = Mark::of_guess(&Keyring::new(g.id(), g.array()), &account, &g.secret());
    let golden = match g.below(3) {
        0 => include_str!("../golden/lockout.v1.json"),
        1 => include_str!("../golden/lockout.v2.json"),
        _ => include_str!("../golden/lockout.v3.json"),
    };
    let mut state: Option<LockoutState> = g.state(golden);
    for _ in 0..4 {
        let now = if g.flag() { now } else { g.now() };
        let (_, outcome, _) = lockout::begin(state.clone(), now, &policy).into_parts();
        if let BeginOutcome::Reserved(attempt) = outcome {
            let attempt = if g.flag() { attempt.of_guess(guess) } else { attempt };
            see(&lockout::pass(state.clone(), now, &policy, &attempt));
            see(&lockout::cancel(state.clone(), now, &policy, &attempt));
            let (next, _, _) = lockout::settle(state.clone(), g.now(), &policy, &attempt, g.flag()).into_parts();
            if let clausework::store::Next::Put(next) = next {
                state = Some(next);
            }
        }
        see(&lockout::is_closed(state.clone(), now, &policy));
        see(&lockout::unlock(state.clone(), now, &policy));
        see(&lockout::rebind(state.clone(), now, &policy));
    }
    see(&g.state::<lockout::DenialState>(include_str!("../golden/denials.v1.json")));
    see(&g.state::<lockout::FamiliarState>(include_str!("../golden/familiar.v2.json")));
}

fn temporary(g: &Gen) -> TemporaryPolicy {
    let builder = TemporaryPolicy::builder();
    let builder = if g.flag() { builder.lifetime_secs(g.u64()) } else { builder.change_window_secs(g.u64()) };
    builder.build().unwrap_or_else(|error| {
        say(&error);
        g.policy(TemporaryPolicy::default())
    })
}

fn credentials(g: &Gen) {
    let (now, policy, passwords, account) = (g.now(), temporary(g), super::password::policy(g), g.account());
    let golden = if g.flag() {
        include_str!("../golden/credential.v2.json")
    } else {
        include_str!("../golden/credential.v1.json")
    };
    let state: Option<CredentialState> = g.state(golden);
    let permission: Option<ChangeState> = g.state(include_str!("../golden/change.v1.json"));
    let hash = || PasswordHash::from_phc(g.text());
    let reason = g.pick(&[IssueReason::NewCustomer, IssueReason::NewUser, IssueReason::Reset]);
    see(&credential::issue(state.clone(), now, &policy, &passwords, hash(), reason));
    see(&credential::import(state.clone(), now, hash(), g.timestamp()));
    see(&usable(state.as_ref(), now));
    see(&admit_change(now, &policy, account.clone(), g.u64(), g.maybe(Gen::timestamp), g.u64()));
    see(&may_change(state.as_ref(), now, &account, permission.as_ref(), g.u64()));
    if let Some(state) = &state {
        see(&(too_recent(state, now, &passwords), state.earlier(&passwords).count()));
        see(&credential::rehash(Some(state.clone()), state.hash(), hash()));
    }
    see(&history_skipped(g.u32()));
    see(&credential::change(state, now, &passwords, &account, permission.as_ref(), g.u64(), hash()));
    see(&(try_change(permission.clone()), untry_change(permission), close_change(now)));
    for issue in
        [Issue::new_customer(g.account(), g.account()), Issue::new_user(g.account()), Issue::reset(g.account())]
    {
        see(&may_issue(&g.actor(), &issue.delivered_to(g.account()).name_not_own_email()));
    }
    see(&(IssueRefusal::NotKeyUser.clause(reason), IssueRefusal::NotItsBearer.fact(reason)));
}

fn session_policy(g: &Gen) -> SessionPolicy {
    let usual = SessionPolicy::builder().lifetime_secs(28_800).idle(IdleLimit::Lock { after_secs: 900 });
    let mut builder = usual;
    for _ in 0..g.below(3) {
        builder = match g.below(4) {
            0 => builder.lifetime_secs(g.u64()),
            1 => builder.idle(g.pick(&[IdleLimit::Unlimited, IdleLimit::End { after_secs: g.u64() }])),
            2 => builder.touch_every_secs(g.u64()),
            _ => builder.cap(g.u16(), g.pick(&[AtCap::EndOldest, AtCap::Refuse])),
        };
    }
    g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        usual.build().unwrap()
    }))
}

fn digest(g: &Gen) -> TokenDigest {
    Token::<()>::mint(&mut g.entropy())
        .map(|token| token.digest())
        .unwrap_or_else(|_| TokenDigest::parse(&"A".repeat(43)).unwrap())
}

fn activity(g: &Gen) -> Option<ActivityState> {
    g.state(include_str!("../golden/activity.v1.json"))
}

fn ending(g: &Gen) -> Ending {
    g.pick(&[Ending::All, Ending::One(digest(g)), Ending::Others(digest(g))])
}

fn sessions(g: &Gen) {
    let (now, policy, account) = (g.now(), session_policy(g), g.account());
    let validity = Validity { generation: g.maybe(Gen::u64).or(Some(1)), revocation: g.pick(&[0, g.u64()]) };
    let state = activity(g);
    // One that is listed, if there is one.
    let open =
        state.as_ref().and_then(|state| session::list(state, now, &policy, &validity).next().map(|open| open.id()));
    let id = open.unwrap_or(digest(g));
    let new = NewSession { id: digest(g), origin: g.origin(), replaces: g.maybe(|_| id) };
    see(&session::open(state.clone(), now, &policy, &validity, &new));
    see(&session::file(account.clone(), g.timestamp()));
    see(&session::check(state.clone(), now, &policy, &validity, &account, &id));
    see(&session::touch(state.clone(), now, &policy, &validity, &account, &id));
    see(&session::end(state.clone(), now, &policy, &validity, &ending(g)));
    see(&session::blank(now, ()));
    let refusals = g.some(20, |_| Refusal::PlainTransport);
    see(&session::refuse(state.clone(), now, &policy, &validity, &id, &refusals));
    let golden =
        if g.flag() { include_str!("../golden/session.v1.json") } else { include_str!("../golden/session.v2.json") };
    if let Some(unlisted) = g.state::<SessionState>(golden) {
        see(&session::check_unlisted(&unlisted, state.as_ref(), now, &policy, &validity));
    }
    let revocation: Option<RevocationState> = g.state(include_str!("../golden/revocation.v1.json"));
    see(&session::revoke_all(revocation.as_ref(), now));
    see(&session::disable(state.clone(), now));
    see(&session::enable(state));
}

fn dormancy_policy(g: &Gen) -> DormancyPolicy {
    let usual = DormancyPolicy::builder().period_days(90).warn_days_before([14, 7]);
    let mut builder = usual.clone();
    for _ in 0..g.below(3) {
        builder = match g.below(4) {
            0 => builder.period_days(g.u32()),
            1 => builder.warn_days_before(g.some(10, Gen::u32)),
            2 => builder.grace_days(g.u32()),
            _ => builder.exempt([g.account()]),
        };
    }
    g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        usual.build().unwrap()
    }))
}

fn dormancy(g: &Gen) {
    let (policy, state, account, now) = (dormancy_policy(g), activity(g), g.account(), g.now());
    if let Some(state) = &state {
        see(&session::standing(state, now, &policy, &account, g.timestamp()));
    }
    see(&session::review(state.clone(), now, &policy, &account, g.timestamp()));
    see(&session::reactivate(state, now));
}

fn sign_in_policy(g: &Gen) -> SignInPolicy {
    let mut builder = SignInPolicy::builder().session(session_policy(g));
    for _ in 0..g.below(5) {
        builder = match g.below(9) {
            0 => builder.access(super::access::policy(g)),
            1 => builder.lockout(lockout_policy(g)),
            2 => builder.lanes(lanes(g)),
            3 => builder
                .denials(DenialPolicy::try_new(g.u32(), g.u64()).unwrap_or(DenialPolicy::try_new(10, 600).unwrap())),
            4 => builder.password(super::password::policy(g)),
            5 => builder.dormancy(dormancy_policy(g)),
            6 => builder.temporary(temporary(g)),
            7 => builder.screen_common(g.flag()),
            _ => builder.screening(g.maybe(|g| g.pick(&[UnknownPolicy::Accept, UnknownPolicy::Refuse]))),
        };
    }
    g.policy(builder.build().unwrap())
}

fn token<R>(g: &Gen) -> Token<R> {
    Token::mint(&mut g.entropy()).unwrap_or_else(|_| Token::parse(&"A".repeat(43)).unwrap())
}

pub(super) fn flow(g: &Gen) {
    let (tenant, policy, keys, roles) = (g.tenant(), sign_in_policy(g), Keyring::new(g.id(), g.array()), g.ids());
    let hasher = Hasher::with_kernel(HashPolicy::default(), CheapHash);
    let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    let guard = if g.flag() { guard.with_roles(&roles) } else { guard };
    let rules = super::access::policy(g);
    let guard = if g.flag() { guard.with_access(&rules) } else { guard };
    signing_in(g, &guard, &hasher);
    changing(g, &guard, &hasher);
    using(g, &guard);
    administering(g, &guard);
}

fn rows(g: &Gen, keys: impl IntoIterator<Item = Key>) -> Rows {
    let keys: Vec<Key> = keys.into_iter().collect();
    let stored = Hostile(g).load(&keys).unwrap_or_default();
    Rows::new(keys, stored)
}

fn signing_in(g: &Gen, guard: &SignIn<'_>, hasher: &Hasher) {
    let now = g.now();
    let mut request = SignInRequest::new(g.text(), g.maybe(Gen::account), g.secret(), g.origin());
    if g.flag() {
        request = request.for_change();
    }
    if g.flag() {
        request = request.with_session(token(g));
    }
    match guard.sign_in(Hostile(g), now, &mut g.entropy(), &request) {
        SignInOutcome::Unavailable(fault) => say(&fault),
        outcome => see(&outcome),
    }
    let shown = rows(g, guard.shown_key(&request));
    let Ok(keys) = guard.find_shown(&shown, &request) else { return };
    see(&(guard.keys(&request), keys.len(), guard.source_mark(g.origin())));
    let Ok(begun) = guard.begin(&rows(g, keys), now, &request) else { return };
    if let Some(Begun::Attempt(attempt)) = begun.release(clausework::store::Commit::Applied) {
        let verdict = attempt.verify(hasher, &mut g.entropy(), &g.secret());
        see(&guard.settle(&verdict.rows(), g.now(), &verdict).is_ok());
        see(&guard.settle(&rows(g, verdict.rows().keys().cloned()), g.now(), &verdict).is_ok());
    }
}

fn changing(g: &Gen, guard: &SignIn<'_>, hasher: &Hasher) {
    let now = g.now();
    let mut request = ChangeRequest::new(token(g), g.secret(), g.origin());
    if g.flag() {
        request = request.with_context(Context::try_new([g.text()]).unwrap_or_default());
    }
    if g.flag() {
        request = request.with_screening(Screening::Clean).with_strength(Strength::Safe);
    }
    match guard.change_password(Hostile(g), now, &mut g.entropy(), &request) {
        ChangeOutcome::Unavailable(fault) => say(&fault),
        outcome => see(&outcome),
    }
    let Ok(keys) = guard.find_change(&rows(g, guard.change_keys(&request)), &request) else { return };
    let Ok(begun) = guard.begin_change(&rows(g, keys), now, &request) else { return };
    if let Some(ChangeBegun::Attempt(attempt)) = begun.release(clausework::store::Commit::Applied) {
        let verdict = attempt.hash(hasher, &mut g.entropy());
        see(&guard.settle_change(&verdict.rows(), g.now(), &verdict).is_ok());
    }
    let issue = Issue::reset(g.account());
    see(&guard.issue_temporary(Hostile(g), now, &mut g.entropy(), &g.provenance(), &issue));
    if let Ok(prepared) = guard.prepare_temporary(now, &mut g.entropy(), &issue) {
        see(&guard.settle_temporary(&rows(g, prepared.keys()), g.now(), &g.provenance(), &prepared).is_ok());
    }
}

fn using(g: &Gen, guard: &SignIn<'_>) {
    let (now, token, origin, account) = (g.now(), token(g), g.origin(), g.account());
    let touched = guard.touch_session(Hostile(g), now, &token, origin);
    see(&guard.principal(&touched.unwrap_or(SessionOutcome::Dead)));
    see(&guard.check_session(Hostile(g), now, &token, origin).is_ok());
    see(&guard.sign_out(Hostile(g), now, &token, origin).is_ok());
    see(&guard.rotate_session(Hostile(g), now, &mut g.entropy(), &token, origin).is_ok());
    let stored = guard.session_keys(&account);
    let sent = || Sent::new(g, &stored);
    see(&block_on(guard.touch_session_async(sent(), now, &token, origin)).is_ok());
    see(&block_on(guard.check_session_async(sent(), now, &token, origin)).is_ok());
    see(&block_on(guard.sign_out_async(sent(), now, &token, origin)).is_ok());
    see(&block_on(guard.rotate_session_async(sent(), now, &self::token(g), &token, origin)).is_ok());
}

fn administering(g: &Gen, guard: &SignIn<'_>) {
    let (now, by, account) = (g.now(), g.provenance(), g.account());
    let store = || Hostile(g);
    see(&guard.sessions(store(), now, &account).is_ok());
    see(&guard.end_sessions(store(), now, &by, &account, &ending(g)).is_ok());
    see(&guard.revoke_sessions(store(), now, &by).is_ok());
    see(&guard.review_dormancy(store(), now, &by, &account).is_ok());
    see(&guard.reactivate(store(), now, &by, &account).is_ok());
    see(&guard.disable(store(), now, &by, &account).is_ok());
    see(&guard.enable(store(), now, &by, &account).is_ok());
    see(&guard.unlock(store(), now, &by, &account).is_ok());
    let (left, since) = (PasswordHash::from_phc(g.text()), g.timestamp());
    see(&guard.import(store(), now, &by, &account, &left, since).is_ok());
    let of_credential = rows(g, [Key::of::<CredentialState>(g.scope(), &account)]);
    see(&guard.settle_import(&of_credential, now, &by, &account, &left, since).is_ok());
    if g.below(20) == 0 {
        see(&guard.close_gaps(store(), now, &by).is_ok());
        see(&guard.settle_gaps(&rows(g, guard.gap_keys().take(20)), now, &by).is_ok());
    }
    let of_account = rows(g, guard.session_keys(&account));
    see(&guard.list_sessions(&of_account, now, &account).is_ok());
    see(&guard.settle_end(&of_account, now, &by, &account, &ending(g)).is_ok());
    see(&guard.settle_review(&of_account, now, &by, &account).is_ok());
    see(&guard.settle_reactivation(&of_account, now, &by, &account).is_ok());
    see(&guard.settle_disabling(&of_account, now, &by, &account).is_ok());
    see(&guard.settle_enabling(&of_account, now, &by, &account).is_ok());
    see(&guard.settle_revocation(&rows(g, [guard.revocation_key()]), now, &by).is_ok());
    see(&guard.settle_unlock(&rows(g, guard.unlock_keys(&account)), now, &by, &account).is_ok());
}
