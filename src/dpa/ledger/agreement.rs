//! The events of one agreement, matter by matter, and which of them are in force.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset};

use super::super::event::local_day;
use super::super::obligation::Output;
use super::super::{DpaEvent, Fact, Finding, FindingKind, Obligation, Subject, When};
use super::{Applied, Entry};
use crate::id::OpaqueId;

#[derive(Clone, Debug)]
pub(super) struct Agreement {
    pub(super) id: OpaqueId,
    /// Which matter an event is in, by the event's id.
    pub(super) homes: BTreeMap<OpaqueId, usize>,
    /// The events that replace an event, by the id they name.
    pub(super) replaced: BTreeMap<OpaqueId, Vec<OpaqueId>>,
    /// The other way round: what an event replaces, by its own id.
    corrects: BTreeMap<OpaqueId, OpaqueId>,
    pub(super) numbers: BTreeMap<(Subject, OpaqueId), usize>,
    pub(super) matters: Vec<State>,
    /// Events that give way to another of the same id.
    pub(super) clashes: BTreeMap<OpaqueId, Clash>,
    pub(super) accepted: Option<When>,
    /// How many events say that it was accepted, twice if they were replaced.
    pub(super) acceptances: usize,
    /// How many events gave way to another of their id.
    gave_way: usize,
}

#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) subject: Subject,
    pub(super) id: OpaqueId,
    /// Sorted by time and id, those that were replaced included.
    pub(super) events: Vec<DpaEvent>,
    /// How many events, and how many of them were replaced.
    pub(super) revision: usize,
    pub(super) out: Output,
}

/// The events that another one of their id was preferred to.
#[derive(Clone, Debug)]
pub(super) struct Clash {
    others: Vec<DpaEvent>,
    pub(super) finding: Finding,
}

impl Agreement {
    pub(super) const fn new(id: OpaqueId) -> Self {
        Self {
            id,
            homes: BTreeMap::new(),
            replaced: BTreeMap::new(),
            corrects: BTreeMap::new(),
            numbers: BTreeMap::new(),
            matters: Vec::new(),
            clashes: BTreeMap::new(),
            accepted: None,
            acceptances: 0,
            gave_way: 0,
        }
    }

    /// Keeps the event, without reading it.
    pub(super) fn insert(&mut self, event: DpaEvent) -> Applied {
        let id = event.id().clone();
        let Some(known) = self.find(&id) else {
            self.place(event);
            return Applied::Added;
        };
        if is_same(known, &event) {
            return Applied::Known;
        }
        let clash = self.clashes.get(&id);
        if clash.is_some_and(|clash| clash.others.iter().any(|other| is_same(other, &event))) {
            return Applied::Conflicting;
        }
        // Whichever came first: the smaller of the two counts, so that the order of arrival cannot matter.
        let other = if rank(&event) < rank(known) {
            let displaced = self.take(&id);
            self.place(event);
            displaced
        } else {
            Some(event)
        };
        let finding = Finding { event: id.clone(), kind: FindingKind::DuplicateId };
        let clash = self.clashes.entry(id).or_insert(Clash { others: Vec::new(), finding });
        clash.others.extend(other);
        self.gave_way = self.gave_way.saturating_add(1);
        Applied::Conflicting
    }

    /// The event of this id that counts.
    fn find(&self, id: &OpaqueId) -> Option<&DpaEvent> {
        let state = self.matters.get(*self.homes.get(id)?)?;
        state.events.iter().find(|event| event.id() == id)
    }

    fn place(&mut self, event: DpaEvent) {
        let key = (event.fact().subject(), event.matter().clone());
        let home = match self.numbers.get(&key) {
            Some(home) => *home,
            None => {
                let (subject, id) = key.clone();
                self.numbers.insert(key, self.matters.len());
                self.matters.push(State { subject, id, events: Vec::new(), revision: 0, out: Output::default() });
                self.matters.len().saturating_sub(1)
            }
        };
        self.homes.insert(event.id().clone(), home);
        if let Some(replaces) = event.replaces() {
            self.replaced.entry(replaces.clone()).or_default().push(event.id().clone());
            self.corrects.insert(event.id().clone(), replaces.clone());
        }
        if let Some(state) = self.matters.get_mut(home) {
            let at = state.events.partition_point(|known| (known.when(), known.id()) < (event.when(), event.id()));
            state.events.insert(at, event);
        }
    }

    fn take(&mut self, id: &OpaqueId) -> Option<DpaEvent> {
        let state = self.matters.get_mut(self.homes.remove(id)?)?;
        let at = state.events.iter().position(|event| event.id() == id)?;
        if let Some(replaces) = self.corrects.remove(id)
            && let Some(by) = self.replaced.get_mut(&replaces)
        {
            by.retain(|other| other != id);
            if by.is_empty() {
                self.replaced.remove(&replaces);
            }
        }
        Some(state.events.remove(at))
    }

    /// The matters that the event of this id changes: its own, that of the event it replaces, those of whoever
    /// replaces the same event or this one, and, where its correction closes a circle, every one on the way.
    pub(super) fn touched(&self, id: &OpaqueId) -> BTreeSet<usize> {
        let by = |id: &OpaqueId| self.replaced.get(id).into_iter().flatten();
        let replaces = self.corrects.get(id);
        let mut others: BTreeSet<&OpaqueId> = by(id).chain(replaces.into_iter().flat_map(by)).chain(replaces).collect();
        others.insert(id);
        let mut circle = BTreeSet::new();
        let mut at = replaces;
        while let Some(next) = at.filter(|next| circle.insert(*next)) {
            at = self.corrects.get(next);
        }
        if circle.contains(id) {
            others.append(&mut circle);
        }
        others.into_iter().filter_map(|id| self.homes.get(id).copied()).collect()
    }

    /// The matter's corrections that lead back to themselves. Each event is looked at once.
    pub(super) fn circular<'a>(&'a self, state: &'a State) -> BTreeSet<&'a OpaqueId> {
        let (mut walks, mut circular) = (BTreeMap::new(), BTreeSet::new());
        for (walk, event) in state.events.iter().filter(|event| event.replaces().is_some()).enumerate() {
            let mut at = Some(event.id());
            while let Some(id) = at {
                match walks.get(id) {
                    None => {
                        walks.insert(id, walk);
                        at = self.corrects.get(id);
                    }
                    Some(earlier) => {
                        // Met on this very walk: whatever comes now is on the circle.
                        let mut on = Some(id).filter(|_| *earlier == walk);
                        while let Some(next) = on.filter(|next| circular.insert(*next)) {
                            on = self.corrects.get(next);
                        }
                        break;
                    }
                }
            }
        }
        circular
    }

    /// The matter's events that no other event replaces.
    pub(super) fn in_force<'a>(&self, state: &'a State) -> Vec<&'a DpaEvent> {
        let is_replaced = |event: &DpaEvent| !self.replaced.is_empty() && self.replaced.contains_key(event.id());
        state.events.iter().filter(|event| !is_replaced(event)).collect()
    }

    /// What had happened by then, and was not corrected to something later.
    pub(super) fn happened(&self, then: DateTime<FixedOffset>) -> impl Iterator<Item = &DpaEvent> {
        let is_over = move |event: &DpaEvent| match event.when() {
            When::On(day) => day <= local_day(then),
            When::At(at) => at <= then,
        };
        let stands = move |event: &DpaEvent| {
            let mut by = self.replaced.get(event.id()).into_iter().flatten();
            by.all(|id| self.find(id).is_none_or(is_over))
        };
        let events = self.states().flat_map(|state| &state.events);
        let others = self.clashes.values().flat_map(|clash| &clash.others);
        events.chain(others).filter(move |event| is_over(event) && stands(event))
    }

    /// The day on which the addendum was accepted, and how many events say or said so.
    pub(super) fn acceptance(&self) -> (Option<When>, usize) {
        let own = self.matters.iter().filter(|state| state.subject == Subject::Agreement);
        let events = own.flat_map(|state| &state.events).filter(|event| event.fact() == &Fact::Accepted);
        events.fold((None, 0), |(first, count): (Option<When>, usize), event| {
            if self.replaced.contains_key(event.id()) {
                (first, count.saturating_add(2))
            } else {
                let when = first.map_or(event.when(), |first| first.min(event.when()));
                (Some(when), count.saturating_add(1))
            }
        })
    }

    /// What gives way takes at most three from a revision: itself, that it was replaced, and that it replaced another.
    /// So it counts four times, and in every matter, as the acceptance does.
    pub(super) fn entry<'a>(&'a self, state: &'a State, obligation: &'a Obligation) -> Entry<'a> {
        let shared = self.acceptances.saturating_add(self.gave_way.saturating_mul(4));
        let revision = state.revision.saturating_add(shared);
        Entry { agreement: &self.id, subject: state.subject, matter: &state.id, obligation, revision }
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        self.numbers.values().filter_map(|number| self.matters.get(*number))
    }

    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        let clashes = self.clashes.values().map(|clash| &clash.finding);
        self.states().flat_map(|state| &state.out.findings).chain(clashes)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.states().flat_map(|state| state.out.obligations.iter().map(|o| self.entry(state, o)))
    }
}

/// Equal, the local day included: one instant can be two days.
fn is_same(one: &DpaEvent, other: &DpaEvent) -> bool {
    one == other && one.when().to_string() == other.when().to_string()
}

/// Which of two events of one id counts: the earlier, then the one whose text comes first.
fn rank(event: &DpaEvent) -> (When, String) {
    (event.when(), serde_json::to_string(event).unwrap_or_default())
}
