//! Values, keys, events, alerts, the drivers of stores; and a store that answers what it likes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use clausework::alerts::{AlertPolicy, AlertState, observe};
use clausework::clause::{Clause, Contradiction};
use clausework::event::{Code, Event, Fact, Provenance, Stamp};
use clausework::id::{OpaqueId, Reference};
use clausework::lockout::LockoutState;
use clausework::secret::{Keyring, Token, TokenDigest};
use clausework::store::{
    AsyncStore, Batch, Change, Commit, Decision, Key, MemoryStore, Next, Rows, Store, Stored, Transition, Version,
    update, update_async, update_from, update_from_async,
};
use clausework::testing::block_on;
use clausework::{AccountId, Now, TenantId, Timestamp};

use super::draw::Gen;
use super::{say, see};

/// Whatever it is asked for: lines of golden files, damaged; too few rows; faults; conflicts that never end.
pub(super) struct Hostile<'g>(pub(super) &'g Gen);

#[derive(Debug, thiserror::Error)]
#[error("the store is in no mood")]
pub(super) struct Mood;

/// The golden lines of each kind of record.
static GOLDEN: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            for line in fs::read_to_string(path).unwrap().lines() {
                let kind = line.strip_prefix(r#"{"kind":""#).and_then(|rest| rest.split('"').next());
                kind.into_iter().for_each(|kind| found.entry(kind.to_owned()).or_default().push(line.to_owned()));
            }
        }
    }
    found
});

impl Hostile<'_> {
    fn answer(&self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Mood> {
        let g = self.0;
        if g.below(40) == 0 {
            return Err(Mood);
        }
        let mut rows: Vec<Option<Stored>> = keys.iter().map(|key| self.row(key)).collect();
        if g.below(40) == 0 {
            rows.truncate(g.below(rows.len() + 1));
        }
        Ok(rows)
    }

    fn row(&self, key: &Key) -> Option<Stored> {
        let g = self.0;
        let lines = GOLDEN.get(key.kind()).filter(|_| g.below(3) > 0)?;
        let line = g.pick(lines);
        let text = if g.flag() { line } else { g.changed(&line) };
        Some(Stored::new(Version::new(if g.below(8) == 0 { g.i64() } else { 1 }), text))
    }

    fn verdict(&self) -> Result<Commit, Mood> {
        match self.0.below(40) {
            0 => Err(Mood),
            1..5 => Ok(Commit::Conflict),
            _ => Ok(Commit::Applied),
        }
    }
}

impl Store for Hostile<'_> {
    type Error = Mood;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Mood> {
        self.answer(keys)
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Mood> {
        see(batch);
        self.verdict()
    }
}

/// The same for asynchronous hosts; what it answers was drawn before, since it may be sent to another thread.
pub(super) struct Sent(Vec<Option<Stored>>, bool);

impl Sent {
    pub(super) fn new(g: &Gen, kinds: &[Key]) -> Self {
        Self(Hostile(g).answer(kinds).unwrap_or_default(), g.flag())
    }
}

impl AsyncStore for Sent {
    type Error = Mood;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Mood> {
        Ok(self.0.iter().cloned().chain(std::iter::repeat(None)).take(keys.len()).collect())
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Mood> {
        see(batch);
        Ok(if self.1 { Commit::Applied } else { Commit::Conflict })
    }
}

pub(super) fn all(g: &Gen) {
    values(g);
    events(g);
    alerts(g);
    secrets(g);
    stores(g);
}

fn values(g: &Gen) {
    let text = g.text();
    see(&(
        OpaqueId::try_new(text.as_str()),
        TenantId::try_new(text.as_str()),
        AccountId::try_new(text.as_str()),
        Reference::try_new(&text),
    ));
    see(&(Clause::find(&text), Contradiction::find(&text)));
    let at = g.timestamp();
    see(&(
        Timestamp::from_micros(g.i64()),
        at.saturating_add(g.duration()),
        at.saturating_sub(g.duration()),
        at.since(g.timestamp()),
    ));
    see(&g.now().plus(g.duration()));
    for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, g.instant().to_utc()] {
        see(&(Timestamp::from(end), Now::from(end)));
    }
    say(&at);
    see(&(Version::new(g.i64()), Stored::new(Version::new(g.i64()), text)));
}

fn fact(g: &Gen) -> Fact {
    let fact = if g.flag() { Fact::success(g.code()) } else { Fact::failure(Code::internal("test.failed")) };
    let fact = fact.under(g.clause()).with("count", g.u64()).with("at", g.timestamp()).with("id", &g.id());
    see(&fact.detail(&g.text()));
    see(&Code::public("test.shown"));
    fact
}

pub(super) fn event(g: &Gen) -> Option<Event> {
    let lines: Vec<&str> = include_str!("../golden/event.v1.json").lines().collect();
    let text = if g.below(10) == 0 { g.text() } else { g.changed(g.pick(&lines)) };
    match Event::decode(&text) {
        Ok(event) => Some(event),
        Err(error) => {
            say(&error);
            None
        }
    }
}

fn events(g: &Gen) {
    if let Some(event) = event(g) {
        say(&event);
        see(&(event.detail("reason"), event.encode()));
    }
    see(&Stamp::created(g.now(), g.actor()).updated(g.now(), g.actor()));
    see(&(g.provenance(), Provenance::internal(g.actor())));
}

pub(super) fn alert_policy(g: &Gen) -> AlertPolicy {
    let mut builder = AlertPolicy::builder();
    for _ in 0..g.below(3) {
        builder = match g.below(9) {
            0 => builder.failures(g.u32()),
            1 => builder.failures_before_success(g.u32()),
            2 => builder.spraying(g.u32(), g.u32()),
            3 => builder.stuffing_accounts(g.u32()),
            4 => builder.distributed_accounts(g.maybe(Gen::u32)),
            5 => builder.window_secs(g.u64()),
            6 => builder.stuffing_window_secs(g.u64()),
            7 => builder.unused_secs(g.u64()),
            _ => builder.kept(g.u32(), g.u32()),
        };
    }
    g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        AlertPolicy::default()
    }))
}

fn alerts(g: &Gen) {
    let policy = alert_policy(g);
    let mut state = AlertState::default();
    for event in g.some(20, event).into_iter().flatten() {
        observe(&mut state, &policy, &event).iter().for_each(say);
        state = g.policy(state);
    }
}

fn secrets(g: &Gen) {
    let (id, other) = (g.id(), g.id());
    let keyring = Keyring::generate(id.clone(), &mut g.entropy()).unwrap_or_else(|_| Keyring::new(id, g.array()));
    see(&keyring.with_retired(other, g.array()));
    see(&g.secret().ct_eq(&g.secret()));
    see(&Token::<()>::mint(&mut g.entropy()).is_ok());
    let text = g.text();
    see(&(Token::<()>::parse(&text).is_ok(), TokenDigest::parse(&text)));
    see(&TokenDigest::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").map(|digest| digest.to_id()));
}

fn transition(g: &Gen, state: Option<LockoutState>) -> Transition<LockoutState, u8> {
    let state = state.unwrap_or_default();
    let (fact, collect_after) = (fact(g), g.timestamp());
    match g.below(4) {
        0 => Transition::keep(1),
        1 => Transition::put(state, 2).with(fact),
        2 => Transition::put(state, 3).collect_after(collect_after).with_all([fact]),
        _ => Transition::new(Next::End { state, collect_after }, 4),
    }
}

fn stores(g: &Gen) {
    let (key, stranger, by, now) = (g.key::<LockoutState>(), g.key::<LockoutState>(), g.provenance(), g.now());
    let decide = |rows: &Rows| -> Result<Decision<u8>, _> {
        let mut change = Change::new(rows, g.now(), &by);
        change.acting_as(g.actor());
        change.note(&stranger, fact(g));
        let about = if g.below(8) == 0 { &stranger } else { &key };
        let outcome = change.apply(about, transition(g, rows.read(&key)?))?;
        see(&change.rows_after().has(&key));
        Ok(change.finish(outcome))
    };
    let memory = MemoryStore::new();
    see(&update(&memory, [&key], decide));
    see(&update(Hostile(g), [&key, &key], decide).is_ok());
    see(&block_on(update_async(Sent::new(g, std::slice::from_ref(&key)), [&key], decide)).is_ok());
    if let Ok(rows) = Rows::load(Hostile(g), [&key]) {
        see(&rows.stamp::<LockoutState>(&key));
        let rows = rows.with_absent([stranger.clone()]);
        see(&decide(&rows).map(|decision| decision.release(Commit::Applied)));
        see(&update_from(Hostile(g), rows.clone(), decide).is_ok());
        see(&block_on(update_from_async(Sent::new(g, std::slice::from_ref(&key)), rows, decide)).is_ok());
    }
    see(&block_on(Rows::load_async(Sent::new(g, std::slice::from_ref(&key)), [&key])).is_ok());
    see(&Rows::new([key.clone()], []).read::<LockoutState>(&key));
    memory.collect(now);
    memory.erase(&g.scope());
    say(&Key::of::<LockoutState>(g.scope(), &g.id()));
}
