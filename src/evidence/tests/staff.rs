//! Access by staff, from the events that the module `staff` really writes.

use super::*;
use crate::access::AccessPolicy;
use crate::event::{Actor, Origin, Provenance, Transport};
use crate::id::{AccountId, OpaqueId, Scope};
use crate::staff::*;
use crate::store::{MemoryStore, Rows};
use crate::tenancy::{Action, Actions, ResourceKind};

const HOUR: u64 = 3600;

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn grant(text: &str) -> GrantId {
    GrantId::try_new(text).unwrap()
}

fn now(text: &str) -> Now {
    Now::from(at(text))
}

struct Desk {
    store: MemoryStore,
    policy: StaffPolicy,
    origin: Origin,
    support: Purpose,
}

impl Desk {
    /// Two of three approve; the account is open to maintenance without a grant.
    fn open() -> Self {
        let rule = || AreaRule::new(AccessPolicy::default()).role(id("support"));
        let purposes = [PurposeKind::SupportRequest, PurposeKind::TechnicalProblem];
        let policy = StaffPolicy::builder()
            .max_duration_secs(8 * HOUR)
            .pending_secs(12 * HOUR)
            .unused_secs(24 * HOUR)
            .approvals(2, 3)
            .area(Area::CustomerData, rule().purposes(purposes))
            .area(Area::Account, rule().purpose(PurposeKind::MaintainService).without_grant())
            .build()
            .unwrap();
        let origin = Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls);
        let desk = Self {
            store: MemoryStore::new(),
            policy,
            origin,
            support: Purpose::SupportRequest { request: id("r-4711") },
        };
        let nda =
            Undertaking { duty: Duty::Contract, reference: id("nda-7"), from: at("2026-10-01T00:00:00"), until: None };
        let personnel = Provenance::internal(Actor::Staff(id("s-1")));
        let key = MemberState::key(&id("s-7"));
        desk.staff()
            .apply(&desk.store, now("2026-10-01T08:00:00"), &personnel, &key, |one| sign(one, nda.clone()))
            .unwrap();
        desk
    }

    fn staff(&self) -> StaffAccess<'_> {
        StaffAccess::new(&self.policy)
    }

    fn invoice() -> Resource {
        Resource { kind: ResourceKind::try_new("invoice").unwrap(), id: Some(id("i-of-anna")) }
    }

    fn asked(name: &str, purpose: &Purpose, hours: u64) -> GrantRequest {
        let scope = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [Self::invoice()]).unwrap();
        GrantRequest::new(grant(name), tenant(), id("s-7"), purpose.clone(), scope, hours * HOUR)
    }

    fn request(&self, at: &str, name: &str, hours: u64) {
        let asked = Self::asked(name, &self.support, hours);
        let _ = self.staff().request(&self.store, now(at), self.origin, &asked).unwrap().granted().unwrap();
    }

    fn approve(&self, at: &str, name: &str, account: &str) {
        let party = Party::customer(tenant(), AccountId::try_new(account).unwrap()).with_right();
        let given = self.staff().approve(&self.store, now(at), self.origin, &party, &grant(name)).unwrap();
        let _ = given.granted().unwrap();
    }

    fn used(&self, at: &str, name: Option<&str>, area: Area, purpose: &Purpose) -> bool {
        let (named, scope, resource) = (name.map(grant), Scope::Tenant(tenant()), Self::invoice());
        let login = id("login-1");
        let asked = StaffRequest {
            staff: &id("s-7"),
            roles: &[id("support")],
            scope: &scope,
            area,
            action: Action::Read,
            resource: &resource,
            purpose: Some(purpose),
            origin: self.origin,
            grant: named.as_ref(),
            customer_login: Some(&login),
        };
        self.staff().check(&self.store, now(at), &asked).unwrap().granted().is_some()
    }

    fn end(&self, at: &str, name: &str) {
        let party = Party::customer(tenant(), AccountId::try_new("u-17").unwrap()).with_right();
        let ended = self.staff().end(&self.store, now(at), self.origin, &party, &grant(name)).unwrap();
        let _ = ended.granted().unwrap();
    }

    fn events(&self) -> Vec<String> {
        let scope = Scope::Tenant(tenant());
        let mut rows = self.store.events();
        rows.sort_by_key(|row| row.at());
        rows.iter().filter(|row| *row.scope() == scope).map(|row| row.text().to_string()).collect()
    }

    fn grants(&self) -> Vec<GrantState> {
        let keys: Vec<_> = self.store.records().into_iter().map(|(key, _)| key).collect();
        let keys: Vec<_> = keys.into_iter().filter(|key| key.kind() == "staff_grant").collect();
        let rows = Rows::load(&self.store, &keys).unwrap();
        keys.iter().filter_map(|key| rows.read(key).unwrap()).collect()
    }
}

/// October: one grant is over and done with, one is asked for. November: the second is used and revoked, a third is never
/// answered, a fourth is used and runs out unseen, maintenance needs none, and there is an emergency.
fn desk() -> Desk {
    let desk = Desk::open();
    desk.request("2026-10-10T08:00:00", "g-old", 4);
    desk.approve("2026-10-10T09:00:00", "g-old", "u-17");
    desk.approve("2026-10-10T09:01:00", "g-old", "u-18");
    assert!(desk.used("2026-10-10T10:00:00", Some("g-old"), Area::CustomerData, &desk.support));
    desk.end("2026-10-10T11:00:00", "g-old");

    desk.request("2026-10-31T21:00:00", "g-1", 8);
    desk.approve("2026-10-31T21:30:00", "g-1", "u-17");
    desk.approve("2026-10-31T22:00:00", "g-1", "u-18");
    assert!(desk.used("2026-11-01T01:00:00", Some("g-1"), Area::CustomerData, &desk.support));
    assert!(desk.used("2026-11-01T02:00:00", Some("g-1"), Area::CustomerData, &desk.support));
    desk.end("2026-11-01T03:00:00", "g-1");
    assert!(!desk.used("2026-11-01T03:00:01", Some("g-1"), Area::CustomerData, &desk.support));

    desk.request("2026-11-05T08:00:00", "g-2", 4);

    desk.request("2026-11-06T08:00:00", "g-3", 4);
    desk.approve("2026-11-06T08:10:00", "g-3", "u-17");
    desk.approve("2026-11-06T08:20:00", "g-3", "u-19");
    assert!(desk.used("2026-11-06T09:00:00", Some("g-3"), Area::CustomerData, &desk.support));

    assert!(desk.used("2026-11-09T08:00:00", None, Area::Account, &Purpose::MaintainService));
    assert!(!desk.used("2026-11-09T08:00:01", None, Area::CustomerData, &desk.support));

    let anna = Party::customer(tenant(), AccountId::try_new("u-17").unwrap()).with_right();
    let by = Provenance::new(Actor::User(AccountId::try_new("u-17").unwrap()), desk.origin);
    let terms = GlassTerms::try_new(2 * HOUR, Some(HOUR), 7 * 24 * HOUR).unwrap();
    let (staff, store, key) = (desk.staff(), &desk.store, ConsentState::key(&tenant()));
    staff
        .apply(store, now("2026-11-10T08:00:00"), &by, &key, |one| enable_glass(one, terms, &anna))
        .unwrap()
        .granted()
        .unwrap();
    let outage = Purpose::TechnicalProblem;
    let asked = Desk::asked("g-9", &outage, 1);
    let _ = staff
        .break_glass(store, now("2026-11-20T01:00:00"), desk.origin, &asked, &id("inc-9"))
        .unwrap()
        .granted()
        .unwrap();
    let personnel = Provenance::internal(Actor::Staff(id("s-1")));
    // Two hours later, and due within one.
    staff
        .note_notice(store, now("2026-11-20T03:00:00"), &personnel, &tenant(), &grant("g-9"))
        .unwrap()
        .granted()
        .unwrap();
    let boss = Party::staff(tenant(), id("s-1")).with_right();
    staff.note_review(store, now("2026-11-23T09:00:00"), desk.origin, &boss, &grant("g-9")).unwrap().granted().unwrap();
    desk
}

pub(super) fn story() -> Vec<String> {
    desk().events()
}

#[test]
fn e_5_5_every_grant_is_told_from_request_to_end() {
    let desk = desk();
    let mut report = builder();
    report.stored_events(desk.events());
    let staff = report.build().staff.unwrap();
    let names: Vec<&str> = staff.grants.rows.iter().map(|row| row.grant.as_str()).collect();
    assert_eq!(names, ["g-1", "g-2", "g-3", "g-9"]); // in the order of their requests; g-old is not of November
    let [one, two, three, nine] = staff.grants.rows.as_slice() else { panic!() };

    // Asked for and approved in October, used in November.
    assert_eq!((one.staff.as_deref(), one.area.as_deref()), (Some("s-7"), Some("customer_data")));
    assert_eq!((one.purpose.as_deref(), one.reference.as_deref()), (Some("support_request"), Some("r-4711")));
    assert_eq!((one.requested_at, one.duration_secs), (Some(at("2026-10-31T21:00:00")), Some(8 * HOUR)));
    let approved: Vec<(&str, Timestamp)> = one.approvals.iter().map(|given| (given.by.as_str(), given.at)).collect();
    assert_eq!(approved, [("user u-17", at("2026-10-31T21:30:00")), ("user u-18", at("2026-10-31T22:00:00"))]);
    assert_eq!((one.approvals_needed, one.uses), (Some(2), 2));
    assert_eq!(
        (one.first_used_at, one.last_used_at),
        (Some(at("2026-11-01T01:00:00")), Some(at("2026-11-01T02:00:00")))
    );
    let end = one.end.as_ref().unwrap();
    assert_eq!((end.at, end.reason.as_str(), end.computed), (at("2026-11-01T03:00:00"), "staff.revoked", false));

    // Nobody answered, and nobody looked: no end is on record, and none is made up.
    assert_eq!((two.approvals.len(), two.uses, two.end.is_none()), (0, 0, true));

    // Nobody looked either, but four hours from its first use it was over.
    let end = three.end.as_ref().unwrap();
    assert_eq!((end.at, end.reason.as_str(), end.computed), (at("2026-11-06T13:00:00"), "staff.expired", true));

    let emergency = nine.emergency.as_ref().unwrap();
    assert_eq!(emergency.incident.as_deref(), Some("inc-9"));
    assert_eq!(
        (emergency.notice_due, emergency.notice_at),
        (Some(at("2026-11-20T02:00:00")), Some(at("2026-11-20T03:00:00")))
    );
    assert_eq!(
        (emergency.review_due, emergency.review_at),
        (Some(at("2026-11-27T01:00:00")), Some(at("2026-11-23T09:00:00")))
    );
    assert_eq!(emergency.reviewed_by.as_deref(), Some("staff s-1"));

    // Two of g-1, one of g-3, one without any.
    assert_eq!((staff.uses, staff.refused, staff.of_unknown_grants), (4, 2, 0));
    assert_eq!(staff.without_grant.total, 1);
    assert_eq!(
        (staff.without_grant.rows[0].area.as_str(), staff.without_grant.rows[0].grant_needed),
        ("account", false)
    );
    let reasons: Vec<&str> = staff.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(reasons, ["staff.no_grant", "staff.revoked"]);
}

#[test]
fn the_record_of_a_grant_tells_what_it_covers() {
    let desk = desk();
    let mut report = builder();
    report.stored_events(desk.events()).grants(&desk.grants());
    let shown = report.build().staff.unwrap();
    assert_eq!(shown.grants.total, 4);
    assert_eq!(shown.grants.rows[0].scope.as_deref(), Some("customer_data: read of invoice i-of-anna"));
    assert_eq!(shown.grants.rows[0].approvals.len(), 2); // not four
    let masked = report.masked().build();
    assert_eq!(
        masked.staff.as_ref().unwrap().grants.rows[0].scope.as_deref(),
        Some("customer_data: read of invoice (one)")
    );
    assert_eq!(masked.staff.as_ref().unwrap().grants.rows[0].approvals[0].by, "account 1");
    assert!(!masked.to_html().contains("u-17") && masked.to_html().contains("s-7"));

    // Records alone tell who asked and approved, and not who used what.
    let records = builder().grants(&desk.grants()).build();
    assert_eq!(records.staff.as_ref().unwrap().uses, 0);
    assert!(records.to_html().contains("who used which grant is not shown"));
    let others = Report::builder(now("2026-12-02T09:00:00"), TenantId::try_new("umbrella").unwrap(), november());
    assert!({ others }.grants(&desk.grants()).build().staff.is_none());
}

#[test]
fn no_use_without_a_grant_is_proven_and_not_asserted() {
    let used = |grant: &str, area: &str| {
        let grant = if grant.is_empty() { String::new() } else { format!(r#","grant":"{grant}""#) };
        let details = format!(r#""area":"{area}","purpose":"support_request"{grant}"#);
        stored("tenant:acme", "2026-11-10T10:00:00.000000", "staff.used", ["staff_member", "s-7"], &details)
    };
    let says = |events: &[String], words: &str| {
        let page = builder().stored_events(events).build().to_html();
        assert!(page.contains(words), "{words}");
    };
    says(&[], "Among 0 uses in the events handed in, none was without a grant");
    says(&["?".to_string()], "but 1 events could not be read");
    says(&[used("", "customer_data")], "1 of 1 uses were without a grant where one is needed.");
    says(&[used("", "account")], "Among 1 uses in the events handed in, none was without a grant");

    // A grant that nothing else speaks of: it may have been approved, and that is not shown.
    let report = builder().stored_events([used("g-77", "customer_data")]).build();
    assert_eq!(report.staff.as_ref().unwrap().of_unknown_grants, 1);
    assert!(report.attention.iter().any(|found| found.what.contains("whose approval is not shown")));
}

#[test]
fn a_purge_of_all_grants_ends_those_that_are_open() {
    let desk = desk();
    let mut events = desk.events();
    events.push(stored(
        "tenant:acme",
        "2026-11-25T10:00:00.000000",
        "staff.revoked_all",
        ["staff_consent", "consent"],
        "",
    ));
    let staff = builder().stored_events(events).build().staff.unwrap();
    assert_eq!(staff.revoked_all, 1);
    let two = staff.grants.rows[1].end.as_ref().unwrap();
    assert_eq!((two.at, two.reason.as_str()), (at("2026-11-25T10:00:00"), "staff.revoked"));
}

fn of_grant(instant: &str, code: &str, details: &str) -> String {
    stored("tenant:acme", &format!("{instant}.000000"), code, ["staff_grant", "g-5"], details)
}

fn use_of(instant: &str, details: &str) -> String {
    stored("tenant:acme", &format!("{instant}.000000"), "staff.used", ["staff_member", "s-7"], details)
}

/// October: an emergency, over the same night, to be told by 02:00 and to be reviewed by 6 November.
fn emergency() -> [String; 2] {
    let due = r#""notice_due":"2026-10-30T02:00:00.000000Z","review_due":"2026-11-06T01:00:00.000000Z""#;
    [
        of_grant(
            "2026-10-30T01:00:00",
            "staff.glass_broken",
            &format!(r#""duration_secs":3600,"incident":"inc-5",{due}"#),
        ),
        of_grant("2026-10-30T01:30:00", "staff.grant_ended", r#""reason":"staff.closed""#),
    ]
}

#[test]
fn an_emergency_is_told_until_it_is_settled() {
    let with = |more: &[(&str, &str)]| {
        let more = more.iter().map(|(at, code)| of_grant(at, code, ""));
        builder().stored_events(emergency().into_iter().chain(more)).build()
    };
    let found = |report: &Report, words: &str| {
        report.attention.iter().filter(|found| found.what.contains(words)).map(|found| found.count).sum::<u64>()
    };
    // Told in November, four days late, and not reviewed.
    let report = with(&[("2026-11-03T08:00:00", "staff.notice_given")]);
    let [row] = report.staff.as_ref().unwrap().grants.rows.as_slice() else { panic!() };
    assert_eq!(row.end.as_ref().unwrap().at, at("2026-10-30T01:30:00"));
    let told = row.emergency.as_ref().unwrap();
    assert_eq!((told.incident.as_deref(), told.notice_at), (Some("inc-5"), Some(at("2026-11-03T08:00:00"))));
    assert_eq!(told.review_at, None);
    assert_eq!((found(&report, "too late"), found(&report, "was not told")), (1, 1));

    assert_eq!(found(&with(&[]), "was not told"), 1);
    // Told and reviewed in October: nothing of it is of November.
    let settled =
        with(&[("2026-10-30T01:45:00", "staff.notice_given"), ("2026-10-31T08:00:00", "staff.glass_reviewed")]);
    assert_eq!(settled.staff.unwrap().grants.total, 0);
    // Told in time, and reviewed at the instant by which it was to be.
    let late = with(&[("2026-10-30T01:45:00", "staff.notice_given"), ("2026-11-06T01:00:00", "staff.glass_reviewed")]);
    assert_eq!((found(&late, "too late"), found(&late, "was not told")), (1, 0));
}

#[test]
fn the_record_of_an_emergency_tells_what_was_done() {
    let report = builder().grants(&desk().grants()).build();
    let rows = &report.staff.as_ref().unwrap().grants.rows;
    let told = rows.iter().find(|row| row.grant == "g-9").unwrap().emergency.as_ref().unwrap();
    assert_eq!((told.at, told.incident.as_deref()), (at("2026-11-20T01:00:00"), Some("inc-9")));
    assert_eq!((told.notice_due, told.notice_at), (Some(at("2026-11-20T02:00:00")), Some(at("2026-11-20T03:00:00"))));
    assert_eq!((told.review_due, told.review_at), (Some(at("2026-11-27T01:00:00")), Some(at("2026-11-23T09:00:00"))));
}

#[test]
fn a_use_without_a_grant_counts_past_the_end_of_the_list() {
    let harmless = use_of("2026-11-10T10:00:00", r#""area":"account""#);
    let mut uses: Vec<String> = core::iter::repeat_n(harmless, Listed::<()>::MAX_ROWS).collect();
    uses.push(use_of("2026-11-10T10:00:01", r#""area":"customer_data""#));
    let report = builder().stored_events(uses).build();
    assert_eq!(report.staff.as_ref().unwrap().without_needed_grant, 1);
    assert!(report.attention.iter().any(|found| found.what == "use without a grant where one is needed"));
    assert!(report.to_html().contains("1 of 10001 uses were without a grant where one is needed."));
}

#[test]
fn an_emergency_counts_past_the_end_of_the_list() {
    let of = |name: &str, instant: &str, code: &str, details: &str| {
        stored("tenant:acme", &format!("{instant}.000000"), code, ["staff_grant", name], details)
    };
    let asked =
        (0..Listed::<()>::MAX_ROWS).map(|n| of(&format!("g-{n}"), "2026-11-05T08:00:00", "staff.requested", ""));
    let due = r#""notice_due":"2026-11-06T09:00:00.000000Z""#;
    let last = [
        of("g-last", "2026-11-06T08:00:00", "staff.glass_broken", due),
        of("g-last", "2026-11-06T10:00:00", "staff.notice_given", ""),
    ];
    let report = builder().stored_events(asked.chain(last)).build();
    let staff = report.staff.as_ref().unwrap();
    assert!(staff.grants.omitted() == 1 && staff.grants.rows.iter().all(|row| row.emergency.is_none()));
    assert_eq!([staff.emergencies, staff.emergencies_unsettled, staff.emergencies_late], [1, 1, 1]);
    let found = report.attention.iter().filter(|found| found.part == ReportPart::Staff);
    assert_eq!(found.map(|found| found.count).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn a_purge_of_all_grants_ends_none_that_is_asked_for_later() {
    let purge = of_grant("2026-11-04T10:00:00", "staff.revoked_all", "");
    let staff = builder().grants(&desk().grants()).stored_events([purge]).build().staff.unwrap();
    let two = staff.grants.rows.iter().find(|row| row.grant == "g-2").unwrap(); // of 5 November
    assert_eq!((staff.revoked_all, two.end.as_ref()), (1, None));
}

#[test]
fn an_approval_counts_from_its_instant() {
    let needed = r#""needed":2"#;
    let asked = of_grant("2026-11-05T08:00:00", "staff.requested", "");
    let used = use_of("2026-11-05T10:00:00", r#""area":"customer_data","grant":"g-5""#);
    let first = of_grant("2026-11-05T09:00:00", "staff.approval_given", needed);
    let second = |at: &str| of_grant(at, "staff.approved", needed);
    let not_shown = |events: &[&String]| builder().stored_events(events).build().staff.unwrap().of_unknown_grants;
    assert_eq!(not_shown(&[&asked, &used]), 1);
    assert_eq!(not_shown(&[&asked, &first, &used]), 1);
    assert_eq!(not_shown(&[&asked, &first, &second("2026-11-05T10:00:00"), &used, &used]), 0);
    assert_eq!(not_shown(&[&asked, &first, &used, &second("2026-11-05T10:00:01")]), 1);
    assert_eq!(not_shown(&[&emergency()[0], &used]), 0);

    let desk = desk(); // its records say what the events that were handed in leave out
    let uses = desk.events().into_iter().filter(|text| text.contains("staff.used"));
    let mut report = builder();
    assert_eq!(report.stored_events(uses).build().staff.unwrap().of_unknown_grants, 3); // two of g-1, one of g-3
    let staff = report.grants(&desk.grants()).build();
    assert_eq!(staff.staff.as_ref().unwrap().of_unknown_grants, 0);
    assert!(staff.to_html().contains("grants asked for or open in the period"));
}

/// The codes that are read here are codes that are written.
#[test]
fn every_code_that_is_read_exists() {
    let source = [include_str!("../staff.rs"), include_str!("../sign_in.rs"), include_str!("../html/words.rs")];
    let known: Vec<&str> = crate::codes().map(|code| code.as_str()).collect();
    let modules = ["sign_in.", "lockout.", "session.", "access.", "alerts.", "staff.", "credential."];
    let mut read = 0;
    for text in source.iter().flat_map(|source| source.split('"')) {
        let is_code = modules.iter().any(|module| text.len() > module.len() && text.starts_with(module));
        if is_code && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.')) {
            assert!(known.contains(&text), "{text}");
            read += 1;
        }
    }
    assert!(read > 60);
}
