//! Stores that fail, and records of version 1.

use super::*;

/// A store that fails leaves a session as it was, and says nothing about it.
#[test]
#[cfg(feature = "testing")]
fn a_fault_is_neither_alive_nor_dead() {
    use crate::testing::{FaultyStore, StoreFault};
    let (world, session) = world(limits().build().unwrap(), None);
    let mut store = FaultyStore::new(world.store.clone());
    let mut look = |faults: &[StoreFault], micros| {
        faults.iter().for_each(|fault| store.plan(*fault));
        world.guard().touch_session(&mut store, at(micros), session.token(), office())
    };
    assert!(matches!(look(&[StoreFault::Load], 1), Err(Fault::Store(_))));
    assert!(matches!(look(&[StoreFault::Commit], 2 * MINUTE), Err(Fault::Store(_)))); // the use was not written
    assert!(is_active(&look(&[StoreFault::SpuriousConflict], 3 * MINUTE).unwrap()));
    // Locked, and nobody knows: it is.
    assert!(matches!(look(&[StoreFault::LostAcknowledgement], 18 * MINUTE), Err(Fault::Store(_))));
    assert_eq!(look(&[], 4 * MINUTE).unwrap(), SessionOutcome::Locked { account: anna() });
}

/// What version 1 of the record opened goes on, and ends for good when its bearer signs out.
#[test]
fn a_session_of_version_1_goes_on_and_ends() {
    let (world, session) =
        world(SessionPolicy::builder().lifetime_secs(28_800).idle(IdleLimit::Unlimited).build().unwrap(), None);
    let key = world.guard().session_key(&session.token().digest());
    let credential = Key::of::<CredentialState>(acme(), &anna());
    let rows = Rows::load(&world.store, [credential.clone()]).unwrap();
    let generation = rows.read::<CredentialState>(&credential).unwrap().unwrap().generation();
    let stamp = r#"{"created_by":"unauthenticated","created_at":"2026-11-22T09:33:00.000001Z","updated_by":"unauthenticated","updated_at":"2026-11-22T09:33:00.000001Z","revision":1}"#;
    let (opened, expires) = (at(0).timestamp(), at(8 * HOUR).timestamp());
    let text = alloc::format!(
        r#"{{"kind":"session","v":1,"stamp":{stamp},"state":{{"open":{{"account":"u-17","generation":{generation},"opened_at":"{opened}","expires_at":"{expires}"}}}}}}"#
    );
    let look = |micros, end: bool| {
        let mut keys = world.guard().session_keys(&anna());
        let mut stored: Vec<_> = Store::load(&mut &world.store, &keys).unwrap();
        keys.push(key.clone());
        stored.push(Some(crate::store::Stored::new(crate::store::Version::new(1), text.as_str())));
        if end {
            // Version 1 had no list of sessions.
            let rows = keys.iter().zip(&mut stored);
            rows.filter(|(key, _)| key.kind() == "activity").for_each(|(_, row)| *row = None);
        }
        let rows = Rows::new(keys, stored);
        let id = session.token().digest();
        if end {
            let decision = world.guard().decide_sign_out(&rows, at(micros), &id, office()).unwrap();
            assert!(
                decision
                    .batch()
                    .writes()
                    .iter()
                    .any(|write| write.text().contains(r#""v":2"#) && write.text().contains("ended"))
            );
            // No list has it, so that the end of the token itself is the event.
            assert!(decision.batch().events().iter().any(|event| event.text().contains("session.ended")));
            return SessionOutcome::Dead;
        }
        let decision = world.guard().decide_session(&rows, at(micros), &id, office(), session::Use::Active).unwrap();
        decision.release(crate::store::Commit::Applied).unwrap()
    };
    assert!(is_active(&look(8 * HOUR - 1, false)));
    assert_eq!(look(8 * HOUR, false), SessionOutcome::Dead);
    let _ = look(1, true);
}
