//! Nothing secret in anything that is printed or stored: every `Debug`, `Display`, error, event and record
//! that a sign-in makes is collected and searched.

use clausework::credential::IssueReason;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{Begun, ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::store::{MemoryStore, update};
use clausework::testing::{CheapHash, Clock, SeededEntropy, events};
use clausework::{AccountId, Secret, TenantId};
use std::fmt::Write;

const NAME: &str = "anna.muster@example.com";
const CHOSEN: &str = "Geheim-Wort-2026";
const GUESSED: &str = "Geraten-Wort-2025";

#[test]
fn no_secret_and_no_name_in_anything_printed_or_stored() {
    let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let policy = SignInPolicy::builder().session(session).build().unwrap();
    let hasher = Hasher::with_kernel(HashPolicy::default(), CheapHash);
    let keys = Keyring::new(OpaqueId::try_new("test").unwrap(), *b"a key of thirty-two bytes, truly");
    let (tenant, anna) = (TenantId::try_new("acme").unwrap(), AccountId::try_new("u-17").unwrap());
    let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    let (store, mut clock, mut entropy) =
        (MemoryStore::new(), Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(5));
    let origin = Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls);
    let admin = Provenance::internal(Actor::Unknown(OpaqueId::try_new("console").unwrap()));
    let mut printed = format!("{guard:?} {hasher:?} {keys:?} {policy:?} {admin:?}");

    let temporary =
        guard.issue_temporary(&store, clock.now(), &mut entropy, &admin, &anna, IssueReason::Reset).unwrap();
    write!(printed, "{temporary:?}").unwrap();
    let request = |account: Option<&AccountId>, password: &str| {
        SignInRequest::new(NAME, account.cloned(), Secret::from(password), origin)
    };
    let first = guard.sign_in(&store, clock.now(), &mut entropy, &request(Some(&anna), temporary.password().expose()));
    write!(printed, "{first:?}").unwrap();
    let SignInOutcome::MustChange(change) = first else { panic!() };
    let chosen = ChangeRequest::new(change.token().clone(), Secret::from(CHOSEN), origin);
    let changed = guard.change_password(&store, clock.now(), &mut entropy, &chosen);
    write!(printed, "{chosen:?} {changed:?}").unwrap();
    let ChangeOutcome::Changed(session) = changed else { panic!() };

    for account in [Some(&anna), None] {
        for password in [GUESSED, CHOSEN, GUESSED, GUESSED, GUESSED] {
            clock.advance_secs(1);
            let typed = request(account, password);
            let begun = update(&store, guard.keys(&typed), |rows| {
                write!(printed, "{rows:?}").unwrap();
                let decision = guard.begin(rows, clock.now(), &typed)?;
                write!(printed, "{decision:?}").unwrap();
                Ok(decision)
            });
            let begun = begun.unwrap();
            write!(printed, "{typed:?} {begun:?}").unwrap();
            if let Begun::Attempt(attempt) = begun {
                let verdict = attempt.verify(guard.hasher(), &mut entropy, typed.password());
                write!(printed, "{verdict:?} {:?}", verdict.rows()).unwrap();
                let decision = guard.settle(&verdict.rows(), clock.now(), &verdict).unwrap();
                write!(printed, "{decision:?}").unwrap();
            }
            write!(printed, "{:?}", guard.sign_in(&store, clock.now(), &mut entropy, &typed)).unwrap();
        }
    }
    for event in events(&store) {
        write!(printed, "{event} {event:?}").unwrap();
    }
    write!(printed, "{store:?}").unwrap();
    assert!(!printed.contains("argon2id"), "a password hash is printed"); // stored, and nowhere else
    write!(printed, "{:?}", store.records()).unwrap();
    assert!(printed.contains("argon2id"));

    let secrets = [
        NAME,
        "anna.muster",
        CHOSEN,
        GUESSED,
        temporary.password().expose(),
        change.token().expose(),
        session.token().expose(),
        "a key of thirty-two",
    ];
    for secret in secrets {
        assert!(!printed.contains(secret), "{secret} is printed or stored");
    }
    // The search itself works: what may be printed is found.
    assert!(printed.contains("u-17") && printed.contains("sign_in.refused"));
}

/// E-5.10a: tokens are unique, and what is stored of one cannot be used as one.
#[test]
fn e_5_10a_tokens_are_unique_and_stored_as_digests() {
    use clausework::secret::Token;
    use clausework::session::SessionState;
    let mut entropy = clausework::entropy::OsEntropy;
    let tokens: std::collections::HashSet<String> =
        (0..10_000).map(|_| Token::<SessionState>::mint(&mut entropy).unwrap().expose().to_owned()).collect();
    assert_eq!(tokens.len(), 10_000);
    for text in tokens {
        let token = Token::<SessionState>::parse(&text).unwrap();
        let stored = token.digest().to_id();
        assert_ne!(stored, text);
        assert_ne!(Token::<SessionState>::parse(&stored).unwrap().digest(), token.digest());
    }
}
