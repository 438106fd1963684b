//! The main job, end to end, on a real database: `cargo run --example quickstart [-- PATH]`
//!
//! A customer with a policy, an account with a temporary password, the forced change, a lock-out, a
//! wrong network, plain HTTP, the exit plan of the agreement, and the audit trail read back.
//! Everything is kept in the SQLite file; run it twice and it goes on where it stopped. The clock is
//! scripted, so that fifteen minutes do not take fifteen minutes; passwords are printed because this
//! is a demonstration. In a host, a store error or an unexpected answer is handled, not propagated.

use core::error::Error;
use core::time::Duration;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use clausework::access::{AccessPolicy, IpList};
use clausework::clause;
use clausework::credential::Issue;
use clausework::dpa::{DpaTerms, LateReturnRequest};
use clausework::entropy::OsEntropy;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{
    ChangeOutcome, ChangeRequest, IssueOutcome, SignIn, SignInOutcome, SignInPolicy, SignInRequest,
};
use clausework::{AccountId, Now, Scope, Secret, TenantId, Timestamp};
use clausework_stores::SqliteStore;

fn main() {
    if let Err(error) = run() {
        eprintln!("quickstart: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/quickstart.sqlite".into());
    if let Some(folder) = Path::new(&path).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut store = SqliteStore::open(&path)?;
    let started = Timestamp::from(Utc::now());
    let stopped = store.last_event_at()?;
    let first_run = stopped.is_none();
    let mut clock = started.max(stopped.unwrap_or(started)).saturating_add(Duration::from_secs(1));
    println!("Clausework quickstart: records and events are in {path}; the scripted clock starts at {clock}.");

    // What the customer has signed: 3 failures, 15 minutes; 8 characters, a digit, both cases; 15 days. It also
    // restricts its users to the office network. Only the limits of a session are ours to choose.
    let office_only = IpList::only(["198.51.100.0/24".parse()?])?;
    let policy = SignInPolicy::builder()
        .access(AccessPolicy::builder().ip_list(office_only).https_only(true).build()?)
        .session(
            SessionPolicy::builder()
                .lifetime_secs(8 * 60 * 60)
                .idle(IdleLimit::Lock { after_secs: 15 * 60 })
                .build()?,
        )
        .build()?;
    let hasher = Hasher::new(HashPolicy::default());
    let keys = Keyring::new(OpaqueId::try_new("demo-2026")?, [42; 32]); // a host keeps its key in a secret manager
    let (acme, anna) = (TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
    let guard = SignIn::new(&acme, &policy, &hasher, &keys);

    let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    let attempt = |password: &str, origin| SignInRequest::new("anna", Some(anna.clone()), password.into(), origin);

    heading("An account with a temporary password", &[clause::E_5_2B, clause::E_6P_2]);
    let issue = if first_run { Issue::new_user(anna.clone()) } else { Issue::reset(anna.clone()) };
    let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
    let IssueOutcome::Issued(temporary) =
        guard.issue_temporary(&mut store, clock.into(), &mut OsEntropy, &admin, &issue)
    else {
        return Err("no temporary password".into());
    };
    println!("  issued {}, good until {}", temporary.password().expose(), temporary.expires_at());

    heading("It opens nothing but the choice of another", &[clause::E_5_1C, clause::E_6P_1]);
    let first =
        guard.sign_in(&mut store, clock.into(), &mut OsEntropy, &attempt(temporary.password().expose(), office));
    let SignInOutcome::MustChange(change) = first else {
        return Err(format!("expected the change, got {first:?}").into());
    };
    for chosen in ["kurz", "Sommer-2026"] {
        let request = ChangeRequest::new(change.token().clone(), Secret::from(chosen), office);
        match guard.change_password(&mut store, clock.into(), &mut OsEntropy, &request) {
            ChangeOutcome::Rejected(violations) => {
                let said: Vec<String> = violations.iter().map(ToString::to_string).collect();
                println!("  {chosen:?}: {}", said.join(", "));
            }
            ChangeOutcome::Changed { session, .. } => {
                println!("  {chosen:?}: changed; signed in until {}", session.expires_at())
            }
            other => return Err(format!("{other:?}").into()),
        }
    }

    heading("Three wrong guesses lock the account for 15 minutes", &[clause::E_6P_3, clause::A2_ACCESS_4]);
    let begun = clock;
    let mut sign_in = |seconds, password: &str, origin: Origin| -> Result<(), Box<dyn Error>> {
        clock = clock.saturating_add(Duration::from_secs(seconds));
        let outcome = guard.sign_in(&mut store, Now::from(clock), &mut OsEntropy, &attempt(password, origin));
        let said = match outcome {
            SignInOutcome::SignedIn(session) => format!("signed in until {}", session.expires_at()),
            SignInOutcome::Denied(denied) => {
                // The outside learns no more than this; the reason is in the event.
                let event = Event::decode(store.events(None)?.last().ok_or("no event")?)?;
                format!("{} [{}]", denied.public_message(), event.detail("reason").ok_or("no reason")?)
            }
            other => format!("{other:?}"),
        };
        println!("  {clock}  {password:<11} from {origin}: {said}");
        Ok(())
    };
    for guess in ["Summer-2026", "Winter-2026", "Sommer-2025"] {
        sign_in(1, guess, office)?;
    }
    sign_in(1, "Sommer-2026", office)?; // right, and refused
    sign_in(15 * 60 - 2, "Sommer-2026", office)?; // one second early
    sign_in(1, "Sommer-2026", office)?; // the lock opens at the second

    heading("Not from another network, not over plain HTTP", &[clause::E_5_7, clause::E_5_8]);
    sign_in(1, "Sommer-2026", Origin::network("203.0.113.9".parse()?, Transport::Tls))?;
    sign_in(1, "Sommer-2026", Origin::network("198.51.100.7".parse()?, Transport::Plain))?;

    heading(
        "The agreement ends: what is owed, and where the text contradicts itself",
        &[clause::D_10_1B, clause::D_10_2A],
    );
    let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such date")?;
    let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::MonthFromRequest)?;
    for duty in plan.duties() {
        println!("  {}  {}", duty.last_day(), duty.because());
    }
    for conflict in plan.conflicts() {
        println!("  ! {conflict}");
    }

    heading("The audit trail, as the database kept it", &[clause::E_5_4, clause::A2_INPUT_8]);
    let trail = store.events(Some(&Scope::Tenant(acme)))?;
    println!("  {} events; those of this run:", trail.len());
    for line in trail {
        let event = Event::decode(&line)?;
        if event.at() >= begun {
            println!("  {event}");
        }
    }
    Ok(())
}

fn heading(title: &str, clauses: &[clause::Clause]) {
    let cited: Vec<&str> = clauses.iter().map(|clause| clause.id()).collect();
    println!("\n{title} [{}]", cited.join(", "));
}
