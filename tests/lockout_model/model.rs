//! The decision table once more, as naively as it can be put: a list of what was reserved and of when it failed.
//! Instants are microseconds; nothing is clamped, and nothing overflows.

pub(super) struct Rules {
    pub(super) limit: usize,
    pub(super) cap: usize,
    pub(super) lock: i64,
    /// From so many in a row on, a lock is so long.
    pub(super) tiers: Vec<(usize, i64)>,
    pub(super) lease: i64,
}

/// What has happened to one account.
#[derive(Clone, Default)]
pub(super) struct Model {
    failures: Vec<i64>,
    run: usize,
    until: Option<i64>,
    disabled: bool,
    reserved: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Reserved(i64),
    Locked(i64),
    Disabled,
    Busy(i64),
    Accepted,
    Refused,
    Cancelled,
}

impl Model {
    fn fails(&mut self, at: i64, rules: &Rules) {
        self.failures.push(at);
        self.run += 1;
        self.disabled |= self.run >= rules.cap;
        let due = self.failures.len() >= rules.limit || rules.tiers.iter().any(|tier| tier.0 == self.run);
        if due && self.until.is_none() {
            let tier = rules.tiers.iter().rfind(|tier| tier.0 <= self.run);
            self.until = Some(at + tier.map_or(rules.lock, |tier| tier.1));
        }
    }

    fn opens(&mut self, now: i64) {
        if !self.disabled && self.until.is_some_and(|until| until <= now) {
            (self.until, self.failures) = (None, Vec::new());
        }
    }

    pub(super) fn roll(&mut self, now: i64, rules: &Rules) {
        self.reserved.sort_unstable();
        while self.reserved.first().is_some_and(|deadline| *deadline <= now) {
            let deadline = self.reserved.remove(0);
            self.opens(deadline);
            self.fails(deadline, rules);
        }
        self.opens(now);
    }

    pub(super) fn begin(&mut self, now: i64, rules: &Rules) -> Says {
        self.roll(now, rules);
        if self.disabled {
            return Says::Disabled;
        }
        if let Some(until) = self.until {
            return Says::Locked(until);
        }
        let next = rules.tiers.iter().map(|tier| tier.0).find(|run| *run > self.run).unwrap_or(rules.cap);
        let room = (rules.limit - self.failures.len()).min(next - self.run);
        if self.reserved.len() >= room {
            return Says::Busy(self.reserved[0] - now);
        }
        self.reserved.push(now + rules.lease);
        Says::Reserved(now + rules.lease)
    }

    pub(super) fn settle(&mut self, now: i64, rules: &Rules, deadline: i64, matched: bool) -> Says {
        self.roll(now, rules);
        let live = self.take(deadline);
        if self.disabled || self.until.is_some() {
            self.run += usize::from(live && !matched);
            self.disabled |= self.run >= rules.cap;
            return Says::Refused;
        }
        if matched {
            *self = Self::default();
            return Says::Accepted;
        }
        if live || now < deadline {
            self.fails(now, rules);
        }
        Says::Refused
    }

    pub(super) fn cancel(&mut self, now: i64, rules: &Rules, deadline: i64) -> Says {
        self.roll(now, rules);
        self.take(deadline);
        Says::Cancelled
    }

    fn take(&mut self, deadline: i64) -> bool {
        let found = self.reserved.iter().position(|reserved| *reserved == deadline);
        found.map(|index| self.reserved.remove(index)).is_some()
    }

    /// Failures, failures in a row, until when, disabled, how many reserved.
    pub(super) fn shows(&self) -> (usize, usize, Option<i64>, bool, usize) {
        let until = self.until.filter(|_| !self.disabled);
        (self.failures.len(), self.run, until, self.disabled, self.reserved.len())
    }
}
