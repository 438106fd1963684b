use core::time::Duration;

use super::*;
use crate::audit::tree::{Tree, root_of};
use crate::store::Next;

fn at(seconds: u64) -> Now {
    Now::from(Timestamp::from_micros(0).unwrap().saturating_add(Duration::from_secs(seconds)))
}

fn origin() -> Origin {
    Origin::try_new("audit.example.com/acme").unwrap()
}

fn put<O>(transition: Transition<LogState, O>) -> LogState {
    match transition.into_parts().0 {
        Next::Put(state) => state,
        other => panic!("{other:?}"),
    }
}

/// A log of so many records, accepted a second apart from `first` on, and appended when the last was.
fn grown(state: Option<LogState>, first: u64, count: u64) -> LogState {
    let size = state.as_ref().map_or(0, LogState::size);
    let texts: Vec<_> = (size..size + count).map(|index| alloc::format!("leaf {index}")).collect();
    let accepted: Vec<_> =
        (first..).zip(&texts).map(|(second, text)| Accepted::new(text.as_bytes(), at(second).timestamp())).collect();
    put(append(state, at(first + count - 1), size, &accepted))
}

fn texts(range: Range<u64>) -> impl Iterator<Item = alloc::string::String> {
    range.map(|index| alloc::format!("leaf {index}"))
}

#[test]
fn batches_of_any_size_make_the_same_tree() {
    let whole: Tree = texts(0..100).collect();
    for batch in [1, 3, 64, 100] {
        let (mut frontier, mut nodes) = (Frontier::new(), Vec::new());
        let records: Vec<_> = texts(0..100).collect();
        for records in records.chunks(batch) {
            let integration = integrate(&frontier, records).unwrap();
            assert_eq!(integration.replaces(), frontier.size());
            assert_eq!(integration.leaves().count(), records.len());
            nodes.extend_from_slice(integration.nodes());
            frontier = integration.frontier().clone();
        }
        assert_eq!(frontier, *whole.frontier());
        // Every complete node once: as many as there are leaves, and bits that carry.
        assert_eq!(nodes.len(), 200 - 3); // 100 = 64 + 32 + 4
        let table: alloc::collections::BTreeMap<_, _> = nodes.into_iter().collect();
        let prover = crate::audit::tree::Prover::new(&table, 100).unwrap();
        assert_eq!(prover.inclusion(57), whole.prover().unwrap().inclusion(57));
    }
}

/// Says that there is more than any memory holds, and has one.
struct Boastful(Option<&'static [u8]>);

impl Iterator for Boastful {
    type Item = &'static [u8];

    fn next(&mut self) -> Option<&'static [u8]> {
        self.0.take()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}

#[test]
fn a_boastful_iterator_takes_no_more_memory_than_a_batch() {
    let one = integrate(&Frontier::new(), Boastful(Some(b"record"))).unwrap();
    assert_eq!(one.records(), 0..1);
}

#[test]
fn an_append_is_to_the_size_it_was_decided_for() {
    let state = grown(None, 0, 3);
    let record = [Accepted::new(b"late", at(9).timestamp())];
    for wrong in [0, 2, 4] {
        let transition = append(Some(state.clone()), at(9), wrong, &record);
        assert_eq!(transition.into_parts().0, Next::Keep);
        let outcome = append(Some(state.clone()), at(9), wrong, &record).into_parts().1;
        assert_eq!(outcome, AppendOutcome::Moved { size: 3 });
    }
    let (next, outcome, facts) = append(Some(state.clone()), at(9), 3, &[]).into_parts();
    assert_eq!((next, outcome, facts.len()), (Next::Keep, AppendOutcome::Nothing, 0));
    let full = Frontier::from_parts(crate::audit::tree::MAX_SIZE, [leaf_hash(b"")].repeat(63)).unwrap();
    let full = LogState { frontier: full, ..LogState::default() };
    let outcome = append(Some(full.clone()), at(9), full.size(), &record).into_parts();
    assert_eq!((outcome.0, outcome.1), (Next::Keep, AppendOutcome::Full));
}

#[test]
fn a_checkpoint_is_of_what_is_stored() {
    let state = grown(None, 0, 5);
    let plan = state.checkpoint_plan(origin());
    assert_eq!(plan.records(), 0..5);
    let confirmed = plan.confirm(texts(0..5)).unwrap();
    assert_eq!(confirmed.checkpoint().head(), TreeHead::new(5, root_of(texts(0..5))).unwrap());
    assert_eq!(plan.confirm(texts(0..4)), Err(ConfirmError::Missing { index: 4 }));
    assert_eq!(plan.confirm(texts(0..6)), Err(ConfirmError::TooMany { size: 5 }));
    for index in 0..5 {
        let mut flipped: Vec<_> = texts(0..5).map(alloc::string::String::into_bytes).collect();
        flipped[index][0] ^= 1;
        assert_eq!(plan.confirm(&flipped), Err(ConfirmError::Differs { size: 5 }));
    }
    // From the last checkpoint on, only what came since is read back; what was signed before is continued.
    let state = grown(Some(put(note_checkpoint(state, &confirmed))), 10, 3);
    let plan = state.checkpoint_plan(origin());
    assert_eq!(plan.records(), 5..8);
    assert_eq!(plan.confirm(texts(5..8)).unwrap().checkpoint().head().root(), root_of(texts(0..8)));
    let nothing = put(note_checkpoint(state, &plan.confirm(texts(5..8)).unwrap())).checkpoint_plan(origin());
    assert_eq!(nothing.records(), 8..8);
    assert_eq!(nothing.confirm([] as [&[u8]; 0]).unwrap().checkpoint().head().root(), root_of(texts(0..8)));
}

#[test]
fn what_is_not_anchored_is_known_by_its_oldest_record() {
    let seconds = |state: &LogState, waiting: Option<u64>| {
        let waiting = waiting.map(|second| at(second).timestamp());
        state.oldest_unanchored(waiting).map(|at| at.as_micros() / 1_000_000)
    };
    let state = grown(None, 100, 3);
    assert_eq!(seconds(&state, None), Some(100));
    assert_eq!(seconds(&state, Some(50)), Some(50));
    assert_eq!(seconds(&LogState::default(), None), None);
    // A plan is made, then two more records come before it is signed: they are not covered.
    let plan = state.checkpoint_plan(origin()).confirm(texts(0..3)).unwrap();
    let state = grown(Some(state), 200, 2);
    let state = put(note_checkpoint(state, &plan));
    assert_eq!((state.checkpointed(), seconds(&state, None)), (3, Some(100)));
    let anchored = put(note_anchor(state.clone(), 3));
    // Which of the five is the oldest after the checkpoint is not known: the first of them is named, never a later one.
    assert_eq!((anchored.anchored(), seconds(&anchored, None)), (3, Some(100)));
    let plan = anchored.checkpoint_plan(origin()).confirm(texts(3..5)).unwrap();
    let state = put(note_checkpoint(anchored, &plan));
    // An older anchor than the last checkpoint clears nothing.
    assert_eq!(note_anchor(state.clone(), 3).into_parts().0, Next::Keep);
    let partly = put(note_anchor(state.clone(), 4));
    assert_eq!(seconds(&partly, None), Some(100));
    let state = put(note_anchor(state, 5));
    assert_eq!((seconds(&state, None), seconds(&state, Some(300))), (None, Some(300)));
    // Nothing goes back, and nothing beyond a checkpoint is anchored.
    for size in [0, 4, 5, 6, u64::MAX] {
        assert_eq!(note_anchor(state.clone(), size).into_parts().0, Next::Keep, "{size}");
    }
    assert_eq!(note_checkpoint(state.clone(), &plan).into_parts().0, Next::Keep);
    let longer = grown(Some(state.clone()), 400, 1).checkpoint_plan(origin()).confirm(texts(5..6)).unwrap();
    assert_eq!(note_checkpoint(state, &longer).into_parts().0, Next::Keep); // of records this state does not have
}

#[test]
fn due_is_what_the_policy_says_to_the_microsecond() {
    let policy = SequencerPolicy::builder().checkpoint_secs(60).heartbeat_secs(3600).build().unwrap();
    let state = grown(None, 100, 1);
    let before = |seconds: u64| Now::from(at(seconds).timestamp().saturating_sub(Duration::from_micros(1)));
    let wake_at = |seconds: u64| Due::Nothing { wake_at: at(seconds).timestamp() };
    assert_eq!(policy.due(Some(&state), before(160), None), wake_at(160));
    assert_eq!(policy.due(Some(&state), at(160), None), Due::Checkpoint);
    assert_eq!(policy.due(Some(&state), at(161), None), Due::Checkpoint);
    // A busy log is checkpointed all the same; else what waits comes first.
    let waiting = Some(at(120).timestamp());
    assert_eq!(policy.due(Some(&state), before(160), waiting), Due::Integrate);
    assert_eq!(policy.due(Some(&state), at(160), waiting), Due::Checkpoint);
    let plan = state.checkpoint_plan(origin()).confirm(texts(0..1)).unwrap();
    let idle = put(note_checkpoint(state.clone(), &plan));
    assert_eq!(policy.due(Some(&idle), at(160), None), wake_at(3700));
    assert_eq!(policy.due(Some(&idle), before(3700), None), wake_at(3700));
    assert_eq!(policy.due(Some(&idle), at(3700), None), Due::Heartbeat);
    assert_eq!(policy.due(Some(&idle), at(3700), waiting), Due::Integrate);
    assert_eq!(policy.due(None, at(0), None), Due::Heartbeat);
    // A clock that was ahead: due now, not in an hour.
    assert_eq!(policy.due(Some(&state), at(69), None), Due::Checkpoint);
    assert_eq!(policy.due(Some(&idle), at(69), None), Due::Heartbeat);
    assert_eq!(policy.due(Some(&idle), at(70), None), wake_at(3700)); // within the skew
}

#[test]
fn policies_and_states_are_read_strictly() {
    for (builder, ok) in [
        (SequencerPolicy::builder().checkpoint_secs(86_400).heartbeat_secs(1).batch(65_536), true),
        (SequencerPolicy::builder().checkpoint_secs(86_401), false),
        (SequencerPolicy::builder().heartbeat_secs(0), false),
        (SequencerPolicy::builder().heartbeat_secs(86_401), false),
        (SequencerPolicy::builder().batch(0), false),
        (SequencerPolicy::builder().batch(65_537), false),
    ] {
        assert_eq!(builder.build().is_ok(), ok, "{builder:?}");
        let text = serde_json::to_string(&builder).unwrap();
        assert_eq!(serde_json::from_str::<SequencerPolicy>(&text).is_ok(), ok);
    }
    assert_eq!(SequencerPolicy::default(), SequencerPolicy::builder().build().unwrap());
    assert!(serde_json::from_str::<SequencerPolicy>(r#"{"checkpoint":60}"#).is_err());

    let state = grown(None, 100, 5);
    let plan = state.checkpoint_plan(origin()).confirm(texts(0..5)).unwrap();
    let state = grown(Some(put(note_anchor(put(note_checkpoint(state, &plan)), 5))), 200, 2);
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<LogState>(&text).unwrap(), state);
    for (part, other) in [
        (r#""anchored":5"#, r#""anchored":6"#),
        (r#""anchored":5"#, r#""anchored":5,"more":1"#),
        (r#""v":1"#, r#""v":2"#),
    ] {
        assert!(serde_json::from_str::<LogState>(&text.replacen(part, other, 1)).is_err(), "{other}");
    }
    let swapped = LogState { frontier: state.checkpoint.clone(), checkpoint: state.frontier.clone(), ..state };
    assert!(serde_json::from_str::<LogState>(&serde_json::to_string(&swapped).unwrap()).is_err());
    // The largest fits a stored record.
    let full = Frontier::from_parts(crate::audit::tree::MAX_SIZE, [leaf_hash(b"")].repeat(63)).unwrap();
    let largest = LogState { checkpoint: full.clone(), frontier: full, ..swapped };
    assert!(serde_json::to_string(&largest).unwrap().len() < crate::store::MAX_TEXT_BYTES / 4);
}
