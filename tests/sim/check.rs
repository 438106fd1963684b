//! What must hold, whoever does what when: written once, used by the simulation and by the exploration.

use std::collections::VecDeque;
use std::time::Duration;

use clausework::Timestamp;
use clausework::lockout::LockoutPolicy;

/// The budget of wrong guesses, told from outside: of any `limit + 1` wrong guesses in a row with no success among
/// them, a lock must have been served between the first and the last, so they span at least its length.
///
/// It knows nothing of records or events, only when a guess was let through to the password.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Budget {
    limit: usize,
    gap: Duration,
    recent: VecDeque<Timestamp>,
}

impl Budget {
    /// `skew` is how far the clocks of the workers differ at most: a lock looks that much shorter from outside.
    pub(super) fn new(policy: &LockoutPolicy, skew: Duration) -> Self {
        let limit = usize::try_from(policy.limit()).unwrap();
        Self { limit, gap: policy.lock() - skew, recent: VecDeque::new() }
    }

    pub(super) fn guess(&mut self, at: Timestamp) -> Result<(), String> {
        self.recent.push_back(at);
        if self.recent.len() <= self.limit {
            return Ok(());
        }
        let first = self.recent.pop_front().unwrap();
        let span = at.since(first);
        if span < self.gap {
            return Err(format!("{} wrong guesses within {span:?} and no success among them", self.limit + 1));
        }
        Ok(())
    }

    pub(super) fn success(&mut self) {
        self.recent.clear();
    }
}

/// What the text of a lock-out record says, read without the crate's own types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) until: Option<Timestamp>,
    pub(super) bounded: Option<Timestamp>,
    pub(super) failures: u64,
    pub(super) reserved: Vec<Timestamp>,
}

impl Seen {
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let record: serde_json::Value = serde_json::from_str(text).unwrap();
        let instant = |value: &serde_json::Value| serde_json::from_value::<Timestamp>(value.clone()).ok();
        let state = &record["state"];
        Self {
            until: instant(&state["lock"]["until"]),
            bounded: instant(&state["bounded"]),
            failures: state.get("failures").map_or(0, |failures| failures.as_u64().unwrap()),
            reserved: state.get("reserved").map_or(Vec::new(), |all| {
                all.as_array().unwrap().iter().map(|value| instant(value).unwrap()).collect()
            }),
        }
    }

    /// When the lock opens, to a node whose clock shows this: at its bound while its end lies beyond reach.
    pub(super) fn opens(&self, policy: &LockoutPolicy, clock: Timestamp) -> Option<Timestamp> {
        let reach = clock.saturating_add(policy.lock() + policy.skew());
        self.until.map(|until| if until <= reach { until } else { self.bounded.unwrap_or(until) })
    }
}

/// The part of the text that says when the lock opens: a cheap look at every commit.
pub(super) fn until(text: Option<&str>) -> Option<&str> {
    let text = text?;
    let start = text.find("\"until\":\"")? + "\"until\":\"".len();
    Some(&text[start..start + 27])
}

/// A lock stands as it was set until its time has come, and lasts exactly as long as the policy says.
pub(super) fn lock_stands(
    policy: &LockoutPolicy,
    before: Option<&str>,
    after: Option<&str>,
    clock: Timestamp,
    may_bound: bool,
) -> Result<(), String> {
    let (old, new) = (Seen::read(before), Seen::read(after));
    let furthest = clock.saturating_add(policy.lock() + policy.skew());
    if new.bounded.is_some() && new.bounded != old.bounded {
        // A clock that was set back far: the lock is bounded by one period from now, once; its end stays.
        let once = may_bound && old.bounded.is_none() && new.bounded == Some(furthest) && new.until == old.until;
        return if once { Ok(()) } else { Err(format!("at {clock} a lock was bounded from {old:?} to {new:?}")) };
    }
    if until(before) == until(after) {
        return Ok(());
    }
    if old.opens(policy, clock).is_some_and(|opens| clock < opens) {
        return Err(format!("at {clock} a lock moved from {old:?} to {new:?}"));
    }
    let Some(set) = new.until else { return Ok(()) };
    let from = set.saturating_sub(policy.lock());
    if from == clock || old.reserved.contains(&from) {
        Ok(())
    } else {
        Err(format!("at {clock} a lock of another length was set: from {old:?} to {new:?}"))
    }
}
