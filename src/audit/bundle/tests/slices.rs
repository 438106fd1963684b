//! A slice: what it shows, what it does not, and what can be done to it.

use super::*;
use crate::audit::bundle::{Slice, SliceOf, SliceRefusal};
use crate::audit::record::Delegation;
use crate::audit::record::tests::{Counting, id, user};
use crate::audit::tree::Prover;
use crate::event::Actor;
use crate::id::OpaqueId;

/// Of two persons and two actors: record 0 about p-1, 1 about p-2, 2 about p-1 by u-9, 3 by u-17 for u-9; each has the
/// value of a name, and the claimed name of who acted.
fn log() -> Log {
    let mut log = Log::default();
    let mut salts = Counting(1);
    for (index, person) in ["p-1", "p-2", "p-1", "p-2"].into_iter().enumerate() {
        let by = if index == 2 { user("u-9") } else { user("u-17") };
        let essentials = Essentials { actor: by, ..essentials() };
        let mut draft = Draft::new(essentials)
            .about_person(id(person))
            .personal(&mut salts, "name", alloc::format!("name of {person}"))
            .unwrap()
            .claimed_name(&mut salts, alloc::format!("login {index}"))
            .unwrap();
        if index == 3 {
            draft = draft.on_behalf_of(Delegation::new(user("u-9"), id("ticket-1")));
        }
        log.append(day(u32::try_from(index).unwrap()), draft);
    }
    log
}

fn slice(log: &Log, of: SliceOf) -> Slice {
    let nodes = log.nodes();
    let prover = Prover::new(&nodes, log.head().size()).unwrap();
    let mut slice = Slice::new(of, signed(log.head(), &[&key(1)]));
    for (index, row) in log.rows() {
        let added = slice.add_record(row.body.clone().unwrap(), row.values.clone(), prover.inclusion(index).unwrap());
        assert!(matches!(added, Ok(()) | Err(SliceRefusal::Other { .. })), "{added:?}");
    }
    slice
}

fn verdict(text: &str) -> Verdict {
    let known = verifier(&key(1));
    Slice::parse(text).map_or_else(|error| error.verdict(), |read| read.verify(&[], &[&known]).verdict)
}

fn person(text: &str) -> SliceOf {
    SliceOf::Person(OpaqueId::try_new(text).unwrap())
}

#[test]
fn a_slice_shows_what_concerns_it_and_says_that_it_is_one() {
    let log = log();
    let actor = |text| SliceOf::Actor(user(text).clone());
    let period = SliceOf::Period { from: day(1).timestamp(), until: day(3).timestamp() };
    for (of, indices, shown, hidden, withheld) in [
        (person("p-1"), &[0, 2][..], &["name of p-1"][..], &["p-2", "login"][..], 2),
        (person("p-3"), &[], &[], &["p-1", "p-2", "login"], 0),
        (actor("u-17"), &[0, 1, 3], &["login 0", "login 1", "login 3"], &["name of", "login 2"], 3),
        (actor("u-9"), &[2, 3], &["login 2"], &["name of", "login 3"], 3), // 3 on his behalf: another's login name
        (period, &[1, 2], &["name of p-2", "login 2"], &["login 0", "login 3"], 0),
    ] {
        let slice = slice(&log, of.clone());
        let found: Vec<u64> = slice.records().map(|bytes| Record::decode(bytes).unwrap().place().index()).collect();
        assert_eq!(found, indices, "{of}");
        let text = slice.to_string();
        assert_eq!(Slice::parse(&text).unwrap(), slice);
        assert!(shown.iter().all(|part| text.contains(part)), "{of}");
        assert!(!hidden.iter().any(|part| text.contains(part)), "{of}");
        let report = slice.verify(&[], &[&verifier(&key(1))]);
        assert_eq!(report.verdict, Verdict::SelfConsistent(log.head()), "{of}");
        assert!(!report.verdict.is_sound(), "it cannot show that it is all");
        assert_eq!((report.shown, report.withheld, report.size), (indices.len() as u64, withheld, 4), "{of}");
    }
}

#[test]
fn what_does_not_belong_is_not_taken() {
    let log = log();
    let nodes = log.nodes();
    let prover = Prover::new(&nodes, 4).unwrap();
    let body = |index: usize| log.rows().nth(index).unwrap().1.body.clone().unwrap();
    let proof = |index| prover.inclusion(index).unwrap();
    let mut slice = Slice::new(person("p-1"), signed(log.head(), &[&key(1)]));
    assert_eq!(slice.add_record(body(1), Vec::new(), proof(1)), Err(SliceRefusal::Other { index: 1 }));
    assert_eq!(slice.add_record(body(2), Vec::new(), proof(0)), Err(SliceRefusal::Proof { index: 2 }));
    let smaller = Prover::new(&nodes, 3).unwrap().inclusion(2).unwrap();
    assert_eq!(slice.add_record(body(2), Vec::new(), smaller), Err(SliceRefusal::Proof { index: 2 }));
    assert!(matches!(slice.add_record(Vec::new(), Vec::new(), proof(0)), Err(SliceRefusal::Record(_))));
    assert_eq!(slice.records().count(), 0);
    assert_eq!(slice.add_record(body(2), Vec::new(), proof(2)), Ok(()));
    assert_eq!(slice.add_record(body(2), Vec::new(), proof(2)), Err(SliceRefusal::Proof { index: 2 }));
    assert_eq!(slice.add_record(body(0), Vec::new(), proof(0)), Ok(()));
    assert_eq!(verdict(&slice.to_string()), Verdict::SelfConsistent(log.head()));
}

#[test]
fn any_bit_of_a_slice_matters() {
    let log = log();
    let mut bytes = slice(&log, person("p-1")).to_string().into_bytes();
    let mut named = [0_u32; 3];
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let verdict = core::str::from_utf8(&bytes).map_or(Verdict::Malformed, verdict);
            bytes[at] ^= 1 << bit;
            assert!(!verdict.is_sound() && !matches!(verdict, Verdict::SelfConsistent(_)), "byte {at} bit {bit}");
            for (count, of) in named.iter_mut().zip([Verdict::Altered(0), Verdict::Altered(2), Verdict::Malformed]) {
                *count += u32::from(verdict == of);
            }
        }
    }
    assert!(named.iter().all(|count| *count > 500), "{named:?}");
}

#[test]
fn a_slice_of_another_person_is_none_of_his() {
    let log = log();
    let text = slice(&log, person("p-1")).to_string();
    // Passed off as somebody else's; with a value that it leaves out; of another log; by another key.
    assert_eq!(verdict(&text.replace("of person p-1", "of person p-2")), Verdict::Malformed);
    let login = log.rows().next().unwrap().1.values.iter().find(|value| value.field() == "claimed:name").unwrap();
    let value = serde_json::to_string(login).unwrap();
    let at = text.find("value ").unwrap();
    let leaking = alloc::format!("{}value {value}\n{}", &text[..at], &text[at..]);
    assert_eq!(verdict(&leaking), Verdict::Malformed);
    assert_eq!(
        verdict(&text.replacen("origin audit.example.com/acme", "origin audit.example.com/zeta", 1)),
        Verdict::Malformed
    );
    let read = Slice::parse(&text).unwrap();
    assert_eq!(read.verify(&[], &[&verifier(&key(2))]).verdict, Verdict::UnknownKey);
    // A record that was left out is not noticed: that is what its verdict says.
    let second = text.find("record 2 ").unwrap();
    let fewer = alloc::format!("{}end\n", &text[..second]);
    assert_eq!(verdict(&fewer), Verdict::SelfConsistent(log.head()));
    assert_eq!(verdict(&text.replace("slice/1", "slice/2")), Verdict::UnknownVersion);
    assert_eq!(verdict(&text.replace("end\n", "note\nend\n")), Verdict::Malformed);
}

#[test]
fn a_checkpoint_from_outside_of_the_same_size_must_be_the_same() {
    let log = log();
    let (slice, known) = (slice(&log, person("p-1")), verifier(&key(1)));
    let other = Log::of(4);
    let forked = slice.verify(&[signed(other.head(), &[&key(1)])], &[&known]);
    assert_eq!(forked.verdict, Verdict::Forked(other.head(), log.head()));
    for fine in [log.head(), Log::of(2).head()] {
        let report = slice.verify(&[signed(fine, &[&key(1)])], &[&known]);
        assert_eq!(report.verdict, Verdict::SelfConsistent(log.head()));
    }
    assert_eq!(slice.verify(&[signed(log.head(), &[&key(2)])], &[&known]).verdict, Verdict::UnknownKey);
}

#[test]
fn every_actor_can_be_named() {
    for actor in [
        user("u-1").clone(),
        Actor::Staff(id("s").clone()),
        Actor::Service(id("s").clone()),
        Actor::Job(id("s").clone()),
        Actor::ApiKey(id("s").clone()),
        Actor::Device(id("s").clone()),
        Actor::Unauthenticated,
        Actor::Imported(id("s").clone()),
        Actor::Unknown(id("s").clone()),
    ] {
        let slice = slice(&Log::of(1), SliceOf::Actor(actor));
        assert_eq!(Slice::parse(&slice.to_string()).unwrap(), slice);
    }
}
