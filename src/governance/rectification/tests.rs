use alloc::vec;
use core::time::Duration;

use super::*;
use crate::id::OpaqueId;
use crate::store::Next;
use crate::{AccountId, Now, Timestamp};

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn at(seconds: u64) -> Now {
    Timestamp::MIN.saturating_add(Duration::from_secs(seconds)).into()
}

fn policy() -> RectificationPolicy {
    RectificationPolicy::builder().target_days(1).recipient(id("mail")).recipient(id("crm")).build().unwrap()
}

fn open(fields: &[&str]) -> RectificationState {
    let fields = fields.iter().copied().map(id);
    match request(at(0), &policy(), &Requester::Person(anna()), &anna(), fields).into_parts() {
        (Next::Put(state), RequestOutcome::Requested, _) => state,
        other => panic!("{other:?}"),
    }
}

fn decided(state: RectificationState, field: &str, verdict: FieldVerdict) -> RectificationState {
    match decide_field(state, at(1), &id(field), verdict).into_parts() {
        (Next::Put(state), FieldOutcome::Decided, _) => state,
        other => panic!("{other:?}"),
    }
}

fn told(state: RectificationState, who: &Told) -> RectificationState {
    match tell(state, at(2), who).into_parts() {
        (Next::Put(state), TellOutcome::Noted, _) => state,
        other => panic!("{other:?}"),
    }
}

#[test]
fn e_1_3_who_may_ask_for_whom() {
    let ben = AccountId::try_new("u-18").unwrap();
    let outcome = |by: &Requester, fields: usize| {
        let fields = (0..fields).map(|number| id(&alloc::format!("f-{number}")));
        *request(at(0), &policy(), by, &anna(), fields).outcome()
    };
    assert_eq!(outcome(&Requester::Person(anna()), 1), RequestOutcome::Requested);
    assert_eq!(outcome(&Requester::Person(ben.clone()), 1), RequestOutcome::NotTheirs);
    assert_eq!(outcome(&Requester::Administrator(ben), 1), RequestOutcome::Requested);
    assert_eq!(outcome(&Requester::Person(anna()), 0), RequestOutcome::NoFields);
    assert_eq!(outcome(&Requester::Person(anna()), RectificationState::MAX_FIELDS), RequestOutcome::Requested);
    assert_eq!(outcome(&Requester::Person(anna()), RectificationState::MAX_FIELDS + 1), RequestOutcome::NoFields);
    let refused = request(at(0), &policy(), &Requester::Person(anna()), &anna(), []);
    assert_eq!((refused.next(), refused.facts()[0].code()), (&Next::Keep, REQUEST_REFUSED));
}

#[test]
fn e_1_3_a_request_ends_when_every_field_is_decided_and_everybody_told() {
    let state = open(&["phone", "name"]);
    assert_eq!(status(&state, &policy()), RectificationStatus::ToDecide(vec![id("name"), id("phone")]));
    assert_eq!(tell(state.clone(), at(1), &Told::Person).outcome(), &TellOutcome::TooEarly);
    assert_eq!(tell(state.clone(), at(1), &Told::Recipient(id("crm"))).outcome(), &TellOutcome::TooEarly);

    let state = decided(state, "phone", FieldVerdict::Applied);
    assert_eq!(status(&state, &policy()), RectificationStatus::ToDecide(vec![id("name")]));
    assert_eq!(tell(state.clone(), at(1), &Told::Person).outcome(), &TellOutcome::TooEarly); // not the half of it
    let state = decided(state, "name", FieldVerdict::Refused(RefusalGround::Accurate));
    let to_tell = |person, recipients| RectificationStatus::ToTell { person, recipients };
    assert_eq!(status(&state, &policy()), to_tell(true, vec![id("crm"), id("mail")]));
    let state = told(state, &Told::Recipient(id("mail")));
    assert_eq!(tell(state.clone(), at(9), &Told::Recipient(id("mail"))).outcome(), &TellOutcome::Already);
    let state = told(state, &Told::Person);
    assert_eq!(tell(state.clone(), at(9), &Told::Person).outcome(), &TellOutcome::Already);
    assert_eq!(status(&state, &policy()), to_tell(false, vec![id("crm")]));
    assert_eq!(status(&told(state, &Told::Recipient(id("crm"))), &policy()), RectificationStatus::Done);
}

#[test]
fn a_recipient_is_told_of_the_whole_of_it() {
    // Told after the first field, nobody would be told of the second.
    let state = decided(open(&["name", "phone"]), "phone", FieldVerdict::Applied);
    assert_eq!(tell(state.clone(), at(1), &Told::Recipient(id("crm"))).outcome(), &TellOutcome::TooEarly);
    let state = decided(state, "name", FieldVerdict::Applied);
    let state = told(told(state, &Told::Recipient(id("crm"))), &Told::Recipient(id("mail")));
    let half = serde_json::to_string(&state)
        .unwrap()
        .replace(r#""name":{"applied":{"at":"0001-01-01T00:00:01.000000Z"}}"#, r#""name":"open""#);
    assert!(half.contains("open") && serde_json::from_str::<RectificationState>(&half).is_err());
}

#[test]
fn a_field_that_is_named_often_hides_no_other() {
    let fields = core::iter::repeat_n("name", RectificationState::MAX_FIELDS + 1).chain(["phone"]).map(id);
    let asked = request(at(0), &policy(), &Requester::Person(anna()), &anna(), fields);
    let Next::Put(state) = asked.into_parts().0 else { panic!() };
    assert_eq!(status(&state, &policy()), RectificationStatus::ToDecide(vec![id("name"), id("phone")]));
}

#[test]
fn nothing_was_changed_so_no_recipient_is_told() {
    let state = decided(open(&["name"]), "name", FieldVerdict::Refused(RefusalGround::RequiredByLaw));
    assert_eq!(tell(state.clone(), at(2), &Told::Recipient(id("crm"))).outcome(), &TellOutcome::TooEarly);
    assert_eq!(status(&told(state, &Told::Person), &policy()), RectificationStatus::Done);
}

#[test]
fn a_field_is_decided_once() {
    let state = decided(open(&["name"]), "name", FieldVerdict::Refused(RefusalGround::NotProvided));
    let again = decide_field(state.clone(), at(5), &id("name"), FieldVerdict::Applied);
    assert!(matches!(
        again.outcome(),
        FieldOutcome::Already(FieldState::Refused { ground: RefusalGround::NotProvided, .. })
    ));
    assert_eq!(again.next(), &Next::Keep);
    assert_eq!(decide_field(state, at(5), &id("phone"), FieldVerdict::Applied).outcome(), &FieldOutcome::NoSuchField);
}

#[test]
fn the_hosts_target_is_the_only_one_and_ends_at_its_instant() {
    let day = 24 * 60 * 60;
    let state = open(&["name"]);
    for (second, late) in [(day - 1, false), (day, true), (day + 1, true)] {
        assert_eq!(is_late(&state, at(second), &policy()), late, "{second}");
    }
    let without = RectificationPolicy::builder().build().unwrap();
    assert!(!is_late(&state, Timestamp::MAX.into(), &without));
    let done = told(decided(state, "name", FieldVerdict::Refused(RefusalGround::Accurate)), &Told::Person);
    assert!(!is_late(&done, at(9 * day), &policy()));
}

#[test]
fn no_event_holds_what_was_wrong() {
    let asked = request(at(0), &policy(), &Requester::Person(anna()), &anna(), [id("phone")]);
    let fact = &asked.facts()[0];
    assert_eq!((fact.code(), fact.detail("fields").unwrap().as_count()), (REQUESTED, Some(1)));
    assert_eq!(fact.detail("target").unwrap().as_text(), Some("0001-01-02T00:00:00.000000Z"));
}

#[test]
fn a_row_that_tells_before_it_decides_is_not_read() {
    let state = told(decided(open(&["name"]), "name", FieldVerdict::Applied), &Told::Recipient(id("crm")));
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<RectificationState>(&text).unwrap(), state);
    let undone = text.replace(r#"{"applied":{"at":"0001-01-01T00:00:01.000000Z"}}"#, r#""open""#);
    assert_ne!(undone, text);
    assert!(serde_json::from_str::<RectificationState>(&undone).is_err());
    let no_fields = text.replace(r#""name":{"applied":{"at":"0001-01-01T00:00:01.000000Z"}}"#, "");
    assert!(serde_json::from_str::<RectificationState>(&no_fields).is_err());
}

/// The event of a refusal says its ground, in the words of the stable names.
#[test]
fn e_1_3_the_event_of_a_refusal_says_its_ground() {
    for (ground, word) in [
        (RefusalGround::Accurate, "accurate"),
        (RefusalGround::NotProvided, "not_provided"),
        (RefusalGround::Unidentified, "unidentified"),
        (RefusalGround::RequiredByLaw, "required_by_law"),
    ] {
        let decided = decide_field(open(&["name"]), at(1), &id("name"), FieldVerdict::Refused(ground));
        assert_eq!(decided.facts()[0].detail("ground").unwrap().as_text(), Some(word));
    }
}

/// No policy names more than a hundred recipients, and no row holds more.
#[test]
fn a_hundred_recipients_are_taken_down_and_no_more() {
    let state = decided(open(&["name"]), "name", FieldVerdict::Applied);
    let one = |state, n: usize| told(state, &Told::Recipient(id(&alloc::format!("r-{n}"))));
    let state = (0..100).fold(state, one);
    let more = tell(state.clone(), at(2), &Told::Recipient(id("r-100")));
    assert_eq!((more.next(), more.outcome()), (&Next::Keep, &TellOutcome::Already));
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<RectificationState>(&text).unwrap(), state);
}
