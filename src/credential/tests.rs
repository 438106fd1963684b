use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::*;
use crate::clause;
use crate::event::Actor;
use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::password::{PasswordPolicy, Violation};
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

fn put<S, O>(transition: Transition<S, O>) -> (S, O) {
    match transition.into_parts() {
        (Next::Put(state) | Next::PutUntil { state, .. } | Next::End { state, .. }, outcome, _) => (state, outcome),
        (Next::Keep, ..) => panic!("nothing was written"),
    }
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(text)
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn keeping(history: u8) -> PasswordPolicy {
    PasswordPolicy::builder().history(history).build().unwrap()
}

fn issued() -> CredentialState {
    put(issue(None, at(0), &TemporaryPolicy::default(), &keeping(0), hash("temporary"), IssueReason::NewUser)).0
}

fn permission(now: Now, state: &CredentialState) -> ChangeState {
    let Usable::Temporary { expires_at } = usable(Some(state), now) else { panic!("not temporary") };
    put(admit_change(now, &TemporaryPolicy::default(), anna(), state.generation(), Some(expires_at), 0)).0
}

/// E-5.1d, E-6P.2: expires after 15 days, for every reason; alive a microsecond before, dead at the instant.
#[test]
fn e_5_1d_a_temporary_password_dies_at_15_days() {
    for reason in [IssueReason::NewCustomer, IssueReason::NewUser, IssueReason::Reset] {
        let (state, expires_at) = put(issue(None, at(0), &TemporaryPolicy::default(), &keeping(0), hash("h"), reason));
        assert_eq!(expires_at, at(15 * DAY).timestamp());
        assert_eq!(usable(Some(&state), at(15 * DAY - 1)), Usable::Temporary { expires_at });
        assert_eq!(usable(Some(&state), at(15 * DAY)), Usable::Expired);
        assert_eq!(usable(Some(&state), at(15 * DAY + 1)), Usable::Expired);
    }
}

#[test]
fn one_issued_in_the_future_is_not_usable_beyond_the_skew() {
    let state = issued();
    assert!(matches!(usable(Some(&state), at(-30 * SECOND)), Usable::Temporary { .. }));
    assert_eq!(usable(Some(&state), at(-30 * SECOND - 1)), Usable::Expired);
}

/// E-5.1c, E-5.2b: the change replaces the temporary password by a lasting one, once.
#[test]
fn e_5_1c_the_change_makes_it_lasting_once() {
    let state = issued();
    let (permit, permit_generation) = (permission(at(1), &state), state.generation());
    let (changed, outcome) = put(change(Some(state), at(2), &keeping(0), &anna(), Some(&permit), 0, hash("new")));
    assert_eq!(outcome, ReplaceOutcome::Replaced { generation: changed.generation() });
    assert!(changed.generation() > permit_generation);
    assert_eq!(usable(Some(&changed), at(100 * DAY)), Usable::Lasting);
    assert_eq!(changed.hash(), &hash("new")); // nothing of the temporary one is left
    // The same permission again, and an ended one: superseded, nothing written.
    for spent in [Some(&permit), Some(&put(close_change(at(3))).0), None] {
        let again = change(Some(changed.clone()), at(3), &keeping(0), &anna(), spent, 0, hash("newer"));
        assert_eq!((again.next(), again.outcome()), (&Next::Keep, &ReplaceOutcome::Superseded));
    }
}

/// E-6P.2: a reissue kills the earlier one and every permission it gave.
#[test]
fn a_reissue_kills_the_old_one() {
    let state = issued();
    let (permit, first) = (permission(at(1), &state), state.generation());
    let (reissued, _) =
        put(issue(Some(state), at(2), &TemporaryPolicy::default(), &keeping(0), hash("second"), IssueReason::Reset));
    assert!(reissued.generation() > first);
    assert_eq!(reissued.hash(), &hash("second"));
    let late = change(Some(reissued), at(3), &keeping(0), &anna(), Some(&permit), 0, hash("new"));
    assert_eq!((late.next(), late.outcome()), (&Next::Keep, &ReplaceOutcome::Superseded));
}

/// The permission ends after ten minutes, or with the temporary password, whichever is first.
#[test]
fn the_permission_outlives_neither_window_nor_password() {
    let state = issued();
    let ten_minutes = 10 * 60 * SECOND;
    for (granted, ends) in [(0, ten_minutes), (15 * DAY - SECOND, 15 * DAY)] {
        let permit = permission(at(granted), &state);
        let outcome = |micros| {
            *change(Some(state.clone()), at(micros), &keeping(0), &anna(), Some(&permit), 0, hash("new")).outcome()
        };
        assert!(matches!(outcome(ends - 1), ReplaceOutcome::Replaced { .. }));
        assert_eq!(outcome(ends), ReplaceOutcome::Superseded);
    }
}

#[test]
fn a_permission_is_good_for_its_own_account_only() {
    let state = issued();
    let permit = permission(at(1), &state);
    let other = AccountId::try_new("u-18").unwrap();
    let outcome = *change(Some(state), at(2), &keeping(0), &other, Some(&permit), 0, hash("new")).outcome();
    assert_eq!(outcome, ReplaceOutcome::Superseded);
}

/// Removed and created anew, an account does not meet a generation of its former life; the last one is refused.
#[test]
fn generations_are_never_met_again() {
    let (first, again) = (
        issued(),
        put(issue(None, at(1), &TemporaryPolicy::default(), &keeping(0), hash("h"), IssueReason::NewUser)).0,
    );
    assert!(again.generation() > first.generation());
    let text = serde_json::to_string(&first).unwrap();
    let last = text.replace(
        &alloc::format!("\"generation\":{}", first.generation()),
        &alloc::format!("\"generation\":{}", u64::MAX),
    );
    assert_ne!(text, last);
    assert!(serde_json::from_str::<CredentialState>(&last).is_err());
}

#[test]
fn policies_outside_their_range_are_refused() {
    assert_eq!(TemporaryPolicy::builder().build(), Ok(TemporaryPolicy::default()));
    assert_eq!(TemporaryPolicy::default().change_window(), Duration::from_secs(600));
    for text in
        [r#"{"lifetime_secs":0}"#, r#"{"lifetime_secs":2592001}"#, r#"{"change_window_secs":3601}"#, r#"{"days":15}"#]
    {
        assert!(serde_json::from_str::<TemporaryPolicy>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<TemporaryPolicy>(r#"{"lifetime_secs":2592000}"#).is_ok());
}

#[test]
fn debug_shows_no_hash() {
    assert!(!alloc::format!("{:?}", issued()).contains("temporary\""));
}

/// A lasting credential with these passwords chosen one after the other, a minute each, the last one present.
fn chosen(policy: &PasswordPolicy, passwords: &[&str]) -> CredentialState {
    let mut state = issued();
    for (minute, text) in (1..).zip(passwords) {
        let now = at(minute * 60 * SECOND);
        let permit = put(admit_change(now, &TemporaryPolicy::default(), anna(), state.generation(), None, 0)).0;
        state = put(change(Some(state), now, policy, &anna(), Some(&permit), 0, hash(text))).0;
    }
    state
}

fn earlier(state: &CredentialState, policy: &PasswordPolicy) -> Vec<String> {
    state.earlier(policy).map(|hash| hash.as_phc().to_string()).collect()
}

/// The last N, the present one among them: with 4, three earlier ones; nothing more is kept, temporary ones never.
#[test]
fn the_history_is_the_last_n_lasting_passwords() {
    let four = keeping(4);
    let state = chosen(&four, &["1", "2", "3", "4", "5", "6"]);
    assert_eq!(earlier(&state, &four), ["5", "4", "3"]);
    assert_eq!(earlier(&state, &keeping(2)), ["5"]);
    assert_eq!(earlier(&state, &keeping(24)), ["5", "4", "3"]); // what was not kept cannot be compared
    for none in [0, 1] {
        assert_eq!(earlier(&state, &keeping(none)), [""; 0]);
        assert_eq!(earlier(&chosen(&keeping(none), &["1", "2"]), &four), [""; 0]);
    }
    let fewer = chosen(&keeping(2), &["1", "2", "3"]);
    assert_eq!(earlier(&fewer, &four), ["2"]); // a smaller history is trimmed at the change
}

/// A reset, and another one: the last four stay out of reach, the temporary ones do not push them out.
#[test]
fn a_reset_is_no_way_round_the_history() {
    let four = keeping(4);
    let mut state = chosen(&four, &["1", "2", "3", "4", "5"]);
    for (day, temporary) in [(1, "t1"), (2, "t2")] {
        let policy = TemporaryPolicy::default();
        state = put(issue(Some(state), at(day * DAY), &policy, &four, hash(temporary), IssueReason::Reset)).0;
        assert_eq!(earlier(&state, &four), ["5", "4", "3", "2"]);
    }
    let permit = put(admit_change(at(3 * DAY), &TemporaryPolicy::default(), anna(), state.generation(), None, 0)).0;
    let (state, _) = put(change(Some(state), at(3 * DAY), &four, &anna(), Some(&permit), 0, hash("6")));
    assert_eq!(earlier(&state, &four), ["5", "4", "3"]);
    // Where no history is asked for, a reset keeps nothing either.
    let state = chosen(&keeping(0), &["1"]);
    let policy = TemporaryPolicy::default();
    let (state, _) = put(issue(Some(state), at(DAY), &policy, &keeping(0), hash("t"), IssueReason::Reset));
    assert_eq!(earlier(&state, &keeping(24)), [""; 0]);
}

/// A damaged hash of any length does not make the row too long to be written, so a reset always helps.
#[test]
fn a_hash_longer_than_any_is_not_kept() {
    let long = "x".repeat(1025);
    assert_eq!(earlier(&chosen(&keeping(4), &["1", &long, "3"]), &keeping(4)), ["1"]);
    let fits = "x".repeat(1024);
    assert_eq!(earlier(&chosen(&keeping(4), &["1", &fits, "3"]), &keeping(4)), [fits.as_str(), "1"]);
}

/// No policy asks for more than 24 (each costs a slow hash), so a row with more was not written by this crate.
#[test]
fn a_history_of_more_than_24_is_damaged() {
    let policy = keeping(24);
    let entry = |text: &str| alloc::format!(r#"{{"phc":"{text}","form":"nfc"}}"#);
    let text = serde_json::to_string(&chosen(&policy, &["1"])).unwrap();
    let with = |count: usize| {
        let history = alloc::vec![entry("old"); count].join(",");
        let longer = text.replace(r#""history":[]"#, &alloc::format!(r#""history":[{history}]"#));
        assert!(count == 0 || longer != text);
        serde_json::from_str::<CredentialState>(&longer)
    };
    assert_eq!(earlier(&with(24).unwrap(), &policy).len(), 23);
    assert!(with(25).is_err());
    assert!(serde_json::from_str::<CredentialState>(&text.replace(r#","history":[]"#, "")).is_err()); // version 2 has it
}

/// The minimum age: refused a microsecond before, allowed at the instant; never of a temporary password, never of one
/// past its maximum age, never by a wrong clock for good.
#[test]
fn too_recent_binds_lasting_passwords_until_the_minimum_age() {
    let day: u64 = 24 * 60 * 60;
    let policy = PasswordPolicy::builder().min_age_secs(Some(day)).build().unwrap();
    let violation = Some(Violation::TooRecent { min_age_secs: 86_400 });
    let state = chosen(&policy, &["1"]); // at one minute
    let minute = 60 * SECOND;
    for (micros, expected) in [
        (minute, violation),
        (minute + DAY - 1, violation),
        (minute + DAY, None),
        (minute + DAY + 1, None),
        (minute - 30 * SECOND, violation),
        (minute - 30 * SECOND - 1, None), // chosen in the future: the clock was wrong
    ] {
        assert_eq!(too_recent(&state, at(micros), &policy), expected, "{micros}");
    }
    assert_eq!(too_recent(&issued(), at(0), &policy), None);
    assert_eq!(too_recent(&state, at(minute), &PasswordPolicy::default()), None);
    let short = PasswordPolicy::builder().min_age_secs(Some(day)).max_age_secs(Some(day + 1)).build().unwrap();
    assert_eq!(too_recent(&state, at(minute + DAY + SECOND), &short), None);
}

/// A permission for a lasting password ends with the change window alone, and with the password's generation.
#[test]
fn a_permission_for_a_lasting_password_stands_for_ten_minutes() {
    let state = chosen(&keeping(0), &["1"]);
    let (permit, ends) = put(admit_change(at(DAY), &TemporaryPolicy::default(), anna(), state.generation(), None, 0));
    assert_eq!(ends, at(DAY + 600 * SECOND).timestamp());
    for (micros, stands) in [(DAY, true), (DAY + 600 * SECOND - 1, true), (DAY + 600 * SECOND, false)] {
        assert_eq!(may_change(Some(&state), at(micros), &anna(), Some(&permit), 0), stands);
    }
    let again = chosen(&keeping(0), &["1", "2"]);
    assert!(!may_change(Some(&again), at(DAY), &anna(), Some(&permit), 0));
}

/// A clock that ran ahead gives no permission for as long as it was ahead: a window is at most an hour, and clocks differ by
/// 30 seconds.
#[test]
fn a_permission_from_the_future_does_not_stand() {
    let (state, hour) =
        (chosen(&keeping(0), &["1"]), TemporaryPolicy::builder().change_window_secs(3600).build().unwrap());
    let (permit, _) = put(admit_change(at(DAY), &hour, anna(), state.generation(), None, 0));
    for (micros, stands) in [(DAY, true), (DAY - 30 * SECOND, true), (DAY - 30 * SECOND - 1, false), (0, false)] {
        assert_eq!(may_change(Some(&state), at(micros), &anna(), Some(&permit), 0), stands, "{micros}");
    }
}

/// A permission is void once its account was disabled, though it may be enabled again.
#[test]
fn a_permission_does_not_outlive_the_disabling() {
    let state = chosen(&keeping(0), &["1"]);
    let permit = put(admit_change(at(DAY), &TemporaryPolicy::default(), anna(), state.generation(), None, 4)).0;
    for (disablings, stands) in [(3, false), (4, true), (5, false)] {
        assert_eq!(may_change(Some(&state), at(DAY), &anna(), Some(&permit), disablings), stands, "{disablings}");
        let replaced = change(Some(state.clone()), at(DAY), &keeping(0), &anna(), Some(&permit), disablings, hash("2"));
        assert_eq!(matches!(replaced.outcome(), ReplaceOutcome::Replaced { .. }), stands, "{disablings}");
    }
    // To try with it is no way round.
    let tried = put(try_change(Some(permit))).0;
    let given_back = put(untry_change(Some(tried.clone()))).0;
    for permit in [tried, given_back] {
        assert!(may_change(Some(&state), at(DAY), &anna(), Some(&permit), 4));
        assert!(!may_change(Some(&state), at(DAY), &anna(), Some(&permit), 5));
    }
}

/// E-5.1a: the first login data of a customer go to its designated key user. E-5.2a: the customer alone adds accounts.
/// E-5.2b, E-6P.2: every temporary password goes to its bearer.
#[test]
fn e_5_1a_and_e_5_2a_say_who_issues_and_who_gets_it() {
    use IssueRefusal::{NotItsBearer, NotKeyUser, NotTheCustomer};
    let id = |text: &str| crate::id::OpaqueId::try_new(text).unwrap();
    let boss = AccountId::try_new("u-1").unwrap();
    let customer = [Actor::User(boss.clone()), Actor::ApiKey(id("k"))];
    let others = [
        Actor::Staff(id("s")),
        Actor::Service(id("s")),
        Actor::Job(id("s")),
        Actor::Device(id("s")),
        Actor::Imported(id("s")),
        Actor::Unknown(id("s")),
        Actor::Unauthenticated,
    ];
    for (actor, is_customer) in customer.iter().map(|a| (a, true)).chain(others.iter().map(|a| (a, false))) {
        let added = if is_customer { Vec::new() } else { Vec::from([NotTheCustomer]) };
        assert_eq!(may_issue(actor, &Issue::new_user(anna())), added, "{actor}");
        // Whoever sets a customer up, and whoever resets, is the host's to know.
        assert_eq!(may_issue(actor, &Issue::new_customer(anna(), anna())), []);
        assert_eq!(may_issue(actor, &Issue::reset(anna())), []);
        assert_eq!(may_issue(actor, &Issue::new_customer(anna(), boss.clone())), [NotKeyUser]);
        let all = [Issue::new_customer(anna(), anna()), Issue::reset(anna())];
        for issue in all {
            assert_eq!(may_issue(actor, &issue.delivered_to(boss.clone())), [NotItsBearer]);
        }
    }
    let every = Issue::new_user(anna()).delivered_to(boss);
    assert_eq!(may_issue(&others[0], &every), [NotTheCustomer, NotItsBearer]);
    let clauses = [
        (NotKeyUser, IssueReason::NewCustomer, clause::E_5_1A),
        (NotItsBearer, IssueReason::NewCustomer, clause::E_5_1A),
        (NotItsBearer, IssueReason::NewUser, clause::E_5_2B),
        (NotItsBearer, IssueReason::Reset, clause::E_6P_2),
        (NotTheCustomer, IssueReason::NewUser, clause::E_5_2A),
    ];
    for (refusal, reason, expected) in clauses {
        assert_eq!(refusal.fact(reason).clauses(), [expected]);
    }
}

/// E-5.1b prefers the key user's own address as user name: another is a warning, and only there.
#[test]
fn e_5_1b_another_user_name_is_a_warning() {
    let customer = Issue::new_customer(anna(), anna());
    assert_eq!(customer.warning(), None);
    let warning = customer.name_not_own_email().warning().unwrap();
    assert_eq!((warning.code(), warning.clauses()), (NAME_NOT_OWN_EMAIL, [clause::E_5_1B].as_slice()));
    assert_eq!(Issue::new_user(anna()).name_not_own_email().warning(), None);
}

/// An import fills an account without a credential, and never replaces one, whatever it is.
#[test]
fn an_import_never_replaces() {
    let (state, outcome) = put(import(None, at(5), hash("theirs"), at(3).timestamp()));
    assert_eq!((outcome, usable(Some(&state), at(5))), (ImportOutcome::Imported, Usable::Lasting));
    assert_eq!((state.hash(), state.chosen_at()), (&hash("theirs"), Some(at(3).timestamp())));
    // What lies ahead counts as now, so that an age of it is never negative.
    let (ahead, _) = put(import(None, at(5), hash("theirs"), at(6).timestamp()));
    assert_eq!(ahead.chosen_at(), Some(at(5).timestamp()));
    for present in [state.clone(), issued()] {
        let again = import(Some(present), at(7), hash("other"), at(3).timestamp());
        assert_eq!((again.next(), again.outcome(), again.facts()), (&Next::Keep, &ImportOutcome::Present, &[][..]));
    }
    // An account that was removed and comes back meets no generation of its former life.
    assert!(put(import(None, at(8), hash("theirs"), at(3).timestamp())).0.generation() > state.generation());
}

/// A try is given back once: where none was counted there is nothing to give back, or to write.
#[test]
fn a_try_that_was_not_counted_is_not_given_back() {
    let (fresh, tries) = (permission(at(1), &issued()), |state: &ChangeState| match state {
        ChangeState::Open { tries, .. } => *tries,
        ChangeState::Ended => panic!("ended"),
    });
    assert_eq!(untry_change(Some(fresh.clone())).next(), &Next::Keep);
    let once = put(try_change(Some(fresh.clone()))).0;
    let twice = put(try_change(Some(once.clone()))).0;
    assert_eq!((tries(&once), tries(&twice)), (1, 2));
    let given_back = put(untry_change(Some(twice))).0;
    assert_eq!((&given_back, put(untry_change(Some(given_back.clone()))).0), (&once, fresh));
}
