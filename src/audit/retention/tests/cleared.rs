//! What may be deleted, and when.

use crate::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin, VerifiedCheckpoint};
use crate::audit::record::tests::{range, user};
use crate::audit::record::{Basis, Body, Class, Ground, Kind, List, Purge, Reach, Record, Target, Who};
use crate::audit::retention::{Certificate, Clearance, NotCleared};
use crate::audit::tree::{ProofError, Tree, TreeHead};
use crate::audit::verify::tests::log::{Log, day};

fn ground() -> Ground<'static> {
    Ground::new(Basis::RetentionEnded)
}

/// What `use_it` makes of a verified checkpoint of this head.
fn over<T>(head: TreeHead, use_it: impl FnOnce(&VerifiedCheckpoint<'_>) -> T) -> T {
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[7; 32]);
    let signed = Checkpoint::new(origin.clone(), head).sign(&[&key]).unwrap();
    let verifier = Ed25519Verifier::new(&key.verifier_key()).unwrap();
    use_it(&signed.verify(&origin, &[&verifier]).unwrap())
}

fn clearance(log: &Log, intent: u64, head: TreeHead) -> Result<Clearance, NotCleared> {
    let record = log.records().find(|record| record.place().index() == intent).unwrap();
    over(head, |seen| Clearance::of(&record, &log.ledger(u64::MAX), seen))
}

/// A log with an intent to purge and one to erase.
fn log() -> (Log, u64, u64) {
    let mut log = Log::of(3);
    let (ranges, targets) = ([range(0, 2)], [Target::record(2)]);
    let what = Purge::Bodies { class: Class::Access, ranges: List::from(&ranges) };
    let purge = log.control(day(1), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() });
    let requested_by = Who::from(user("u-1"));
    let targets = List::from(&targets);
    let erase = Body::ErasureIntent { targets, ground: ground(), requested_by, request: "req-1" };
    let erase = log.control(day(1), erase);
    (log, purge, erase)
}

#[test]
fn a2_use_6_nothing_is_deleted_before_its_intent_is_covered() {
    let (mut log, purge, erase) = log();
    let before = Log::of(3).head();
    assert_eq!(clearance(&log, purge, before), Err(NotCleared::NotCovered { index: purge, size: 3 }));
    for (intent, kind) in [(purge, Kind::PurgeDone), (erase, Kind::ErasureDone)] {
        let head = log.head();
        let cleared = clearance(&log, intent, head).unwrap();
        let done = cleared.done(2);
        assert_eq!(done.kind(), kind);
        log.control(day(2), done);
        assert_eq!(clearance(&log, intent, log.head()), Err(NotCleared::NotOpen { index: intent }), "done once");
    }
    let none = NotCleared::NoIntent { index: 0, kind: Kind::Event };
    assert_eq!(clearance(&log, 0, log.head()), Err(none));
}

#[test]
fn a_clearance_is_of_the_intent_that_the_log_has() {
    let (log, purge, _) = log();
    // Another log of the same beginning, with a larger purge at the same place.
    let mut other = Log::of(3);
    let ranges = [range(0, 3)];
    let what = Purge::Bodies { class: Class::Access, ranges: List::from(&ranges) };
    other.control(day(1), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() });
    let (own, forged) = (log.records().nth(3).unwrap(), other.records().nth(3).unwrap());
    let differs = Err(NotCleared::Differs { index: purge });
    assert_eq!(over(log.head(), |seen| Clearance::of(&forged, &log.ledger(u64::MAX), seen)), differs);

    let tree: Tree = log.records().map(|record| record.as_bytes()).collect();
    let proof = |index| tree.prover().unwrap().inclusion(index).unwrap();
    let proven = |index, head| over(head, |seen| Clearance::proven(&own, &proof(index), &log.ledger(u64::MAX), seen));
    assert!(proven(purge, log.head()).is_ok());
    let not = |error| Err(NotCleared::NotIncluded { index: purge, error });
    assert_eq!(proven(purge, Log::of(5).head()), not(ProofError::Root), "a checkpoint of another log");
    assert_eq!(proven(0, log.head()), not(ProofError::Path), "the proof of another record");
}

#[test]
fn what_is_withdrawn_is_not_cleared() {
    let (mut log, purge, erase) = log();
    log.control(day(1), Body::IntentWithdrawn { intent: purge });
    assert_eq!(clearance(&log, purge, log.head()), Err(NotCleared::NotOpen { index: purge }));
    assert!(clearance(&log, erase, log.head()).is_ok());
}

#[test]
fn a_hold_that_comes_after_the_intent_stops_it() {
    let (mut log, purge, _) = log();
    let set = log.control(day(1), Body::HoldSet { hold: "h-1", reach: Reach::Person("p-1"), ground: ground() });
    assert_eq!(clearance(&log, purge, log.head()), Err(NotCleared::HeldSince { index: purge }));
    log.control(day(1), Body::HoldLifted { hold: "h-1", set });
    assert!(clearance(&log, purge, log.head()).is_ok());
}

#[test]
fn a_certificate_is_of_an_intent_and_its_own_record() {
    let (mut log, purge, erase) = log();
    let done = log.control(day(2), clearance(&log, purge, log.head()).unwrap().done(2));
    let tree: Tree = log.records().map(|record| record.as_bytes()).collect();
    let record = |index| log.records().find(|record: &Record<'_>| record.place().index() == index).unwrap();
    let proof = |index| tree.prover().unwrap().inclusion(index).unwrap();
    let of_log = Origin::try_new("audit.example.com/acme").unwrap();
    let of = |intent: (u64, u64), done: (u64, u64), head, origin: &Origin| {
        let (intent, done) = ((record(intent.0), proof(intent.1)), (record(done.0), proof(done.1)));
        over(head, |seen| Certificate::of((&intent.0, &intent.1), (&done.0, &done.1), seen, origin))
    };
    let certificate = |intent: u64, done: u64, head| of((intent, intent), (done, done), head, &of_log);
    let other = Origin::try_new("audit.example.com/zeta").unwrap();
    assert_eq!(of((purge, purge), (done, done), log.head(), &other), None, "a checkpoint of another log");
    assert_eq!(of((purge, erase), (done, done), log.head(), &of_log), None, "the proof of another record");
    assert_eq!(of((purge, purge), (done, erase), log.head(), &of_log), None, "the proof of another record");
    assert_eq!(certificate(purge, done, Log::of(6).head()), None, "a checkpoint over other records");
    let made = certificate(purge, done, log.head()).unwrap();
    assert_eq!((made.intent, made.done, made.count, made.log_size), (purge, done, 2, 6));
    assert_eq!(made.requested_by, None);
    assert_eq!(certificate(erase, done, log.head()), None, "of another intent");
    assert_eq!(certificate(purge, erase, log.head()), None, "not done");
    assert_eq!(certificate(purge, done, Log::of(3).head()), None, "not covered");
}
