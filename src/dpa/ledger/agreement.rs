//! The events of one agreement, matter by matter, and which of them are in force.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::super::obligation::Output;
use super::super::{DpaEvent, Fact, Finding, FindingKind, Obligation, Subject, When};
use super::{Applied, Entry};
use crate::id::OpaqueId;

/// How far a circle of corrections is looked for.
const MAX_CIRCLE: usize = 16;

#[derive(Clone, Debug)]
pub(super) struct Agreement {
    pub(super) id: OpaqueId,
    /// Which matter an event is in, by the event's id.
    pub(super) homes: BTreeMap<OpaqueId, usize>,
    /// The events that replace an event, by the id they name.
    pub(super) replaced: BTreeMap<OpaqueId, Vec<OpaqueId>>,
    pub(super) numbers: BTreeMap<(Subject, OpaqueId), usize>,
    pub(super) matters: Vec<State>,
    /// Events that could not be kept beside another of the same id.
    pub(super) refused: Vec<Finding>,
    pub(super) accepted: Option<When>,
}

#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) subject: Subject,
    pub(super) id: OpaqueId,
    /// Sorted by time and id, those that were replaced included.
    pub(super) events: Vec<DpaEvent>,
    pub(super) revision: usize,
    pub(super) out: Output,
}

impl Agreement {
    pub(super) const fn new(id: OpaqueId) -> Self {
        Self {
            id,
            homes: BTreeMap::new(),
            replaced: BTreeMap::new(),
            numbers: BTreeMap::new(),
            matters: Vec::new(),
            refused: Vec::new(),
            accepted: None,
        }
    }

    pub(super) fn insert(&mut self, event: DpaEvent) -> (Applied, Option<usize>) {
        if let Some(state) = self.homes.get(event.id()).and_then(|home| self.matters.get(*home)) {
            let same = state.events.contains(&event);
            if !same {
                self.refused.push(Finding { event: event.id().clone(), kind: FindingKind::DuplicateId });
            }
            return (if same { Applied::Known } else { Applied::Conflicting }, None);
        }
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
        }
        if let Some(state) = self.matters.get_mut(home) {
            let at = state.events.partition_point(|known| (known.when(), known.id()) < (event.when(), event.id()));
            state.events.insert(at, event);
        }
        (Applied::Added, Some(home))
    }

    /// The matters that a new event in `home` changes: its own, that of the event it replaces, and those of
    /// whoever replaces the same event or this one.
    pub(super) fn touched(&self, home: usize, id: &OpaqueId, replaces: Option<&OpaqueId>) -> BTreeSet<usize> {
        let by = |id: &OpaqueId| self.replaced.get(id).into_iter().flatten();
        let others = by(id).chain(replaces.into_iter().flat_map(by)).chain(replaces);
        others.filter_map(|id| self.homes.get(id).copied()).chain([home]).collect()
    }

    /// Whether following the corrections from this event leads back to it, in a few steps.
    pub(super) fn is_circular(&self, event: &DpaEvent) -> bool {
        let find = |id: &OpaqueId| {
            let state = self.matters.get(*self.homes.get(id)?)?;
            state.events.iter().find(|event| event.id() == id)?.replaces()
        };
        let next = core::iter::successors(event.replaces(), |id| find(id));
        next.take(MAX_CIRCLE).any(|id| id == event.id())
    }

    /// The matter's events that no other event replaces.
    pub(super) fn in_force<'a>(&self, state: &'a State) -> Vec<&'a DpaEvent> {
        let is_replaced = |event: &DpaEvent| !self.replaced.is_empty() && self.replaced.contains_key(event.id());
        state.events.iter().filter(|event| !is_replaced(event)).collect()
    }

    pub(super) fn acceptance(&self) -> Option<When> {
        let own = self.matters.iter().filter(|state| state.subject == Subject::Agreement);
        own.flat_map(|state| self.in_force(state)).filter(|e| e.fact() == &Fact::Accepted).map(DpaEvent::when).min()
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        self.numbers.values().filter_map(|number| self.matters.get(*number))
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.states().flat_map(|state| state.out.obligations.iter().map(|o| state.entry(&self.id, o)))
    }
}

impl State {
    pub(super) fn entry<'a>(&'a self, agreement: &'a OpaqueId, obligation: &'a Obligation) -> Entry<'a> {
        Entry { agreement, subject: self.subject, matter: &self.id, obligation, revision: self.revision }
    }
}
