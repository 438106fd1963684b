//! One support case, from the customer's request to the yearly review, on a real database:
//! `cargo run --example staff_access [-- PATH]`
//!
//! The customer asks for help; support asks for a grant; two of the customer's three approvers give it; every use is
//! checked, and refused for all that is wrong with it; the customer takes it back in the middle of an open session. Then
//! an emergency, the production database, login data where none may be, and the audit log with both identities, closed
//! by the review of a year. The clock is scripted. Exit code 0 if everything went as told, 1 if something did not, 2 for
//! a wrong argument. In a host, a store error or an unexpected answer is handled, not propagated.

#[path = "audit_log/keys.rs"]
mod keys;

use core::error::Error;
use core::fmt::Display;
use core::time::Duration;
use std::path::Path;
use std::process::ExitCode;

use chrono::Utc;
use clausework::access::{AccessPolicy, IpList};
use clausework::audit::checkpoint::{Checkpoint, Origin as LogOrigin};
use clausework::audit::record::{Body, Class, Draft, IndexRange, Place, Record, Who};
use clausework::audit::review::Review;
use clausework::audit::tree::{Frontier, leaf_hash};
use clausework::audit::verify::{Evidence, Ledger, Values, Verifier};
use clausework::clause::{self, Clause};
use clausework::entropy::OsEntropy;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::staff::{
    Answer, Area, AreaRule, ConsentState, Denied, Duty, GlassTerms, GrantId, GrantRequest, GrantScope, LoginData,
    LoginFinding, MemberState, Party, Permit, Purpose, PurposeKind, Resource, StaffAccess, StaffPolicy, StaffRequest,
    Undertaking, disable_glass, enable_glass, report_login_data, revoke_all, sign,
};
use clausework::tenancy::{self, Action, Actions, Interface, PurposePolicy, Resource as _, ResourceKind, Scoped, ask};
use clausework::{AccountId, Now, Scope, Secret, TenantId, Timestamp};
use clausework_stores::SqliteStore;

/// What the host keeps for its customers.
struct Invoice(String);

impl tenancy::Resource for Invoice {
    const KIND: &'static str = "invoice";
    const PURPOSE: &'static str = "billing";
    fn id(&self) -> &str {
        &self.0
    }
}

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "target/staff_access.sqlite".into());
    if arguments.next().is_some() || path.is_empty() || path.starts_with('-') {
        eprintln!("usage: staff_access [PATH of a SQLite file]");
        return ExitCode::from(2);
    }
    match run(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("staff_access: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &str) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut store = SqliteStore::open(path)?;
    let started = Timestamp::from(Utc::now());
    let begun = started.max(store.last_event_at()?.unwrap_or(started)).saturating_add(Duration::from_secs(1));
    let mut clock = begun;
    println!("Clausework staff access: records and events are in {path}; the scripted clock starts at {clock}.");

    let id = |text: &str| OpaqueId::try_new(text);
    let (acme, globex) = (TenantId::try_new("acme")?, TenantId::try_new("globex")?);
    let (sven, support) = (id("s-7")?, id("support")?);
    let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    let home = Origin::network("203.0.113.9".parse()?, Transport::Plain);
    let network = AccessPolicy::builder().ip_list(IpList::only(["198.51.100.0/24".parse()?])?).build()?;

    // Who may reach what. Two of three approvers; eight hours at most; a request waits for twelve.
    let policy = StaffPolicy::builder()
        .max_duration_secs(8 * HOUR)
        .pending_secs(12 * HOUR)
        .approvals(2, 3)
        .area(
            Area::CustomerData,
            AreaRule::new(network.clone())
                .role(support.clone())
                .purposes([PurposeKind::SupportRequest, PurposeKind::TechnicalProblem]),
        )
        .area(
            Area::Database,
            AreaRule::new(network)
                .role(id("developer")?)
                .purposes([PurposeKind::InstallRelease, PurposeKind::ManualBackup]),
        )
        .build()?;
    let staff = StaffAccess::new(&policy);

    heading("Sven is bound to confidentiality", &[clause::D_4_1C]);
    let personnel = Provenance::internal(Actor::Staff(id("s-1")?));
    let nda = Undertaking {
        duty: Duty::Contract,
        reference: id("nda-7")?,
        from: clock,
        until: Some(clock.saturating_add(Duration::from_secs(365 * DAY))),
    };
    staff.apply(&mut store, clock.into(), &personnel, &MemberState::key(&sven), |member| sign(member, nda.clone()))?;
    println!("  by contract nda-7, for a year");

    heading("The customer asks for help; support asks for a grant", &[clause::E_3_2, clause::E_5_5]);
    let request = id("r-4711")?;
    let word = Purpose::from_word("curiosity", Some(request.clone()));
    println!("  for curiosity: {}", word.err().ok_or("curiosity is a purpose")?);
    let purpose = Purpose::from_word("support_request", Some(request))?;
    let invoices = Resource { kind: ResourceKind::try_new(Invoice::KIND)?, id: None };
    let scope = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [invoices.clone()])?;
    let asked = |grant: &GrantId, seconds| {
        GrantRequest::new(grant.clone(), acme.clone(), sven.clone(), purpose.clone(), scope.clone(), seconds)
    };
    let grant = GrantId::mint(&mut OsEntropy)?;
    let too_long = staff.request(&mut store, clock.into(), office, &asked(&grant, 52 * 7 * DAY))?;
    println!("  52 weeks: {}", reasons(too_long.denied().ok_or("52 weeks were granted")?));
    let _ = granted(staff.request(&mut store, clock.into(), office, &asked(&grant, 4 * HOUR))?)?;
    println!("  4 hours: requested, grant {grant}");

    heading("Approved by two persons of the customer's, and nobody else", &[clause::E_5_5]);
    let account = |text: &str| AccountId::try_new(text);
    let anna = Party::customer(acme.clone(), account("u-17")?).with_right();
    let parties = [
        ("an account without the right", Party::customer(acme.clone(), account("u-40")?)),
        ("a person of another customer", Party::customer(globex.clone(), account("u-1")?).with_right()),
        ("Sven himself", Party::staff(acme.clone(), sven.clone()).with_right()),
        ("Anna", anna.clone()),
        ("Anna again", anna.clone()),
        ("Ben", Party::customer(acme.clone(), account("u-18")?).with_right()),
    ];
    for (who, party) in &parties {
        clock = clock.saturating_add(Duration::from_secs(60));
        match staff.approve(&mut store, clock.into(), office, party, &grant)? {
            Answer::Granted(progress) => println!("  {who}: {} of {}", progress.given, progress.needed),
            Answer::Denied(denied) => println!("  {who}: {denied} {}", reasons(&denied)),
        }
    }
    for open in staff.list(&mut store, clock.into(), &personnel, &acme)? {
        let left = open.standing.time_left(clock.into()).as_secs() / 3600;
        println!(
            "  on the customer's screen: {}, {}, to be used within {left} h",
            open.grant.purpose(),
            open.grant.scope()
        );
    }

    heading("Every use is one joint question", &[clause::E_3_2, clause::E_5_6A, clause::D_4_1B]);
    let (tenant, elsewhere) = (Scope::from(acme.clone()), Scope::from(globex.clone()));
    let login = id("customer-login-1")?;
    let roles = [support];
    let question = StaffRequest {
        staff: &sven,
        roles: &roles,
        scope: &tenant,
        area: Area::CustomerData,
        action: Action::Read,
        resource: &invoices,
        purpose: Some(&purpose),
        origin: office,
        grant: Some(&grant),
        customer_login: Some(&login),
    };
    let wrong = StaffRequest { action: Action::Delete, origin: home, customer_login: None, purpose: None, ..question };
    let denied = refused(staff.check(&mut store, clock.into(), &wrong)?)?;
    println!("  from home, in the clear, to delete, for nothing: {denied} {}", reasons(&denied));
    let another = StaffRequest { scope: &elsewhere, ..question };
    let denied = refused(staff.check(&mut store, clock.into(), &another)?)?;
    println!("  at another customer's, by this grant: {denied} {}", reasons(&denied));
    let permit = granted(staff.check(&mut store, clock.into(), &question)?)?;
    println!("  as granted: {}", permit.banner());
    // The customer's rows, through the filter that its own accounts' queries take.
    let (support_word, desk) = (tenancy::Purpose::try_new("support_request")?, Interface::try_new("support-desk")?);
    let billing = tenancy::Purpose::try_new(Invoice::PURPOSE)?;
    let purposes = PurposePolicy::builder()
        .purpose(billing.clone())
        .purpose(support_word.clone())
        .compatible(support_word.clone(), billing)
        .interface(desk.clone(), [support_word.clone()])
        .build()?;
    let me = permit.principal().ok_or("no principal under a grant")?;
    let usage = purposes.usage(&desk, &support_word);
    let verdict =
        ask::<Invoice, _>(&mut store, clock.into(), &me, office, &tenancy::Request::to_kind(Action::Read, usage))?;
    let filter = verdict.filter()?;
    let row = |tenant: &TenantId| Scoped::stored(Some(tenant.clone()), Invoice("i-7".into()));
    println!("  invoice {} of acme opens", filter.open(Some(row(&acme)))?.0);
    let hidden = filter.open(Some(row(&globex))).err().ok_or("another customer's invoice opened")?;
    println!("  that of globex: {hidden}");
    let wider = tenancy::Request::to_kind(Action::Export, usage);
    let verdict = ask::<Invoice, _>(&mut store, clock.into(), &me, office, &wider)?;
    println!("  to export it: {}", verdict.filter().err().ok_or("more was allowed than granted")?);

    heading("Revoked in an open session", &[clause::E_5_5]);
    clock = clock.saturating_add(Duration::from_secs(HOUR));
    let _ = granted(staff.check(&mut store, clock.into(), &question)?)?;
    println!("  an hour later: still in");
    let how = granted(staff.end(&mut store, clock.into(), office, &anna, &grant)?)?;
    println!("  Anna takes it back: {}", how.code());
    clock = clock.saturating_add(Duration::from_secs(1));
    let denied = refused(staff.check(&mut store, clock.into(), &question)?)?;
    println!("  the next click: {denied} {}", reasons(&denied));
    let back = Now::from(clock.saturating_sub(Duration::from_secs(2 * HOUR)));
    let denied = refused(staff.check(&mut store, back, &question)?)?;
    println!("  the clock steps back two hours: {denied} {}", reasons(&denied));

    heading("An emergency, as the customer enabled it", &[clause::E_3_2]);
    let emergency = GrantId::mint(&mut OsEntropy)?;
    let outage = Purpose::TechnicalProblem;
    let break_in = GrantRequest::new(emergency.clone(), acme.clone(), sven.clone(), outage.clone(), scope, HOUR);
    let incident = id("inc-9")?;
    let customer = Provenance::new(Actor::User(account("u-17")?), office);
    let consent = ConsentState::key(&acme);
    staff.apply(&mut store, clock.into(), &customer, &consent, disable_glass)?;
    let denied = refused(staff.break_glass(&mut store, clock.into(), office, &break_in, &incident)?)?;
    println!("  before: {denied} {}", reasons(&denied));
    let terms = GlassTerms::try_new(HOUR, None, 7 * DAY)?;
    granted(staff.apply(&mut store, clock.into(), &customer, &consent, |state| enable_glass(state, terms, &anna))?)?;
    let _ = granted(staff.break_glass(&mut store, clock.into(), office, &break_in, &incident)?)?;
    let urgent = StaffRequest { purpose: Some(&outage), grant: Some(&emergency), ..question };
    let glass = granted(staff.check(&mut store, clock.into(), &urgent)?)?;
    println!("  after: {}", glass.banner());
    let owed = |store: &mut SqliteStore, clock: Timestamp| -> Result<String, Box<dyn Error>> {
        let open = staff.list(store, clock.into(), &personnel, &acme)?;
        let owed = open.iter().filter_map(|open| open.grant.glass()).flat_map(|glass| glass.owed());
        let owed: Vec<String> = owed.map(|owed| owed.to_string()).collect();
        Ok(if owed.is_empty() { "nothing".into() } else { owed.join(", ") })
    };
    println!("  owed: {}", owed(&mut store, clock)?);
    granted(staff.note_notice(&mut store, clock.into(), &personnel, &acme, &emergency)?)?;
    let boss = Party::staff(acme.clone(), id("s-1")?).with_right();
    clock = clock.saturating_add(Duration::from_secs(DAY));
    granted(staff.note_review(&mut store, clock.into(), office, &boss, &emergency)?)?;
    println!("  owed after the notice and the review: {}", owed(&mut store, clock)?);

    heading("The production database: network and role and purpose", &[clause::E_6H_7A, clause::E_6H_7C]);
    let developers = [id("developer")?];
    let schema = Resource { kind: ResourceKind::try_new("schema")?, id: None };
    let release = StaffRequest {
        roles: &developers,
        scope: &Scope::Operator,
        area: Area::Database,
        action: Action::Change,
        resource: &schema,
        purpose: Some(&Purpose::InstallRelease),
        grant: None,
        customer_login: None,
        ..question
    };
    let installed = granted(staff.check(&mut store, clock.into(), &release)?)?;
    println!("  a developer, from the office, a release: {}", installed.banner());
    println!("  ! {}", installed.tension().ok_or("no contradiction")?);
    let query = StaffRequest { roles: &roles, origin: home, purpose: None, ..release };
    let denied = refused(staff.check(&mut store, clock.into(), &query)?)?;
    println!("  support, from home, a query: {denied} {}", reasons(&denied));

    heading("Login data that should not be there; everything revoked at once", &[clause::E_5_6B]);
    let keys = Keyring::new(id("demo-2026")?, [42; 32]); // a host keeps its key in a secret manager
    let found = LoginFinding::new(id("crm-note-815")?, LoginData::Password, clock.into());
    let found = found.marked(&keys, &Secret::from("what stood in the note"));
    let key = LoginFinding::key(&acme, found.place());
    staff.apply(&mut store, clock.into(), &personnel, &key, |_| report_login_data(found.clone()))?;
    staff.apply(&mut store, clock.into(), &customer, &consent, revoke_all)?;
    println!("  reported, without the data; all grants of acme revoked");

    heading("The audit log names both, and is reviewed every year", &[clause::E_5_4, clause::A2_MON_3]);
    review(&store, begun, &tenant, &[&permit, &glass])
}

/// Every event of this run becomes a record of a log; those of a grant say on whose behalf.
fn review(store: &SqliteStore, begun: Timestamp, tenant: &Scope, permits: &[&Permit]) -> Result<(), Box<dyn Error>> {
    let desk = OpaqueId::try_new("support-desk")?;
    let (mut tree, mut bodies, mut place) = (Frontier::new(), Vec::new(), None::<Place>);
    let mut both = Vec::new();
    let lines_of = store.events(Some(tenant))?;
    let events: Vec<Event> = lines_of.iter().map(|line| Event::decode(line)).collect::<Result<_, _>>()?;
    let of_run: Vec<&Event> = events.iter().filter(|event| event.at() >= begun).collect();
    for event in &of_run {
        let draft = Draft::of_event(event, &desk, Class::Administration);
        let of = event.detail("grant").and_then(|grant| grant.as_text());
        let permit = permits.iter().find(|permit| permit.banner().grant.as_ref().map(GrantId::as_str) == of);
        let used = event.code() == "staff.used";
        let mut draft = permit.filter(|_| used).map_or(draft.clone(), |permit| permit.on_behalf(draft));
        let now = Now::from(event.at());
        let here = place.map_or_else(|| Place::first(now), |place| place.next(now));
        let mut bytes = Vec::new();
        draft.encode_into(here, &mut bytes)?.count();
        let record = Record::decode(&bytes)?;
        for step in record.on_behalf_of() {
            both.push(format!("{} {} by {}, on behalf of {step}", record.at(), record.code(), record.actor()));
        }
        tree.push_with(leaf_hash(&bytes), |_, _| {})?;
        bodies.push(bytes);
        place = Some(here);
    }
    both.iter().for_each(|line| println!("  {line}"));
    let lines = tree.size();
    println!("  {lines} records of this run, {} with both identities", both.len());

    // The customer's reviewer checks the whole log against a signed checkpoint before looking at it.
    let origin = LogOrigin::try_new("audit.example.com/acme")?;
    let signer = keys::Signer::new(origin.key_name()?, &[7; 32]);
    let checkpoint = Checkpoint::new(origin.clone(), tree.head()).sign(&[&signer])?;
    let verifier = keys::Verifier::new(&signer.verifier_key()).ok_or("a weak key")?;
    let seen = checkpoint.verify(&origin, &[&verifier])?;
    let (ledger, heads) = (Ledger::of(tree.size(), bodies.iter().map(Vec::as_slice)), [seen.head()]);
    let mut reader = Verifier::begin(&ledger, &heads, Frontier::new(), Values::Shown);
    for (index, bytes) in (0..).zip(&bodies) {
        reader.read(index, leaf_hash(bytes), Evidence::Body { bytes, disclosures: &[] });
    }
    let report = reader.finish();
    let (reviewer, sven) = (Actor::User(AccountId::try_new("u-3")?), Actor::Staff(OpaqueId::try_new("s-7")?));
    let range = IndexRange::try_new(0, lines).ok_or("no records")?;
    let review = Review::of(Who::from(&reviewer), [Who::from(&sven)], range, begun, Timestamp::MAX, &report, &seen)
        .map_err(|refusals| format!("no review: {refusals:?}"))?;
    let Body::Review { reviewed, .. } = review.body(0, [0; 32]) else { return Err("no review".into()) };
    let last = begun.to_datetime().date_naive();
    println!(
        "  reviewed: {} person, {} records; next by {}",
        reviewed.len(),
        lines,
        Review::next(last)?.raw_last_day()
    );
    Ok(())
}

/// Every reason, for the log.
fn reasons(denied: &Denied) -> String {
    let codes: Vec<String> = denied.conditions().iter().map(ToString::to_string).collect();
    format!("[{}]", codes.join(", "))
}

fn granted<T>(answer: Answer<T>) -> Result<T, String> {
    match answer {
        Answer::Granted(granted) => Ok(granted),
        Answer::Denied(denied) => Err(format!("unexpectedly refused: {}", reasons(&denied))),
    }
}

fn refused<T>(answer: Answer<T>) -> Result<Denied, &'static str> {
    match answer {
        Answer::Granted(_) => Err("unexpectedly let in"),
        Answer::Denied(denied) => Ok(denied),
    }
}

fn heading(title: impl Display, clauses: &[Clause]) {
    let cited: Vec<&str> = clauses.iter().map(|clause| clause.id()).collect();
    println!("\n{title} [{}]", cited.join(", "));
}
