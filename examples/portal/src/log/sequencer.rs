//! The job that turns events into records of the audit log, and has the log signed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clausework::audit::record::{About, Body, Class, Essentials, Outcome, Phase, Seen};
use clausework::audit::sequencer::{Due, SequencerPolicy};
use clausework::event::{Actor, Code, Provenance};
use clausework::id::OpaqueId;
use clausework::{Now, Scope};
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::{AuditError, AuditLog};
use crate::app::App;

/// How often it looks: an event is in the log soon after its page was answered.
const EVERY: Duration = Duration::from_secs(1);
/// What it does at most for one log before it looks at the next.
const STEPS: usize = 64;
/// How often the same trouble of a log is told: whoever is woken by it is awake.
const REMIND: Duration = Duration::from_secs(60);
/// The log's own records.
const LOG: Code = Code::internal("portal.log");

/// Works until `stop` changes, and then once more, so that nothing is left unsigned. That the log began and stopped is in
/// it (PCI DSS 10.2.1.6).
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let (mut troubles, mut unbegun) = (Troubles::default(), app.scopes());
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {
                unbegun = begin(&app, unbegun, &mut troubles).await;
                round(&app, &mut troubles).await;
            }
            _ = stop.changed() => break,
        }
    }
    for scope in scopes(&app).await {
        let stopped = append(app.log(), &scope, app.now(), Body::LogStopped { reason: "shutdown" });
        troubles.tell(&scope, stopped.await);
        troubles.tell(&scope, catch_up(app.log(), &scope, app.now()).await);
    }
}

/// That each log was begun; those that could not be told so, which are tried again.
async fn begin(app: &App, scopes: Vec<Scope>, troubles: &mut Troubles) -> Vec<Scope> {
    let mut unbegun = Vec::new();
    for scope in scopes {
        let begun = append(app.log(), &scope, app.now(), Body::LogStarted { config: config() }).await;
        if begun.is_err() {
            unbegun.push(scope.clone());
        }
        troubles.tell(&scope, begun);
    }
    unbegun
}

/// A record of the log's own, by the job.
async fn append(log: &AuditLog, scope: &Scope, now: Now, body: Body<'_>) -> Result<(), AuditError> {
    let by = Provenance::internal(Actor::Job(OpaqueId::try_new("sequencer")?));
    log.append(scope, now, &by, body).await
}

async fn round(app: &App, troubles: &mut Troubles) {
    for scope in scopes(app).await {
        troubles.tell(&scope, look_after(app.log(), &scope, app.now()).await);
    }
}

/// What is wrong with which log, and when that was told.
#[derive(Default)]
struct Troubles(BTreeMap<Scope, (String, Instant)>);

impl Troubles {
    /// An alarm is for a person at once; trouble passes, and what waits waits.
    fn tell(&mut self, scope: &Scope, done: Result<(), AuditError>) {
        let Err(error) = done else {
            if self.0.remove(scope).is_some() {
                tracing::info!(%scope, "the audit log goes on");
            }
            return;
        };
        let text = error.to_string();
        if self.0.get(scope).is_some_and(|(told, at)| *told == text && at.elapsed() < REMIND) {
            return;
        }
        if error.is_alarm() {
            tracing::error!(%scope, %error, "ALARM: the audit log was changed");
        } else {
            tracing::warn!(%scope, %error, "the audit log cannot go on; trying again");
        }
        self.0.insert(scope.clone(), (text, Instant::now()));
    }
}

/// Those that the portal has, and any other with an event that waits.
async fn scopes(app: &App) -> Vec<Scope> {
    let mut scopes = app.scopes();
    match app.log().waiting().await {
        Ok(waiting) => scopes.extend(waiting),
        Err(error) => tracing::warn!(%error, "the audit log cannot be read; trying again"),
    }
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Does what is due.
async fn look_after(log: &AuditLog, scope: &Scope, now: Now) -> Result<(), AuditError> {
    let policy = SequencerPolicy::default();
    for _ in 0..STEPS {
        let (state, waiting) = log.state(scope).await?;
        match policy.due(state.as_ref(), now, waiting) {
            Due::Integrate => drop(log.sequence(scope, now).await?),
            Due::Checkpoint => log.checkpoint(scope).await?,
            Due::Heartbeat => {
                let body = match &state {
                    None => Body::LogStarted { config: config() },
                    Some(state) => {
                        let head = state.frontier().head();
                        Body::Heartbeat { seen: Seen { size: head.size(), root: *head.root().as_bytes() } }
                    }
                };
                append(log, scope, now, body).await?;
            }
            Due::Nothing { .. } => return log.keep(scope).await,
        }
    }
    Ok(())
}

/// Takes in all that waits and has it signed, due or not: before the log is verified, and at the end.
pub async fn catch_up(log: &AuditLog, scope: &Scope, now: Now) -> Result<(), AuditError> {
    for _ in 0..STEPS {
        if !log.sequence(scope, now).await? {
            break;
        }
    }
    log.checkpoint(scope).await
}

/// The digest of what decides on what is logged, and how.
fn config() -> [u8; 32] {
    Sha256::digest(format!("{:?}", SequencerPolicy::default())).into()
}

/// What every record of the log's own has in common.
pub fn essentials<'a>(scope: &'a Scope, now: Now, component: &'a OpaqueId, by: &'a Provenance) -> Essentials<'a> {
    Essentials {
        code: LOG,
        at: now.timestamp(),
        scope,
        component,
        source: by.origin(),
        phase: Phase::Whole(Outcome::Success),
        actor: by.actor(),
        about: About::new("log", component),
        class: Class::Log,
    }
}
