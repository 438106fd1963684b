//! Events in, obligations out: for one event after the other, or for all of them at once.

mod agreement;
mod breach;
mod entry;
pub(super) mod matter;
mod other;
mod request;
mod service;
mod subprocessor;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use chrono::NaiveDate;

use self::agreement::{Agreement, State};
pub use self::entry::Entry;
use self::matter::{Context, Matter};
use super::gate::{SubprocessorFile, SubprocessorRefusal};
use super::obligation::Output;
use super::{DpaEvent, DpaPolicy, DpaTerms, Evidence, Fact, Finding, FindingKind, Records, Subject};
use crate::id::OpaqueId;

/// Every agreement's events, and what they owe.
///
/// Append events in any order: the obligations depend on what happened, not on when it was recorded.
/// A further event is read against its own matter alone (one service, one request …), so the next due
/// day is known without going through the rest.
///
/// ```
/// use chrono::{DateTime, NaiveDate};
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, Regime};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let event = |number: &str, day: &str, fact: Fact| -> Result<DpaEvent, Box<dyn core::error::Error>> {
///     Ok(DpaEvent::new(id(number)?, id("acme")?, id("crm")?, day.parse()?, fact))
/// };
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::MonthFromRequest));
/// ledger.apply(event("e-1", "2026-06-15", Fact::Ceased { regime: Regime::Addendum })?);
/// ledger.apply(event("e-2", "2026-08-14", Fact::ReturnRequested)?);
///
/// let today = NaiveDate::from_ymd_opt(2026, 8, 15).ok_or("no such day")?;
/// let next = ledger.next_due(today).ok_or("nothing is due")?;
/// assert_eq!(next.obligation().duty(), Duty::ReturnCopy);
/// assert_eq!(next.obligation().due().last_day(), NaiveDate::from_ymd_opt(2026, 9, 14));
/// assert_eq!(ledger.overdue(today).count(), 1); // deletion, since 2026-07-16
///
/// let now = DateTime::parse_from_rfc3339("2026-08-15T09:00:00+02:00")?;
/// assert_eq!(
///     next.obligation().status(now).to_string(),
///     "overdue on receipt (literally due 2026-07-15), by 2026-09-14 under the chosen policy"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    terms: DpaTerms,
    policy: DpaPolicy,
    numbers: BTreeMap<OpaqueId, usize>,
    agreements: Vec<Agreement>,
    /// Open duties by last day: the agreement, the matter and the obligation in it, by number.
    due: BTreeSet<(NaiveDate, [usize; 3])>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Applied {
    /// It is in the ledger now.
    Added,
    /// The same event was there already: nothing changes.
    Known,
    /// Another event of that id is there and stays; a finding names it.
    Conflicting,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub const fn new(terms: DpaTerms, policy: DpaPolicy) -> Self {
        Self { terms, policy, numbers: BTreeMap::new(), agreements: Vec::new(), due: BTreeSet::new() }
    }

    /// The ledger of all these events: the same as applying them one by one, and quicker, because
    /// every matter is read once.
    #[must_use]
    pub fn replay(terms: DpaTerms, policy: DpaPolicy, events: Vec<DpaEvent>) -> Self {
        let mut ledger = Self::new(terms, policy);
        for event in events {
            let (_, _) = ledger.insert(event);
        }
        for agreement in 0..ledger.agreements.len() {
            ledger.read_all(agreement);
        }
        ledger
    }

    /// Adds one event and reads anew what it touches.
    pub fn apply(&mut self, event: DpaEvent) -> Applied {
        let id = event.id().clone();
        let replaces = event.replaces().cloned();
        let (applied, at) = self.insert(event);
        let Some((number, home)) = at else { return applied };
        let touched = self.agreements.get(number).map(|agreement| agreement.touched(home, &id, replaces.as_ref()));
        let touched = touched.unwrap_or_default();
        if touched.iter().any(|matter| self.is_of_agreement(number, *matter)) {
            self.read_all(number);
        } else {
            touched.into_iter().for_each(|matter| self.read(number, matter));
        }
        applied
    }

    /// The terms.
    #[must_use]
    pub const fn terms(&self) -> &DpaTerms {
        &self.terms
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &DpaPolicy {
        &self.policy
    }

    /// Every obligation, agreement by agreement and matter by matter, whether open or done.
    pub fn obligations(&self) -> impl Iterator<Item = Entry<'_>> {
        self.numbers.values().filter_map(|number| self.agreements.get(*number)).flat_map(Agreement::entries)
    }

    /// The obligations of one agreement.
    pub fn of_agreement(&self, agreement: &OpaqueId) -> impl Iterator<Item = Entry<'_>> {
        self.agreement(agreement).into_iter().flat_map(Agreement::entries)
    }

    /// What the events show besides obligations: breaches, contradictions, events that do not fit.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.numbers
            .values()
            .filter_map(|number| self.agreements.get(*number))
            .flat_map(|agreement| agreement.states().flat_map(|state| &state.out.findings).chain(&agreement.refused))
    }

    /// The open duty with the next last day, `on` or later. Duties without a number have none.
    #[must_use]
    pub fn next_due(&self, on: NaiveDate) -> Option<Entry<'_>> {
        self.due.range((on, [0; 3])..).find_map(|(_, at)| self.entry(*at))
    }

    /// The open duties whose last day is before `on`, the longest overdue first; paused ones included.
    pub fn overdue(&self, on: NaiveDate) -> impl Iterator<Item = Entry<'_>> {
        self.due.range(..(on, [0; 3])).filter_map(|(_, at)| self.entry(*at))
    }

    /// Why a sub-processor may not process on this day; empty if it may. One that nobody announced may not.
    #[must_use]
    pub fn subprocessor_refusals(
        &self,
        agreement: &OpaqueId,
        subprocessor: &OpaqueId,
        on: NaiveDate,
    ) -> Vec<SubprocessorRefusal> {
        let Some((state, agreement)) = self.agreement(agreement).and_then(|agreement| {
            let number = agreement.numbers.get(&(Subject::Subprocessor, subprocessor.clone()))?;
            Some((agreement.matters.get(*number)?, agreement))
        }) else {
            return alloc::vec![SubprocessorRefusal::NotAnnounced];
        };
        let context = Context { terms: &self.terms, policy: &self.policy, accepted: agreement.accepted };
        SubprocessorFile::new(context, &agreement.in_force(state)).refusals(on)
    }

    /// The evidence on record for one agreement.
    #[must_use]
    pub fn records(&self, agreement: &OpaqueId) -> Records<'_> {
        let agreement = self.agreement(agreement).into_iter();
        let own = agreement.flat_map(|agreement| agreement.states().map(move |state| (agreement, state)));
        let own = own.filter(|(_, state)| state.subject == Subject::Agreement);
        Records::of(own.flat_map(|(agreement, state)| agreement.in_force(state)))
    }

    /// What assistance cost the customer, with the request that it was for (`D-7.2d`, `D-7.1c`).
    pub fn costs(&self, agreement: &OpaqueId) -> impl Iterator<Item = (&OpaqueId, &Evidence)> {
        let agreement = self.agreement(agreement).into_iter();
        let events = agreement.flat_map(|agreement| agreement.states().flat_map(|state| agreement.in_force(state)));
        events.filter_map(|event| match event.fact() {
            Fact::Assisted { cost: Some(cost) } => Some((event.matter(), cost)),
            _ => None,
        })
    }

    fn agreement(&self, id: &OpaqueId) -> Option<&Agreement> {
        self.agreements.get(*self.numbers.get(id)?)
    }

    fn entry(&self, [agreement, matter, obligation]: [usize; 3]) -> Option<Entry<'_>> {
        let agreement = self.agreements.get(agreement)?;
        let state = agreement.matters.get(matter)?;
        Some(state.entry(&agreement.id, state.out.obligations.get(obligation)?))
    }

    fn is_of_agreement(&self, agreement: usize, matter: usize) -> bool {
        self.agreements
            .get(agreement)
            .and_then(|agreement| agreement.matters.get(matter))
            .is_some_and(|state| state.subject == Subject::Agreement)
    }

    /// Keeps the event, without reading it.
    fn insert(&mut self, event: DpaEvent) -> (Applied, Option<(usize, usize)>) {
        let number = match self.numbers.get(event.agreement()) {
            Some(number) => *number,
            None => {
                let number = self.agreements.len();
                self.numbers.insert(event.agreement().clone(), number);
                self.agreements.push(Agreement::new(event.agreement().clone()));
                number
            }
        };
        // INVARIANT: numbers are positions in the list, and nothing is ever taken off it.
        let Some(agreement) = self.agreements.get_mut(number) else { return (Applied::Conflicting, None) };
        let (applied, home) = agreement.insert(event);
        (applied, home.map(|home| (number, home)))
    }

    fn read_all(&mut self, number: usize) {
        let Some(agreement) = self.agreements.get_mut(number) else { return };
        agreement.accepted = agreement.acceptance();
        for matter in 0..self.agreements.get(number).map_or(0, |agreement| agreement.matters.len()) {
            self.read(number, matter);
        }
    }

    /// Reads one matter anew and puts its open duties where they are due.
    fn read(&mut self, number: usize, matter: usize) {
        let Some(agreement) = self.agreements.get_mut(number) else { return };
        let Some(state) = agreement.matters.get(matter) else { return };
        let context = Context { terms: &self.terms, policy: &self.policy, accepted: agreement.accepted };
        let facts = agreement.in_force(state);
        let replaced = state.events.len().saturating_sub(facts.len());
        let revision = state.events.len().saturating_add(replaced);
        let out = decide(context, state.subject, &facts, agreement, state);
        let places = |out: &Output| {
            let open = out.obligations.iter().enumerate().filter(|(_, o)| o.done.is_none() && !o.duty.is_right());
            open.filter_map(|(at, o)| Some((o.due.last_day()?, [number, matter, at]))).collect::<Vec<_>>()
        };
        for place in places(&state.out) {
            self.due.remove(&place);
        }
        self.due.extend(places(&out));
        if let Some(state) = agreement.matters.get_mut(matter) {
            (state.out, state.revision) = (out, revision);
        }
    }
}

fn decide(context: Context<'_>, subject: Subject, facts: &[&DpaEvent], agreement: &Agreement, state: &State) -> Output {
    let mut m = Matter::new(context, facts);
    if !facts.iter().any(|event| event.fact().opens()) {
        for event in facts {
            m.find(event, FindingKind::UnknownMatter { subject });
        }
    }
    for event in &state.events {
        let Some(replaces) = event.replaces() else { continue };
        if agreement.is_circular(event) {
            m.find(event, FindingKind::ReplacedInCircle);
        } else if !agreement.homes.contains_key(replaces) {
            m.find(event, FindingKind::UnknownReplaced { replaces: replaces.clone() });
        } else if agreement.replaced.get(replaces).is_some_and(|by| by.len() > 1) {
            m.find(event, FindingKind::ReplacedTwice { replaces: replaces.clone() });
        }
    }
    match subject {
        Subject::Agreement => {}
        Subject::Service => service::decide(&mut m),
        Subject::Subprocessor => subprocessor::decide(&mut m),
        Subject::List => subprocessor::list(&mut m),
        Subject::Request => request::decide(&mut m),
        Subject::Breach => breach::decide(&mut m),
        Subject::Consultation => breach::consultation(&mut m),
        Subject::Audit => other::audit(&mut m),
        Subject::Transfer => other::transfer(&mut m),
        Subject::Variation => other::variation(&mut m),
        Subject::Task => other::task(&mut m),
    }
    m.out
}
