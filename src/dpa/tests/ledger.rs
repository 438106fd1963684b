//! The ledger: corrections, events that do not fit, any order of arrival, one by one or all at once.

use super::*;

/// The ends of what chrono can name are instants too: an hour beyond them there is no local day.
#[test]
fn an_instant_without_a_local_day_has_that_of_utc() {
    let offset = |seconds| FixedOffset::east_opt(seconds).unwrap();
    let last = DateTime::<chrono::Utc>::MAX_UTC.with_timezone(&offset(3600));
    let first = DateTime::<chrono::Utc>::MIN_UTC.with_timezone(&offset(-3600));
    assert_eq!(When::At(last).day(), last.naive_utc().date());
    assert_eq!(When::At(first).day(), first.naive_utc().date());
    let ledger = ledger_of(policy(), &[("2026-06-15", Fact::Ceased { regime: Regime::Addendum })]);
    assert_eq!(ledger.overdue(first).count(), 0);
    assert_eq!(ledger.as_of(first).obligations().count(), 0);
    assert_eq!(ledger.as_of(last).obligations().count(), ledger.obligations().count());
    let owed = ledger.obligations().next().unwrap();
    assert!(!owed.obligation().status(first).is_overdue());
    assert!(ledger.overdue(last).any(|entry| entry.obligation().status(last).is_overdue()));
}

const CEASED: Fact = Fact::Ceased { regime: Regime::Addendum };

#[test]
fn a_correction_takes_the_place_of_a_mistake() {
    let mut ledger = ledger_of(policy(), &[("2026-06-15", CEASED)]);
    let limit =
        |ledger: &Ledger| ledger.next_due(day("2026-01-01")).and_then(|entry| entry.obligation().due().last_day());
    assert_eq!(limit(&ledger), Some(day("2026-07-15")));
    assert_eq!(ledger.apply(event(2, "2026-06-30", CEASED).replacing(id("e-1"))), Applied::Added);
    assert_eq!(limit(&ledger), Some(day("2026-07-30")));
    assert_eq!(ledger.findings().count(), 0);
    // A correction of the correction, to nothing.
    assert_eq!(ledger.apply(event(3, "2026-07-01", Fact::Withdrawn).replacing(id("e-2"))), Applied::Added);
    assert_eq!((limit(&ledger), ledger.obligations().count()), (None, 0));
}

#[test]
fn events_that_do_not_fit_are_kept_and_reported() {
    let codes = |ledger: &Ledger| -> Vec<String> {
        ledger.findings().map(|finding| format!("{} {}", finding.event(), finding.code())).collect()
    };
    let mut ledger = ledger_of(policy(), &[("2026-06-20", Fact::ReturnRequested)]);
    assert_eq!(codes(&ledger), ["e-1 dpa.unknown_matter"]);
    // When the opening fact arrives, the event that came too soon counts.
    assert_eq!(ledger.apply(event(2, "2026-06-15", CEASED)), Applied::Added);
    assert_eq!(codes(&ledger), [""; 0]);
    assert!(shown(&ledger, "2026-06-21").contains(&"return_copy D-10.2d: due on 2026-07-15".to_string()));

    assert_eq!(ledger.apply(event(2, "2026-06-15", CEASED)), Applied::Known);
    assert_eq!(codes(&ledger), [""; 0]);
    assert_eq!(ledger.apply(event(2, "2026-06-16", CEASED)), Applied::Conflicting);
    assert_eq!(ledger.apply(event(2, "2026-06-16", CEASED)), Applied::Conflicting); // once more
    assert_eq!(codes(&ledger), ["e-2 dpa.duplicate_id"]);

    assert_eq!(ledger.apply(event(3, "2026-06-17", CEASED).replacing(id("e-9"))), Applied::Added);
    assert!(codes(&ledger).contains(&"e-3 dpa.unknown_replaced".to_string()));
    assert_eq!(ledger.apply(event(9, "2026-06-17", Fact::ReturnWaived)), Applied::Added);
    assert!(!codes(&ledger).contains(&"e-3 dpa.unknown_replaced".to_string()));
    assert_eq!(ledger.apply(event(4, "2026-06-18", CEASED).replacing(id("e-9"))), Applied::Added);
    assert!(codes(&ledger).contains(&"e-3 dpa.replaced_twice".to_string()));
    assert!(codes(&ledger).contains(&"e-4 dpa.replaced_twice".to_string()));
    assert_eq!(ledger.apply(event(5, "2026-06-18", CEASED).replacing(id("e-5"))), Applied::Added);
    assert!(codes(&ledger).contains(&"e-5 dpa.replaced_in_circle".to_string()));
}

/// Two events of one id: the earlier counts, whichever came first, and its matter is another one's no longer.
#[test]
fn of_two_events_of_one_id_the_earlier_counts_in_any_order() {
    let early = event(1, "2026-06-15", CEASED);
    let late = DpaEvent::new(id("e-1"), id("acme"), id("n"), "2026-06-30".parse().unwrap(), CEASED);
    let mut revisions = Vec::new();
    for order in [[&early, &late], [&late, &early]] {
        let mut ledger = Ledger::new(DpaTerms::default(), policy());
        assert_eq!(ledger.apply(order[0].clone()), Applied::Added);
        assert_eq!(ledger.apply(order[1].clone()), Applied::Conflicting);
        let next = ledger.next_due(day("2026-01-01")).unwrap();
        assert_eq!((next.matter().as_str(), next.obligation().due().last_day()), ("m", Some(day("2026-07-15"))));
        assert_eq!(ledger.obligations().count(), 3);
        assert_eq!(ledger.findings().filter(|found| *found.kind() == FindingKind::DuplicateId).count(), 1);
        revisions.push(next.revision());
    }
    assert_eq!(revisions, [5, 5]); // more than the one event had, so that a calendar takes the entry anew
    // On one day the text decides; one instant with two offsets is two days.
    let [a, b] = ["2026-07-03T23:30:00-04:00", "2026-07-04T03:30:00+00:00"].map(|when| event(2, when, CEASED));
    for order in [[&a, &b], [&b, &a]] {
        let mut ledger = Ledger::new(DpaTerms::default(), policy());
        assert_eq!(ledger.apply(order[0].clone()), Applied::Added);
        assert_eq!(ledger.apply(order[1].clone()), Applied::Conflicting);
        let next = ledger.next_due(day("2026-01-01")).unwrap();
        assert_eq!(next.obligation().due().last_day(), Some(day("2026-08-03")));
    }
}

/// However long the circle is, and whatever matters it goes through; what merely leads into it is not on it.
#[test]
fn corrections_in_a_long_circle_are_all_reported() {
    let link = |number: usize, next: usize| {
        let matter = id(&format!("m-{}", number % 7));
        DpaEvent::new(id(&format!("e-{number}")), id("acme"), matter, "2026-06-15".parse().unwrap(), CEASED)
            .replacing(id(&format!("e-{next}")))
    };
    let mut events: Vec<_> = (0..40).map(|number| link(number, (number + 1) % 40)).collect();
    events.push(link(50, 3));
    let mut ledger = Ledger::new(DpaTerms::default(), policy());
    for event in &events {
        let _ = ledger.apply(event.clone());
    }
    let in_circle = |ledger: &Ledger| {
        let found = ledger.findings().filter(|finding| *finding.kind() == FindingKind::ReplacedInCircle);
        found.map(|finding| finding.event().to_string()).collect::<alloc::collections::BTreeSet<_>>()
    };
    assert_eq!(in_circle(&ledger), (0..40).map(|number| format!("e-{number}")).collect());
    assert_eq!(in_circle(&ledger), in_circle(&Ledger::replay(DpaTerms::default(), policy(), events)));
}

#[test]
fn one_id_in_two_kinds_of_matter_is_two_matters() {
    let facts = [("2026-06-15", CEASED), ("2026-06-15", Fact::ProviderAware)];
    let ledger = ledger_of(policy(), &facts);
    let subjects: alloc::collections::BTreeSet<_> = ledger.obligations().map(|entry| entry.subject()).collect();
    assert_eq!(subjects.into_iter().collect::<Vec<_>>(), [Subject::Service, Subject::Breach]);
}

#[test]
fn the_next_due_day_and_what_is_overdue() {
    let mut ledger = Ledger::new(DpaTerms::default(), policy());
    for (number, (agreement, when)) in
        [("a", "2026-06-15"), ("b", "2026-05-15"), ("c", "2026-07-15")].iter().enumerate()
    {
        let ceased = DpaEvent::new(id(&format!("e-{number}")), id(agreement), id("crm"), when.parse().unwrap(), CEASED);
        assert_eq!(ledger.apply(ceased), Applied::Added);
    }
    let next = |on| ledger.next_due(day(on)).map(|entry| entry.agreement().to_string());
    assert_eq!(next("2026-06-15").as_deref(), Some("b"));
    assert_eq!(next("2026-06-16").as_deref(), Some("a"));
    assert_eq!(next("2026-08-15").as_deref(), Some("c"));
    assert_eq!(next("2026-08-16"), None); // the window for returns is a right, and nothing is due
    let overdue: Vec<_> = ledger.overdue(moment("2026-07-16")).map(|entry| entry.agreement().to_string()).collect();
    assert_eq!(overdue, ["b", "a"]);
    assert_eq!(ledger.of_agreement(&id("a")).count(), 3);
    // What is done is due no more.
    let deleted =
        DpaEvent::new(id("x"), id("b"), id("crm"), "2026-06-01".parse().unwrap(), Fact::Deleted { holder: None });
    assert_eq!(ledger.apply(deleted), Applied::Added);
    assert_eq!(ledger.next_due(day("2026-06-15")).map(|entry| entry.agreement().to_string()).as_deref(), Some("a"));
}

#[test]
fn the_id_of_an_obligation_stays() {
    let mut ledger =
        ledger_of(policy(), &[("2026-06-15", CEASED), ("2026-06-15", Fact::CopyHeld { holder: id("backup") })]);
    let ids = |ledger: &Ledger| ledger.obligations().map(|entry| entry.to_string()).collect::<Vec<_>>();
    let before = ids(&ledger);
    assert_eq!(before[2], "acme/service/m/delete_copies/backup");
    let deleted = Fact::Deleted { holder: Some(id("backup")) };
    assert_eq!(ledger.apply(event(3, "2026-07-01", deleted)), Applied::Added);
    assert_eq!(ids(&ledger), before);
    assert!(ledger.obligations().all(|entry| entry.revision() == 3));
    // A correction of the Cessation Date moves the entries and leaves their ids.
    assert_eq!(ledger.apply(event(4, "2026-06-16", CEASED).replacing(id("e-1"))), Applied::Added);
    assert_eq!(ids(&ledger), before);
    assert!(ledger.obligations().all(|entry| entry.revision() == 5));
    // So does one that takes an event back, which stands in another matter.
    assert_eq!(ledger.apply(event(5, "2026-07-02", Fact::Withdrawn).replacing(id("e-3"))), Applied::Added);
    assert_eq!(ids(&ledger), before);
    assert!(ledger.obligations().all(|entry| entry.revision() == 6));
    // Several of one duty, each from its own event.
    let asked = |when| (when, Fact::CopyRequested);
    let notice = Fact::Announced { regime: Regime::Addendum, full_details: true };
    let twice = ledger_of(policy(), &[("2026-01-01", notice), asked("2026-01-02"), asked("2026-01-03")]);
    let distinct: alloc::collections::BTreeSet<_> = ids(&twice).into_iter().collect();
    assert_eq!(distinct.len(), 3);
}

#[test]
fn no_date_panics_and_what_leaves_the_calendar_is_said() {
    for when in ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59+00:00"] {
        let facts: Vec<(&str, Fact)> = every_fact().into_iter().map(|fact| (when, fact)).collect();
        let ledger = ledger_of(policy(), &facts);
        assert!(shown(&ledger, "2026-01-01").len() > 10);
    }
    assert_eq!(
        show(&[("9999-12-31", CEASED)], "2026-01-01"),
        [
            "delete_copies D-10.1b: cannot be computed without a date that can be counted: 1 month from 9999-12-31 ends after 9999-12-31"
        ]
    );
}

/// One of every kind of fact.
pub(super) fn every_fact() -> Vec<Fact> {
    let text = include_str!("../../../tests/golden/dpa_facts.v1.json");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every form that was ever stored is read for good, and written the same.
#[test]
fn the_stored_form_of_every_fact_is_kept() {
    let text = include_str!("../../../tests/golden/dpa_facts.v1.json");
    let mut kinds = alloc::collections::BTreeSet::new();
    for line in text.lines() {
        let fact: Fact = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&fact).unwrap(), line);
        kinds.insert(line.trim_start_matches(['"', '{']).split('"').next().unwrap().to_string());
        let event = event(1, "2026-06-15", fact).replacing(id("e-0")).with_evidence(paper());
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<DpaEvent>(&json).unwrap(), event);
        assert!(serde_json::from_str::<DpaEvent>(&json.replacen('{', r#"{"extra":1,"#, 1)).is_err());
    }
    assert_eq!(kinds.len(), 80);
}

#[test]
fn a_time_is_a_day_or_an_instant_with_its_offset() {
    for good in
        ["2026-06-15", "0001-01-01", "9999-12-31", "2026-07-03T17:00:00+02:00", "2026-07-03T17:00:00.123456-05:30"]
    {
        let when: When = good.parse().unwrap();
        assert_eq!(when.to_string(), good);
        assert_eq!(serde_json::from_str::<When>(&serde_json::to_string(&when).unwrap()).unwrap(), when);
    }
    for bad in [
        "",
        "2026-6-15",
        "2026-02-30",
        "10000-01-01",
        "+2026-06-15",
        "+2026-6-15",
        "2026- 6-15",
        "2026-6 -15",
        "02026-6-15",
        "2026-07-03T17:00:00",
        "2026-07-03T25:00:00Z",
        "2026-07-03 17:00:00Z",
        "2026-07-03t17:00:00z",
        "2026-07-03T17:00:60Z",
        "2026-07-03T17:00Z",
        "2026-07-03T17:00:00.Z",
        "2026-07-03T17:00:00.1234567890Z",
        "2026-07-03T17:00:00+0200",
        "2026-07-03T17:00:00+02",
        "2026-07-03T17:00:00Z ",
        "0000-12-31",
    ] {
        assert!(bad.parse::<When>().is_err(), "{bad}");
    }
}

// ---- any order, one by one or all at once

fn any_events() -> impl Strategy<Value = Vec<DpaEvent>> {
    let facts = every_fact();
    let count = facts.len();
    let one = (0..count, 0..3_usize, 0..2_usize, 0..400_i64, any::<bool>(), 0..12_usize);
    proptest::collection::vec(one, 1..40).prop_map(move |picks| {
        let picks = picks.into_iter().enumerate();
        picks
            .map(|(number, (fact, matter, agreement, offset, timed, replaces))| {
                let on = day("2026-01-01") + chrono::Duration::days(offset);
                let when = if timed {
                    format!("{on}T23:{:02}:00{}", number % 60, ["+02:00", "-04:00", "+05:30"][number % 3])
                } else {
                    on.to_string()
                };
                // Now and then two events of one id.
                let own = if replaces == 11 { number / 2 } else { number };
                let event = DpaEvent::new(
                    id(&format!("e-{own}")),
                    id(["a", "b"][agreement]),
                    id(["m", "n", "o"][matter]),
                    when.parse().unwrap(),
                    facts[fact].clone(),
                );
                // A few corrections, of what came before or comes later, or of nothing.
                if replaces < 2 { event.replacing(id(&format!("e-{}", (number * 7 + replaces) % 45))) } else { event }
            })
            .collect()
    })
}

fn everything(ledger: &Ledger) -> (Vec<String>, Vec<String>, Vec<String>) {
    let owed: Vec<_> = ledger.obligations().map(|entry| format!("{entry} {:?}", entry.obligation())).collect();
    let distinct: alloc::collections::BTreeSet<_> = ledger.obligations().map(|entry| entry.to_string()).collect();
    assert_eq!(distinct.len(), owed.len(), "an id names one obligation");
    let found = ledger.findings().map(|finding| finding.to_string()).collect();
    let mut due: Vec<_> = ledger
        .overdue(moment("9999-12-31"))
        .map(|entry| format!("{:?} {entry}", entry.obligation().due().last_day()))
        .collect();
    due.sort();
    (owed, found, due)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn replay_is_what_was_applied_one_by_one_in_any_order(events in any_events(), seed in any::<u64>()) {
        let replayed = Ledger::replay(DpaTerms::default(), policy(), events.clone());
        let mut shuffled = events.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        let mut stepped = Ledger::new(DpaTerms::default(), policy());
        for event in &shuffled {
            let expected = stepped.apply(event.clone());
            prop_assert!(expected != Applied::Known);
        }
        prop_assert_eq!(everything(&stepped), everything(&replayed));
        // Once more changes nothing.
        for event in &events {
            prop_assert!(stepped.apply(event.clone()) != Applied::Added);
        }
        prop_assert_eq!(everything(&stepped), everything(&replayed));
        // The index and the list of obligations tell the same.
        let open = replayed.obligations().filter(|entry| {
            let owed = entry.obligation();
            owed.done().is_none() && !owed.duty().is_right() && owed.due().last_day().is_some()
        });
        prop_assert_eq!(replayed.overdue(moment("9999-12-31")).count(), open.count());
        for now in ["2026-01-20", "2026-03-01T00:30:00+14:00", "2026-06-30T23:30:00-12:00", "2026-12-01", "2027-06-01"] {
            let now = moment(now);
            let mut late: Vec<_> = replayed.overdue(now).map(|entry| entry.to_string()).collect();
            late.sort();
            let is_late = |entry: &Entry<'_>| entry.obligation().status(now).is_overdue();
            let mut said: Vec<_> = replayed.obligations().filter(is_late).map(|entry| entry.to_string()).collect();
            said.sort();
            prop_assert_eq!(late, said);
        }
    }
}

/// A correction that gives way to another event of its id brings back what it had replaced, in another matter.
#[test]
fn a_revision_never_falls() {
    let event = |number: &str, matter: &str, when: &str, fact| {
        DpaEvent::new(id(number), id("acme"), id(matter), when.parse().unwrap(), fact)
    };
    let mut ledger = Ledger::new(DpaTerms::default(), policy());
    let mut revisions = Vec::new();
    for event in [
        event("e-1", "crm", "2026-06-15", Fact::Ceased { regime: Regime::Addendum }),
        event("e-2", "crm", "2026-06-20", Fact::ReturnWaived),
        event("e-3", "mail", "2026-06-20", Fact::ReturnWaived).replacing(id("e-2")),
        event("e-3", "mail", "2026-06-19", Fact::ReturnWaived),
    ] {
        let _ = ledger.apply(event);
        revisions.push(ledger.of_agreement(&id("acme")).next().unwrap().revision());
    }
    assert!(revisions.is_sorted_by(|one, next| one < next), "{revisions:?}");
}

/// The date of acceptance moves the limit of a sub-processor that was engaged before it.
#[test]
fn the_acceptance_counts_in_the_revision_of_what_it_moves() {
    let engaged = ("2026-06-01", Fact::AlreadyEngaged { regime: Regime::Addendum });
    let shown = |facts: &[(&str, Fact)]| {
        let ledger = ledger_of(policy(), facts);
        let entry = ledger.obligations().find(|e| e.obligation().duty() == Duty::MeetConditions).unwrap();
        (entry.revision(), entry.obligation().due().clone())
    };
    let (first, unknown) = shown(core::slice::from_ref(&engaged));
    let (second, known) = shown(&[engaged, ("2026-06-02", Fact::Accepted)]);
    assert!(unknown != known && first < second, "{first} {unknown:?}, {second} {known:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Ids that clash, corrections across matters and in circles: neither order nor replay matters, no revision falls.
    #[test]
    fn clashes_and_corrections_leave_one_ledger(
        raw in proptest::collection::vec((0..6_usize, 0..3_usize, 1..6_u32, 0..7_usize, 0..9_usize), 1..14),
        turn in 0..14_usize,
    ) {
        let facts = [
            Fact::Accepted,
            CEASED,
            Fact::ReturnRequested,
            Fact::Deleted { holder: None },
            Fact::ControllerAware,
            Fact::CopyHeld { holder: id("backup") },
            Fact::AlreadyEngaged { regime: Regime::Addendum },
        ];
        let events: Vec<DpaEvent> = raw
            .iter()
            .map(|(number, matter, on, fact, replaces)| {
                let when = format!("2026-06-0{on}").parse().unwrap();
                let event =
                    DpaEvent::new(id(&format!("e-{number}")), id("acme"), id(&format!("m-{matter}")), when, facts[*fact].clone());
                if *replaces < 6 { event.replacing(id(&format!("e-{replaces}"))) } else { event }
            })
            .collect();
        let lines = |ledger: &Ledger| {
            let mut lines: Vec<String> =
                ledger.obligations().map(|e| format!("{e} {} {:?}", e.revision(), e.obligation())).collect();
            lines.extend(ledger.findings().map(|finding| format!("{finding:?}")));
            lines.sort();
            lines
        };
        let mut one = Ledger::new(DpaTerms::default(), policy());
        let mut seen = alloc::collections::BTreeMap::<String, (usize, String)>::new();
        for event in &events {
            let _ = one.apply(event.clone());
            for entry in one.obligations() {
                let key = entry.to_string();
                let now = (entry.revision(), format!("{:?}", entry.obligation()));
                if let Some(before) = seen.insert(key.clone(), now.clone()) {
                    prop_assert!(before.0 < now.0 || before == now, "{key}: {before:?} then {now:?}");
                }
            }
        }
        let mut turned = events.clone();
        turned.rotate_left(turn % events.len());
        turned.reverse();
        let mut other = Ledger::new(DpaTerms::default(), policy());
        for event in &turned {
            let _ = other.apply(event.clone());
        }
        prop_assert_eq!(lines(&one), lines(&other));
        prop_assert_eq!(lines(&one), lines(&Ledger::replay(DpaTerms::default(), policy(), turned)));
        for now in ["2026-06-03", "2026-07-03", "2026-07-20", "2026-10-01"].map(moment) {
            let late = one.obligations().filter(|entry| entry.obligation().status(now).is_overdue()).count();
            prop_assert_eq!(one.overdue(now).count(), late);
        }
    }
}
