//! What must outlive the beginning that it stands in.

use clausework::Now;
use clausework::audit::bundle::Bundle;
use clausework::audit::record::{
    Basis, Body, Class, Draft, Ground, IndexRange, List, Purge, Reach, Record, Target, Who,
};
use clausework::audit::retention::{Candidate, PurgeKind, RetentionPolicy, plan_purge};
use clausework::audit::verify::Verdict;
use clausework::entropy::OsEntropy;
use clausework::event::Actor;
use clausework_stores::{LogError, Sequenced};

use super::{Log, day, essentials, id, next_signer, note, signer, tenant, verifiers};

fn notes(log: &mut impl Log, numbers: std::ops::Range<u64>) {
    numbers.for_each(|number| note(log, number));
    assert!(matches!(log.sequence(100), Sequenced::Appended(_)));
}

fn own(log: &mut impl Log, now: Now, body: Body<'_>) -> u64 {
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let draft = Draft::new(essentials(now, &scope, &component, &actor)).body(body);
    log.enter(&scope, now, &mut [draft]).unwrap().start
}

/// The first key goes and the other comes, at the size that the log then has; the first agrees.
fn change_keys(log: &mut impl Log) -> u64 {
    let (goes, comes) = (signer().verifier_key().to_string(), next_signer().verifier_key().to_string());
    let (state, _) = log.state(&tenant());
    let from_size = state.unwrap().size() + 1;
    let (retired, added) = (Some(goes.as_str()), Some(comes.as_str()));
    let index = own(log, day(1), Body::KeyChange { retired, added, from_size });
    log.checkpoint().unwrap();
    index
}

/// Plans and carries out, and has the result signed by the newer key.
fn collapse<L: Log>(log: &mut L, to: u64) -> Result<u64, LogError<L::Database>> {
    let ledger = log.ledger();
    let bundle = log.bundle();
    let records: Vec<Record<'_>> = bundle.records().map(|(_, bytes)| Record::decode(bytes).unwrap()).collect();
    let start = ledger.minimum_index();
    let candidates = records.iter().filter(|record| record.place().index() >= start).map(Candidate::from);
    let proven = records.iter().filter(|record| ledger.keeps(record)).map(|record| record.place().index()).collect();
    let kind = PurgeKind::Prefix(to);
    let decision = plan_purge(&RetentionPolicy::default(), day(4000), &ledger, kind, candidates, &proven);
    let plan = decision.plan.unwrap_or_else(|| panic!("{:?}", decision.refused));
    let ground = Ground::new(Basis::RetentionEnded);
    let intent = own(log, day(4000), plan.body(ground));
    log.checkpoint_by(&next_signer())?.unwrap();
    let count = log.carry_out(day(4000), intent)?;
    log.checkpoint_by(&next_signer())?.unwrap();
    Ok(count)
}

fn head(log: &impl Log) -> clausework::audit::tree::TreeHead {
    log.last_checkpoint().unwrap().unverified().head()
}

pub(crate) fn a_change_of_keys_is_vouched_for<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    notes(&mut log, 0..3);
    log.checkpoint().unwrap();
    assert_eq!(change_keys(&mut log), 3);
    for number in 3..6 {
        notes(&mut log, number..number + 1);
        log.checkpoint_by(&next_signer()).unwrap().unwrap();
    }
    assert_eq!(log.verdict(), Verdict::Verified(head(&log)));
    // The other key alone is not known for what it signed, nor is the first one for what came after it.
    let [one, other] = &verifiers();
    let bundle = log.bundle();
    assert_eq!(bundle.checkpoints().len(), 2, "the word of the key that went, and the last");
    assert_eq!(bundle.verify(&[], &[other]).verdict, Verdict::UnknownKey);
    assert_eq!(bundle.verify(&[], &[one]).verdict, Verdict::UnknownKey);
    L::sql(&L::address(&home), "UPDATE {}audit_checkpoints SET stays = '0' WHERE size = 4");
    assert_eq!(log.verdict(), Verdict::UnknownKey, "nothing says that the key that went agreed");
}

pub(crate) fn a_change_of_keys_outlives_the_beginning<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    notes(&mut log, 0..3);
    assert_eq!(change_keys(&mut log), 3);
    notes(&mut log, 3..6); // 4 to 6
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    assert_eq!(collapse(&mut log, 5).unwrap(), 4, "the change is not destroyed");
    assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
    notes(&mut log, 6..9);
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    assert_eq!(collapse(&mut log, 7).unwrap(), 2);
    assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
    assert_eq!(log.bundle().records().next().unwrap().0, 3);
    // So the key that went signs nothing more.
    notes(&mut log, 9..10);
    log.checkpoint_by(&signer()).unwrap().unwrap();
    assert_eq!(log.verdict(), Verdict::UnknownKey);
}

pub(crate) fn a_held_record_outlives_two_beginnings_and_goes_when_it_is_free<L: Log>() {
    [false, true].into_iter().for_each(held::<L>);
}

/// It goes with the next beginning, or before by its class.
fn held<L: Log>(by_class: bool) {
    let home = L::home();
    let mut log = L::open(&home);
    notes(&mut log, 0..1);
    log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Otto Flake").unwrap());
    assert_eq!(change_keys(&mut log), 3);
    notes(&mut log, 1..6); // 4 to 8
    let (ranges, ground) = ([IndexRange::try_new(1, 2).unwrap()], Ground::new(Basis::RetentionEnded));
    let hold = Body::HoldSet { hold: "h-1", reach: Reach::Ranges(List::from(&ranges)), ground };
    let set = own(&mut log, day(1), hold);
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    let values = |of: &str| {
        L::count(&L::address(&home), &format!("SELECT count(*) FROM {{}}audit_values WHERE text LIKE '%{of}%'"))
    };
    for (to, count) in [(5, 3), (7, 2)] {
        assert_eq!(collapse(&mut log, to).unwrap(), count, "{to}");
        assert_eq!(log.verdict(), Verdict::Purged(head(&log)), "{to}");
        assert_eq!((values("Anna Blume"), values("Otto Flake")), (1, 0));
    }
    let bundle = log.bundle();
    assert_eq!(bundle.records().take(2).map(|(index, _)| index).collect::<Vec<_>>(), [1, 3]);
    assert!(bundle.to_string().contains("Anna Blume"), "with its value");
    let [one, other] = &verifiers();
    let without =
        bundle.to_string().split_inclusive('\n').filter(|line| !line.contains("Anna Blume")).collect::<String>();
    let withheld = Bundle::parse(&without).unwrap().verify(&[], &[one, other]).verdict;
    assert_eq!(withheld, Verdict::WithheldUnexplained(1));
    // The record of the hold stays until it is lifted, and what it keeps goes with the next beginning.
    own(&mut log, day(2), Body::HoldLifted { hold: "h-1", set });
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
    let ranges = [IndexRange::try_new(1, 2).unwrap()];
    if by_class {
        let what = Purge::Bodies { class: Class::General, ranges: List::from(&ranges) };
        let purge = own(&mut log, day(4000), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground });
        log.checkpoint_by(&next_signer()).unwrap().unwrap();
        assert_eq!(log.carry_out(day(4000), purge).unwrap(), 1);
        log.checkpoint_by(&next_signer()).unwrap().unwrap();
        assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
        assert_eq!((values("Anna Blume"), log.bundle().records().next().unwrap().0), (0, 3));
    }
    let gone = if by_class { 1 } else { 2 };
    assert_eq!(collapse(&mut log, 8).unwrap(), gone, "one more, and the one that was held");
    assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
    assert_eq!(values("Anna Blume"), 0);
    assert_eq!(log.bundle().records().next().unwrap().0, 3, "the change of keys");
}

pub(crate) fn what_explains_a_held_record_stays_with_it<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let person = log.append(day(0), |draft| {
        let draft = draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap();
        draft.personal(&mut OsEntropy, "town", "Zurich").unwrap()
    });
    notes(&mut log, 0..4); // 1 to 4
    let (ground, actor) = (Ground::new(Basis::RetentionEnded), Actor::Job(id("sequencer")));
    let targets = [Target::field(person, "town")];
    let (targets, requested_by) = (List::from(&targets), Who::from(&actor));
    let erasure = Body::ErasureIntent { targets, ground, requested_by, request: "req-1" };
    let erased = own(&mut log, day(1), erasure);
    log.checkpoint().unwrap();
    assert_eq!(log.carry_out(day(1), erased).unwrap(), 1);
    assert_eq!(change_keys(&mut log), 7);
    let ranges = [IndexRange::try_new(0, 1).unwrap()];
    let hold = Body::HoldSet { hold: "h-1", reach: Reach::Ranges(List::from(&ranges)), ground };
    let set = own(&mut log, day(1), hold);
    assert_eq!(collapse(&mut log, set).unwrap(), 4, "the notes");
    assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
    let kept: Vec<_> = log.bundle().records().take(5).map(|(index, _)| index).collect();
    assert_eq!(kept, [person, erased, erased + 1, 7, set]);
}

pub(crate) fn who_keeps_an_old_checkpoint_gets_an_answer<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let mut given = Vec::new();
    for number in 0..8 {
        notes(&mut log, number..number + 1);
        given.push(log.checkpoint().unwrap());
    }
    let noted = |log: &mut L, size| log.anchor(&tenant(), size);
    assert!(noted(&mut log, 5) && !noted(&mut log, 3), "another keeps an older one: no news, and kept in mind");
    change_keys(&mut log);
    for to in [4, 6] {
        collapse(&mut log, to).unwrap();
        assert_eq!(log.verdict(), Verdict::Purged(head(&log)));
        for anchor in [&given[2], &given[4], &given[7]] {
            let verdict = log.verdict_with(std::slice::from_ref(anchor));
            assert_eq!(verdict, Verdict::Purged(head(&log)), "{to}: {}", anchor.unverified().head().size());
        }
    }
    let unknown = log.verdict_with(&given[3..4]);
    assert!(matches!(unknown, Verdict::SelfConsistent(_)), "nobody said that it is kept: {unknown}");
    let bundle = Bundle::parse(&log.bundle().to_string()).unwrap();
    let sizes: Vec<_> = bundle.checkpoints().iter().map(|one| one.unverified().head().size()).collect();
    assert_eq!(sizes, [3, 5, 9, 10, 12, 13]);
}

pub(crate) fn nothing_goes_where_a_proof_does_not_hold<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    notes(&mut log, 0..2);
    assert_eq!(change_keys(&mut log), 2);
    notes(&mut log, 2..5); // 3 to 5
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    let ground = Ground::new(Basis::RetentionEnded);
    let what = Purge::Prefix { minimum_index: 4 };
    let intent = Body::PurgeIntent { what, youngest: day(1).timestamp(), ground };
    let intent = own(&mut log, day(400), intent);
    log.checkpoint_by(&next_signer()).unwrap().unwrap();
    let address = L::address(&home);
    let rows = || L::count(&address, "SELECT count(*) FROM {}audit_records");
    let before = rows();
    L::sql(&address, "CREATE TABLE {}backup AS SELECT * FROM {}audit_nodes");
    L::sql(&address, &format!("UPDATE {{}}audit_nodes SET hash = {} WHERE level = 0 AND idx = 3", L::ZEROS));
    let refused = log.carry_out(day(400), intent).unwrap_err();
    assert!(matches!(refused, LogError::Proof(_)), "{refused:?}");
    L::sql(&address, "DELETE FROM {}audit_nodes; INSERT INTO {}audit_nodes SELECT * FROM {}backup");
    L::sql(&address, "DELETE FROM {}audit_nodes WHERE level = 0 AND idx = 3");
    let refused = log.carry_out(day(400), intent).unwrap_err();
    assert!(matches!(refused, LogError::Tree(_)), "{refused:?}");
    assert_eq!((rows(), L::count(&address, "SELECT count(*) FROM {}audit_kept")), (before, 0));
    L::sql(&address, "DELETE FROM {}audit_nodes; INSERT INTO {}audit_nodes SELECT * FROM {}backup");
    assert_eq!(log.carry_out(day(400), intent).unwrap(), 3);
    assert_eq!(rows(), before - 4 + 1);
}
