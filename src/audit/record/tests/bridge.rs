//! Every event of the crate is a record, and the inventory knows it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::event::{Audience, Event, Unresolved};

/// Events of every kind that the crate has ever stored.
const GOLDEN: &str = include_str!("../../../../tests/golden/event.v1.json");

fn of_code(code: &str) -> Event {
    let line = alloc::format!(
        r#"{{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"operator","actor":{{"unknown":"console"}},"origin":"internal","subject":{{"kind":"lockout","id":"u-17~otp"}},"code":"{code}","outcome":"success","clauses":["E-6P.3","E-5.1d"],"details":{{"count":3,"flag":true,"reason":"{code}","until":"2026-11-22T09:45:00.000000Z","words":"two words"}}}}"#
    );
    Event::decode(&line).unwrap()
}

fn record_of(event: &Event) -> Vec<u8> {
    encode(Draft::of_event(event, id("portal"), Class::Authentication))
}

#[test]
fn every_code_of_the_crate_becomes_a_record() {
    let mut inventory = Inventory::of(crate::codes());
    let mut seen = 0;
    for code in crate::codes() {
        let event = of_code(code.as_str());
        let bytes = record_of(&event);
        let record = Record::decode(&bytes).unwrap();
        assert_eq!(record.code(), code.as_str());
        assert_eq!((record.at(), record.tenant(), record.source()), (event.at(), None, Source::Internal));
        assert_eq!(record.actor().to_actor().unwrap(), *event.actor());
        assert_eq!((record.about().kind(), record.about().id()), ("lockout", "u-17~otp"));
        assert_eq!(record.clauses().collect::<Vec<_>>(), ["E-6P.3", "E-5.1d"]);
        let values: Vec<_> = record.attributes().iter().map(|attribute| attribute.value()).collect();
        let until = Timestamp::parse("2026-11-22T09:45:00.000000Z").unwrap();
        assert_eq!(
            values,
            [
                Value::Count(3),
                Value::Flag(true),
                Value::Word(code.as_str()),
                Value::Instant(until),
                Value::internal_text("two words")
            ]
        );
        assert_eq!(record.to_event().as_ref(), Some(&event), "and back");
        inventory.observe(&record);
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
    assert_eq!(inventory.undeclared().count(), 0);
    assert_eq!(inventory.rows().count(), seen);
    let row = inventory.row("lockout.locked").unwrap();
    assert_eq!(row.audience(), Some(Audience::Internal));
    assert_eq!(row.clauses().collect::<Vec<_>>(), ["E-5.1d", "E-6P.3"]);
    assert_eq!(row.fields().collect::<Vec<_>>(), ["count", "flag", "reason", "until", "words"]);
    assert_eq!(row.kinds().collect::<Vec<_>>(), [Kind::Event]);
}

#[test]
fn every_event_that_was_ever_stored_becomes_a_record_and_keeps_all_it_says() {
    let mut count = 0;
    for line in GOLDEN.lines() {
        let event = Event::decode(line).unwrap();
        let bytes = record_of(&event);
        let record = Record::decode(&bytes).unwrap();
        assert_eq!((record.code(), record.at()), (event.code(), event.at()));
        assert!(record.is_in(event.scope()));
        let succeeded = event.outcome() == crate::event::Outcome::Success;
        assert_eq!(record.phase().outcome() == Some(Outcome::Success), succeeded);
        assert_eq!(record.phase().outcome() == Some(Outcome::Denied), !succeeded);
        let said: Vec<(String, String)> =
            event.details().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let kept: Vec<(String, String)> = record
            .attributes()
            .iter()
            .map(|attribute| (attribute.name().to_string(), attribute.value().to_string()))
            .collect();
        assert_eq!(kept, said);
        assert_eq!(record.source(), Source::from(event.origin()));
        assert_eq!(record.to_event().as_ref(), Some(&event), "and back");
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn the_inventory_is_a_table_of_both_and_shows_what_nobody_declared() {
    let mut inventory = Inventory::of([Code::public("shop.opened")]);
    let bytes = encode(full(bodies()[2]));
    inventory.observe(&Record::decode(&bytes).unwrap());
    assert_eq!(inventory.undeclared().collect::<Vec<_>>(), ["shop.changed"]);
    let table = inventory.to_string();
    assert!(table.contains("\n| shop.opened | to anyone | | | |\n"), "{table}");
    let changed = "\n| shop.changed | undeclared | change | a.flag, b.count, c.signed, d.instant, e.id, f.word, \
                   g.digest, h.public, i.internal, j.personal, k.withheld, limit, note, phone | A2-Input-8, E-5.4 |\n";
    assert!(table.contains(changed), "{table}");
    for kind in Kind::ALL {
        assert!(table.contains(&alloc::format!("\n| {kind} |")), "{kind}");
        assert!(!kind.clauses().is_empty());
    }
}

/// Whatever a record says that no event can is not left out: there is no event.
#[test]
fn what_was_no_event_becomes_none() {
    let event = of_code("lockout.locked");
    let portal = id("portal");
    let plain = || Draft::of_event(&event, portal, Class::Authentication);
    let of = |draft: Draft<'_>| Record::decode(&encode(draft)).unwrap().to_event();
    assert_eq!(of(plain()).as_ref(), Some(&event));
    let (anna, mandate) = (Actor::User(AccountId::try_new("u-17").unwrap()), id("mandate-1"));
    let long = "x".repeat(Capped::VALUE + 1);
    for other in [
        plain().outcome(Outcome::TimedOut),
        plain().about_person(id("c-1")),
        plain().on_behalf_of(Delegation::new(&anna, mandate)),
        plain().user_agent("curl"),
        plain().with("signed", Value::signed(-1)),
        plain().with("withheld", Value::Withheld),
        plain().with("long", Value::internal_text(&long)),
        plain().claimed_name(&mut Counting(0), "anna").unwrap(),
        plain().personal(&mut Counting(0), "email", "anna@example.com").unwrap(),
    ] {
        assert_eq!(of(other), None);
    }
    for body in bodies() {
        let event = Record::decode(&encode(full(body))).unwrap().to_event();
        assert_eq!(event, None, "{body:?}");
    }
}

/// Of a proxy and of what cannot be found out, too: the record says as much as the event.
#[test]
fn every_origin_becomes_a_source_that_says_the_same() {
    let mut origins = Vec::from([Origin::Internal]);
    for address in ["10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"].map(|text| text.parse().unwrap()) {
        for transport in [Transport::Plain, Transport::Tls] {
            origins.extend([Origin::network(address, transport), Origin::proxy_origin(address, transport)]);
        }
        for why in ["hidden", "unreadable", "too_long", "hop_count", "repeated", "missing"] {
            let why: Unresolved = serde_json::from_value(why.into()).unwrap();
            origins.push(Origin::unresolvable(address, why));
        }
    }
    for origin in origins {
        let essentials = Essentials { source: origin, ..essentials() };
        let bytes = encode(Draft::new(essentials));
        let record = Record::decode(&bytes).unwrap();
        assert_eq!(record.source(), Source::from(origin));
        assert_eq!(record.source().to_string(), origin.to_string());
    }
}
