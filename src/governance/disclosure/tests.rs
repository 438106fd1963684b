use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::id::OpaqueId;
use crate::store::{Next, Transition};
use crate::{Now, Timestamp};

const HOUR: u64 = 60 * 60;

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn at(seconds: u64) -> Now {
    Timestamp::MIN.saturating_add(Duration::from_secs(1_000_000 + seconds)).into()
}

/// Two approvals within two hours, released within one.
fn policy() -> DisclosurePolicy {
    DisclosurePolicy::builder().approvals(2).pending_hours(2).release_within_hours(1).build().unwrap()
}

fn open(ground: DisclosureGround) -> DisclosureState {
    let ask = Ask::new(ground, id("paper-1"), id("court"), [id("log")]);
    let Next::Put(state) = request(at(0), id("s-1"), ask).into_parts().0 else { panic!() };
    state
}

fn put<O: PartialEq + core::fmt::Debug>(transition: Transition<DisclosureState, O>, expected: &O) -> DisclosureState {
    assert_eq!(transition.outcome(), expected);
    let Next::Put(state) = transition.into_parts().0 else { panic!() };
    state
}

fn approved(ground: DisclosureGround, second: u64) -> DisclosureState {
    approved_again(open(ground), second)
}

fn approved_again(state: DisclosureState, second: u64) -> DisclosureState {
    let state = put(approve(state, at(0), &policy(), &id("s-2")), &ApproveOutcome::Approved { missing: 1 });
    put(approve(state, at(second), &policy(), &id("s-3")), &ApproveOutcome::Approved { missing: 0 })
}

fn refusals(state: &DisclosureState, now: Now) -> Vec<ReleaseRefusal> {
    match release(state.clone(), now, &policy()).into_parts().1 {
        ReleaseOutcome::Released(_) => vec![],
        ReleaseOutcome::Refused(refusals) => refusals,
    }
}

#[test]
fn e_3_1_nothing_leaves_without_approval_by_others_and_notice_before() {
    let law = DisclosureGround::RequiredByLaw;
    let not_told = ReleaseRefusal::CustomerNotTold;
    assert_eq!(refusals(&open(law), at(1)), [ReleaseRefusal::NotApproved { has: 0, needs: 2 }, not_told]);

    let state = open(law);
    let own = approve(state.clone(), at(1), &policy(), &id("s-1"));
    assert_eq!((own.outcome(), own.next()), (&ApproveOutcome::OwnRequest, &Next::Keep));
    let state = put(approve(state, at(1), &policy(), &id("s-2")), &ApproveOutcome::Approved { missing: 1 });
    assert_eq!(approve(state.clone(), at(2), &policy(), &id("s-2")).outcome(), &ApproveOutcome::Already); // counts once
    assert_eq!(refusals(&state, at(2)), [ReleaseRefusal::NotApproved { has: 1, needs: 2 }, not_told]);
    let state = put(approve(state, at(2), &policy(), &id("s-3")), &ApproveOutcome::Approved { missing: 0 });
    assert_eq!(refusals(&state, at(2)), [not_told]);
    let state = put(give_notice(state, at(3)), &NoticeOutcome::Noted);

    let (next, outcome, facts) = release(state, at(4), &policy()).into_parts();
    let (Next::Put(state), ReleaseOutcome::Released(permit)) = (next, outcome) else { panic!() };
    assert!(permit.covers(&id("log")) && !permit.covers(&id("invoices")) && permit.recipient() == &id("court"));
    assert_eq!(facts[0].detail("customer_told").unwrap().as_flag(), Some(true));
    assert_eq!(refusals(&state, at(5)), [ReleaseRefusal::AlreadyReleased]); // once
    assert_eq!(approve(state.clone(), at(5), &policy(), &id("s-4")).outcome(), &ApproveOutcome::Ended);
    assert_eq!(refuse(state, at(5)).outcome(), &RefuseOutcome::Ended);
}

#[test]
fn the_customers_own_instruction_needs_approval_and_no_notice() {
    let state = approved(DisclosureGround::CustomerInstruction, 0);
    assert_eq!(refusals(&state, at(1)), []);
    assert_eq!(owed(&state, at(1)), None);
    assert_eq!(
        forbid_notice(state, at(1), id("law"), at(2).timestamp()).outcome(),
        &ForbidOutcome::NoLaw // and no law can be made to hide it
    );
}

#[test]
fn scc_5d_i_a_prohibition_puts_the_notice_off_and_does_not_end_it() {
    let review = at(600).timestamp();
    let state = approved(DisclosureGround::RequiredByLaw, 0);
    let state = put(forbid_notice(state, at(0), id("gag"), review), &ForbidOutcome::Noted);
    // Whoever approved it had a customer in mind that would know. The same law again is no news.
    assert_eq!(refusals(&state, at(0)), [ReleaseRefusal::NotApproved { has: 0, needs: 2 }]);
    let state = approved_again(state, 0);
    let state = put(forbid_notice(state, at(0), id("gag"), review), &ForbidOutcome::Noted);
    assert_eq!(give_notice(state.clone(), at(1)).outcome(), &NoticeOutcome::Forbidden);
    assert_eq!(refusals(&state, at(599)), []);
    assert_eq!(refusals(&state, at(600)), [ReleaseRefusal::ProhibitionLapsed]);
    assert_eq!(refusals(&state, at(601)), [ReleaseRefusal::ProhibitionLapsed]);

    let (next, outcome, facts) = release(state, at(599), &policy()).into_parts();
    let (Next::Put(state), ReleaseOutcome::Released(_)) = (next, outcome) else { panic!() };
    assert_eq!(facts[0].detail("customer_told").unwrap().as_flag(), Some(false));
    assert_eq!(owed(&state, at(599)), None);
    assert_eq!(owed(&state, at(600)), Some(Owed::Review { since: review })); // of data that has long gone out
    let state = put(allow_notice(state), &NoticeOutcome::Noted);
    assert_eq!(owed(&state, at(700)), Some(Owed::Notice));
    let state = put(give_notice(state, at(700)), &NoticeOutcome::Noted);
    assert_eq!(owed(&state, at(701)), None);
    assert_eq!(forbid_notice(state, at(701), id("gag"), at(702).timestamp()).outcome(), &ForbidOutcome::AlreadyGiven);
}

#[test]
fn a_prohibition_is_looked_at_again_within_a_year() {
    let year = 366 * 24 * HOUR;
    for (second, outcome) in [
        (9, ForbidOutcome::NoReview),
        (10, ForbidOutcome::NoReview),
        (11, ForbidOutcome::Noted),
        (10 + year, ForbidOutcome::Noted),
        (11 + year, ForbidOutcome::NoReview),
    ] {
        let state = open(DisclosureGround::RequiredByLaw);
        assert_eq!(forbid_notice(state, at(10), id("gag"), at(second).timestamp()).outcome(), &outcome, "{second}");
    }
}

#[test]
fn what_waits_too_long_is_over_and_a_clock_that_steps_back_opens_nothing() {
    let late = |seconds| approve(open(DisclosureGround::RequiredByLaw), at(seconds), &policy(), &id("s-2"));
    assert_eq!(late(2 * HOUR - 1).outcome(), &ApproveOutcome::Approved { missing: 1 });
    assert_eq!(late(2 * HOUR + 1).outcome(), &ApproveOutcome::Expired);
    let over = put(late(2 * HOUR), &ApproveOutcome::Expired);
    assert_eq!(approve(over, at(0), &policy(), &id("s-2")).outcome(), &ApproveOutcome::Ended);

    // The hour of the release runs from the last approval, which came an hour and a half in.
    let state = approved(DisclosureGround::CustomerInstruction, HOUR + HOUR / 2);
    assert_eq!(refusals(&state, at(2 * HOUR + HOUR / 2 - 1)), []);
    assert_eq!(refusals(&state, at(2 * HOUR + HOUR / 2)), [ReleaseRefusal::Expired]);
    let Next::Put(over) = release(state, at(3 * HOUR), &policy()).into_parts().0 else { panic!() };
    assert_eq!(refusals(&over, at(0)), [ReleaseRefusal::Expired]);
}

#[test]
fn an_approval_from_a_clock_far_ahead_buys_no_time() {
    let state = approved(DisclosureGround::CustomerInstruction, HOUR);
    assert_eq!(refusals(&state, at(HOUR - 30)), []); // the other node's clock is half a minute ahead
    assert_eq!(refusals(&state, at(HOUR - 31)), [ReleaseRefusal::Expired]);
}

/// The event of a release that was refused names every reason.
#[test]
fn e_3_1_the_event_of_a_refused_release_names_every_reason() {
    let words = |state: DisclosureState, second: u64| -> Vec<&'static str> {
        let facts = release(state, at(second), &policy()).into_parts().2;
        let all = ["not_approved", "customer_not_told", "prohibition_lapsed", "expired", "refused", "already_released"];
        all.into_iter().filter(|word| facts[0].detail(word).is_some()).collect()
    };
    let law = DisclosureGround::RequiredByLaw;
    assert_eq!(words(open(law), 1), ["not_approved", "customer_not_told"]);
    assert_eq!(words(approved(law, 1), 2), ["customer_not_told"]);
    let Next::Put(refused) = refuse(approved(DisclosureGround::CustomerInstruction, 1), at(2)).into_parts().0 else {
        panic!()
    };
    assert_eq!(words(refused, 3), ["refused"]);
    let released = release(approved(DisclosureGround::CustomerInstruction, 1), at(2), &policy()).into_parts().0;
    let Next::Put(released) = released else { panic!() };
    assert_eq!(words(released, 3), ["already_released"]);
}

#[test]
fn one_refusal_is_enough() {
    let state = put(refuse(approved(DisclosureGround::CustomerInstruction, 0), at(1)), &RefuseOutcome::Refused);
    assert_eq!(refusals(&state, at(2)), [ReleaseRefusal::CaseRefused]);
    assert_eq!(owed(&put(refuse(open(DisclosureGround::RequiredByLaw), at(1)), &RefuseOutcome::Refused), at(9)), None);
}

#[test]
fn a_case_names_its_data() {
    let asked = |categories: usize| {
        let categories = (0..categories).map(|number| id(&alloc::format!("c-{number}")));
        let ask = Ask::new(DisclosureGround::RequiredByLaw, id("p"), id("court"), categories);
        *request(at(0), id("s-1"), ask).outcome()
    };
    assert_eq!(asked(0), RequestOutcome::NoCategories);
    assert_eq!(asked(DisclosureState::MAX_CATEGORIES), RequestOutcome::Requested);
    assert_eq!(asked(DisclosureState::MAX_CATEGORIES + 1), RequestOutcome::NoCategories);
}

#[test]
fn a_category_that_is_named_often_hides_no_other() {
    let categories = core::iter::repeat_n("log", DisclosureState::MAX_CATEGORIES + 1).chain(["invoices"]).map(id);
    let ask = Ask::new(DisclosureGround::RequiredByLaw, id("p"), id("court"), categories);
    let Next::Put(state) = request(at(0), id("s-1"), ask).into_parts().0 else { panic!() };
    assert_eq!(state.categories().collect::<Vec<_>>(), [&id("invoices"), &id("log")]);
}

/// The clock that wrote the review was ten years ahead: nobody may go on for eleven without a look.
#[test]
fn a_review_that_is_further_ahead_than_one_can_be_is_due() {
    let year = 366 * 24 * HOUR;
    let state = approved(DisclosureGround::RequiredByLaw, 0);
    let review = at(year + 40).timestamp();
    let state = put(forbid_notice(state, at(40), id("gag"), review), &ForbidOutcome::Noted);
    let state = approved_again(state, 0);
    // As far ahead as it may be, seen by a node whose clock is 30 seconds behind; and by one of 31.
    assert_eq!((owed(&state, at(10)), refusals(&state, at(10))), (None, vec![]));
    assert_eq!(owed(&state, at(9)), Some(Owed::Review { since: review }));
    assert_eq!(refusals(&state, at(9)), [ReleaseRefusal::ProhibitionLapsed]);
}

#[test]
fn a_row_that_was_approved_by_its_requester_is_not_read() {
    let state = approved(DisclosureGround::RequiredByLaw, 0);
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<DisclosureState>(&text).unwrap(), state);
    for (from, to) in
        [(r#""requested_by":"s-1""#, r#""requested_by":"s-2""#), (r#"["log"]"#, "[]"), ("required_by_law", "curiosity")]
    {
        let forged = text.replace(from, to);
        assert_ne!(forged, text);
        assert!(serde_json::from_str::<DisclosureState>(&forged).is_err(), "{forged}");
    }
}

proptest! {
    /// Whatever is done in whatever order, data goes out at most once, never without two others' approval, and never
    /// without notice or a prohibition that holds.
    #[test]
    fn the_gate_holds_in_every_order(steps in proptest::collection::vec((0..7_u8, 0..4_u8, 0..4 * HOUR), 0..24)) {
        let mut state = open(DisclosureGround::RequiredByLaw);
        let mut released = 0;
        for (step, who, second) in steps {
            let now = at(second);
            let who = id(&alloc::format!("s-{}", who + 1));
            let before = state.clone();
            let next = match step {
                0 | 1 => approve(state.clone(), now, &policy(), &who).into_parts().0,
                2 => give_notice(state.clone(), now).into_parts().0,
                3 => forbid_notice(state.clone(), now, id("gag"), now.plus(Duration::from_secs(HOUR))).into_parts().0,
                4 => allow_notice(state.clone()).into_parts().0,
                5 => refuse(state.clone(), now).into_parts().0,
                _ => {
                    let (next, outcome, _) = release(state.clone(), now, &policy()).into_parts();
                    if matches!(outcome, ReleaseOutcome::Released(_)) {
                        released += 1;
                        prop_assert!(before.approvals().filter(|(by, _)| **by != id("s-1")).count() >= 2);
                        let settled = match before.notice() {
                            Notice::Given { .. } => true,
                            Notice::Forbidden { review_at, .. } => now.timestamp() < *review_at,
                            Notice::Owed => false,
                        };
                        prop_assert!(settled);
                        prop_assert!(before.end().is_none());
                    }
                    next
                }
            };
            if let Next::Put(next) = next { state = next; }
            let text = serde_json::to_string(&state).unwrap();
            prop_assert_eq!(serde_json::from_str::<DisclosureState>(&text).unwrap(), state.clone());
        }
        prop_assert!(released <= 1);
    }
}
