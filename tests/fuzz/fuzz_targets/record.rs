//! A stored record of every kind: any text, no panic; and no decision panics on a state that was read.
#![no_main]

use clausework::credential::{self, ChangeState, CredentialState};
use clausework::lockout::{self, LockoutPolicy, LockoutState};
use clausework::session::{self, SessionState};
use clausework::store::{Key, Record, Rows, Stored, Version};
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
    let _ = session::check(read::<SessionState>(text).as_ref(), now, Some(1));
    let _ = read::<ChangeState>(text);
});
