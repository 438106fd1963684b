//! Lanes, repeated guesses, names without an account, the ways out of a lock, and the rate of events.

use alloc::collections::BTreeSet;
use alloc::format;

use super::*;
use crate::lockout::{DenialPolicy, FamiliarPolicy, LanePolicy, LanePolicyBuilder, LockoutPolicy, Repeats};

mod names;
mod repeats;

pub(super) const RIGHT: &str = "Sommer2026";

/// Anna with a lasting password, chosen at the office; nothing has failed, and no other source is familiar.
pub(super) fn world(policy: SignInPolicyBuilder) -> World {
    let mut world = World::with(policy);
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(0), &typed(temporary.password().expose())));
    assert!(matches!(world.choose(at(0), change.token(), RIGHT), ChangeOutcome::Changed { .. }));
    world
}

pub(super) fn with_lanes(lanes: LanePolicyBuilder) -> World {
    world(SignInPolicy::builder().lanes(lanes.build().unwrap()))
}

pub(super) fn limit(failures: u32) -> LockoutPolicy {
    LockoutPolicy::builder().limit(failures).build().unwrap()
}

pub(super) fn from(address: &str, account: &str, password: &str) -> SignInRequest {
    let origin = Origin::network(address.parse().unwrap(), Transport::Tls);
    SignInRequest::new("as typed", Some(AccountId::try_new(account).unwrap()), Secret::from(password), origin)
}

impl World {
    pub(super) fn reason_of(&mut self, now: Now, request: &SignInRequest) -> Value {
        assert_denied(self.sign_in(now, request));
        self.last_reason()
    }

    /// How many events have this code, and this reason if it is not empty.
    pub(super) fn count(&self, code: &str, reason: &str) -> usize {
        let reasoned = |event: &&Event| {
            reason.is_empty() || event.detail("reason").is_some_and(|found| found.as_text() == Some(reason))
        };
        self.events().iter().filter(|event| event.code() == code).filter(reasoned).count()
    }
}

#[test]
fn strangers_do_not_use_up_the_budget_of_a_familiar_source() {
    let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
    signed_in(world.sign_in(at(1), &from("198.51.100.7", "u-17", RIGHT))); // the office is familiar now
    for guess in 0..3 {
        assert_denied(world.sign_in(at(2), &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
    }
    // Strangers are locked out, from wherever; the office is not, and has three of its own.
    assert_eq!(world.reason_of(at(3), &from("192.0.2.1", "u-17", RIGHT)), text("sign_in.locked"));
    signed_in(world.sign_in(at(4), &from("198.51.100.7", "u-17", RIGHT)));
    assert_eq!(world.reason_of(at(5), &from("192.0.2.1", "u-17", RIGHT)), text("sign_in.locked")); // proves nothing there
    for guess in 0..3 {
        assert_eq!(
            world.reason_of(at(6), &from("198.51.100.7", "u-17", &format!("guess{guess}"))),
            text("sign_in.mismatch")
        );
    }
    assert_eq!(world.reason_of(at(7), &from("198.51.100.7", "u-17", RIGHT)), text("sign_in.locked"));
    let locked: Vec<_> = world.events().into_iter().filter(|event| event.code() == "lockout.locked").collect();
    let about: Vec<_> = locked.iter().map(|event| event.subject().id()).collect();
    assert_eq!(about, ["u-17", "u-17~familiar"]);
}

/// 90 days after the sign-in its source is strange again, to the microsecond; another password makes all strange.
#[test]
fn familiarity_ends() {
    let home = from("192.0.2.44", "u-17", RIGHT);
    let is_strange = |world: &mut World, now, request: &SignInRequest| {
        let mut copy = World { store: fork(&world.store), ..World::with(SignInPolicy::builder()) };
        copy.policy = world.policy.clone();
        for guess in 0..3 {
            assert_denied(copy.sign_in(now, &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
        }
        matches!(copy.sign_in(now, request), SignInOutcome::Denied(_))
    };
    let strange = |world: &mut World, now| is_strange(world, now, &home);
    let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
    assert!(strange(&mut world, at(0)));
    signed_in(world.sign_in(at(0), &home));
    assert!(!strange(&mut world, at(90 * DAY - 1)));
    assert!(strange(&mut world, at(90 * DAY)));
    let temporary = world.issue(at(DAY), IssueReason::Reset);
    let change = must_change(world.sign_in(at(DAY), &typed(temporary.password().expose())));
    assert!(matches!(world.choose(at(DAY), change.token(), RIGHT), ChangeOutcome::Changed { .. }));
    assert!(strange(&mut world, at(DAY)));
    // But where it was chosen: or a stranger could keep its bearer out from the first minute.
    assert!(!is_strange(&mut world, at(DAY), &from("198.51.100.7", "u-17", RIGHT)));
}

/// A store with the same records.
fn fork(store: &MemoryStore) -> MemoryStore {
    let fork = MemoryStore::new();
    let keys: Vec<Key> = store.records().into_iter().map(|(key, _)| key).collect();
    update(&fork, keys, |rows| {
        let mut change = crate::store::Change::new(rows, at(0), &admin());
        for (key, text) in store.records() {
            let known =
                Rows::new([key.clone()], [Some(crate::store::Stored::new(crate::store::Version::new(1), text))]);
            match key.kind() {
                "lockout" => change.apply(&key, put(known.read::<LockoutState>(&key)?))?,
                "credential" => change.apply(&key, put(known.read::<CredentialState>(&key)?))?,
                "familiar" => change.apply(&key, put(known.read::<crate::lockout::FamiliarState>(&key)?))?,
                _ => {}
            }
        }
        Ok(change.finish(()))
    })
    .unwrap();
    fork
}

fn put<S>(state: Option<S>) -> crate::store::Transition<S, ()> {
    crate::store::Transition::put(state.unwrap(), ())
}

/// From ever new sources, distinct guesses at one account are bounded by the sum of its budgets, and each source
/// by its own.
#[test]
fn guesses_between_resets_are_bounded_by_the_sum_of_the_budgets() {
    let lanes = LanePolicy::builder()
        .familiar(FamiliarPolicy { lockout: limit(4), ..FamiliarPolicy::default() })
        .account_source(limit(2))
        .source(limit(20));
    let policy = SignInPolicy::builder().lockout(limit(5)).lanes(lanes.build().unwrap());
    let mut world = world(policy);
    for host in 1..=3 {
        signed_in(world.sign_in(at(host), &from(&format!("198.51.100.{host}"), "u-17", RIGHT)));
    }
    for round in 0..10 {
        for host in 1..=20 {
            let guess = format!("guess{round}-{host}");
            assert_denied(world.sign_in(at(10), &from(&format!("198.51.100.{host}"), "u-17", &guess)));
        }
    }
    let bound = world.policy.lanes().guesses_between_resets(world.policy.lockout());
    assert_eq!((bound, world.count("sign_in.refused", "sign_in.mismatch")), (5 + 4, 9));
    let mut by_source = alloc::collections::BTreeMap::new();
    for event in world.events().iter().filter(|event| event.detail("reason") == Some(&text("sign_in.mismatch"))) {
        *by_source.entry(event.origin().to_string()).or_insert(0) += 1;
    }
    assert!(by_source.values().all(|count| *count <= 2), "{by_source:?}");
}

#[test]
fn a_source_that_tries_many_accounts_is_stopped_and_success_does_not_clear_it() {
    let mut world = with_lanes(LanePolicy::builder().source(limit(5)));
    for account in 1..=4 {
        assert_denied(world.sign_in(at(1), &from("203.0.113.9", &format!("v-{account}"), "guess")));
    }
    signed_in(world.sign_in(at(2), &from("203.0.113.9", "u-17", RIGHT)));
    assert_denied(world.sign_in(at(3), &from("203.0.113.9", "v-5", "guess"))); // the fifth failure of the source
    assert_eq!(world.reason_of(at(4), &from("203.0.113.9", "u-17", RIGHT)), text("sign_in.locked"));
    assert_denied(world.sign_in(at(4), &from("203.0.113.9", "v-6", "guess")));
    assert!(!world.store.records().iter().any(|(key, _)| key.id() == "v-6")); // refused: charged nowhere
    signed_in(world.sign_in(at(5), &from("203.0.113.10", "u-17", RIGHT))); // the account is not locked
    signed_in(world.sign_in(at(3 + 15 * MINUTE), &from("203.0.113.9", "u-17", RIGHT)));
}

/// IPv4 by address, IPv6 by /64; attempts without an address share one strict lane.
#[test]
fn a_source_is_a_prefix() {
    let cases = [
        ("203.0.113.9", "203.0.113.10", false),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ("203.0.113.9", "::ffff:203.0.113.9", true),
    ];
    for (first, second, same) in cases {
        let mut world = with_lanes(LanePolicy::builder().source(limit(2)));
        for account in ["v-1", "v-2"] {
            assert_denied(world.sign_in(at(1), &from(first, account, "guess")));
        }
        let outcome = world.sign_in(at(2), &from(second, "u-17", RIGHT));
        assert_eq!(matches!(outcome, SignInOutcome::Denied(_)), same, "{first} {second}");
    }
    let mut world = with_lanes(LanePolicy::builder().source(limit(100)));
    let nowhere = |account, password| {
        let account = Some(AccountId::try_new(account).unwrap());
        SignInRequest::new("as typed", account, Secret::from(password), Origin::Internal)
    };
    for account in ["v-1", "v-2", "v-3"] {
        assert_denied(world.sign_in(at(1), &nowhere(account, "guess")));
    }
    assert_eq!(world.reason_of(at(2), &nowhere("u-17", RIGHT)), text("sign_in.locked"));
    signed_in(world.sign_in(at(2), &typed(RIGHT)));
}

/// A lock set in one lane while the right password is in mid-hash refuses it, and clears no other lane.
#[test]
fn a_success_is_accepted_by_every_lane_or_by_none() {
    let mut world = with_lanes(LanePolicy::builder().source(limit(2)));
    assert_denied(world.sign_in(at(1), &from("203.0.113.9", "u-17", "guess"))); // account 1, source 1
    let (store, request) = (world.store.clone(), from("203.0.113.9", "u-17", RIGHT));
    let guard = world.guard();
    let begun = update(&store, guard.keys(&request), |rows| guard.begin(rows, at(2), &request)).unwrap();
    let Begun::Attempt(attempt) = begun else { panic!() };
    // The source has room for one more failure, and the attempt holds it.
    let other = from("203.0.113.9", "v-1", "guess");
    let busy = update(&store, guard.keys(&other), |rows| guard.begin(rows, at(3), &other)).unwrap();
    assert!(matches!(busy, Begun::Ended(SignInOutcome::Busy { .. })), "{busy:?}");
    // It lapses there as a failure; late, the password is right, and the source is locked.
    let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
    let late = at(2 + 61 * SECOND);
    let outcome = update_from(&store, verdict.rows(), |rows| guard.settle(rows, late, &verdict)).unwrap();
    assert_denied(outcome);
    assert_eq!(world.last_reason(), text("sign_in.locked"));
    assert_eq!(world.lockout().failures(), 2); // its own lapse among them; the success has forgotten none
}

/// Neither the issue of a temporary password nor its change is blocked by a lock, or by the cap; each opens it.
#[test]
fn a_lock_blocks_no_recovery_and_every_opening_is_one_event() {
    for cap in [None, Some(3)] {
        let lockout = LockoutPolicy::builder().cap(cap).build().unwrap();
        let familiar = FamiliarPolicy { lockout: lockout.clone(), ..FamiliarPolicy::default() };
        let lanes = LanePolicy::builder().familiar(familiar).build().unwrap();
        let mut world = world(SignInPolicy::builder().lockout(lockout).lanes(lanes));
        let lock = |world: &mut World, now| {
            for guess in 0..3 {
                assert_denied(world.sign_in(now, &typed(&format!("guess{guess}"))));
            }
            let reason = if cap.is_some() { "sign_in.disabled" } else { "sign_in.locked" };
            assert_eq!(world.reason_of(now, &typed(RIGHT)), text(reason));
        };
        let opened = |world: &World| {
            let of = |code| world.count(code, "");
            (of("lockout.opened"), of("lockout.unlocked"), of("lockout.rebound"))
        };
        lock(&mut world, at(1));
        let temporary = world.issue(at(2), IssueReason::Reset);
        assert_eq!(opened(&world), (0, 0, 1));
        let change = must_change(world.sign_in(at(3), &typed(temporary.password().expose())));
        // Locked anew by a stranger while its bearer is at the form.
        for guess in 0..3 {
            assert_denied(world.sign_in(at(4), &typed(&format!("guess{guess}"))));
        }
        assert!(matches!(world.choose(at(5), change.token(), RIGHT), ChangeOutcome::Changed { .. }));
        assert_eq!(opened(&world), (0, 0, 2));
        signed_in(world.sign_in(at(6), &typed(RIGHT)));

        lock(&mut world, at(7)); // from the office, which is familiar: its own lane
        world.guard().unlock(&world.store, at(8), &admin(), &anna()).unwrap();
        world.guard().unlock(&world.store, at(8), &admin(), &anna()).unwrap(); // again: nothing to open
        assert_eq!(opened(&world), (0, 1, 2));
        signed_in(world.sign_in(at(9), &typed(RIGHT)));
        if cap.is_none() {
            lock(&mut world, at(10));
            signed_in(world.sign_in(at(10 + 15 * MINUTE), &typed(RIGHT)));
            signed_in(world.sign_in(at(11 + 15 * MINUTE), &typed(RIGHT)));
            assert_eq!(opened(&world), (1, 1, 2));
        }
    }
}

/// Every denial is recorded or in a gap; locks and successes are recorded whatever the rate.
#[test]
fn a_flood_of_denials_is_a_few_events_and_a_count() {
    let denials = DenialPolicy::try_new(20, 60).unwrap();
    let mut world = world(SignInPolicy::builder().denials(denials));
    let accounted = |world: &World| {
        let gaps: u64 = world.events().iter().filter(|event| event.code() == "lockout.gap").map(gap).sum();
        (world.count("sign_in.refused", ""), gaps)
    };
    for attempt in 0..500 {
        assert_denied(world.sign_in(at(attempt), &typed("guess")));
    }
    assert_eq!(accounted(&world), (20, 0));
    assert_eq!((world.count("lockout.locked", ""), world.count("sign_in.attempted", "")), (1, 21)); // one before
    // Another source has a rate of its own.
    assert_denied(world.sign_in(at(500), &from("203.0.113.9", "v-1", "guess")));
    assert_eq!(accounted(&world), (21, 0));
    // The window ends 60 s after its first denial; the next one records the gap.
    assert_denied(world.sign_in(at(60 * SECOND - 1), &typed("guess")));
    assert_eq!(accounted(&world), (21, 0));
    assert_denied(world.sign_in(at(60 * SECOND), &typed("guess")));
    assert_eq!(accounted(&world), (22, 481));
    // A success is recorded; so is what is left, by the job.
    for attempt in 1..=30 {
        assert_denied(world.sign_in(at(60 * SECOND + attempt), &typed("guess")));
    }
    signed_in(world.sign_in(at(16 * MINUTE), &typed(RIGHT)));
    assert_eq!(world.count("sign_in.signed_in", ""), 1);
    world.guard().close_gaps(&world.store, at(17 * MINUTE), &admin()).unwrap();
    world.guard().close_gaps(&world.store, at(17 * MINUTE), &admin()).unwrap(); // nothing is left
    let (recorded, gaps) = accounted(&world);
    assert_eq!((recorded, gaps, recorded as u64 + gaps), (41, 492, 500 + 1 + 1 + 1 + 30));
}

/// Whoever has spent the rate of his source hides nothing: that the right password was refused is said all the same.
#[test]
fn a_right_password_that_is_refused_is_recorded_whatever_the_rate() {
    let mut world = world(SignInPolicy::builder().denials(DenialPolicy::try_new(1, 60).unwrap()));
    world.guard().disable(&world.store, at(0), &admin(), &anna()).unwrap();
    for attempt in 1..=5 {
        assert_denied(world.sign_in(at(attempt), &from("198.51.100.7", "v-1", "guess")));
    }
    assert_denied(world.sign_in(at(6), &from("198.51.100.7", "u-17", RIGHT)));
    assert_eq!(world.last_reason_of("sign_in.refused"), text("session.disabled"));
    let alerts = crate::alerts::AlertPolicy::default();
    let mut state = crate::alerts::AlertState::default();
    let raised = world.events().iter().flat_map(|event| crate::alerts::observe(&mut state, &alerts, event)).last();
    assert_eq!(raised.map(|alert| alert.kind()), Some(crate::alerts::AlertKind::MatchedWhileLocked));
    // Recorded denials and gaps add up still.
    world.guard().close_gaps(&world.store, at(7), &admin()).unwrap();
    let gaps: u64 = world.events().iter().filter(|event| event.code() == "lockout.gap").map(gap).sum();
    assert_eq!((world.count("sign_in.refused", ""), gaps), (2, 4));
}

fn gap(event: &Event) -> u64 {
    event.detail("count").unwrap().as_count().unwrap()
}

/// A source without an address is nobody's: a sign-in from there leaves every other one without an address a stranger.
#[test]
fn what_has_no_address_never_becomes_familiar() {
    let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
    let inside =
        |password: &str| SignInRequest::new("as typed", Some(anna()), Secret::from(password), Origin::Internal);
    signed_in(world.sign_in(at(1), &inside(RIGHT)));
    for guess in 0..3 {
        assert_denied(world.sign_in(at(2), &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
    }
    assert_eq!(world.reason_of(at(3), &inside(RIGHT)), text("sign_in.locked"));
}

/// Of two lanes the more restrictive answers: locked or disabled in one, nothing is busy for the other.
#[test]
fn a_lock_outranks_busy() {
    for cap in [None, Some(3)] {
        let lockout = LockoutPolicy::builder().cap(cap).build().unwrap();
        let lanes = LanePolicy::builder().source(limit(1)).build().unwrap();
        let mut world = world(SignInPolicy::builder().lockout(lockout).lanes(lanes));
        for host in 1..=3 {
            assert_denied(world.sign_in(at(1), &from(&format!("192.0.2.{host}"), "u-17", "guess")));
        }
        let guard = world.guard();
        let is_busy = |account| {
            let request = from("203.0.113.9", account, "guess");
            let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(2), &request)).unwrap();
            matches!(begun, Begun::Ended(SignInOutcome::Busy { .. }))
        };
        assert!(!is_busy("v-1")); // and now there is no room for another from there
        assert_eq!((is_busy("v-2"), is_busy("u-17")), (true, false));
    }
}

/// A temporary password may have been read by somebody else on its way: where it is shown nobody becomes familiar.
#[test]
fn showing_a_temporary_password_makes_nobody_familiar() {
    let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
    let temporary = world.issue(at(1), IssueReason::Reset);
    must_change(world.sign_in(at(2), &from("203.0.113.9", "u-17", temporary.password().expose())));
    for guess in 0..3 {
        assert_denied(world.sign_in(at(3), &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
    }
    let locked: Vec<_> = world.events().into_iter().filter(|event| event.code() == "lockout.locked").collect();
    assert_eq!(locked.iter().map(|event| event.subject().id()).collect::<Vec<_>>(), ["u-17"]);
}

/// What anybody can make a record of is collected after 31 days, or later if a lock is longer; an account's never is.
#[test]
fn records_of_names_and_sources_are_collected() {
    let year = LockoutPolicy::builder().limit(500).lock_secs(365 * 86_400).build().unwrap();
    let lanes = LanePolicy::builder().source(limit(500)).account_source(year);
    let world = with_lanes(lanes.familiar(FamiliarPolicy::default()));
    let guard = world.guard();
    let mut kept = alloc::collections::BTreeMap::new();
    for request in [from("203.0.113.9", "u-17", "guess"), unknown("nobody")] {
        let keys = guard.keys(&request);
        let decision = guard.begin(&Rows::load(&world.store, keys).unwrap(), at(0), &request).unwrap();
        for write in decision.batch().writes() {
            let days = write.collect_after().map(|after| after.since(at(0).timestamp()).as_secs() / 86_400);
            let id = write.key().id();
            kept.insert(id.split_once('-').map_or(id, |(kind, _)| kind).to_string(), days);
        }
    }
    let kept: Vec<_> = kept.iter().map(|(kind, days)| (kind.as_str(), *days)).collect();
    // A pair's lock lasts for a year; `u` is the account's own.
    assert_eq!(kept, [("u", None), ("~from", Some(31)), ("~name", Some(31)), ("~pair", Some(365))]);
}
