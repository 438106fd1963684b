//! The organisation's registers. The lines were written by hand.

use clausework::clause;
use clausework::governance::communication::{PreferenceState, UnsubscribeState};
use clausework::governance::disclosure::{DisclosureEnd, DisclosureState, Notice};
use clausework::governance::rectification::{FieldState, RectificationState};
use clausework::governance::transfer::TransferState;
use clausework::governance::{
    AdministratorsState, Appointment, Detail, EvidenceState, ListRequest, Part, PersonState, PolicyVersion,
    ProgrammeState, RolesState, VersionsState,
};

use super::{lines, read};

#[test]
fn evidence_version_1_is_read() {
    let states: Vec<EvidenceState> = lines("evidence.v1.json").iter().map(|line| read(line)).collect();
    let entries: Vec<_> = states.iter().flat_map(EvidenceState::entries).map(|filed| filed.evidence()).collect();
    assert_eq!(entries.len(), 9);
    assert_eq!(states[0].clause(), clause::E_6H_2);
    assert_eq!(entries[1].replaces(), Some(entries[0].id()));
    assert_eq!(entries.iter().filter(|entry| entry.digest().is_some()).count(), 1);
    assert!(entries.iter().any(|entry| entry.detail() == Some(&Detail::Copies { servers: 3 })));
    assert!(entries.iter().any(|entry| entry.detail() == Some(&Detail::Retired)));
    assert_eq!(entries.iter().filter(|entry| entry.parts().contains(&Part::Restored)).count(), 2);
}

#[test]
fn policy_versions_version_1_are_read() {
    let state: VersionsState = read(&lines("policy_versions.v1.json")[0]);
    assert_eq!(state.versions().iter().map(PolicyVersion::number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((state.versions()[0].publications().len(), state.versions()[0].handbook().is_some()), (1, true));
}

#[test]
fn personnel_version_1_is_read() {
    let state: PersonState = read(&lines("personnel.v1.json")[0]);
    assert_eq!((state.tenures().len(), state.acknowledgements().len(), state.attendances().len()), (2, 1, 1));
}

#[test]
fn programme_version_1_is_read() {
    let state: ProgrammeState = read(&lines("programme.v1.json")[0]);
    assert_eq!((state.clause(), state.sessions().len()), (clause::E_2_3, 2));
}

#[test]
fn roles_version_1_are_read() {
    let state: RolesState = read(&lines("roles.v1.json")[0]);
    assert_eq!(state.accountable("2026-03-03".parse().unwrap()).len(), 1);
    assert_eq!(state.on("2026-03-03".parse().unwrap()).count(), 1);
}

#[test]
fn administrators_version_1_are_read() {
    let state: AdministratorsState = read(&lines("administrators.v1.json")[0]);
    assert_eq!(state.appointments().iter().map(Appointment::id).map(|id| id.as_str()).collect::<Vec<_>>(), ["a-1"]);
    assert_eq!(state.requests().iter().filter_map(ListRequest::handed_out).count(), 1);
}

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
