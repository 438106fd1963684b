use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::store::Next;
use crate::{Now, Timestamp};

fn at(seconds: u64) -> Now {
    Timestamp::MIN.saturating_add(Duration::from_secs(seconds)).into()
}

fn items(of: &[(&str, &[u8])]) -> Vec<Item> {
    of.iter().map(|(name, content)| Item::of(name, content).unwrap()).collect()
}

fn summary(of: &[(&str, &[u8])]) -> Summary {
    Manifest::of(&items(of)).unwrap().summary()
}

fn sent() -> TransferState {
    let Next::Put(state) = send(at(0), summary(&[("a", b"1"), ("b", b"2")]), at(60).timestamp()).into_parts().0 else {
        panic!()
    };
    state
}

#[test]
fn a2_trans_3_less_more_and_other_than_was_sent_alerts_once() {
    let wrong: [&[(&str, &[u8])]; 6] = [
        &[],
        &[("a", b"1")],
        &[("a", b"1"), ("b", b"2"), ("c", b"")],
        &[("a", b"1"), ("b", b"3")],
        &[("a", b"2"), ("b", b"1")],  // swapped: count and size are right
        &[("a", b"1"), ("bb", b"2")], // under another name
    ];
    for received in wrong {
        let (next, outcome, facts) = acknowledge(sent(), at(1), summary(received)).into_parts();
        let Next::Put(state) = next else { panic!() };
        assert_eq!((outcome, facts.len()), (AcknowledgeOutcome::Incomplete, 1), "{received:?}");
        assert_eq!(facts[0].code(), INCOMPLETE);
        let again = acknowledge(state.clone(), at(2), summary(received));
        assert_eq!((again.next(), again.facts().len()), (&Next::Keep, 0), "said once");
        let late = review(Some(state.clone()), at(999));
        assert_eq!((late.outcome(), late.facts().len()), (&TransferStanding::Incomplete, 0), "said before");
        let whole = acknowledge(state, at(3), summary(&[("a", b"1"), ("b", b"2")]));
        assert_eq!((whole.outcome(), whole.facts()[0].code()), (&AcknowledgeOutcome::Complete, ACKNOWLEDGED));
    }
}

#[test]
fn a2_trans_3_silence_alerts_once_when_its_time_is_over() {
    let look = |second| review(Some(sent()), at(second));
    assert_eq!((look(59).outcome(), look(59).next()), (&TransferStanding::Waiting, &Next::Keep));
    assert_eq!(look(61).outcome(), &TransferStanding::Unacknowledged);
    let (next, outcome, facts) = look(60).into_parts();
    let Next::Put(state) = next else { panic!() };
    assert_eq!((outcome, facts[0].code()), (TransferStanding::Unacknowledged, UNACKNOWLEDGED));
    for second in [0, 60, 9_999] {
        let again = review(Some(state.clone()), at(second));
        assert_eq!((again.outcome(), again.facts().len()), (&TransferStanding::Unacknowledged, 0), "{second}");
    }
    // Sent again, it has its time again; and the silence after that is said again.
    let Next::Put(state) = resend(state, at(100), at(160).timestamp()).into_parts().0 else { panic!() };
    assert_eq!(review(Some(state.clone()), at(159)).outcome(), &TransferStanding::Waiting);
    assert_eq!(review(Some(state), at(160)).facts().len(), 1);
    assert_eq!(review(None, at(0)).outcome(), &TransferStanding::Unknown);
}

#[test]
fn what_arrived_whole_stays_so_and_late_is_said() {
    let whole = summary(&[("a", b"1"), ("b", b"2")]);
    for (second, late) in [(59, false), (60, true)] {
        let (next, outcome, facts) = acknowledge(sent(), at(second), whole).into_parts();
        let Next::Put(state) = next else { panic!() };
        assert_eq!((outcome, facts[0].detail("late").unwrap().as_flag()), (AcknowledgeOutcome::Complete, Some(late)));
        assert_eq!(acknowledge(state.clone(), at(99), summary(&[])).next(), &Next::Keep);
        assert_eq!(review(Some(state), at(999)).outcome(), &TransferStanding::Complete);
    }
}

#[test]
fn a_manifest_is_in_order_and_has_nothing_twice() {
    let refused = |of: &[(&str, &[u8])]| Manifest::of(&items(of)).unwrap_err();
    assert_eq!(refused(&[("b", b""), ("a", b"")]), ManifestError::Order);
    assert_eq!(refused(&[("a", b""), ("a", b"")]), ManifestError::Order);
    let many = Item::try_new("a", u64::MAX, crate::audit::tree::Hash::new([0; 32])).unwrap();
    assert_eq!(Manifest::of([&many, &items(&[("b", b"1")])[0]]).unwrap_err(), ManifestError::TooLarge);
    assert_eq!(Item::of(&"n".repeat(Item::MAX_NAME), b"").map(|item| item.bytes()), Ok(0));
    assert_eq!(Item::of(&"n".repeat(Item::MAX_NAME + 1), b""), Err(ManifestError::Name { found: 1025 }));
    let (a, b) = (items(&[("a", b"")]), items(&[("b", b""), ("a", b"")]));
    assert_eq!(compare(&a, &b), Err(ManifestError::Order));
}

#[test]
fn the_digest_is_sha_256_of_the_content() {
    // FIPS 180-4: SHA-256("abc") = ba7816bf…15ad, as in NIST's examples.
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".parse().unwrap();
    assert_eq!(Item::of("a", b"abc"), Item::try_new("a", 3, digest));
}

#[test]
fn names_are_shown_escaped_and_their_number_is_bounded() {
    let names: Vec<String> = (0..=Comparison::MAX_NAMES).map(|number| alloc::format!("n\n{number:04}")).collect();
    let sent: Vec<Item> = names.iter().map(|name| Item::of(name, b"").unwrap()).collect();
    let found = compare(&sent, &[]).unwrap();
    assert_eq!(found.missing().len(), Comparison::MAX_NAMES);
    let text = found.to_string();
    assert!(text.starts_with("101 missing: \"n\\n0000\"") && text.ends_with(" and 1 more") && !text.contains('\n'));
}

proptest! {
    /// Against a comparison of two maps, and of the summaries: equal exactly if nothing differs.
    #[test]
    fn the_comparison_is_that_of_two_maps(
        left in proptest::collection::btree_map("[ab]{1,3}", 0..3_u8, 0..8),
        right in proptest::collection::btree_map("[ab]{1,3}", 0..3_u8, 0..8),
    ) {
        let items = |map: &BTreeMap<String, u8>| -> Vec<Item> {
            map.iter().map(|(name, content)| Item::of(name, &[*content]).unwrap()).collect()
        };
        let (sent, received) = (items(&left), items(&right));
        let found = compare(&sent, &received).unwrap();
        let names = |from: &BTreeMap<String, u8>, keep: &dyn Fn(&String, &u8) -> bool| -> Vec<String> {
            from.iter().filter(|(name, content)| keep(name, content)).map(|(name, _)| name.clone()).collect()
        };
        prop_assert_eq!(found.missing(), names(&left, &|name, _| !right.contains_key(name)));
        prop_assert_eq!(found.extra(), names(&right, &|name, _| !left.contains_key(name)));
        let differing = names(&left, &|name, content| right.get(name).is_some_and(|other| other != content));
        prop_assert_eq!(found.differing(), differing);
        let same = Manifest::of(&sent).unwrap().summary() == Manifest::of(&received).unwrap().summary();
        prop_assert_eq!(same, left == right);
        prop_assert_eq!(found.is_complete(), left == right);
    }
}

/// What the receiver has changes, and is still not what was sent: said anew each time.
#[test]
fn a2_trans_3_another_wrong_answer_alerts_again() {
    let wrong = |state, second, of: &[(&str, &[u8])]| {
        let (next, outcome, facts) = acknowledge(state, at(second), summary(of)).into_parts();
        let Next::Put(state) = next else { panic!("nothing was written") };
        assert_eq!((outcome, facts.len()), (AcknowledgeOutcome::Incomplete, 1));
        assert_eq!(facts[0].code(), INCOMPLETE);
        state
    };
    let state = wrong(sent(), 1, &[]);
    let state = wrong(state, 2, &[("a", b"1")]);
    // Sent again, the same answer is news once more.
    let Next::Put(state) = resend(state, at(3), at(63).timestamp()).into_parts().0 else { panic!() };
    wrong(state, 4, &[("a", b"1")]);
}
