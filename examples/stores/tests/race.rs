//! Many tasks at one account, over any async store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clausework::sign_in::SignInOutcome;
use clausework::store::{AsyncStore, UpdateError};

use crate::host::{BUDGET, Host, PASSWORD, count, decoded};
use crate::servers::runtime;

const TASKS: usize = 32;
const SIGN_INS: usize = 64;

/// Of wrong guesses exactly the budget is verified; of right passwords, all get in.
pub(crate) fn at_one_account<S: AsyncStore + Clone + Send + Sync + 'static>(
    store: &S,
    events: impl Fn() -> Vec<String>,
) {
    let verified = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&verified);
    let host = Arc::new(Host::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    }));
    for account in ["u-1", "u-2"] {
        host.create(store.clone(), account);
    }

    let (before, opened) = (verified.load(Ordering::SeqCst), count(&decoded(&events()), "session.opened", None, None));
    all_at_once(&host, store, "u-1", |task, turn| (turn < 5).then(|| format!("wrong-{task}-{turn}")));
    let seen = decoded(&events());
    assert_eq!(verified.load(Ordering::SeqCst) - before, BUDGET);
    assert_eq!(count(&seen, "sign_in.refused", Some("sign_in.mismatch"), Some("u-1")), BUDGET);
    assert_eq!(count(&seen, "lockout.locked", None, Some("u-1")), 1);

    all_at_once(&host, store, "u-2", |_, turn| (turn < SIGN_INS / TASKS).then(|| PASSWORD.into()));
    let seen = decoded(&events());
    assert_eq!(count(&seen, "sign_in.signed_in", None, Some("u-2")), SIGN_INS);
    assert_eq!(count(&seen, "session.opened", None, None) - opened, SIGN_INS);
    assert_eq!(count(&seen, "lockout.locked", None, Some("u-2")), 0);
}

/// Every task tries its passwords in turn; a right one until it is in.
fn all_at_once<S: AsyncStore + Clone + Send + Sync + 'static>(
    host: &Arc<Host>,
    store: &S,
    account: &'static str,
    password: impl Fn(usize, usize) -> Option<String> + Copy + Send + Sync + 'static,
) {
    let one = |task: usize| {
        let (host, mut store) = (Arc::clone(host), store.clone());
        async move {
            for password in (0..).map_while(|turn| password(task, turn)) {
                loop {
                    match host.sign_in(&mut store, account, &password, Duration::from_millis(1)).await {
                        Ok(SignInOutcome::Busy { .. }) | Err(UpdateError::Contended) if password == PASSWORD => {
                            tokio::time::sleep(Duration::from_millis(2)).await;
                        }
                        Ok(SignInOutcome::SignedIn(_)) if password == PASSWORD => break,
                        Ok(SignInOutcome::Denied(_) | SignInOutcome::Busy { .. }) if password != PASSWORD => break,
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    };
    let tasks: Vec<_> = (0..TASKS).map(|task| runtime().spawn(one(task))).collect();
    for task in tasks {
        runtime().block_on(task).unwrap();
    }
}
