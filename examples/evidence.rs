//! A month of one customer, told by a script, and the evidence report of it: one page that needs nothing else.
//!
//! ```text
//! cargo run -q --example evidence -- report.html           # the page, and a summary
//! cargo run -q --example evidence -- report.html --json    # the page, and the same as JSON on the standard output
//! cargo run -q --example evidence -- report.html --masked  # accounts and addresses as numbers
//! ```
//!
//! What is in it was decided by the crate: real sign-ins with real hashes, grants, obligations, a verified audit log. The
//! clock is scripted. Exit code 0, 1 if the script fails, 2 for a wrong argument.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a script of known numbers")]

#[path = "audit_log/keys.rs"]
mod keys;

use core::error::Error;
use core::time::Duration;
use std::process::ExitCode;

use chrono::{Datelike, NaiveDate, Weekday};
use clausework::access::AccessPolicy;
use clausework::alerts::AlertPolicy;
use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{Checkpoint, Origin as LogOrigin};
use clausework::audit::record::{Class, Draft, Place};
use clausework::audit::tree::{Frontier, leaf_hash};
use clausework::audit::verify::Values;
use clausework::clause;
use clausework::credential::Issue;
use clausework::deadline::{Period, Zone};
use clausework::dpa::{
    DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger, Recipient, Regime, RequestKind, RequestLaw,
};
use clausework::entropy::OsEntropy;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::evidence::{Report, ReportPeriod};
use clausework::governance::{
    self, Days, Demand, Detail, Evidence, EvidencePolicy, EvidenceState, Part, Register, RolesState,
};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::{OpaqueId, Reference};
use clausework::lockout::{DenialPolicy, LockoutPolicy};
use clausework::profile::{PolicySet, Profile};
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::staff::{
    Answer, Area, AreaRule, ConsentState, Duty, GlassTerms, GrantId, GrantRequest, GrantScope, GrantState, MemberState,
    Party, Purpose, PurposeKind, Resource, StaffAccess, StaffPolicy, StaffRequest, Undertaking, enable_glass, sign,
};
use clausework::store::{Change, MemoryStore, Next, Rows, update};
use clausework::tenancy::{Action, Actions, ResourceKind};
use clausework::{AccountId, Now, Scope, Secret, TenantId, Timestamp};

type Failure = Box<dyn Error>;

const USAGE: &str = "usage: evidence FILE.html [--json] [--masked]";
const HOUR: u64 = 60 * 60;
const PASSWORD: &str = "Regenschirm-7";

fn main() -> ExitCode {
    let (mut path, mut json, mut masked) = (None, false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => json = true,
            "--masked" => masked = true,
            _ if path.is_none() && !argument.starts_with('-') => path = Some(argument),
            _ => path = Some(String::new()),
        }
    }
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&path, json, masked) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evidence: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &str, json: bool, masked: bool) -> Result<(), Failure> {
    let acme = TenantId::try_new("acme")?;
    let zone: Zone = "+01:00".parse()?;
    let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, zone)?;
    let now = at("2026-12-02", 9 * HOUR)?;

    let store = MemoryStore::new();
    let (before, after) = (policies(900)?, policies(1800)?);
    let staff_policy = staff_policy()?;
    let month = Month { store: &store, acme: &acme, staff: StaffAccess::new(&staff_policy) };
    month.play(before.sign_in())?;

    // What the host hands in: events as they are stored, in the order of their instants.
    let scope = Scope::Tenant(acme.clone());
    let mut rows = store.events();
    rows.sort_by_key(|row| row.at());
    let own: Vec<&str> = rows.iter().filter(|row| *row.scope() == scope).map(|row| row.text()).collect();
    let mut report = Report::builder(now, acme.clone(), november);
    if masked {
        report.masked();
    }
    report
        .policies_since(at("2026-01-01", 0)?.timestamp(), &before)
        .policies_since(at("2026-11-16", 0)?.timestamp(), &after)
        .staff_policy(&staff_policy)
        .profile(Profile::Engage2015)
        .profile(Profile::ClevertapDpa)
        .profile(Profile::PciDss401)
        .detect(AlertPolicy::default())
        .stored_events(&own);

    let keys = store.records().into_iter().map(|(key, _)| key).filter(|key| key.kind() == "staff_grant");
    let keys: Vec<_> = keys.collect();
    let loaded = Rows::load(&store, &keys)?;
    let grants = keys.iter().filter_map(|key| loaded.read(key).transpose()).collect::<Result<Vec<GrantState>, _>>()?;
    report.grants(&grants);

    let ledger = ledger()?;
    report.agreement(&ledger, &id("acme-2026")?);

    let (evidence_policy, files) = measures(&store)?;
    let days = Days::try_new("2026-11-01".parse()?, "2026-11-30".parse()?)?;
    let register = Register::new(&evidence_policy, &files);
    report.measures(&register.report(days)).findings(&RolesState::default().findings(days));

    let (bundle, verdict) = audit_log(&own)?;
    report.audit_bundle(&bundle, &verdict);

    let report = report.build();
    std::fs::write(path, report.to_html())?;
    if json {
        println!("{}", report.to_json());
        return Ok(());
    }
    println!("{path}: {} for {}", report.format, report.tenant);
    for found in &report.attention {
        println!("  {}: {} {}", found.part, found.count, found.what);
    }
    Ok(())
}

/// An instant of a day, so many seconds after midnight in UTC.
fn at(day: &str, seconds: u64) -> Result<Now, Failure> {
    let midnight: Timestamp = serde_json::from_str(&format!("\"{day}T00:00:00.000000Z\""))?;
    Ok(Now::from(midnight.saturating_add(Duration::from_secs(seconds))))
}

fn id(text: &str) -> Result<OpaqueId, Failure> {
    Ok(OpaqueId::try_new(text)?)
}

fn granted<T>(answer: Answer<T>) -> Result<T, Failure> {
    match answer {
        Answer::Granted(granted) => Ok(granted),
        Answer::Denied(denied) => Err(format!("refused: {:?}", denied.conditions()).into()),
    }
}

fn policies(lock_secs: u64) -> Result<PolicySet, Failure> {
    let idle = IdleLimit::Lock { after_secs: 15 * 60 };
    let session = SessionPolicy::builder().lifetime_secs(8 * HOUR).idle(idle).build()?;
    let lockout = LockoutPolicy::builder().lock_secs(lock_secs).build()?;
    let sign_in = SignInPolicy::builder().session(session).lockout(lockout).denials(DenialPolicy::try_new(24, 600)?);
    Ok(PolicySet::new(sign_in.access(AccessPolicy::builder().https_only(true).build()?).build()?))
}

fn staff_policy() -> Result<StaffPolicy, Failure> {
    let office = AccessPolicy::default();
    let purposes = [PurposeKind::SupportRequest, PurposeKind::TechnicalProblem];
    let data = AreaRule::new(office.clone()).role(id("support")?).purposes(purposes);
    let account = AreaRule::new(office).role(id("support")?).purpose(PurposeKind::MaintainService).without_grant();
    let policy = StaffPolicy::builder().max_duration_secs(8 * HOUR).pending_secs(12 * HOUR).unused_secs(24 * HOUR);
    Ok(policy.approvals(2, 3).area(Area::CustomerData, data).area(Area::Account, account).build()?)
}

/// What happens in the month.
struct Month<'a> {
    store: &'a MemoryStore,
    acme: &'a TenantId,
    staff: StaffAccess<'a>,
}

impl Month<'_> {
    fn play(&self, policy: &SignInPolicy) -> Result<(), Failure> {
        let (hasher, keys) = (Hasher::new(HashPolicy::default()), Keyring::new(id("demo-2026")?, [42; 32]));
        let guard = SignIn::new(self.acme, policy, &hasher, &keys);
        let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
        let elsewhere = Origin::network("203.0.113.77".parse()?, Transport::Tls);
        let people = ["u-17", "u-18", "u-19", "u-20"].map(AccountId::try_new);
        let people: Vec<AccountId> = people.into_iter().collect::<Result<_, _>>()?;
        let sign_in = |now: Now, name: &str, account: Option<&AccountId>, password: &str, from: Origin| {
            let request = SignInRequest::new(name, account.cloned(), Secret::from(password), from);
            guard.sign_in(self.store, now, &mut OsEntropy, &request)
        };

        // In October everybody has a temporary password, and chooses another.
        for (minute, account) in (0_u64..).zip(&people) {
            let now = at("2026-10-26", 8 * HOUR + minute * 60)?;
            let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
            let issue = Issue::new_user(account.clone());
            let issued = guard.issue_temporary(self.store, now, &mut OsEntropy, &admin, &issue).issued();
            let temporary = issued.ok_or("not issued")?;
            let first = sign_in(now, account.as_str(), Some(account), temporary.password().expose(), office);
            let SignInOutcome::MustChange(change) = first else { return Err("no change was asked for".into()) };
            let request = ChangeRequest::new(change.token().clone(), Secret::from(PASSWORD), office);
            let _ = guard.change_password(self.store, now, &mut OsEntropy, &request);
        }
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).ok_or("no such day")?;
        for day in first.iter_days().take(30) {
            let text = day.to_string();
            let (number, weekday) = (u64::from(day.day()), day.weekday());
            if !matches!(weekday, Weekday::Sat | Weekday::Sun) {
                let account = &people[usize::try_from(number)? % people.len()];
                // Somebody signs in every morning, and every third morning types something else first.
                for (second, password) in [(0, "Regenschrim-7"), (20, PASSWORD)] {
                    if password == PASSWORD || number % 3 == 0 {
                        let _ =
                            sign_in(at(&text, 7 * HOUR + second)?, account.as_str(), Some(account), password, office);
                    }
                }
            }
            match number {
                // One address tries one password on many names, of which few exist.
                12 => {
                    for name in 0..28_u64 {
                        let account = people.get(usize::try_from(name)?);
                        let _ = sign_in(
                            at(&text, 3 * HOUR + name * 4)?,
                            &format!("n{name}"),
                            account,
                            "Winter2026!",
                            elsewhere,
                        );
                    }
                }
                // And comes back for one of them.
                19 => {
                    for guess in 0..14_u64 {
                        let now = at(&text, 2 * HOUR + guess * 7)?;
                        let _ = sign_in(now, "u-18", people.get(1), &format!("Herbst-{guess}"), elsewhere);
                    }
                }
                24 => {
                    let plain = Origin::network("198.51.100.7".parse()?, Transport::Plain);
                    let _ = sign_in(at(&text, 10 * HOUR)?, "u-20", people.get(3), PASSWORD, plain);
                }
                _ => {}
            }
            self.support(&text, number, office, &people)?;
            // A job of the night counts what was not recorded one by one.
            let night = Provenance::internal(Actor::Job(id("night")?));
            guard.close_gaps(self.store, at(&text, 23 * HOUR)?, &night)?;
        }
        Ok(())
    }

    /// What support does on a day.
    fn support(&self, day: &str, number: u64, from: Origin, people: &[AccountId]) -> Result<(), Failure> {
        let (store, acme, sven) = (self.store, self.acme, id("s-7")?);
        let (personnel, login) = (Provenance::internal(Actor::Staff(id("s-1")?)), id("customer-login-1")?);
        let (roles, scope) = ([id("support")?], Scope::Tenant(acme.clone()));
        let invoices = Resource { kind: ResourceKind::try_new("invoice")?, id: None };
        let reading = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [invoices.clone()])?;
        let approvers = people.iter().map(|account| Party::customer(acme.clone(), account.clone()).with_right());
        let approvers: Vec<Party> = approvers.collect();
        let ask = |grant: &str, purpose: &Purpose, hours: u64| -> Result<GrantRequest, Failure> {
            let grant = GrantId::try_new(grant)?;
            Ok(GrantRequest::new(grant, acme.clone(), sven.clone(), purpose.clone(), reading.clone(), hours * HOUR))
        };
        let use_of = |now: Now, grant: Option<&str>, area, purpose: &Purpose, action| -> Result<bool, Failure> {
            let grant = grant.map(GrantId::try_new).transpose()?;
            let asked = StaffRequest {
                staff: &sven,
                roles: &roles,
                scope: &scope,
                area,
                action,
                resource: &invoices,
                purpose: Some(purpose),
                origin: from,
                grant: grant.as_ref(),
                customer_login: Some(&login),
            };
            Ok(self.staff.check(store, now, &asked)?.granted().is_some())
        };
        let hour = |hour: u64| at(day, hour * HOUR);
        let request = Purpose::SupportRequest { request: id("r-4711")? };
        match number {
            2 => {
                let nda = Undertaking {
                    duty: Duty::Contract,
                    reference: id("nda-7")?,
                    from: hour(6)?.timestamp(),
                    until: None,
                };
                self.staff
                    .apply(store, hour(6)?, &personnel, &MemberState::key(&sven), |one| sign(one, nda.clone()))?;
                let anna = Provenance::new(Actor::User(people[0].clone()), from);
                let terms = GlassTerms::try_new(2 * HOUR, None, 7 * 24 * HOUR)?;
                let key = ConsentState::key(acme);
                granted(
                    self.staff.apply(store, hour(7)?, &anna, &key, |one| enable_glass(one, terms, &approvers[0]))?,
                )?;
            }
            5 => {
                let _ = granted(self.staff.request(store, hour(8)?, from, &ask("g-4711", &request, 4)?)?)?;
                // Too early: nobody has approved it yet.
                use_of(hour(8)?, Some("g-4711"), Area::CustomerData, &request, Action::Read)?;
                for party in approvers.iter().take(2) {
                    let _ = granted(self.staff.approve(store, hour(9)?, from, party, &GrantId::try_new("g-4711")?)?)?;
                }
                for at in [10, 11, 12] {
                    use_of(hour(at)?, Some("g-4711"), Area::CustomerData, &request, Action::Read)?;
                }
                use_of(hour(12)?, Some("g-4711"), Area::CustomerData, &request, Action::Delete)?;
                let _ =
                    granted(self.staff.end(store, hour(13)?, from, &approvers[0], &GrantId::try_new("g-4711")?)?)?;
                use_of(hour(14)?, Some("g-4711"), Area::CustomerData, &request, Action::Read)?;
            }
            9 => {
                use_of(hour(8)?, None, Area::Account, &Purpose::MaintainService, Action::Read)?;
            }
            16 => {
                let _ = granted(self.staff.request(store, hour(8)?, from, &ask("g-4720", &request, 8)?)?)?;
                use_of(hour(20)?, Some("g-4720"), Area::CustomerData, &request, Action::Read)?; // nobody answered
            }
            20 => {
                let outage = Purpose::TechnicalProblem;
                let broken = self.staff.break_glass(store, hour(1)?, from, &ask("g-4733", &outage, 2)?, &id("inc-9")?);
                let _ = granted(broken?)?;
                use_of(hour(1)?, Some("g-4733"), Area::CustomerData, &outage, Action::Read)?;
                granted(self.staff.note_notice(store, hour(3)?, &personnel, acme, &GrantId::try_new("g-4733")?)?)?;
            }
            23 => {
                let boss = Party::staff(acme.clone(), id("s-1")?).with_right();
                granted(self.staff.note_review(store, hour(9)?, from, &boss, &GrantId::try_new("g-4733")?)?)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The history of the agreement.
fn ledger() -> Result<Ledger, Failure> {
    let access = Fact::RequestReceived {
        kind: RequestKind::Access,
        by: Recipient::Provider,
        regime: Regime::Addendum,
        law: RequestLaw::Gdpr,
    };
    let story = [
        ("e-1", "agreement", "2026-02-01", Fact::Accepted),
        ("e-2", "mailer", "2026-10-05", Fact::Announced { regime: Regime::Addendum, full_details: true }),
        ("e-3", "dsr-1", "2026-10-20", access.clone()),
        ("e-4", "dsr-1", "2026-10-22", Fact::RequestForwarded),
        ("e-5", "dsr-2", "2026-11-18", access),
        ("e-6", "crm", "2026-10-12", Fact::Ceased { regime: Regime::Addendum }),
        ("e-7", "crm", "2026-10-30", Fact::CertificateRequested),
        ("e-8", "crm", "2026-11-10", Fact::Deleted { holder: None }),
        ("e-9", "b-1", "2026-11-20T01:40:00+01:00", Fact::ProviderAware),
        ("e-10", "b-1", "2026-11-20T05:00:00+01:00", Fact::CustomerNotified { details: Vec::new() }),
        ("e-11", "dsr-1", "2026-12-01", Fact::Replied { confirmation_only: false }),
    ];
    let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::MonthFromRequest));
    for (number, matter, when, fact) in story {
        let _ = ledger.apply(DpaEvent::new(id(number)?, id("acme-2026")?, id(matter)?, when.parse()?, fact));
    }
    Ok(ledger)
}

/// The measures that the host wants evidence of, and what is on file.
fn measures(store: &MemoryStore) -> Result<(EvidencePolicy, Vec<EvidenceState>), Failure> {
    let policy = EvidencePolicy::builder()
        .lead_days(30)
        .demand(Demand::new(clause::E_6H_2, id("iso-27001")?))
        .demand(Demand::new(clause::A2_AVAIL_2, id("db-main")?).every(Period::Months(3)))
        .demand(Demand::new(clause::A2_ACCESS_1, id("tls")?).every(Period::Years(1)))
        .build()?;
    let mut files = Vec::new();
    let days = |first: &str, last: &str| -> Result<Days, Failure> { Ok(Days::try_new(first.parse()?, last.parse()?)?) };
    let certificate = Evidence::new(
        id("c-7")?,
        id("iso-27001")?,
        id("s-2")?,
        days("2026-03-10", "2027-03-09")?,
        Reference::try_new("IS 612345")?,
    )
    .with_detail(Detail::Certificate { provider: id("azure")? });
    let restore = Evidence::new(
        id("t-1")?,
        id("db-main")?,
        id("s-9")?,
        Days::since("2026-08-17".parse()?)?,
        Reference::try_new("restore log 2026-08")?,
    )
    .with_detail(Detail::Sites { production: id("dublin")?, copy: id("amsterdam")? })
    .showing([Part::Restored]);
    for (clause, evidence) in [(clause::E_6H_2, certificate), (clause::A2_AVAIL_2, restore)] {
        let key = EvidenceState::key(Scope::Operator, clause, 0);
        let by = Provenance::internal(Actor::Staff(id("s-2")?));
        let now = at("2026-08-20", 0)?;
        let _ = update(store, [&key], |rows| {
            let mut change = Change::new(rows, now, &by);
            let decided = governance::file(rows.read(&key)?, now, clause, evidence.clone());
            if let Next::Put(state) = decided.next() {
                files.push(state.clone());
            }
            let outcome = change.apply(&key, decided)?;
            Ok(change.finish(outcome))
        })?;
    }
    Ok((policy, files))
}

/// Every event of the customer as a record of its log, with a checkpoint over all of them, verified.
fn audit_log(events: &[&str]) -> Result<(Bundle, clausework::audit::verify::Report), Failure> {
    let (origin, portal) = (LogOrigin::try_new("audit.example.com/acme")?, id("portal")?);
    let signer = keys::Signer::new(origin.key_name()?, &[7; 32]);
    let mut bundle = Bundle::new(origin.clone(), Values::Shown);
    let (mut tree, mut place) = (Frontier::new(), None::<Place>);
    for line in events {
        let event = Event::decode(line)?;
        let now = Now::from(event.at());
        let here = place.map_or_else(|| Place::first(now), |place| place.next(now));
        let mut bytes = Vec::new();
        Draft::of_event(&event, &portal, Class::Authentication).encode_into(here, &mut bytes)?.count();
        tree.push_with(leaf_hash(&bytes), |_, _| {})?;
        bundle.add_record(here.index(), bytes, Vec::new());
        place = Some(here);
    }
    bundle.add_key(signer.verifier_key());
    bundle.add_checkpoint(Checkpoint::new(origin, tree.head()).sign(&[&signer])?);
    let verifier = keys::Verifier::new(&signer.verifier_key()).ok_or("a weak key")?;
    let report = bundle.verify(&[], &[&verifier]);
    Ok((bundle, report))
}
