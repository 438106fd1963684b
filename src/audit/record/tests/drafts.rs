//! What a draft refuses, how places and attempts go on, and how a record prints.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::*;

#[test]
fn what_no_record_may_hold_is_refused() {
    let clear = |class| FieldChange::new("email", class, None, Some(Value::internal_text("a@example.com")));
    let committed = FieldChange::new("email", Classification::Sensitive, Some(Value::withheld()), None);
    let changing = || draft().changing(Action::Update);
    assert!(Record::decode(&encode(changing().change(clear(Classification::Internal)))).is_ok());
    assert!(Record::decode(&encode(changing().change(committed))).is_ok());
    let personal = "the value of a personal or sensitive field in the clear";
    assert_eq!(refused(changing().change(clear(Classification::Personal))), personal);
    assert_eq!(refused(changing().change(clear(Classification::Sensitive))), personal);
    let before = FieldChange::new("age", Classification::Personal, Some(Value::count(3)), Some(Value::withheld()));
    assert_eq!(refused(changing().change(before)), personal);
    let nothing = FieldChange::new("age", Classification::Public, None, None);
    assert_eq!(refused(changing().change(nothing)), "a change from nothing to nothing");
    assert_eq!(refused(draft().change(committed)), "changed fields in a record of no change");
    let twice = changing().change(committed).change(committed);
    assert!(refused(twice).starts_with("changes: "));
    assert!(refused(draft().with("a", Value::count(1)).with("a", Value::count(2))).starts_with("attributes: "));
    for name in ["", "a b", "a@b", "a:b", "a/b", "ä", &"a".repeat(97)] {
        assert_eq!(refused(draft().with(name, Value::count(1))), "the name of an attribute", "{name}");
    }
    assert!(Record::decode(&encode(draft().with(&"a".repeat(96), Value::count(1)))).is_ok());
    assert_eq!(refused(draft().with("a", Value::word("two words"))), "a word with characters that no word has");
    let mut chain = draft();
    for _ in 0..5 {
        chain = chain.on_behalf_of(Delegation::new(user("u-1"), id("t")));
    }
    assert_eq!(refused(chain), "a chain of more than 4");
    let mut cited = draft();
    for _ in 0..33 {
        cited = cited.under(crate::clause::E_5_4);
    }
    assert_eq!(refused(cited), "more than 32 clauses");
}

#[test]
fn each_kind_refuses_what_contradicts_it() {
    let ground = Ground::new(Basis::Instruction);
    let seen = Seen { size: 1, root: [0; 32] };
    let read = |action| Body::Access { action, purpose: "support", ground, count: None, query: None };
    let ranges: List<'_, IndexRange> = List::from(&[]);
    let purge = |what| Body::PurgeIntent { what, youngest: at(0), ground };
    let some = List::from(leak([range(1, 2)]));
    let review = |from, until, reviewed| Body::Review {
        from: at(from),
        until: at(until),
        range: range(0, 1),
        reviewed,
        seen,
        findings: 0,
        report: [0; 32],
    };
    // The id of another key.
    const OTHER_ID: &str = "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let key = |retired, added| Body::KeyChange { retired, added, from_size: 0 };
    let cases: Vec<(Body<'_>, &str)> = alloc::vec![
        (read(Action::Update), "an access that does not read"),
        (Body::Change { action: Action::Print, changes: List::from(&[]) }, "a change that only reads"),
        (Body::Gap { count: None, from: at(2), until: at(1) }, "a gap that ends before it begins"),
        (Body::Gap { count: Some(0), from: at(1), until: at(1) }, "a gap of nothing"),
        (key(None, None), "a change of no key"),
        (key(Some(KEYS[0]), Some(KEYS[0])), "a key that takes its own place"),
        (key(Some("log+1+AQ=="), None), "a verifier key that is none"),
        (key(Some(KEYS[0]), Some(OTHER_ID)), "a verifier key that is none"),
        (key(Some("k k"), None), "a verifier key that is no printable text"),
        (
            Body::ErasureIntent { targets: List::from(&[]), ground, requested_by: Who::from(user("u")), request: "r" },
            "an erasure of nothing"
        ),
        (purge(Purge::Prefix { minimum_index: 0 }), "a purge of nothing"),
        (purge(Purge::Bodies { class: Class::Access, ranges }), "a purge of nothing"),
        (
            purge(Purge::Bodies { class: Class::Log, ranges: some }),
            "a purge of what explains the log, other than with all before it"
        ),
        (Body::HoldSet { hold: "h", reach: Reach::Ranges(ranges), ground }, "a hold on nothing"),
        (Body::HoldLifted { hold: "not an id", set: 0 }, "an id that is none"),
        (review(1, 1, List::from(leak([Who::from(user("u"))]))), "a review of no time"),
        (review(0, 1, List::from(&[])), "a review of nobody"),
        (Body::LogStopped { reason: "power went" }, "a reason that is no word"),
    ];
    for (body, said) in cases {
        assert_eq!(refused(draft().body(body)), said);
    }
    let touching = List::from(leak([range(1, 2), range(2, 3)]));
    let said = refused(draft().body(purge(Purge::Bodies { class: Class::Access, ranges: touching })));
    assert!(said.starts_with("ranges: "));
    let within = List::from(leak([Target::record(1), Target::field(1, "email")]));
    let erasure = Body::ErasureIntent { targets: within, ground, requested_by: Who::from(user("u")), request: "r" };
    assert!(refused(draft().body(erasure)).starts_with("targets: "));
}

/// A2-Mon-0, A2-Mon-3: whoever is reviewed does not review, nor does anyone for him.
#[test]
fn nobody_reviews_himself() {
    let reviewed = leak([Who::from(user("u-17"))]);
    let body = Body::Review {
        from: at(0),
        until: at(1),
        range: range(0, 5),
        reviewed: List::from(reviewed),
        seen: Seen { size: 5, root: [0; 32] },
        findings: 0,
        report: [0; 32],
    };
    let by = |actor| Draft::new(Essentials { actor, ..essentials() }).body(body);
    assert_eq!(refused(by(user("u-17"))), "a review by one of those reviewed");
    assert!(Record::decode(&encode(by(user("u-18")))).is_ok());
    let for_him = by(user("u-18")).on_behalf_of(Delegation::new(user("u-17"), id("t")));
    assert_eq!(refused(for_him), "a review by one of those reviewed");
    // Nor in bytes that somebody else wrote.
    let mut bytes = encode(by(user("u-18")));
    let actor = bytes.windows(4).position(|four| four == b"u-18").unwrap();
    bytes[actor + 3] = b'7';
    let said = Record::decode(&bytes).err();
    assert_eq!(said, Some(RecordError::Invalid { at: bytes.len(), what: "a review by one of those reviewed" }));
}

#[test]
fn what_explains_the_log_is_of_its_class_and_came_about() {
    let of_class = "a record of the log itself that is of another class, or another that is of its";
    assert_eq!(refused(Draft::new(Essentials { class: Class::Log, ..essentials() })), of_class);
    let came_about = "a record of the log itself that did not come about";
    for body in bodies().into_iter().filter(|body| body.kind().is_control()) {
        let bytes = encode(draft().body(body));
        assert_eq!(Record::decode(&bytes).unwrap().class(), Class::Log);
        let mut other = bytes.clone();
        other[27] = 1;
        assert!(matches!(Record::decode(&other), Err(RecordError::Invalid { what, .. }) if what == of_class));
        let denied = draft().body(body).outcome(Outcome::Denied);
        if body.kind() == Kind::LogRead {
            assert!(Record::decode(&encode(denied)).is_ok());
        } else {
            assert_eq!(refused(denied), came_about, "{}", body.kind());
            let attempted =
                Draft::new(Essentials { phase: Phase::Attempt(OperationId::from_bytes([1; 16])), ..essentials() });
            assert_eq!(refused(attempted.body(body)), came_about);
        }
    }
}

#[test]
fn text_is_cut_to_its_cap_on_a_character_and_says_so() {
    // 511 bytes and then one of three: it does not fit.
    let long = "x".repeat(511) + "€" + "tail";
    let bytes = encode(draft().with("note", Value::internal_text(&long)));
    let Some(Value::Internal(text)) = Record::decode(&bytes).unwrap().attribute("note") else { panic!() };
    assert_eq!((text.text().len(), text.original_bytes()), (511, Some(518)));
    use sha2::Digest as _;
    assert_eq!(text.original_digest(), Some(sha2::Sha256::digest(long.as_bytes()).into()));
    assert!(text.to_string().ends_with("x\" (cut from 518 bytes)"));
    let fits = "x".repeat(512);
    let bytes = encode(draft().with("note", Value::internal_text(&fits)));
    let Some(Value::Internal(text)) = Record::decode(&bytes).unwrap().attribute("note") else { panic!() };
    assert_eq!((text.text(), text.original_bytes()), (fits.as_str(), None));
    let agent = encode(draft().user_agent(&long).forwarded(&long));
    let claimed = Record::decode(&agent).unwrap().claimed();
    assert_eq!(claimed.user_agent().unwrap().text().len(), 256);
    assert_eq!(claimed.forwarded().unwrap().original_bytes(), Some(518));
}

#[test]
fn a_record_over_its_limit_is_refused_and_leaves_nothing() {
    let long = "x".repeat(600);
    let names: Vec<String> = (0..256).map(|n| alloc::format!("field{n:03}")).collect();
    let mut draft = draft().changing(Action::Update);
    for name in &names {
        let value = Some(Value::internal_text(&long));
        draft = draft.change(FieldChange::new(name, Classification::Internal, value, value));
    }
    let mut bytes = alloc::vec![9];
    let said = draft.encode_into(place(), &mut bytes).map(|_| ()).unwrap_err();
    assert!(matches!(said, DraftError::TooLong { found } if found > Record::MAX_BYTES), "{said}");
    assert_eq!(bytes, [9]);
}

#[test]
fn without_entropy_there_is_no_commitment() {
    struct Broken;
    impl Entropy for Broken {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyError> {
            Err(EntropyError::Unavailable)
        }
    }
    let unavailable = Some(DraftError::Entropy(EntropyError::Unavailable));
    assert_eq!(draft().personal(&mut Broken, "email", "a").err(), unavailable);
    assert_eq!(draft().claimed_name(&mut Broken, "a").err(), unavailable);
    assert_eq!(draft().commit_source(&mut Broken).err(), unavailable);
    assert_eq!(draft().change_personal(&mut Broken, "email", None, Some("a")).err(), unavailable);
}

#[test]
fn recording_never_goes_back_and_keeps_the_events_own_instant() {
    let second = Duration::from_secs(1);
    let noon = at(60_000_000);
    let first = Place::first(Now::from(noon));
    assert_eq!((first.index(), first.is_clamped()), (0, false));
    for (clock, recorded_at, clamped) in [
        (noon.saturating_sub(second), noon, true),
        (noon, noon, false),
        (noon.saturating_add(second), noon.saturating_add(second), false),
    ] {
        let next = first.next(Now::from(clock));
        assert_eq!((next.index(), next.recorded_at(), next.is_clamped()), (1, recorded_at, clamped));
        let mut bytes = Vec::new();
        let _ = draft().encode_into(next, &mut bytes).unwrap();
        let record = Record::decode(&bytes).unwrap();
        assert_eq!((record.place(), record.at()), (next, at(1_000_000)));
        assert!(!record.is_ahead());
    }
    let mut ahead = Draft::new(Essentials { at: at(2_000_001), ..essentials() });
    let mut bytes = Vec::new();
    let _ = ahead.encode_into(place(), &mut bytes).unwrap();
    assert!(Record::decode(&bytes).unwrap().is_ahead());
}

fn phased(phase: Phase, place: Place) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = Draft::new(Essentials { phase, ..essentials() }).encode_into(place, &mut bytes).unwrap();
    bytes
}

#[test]
fn an_attempt_stays_open_until_it_is_completed() {
    let (one, two) = (OperationId::from_bytes([1; 16]), OperationId::from_bytes([2; 16]));
    let mut place = Place::first(Now::from(at(10)));
    let mut log = Vec::new();
    let phases = [
        Phase::Attempt(one),
        Phase::Whole(Outcome::Failed),
        Phase::Attempt(two),
        Phase::Attempt(two), // an id that a host used twice
        Phase::Completion(two, Outcome::TimedOut),
        Phase::Completion(OperationId::from_bytes([3; 16]), Outcome::Success), // of an attempt before this part of the log
    ];
    for phase in phases {
        log.push(phased(phase, place));
        place = place.next(Now::from(place.recorded_at().saturating_add(Duration::from_micros(10))));
    }
    let records: Vec<_> = log.iter().map(|bytes| Record::decode(bytes).unwrap()).collect();
    let open = |until| -> Vec<_> {
        open_attempts(&records, at(until)).iter().map(|open| (open.operation, open.index)).collect()
    };
    assert_eq!(open(1_000), [(one, 0), (two, 2)]);
    assert_eq!(open(11), [(one, 0)]);
    assert_eq!(open(10), []);

    // Whoever finds it completes it; then it is open no more, and each of the two records says its own.
    let job = Actor::Job(id("sweeper").clone());
    let mut bytes = Vec::new();
    let mut completion = Draft::completing(&records[0], Outcome::Unknown, at(99), &job).unwrap();
    let _ = completion.encode_into(place, &mut bytes).unwrap();
    assert!(Draft::completing(&records[1], Outcome::Unknown, at(99), &job).is_none());
    let completion = Record::decode(&bytes).unwrap();
    assert_eq!(completion.phase(), Phase::Completion(one, Outcome::Unknown));
    assert_eq!(
        (completion.code(), completion.about(), completion.actor().kind()),
        (CODE.as_str(), records[0].about(), ActorKind::Job)
    );
    let left = open_attempts(records.iter().chain([&completion]), at(1_000));
    assert_eq!(left.iter().map(|open| open.index).collect::<Vec<_>>(), [2]);
}

/// Whatever was attempted can be completed, and the completion has nothing of its own to disclose.
#[test]
fn an_attempt_of_any_kind_can_be_completed() {
    let job = Actor::Job(id("sweeper").clone());
    let phase = Phase::Attempt(OperationId::from_bytes([1; 16]));
    let kinds = bodies().into_iter().filter(|body| !body.kind().is_control() || body.kind() == Kind::LogRead);
    for body in kinds {
        let attempt = Draft::new(Essentials { phase, ..essentials() }).body(body);
        let attempt = encode(attempt.personal(&mut Counting(1), "email", "a").unwrap());
        let attempt = Record::decode(&attempt).unwrap();
        let completion = encode(Draft::completing(&attempt, Outcome::TimedOut, at(9), &job).unwrap());
        let completion = Record::decode(&completion).unwrap();
        assert_eq!((completion.class(), completion.commitments().count()), (attempt.class(), 0));
        assert!(open_attempts([&attempt, &completion], at(i64::from(u32::MAX))).is_empty());
    }
}

/// The characters by their Unicode names and ranges, not by our function.
#[test]
fn a_record_prints_on_one_safe_line() {
    let c0 = (0_u32..0x20).chain([0x7f]);
    let c1 = 0x80_u32..0xa0; // with U+0085, next line
    let lines = [0x2028_u32, 0x2029];
    let bidi = [0x061c_u32, 0x200e, 0x200f].into_iter().chain(0x202a..=0x202e).chain(0x2066..=0x2069);
    let hidden = [0x200b_u32, 0x200c, 0x200d, 0x2060, 0xfeff, 0xe0001, 0xe007f];
    let unsafe_ones: Vec<char> =
        c0.chain(c1).chain(lines).chain(bidi).chain(hidden).map(|code| char::from_u32(code).unwrap()).collect();
    assert_eq!(unsafe_ones.len(), 33 + 32 + 2 + 12 + 7);
    for part in unsafe_ones.chunks(50) {
        let text: String = part.iter().collect();
        assert_eq!(Escaped(&text).to_string().chars().filter(|c| !c.is_ascii_graphic()).count(), 0);
        let record = encode(draft().user_agent(&text).forwarded(&text).with("note", Value::public_text(&text)));
        let line = Record::decode(&record).unwrap().to_string();
        assert!(!line.contains(part), "{line:?}");
    }
    // What is printed back is what was there: the escapes are unambiguous.
    assert_eq!(Escaped("a\\n\n\"").to_string(), r#"a\\n\n\""#);
    for body in bodies() {
        let bytes = encode(full(body));
        let line = Record::decode(&bytes).unwrap().to_string();
        assert!(!line.contains(&unsafe_ones[..]), "{line:?}");
        assert!(line.starts_with(
            "#7 1970-01-01T00:00:01.000000Z tenant:acme shop.changed success by user:u-17 for user:u-4 by ticket-1"
        ));
        assert!(line.ends_with(r#"claims user agent "curl/8\n\u{202e}", claims forwarded for "203.0.113.9, 10.0.0.1" [E-5.4, A2-Input-8]"#), "{line}");
    }
}
