use alloc::borrow::ToOwned;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::id::OpaqueId;
use crate::secret::Keyring;
use crate::store::Next;
use crate::{AccountId, Now, TenantId, Timestamp};

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn at(seconds: u64) -> Now {
    Timestamp::MIN.saturating_add(Duration::from_secs(seconds)).into()
}

fn policy(unasked: Unasked) -> CommunicationPolicy {
    CommunicationPolicy::builder()
        .topic(id("news"), MessageClass::Marketing)
        .topic(id("offers"), MessageClass::Marketing)
        .topic(id("invoices"), MessageClass::Transactional)
        .topic(id("incidents"), MessageClass::Security)
        .unasked(unasked)
        .build()
        .unwrap()
}

fn one(topic: &str) -> Topic {
    Topic::One(id(topic))
}

/// The state after the choices, each made a second after the one before.
fn after(choices: &[(Chooser, Topic, Choice)]) -> PreferenceState {
    let mut state = None;
    for (second, (by, topic, choice)) in (0_u64..).zip(choices) {
        let chosen = choose(state.clone(), at(second), &policy(Unasked::Refuse), by, topic.clone(), *choice);
        if let (Next::Put(next), ChooseOutcome::Chosen, _) = chosen.into_parts() {
            state = Some(next);
        }
    }
    state.unwrap_or_default()
}

#[test]
fn e_1_2_marketing_goes_only_where_it_is_wanted() {
    use Choice::{In, Out};
    use Chooser::Person;
    type Made = Vec<(Chooser, Topic, Choice)>;
    let refused = SendVerdict::Refused;
    let rows: [(Made, Unasked, &str, SendVerdict); 12] = [
        (vec![], Unasked::Refuse, "news", refused(SendRefusal::NeverAsked)),
        (vec![], Unasked::Send, "news", SendVerdict::Send(Ground::Unasked)),
        (vec![], Unasked::Send, "typo", refused(SendRefusal::NoSuchTopic)),
        (vec![(Person, one("news"), In)], Unasked::Refuse, "news", SendVerdict::Send(Ground::OptedIn)),
        (vec![(Person, one("news"), In)], Unasked::Refuse, "offers", refused(SendRefusal::NeverAsked)),
        (vec![(Person, one("news"), Out)], Unasked::Send, "news", refused(SendRefusal::OptedOut)),
        (vec![(Person, one("news"), Out)], Unasked::Send, "offers", SendVerdict::Send(Ground::Unasked)),
        (vec![(Person, Topic::All, Out)], Unasked::Send, "offers", refused(SendRefusal::OptedOut)),
        // Out of all after in to one: nothing is left. In to one after that: that one.
        (
            vec![(Person, one("news"), In), (Person, Topic::All, Out)],
            Unasked::Send,
            "news",
            refused(SendRefusal::OptedOut),
        ),
        (
            vec![(Person, Topic::All, Out), (Person, one("news"), In)],
            Unasked::Refuse,
            "news",
            SendVerdict::Send(Ground::OptedIn),
        ),
        // In to all does not undo what was said of one.
        (
            vec![(Person, one("news"), Out), (Person, Topic::All, In)],
            Unasked::Send,
            "news",
            refused(SendRefusal::OptedOut),
        ),
        (
            vec![(Person, one("news"), Out), (Person, Topic::All, In)],
            Unasked::Refuse,
            "offers",
            SendVerdict::Send(Ground::OptedIn),
        ),
    ];
    for (made, unasked, topic, expected) in rows {
        let state = after(&made);
        assert_eq!(may_send(&policy(unasked), [&state], &Message::about(id(topic))), expected, "{made:?} {topic}");
    }
}

#[test]
fn e_4_2_notices_are_never_held_back() {
    let out = after(&[(Chooser::Person, Topic::All, Choice::Out)]);
    for message in [
        Message::security(),
        Message::transactional(),
        Message::about(id("incidents")),
        Message::about(id("invoices")),
        Message::about(id("incidents")).called(MessageClass::Security),
    ] {
        assert_eq!(
            may_send(&policy(Unasked::Refuse), [&out], &message),
            SendVerdict::Send(Ground::NeverHeldBack),
            "{message:?}"
        );
    }
}

#[test]
fn marketing_under_another_name_goes_to_nobody() {
    let wanted = after(&[(Chooser::Person, Topic::All, Choice::In)]);
    for class in [MessageClass::Security, MessageClass::Transactional] {
        for topic in ["news", "unheard-of"] {
            let verdict = may_send(&policy(Unasked::Send), [&wanted], &Message::about(id(topic)).called(class));
            assert_eq!(verdict, SendVerdict::Refused(SendRefusal::Mislabelled), "{topic}");
        }
    }
    let as_is = Message::about(id("news")).called(MessageClass::Marketing);
    assert_eq!(may_send(&policy(Unasked::Refuse), [&wanted], &as_is), SendVerdict::Send(Ground::OptedIn));
    // A class said twice is the stricter, whichever came first.
    for [first, second] in
        [[MessageClass::Marketing, MessageClass::Security], [MessageClass::Security, MessageClass::Marketing]]
    {
        let twice = CommunicationPolicy::builder().topic(id("t"), first).topic(id("t"), second).build().unwrap();
        assert_eq!(twice.class_of(&id("t")), Some(MessageClass::Marketing));
    }
}

#[test]
fn only_the_person_opts_in() {
    let import = |evidence: Option<&str>| Chooser::Import { evidence: evidence.map(id) };
    for (by, opts_in) in [
        (Chooser::Person, true),
        (Chooser::Link, false),
        (Chooser::Staff, false),
        (import(None), false),
        (import(Some("export-2026")), true),
    ] {
        for topic in [Topic::All, one("news")] {
            let outcome = |choice| *choose(None, at(0), &policy(Unasked::Send), &by, topic.clone(), choice).outcome();
            let expected = if opts_in { ChooseOutcome::Chosen } else { ChooseOutcome::NotThePerson };
            assert_eq!(outcome(Choice::In), expected, "{by:?}");
            assert_eq!(outcome(Choice::Out), ChooseOutcome::Chosen, "{by:?}");
        }
    }
    let refused = choose(None, at(0), &policy(Unasked::Send), &Chooser::Link, Topic::All, Choice::In);
    assert_eq!(refused.next(), &Next::Keep);
    assert_eq!(refused.facts()[0].code(), CHOICE_REFUSED);
}

#[test]
fn a_topic_that_is_not_marketings_cannot_be_chosen_and_an_opt_out_is_never_lost() {
    let outcome =
        |topic, choice| *choose(None, at(0), &policy(Unasked::Send), &Chooser::Person, one(topic), choice).outcome();
    assert_eq!(outcome("invoices", Choice::In), ChooseOutcome::NoSuchTopic);
    assert_eq!(outcome("typo", Choice::In), ChooseOutcome::NoSuchTopic);
    // From a node that has the topic already: it holds here too.
    assert_eq!(outcome("typo", Choice::Out), ChooseOutcome::Chosen);

    // Filled up with topics that the host no longer has: those of today still find room, and what was refused says so.
    let gone: Vec<_> = (0..CommunicationPolicy::MAX_TOPICS)
        .map(|number| (Chooser::Person, one(&alloc::format!("old-{number}")), Choice::Out))
        .collect();
    let full = after(&gone);
    let policy = policy(Unasked::Send);
    let one_more = choose(Some(full.clone()), at(0), &policy, &Chooser::Person, one("old-x"), Choice::Out);
    assert_eq!(one_more.outcome(), &ChooseOutcome::NoSuchTopic);
    let (Next::Put(now), ChooseOutcome::Chosen, _) =
        choose(Some(full), at(0), &policy, &Chooser::Person, one("news"), Choice::Out).into_parts()
    else {
        panic!()
    };
    assert_eq!(may_send(&policy, [&now], &Message::about(id("news"))), SendVerdict::Refused(SendRefusal::OptedOut));
    // What made room has left the history too, is counted, and the row is read again.
    assert_eq!((now.history().count(), now.folded()), (1, 100));
    assert_eq!(serde_json::from_str::<PreferenceState>(&serde_json::to_string(&now).unwrap()).unwrap(), now);
}

#[test]
fn any_of_several_records_opts_out() {
    let (wanted, out) = (
        after(&[(Chooser::Person, one("news"), Choice::In)]),
        after(&[(Chooser::Link, Topic::All, Choice::Out)]), // of the address, from before there was an account
    );
    let news = Message::about(id("news"));
    for both in [[&wanted, &out], [&out, &wanted]] {
        assert_eq!(may_send(&policy(Unasked::Send), both, &news), SendVerdict::Refused(SendRefusal::OptedOut));
    }
}

#[test]
fn the_history_is_in_the_order_of_choices_and_bounded_without_changing_what_stands() {
    let person = |topic: &str, choice| (Chooser::Person, one(topic), choice);
    let mut state = after(&[person("news", Choice::Out)]);
    // A clock that was once years ahead dates that choice alone.
    let ahead =
        choose(Some(state.clone()), at(999_999), &policy(Unasked::Send), &Chooser::Person, one("news"), Choice::Out);
    let (Next::Put(ahead), ..) = ahead.into_parts() else { panic!() };
    let right = choose(Some(ahead), at(5), &policy(Unasked::Send), &Chooser::Person, one("offers"), Choice::In);
    let (Next::Put(right), ..) = right.into_parts() else { panic!() };
    let dates: Vec<_> = right.history().map(Choosing::at).collect();
    assert_eq!(dates, [0, 999_999, 5].map(|second| at(second).timestamp()));

    for second in 1..=u64::try_from(PreferenceState::MAX_HISTORY).unwrap() {
        let chosen =
            choose(Some(state), at(second), &policy(Unasked::Send), &Chooser::Person, one("offers"), Choice::In);
        let (Next::Put(next), ..) = chosen.into_parts() else { panic!() };
        state = next;
    }
    assert_eq!((state.history().count(), state.folded()), (PreferenceState::MAX_HISTORY, 1));
    assert!(state.history().all(|made| made.topic() == &one("offers"))); // the opt-out of news has left the list
    let news = Message::about(id("news"));
    assert_eq!(may_send(&policy(Unasked::Send), [&state], &news), SendVerdict::Refused(SendRefusal::OptedOut));
    let text = serde_json::to_string(&state).unwrap();
    assert!(text.len() < crate::store::MAX_TEXT_BYTES / 2);
    assert_eq!(serde_json::from_str::<PreferenceState>(&text).unwrap(), state);
}

#[test]
fn a_row_whose_opt_out_was_cut_out_is_not_read() {
    let state = after(&[(Chooser::Person, Topic::All, Choice::Out), (Chooser::Person, one("news"), Choice::Out)]);
    let text = serde_json::to_string(&state).unwrap();
    assert!(serde_json::from_str::<PreferenceState>(&text).is_ok());
    for (from, to) in [(r#""all":"out","#, ""), (r#"{"news":"out"}"#, "{}"), (r#"{"news":"out"}"#, r#"{"news":"in"}"#)]
    {
        let cut = text.replace(from, to);
        assert_ne!(cut, text);
        assert!(serde_json::from_str::<PreferenceState>(&cut).is_err(), "{cut}");
        // Nor where older choices are no longer shown: what is shown still has to stand.
        let folded = cut.trim_end_matches('}').to_owned() + r#","folded":9}"#;
        assert!(serde_json::from_str::<PreferenceState>(&folded).is_err(), "{folded}");
    }
    let folded = text.trim_end_matches('}').to_owned() + r#","folded":9}"#;
    assert!(serde_json::from_str::<PreferenceState>(&folded).is_ok(), "{folded}");
}

#[test]
fn the_longest_record_fits_its_row() {
    let long = |number: usize| alloc::format!("{number:064}");
    let topics = CommunicationPolicy::MAX_TOPICS;
    let made: Vec<_> = (0..PreferenceState::MAX_HISTORY)
        .map(|number| (Chooser::Person, one(&long(number % topics)), Choice::Out))
        .collect();
    let text = serde_json::to_string(&after(&made)).unwrap();
    assert!(text.len() < crate::store::MAX_TEXT_BYTES - 2048, "{}", text.len()); // a key and a stamp beside it
}

#[test]
fn marks_of_an_address_tell_nothing_and_follow_the_keys() {
    let (acme, other) = (TenantId::try_new("acme").unwrap(), TenantId::try_new("other").unwrap());
    let old = Keyring::new(id("k1"), [1; 32]);
    let new = Keyring::new(id("k2"), [2; 32]).with_retired(id("k1"), [1; 32]).unwrap();
    let keys = |ring: &Keyring, tenant: &TenantId, address: &str| address_keys(ring, tenant, address);
    let before = keys(&old, &acme, "anna@example.com");
    assert_eq!(before.len(), 1);
    assert_eq!(keys(&new, &acme, " ANNA@example.com ")[1], before[0]); // found after the keys changed
    assert_ne!(keys(&new, &acme, "anna@example.com")[0], before[0]);
    assert_ne!(keys(&old, &other, "anna@example.com")[0].id(), before[0].id());
    assert_ne!(keys(&old, &acme, "ann@example.com"), before);
    // U+03A3 has two lower cases, U+03C3 and at the end of a word U+03C2 (Unicode, SpecialCasing.txt).
    let (small, capital) =
        ("\u{3bd}\u{3af}\u{3ba}\u{3bf}\u{3c2}@example.com", "\u{39d}\u{38a}\u{39a}\u{39f}\u{3a3}@example.com");
    assert_eq!(keys(&old, &acme, small), keys(&old, &acme, capital));
    // Composed and decomposed: U+00E9, and e with U+0301 (Unicode Standard Annex 15, figure 3 has the like).
    assert_eq!(keys(&old, &acme, "ren\u{e9}@example.com"), keys(&old, &acme, "rene\u{301}@example.com"));
}

#[test]
fn a_link_names_nobody_and_ends() {
    let anna = AccountId::try_new("u-17").unwrap();
    let mut entropy = crate::entropy::OsEntropy;
    let (token, filed) = link(at(0), &mut entropy, anna.clone(), one("news"), Duration::from_secs(60)).unwrap();
    assert!(!token.expose().contains("u-17"));
    let (Next::PutUntil { state, collect_after }, (), facts) = filed.into_parts() else { panic!() };
    assert_eq!((state.account(), state.topic(), facts.len()), (&anna, &one("news"), 0));
    assert_eq!(collect_after, at(60).timestamp());
}

proptest! {
    /// After an opt-out of all, whatever else is done but the person's own opting in, nothing of marketing is sent;
    /// and notices always are.
    #[test]
    fn an_opt_out_outlives_all_but_the_persons_own_word(
        before in proptest::collection::vec((0..4_u8, 0..3_u8, any::<bool>()), 0..12),
        later in proptest::collection::vec((0..4_u8, 0..3_u8, any::<bool>(), 0..100_u64), 0..12),
    ) {
        let by = |number| match number {
            0 => Chooser::Person,
            1 => Chooser::Link,
            2 => Chooser::Staff,
            _ => Chooser::Import { evidence: None },
        };
        let topic = |number| match number { 0 => Topic::All, 1 => one("news"), _ => one("offers") };
        let choice = |wanted| if wanted { Choice::In } else { Choice::Out };
        let mut made: Vec<_> = before.iter().map(|(who, what, wanted)| (by(*who), topic(*what), choice(*wanted))).collect();
        made.push((Chooser::Link, Topic::All, Choice::Out));
        let mut state = after(&made);
        for (who, what, wanted, second) in later {
            if who == 0 && wanted { continue; } // the person's own word
            let chosen = choose(Some(state.clone()), at(second), &policy(Unasked::Send), &by(who), topic(what), choice(wanted));
            if let (Next::Put(next), ..) = chosen.into_parts() { state = next; }
        }
        for topic in ["news", "offers", "never-heard-of"] {
            let verdict = may_send(&policy(Unasked::Send), [&state], &Message::about(id(topic)));
            prop_assert_eq!(verdict, SendVerdict::Refused(SendRefusal::OptedOut), "{}", topic);
        }
        prop_assert!(may_send(&policy(Unasked::Refuse), [&state], &Message::security()).is_sent());
    }
}

/// The event of a choice says what was chosen, of what, and on whose word.
#[test]
fn e_1_2_the_event_of_a_choice_says_what_and_how() {
    let import = Chooser::Import { evidence: Some(id("export-3")) };
    for (by, choice, wanted, way) in [
        (Chooser::Person, Choice::In, true, "person"),
        (Chooser::Person, Choice::Out, false, "person"),
        (Chooser::Link, Choice::Out, false, "link"),
        (Chooser::Staff, Choice::Out, false, "staff"),
        (import, Choice::In, true, "import"),
    ] {
        let chosen = choose(None, at(0), &policy(Unasked::Refuse), &by, one("news"), choice);
        let detail = |name| chosen.facts()[0].detail(name).cloned();
        assert_eq!(detail("wanted").unwrap().as_flag(), Some(wanted), "{by:?}");
        assert_eq!(detail("way").unwrap().as_text(), Some(way), "{by:?}");
        assert_eq!(detail("topic").unwrap().as_text(), Some("news"));
    }
}

#[test]
fn only_what_is_sent_is_sent() {
    assert!(SendVerdict::Send(Ground::OptedIn).is_sent());
    assert!(!SendVerdict::Refused(SendRefusal::OptedOut).is_sent());
}
