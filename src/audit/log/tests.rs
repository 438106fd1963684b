use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::audit::bundle::Bundle;
use crate::audit::checkpoint::Origin as LogOrigin;
use crate::audit::record::{
    About, Basis, Body, Class, Disclosure, Draft, DraftError, Essentials, Ground, IndexRange, List, Outcome, Phase,
    Purge, Record, Salt, Target, Who,
};
use crate::audit::tree::{MinimumIndex, NodeId, leaf_hash, root_of};
use crate::audit::verify::Values;
use crate::entropy::{Entropy, EntropyError};
use crate::event::{Actor, Origin};
use crate::id::{OpaqueId, Scope, TenantId};
use crate::testing::SeededEntropy;
use crate::time::{Now, Timestamp};

struct Broken;

impl Entropy for Broken {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError::Unavailable)
    }
}

fn acme() -> Scope {
    TenantId::try_new("acme").unwrap().into()
}

fn portal() -> OpaqueId {
    OpaqueId::try_new("portal").unwrap()
}

fn at(seconds: i64) -> Now {
    Now::from(Timestamp::from_micros(seconds * 1_000_000).unwrap())
}

fn event(number: usize) -> String {
    format!(
        r#"{{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{{"network":{{"peer":"198.51.100.7","transport":"tls"}}}},"subject":{{"kind":"note","id":"n-{number}"}},"code":"test.noted","outcome":"success","clauses":[],"details":{{"number":{number}}}}}"#
    )
}

fn take(tail: &Tail, texts: &[String], entropy: &mut dyn Entropy) -> Result<Entries, LogError> {
    let waiting = texts.iter().map(|text| Waiting::new(text, Some(at(5).timestamp())));
    tail.take_in(at(9), &portal(), waiting, |_| Class::Access, entropy)
}

/// A record of the log's own, or of this scope.
fn drafted<R>(scope: &Scope, body: Option<Body<'_>>, with: impl FnOnce(Draft<'_>) -> R) -> R {
    let (component, actor) = (portal(), Actor::Job(portal()));
    let draft = Draft::new(Essentials {
        code: GAP,
        at: at(7).timestamp(),
        scope,
        component: &component,
        source: Origin::Internal,
        phase: Phase::Whole(Outcome::Success),
        actor: &actor,
        about: About::new("log", &component),
        class: Class::General,
    });
    with(match body {
        Some(body) => draft.body(body),
        None => draft,
    })
}

#[test]
fn batches_of_any_size_make_the_same_log() {
    let texts: Vec<_> = (0..20).map(event).collect();
    let mut roots = Vec::new();
    for batch in [1, 7, 20] {
        let (mut tail, mut bodies, mut nodes) = (Tail::new(acme()), Vec::new(), 0);
        for texts in texts.chunks(batch) {
            // No event needs entropy to become a record.
            let entries = take(&tail, texts, &mut Broken).unwrap();
            assert_eq!(entries.replaces(), bodies.len() as u64);
            for (row, index) in entries.rows().zip(entries.range()) {
                assert_eq!((row.index, row.leaf, row.own), (index, leaf_hash(row.bytes), false));
                assert_eq!(Record::decode(row.bytes).unwrap().place().index(), index);
                bodies.push(row.bytes.to_vec());
            }
            nodes += entries.nodes().len();
            assert_eq!((entries.gaps(), entries.disclosures().len()), (0, 0));
            assert_eq!(entries.last(), bodies.last().unwrap());
            tail = Tail::decode(acme(), entries.state(), entries.last()).unwrap();
        }
        assert_eq!((bodies.len(), nodes), (20, 40 - 2)); // 20 = 16 + 4
        let root = tail.state().unwrap().frontier().root();
        assert_eq!(root, root_of(&bodies));
        roots.push(root);
    }
    assert!(roots.iter().all(|root| *root == roots[0]));
}

#[test]
fn what_does_not_belong_together_is_no_tail() {
    let entries = take(&Tail::new(acme()), &[event(0), event(1)], &mut Broken).unwrap();
    let first = entries.rows().next().unwrap().bytes.to_vec();
    let decode = |scope: Scope, state: &str, last: &[u8]| Tail::decode(scope, state, last);
    assert!(decode(acme(), entries.state(), entries.last()).is_ok());
    let torn = Err(LogError::Torn { size: 2 });
    assert_eq!(decode(acme(), entries.state(), &first), torn);
    assert_eq!(decode(Scope::Operator, entries.state(), entries.last()), torn);
    assert_eq!(decode(TenantId::try_new("globex").unwrap().into(), entries.state(), entries.last()), torn);
    assert_eq!(decode(acme(), "{}", entries.last()), Err(LogError::State));
    assert!(matches!(decode(acme(), entries.state(), b""), Err(LogError::Record(_))));
}

#[test]
fn records_of_the_logs_own_are_of_its_tenant() {
    let tail = Tail::new(acme());
    let ground = Ground::new(Basis::RetentionEnded);
    let what = Purge::Prefix { minimum_index: 3 };
    let intent = Body::PurgeIntent { what, youngest: at(0).timestamp(), ground };
    let entries = drafted(&acme(), Some(intent), |draft| tail.enter(at(9), &mut [draft])).unwrap();
    assert!(entries.rows().all(|row| row.own));
    let other = Err(LogError::Draft(DraftError::Refused { what: "a record of another tenant's log" }));
    for scope in [Scope::Operator, TenantId::try_new("globex").unwrap().into()] {
        let refused = drafted(&scope, None, |draft| tail.enter(at(9), &mut [draft]));
        assert_eq!(refused.map(|_| ()), other.clone().map(|_: Entries| ()));
    }
    assert_eq!(tail.enter(at(9), &mut []).map(|_| ()), Err(LogError::Nothing));
    assert_eq!(take(&tail, &[], &mut Broken).map(|_| ()), Err(LogError::Nothing));
    // The clock was set back: the next record says so, and the order stays.
    let tail = Tail::decode(acme(), entries.state(), entries.last()).unwrap();
    let entries = drafted(&acme(), None, |draft| tail.enter(at(3), &mut [draft])).unwrap();
    let place = Record::decode(entries.last()).unwrap().place();
    assert_eq!((place.index(), place.recorded_at(), place.is_clamped()), (1, at(9).timestamp(), true));
}

#[test]
fn a_gap_stands_where_the_event_would_and_says_when() {
    let texts = [event(0), "{damaged".to_string(), event(2)];
    let mut entropy = SeededEntropy::new(1);
    let entries = take(&Tail::new(acme()), &texts, &mut entropy).unwrap();
    assert_eq!((entries.range(), entries.gaps()), (0..3, 1));
    let rows: Vec<_> = entries.rows().collect();
    assert_eq!(rows.iter().map(|row| row.own).collect::<Vec<_>>(), [false, true, false]);
    let gap = Record::decode(rows[1].bytes).unwrap();
    let then = at(5).timestamp();
    assert_eq!(gap.body(), Body::Gap { count: Some(1), from: then, until: then });
    assert_eq!((gap.at(), gap.class(), gap.code()), (then, Class::Log, "audit.gap"));
    let [kept] = entries.disclosures() else { panic!("one") };
    assert_eq!((kept.index(), kept.field(), kept.value()), (1, "event", "{damaged"));
    assert!(gap.opens(kept).is_open());
    assert!(!format!("{entries:?} {:?}", Waiting::new("{damaged", None)).contains("damaged"));
    // When it was accepted is not known: at any time until now.
    let unknown =
        Tail::new(acme()).take_in(at(9), &portal(), [Waiting::new("", None)], |_| Class::Access, &mut entropy);
    let unknown = unknown.unwrap();
    let gap = Record::decode(unknown.last()).unwrap();
    assert_eq!(gap.body(), Body::Gap { count: Some(1), from: Timestamp::MIN, until: at(9).timestamp() });
    // Without a salt nothing is appended: not a gap that keeps nothing, nor the events around it.
    let refused = take(&Tail::new(acme()), &texts, &mut Broken);
    assert_eq!(refused.map(|_| ()), Err(LogError::Entropy(EntropyError::Unavailable)));
}

#[test]
fn an_intent_names_its_rows_and_nothing_else_does() {
    let ground = Ground::new(Basis::RetentionEnded);
    let actor = Actor::Job(portal());
    let targets = [Target::field(3, "name"), Target::record(7)];
    let ranges = [IndexRange::try_new(2, 5).unwrap(), IndexRange::try_new(8, 9).unwrap()];
    let ranges = || List::from(&ranges);
    let purge = |what| Body::PurgeIntent { what, youngest: at(0).timestamp(), ground };
    let erasure = Body::ErasureIntent {
        targets: List::from(&targets),
        ground,
        requested_by: Who::from(&actor),
        request: "req-1",
    };
    let values = Purge::Disclosures { class: Class::Access, ranges: ranges() };
    let bodies = Purge::Bodies { class: Class::Access, ranges: ranges() };
    for (body, removal) in [
        (erasure, Some(Removal::Values(vec![(3..4, Some("name")), (7..8, None)]))),
        (purge(values), Some(Removal::Values(vec![(2..5, None), (8..9, None)]))),
        (purge(bodies), Some(Removal::Bodies(vec![2..5, 8..9]))),
        (purge(Purge::Prefix { minimum_index: 6 }), Some(Removal::Prefix { minimum_index: 6 })),
        (Body::LogStopped { reason: "deploy" }, None),
    ] {
        let entries = drafted(&acme(), Some(body), |draft| Tail::new(acme()).enter(at(9), &mut [draft])).unwrap();
        assert_eq!(Removal::of(&Record::decode(entries.last()).unwrap()), removal);
    }
}

#[test]
fn the_nodes_that_may_go_are_those_that_no_proof_needs() {
    for minimum in 0..=130_u64 {
        let prunable: Vec<_> = prunable_nodes(minimum).collect();
        let keeps = MinimumIndex::new(minimum, 1_000).unwrap();
        for level in 0..=10_u8 {
            let below = prunable.iter().find(|(found, _)| *found == level).map_or(0, |(_, below)| *below);
            for index in 0..=140 {
                let node = NodeId::new(level, index).unwrap();
                assert_eq!(index < below, keeps.is_prunable(node), "{minimum}: level {level}, index {index}");
            }
        }
    }
    assert_eq!(prunable_nodes(u64::MAX).count(), 63);
}

#[test]
fn a_value_goes_to_its_own_record_or_nowhere() {
    let value = |index| Disclosure::new(index, "name".into(), Salt::from_bytes([7; 32]), format!("of {index}"));
    let body = |index: u64| index.to_be_bytes().to_vec();
    let row = |index: u64, purged: bool| Ok::<_, ()>((index, leaf_hash(&body(index)), (!purged).then(|| body(index))));
    let mut bundle = Bundle::new(LogOrigin::try_new("audit.example.com/acme").unwrap(), Values::Shown);
    // Of 4 to 8, where 5 is purged and 6 is gone.
    fill(&mut bundle, [2, 4, 5, 6, 7, 9].map(value), [row(4, false), row(5, true), row(7, false), row(8, false)])
        .unwrap();
    let text = bundle.to_string();
    let lines: Vec<_> =
        text.lines().filter(|line| line.starts_with(['r', 'l', 'v']) && !line.ends_with("shown")).collect();
    let starts = ["record 4", "value {\"index\":4", "leaf 5", "record 7", "value {\"index\":7", "record 8"];
    assert_eq!(lines.len(), starts.len(), "{text}");
    assert!(lines.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{text}");
    assert_eq!(fill(&mut bundle, [], [row(9, false), Err(())]), Err(()));
}
