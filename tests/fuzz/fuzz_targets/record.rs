//! A stored record of every kind: any text, no panic; and no decision panics on a state that was read.
#![no_main]

use clausework::audit::retention::RetentionPolicy;
use clausework::credential::{self, ChangeState, CredentialState};
use clausework::deadline::Period;
use clausework::governance::{
    self, AdministratorsState, Cadence, Days, EvidencePolicy, EvidenceState, PersonState, ProgrammeState, Register,
    RolesState, VersionsState,
};
use clausework::id::OpaqueId;
use clausework::lockout::{self, LockoutPolicy, LockoutState};
use clausework::session::{self, ActivityState, DormancyPolicy, Ending, IdleLimit, NewSession, SessionPolicy, SessionState, Validity};
use clausework::event::Origin;
use clausework::secret::TokenDigest;
use clausework::staff::{
    self, ConsentState, GrantState, IndexState, Known, LoginFinding, MemberState, Party, StaffPolicy, StaffRequest,
};
use clausework::store::{Key, Record, Rows, Stored, Version};
use clausework::tenancy::{
    self, Action, Actions, Administration, Founding, Interface, Principal, ProfileState, Purpose, PurposePolicy, Request,
    Resource, ShareWith, Sharer, SharesState, Sharing, Standing, TenantState,
};
use clausework::{AccountId, Now, TenantId, Timestamp};
use libfuzzer_sys::fuzz_target;

fn read<R: Record>(text: &str) -> Option<R> {
    let key = Key::of::<R>(TenantId::try_new("t").unwrap(), &AccountId::try_new("a").unwrap());
    let rows = Rows::new([key.clone()], [Some(Stored::new(Version::new(1), text))]);
    rows.read::<R>(&key).unwrap_or_default()
}

fuzz_target!(|input: (i64, &str)| {
    let (micros, text) = input;
    let now = Now::from(Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX));
    let policy = LockoutPolicy::builder().cap(Some(100)).build().unwrap();
    if let Some(state) = read::<LockoutState>(text) {
        let (_, outcome, _) = lockout::begin(Some(state.clone()), now, &policy).into_parts();
        if let lockout::BeginOutcome::Reserved(attempt) = outcome {
            let _ = lockout::settle(Some(state.clone()), now, &policy, &attempt, false);
            let _ = lockout::settle(Some(state.clone()), now, &policy, &attempt, true);
            let _ = lockout::cancel(Some(state), now, &policy, &attempt);
        }
    }
    let _ = credential::usable(read::<CredentialState>(text).as_ref(), now);
    session(text, now);
    registers(text, now);
    tenancy(text, now);
    staff_access(text, now);
    let _ = read::<ChangeState>(text);
});

fn session(text: &str, now: Now) {
    let builder = SessionPolicy::builder().lifetime_secs(28_800).idle(IdleLimit::Lock { after_secs: 900 });
    let (policy, dormancy) = (builder.build().unwrap(), DormancyPolicy::builder().period_days(90).build().unwrap());
    let (validity, account) = (Validity { generation: Some(1), revocation: 0 }, AccountId::try_new("a").unwrap());
    let id = TokenDigest::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let activity = read::<ActivityState>(text);
    if let Some(token) = read::<SessionState>(text) {
        let _ = session::check_unlisted(&token, activity.as_ref(), now, &policy, &validity);
    }
    if activity.is_some() {
        let _ = session::touch(activity.clone(), now, &policy, &validity, &account, &id);
        let new = NewSession { id, origin: Origin::Internal, replaces: Some(id) };
        let _ = session::open(activity.clone(), now, &policy, &validity, &new);
        let _ = session::end(activity.clone(), now, &policy, &validity, &Ending::Others(id));
        let _ = session::review(activity, now, &dormancy, &account, Timestamp::MIN);
    }
}

fn staff_access(text: &str, now: Now) {
    let policy = StaffPolicy::builder().max_duration_secs(28_800).pending_secs(43_200).build().unwrap();
    let (consent, member) = (read::<ConsentState>(text), read::<MemberState>(text));
    let _ = (read::<IndexState>(text), member.map(|member| member.is_bound(now)));
    if let Some(finding) = read::<LoginFinding>(text) {
        let _ = staff::login_data_removed(Some(finding), now);
    }
    if let Some(grant) = read::<GrantState>(text) {
        let tenant = grant.tenant().clone();
        let by = Party::customer(tenant.clone(), AccountId::try_new("a").unwrap()).with_right();
        let _ = grant.standing(now, &policy, consent.as_ref()).time_left(now);
        let _ = staff::approve(Some(&grant), now, &policy, None, &by);
        let _ = staff::end(Some(&grant), now, &policy, None, &by);
        let _ = staff::note_notice(Some(&grant), now, &policy);
        let _ = staff::note_review(Some(&grant), now, &policy, &by);
        let (scope, action) = (tenant.into(), Action::Read);
        let asked = StaffRequest {
            staff: grant.staff(), roles: &[], scope: &scope, area: grant.scope().area(), action,
            resource: &grant.scope().resources()[0], purpose: Some(grant.purpose()), origin: Origin::Internal,
            grant: Some(grant.id()), customer_login: None,
        };
        let _ = staff::decide(now, &policy, &asked, &Known { grant: Some(&grant), ..Known::default() });
    }
    let _ = consent.map(|consent| staff::revoke_all(Some(consent)));
}

fn registers(text: &str, now: Now) {
    let (day, id) = (now.timestamp().to_datetime().date_naive(), OpaqueId::try_new("a").unwrap());
    let month = Days::try_new(day, day + chrono::Days::new(30)).unwrap_or(Days::try_new(day, day).unwrap());
    if let Some(state) = read::<EvidenceState>(text) {
        let policy = EvidencePolicy::default();
        let register = Register::new(&policy, [&state]);
        let _ = register.findings(day);
        let _ = register.report(month).to_string();
        if let Some(filed) = state.entries().first() {
            let _ = governance::file(Some(state.clone()), now, state.clause(), filed.evidence().clone());
        }
    }
    if let Some(state) = read::<VersionsState>(text) {
        let _ = state.findings(&id, month);
        let person = PersonState::default();
        let _ = governance::unacknowledged(&id, &state, [(&id, &person)], day);
    }
    if let Some(state) = read::<PersonState>(text) {
        let _ = governance::join(Some(state.clone()), day);
        let _ = governance::leave(state.clone(), day);
        let _ = governance::erase_person(state, now, &RetentionPolicy::default());
    }
    if let Some(state) = read::<ProgrammeState>(text) {
        if let Ok(cadence) = Cadence::try_new(day, Period::Months(1)) {
            let _ = state.standing(Some(cadence), 14, day);
            let _ = state.findings(&id, cadence, month);
        }
    }
    if let Some(state) = read::<RolesState>(text) {
        let _ = state.findings(month);
        let _ = governance::end_role(state, &id, day);
    }
    if let Some(state) = read::<AdministratorsState>(text) {
        let _ = governance::owed([&state], Some(Period::Weeks(1)), day);
        let _ = governance::compare([&state], &[id.clone()].into(), day);
        let _ = governance::erase_names(state.clone(), now, &id, &RetentionPolicy::default());
        let asked = governance::ListRequest::new(OpaqueId::try_new("asked").unwrap(), id.clone(), day);
        let _ = governance::request_list(Some(state.clone()), asked);
        let first = state.requests().first().map_or(id, |asked| asked.id().clone());
        let _ = governance::hand_out(state.clone(), [&state], &first, day);
    }
}

struct Payslip;

impl Resource for Payslip {
    const KIND: &'static str = "payslip";
    const PURPOSE: &'static str = "payroll";

    fn id(&self) -> &str {
        "s"
    }
}

/// One line is one record, so that an input can hold all three; what was read is what is written.
fn tenancy(text: &str, now: Now) {
    fn first<R: Record + PartialEq + std::fmt::Debug>(text: &str) -> Option<R> {
        let state = text.lines().find_map(read::<R>)?;
        let again = serde_json::to_string(&state).unwrap();
        assert!(again.len() < 64 * 1024);
        assert_eq!(serde_json::from_str::<R>(&again).unwrap(), state);
        Some(state)
    }
    let (tenant, profile, shares) = (first::<TenantState>(text), first::<ProfileState>(text), first::<SharesState>(text));
    if tenant.is_none() && profile.is_none() && shares.is_none() {
        return;
    }
    let account = AccountId::try_new("u-1").unwrap();
    let (by, id) = (Principal::vouched_for(TenantId::try_new("t").unwrap(), account.clone()), OpaqueId::try_new("s").unwrap());
    let (payroll, screen) = (Purpose::try_new("payroll").unwrap(), Interface::try_new("screen").unwrap());
    let purposes = PurposePolicy::builder().purpose(payroll.clone()).interface(screen.clone(), [payroll.clone()]).build().unwrap();
    let usage = purposes.usage(&screen, &payroll);
    let standing = Standing { tenant: tenant.as_ref(), profile: profile.as_ref(), shares: shares.as_ref() };
    for action in Action::ALL {
        for request in [Request::to_kind(action, usage), Request::to(action, &id, usage)] {
            let verdict = tenancy::decide::<Payslip>(&standing, now, &by, &request);
            assert!(!verdict.is_allowed() || (tenant.is_some() && profile.as_ref().is_some_and(ProfileState::is_open)));
            let _ = verdict.fact();
        }
    }
    let sharer = Sharer { tenant: tenant.as_ref(), profile: profile.as_ref(), recipient: profile.as_ref() };
    let number = shares.as_ref().and_then(|shares| shares.shares().first()).map_or(0, |share| share.number());
    let actions = Actions::of(&[Action::Read]);
    let with = ShareWith::Account(account.clone());
    for sharing in [Sharing::Share { with, actions, until: None }, Sharing::Withdraw { number }] {
        let _ = tenancy::decide_sharing::<Payslip>(shares.clone(), now, &sharer, &by, &sharing);
    }
    let roles: std::collections::BTreeSet<_> = profile.iter().flat_map(ProfileState::roles).cloned().collect();
    for wish in [
        Administration::SetRoles { account: account.clone(), roles: roles.clone() },
        Administration::CloseProfile { account: account.clone() },
        Administration::Appoint { account: account.clone() },
        Administration::Dismiss { account: account.clone() },
    ] {
        let _ = tenancy::decide_administration(tenant.as_ref(), profile.as_ref(), &by, &wish);
    }
    if let Some(tenant) = &tenant {
        for role in tenant.roles().roles() {
            let wish = Administration::DefineRole(role.clone());
            let _ = tenancy::decide_administration(Some(tenant), None, &by, &wish);
        }
        let founding = Founding { roles: tenant.roles().clone(), key_user: account, person: id, holds: roles };
        let _ = tenancy::decide_founding(None, None, &founding);
    }
}
