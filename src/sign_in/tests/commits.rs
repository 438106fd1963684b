//! Every public denial is reached by as many commits: their time tells nothing.

use core::cell::Cell;

use super::lanes::{RIGHT, from, limit, world};
use super::*;
use crate::lockout::{DenialPolicy, FamiliarPolicy, LanePolicy, LockoutPolicy};
use crate::session::DormancyPolicy;
use crate::store::{Batch, Commit, Stored};

/// Counts what is committed.
struct Counted<'a>(&'a MemoryStore, &'a Cell<u32>);
impl Store for Counted<'_> {
    type Error = <&'static MemoryStore as Store>::Error;
    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error> {
        let mut store = self.0;
        store.load(keys)
    }
    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error> {
        self.1.set(self.1.get() + 1);
        let mut store = self.0;
        store.commit(batch)
    }
}

const NOW: i64 = 2 * DAY;
const THERE: &str = "203.0.113.9";

fn commits(world: &mut World, request: &SignInRequest) -> u32 {
    let count = Cell::new(0);
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    assert_denied(guard.sign_in(Counted(&world.store, &count), at(NOW), &mut world.entropy, request));
    count.get()
}

fn guess(world: &mut World, guesses: u32) {
    for _ in 0..guesses {
        assert_denied(world.sign_in(at(NOW), &from("192.0.2.1", "u-17", "guess")));
    }
}

/// The states an account can be in, and what is typed.
type Case = (&'static str, fn(&mut World) -> SignInRequest);
const CASES: [Case; 12] = [
    ("unknown name", |_| SignInRequest::new("nobody", None, Secret::from("guess"), there())),
    ("no password", |_| from(THERE, "v-1", "guess")),
    ("wrong", |_| from(THERE, "u-17", "guess")),
    ("locked", |world| {
        guess(world, 3);
        from(THERE, "u-17", "guess")
    }),
    ("locked, right", |world| {
        guess(world, 3);
        from(THERE, "u-17", RIGHT)
    }),
    ("locked name", |world| {
        (0..3).for_each(|_| assert_denied(world.sign_in(at(NOW), &unknown("nobody"))));
        SignInRequest::new("nobody", None, Secret::from("guess"), there())
    }),
    ("locked, temporary", |world| {
        world.issue(at(NOW), IssueReason::Reset);
        guess(world, 3);
        from(THERE, "u-17", "guess")
    }),
    ("expired", |world| {
        world.issue(at(NOW - 15 * DAY), IssueReason::Reset);
        from(THERE, "u-17", RIGHT)
    }),
    ("disabled", |world| {
        world.guard().disable(&world.store, at(NOW), &admin(), &anna()).unwrap();
        from(THERE, "u-17", RIGHT)
    }),
    ("dormant", |world| {
        world.policy =
            with(&world.policy, |policy| policy.dormancy(DormancyPolicy::builder().period_days(1).build().unwrap()));
        from(THERE, "u-17", RIGHT)
    }),
    ("dormant, wrong", |world| {
        world.policy =
            with(&world.policy, |policy| policy.dormancy(DormancyPolicy::builder().period_days(1).build().unwrap()));
        from(THERE, "u-17", "guess")
    }),
    ("full of sessions", |world| {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited);
        let session = session.cap(1, AtCap::Refuse).build().unwrap();
        world.policy = with(&world.policy, |policy| policy.session(session));
        signed_in(world.sign_in(at(NOW), &from("192.0.2.1", "u-17", RIGHT)));
        from(THERE, "u-17", RIGHT)
    }),
];

fn there() -> Origin {
    Origin::network(THERE.parse().unwrap(), Transport::Tls)
}

fn with(policy: &SignInPolicy, change: impl Fn(SignInPolicyBuilder) -> SignInPolicyBuilder) -> SignInPolicy {
    change(policy.clone().into()).build().unwrap()
}

fn worlds() -> Vec<(&'static str, SignInPolicyBuilder)> {
    let policies = || {
        let capped = LockoutPolicy::builder().cap(Some(3)).build().unwrap();
        let lanes = LanePolicy::builder().familiar(FamiliarPolicy::default()).source(limit(500));
        let lanes = lanes.account_source(limit(500)).build().unwrap();
        [
            ("plain", SignInPolicy::builder()),
            ("capped", SignInPolicy::builder().lockout(capped)),
            ("lanes", SignInPolicy::builder().lanes(lanes)),
        ]
    };
    let rated = policies().map(|(name, policy)| (name, policy.denials(DenialPolicy::try_new(1, 60).unwrap())));
    policies().into_iter().chain(rated).collect()
}

#[test]
fn every_denial_is_two_commits_whatever_the_reason_and_the_rate() {
    for (policy, builder) in worlds() {
        for is_full in [false, true] {
            for (case, prepare) in CASES {
                let mut world = world(builder.clone());
                let request = prepare(&mut world);
                if is_full {
                    // The rate of that source is used up, and denials are only counted.
                    (0..2).for_each(|_| assert_denied(world.sign_in(at(NOW), &from(THERE, "v-9", "guess"))));
                }
                assert_eq!(commits(&mut world, &request), 2, "{policy}, {case}, full: {is_full}");
            }
        }
    }
}

/// A hash that fails tells no more than one that is wrong.
#[test]
fn a_failed_hash_is_two_commits_whatever_the_account() {
    for (policy, builder) in worlds() {
        for (case, prepare) in CASES {
            let mut world = world(builder.clone());
            let request = prepare(&mut world);
            for code in ["sign_in.unavailable", "sign_in.busy"] {
                world.hasher = match code {
                    "sign_in.busy" => Hasher::with_kernel(HashPolicy::default(), Full),
                    _ => Hasher::with_kernel(HashPolicy::default(), Broken),
                };
                let (count, before) = (Cell::new(0), world.count(code, ""));
                let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
                let store = Counted(&world.store, &count);
                let outcome = guard.sign_in(store, at(NOW), &mut world.entropy, &request);
                let is_answered = match code {
                    "sign_in.busy" => matches!(outcome, SignInOutcome::Busy { .. }),
                    _ => matches!(outcome, SignInOutcome::Unavailable(_)),
                };
                assert!(is_answered, "{policy}, {case}: {outcome:?}");
                let is_noted = world.policy.denials().is_some() || world.count(code, "") == before + 1;
                assert!(is_noted && count.get() == 2, "{policy}, {case}, {code}: {}", count.get());
            }
        }
    }
}

/// What the network or the transport refuses is one commit, whoever is named and however often.
#[test]
fn a_refusal_of_access_is_one_commit_and_counts_for_the_rate() {
    for (policy, builder) in worlds() {
        for (case, prepare) in CASES {
            let mut world = world(builder.clone());
            let request = prepare(&mut world);
            let plain = Origin::network(THERE.parse().unwrap(), Transport::Plain);
            let request = SignInRequest { origin: plain, ..request };
            let before = world.count("sign_in.access_refused", "");
            for _ in 0..3 {
                assert_eq!(commits(&mut world, &request), 1, "{policy}, {case}");
            }
            let recorded = if world.policy.denials().is_some() { 1 } else { 3 };
            assert_eq!(world.count("sign_in.access_refused", "") - before, recorded, "{policy}, {case}");
        }
    }
}

/// A refused choice of a password is one commit, and under the same rate: random tokens are no way to fill the events.
#[test]
fn the_rate_covers_the_choice_of_a_password() {
    let mut world = world(SignInPolicy::builder().denials(DenialPolicy::try_new(2, 60).unwrap()));
    let permit = must_change(world.sign_in(at(NOW), &typed(RIGHT).for_change()));
    let choose = |world: &mut World, token: &Token<ChangeState>, password: &str, transport| {
        let count = Cell::new(0);
        let origin = Origin::network(THERE.parse().unwrap(), transport);
        let request = ChangeRequest::new(token.clone(), Secret::from(password), origin);
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        let store = Counted(&world.store, &count);
        let outcome = guard.change_password(store, at(NOW), &mut world.entropy, &request);
        assert!(matches!(outcome, ChangeOutcome::Denied(_) | ChangeOutcome::Rejected(_)), "{outcome:?}");
        assert_eq!(count.get(), 1);
    };
    for _ in 0..10 {
        let guessed = Token::mint(&mut world.entropy).unwrap();
        choose(&mut world, &guessed, "Winter2026", Transport::Tls);
        choose(&mut world, permit.token(), "kurz", Transport::Tls);
        choose(&mut world, permit.token(), "Winter2026", Transport::Plain);
    }
    let recorded = world.count("sign_in.change_refused", "") + world.count("sign_in.access_refused", "");
    world.guard().close_gaps(&world.store, at(NOW), &admin()).unwrap();
    let gap = world.events().into_iter().rfind(|event| event.code() == "lockout.gap").unwrap();
    assert_eq!((recorded, gap.detail("count").unwrap().as_count()), (2, Some(28)));
    let mark = world.guard().source_mark(Origin::network(THERE.parse().unwrap(), Transport::Plain));
    assert_eq!(gap.detail("source").unwrap().as_text(), Some(mark.as_str()));
}

/// The sources that share the record of denials do not wait for each other where nothing is denied.
#[test]
fn an_attempt_that_is_charged_leaves_the_count_of_denials_alone() {
    let mut world = world(SignInPolicy::builder().denials(DenialPolicy::try_new(1, 60).unwrap()));
    assert_denied(world.sign_in(at(1), &typed("Winter2025"))); // there is a count
    let (guard, request) = (world.guard(), typed(RIGHT));
    let rows = Rows::load(&world.store, guard.keys(&request)).unwrap();
    let begun = guard.begin(&rows, at(2), &request).unwrap();
    let kinds: Vec<_> = begun.batch().writes().iter().map(|write| write.key().kind()).collect();
    assert_eq!(kinds, ["lockout"]);
}
