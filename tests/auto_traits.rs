//! What hosts rely on without thinking: values can cross threads and be shared.

use clausework::*;

#[test]
fn values_are_send_and_sync() {
    fn shared<T: Send + Sync>() {}
    shared::<Error>();
    shared::<Now>();
    shared::<Secret>();
    shared::<access::AccessPolicy>();
    shared::<access::IpList>();
    shared::<access::Approved>();
    shared::<access::AddressSet>();
    shared::<audit::checkpoint::SignedCheckpoint>();
    shared::<(audit::log::Entries, audit::log::Tail, audit::log::LogError)>();
    shared::<audit::sequencer::LogState>();
    shared::<audit::tree::Tree>();
    shared::<(audit::Stamped<u8>, audit::record::Draft<'static>, audit::record::Record<'static>)>();
    shared::<(access::client::ProxyPolicy, access::client::Resolved)>();
    shared::<credential::CredentialState>();
    shared::<(deadline::Assessment, deadline::Case, deadline::Deadline)>();
    shared::<(deadline::HolidayCalendar, deadline::Readings)>();
    shared::<(dpa::DpaEvent, dpa::ExitPlan, dpa::Ledger)>();
    shared::<event::Event>();
    shared::<(evidence::Report, evidence::ReportBuilder, evidence::ReportPeriod)>();
    shared::<(governance::communication::PreferenceState, governance::disclosure::DisclosureState)>();
    shared::<(governance::rectification::RectificationState, governance::transfer::TransferState)>();
    shared::<(governance::Finding, governance::Register<'static>, governance::Report<'static>)>();
    shared::<(governance::AdministratorsState, governance::EvidenceState, governance::PersonState)>();
    shared::<hashing::Hasher>();
    shared::<lockout::LockoutState>();
    shared::<screening::ScreeningOutcome>();
    shared::<secret::Keyring>();
    shared::<secret::Token<session::SessionState>>();
    shared::<sign_in::Attempt>();
    shared::<sign_in::SignIn<'static>>();
    shared::<sign_in::SignInOutcome>();
    shared::<sign_in::Verdict>();
    shared::<(staff::GrantState, staff::StaffPolicy, staff::Permit, staff::Denied)>();
    #[cfg(feature = "breached")]
    shared::<(screening::List<'static>, screening::ListBuilder, screening::PasswordSha1, screening::RangeQuery)>();
    shared::<store::Decision<()>>();
    shared::<store::MemoryStore>();
    shared::<store::Rows>();
    shared::<(tenancy::Principal, tenancy::PurposePolicy, tenancy::TenantState, tenancy::SharesState)>();
    shared::<(tenancy::TenantFilter<std::rc::Rc<u8>>, tenancy::Verdict<std::rc::Rc<u8>>)>(); // whatever it is about
}

#[test]
fn codes_are_unique_and_named_after_their_module() {
    let all: Vec<&str> = codes().map(|code| code.as_str()).collect();
    let unique: std::collections::BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(unique.len(), all.len());
    for code in all {
        let (module, word) = code.split_once('.').unwrap();
        assert!(
            [
                "access",
                "alerts",
                "audit",
                "credential",
                "deadline",
                "dpa",
                "governance",
                "lockout",
                "password",
                "screening",
                "session",
                "sign_in",
                "staff",
                "tenancy"
            ]
            .contains(&module),
            "{code}"
        );
        assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
    }
}
