//! What the agreement costs: obligations of many agreements against sorting their events, and one event more.
//!
//! `cargo bench --bench dpa` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use clausework::dpa::{
    Applied, BreachDetail, DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger, Recipient, Regime,
    RequestKind, RequestLaw, When,
};
use clausework::id::OpaqueId;

/// Obligations of 10,000 events against sorting them by agreement and instant.
const GOAL: f64 = 10.0;
/// Twice the events may cost this much more: linear, with room for the logarithm and the cache.
const GOAL_GROWTH: f64 = 3.0;
/// One event more, among 1,000 agreements, against the whole.
const GOAL_ONE: f64 = 0.01;

fn id(text: String) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

/// Ten events for each agreement, as they arrive: mixed.
fn events(agreements: u32) -> Vec<DpaEvent> {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let facts = |agreement: u32| {
        let access = Fact::RequestReceived {
            kind: RequestKind::Access,
            by: Recipient::Provider,
            regime: Regime::Clauses,
            law: RequestLaw::Gdpr,
        };
        [
            ("crm", 0, Fact::Ceased { regime: Regime::Addendum }),
            ("crm", 1, Fact::CopyHeld { holder: id("backup".into()) }),
            ("crm", 40 + agreement % 50, Fact::ReturnRequested),
            ("crm", 30, Fact::CertificateRequested),
            ("r-1", 3, access),
            ("r-1", 4, Fact::RequestForwarded),
            ("b-1", 5, Fact::ProviderAware),
            ("b-1", 6, Fact::CustomerNotified { details: vec![BreachDetail::Nature] }),
            ("host-7", 7, Fact::Announced { regime: Regime::Addendum, full_details: true }),
            ("list", 8, Fact::ListKept),
        ]
    };
    let mut all = Vec::new();
    for number in 0..10_u32 {
        for agreement in 0..agreements {
            // Agreements take turns, out of order.
            let agreement = agreement * 7919 % agreements;
            let (matter, offset, fact) = facts(agreement)[usize::try_from(number).unwrap()].clone();
            let day = first + Days::new(u64::from(offset + agreement % 365));
            let at = day.and_hms_opt(9, number, agreement % 60).unwrap().and_utc().fixed_offset();
            all.push(DpaEvent::new(
                id(format!("e-{number}")),
                id(format!("agreement-{agreement:06}")),
                id(matter.into()),
                When::At(at),
                fact,
            ));
        }
    }
    all
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn timed(rounds: usize, mut run: impl FnMut() -> Duration) -> Duration {
    median((0..rounds).map(|_| run()).collect())
}

fn replay(events: &[DpaEvent]) -> (Duration, Ledger) {
    let (terms, policy) = (DpaTerms::default(), DpaPolicy::new(LateReturnRequest::MonthFromRequest));
    let events = events.to_vec();
    let start = Instant::now();
    let ledger = Ledger::replay(terms, policy, black_box(events));
    (start.elapsed(), black_box(ledger))
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, agreements) = if measured { (21, 1_000) } else { (1, 50) };
    let events = events(agreements);
    let twice = self::events(agreements * 2);

    let sorting = timed(rounds, || {
        let mut sorted = events.clone();
        let start = Instant::now();
        sorted.sort_by(|a, b| (a.agreement(), a.when()).cmp(&(b.agreement(), b.when())));
        let took = start.elapsed();
        assert!(black_box(sorted).is_sorted_by_key(|event| event.agreement().clone()));
        took
    });
    let all = timed(rounds, || {
        let (took, ledger) = replay(&events);
        // Two holders, the promptness, the window, the return, the certificate; the request three times and its
        // answer; the breach, its completion, the authority and the document; the window; the list.
        assert_eq!(ledger.obligations().count(), usize::try_from(agreements).unwrap() * 15);
        took
    });
    let double = timed(rounds, || replay(&twice).0);

    let (_, mut ledger) = replay(&events);
    let far = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let mut number = 0;
    let one = timed(rounds * 50, || {
        number += 1;
        let agreement = id(format!("agreement-{:06}", number * 31 % agreements));
        let when = When::On(far + Days::new(50));
        let event = DpaEvent::new(
            id(format!("x-{number}")),
            agreement,
            id(format!("s-{number}")),
            when,
            Fact::Ceased { regime: Regime::Addendum },
        );
        let start = Instant::now();
        assert_eq!(ledger.apply(event), Applied::Added);
        assert!(ledger.next_due(far).is_some());
        start.elapsed()
    });

    let ratio = all.as_secs_f64() / sorting.as_secs_f64();
    let growth = double.as_secs_f64() / all.as_secs_f64();
    let share = one.as_secs_f64() / all.as_secs_f64();
    let count = events.len();
    println!("dpa/obligations/{count}: {all:.1?}, sorting the events {sorting:.1?}, twice as many {double:.1?}");
    println!("dpa/next_due/{count}: {one:.1?} for one event more and the next due day");
    println!("ratio dpa/obligations/{count} vs sorting them = {ratio:.2} (goal <= {GOAL})");
    println!("ratio dpa/obligations/twice vs once = {growth:.2} (goal <= {GOAL_GROWTH})");
    println!("ratio dpa/next_due/{count} vs all of them = {share:.4} (goal <= {GOAL_ONE})");
    // An unoptimised build says nothing about time.
    assert!(cfg!(debug_assertions) || !measured || ratio <= GOAL, "obligations cost too much");
    assert!(cfg!(debug_assertions) || !measured || growth <= GOAL_GROWTH, "obligations are not linear");
    assert!(cfg!(debug_assertions) || !measured || share <= GOAL_ONE, "one event recomputes the rest");
}
