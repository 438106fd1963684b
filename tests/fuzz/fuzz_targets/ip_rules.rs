//! A file of IP rules: any text, no panic; what is accepted is accepted again, and what the lint finds idle can be left
//! out without anybody gaining or losing.
#![no_main]

use clausework::access::{AccessPolicy, Finding, IpList, ListDiff, ListPolicy, lint};
use clausework::{Now, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(policy) = serde_json::from_str::<AccessPolicy>(text) else { return };
    let written = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<AccessPolicy>(&written).unwrap(), policy);
    for list in policy.lists() {
        let edges = list.entries().iter().flat_map(|entry| [entry.valid_from(), entry.valid_until()]);
        let instants: Vec<Now> = edges.flatten().chain([Timestamp::MIN, Timestamp::MAX]).map(Now::from).collect();
        let found = lint(list, &ListPolicy::default(), Timestamp::MIN.into());
        let is_idle = |entry: usize| found.iter().any(|finding| match finding {
            Finding::Duplicate { .. } | Finding::Shadowed { .. } | Finding::Denied { .. } | Finding::Needless { .. } => {
                finding.entry() == Some(entry)
            }
            _ => false,
        });
        let kept = list.entries().iter().enumerate().filter(|(entry, _)| !is_idle(*entry)).map(|(_, entry)| entry.clone());
        let rest = IpList::builder().mode(list.mode()).entries(kept).build().unwrap();
        for now in instants.into_iter().take(8) {
            assert!(ListDiff::between(list, &rest, now).is_empty());
            for entry in list.entries() {
                for address in [entry.range().first(), entry.range().last()] {
                    let (before, after) = (list.decide(now, address), rest.decide(now, address));
                    assert_eq!(before.is_allowed(), after.is_allowed());
                }
            }
        }
    }
});
