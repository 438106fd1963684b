//! The audit log on every database: one suite, and what is asked of each alone.

mod gaps;
mod outlives;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod suite;

use std::fmt::{Debug, Display};
use std::ops::Range;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointSigner, Ed25519Signer, Ed25519Verifier, Origin, SignedCheckpoint};
use clausework::audit::record::{About, Basis, Class, Draft, Essentials, Ground, Outcome, Phase, Record, Target, Who};
use clausework::audit::retention::{Candidate, PurgeKind, RetentionPolicy, plan_erasure, plan_purge};
use clausework::audit::sequencer::LogState;
use clausework::audit::verify::{Ledger, Verdict};
use clausework::event::{Actor, Code, Event, Fact, Origin as Source, Provenance};
use clausework::id::OpaqueId;
use clausework::store::{Change, Key, Store, Transition, update};
use clausework::{Now, Scope, TenantId, Timestamp};
use clausework_stores::{LogError, Prepared, Sequenced, StoredRecord};

pub(crate) const NOTED: Code = Code::internal("test.noted");

/// A log and what a test needs around it. The methods are those of the logs, as a blocking host calls them.
pub(crate) trait Log: Sized {
    /// A database of its own, which goes with it.
    type Home: Sync;
    /// What its database reports.
    type Database: Debug + Display;
    /// The test of this log that lives until it is killed.
    const VICTIM: &'static str;
    /// What its tables are called in front of `audit_` and `events`.
    const PREFIX: &'static str;
    /// 32 bytes of zero, in its SQL.
    const ZEROS: &'static str;

    fn home() -> Self::Home;
    fn address(home: &Self::Home) -> String;
    /// Opens the log there; as many as there have to be at once.
    fn at(address: &str) -> Self;
    /// As another program would do it. The SQL says `{}` before the name of a table.
    fn sql(address: &str, sql: &str);
    /// A number that SQL tells.
    fn count(address: &str, sql: &str) -> i64;

    fn store(&mut self) -> impl Store<Error: Debug>;
    fn erase(&mut self, scope: &Scope);
    fn state(&self, scope: &Scope) -> (Option<LogState>, Option<Timestamp>);
    fn waiting(&self) -> Vec<Scope>;
    fn prepare_by(
        &mut self,
        scope: &Scope,
        class: impl Fn(&Event) -> Class + Send,
        batch: u32,
    ) -> Result<Option<Prepared>, LogError<Self::Database>>;
    fn try_commit(&mut self, prepared: &Prepared) -> Result<Sequenced, LogError<Self::Database>>;
    fn enter(
        &mut self,
        scope: &Scope,
        now: Now,
        drafts: &mut [Draft<'_>],
    ) -> Result<Range<u64>, LogError<Self::Database>>;
    fn delete(
        &mut self,
        scope: &Scope,
        now: Now,
        intent: u64,
        draft: Draft<'_>,
    ) -> Result<u64, LogError<Self::Database>>;
    fn checkpoint_by(
        &mut self,
        signer: &(dyn CheckpointSigner + Sync),
    ) -> Result<Option<SignedCheckpoint>, LogError<Self::Database>>;
    fn anchor(&mut self, scope: &Scope, size: u64) -> bool;
    fn last_checkpoint(&self) -> Option<SignedCheckpoint>;
    fn ledger(&self) -> Ledger;
    fn body(&self, index: u64) -> Option<Vec<u8>>;
    fn page(&self, below: u64, limit: u32) -> Vec<StoredRecord>;
    fn bundle(&self) -> Bundle;

    fn open(home: &Self::Home) -> Self {
        Self::at(&Self::address(home))
    }

    fn commit(&mut self, prepared: &Prepared) -> Sequenced {
        self.try_commit(prepared).unwrap()
    }

    fn prepare(&mut self, batch: u32) -> Option<Prepared> {
        self.prepare_by(&tenant(), |_| Class::Access, batch).unwrap()
    }

    fn sequence_of(&mut self, scope: &Scope, batch: u32) -> Sequenced {
        let prepared = self.prepare_by(scope, |_| Class::Access, batch).unwrap();
        prepared.map_or(Sequenced::Nothing, |prepared| self.commit(&prepared))
    }

    fn sequence(&mut self, batch: u32) -> Sequenced {
        self.sequence_of(&tenant(), batch)
    }

    fn checkpoint(&mut self) -> Option<SignedCheckpoint> {
        self.checkpoint_by(&signer()).unwrap()
    }

    /// Appends a record of the log's own, or of a person.
    fn append(&mut self, now: Now, change: impl for<'a> FnOnce(Draft<'a>) -> Draft<'a>) -> u64 {
        let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
        let draft = change(Draft::new(essentials(now, &scope, &component, &actor)));
        self.enter(&scope, now, &mut [draft]).unwrap().start
    }

    /// By way of the file, as an auditor has it.
    fn verdict(&self) -> Verdict {
        self.verdict_with(&[])
    }

    /// With checkpoints that were kept elsewhere.
    fn verdict_with(&self, anchors: &[SignedCheckpoint]) -> Verdict {
        let [one, other] = &verifiers();
        Bundle::parse(&self.bundle().to_string()).unwrap().verify(anchors, &[one, other]).verdict
    }

    /// The numbers of the notes in the log, in its order.
    fn numbers(&self) -> Vec<u64> {
        let number =
            |bytes: &[u8]| Some(Record::decode(bytes).unwrap().attribute("number")?.to_string().parse().unwrap());
        self.bundle().records().filter_map(|(_, bytes)| number(bytes)).collect()
    }

    /// Carries out an intent, by a job.
    fn carry_out(&mut self, now: Now, intent: u64) -> Result<u64, LogError<Self::Database>> {
        let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
        let draft = Draft::new(essentials(now, &scope, &component, &actor));
        self.delete(&scope, now, intent, draft)
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Note(u64);

impl clausework::store::Record for Note {
    const KIND: &'static str = "note";
    const VERSION: u16 = 1;
}

pub(crate) fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

pub(crate) fn scope_of(name: &str) -> Scope {
    TenantId::try_new(name).unwrap().into()
}

pub(crate) fn tenant() -> Scope {
    scope_of("acme")
}

pub(crate) fn origin() -> Origin {
    Origin::of_scope("audit.example.com", &tenant()).unwrap()
}

pub(crate) fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(origin().key_name().unwrap(), &[7; 32])
}

/// The key that comes when the keys are changed.
pub(crate) fn next_signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(origin().key_name().unwrap(), &[8; 32])
}

/// Of both.
pub(crate) fn verifiers() -> [Ed25519Verifier; 2] {
    [signer(), next_signer()].map(|signer| Ed25519Verifier::new(&signer.verifier_key()).unwrap())
}

pub(crate) fn day(number: i64) -> Now {
    Now::from(Timestamp::from_micros(number * 86_400_000_000).unwrap())
}

/// A business commit: a row and the event of it, together or not at all.
pub(crate) fn note(log: &mut impl Log, number: u64) {
    note_of(log, &tenant(), number);
}

pub(crate) fn note_of(log: &mut impl Log, scope: &Scope, number: u64) {
    commit_fact(log, scope, number, &|| Fact::success(NOTED).with("number", number));
}

pub(crate) fn commit_fact(log: &mut impl Log, scope: &Scope, number: u64, fact: &dyn Fn() -> Fact) {
    let key = Key::of::<Note>(scope.clone(), &id(&format!("n-{number}")));
    let by = Provenance::internal(Actor::Unauthenticated);
    update(log.store(), [&key], |rows| {
        let mut change = Change::new(rows, day(0), &by);
        change.apply(&key, Transition::put(Note(number), ()).with(fact()))?;
        Ok(change.finish(()))
    })
    .unwrap();
}

pub(crate) fn essentials<'a>(now: Now, scope: &'a Scope, component: &'a OpaqueId, actor: &'a Actor) -> Essentials<'a> {
    Essentials {
        code: Code::internal("audit.log"),
        at: now.timestamp(),
        scope,
        component,
        source: Source::Internal,
        phase: Phase::Whole(Outcome::Success),
        actor,
        about: About::new("log", component),
        class: Class::General,
    }
}

/// Intent, checkpoint, deletion with its record, checkpoint; as far as `steps` goes.
pub(crate) fn erase_and_purge(log: &mut impl Log, steps: usize) {
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let now = day(400);
    let ground = Ground::new(Basis::RetentionEnded);
    let own = || Draft::new(essentials(now, &scope, &component, &actor));
    let bodies: Vec<Vec<u8>> = log.bundle().records().map(|(_, bytes)| bytes.to_vec()).collect();
    let records: Vec<Record<'_>> = bodies.iter().map(|bytes| Record::decode(bytes).unwrap()).collect();
    let ledger = log.ledger();
    let personal = records.iter().filter(|record| record.commitments().count() > 0);
    let erasure = plan_erasure(&ledger, personal.map(|record| (Target::record(record.place().index()), None)));
    let candidates = records.iter().map(Candidate::from).filter(|one| one.class == Class::Access);
    let kind = PurgeKind::Bodies(Class::Access);
    let purge = plan_purge(&RetentionPolicy::default(), now, &ledger, kind, candidates, &[].into()).plan.unwrap();
    let who = Who::from(&actor);
    let mut intents = Vec::new();
    for body in [erasure.body(ground, who, "req-1").unwrap(), purge.body(ground)].into_iter().take(steps) {
        intents.push(log.enter(&scope, now, &mut [own().body(body)]).unwrap().start);
    }
    if steps < 3 {
        return;
    }
    log.checkpoint().unwrap();
    for intent in intents.into_iter().take(steps - 3) {
        assert!(log.carry_out(now, intent).unwrap() > 0);
    }
}
