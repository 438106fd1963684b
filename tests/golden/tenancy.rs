//! The records of `tenancy`. The lines were written by hand.

use clausework::tenancy::{Action, ProfileState, ShareWith, SharesState, TenantState};

use super::{lines, read};

#[test]
fn tenancy_version_1_is_read() {
    let states: Vec<TenantState> = lines("tenancy.v1.json").iter().map(|line| read(line)).collect();
    let administrators = |state: &TenantState| state.administrators().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(states.iter().map(administrators).collect::<Vec<_>>(), [vec!["u-1"], vec!["u-1", "u-2"]]);
    let roles = |state: &TenantState| state.roles().roles().iter().map(|role| role.rules().len()).collect::<Vec<_>>();
    assert_eq!(states.iter().map(roles).collect::<Vec<_>>(), [vec![1], vec![3, 0, 1]]);
    let clerk = states[1].roles().role("hr-clerk").unwrap();
    assert_eq!(clerk.function().unwrap().as_str(), "hr-office");
    assert!(clerk.rules()[0].kinds().holds("personnel_file") && !clerk.rules()[0].kinds().holds("payslip"));
}

#[test]
fn profile_version_1_is_read() {
    let states: Vec<ProfileState> = lines("profile.v1.json").iter().map(|line| read(line)).collect();
    assert_eq!(states.iter().map(|state| state.roles().count()).collect::<Vec<_>>(), [1, 2, 0, 0]);
    assert_eq!(states.iter().map(ProfileState::is_open).collect::<Vec<_>>(), [true, true, true, false]);
}

#[test]
fn shares_version_1_are_read() {
    let states: Vec<SharesState> = lines("shares.v1.json").iter().map(|line| read(line)).collect();
    assert_eq!(states.iter().map(|state| state.shares().len()).collect::<Vec<_>>(), [1, 3, 0]);
    let share = &states[1].shares()[1];
    assert!(matches!(share.with(), ShareWith::Role(role) if role.as_str() == "auditor"));
    assert!(share.actions().has(Action::Export) && !share.actions().has(Action::Share));
    assert!(share.until().is_some() && share.by().as_str() == "u-2" && share.number() == 2);
}
