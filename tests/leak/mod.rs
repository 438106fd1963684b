//! Nothing secret in anything that is printed or stored: every `Debug`, `Display`, error, event and record
//! that a sign-in makes is collected and searched.

use clausework::credential::Issue;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::password::PasswordPolicy;
use clausework::screening::{Screening, UnknownPolicy, UnknownReason};
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{
    Begun, ChangeBegun, ChangeOutcome, ChangePermit, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest,
};
use clausework::store::{MemoryStore, Rows, update, update_from};
use clausework::testing::{CheapHash, Clock, SeededEntropy, events};
use clausework::{AccountId, Secret, TenantId};
use std::fmt::Write;

const NAME: &str = "anna.muster@example.com";
const CHOSEN: &str = "Geheim-Wort-2026";
const BEFORE: &str = "Frueher-Wort-2024";
const GUESSED: &str = "Geraten-Wort-2025";

#[test]
fn no_secret_and_no_name_in_anything_printed_or_stored() {
    let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let password = PasswordPolicy::builder().history(4).min_age_secs(Some(3)).build().unwrap();
    let policy = SignInPolicy::builder()
        .session(session)
        .password(password)
        .screening(Some(UnknownPolicy::AcceptAndRecheck))
        .build()
        .unwrap();
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
        guard.issue_temporary(&store, clock.now(), &mut entropy, &admin, &Issue::reset(anna.clone())).issued().unwrap();
    write!(printed, "{temporary:?}").unwrap();
    let request = |account: Option<&AccountId>, password: &str| {
        SignInRequest::new(NAME, account.cloned(), Secret::from(password), origin)
    };
    let first = guard.sign_in(&store, clock.now(), &mut entropy, &request(Some(&anna), temporary.password().expose()));
    write!(printed, "{first:?}").unwrap();
    let SignInOutcome::MustChange(change) = first else { panic!() };
    let mut choose = |now, permit: &ChangePermit, text: &str, found: Screening| {
        let chosen = ChangeRequest::new(permit.token().clone(), Secret::from(text), origin).with_screening(found);
        let keys = guard.find_change(&Rows::load(&store, guard.change_keys(&chosen)).unwrap(), &chosen).unwrap();
        let begun = update(&store, keys, |rows| {
            let decision = guard.begin_change(rows, now, &chosen)?;
            write!(printed, "{rows:?} {decision:?}").unwrap();
            Ok(decision)
        });
        let begun = begun.unwrap();
        write!(printed, "{chosen:?} {begun:?}").unwrap();
        let ChangeBegun::Attempt(attempt) = begun else { panic!() };
        let verdict = attempt.hash(&hasher, &mut entropy);
        write!(printed, "{verdict:?} {:?}", verdict.rows()).unwrap();
        let changed = update_from(&store, verdict.rows(), |rows| guard.settle_change(rows, now, &verdict)).unwrap();
        write!(printed, "{changed:?}").unwrap();
        if let ChangeOutcome::Rejected(violations) = &changed {
            for violation in violations {
                write!(printed, "{violation} {}", serde_json::to_string(violation).unwrap()).unwrap();
            }
        }
        changed
    };
    // Refused as known, accepted without an answer; then changed by its bearer: too soon, in the history, done.
    let known = Screening::Known { count: Some(42) };
    assert!(matches!(choose(clock.now(), &change, BEFORE, known), ChangeOutcome::Rejected(_)));
    let unknown = Screening::Unknown { reason: UnknownReason::NoAnswer };
    assert!(matches!(choose(clock.now(), &change, BEFORE, unknown), ChangeOutcome::Changed { .. }));
    let ask = request(Some(&anna), BEFORE).for_change();
    let mut again = SeededEntropy::new(6);
    let SignInOutcome::MustChange(asked) = guard.sign_in(&store, clock.now(), &mut again, &ask) else { panic!() };
    for text in [BEFORE, CHOSEN] {
        assert!(matches!(choose(clock.now(), &asked, text, Screening::Clean), ChangeOutcome::Rejected(_)));
    }
    clock.advance_secs(3);
    assert!(matches!(choose(clock.now(), &asked, BEFORE, Screening::Clean), ChangeOutcome::Rejected(_)));
    let changed = choose(clock.now(), &asked, CHOSEN, Screening::Clean);
    let ChangeOutcome::Changed { session, .. } = changed else { panic!() };
    write!(printed, "{ask:?} {asked:?}").unwrap();

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
        BEFORE,
        CHOSEN,
        GUESSED,
        temporary.password().expose(),
        change.token().expose(),
        asked.token().expose(),
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
