//! The records of `governance`. The lines were written by hand.

use clausework::governance::communication::{PreferenceState, UnsubscribeState};
use clausework::governance::disclosure::{DisclosureEnd, DisclosureState, Notice};
use clausework::governance::rectification::{FieldState, RectificationState};
use clausework::governance::transfer::TransferState;

use super::{lines, read};

#[test]
fn preference_version_1_is_read() {
    let states: Vec<PreferenceState> = lines("preference.v1.json").iter().map(|line| read(line)).collect();
    let shapes: Vec<_> = states.iter().map(|state| (state.history().count(), state.folded())).collect();
    assert_eq!(shapes, [(0, 0), (2, 0), (2, 7)]);
}

#[test]
fn unsubscribe_version_1_is_read() {
    let states: Vec<UnsubscribeState> = lines("unsubscribe.v1.json").iter().map(|line| read(line)).collect();
    assert!(states.iter().all(|state| state.account().as_str() == "u-17"));
}

#[test]
fn rectification_version_1_is_read() {
    let states: Vec<RectificationState> = lines("rectification.v1.json").iter().map(|line| read(line)).collect();
    let all: Vec<FieldState> = states.iter().flat_map(RectificationState::fields).map(|(_, field)| field).collect();
    assert!(matches!(all[..], [FieldState::Open, FieldState::Refused { .. }, FieldState::Applied { .. }]));
}

#[test]
fn disclosure_version_1_is_read() {
    let states: Vec<DisclosureState> = lines("disclosure.v1.json").iter().map(|line| read(line)).collect();
    let [first, second, third, fourth] = &states[..] else { panic!("{states:?}") };
    assert!(first.end().is_none() && first.notice() == &Notice::Owed);
    assert!(matches!(second.end(), Some(DisclosureEnd::Released { .. })));
    assert!(matches!(second.notice(), Notice::Forbidden { .. }));
    assert!(matches!((third.end(), third.notice()), (Some(DisclosureEnd::Expired { .. }), Notice::Given { .. })));
    assert!(matches!(fourth.end(), Some(DisclosureEnd::Refused { .. })));
}

#[test]
fn transfer_version_1_is_read() {
    let states: Vec<TransferState> = lines("transfer.v1.json").iter().map(|line| read(line)).collect();
    let received = states.iter().map(|state| state.received() == Some(state.sent()));
    assert_eq!(received.collect::<Vec<_>>(), [false, true]);
}
