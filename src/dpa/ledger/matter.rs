//! The facts of one matter in a fixed order, and the obligations that are read from them.
//!
//! What a matter owes depends on its own facts, the terms, the policy and the date of acceptance, and
//! on nothing else: so one event touches one matter, and the order of arrival cannot matter.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::super::obligation::{Output, Pause};
use super::super::{
    Conflict, Done, DpaEvent, DpaPolicy, DpaTerms, Due, Duty, Evidence, Fact, Finding, FindingKind, Missing,
    Obligation, PauseGround, When, alternative, law, periods,
};
use super::rules::Rules;
use crate::clause::{Clause, Document};
use crate::deadline::{Calendar, Convention, Counting, Deadline, DeadlineError, Period, Trigger};
use crate::id::OpaqueId;

/// What a decision may look at besides the facts.
#[derive(Clone, Copy, Debug)]
pub(in crate::dpa) struct Context<'a> {
    pub(in crate::dpa) terms: &'a DpaTerms,
    pub(in crate::dpa) policy: &'a DpaPolicy,
    pub(in crate::dpa) rules: &'a Rules,
    /// The day on which the addendum was accepted.
    pub(in crate::dpa) accepted: Option<When>,
}

/// The facts in force, sorted by time and id, and what has been read from them so far.
#[derive(Debug)]
pub(in crate::dpa) struct Matter<'a> {
    pub(in crate::dpa) context: Context<'a>,
    pub(in crate::dpa) facts: &'a [&'a DpaEvent],
    pub(in crate::dpa) out: Output,
}

impl<'a> Matter<'a> {
    pub(super) const fn new(context: Context<'a>, facts: &'a [&'a DpaEvent]) -> Self {
        Self { context, facts, out: Output { obligations: Vec::new(), findings: Vec::new() } }
    }

    /// The facts of one kind, in order.
    pub(super) fn all<F>(&self, is: F) -> impl Iterator<Item = &'a DpaEvent> + use<'a, F>
    where
        F: Fn(&Fact) -> bool,
    {
        let facts = self.facts;
        facts.iter().copied().filter(move |event| is(event.fact()))
    }

    /// The first fact of a kind.
    pub(super) fn first(&self, is: impl Fn(&Fact) -> bool) -> Option<&'a DpaEvent> {
        self.all(is).next()
    }

    /// The earliest fact of a kind: instants compare as such, whatever the offset, otherwise days do.
    pub(super) fn earliest(&self, is: impl Fn(&Fact) -> bool) -> Option<&'a DpaEvent> {
        self.all(is).reduce(|first, next| if not_before(next.when(), first.when()) { first } else { next })
    }

    /// The first fact of a kind that is not before another.
    pub(super) fn first_from(&self, from: When, is: impl Fn(&Fact) -> bool) -> Option<&'a DpaEvent> {
        self.all(is).find(|event| not_before(event.when(), from))
    }

    /// Each fact of one kind with the first of another kind that is not before it. Both are in order, so
    /// that one pass over them suffices.
    pub(super) fn pairs(
        &self,
        opens: impl Fn(&Fact) -> bool,
        closes: impl Fn(&Fact) -> bool,
    ) -> Vec<(&'a DpaEvent, Option<&'a DpaEvent>)> {
        let mut closing = self.all(closes).peekable();
        self.all(opens)
            .map(|open| {
                while closing.next_if(|close| !not_before(close.when(), open.when())).is_some() {}
                (open, closing.peek().copied())
            })
            .collect()
    }

    /// The same, where each fact names its part (a holder, a scope, a step) and is closed by one of the same part.
    pub(super) fn parts<P: Ord>(
        &self,
        opens: impl Fn(&'a Fact) -> Option<P>,
        closes: impl Fn(&'a Fact) -> Option<P>,
    ) -> Vec<(P, &'a DpaEvent, Option<&'a DpaEvent>)> {
        let mut open_parts = BTreeMap::new();
        for event in self.facts.iter().copied() {
            if let Some(part) = opens(event.fact()) {
                open_parts.entry(part).or_insert((event, None));
            }
        }
        for event in self.facts.iter().copied() {
            if let Some((opened, closed)) = closes(event.fact()).and_then(|part| open_parts.get_mut(&part))
                && closed.is_none()
                && not_before(event.when(), opened.when())
            {
                *closed = Some(event);
            }
        }
        open_parts.into_iter().map(|(part, (opened, closed))| (part, opened, closed)).collect()
    }

    /// A duty without a number, discharged by `done`.
    pub(super) fn promptly(&mut self, duty: Duty, since: &DpaEvent, done: Option<&DpaEvent>) -> &mut Obligation {
        let mut obligation = obligation(duty, since, Due::Promptly);
        obligation.done = done.map(done_by);
        obligation.target =
            self.context.policy.target(duty).and_then(|period| periods::last_day(period, since.when().day()));
        self.push(obligation)
    }

    /// A duty or right with a limit, discharged by `done`.
    pub(super) fn by(&mut self, duty: Duty, since: &DpaEvent, due: Due, done: Option<&DpaEvent>) -> &mut Obligation {
        let mut obligation = obligation(duty, since, due);
        obligation.done = done.map(done_by);
        if duty.clause().document() != Document::Law {
            let readings = &self.context.rules.readings;
            let others = readings.iter().map(|(convention, calendar)| (*convention, calendar.as_deref()));
            obligation.alternatives = alternative::of_days(&obligation.due, since.when().day(), others);
        }
        self.push(obligation)
    }

    /// Whether a rule of law holds on the day of an event.
    pub(super) fn applies(&self, clause: Clause, on: NaiveDate) -> bool {
        law::applies(&self.context.rules.laws, clause, on)
    }

    pub(super) fn find(&mut self, event: &DpaEvent, kind: FindingKind) {
        self.out.findings.push(Finding { event: event.id().clone(), kind });
    }

    fn push(&mut self, obligation: Obligation) -> &mut Obligation {
        let at = self.out.obligations.len();
        self.out.obligations.push(obligation);
        // INVARIANT: something has just been pushed, so that the slice from there has one element.
        #[allow(clippy::indexing_slicing, reason = "the element has just been pushed")]
        &mut self.out.obligations[at]
    }
}

impl Obligation {
    pub(super) fn citing(&mut self, clause: Clause) -> &mut Self {
        self.clause = clause;
        self
    }

    pub(super) fn part_of(&mut self, part: Option<&OpaqueId>) -> &mut Self {
        self.part = part.cloned();
        self
    }

    pub(super) fn paused(&mut self, since: NaiveDate, ground: PauseGround) -> &mut Self {
        self.pause = Some(Pause { since, ground });
        self
    }

    pub(super) fn torn(&mut self, conflict: Option<&Conflict>) -> &mut Self {
        self.dilemma = conflict.cloned().map(Box::new);
        self
    }

    /// Adds the readings of a law's period in days, of which the host has the working days or has not.
    pub(super) fn read_by(&mut self, convention: Convention, calendar: Option<&dyn Calendar>) -> &mut Self {
        let read = alternative::of_days(&self.due, self.since.day(), core::iter::once((convention, calendar)));
        self.alternatives.extend(read);
        self
    }

    pub(super) fn excused(&mut self, reasons: Option<&Evidence>) -> &mut Self {
        if let Some(done) = &mut self.done {
            done.reasons = reasons.cloned();
        }
        self
    }
}

fn obligation(duty: Duty, since: &DpaEvent, due: Due) -> Obligation {
    Obligation {
        duty,
        clause: duty.clause(),
        part: None,
        since: since.when(),
        because: since.id().clone(),
        due,
        target: None,
        done: None,
        pause: None,
        dilemma: None,
        alternatives: Vec::new(),
    }
}

fn done_by(event: &DpaEvent) -> Done {
    Done { when: event.when(), event: event.id().clone(), reasons: None }
}

/// Whether `when` is at or after `from`, as far as the two can be compared: instants with instants,
/// otherwise days.
pub(in crate::dpa) fn not_before(when: When, from: When) -> bool {
    match (when, from) {
        (When::At(when), When::At(from)) => when >= from,
        _ => when.day() >= from.day(),
    }
}

/// A limit, moved by the days on which its clock stood still, and since when it stands still now.
///
/// Days count from `counted_from` on, each once; `runs_from` is the day from which the clock runs on after an
/// answer. A pause that begins after the last day, as moved so far, moves and hides nothing.
pub(super) fn with_pauses(
    mut due: Due,
    spans: &[(&DpaEvent, Option<&DpaEvent>)],
    mut counted_from: NaiveDate,
    runs_from: impl Fn(NaiveDate) -> Option<NaiveDate>,
) -> (Due, Option<NaiveDate>) {
    let mut open = None;
    for (asked, answered) in spans {
        let asked = asked.when().day();
        let Some(last) = due.last_day() else { break };
        if asked > last {
            continue;
        }
        let Some(answered) = answered else {
            open = open.or(Some(asked));
            continue;
        };
        let from = asked.max(counted_from);
        let Some(to) = runs_from(answered.when().day()) else { return (Due::Unknown(Missing::Calendar), open) };
        if let Ok(days @ 1..) = u32::try_from(to.signed_duration_since(from).num_days()) {
            let moved = Counting::CONTRACT.last_day(Period::Days(days), last, None);
            due = moved.map_or_else(|error| Due::Unknown(error.into()), |moved| Due::On(moved.raw()));
            counted_from = to;
        }
    }
    (due, open)
}

/// A computed deadline as a limit.
pub(super) fn day(deadline: Result<Deadline, DeadlineError>) -> Due {
    deadline.map_or_else(|error| Due::Unknown(error.into()), Due::Day)
}

/// Within `period` of `since`, as `clause` sets it.
pub(super) fn within(period: Period, clause: Clause, trigger: Trigger, since: NaiveDate) -> Due {
    day(periods::within(period, clause, trigger, since))
}
