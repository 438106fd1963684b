//! For any record: what is written is read the same, and what is read is written the same.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::bytes::written_again;
use super::*;

fn instant() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros()).prop_map(at)
}

#[derive(Clone, Debug)]
enum Held {
    Flag(bool),
    Count(u64),
    Signed(i64),
    Instant(Timestamp),
    Text(String),
    Digest([u8; 32]),
    Withheld,
    Personal(String),
}

fn held() -> impl Strategy<Value = Held> {
    prop_oneof![
        any::<bool>().prop_map(Held::Flag),
        any::<u64>().prop_map(Held::Count),
        any::<i64>().prop_map(Held::Signed),
        instant().prop_map(Held::Instant),
        "\\PC{0,40}|[\\x00-\\u{2fff}]{0,300}".prop_map(Held::Text),
        any::<[u8; 32]>().prop_map(Held::Digest),
        Just(Held::Withheld),
        "\\PC{0,20}".prop_map(Held::Personal),
    ]
}

fn value(held: &Held) -> Option<Value<'_>> {
    Some(match held {
        Held::Flag(flag) => Value::flag(*flag),
        Held::Count(count) => Value::count(*count),
        Held::Signed(number) => Value::signed(*number),
        Held::Instant(instant) => Value::instant(*instant),
        Held::Text(text) => Value::internal_text(text),
        Held::Digest(digest) => Value::digest(*digest),
        Held::Withheld => Value::withheld(),
        Held::Personal(_) => return None,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_the_same(
        index in any::<u64>(), recorded_at in instant(), clamped in any::<bool>(), event_at in instant(),
        attributes in btree_map("[a-zA-Z0-9._~-]{1,20}", held(), 0..20),
        agent in proptest::option::of("[\\x00-\\u{2fff}]{0,200}"), which in 0_usize..24,
        operation in any::<[u8; 16]>(), order in any::<bool>(),
    ) {
        let body = bodies()[which];
        let place = Place { index, recorded_at, clamped };
        let phase = if body.kind().is_control() {
            Phase::Whole(Outcome::Success)
        } else {
            Phase::Completion(OperationId::from_bytes(operation), Outcome::TimedOut)
        };
        let mut entropy = Counting(1);
        let mut draft = Draft::new(Essentials { at: event_at, phase, ..essentials() }).body(body);
        let mut named: Vec<_> = attributes.iter().collect();
        if order {
            named.reverse();
        }
        for (name, held) in named {
            draft = match (held, value(held)) {
                (_, Some(value)) => draft.with(name, value),
                (Held::Personal(text), _) => draft.personal(&mut entropy, name, text.as_str()).unwrap(),
                _ => draft,
            };
        }
        if let Some(agent) = &agent {
            draft = draft.user_agent(agent);
        }
        let mut bytes = Vec::new();
        let rows: Vec<_> = draft.encode_into(place, &mut bytes).unwrap().collect();
        let record = Record::decode(&bytes).unwrap();
        prop_assert_eq!((record.place(), record.at(), record.phase(), record.body()), (place, event_at, phase, body));
        prop_assert_eq!(record.attributes().len(), attributes.len());
        for (name, held) in &attributes {
            let read = record.attribute(name);
            match value(held) {
                Some(value) => prop_assert_eq!(read, Some(value)),
                None => prop_assert!(read.unwrap().commitment().is_some()),
            }
        }
        for row in &rows {
            prop_assert!(record.opens(row).is_open());
        }
        prop_assert_eq!(written_again(&record), bytes.clone());
        let text = crate::audit::view::json(&record);
        prop_assert_eq!(crate::audit::view::bytes_of_json(&text).unwrap(), bytes);
    }

    #[test]
    fn what_is_read_is_written_the_same(which in 0_usize..24, edits in vec((any::<u16>(), any::<u8>(), 0_u8..3), 1..4)) {
        let mut bytes = encode(full(bodies()[which]));
        for (place, byte, how) in edits {
            let place = usize::from(place) % bytes.len();
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => { bytes.remove(place); }
            }
        }
        if let Ok(record) = Record::decode(&bytes) {
            prop_assert_eq!(record.as_bytes(), &bytes[..]);
            prop_assert_eq!(written_again(&record), bytes);
        }
    }

    #[test]
    fn any_bytes_are_a_record_or_none(mut bytes in vec(any::<u8>(), 0..600)) {
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        if let Ok(record) = Record::decode(&bytes) {
            prop_assert_eq!(written_again(&record), bytes);
        }
    }
}
