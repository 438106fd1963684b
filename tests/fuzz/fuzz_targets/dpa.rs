//! Stored events of an agreement, one a line: any text, no panic; what is read is written again the same, and
//! applying the events one by one gives what a replay gives.
#![no_main]

use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, LateReturnRequest, Ledger};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut events = Vec::new();
    for event in text.lines().filter_map(|line| serde_json::from_str::<DpaEvent>(line).ok()) {
        let again = serde_json::to_string(&event).expect("an event is written");
        assert_eq!(serde_json::from_str::<DpaEvent>(&again).expect("what was written is read"), event);
        events.push(event);
    }
    let (terms, policy) = (DpaTerms::default(), DpaPolicy::new(LateReturnRequest::LaterOf));
    let mut stepped = Ledger::new(terms.clone(), policy.clone());
    for event in &events {
        let _ = stepped.apply(event.clone());
    }
    let replayed = Ledger::replay(terms, policy, events);
    let shown = |ledger: &Ledger| {
        ledger.obligations().map(|entry| format!("{entry} {}", entry.obligation())).collect::<Vec<_>>()
    };
    assert_eq!(shown(&stepped), shown(&replayed));
    assert!(shown(&stepped).iter().all(|line| !line.contains('\n')));
});
